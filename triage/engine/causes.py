"""The ranked causes, told with their evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal

from triage.engine.answers import Answers
from triage.engine.assessment import Cause, CauseCode, CauseEvidence, CauseWorkup, MissingFinding, WeighedFinding
from triage.engine.attribution import Attribution
from triage.engine.case import Audience, Case
from triage.engine.compiled import CompiledKnowledge
from triage.engine.composites import fold_evidence
from triage.engine.information import GAIN_DECIMALS, Information
from triage.engine.knowledge import Condition
from triage.engine.ranking import Observations
from triage.engine.rules import TRUE
from triage.engine.tables import Floats
from triage.engine.uncertainty import Spread

_WEIGHT = itemgetter("weight")

Observed = tuple[str, str, Literal["present", "absent"]]
"""Id, name and state of a counted answer."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Everything that the causes of one case are told from."""

    case: Case
    answers: Answers
    observations: Observations
    posterior: Floats
    """(P,) over presentations."""
    cause: Floats
    """(C,) over conditions."""
    order: list[int]
    """Condition indices, most probable first."""
    listed: list[int]
    """Those of them that are told."""
    attribution: Attribution
    """With one column for each listed condition."""
    spread: Spread
    gains: Information


def rank_conditions(cause: Floats) -> list[int]:
    """Condition indices by falling probability; ties in catalogue order."""
    order: list[int] = (-cause).argsort(kind="stable").tolist()
    return order


def choose_listed(order: list[int], cause: Floats, maximum: int, knowledge: CompiledKnowledge) -> list[int]:
    """The first `maximum` causes above the listing minimum, and every must-not-miss cause above its threshold."""
    listed = cause >= knowledge.must_be_listed_from
    first = order[:maximum]
    listed[first] |= cause[first] >= knowledge.knowledge.policy.listed_minimum
    return [index for index in order if listed[index]]


def tell_causes(ranking: Ranking, knowledge: CompiledKnowledge, audience: Audience) -> list[Cause]:
    """The listed causes in the contract's shape."""
    observed = _observed(ranking, knowledge)
    return [_tell_cause(column, observed, ranking, knowledge, audience) for column in range(len(ranking.listed))]


def _observed(ranking: Ranking, knowledge: CompiledKnowledge) -> list[Observed]:
    """Each counted answer: the same for every cause."""
    counted = ranking.answers.counted
    return [
        (key, knowledge.finding(key).name, "present" if counted[key] == TRUE else "absent")
        for key in ranking.observations.keys
    ]


def _tell_cause(
    column: int,
    observed: list[Observed],
    ranking: Ranking,
    knowledge: CompiledKnowledge,
    audience: Audience,
) -> Cause:
    index = ranking.listed[column]
    condition = knowledge.conditions[index]
    probability = float(ranking.cause[index])
    policy = knowledge.knowledge.policy
    presentation = _leading_presentation(index, ranking.posterior, knowledge)
    return {
        "rank": ranking.order.index(index) + 1,
        "condition": condition.key,
        "name": condition.name,
        "common_name": condition.plain_name,
        "presentation": condition.plain_name if audience == "patient" else knowledge.presentations[presentation].name,
        "probability": probability,
        "interval": {
            "low": min(ranking.spread.low.get(index, 0.0), probability),
            "high": max(ranking.spread.high.get(index, 0.0), probability),
            "level": policy.interval_level,
        },
        "among_first_three": ranking.spread.among_first_three.get(index, 0.0),
        "band": next(name for name, lowest in policy.bands if probability >= lowest),
        "must_not_miss": condition.must_not_miss,
        "codes": _codes(condition, ranking.case.side),
        "evidence": _tell_evidence(column, presentation, observed, ranking, knowledge),
        "workup": [_tell_workup(row) for row in condition.workup],
    }


def _leading_presentation(index: int, posterior: Floats, knowledge: CompiledKnowledge) -> int:
    """The presentation that carries most of a condition's probability."""
    start = int(knowledge.condition_starts[index])
    count = len(knowledge.conditions[index].presentations)
    return start + int(posterior[start : start + count].argmax())


def _codes(condition: Condition, side: str) -> list[CauseCode]:
    """The codes of the side the case names; without a side, those that name none."""
    wanted = {"any", side if side != "unknown" else "unspecified"}
    fitting = [code for code in condition.codes if code["side"] in wanted]
    fitting = fitting or [code for code in condition.codes if code["side"] in {"any", "unspecified"}]
    return [{"system": c["system"], "code": c["code"], "display": c["display"]} for c in fitting or condition.codes]


def _tell_evidence(
    column: int,
    presentation: int,
    observed: list[Observed],
    ranking: Ranking,
    knowledge: CompiledKnowledge,
) -> CauseEvidence:
    """Every counted answer and score, on the side to which it moved the odds, strongest first."""
    evidence = knowledge.presentations[presentation].evidence
    findings = ranking.observations.rows >> 1
    weights = ranking.attribution.weights[:, column].tolist()
    probabilities = knowledge.probability[int(ranking.case.is_child), findings, presentation].tolist()
    weighed: list[WeighedFinding] = [
        {
            "finding": key,
            "name": name,
            "state": state,
            "weight": weight,
            "probability": probability,
            "source": evidence[key].source if key in evidence else "base_frequency",
        }
        for (key, name, state), weight, probability in zip(observed, weights, probabilities, strict=False)
    ]
    if ranking.observations.stand_ins:
        condition = knowledge.conditions[ranking.listed[column]].key
        weighed = fold_evidence(weighed, weights, condition, ranking.observations)
    return {
        "prior_log_odds": float(ranking.attribution.prior_log_odds[column]),
        "supporting": sorted([w for w in weighed if w["weight"] >= 0], key=_WEIGHT, reverse=True),
        "opposing": sorted([w for w in weighed if w["weight"] < 0], key=_WEIGHT),
        "missing": _tell_missing(column, ranking.gains, knowledge),
    }


def _tell_missing(column: int, gains: Information, knowledge: CompiledKnowledge) -> list[MissingFinding]:
    places = gains.best_about[column]
    findings = [knowledge.findings[index] for index in gains.candidates[places].tolist()]
    return [
        {"finding": finding.key, "question": finding.question, "gain": round(gain, GAIN_DECIMALS)}
        for finding, gain in zip(findings, gains.about[column, places].tolist(), strict=True)
        if gain > 0.0
    ]


def _tell_workup(row: Mapping[str, Any]) -> CauseWorkup:
    return {"test": row["test"], "why": row["why"], "citations": list(row.get("citations") or ())}
