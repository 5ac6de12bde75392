"""`/assessments/{id}/follow-ups` and `/assessments/{id}/trajectory`: what came after an assessment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from pydantic import RootModel
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from hipcare.api.json import MEDIA_TYPE, JsonRenderer, read_json
from hipcare.api.schema import LOCATION, extensions
from partners.api.auditing import Audited, AuditedReads
from partners.api.authentication import principal_of
from triage import selectors
from triage.actions import follow_ups
from triage.api import examples, links
from triage.api.idempotency import IDEMPOTENCY_KEY, idempotency_key, stored_answer
from triage.engine.follow_up import FollowUpAnswer
from triage.follow_up_requests import FollowUpRequest, read_follow_up
from triage.knowledge import current_knowledge
from triage.languages import Locale
from triage.models import FollowUp
from triage.stories import stored_locale
from triage.trajectory import Trajectory, trajectory
from triage.trajectory_chart import chart

SVG = "image/svg+xml"


class StoredFollowUp(FollowUpAnswer):
    """The answer to one follow-up, as it is kept."""

    id: UUID
    assessment: UUID
    number: int
    created_at: datetime
    locale: Locale


class FollowUpResult(RootModel[StoredFollowUp]):
    """Scores against the earlier ones, timers, the next step, and the case as it stands now."""


class TrajectoryAnswer(RootModel[Trajectory]):
    """Every score by day, and the verdict of every contact."""


class FollowUpSummarySerializer(serializers.ModelSerializer[FollowUp]):
    """What a list shows of a follow-up; the whole answer is at its own address."""

    assessment = serializers.UUIDField(source="assessment_id")
    knowledge_version = serializers.CharField(source="release.version")

    class Meta:
        model = FollowUp
        fields = [
            "id",
            "assessment",
            "number",
            "created_at",
            "days_since_start",
            "overall",
            "next_step",
            "urgency",
            "knowledge_version",
            "engine_version",
        ]
        read_only_fields = fields


@extend_schema_view(
    get=extend_schema(
        operation_id="list_follow_ups",
        summary="The follow-ups of an assessment, the first one first",
        tags=["assessments"],
        examples=[OpenApiExample("After six weeks", examples.FOLLOW_UP_SUMMARY, response_only=True)],
    ),
    post=extend_schema(
        operation_id="create_follow_up",
        summary="Follow an assessment up",
        tags=["assessments"],
        request=FollowUpRequest,
        parameters=[IDEMPOTENCY_KEY, LOCATION],
        responses={201: FollowUpResult},
        examples=[
            OpenApiExample("After six weeks", examples.FOLLOW_UP_REQUEST, request_only=True),
            OpenApiExample("After six weeks", examples.FOLLOW_UP_ANSWER, response_only=True, status_codes=["201"]),
        ],
        extensions=extensions(problems=["idempotency-key-reused", "unavailable"], links=links.CREATED_FOLLOW_UP),
    ),
)
class FollowUpsView(AuditedReads, ListAPIView):
    """The follow-ups of one of the caller's assessments."""

    required_scopes = {"GET": ["assessments:read"], "POST": ["assessments:write"]}
    audited = {
        "GET": Audited("follow_up.listed", "assessment", "assessment_id"),
        "POST": Audited("follow_up.created", "assessment", "assessment_id"),
    }
    queryset = FollowUp.objects.none()
    serializer_class = FollowUpSummarySerializer
    ordering_fields = ["number"]
    ordering = "number"

    def get_queryset(self) -> QuerySet[FollowUp]:
        """Those of the assessment, if it is the organisation's own."""
        organisation_id = principal_of(self.request).organisation_id
        return selectors.listed_follow_ups(organisation_id=organisation_id, assessment_id=self.kwargs["assessment_id"])

    def post(self, request: Request, assessment_id: UUID) -> HttpResponse:
        """Send what is new: answers, scores, the person's own rating, what was done. The rest is taken from before.

        `days_since_start` counts from the assessment; without it the day is that of the clock. The red-flag questions
        are open again at every follow-up until they are answered in it.
        """
        knowledge = current_knowledge()
        body = read_follow_up(read_json(request), knowledge)
        sent = follow_ups.Sent(
            body=request._request.body,
            idempotency_key=idempotency_key(request),
            assessment_id=assessment_id,
            request=body,
        )
        answered = follow_ups.add(by=principal_of(request), sent=sent, knowledge=knowledge)
        return stored_answer(answered, reverse("follow-up-detail", args=[assessment_id, answered.id]))


class FollowUpView(AuditedReads):
    """One follow-up."""

    required_scopes = ["assessments:read"]
    audited = {"GET": Audited("follow_up.read", "follow_up", "follow_up_id")}

    @extend_schema(
        operation_id="get_follow_up",
        summary="A stored follow-up, byte for byte as it was answered",
        tags=["assessments"],
        responses=FollowUpResult,
        examples=[OpenApiExample("After six weeks", examples.FOLLOW_UP_ANSWER, response_only=True)],
    )
    def get(self, request: Request, assessment_id: UUID, follow_up_id: UUID) -> HttpResponse:
        """Another organisation's follow-up is not found."""
        answer = selectors.stored_follow_up(
            organisation_id=principal_of(request).organisation_id,
            assessment_id=assessment_id,
            follow_up_id=follow_up_id,
        )
        return HttpResponse(answer, content_type=MEDIA_TYPE)


class SvgRenderer(BaseRenderer):
    """A trajectory as a chart."""

    media_type = SVG
    format = "svg"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """The chart of the trajectory in `data`."""
        return chart(data)


_READ = {"GET": Audited("trajectory.read", "assessment", "assessment_id")}
_CHART_EXAMPLE = OpenApiExample("After six weeks", examples.TRAJECTORY_CHART, response_only=True, media_type=SVG)


class TrajectoryView(AuditedReads):
    """How the person has fared since the assessment."""

    required_scopes = ["assessments:read"]
    audited = _READ
    renderer_classes = [JsonRenderer, SvgRenderer]

    @extend_schema(
        operation_id="get_trajectory",
        summary="Every score since an assessment, as data or as a chart",
        tags=["assessments"],
        responses={(200, MEDIA_TYPE): TrajectoryAnswer, (200, SVG): OpenApiTypes.STR},
        examples=[OpenApiExample("After six weeks", examples.TRAJECTORY, response_only=True), _CHART_EXAMPLE],
        extensions=extensions(problems=["unavailable"]),
    )
    def get(self, request: Request, assessment_id: UUID) -> Response:
        """With `Accept: image/svg+xml` it is a line chart, in which up is better, with a description in words."""
        return Response(_trajectory(request, assessment_id))


class TrajectoryChartView(AuditedReads):
    """The trajectory as a chart."""

    required_scopes = ["assessments:read"]
    audited = _READ
    renderer_classes = [SvgRenderer]

    @extend_schema(
        operation_id="get_trajectory_chart",
        summary="Every score since an assessment, as a chart",
        tags=["assessments"],
        responses={(200, SVG): OpenApiTypes.STR},
        examples=[_CHART_EXAMPLE],
        extensions=extensions(problems=["unavailable"]),
    )
    def get(self, request: Request, assessment_id: UUID) -> Response:
        """A line chart in SVG, in which up is better, with a description in words."""
        return Response(_trajectory(request, assessment_id))


def _trajectory(request: Request, assessment_id: UUID) -> Trajectory:
    assessment = selectors.assessment(
        organisation_id=principal_of(request).organisation_id, assessment_id=assessment_id
    )
    rows = selectors.follow_ups(assessment_id=assessment_id)
    return trajectory(assessment, rows, current_knowledge(), stored_locale(assessment))
