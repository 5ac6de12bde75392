"""The review tables: what tells neighbours apart, and that the pages of the bundled content are current."""

import pytest
from django.core.management import call_command

from conditions.content_files import read_content
from conditions.management.commands.write_review_tables import CONTENT, PAGES
from conditions.review import _difference, pages, stale


def test_the_difference_is_symmetric_and_zero_for_equals() -> None:
    assert _difference(0.3, 0.3) == 0.0
    assert _difference(0.9, 0.1) == pytest.approx(_difference(0.1, 0.9))
    assert _difference(0.9, 0.5) > _difference(0.06, 0.02)


def test_stale_names_what_is_missing_changed_or_left_over() -> None:
    assert stale({"a": "1", "b": "2"}, {"b": "3", "c": "4"}) == ["a", "b", "c"]


def test_every_condition_has_a_column() -> None:
    content = read_content(CONTENT)
    text = "\n".join(pages(content).values())
    assert all(f"{condition.id} |" in text for condition in content.conditions)


def test_the_committed_pages_are_current() -> None:
    call_command("write_review_tables", PAGES, check=True)
