"""The posterior, checked by hand."""

from dataclasses import replace
from math import log

import numpy as np
import pytest

from tests.unit.triage.engine.toy import CONDITIONS, KNOWLEDGE, POLICY
from triage.engine import Case, CompiledKnowledge, compile_knowledge
from triage.engine.answers import read_answers
from triage.engine.ranking import by_condition, log_prior, normalise, observe

COMPILED = compile_knowledge(KNOWLEDGE)
NAIVE = compile_knowledge(replace(KNOWLEDGE, policy=replace(POLICY, cluster_correlation=0.0)))


def posterior(case: Case, knowledge: CompiledKnowledge = COMPILED) -> dict[str, float]:
    observations = observe(case, read_answers(case, knowledge).counted, knowledge)
    values = by_condition(normalise(log_prior(case, knowledge) + observations.contributions.sum(axis=0)), knowledge)
    return {condition.key: float(value) for condition, value in zip(knowledge.conditions, values, strict=True)}


def test_without_findings_the_posterior_is_the_prior() -> None:
    assert posterior(Case(50.0))["arthritis"] == pytest.approx(60 / 90.5)


def test_one_finding_by_bayes_rule() -> None:
    joint = {"arthritis": 60 * 0.8, "tendon": 30 * 0.05, "infection": 0.5 * 0.8}
    assert posterior(Case(50.0, findings={"groin": "present"})) == pytest.approx(
        {key: value / sum(joint.values()) for key, value in joint.items()}
    )


def test_presentations_are_a_mixture() -> None:
    assert posterior(Case(50.0, findings={"fever": "present"}))["infection"] == pytest.approx(
        0.5 * (0.9 + 0.05) / 2 / (0.5 * (0.9 + 0.05) / 2 + 60 * 0.02 + 30 * 0.02)
    )


def test_two_answers_of_a_cluster_count_by_the_design_effect() -> None:
    case = Case(50.0, findings={"stiff": "present", "morning_stiff": "absent"})
    observations = observe(case, read_answers(case, COMPILED).counted, COMPILED)
    assert observations.weights == pytest.approx([1 / 1.5, 1 / 1.5])
    assert observe(case, read_answers(case, NAIVE).counted, NAIVE).weights == pytest.approx([1, 1])


def test_absent_options_of_a_group_are_one_observation() -> None:
    case = Case(50.0, findings={"sudden": "absent", "gradual": "absent"})
    contributions = observe(case, read_answers(case, COMPILED).counted, COMPILED).contributions.sum(axis=0)
    assert contributions[0] == pytest.approx(log(1 - 0.05 - 0.9))


def test_a_setting_flattens_the_prior() -> None:
    flat = posterior(Case(50.0, setting="specialist"))
    assert flat["infection"] == pytest.approx(0.5**0.5 / (60**0.5 + 30**0.5 + 0.5**0.5))


def test_outside_its_population_a_condition_is_impossible() -> None:
    limited = tuple(replace(c, from_age=40.0) if c.key == "arthritis" else c for c in CONDITIONS)
    compiled = compile_knowledge(replace(KNOWLEDGE, conditions=limited))
    assert posterior(Case(30.0), compiled)["arthritis"] == 0.0
    assert posterior(Case(40.0), compiled)["arthritis"] > 0.0


def test_a_condition_of_one_sex_is_impossible_in_the_other() -> None:
    limited = tuple(replace(c, sex="male") if c.key == "arthritis" else c for c in CONDITIONS)
    compiled = compile_knowledge(replace(KNOWLEDGE, conditions=limited))
    assert posterior(Case(50.0, sex="female"), compiled)["arthritis"] == 0.0
    assert posterior(Case(50.0, sex="unknown"), compiled)["arthritis"] > 0.0


def test_sex_ratio_splits_the_rate() -> None:
    skewed = tuple(replace(c, female_to_male=3.0) if c.key == "arthritis" else c for c in CONDITIONS)
    compiled = compile_knowledge(replace(KNOWLEDGE, conditions=skewed))
    women, men = (posterior(Case(50.0, sex=sex), compiled)["arthritis"] for sex in ("female", "male"))
    assert (women / (1 - women)) / (men / (1 - men)) == pytest.approx(3.0)


def test_the_prior_does_not_jump_at_a_birthday() -> None:
    rising = tuple(replace(c, prior=((40.0, 1.0), (60.0, 200.0))) if c.key == "arthritis" else c for c in CONDITIONS)
    compiled = compile_knowledge(replace(KNOWLEDGE, conditions=rising))
    values = [posterior(Case(age), compiled)["arthritis"] for age in np.arange(45.0, 55.0, 0.05)]
    assert np.abs(np.diff(values)).max() < 0.005


def test_children_have_their_own_base_frequencies() -> None:
    adult, child = (posterior(Case(age, findings={"fever": "present"})) for age in (16.0, 15.9))
    assert adult["infection"] > child["infection"]


def test_probabilities_are_bounded() -> None:
    assert COMPILED.probability.min() >= 0.005
    assert COMPILED.probability.max() <= 0.995
