"""`assess`: one case against one release. The order of work is the order of the architecture: rank, explain, make
safe, advise."""

import numpy as np

from triage.engine.answers import Answers
from triage.engine.assessment import (
    Assessment,
    Cause,
    FollowUpPlan,
    NextQuestion,
    RedFlagScreen,
    SafetyNet,
    Status,
)
from triage.engine.attribution import attribute
from triage.engine.case import Case, Options
from triage.engine.causes import Ranking, choose_listed, rank_conditions, tell_causes
from triage.engine.compiled import CompiledKnowledge
from triage.engine.composites import tell_scores
from triage.engine.information import GAIN_DECIMALS, Information, information
from triage.engine.knowledge import Condition
from triage.engine.ladder import build_ladder, plausible_causes
from triage.engine.prevention import choose_prevention
from triage.engine.programme import build_programme
from triage.engine.rules import Facts
from triage.engine.safety import decide_urgency, facts_of, suspicion, tell_fired
from triage.engine.scope import nothing_present, nothing_to_do, out_of_scope
from triage.engine.tables import Integers
from triage.engine.uncertainty import spread
from triage.engine.weighing import Weighed, cause_of_parts, weigh

ENGINE_VERSION = "1.3.0"
"""Rises with every change that can alter an answer."""

DEFAULT_OPTIONS = Options()


def assess(case: Case, knowledge: CompiledKnowledge, options: Options = DEFAULT_OPTIONS) -> Assessment:
    """The whole answer to a case: deterministic, without side effects. The case's ids must be known to the release."""
    texts = knowledge.knowledge.policy.texts
    weighed = weigh(case, knowledge)
    answers = weighed.answers
    ranking = _rank(case, weighed, options.max_causes, knowledge)
    causes = tell_causes(ranking, knowledge, options.audience)
    facts = facts_of(case, answers, knowledge)
    screened = knowledge.screening.of(facts)
    of_parts = cause_of_parts(weighed, knowledge)
    urgency = decide_urgency(screened, suspicion(case, weighed, knowledge), of_parts, knowledge, options.audience)
    outside = out_of_scope(facts, knowledge)
    plausible = plausible_causes(weighed.cause, knowledge)
    ladder = build_ladder(facts, urgency, screened, plausible, knowledge)
    if outside and ladder["status"] != "locked":
        ladder = nothing_to_do(outside)
    programme, no_programme = build_programme(facts, ladder, plausible, knowledge)
    red_flag_screen = knowledge.screening.tell(screened, of_parts)
    return {
        "status": "out_of_scope" if outside else _status(causes, answers, knowledge),
        "knowledge": {"version": knowledge.knowledge.version, "digest": knowledge.knowledge.digest},
        "engine_version": ENGINE_VERSION,
        "urgency": urgency,
        "red_flags": tell_fired(screened.fired, answers),
        "red_flag_screen": red_flag_screen,
        "causes": [] if outside else causes,
        "composites": tell_scores(weighed.scores, texts["score"]),
        "ladder": {**ladder, "no_programme": no_programme},
        "programme": programme,
        "prevention": [] if outside else choose_prevention(facts, ladder, knowledge),
        "next_questions": _next_questions(case, red_flag_screen, ranking.gains, knowledge),
        "safety_net": _safety_net(facts, [condition for _, condition in plausible], knowledge),
        "follow_up": None if outside else _follow_up(plausible[0][1]),
        "data_quality": answers.warnings + nothing_present(answers, knowledge),
        "out_of_scope": outside,
        "disclaimer": texts["disclaimer"],
    }


def _rank(case: Case, weighed: Weighed, max_causes: int, knowledge: CompiledKnowledge) -> Ranking:
    order = rank_conditions(weighed.cause)
    listed = choose_listed(order, weighed.cause, max_causes, knowledge)
    candidates = _candidates(case, weighed.answers, knowledge)
    return Ranking(
        case=case,
        answers=weighed.answers,
        observations=weighed.observations,
        posterior=weighed.posterior,
        cause=weighed.cause,
        order=order,
        listed=listed,
        attribution=attribute(weighed.prior, weighed.observations, listed, knowledge),
        spread=spread(weighed.log_joint, weighed.observations, knowledge),
        gains=information(case, weighed.posterior, candidates, listed, knowledge),
    )


def _candidates(case: Case, answers: Answers, knowledge: CompiledKnowledge) -> Integers:
    """Findings that are neither known nor already asked in vain nor worked out from age, sex or other findings."""
    open_findings = knowledge.worth_asking.copy()
    open_findings[[knowledge.finding_index[key] for key in {*answers.states, *case.findings}]] = False
    return np.flatnonzero(open_findings)


def _status(causes: list[Cause], answers: Answers, knowledge: CompiledKnowledge) -> Status:
    """`insufficient_information` while nothing is present, no cause stands out or the leading one is too unsure."""
    policy = knowledge.knowledge.policy
    if answers.say_nothing or not causes or causes[0]["probability"] < policy.leading_cause_minimum:
        return "insufficient_information"
    interval = causes[0]["interval"]
    wide = interval["high"] - interval["low"] > policy.interval_width_maximum
    return "insufficient_information" if wide else "complete"


def _next_questions(
    case: Case, red_flag_screen: RedFlagScreen, gains: Information, knowledge: CompiledKnowledge
) -> list[NextQuestion]:
    """Open red-flag questions, most dangerous first, then what would sharpen the ranking most for its cost."""
    policy = knowledge.knowledge.policy
    screening = [q["finding"] for q in red_flag_screen["unanswered"] if q["finding"] not in case.findings]
    asked_first = frozenset(screening)
    gain = gains.total / knowledge.question_cost[gains.candidates]
    best = (-gain).argsort(kind="stable")[: policy.question_limit + len(screening)]
    best = best[gain[best] > 0.0]
    ranking = [knowledge.findings[index].key for index in gains.candidates[best].tolist()]
    ranking = [key for key in ranking if key not in asked_first]
    chosen = [knowledge.finding(key) for key in (screening + ranking)[: policy.question_limit]]
    worth = np.zeros(len(knowledge.findings))
    worth[gains.candidates] = gain
    return [
        {
            "finding": finding.key,
            "question": finding.question,
            "kind": finding.kind,
            "why": "red_flag" if finding.key in asked_first else "ranking",
            "gain": round(float(worth[knowledge.finding_index[finding.key]]), GAIN_DECIMALS),
        }
        for finding in chosen
    ]


def _safety_net(facts: Facts, plausible: list[Condition], knowledge: CompiledKnowledge) -> list[SafetyNet]:
    """What everybody must watch for, what this person must, and what the plausible causes add."""
    general = [
        {"watch_for": item.watch_for, "then": item.then, "within_hours": item.within_hours}
        for item, rule in zip(knowledge.knowledge.safety_net, knowledge.safety_net_rules, strict=True)
        if facts.fit(rule)
    ]
    return general + [
        {"watch_for": row["watch_for"], "then": row["then"], "within_hours": row["within_hours"]}
        for condition in plausible
        for row in condition.safety_net
    ]


def _follow_up(condition: Condition) -> FollowUpPlan | None:
    row = condition.follow_up
    if row is None:
        return None
    return {"in_days": row["in_days"], "measure": list(row["measures"]), "escalate_if": row["escalate_if"]}
