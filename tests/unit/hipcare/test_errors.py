"""The exception tree."""

import re

import pytest

from hipcare import errors


def test_pointers_escape_by_rfc_6901() -> None:
    assert errors.pointer() == ""
    assert errors.pointer("findings", 3, "id") == "/findings/3/id"
    assert errors.pointer("a/b", "m~n", "") == "/a~1b/m~0n/"


def test_every_problem_type_is_complete() -> None:
    types = errors.problem_types()
    assert "invalid-input" in types
    for slug, error in types.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", slug)
        assert 400 <= error.status < 600
        assert error.title.endswith(".")
        assert error.explanation.endswith(".")


def test_slugs_are_unique() -> None:
    slugs = [error.slug for error in errors._subclasses(errors.HipcareError)]
    assert len(slugs) == len({*slugs})


def test_the_title_stands_in_for_a_missing_detail() -> None:
    assert errors.Conflict().detail == errors.Conflict.title
    assert str(errors.Conflict("It was erased.")) == "It was erased."


@pytest.mark.parametrize("problems", [[], [errors.Problem("/a", "wrong", "Wrong.")]])
def test_invalid_input_carries_its_problems(problems: list[errors.Problem]) -> None:
    assert errors.InvalidInput(problems).problems == tuple(problems)
