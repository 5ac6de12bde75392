"""What is said about mistakes in the files, each with its file and line."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from conditions.models import Release
from exercises import content_checks
from exercises.actions import content
from hipcare.errors import InvalidInput

from .conftest import CONTENT

Edit = Callable[[str, str, str], Path]

RULES, EXERCISES, PROGRAMMES = "general_rules.yaml", "exercises.yaml", "programmes.yaml"
DRAWINGS = "drawings.yaml"
PRECAUTIONS, STARTING = "precautions.yaml", "starting_rules.yaml"


@dataclass(frozen=True)
class Mistake:
    """A text of one file, what it is replaced with, and how the problem that follows starts after the file's name."""

    file: str
    old: str
    new: str
    problem: str


MISTAKES = {
    "ids_are_unique": [
        Mistake(EXERCISES, "id: side_step", "id: bridge", '23: "bridge" is here twice'),
        Mistake(PROGRAMMES, "exercise: side_step", "exercise: bridge", '21: "bridge" is here twice'),
    ],
    "ids_are_known": [
        Mistake(EXERCISES, "[mellor_2018]", "[melor_2018]", '21: unknown citation "melor_2018"; did you mean'),
        Mistake(EXERCISES, "rule: cannot_bear", "rule: canot_bear", '19: unknown finding "canot_bear_weight"; did'),
        Mistake(EXERCISES, "id: pain_nprs", "id: pain_npr", '20: unknown measurement "pain_npr"; did you mean'),
        Mistake(EXERCISES, "exercise: bridge", "exercise: brige", '31: unknown exercise "brige"; did you mean'),
        Mistake(PROGRAMMES, "exercise: side_step", "exercise: x", '21: unknown exercise "x"'),
        Mistake(PRECAUTIONS, "avoid: [side_step]", "avoid: [side_stp]", '4: unknown exercise "side_stp"; did you'),
        Mistake(PRECAUTIONS, "modify: [bridge]", "modify: [brige]", '5: unknown exercise "brige"; did you mean'),
        Mistake(STARTING, "id: pain_nprs", "id: pain_npr", '4: unknown measurement "pain_npr"; did you mean'),
    ],
    "statements_have_a_source": [
        Mistake(RULES, "  estimate: judgement\n", "", "1: neither cited nor marked estimate"),
        Mistake(PROGRAMMES, ", estimate: judgement", "", "8: neither cited nor marked estimate"),
    ],
    "rules_leave_age_and_sex_to_their_own_words": [
        Mistake(RULES, "rule: fever", "rule: age_over_70", '3: "age_over_70" follows from age or sex'),
    ],
    "rules_can_fire": [
        Mistake(RULES, "{from: 90}", "{from: 130}", "8: this rule can never be true"),
    ],
    "conditions_under_for_are_known": [
        Mistake(PRECAUTIONS, "[gluteal_tend", "[glutel_tend", '2: unknown condition "glutel_tendinopathy"; did'),
        Mistake(PROGRAMMES, "for: []", "for: [hip_fractur]", '4: unknown condition "hip_fractur"; did you mean'),
    ],
    "exercises_of_treatments_exist": [
        Mistake(EXERCISES, "id: bridge", "id: bridg", '1: the treatment "exercise" needs an unknown exercise'),
    ],
    "programmes_of_conditions_are_for_them": [
        Mistake(PROGRAMMES, "[gluteal_tendinopathy]", "[]", '14: the condition "gluteal_tendinopathy" has this'),
        Mistake(PROGRAMMES, "id: prog_gtps_8", "id: prog_gtps", '1: the condition "gluteal_tendinopathy" needs an'),
    ],
    "no_exercise_leads_to_itself": [
        Mistake(EXERCISES, "{exercise: bridge,", "{exercise: side_step,", '31: "side_step" leads to itself'),
    ],
    "easier_steps_come_to_an_end": [
        Mistake(EXERCISES, "regression: null", "regression: {exercise: side_step}", '15: the easier steps of "bridge"'),
    ],
    "starts_and_limits_name_a_phase": [
        Mistake(PROGRAMMES, "{phase: 2, irr", "{phase: 3, irr", "35: there are 2 phases"),
        Mistake(PROGRAMMES, "last_phase: 1", "last_phase: 3", "36: there are 2 phases"),
    ],
    "limits_are_for_the_programmes_own_conditions": [
        Mistake(
            PROGRAMMES, "condition: gluteal_tendinopathy", "condition: hip_fracture", "36: the programme is not for"
        ),
    ],
    "programmes_without_exercises_say_why": [
        Mistake(PROGRAMMES, "note: A clinician decides.", "note: null", "1: a programme without phases needs a note"),
    ],
    "phases_follow_each_other": [
        Mistake(PROGRAMMES, "{from: 0, to: 0.5}", "{from: 3, to: 4}", "26: this phase begins before the last one"),
    ],
    "every_exercise_has_its_drawing": [
        Mistake(EXERCISES, "id: side_step", "id: side_steps", '23: "side_steps" has no drawing'),
        Mistake(DRAWINGS, "id: side_step", "id: side_stp", '10: unknown exercise "side_stp"; did you mean'),
    ],
    "drawings_differ_in_words": [
        Mistake(
            DRAWINGS,
            "A person steps to the side.",
            "A person on the back lifts the hips.",
            '11: "bridge" is described in the same words',
        ),
    ],
    "drawings_can_be_drawn": [
        Mistake(DRAWINGS, "[40, 3]", "[90, 3]", "7: the right leg has 90 to go and reaches 73"),
        Mistake(DRAWINGS, "[-12, 64]", "[-12, 94]", "8: something is outside of the picture"),
    ],
}
SHAPES = [
    Mistake(EXERCISES, "sets: {from: 1, to: 3}", "sets: {from: 3, to: 1}", "8: sets: from must not be above to"),
    Mistake(EXERCISES, "sets: {from: 1, to: 3}", "sets: {from: 1, upto: 3}", "8: to: Field required"),
    Mistake(EXERCISES, "purpose: strength", "purpose: fun", "3: purpose: Input should be"),
    Mistake(EXERCISES, "Lift your hips., Lower them.", "Lift your hips.", "6: steps: Tuple should have at least 3"),
    Mistake(EXERCISES, "{how: Hold for longer.}", "{}", "14: progression: name an exercise, say how, or both"),
    Mistake(EXERCISES, "rule: cannot_bear_weight", "rule: {none: [fever]}", '19: rule: unknown rule "none"'),
    Mistake(DRAWINGS, "  alt: A person steps to the side.\n", "", "10: alt: Field required"),
    Mistake(DRAWINGS, "alt: A person steps to the side.", 'alt: ""', "11: alt: String should have"),
    Mistake(DRAWINGS, "layout: single", "layout: rows", "10: drawings: single and wide have one panel"),
    Mistake(PROGRAMMES, "{from: 0, to: 0.5}", "{from: 1, to: 0.5}", "19: weeks: from must not be above to"),
    Mistake(PROGRAMMES, "supervision: self", "supervision: alone", "15: supervision: Input should be"),
    Mistake(
        STARTING, "level: high", "level: acute", "1: starting_rules: the levels of irritability are low, moderate, high"
    ),
    Mistake(PRECAUTIONS, "[gluteal_tendinopathy]", "[]", "2: for: Tuple should have at least 1 item"),
]


def problems_of(release: Release, directory: Path) -> list[str]:
    with pytest.raises(InvalidInput) as error:
        content.load_into(release=release, directory=directory)
    return [problem.detail for problem in error.value.problems]


def test_every_check_has_an_example() -> None:
    assert [check.__name__ for check in content_checks.CHECKS] == list(MISTAKES)


@pytest.mark.parametrize("mistake", [one for examples in MISTAKES.values() for one in examples] + SHAPES)
def test_a_mistake_is_named_with_its_place(empty_draft: Release, edit: Edit, mistake: Mistake) -> None:
    problems = problems_of(empty_draft, edit(mistake.file, mistake.old, mistake.new))

    assert any(problem.startswith(f"{mistake.file}:{mistake.problem}") for problem in problems), problems


def test_a_missing_file_is_named(empty_draft: Release, content_directory: Path) -> None:
    (content_directory / "programmes.yaml").unlink()

    assert problems_of(empty_draft, content_directory) == ["programmes.yaml:1: this file is missing"]


def test_all_problems_are_reported_at_once(empty_draft: Release, edit: Edit) -> None:
    edit("exercises.yaml", "purpose: strength", "purpose: fun")

    problems = problems_of(empty_draft, edit("programmes.yaml", "supervision: self", "supervision: alone"))

    assert [problem.partition(":")[0] for problem in problems] == ["exercises.yaml", "programmes.yaml"]


def test_nothing_is_stored_when_something_is_wrong(draft: Release, edit: Edit) -> None:
    before = list(content.canonical_rows(draft))

    problems_of(draft, edit("exercises.yaml", "purpose: strength", "purpose: fun"))

    assert list(content.canonical_rows(draft)) == before
    content.load_into(release=draft, directory=CONTENT)
