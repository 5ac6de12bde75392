"""`/assessments/{id}/replay`: the stored input answered again."""

from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import RootModel
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hipcare.api.schema import extensions
from partners.api.auditing import Audited
from partners.api.authentication import principal_of
from triage.actions import replays
from triage.api import examples
from triage.knowledge import current_knowledge


class ReplayAnswer(RootModel[replays.Replay]):
    """The stored input, answered again by its own release and by the current one."""


class ReplayView(APIView):
    """A stored assessment, replayed."""

    required_scopes = ["assessments:read"]
    audited = {"POST": Audited("assessment.replayed", "assessment", "assessment_id")}

    @extend_schema(
        operation_id="replay_assessment",
        summary="Answer a stored assessment again, on its own release and on the current one",
        tags=["assessments"],
        request=None,
        responses=ReplayAnswer,
        examples=[OpenApiExample("No newer release", examples.REPLAY, response_only=True)],
        extensions=extensions(problems=["conflict", "unavailable"]),
    )
    def post(self, request: Request, assessment_id: UUID) -> Response:
        """Takes no body and stores nothing.

        `replayed.equal` says whether its own release gives the stored bytes again, id and times aside; while
        `engine.same` is true it does. `differences` are JSON pointers into the stored answer. `current` is the answer
        of the current release in short, with what it moves; `left_out` are the parts of the input that the current
        release does not know.
        """
        replayed = replays.replay(by=principal_of(request), assessment_id=assessment_id, knowledge=current_knowledge())
        return Response(replayed)
