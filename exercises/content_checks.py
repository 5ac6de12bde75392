"""What exercises and programmes must say about each other, and about the release that they belong to.

A check yields the path of what is wrong and a message, as in `conditions.content_checks`, whose checks of sources,
rules and ids are used as they are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from conditions import content_checks, rules
from conditions.content_checks import Problem, Statements, repeated, unknown

from .content_schema import ExerciseContent
from .drawings.picture import faults


@dataclass(frozen=True)
class Surroundings:
    """What a release knows besides its exercises.

    `ids` holds its ids by kind; `exercises_of_treatments` and `programme_of_conditions` what its treatments and
    conditions ask this app for.
    """

    ids: Mapping[str, frozenset[str]]
    demographic: frozenset[str]
    red_flag_rules: Mapping[str, rules.Rule]
    exercises_of_treatments: Mapping[str, Iterable[str]]
    programme_of_conditions: Mapping[str, str]


class Catalogue(Statements):
    """A content directory with what surrounds it in its release."""

    content: ExerciseContent

    def __init__(self, content: ExerciseContent, surroundings: Surroundings) -> None:
        super().__init__(
            content,
            ids={
                **surroundings.ids,
                "exercise": frozenset(exercise.id for exercise in content.exercises),
                "programme": frozenset(programme.id for programme in content.programmes),
            },
            demographic=surroundings.demographic,
            red_flag_rules=surroundings.red_flag_rules,
        )
        self.surroundings = surroundings


def problems_in(content: ExerciseContent, surroundings: Surroundings) -> Iterator[Problem]:
    """Every problem that any of the checks finds."""
    catalogue = Catalogue(content, surroundings)
    for check in CHECKS:
        yield from check(catalogue)


def ids_are_unique(catalogue: Catalogue) -> Iterator[Problem]:
    for section in type(catalogue.content).model_fields:
        yield from repeated((section,), [entry.id for entry in getattr(catalogue.content, section)])
    for index, programme in enumerate(catalogue.content.programmes):
        for position, phase in enumerate(programme.phases):
            path = ("programmes", index, "phases", position, "exercises")
            yield from repeated(path, [entry.exercise for entry in phase.exercises])


def conditions_under_for_are_known(catalogue: Catalogue) -> Iterator[Problem]:
    known = catalogue.ids["condition"]
    for section in ("programmes", "precautions"):
        for index, entry in enumerate(getattr(catalogue.content, section)):
            for position, name in enumerate(entry.conditions):
                if name not in known:
                    yield (section, index, "for", position), unknown("condition", name, known)


def exercises_of_treatments_exist(catalogue: Catalogue) -> Iterator[Problem]:
    known = catalogue.ids["exercise"]
    for treatment, names in catalogue.surroundings.exercises_of_treatments.items():
        for name in sorted(set(names) - known):
            yield ("exercises",), f'the treatment "{treatment}" needs an {unknown("exercise", name, known)}'


def programmes_of_conditions_are_for_them(catalogue: Catalogue) -> Iterator[Problem]:
    programmes = {programme.id: (index, programme) for index, programme in enumerate(catalogue.content.programmes)}
    for condition, name in catalogue.surroundings.programme_of_conditions.items():
        if name not in programmes:
            yield ("programmes",), f'the condition "{condition}" needs an {unknown("programme", name, programmes)}'
        elif condition not in programmes[name][1].conditions:
            path = ("programmes", programmes[name][0], "for")
            yield path, f'the condition "{condition}" has this programme, which is not for it'


def no_exercise_leads_to_itself(catalogue: Catalogue) -> Iterator[Problem]:
    for index, exercise in enumerate(catalogue.content.exercises):
        for name in ("progression", "regression"):
            step = getattr(exercise, name)
            if step is not None and step.exercise == exercise.id:
                yield ("exercises", index, name), f'"{exercise.id}" leads to itself'


def easier_steps_come_to_an_end(catalogue: Catalogue) -> Iterator[Problem]:
    easier = {
        exercise.id: exercise.regression.exercise for exercise in catalogue.content.exercises if exercise.regression
    }
    for index, exercise in enumerate(catalogue.content.exercises):
        seen: set[str | None] = set()
        step: str | None = exercise.id
        while step is not None and step not in seen:
            seen.add(step)
            step = easier.get(step)
        if step == exercise.id and easier[step] != step:
            yield ("exercises", index, "regression"), f'the easier steps of "{exercise.id}" lead back to it'


def starts_and_limits_name_a_phase(catalogue: Catalogue) -> Iterator[Problem]:
    for index, programme in enumerate(catalogue.content.programmes):
        phases = {
            **{("starts", i, "phase"): start.phase for i, start in enumerate(programme.starts)},
            **{("limits", i, "last_phase"): limit.last_phase for i, limit in enumerate(programme.limits)},
        }
        for path, phase in phases.items():
            if phase > len(programme.phases):
                yield ("programmes", index, *path), f"there are {len(programme.phases)} phases"


def limits_are_for_the_programmes_own_conditions(catalogue: Catalogue) -> Iterator[Problem]:
    for index, programme in enumerate(catalogue.content.programmes):
        for position, limit in enumerate(programme.limits):
            if limit.condition not in programme.conditions:
                path = ("programmes", index, "limits", position, "condition")
                yield path, f'the programme is not for "{limit.condition}"'


def programmes_without_exercises_say_why(catalogue: Catalogue) -> Iterator[Problem]:
    for index, programme in enumerate(catalogue.content.programmes):
        if not programme.phases and programme.note is None:
            yield ("programmes", index), "a programme without phases needs a note that says why"


def phases_follow_each_other(catalogue: Catalogue) -> Iterator[Problem]:
    for index, programme in enumerate(catalogue.content.programmes):
        for position, (before, after) in enumerate(pairwise(programme.phases)):
            if after.weeks["from"] < before.weeks["from"]:
                yield ("programmes", index, "phases", position + 1, "weeks"), "this phase begins before the last one"


def every_exercise_has_its_drawing(catalogue: Catalogue) -> Iterator[Problem]:
    drawn = frozenset(drawing.id for drawing in catalogue.content.drawings)
    for index, exercise in enumerate(catalogue.content.exercises):
        if exercise.id not in drawn:
            yield ("exercises", index), f'"{exercise.id}" has no drawing'
    for index, drawing in enumerate(catalogue.content.drawings):
        if drawing.id not in catalogue.ids["exercise"]:
            yield ("drawings", index, "id"), unknown("exercise", drawing.id, catalogue.ids["exercise"])


def drawings_differ_in_words(catalogue: Catalogue) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for index, drawing in enumerate(catalogue.content.drawings):
        other = first.setdefault(drawing.alt, drawing.id)
        if other != drawing.id:
            yield ("drawings", index, "alt"), f'"{other}" is described in the same words'


def drawings_can_be_drawn(catalogue: Catalogue) -> Iterator[Problem]:
    for index, drawing in enumerate(catalogue.content.drawings):
        for panel, fault in faults(drawing):
            yield ("drawings", index, "panels", panel), fault


CHECKS: tuple[Callable[[Catalogue], Iterator[Problem]], ...] = (
    ids_are_unique,
    content_checks.ids_are_known,
    content_checks.statements_have_a_source,
    content_checks.rules_leave_age_and_sex_to_their_own_words,
    content_checks.rules_can_fire,
    conditions_under_for_are_known,
    exercises_of_treatments_exist,
    programmes_of_conditions_are_for_them,
    no_exercise_leads_to_itself,
    easier_steps_come_to_an_end,
    starts_and_limits_name_a_phase,
    limits_are_for_the_programmes_own_conditions,
    programmes_without_exercises_say_why,
    phases_follow_each_other,
    every_exercise_has_its_drawing,
    drawings_differ_in_words,
    drawings_can_be_drawn,
)
