"""What to read: the exercises and programmes of one release, ordered by their public id."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, QuerySet

from conditions.content_rows import fields_of
from hipcare.errors import NotFound

from .drawings import schema
from .drawings.picture import render
from .models import Drawing, Exercise, GeneralRule, Phase, PhaseExercise, Programme

if TYPE_CHECKING:
    from conditions.models import Release


def general_rules(release: "Release") -> QuerySet[GeneralRule]:
    """The rules that hold for every exercise."""
    return GeneralRule.objects.filter(release=release).order_by("key")


def exercises(release: "Release") -> QuerySet[Exercise]:
    """The exercises with their drawings; releases from before there were any have none."""
    return Exercise.objects.filter(release=release).select_related("drawing").order_by("key")


def drawings(release: "Release") -> QuerySet[Drawing]:
    return Drawing.objects.filter(release=release).order_by("key")


def picture_of(exercise: Exercise) -> str:
    """The drawing of the exercise as SVG. Raises NotFound in a release from before there were drawings."""
    row: Drawing | None = getattr(exercise, "drawing", None)
    if row is None:
        raise NotFound()
    return render(schema.Drawing.model_validate(fields_of(row, schema.Drawing)), exercise.name)


def programmes(release: "Release") -> QuerySet[Programme]:
    """The programmes without what hangs on them."""
    return Programme.objects.filter(release=release).order_by("key")


def programmes_with_phases(release: "Release") -> QuerySet[Programme]:
    """The programmes with their phases and exercises, in three queries however many there are."""
    entries = PhaseExercise.objects.select_related("exercise__drawing").order_by("position")
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
