"""How sure the ranking is, given how little is known of the frequencies: the same fixed draws for every case of a
release."""

from dataclasses import dataclass

import numpy as np

from triage.engine.compiled import CompiledKnowledge
from triage.engine.ranking import Observations
from triage.engine.tables import Floats, starts_of_runs, sum_runs

NEGLIGIBLE_NATS = 7.5
"""Presentations this far behind the best (odds below one in 1,800) are left out of the draws."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Per condition index: the bounds of the posterior over the draws and the share of draws in which it is among the
    first three."""

    low: dict[int, float]
    high: dict[int, float]
    among_first_three: dict[int, float]


def spread(log_joint: Floats, observations: Observations, knowledge: CompiledKnowledge) -> Spread:
    """Posterior percentiles over the compiled draws of P(f | c) and of the priors."""
    plausible = np.flatnonzero(log_joint > log_joint.max() - NEGLIGIBLE_NATS)
    columns = plausible if observations.read_from is None else observations.read_from[:, plausible]
    rows = knowledge.deviation_row[observations.rows[:, np.newaxis], columns]
    deviations = knowledge.deviation_by_row.take(rows, axis=0)
    scores = (log_joint[plausible, np.newaxis] + knowledge.log_prior_deviation[plausible]).astype(np.float32)
    scores += np.einsum("k,kps->ps", observations.weights.astype(np.float32), deviations)
    scores -= scores.max(axis=0)
    weights = np.exp(scores, out=scores)
    condition_of = knowledge.condition_of[plausible]
    starts = starts_of_runs(condition_of)
    conditions = condition_of[starts]
    posterior = sum_runs(weights, starts) / weights.sum(axis=0)
    third = np.partition(posterior, -3, axis=0)[-3] if len(conditions) > 2 else np.zeros(posterior.shape[1])
    in_first_three = np.count_nonzero(posterior >= third, axis=1) / posterior.shape[1]
    low, high = _percentiles(posterior, knowledge.knowledge.policy.interval_level)
    indices = conditions.tolist()
    return Spread(
        dict(zip(indices, low.tolist(), strict=True)),
        dict(zip(indices, high.tolist(), strict=True)),
        dict(zip(indices, in_first_three.tolist(), strict=True)),
    )


def _percentiles(posterior: Floats, level: float) -> tuple[Floats, Floats]:
    """The order statistics that leave (1 - level) / 2 of the draws on either side."""
    ordered = np.sort(posterior, axis=1)
    outside = round(ordered.shape[1] * (1.0 - level) / 2)
    return ordered[:, outside], ordered[:, -1 - outside]
