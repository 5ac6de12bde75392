"""Where two JSON values differ."""

from typing import Any

import pytest

from hipcare.api.json_diff import MISSING, Difference, differences


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        (1, 2, [("", 1, 2)]),
        (1, 1.0, [("", 1, 1.0)]),
        (True, 1, [("", True, 1)]),
        ({"a": {"b/c": 1}}, {"a": {"b/c": 2}}, [("/a/b~1c", 1, 2)]),
        ({"a": 1}, {"b": 1}, [("/a", 1, MISSING), ("/b", MISSING, 1)]),
        ([1, 2], [1], [("/1", 2, MISSING)]),
        ([1], {"0": 1}, [("", [1], {"0": 1})]),
        ({"a": None}, {}, [("/a", None, MISSING)]),
        ([{"id": "x", "p": 1}], [{"id": "x", "p": 2}], [("/0/p", 1, 2)]),
    ],
)
def test_every_innermost_difference_is_told_by_its_place(before: Any, after: Any, expected: list[Any]) -> None:
    assert list(differences(before, after)) == [Difference(*each) for each in expected]


def test_entries_of_a_list_can_be_told_apart_by_a_member() -> None:
    before = [{"id": "x", "p": 1}, {"id": "y", "p": 1}]
    after = [{"id": "new", "p": 1}, {"id": "x", "p": 2}, {"id": "y", "p": 1}]
    found = list(differences(before, after, ("name", "id")))
    assert found == [Difference("/x/p", 1, 2), Difference("/new", MISSING, {"id": "new", "p": 1})]


@pytest.mark.parametrize("rows", [[{"id": "x"}, {"id": "x"}], [{"id": "x"}, {}], [{"id": 1}], ["x"]])
def test_entries_without_a_value_of_their_own_are_compared_by_position(rows: list[Any]) -> None:
    assert [each.pointer for each in differences(rows, [*rows, "more"], ("id",))] == [f"/{len(rows)}"]
