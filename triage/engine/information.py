"""What would be worth knowing next: expected information gain over the posterior (Lindley 1956, Ann Math Stat 27:986),
in bits."""

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from triage.engine.case import Case
from triage.engine.compiled import CompiledKnowledge
from triage.engine.ranking import by_condition
from triage.engine.tables import Floats, Integers, sum_runs

Singles = NDArray[np.float32]

NEGLIGIBLE_PROBABILITY = 0.004
"""Causes below this are left out when information is counted: they cannot carry a bit."""

NEGLIGIBLE_PRESENTATION = 1e-4
BITS_PER_NAT = np.float32(1.0 / log(2.0))
TINY = np.float32(1e-12)
TOLD_ABOUT_A_CAUSE = 3
GAIN_DECIMALS = 4
"""Gains are told to this many decimals of a bit: they order questions, nothing is added up from them."""


@dataclass(frozen=True, slots=True)
class Information:
    """Gain in bits of each candidate finding: about the whole ranking, and about single conditions."""

    candidates: Integers
    """(n,) indices of the findings that could be asked or examined."""
    total: Singles
    """(n,) mutual information between the finding and the cause."""
    about: Singles
    """(m, n) mutual information between the finding and whether it is this condition, for m conditions."""
    best_about: Integers
    """(m, 3) places of the candidates that tell most about each condition, best first."""


def information(
    case: Case, posterior: Floats, candidates: Integers, conditions: list[int], knowledge: CompiledKnowledge
) -> Information:
    """Mutual information of candidate findings with the cause, given the (P,) posterior over presentations."""
    cause = by_condition(posterior, knowledge)
    counted = cause > NEGLIGIBLE_PROBABILITY
    counted[conditions] = True
    columns = np.flatnonzero(counted)
    joint = _joint(case, posterior, columns, knowledge)[:, candidates]
    present = joint.sum(axis=0)
    weight = cause[columns].astype(np.float32)[:, np.newaxis]
    whole = weight.sum()
    together = _information(joint, present, weight)
    together += _information(weight - joint, whole - present, weight)
    places = np.searchsorted(columns, conditions)
    others, elsewhere = whole - weight[places], present - joint[places]
    about = together[places] + _information(elsewhere, present, others)
    about += _information(others - elsewhere, whole - present, others)
    return Information(candidates, together.sum(axis=0), about, _best(about))


def _best(about: Singles) -> Integers:
    """(m, 3) places of the largest values of each row, largest first, without sorting the whole row."""
    falling = np.negative(about, order="C")
    if about.shape[1] <= TOLD_ABOUT_A_CAUSE:
        return falling.argsort(axis=1, kind="stable")
    rows = np.arange(len(about))[:, np.newaxis]
    best = falling.argpartition(TOLD_ABOUT_A_CAUSE, axis=1)[:, :TOLD_ABOUT_A_CAUSE]
    result: Integers = best[rows, falling[rows, best].argsort(axis=1, kind="stable")]
    return result


def _joint(case: Case, posterior: Floats, columns: Integers, knowledge: CompiledKnowledge) -> Singles:
    """(c, F) probability of the condition together with the finding being present, for the conditions in `columns`."""
    counted = np.zeros(len(knowledge.conditions), dtype=np.bool_)
    counted[columns] = True
    among = counted[knowledge.condition_of] & (posterior > NEGLIGIBLE_PRESENTATION)
    among[knowledge.condition_starts[columns]] = True
    presentations = np.flatnonzero(among)
    starts = np.searchsorted(knowledge.condition_of[presentations], columns)
    rows = knowledge.probability_by_presentation[int(case.is_child)].take(presentations, axis=0)
    rows *= posterior[presentations].astype(np.float32)[:, np.newaxis]
    return sum_runs(rows, starts)


def _information(joint: Singles, marginal: Singles, weight: Singles) -> Singles:
    """The terms joint · log2(joint / (marginal · weight)), zero where there is no mass."""
    joint = np.maximum(joint, TINY)
    ratio: Singles = marginal * weight
    np.maximum(ratio, TINY * TINY, out=ratio)
    np.divide(joint, ratio, out=ratio)
    np.log(ratio, out=ratio)
    ratio *= joint
    ratio *= BITS_PER_NAT
    return ratio
