"""How a person fares at a contact: scores against the first and the last ones, their own rating, and what they did."""

from collections.abc import Sequence

from typing_extensions import TypedDict

from triage.engine.compiled import CompiledKnowledge
from triage.engine.contact import Contact, Story
from triage.engine.follow_up_knowledge import OutcomeMeasure, Verdict
from triage.engine.outcome_scores import SCORE_DECIMALS, Score, gain, most_cautious, target_reached, verdict


class MeasureProgress(TypedDict):
    """One outcome measure over time; `change` is now less baseline, in points; `gain` is the same towards the best end.

    `verdict` is `unknown` without an earlier score or without a minimal important change.
    """

    id: str
    name: str
    baseline: float | None
    previous: float | None
    now: float | None
    change: float | None
    change_from_previous: float | None
    gain: float | None
    minimal_important_change: float | None
    verdict: Verdict
    target: float | None
    target_reached: bool | None
    scales: dict[str, float | None]
    missing_items: list[str]
    citations: list[str]


class GlobalChange(TypedDict):
    """The person's own rating of the change, from -5 to 5."""

    value: int
    verdict: Verdict


class AdherenceTold(TypedDict):
    """How much of the plan was done, and whether that is enough to judge it."""

    sessions_done: int
    sessions_planned: int
    share: float | None
    minimum: float
    enough: bool | None


class Progress(TypedDict):
    """Everything that is told of how the person fares, and the one verdict: the most cautious of all."""

    measures: list[MeasureProgress]
    global_change: GlobalChange | None
    worsening_findings: list[str]
    adherence: AdherenceTold | None
    overall: Verdict


def progress(story: Story, knowledge: CompiledKnowledge) -> Progress:
    """How the person fares at the contact at hand."""
    measures = _measures(story, knowledge)
    rating = _global_change(story.now, knowledge)
    worsening = _worsening_findings(story, knowledge)
    verdicts = [measure["verdict"] for measure in measures]
    verdicts += [rating["verdict"]] if rating else []
    verdicts += ["worse"] if worsening else []
    return {
        "measures": measures,
        "global_change": rating,
        "worsening_findings": worsening,
        "adherence": _adherence(story.now, knowledge),
        "overall": most_cautious(verdicts),
    }


def _measures(story: Story, knowledge: CompiledKnowledge) -> list[MeasureProgress]:
    """Every measure that was ever scored, in the order of the release."""
    earlier = [story.first.measurements, *(contact.values for contact in story.earlier)]
    told = {key: Score(value) for key, value in story.now.measurements.items()} | dict(story.now.scores)
    return [
        _measure(measure, told.get(measure.key, Score(None)), [v[measure.key] for v in earlier if measure.key in v])
        for measure in knowledge.knowledge.outcome_measures
        if measure.key in told or any(measure.key in values for values in earlier)
    ]


def _measure(measure: OutcomeMeasure, told: Score, scored: Sequence[float]) -> MeasureProgress:
    """One measure now against its earlier scores, the oldest first."""
    now = told.value
    baseline, previous = (scored[0], scored[-1]) if scored else (None, None)
    return {
        "id": measure.key,
        "name": measure.name,
        "baseline": baseline,
        "previous": previous,
        "now": now,
        "change": _change(baseline, now),
        "change_from_previous": _change(previous, now),
        "gain": None if baseline is None or now is None else gain(measure, baseline, now),
        "minimal_important_change": measure.important_change,
        "verdict": verdict(measure, now=now, baseline=baseline, previous=previous),
        "target": measure.target,
        "target_reached": target_reached(measure, now),
        "scales": dict(told.scales),
        "missing_items": list(told.missing),
        "citations": list(measure.citations),
    }


def _change(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else round(after - before, SCORE_DECIMALS)


def _global_change(now: Contact, knowledge: CompiledKnowledge) -> GlobalChange | None:
    if now.global_change is None:
        return None
    policy = knowledge.knowledge.policy.follow_up
    told: Verdict = "same"
    if now.global_change >= policy.global_change_better_from:
        told = "better"
    elif now.global_change <= policy.global_change_worse_to:
        told = "worse"
    return {"value": now.global_change, "verdict": told}


def _worsening_findings(story: Story, knowledge: CompiledKnowledge) -> list[str]:
    """Findings that a timer calls getting worse: present now, and denied when they were last asked."""
    said: dict[str, str] = dict(story.first.findings)
    for contact in story.earlier:
        said.update(contact.findings)
    named = dict.fromkeys(key for timer in knowledge.knowledge.follow_up_timers for key in timer.new_findings)
    return [key for key in named if story.now.findings.get(key) == "present" and said.get(key) == "absent"]


def _adherence(now: Contact, knowledge: CompiledKnowledge) -> AdherenceTold | None:
    if now.adherence is None:
        return None
    minimum = knowledge.knowledge.policy.follow_up.adherence_minimum
    share = now.adherence.share
    return {
        "sessions_done": now.adherence.sessions_done,
        "sessions_planned": now.adherence.sessions_planned,
        "share": None if share is None else round(share, 3),
        "minimum": minimum,
        "enough": None if share is None else share >= minimum,
    }


def targets_reached(measures: Sequence[MeasureProgress]) -> bool:
    """Whether there are targets and all of those that were measured are reached."""
    told = [measure["target_reached"] for measure in measures if measure["target_reached"] is not None]
    return bool(told) and all(told)
