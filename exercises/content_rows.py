"""Between an `ExerciseContent` and the rows of a release, both ways: `content_of` is what `create_rows` was given."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from conditions.content_rows import columns_of, fields_of

from . import content_schema as schema
from . import models, selectors
from .drawings.schema import Drawing

if TYPE_CHECKING:
    from conditions.models import Release


def create_rows(release: "Release", content: schema.ExerciseContent) -> None:
    """Insert every row of the content into the release, which has none yet. Does not check the content."""
    models.GeneralRule.objects.bulk_create(
        models.GeneralRule(release=release, **columns_of(entry, models.GeneralRule)) for entry in content.general_rules
    )
    exercises = models.Exercise.objects.bulk_create(
        models.Exercise(release=release, **columns_of(entry, models.Exercise)) for entry in content.exercises
    )
    by_key = {row.key: row for row in exercises}
    models.Drawing.objects.bulk_create(
        models.Drawing(release=release, exercise=by_key[entry.id], **columns_of(entry, models.Drawing))
        for entry in content.drawings
    )
    for programme in content.programmes:
        _create_programme(release, programme, by_key)
    models.Precaution.objects.bulk_create(
        models.Precaution(
            release=release, **columns_of(entry, models.Precaution) | {"conditions": list(entry.conditions)}
        )
        for entry in content.precautions
    )
    models.StartingRule.objects.bulk_create(
        models.StartingRule(release=release, **columns_of(entry, models.StartingRule))
        for entry in content.starting_rules
    )


def delete_rows(release: "Release") -> None:
    """Delete every row of the release."""
    models.Drawing.objects.filter(release=release).delete()
    models.StartingRule.objects.filter(release=release).delete()
    models.Precaution.objects.filter(release=release).delete()
    models.Programme.objects.filter(release=release).delete()
    models.Exercise.objects.filter(release=release).delete()
    models.GeneralRule.objects.filter(release=release).delete()


def content_of(release: "Release") -> schema.ExerciseContent:
    """The content whose rows the release has. Raises pydantic.ValidationError where a row has no valid shape."""
    return schema.ExerciseContent.model_validate(
        {
            "general_rules": [fields_of(row, schema.GeneralRule) for row in selectors.general_rules(release)],
            "exercises": [fields_of(row, schema.Exercise) for row in selectors.exercises(release)],
            "programmes": [_programme_document(row) for row in selectors.programmes_with_phases(release)],
            "drawings": [fields_of(row, Drawing) for row in selectors.drawings(release)],
            "precautions": [_with_for(fields_of(row, schema.Precaution)) for row in selectors.precautions(release)],
            "starting_rules": [fields_of(row, schema.StartingRule) for row in selectors.starting_rules(release)],
        }
    )


def _create_programme(
    release: "Release", programme: schema.Programme, exercises: Mapping[str, models.Exercise]
) -> None:
    columns = columns_of(programme, models.Programme) | {"conditions": list(programme.conditions)}
    row = models.Programme.objects.create(release=release, **columns)
    phases = models.Phase.objects.bulk_create(
        models.Phase(release=release, programme=row, position=position, **_phase_columns(phase))
        for position, phase in enumerate(programme.phases, start=1)
    )
    models.PhaseExercise.objects.bulk_create(
        models.PhaseExercise(
            release=release, phase=phase, exercise=exercises[entry.exercise], position=position, dose=entry.dose
        )
        for phase, document in zip(phases, programme.phases, strict=True)
        for position, entry in enumerate(document.exercises, start=1)
    )


def _phase_columns(phase: schema.Phase) -> dict[str, Any]:
    weeks = {"from_week": phase.weeks["from"], "to_week": phase.weeks["to"]}
    return columns_of(phase, models.Phase) | weeks


def _programme_document(row: models.Programme) -> dict[str, Any]:
    return _with_for(fields_of(row, schema.Programme)) | {
        "phases": [_phase_document(phase) for phase in row.phases.all()],
    }


def _with_for(document: dict[str, Any]) -> dict[str, Any]:
    return document | {"for": document.pop("conditions")}


def _phase_document(row: models.Phase) -> dict[str, Any]:
    return fields_of(row, schema.Phase) | {
        "weeks": {"from": row.from_week, "to": row.to_week},
        "exercises": _exercise_documents(row.exercises.all()),
    }


def _exercise_documents(rows: Iterable[models.PhaseExercise]) -> list[dict[str, str]]:
    return [{"exercise": row.exercise.key, "dose": row.dose} for row in rows]
