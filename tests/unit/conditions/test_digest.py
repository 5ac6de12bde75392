"""Digests of rows."""

import json

from hypothesis import given
from hypothesis import strategies as st

from conditions.digest import CanonicalRow, canonical_json, digest

ROWS = [CanonicalRow("a", "1", {"x": 1}), CanonicalRow("a", "2", {"x": 2}), CanonicalRow("b", "1", {})]


def test_the_order_of_rows_does_not_matter() -> None:
    assert digest(ROWS) == digest(reversed(ROWS))


def test_every_part_of_a_row_matters() -> None:
    changed = [ROWS[0]._replace(table="c"), ROWS[0]._replace(id="9"), ROWS[0]._replace(fields={"x": 3})]
    assert len({digest([row]) for row in [ROWS[0], *changed]}) == 4


def test_a_digest_names_its_algorithm() -> None:
    assert digest([]) == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_equal_data_gives_equal_bytes() -> None:
    assert canonical_json({"b": (1.0, "é"), "a": {"d": 1, "c": None}}) == '{"a":{"c":null,"d":1},"b":[1,"é"]}'.encode()


@given(st.dictionaries(st.text(), st.integers() | st.floats(allow_nan=False, allow_infinity=False)))
def test_canonical_json_keeps_the_data(data: dict[str, float]) -> None:
    assert json.loads(canonical_json(data)) == data
