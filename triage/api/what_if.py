"""`/what-if`: one case, several changes, and what each of them moves."""

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
from triage.engine.comparison import Comparison
from triage.knowledge import current_knowledge
from triage.requests import WhatIfRequest, read_what_if


class WhatIfAnswer(RootModel[Comparison]):
    """The case as it is, and with each change what comes out and what moves."""


class WhatIfView(APIView):
    """Changes to a case, tried out."""

    required_scopes = ["assessments:write"]
    audited = {"POST": Audited("what_if.computed", "what_if")}

    @extend_schema(
        operation_id="what_if",
        summary="What a change to a case would move",
        tags=["assessments"],
        request=WhatIfRequest,
        responses=WhatIfAnswer,
        examples=[
            OpenApiExample("If there were fever", examples.WHAT_IF_REQUEST, request_only=True),
            OpenApiExample("If there were fever", examples.WHAT_IF_ANSWER, response_only=True),
        ],
        extensions=extensions(problems=["unavailable"]),
    )
    def post(self, request: Request) -> Response:
        """Each change is tried on its own; it sets or overrides answers, and `unasked` takes one away.

        `moves` tells the urgency, the causes that move by 0.01 or change rank within the first five, the red flags
        gained and lost, and the treatments whose status changes. Nothing is stored.
        """
        knowledge = current_knowledge()
        body = read_what_if(read_json(request), knowledge)
        return Response(consultations.try_changes(by=principal_of(request), request=body, knowledge=knowledge))
