"""What the lists of exercises and programmes can be filtered by. The help text becomes the API documentation."""

from collections.abc import Iterable, Mapping
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django_filters import rest_framework

from conditions.api.safe_for import safe_for_filter, without_contraindicated
from exercises.models import Exercise, GeneralRule, PhaseExercise, Programme
from exercises.models.choices import Effect, Equipment, Purpose, Supervision, Target


class ExerciseFilterSet(rest_framework.FilterSet):
    purpose = django_filters.ChoiceFilter(choices=Purpose.choices, help_text="What the exercise is mainly for.")
    target = django_filters.ChoiceFilter(
        choices=Target.choices, field_name="targets", method="among", help_text="What it works on."
    )
    equipment = django_filters.ChoiceFilter(
        choices=Equipment.choices, method="among", help_text="What it or one of its variants takes."
    )
    programme = django_filters.CharFilter(method="in_programme", help_text="A programme id that contains the exercise.")
    condition = django_filters.CharFilter(
        method="for_condition", help_text="A condition id with a programme that contains the exercise."
    )

    safe_for = safe_for_filter()

    class Meta:
        model = Exercise
        fields = ["purpose", "target", "equipment", "programme", "condition", "safe_for"]

    def safe_for_findings(self, rows: QuerySet[Exercise], name: str, findings: str) -> QuerySet[Exercise]:
        return without_contraindicated(rows, findings, for_all=_stops)

    def among(self, rows: QuerySet[Exercise], name: str, value: str) -> QuerySet[Exercise]:
        return rows.filter(**{f"{name}__contains": [value]})

    def in_programme(self, rows: QuerySet[Exercise], name: str, programme: str) -> QuerySet[Exercise]:
        entries = PhaseExercise.objects.filter(exercise=OuterRef("pk"), phase__programme__key=programme)
        return rows.filter(Exists(entries))

    def for_condition(self, rows: QuerySet[Exercise], name: str, condition: str) -> QuerySet[Exercise]:
        entries = PhaseExercise.objects.filter(
            exercise=OuterRef("pk"), phase__programme__conditions__contains=[condition]
        )
        return rows.filter(Exists(entries))


class ProgrammeFilterSet(rest_framework.FilterSet):
    condition = django_filters.CharFilter(method="for_condition", help_text="A condition id that the programme is for.")
    supervision = django_filters.ChoiceFilter(
        choices=Supervision.choices, help_text="Whether it can be begun alone, is led, or must be allowed first."
    )
    exercise = django_filters.CharFilter(method="with_exercise", help_text="An exercise id in one of its phases.")

    class Meta:
        model = Programme
        fields = ["condition", "supervision", "exercise"]

    def for_condition(self, rows: QuerySet[Programme], name: str, condition: str) -> QuerySet[Programme]:
        return rows.filter(conditions__contains=[condition])

    def with_exercise(self, rows: QuerySet[Programme], name: str, exercise: str) -> QuerySet[Programme]:
        entries = PhaseExercise.objects.filter(phase__programme=OuterRef("pk"), exercise__key=exercise)
        return rows.filter(Exists(entries))


def _stops(release_id: int) -> Iterable[Mapping[str, Any]]:
    """When no exercise at all must be done."""
    return GeneralRule.objects.filter(release_id=release_id, effect=Effect.CONTRAINDICATED).values("rule")
