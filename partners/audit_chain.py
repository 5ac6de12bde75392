"""The chains of the audit trail, checked apart from the database that keeps them (docs/adr/0030).

The rows of an organisation are in up to eight chains, its lanes. The hash of a row is the SHA-256 of all of its columns
and of the hash of the row before it, written as a JSON array; that of no row is 32 zeros.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

NO_HASH = bytes(32)
_FORMAT = "hipcare audit 1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Chain(NamedTuple):
    """Which chain: of an organisation, or of none, and which of its lanes."""

    organisation_id: UUID | None
    lane: int

    def __str__(self) -> str:
        return f"organisation {self.organisation_id or 'none'}, lane {self.lane}"


class End(NamedTuple):
    """The last row of a chain."""

    number: int
    hash: bytes


class Row(NamedTuple):
    """One row of the trail, all of its columns."""

    organisation_id: UUID | None
    lane: int
    number: int
    previous_hash: bytes
    id: int
    at: datetime
    client_id: UUID | None
    actor: str
    action: str
    resource_type: str
    resource_id: str
    outcome: str
    request_id: str
    hash: bytes


def hash_of(row: Row) -> bytes:
    """What the hash of a row must be."""
    columns = [
        _FORMAT,
        _text(row.organisation_id),
        row.lane,
        row.number,
        row.previous_hash.hex(),
        row.id,
        (row.at - _EPOCH) // timedelta(microseconds=1),
        _text(row.client_id),
        row.actor,
        row.action,
        row.resource_type,
        row.resource_id,
        row.outcome,
        row.request_id,
    ]
    return hashlib.sha256(json.dumps(columns, ensure_ascii=False).encode()).digest()


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold, and what is wrong there."""

    chain: Chain
    what: str

    def __str__(self) -> str:
        return f"{self.chain}: {self.what}"


@dataclass(slots=True)
class Verdict:
    """What was found: the number of rows, where chains end, and the first break of each chain that has one."""

    rows: int = 0
    ends: dict[Chain, End] = field(default_factory=dict)
    breaks: list[Break] = field(default_factory=list)


def verify(rows: Iterable[Row], ends: Mapping[Chain, End], anchored: Mapping[Chain, End]) -> Verdict:
    """Check `rows`, which come sorted by organisation, lane and number, against the kept `ends` and an earlier anchor.

    Of the rows only one is held at a time.
    """
    verdict = Verdict()
    for key, of_chain in groupby(rows, lambda row: (row.organisation_id, row.lane)):
        chain = Chain(*key)
        walk = _Walk(anchored.get(chain))
        trouble = walk.along(of_chain) or walk.at_the_end(ends.get(chain))
        verdict.rows += walk.rows
        verdict.ends[chain] = End(walk.number, walk.hash)
        if trouble:
            verdict.breaks.append(Break(chain, trouble))
    verdict.breaks += _gone(verdict.ends, ends, anchored)
    return verdict


def _gone(found: Mapping[Chain, End], *expected: Mapping[Chain, End]) -> Iterator[Break]:
    """Chains of which nothing is left."""
    numbers: dict[Chain, int] = {}
    for ends in expected:
        for chain, end in ends.items():
            numbers[chain] = max(end.number, numbers.get(chain, 0))
    for chain, number in numbers.items():
        if chain not in found:
            yield Break(chain, f"all rows up to number {number} are missing")


class _Walk:
    """Along one chain: the place reached, and the hash that the next row must name."""

    def __init__(self, anchor: End | None) -> None:
        self.rows, self.number, self.hash, self._anchor = 0, 0, NO_HASH, anchor

    def along(self, rows: Iterable[Row]) -> str:
        """The first thing that is wrong, empty if nothing is. Walks to the end either way."""
        trouble = ""
        for row in rows:
            self.rows += 1
            trouble = trouble or self._trouble_with(row)
            self.number, self.hash = row.number, row.hash
        return trouble

    def _trouble_with(self, row: Row) -> str:
        expected = self.number + 1
        if row.number > expected:
            return f"number {expected} is missing"
        if row.number < expected:
            return f"number {row.number} is there twice"
        if row.hash != hash_of(row):
            return f"number {row.number} (id {row.id}) was changed"
        if row.previous_hash != self.hash:
            return f"number {row.number} (id {row.id}) does not follow from the row before it"
        if self._anchor is not None and row.number == self._anchor.number and row.hash != self._anchor.hash:
            return f"number {row.number} (id {row.id}) is not the one of the anchor: the chain was written anew"
        return ""

    def at_the_end(self, end: End | None) -> str:
        """What is wrong with the end, empty if nothing is."""
        if self._anchor is not None and self.number < self._anchor.number:
            return f"cut off after number {self.number}; the anchor knows number {self._anchor.number}"
        if end is None:
            return "its end is not kept any more"
        if self.number < end.number:
            return f"cut off after number {self.number}; number {end.number} was the last"
        if (self.number, self.hash) != end:
            return f"its last row, number {self.number}, is not the end that is kept (number {end.number})"
        return ""


def digest_of(ends: Mapping[Chain, End]) -> str:
    """One digest for where all chains end, to be read out or written down."""
    return f"sha256:{hashlib.sha256(json.dumps(_entries(ends)).encode()).hexdigest()}"


def write_anchor(ends: Mapping[Chain, End], *, at: datetime) -> str:
    """Where all chains end, as JSON, to be kept where nobody who can write to the database can write."""
    anchor = {"format": _FORMAT, "at": at.isoformat(), "digest": digest_of(ends), "chains": _entries(ends)}
    return json.dumps(anchor, indent=1) + "\n"


def _entries(ends: Mapping[Chain, End]) -> list[dict[str, str | int | None]]:
    return [
        {
            "organisation": _text(chain.organisation_id),
            "lane": chain.lane,
            "number": end.number,
            "hash": end.hash.hex(),
        }
        for chain, end in sorted(ends.items(), key=lambda item: (str(item[0].organisation_id or ""), item[0].lane))
    ]


def read_anchor(text: str) -> dict[Chain, End]:
    """The ends in an anchor. Raises ValueError for anything that `write_anchor` did not write."""
    try:
        anchor = json.loads(text)
        ends = {_chain_of(entry): End(int(entry["number"]), bytes.fromhex(entry["hash"])) for entry in anchor["chains"]}
        intact = anchor["format"] == _FORMAT and anchor["digest"] == digest_of(ends)
    except (KeyError, TypeError, ValueError, AttributeError):
        intact = False
    if not intact:
        raise ValueError("is not an anchor, or was changed")
    return ends


def _chain_of(entry: Mapping[str, str]) -> Chain:
    organisation = entry["organisation"]
    return Chain(None if organisation is None else UUID(organisation), int(entry["lane"]))
