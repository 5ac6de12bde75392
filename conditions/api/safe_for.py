"""The filter `safe_for`: what nothing contraindicates for somebody of whom some findings are known."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import django_filters
from django.db.models import Model, QuerySet

from conditions import selectors
from conditions.rules import made_true_by
from hipcare.errors import InvalidParameters, Problem

Rows = TypeVar("Rows", bound=Model)
SafetyRule = Mapping[str, Any]
"""Something with a `rule`."""

HELP = (
    "Finding ids with commas between them: leaves out what any of these contraindicates, at any age. What remains is "
    "not thereby safe for a person: send the case to POST /assessments."
)


def safe_for_filter() -> django_filters.CharFilter:
    """The parameter; the filter set has `safe_for`, which calls `without_contraindicated`."""
    return django_filters.CharFilter(method="safe_for_findings", help_text=HELP)


def without_contraindicated(
    rows: QuerySet[Rows], findings: str, for_all: Callable[[int], Iterable[SafetyRule]] = lambda release_id: ()
) -> QuerySet[Rows]:
    """The rows of which no `contraindicated_if` is made true, at any age and sex.

    None at all where one of the rules for all rows of the release is. Raises InvalidParameters for an unknown id.
    """
    table = list(rows.order_by("pk").values_list("pk", "release_id", "contraindicated_if"))
    if not table:
        return rows
    release_id = table[0][1]
    present = _present_with(release_id, findings)
    if _any_made_true(for_all(release_id), present):
        return rows.none()
    return rows.exclude(pk__in=[pk for pk, _, rules in table if _any_made_true(rules, present)])


def _present_with(release_id: int, findings: str) -> set[str]:
    """The findings named and all that they imply. Raises InvalidParameters for an id that the release does not know."""
    keys = [key.strip() for key in findings.split(",") if key.strip()]
    implied = selectors.implied_findings(release_id)
    if unknown := [place for place, key in enumerate(keys, 1) if key not in implied]:
        details = [f"There is no such finding as number {place} of the list." for place in unknown]
        raise InvalidParameters(
            problems=[Problem("/safe_for", "unknown_finding", detail, parameter="safe_for") for detail in details]
        )
    present, more = set[str](), {*keys}
    while more:
        present |= more
        more = {key for name in more for key in implied.get(name, ())} - present
    return present


def _any_made_true(rules: Iterable[SafetyRule], present: set[str]) -> bool:
    """Whether these findings make one of the rules true."""
    return any(made_true_by(row["rule"], present) for row in rules)
