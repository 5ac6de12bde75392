"""`/interview/next`: what to ask next, worked out anew from the answers so far."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import RootModel
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hipcare.api.json import read_json
from hipcare.api.schema import extensions
from partners.api.auditing import Audited
from partners.api.authentication import principal_of
from triage.actions import consultations
from triage.api import examples
from triage.engine.interview import InterviewStep
from triage.knowledge import current_knowledge
from triage.requests import InterviewRequest, read_interview


class InterviewAnswer(RootModel[InterviewStep]):
    """The next questions, or why to stop asking, with urgency and causes as far as they are known."""


class NextQuestionsView(APIView):
    """One step of an interview."""

    required_scopes = ["assessments:write"]
    audited = {"POST": Audited("interview.continued", "interview")}

    @extend_schema(
        operation_id="next_questions",
        summary="What to ask next",
        tags=["assessments"],
        request=InterviewRequest,
        responses=InterviewAnswer,
        examples=[
            OpenApiExample("A new complaint", examples.INTERVIEW_REQUEST, request_only=True),
            OpenApiExample("A new complaint", examples.INTERVIEW_ANSWER, response_only=True),
        ],
        extensions=extensions(problems=["unavailable"]),
    )
    def post(self, request: Request) -> Response:
        """The red-flag screen first, most dangerous plausible cause first; then what sharpens the ranking most.

        Send all answers so far each time, with `unknown` for what was asked in vain; nothing is kept between steps.
        When `should_stop` is true there are no more questions: send the same body to `/assessments` for the answer.
        """
        knowledge = current_knowledge()
        body = read_interview(read_json(request), knowledge)
        return Response(consultations.ask_next(by=principal_of(request), request=body, knowledge=knowledge))
