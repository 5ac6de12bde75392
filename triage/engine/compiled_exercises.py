"""The exercises of a release with their rules ready to be evaluated, once per release and process."""

from collections.abc import Mapping
from dataclasses import dataclass

from triage.engine.exercises import Exercise, ExerciseKnowledge, Precaution, Programme, Start, StartingRule
from triage.engine.rules import Language, Rule
from triage.engine.suitability import CompiledReasons, CompiledSafety, compile_reasons, compile_safety


@dataclass(frozen=True, slots=True)
class CompiledExercise:
    """An exercise with its safety rules ready to be evaluated."""

    row: Exercise
    safety: CompiledSafety


@dataclass(frozen=True, slots=True)
class CompiledStart:
    """Who begins with a later phase."""

    row: Start
    when: Rule | None


@dataclass(frozen=True, slots=True)
class CompiledProgramme:
    """A programme with the rules for where to begin."""

    row: Programme
    starts: tuple[CompiledStart, ...]


@dataclass(frozen=True, slots=True)
class CompiledStartingRule:
    """What decides a level of irritability or a stage."""

    row: StartingRule
    rule: Rule


@dataclass(frozen=True, slots=True)
class CompiledExercises:
    """Everything that a release knows about exercise, by id."""

    exercises: Mapping[str, CompiledExercise]
    programmes: Mapping[str, CompiledProgramme]
    stops: CompiledReasons
    """When no exercise at all must be done."""
    cautions: CompiledReasons
    """When every exercise needs care."""
    precautions: tuple[Precaution, ...]
    starting_rules: tuple[CompiledStartingRule, ...]


def compile_exercises(
    knowledge: ExerciseKnowledge, language: Language, hidden_from_a_patient: int
) -> CompiledExercises:
    """The rows with their rules compiled."""

    def general(effect: str, taken_as_absent: int = 0) -> CompiledReasons:
        reasons = tuple(r.reason for r in knowledge.general_rules if r.effect == effect)
        return compile_reasons(reasons, language, taken_as_absent)

    return CompiledExercises(
        exercises={row.key: _compile_exercise(row, language, hidden_from_a_patient) for row in knowledge.exercises},
        programmes={row.key: _compile_programme(row, language) for row in knowledge.programmes},
        stops=general("contraindicated"),
        cautions=general("caution", hidden_from_a_patient),
        precautions=knowledge.precautions,
        starting_rules=tuple(
            CompiledStartingRule(row, language.rule(row.rule))
            for row in sorted(knowledge.starting_rules, key=lambda row: row.key)
        ),
    )


def _compile_exercise(row: Exercise, language: Language, hidden_from_a_patient: int) -> CompiledExercise:
    name = ("exercise", row.key)
    safety = compile_safety(name, row.contraindicated_if, row.caution_if, language, hidden_from_a_patient)
    return CompiledExercise(row, safety)


def _compile_programme(row: Programme, language: Language) -> CompiledProgramme:
    starts = (CompiledStart(start, language.optional(start.when)) for start in row.starts)
    return CompiledProgramme(row, tuple(starts))
