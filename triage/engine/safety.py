"""Safety apart from ranking: red flags, the screen, and an urgency that only rises.

Nothing here lowers an urgency that something else set. Adding a present red-flag finding never lowers it either: rules
have no
negation, and for urgency a red-flag finding is never counted against a dangerous cause (see `suspicion`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from triage.engine.answers import Answers, read_counted
from triage.engine.assessment import Decider, DeciderKind, FiredRedFlag, Urgency
from triage.engine.case import Audience, Case
from triage.engine.compiled import CompiledKnowledge
from triage.engine.compiled_rows import CompiledRedFlag
from triage.engine.knowledge import LEVELS, Level, UrgencyFloor
from triage.engine.ranking import UNTEMPERED, by_condition, log_prior, normalise, observe, temper_of
from triage.engine.rules import TRUE, Facts
from triage.engine.screening import Screen
from triage.engine.tables import Floats, starts_of_runs
from triage.engine.weighing import Weighed

RANK: Mapping[Level, int] = {level: rank for rank, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that sets an urgency; one that is not plain is only told where no plain one decides."""

    floor: UrgencyFloor
    decider: Decider
    plain: bool = True


def facts_of(case: Case, answers: Answers, knowledge: CompiledKnowledge) -> Facts:
    """The facts that rules are read against."""
    return Facts.of(
        knowledge.language,
        age_years=case.age_years,
        sex=case.sex,
        states=answers.states,
        measurements=case.measurements,
    )


def tell_fired(flags: list[CompiledRedFlag], answers: Answers) -> list[FiredRedFlag]:
    """The red flags that fired, most urgent first, each with the present findings that its rule names."""
    return [
        {
            "id": flag.row.key,
            "title": flag.row.title,
            "urgency": flag.row.urgency.level,
            "matched": list(dict.fromkeys(key for key in flag.rule.atoms() if answers.states.get(key) == TRUE)),
            "suspected": list(flag.row.suspected),
            "action": flag.row.action,
            "citations": list(flag.row.citations),
        }
        for flag in sorted(flags, key=lambda flag: (-RANK[flag.row.urgency.level], flag.row.key))
        if flag.row.kind == "red_flag"
    ]


def suspicion(case: Case, weighed: Weighed, knowledge: CompiledKnowledge) -> Floats:
    """(C,) probability of each condition as urgency sees it: red-flag findings never count against a condition.

    The posterior given everything but the present red-flag findings, then for each cluster of these the strongest
    likelihood ratio of the condition against the rest, at least 1. A further red-flag finding adds a factor of at least
    1 and changes nothing else, so suspicion is monotone. The prior is not flattened for a selected case: that serves
    the ranking of rare causes, and here it would alarm at every one of them. Nor are answers recalibrated: absent
    red-flag findings would reassure more.
    """
    dangerous = sorted(
        key for key, truth in weighed.answers.states.items() if truth == TRUE and key in knowledge.red_flag_findings
    )
    mild = _mild_contributions(case, knowledge) if dangerous else weighed.observations.uncalibrated
    assert mild is not None  # noqa: S101 - what is weighed is calibrated
    posterior = normalise(_untempered_prior(case, weighed, knowledge) + mild.sum(axis=0))
    cause = by_condition(posterior, knowledge)
    odds = cause * _strongest_ratios(case, dangerous, posterior, cause, knowledge)
    result: Floats = odds / (odds + (1.0 - cause) + 1e-300)
    return result


def _mild_contributions(case: Case, knowledge: CompiledKnowledge) -> Floats:
    """(k, P) log likelihood of the answers of a case without its present red-flag findings, not calibrated."""
    flagged = knowledge.red_flag_findings
    mild = {k: s for k, s in case.findings.items() if not (s == "present" and k in flagged)}
    counted = read_counted(replace(case, findings=mild), knowledge)
    mild_counted = {k: t for k, t in counted.items() if not (t == TRUE and k in flagged)}
    return observe(case, mild_counted, knowledge, calibrated=False).contributions


def _untempered_prior(case: Case, weighed: Weighed, knowledge: CompiledKnowledge) -> Floats:
    is_plain = temper_of(case, knowledge) == UNTEMPERED
    return weighed.prior if is_plain else log_prior(case, knowledge, tempered=False)


def _strongest_ratios(
    case: Case, keys: list[str], posterior: Floats, cause: Floats, knowledge: CompiledKnowledge
) -> Floats:
    """(C,) product over clusters of the largest P(finding | c) / P(finding | not c), each at least 1."""
    if not keys:
        return np.ones_like(cause)
    indices = sorted([knowledge.finding_index[key] for key in keys], key=knowledge.cluster_of.__getitem__)
    probability = knowledge.probability[int(case.is_child)].take(indices, axis=0)
    joint = by_condition(probability * posterior, knowledge)
    rest = (joint.sum(axis=1, keepdims=True) - joint) / np.maximum(1.0 - cause, 1e-12)
    own = joint / np.maximum(cause, 1e-300)
    ratios = np.where(cause > 0.0, own / np.maximum(rest, 1e-12), 1.0)
    first_of_cluster = starts_of_runs(knowledge.cluster_of[indices])
    strongest = np.maximum(np.maximum.reduceat(ratios, first_of_cluster, axis=0), 1.0)
    result: Floats = strongest.prod(axis=0)
    return result


def decide_urgency(
    screened: Screen,
    suspected: Floats,
    cause: Floats,
    knowledge: CompiledKnowledge,
    audience: Audience = "clinician",
) -> Urgency:
    """The highest urgency that a rule, a population or a suspected cause sets.

    `self_care` comes only with the screen complete. `suspected` decides; `cause`, the posterior, and the audience
    choose the words.
    """
    reasons = [_by_rule(flag) for flag in screened.fired] + _by_causes(suspected, cause, knowledge, audience)
    texts = knowledge.knowledge.policy.texts
    if not any(RANK[reason.floor.level] >= RANK["routine"] for reason in reasons):
        if screened.open_bits:
            reasons = [Reason(UrgencyFloor("routine"), _decider("screen", "red_flag_screen", texts["why_screen"]))]
        else:
            reasons = [Reason(UrgencyFloor("self_care"), _decider("default", "self_care", texts["why_default"]))]
    level = max((reason.floor.level for reason in reasons), key=RANK.__getitem__)
    deciding = [reason for reason in reasons if reason.floor.level == level]
    return tell_urgency(level, [r for r in deciding if r.plain] or deciding, texts)


def _by_rule(flag: CompiledRedFlag) -> Reason:
    return Reason(flag.row.urgency, _decider(flag.row.kind, flag.row.key, flag.row.title))


def _by_causes(suspected: Floats, cause: Floats, knowledge: CompiledKnowledge, audience: Audience) -> list[Reason]:
    """Every cause suspected enough for its own least urgency; plain where its probability alone would do."""
    texts = knowledge.knowledge.policy.texts
    reasons = []
    for index in np.flatnonzero(suspected >= knowledge.urgency_threshold).tolist():
        condition = knowledge.conditions[index]
        plain = bool(cause[index] >= knowledge.urgency_threshold[index])
        why = texts["why_cause" if plain else "why_suspicion"].format(name=condition.name_for(audience))
        reasons.append(Reason(condition.least_urgency, _decider("cause", condition.key, why), plain))
    return reasons


def _decider(kind: DeciderKind, key: str, why: str) -> Decider:
    return {"kind": kind, "id": key, "why": why}


def tell_urgency(level: Level, deciding: list[Reason], texts: Mapping[str, Any]) -> Urgency:
    """The urgency of that level in words, with the reasons that decide it."""
    modes = {reason.floor.mode for reason in deciding}
    mode = "ambulance" if "ambulance" in modes else "emergency_department" if level == "emergency" else None
    words = texts["urgency"][mode or level]
    hours = [reason.floor.within_hours for reason in deciding if reason.floor.within_hours is not None]
    return {
        "level": level,
        "mode": mode or words["mode"],
        "within_hours": min(hours, default=words["within_hours"]),
        "summary": words["summary"],
        "decided_by": [reason.decider for reason in deciding],
    }
