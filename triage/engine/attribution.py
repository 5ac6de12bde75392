"""How far each answer moved each cause: sequential attribution in reading order.

The log odds of a cause against all others are followed from the prior through the answers one by one; an answer's
weight is the step
it makes. Steps of a path add up to its whole length, so prior log odds plus weights are exactly the posterior log odds.
"""

from dataclasses import dataclass

import numpy as np

from triage.engine.compiled import CompiledKnowledge
from triage.engine.ranking import Observations
from triage.engine.tables import Floats

SMALLEST_REST = 1e-300


@dataclass(frozen=True, slots=True)
class Attribution:
    """`prior_log_odds` (m,) and `weights` (k, m) for m conditions and the k answers and scores in reading order."""

    prior_log_odds: Floats
    weights: Floats


def attribute(
    log_prior: Floats, observations: Observations, conditions: list[int], knowledge: CompiledKnowledge
) -> Attribution:
    """Follow the log odds of the given conditions through the answers."""
    steps = np.vstack([log_prior, observations.contributions]).cumsum(axis=0)
    odds = log_odds(steps, conditions, knowledge)
    return Attribution(odds[0], np.diff(odds, axis=0))


def log_odds(log_joint: Floats, conditions: list[int], knowledge: CompiledKnowledge) -> Floats:
    """(n, m) log odds of each condition against all the others, from (n, P) log joint weights."""
    weights = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
    by_condition = np.add.reduceat(weights, knowledge.condition_starts, axis=1)
    own = by_condition[:, conditions]
    rest = by_condition.sum(axis=1, keepdims=True) - own
    # Subtracting nearly equal numbers loses digits: add up the others instead.
    for column in np.flatnonzero((rest < 1e-6 * own).any(axis=0)).tolist():
        rest[:, column] = _without(by_condition, conditions[column]).sum(axis=1)
    result: Floats = np.log(np.maximum(own, SMALLEST_REST)) - np.log(np.maximum(rest, SMALLEST_REST))
    return result


def _without(table: Floats, column: int) -> Floats:
    """The table without one column."""
    return np.concatenate([table[:, :column], table[:, column + 1 :]], axis=1)
