"""What changed between two published releases: rows by section, and the vignettes that are answered otherwise."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, cast

import orjson
from typing_extensions import TypedDict

from conditions import selectors
from conditions.digest import CanonicalRow, canonical_json
from hipcare.api.json_diff import MISSING, Difference, differences
from triage.actions.publishing import canonical_rows
from triage.engine.assessment import Status
from triage.engine.knowledge import Level
from triage.evaluation import saved
from triage.evaluation.run import Stage
from triage.vignette_runs import VignetteFile, configured, published_run

KEYS = ("id", "treatment", "exercise", "finding")
"""Members by which the entries of a list are told apart, so that one more at the top does not change them all."""

WHOLE = ("conditions.release", "conditions.scope")
"""Sections of one row, whose id is the version."""


class FieldChange(TypedDict):
    """A field of a row with its values; null also where there was, or is, none."""

    field: str
    before: Any
    after: Any


class ChangedRow(TypedDict):
    """A row that is in both releases with another content."""

    id: str
    fields: list[FieldChange]


class SectionDiff(TypedDict):
    """What changed in one section of the knowledge."""

    added: list[str]
    removed: list[str]
    changed: list[ChangedRow]


class ComparedRelease(TypedDict):
    """One of the two releases."""

    version: str
    digest: str


class VignetteAnswer(TypedDict):
    """An answer in short: the place of the true cause, the urgency, the first cause and its probability."""

    rank: int | None
    urgency: Level
    first_cause: str | None
    probability: float | None
    status: Status


class ChangedVignette(TypedDict):
    """A vignette that is answered otherwise, before or after imaging; null where a release cannot read it."""

    vignette: str
    stage: Stage
    before: VignetteAnswer | None
    after: VignetteAnswer | None


ReleaseDiff = TypedDict(
    "ReleaseDiff",
    {
        "from": ComparedRelease,
        "to": ComparedRelease,
        "sections": dict[str, SectionDiff],
        "vignettes": list[ChangedVignette] | None,
        "vignettes_reason": str | None,
    },
)
"""What changed from one release to another; `vignettes` is null for the reason given."""


def release_diff(before: Any, after: Any) -> ReleaseDiff:
    """What changed from one published release to another."""
    vignettes = configured()
    known = isinstance(vignettes, VignetteFile)
    return {
        "from": {"version": before.version, "digest": before.digest},
        "to": {"version": after.version, "digest": after.digest},
        "sections": _sections(before.pk, after.pk),
        "vignettes": changed_vignettes(before.pk, after.pk, vignettes) if isinstance(vignettes, VignetteFile) else None,
        "vignettes_reason": None if known else cast(str, vignettes),
    }


@lru_cache(maxsize=16)
def _sections(before: int, after: int) -> dict[str, SectionDiff]:
    """Published releases do not change, so neither does what is between them."""
    rows = [canonical_rows(selectors.release_by_id(key)) for key in (before, after)]
    return section_diffs(*rows)


def section_diffs(before: Iterable[CanonicalRow], after: Iterable[CanonicalRow]) -> dict[str, SectionDiff]:
    """What changed by section; a section without any change is left out."""
    old, new = _by_section(before), _by_section(after)
    told = {name: _section(old.get(name, {}), new.get(name, {})) for name in sorted({*old, *new})}
    return {name: section for name, section in told.items() if any(section.values())}


def _by_section(rows: Iterable[CanonicalRow]) -> dict[str, dict[str, Any]]:
    sections: dict[str, dict[str, Any]] = {}
    for row in rows:
        name = row.table.rpartition(".")[2]
        key = name if row.table in WHOLE else row.id
        sections.setdefault(name, {})[key] = orjson.loads(canonical_json(row.fields))
    return sections


def _section(old: Mapping[str, Any], new: Mapping[str, Any]) -> SectionDiff:
    return {
        "added": sorted(new.keys() - old.keys()),
        "removed": sorted(old.keys() - new.keys()),
        "changed": [
            {"id": key, "fields": [_field(change) for change in differences(old[key], new[key], KEYS)]}
            for key in sorted(old.keys() & new.keys())
            if old[key] != new[key]
        ],
    }


def _field(change: Difference) -> FieldChange:
    before, after = (None if value is MISSING else value for value in (change.before, change.after))
    return {"field": change.pointer, "before": before, "after": after}


def changed_vignettes(before: int, after: int, vignettes: VignetteFile) -> list[ChangedVignette]:
    """The vignettes whose rank of the truth, urgency or first cause is another."""
    old, new = (saved.to_save(published_run(key, vignettes).run) for key in (before, after))
    return [
        {
            "vignette": change.vignette,
            "stage": change.stage,
            "before": _answer(change.old),
            "after": _answer(change.new),
        }
        for change in saved.changes(old, new)
    ]


def _answer(answer: saved.SavedAnswer | None) -> VignetteAnswer | None:
    return cast(VignetteAnswer, answer.model_dump()) if answer else None
