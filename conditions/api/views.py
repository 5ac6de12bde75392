"""The catalogue: read-only lists of what a release knows."""

from typing import Any, ClassVar

from django.db.models import QuerySet

from conditions import selectors
from conditions.models import (
    Citation,
    Composite,
    Condition,
    Finding,
    FollowUpTimer,
    Measurement,
    OutcomeMeasure,
    PreventionTip,
    RedFlag,
    Release,
    Treatment,
)

from . import examples, filters, serializers
from .catalogue import CatalogueView, ConditionalReadView, catalogue


@catalogue("release", "releases", entry=examples.RELEASE, summary=examples.RELEASE_SUMMARY, by_release=False)
class ReleaseView(ConditionalReadView):
    """Published and retired releases of the knowledge, newest first."""

    lookup_field = "version"
    lookup_value_regex = "[^/]+"
    serializer_class = serializers.ReleaseSerializer
    list_serializer_class = serializers.ReleaseSummarySerializer
    filterset_class = filters.ReleaseFilterSet
    search_fields: ClassVar[tuple[str, ...]] = ("version", "title")
    ordering_fields: ClassVar[tuple[str, ...]] = ("published_at", "version")
    ordering: ClassVar[tuple[str, ...]] = ("-published_at",)

    def get_queryset(self) -> QuerySet[Release]:
        return selectors.published_releases()

    def get_serializer_class(self) -> type[Any]:
        return self.list_serializer_class if self.action == "list" else self.serializer_class

    def etag_parts(self) -> list[str]:
        # `values` with what the selector adds is beyond the type checker.
        rows: QuerySet[Any] = self.get_queryset()
        return [" ".join(map(str, row)) for row in rows.values_list("version", "status", "digest", "current")]


@catalogue("citation", "citations", entry=examples.CITATION)
class CitationView(CatalogueView):
    """The publications that the knowledge rests on."""

    serializer_class = serializers.CitationSerializer
    filterset_class = filters.CitationFilterSet
    search_fields: ClassVar[tuple[str, ...]] = ("key", "title", "doi", "pmid", "number")

    def rows(self, release: Release) -> QuerySet[Citation]:
        return selectors.citations(release)


@catalogue("measurement", "measurements", entry=examples.MEASUREMENT)
class MeasurementView(CatalogueView):
    """The numbers that an assessment takes, each in one unit."""

    serializer_class = serializers.MeasurementSerializer
    search_fields: ClassVar[tuple[str, ...]] = ("key", "name", "question")

    def rows(self, release: Release) -> QuerySet[Measurement]:
        return selectors.measurements(release)


@catalogue("finding", "findings", entry=examples.FINDING)
class FindingView(CatalogueView):
    """The findings that an assessment takes, with the question or instruction for each."""

    serializer_class = serializers.FindingSerializer
    filterset_class = filters.FindingFilterSet
    search_fields: ClassVar[tuple[str, ...]] = ("key", "name", "question")

    def rows(self, release: Release) -> QuerySet[Finding]:
        return selectors.findings(release)


@catalogue("red_flag", "red_flags", entry=examples.RED_FLAG)
class RedFlagView(CatalogueView):
    """The rules that set a least urgency."""

    serializer_class = serializers.RedFlagSerializer
    filterset_class = filters.RedFlagFilterSet
    search_fields: ClassVar[tuple[str, ...]] = ("key", "title", "action")

    def rows(self, release: Release) -> QuerySet[RedFlag]:
        return selectors.red_flags(release)


@catalogue("composite", "composites", entry=examples.COMPOSITE)
class CompositeView(CatalogueView):
    """Published scores that are computed from their parts, never asked for."""

    serializer_class = serializers.CompositeSerializer
    filterset_class = filters.CompositeFilterSet
    search_fields: ClassVar[tuple[str, ...]] = ("key", "name", "population")

    def rows(self, release: Release) -> QuerySet[Composite]:
        return selectors.composites(release)


@catalogue("outcome_measure", "outcome_measures", entry=examples.OUTCOME_MEASURE)
class OutcomeMeasureView(CatalogueView):
    """Questionnaires and scales by which follow-ups are compared: their items, scoring and what counts as a change."""

    serializer_class = serializers.OutcomeMeasureSerializer
    search_fields: ClassVar[tuple[str, ...]] = ("key", "name")

    def rows(self, release: Release) -> QuerySet[OutcomeMeasure]:
        return selectors.outcome_measures(release)


@catalogue("follow_up_timer", "follow_up_timers", entry=examples.FOLLOW_UP_TIMER)
class FollowUpTimerView(CatalogueView):
    """When no change, or a change for the worse, is a reason to act."""

    serializer_class = serializers.FollowUpTimerSerializer
    search_fields: ClassVar[tuple[str, ...]] = ("key", "name", "action")
    ordering_fields: ClassVar[tuple[str, ...]] = ("key", "at_day")

    def rows(self, release: Release) -> QuerySet[FollowUpTimer]:
        return selectors.follow_up_timers(release)


@catalogue("treatment", "treatments", entry=examples.TREATMENT)
class TreatmentView(CatalogueView):
    """What can be done, with when it must not be."""

    serializer_class = serializers.TreatmentSerializer
    filterset_class = filters.TreatmentFilterSet
    search_fields: ClassVar[tuple[str, ...]] = ("key", "name", "how")
    ordering_fields: ClassVar[tuple[str, ...]] = ("key", "rung")

    def rows(self, release: Release) -> QuerySet[Treatment]:
        return selectors.treatments(release)


@catalogue("prevention_tip", "prevention_tips", entry=examples.PREVENTION_TIP)
class PreventionTipView(CatalogueView):
    """What keeps a hip well, for whom, and how good the evidence is."""

    serializer_class = serializers.PreventionTipSerializer
    filterset_class = filters.PreventionTipFilterSet
    search_fields: ClassVar[tuple[str, ...]] = ("key", "name", "text")
    ordering_fields: ClassVar[tuple[str, ...]] = ("key", "priority")

    def rows(self, release: Release) -> QuerySet[PreventionTip]:
        return selectors.prevention_tips(release)


@catalogue("condition", "conditions", entry=examples.CONDITION, summary=examples.CONDITION_SUMMARY)
class ConditionView(CatalogueView):
    """The possible causes of hip pain; one by its id comes with its evidence, prior, presentations and ladder."""

    serializer_class = serializers.ConditionSerializer
    list_serializer_class = serializers.ConditionSummarySerializer
    filterset_class = filters.ConditionFilterSet
    search_fields: ClassVar[tuple[str, ...]] = ("key", "name", "plain_name", "description")
    ordering_fields: ClassVar[tuple[str, ...]] = ("key", "name")

    def rows(self, release: Release) -> QuerySet[Condition]:
        in_full = self.action == "retrieve"
        return selectors.conditions_in_full(release) if in_full else selectors.conditions(release)

    def get_serializer_class(self) -> type[Any]:
        return self.list_serializer_class if self.action == "list" else self.serializer_class
