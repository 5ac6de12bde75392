"""The commands of triage."""

import json
from collections.abc import Callable
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from conditions import selectors
from hipcare.environment import BASE_DIRECTORY
from tests.unit.triage.conftest import ContentDirectories
from triage.models import Assessment

pytestmark = pytest.mark.django_db
Release = apps.get_model("conditions", "Release")
GOOD = {"patient": {"age": {"value": 61}}, "findings": [{"id": "pain_groin", "state": "present"}]}
BAD = {"patient": {"age": {"value": -1}}, "findings": [{"id": "pain_groins", "state": "present"}]}


def load(directories: ContentDirectories, *options: str) -> str:
    out = StringIO()
    arguments = ["--conditions", str(directories.conditions), "--exercises", str(directories.exercises), *options]
    call_command("load_knowledge", *arguments, stdout=out)
    return out.getvalue()


def test_knowledge_is_loaded_as_a_draft_and_published_on_request(small: ContentDirectories) -> None:
    assert load(small) == "Release 2026.1.1 is draft\n"
    said = load(small, "--publish")
    assert said.startswith("Release 2026.1.1 is published sha256:")
    assert load(small, "--publish") == load(small) == said
    assert Release.objects.filter(version="2026.1.1").count() == 1


def test_broken_content_is_told_with_file_and_line(small: ContentDirectories) -> None:
    small.edit("conditions/hip_fracture.yaml", "p: 0.85", "p: 1.85")
    with pytest.raises(CommandError, match=r"^conditions/hip_fracture\.yaml:\d+: \S+") as error:
        load(small, "--publish")
    assert len(str(error.value).splitlines()) == 1
    assert not Release.objects.filter(version="2026.1.1").exists()


def test_a_directory_that_is_none_is_told(small: ContentDirectories, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="missing"):
        load(ContentDirectories(tmp_path / "none", small.exercises))


def test_published_content_that_differs_is_told(small: ContentDirectories) -> None:
    load(small, "--publish")
    small.edit("conditions/hip_fracture.yaml", "p: 0.85", "p: 0.8")
    with pytest.raises(CommandError, match="new version"):
        load(small, "--publish")
    assert selectors.release_by_version("2026.1.1").status == "published"


Assess = Callable[..., list[dict[str, Any]]]


def assess(*arguments: str) -> list[dict[str, Any]]:
    """The lines that the command writes for good cases."""
    out = StringIO()
    call_command("assess", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def assess_some_bad(*arguments: str) -> list[dict[str, Any]]:
    """The lines that it writes when some case is bad: it goes on, and fails at the end."""
    out = StringIO()
    with pytest.raises(CommandError, match="could not be answered") as error:
        call_command("assess", *arguments, stdout=out)
    assert error.value.returncode == 1
    return [json.loads(line) for line in out.getvalue().splitlines()]


def write(path: Path, *rows: Any) -> str:
    path.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def test_one_case_in_a_file_of_many_lines() -> None:
    (line,) = assess(str(BASE_DIRECTORY / "examples" / "septic_hip_child.json"))
    assert line["case"].endswith("septic_hip_child.json")
    assert line["urgency"] == "emergency"
    assert line["causes"][0][0] == "septic_arthritis_child"
    assert len(line["causes"]) <= 3
    assert line.keys() == {"case", "status", "urgency", "red_flags", "causes", "ladder"}


def test_one_case_in_one_line(tmp_path: Path) -> None:
    (line,) = assess(write(tmp_path / "case.json", json.dumps(GOOD)))
    assert line["status"] in {"complete", "insufficient_information"}


def test_a_case_a_line_and_several_files(tmp_path: Path) -> None:
    first = write(tmp_path / "a.jsonl", GOOD, "\n", GOOD)
    second = write(tmp_path / "b.jsonl", GOOD)
    assert [line["case"] for line in assess(first, second)] == [f"{first}:1", f"{first}:3", f"{second}:1"]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps(GOOD).encode() + b"\n" + json.dumps(GOOD).encode()
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(text)))
    assert [line["case"] for line in assess("-")] == ["-:1", "-:2"]


def test_the_whole_answer(tmp_path: Path) -> None:
    (line,) = assess(write(tmp_path / "case.json", GOOD), "--full")
    assert line["causes"][0]["evidence"]["prior_log_odds"]
    assert line["ladder"]["rungs"]
    assert line["disclaimer"]


@pytest.mark.parametrize("broken", [json.dumps(BAD) + "\n", "nonsense\n", "[]\n", "null\n", '{"a": NaN}\n'])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_bad_line_does_not_stop_the_others(tmp_path: Path, broken: str, place: int) -> None:
    rows: list[Any] = [GOOD, GOOD]
    rows.insert(place, broken)
    lines = assess_some_bad(write(tmp_path / "cases.jsonl", *rows))
    assert ["error" in line for line in lines] == [i == place for i in range(3)]
    assert lines[place]["case"].endswith(f":{place + 1}")


def test_what_is_wrong_with_a_case_is_pointed_at(tmp_path: Path) -> None:
    (line,) = assess_some_bad(write(tmp_path / "cases.jsonl", BAD))
    assert [error["pointer"] for error in line["errors"]] == ["/patient/age/value", "/findings/0/id"]


def test_nothing_is_stored(tmp_path: Path) -> None:
    assess(write(tmp_path / "case.json", GOOD))
    assert not Assessment.objects.exists()


def test_a_file_that_is_none_is_told() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.json: No such file"):
        assess("nowhere.json")


def test_without_a_release_it_says_what_to_run(no_knowledge: None) -> None:
    with pytest.raises(CommandError, match="load_knowledge --publish"):
        assess(str(BASE_DIRECTORY / "examples" / "osteoarthritis.json"))


def test_rankings_alone_agree_with_the_answers(tmp_path: Path) -> None:
    cases = write(tmp_path / "cases.jsonl", GOOD, BAD, {**GOOD, "setting": "specialist"})
    first, refused, second = assess_some_bad(cases, "--ranking-only")
    assert [error["pointer"] for error in refused["errors"]] == ["/patient/age/value", "/findings/0/id"]
    for row, whole in zip(
        (first, second), (line for line in assess_some_bad(cases, "--full") if "causes" in line), strict=True
    ):
        assert sum(row["probabilities"].values()) == pytest.approx(1.0)
        assert list(row["probabilities"].values()) == sorted(row["probabilities"].values(), reverse=True)
        for cause in whole["causes"]:
            assert row["probabilities"][cause["condition"]] == pytest.approx(cause["probability"], abs=1e-9)


def simulate(*arguments: str) -> str:
    out = StringIO()
    call_command("simulate_interviews", *arguments, stdout=out)
    return out.getvalue()


def test_simulated_interviews_are_told_by_setting_and_respondent(tmp_path: Path) -> None:
    cases = write(tmp_path / "cases.jsonl", GOOD, {"case": GOOD})
    told = simulate(cases)
    assert told.count("| measure | self | clinician |") == 2
    assert told.count("| cases | 2 | 2 |") == 2
    page = tmp_path / "interviews.md"
    assert simulate(cases, "--write", str(page)) == ""
    assert page.read_text(encoding="utf-8") == told


def test_simulated_interviews_need_cases(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no cases"):
        simulate(write(tmp_path / "empty.jsonl"))
    with pytest.raises(CommandError, match="No such file"):
        simulate("nowhere.jsonl")
