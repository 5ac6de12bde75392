"""What would be worth knowing next: expected information gain over the posterior (Lindley 1956, Ann Math Stat 27:986),
in bits."""

from dataclasses import dataclass

import numpy as np

from triage.engine.case import Case
from triage.engine.compiled import CompiledKnowledge
from triage.engine.ranking import by_condition
from triage.engine.tables import Floats, Integers

NEGLIGIBLE_PROBABILITY = 0.004
"""Causes below this are left out when information is counted: they cannot carry a bit."""

NEGLIGIBLE_PRESENTATION = 1e-5


@dataclass(frozen=True, slots=True)
class Information:
    """Gain in bits of each candidate finding: about the whole ranking, and about single conditions."""

    candidates: Integers
    """(n,) indices of the findings that could be asked or examined."""
    total: Floats
    """(n,) mutual information between the finding and the cause."""
    about: dict[int, Floats]
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
    joint = np.add.reduceat(probability * posterior[among], starts, axis=1)
    present = joint.sum(axis=1, keepdims=True)
    weight = cause[columns]
    together = _information(joint, present, weight) + _information(weight - joint, weight.sum() - present, weight)
    places = np.searchsorted(columns, conditions)
    others = weight.sum() - weight[places]
    absent = _information(present - joint[:, places], present, others) + _information(
        others - (present - joint[:, places]), weight.sum() - present, others
    )
    about = together[:, places] + absent
    return Information(candidates, together.sum(axis=1), {c: about[:, i] for i, c in enumerate(conditions)})


def _information(joint: Floats, marginal: Floats, weight: Floats) -> Floats:
    """Σ-terms joint · log2(joint / (marginal · weight)), zero where there is no mass."""
    joint, marginal = np.maximum(joint, 1e-12), np.maximum(marginal, 1e-12)
    result: Floats = joint * np.log2(joint / (marginal * np.maximum(weight, 1e-12)))
    return result
