"""The posterior: tempered prior, cluster-weighted likelihood, one principal cause.

log P(c, presentation | case) = tau log prior(c | age, sex, setting) + log share(presentation)
                                + slope sum over findings f of w_f log P(f | presentation)

with w_f = 1 / (1 + rho (k - 1)) for a finding whose cluster has k answers: the design effect of a composite likelihood
(Varin, Reid and Firth 2011, Statistica Sinica 21:5). At rho = 0 and slope 1 this is naive Bayes. The slope undoes what
clusters and cautious estimates take from every answer alike (logistic recalibration: Cox 1958, Biometrika 45:562; Van
Calster et al. 2019, BMC Medicine 17:230).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.engine.case import Case
from triage.engine.compiled import NO_GROUP, CompiledKnowledge
from triage.engine.knowledge import CompositeBand
from triage.engine.rules import TRUE, Truth
from triage.engine.scores import Score
from triage.engine.tables import MAXIMUM_AGE, SEXES, Floats, Integers

SMALLEST = 1e-300
UNTEMPERED = 1.0


@dataclass(frozen=True, slots=True)
class StandIn:
    """A composite score that weighs, and the places of the answers for which it stands."""

    score: Score
    band: CompositeBand
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Observations:
    """The counted answers of a case as rows of the tables, in reading order, and the m scores that stand for some."""

    keys: list[str]
    rows: Integers
    weights: Floats
    contributions: Floats
    """(k + m, P) weighted log-likelihood of each answer and score under each presentation."""
    stand_ins: tuple[StandIn, ...] = ()
    read_from: Integers | None = None
    """(k, P) the presentation whose draws count for each answer; None where each has its own."""
    of_parts: Floats | None = None
    """(k, P) the contributions without any score, for safety; None where no score stands for anything."""
    uncalibrated: Floats | None = None
    """(k, P) the same before they were calibrated; None where they are not."""


def observe(
    case: Case, counted: Mapping[str, Truth], knowledge: CompiledKnowledge, *, calibrated: bool = True
) -> Observations:
    """Look up the likelihood of every counted answer, and recalibrate it unless told not to."""
    index = knowledge.finding_index
    places = sorted([index[key] for key in counted])
    keys = [knowledge.findings[place].key for place in places]
    present = np.array([counted[key] == TRUE for key in keys], dtype=np.bool_)
    findings = np.array(places, dtype=np.intp)
    rows = 2 * findings + present
    weights = _weights(findings, present, knowledge)
    contributions = knowledge.log_likelihood[int(case.is_child)].take(rows, axis=0)
    contributions *= weights[:, np.newaxis]
    _merge_absent_options(case, findings[~present], rows, contributions, knowledge)
    if not calibrated:
        return Observations(keys, rows, weights, contributions)
    slope = knowledge.knowledge.policy.calibration_slope
    return Observations(keys, rows, slope * weights, slope * contributions, uncalibrated=contributions)


def _weights(findings: Integers, present: NDArray[np.bool_], knowledge: CompiledKnowledge) -> Floats:
    """(k,) cluster weights; options of one group that are all said to be present share one answer."""
    clusters = knowledge.cluster_of[findings]
    answers = np.bincount(clusters)[clusters]
    weights: Floats = 1.0 / (1.0 + knowledge.correlation[clusters] * (answers - 1))
    groups = knowledge.group_of[findings]
    options = np.bincount(groups[present])
    if options.size > NO_GROUP + 1 and options[NO_GROUP + 1 :].max() > 1:
        options[NO_GROUP] = 1
        weights[present] /= options[groups[present]]
    return weights


def _merge_absent_options(
    case: Case, absent: Integers, rows: Integers, contributions: Floats, knowledge: CompiledKnowledge
) -> None:
    """Several absent options of one group are one observation, "none of these": log(1 - Σ p), told once."""
    groups = knowledge.group_of[absent]
    for group in np.flatnonzero(np.bincount(groups)[NO_GROUP + 1 :] > 1).tolist():
        options = absent[groups == NO_GROUP + 1 + group]
        together = knowledge.probability[int(case.is_child), options].sum(axis=0)
        places = np.searchsorted(rows, 2 * options)
        contributions[places] = 0.0
        none = np.clip(1.0 - together, *knowledge.knowledge.policy.probability_bounds)
        contributions[places[0]] = np.log(none)


def log_prior(case: Case, knowledge: CompiledKnowledge, *, tempered: bool = True) -> Floats:
    """(P,) log prior of each presentation for this age, sex and setting; -inf outside a condition's population.

    With `tempered` the prior of a selected case is flattened as the policy says for its setting.
    """
    temper = temper_of(case, knowledge) if tempered else UNTEMPERED
    rate = _at_age(knowledge.rate, case) * knowledge.setting_factors[case.setting]
    weight = rate if temper == UNTEMPERED else np.where(rate > 0.0, rate**temper, 0.0)
    with np.errstate(divide="ignore"):
        result: Floats = np.log(weight / weight.sum())[knowledge.condition_of] + np.log(share_at(case, knowledge))
    return result


def temper_of(case: Case, knowledge: CompiledKnowledge) -> float:
    """The exponent that flattens the prior of a selected case."""
    return knowledge.knowledge.policy.prior_temper.get(case.setting, UNTEMPERED)


def share_at(case: Case, knowledge: CompiledKnowledge) -> Floats:
    """(P,) share of each presentation within its condition at this age and sex."""
    return _at_age(knowledge.share, case)


def _at_age(table: Floats, case: Case) -> Floats:
    age = min(max(case.age_years, 0.0), float(MAXIMUM_AGE))
    below = min(int(age), MAXIMUM_AGE - 1)
    part = age - below
    by_age = table[SEXES.index(case.sex)]
    result: Floats = (1.0 - part) * by_age[below] + part * by_age[below + 1]
    return result


def normalise(log_joint: Floats) -> Floats:
    """Probabilities from log weights, by log-sum-exp."""
    weights = np.exp(log_joint - log_joint.max())
    result: Floats = weights / weights.sum()
    return result


def raised(cause: Floats, exponent: float) -> Floats:
    """Probabilities raised to an exponent and normalised along the last axis: above 1 sharper, below 1 flatter."""
    if exponent == 1.0:
        return cause
    powers = cause**exponent
    result: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return result


def with_causes(posterior: Floats, old: Floats, new: Floats, knowledge: CompiledKnowledge) -> Floats:
    """(P,) the posterior moved from (C,) `old` to `new` probabilities; within a condition the shares stay."""
    ratio = new / np.maximum(old, SMALLEST)
    result: Floats = posterior * ratio[knowledge.condition_of]
    return result


def by_condition(presentation_values: Floats, knowledge: CompiledKnowledge) -> Floats:
    """Sum over the presentations of each condition, along the last axis."""
    result: Floats = np.add.reduceat(presentation_values, knowledge.condition_starts, axis=-1)
    return result
