"""What an outcome measure must say to be scored: its share of the checks of `content_checks`."""

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from .content_schema import OutcomeItem, OutcomeMeasure
from .models.choices import OutcomeMethod

if TYPE_CHECKING:
    from .content_checks import Catalogue, Place, Problem


def outcome_measures_are_measurements(catalogue: "Catalogue") -> "Iterator[Problem]":
    ranges = {row.id: (row.minimum, row.maximum) for row in catalogue.content.measurements}
    for path, measure in _measures(catalogue):
        if ranges.get(measure.id) != (measure.minimum, measure.maximum):
            yield path, f'there is no measurement "{measure.id}" of the same range'


def outcome_items_are_named_once(catalogue: "Catalogue") -> "Iterator[Problem]":
    for path, measure in _measures(catalogue):
        names = [item.id for item in _items(measure)]
        if len(names) != len(set(names)):
            yield (*path, "scales"), "an item is here twice"


def outcome_scales_can_be_scored(catalogue: "Catalogue") -> "Iterator[Problem]":
    for path, measure in _measures(catalogue):
        for index, scale in enumerate(measure.scales):
            if scale.least_answered > len(scale.items):
                yield (*path, "scales", index), "least_answered is more than there are items"
            if measure.method != OutcomeMethod.MEAN and scale.least_answered < len(scale.items):
                yield (*path, "scales", index), "a sum needs all of its items"
            if any(item.minimum >= item.maximum for item in scale.items):
                yield (*path, "scales", index), "minimum must be below maximum"


def outcome_sums_span_the_range(catalogue: "Catalogue") -> "Iterator[Problem]":
    for path, measure in _measures(catalogue):
        items = list(_items(measure))
        lowest, highest = sum(item.minimum for item in items), sum(item.maximum for item in items)
        if measure.method == OutcomeMethod.SUM and (lowest, highest) != (measure.minimum, measure.maximum):
            yield (*path, "scales"), f"the items sum up from {lowest:g} to {highest:g}, not over the range"
        if measure.method == OutcomeMethod.TABLE:
            if lowest != 0 or not all(item.whole for item in items) or len(measure.table) != highest + 1:
                yield (*path, "table"), "a table has one entry for every sum of whole items from 0 on"
        elif measure.table:
            yield (*path, "table"), "only the method table has one"


def _measures(catalogue: "Catalogue") -> "Iterator[tuple[Place, OutcomeMeasure]]":
    for index, measure in enumerate(catalogue.content.outcome_measures):
        yield ("outcome_measures", index), measure


def _items(measure: OutcomeMeasure) -> Iterator[OutcomeItem]:
    return chain.from_iterable(scale.items for scale in measure.scales)
