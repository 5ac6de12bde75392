"""Where two JSON values differ, as JSON pointers (RFC 6901)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hipcare.errors import pointer

MISSING: Any = object()
"""The value on the side that does not have the place."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place and its two values; `MISSING` where it is not there."""

    pointer: str
    before: Any
    after: Any


def differences(before: Any, after: Any, keys: Sequence[str] = ()) -> Iterator[Difference]:
    """Every innermost place where the values differ.

    Lists are compared by position, or, if every entry has one of the members named in `keys` with a value of its own,
    by that value, which then stands in the pointer in the place of the position.
    """
    yield from _differences(before, after, keys, ())


def _differences(before: Any, after: Any, keys: Sequence[str], path: tuple[str | int, ...]) -> Iterator[Difference]:
    inner = _parts(before, after, keys)
    if inner is None:
        if type(before) is not type(after) or before != after:
            yield Difference(pointer(*path), before, after)
        return
    old, new = inner
    for name in {**old, **new}:
        yield from _differences(old.get(name, MISSING), new.get(name, MISSING), keys, (*path, name))


def _parts(before: Any, after: Any, keys: Sequence[str]) -> tuple[Mapping[Any, Any], Mapping[Any, Any]] | None:
    """The parts of two objects or two lists by name; None for anything else."""
    if isinstance(before, dict) and isinstance(after, dict):
        return before, after
    if isinstance(before, list) and isinstance(after, list):
        for key in keys:
            named = _by(key, before), _by(key, after)
            if named[0] is not None and named[1] is not None:
                return named[0], named[1]
        return dict(enumerate(before)), dict(enumerate(after))
    return None


def _by(key: str, rows: list[Any]) -> dict[Any, Any] | None:
    """The rows by the value of that member; None unless every row has one of its own."""
    named = {row.get(key): row for row in rows if isinstance(row, dict) and isinstance(row.get(key), str)}
    return named if len(named) == len(rows) else None
