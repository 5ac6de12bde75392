"""What would be worth knowing next: expected information gain over the posterior (Lindley 1956, Ann Math Stat 27:986),
in bits."""

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from triage.engine.case import Case
from triage.engine.compiled import CompiledKnowledge
from triage.engine.ranking import by_condition
from triage.engine.tables import Floats, Integers

Singles = NDArray[np.float32]

NEGLIGIBLE_PROBABILITY = 0.004
"""Causes below this are left out when information is counted: they cannot carry a bit."""

NEGLIGIBLE_PRESENTATION = 1e-4
BITS_PER_NAT = np.float32(1.0 / log(2.0))
TINY = np.float32(1e-12)
GAIN_DECIMALS = 4
"""Gains are told to this many decimals of a bit: they order questions, nothing is added up from them."""


@dataclass(frozen=True, slots=True)
class Information:
    """Gain in bits of each candidate finding: about the whole ranking, and about single conditions."""

    candidates: Integers
    """(n,) indices of the findings that could be asked or examined."""
    total: Singles
    """(n,) mutual information between the finding and the cause."""
    about: dict[int, Singles]
    """Per condition index: (n,) mutual information between the finding and whether it is this condition."""


def information(
    case: Case, posterior: Floats, candidates: Integers, conditions: list[int], knowledge: CompiledKnowledge
) -> Information:
    """Mutual information of candidate findings with the cause, given the (P,) posterior over presentations."""
    cause = by_condition(posterior, knowledge)
    columns = np.union1d(np.flatnonzero(cause > NEGLIGIBLE_PROBABILITY), conditions).astype(np.intp)
    among = np.isin(knowledge.condition_of, columns) & (posterior > NEGLIGIBLE_PRESENTATION)
    among[knowledge.condition_starts[columns]] = True
    starts = np.searchsorted(knowledge.condition_of[among], columns)
    probability = knowledge.probability[int(case.is_child)][candidates[:, np.newaxis], np.flatnonzero(among)]
    joint = np.add.reduceat(probability * posterior[among], starts, axis=1).astype(np.float32)
    present = joint.sum(axis=1, keepdims=True)
    weight = cause[columns].astype(np.float32)
    together = _information(joint, present, weight) + _information(weight - joint, weight.sum() - present, weight)
    places = np.searchsorted(columns, conditions)
    others = weight.sum() - weight[places]
    absent = _information(present - joint[:, places], present, others) + _information(
        others - (present - joint[:, places]), weight.sum() - present, others
    )
    about = together[:, places] + absent
    return Information(candidates, together.sum(axis=1), {c: about[:, i] for i, c in enumerate(conditions)})


def _information(joint: Singles, marginal: Singles, weight: Singles) -> Singles:
    """The terms joint · log2(joint / (marginal · weight)), zero where there is no mass."""
    joint = np.maximum(joint, TINY)
    result: Singles = joint * np.log(joint / np.maximum(marginal * weight, TINY * TINY)) * BITS_PER_NAT
    return result
