"""The content that comes with the project."""

from pathlib import Path

import pytest

import conditions
from conditions.content_files import read_content
from conditions.content_schema import Content
from conditions.content_writer import files_of

BUNDLED = Path(conditions.__file__).parent / "content"


@pytest.fixture(scope="module")
def content() -> Content:
    return read_content(BUNDLED)


def test_it_is_whole(content: Content) -> None:
    assert len(content.conditions) >= 58
    assert len(content.findings) >= 290
    assert sum(len(condition.evidence) for condition in content.conditions) > 9_000


def test_every_score_is_there_and_says_what_was_published(content: Content) -> None:
    assert len(content.composites) == 11
    for composite in content.composites:
        assert composite.citations, composite.id
        assert composite.performance, composite.id


def test_it_is_in_canonical_form(content: Content) -> None:
    for name, text in files_of(content).items():
        assert (BUNDLED / name).read_text(encoding="utf-8") == text, f"{name}: run manage.py format_content"
