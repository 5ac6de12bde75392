"""The shape of the exercise files: one frozen model for each kind of entry, and `ExerciseContent` for a directory.

The conventions are those of `conditions.content_schema`: the order of the fields is the order in which they are
written, a field with a default is written only when it differs.
"""

from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator, with_config
from typing_extensions import TypedDict

from conditions.content_schema import Entry, Id, OptionalRule, Rule, Sourced, Text, TreatmentRule

from .drawings.schema import Drawing
from .models import choices

Count = Annotated[int, Field(ge=1)]
Week = Annotated[int | float, Field(ge=0, allow_inf_nan=False)]

_Span = TypedDict("_Span", {"from": Count, "to": Count})
_Weeks = TypedDict("_Weeks", {"from": Week, "to": Week | None})
_only_these = with_config(ConfigDict(extra="forbid"))
_only_these(_Span)
_only_these(_Weeks)


def _in_order(span: _Span) -> _Span:
    if span["from"] > span["to"]:
        raise ValueError("from must not be above to")
    return span


def _weeks_in_order(weeks: _Weeks) -> _Weeks:
    if weeks["to"] is not None and weeks["from"] > weeks["to"]:
        raise ValueError("from must not be above to")
    return weeks


Span = Annotated[_Span, AfterValidator(_in_order)]
Weeks = Annotated[_Weeks, AfterValidator(_weeks_in_order)]


class GeneralRule(Sourced):
    """When no exercise at all must be done, or every exercise only with care."""

    id: Id
    effect: choices.Effect
    rule: Rule
    because: Text


class Dose(Entry):
    """How much; what does not apply is left out."""

    sets: Span | None = None
    repetitions: Span | None = None
    hold_seconds: Span | None = None
    tempo: Text | None = None
    rest_seconds: Span | None = None
    side: choices.Side
    minutes: Span | None = None
    times_per_day: Span | None = None
    times_per_week: Span | None = None
    note: Text | None = None


class Step(Entry):
    """The next harder or easier step: another exercise, a way of doing this one, or both."""

    exercise: Id | None = None
    how: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.exercise is None and self.how is None:
            raise ValueError("name an exercise, say how, or both")
        return self


class Exercise(Sourced):
    id: Id
    name: Text
    purpose: choices.Purpose
    targets: Annotated[tuple[choices.Target, ...], Field(min_length=1)]
    position: Text
    steps: Annotated[tuple[Text, ...], Field(min_length=3, max_length=6)]
    dose: Dose
    progression: Step | None
    regression: Step | None
    equipment: tuple[choices.Equipment, ...]
    breathing: Text | None
    effort: Text | None
    contraindicated_if: tuple[TreatmentRule, ...]
    caution_if: tuple[TreatmentRule, ...]


class PhaseExercise(Entry):
    exercise: Id
    dose: Text


class Phase(Sourced):
    """A part of a programme; `times_per_week` says `frequency` in numbers, where it can be said so."""

    name: Text
    weeks: Weeks
    frequency: Text
    times_per_week: Span | None = None
    exercises: tuple[PhaseExercise, ...]
    criteria_to_progress: Text | None
    notes: Text | None


class Advice(Sourced):
    """A sentence for the person who exercises."""

    text: Text


class Start(Sourced):
    """Who begins with a later phase than the first: `phase` is counted from 1, an empty list means any."""

    phase: Count
    irritability: tuple[choices.Irritability, ...] = ()
    stage: tuple[choices.Stage, ...] = ()
    when: OptionalRule = None
    because: Text


class PhaseLimit(Sourced):
    """With this condition the programme ends with the phase `last_phase`, counted from 1."""

    condition: Id
    last_phase: Count
    because: Text


class Programme(Sourced):
    """A programme; its conditions stand under `for`. Of `starts` the first that fits decides where to begin."""

    model_config = ConfigDict(serialize_by_alias=True)

    id: Id
    name: Text
    purpose: Text
    conditions: Annotated[tuple[Id, ...], Field(alias="for")]
    supervision: choices.Supervision
    note: Text | None
    phases: tuple[Phase, ...]
    stop_rules: Annotated[tuple[Advice, ...], Field(min_length=1)]
    precautions: tuple[Advice, ...]
    starts: tuple[Start, ...] = ()
    limits: tuple[PhaseLimit, ...] = ()


class StartingRule(Sourced):
    """What makes a hip irritable to this degree, or a complaint this old.

    Of the rules that hold the last level in the order of `choices` counts; one that is `if_unsure` holds also where a
    later one is not decided. With `one_level_down` every exercise of the first phase begins with its easier step.
    """

    id: Id
    decides: choices.Decides
    level: choices.Irritability | choices.Stage
    rule: Rule
    because: Text
    one_level_down: bool = False
    if_unsure: bool = False

    @model_validator(mode="after")
    def _level_fits(self) -> Self:
        levels = choices.LEVELS[self.decides]
        if self.level not in levels:
            raise ValueError(f"the levels of {self.decides.value} are {', '.join(levels.values)}")
        return self


class Precaution(Sourced):
    """What people with a condition must mind in any programme: exercises to leave out, and exercises to change.

    `text` is told for the whole programme, and as the reason at the exercises that it names.
    """

    model_config = ConfigDict(serialize_by_alias=True)

    id: Id
    conditions: Annotated[tuple[Id, ...], Field(alias="for", min_length=1)]
    text: Text
    avoid: tuple[Id, ...]
    modify: tuple[Id, ...]


class ExerciseContent(Entry):
    """Everything that one release knows about exercise, as a content directory holds it."""

    general_rules: tuple[GeneralRule, ...]
    exercises: tuple[Exercise, ...]
    programmes: tuple[Programme, ...]
    drawings: tuple[Drawing, ...]
    precautions: tuple[Precaution, ...]
    starting_rules: tuple[StartingRule, ...]
