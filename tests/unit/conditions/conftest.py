"""A small, complete content directory, and releases made of it through actions."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from conditions.actions import export, releases
from conditions.digest import digest
from conditions.models import Release

CONTENT = Path(__file__).parent / "content"


@pytest.fixture
def content_directory(tmp_path: Path) -> Path:
    """A copy of the small content that a test may change."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


@pytest.fixture
def edit(content_directory: Path) -> Callable[[str, str, str], Path]:
    """Replace a text that occurs once in one file of the copy; gives the directory."""

    def replace(name: str, old: str, new: str) -> Path:
        path = content_directory / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return content_directory

    return replace


@pytest.fixture
def draft(no_knowledge: None) -> Release:
    return releases.load_draft(directory=CONTENT)


@pytest.fixture
def published(draft: Release) -> Release:
    return releases.freeze(release=draft, digest=digest(export.canonical_rows(release=draft)))
