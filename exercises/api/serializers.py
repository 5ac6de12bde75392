"""How exercises and programmes look to callers. The public name of `key` is `id`."""

from typing import Any
from urllib.parse import urlencode

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from conditions.api.fields import RuleField, SourcesSerializer, TextOrNull, TreatmentRuleSerializer
from exercises.models import Drawing, Exercise, Phase, PhaseExercise, Precaution, Programme
from exercises.models.choices import Effect, Equipment, Irritability, Side, Stage, Target

_SPAN = {
    "type": "object",
    "required": ["from", "to"],
    "properties": {"from": {"type": "integer"}, "to": {"type": "integer"}},
    "description": "A range, both ends included.",
}
_WEEKS = {
    "type": "object",
    "required": ["from", "to"],
    "properties": {"from": {"type": "number"}, "to": {"type": ["number", "null"]}},
    "description": "Weeks of the programme; `to` is null where the phase goes on.",
}


@extend_schema_field(_SPAN, component_name="Span")
class SpanField(serializers.JSONField):
    """`{from, to}`, both included; null where it does not apply."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, **options)


class DoseSerializer(serializers.Serializer[Any]):
    """How much: ranges of sets, repetitions, seconds, minutes and times; null where it does not apply."""

    sets = SpanField()
    repetitions = SpanField()
    hold_seconds = SpanField()
    tempo = serializers.CharField(allow_null=True)
    rest_seconds = SpanField()
    side = serializers.ChoiceField(Side.choices, help_text="One side after the other, both at once, or no sides.")
    minutes = SpanField()
    times_per_day = SpanField()
    times_per_week = SpanField()
    note = serializers.CharField(allow_null=True)


class ExerciseStepSerializer(serializers.Serializer[Any]):
    """The next harder or easier step: another exercise, a way of doing this one, or both."""

    exercise = serializers.CharField(allow_null=True)
    how = serializers.CharField(allow_null=True)


class ExerciseRuleSerializer(TreatmentRuleSerializer):
    """When the exercise must not be done or only with care, and why."""

    general = serializers.BooleanField(default=False, help_text="Whether the rule holds for every exercise.")


class DrawingSerializer(serializers.Serializer[Drawing]):
    """A line drawing of the exercise: where to get it, and what it shows for those who do not see it."""

    url = serializers.SerializerMethodField(help_text="An SVG picture, relative to this server.")
    alt = serializers.CharField(help_text="The picture in words.")

    def get_url(self, row: Drawing) -> str:
        """The address of the picture, in the release that the request asks for."""
        address = reverse("exercise-drawing", args=[row.key])
        version = self.context["request"].query_params.get("release")
        return address if version is None else f"{address}?{urlencode({'release': version})}"


class ExerciseSummarySerializer(serializers.ModelSerializer[Exercise]):
    id = serializers.CharField(source="key")
    targets = serializers.ListField(child=serializers.ChoiceField(Target.choices))
    dose = DoseSerializer()
    equipment = serializers.ListField(child=serializers.ChoiceField(Equipment.choices))
    drawing = DrawingSerializer(allow_null=True, help_text="Null in releases from before there were drawings.")

    class Meta:
        model = Exercise
        fields = ["id", "name", "purpose", "targets", "position", "dose", "equipment", "drawing"]


class ExerciseSerializer(ExerciseSummarySerializer):
    """With the steps, and with every rule: those of all exercises first. Needs `general_rules` in its context."""

    progression = ExerciseStepSerializer(allow_null=True)
    regression = ExerciseStepSerializer(allow_null=True)
    breathing = TextOrNull()
    effort = TextOrNull()
    contraindicated_if = serializers.SerializerMethodField()
    caution_if = serializers.SerializerMethodField()
    estimate = TextOrNull()

    class Meta:
        model = Exercise
        fields = [
            *ExerciseSummarySerializer.Meta.fields,
            "steps",
            "progression",
            "regression",
            "breathing",
            "effort",
            "contraindicated_if",
            "caution_if",
            "citations",
            "estimate",
        ]

    @extend_schema_field(ExerciseRuleSerializer(many=True))
    def get_contraindicated_if(self, row: Exercise) -> list[Any]:
        return self._rules(Effect.CONTRAINDICATED, row.contraindicated_if)

    @extend_schema_field(ExerciseRuleSerializer(many=True))
    def get_caution_if(self, row: Exercise) -> list[Any]:
        return self._rules(Effect.CAUTION, row.caution_if)

    def _rules(self, effect: Effect, own: list[Any]) -> list[Any]:
        general = [rule for rule in self.context["general_rules"] if rule.effect == effect]
        for rule in general:
            rule.general = True
        return list(ExerciseRuleSerializer([*general, *own], many=True).data)


class PhaseExerciseSerializer(serializers.ModelSerializer[PhaseExercise]):
    exercise = serializers.CharField(source="exercise.key", help_text="The id of an exercise.")
    name = serializers.CharField(source="exercise.name")
    drawing = DrawingSerializer(source="exercise.drawing", allow_null=True)

    class Meta:
        model = PhaseExercise
        fields = ["exercise", "name", "dose", "drawing"]


class PhaseSerializer(serializers.ModelSerializer[Phase]):
    weeks = serializers.SerializerMethodField()
    times_per_week = SpanField()
    exercises = PhaseExerciseSerializer(many=True)
    criteria_to_progress = TextOrNull()
    notes = TextOrNull()
    estimate = TextOrNull()

    class Meta:
        model = Phase
        fields = [
            "name",
            "weeks",
            "frequency",
            "times_per_week",
            "exercises",
            "criteria_to_progress",
            "notes",
            "citations",
            "estimate",
        ]

    @extend_schema_field(_WEEKS)
    def get_weeks(self, row: Phase) -> dict[str, float | None]:
        return {"from": row.from_week, "to": row.to_week}


class AdviceSerializer(SourcesSerializer):
    """A sentence for the person who exercises."""

    text = serializers.CharField()


class StartSerializer(SourcesSerializer):
    """Who begins with a later phase than the first; of several the first that fits."""

    phase = serializers.IntegerField(help_text="Number of the phase, from 1.")
    irritability = serializers.ListField(child=serializers.ChoiceField(Irritability.choices), help_text="Empty: any.")
    stage = serializers.ListField(child=serializers.ChoiceField(Stage.choices), help_text="Empty: any.")
    when = RuleField(allow_null=True, help_text="Holds besides; null: always.")
    because = serializers.CharField()


class PhaseLimitSerializer(SourcesSerializer):
    """With which phase the programme ends for people with a condition."""

    condition = serializers.CharField()
    last_phase = serializers.IntegerField(help_text="Number of the phase, from 1.")
    because = serializers.CharField()


class PrecautionSerializer(serializers.ModelSerializer[Precaution]):
    """What people with one of the conditions mind in any programme."""

    conditions = serializers.ListField(child=serializers.CharField())
    avoid = serializers.ListField(child=serializers.CharField(), help_text="Exercises that are replaced or left out.")
    modify = serializers.ListField(child=serializers.CharField(), help_text="Exercises that are done with care.")
    estimate = TextOrNull()

    class Meta:
        model = Precaution
        fields = ["conditions", "text", "avoid", "modify", "citations", "estimate"]


class ProgrammeSummarySerializer(serializers.ModelSerializer[Programme]):
    id = serializers.CharField(source="key")
    conditions = serializers.ListField(child=serializers.CharField(), help_text="Condition ids that it is for.")
    note = TextOrNull()

    class Meta:
        model = Programme
        fields = ["id", "name", "purpose", "conditions", "supervision", "note"]


class ProgrammeSerializer(ProgrammeSummarySerializer):
    """With its phases, and with the precautions of its conditions. Needs `precautions` in its context."""

    phases = PhaseSerializer(many=True)
    stop_rules = AdviceSerializer(many=True)
    precautions = AdviceSerializer(many=True)
    condition_precautions = serializers.SerializerMethodField()
    starts = StartSerializer(many=True)
    limits = PhaseLimitSerializer(many=True)
    estimate = TextOrNull()

    class Meta:
        model = Programme
        fields = [
            *ProgrammeSummarySerializer.Meta.fields,
            "phases",
            "stop_rules",
            "precautions",
            "condition_precautions",
            "starts",
            "limits",
            "citations",
            "estimate",
        ]

    @extend_schema_field(PrecautionSerializer(many=True))
    def get_condition_precautions(self, row: Programme) -> list[Any]:
        own = [each for each in self.context["precautions"] if set(each.conditions) & set(row.conditions)]
        return list(PrecautionSerializer(own, many=True).data)
