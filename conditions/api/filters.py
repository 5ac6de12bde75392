"""What each catalogue list can be filtered by. The help text becomes the API documentation."""

import django_filters
from django.db.models import QuerySet
from django_filters import rest_framework

from conditions.api.safe_for import safe_for_filter, without_contraindicated
from conditions.models import (
    Citation,
    Composite,
    Condition,
    Finding,
    PreventionTip,
    RedFlag,
    Release,
    Treatment,
    choices,
)
from conditions.rules import findings_in
from hipcare.api.filters import TrueOrFalse, WholeNumber


class ReleaseFilterSet(rest_framework.FilterSet):
    status = django_filters.ChoiceFilter(
        choices=[("published", "published"), ("retired", "retired")], help_text="In use, or taken out of use."
    )

    class Meta:
        model = Release
        fields = ["status"]


class CitationFilterSet(rest_framework.FilterSet):
    seen = django_filters.ChoiceFilter(choices=choices.Seen.choices, help_text="How much of the source was read.")
    year = WholeNumber(help_text="Year of publication.")

    class Meta:
        model = Citation
        fields = ["seen", "year"]


class FindingFilterSet(rest_framework.FilterSet):
    kind = django_filters.ChoiceFilter(choices=choices.FindingKind.choices, help_text="What sort of finding it is.")
    patient_can_answer = django_filters.ChoiceFilter(
        choices=choices.PatientCanAnswer.choices, help_text="Whether the person can answer it without an examiner."
    )
    cost = django_filters.ChoiceFilter(choices=choices.Cost.choices, help_text="What it takes to learn it.")
    cluster = django_filters.CharFilter(help_text="Findings that say partly the same thing.")
    red_flag = TrueOrFalse(help_text="Whether some danger sign rests on it.")
    screen = TrueOrFalse(
        field_name="screen_rank", method="in_screen", help_text="Whether the red-flag screen asks for it."
    )

    class Meta:
        model = Finding
        fields = ["kind", "patient_can_answer", "cost", "cluster", "red_flag", "screen"]

    def in_screen(self, rows: QuerySet[Finding], name: str, wanted: bool) -> QuerySet[Finding]:
        return rows.filter(screen_rank__isnull=not wanted)


class RedFlagFilterSet(rest_framework.FilterSet):
    kind = django_filters.ChoiceFilter(
        choices=choices.RedFlagKind.choices, help_text="A dangerous picture, or a person who needs more than self-care."
    )
    urgency = django_filters.ChoiceFilter(choices=choices.UrgencyLevel.choices, help_text="The least urgency it sets.")
    suspected = django_filters.CharFilter(method="suspects", help_text="A condition id among the suspected ones.")
    finding = django_filters.CharFilter(method="mentions", help_text="A finding id that the rule mentions.")

    class Meta:
        model = RedFlag
        fields = ["kind", "urgency", "suspected", "finding"]

    def suspects(self, rows: QuerySet[RedFlag], name: str, condition: str) -> QuerySet[RedFlag]:
        return rows.filter(suspected__contains=[condition])

    def mentions(self, rows: QuerySet[RedFlag], name: str, finding: str) -> QuerySet[RedFlag]:
        found = [pk for pk, rule in rows.values_list("pk", "rule") if finding in findings_in(rule)]
        return rows.filter(pk__in=found)


class CompositeFilterSet(rest_framework.FilterSet):
    mode = django_filters.ChoiceFilter(
        choices=choices.CompositeMode.choices, help_text="How it takes part in the ranking."
    )
    audience = django_filters.ChoiceFilter(choices=choices.CompositeAudience.choices, help_text="For whom it is meant.")
    condition = django_filters.CharFilter(method="weighs_for", help_text="A condition id that it speaks for.")
    finding = django_filters.CharFilter(method="stands_for", help_text="A finding id that it stands for.")

    class Meta:
        model = Composite
        fields = ["mode", "audience", "condition", "finding"]

    def weighs_for(self, rows: QuerySet[Composite], name: str, condition: str) -> QuerySet[Composite]:
        return rows.filter(for_conditions__contains=[condition])

    def stands_for(self, rows: QuerySet[Composite], name: str, finding: str) -> QuerySet[Composite]:
        return rows.filter(replaces__contains=[finding])


class TreatmentFilterSet(rest_framework.FilterSet):
    kind = django_filters.ChoiceFilter(choices=choices.TreatmentKind.choices, help_text="What sort of treatment it is.")
    rung = WholeNumber(help_text="Rung of the ladder, 1 (gentlest) to 7; 0 is for immediate measures.")
    condition = django_filters.CharFilter(
        field_name="used_for__condition__key", help_text="A condition id in whose ladder the treatment is."
    )
    safe_for = safe_for_filter()

    class Meta:
        model = Treatment
        fields = ["kind", "rung", "condition", "safe_for"]

    def safe_for_findings(self, rows: QuerySet[Treatment], name: str, findings: str) -> QuerySet[Treatment]:
        return without_contraindicated(rows, findings)


class PreventionTipFilterSet(rest_framework.FilterSet):
    verdict = django_filters.ChoiceFilter(
        choices=choices.PreventionVerdict.choices, help_text="How well it is supported."
    )
    treatment = django_filters.CharFilter(help_text="A treatment id that it is about.")
    finding = django_filters.CharFilter(method="mentions", help_text="A finding id by which it is chosen.")

    class Meta:
        model = PreventionTip
        fields = ["verdict", "treatment", "finding"]

    def mentions(self, rows: QuerySet[PreventionTip], name: str, finding: str) -> QuerySet[PreventionTip]:
        chosen = rows.exclude(when=None).values_list("pk", "when")
        return rows.filter(pk__in=[pk for pk, rule in chosen if finding in findings_in(rule)])


class ConditionFilterSet(rest_framework.FilterSet):
    region = django_filters.ChoiceFilter(choices=choices.Region.choices, help_text="Where it lies.")
    family = django_filters.ChoiceFilter(choices=choices.Family.choices, help_text="What sort of cause it is.")
    must_not_miss = TrueOrFalse(help_text="Whether missing it does harm.")
    least_urgency = django_filters.ChoiceFilter(
        choices=choices.UrgencyLevel.choices, help_text="The least urgency once this cause is plausible."
    )
    from_the_article = TrueOrFalse(help_text="Whether the article that this knowledge started from names it.")
    code = django_filters.CharFilter(method="coded", help_text="An ICD-10-CM or SNOMED CT code, such as M16.11.")

    class Meta:
        model = Condition
        fields = ["region", "family", "must_not_miss", "least_urgency", "from_the_article", "code"]

    def coded(self, rows: QuerySet[Condition], name: str, code: str) -> QuerySet[Condition]:
        return rows.filter(codes__contains=[{"code": code}])
