"""How catalogue rows look to callers. The public name of `key` is `id`."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conditions.models import (
    Citation,
    Composite,
    Condition,
    ConditionTreatment,
    Evidence,
    Finding,
    FollowUpTimer,
    Measurement,
    OutcomeMeasure,
    Presentation,
    PreventionTip,
    Prior,
    RedFlag,
    Release,
    Treatment,
)

from .fields import (
    CodeSerializer,
    CompositeBandSerializer,
    CompositePartSerializer,
    CompositeUseSerializer,
    CurveField,
    FollowUpSerializer,
    ImportantChangeSerializer,
    KnowledgeUrgencySerializer,
    OutcomeScaleSerializer,
    OutcomeTargetSerializer,
    PerformanceSerializer,
    PositionSerializer,
    RuleField,
    TextOrNull,
    TreatmentRuleSerializer,
    VocabularyFindingSerializer,
    WarningSignSerializer,
    WorkupSerializer,
)


class ReleaseSummarySerializer(serializers.ModelSerializer[Release]):
    current = serializers.BooleanField(help_text="Whether this release answers now.")

    class Meta:
        model = Release
        fields = ["version", "title", "status", "current", "digest", "published_at"]


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    """With the policy: the figures that belong to the release as a whole."""

    current = serializers.BooleanField(help_text="Whether this release answers now.")
    policy = serializers.DictField()

    class Meta:
        model = Release
        fields = [*ReleaseSummarySerializer.Meta.fields, "policy"]


class CitationSerializer(serializers.ModelSerializer[Citation]):
    id = serializers.CharField(source="key")
    title = TextOrNull()
    doi = TextOrNull()
    pmid = TextOrNull()
    number = TextOrNull(help_text="The number of a guideline, a registry entry or another identifier.")

    class Meta:
        model = Citation
        fields = ["id", "title", "year", "doi", "pmid", "number", "seen"]


class MeasurementSerializer(serializers.ModelSerializer[Measurement]):
    id = serializers.CharField(source="key")

    class Meta:
        model = Measurement
        fields = ["id", "name", "unit", "question", "minimum", "maximum", "who"]


class ThresholdSerializer(serializers.Serializer[Any]):
    """Derives a finding from a measurement; with `present_only` a value out of bounds does not make it absent."""

    measurement = serializers.CharField()
    at_least = serializers.FloatField(allow_null=True)
    above = serializers.FloatField(allow_null=True)
    at_most = serializers.FloatField(allow_null=True)
    below = serializers.FloatField(allow_null=True)
    present_only = serializers.BooleanField()


class FindingSerializer(serializers.ModelSerializer[Finding]):
    id = serializers.CharField(source="key")
    help = TextOrNull()
    cluster = TextOrNull()
    exclusive_group = TextOrNull()
    threshold = ThresholdSerializer(allow_null=True)

    class Meta:
        model = Finding
        fields = [
            "id",
            "kind",
            "name",
            "question",
            "help",
            "who",
            "patient_can_answer",
            "derived_from_demographics",
            "base_adult",
            "base_child",
            "cluster",
            "exclusive_group",
            "implies",
            "contradicts",
            "cost",
            "red_flag",
            "screen_rank",
            "screen_child",
            "threshold",
            "sensitive",
        ]


class RedFlagSerializer(serializers.ModelSerializer[RedFlag]):
    id = serializers.CharField(source="key")
    rule = RuleField()
    urgency = serializers.SerializerMethodField()
    hazard = TextOrNull()
    estimate = TextOrNull()

    class Meta:
        model = RedFlag
        fields = [
            "id",
            "kind",
            "title",
            "rule",
            "urgency",
            "suspected",
            "action",
            "immediate",
            "hazard",
            "source_rules",
            "citations",
            "estimate",
        ]

    @extend_schema_field(KnowledgeUrgencySerializer)
    def get_urgency(self, row: RedFlag) -> dict[str, Any]:
        return _urgency(row.urgency, row.urgency_mode, row.urgency_within_hours)


class CompositeSerializer(serializers.ModelSerializer[Composite]):
    """A score, what it is computed from, and what it weighs."""

    id = serializers.CharField(source="key")
    gate = RuleField(allow_null=True, help_text="To whom the score applies; null for everybody.")
    unless = RuleField(allow_null=True, help_text="To whom it does not apply; null for nobody.")
    parts = CompositePartSerializer(many=True)
    bands = CompositeBandSerializer(many=True)
    use_when = CompositeUseSerializer()
    vocabulary_finding = VocabularyFindingSerializer(allow_null=True)
    red_flag = TextOrNull(help_text="The safety rule that acts on the same findings.")
    performance = PerformanceSerializer(many=True)
    estimate = TextOrNull()

    class Meta:
        model = Composite
        fields = [
            "id",
            "name",
            "version",
            "population",
            "gate",
            "unless",
            "parts",
            "bands",
            "mode",
            "for_conditions",
            "reference",
            "replaces",
            "use_when",
            "instead_of",
            "vocabulary_finding",
            "audience",
            "show",
            "red_flag",
            "performance",
            "citations",
            "estimate",
        ]


class OutcomeMeasureSerializer(serializers.ModelSerializer[OutcomeMeasure]):
    """A score, how it is made of its items, and what counts as a change. It holds no wordings of questionnaires."""

    id = serializers.CharField(source="key")
    scales = OutcomeScaleSerializer(many=True)
    table = serializers.ListField(child=serializers.FloatField())
    minimal_important_change = ImportantChangeSerializer(allow_null=True)
    target = OutcomeTargetSerializer(allow_null=True)
    estimate = TextOrNull()

    class Meta:
        model = OutcomeMeasure
        fields = [
            "id",
            "name",
            "minimum",
            "maximum",
            "best",
            "items_best",
            "method",
            "scales",
            "table",
            "scoring",
            "missing",
            "minimal_important_change",
            "target",
            "citations",
            "estimate",
        ]


class FollowUpTimerSerializer(serializers.ModelSerializer[FollowUpTimer]):
    id = serializers.CharField(source="key")
    when = RuleField(allow_null=True)
    estimate = TextOrNull()

    class Meta:
        model = FollowUpTimer
        fields = [
            "id",
            "name",
            "when",
            "for_conditions",
            "or_unclear",
            "for_treatments",
            "new_findings",
            "at_day",
            "trigger",
            "needs_adherence",
            "step",
            "action",
            "citations",
            "estimate",
        ]


class TreatmentSerializer(serializers.ModelSerializer[Treatment]):
    id = serializers.CharField(source="key")
    only_for = RuleField(allow_null=True, help_text="Whom it is for; null for everybody with the condition.")
    contraindicated_if = TreatmentRuleSerializer(many=True)
    caution_if = TreatmentRuleSerializer(many=True)
    positions = PositionSerializer(many=True)
    estimate = TextOrNull()

    class Meta:
        model = Treatment
        fields = [
            "id",
            "kind",
            "rung",
            "name",
            "how",
            "strength",
            "evidence_grade",
            "only_for",
            "contraindicated_if",
            "caution_if",
            "exercises",
            "positions",
            "citations",
            "estimate",
        ]


class PreventionTipSerializer(serializers.ModelSerializer[PreventionTip]):
    id = serializers.CharField(source="key")
    when = RuleField(allow_null=True, help_text="Whom it is for; null for everybody.")
    treatment = TextOrNull(help_text="The id of the treatment that it is about, whose safety rules it is subject to.")
    estimate = TextOrNull()

    class Meta:
        model = PreventionTip
        fields = [
            "id",
            "name",
            "text",
            "when",
            "because",
            "treatment",
            "priority",
            "only_if_open",
            "verdict",
            "evidence_grade",
            "citations",
            "estimate",
        ]


class PopulationSerializer(serializers.ModelSerializer[Condition]):
    """Who can have the condition at all; ages in years."""

    class Meta:
        model = Condition
        fields = ["from_age", "to_age", "sex"]


class ConditionSummarySerializer(serializers.ModelSerializer[Condition]):
    id = serializers.CharField(source="key")
    population = PopulationSerializer(source="*")
    least_urgency = serializers.SerializerMethodField()
    codes = CodeSerializer(many=True)

    class Meta:
        model = Condition
        fields = [
            "id",
            "name",
            "plain_name",
            "region",
            "family",
            "from_the_article",
            "population",
            "acuteness",
            "severity",
            "must_not_miss",
            "least_urgency",
            "codes",
        ]

    @extend_schema_field(KnowledgeUrgencySerializer)
    def get_least_urgency(self, row: Condition) -> dict[str, Any]:
        return _urgency(row.least_urgency, row.least_urgency_mode, row.least_urgency_within_hours)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "number"},
            {
                "type": "object",
                "required": ["curve", "female_to_male"],
                "properties": {
                    "curve": {"$ref": "#/components/schemas/Curve"},
                    "female_to_male": {"type": "number"},
                },
            },
        ]
    },
    component_name="PresentationWeight",
)
class WeightField(serializers.JSONField):
    """A share of the condition's cases: one number, or a curve over age in years with a ratio of the sexes."""


class PresentationSerializer(serializers.ModelSerializer[Presentation]):
    id = serializers.CharField(source="key")
    weight = WeightField()

    class Meta:
        model = Presentation
        fields = ["id", "name", "weight"]


class PriorSerializer(serializers.ModelSerializer[Prior]):
    """Relative frequency by age in years; `settings` multiplies it in a setting of care."""

    curve = CurveField()
    settings = CurveField()
    ground = TextOrNull()

    class Meta:
        model = Prior
        fields = ["curve", "female_to_male", "settings", "basis", "ground", "citations"]


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    """P(finding present | condition); `presentation` is null where it holds for all of them."""

    finding = serializers.CharField(source="finding.key")
    presentation = serializers.CharField(source="presentation.key", default=None, allow_null=True)
    p = serializers.FloatField(source="probability")
    range = serializers.SerializerMethodField(help_text="The true value lies in here with nine chances in ten.")
    ground = TextOrNull()

    class Meta:
        model = Evidence
        fields = ["finding", "presentation", "p", "range", "effective_sample_size", "basis", "ground", "citations"]

    def get_range(self, row: Evidence) -> list[float]:
        return [row.low, row.high]


class LadderStepSerializer(serializers.ModelSerializer[ConditionTreatment]):
    """A step of the ladder, gentlest first."""

    treatment = serializers.CharField(source="treatment.key")
    name = serializers.CharField(source="treatment.name")
    move_on_if = TextOrNull()
    positions = PositionSerializer(many=True)
    estimate = TextOrNull()

    class Meta:
        model = ConditionTreatment
        fields = [
            "treatment",
            "name",
            "rung",
            "how",
            "try_for_weeks",
            "move_on_if",
            "strength",
            "evidence_grade",
            "positions",
            "citations",
            "estimate",
        ]


class ConditionSerializer(ConditionSummarySerializer):
    threshold_ground = TextOrNull()
    workup = WorkupSerializer(many=True)
    safety_net = WarningSignSerializer(many=True)
    follow_up = FollowUpSerializer(allow_null=True)
    programme = TextOrNull(help_text="The id of a programme.")
    ladder_note = TextOrNull()
    ladder = LadderStepSerializer(many=True)
    presentations = PresentationSerializer(many=True)
    prior = PriorSerializer()
    evidence = EvidenceSerializer(many=True)

    class Meta:
        model = Condition
        fields = [
            *ConditionSummarySerializer.Meta.fields,
            "description",
            "plain_description",
            "threshold",
            "threshold_ground",
            "citations",
            "workup",
            "safety_net",
            "follow_up",
            "programme",
            "ladder_start",
            "ladder_note",
            "immediate",
            "ladder",
            "presentations",
            "prior",
            "evidence",
        ]


def _urgency(level: str, mode: str, within_hours: int | None) -> dict[str, Any]:
    return {"level": level, "mode": mode or None, "within_hours": within_hours}
