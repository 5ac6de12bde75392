"""Whether probabilities mean what they say: of causes given p, a share p should be true."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from triage.engine.tables import Floats, Integers
from triage.evaluation.rates import Rate
from triage.evaluation.run import RankedCause, Result

BINS = 10
SIMULATIONS = 2000


@dataclass(frozen=True, slots=True)
class Bin:
    """The predictions with a probability in [low, high): how many, their mean, and how many came true."""

    low: float
    high: float
    mean: float
    true: Rate


@dataclass(frozen=True, slots=True)
class Predictions:
    """Probabilities and whether each came true, (n,) both."""

    probability: Floats
    outcome: Floats

    @classmethod
    def of(cls, pairs: Iterable[tuple[float, bool]]) -> "Predictions":
        """From pairs of a probability and whether it came true."""
        table = np.array(list(pairs), dtype=np.float64).reshape(-1, 2)
        return cls(table[:, 0], table[:, 1])


def listed_causes(results: Sequence[Result]) -> Predictions:
    """Every cause that an answer of ordinary length names, and whether it is the true one."""
    return Predictions.of(_pair(cause, result) for result in results for cause in result.answer.causes if cause.listed)


def first_causes(results: Sequence[Result]) -> Predictions:
    """The first cause of every answer, and whether it is the true one."""
    return Predictions.of(_pair(cause, result) for result in results for cause in result.answer.causes[:1])


def accepted_together(results: Sequence[Result]) -> Predictions:
    """Every listed cause where exactly one is true: the accepted ones of a case count as one, their probability summed.

    Several accepted causes of one case share the probability of one truth; each on its own looks too cautious.
    """
    return Predictions.of(pair for result in results for pair in _pairs_together(result))


def _pair(cause: RankedCause, result: Result) -> tuple[float, bool]:
    return cause.probability, cause.condition == result.vignette.gold.primary


def _pairs_together(result: Result) -> list[tuple[float, bool]]:
    gold = result.vignette.gold.conditions
    pairs = [(cause.probability, cause.condition in gold) for cause in result.answer.causes if cause.listed]
    accepted = [probability for probability, true in pairs if true]
    others = [pair for pair in pairs if not pair[1]]
    return [(min(sum(accepted), 1.0), True), *others] if accepted else others


def mean(values: Floats) -> float:
    """The mean, nan without any."""
    return float(np.mean(values)) if values.size else nan


def brier(predictions: Predictions) -> float:
    """The mean squared distance of probability and outcome (Brier 1950, Mon Weather Rev 78:1); nan without any."""
    return mean((predictions.probability - predictions.outcome) ** 2)


def expected_calibration_error(predictions: Predictions) -> float:
    """Sum over equal-width bins of n_b / n * |share true - mean probability| (Naeini 2015, AAAI 29:2901)."""
    return _calibration_error(predictions.probability, predictions.outcome)


def error_if_calibrated(predictions: Predictions) -> float:
    """The expected calibration error that chance alone gives to so few perfectly calibrated predictions.

    The mean over draws, with a fixed seed, in which each comes true with its own probability.
    """
    draws = np.random.default_rng(0).random((SIMULATIONS, predictions.probability.size)) < predictions.probability
    return mean(np.array([_calibration_error(predictions.probability, draw.astype(np.float64)) for draw in draws]))


def reliability(predictions: Predictions) -> list[Bin]:
    """The bins that hold any prediction, lowest first."""
    place = _bins(predictions.probability)
    return [_bin(number, predictions, place == number) for number in np.unique(place).tolist()]


def _bin(number: int, predictions: Predictions, inside: np.ndarray) -> Bin:
    true = Rate(int(predictions.outcome[inside].sum()), int(inside.sum()))
    return Bin(number / BINS, (number + 1) / BINS, float(predictions.probability[inside].mean()), true)


def _calibration_error(probability: Floats, outcome: Floats) -> float:
    """By bin, n_b * |share true - mean probability| is |sum of outcomes - sum of probabilities|."""
    if not probability.size:
        return nan
    gap = np.bincount(_bins(probability), weights=outcome - probability, minlength=BINS)
    return float(np.abs(gap).sum() / probability.size)


def _bins(probability: Floats) -> Integers:
    """(n,) the bin of each: bin b holds [b / 10, (b + 1) / 10), the last one 1 as well."""
    return np.minimum((probability * BINS).astype(np.intp), BINS - 1)
