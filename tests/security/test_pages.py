"""The pages for security reviewers against the project."""

import re
from pathlib import Path

import pytest

from hipcare.environment import BASE_DIRECTORY

FOLDER = BASE_DIRECTORY / "docs" / "security"
PAGES = sorted(FOLDER.glob("*.md"))
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    named = _NAMED.findall(page.read_text(encoding="utf-8"))
    assert named
    for path, name in named:
        assert f"\ndef {name}(" in (BASE_DIRECTORY / path).read_text(encoding="utf-8"), f"{path}::{name}"


def test_each_of_the_ten_has_a_row_with_tests() -> None:
    rows = re.findall(r"^\| API(\d+) (.*)$", (FOLDER / "owasp-api-top-10.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [number for number, _ in rows] == [str(number) for number in range(1, 11)]
    assert all(_NAMED.search(row) for _, row in rows)


def test_the_policy_names_no_address_of_anybody() -> None:
    text = (BASE_DIRECTORY / "SECURITY.md").read_text(encoding="utf-8")
    assert not re.search(r"[\w.]+@[\w.]+", text)
    assert {"Reporting", "What to expect", "Scope", "Supported versions"} <= set(
        re.findall(r"^## (.+)$", text, re.MULTILINE)
    )
