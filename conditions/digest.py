"""The digest of a release: SHA-256 over the canonical JSON of its rows."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class CanonicalRow(NamedTuple):
    """One row as plain data: which table, its public id, and its fields."""

    table: str
    id: str
    fields: Mapping[str, Any]


def digest(rows: Iterable[CanonicalRow]) -> str:
    """`sha256:` and 64 hexadecimal digits; the order in which the rows come does not matter."""
    hashed = hashlib.sha256()
    for row in sorted(rows, key=lambda row: (row.table, row.id)):
        hashed.update(canonical_json(row))
        hashed.update(b"\n")
    return f"sha256:{hashed.hexdigest()}"


def canonical_json(value: Any) -> bytes:
    """JSON in UTF-8 with sorted keys, no spaces and whole numbers without a point: equal data gives equal bytes."""
    plain = _whole_numbers_as_integers(value)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _whole_numbers_as_integers(value: Any) -> Any:
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, Mapping):
        return {key: _whole_numbers_as_integers(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_whole_numbers_as_integers(inner) for inner in value]
    return value
