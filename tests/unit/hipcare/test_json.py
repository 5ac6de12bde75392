"""JSON both ways."""

from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from hipcare.api.json import JsonRenderer, dumps, loads
from hipcare.errors import InvalidInput, MalformedBody

_scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
_text = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
_values = st.recursive(_scalars | _text, lambda inner: st.lists(inner) | st.dictionaries(_text, inner))


@given(_values)
def test_what_goes_out_comes_back(value: object) -> None:
    assert loads(dumps(value)) == value


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(MalformedBody, InvalidInput):
        loads(body)


def test_every_nul_is_pointed_at() -> None:
    with pytest.raises(InvalidInput) as refused:
        loads(rb'{"a": ["\u0000", {"b": "x\u0000"}], "\u0000": 1, "c": "\\u0000"}')
    assert [problem.pointer for problem in refused.value.problems] == ["/a/0", "/a/1/b", "/\x00"]


def test_a_nul_is_pointed_at_however_deep() -> None:
    with pytest.raises(InvalidInput) as refused:
        loads(b"[" * 1000 + rb'"a\u0000"' + b"]" * 1000)
    assert [problem.pointer for problem in refused.value.problems] == ["/0" * 1000]
    with pytest.raises(InvalidInput) as refused:
        loads(rb'["\u0000", {"a": [1, {"\u0000": "\u0000"}, []], "b": "\u0000"}, "c\u0000"]')
    pointers = ["/0", "/1/a/1/\x00", "/1/a/1/\x00", "/1/b", "/2"]
    assert [problem.pointer for problem in refused.value.problems] == pointers


def test_bytes_go_out_as_they_are() -> None:
    assert JsonRenderer().render(b'{"a" :  1}') == b'{"a" :  1}'


def test_nothing_is_an_empty_body() -> None:
    assert JsonRenderer().render(None) == b""


def test_types_of_the_project_are_written_plainly() -> None:
    value = {
        "at": datetime(2026, 11, 1, 12, tzinfo=UTC),
        "id": UUID(int=1),
        "weight": Decimal("1.50"),
        "text": gettext_lazy("Yes"),
        3: 4,
    }
    assert dumps(value) == (
        b'{"at":"2026-11-01T12:00:00Z","id":"00000000-0000-0000-0000-000000000001","weight":"1.50","text":"Yes","3":4}'
    )


def test_an_unknown_type_is_a_fault() -> None:
    with pytest.raises(TypeError):
        dumps(object())
