"""Ranking and triage against the right answers: counts and rates of lists of results."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from triage.engine.knowledge import LEVELS, Level
from triage.engine.tables import Integers
from triage.evaluation.rates import Rate
from triage.evaluation.run import Result

TOPS = (1, 3, 5)
RANK_BANDS = (("1", 1, 1), ("2", 2, 2), ("3", 3, 3), ("4 to 5", 4, 5), ("6 to 10", 6, 10), ("11 or later", 11, 10**6))
"""Name, first and last rank."""
RULED_OUT = "ruled out by age or sex"
RESAMPLES = 2000

Results = Sequence[Result]


@dataclass(frozen=True, slots=True)
class Triage:
    """How the urgencies of answers stand to the right ones. The four rates add up to one."""

    agree: Rate
    under: Rate
    over: Rate
    waits_for_screen: Rate
    """Routine for self-care, and only because red-flag questions are open: told apart from over-triage."""


def with_truth(results: Results) -> list[Result]:
    """Those whose true cause the catalogue has: only they can be ranked right or wrong."""
    return [result for result in results if result.has_truth]


def accuracy(results: Results) -> tuple[Rate, ...]:
    """How often an accepted cause is among the first 1, 3 and 5."""
    ranked = with_truth(results)
    return tuple(Rate(sum(_within(result, top) for result in ranked), len(ranked)) for top in TOPS)


def _within(result: Result, top: int) -> bool:
    return result.rank is not None and result.rank <= top


def grouped(results: Results, key: Callable[[Result], str | None]) -> dict[str, list[Result]]:
    """The results by what `key` says of them, in alphabetical order; None leaves one out."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        if (name := key(result)) is not None:
            groups.setdefault(name, []).append(result)
    return dict(sorted(groups.items()))


def macro_accuracy(results: Results, top: int) -> tuple[float, float, float]:
    """The mean over conditions of how often the truth is among the first `top`, and its 95 % interval.

    The interval is the percentile bootstrap over cases (Efron 1979, Ann Stat 7:1) with a fixed seed; a condition
    without a case in a resample is left out of that resample's mean.
    """
    ranked = [result for result in with_truth(results) if result.vignette.gold.primary]
    if not ranked:
        return float("nan"), 0.0, 1.0
    names, condition = np.unique([result.vignette.gold.primary or "" for result in ranked], return_inverse=True)
    member = np.eye(len(names))[condition]
    hit = np.array([_within(result, top) for result in ranked], dtype=np.float64)
    times = np.random.default_rng(0).multinomial(len(ranked), np.full(len(ranked), 1 / len(ranked)), RESAMPLES)
    low, high = np.quantile(_mean_over_groups(times, member, hit), (0.025, 0.975)).tolist()
    value = float(_mean_over_groups(np.ones((1, len(ranked))), member, hit)[0])
    return value, low, high


def _mean_over_groups(times: np.ndarray, member: np.ndarray, hit: np.ndarray) -> np.ndarray:
    """(n,) means over groups of the share of hits, each case counted as often as its row of `times` says."""
    cases = times @ member
    shares = np.divide(times @ (member * hit[:, np.newaxis]), cases, out=np.zeros(cases.shape), where=cases > 0)
    result: np.ndarray = shares.sum(axis=1) / (cases > 0).sum(axis=1)
    return result


def rank_counts(results: Results) -> dict[str, int]:
    """How many truths rank in each band."""
    counts = {name: 0 for name, _, _ in RANK_BANDS} | {RULED_OUT: 0}
    for result in with_truth(results):
        counts[_band(result.rank)] += 1
    return counts


def _band(rank: int | None) -> str:
    if rank is None:
        return RULED_OUT
    return next(name for name, first, last in RANK_BANDS if first <= rank <= last)


def confusion(results: Results) -> Integers:
    """(5, 5) how often each right urgency (row) got each answer (column), least urgent first."""
    table = np.zeros((len(LEVELS), len(LEVELS)), dtype=np.intp)
    for result in results:
        table[_level(result.vignette.gold.urgency), _level(result.answer.urgency)] += 1
    return table


def _level(level: Level) -> int:
    return LEVELS.index(level)


def steps_too_high(result: Result) -> int:
    """By how many levels the answer is more urgent than right; negative when it is less."""
    return _level(result.answer.urgency) - _level(result.vignette.gold.urgency)


def only_waits_for_screen(result: Result) -> bool:
    """Whether a self-care case was answered `routine` for open red-flag questions and nothing else."""
    return (
        steps_too_high(result) == 1 and result.vignette.gold.urgency == "self_care" and result.answer.waits_for_screen
    )


def triage(results: Results) -> Triage:
    """Rates of agreement, under-triage and over-triage."""
    waiting = sum(only_waits_for_screen(result) for result in results)
    steps = [steps_too_high(result) for result in results]
    return Triage(
        agree=Rate(sum(step == 0 for step in steps), len(steps)),
        under=Rate(sum(step < 0 for step in steps), len(steps)),
        over=Rate(sum(step > 0 for step in steps) - waiting, len(steps)),
        waits_for_screen=Rate(waiting, len(steps)),
    )


def emergencies(results: Results) -> list[Result]:
    """Those whose right urgency is `emergency`."""
    return [result for result in results if result.vignette.gold.urgency == "emergency"]


def below(level: Level, results: Results) -> list[Result]:
    """Those answered less urgently than `level`."""
    return [result for result in results if _level(result.answer.urgency) < _level(level)]


def missed(results: Results) -> list[Result]:
    """Those whose truth is known to the catalogue and does not come first."""
    return [result for result in with_truth(results) if result.rank != 1]


def with_status(status: str, results: Results) -> list[Result]:
    """Those answered with this status."""
    return [result for result in results if result.answer.status == status]
