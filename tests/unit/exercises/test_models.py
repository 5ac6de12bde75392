"""The invariants that the database keeps: each constraint is violated once, by its name."""

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from conditions.actions import releases
from conditions.models import Release
from exercises.actions import content
from exercises.models import (
    Drawing,
    Exercise,
    GeneralRule,
    Phase,
    PhaseExercise,
    Precaution,
    Programme,
    StartingRule,
)

VIOLATIONS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "general_rule_key_unique_in_release": (GeneralRule, {"key": "very_old"}),
    "general_rule_effect_known": (GeneralRule, {"effect": "forbidden"}),
    "general_rule_has_source": (GeneralRule, {"estimate": "", "citations": []}),
    "exercise_key_unique_in_release": (Exercise, {"key": "side_step"}),
    "exercise_purpose_known": (Exercise, {"purpose": "fun"}),
    "exercise_targets_known": (Exercise, {"targets": ["ear"]}),
    "exercise_equipment_known": (Exercise, {"equipment": ["sofa"]}),
    "exercise_has_steps": (Exercise, {"steps": []}),
    "exercise_has_source": (Exercise, {"estimate": "", "citations": []}),
    "drawing_key_unique_in_release": (Drawing, {"key": "side_step"}),
    "drawing_has_alt": (Drawing, {"alt": ""}),
    "programme_key_unique_in_release": (Programme, {"key": "prog_gtps_8"}),
    "programme_supervision_known": (Programme, {"supervision": "alone"}),
    "programme_has_stop_rules": (Programme, {"stop_rules": []}),
    "programme_has_source": (Programme, {"estimate": "", "citations": []}),
    "phase_position_unique_in_programme": (Phase, {"position": 2}),
    "phase_from_week_not_negative": (Phase, {"from_week": -1}),
    "phase_weeks_in_order": (Phase, {"from_week": 5, "to_week": 4}),
    "phase_has_source": (Phase, {"estimate": "", "citations": []}),
    "phase_exercise_position_unique": (PhaseExercise, {"position": 2}),
    "starting_rule_key_unique_in_release": (StartingRule, {"key": "stage_acute"}),
    "starting_rule_level_known": (StartingRule, {"level": "acute"}),
    "starting_rule_has_source": (StartingRule, {"estimate": "", "citations": []}),
    "precaution_has_conditions": (Precaution, {"conditions": []}),
    "precaution_has_source": (Precaution, {"estimate": "", "citations": []}),
}
# These cannot be violated by a change of one row: the primary key holds the first kind, the next test the last.
ADDRESSES = {"exercise_addressed_with_release", "programme_addressed_with_release", "phase_addressed_with_release"}
ELSEWHERE = {"phase_exercise_once_per_phase", "precaution_key_unique_in_release"}


def test_every_constraint_is_violated() -> None:
    models = apps.get_app_config("exercises").get_models()
    declared = {constraint.name for model in models for constraint in model._meta.constraints}

    assert declared == {*VIOLATIONS} | ADDRESSES | ELSEWHERE


@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses(draft: Release, name: str) -> None:
    model, change = VIOLATIONS[name]
    first = model.objects.filter(release=draft).first()

    with pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
        model.objects.filter(pk=first.pk).update(**change)


def test_an_exercise_is_in_a_phase_once(draft: Release) -> None:
    entry = PhaseExercise.objects.filter(release=draft).first()
    assert entry is not None

    with pytest.raises(IntegrityError, match='"phase_exercise_once_per_phase"'), transaction.atomic():
        PhaseExercise.objects.create(
            release=draft, phase=entry.phase, exercise=entry.exercise, position=9, dose="again"
        )


def test_the_id_of_a_precaution_is_there_once(draft: Release) -> None:
    row = Precaution.objects.get(release=draft)
    row.pk = None

    with pytest.raises(IntegrityError, match='"precaution_key_unique_in_release"'), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    "model", [GeneralRule, Exercise, Drawing, Programme, Phase, PhaseExercise, Precaution, StartingRule]
)
def test_a_published_row_is_frozen(published: Release, model: type[Any]) -> None:
    row = model.objects.filter(release=published).first()

    with pytest.raises(IntegrityError, match="its release is published"), transaction.atomic():
        row.save()
    with pytest.raises(IntegrityError, match="its release is published"), transaction.atomic():
        row.delete()
    row.pk = None
    with pytest.raises(IntegrityError, match="its release is published"), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("model", "column"), [(Phase, "programme"), (PhaseExercise, "phase"), (PhaseExercise, "exercise")]
)
def test_no_row_points_into_another_release(published: Release, model: type[Any], column: str) -> None:
    draft = releases.clone_draft(release=published, version="2026.2.1")
    content.copy_into(release=draft, source=published)
    row = model.objects.filter(release=published).get(position=2)
    row.pk, row.release, row.position = None, draft, 9
    others = {"phase": "exercise", "exercise": "phase"}
    if column in others:
        setattr(row, others[column], getattr(model.objects.filter(release=draft).first(), others[column]))

    with pytest.raises(IntegrityError, match=f"{column}_id_same_release"), transaction.atomic():
        save_at_once(row)


def save_at_once(row: Model) -> None:
    """Insert the row and have the deferred constraints looked at before the transaction ends."""
    row.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
