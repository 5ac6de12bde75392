"""The rows of a release in their order, with their rules ready to be evaluated: everything compiled that has words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from triage.engine.compiled_exercises import compile_exercises
from triage.engine.knowledge import LEVELS, Condition, Finding, Knowledge, RedFlag, Treatment
from triage.engine.rules import Language, Reach, Rule
from triage.engine.scores import Scores
from triage.engine.suitability import CompiledSafety, compile_safety

COMPLAINTS = frozenset({"symptom", "sign", "test", "imaging"})
"""Kinds of findings that can be a complaint of the hip or of another part; history, risks and blood belong to all."""

READING_ORDER = ("risk_factor", "history", "symptom", "sign", "test", "lab", "imaging")
"""Kinds of findings in the order in which a clinician takes them in; explanations add up in this order."""


@dataclass(frozen=True, slots=True)
class CompiledRedFlag:
    """A safety rule ready to be evaluated, with the rank of its urgency and the conditions it suspects, by index."""

    row: RedFlag
    rule: Rule
    rank: int
    suspected: tuple[int, ...]
    reach: Reach


@dataclass(frozen=True, slots=True)
class CompiledTreatment:
    """A treatment with its safety rules ready to be evaluated."""

    row: Treatment
    safety: CompiledSafety
    only_for: Rule | None


@dataclass(frozen=True, slots=True)
class CompiledElsewhere:
    """A complaint that is not one of the hip, ready to be evaluated, and the findings that may come with it."""

    rule: Rule
    besides: int
    """Bits of what may come with it; the findings of the rule are among them."""
    besides_if_denied: int
    """Bits of what may come with it once some hip complaint was denied."""
    reason: str
    action: str


def in_reading_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in the order of their axis."""
    return tuple(sorted(findings, key=lambda f: (READING_ORDER.index(f.kind), f.key)))


def in_catalogue_order(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """The conditions in the order of their axis."""
    return tuple(sorted(conditions, key=lambda c: c.key))


def compile_rows(knowledge: Knowledge, language: Language) -> dict[str, Any]:
    """The fields of the compiled knowledge that carry words, by name."""
    findings, conditions = in_reading_order(knowledge.findings), in_catalogue_order(knowledge.conditions)
    index = {condition.key: i for i, condition in enumerate(conditions)}
    hidden = language.mask([finding.key for finding in findings if not finding.patient_can_answer])
    scope = knowledge.policy.scope
    complaint = language.rule(scope["complaint"]) if scope else None
    return {
        "hidden_from_a_patient": hidden,
        "complaints": language.mask([finding.key for finding in findings if finding.kind in COMPLAINTS]),
        "findings": findings,
        "conditions": conditions,
        "presentations": tuple(p for condition in conditions for p in condition.presentations),
        "red_flags": tuple(_compile_red_flag(flag, language, index) for flag in knowledge.red_flags),
        "treatments": {row.key: _compile_treatment(row, language, hidden) for row in knowledge.treatments},
        "prevention_rules": tuple(language.optional(tip.when) for tip in knowledge.prevention),
        "exercise": compile_exercises(knowledge.exercise, language, hidden),
        "safety_net_rules": tuple(language.optional(item.when) for item in knowledge.safety_net),
        "timer_rules": tuple(language.optional(timer.when) for timer in knowledge.follow_up_timers),
        "complaint": complaint,
        "complaint_findings": language.mask(complaint.atoms()) if complaint else 0,
        "elsewhere": tuple(_compile_elsewhere(row, language) for row in scope.get("elsewhere", ())),
        "scores": Scores(knowledge.composites, [finding.key for finding in findings]),
    }


def _compile_red_flag(flag: RedFlag, language: Language, index: Mapping[str, int]) -> CompiledRedFlag:
    rule = language.rule(flag.rule)
    suspected = tuple(index[key] for key in flag.suspected)
    return CompiledRedFlag(flag, rule, LEVELS.index(flag.urgency.level), suspected, language.reach([rule]))


def _compile_elsewhere(row: Mapping[str, Any], language: Language) -> CompiledElsewhere:
    rule = language.rule(row["rule"])
    besides = language.mask([*rule.atoms(), *row["besides"]])
    besides_if_denied = besides | language.mask(row["besides_if_denied"])
    return CompiledElsewhere(rule, besides, besides_if_denied, row["reason"], row["action"])


def _compile_treatment(treatment: Treatment, language: Language, hidden: int) -> CompiledTreatment:
    name = ("treatment", treatment.key)
    safety = compile_safety(name, treatment.contraindicated_if, treatment.caution_if, language, hidden)
    return CompiledTreatment(treatment, safety, language.optional(treatment.only_for))
