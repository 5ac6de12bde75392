"""The engine's posterior against an independent exact implementation of the same network."""

from dataclasses import replace

import numpy as np
import pytest

from tests.clinical.oracle import Oracle
from triage.engine import Case, CompiledKnowledge, Options, assess, compile_knowledge
from triage.engine.answers import read_answers
from triage.engine.case import State
from triage.engine.ranking import by_condition, log_prior, normalise, observe

pytestmark = pytest.mark.django_db

# No two absent options of one exclusive group and no two present ones: the network has no edge between findings.
CASES: dict[str, Case] = {
    "nothing but age and sex": Case(50.0, "male"),
    "osteoarthritis": Case(
        61.0,
        "female",
        {
            "pain_groin": "present",
            "morning_stiffness_under_60": "present",
            "difficulty_shoes_socks": "present",
            "fever": "absent",
            "cannot_bear_weight": "absent",
            "weight_loss": "absent",
        },
        {"morning_stiffness_min": 20.0},
    ),
    "a referred tendon": Case(
        55.0, "female", {"pain_lateral": "present", "exam_gt_tender": "present"}, setting="specialist"
    ),
    "a septic child": Case(
        4.0, "unknown", {"fever": "present", "cannot_bear_weight": "present"}, {"crp_mg_l": 84.0, "temperature_c": 39.1}
    ),
    "unknown answers": Case(30.0, "male", {"pain_groin": "unknown", "pain_impact": "present", "limp": "absent"}),
}


@pytest.fixture(scope="module")
def independent(knowledge: CompiledKnowledge) -> CompiledKnowledge:
    """The release without correlation inside clusters and calibration, which the network does not know."""
    policy = replace(
        knowledge.knowledge.policy, cluster_correlation=0.0, cluster_correlations={}, calibration_slope=1.0
    )
    return compile_knowledge(replace(knowledge.knowledge, policy=policy))


@pytest.mark.parametrize("name", CASES)
def test_the_posterior_is_the_exact_one(name: str, independent: CompiledKnowledge) -> None:
    case = CASES[name]
    expected = Oracle(case, independent).posterior(case)
    counted = read_answers(case, independent).counted
    log_joint = log_prior(case, independent) + observe(case, counted, independent).contributions.sum(axis=0)
    np.testing.assert_allclose(by_condition(normalise(log_joint), independent), expected, rtol=0, atol=1e-9)
    told = assess(case, independent, Options(max_causes=len(expected)))["causes"]
    for cause in told:
        place = independent.condition_index[cause["condition"]]
        assert cause["probability"] == pytest.approx(expected[place], abs=1e-9)
    assert sum(cause["probability"] for cause in told) == pytest.approx(1.0, abs=0.05)


def test_correlation_is_what_the_network_leaves_out(knowledge: CompiledKnowledge) -> None:
    """Answers of one cluster count for less than independent ones would: the test above must not run with them."""
    findings: dict[str, State] = {
        "pain_lateral": "present",
        "pain_lying_on_side": "present",
        "exam_gt_tender": "present",
    }
    case = Case(55.0, "female", findings)
    counted = read_answers(case, knowledge).counted
    assert (observe(case, counted, knowledge, calibrated=False).weights <= 1.0).all()
