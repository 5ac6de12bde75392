"""A small, complete content directory on top of the one of the conditions, and releases made of both."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from conditions.actions import export, releases
from conditions.digest import digest
from conditions.models import Release
from exercises.actions import content

CONTENT = Path(__file__).parent / "content"
CONDITIONS_CONTENT = Path(__file__).parents[1] / "conditions" / "content"


@pytest.fixture
def content_directory(tmp_path: Path) -> Path:
    """A copy of the small content that a test may change."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


@pytest.fixture
def edit(content_directory: Path) -> Callable[[str, str, str], Path]:
    """Replace the first occurrence of a text in one file of the copy; gives the directory."""

    def replace(name: str, old: str, new: str) -> Path:
        path = content_directory / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return content_directory

    return replace


@pytest.fixture
def empty_draft(no_knowledge: None) -> Release:
    """A draft with conditions and no exercises yet."""
    return releases.load_draft(directory=CONDITIONS_CONTENT)


@pytest.fixture
def draft(empty_draft: Release) -> Release:
    content.load_into(release=empty_draft, directory=CONTENT)
    return empty_draft


@pytest.fixture
def published(draft: Release) -> Release:
    rows = [*export.canonical_rows(release=draft), *content.canonical_rows(draft)]
    return releases.freeze(release=draft, digest=digest(rows))
