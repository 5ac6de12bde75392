"""What would be worth knowing next: expected information gain over the posterior (Lindley 1956, Ann Math Stat 27:986),
in bits."""

from dataclasses import dataclass

import numpy as np

from triage.engine.case import Case
from triage.engine.compiled import CompiledKnowledge, Floats, Integers
from triage.engine.ranking import by_condition

NEGLIGIBLE_PROBABILITY = 0.004
"""Causes below this are left out when information is counted: they cannot carry a bit."""


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
    among = np.isin(knowledge.condition_of, columns)
    starts = np.searchsorted(knowledge.condition_of[among], columns)
    probability = knowledge.probability[int(case.is_child)][candidates[:, np.newaxis], np.flatnonzero(among)]
    joint = np.add.reduceat(probability * posterior[among], starts, axis=1)
    present = joint.sum(axis=1, keepdims=True)
    weight = cause[columns]
    together = _information(joint, present, weight) + _information(weight - joint, weight.sum() - present, weight)
    places = {int(column): place for place, column in enumerate(columns)}
    about = {
        condition: together[:, places[condition]] + _rest(joint, present, weight, places[condition])
        for condition in conditions
    }
    return Information(candidates, together.sum(axis=1), about)


def _information(joint: Floats, marginal: Floats, weight: Floats) -> Floats:
    """Σ-terms joint · log2(joint / (marginal · weight)), zero where there is no mass."""
    joint, marginal = np.maximum(joint, 1e-12), np.maximum(marginal, 1e-12)
    result: Floats = joint * np.log2(joint / (marginal * np.maximum(weight, 1e-12)))
    return result


def _rest(joint: Floats, present: Floats, weight: Floats, place: int) -> Floats:
    """What a finding tells about a condition being *not* the cause."""
    others = weight.sum() - weight[place]
    joint_others = present[:, 0] - joint[:, place]
    return _information(joint_others, present[:, 0], others) + _information(
        others - joint_others, weight.sum() - present[:, 0], others
    )
