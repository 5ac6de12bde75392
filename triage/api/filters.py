"""Filters of the list of assessments; each help text is its documentation."""

from datetime import datetime, timedelta
from typing import Any, cast, get_args
from uuid import UUID

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework.request import Request

from hipcare.api.filters import TrueOrFalse
from hipcare.time_ids import lowest_id
from partners.actions import data_keys
from partners.api.authentication import principal_of
from triage import selectors
from triage.engine.case import Setting
from triage.models import Assessment, cause_label, leading_cause_label, red_flag_label
from triage.models.review import WorklistState

# More than ever lies between making an id and reading the clock, and more than clocks of machines differ.
_BETWEEN_ID_AND_TIME = timedelta(minutes=10)


class AssessmentFilterSet(filters.FilterSet):
    """A worklist's filters: how urgent, what for, whose, when."""

    urgency = filters.MultipleChoiceFilter(
        choices=Assessment.Urgency.choices, help_text="Urgency level; repeat for several."
    )
    worklist_state = filters.MultipleChoiceFilter(
        choices=WorklistState.choices,
        help_text="State in the worklist; repeat for several. Assessments that never entered it have none.",
    )
    status = filters.ChoiceFilter(choices=Assessment.Status.choices, help_text="Whether the engine could answer.")
    cause = filters.CharFilter(method="filter_cause", help_text="Condition id among the listed causes.")
    leading_cause = filters.CharFilter(
        method="filter_leading_cause", help_text="Condition id of the most probable cause."
    )
    red_flag = filters.CharFilter(method="filter_red_flag", help_text="Red flag id that fired.")
    red_flagged = TrueOrFalse(method="filter_red_flagged", help_text="Whether any red flag fired.")
    reference = filters.CharFilter(method="filter_reference", help_text="Your own opaque id of the person, exactly.")
    setting = filters.ChoiceFilter(choices=[(name, name) for name in get_args(Setting)], help_text="Setting of care.")
    created_after = filters.IsoDateTimeFilter(
        method="filter_created_after", help_text="Created at or after this time (ISO 8601)."
    )
    created_before = filters.IsoDateTimeFilter(
        method="filter_created_before", help_text="Created before this time (ISO 8601)."
    )

    class Meta:
        model = Assessment
        fields: list[str] = []

    def filter_cause(self, queryset: QuerySet[Assessment], name: str, value: Any) -> QuerySet[Assessment]:
        """Assessments that list the condition at any rank."""
        return self._labelled(queryset, cause_label(value))

    def filter_leading_cause(self, queryset: QuerySet[Assessment], name: str, value: Any) -> QuerySet[Assessment]:
        """Assessments whose most probable cause is the condition."""
        return self._labelled(queryset, leading_cause_label(value))

    def filter_red_flag(self, queryset: QuerySet[Assessment], name: str, value: Any) -> QuerySet[Assessment]:
        """Assessments in which the rule fired."""
        return self._labelled(queryset, red_flag_label(value))

    def filter_red_flagged(self, queryset: QuerySet[Assessment], name: str, value: Any) -> QuerySet[Assessment]:
        """Assessments with, or without, any red flag."""
        return queryset.exclude(red_flags=[]) if value else queryset.filter(red_flags=[])

    def filter_reference(self, queryset: QuerySet[Assessment], name: str, value: Any) -> QuerySet[Assessment]:
        """Assessments under the reference, which is kept encrypted and found by its digest."""
        return queryset.filter(reference_digest=data_keys.digest(self._organisation_id(), value.encode()))

    def filter_created_after(self, queryset: QuerySet[Assessment], name: str, value: datetime) -> QuerySet[Assessment]:
        """By the time; and by the id, which is made just before, for its index and partitions."""
        return queryset.filter(created_at__gte=value, id__gte=lowest_id(value, shifted=-_BETWEEN_ID_AND_TIME))

    def filter_created_before(self, queryset: QuerySet[Assessment], name: str, value: datetime) -> QuerySet[Assessment]:
        """The same, the other way."""
        return queryset.filter(created_at__lt=value, id__lt=lowest_id(value, shifted=_BETWEEN_ID_AND_TIME))

    def _labelled(self, queryset: QuerySet[Assessment], label: str) -> QuerySet[Assessment]:
        return queryset.filter(id__in=selectors.labelled(organisation_id=self._organisation_id(), label=label))

    def _organisation_id(self) -> UUID:
        return principal_of(cast(Request, self.request)).organisation_id
