"""The next best question: the red-flag screen first, then what would sharpen the ranking most for its cost.

Nothing is remembered between questions: every step is read from the answers given so far, so an interview can be
taken up, corrected or repeated at any point.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from typing_extensions import TypedDict

from triage.engine.answers import Answers
from triage.engine.assessment import KnowledgeVersion, QuestionReason, RedFlagScreen, Urgency
from triage.engine.case import Audience, Case
from triage.engine.causes import rank_conditions
from triage.engine.compiled import CompiledKnowledge
from triage.engine.information import information
from triage.engine.knowledge import FindingKind
from triage.engine.ranking import by_condition, raised, with_causes
from triage.engine.rules import FALSE, TRUE
from triage.engine.safety import decide_urgency, facts_of, suspicion
from triage.engine.tables import Floats, Integers
from triage.engine.weighing import cause_of_parts, weigh

FIRST = 3
"""How many leading causes are told and must be settled."""

RULES = {"red_flag", "population"}
"""Deciders of an urgency that no further answer can undo."""


class InterviewQuestion(TypedDict):
    """A question to ask: `gain` in bits per unit of cost, `rules` the red flags that wait for its answer.

    Every question is answered by a state of its finding. One with `measurement` may be answered by that number instead.
    """

    finding: str
    question: str
    help: str
    kind: FindingKind
    why: QuestionReason
    rules: list[str]
    gain: float
    answer_type: Literal["state", "state_or_measurement"]
    measurement: str | None


class Progress(TypedDict):
    """Answers given so far, red-flag questions still to be asked, and about how many questions are left in all."""

    asked: int
    screen_open: int
    estimated_remaining: int


class LikelyCause(TypedDict):
    """A cause with its probability as far as is known."""

    condition: str
    name: str
    common_name: str
    probability: float


class InterviewStep(TypedDict):
    """What to ask next, or why to stop asking, and what is known so far."""

    questions: list[InterviewQuestion]
    should_stop: bool
    stop_because: str | None
    red_flag_screen: RedFlagScreen
    urgency: Urgency
    progress: Progress
    causes: list[LikelyCause]
    knowledge: KnowledgeVersion
    disclaimer: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an interview stands: a case as it is read, ranked and screened so far."""

    case: Case
    patient_answers: bool
    """Whether the patient, or somebody for them, answers: then only what they can know is asked."""
    answers: Answers
    counted: Mapping[str, int]
    """How many counted answers each cluster has."""
    posterior: Floats
    """(P,) over presentations."""
    cause: Floats
    """(C,) over conditions."""
    screen: RedFlagScreen
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class Choice:
    """Findings that could be asked for the sake of the ranking, best first, at most one of each exclusive group."""

    keys: list[str]
    gain: Floats
    """(n,) expected information about the cause in bits per unit of cost."""
    movement: float
    """How far one of them is expected to move the probabilities of the first three causes together, at most."""


def next_step(
    case: Case,
    knowledge: CompiledKnowledge,
    *,
    patient_answers: bool,
    maximum_questions: int | None = None,
    audience: Audience = "clinician",
) -> InterviewStep:
    """What to ask next, or why to stop. The case's ids must be known to the release; it may have no answers yet.

    `maximum_questions` limits the answers beyond those that a safety rule reads; the screen itself is never cut short.
    """
    policy = knowledge.knowledge.policy
    standing = read_standing(case, knowledge, patient_answers=patient_answers, audience=audience)
    screening = screen_questions(standing, knowledge)
    choice = ranking_questions(standing, knowledge)
    budget = policy.interview.maximum_questions if maximum_questions is None else maximum_questions
    left = max(0, budget - sum(key not in knowledge.red_flag_findings for key in case.findings))
    stop = reason_to_stop(standing, screening, choice, left, knowledge)
    worthwhile = int((choice.gain >= policy.interview.minimum_gain).sum())
    return {
        "questions": [] if stop else _tell_questions(standing, screening, choice, knowledge),
        "should_stop": stop is not None,
        "stop_because": stop and _words(stop, standing.screen, knowledge),
        "red_flag_screen": standing.screen,
        "urgency": standing.urgency,
        "progress": {
            "asked": len(case.findings) + len(case.measurements),
            "screen_open": len(screening),
            "estimated_remaining": 0 if stop else len(screening) + min(worthwhile, left),
        },
        "causes": _leading(standing.cause, knowledge),
        "knowledge": {"version": knowledge.knowledge.version, "digest": knowledge.knowledge.digest},
        "disclaimer": policy.texts["disclaimer"],
    }


def read_standing(
    case: Case, knowledge: CompiledKnowledge, *, patient_answers: bool, audience: Audience = "clinician"
) -> Standing:
    """Read, rank and screen the answers given so far."""
    weighed = weigh(case, knowledge)
    answers, cause = weighed.answers, weighed.cause
    of_parts = cause_of_parts(weighed, knowledge)
    screened = knowledge.screening.of(facts_of(case, answers, knowledge))
    return Standing(
        case=case,
        patient_answers=patient_answers,
        answers=answers,
        counted=Counter(knowledge.finding(key).cluster for key in answers.counted),
        posterior=weighed.posterior,
        cause=cause,
        screen=knowledge.screening.tell(screened, of_parts),
        urgency=decide_urgency(screened, suspicion(case, weighed, knowledge), of_parts, knowledge, audience),
    )


def screen_questions(standing: Standing, knowledge: CompiledKnowledge) -> list[str]:
    """The open red-flag questions not asked yet: most dangerous plausible cause first, gates before details.

    What a finding implies is asked before it. What was answered with not known keeps the screen open but is not asked
    again.
    """
    unasked = [q["finding"] for q in standing.screen["unanswered"] if q["finding"] not in standing.case.findings]
    ordered: dict[str, None] = {}
    for key in unasked:
        gates = [gate for gate in knowledge.finding(key).implies if gate in unasked]
        ordered |= dict.fromkeys([*gates, key])
    return list(ordered)


def ranking_questions(standing: Standing, knowledge: CompiledKnowledge) -> Choice:
    """What could be asked next for the ranking.

    The gain is counted on flattened probabilities: on the plain ones an early favourite would draw all questions to
    itself, and what it crowds out would never be asked about. Another answer of a cluster repeats part of what the
    first ones said, so its information is weighted as its likelihood would be.
    """
    policy = knowledge.knowledge.policy.interview
    flat = with_causes(standing.posterior, standing.cause, raised(standing.cause, policy.flattening), knowledge)
    candidates = _candidates(standing, knowledge)
    table = knowledge.probability[int(standing.case.is_child)]
    candidates = candidates[table[candidates] @ flat >= policy.negligible]
    gain = information(standing.case, flat, candidates, [], knowledge).total
    gain = gain * _new_in_cluster(candidates, standing, knowledge) / knowledge.question_cost[candidates]
    best = (-gain).argsort(kind="stable")
    chosen = best[_first_of_group([knowledge.findings[i].exclusive_group for i in candidates[best].tolist()])]
    joint = by_condition(table[candidates[chosen]] * standing.posterior, knowledge)
    keys = [knowledge.findings[i].key for i in candidates[chosen].tolist()]
    return Choice(keys, gain[chosen], _movement(joint, standing.cause))


def reason_to_stop(
    standing: Standing, screening: list[str], choice: Choice, budget_left: int, knowledge: CompiledKnowledge
) -> str | None:
    """The name of the reason to stop asking, if there is one. Before the screen is over only a fired rule is."""
    policy = knowledge.knowledge.policy.interview
    emergency = standing.urgency["level"] == "emergency"
    if emergency and any(decider["kind"] in RULES for decider in standing.urgency["decided_by"]):
        return "emergency"
    if screening:
        return None
    reasons = {
        "emergency": emergency,
        "budget": budget_left == 0,
        "little_to_gain": not choice.keys or choice.gain[0] < policy.minimum_gain,
        "settled": choice.movement < policy.settled_below,
    }
    return next((name for name, holds in reasons.items() if holds), None)


def _candidates(standing: Standing, knowledge: CompiledKnowledge) -> Integers:
    """Findings that are open, that the respondent can answer, and that the answers so far leave possible."""
    states, asked = standing.answers.states, standing.case.findings
    present = {key for key, truth in states.items() if truth == TRUE} | {f"sex_{standing.case.sex}"}
    return np.array(
        [
            index
            for index, finding in enumerate(knowledge.findings)
            if knowledge.worth_asking[index]
            and finding.key not in states
            and finding.key not in asked
            and (not standing.patient_answers or (finding.patient_can_answer and finding.cost == "ask"))
            and present.isdisjoint(finding.contradicts)
            and not any(states.get(key) == FALSE for key in finding.implies)
        ],
        dtype=np.intp,
    )


def _new_in_cluster(candidates: Integers, standing: Standing, knowledge: CompiledKnowledge) -> Floats:
    """(n,) the weight of one more answer in the cluster of each candidate."""
    clusters = [knowledge.findings[i].cluster for i in candidates.tolist()]
    return np.array([1.0 / (1.0 + knowledge.cluster_correlation[c] * standing.counted.get(c, 0)) for c in clusters])


def _first_of_group(groups: list[str | None]) -> Integers:
    """Places of those in no group and of the first of each group."""
    return np.array([i for i, group in enumerate(groups) if group is None or group not in groups[:i]], dtype=np.intp)


def _movement(joint: Floats, cause: Floats) -> float:
    """How far one answer is expected to move the probabilities of the first three causes together, at most.

    `joint` (n, C) is the probability of the cause together with each finding; E|Δp| = 2 |P(c, f) - P(c) P(f)|.
    """
    first = rank_conditions(cause)[:FIRST]
    apart = np.abs(joint[:, first] - joint.sum(axis=1, keepdims=True) * cause[first])
    return float(2.0 * apart.sum(axis=1).max(initial=0.0))


def _words(stop: str, red_flag_screen: RedFlagScreen, knowledge: CompiledKnowledge) -> str:
    texts = knowledge.knowledge.policy.texts["interview"]
    unsure = stop != "emergency" and not red_flag_screen["complete"]
    return " ".join([texts[stop], texts["screen_unknown"]] if unsure else [texts[stop]])


def _tell_questions(
    standing: Standing, screening: list[str], choice: Choice, knowledge: CompiledKnowledge
) -> list[InterviewQuestion]:
    """A few red-flag questions while there are any, else the one question that tells most."""
    gains = dict(zip(choice.keys, choice.gain.tolist(), strict=True))
    rules = {question["finding"]: question["rules"] for question in standing.screen["unanswered"]}
    groups = [knowledge.finding(key).exclusive_group for key in screening]
    at_once = knowledge.knowledge.policy.interview.screen_questions_at_once
    together = [screening[place] for place in _first_of_group(groups)[:at_once].tolist()]
    return [_tell(key, rules.get(key, []), gains.get(key, 0.0), knowledge) for key in together or choice.keys[:1]]


def _tell(key: str, rules: list[str], gain: float, knowledge: CompiledKnowledge) -> InterviewQuestion:
    finding = knowledge.finding(key)
    return {
        "finding": key,
        "question": finding.question,
        "help": finding.help,
        "kind": finding.kind,
        "why": "red_flag" if rules else "ranking",
        "rules": rules,
        "gain": gain,
        "answer_type": "state_or_measurement" if finding.threshold else "state",
        "measurement": finding.threshold.measurement if finding.threshold else None,
    }


def _leading(cause: Floats, knowledge: CompiledKnowledge) -> list[LikelyCause]:
    leading = [(knowledge.conditions[i], float(cause[i])) for i in rank_conditions(cause)[:FIRST]]
    return [{"condition": c.key, "name": c.name, "common_name": c.plain_name, "probability": p} for c, p in leading]
