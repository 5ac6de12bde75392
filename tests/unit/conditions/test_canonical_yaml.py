"""The YAML writer: what it writes reads back as the same data, and looks as agreed."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from conditions import canonical_yaml

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=150)
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT
_KEYS = _TEXT.filter(lambda text: len(text) < 90)  # YAML allows 1,024 characters, a quoted letter may take ten
_DATA = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4), max_leaves=20
)
_DOCUMENTS = st.lists(_DATA, max_size=4) | st.dictionaries(_KEYS, _DATA, max_size=4)
WORDS = "a word and another " * 8


@given(_DOCUMENTS)
def test_what_is_written_reads_back_as_the_same_data(document: Any) -> None:
    assert yaml.load(canonical_yaml.dump(document), Loader=yaml.CSafeLoader) == document


@given(_DOCUMENTS)
def test_writing_what_was_read_gives_the_same_bytes(document: Any) -> None:
    text = canonical_yaml.dump(document)
    assert canonical_yaml.dump(yaml.load(text, Loader=yaml.CSafeLoader)) == text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain text", "plain text"),
        ("2026.11.1", "2026.11.1"),
        ("7674000", '"7674000"'),
        ("yes", '"yes"'),
        ("a: b", '"a: b"'),
        ("- a", '"- a"'),
        ("", '""'),
        ("two\nlines", '"two\\nlines"'),
        (0.50, "0.5"),
        (12.0, "12"),
        (0.00001, "0.00001"),
        (None, "null"),
        (True, "true"),
        ([], "[]"),
        ({}, "{}"),
        (["a", "b, c"], '[a, "b, c"]'),
    ],
)
def test_a_value_is_written_in_its_one_form(value: Any, written: str) -> None:
    assert canonical_yaml.dump({"key": value}) == f"key: {written}\n"


def test_text_that_does_not_fit_is_folded() -> None:
    lines = canonical_yaml.dump({"text": WORDS.strip()}).splitlines()
    assert lines[0] == "text: >-"
    assert all(len(line) <= canonical_yaml.WIDTH for line in lines)


def test_rows_of_a_list_share_one_style() -> None:
    short, long = {"a": 1}, {"a": WORDS.strip()}
    assert canonical_yaml.dump({"rows": [short, short]}) == "rows: [{a: 1}, {a: 1}]\n"
    assert canonical_yaml.dump({"rows": [short, long]}).startswith("rows:\n  - a: 1\n  - a: >-\n")


def test_rows_of_a_table_stand_on_one_line_each() -> None:
    text = canonical_yaml.dump({"table": {"x": {"p": 0.1, "why": WORDS.strip()}}}, tables={"table": 1})
    assert text == f"table:\n  x: {{p: 0.1, why: {WORDS.strip()}}}\n"
