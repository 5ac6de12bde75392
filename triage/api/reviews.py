"""`/assessments/{id}/review`: where an assessment stands in the worklist."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import RootModel
from rest_framework.request import Request
from rest_framework.response import Response

from hipcare.api.json import read_json
from hipcare.api.schema import LOCATION, extensions
from partners.api.auditing import Audited, AuditedReads
from partners.api.authentication import principal_of
from triage import selectors
from triage.actions import reviews
from triage.api import examples, links
from triage.api.idempotency import IDEMPOTENCY_KEY, idempotency_key, stored_answer
from triage.review_requests import ReviewRequest, read_review


class ReviewResult(RootModel[reviews.ReviewAnswer]):
    """Where an assessment stands in the worklist, and every change so far, the first one first."""


class ReviewView(AuditedReads):
    """The review of one of the caller's assessments."""

    required_scopes = {"GET": ["assessments:read"], "POST": ["assessments:write"]}
    audited = {
        "GET": Audited("review.read", "assessment", "assessment_id"),
        "POST": Audited("worklist.changed", "assessment", "assessment_id"),
    }

    @extend_schema(
        operation_id="get_review",
        summary="Where an assessment stands in the worklist",
        tags=["assessments"],
        responses=ReviewResult,
        examples=[OpenApiExample("Taken by staff", examples.REVIEW, response_only=True)],
    )
    def get(self, request: Request, assessment_id: UUID) -> Response:
        """The state and its history. One that never entered the worklist has the state `null`."""
        rows = selectors.listed_reviews(
            organisation_id=principal_of(request).organisation_id, assessment_id=assessment_id
        )
        return Response(reviews.review_answer(assessment_id, rows))

    @extend_schema(
        operation_id="set_review",
        summary="Say what has become of an assessment in the worklist",
        tags=["assessments"],
        request=ReviewRequest,
        parameters=[IDEMPOTENCY_KEY, LOCATION],
        responses={201: ReviewResult},
        extensions=extensions(problems=["conflict", "idempotency-key-reused"], links=links.CHANGED_REVIEW),
        examples=[
            OpenApiExample("Reached and referred", examples.REVIEW_REQUEST, request_only=True),
            OpenApiExample("Reached and referred", examples.REVIEW_CLOSED, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request, assessment_id: UUID) -> HttpResponse:
        """The state must be another than now, and after `closed` only `open` may come; else it is a conflict.

        An emergency, a same-day or urgent case and any red flag are `open` from the beginning, and a follow-up that
        escalates opens the case again. Any other assessment can be put into the worklist here.
        """
        body = read_review(read_json(request))
        sent = reviews.Sent(
            body=request._request.body,
            idempotency_key=idempotency_key(request),
            assessment_id=assessment_id,
            request=body,
        )
        answered = reviews.change(by=principal_of(request), sent=sent)
        return stored_answer(answered, reverse("review", args=[assessment_id]))
