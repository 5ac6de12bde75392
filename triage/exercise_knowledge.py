"""From the exercise rows of a release to what the engine reads."""

from collections.abc import Mapping
from typing import Any, cast

from exercises import selectors
from triage.engine.exercises import (
    Effect,
    Exercise,
    ExerciseKnowledge,
    ExerciseStep,
    GeneralRule,
    Phase,
    PhaseExercise,
    PhaseLimit,
    Precaution,
    Programme,
    Start,
    StartingRule,
)
from triage.engine.safety_reason import SafetyReason


def read_exercises(release: Any) -> ExerciseKnowledge:
    """The exercises of a release as the engine's own types."""
    return ExerciseKnowledge(
        exercises=tuple(_exercise(row) for row in selectors.exercises(release)),
        general_rules=tuple(
            GeneralRule(row.key, cast(Effect, row.effect), SafetyReason(row.rule, row.because))
            for row in selectors.general_rules(release)
        ),
        programmes=tuple(_programme(row) for row in selectors.programmes_with_phases(release)),
        precautions=tuple(
            Precaution(row.key, tuple(row.conditions), row.text, frozenset(row.avoid), frozenset(row.modify))
            for row in selectors.precautions(release)
        ),
        starting_rules=tuple(_starting_rule(row) for row in selectors.starting_rules(release)),
    )


def _exercise(row: Any) -> Exercise:
    return Exercise(
        key=row.key,
        name=row.name,
        position=row.position,
        steps=tuple(row.steps),
        dose=row.dose,
        regression=ExerciseStep(**row.regression) if row.regression else None,
        equipment=tuple(row.equipment),
        breathing=row.breathing or None,
        effort=row.effort or None,
        contraindicated_if=safety_reasons(row.contraindicated_if),
        caution_if=safety_reasons(row.caution_if),
    )


def _programme(row: Any) -> Programme:
    return Programme(
        key=row.key,
        name=row.name,
        purpose=row.purpose,
        conditions=tuple(row.conditions),
        supervision=row.supervision,
        phases=tuple(_phase(phase) for phase in row.phases.all()),
        stop_rules=tuple(rule["text"] for rule in row.stop_rules),
        note=row.note or None,
        precautions=tuple(precaution["text"] for precaution in row.precautions),
        starts=tuple(_start(start) for start in row.starts),
        limits=tuple(PhaseLimit(limit["condition"], limit["last_phase"], limit["because"]) for limit in row.limits),
        citations=tuple(row.citations),
    )


def _phase(row: Any) -> Phase:
    return Phase(
        name=row.name,
        from_week=row.from_week,
        to_week=row.to_week,
        frequency=row.frequency,
        exercises=tuple(PhaseExercise(entry.exercise.key, entry.dose) for entry in row.exercises.all()),
        times_per_week=row.times_per_week,
        criteria_to_progress=row.criteria_to_progress or None,
        notes=row.notes or None,
    )


def _start(start: Mapping[str, Any]) -> Start:
    return Start(
        phase=start["phase"],
        because=start["because"],
        irritability=tuple(start["irritability"]),
        stage=tuple(start["stage"]),
        when=start["when"],
        citations=tuple(start["citations"]),
        estimate=start["estimate"],
    )


def _starting_rule(row: Any) -> StartingRule:
    return StartingRule(
        key=row.key,
        decides=row.decides,
        level=row.level,
        rule=row.rule,
        because=row.because,
        one_level_down=row.one_level_down,
        if_unsure=row.if_unsure,
        citations=tuple(row.citations),
        estimate=row.estimate or None,
    )


def safety_reasons(rows: list[Mapping[str, Any]]) -> tuple[SafetyReason, ...]:
    """Why something is not for somebody: of treatments as of exercises."""
    return tuple(SafetyReason(row["rule"], row["because"]) for row in rows)
