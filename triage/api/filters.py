"""Filters of the list of assessments; each help text is its documentation."""

from typing import Any, get_args

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from hipcare.api.filters import TrueOrFalse
from triage.engine.case import Setting
from triage.models import Assessment


class AssessmentFilterSet(filters.FilterSet):
    """A worklist's filters: how urgent, what for, whose, when."""

    urgency = filters.MultipleChoiceFilter(
        choices=Assessment.Urgency.choices, help_text="Urgency level; repeat for several."
    )
    status = filters.ChoiceFilter(choices=Assessment.Status.choices, help_text="Whether the engine could answer.")
    cause = filters.CharFilter(method="filter_cause", help_text="Condition id among the listed causes.")
    leading_cause = filters.CharFilter(field_name="causes__0", help_text="Condition id of the most probable cause.")
    red_flag = filters.CharFilter(method="filter_red_flag", help_text="Red flag id that fired.")
    red_flagged = TrueOrFalse(method="filter_red_flagged", help_text="Whether any red flag fired.")
    reference = filters.CharFilter(help_text="Your own opaque id of the person, exactly.")
    setting = filters.ChoiceFilter(choices=[(name, name) for name in get_args(Setting)], help_text="Setting of care.")
    created_after = filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="gte", help_text="Created at or after this time (ISO 8601)."
    )
    created_before = filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="lt", help_text="Created before this time (ISO 8601)."
    )

    class Meta:
        model = Assessment
        fields: list[str] = []

    def filter_cause(self, queryset: QuerySet[Assessment], name: str, value: Any) -> QuerySet[Assessment]:
        """Assessments that list the condition at any rank."""
        return queryset.filter(causes__contains=[value])

    def filter_red_flag(self, queryset: QuerySet[Assessment], name: str, value: Any) -> QuerySet[Assessment]:
        """Assessments in which the rule fired."""
        return queryset.filter(red_flags__contains=[value])

    def filter_red_flagged(self, queryset: QuerySet[Assessment], name: str, value: Any) -> QuerySet[Assessment]:
        """Assessments with, or without, any red flag."""
        return queryset.exclude(red_flags=[]) if value else queryset.filter(red_flags=[])
