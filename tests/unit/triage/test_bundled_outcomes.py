"""The outcome measures of the bundled release, against examples that were worked by hand from the published rules."""

from collections.abc import Mapping

import pytest

from triage.engine.follow_up_knowledge import OutcomeMeasure
from triage.engine.outcome_scores import score, target_reached, verdict
from triage.knowledge import ReleaseKnowledge

pytestmark = pytest.mark.django_db

HOOS = {f"{scale}{number}": 2.0 for scale in "pfq" for number in range(1, 5)}
HAGOS_SIZES = {"s": 7, "p": 10, "a": 5, "sp": 8, "pa": 2, "q": 5}
HAGOS = {f"{scale}{number}": 1.0 for scale, size in HAGOS_SIZES.items() for number in range(1, size + 1)}
VISA = {f"i{number}": 5.0 for number in range(1, 8)} | {"i8": 20.0}


def numbered(*values: float) -> dict[str, float]:
    return {f"i{number}": value for number, value in enumerate(values, start=1)}


def without(items: Mapping[str, float], *names: str) -> dict[str, float]:
    return {key: value for key, value in items.items() if key not in names}


@pytest.fixture
def measures(bundled: ReleaseKnowledge) -> Mapping[str, OutcomeMeasure]:
    return bundled.compiled.outcome_measures


def test_the_seven_measures_are_there_and_each_is_a_measurement(bundled: ReleaseKnowledge) -> None:
    measures = bundled.compiled.outcome_measures
    assert {*measures} == {"pain_nprs", "hoos_12", "hoos_ps", "ihot_12", "hagos", "visa_g", "psfs"}
    for key, measure in measures.items():
        limits = bundled.measurements[key]
        assert (measure.minimum, measure.maximum) == (limits.minimum, limits.maximum)
    assert [len(measures[key].items) for key in ("hoos_12", "hoos_ps", "ihot_12", "hagos", "visa_g")] == [
        *(12, 5, 12, 37, 8)
    ]


@pytest.mark.parametrize(
    ("key", "items", "value"),
    [
        ("pain_nprs", {"pain": 7.0}, 7.0),
        ("pain_nprs", {}, None),
        # every item in the middle: 100 - 25 * 2
        ("hoos_12", HOOS, 50.0),
        # pain (1+1+0+2)/4 = 1 -> 75, function (2+3+2+1)/4 = 2 -> 50, quality of life 4 -> 0; mean 41.67
        (
            "hoos_12",
            dict(zip(HOOS, [1, 1, 0, 2, 2, 3, 2, 1, 4, 4, 4, 4], strict=True)),
            41.7,
        ),
        # two pain items left, mean 2: as if all four were 2
        ("hoos_12", without(HOOS, "p1", "p2"), 50.0),
        # one pain item left: no pain scale, so no summary
        ("hoos_12", without(HOOS, "p1", "p2", "p3"), None),
        ("hoos_ps", numbered(0, 0, 0, 0, 0), 0.0),
        # the published table: 1 -> 4.6, 10 -> 37.7, 19 -> 90.8
        ("hoos_ps", numbered(1, 0, 0, 0, 0), 4.6),
        ("hoos_ps", numbered(2, 2, 2, 2, 2), 37.7),
        ("hoos_ps", numbered(4, 4, 4, 4, 3), 90.8),
        ("hoos_ps", numbered(4, 4, 4, 4, 4), 100.0),
        ("hoos_ps", numbered(4, 4, 4, 4), None),
        # (50 * 11 + 62) / 12 = 51
        ("ihot_12", numbered(*[50.0] * 11, 62.0), 51.0),
        # six of twelve answered: (40 * 5 + 70) / 6 = 45
        ("ihot_12", numbered(*[40.0] * 5, 70.0), 45.0),
        ("ihot_12", numbered(*[40.0] * 5), None),
        ("hagos", HAGOS, 75.0),
        # symptoms with four of seven items, each 1: still 75
        ("hagos", without(HAGOS, "s1", "s2", "s3"), 75.0),
        ("hagos", without(HAGOS, "s1", "s2", "s3", "s4"), None),
        # half of the two participation items: 4 -> 0, the other five scales 75: 375 / 6 = 62.5
        ("hagos", without(HAGOS, "pa1") | {"pa2": 4.0}, 62.5),
        # 7 * 5 + 20
        ("visa_g", VISA, 55.0),
        ("visa_g", without(VISA, "i3"), None),
        # three activities: (3 + 4 + 6) / 3
        ("psfs", {"a1": 3.0, "a2": 4.0, "a3": 6.0}, 4.3),
        ("psfs", {"a2": 4.0}, 4.0),
        ("psfs", {}, None),
    ],
)
def test_scores_are_what_the_published_rules_give(
    measures: Mapping[str, OutcomeMeasure], key: str, items: dict[str, float], value: float | None
) -> None:
    told = score(measures[key], items)
    assert told.value == value
    assert {*told.missing} == {*measures[key].items} - {*items}


def test_scales_are_told_even_where_the_whole_cannot_be(measures: Mapping[str, OutcomeMeasure]) -> None:
    told = score(measures["hoos_12"], without(HOOS, "p1", "p2", "p3"))
    assert told.scales == {"pain": None, "function": 50.0, "quality_of_life": 50.0}


def test_the_ends_of_every_questionnaire_are_the_ends_of_its_range(measures: Mapping[str, OutcomeMeasure]) -> None:
    for measure in measures.values():
        lowest = score(measure, {key: item.minimum for key, item in measure.items.items()}).value
        highest = score(measure, {key: item.maximum for key, item in measure.items.items()}).value
        assert {lowest, highest} == {measure.minimum, measure.maximum}
        assert (lowest == measure.minimum) == (measure.items_best == measure.best)


@pytest.mark.parametrize(
    ("key", "baseline", "now", "expected"),
    [
        ("pain_nprs", 6.0, 4.0, "better"),
        ("pain_nprs", 6.0, 4.1, "same"),
        ("pain_nprs", 6.0, 8.0, "worse"),
        ("pain_nprs", 6.0, 7.9, "same"),
        ("hoos_12", 50.0, 60.0, "better"),
        ("hoos_12", 50.0, 59.9, "same"),
        ("hoos_12", 50.0, 40.0, "worse"),
        ("ihot_12", 49.3, 63.3, "better"),
        ("ihot_12", 49.3, 63.2, "same"),
        ("hagos", 50.0, 65.0, "better"),
        ("hagos", 50.0, 64.9, "same"),
        ("psfs", 3.3, 5.3, "better"),
        ("psfs", 3.3, 1.3, "worse"),
        # no minimal important change is established: nothing is said of a change
        ("hoos_ps", 80.0, 0.0, "unknown"),
        ("visa_g", 20.0, 100.0, "unknown"),
    ],
)
def test_a_change_counts_from_the_minimal_important_change_on(
    measures: Mapping[str, OutcomeMeasure], key: str, baseline: float, now: float, expected: str
) -> None:
    assert verdict(measures[key], now=now, baseline=baseline, previous=baseline) == expected


def test_a_loss_since_the_last_contact_is_worse_even_above_the_start(measures: Mapping[str, OutcomeMeasure]) -> None:
    pain = measures["pain_nprs"]
    assert verdict(pain, now=5.0, baseline=8.0, previous=3.0) == "worse"
    assert verdict(pain, now=4.0, baseline=8.0, previous=3.0) == "better"
    assert verdict(pain, now=3.0, baseline=8.0, previous=3.0) == "better"


def test_targets(measures: Mapping[str, OutcomeMeasure]) -> None:
    assert [target_reached(measures["pain_nprs"], now) for now in (3.0, 3.1, None)] == [True, False, None]
    assert [target_reached(measures["ihot_12"], now) for now in (63.0, 62.9)] == [True, False]
    assert target_reached(measures["hagos"], 100.0) is None


def test_what_grows_by_itself_is_a_measurement_in_days(bundled: ReleaseKnowledge) -> None:
    growing = bundled.compiled.knowledge.policy.follow_up.grow_with_time
    assert {bundled.measurements[key].unit for key in growing} == {"d"}
