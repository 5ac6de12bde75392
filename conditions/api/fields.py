"""Serializer fields and small objects that several catalogue answers share."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conditions.models.choices import CodeSide, UrgencyLevel, UrgencyMode
from conditions.terminology import URI_OF_CODE_SYSTEM


class TextOrNull(serializers.CharField):
    """Text; null where there is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, **options)

    def to_representation(self, value: Any) -> str | None:  # type: ignore[override]
        return str(value) if value else None


_RULE = {
    "description": (
        "A rule: a finding id (it is present) or an object with one key: `all`, `any`, `at_least`, `age_years`, `sex`, "
        "`measurement` or `rule`; in the parts of a composite score also `absent`."
    ),
    "oneOf": [{"type": "string"}, {"type": "object", "additionalProperties": True, "maxProperties": 1}],
}


@extend_schema_field(_RULE, component_name="Rule")
class RuleField(serializers.JSONField):
    """A tree of the rule language."""


@extend_schema_field({"type": "object", "additionalProperties": {"type": "number"}}, component_name="Curve")
class CurveField(serializers.JSONField):
    """Numbers by age in years."""


class KnowledgeUrgencySerializer(serializers.Serializer[Any]):
    """How soon; `mode` only in an emergency, `within_hours` null where the level has its usual time."""

    level = serializers.ChoiceField(UrgencyLevel.choices)
    mode = serializers.ChoiceField(UrgencyMode.choices, allow_null=True)
    within_hours = serializers.IntegerField(allow_null=True)


@extend_schema_field(
    {"type": "string", "format": "uri", "enum": sorted(URI_OF_CODE_SYSTEM.values())}, component_name="CodeSystem"
)
class CodeSystemField(serializers.CharField):
    """A code system by the address that FHIR knows it by."""

    def to_representation(self, value: str) -> str:
        return URI_OF_CODE_SYSTEM[value]


class CodeSerializer(serializers.Serializer[Any]):
    """A code of a public terminology; its system is told by its address."""

    system = CodeSystemField()
    code = serializers.CharField()
    display = serializers.CharField()
    side = serializers.ChoiceField(CodeSide.choices)


class SourcesSerializer(serializers.Serializer[Any]):
    """Citation ids; `estimate` is the ground of what is a judgement, null where nothing is."""

    citations = serializers.ListField(child=serializers.CharField())
    estimate = TextOrNull()


class WorkupSerializer(SourcesSerializer):
    """A first test and what it would settle."""

    test = serializers.CharField()
    why = serializers.CharField()


class WarningSignSerializer(SourcesSerializer):
    """What to watch for, and what to do then."""

    watch_for = serializers.CharField()
    then = serializers.CharField()
    within_hours = serializers.IntegerField()


class FollowUpSerializer(SourcesSerializer):
    """When to look again, with which measurements, and when to escalate."""

    in_days = serializers.IntegerField()
    measures = serializers.ListField(child=serializers.CharField())
    escalate_if = serializers.CharField()


class CompositePartSerializer(serializers.Serializer[Any]):
    """What earns points; `rule` is null where this vocabulary has no finding for it."""

    id = serializers.CharField()
    name = serializers.CharField()
    points = serializers.IntegerField()
    rule = RuleField(allow_null=True)
    present_only = serializers.BooleanField(help_text="A rule that is false leaves the part open.")
    in_prior = serializers.BooleanField(help_text="Counts as met for the likelihood ratio: the prior knows it already.")
    note = TextOrNull()


class CompositeBandSerializer(serializers.Serializer[Any]):
    """The likelihood ratio of the scores from `at_least` up to the next band."""

    at_least = serializers.IntegerField()
    lr = serializers.FloatField()
    label = serializers.CharField()  # type: ignore[assignment]


class CompositeUseSerializer(serializers.Serializer[Any]):
    """Which parts must be known, and how many at least, before the score weighs anything."""

    parts = serializers.ListField(child=serializers.CharField())
    at_least = serializers.IntegerField()


class VocabularyFindingSerializer(serializers.Serializer[Any]):
    """A finding that says by itself whether the score is at least this."""

    finding = serializers.CharField()
    at_least = serializers.IntegerField()


class PerformanceSerializer(SourcesSerializer):
    """What was published of a score, in words."""

    cutoff = serializers.CharField()
    figures = serializers.CharField()


class TreatmentRuleSerializer(SourcesSerializer):
    """When a treatment must not be used or only with care, and why."""

    rule = RuleField()
    because = serializers.CharField()


class PositionSerializer(serializers.Serializer[Any]):
    """What one source says about a treatment on which sources disagree."""

    source = serializers.CharField()  # type: ignore[assignment] # a field of this name, not an option of DRF
    position = serializers.CharField()
    strength = serializers.CharField()
    citations = serializers.ListField(child=serializers.CharField())


class OutcomeItemSerializer(serializers.Serializer[Any]):
    """One answer of a questionnaire; `whole` where only whole numbers are answers."""

    id = serializers.CharField()
    name = serializers.CharField()
    minimum = serializers.FloatField()
    maximum = serializers.FloatField()
    whole = serializers.BooleanField()


class OutcomeScaleSerializer(serializers.Serializer[Any]):
    """Items that are scored together once `least_answered` of them are known."""

    id = serializers.CharField()
    name = serializers.CharField()
    items = OutcomeItemSerializer(many=True)
    least_answered = serializers.IntegerField()


class ImportantChangeSerializer(serializers.Serializer[Any]):
    """The smallest change that matters to people, in points of the score."""

    points = serializers.FloatField()
    citations = serializers.ListField(child=serializers.CharField())
    estimate = serializers.CharField(allow_null=True)


class OutcomeTargetSerializer(serializers.Serializer[Any]):
    """The score from which on people are content with their state."""

    score = serializers.FloatField()
    citations = serializers.ListField(child=serializers.CharField())
    estimate = serializers.CharField(allow_null=True)
