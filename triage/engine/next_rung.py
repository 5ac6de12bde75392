"""What to do after a follow-up: go on, take the next rung, step down, have it reviewed, or escalate."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from typing_extensions import TypedDict

from triage.engine.assessment import Assessment, LadderEntry, Urgency
from triage.engine.compiled import CompiledKnowledge
from triage.engine.contact import Story
from triage.engine.follow_up_knowledge import Verdict
from triage.engine.rules import Facts
from triage.engine.safety import RANK
from triage.engine.suitability import suitability
from triage.engine.timers import DAYS_PER_WEEK, TimerTold

StepKind = Literal["continue", "next_rung", "step_down", "review", "escalate"]


class NextStep(TypedDict):
    """What to do next and why; `rung` and `items` of the ladder of the assessment where there is one to take."""

    kind: StepKind
    why: str
    rung: int | None
    rung_name: str | None
    items: list[LadderEntry]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the next step depends on."""

    story: Story
    overall: Verdict
    adhered: bool | None
    targets_reached: bool
    urgency: Urgency
    new_red_flags: list[str]
    timers: list[TimerTold]
    screen_complete: bool
    assessment: Assessment
    """The renewed case, assessed."""
    facts: Facts


def decide(standing: Standing, knowledge: CompiledKnowledge) -> NextStep:
    """The next step; whatever is more pressing wins."""
    texts: Mapping[str, str] = knowledge.knowledge.policy.texts["follow_up"]
    due = [timer for timer in standing.timers if timer["status"] == "due"]
    if pressing := list(_reasons_to_escalate(standing, due, texts)):
        return _step("escalate", pressing)
    offered = _next_rung(standing, knowledge) if _has_failed(standing) else None
    if concerns := list(_reasons_to_review(standing, due, texts)):
        concerns += [texts["next_rung_after_review"]] if offered else []
        return _step("review", concerns + _screen_first(standing, texts), offered)
    return _by_verdict(standing, offered, knowledge)


def _by_verdict(standing: Standing, offered: "Offer | None", knowledge: CompiledKnowledge) -> NextStep:
    """The next step where nothing presses: by whether it helps, and whether it was given a chance."""
    texts: Mapping[str, str] = knowledge.knowledge.policy.texts["follow_up"]
    if standing.overall == "better":
        kind, why = ("step_down", "step_down") if standing.targets_reached else ("continue", "better")
    elif standing.overall == "unknown":
        kind, why = "continue", "unknown"
    elif standing.adhered is False:
        kind, why = "continue", "adherence_low"
    elif not _tried_long_enough(standing, knowledge):
        kind, why = "continue", "too_early"
    else:
        kind, why = ("next_rung", "next_rung") if offered else ("review", "no_rung_left")
    first = _screen_first(standing, texts) if kind in {"next_rung", "review"} else []
    return _step(cast(StepKind, kind), [texts[why], *first], offered if kind == "next_rung" else None)


def _step(kind: StepKind, why: list[str], offered: "Offer | None" = None) -> NextStep:
    return {
        "kind": kind,
        "why": " ".join(why),
        "rung": offered.rung if offered else None,
        "rung_name": offered.name if offered else None,
        "items": offered.items if offered else [],
    }


def _reasons_to_escalate(standing: Standing, due: list[TimerTold], texts: Mapping[str, str]) -> Iterator[str]:
    if RANK[standing.urgency["level"]] >= RANK["same_day"]:
        yield texts["critical"]
    if standing.new_red_flags:
        yield texts["new_red_flags"]
    yield from (timer["action"] for timer in due if timer["step"] == "escalate")


def _reasons_to_review(standing: Standing, due: list[TimerTold], texts: Mapping[str, str]) -> Iterator[str]:
    if standing.overall == "worse":
        yield texts["worse"]
    yield from (timer["action"] for timer in due)
    if RANK[standing.urgency["level"]] >= RANK["urgent"]:
        yield texts["urgent"]
    elif standing.assessment["ladder"]["status"] == "supervised" and standing.screen_complete:
        yield standing.assessment["ladder"]["reason"]


def _screen_first(standing: Standing, texts: Mapping[str, str]) -> list[str]:
    return [] if standing.screen_complete else [texts["screen_open"]]


def _has_failed(standing: Standing) -> bool:
    return standing.overall in {"same", "worse"} and standing.adhered is not False


@dataclass(frozen=True, slots=True)
class Offer:
    """A rung of the ladder of the assessment with the items that suit the person now."""

    rung: int
    name: str
    items: list[LadderEntry]


def _present_rung(standing: Standing) -> Mapping[str, Any] | None:
    """The highest rung of which something was tried, or which was done before, or else the lowest."""
    tried, done = {each.treatment for each in standing.story.treatments}, _done(standing)
    reached = [
        r for r in standing.story.rungs if r["rung"] in done or any(item["treatment"] in tried for item in r["items"])
    ]
    rungs = sorted(standing.story.rungs, key=lambda rung: int(rung["rung"]))
    return max(reached, key=lambda rung: int(rung["rung"])) if reached else next(iter(rungs), None)


def _done(standing: Standing) -> set[int]:
    """Rungs that the person said were tried for their time and failed, in the assessment or since."""
    rungs = [*standing.story.rungs, *standing.assessment["ladder"]["rungs"]]
    return {int(rung["rung"]) for rung in rungs if rung.get("start") == "done"}


def _tried_long_enough(standing: Standing, knowledge: CompiledKnowledge) -> bool:
    present = _present_rung(standing)
    if present is None or present["rung"] in _done(standing):
        return True
    needed = present["try_for_weeks"] or knowledge.knowledge.policy.follow_up.weeks_if_not_stated
    on_it = {item["treatment"] for item in present["items"]}
    weeks = [each.weeks for each in standing.story.treatments if each.treatment in on_it]
    return max(weeks, default=standing.story.now.day / DAYS_PER_WEEK) >= needed


def _next_rung(standing: Standing, knowledge: CompiledKnowledge) -> Offer | None:
    """The next rung of the first ladder on which something is left that suits the person."""
    present = _present_rung(standing)
    above = [] if present is None else [r for r in standing.story.rungs if r["rung"] > present["rung"]]
    for rung in sorted(above, key=lambda rung: int(rung["rung"])):
        if items := list(_suitable(rung, standing, knowledge)):
            return Offer(rung["rung"], rung["name"], items)
    return None


def _suitable(rung: Mapping[str, Any], standing: Standing, knowledge: CompiledKnowledge) -> Iterator[LadderEntry]:
    """Items that were not contraindicated then, are not now, and have not failed, as they are told now."""
    failed = {each.treatment for each in standing.story.treatments if each.helped is False}
    told = {item["treatment"]: item for r in standing.assessment["ladder"]["rungs"] for item in r["items"]}
    for item in rung["items"]:
        key = item["treatment"]
        treatment = knowledge.treatments.get(key)
        suited = suitability(treatment.safety, standing.facts, knowledge.known_suitability) if treatment else None
        statuses = {item["status"], suited.status if suited else item["status"]}
        if key in failed or "contraindicated" in statuses or told.get(key, item).get("tried"):
            continue
        yield told.get(key) or cast(
            LadderEntry, {**item, "status": "caution" if "caution" in statuses else item["status"]}
        )
