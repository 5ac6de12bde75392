"""What to read: the exercises and programmes of one release, ordered by their public id."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, QuerySet

from .models import Exercise, GeneralRule, Phase, PhaseExercise, Programme

if TYPE_CHECKING:
    from conditions.models import Release


def general_rules(release: "Release") -> QuerySet[GeneralRule]:
    """The rules that hold for every exercise."""
    return GeneralRule.objects.filter(release=release).order_by("key")


def exercises(release: "Release") -> QuerySet[Exercise]:
    return Exercise.objects.filter(release=release).order_by("key")


def programmes(release: "Release") -> QuerySet[Programme]:
    """The programmes without what hangs on them."""
    return Programme.objects.filter(release=release).order_by("key")


def programmes_with_phases(release: "Release") -> QuerySet[Programme]:
    """The programmes with their phases and exercises, in three queries however many there are."""
    entries = PhaseExercise.objects.select_related("exercise").order_by("position")
    phases = Phase.objects.order_by("position").prefetch_related(Prefetch("exercises", entries))
    return programmes(release).prefetch_related(Prefetch("phases", phases))


def programmes_in_full(release: "Release") -> Mapping[str, Mapping[str, Any]]:
    """Each programme by its id as plain data to hand to a patient, its rules and precautions in words."""
    return {row.key: _document(row) for row in programmes_with_phases(release)}


def _document(row: Programme) -> dict[str, Any]:
    return {
        "id": row.key,
        "name": row.name,
        "purpose": row.purpose,
        "supervision": row.supervision,
        "note": row.note or None,
        "phases": [_phase_document(phase) for phase in row.phases.all()],
        "stop_rules": [rule["text"] for rule in row.stop_rules],
        "precautions": [precaution["text"] for precaution in row.precautions],
        "citations": row.citations,
    }


def _phase_document(phase: Phase) -> dict[str, Any]:
    return {
        "name": phase.name,
        "weeks": {"from": phase.from_week, "to": phase.to_week},
        "frequency": phase.frequency,
        "exercises": [
            {"exercise": entry.exercise.key, "name": entry.exercise.name, "dose": entry.dose}
            for entry in phase.exercises.all()
        ],
        "criteria_to_progress": phase.criteria_to_progress or None,
        "notes": phase.notes or None,
    }
