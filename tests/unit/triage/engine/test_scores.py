"""Scores from what is known: bounds, bands, gates and precedence."""

from dataclasses import replace

import pytest

from tests.unit.triage.engine.toy import FINDINGS, KNOWLEDGE
from triage.engine import Case, compile_knowledge
from triage.engine.answers import read_answers
from triage.engine.knowledge import Composite, CompositeBand, CompositePart
from triage.engine.scores import Bounds, Score

SCORE = Composite(
    key="hot_score",
    name="Hot score",
    parts=(
        CompositePart("fever", 2, "fever"),
        CompositePart("not_gradual", 1, {"absent": "gradual"}),
        CompositePart("reduced", 1, {"any": ["reduced_rotation", {"measurement": {"id": "rotation", "at_most": 15}}]}),
    ),
    bands=(CompositeBand(0, 0.2, "low"), CompositeBand(2, 1.0, "middle"), CompositeBand(4, 9.0, "high")),
    for_conditions=("infection",),
    reference="arthritis",
    replaces=("fever", "sudden"),
    show="{score} points",
    gate="groin",
    unless="ulcer",
)
MISSING = CompositePart("nobody_asks", 1)


def scores(case: Case, *rows: Composite) -> dict[str, Score]:
    compiled = compile_knowledge(replace(KNOWLEDGE, composites=rows))
    return {score.row.key: score for score in compiled.scores.of(case, read_answers(case, compiled).states)}


def score(row: Composite = SCORE, age: float = 50.0, /, **findings: str) -> Score:
    return scores(Case(age, findings={"groin": "present", **findings}), row)[row.key]  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("findings", "bounds", "band"),
    [
        ({"fever": "present"}, (2, 4), None),
        ({"fever": "present", "gradual": "present"}, (2, 3), "middle"),
        ({"fever": "absent", "gradual": "present"}, (0, 1), "low"),
        ({"fever": "unknown", "gradual": "present", "reduced_rotation": "present"}, (1, 3), None),
        ({"fever": "present", "gradual": "absent", "reduced_rotation": "present"}, (4, 4), "high"),
    ],
)
def test_what_is_unknown_widens_the_score_and_is_never_absent(
    findings: dict[str, str], bounds: tuple[int, int], band: str | None
) -> None:
    found = score(**findings)
    assert found.bounds == Bounds(*bounds)
    assert (found.band and found.band.label) == band
    assert (found.weighed and found.weighed.label) == band


def test_a_measurement_counts() -> None:
    case = Case(50.0, findings={"groin": "present", "fever": "absent"}, measurements={"rotation": 10.0})
    assert scores(case, SCORE)["hot_score"].bounds == Bounds(1, 2)


@pytest.mark.parametrize(
    "findings",
    [{"fever": "present"}, {"groin": "absent", "fever": "present"}, {"groin": "unknown", "fever": "present"}],
)
def test_without_its_gate_there_is_no_score(findings: dict[str, str]) -> None:
    assert scores(Case(50.0, findings=findings), SCORE) == {}  # type: ignore[arg-type]


def test_it_is_not_for_those_for_whom_it_is_not_meant() -> None:
    findings = {"groin": "present", "fever": "present"}
    assert scores(Case(50.0, findings={**findings, "ulcer": "absent"}), SCORE)  # type: ignore[dict-item]
    assert not scores(Case(50.0, findings={**findings, "ulcer": "present"}), SCORE)  # type: ignore[dict-item]


def test_it_is_told_only_once_a_part_is_known() -> None:
    assert scores(Case(50.0, findings={"groin": "present", "stiff": "present"}), SCORE) == {}


def test_a_part_that_nobody_can_ask_for_stays_open() -> None:
    row = replace(SCORE, parts=(*SCORE.parts, MISSING))
    assert score(row, fever="absent", gradual="present", reduced_rotation="present").settled is None
    assert score(row, fever="present", gradual="absent", reduced_rotation="present").bounds == Bounds(4, 5)
    assert score(row, fever="present", gradual="absent", reduced_rotation="present").settled == SCORE.bands[2]


def test_points_taken_away_count_when_they_can_be_asked_for_and_are_left_to_the_clinician_when_not() -> None:
    bands = (CompositeBand(-2, 0.2, "low"), *SCORE.bands[1:])
    asked = replace(SCORE, bands=bands, parts=(*SCORE.parts, CompositePart("long", -2, "long")))
    judged = replace(SCORE, bands=bands, parts=(*SCORE.parts, CompositePart("judged", -2)))
    full = {"fever": "present", "gradual": "absent", "reduced_rotation": "present"}
    assert score(asked, **full).bounds == Bounds(2, 4)
    assert score(asked, **full, long="present").bounds == Bounds(2, 2)
    assert score(judged, **full).bounds == Bounds(4, 4)


def test_a_part_that_is_only_ever_present_stays_open_when_it_is_false() -> None:
    parts = (CompositePart("young", 1, {"age_years": {"below": 40}}, present_only=True), *SCORE.parts)
    row = replace(SCORE, parts=parts)
    assert score(row, 30.0, fever="absent").bounds == Bounds(1, 3)
    assert score(row, 60.0, fever="absent").bounds == Bounds(0, 3)


def test_what_the_prior_knows_counts_as_met_where_the_score_is_weighed_and_as_it_is_where_it_is_told() -> None:
    parts = (CompositePart("old", 1, {"age_years": {"from": 60}}, in_prior=True), *SCORE.parts)
    row = replace(SCORE, parts=parts)
    young = score(row, 50.0, fever="absent", gradual="absent", reduced_rotation="present")
    assert (young.bounds, young.band, young.settled) == (Bounds(2, 2), SCORE.bands[1], SCORE.bands[1])
    younger = score(row, 50.0, fever="present", gradual="absent", reduced_rotation="unknown")
    assert (younger.bounds, younger.band, younger.settled) == (Bounds(3, 4), None, SCORE.bands[2])
    assert scores(Case(70.0, findings={"groin": "present"}), row) == {}, "age alone is nothing known of the score"


@pytest.mark.parametrize(("state", "bounds"), [("present", (2, 4)), ("absent", (0, 1))])
def test_a_vocabulary_finding_says_whether_a_score_is_reached(state: str, bounds: tuple[int, int]) -> None:
    row = replace(SCORE, vocabulary_finding="lateral", vocabulary_score=2, known_at_least=3)
    assert score(row, lateral=state).bounds == Bounds(*bounds)


def test_enough_must_be_known() -> None:
    two_known = {"fever": "absent", "gradual": "present"}
    assert score(**two_known).settled == SCORE.bands[0]
    assert score(replace(SCORE, known_at_least=3), **two_known).settled is None
    assert score(replace(SCORE, known_parts=("reduced",)), **two_known).settled is None
    assert score(replace(SCORE, known_parts=("fever", "not_gradual")), **two_known).settled == SCORE.bands[0]
    told = replace(SCORE, known_at_least=3, vocabulary_finding="lateral", vocabulary_score=2)
    assert score(told, **two_known, lateral="absent").settled == SCORE.bands[0]


def test_a_settled_score_takes_the_place_of_another_and_an_open_one_does_not() -> None:
    other = replace(SCORE, key="other", parts=(CompositePart("long", 1, "long"),), bands=SCORE.bands[:1])
    row = replace(SCORE, instead_of=("other",))
    known = {"groin": "present", "long": "present", "fever": "absent"}
    settled = scores(Case(50.0, findings={**known, "gradual": "present"}), other, row)  # type: ignore[dict-item]
    open_still = scores(Case(50.0, findings=known), other, row)  # type: ignore[arg-type]
    assert list(settled) == ["hot_score"]
    assert list(open_still) == ["other", "hot_score"]


def test_a_score_that_is_only_told_weighs_nothing() -> None:
    found = score(replace(SCORE, weighs=False), fever="absent", gradual="present")
    assert (found.settled, found.weighed) == (SCORE.bands[0], None)


def test_absence_is_no_word_of_the_safety_rules() -> None:
    flag = replace(KNOWLEDGE.red_flags[0], rule={"all": ["fever", {"absent": "gradual"}]})
    with pytest.raises(ValueError, match="absent"):
        compile_knowledge(replace(KNOWLEDGE, red_flags=(flag,)))


def test_what_only_sums_up_parts_that_can_be_asked_is_not_proposed() -> None:
    summed = replace(SCORE, vocabulary_finding="lateral", vocabulary_score=2)
    partly = replace(summed, parts=(*SCORE.parts, MISSING))
    for row, asked in ((summed, False), (partly, True)):
        compiled = compile_knowledge(replace(KNOWLEDGE, composites=(row,)))
        assert compiled.worth_asking[compiled.finding_index["lateral"]] == asked
        assert compiled.worth_asking.sum() == len(FINDINGS) - (not asked)
