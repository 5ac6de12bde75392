"""The exercises of one release as plain rows: what can be done, in which programmes, by whom, and from where on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from triage.engine.safety_reason import RuleTree, SafetyReason

Irritability = Literal["low", "moderate", "high"]
Stage = Literal["acute", "subacute", "persistent"]
Effect = Literal["contraindicated", "caution"]

LEVELS: Mapping[str, tuple[str, ...]] = {
    "irritability": ("low", "moderate", "high"),
    "stage": ("acute", "subacute", "persistent"),
}
"""What a starting rule may decide, with its levels in rising order."""

Span = Mapping[str, int]
"""`{from, to}`, both included."""


@dataclass(frozen=True, slots=True)
class ExerciseStep:
    """The next easier step: another exercise, a way of doing this one, or both."""

    exercise: str | None = None
    how: str | None = None


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise, with the rules for whom it is not; `dose` holds spans as the catalogue tells them."""

    key: str
    name: str
    position: str
    steps: tuple[str, ...]
    dose: Mapping[str, Any]
    regression: ExerciseStep | None = None
    equipment: tuple[str, ...] = ()
    breathing: str | None = None
    effort: str | None = None
    contraindicated_if: tuple[SafetyReason, ...] = ()
    caution_if: tuple[SafetyReason, ...] = ()


@dataclass(frozen=True, slots=True)
class GeneralRule:
    """When no exercise at all must be done (`contraindicated`), or every one only with care (`caution`)."""

    key: str
    effect: Effect
    reason: SafetyReason


@dataclass(frozen=True, slots=True)
class PhaseExercise:
    """An exercise of a phase with its dose there, in words."""

    exercise: str
    dose: str


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a programme, from week to week; `to_week` is None where it goes on."""

    name: str
    from_week: float
    to_week: float | None
    frequency: str
    exercises: tuple[PhaseExercise, ...]
    times_per_week: Span | None = None
    criteria_to_progress: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """Who begins with the phase of this number (from 1); nothing named means any."""

    phase: int
    because: str
    irritability: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    when: RuleTree | None = None
    citations: tuple[str, ...] = ()
    estimate: str | None = None


@dataclass(frozen=True, slots=True)
class PhaseLimit:
    """With which phase (from 1) the programme ends for people with the condition."""

    condition: str
    last_phase: int
    because: str


@dataclass(frozen=True, slots=True)
class Programme:
    """Exercises in phases for people with some conditions."""

    key: str
    name: str
    purpose: str
    conditions: tuple[str, ...]
    supervision: str
    phases: tuple[Phase, ...]
    stop_rules: tuple[str, ...]
    note: str | None = None
    precautions: tuple[str, ...] = ()
    starts: tuple[Start, ...] = ()
    limits: tuple[PhaseLimit, ...] = ()
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Precaution:
    """What people with these conditions mind in any programme; `avoid` and `modify` are exercises."""

    key: str
    conditions: tuple[str, ...]
    text: str
    avoid: frozenset[str] = frozenset()
    modify: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StartingRule:
    """What makes a hip irritable to the degree `level`, or a complaint as old as the stage `level`.

    Of the rules that hold the last level counts; one that is `if_unsure` holds also where a later one is not decided.
    """

    key: str
    decides: Literal["irritability", "stage"]
    level: str
    rule: RuleTree
    because: str
    one_level_down: bool = False
    if_unsure: bool = False
    citations: tuple[str, ...] = ()
    estimate: str | None = None


@dataclass(frozen=True, slots=True)
class ExerciseKnowledge:
    """Everything that a release knows about exercise."""

    exercises: tuple[Exercise, ...] = ()
    general_rules: tuple[GeneralRule, ...] = ()
    programmes: tuple[Programme, ...] = ()
    precautions: tuple[Precaution, ...] = ()
    starting_rules: tuple[StartingRule, ...] = ()
