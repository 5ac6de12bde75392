"""Loading, copying, checking and exporting the exercises of a release."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conditions.actions import releases
from conditions.digest import digest
from conditions.models import Release
from exercises import selectors
from exercises.actions import content
from exercises.models import Exercise, PhaseExercise, Programme
from hipcare.errors import Conflict, InvalidInput

from .conftest import CONTENT

Edit = Callable[[str, str, str], Path]


def files_of(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_loading_makes_rows_of_everything(draft: Release) -> None:
    bridge, side_step = selectors.exercises(draft)
    programme = selectors.programmes_with_phases(draft).get(key="prog_gtps_8")
    first, later = programme.phases.all()

    assert bridge.dose["times_per_week"] == {"from": 1, "to": 2}
    assert bridge.dose["minutes"] is None
    assert side_step.regression == {"exercise": "bridge", "how": "Lie down."}
    assert programme.conditions == ["gluteal_tendinopathy"]
    assert (first.from_week, first.to_week, later.from_week, later.to_week) == (0, 0.5, 2, None)
    assert [entry.exercise for entry in first.exercises.all()] == [bridge, side_step]
    assert [rule.key for rule in selectors.general_rules(draft)] == ["fever", "very_old"]


def test_loading_again_changes_nothing(draft: Release) -> None:
    before = digest(content.canonical_rows(draft))

    content.load_into(release=draft, directory=CONTENT)

    assert digest(content.canonical_rows(draft)) == before
    assert Exercise.objects.count() == 2
    assert PhaseExercise.objects.count() == 3


def test_loading_replaces_what_the_draft_had(draft: Release, edit: Edit) -> None:
    content.load_into(release=draft, directory=edit("programmes.yaml", "name: Eight weeks", "name: Two months"))

    assert Programme.objects.get(key="prog_gtps_8").name == "Two months"


def test_a_published_release_takes_the_same_content_only(published: Release, edit: Edit) -> None:
    content.load_into(release=published, directory=CONTENT)

    with pytest.raises(Conflict):
        content.load_into(release=published, directory=edit("exercises.yaml", "name: Bridge", "name: Hip lift"))


def test_export_gives_back_the_files_byte_for_byte(draft: Release, tmp_path: Path) -> None:
    content.export_into(draft, tmp_path / "first")
    content.load_into(release=draft, directory=tmp_path / "first")
    content.export_into(draft, tmp_path / "second")

    assert files_of(tmp_path / "first") == files_of(tmp_path / "second")


def test_every_field_counts_in_the_digest(draft: Release) -> None:
    before = digest(content.canonical_rows(draft))

    Exercise.objects.filter(key="bridge").update(effort="Hard")

    assert digest(content.canonical_rows(draft)) != before


def test_a_copy_has_the_same_rows(published: Release) -> None:
    clone = releases.clone_draft(release=published, version="2026.2.1")

    content.copy_into(release=clone, source=published)

    assert list(content.canonical_rows(clone)) == list(content.canonical_rows(published))
    content.check(release=clone)


def test_a_mistake_in_a_draft_is_found(draft: Release) -> None:
    programmes = list(selectors.programmes(draft).values_list("key", flat=True))
    Programme.objects.filter(key="prog_gtps_8").update(conditions=["gluteal_tendinopathyy"])

    with pytest.raises(InvalidInput) as error:
        content.check(release=draft)

    pointers = {problem.pointer for problem in error.value.problems}
    assert f"/programmes/{programmes.index('prog_gtps_8')}/for/0" in pointers
