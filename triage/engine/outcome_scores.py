"""Outcome measures: from the answers to a questionnaire to its score, and from scores to a verdict.

The rules are data of the release (`OutcomeMeasure`); their sources stand there.

>>> item = OutcomeItem("a", 0.0, 4.0)
>>> scale = OutcomeScale("all", (item, OutcomeItem("b", 0.0, 4.0)), least_answered=1)
>>> hip = OutcomeMeasure("hip", "Hip", 0.0, 100.0, "highest", "lowest", "mean", (scale,), important_change=10.0)
>>> score(hip, {"a": 1.0}).value, score(hip, {}).value
(75.0, None)
>>> verdict(hip, now=75.0, baseline=65.0, previous=65.0)
'better'
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from triage.engine.follow_up_knowledge import OutcomeItem, OutcomeMeasure, OutcomeScale, Verdict

SCORE_DECIMALS = 1
"""Published scores and changes are read to a tenth of a point."""


@dataclass(frozen=True, slots=True)
class Score:
    """The score, None if too little was answered; the score of each scale; the items without an answer."""

    value: float | None
    scales: Mapping[str, float | None] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def score(measure: OutcomeMeasure, items: Mapping[str, float]) -> Score:
    """Score the answers by the rule of the measure. Unknown ids and values out of range are the caller's matter."""
    missing = tuple(key for key in measure.items if key not in items)
    if measure.method == "mean":
        scales = {scale.key: _carried_mean(measure, scale, items) for scale in measure.scales}
        known = [value for value in scales.values() if value is not None]
        whole = sum(known) / len(known) if len(known) == len(scales) else None
        return Score(_rounded(whole), {key: _rounded(value) for key, value in scales.items()}, missing)
    if missing:
        return Score(None, {}, missing)
    total = sum(items[key] for key in measure.items)
    return Score(_rounded(measure.table[round(total)] if measure.method == "table" else total))


def _carried_mean(measure: OutcomeMeasure, scale: OutcomeScale, items: Mapping[str, float]) -> float | None:
    """The mean of the answered items of a scale, carried from their range onto that of the measure."""
    shares = [_share(item, items[item.key]) for item in scale.items if item.key in items]
    if len(shares) < scale.least_answered:
        return None
    share = sum(shares) / len(shares)
    if measure.items_best != measure.best:
        share = 1.0 - share
    return measure.minimum + share * (measure.maximum - measure.minimum)


def _share(item: OutcomeItem, value: float) -> float:
    return (value - item.minimum) / (item.maximum - item.minimum)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, SCORE_DECIMALS)


def gain(measure: OutcomeMeasure, before: float, after: float) -> float:
    """By how many points the score moved towards its best end."""
    change = round(after - before, SCORE_DECIMALS)
    return change if measure.best == "highest" else -change


def verdict(measure: OutcomeMeasure, *, now: float | None, baseline: float | None, previous: float | None) -> Verdict:
    """`worse` if worse than at the start or at the last contact; otherwise what it is against the start.

    A change counts from the minimal important change on. Without one, or without an earlier score, nothing is said.
    """
    if now is None or baseline is None or measure.important_change is None:
        return "unknown"
    gains = [gain(measure, before, now) for before in (baseline, previous) if before is not None]
    if min(gains) <= -measure.important_change:
        return "worse"
    return "better" if gains[0] >= measure.important_change else "same"


def target_reached(measure: OutcomeMeasure, now: float | None) -> bool | None:
    """Whether the score is at its target or beyond; None where there is no target or no score."""
    if now is None or measure.target is None:
        return None
    return gain(measure, measure.target, now) >= 0


def most_cautious(verdicts: Iterable[Verdict]) -> Verdict:
    """One verdict of several: the worst that is known."""
    told = set(verdicts)
    order: tuple[Verdict, ...] = ("worse", "same", "better")
    return next((each for each in order if each in told), "unknown")
