"""Filling a release with exercises and programmes from files, checking it, and writing it back."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet

from conditions import rules
from conditions import selectors as conditions
from conditions.digest import CanonicalRow
from exercises.content_checks import Surroundings, problems_in
from exercises.content_files import SECTIONS, read_content, write_content
from exercises.content_rows import content_of, create_rows, delete_rows
from hipcare.errors import Conflict, InvalidInput, Problem, pointer

if TYPE_CHECKING:
    from conditions.models import Release


@transaction.atomic
def load_into(*, release: "Release", directory: Path) -> None:
    """Give the release exactly the exercises and programmes in `directory`. Its conditions are loaded already.

    A published release is left as it is when it has the same content. Raises InvalidInput with file and line of every
    problem, Conflict when the published content differs.
    """
    content = read_content(directory, _surroundings(release))
    if not release.is_frozen:
        delete_rows(release)
        create_rows(release, content)
    elif content_of(release) != content:
        raise Conflict(f"Release {release.version} is published and differs. Give the new content a new version.")


@transaction.atomic
def copy_into(*, release: "Release", source: "Release") -> None:
    """Give the draft `release` the exercises and programmes of another release."""
    delete_rows(release)
    create_rows(release, content_of(source))


def check(*, release: "Release") -> None:
    """Check a release as its files would be checked. Raises InvalidInput with a pointer to every problem."""
    problems = [
        Problem(pointer(*path), "invalid-content", message)
        for path, message in problems_in(content_of(release), _surroundings(release))
    ]
    if problems:
        raise InvalidInput(problems)


def export_into(release: "Release", directory: Path) -> None:
    """Write the files that load into the same release, byte for byte the same each time."""
    write_content(content_of(release), directory)


def canonical_rows(release: "Release") -> Iterator[CanonicalRow]:
    """Every row of the release that this app holds, for `conditions.digest.digest`."""
    content = content_of(release)
    for section in SECTIONS:
        for entry in getattr(content, section):
            yield CanonicalRow(f"exercises.{section}", entry.id, entry.model_dump(mode="json"))


def _surroundings(release: "Release") -> Surroundings:
    findings = conditions.findings(release)
    causes = dict(conditions.conditions(release).values_list("key", "programme"))
    return Surroundings(
        ids={
            "citation": _keys(conditions.citations(release)),
            "measurement": _keys(conditions.measurements(release)),
            "finding": _keys(findings),
            "red flag": _keys(conditions.red_flags(release)),
            "condition": frozenset(causes),
        },
        demographic=_keys(findings.filter(derived_from_demographics=True)),
        red_flag_rules={row.key: rules.parse(row.rule) for row in conditions.red_flags(release)},
        exercises_of_treatments=dict(conditions.treatments(release).values_list("key", "exercises")),
        programme_of_conditions={name: programme for name, programme in causes.items() if programme},
    )


def _keys(rows: QuerySet[Any]) -> frozenset[str]:
    return frozenset(rows.values_list("key", flat=True))
