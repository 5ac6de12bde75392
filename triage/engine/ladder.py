"""The treatment ladders of the plausible causes merged into one for this person, most conservative step first."""

from functools import reduce
from itertools import groupby
from operator import or_
from typing import NamedTuple

import numpy as np

from triage.engine.assessment import GuidelinePosition, Ladder, LadderEntry, Rung, Urgency
from triage.engine.compiled import CompiledKnowledge
from triage.engine.knowledge import Condition, LadderItem, LadderStart, Position
from triage.engine.plan import SafetyQuestion
from triage.engine.rules import Facts, ones
from triage.engine.safety import RANK
from triage.engine.screening import Screen
from triage.engine.suitability import REMEMBERED, Suitability, suitability
from triage.engine.tables import Floats
from triage.engine.tried import Tried, find_starts, read_tried

CONFLICTING = "conflicting"


class Candidate(NamedTuple):
    """A treatment that some plausible causes have on their ladders, and whether it suits the person of the case."""

    item: LadderItem
    causes: list[str]
    weight: float
    """Summed probability of those causes."""
    suitability: Suitability


def build_ladder(
    facts: Facts,
    urgency: Urgency,
    screened: Screen,
    plausible: list[tuple[float, Condition]],
    knowledge: CompiledKnowledge,
) -> Ladder:
    """The ladder: locked when the person must be seen today, supervised when a clinician must look first."""
    status, reason = _status(urgency, screened, plausible, knowledge)
    immediate = _immediate(facts, urgency, screened, knowledge) if status != "open" else []
    open_ladders = [(p, c) for p, c in plausible if c.ladder_start != "locked"] if status != "locked" else []
    candidates = _merge(open_ladders, facts, knowledge)
    return {
        "status": status,
        "reason": reason,
        "immediate": immediate,
        "safety_questions": _safety_questions(candidates, screened, knowledge),
        "rungs": _rungs(candidates, read_tried(facts, knowledge), status, screened, knowledge),
        "no_programme": [],
    }


def plausible_causes(cause: Floats, knowledge: CompiledKnowledge) -> list[tuple[float, Condition]]:
    """The causes that the ladder is for, most probable first."""
    minimum = knowledge.knowledge.policy.ladder_cause_minimum
    order = (-cause).argsort(kind="stable")
    enough = max(1, int(np.count_nonzero(cause >= minimum)))
    return [(float(cause[index]), knowledge.conditions[index]) for index in order[:enough].tolist()]


def _status(
    urgency: Urgency, screened: Screen, plausible: list[tuple[float, Condition]], knowledge: CompiledKnowledge
) -> tuple[LadderStart, str]:
    texts = knowledge.knowledge.policy.texts["ladder"]
    if RANK[urgency["level"]] >= RANK["same_day"]:
        return "locked", texts["locked"]
    if screened.open_bits:
        return "supervised", texts["screen_open"]
    if RANK[urgency["level"]] >= RANK["urgent"]:
        return "supervised", texts["urgent"]
    careful = [condition for _, condition in plausible if condition.ladder_start != "open"]
    if careful:
        return "supervised", careful[0].ladder_note or texts["supervised"]
    return "open", texts["open"]


def _immediate(facts: Facts, urgency: Urgency, screened: Screen, knowledge: CompiledKnowledge) -> list[str]:
    """What to do and not to do until seen, for the red flags that fired and the causes that decided the urgency.

    What is contraindicated for this person is left out; what needs care says so.
    """
    deciding = {decider["id"] for decider in urgency["decided_by"] if decider["kind"] == "cause"}
    keys = [key for flag in screened.fired for key in flag.row.immediate]
    keys += [key for condition in knowledge.conditions if condition.key in deciding for key in condition.immediate]
    measures = [knowledge.treatments[key] for key in dict.fromkeys(keys)]
    judged = [(m.row.how, suitability(m.safety, facts, knowledge.known_suitability)) for m in measures]
    return [" ".join([how, *verdict.because]) for how, verdict in judged if verdict.status != "contraindicated"]


def _merge(ladders: list[tuple[float, Condition]], facts: Facts, knowledge: CompiledKnowledge) -> list[Candidate]:
    """Each treatment once: as its most probable cause has it, weighted by all the causes that have it."""
    items: dict[str, LadderItem] = {}
    causes: dict[str, list[str]] = {}
    weights: dict[str, float] = {}
    for probability, condition in ladders:
        for item in condition.ladder:
            key = item.treatment
            if key not in items:
                items[key], causes[key], weights[key] = item, [condition.key], probability
            elif condition.key != causes[key][-1]:
                causes[key].append(condition.key)
                weights[key] += probability
    treatments, known = knowledge.treatments, knowledge.known_suitability
    merged = [
        Candidate(item, causes[key], weights[key], suitability(treatments[key].safety, facts, known))
        for key, item in items.items()
        # Shoes for running are nothing for who has not said that they run.
        if facts.fit(treatments[key].only_for)
    ]
    merged.sort(key=lambda candidate: (candidate.item.rung, -candidate.weight))
    return merged


def _safety_questions(
    candidates: list[Candidate], screened: Screen, knowledge: CompiledKnowledge
) -> list[SafetyQuestion]:
    """What to ask before any of the treatments is given, each question once, beyond the open red-flag questions."""
    bits = reduce(or_, (candidate.suitability.questions for candidate in candidates), 0)
    asked = [knowledge.findings[index] for index in ones(bits & ~screened.open_bits)]
    return [{"finding": finding.key, "question": finding.question} for finding in asked]


def _rungs(
    candidates: list[Candidate],
    tried: Tried,
    status: LadderStart,
    screened: Screen,
    knowledge: CompiledKnowledge,
) -> list[Rung]:
    texts = knowledge.knowledge.policy.texts["ladder"]
    by_rung = {number: list(group) for number, group in groupby(candidates, key=lambda member: member.item.rung)}
    keys = {number: [member.item.treatment for member in members] for number, members in by_rung.items()}
    starts = find_starts(keys, tried, supervised=status == "supervised", knowledge=knowledge)
    rungs: list[Rung] = []
    for number, members in by_rung.items():
        leading = max(members, key=lambda member: member.weight).causes[0]
        own = [member.item for member in members if leading in member.causes]
        rungs.append(
            {
                "rung": number,
                "name": texts["rungs"][str(number)],
                "start": starts[number].start,
                "start_because": starts[number].because,
                "try_for_weeks": max((item.try_for_weeks for item in own if item.try_for_weeks), default=None),
                "move_on_if": next((item.move_on_if for item in own if item.move_on_if), None),
                "items": [_entry(member, tried, screened, knowledge) for member in members],
            }
        )
    return rungs


def _entry(candidate: Candidate, tried: Tried, screened: Screen, knowledge: CompiledKnowledge) -> LadderEntry:
    item, suits = candidate.item, candidate.suitability
    treatment = knowledge.treatments[item.treatment].row
    failed = tried.because(item.treatment, item.rung)
    return {
        "treatment": item.treatment,
        "name": treatment.name,
        "how": item.how or treatment.how,
        "for": candidate.causes,
        "status": suits.status,
        "because": [*suits.because, *_not_known(suits, screened, knowledge), *failed],
        "strength": item.strength,
        "evidence_grade": item.evidence_grade,
        "positions": _positions(item.positions or treatment.positions) if item.strength == CONFLICTING else [],
        "tried": bool(failed),
        "citations": list(item.citations),
    }


def _positions(rows: tuple[Position, ...]) -> list[GuidelinePosition]:
    return [
        {"source": row.source, "position": row.position, "strength": row.strength, "citations": list(row.citations)}
        for row in rows
    ]


def _not_known(suits: Suitability, screened: Screen, knowledge: CompiledKnowledge) -> list[str]:
    """What is not known and could speak against a treatment: reasons that may hold, and what to ask before."""
    unsure = knowledge.knowledge.policy.texts["ladder"]["unsure_reason"]
    because = [unsure.format(because=because) for because in suits.unsure]
    if suits.questions:
        own, of_screen = suits.questions & ~screened.open_bits, bool(suits.questions & screened.open_bits)
        known = knowledge.known_requests.get((own, of_screen))
        if known is None:
            if len(knowledge.known_requests) >= REMEMBERED:
                knowledge.known_requests.clear()
            known = knowledge.known_requests[own, of_screen] = _ask_first(own, of_screen, knowledge)
        because += known
    return because


def _ask_first(own: int, of_screen: bool, knowledge: CompiledKnowledge) -> list[str]:
    """What to ask before a treatment: its own safety questions by name, the open red-flag questions as a whole."""
    texts = knowledge.knowledge.policy.texts["ladder"]
    because = [texts["screen_first"]] if of_screen else []
    if own:
        because.append(texts["ask_first"].format(findings="; ".join(knowledge.findings[i].name for i in ones(own))))
    return because
