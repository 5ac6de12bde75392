"""`follow_up`: a later contact read against the assessment and the contacts before it.

The scores against the first and the last ones, the case with its new answers assessed anew, the timers, and what comes
next. The urgency is that of the renewed case or higher, never lower.
"""

from collections.abc import Sequence

import numpy as np

from triage.engine.answers import read_answers
from triage.engine.assess import DEFAULT_OPTIONS, assess
from triage.engine.assessment import Assessment, FiredRedFlag, KnowledgeVersion, RedFlagScreen, Urgency
from triage.engine.bulk import rank_many
from triage.engine.case import Options
from triage.engine.comparison import AnswerInShort, Moves, moves_between, outcome_of
from triage.engine.compiled import CompiledKnowledge
from triage.engine.contact import Story
from triage.engine.follow_up_knowledge import Verdict
from triage.engine.knowledge import UrgencyFloor
from triage.engine.ladder import plausible_causes
from triage.engine.next_rung import NextStep, Standing, decide
from triage.engine.progress import MeasureProgress, Progress, progress, targets_reached
from triage.engine.renewed_case import reasked, renewed
from triage.engine.safety import RANK, Reason, facts_of, tell_urgency
from triage.engine.screening import Screen
from triage.engine.timers import Situation, TimerTold, tell_timers


class AssessmentNow(AnswerInShort):
    """The renewed case assessed anew, and what moves against the first one, both by the present release."""

    moves: Moves


class FollowUpAnswer(Progress):
    """The whole answer to one follow-up."""

    days_since_start: int
    timers: list[TimerTold]
    next_step: NextStep
    urgency: Urgency
    red_flags: list[FiredRedFlag]
    new_red_flags: list[str]
    red_flag_screen: RedFlagScreen
    assessment_now: AssessmentNow
    knowledge: KnowledgeVersion
    engine_version: str
    citations: list[str]
    disclaimer: str


def follow_up(story: Story, knowledge: CompiledKnowledge, options: Options = DEFAULT_OPTIONS) -> FollowUpAnswer:
    """The whole answer to a follow-up: deterministic, without side effects. Ids must be known to the release."""
    case = renewed(story.first, story.contacts, knowledge)
    before, after = assess(story.first, knowledge, options), assess(case, knowledge, options)
    cause_before, cause = np.vstack(list(rank_many([story.first, case], knowledge)))
    facts = facts_of(case, read_answers(case, knowledge), knowledge)
    asked_anew = reasked(case, story.now, knowledge)
    screened = knowledge.screening.of(facts_of(asked_anew, read_answers(asked_anew, knowledge), knowledge))
    red_flag_screen = knowledge.screening.tell(screened, cause)
    told = progress(story, knowledge)
    adhered = told["adherence"]["enough"] if told["adherence"] else None
    plausible = frozenset(condition.key for _, condition in plausible_causes(cause, knowledge))
    unclear = after["status"] == "insufficient_information"
    timers = tell_timers(
        Situation(story.now.day, told["overall"], facts, plausible, unclear, story.treatments, adhered), knowledge
    )
    urgency = _urgency(story, after, told["overall"], timers, screened, knowledge)
    moves = moves_between(before, after, cause_before, cause, knowledge)
    standing = Standing(
        story=story,
        overall=told["overall"],
        adhered=adhered,
        targets_reached=targets_reached(told["measures"]),
        urgency=urgency,
        new_red_flags=moves["red_flags"]["gained"],
        timers=timers,
        screen_complete=red_flag_screen["complete"],
        assessment=after,
        facts=facts,
    )
    return {
        "days_since_start": story.now.day,
        **told,
        "timers": timers,
        "next_step": decide(standing, knowledge),
        "urgency": urgency,
        "red_flags": after["red_flags"],
        "new_red_flags": standing.new_red_flags,
        "red_flag_screen": red_flag_screen,
        "assessment_now": {**outcome_of(after), "moves": moves},
        "knowledge": after["knowledge"],
        "engine_version": after["engine_version"],
        "citations": _citations(told["measures"], timers, after),
        "disclaimer": after["disclaimer"],
    }


def _urgency(  # noqa: PLR0913, PLR0917 - what an urgency depends on
    story: Story,
    after: Assessment,
    overall: Verdict,
    timers: Sequence[TimerTold],
    screened: Screen,
    knowledge: CompiledKnowledge,
) -> Urgency:
    """The urgency of the renewed case, raised by the red-flag questions that are open again and by repeat contact."""
    texts = knowledge.knowledge.policy.texts
    reasons = _repeat_contact(story, overall, timers, knowledge)
    if screened.open_bits and RANK[after["urgency"]["level"]] < RANK["routine"]:
        decider = {"kind": "screen", "id": "red_flag_screen", "why": texts["why_screen"]}
        reasons.append(Reason(UrgencyFloor("routine"), decider))  # type: ignore[arg-type] # a decider, written out
    return _raised(after["urgency"], reasons, knowledge)


def _repeat_contact(
    story: Story, overall: Verdict, timers: Sequence[TimerTold], knowledge: CompiledKnowledge
) -> list[Reason]:
    """What the release says of contacts in a row that ended like this one. Contacts without a verdict are passed by."""
    judged = [c.overall for c in story.earlier if c.overall not in {None, "unknown"}] + [overall]
    due = any(timer["status"] == "due" for timer in timers)
    reasons = []
    for rule in knowledge.knowledge.policy.follow_up.contact_rules:
        streak = judged[-rule.contacts :]
        if len(streak) == rule.contacts and {*streak} <= {*rule.verdicts} and (due or not rule.timer_due):
            floor = UrgencyFloor(rule.level, within_hours=rule.within_hours)
            reasons.append(Reason(floor, {"kind": "follow_up", "id": rule.id, "why": rule.why}))
    return reasons


def _raised(urgency: Urgency, reasons: list[Reason], knowledge: CompiledKnowledge) -> Urgency:
    level = max((reason.floor.level for reason in reasons), key=RANK.__getitem__, default=urgency["level"])
    deciding = [reason for reason in reasons if reason.floor.level == level]
    if RANK[level] > RANK[urgency["level"]]:
        return tell_urgency(level, deciding, knowledge.knowledge.policy.texts)
    if RANK[level] < RANK[urgency["level"]]:
        return urgency
    hours = [urgency["within_hours"], *(reason.floor.within_hours for reason in deciding)]
    return {
        **urgency,
        "within_hours": min((each for each in hours if each is not None), default=None),
        "decided_by": urgency["decided_by"] + [reason.decider for reason in deciding],
    }


def _citations(measures: Sequence[MeasureProgress], timers: Sequence[TimerTold], after: Assessment) -> list[str]:
    told = [key for measure in measures for key in measure["citations"]]
    told += [key for timer in timers for key in timer["citations"]]
    return sorted({*told, *(key for flag in after["red_flags"] for key in flag["citations"])})
