"""The bundled exercises and programmes: complete, known to the bundled conditions, in canonical form."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from conditions import rules
from exercises.content_checks import Surroundings
from exercises.content_files import read_content, write_content
from exercises.content_schema import ExerciseContent
from hipcare.environment import BASE_DIRECTORY

CONTENT = BASE_DIRECTORY / "exercises" / "content"
CONDITIONS = BASE_DIRECTORY / "conditions" / "content"
STARTERS = ("hip_flexor_stretch_half_kneel", "bridge_double", "squat_double")
PROGRAMMES = {
    "prog_adductor_12",
    "prog_article_starter",
    "prog_child",
    "prog_deep_gluteal_8",
    "prog_dysplasia_16",
    "prog_fai_pht",
    "prog_falls_bone",
    "prog_fnsf_clinic",
    "prog_gtps_8",
    "prog_hamstring_tendon_12",
    "prog_hip_oa_12",
    "prog_itbs_8",
    "prog_post_thr",
    "prog_pregnancy_pgp",
    "prog_strain_6",
}


def read_yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def ids(name: str) -> frozenset[str]:
    return frozenset(entry["id"] for entry in read_yaml(CONDITIONS / f"{name}.yaml"))


@cache
def surroundings() -> Surroundings:
    """What the bundled conditions know, without a database."""
    with (CONDITIONS / "findings.csv").open(encoding="utf-8", newline="") as stream:
        findings = list(csv.DictReader(stream))
    conditions = [read_yaml(path) for path in (CONDITIONS / "conditions").glob("*.yaml")]
    red_flags = read_yaml(CONDITIONS / "red_flags.yaml")
    return Surroundings(
        ids={
            "citation": ids("citations"),
            "measurement": ids("measurements"),
            "finding": frozenset(finding["id"] for finding in findings),
            "red flag": ids("red_flags"),
            "condition": frozenset(condition["id"] for condition in conditions),
        },
        demographic=frozenset(finding["id"] for finding in findings if finding["derived_from_demographics"] == "yes"),
        red_flag_rules={red_flag["id"]: rules.parse(red_flag["rule"]) for red_flag in red_flags},
        exercises_of_treatments={
            treatment["id"]: treatment["exercises"] for treatment in read_yaml(CONDITIONS / "treatments.yaml")
        },
        programme_of_conditions={
            condition["id"]: condition["programme"] for condition in conditions if condition["programme"]
        },
    )


@pytest.fixture(scope="module")
def bundled() -> ExerciseContent:
    return read_content(CONTENT, surroundings())


def test_it_is_complete(bundled: ExerciseContent) -> None:
    assert len(bundled.exercises) == 51
    assert {programme.id for programme in bundled.programmes} == PROGRAMMES


def test_every_exercise_has_a_drawing_described_in_its_own_words(bundled: ExerciseContent) -> None:
    assert [drawing.id for drawing in bundled.drawings] == sorted(exercise.id for exercise in bundled.exercises)
    assert len({drawing.alt for drawing in bundled.drawings}) == len(bundled.drawings)


def test_the_files_are_in_canonical_form(bundled: ExerciseContent, tmp_path: Path) -> None:
    write_content(bundled, tmp_path)

    for path in CONTENT.iterdir():
        assert (tmp_path / path.name).read_text(encoding="utf-8") == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", STARTERS)
def test_the_starter_exercises_have_their_dose(bundled: ExerciseContent, name: str) -> None:
    exercise = next(exercise for exercise in bundled.exercises if exercise.id == name)

    assert exercise.dose.times_per_week == {"from": 1, "to": 2}
    assert exercise.dose.note == "Once or twice a week, building to daily if helpful."
    assert "hinge_2023" in exercise.citations


def test_children_are_given_no_exercises(bundled: ExerciseContent) -> None:
    programme = next(programme for programme in bundled.programmes if programme.id == "prog_child")

    assert programme.phases == ()
    assert programme.supervision == "clinician_only"
    assert programme.note


def test_every_other_programme_has_exercises(bundled: ExerciseContent) -> None:
    empty = {programme.id for programme in bundled.programmes if not any(phase.exercises for phase in programme.phases)}

    assert empty == {"prog_child"}


def test_every_programme_says_when_to_stop(bundled: ExerciseContent) -> None:
    for programme in bundled.programmes:
        assert any(rule.text.startswith("Stop and ask for help") for rule in programme.stop_rules), programme.id
