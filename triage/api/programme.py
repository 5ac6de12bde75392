"""The programme of a stored assessment: as data, as a page to print, and as a calendar."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from pydantic import RootModel
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hipcare.api.renderers import AsItIsRenderer
from partners.api.auditing import Audited, AuditedReads
from partners.api.authentication import principal_of
from triage import programme_calendar, programme_page, selectors
from triage.api import examples
from triage.engine.plan import ProgrammePlan

FIRST_START, LAST_START = date(2000, 1, 1), date(2200, 12, 31)


class ProgrammeAnswer(RootModel[ProgrammePlan]):
    """The exercise programme built for the person of an assessment."""


class PageRenderer(AsItIsRenderer):
    """HTML."""

    media_type, format = programme_page.MEDIA_TYPE, "html"


class CalendarRenderer(AsItIsRenderer):
    """iCalendar."""

    media_type, format = programme_calendar.MEDIA_TYPE, "ics"


START = OpenApiParameter(
    "start",
    {"type": "string", "format": "date", "pattern": "^(20|21)[0-9]{2}-|^2200-"},
    required=True,
    description="The first day, as 2026-05-04.",
)
TIME = OpenApiParameter(
    "time",
    {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
    description="Time of day of the sessions, as 08:30, wherever the calendar is; without it they last all day.",
)


class CalendarParameters(serializers.Serializer[Any]):
    """When the programme begins."""

    start = serializers.DateField(input_formats=["%Y-%m-%d"])
    time = serializers.TimeField(input_formats=["%H:%M"], required=False)

    def validate_start(self, value: date) -> date:
        """Within the years that calendars can count."""
        if not FIRST_START <= value <= LAST_START:
            raise serializers.ValidationError(f"Must be from {FIRST_START} to {LAST_START}.", code="out_of_range")
        return value


class ProgrammeView(AuditedReads):
    """The programme as data."""

    required_scopes = ["assessments:read"]
    audited = {"GET": Audited("programme.read", "assessment", "assessment_id")}

    @extend_schema(
        operation_id="get_assessment_programme",
        summary="The exercise programme of a stored assessment",
        tags=["assessments"],
        responses=ProgrammeAnswer,
        examples=[OpenApiExample("Worn hip joint", examples.PROGRAMME, response_only=True)],
    )
    def get(self, request: Request, assessment_id: UUID) -> Response:
        """As it stands in the answer. Not found where the answer has none; its `ladder.no_programme` says why."""
        return Response(_answer(request, assessment_id)["programme"])


class ProgrammePageView(AuditedReads):
    """The programme to read and to print."""

    required_scopes = ["assessments:read"]
    audited = {"GET": Audited("programme.page_read", "assessment", "assessment_id")}
    renderer_classes = [PageRenderer]

    @extend_schema(
        operation_id="get_assessment_programme_page",
        summary="The exercise programme as a page to print",
        tags=["assessments"],
        responses={(200, programme_page.MEDIA_TYPE): OpenApiTypes.STR},
        examples=[
            OpenApiExample("Worn hip joint", examples.PAGE, response_only=True, media_type=programme_page.MEDIA_TYPE)
        ],
    )
    def get(self, request: Request, assessment_id: UUID) -> HttpResponse:
        """HTML for the person who exercises: the plan with boxes to tick, each exercise with its steps and dose.

        It names nobody, loads nothing and runs no script.
        """
        page = programme_page.page(_answer(request, assessment_id))
        response = HttpResponse(page, content_type=f"{programme_page.MEDIA_TYPE}; charset=utf-8")
        response["Content-Security-Policy"] = programme_page.CONTENT_SECURITY_POLICY
        response["Cache-Control"] = "private, no-store"
        return response


class ProgrammeCalendarView(AuditedReads):
    """The programme as a calendar."""

    required_scopes = ["assessments:read"]
    audited = {"GET": Audited("programme.calendar_read", "assessment", "assessment_id")}
    renderer_classes = [CalendarRenderer]

    @extend_schema(
        operation_id="get_assessment_programme_calendar",
        summary="The exercise programme as a calendar",
        tags=["assessments"],
        parameters=[START, TIME],
        responses={(200, programme_calendar.MEDIA_TYPE): OpenApiTypes.STR},
        examples=[
            OpenApiExample(
                "Worn hip joint", examples.CALENDAR, response_only=True, media_type=programme_calendar.MEDIA_TYPE
            )
        ],
    )
    def get(self, request: Request, assessment_id: UUID) -> HttpResponse:
        """One recurring event a phase, and a day on which to look again (RFC 5545).

        The ids of the events stay the same, so importing the file twice changes nothing.
        """
        parameters = CalendarParameters(data=request.query_params)
        parameters.is_valid(raise_exception=True)
        beginning = programme_calendar.Beginning(
            parameters.validated_data["start"], parameters.validated_data.get("time")
        )
        calendar = programme_calendar.calendar(assessment_id, _answer(request, assessment_id), beginning)
        response = HttpResponse(calendar, content_type=f"{programme_calendar.MEDIA_TYPE}; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="hip-exercises.ics"'
        response["Cache-Control"] = "private, no-store"
        return response


def _answer(request: Request, assessment_id: UUID) -> dict[str, Any]:
    organisation_id = principal_of(request).organisation_id
    return selectors.answer_with_programme(organisation_id=organisation_id, assessment_id=assessment_id)
