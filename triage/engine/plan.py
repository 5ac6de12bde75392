"""The exercise programme of one person, in the shape of the API contract. Days count from the first day, day 0."""

from typing import Literal

from typing_extensions import TypedDict

from triage.engine.exercises import Irritability, Stage

ExerciseStatus = Literal["recommended", "caution"]

WeekSpan = TypedDict("WeekSpan", {"from": float, "to": float | None})
"""Weeks of the programme as its source counts them; `to` is null where the phase goes on."""

DaySpan = TypedDict("DaySpan", {"from": int, "to": int | None})
"""Days from the person's first day, both included; `to` is null where the phase goes on."""

TimesPerWeek = TypedDict("TimesPerWeek", {"from": int, "to": int})
"""How often a week, both included."""


class SafetyQuestion(TypedDict):
    """Something to ask before a treatment is given."""

    finding: str
    question: str


class ExerciseQuestion(SafetyQuestion):
    """Something to ask before an exercise is given, and who can answer it: what a clinician knows is no question for
    the person.
    """

    who: Literal["patient", "clinician"]


class StartingPoint(TypedDict):
    """Where this person begins and why.

    `irritability` says how easily the hip is stirred up, `stage` how long the pain has lasted (null where not known).
    `one_level_down` says that the first phase is done with easier steps. What these rest on: `citations`, `estimates`.
    """

    phase: int
    name: str
    irritability: Irritability | None
    stage: Stage | None
    one_level_down: bool
    because: list[str]
    citations: list[str]
    estimates: list[str]


class Replaced(TypedDict):
    """The exercise in whose place another one is given, and why."""

    exercise: str
    name: str
    because: list[str]


class PlannedExercise(TypedDict):
    """An exercise of a phase; `how` is an easier way of doing it, where that is how to begin."""

    exercise: str
    name: str
    dose: str
    how: str | None
    instead_of: Replaced | None


class PlannedPhase(TypedDict):
    """A phase from the person's starting point on; `phase` is its number in the whole programme.

    `left_out` are exercises of the phase that do not suit and have no easier step that does.
    """

    phase: int
    name: str
    weeks: WeekSpan
    days: DaySpan
    frequency: str
    times_per_week: TimesPerWeek | None
    exercises: list[PlannedExercise]
    left_out: list[Replaced]
    criteria_to_progress: str | None
    notes: str | None


class EasierStep(TypedDict):
    """What to do when an exercise is too much: another one, a way of doing this one, or both."""

    exercise: str | None
    name: str | None
    how: str | None


class ExerciseCard(TypedDict):
    """One exercise of the programme in full, with whether it suits this person.

    With `caution`, `because` says what to mind, and `ask_first` names the findings to ask about before it is done.
    """

    id: str
    name: str
    position: str
    steps: list[str]
    equipment: list[str]
    breathing: str | None
    effort: str | None
    easier: EasierStep | None
    status: ExerciseStatus
    because: list[str]
    ask_first: list[str]


ProgrammePlan = TypedDict(
    "ProgrammePlan",
    {
        "id": str,
        "name": str,
        "purpose": str,
        "for": list[str],
        "supervision": str,
        "note": str | None,
        "status": ExerciseStatus,
        "cautions": list[str],
        "safety_questions": list[ExerciseQuestion],
        "starting_point": StartingPoint,
        "phases": list[PlannedPhase],
        "ends_early": str | None,
        "exercises": list[ExerciseCard],
        "stop_rules": list[str],
        "precautions": list[str],
        "citations": list[str],
    },
)
"""A programme built for one person: phases from the starting point on, each exercise once in full in `exercises`.

`cautions` hold for all of it; `safety_questions` holds each question of its safety rules once; `ends_early` says why
the later phases of the programme are not given. (`for` is no name in class syntax.)
"""
