"""`/assessments/{id}/outcome`: what an assessed case turned out to be."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import RootModel
from rest_framework.request import Request

from hipcare.api.json import MEDIA_TYPE, read_json
from hipcare.api.schema import LOCATION, extensions
from partners.api.auditing import Audited, AuditedReads
from partners.api.authentication import principal_of
from triage import selectors
from triage.actions import outcomes
from triage.api import examples, links
from triage.api.idempotency import IDEMPOTENCY_KEY, idempotency_key, stored_answer
from triage.outcome_requests import OutcomeRequest


class OutcomeResult(RootModel[outcomes.KnownOutcomeAnswer]):
    """What it turned out to be, and what was reported before."""


class OutcomeView(AuditedReads):
    """The outcome of one of the caller's assessments."""

    required_scopes = {"GET": ["assessments:read"], "POST": ["assessments:write"]}
    audited = {
        "GET": Audited("outcome.read", "assessment", "assessment_id"),
        "POST": Audited("outcome.reported", "assessment", "assessment_id"),
    }

    @extend_schema(
        operation_id="get_outcome",
        summary="What an assessment turned out to be",
        tags=["assessments"],
        responses=OutcomeResult,
        examples=[OpenApiExample("Confirmed by imaging", examples.OUTCOME_ANSWER, response_only=True)],
    )
    def get(self, request: Request, assessment_id: UUID) -> HttpResponse:
        """The last report, with those before it under `earlier`. Without any report it is not found."""
        organisation_id = principal_of(request).organisation_id
        answer = selectors.stored_outcome(organisation_id=organisation_id, assessment_id=assessment_id)
        return HttpResponse(answer, content_type=MEDIA_TYPE)

    @extend_schema(
        operation_id="report_outcome",
        summary="Report what an assessment turned out to be",
        tags=["assessments"],
        request=OutcomeRequest,
        parameters=[IDEMPOTENCY_KEY, LOCATION],
        responses={201: OutcomeResult},
        examples=[
            OpenApiExample("Confirmed by imaging", examples.OUTCOME_REQUEST, request_only=True),
            OpenApiExample("Confirmed by imaging", examples.OUTCOME_ANSWER, response_only=True, status_codes=["201"]),
        ],
        extensions=extensions(problems=["idempotency-key-reused", "unavailable"], links=links.REPORTED_OUTCOME),
    )
    def post(self, request: Request, assessment_id: UUID) -> HttpResponse:
        """The condition by its id, or `other` for a cause that is not in the catalogue, and how it was confirmed.

        `urgency_was_right` is the urgency that would have been right. A later report replaces an earlier one, which
        stays readable. Reports feed the operator's accuracy report.
        """
        parsed = read_json(request)
        sent = outcomes.Sent(
            body=request._request.body,
            idempotency_key=idempotency_key(request),
            assessment_id=assessment_id,
            parsed=parsed,
        )
        answered = outcomes.report(by=principal_of(request), sent=sent)
        return stored_answer(answered, reverse("outcome", args=[assessment_id]))
