"""A release written back to files is the content it was loaded from, byte for byte."""

from pathlib import Path

import pytest

from conditions.actions import export, releases
from conditions.models import Release

from .conftest import CONTENT

pytestmark = pytest.mark.django_db


def files_in(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*.*") if path.is_file()}


def test_exporting_what_was_loaded_gives_the_same_bytes(draft: Release, tmp_path: Path) -> None:
    export.export_release(release=draft, directory=tmp_path / "out")
    assert files_in(tmp_path / "out") == files_in(CONTENT)


def test_an_export_loads_into_the_same_release(draft: Release, tmp_path: Path) -> None:
    export.export_release(release=draft, directory=tmp_path)
    again = releases.load_draft(directory=tmp_path, version="2026.1.2")
    export.export_release(release=again, directory=tmp_path / "again")

    first, second = files_in(CONTENT), files_in(tmp_path / "again")
    assert first.pop("release.yaml") != second.pop("release.yaml")
    assert first == second


def test_files_of_conditions_that_are_gone_are_removed(draft: Release, tmp_path: Path) -> None:
    (tmp_path / "conditions").mkdir()
    (tmp_path / "conditions" / "gone.yaml").write_text("id: gone\n")

    export.export_release(release=draft, directory=tmp_path)

    assert not (tmp_path / "conditions" / "gone.yaml").exists()
