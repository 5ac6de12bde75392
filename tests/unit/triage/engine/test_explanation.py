"""Attribution, uncertainty and information: the explanation is the calculation."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.triage.engine.toy import CONDITIONS, KNOWLEDGE, POLICY, condition, presentation
from triage.engine import Case, Options, assess, compile_knowledge
from triage.engine.assessment import Cause
from triage.engine.attribution import log_odds
from triage.engine.case import State
from triage.engine.information import information
from triage.engine.ranking import by_condition, log_prior, normalise
from triage.engine.weighing import weigh

COMPILED = compile_knowledge(KNOWLEDGE)
CASE = Case(50.0, findings={"groin": "present", "stiff": "present", "fever": "absent", "long": "present"})


def weights(cause: Cause) -> float:
    evidence = cause["evidence"]
    return sum(weighed["weight"] for weighed in evidence["supporting"] + evidence["opposing"])


def test_prior_log_odds_and_weights_add_up_to_the_posterior_log_odds() -> None:
    for cause in assess(CASE, COMPILED)["causes"]:
        p = cause["probability"]
        assert cause["evidence"]["prior_log_odds"] + weights(cause) == pytest.approx(np.log(p / (1 - p)), abs=1e-9)


def test_calibration_weighs_every_answer_more_and_leaves_the_prior() -> None:
    sharp = compile_knowledge(replace(KNOWLEDGE, policy=replace(POLICY, calibration_slope=1.5)))
    blunt, calibrated = weigh(CASE, COMPILED), weigh(CASE, sharp)
    assert calibrated.prior == pytest.approx(blunt.prior)
    assert calibrated.observations.contributions == pytest.approx(1.5 * blunt.observations.contributions)
    for cause in assess(CASE, sharp)["causes"]:
        p = cause["probability"]
        assert cause["evidence"]["prior_log_odds"] + weights(cause) == pytest.approx(np.log(p / (1 - p)), abs=1e-9)
        assert cause["interval"]["low"] <= p <= cause["interval"]["high"]


def test_log_odds_of_a_nearly_certain_cause_keep_their_digits() -> None:
    log_joint = np.array([[0.0, -40.0, -50.0, -50.0]])
    expected = 40.0 - np.log1p(2 * np.exp(-10.0))
    assert log_odds(log_joint, [0], COMPILED)[0, 0] == pytest.approx(expected, abs=1e-9)


def test_the_interval_holds_the_probability_and_shrinks_with_better_evidence() -> None:
    rows = [
        replace(p, evidence={k: replace(e, effective_sample_size=4000.0) for k, e in p.evidence.items()})
        for p in CONDITIONS[0].presentations
    ]
    better = compile_knowledge(
        replace(KNOWLEDGE, conditions=(replace(CONDITIONS[0], presentations=tuple(rows)), *CONDITIONS[1:]))
    )
    case = Case(50.0, findings={"groin": "present", "lateral": "present"})
    vague, sharp = (assess(case, knowledge)["causes"][0] for knowledge in (COMPILED, better))
    for cause in (vague, sharp):
        assert cause["interval"]["low"] <= cause["probability"] <= cause["interval"]["high"]
    assert sharp["interval"]["high"] - sharp["interval"]["low"] < vague["interval"]["high"] - vague["interval"]["low"]


def test_the_draws_are_fixed_by_the_digest() -> None:
    again = compile_knowledge(KNOWLEDGE)
    other = compile_knowledge(replace(KNOWLEDGE, digest="sha256:other"))
    assert np.array_equal(again.log_deviation, COMPILED.log_deviation)
    assert not np.array_equal(other.log_deviation, COMPILED.log_deviation)


def test_information_is_the_mutual_information() -> None:
    posterior = normalise(log_prior(CASE, COMPILED))
    cause = by_condition(posterior, COMPILED)
    index = COMPILED.finding_index["groin"]
    gains = information(CASE, posterior, np.array([index]), [0], COMPILED)
    p = np.array([0.8, 0.8, 0.05])[[0, 1, 2]]
    assert [c.key for c in COMPILED.conditions] == ["arthritis", "infection", "tendon"]
    joint = np.stack([cause * p, cause * (1 - p)])
    expected = (joint * np.log2(joint / (joint.sum(axis=1, keepdims=True) * cause))).sum()
    assert gains.total[0] == pytest.approx(expected, rel=1e-2)
    assert 0 < gains.about[0, 0] <= gains.total[0] + 1e-9


def test_the_leading_presentation_is_named() -> None:
    hot = Case(50.0, findings={"fever": "present", "sudden": "present"})
    named = {cause["condition"]: cause["presentation"] for cause in assess(hot, COMPILED)["causes"]}
    assert named["infection"] == "hot"


def test_a_must_not_miss_cause_is_listed_beyond_the_maximum() -> None:
    case = Case(50.0, findings={"fever": "present"})
    causes = assess(case, COMPILED, Options(max_causes=1))["causes"]
    assert [(cause["condition"], cause["rank"]) for cause in causes] == [("arthritis", 1), ("infection", 3)]


def test_too_little_is_said_to_be_too_little() -> None:
    equal = tuple(condition(f"c{i}", 1.0, presentation("usual")) for i in range(5))
    compiled = compile_knowledge(replace(KNOWLEDGE, conditions=equal, red_flags=()))
    assert assess(Case(50.0), compiled)["status"] == "insufficient_information"


def test_a_case_that_says_everything_has_nothing_missing() -> None:
    answers: dict[str, State] = dict.fromkeys((finding.key for finding in KNOWLEDGE.findings), "absent")
    result = assess(Case(50.0, findings=answers), COMPILED)
    assert result["next_questions"] == []
    assert all(cause["evidence"]["missing"] == [] for cause in result["causes"])
