"""What a composite score must say to be computed, weighed and told: its share of the checks of `content_checks`."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from . import rules
from .content_schema import Composite
from .models.choices import CompositeMode

if TYPE_CHECKING:
    from .content_checks import Catalogue, Place, Problem


def composite_parts_are_named_once(catalogue: "Catalogue") -> "Iterator[Problem]":
    for path, composite in _composites(catalogue):
        names = [part.id for part in composite.parts]
        for index, name in enumerate(names):
            if name in names[:index]:
                yield (*path, "parts", index), f'"{name}" is here twice'
        for index, name in enumerate(composite.use_when.parts):
            if name not in names:
                yield (*path, "use_when", "parts", index), f'"{name}" is no part of this score'


def missing_parts_are_not_in_the_vocabulary(catalogue: "Catalogue") -> "Iterator[Problem]":
    known = catalogue.ids["finding"] | catalogue.ids["measurement"]
    for path, composite in _composites(catalogue):
        for index, part in enumerate(composite.parts):
            if part.rule is None and part.id in known:
                yield (*path, "parts", index), f'"{part.id}" can be asked, so the part needs a rule'


def bands_cover_the_scale(catalogue: "Catalogue") -> "Iterator[Problem]":
    for path, composite in _composites(catalogue):
        lowest, highest = scale(composite)
        starts = [band.at_least for band in composite.bands]
        if starts[0] != lowest:
            yield (*path, "bands", 0), f"the first band starts at {starts[0]}, the lowest score is {lowest}"
        for index, (before, after) in enumerate(pairwise(starts), start=1):
            if after <= before or after > highest:
                yield (*path, "bands", index), f"bands must rise from {lowest} to {highest} at most"
        finding = composite.vocabulary_finding
        if finding and finding.at_least not in starts[1:]:
            yield (*path, "vocabulary_finding"), "its score must be the start of a band, and not of the first"


def references_are_other_conditions(catalogue: "Catalogue") -> "Iterator[Problem]":
    for path, composite in _composites(catalogue):
        if composite.reference in composite.for_conditions:
            yield (*path, "reference"), "a score compares its conditions with another one"


def vocabulary_findings_are_replaced(catalogue: "Catalogue") -> "Iterator[Problem]":
    for path, composite in _composites(catalogue):
        finding = composite.vocabulary_finding
        if finding and finding.finding not in composite.replaces:
            yield (*path, "vocabulary_finding"), f'"{finding.finding}" would be counted twice: it must be in replaces'


def gates_keep_their_evidence(catalogue: "Catalogue") -> "Iterator[Problem]":
    for path, composite in _composites(catalogue):
        if composite.mode == CompositeMode.GATE:
            opening = set(rules.findings_in(composite.gate)) if composite.gate is not None else set()
            for index, name in enumerate(composite.replaces):
                if name in opening:
                    yield (*path, "replaces", index), f'"{name}" opens the gate and keeps its own evidence'


def scores_count_nothing_twice(catalogue: "Catalogue") -> "Iterator[Problem]":
    for (_, one), (path, other) in combinations(_composites(catalogue), 2):
        if (
            CompositeMode.REPORT_ONLY not in (one.mode, other.mode)
            and set(one.for_conditions) & set(other.for_conditions)
            and set(one.replaces) & set(other.replaces)
            and (other.id in one.instead_of) == (one.id in other.instead_of)
        ):
            yield path, f'of "{one.id}" and "{other.id}" exactly one must stand instead_of the other'


def scale(composite: Composite) -> tuple[int, int]:
    """The lowest and the highest score that there is."""
    points = [part.points for part in composite.parts]
    return sum(p for p in points if p < 0), sum(p for p in points if p > 0)


def _composites(catalogue: "Catalogue") -> "Iterator[tuple[Place, Composite]]":
    for index, composite in enumerate(catalogue.content.composites):
        yield ("composites", index), composite
