"""`/assessments` and `/about`: read what was sent, call once, send what comes back."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hipcare import __version__
from hipcare.api.json import MEDIA_TYPE, read_json
from hipcare.api.schema import LOCATION, extensions
from partners.api.auditing import Audited, AuditedReads
from partners.api.authentication import principal_of
from triage import selectors
from triage.actions import assessments
from triage.api import examples, links
from triage.api.filters import AssessmentFilterSet
from triage.api.idempotency import IDEMPOTENCY_KEY, idempotency_key, stored_answer
from triage.api.responses import About, AssessmentResponse
from triage.api.serializers import AssessmentSummarySerializer
from triage.engine import ENGINE_VERSION
from triage.knowledge import ReleaseKnowledge, current_knowledge
from triage.models import Assessment
from triage.requests import AssessmentRequest, read_request


@extend_schema_view(
    get=extend_schema(
        operation_id="list_assessments",
        summary="Your stored assessments, newest first",
        tags=["assessments"],
        examples=[OpenApiExample("Plain osteoarthritis", examples.SUMMARY, response_only=True)],
    ),
    post=extend_schema(
        operation_id="create_assessment",
        summary="Assess a case",
        tags=["assessments"],
        request=AssessmentRequest,
        parameters=[IDEMPOTENCY_KEY, LOCATION],
        responses={201: AssessmentResponse, 200: AssessmentResponse},
        examples=[
            OpenApiExample("Plain osteoarthritis", examples.REQUEST, request_only=True),
            OpenApiExample("For a patient, in Spanish", examples.REQUEST_IN_SPANISH, request_only=True),
            OpenApiExample("Plain osteoarthritis", examples.ANSWER, response_only=True, status_codes=["200", "201"]),
        ],
        extensions=extensions(
            problems=["idempotency-key-erased", "idempotency-key-reused", "unavailable"],
            links=links.CREATED_ASSESSMENT,
        ),
    ),
)
class AssessmentsView(AuditedReads, ListAPIView):
    """The caller's assessments."""

    required_scopes = {"GET": ["assessments:read"], "POST": ["assessments:write"]}
    audited = {
        "GET": Audited("assessment.listed", "assessment"),
        "POST": Audited("assessment.created", "assessment"),
    }
    queryset = Assessment.objects.none()
    serializer_class = AssessmentSummarySerializer
    filterset_class = AssessmentFilterSet
    ordering_fields = ["id"]
    ordering = "-id"

    def get_queryset(self) -> QuerySet[Assessment]:
        """The organisation's own."""
        return selectors.assessments(organisation_id=principal_of(self.request).organisation_id)

    def post(self, request: Request) -> HttpResponse:
        """Urgency, red flags, ranked causes, treatment ladder and what to ask next for one case.

        Stored unless `options.store` is false; then nothing about the person is written anywhere.
        """
        knowledge = current_knowledge()
        body = read_json(request)
        sent = assessments.Sent(
            body=request._request.body,
            idempotency_key=idempotency_key(request),
            request=read_request(body, knowledge),
        )
        answered = assessments.answer(by=principal_of(request), sent=sent, knowledge=knowledge)
        if not answered.stored:
            return HttpResponse(answered.body, content_type=MEDIA_TYPE)
        return stored_answer(answered, reverse("assessment-detail", args=[answered.id]))


class AssessmentView(AuditedReads):
    """One of the caller's assessments."""

    required_scopes = {"GET": ["assessments:read"], "DELETE": ["assessments:write"]}
    audited = {
        "GET": Audited("assessment.read", "assessment", "assessment_id"),
        "DELETE": Audited("assessment.erased", "assessment", "assessment_id"),
    }

    @extend_schema(
        operation_id="get_assessment",
        summary="A stored assessment, byte for byte as it was answered",
        tags=["assessments"],
        responses=AssessmentResponse,
        examples=[OpenApiExample("Plain osteoarthritis", examples.ANSWER, response_only=True)],
    )
    def get(self, request: Request, assessment_id: UUID) -> HttpResponse:
        """Another organisation's assessment is not found."""
        organisation_id = principal_of(request).organisation_id
        answer = selectors.stored_answer(organisation_id=organisation_id, assessment_id=assessment_id)
        return HttpResponse(answer, content_type=MEDIA_TYPE)

    @extend_schema(
        operation_id="erase_assessment",
        summary="Erase an assessment with everything that hangs on it",
        tags=["assessments"],
        responses={204: OpenApiResponse(description="It is erased.")},
    )
    def delete(self, request: Request, assessment_id: UUID) -> HttpResponse:
        """What was sent and answered, follow-ups and outcome are deleted for good; a second time it is not found.

        The audit trail keeps that it was there and who erased it. Its `Idempotency-Key` stays spent: a repeat stores
        nothing and is answered 409.
        """
        assessments.erase(by=principal_of(request), assessment_id=assessment_id)
        return HttpResponse(status=204)


class AboutView(APIView):
    """What this service is."""

    required_scopes = ["knowledge:read"]

    @extend_schema(
        operation_id="get_about",
        summary="Intended use, limits and product label",
        tags=["knowledge"],
        responses=About,
        examples=[OpenApiExample("About", examples.ABOUT, response_only=True)],
        extensions=extensions(problems=["unavailable"]),
    )
    def get(self, request: Request) -> Response:
        """What it is for, what it is not, and which knowledge answers now."""
        return Response(about(current_knowledge()))


def about(knowledge: ReleaseKnowledge) -> dict[str, Any]:
    """Intended use and limits as the release states them, with the versions that answer."""
    release = knowledge.compiled.knowledge
    return {
        **knowledge.about,
        "version": __version__,
        "engine_version": ENGINE_VERSION,
        "knowledge": {"version": release.version, "digest": release.digest},
        "disclaimer": release.policy.texts["disclaimer"],
    }
