"""The documentation against the project: commands and links in it exist, generated parts are current."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

from docs.generated import FROM_FILES, ROOT, Examples, with_parts
from hipcare.errors import problem_types
from hipcare.urls import urlpatterns
from triage.knowledge import ReleaseKnowledge

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
NOT_CURRENT = "is not current: run python -m docs.generated"


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _prose(page: Path) -> str:
    """The page without its code blocks."""
    return re.sub(r"^ *```.*?^ *```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def _shell_lines(page: Path) -> Iterator[str]:
    for block in re.findall(r"^ *```sh\n(.*?)^ *```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        yield from block.splitlines()


def _anchors(page: Path) -> set[str]:
    """The anchors of the headings, as repository hosts make them."""
    headings = re.findall(r"^#+ (.+)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", _prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        assert other.exists(), target
        assert not anchor or anchor in _anchors(other), target


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_commands_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for line in _shell_lines(page):
        for target in re.findall(r"\bmake ([a-z]+)\b", line):
            assert target in targets, line
        for command in re.findall(r"\bmanage\.py ([a-z_]+)\b", line):
            assert command in get_commands(), line


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_files_named_in_commands_exist(page: Path) -> None:
    for line in _shell_lines(page):
        for name in re.findall(r"(?:\s|@)((?:examples|conditions|exercises|tests|docs)/[\w./-]+)", line):
            assert (ROOT / name).exists(), line


def _pages_from(page: Path) -> set[Path]:
    targets = (page.parent / target for target in re.findall(r"\]\(([^)#\s:]+\.md)", _prose(page)))
    return {target.resolve() for target in targets if target.exists()}


def test_every_page_is_found_from_the_index() -> None:
    found: set[Path] = set()
    waiting = {ROOT / "docs" / "index.md"}
    while waiting:
        found |= waiting
        waiting = {target for page in waiting for target in _pages_from(page)} - found
    assert {page for page in PAGES if page.parent.name != "adr"} <= found


def test_the_hazard_log_names_tests_that_exist() -> None:
    log = (ROOT / "docs" / "clinical" / "hazards.md").read_text(encoding="utf-8")
    tests = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py"))
    assert set(re.findall(r"`(test_\w+)`", log)) <= set(re.findall(r"^def (test_\w+)", tests, re.MULTILINE))


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(page.name[:4]) for page in sorted((ROOT / "docs" / "adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_decision_says_context_decision_and_consequences() -> None:
    for page in (ROOT / "docs" / "adr").glob("*.md"):
        headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], page.name


def test_every_problem_type_is_documented() -> None:
    assert urlpatterns  # importing the addresses imports every app, and with them its problem types
    page = (ROOT / "docs" / "integrators.md").read_text(encoding="utf-8")
    documented = dict(re.findall(r"^\| `/problems/([a-z-]+)` \| (\d+) \|", page, re.MULTILINE))
    ours = {slug: error for slug, error in problem_types().items() if error.__module__.split(".")[0] != "tests"}
    assert documented == {slug: str(error.status) for slug, error in ours.items()}


@pytest.mark.parametrize("path", FROM_FILES)
def test_what_is_made_from_the_content_is_current(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert with_parts(text, FROM_FILES[path]) == text, f"{path} {NOT_CURRENT}"


@pytest.mark.django_db
def test_the_examples_are_answered_like_this(bundled: ReleaseKnowledge) -> None:
    for path, parts in Examples(bundled).parts().items():
        text = (ROOT / path).read_text(encoding="utf-8")
        assert with_parts(text, parts) == text, f"{path} {NOT_CURRENT}"
