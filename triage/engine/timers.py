"""The timers of a follow-up: when no change, or a change for the worse, is a reason to act."""

from dataclasses import dataclass
from typing import Literal

from typing_extensions import TypedDict

from triage.engine.compiled import CompiledKnowledge
from triage.engine.contact import TriedTreatment
from triage.engine.follow_up_knowledge import FollowUpTimer, TimerStep, Verdict
from triage.engine.rules import Facts, Rule

DAYS_PER_WEEK = 7
TimerStatus = Literal["due", "waiting", "not_needed", "not_judged"]


class TimerTold(TypedDict):
    """A timer that is for this person.

    `due`: act. `waiting`: its day has not come. `not_needed`: what it waits for has not happened. `not_judged`: too
    little of the plan was done.
    """

    id: str
    name: str
    at_day: int
    status: TimerStatus
    step: TimerStep
    action: str
    citations: list[str]


@dataclass(frozen=True, slots=True)
class Situation:
    """What timers look at; `adhered` is None where nothing was said of it."""

    day: int
    overall: Verdict
    facts: Facts
    plausible: frozenset[str]
    unclear: bool
    treatments: tuple[TriedTreatment, ...]
    adhered: bool | None


def tell_timers(situation: Situation, knowledge: CompiledKnowledge) -> list[TimerTold]:
    """Every timer that is for this person, in the order of the days."""
    rows = zip(knowledge.knowledge.follow_up_timers, knowledge.timer_rules, strict=True)
    applying = [timer for timer, rule in rows if _is_for(timer, rule, situation)]
    return [
        {
            "id": timer.key,
            "name": timer.name,
            "at_day": timer.at_day,
            "status": _status(timer, situation),
            "step": timer.step,
            "action": timer.action,
            "citations": list(timer.citations),
        }
        for timer in sorted(applying, key=lambda timer: (timer.at_day, timer.key))
    ]


def _is_for(timer: FollowUpTimer, rule: Rule | None, situation: Situation) -> bool:
    return (
        situation.facts.fit(rule)
        and (not timer.for_conditions or _condition_fits(timer, situation))
        and (not timer.for_treatments or bool(_tried(timer, situation)))
    )


def _condition_fits(timer: FollowUpTimer, situation: Situation) -> bool:
    return bool(situation.plausible & {*timer.for_conditions}) or (timer.or_unclear and situation.unclear)


def _tried(timer: FollowUpTimer, situation: Situation) -> list[TriedTreatment]:
    return [tried for tried in situation.treatments if tried.treatment in timer.for_treatments]


def _status(timer: FollowUpTimer, situation: Situation) -> TimerStatus:
    """A verdict that is not known counts as no improvement: nobody has shown that waiting is right."""
    if timer.trigger == "worse":
        return "due" if situation.overall == "worse" and situation.day >= timer.at_day else "not_needed"
    tried = _tried(timer, situation)
    if timer.trigger == "no_improvement" and _improved(tried, situation):
        return "not_needed"
    day = max(each.weeks * DAYS_PER_WEEK for each in tried) if tried else situation.day
    if day < timer.at_day:
        return "waiting"
    return "not_judged" if timer.needs_adherence and situation.adhered is False else "due"


def _improved(tried: list[TriedTreatment], situation: Situation) -> bool:
    if tried:
        return all(each.helped is True for each in tried)
    return situation.overall == "better"
