"""How hard the texts for patients are to read."""

from pathlib import Path

import pytest
import textstat
import yaml
from django.core.management import call_command

from triage.plain_language.measure import TEXT_CEILING, counts, grades_of_groups, problems, together
from triage.plain_language.texts import Source, Text, patient_texts

EASY = "See a doctor today. Do not walk on the leg. Take your tablets with you, and say which ones you took last."
HARD = (
    "Immediate orthopaedic consultation is indicated, considering the considerable probability of progressive "
    "deterioration, irrespective of radiographic appearances or preceding conservative interventions."
)


def text(words: str, group: str = "treatments") -> Text:
    return Text(group, "treatments.yaml", "crutches.how", words)


def test_the_bundled_texts_are_easy_enough() -> None:
    assert problems(patient_texts()) == []


def test_the_command_tells_the_grade_of_every_group(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_plain_language")

    assert "red flags: grade " in capsys.readouterr().out


def test_the_grade_is_that_of_flesch_and_kincaid() -> None:
    assert counts(EASY).grade == pytest.approx(textstat.flesch_kincaid_grade(EASY))


def test_a_hard_text_is_told_with_its_place_and_grade() -> None:
    alone, group = problems([text(HARD), text(EASY, group="questions")])

    assert alone.startswith(f"treatments.yaml: crutches.how: grade {counts(HARD).grade:.1f} is above {TEXT_CEILING}")
    assert group.startswith("all treatments together: grade ")


def test_a_short_hard_text_counts_in_its_group_alone() -> None:
    short = text("Immediate orthopaedic consultation.")

    assert counts(short.words).grade > TEXT_CEILING
    assert problems([short, text(EASY), text(EASY)]) == []
    assert [problem.partition(":")[0] for problem in problems([short])] == ["all treatments together"]


def test_a_group_is_measured_as_one_text() -> None:
    parts = [text("The hip hurts when you walk."), text("Sit down and rest the leg for a while.")]

    assert grades_of_groups(parts) == {
        "treatments": pytest.approx(counts(" ".join(part.words for part in parts)).grade)
    }
    assert together(counts(part.words) for part in parts).sentences == 2


@pytest.mark.parametrize("medical", ["paracetamol", "Physiotherapists", "an emergency department"])
def test_unavoidable_words_do_not_count_as_long(medical: str) -> None:
    plain = "an egg" if medical.startswith("an ") else "eggs"

    assert counts(f"Ask about {medical} first.") == counts(f"Ask about {plain} first.")


def test_a_decimal_point_ends_no_sentence() -> None:
    assert counts("It was 37.5 this morning and it is 1,200 in the end.").sentences == 1


def test_every_red_flag_tells_the_patient_what_to_do() -> None:
    actions = [row for row in patient_texts() if row.group == "red flags" and row.place.endswith(".action")]

    assert actions
    assert all(row.words.endswith(".") for row in actions), "words for patients come before those for professionals"


def test_places_are_told_by_id(tmp_path: Path) -> None:
    entries = [
        {
            "id": "rest",
            "who": "patient",
            "how": "Rest.",
            "steps": ["Sit.", "Stand."],
            "rules": [{"because": "So."}],
        },
        {"id": "tap", "who": "clinician", "how": "Aspirate.", "steps": [], "rules": None},
        {"id": "walk", "who": "patient", "how": "Go home. Hospital: admit.", "steps": [], "rules": None},
    ]
    (tmp_path / "things.yaml").write_text(yaml.safe_dump(entries))
    paths = ("[].how", "[].steps[]", "[].rules[].because")

    found = patient_texts(tmp_path, [Source("things", "*.yaml", path, ("who", "patient")) for path in paths])

    assert [(row.place, row.words) for row in found] == [
        ("rest.how", "Rest."),
        ("walk.how", "Go home."),
        ("rest.steps.0", "Sit."),
        ("rest.steps.1", "Stand."),
        ("rest.rules.0.because", "So."),
    ]


def test_a_source_that_finds_nothing_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "things.yaml").write_text("- {id: rest, how: Rest.}\n")

    with pytest.raises(ValueError, match=r"nothing at \[\]\.why in"):
        patient_texts(tmp_path, [Source("things", "*.yaml", "[].why")])
