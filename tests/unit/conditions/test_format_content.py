"""The command that writes content in canonical form."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

Edit = Callable[[str, str, str], Path]


def run(directory: Path, *options: str) -> str:
    out = StringIO()
    call_command("format_content", str(directory), *options, stdout=out)
    return out.getvalue()


def test_canonical_content_is_left_as_it_is(content_directory: Path) -> None:
    assert run(content_directory, "--check").startswith("0 files written")


def test_other_content_is_written_in_canonical_form(edit: Edit) -> None:
    directory = edit("scope.yaml", "outside_action: Ask", "# a comment\noutside_action:   Ask")

    with pytest.raises(CommandError, match=r"scope\.yaml"):
        run(directory, "--check")

    assert run(directory).startswith("1 files written")
    assert "\noutside_action: Ask another service.\n" in (directory / "scope.yaml").read_text()


def test_content_with_a_problem_is_not_written(edit: Edit) -> None:
    directory = edit("scope.yaml", "lateral_pain", "lateral_pian")
    with pytest.raises(CommandError, match=r'scope\.yaml:1: unknown finding "lateral_pian"'):
        run(directory)
