"""Reading a content directory: what comes out, and what is said about mistakes in single files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conditions.content_files import read_content
from hipcare.errors import InvalidInput

Edit = Callable[[str, str, str], Path]
GLUTEAL = "conditions/gluteal_tendinopathy.yaml"


def problems_of(directory: Path) -> list[str]:
    with pytest.raises(InvalidInput) as error:
        read_content(directory)
    return [problem.detail for problem in error.value.problems]


def test_everything_in_the_directory_is_read(content_directory: Path) -> None:
    content = read_content(content_directory)

    assert content.release.version == "2026.1.1"
    assert content.scope.outside_action == "Ask another service."
    assert [condition.id for condition in content.conditions] == ["gluteal_tendinopathy", "hip_fracture"]
    gluteal = content.conditions[0]
    assert gluteal.evidence["lateral_pain"].p == 0.95
    assert gluteal.presentation_evidence["runner"]["gradual_onset"].range == (0.8, 0.97)
    fever = next(finding for finding in content.findings if finding.id == "fever")
    assert fever.threshold is not None
    assert (fever.threshold.at_least, fever.threshold.below, fever.threshold.present_only) == (38, 43, True)


def test_entries_come_in_the_order_of_their_ids_wherever_they_stand(content_directory: Path) -> None:
    path = content_directory / "findings.csv"
    header, *rows = path.read_text().splitlines()
    path.write_text("\n".join([header, *reversed(rows)]) + "\n")

    ids = [finding.id for finding in read_content(content_directory).findings]

    assert ids == sorted(ids)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (GLUTEAL, "  fever: {p: 0.01", "  fever: {p: 1.01", f"{GLUTEAL}:56: p: Input should be less than 1"),
        (GLUTEAL, "region: lateral", "region: elbow", f"{GLUTEAL}:8: region: Input should be "),
        (GLUTEAL, "severity: mild\n", "", f"{GLUTEAL}:1: severity: Field required"),
        (GLUTEAL, "severity: mild\n", "severity: mild\nmild: 1\n", f"{GLUTEAL}:14: mild: Extra inputs"),
        (GLUTEAL, "acuteness: chronic", "name: Twice", f'{GLUTEAL}:12: "name" is here twice'),
        (GLUTEAL, "id: gluteal_tendinopathy", "id: other", f'{GLUTEAL}:1: the id of this file must be "gluteal'),
        (GLUTEAL, "severity: mild", "severity: 2026-01-01", f'{GLUTEAL}:13: "2026-01-01" must be in quotes'),
        (GLUTEAL, "severity: mild", "severity: [mild", f"{GLUTEAL}:14: not YAML: "),
        (GLUTEAL, "p: 0.7,", "p: 0.7, published: x,", f"{GLUTEAL}:57: gradual_onset: a figure is published or an"),
        ("citations.yaml", "year: 2011", "year: soon", "citations.yaml:10: year: Input should be a valid integer"),
        ("red_flags.yaml", "mode: ambulance", "within_hours: 1", "red_flags.yaml:16: urgency: an emergency, and"),
        ("red_flags.yaml", "count: 2", "count: 7", "red_flags.yaml:15: rule: count must be a whole number from 1"),
        ("red_flags.yaml", "{below: 16}", "{under: 16}", "red_flags.yaml:4: rule: at least one bound is needed"),
        (
            "red_flags.yaml",
            "[recent_fall, {",
            "[{absent: recent_fall}, {",
            "red_flags.yaml:15: rule: absence counts only in the parts of a composite score",
        ),
        (
            "composites.yaml",
            "unless: fever",
            "unless: {absent: fever}",
            "composites.yaml:6: unless: absence counts only",
        ),
        (
            "composites.yaml",
            "{absent: gradual_onset}",
            "{absent: [x]}",
            "composites.yaml:15: rule: absent takes the id",
        ),
        ("composites.yaml", '"{score} signs"', '"{points} signs"', "composites.yaml:59: show: String should match"),
        ("findings.csv", "no,0.012,", "no,never,", "findings.csv:6: base_adult: Input should be a valid number"),
        ("findings.csv", "at_least 38 below", "from 38 below", "findings.csv:6: from: Extra inputs"),
        ("findings.csv", "at_least 38 below 43", "38", "findings.csv:6: threshold: a threshold reads like"),
    ],
)
def test_a_mistake_is_reported_with_file_and_line(edit: Edit, name: str, old: str, new: str, message: str) -> None:
    problems = problems_of(edit(name, old, new))
    assert any(problem.startswith(message) for problem in problems), problems


def test_mistakes_in_all_files_are_reported_at_once(edit: Edit) -> None:
    edit(GLUTEAL, "region: lateral", "region: elbow")
    edit("conditions/hip_fracture.yaml", "acuteness: acute", "acuteness: sudden")
    directory = edit("citations.yaml", "seen: full", "seen: never")

    files = {problem.split(":")[0] for problem in problems_of(directory)}

    assert files == {GLUTEAL, "conditions/hip_fracture.yaml", "citations.yaml"}


def test_missing_and_empty_files_are_reported(content_directory: Path) -> None:
    (content_directory / "scope.yaml").unlink()
    (content_directory / "findings.csv").unlink()
    (content_directory / "citations.yaml").write_text("")

    assert problems_of(content_directory) == [
        "scope.yaml:1: this file is missing",
        "citations.yaml:1: this file is empty",
        "findings.csv:1: this file is missing",
    ]


def test_text_that_is_not_utf_8_is_reported(content_directory: Path) -> None:
    (content_directory / "scope.yaml").write_bytes(b"text: \xff\n")
    (content_directory / "findings.csv").write_bytes(b"id\n\xff\n")

    problems = problems_of(content_directory)

    assert problems[0].startswith("scope.yaml:1: not YAML in UTF-8")
    assert problems[1].startswith("findings.csv:1: not CSV in UTF-8")


def test_aliases_are_refused(content_directory: Path) -> None:
    (content_directory / "scope.yaml").write_text("a: &a {x: 1}\nb: *a\n")
    assert problems_of(content_directory) == ["scope.yaml:1: anchors and aliases are not used here"]


def test_the_message_of_the_error_lists_every_problem(edit: Edit) -> None:
    with pytest.raises(InvalidInput, match=r"gluteal_tendinopathy\.yaml:8: region"):
        read_content(edit(GLUTEAL, "region: lateral", "region: elbow"))
