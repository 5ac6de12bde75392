"""Scores in the ranking: they stand for their parts, exactly, and the explanation still adds up."""

from dataclasses import replace
from itertools import permutations
from math import log

import numpy as np
import pytest

from tests.unit.triage.engine.test_scores import MISSING, SCORE
from tests.unit.triage.engine.toy import CONDITIONS, KNOWLEDGE, condition, presentation
from triage.engine import Case, CompiledKnowledge, Options, assess, compile_knowledge
from triage.engine.answers import read_answers
from triage.engine.assessment import Cause
from triage.engine.composites import observe_with_scores
from triage.engine.knowledge import Composite
from triage.engine.ranking import Observations, observe

# A reference that shows itself in two ways, one of four cases feverish in one and nearly none in the other.
REFERENCE = condition(
    "strain",
    20.0,
    replace(presentation("acute", fever=0.3, sudden=0.9), weight=((0.0, 3.0),)),
    presentation("slow", fever=0.1, sudden=0.2),
)
ROW = replace(SCORE, reference="strain")
HOT = Case(
    50.0,
    findings={
        "groin": "present",
        "fever": "present",
        "sudden": "present",
        "gradual": "absent",
        "reduced_rotation": "present",
        "stiff": "absent",
    },
)
WITHOUT_THE_GATE = replace(HOT, findings={**HOT.findings, "groin": "absent"})


def compiled(*rows: Composite) -> CompiledKnowledge:
    return compile_knowledge(replace(KNOWLEDGE, conditions=(*CONDITIONS, REFERENCE), composites=rows))


PLAIN, SCORED = compiled(), compiled(ROW)


def observed(case: Case, knowledge: CompiledKnowledge) -> Observations:
    answers = read_answers(case, knowledge)
    return observe_with_scores(case, answers, knowledge.scores.of(case, answers.states), knowledge)


def columns(key: str, knowledge: CompiledKnowledge) -> list[int]:
    return np.flatnonzero(knowledge.condition_of == knowledge.condition_index[key]).tolist()


def evidence(cause: Cause) -> dict[str, float]:
    told = cause["evidence"]["supporting"] + cause["evidence"]["opposing"]
    assert len({finding["finding"] for finding in told}) == len(told)
    return {finding["finding"]: finding["weight"] for finding in told}


def test_the_parts_count_as_for_the_reference_and_the_score_adds_its_ratio() -> None:
    plain, scored = observed(HOT, PLAIN), observed(HOT, SCORED)
    infection = columns("infection", SCORED)
    others = [column for column in range(len(SCORED.presentations)) if column not in infection]
    places = {key: place for place, key in enumerate(plain.keys)}

    assert scored.contributions[places["fever"], infection] == pytest.approx(log(0.75 * 0.3 + 0.25 * 0.1))
    assert scored.contributions[places["sudden"], infection] == pytest.approx(log(0.75 * 0.9 + 0.25 * 0.2))
    assert scored.contributions[-1, infection] == pytest.approx(log(9.0))
    for key in ("groin", "reduced_rotation", "stiff"):
        assert np.array_equal(scored.contributions[places[key]], plain.contributions[places[key]])
    assert np.array_equal(scored.contributions[:-1, others], plain.contributions[:, others])
    assert not scored.contributions[-1, others].any()


def test_the_posterior_by_hand() -> None:
    case = replace(HOT, findings={key: state for key, state in HOT.findings.items() if key != "stiff"})
    row = replace(ROW, replaces=("fever", "sudden", "reduced_rotation"))
    causes = {cause["condition"]: cause["probability"] for cause in assess(case, compiled(row))["causes"]}
    reference = (0.75 * 0.3 + 0.25 * 0.1) * (0.75 * 0.9 + 0.25 * 0.2) * 0.2
    joint = {
        "arthritis": 60 * 0.8 * 0.02 * 0.05 * 0.2,
        "tendon": 30 * 0.05 * 0.02 * 0.1 * 0.2,
        "strain": 20 * 0.2 * (0.75 * 0.3 * 0.9 + 0.25 * 0.1 * 0.2) * 0.2,
        "infection": 0.5 * 0.8 * reference * 9.0,
    }
    total = sum(joint.values())
    assert causes == pytest.approx({key: value / total for key, value in joint.items()}, abs=1e-9)


def test_prior_log_odds_and_weights_still_add_up() -> None:
    for cause in assess(HOT, SCORED)["causes"]:
        p = cause["probability"]
        total = cause["evidence"]["prior_log_odds"] + sum(evidence(cause).values())
        assert total == pytest.approx(np.log(p / (1 - p)), abs=1e-9)
        assert cause["interval"]["low"] <= p <= cause["interval"]["high"]


def test_the_score_is_told_in_the_place_of_its_parts() -> None:
    causes = {cause["condition"]: cause for cause in assess(HOT, SCORED)["causes"]}
    assert set(evidence(causes["infection"])) == {"groin", "reduced_rotation", "stiff", "hot_score"}
    assert set(evidence(causes["strain"])) == {"groin", "reduced_rotation", "stiff", "hot_score", "fever", "sudden"}
    told = causes["infection"]["evidence"]
    (finding,) = [f for f in told["supporting"] + told["opposing"] if f["finding"] == "hot_score"]
    assert finding["name"] == "Hot score: high"
    assert (finding["state"], finding["probability"], finding["source"]) == ("present", None, "estimate")


def test_the_draws_of_a_replaced_answer_are_those_of_the_reference() -> None:
    scored = observed(HOT, SCORED)
    assert scored.read_from is not None
    infection, leading = columns("infection", SCORED), columns("strain", SCORED)[0]
    fever, stiff = scored.keys.index("fever"), scored.keys.index("stiff")
    assert scored.read_from[fever, infection].tolist() == [leading] * len(infection)
    assert scored.read_from[stiff].tolist() == list(range(len(SCORED.presentations)))


@pytest.mark.parametrize(
    "case",
    [
        WITHOUT_THE_GATE,
        replace(HOT, findings={**HOT.findings, "ulcer": "present"}),
        Case(50.0, findings={"groin": "present", "fever": "present"}),
    ],
    ids=["outside its gate", "not meant for", "undecided"],
)
def test_a_score_that_does_not_weigh_leaves_everything_as_it_is(case: Case) -> None:
    plain = observe(case, read_answers(case, PLAIN).counted, PLAIN)
    scored = observed(case, SCORED)
    assert np.array_equal(scored.contributions, plain.contributions)
    assert scored.read_from is None
    assert assess(case, SCORED)["causes"] == assess(case, PLAIN)["causes"]


def test_absent_options_of_a_group_are_replaced_together() -> None:
    row = replace(ROW, replaces=("sudden",))
    case = replace(HOT, findings={**HOT.findings, "sudden": "absent"})
    scored = observed(case, compiled(row))
    (stand_in,) = scored.stand_ins
    assert {scored.keys[place] for place in stand_in.places} == {"sudden", "gradual"}


def test_two_scores_do_not_depend_on_their_order() -> None:
    other = replace(ROW, key="other", for_conditions=("tendon",), replaces=("fever", "groin"))
    answers = [assess(HOT, compiled(*rows))["causes"] for rows in permutations((ROW, other))]
    for one, two in zip(*answers, strict=True):
        assert one["probability"] == pytest.approx(two["probability"], abs=1e-12)


def test_a_score_never_moves_the_urgency() -> None:
    rows = [replace(ROW, bands=tuple(replace(b, likelihood_ratio=r) for b in ROW.bands)) for r in (0.001, 1000.0)]
    for case in (HOT, WITHOUT_THE_GATE):
        for row in rows:
            answer, plain = assess(case, compiled(row)), assess(case, PLAIN)
            assert (answer["urgency"], answer["red_flags"]) == (plain["urgency"], plain["red_flags"])


@pytest.mark.parametrize(
    ("findings", "parts", "shown"),
    [
        ({"gradual": "absent", "reduced_rotation": "present"}, (), "4 points"),
        ({}, (), "2 to 4 points"),
        ({}, (MISSING,), "at least 2 points"),
        ({"fever": "absent"}, (MISSING,), "0 to 3 points"),
    ],
)
def test_the_answer_tells_the_score(findings: dict[str, str], parts: tuple[()], shown: str) -> None:
    case = Case(50.0, findings={"groin": "present", "fever": "present", **findings})  # type: ignore[dict-item]
    (told,) = assess(case, compiled(replace(ROW, parts=(*ROW.parts, *parts))))["composites"]
    assert (told["id"], told["shown"]) == ("hot_score", shown)
    assert told["score"]["of"] == 4 + len(parts)


@pytest.mark.parametrize(("for_clinicians_only", "audience"), [(True, "clinician"), (False, "everyone")])
def test_a_score_says_for_whom_it_is_and_is_told_to_everybody(for_clinicians_only: bool, audience: str) -> None:
    knowledge = compiled(replace(ROW, for_clinicians_only=for_clinicians_only))
    (told,) = assess(HOT, knowledge, Options(audience="patient"))["composites"]
    assert (told["audience"], told["band"], told["weighs_for"]) == (audience, "high", ["infection"])
