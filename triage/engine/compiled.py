"""Knowledge compiled into NumPy tables, once per release and process.

Axes: F findings (in reading order: history before examination before tests), P presentations, C conditions, S draws. A
*row* of the
likelihood tables is a finding in a state: `2 * finding + 1` present, `2 * finding` absent.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from triage.engine.knowledge import (
    Condition,
    Curve,
    Finding,
    Knowledge,
    Presentation,
    RedFlag,
    SafetyReason,
    Threshold,
    Treatment,
)
from triage.engine.rules import Language, Rule

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

READING_ORDER = ("risk_factor", "history", "symptom", "sign", "lab", "imaging")
"""Kinds of findings in the order in which a clinician takes them in; explanations add up in this order."""

MAXIMUM_AGE = 120
SEXES = ("female", "male", "unknown")


@dataclass(frozen=True, slots=True)
class CompiledRedFlag:
    """A safety rule ready to be evaluated, with the indices of the conditions it suspects."""

    row: RedFlag
    rule: Rule
    suspected: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CompiledReason:
    """A reason against a treatment, ready to be evaluated."""

    rule: Rule
    because: str


@dataclass(frozen=True, slots=True)
class CompiledTreatment:
    """A treatment with its safety rules ready to be evaluated."""

    row: Treatment
    contraindicated_if: tuple[CompiledReason, ...]
    caution_if: tuple[CompiledReason, ...]
    plain: int
    """Bits of the findings that are a reason by themselves."""
    composite: tuple[CompiledReason, ...]
    """The reasons whose rule is more than one finding."""


@dataclass(frozen=True)
class CompiledKnowledge:
    """One release as tables. Made by `compile_knowledge`; never changed."""

    knowledge: Knowledge
    findings: tuple[Finding, ...]
    conditions: tuple[Condition, ...]
    presentations: tuple[Presentation, ...]
    condition_of: Integers
    """(P,) index of the condition of each presentation; ascending."""
    probability: Floats
    """(2, F, P) P(finding present | presentation), within the policy's bounds, for adults and for children."""
    log_likelihood: Floats
    """(2, 2F, P) log P(finding in state | presentation), by row, for adults and for children."""
    log_deviation: NDArray[np.float32]
    """(2F, P, S) what each draw adds to `log_likelihood`; zero where a base frequency stands in for evidence."""
    log_prior_deviation: Floats
    """(P, S) what each draw adds to the log prior."""
    rate: Floats
    """(sexes, ages 0..120, C) relative frequency of the conditions."""
    share: Floats
    """(sexes, ages 0..120, P) share of each presentation within its condition."""
    language: Language
    red_flags: tuple[CompiledRedFlag, ...]
    treatments: Mapping[str, CompiledTreatment]
    safety_net_rules: tuple[Rule | None, ...]
    complaint: Rule | None
    red_flag_findings: frozenset[str]
    """Findings that some safety rule mentions: present, they never count against a dangerous cause."""

    @cached_property
    def finding_index(self) -> Mapping[str, int]:
        """Position of each finding id on the F axis."""
        return {finding.key: i for i, finding in enumerate(self.findings)}

    def finding(self, key: str) -> Finding:
        """The finding with this id. KeyError if there is none."""
        return self.findings[self.finding_index[key]]

    @cached_property
    def hidden_from_a_patient(self) -> int:
        """Bits of what only an examiner, a laboratory or a scanner can tell."""
        return self.language.mask([finding.key for finding in self.findings if not finding.patient_can_answer])

    @cached_property
    def ask_first(self) -> tuple[str, ...]:
        """How a treatment's safety question is put, by finding index."""
        words = self.knowledge.policy.texts["ladder"]["ask_first"]
        return tuple(words.format(question=finding.question) for finding in self.findings)

    @cached_property
    def can_be_asked(self) -> NDArray[np.bool_]:
        """(F,) whether a finding can be asked or examined: not what is worked out from age and sex."""
        return np.array([not finding.derived_from_demographics for finding in self.findings])

    @cached_property
    def question_cost(self) -> Floats:
        """(F,) what it costs to learn each finding."""
        costs = self.knowledge.policy.question_costs
        return np.array([costs[finding.cost] for finding in self.findings], dtype=np.float64)

    @cached_property
    def condition_index(self) -> Mapping[str, int]:
        """Position of each condition id on the C axis."""
        return {condition.key: i for i, condition in enumerate(self.conditions)}

    @cached_property
    def condition_starts(self) -> Integers:
        """(C,) first presentation of each condition, for `np.add.reduceat`."""
        return np.searchsorted(self.condition_of, np.arange(len(self.conditions)))

    @cached_property
    def cluster_correlation(self) -> Mapping[str, float]:
        """The correlation (rho) of each cluster of findings."""
        policy = self.knowledge.policy
        clusters = {finding.cluster for finding in self.findings}
        return {c: policy.cluster_correlations.get(c, policy.cluster_correlation) for c in clusters}

    @cached_property
    def thresholds(self) -> tuple[tuple[str, Threshold], ...]:
        """Findings that measurements derive, with their limits."""
        return tuple((finding.key, finding.threshold) for finding in self.findings if finding.threshold)

    @cached_property
    def exclusive_groups(self) -> Mapping[str, frozenset[str]]:
        """Members of each exclusive group."""
        groups: dict[str, set[str]] = {}
        for finding in self.findings:
            if finding.exclusive_group:
                groups.setdefault(finding.exclusive_group, set()).add(finding.key)
        return {group: frozenset(members) for group, members in groups.items()}


def compile_knowledge(knowledge: Knowledge) -> CompiledKnowledge:
    """Turn the rows of a release into tables (about a second and 100 MB for 60 conditions and 300 findings)."""
    findings = tuple(sorted(knowledge.findings, key=lambda f: (READING_ORDER.index(f.kind), f.key)))
    conditions = tuple(sorted(knowledge.conditions, key=lambda c: c.key))
    presentations = tuple(p for condition in conditions for p in condition.presentations)
    condition_of = np.repeat(np.arange(len(conditions)), [len(c.presentations) for c in conditions])
    bounds = knowledge.policy.probability_bounds
    probability = np.clip(_probabilities(findings, presentations), *bounds)
    log_likelihood = np.stack([np.log1p(-probability), np.log(probability)], axis=2)
    language = Language(
        {finding.key: bit for bit, finding in enumerate(findings)},
        {flag.key: flag.rule for flag in knowledge.red_flags},
    )
    index = {condition.key: i for i, condition in enumerate(conditions)}
    red_flags = tuple(
        CompiledRedFlag(flag, language.rule(flag.rule), tuple(index[key] for key in flag.suspected))
        for flag in knowledge.red_flags
    )
    generator = np.random.default_rng(int.from_bytes(hashlib.sha256(knowledge.digest.encode()).digest()[:8]))
    return CompiledKnowledge(
        knowledge=knowledge,
        findings=findings,
        conditions=conditions,
        presentations=presentations,
        condition_of=condition_of,
        probability=probability,
        log_likelihood=log_likelihood.reshape(2, 2 * len(findings), len(presentations)),
        log_deviation=_log_deviations(knowledge, findings, presentations, generator),
        log_prior_deviation=_log_prior_deviations(knowledge, condition_of, generator),
        rate=_rates(conditions),
        share=_shares(presentations, condition_of),
        language=language,
        red_flags=red_flags,
        treatments={treatment.key: _compile_treatment(treatment, language) for treatment in knowledge.treatments},
        safety_net_rules=tuple(
            None if item.when is None else language.rule(item.when) for item in knowledge.safety_net
        ),
        complaint=language.rule(knowledge.policy.scope["complaint"]) if knowledge.policy.scope else None,
        red_flag_findings=frozenset(atom for flag in red_flags for atom in flag.rule.atoms()),
    )


def _probabilities(findings: Sequence[Finding], presentations: Sequence[Presentation]) -> Floats:
    """(2, F, P): the evidence where there is some, else the finding's base frequency for adults or children."""
    table = np.empty((2, len(findings), len(presentations)))
    for i, finding in enumerate(findings):
        table[0, i], table[1, i] = finding.base_adult, finding.base_child
        for j, presentation in enumerate(presentations):
            evidence = presentation.evidence.get(finding.key)
            if evidence is not None:
                table[:, i, j] = evidence.probability
    return table


def _log_deviations(
    knowledge: Knowledge,
    findings: Sequence[Finding],
    presentations: Sequence[Presentation],
    random: np.random.Generator,
) -> NDArray[np.float32]:
    """(2F, P, S) log of Beta(p·n, (1-p)·n) draws over the log of their p, where there is evidence of size n."""
    draws, (low, high) = knowledge.policy.draws, knowledge.policy.probability_bounds
    table = np.zeros((len(findings), 2, len(presentations), draws), dtype=np.float32)
    for i, finding in enumerate(findings):
        for j, presentation in enumerate(presentations):
            evidence = presentation.evidence.get(finding.key)
            if evidence is not None:
                p, n = np.clip(evidence.probability, low, high), evidence.effective_sample_size
                drawn = np.clip(random.beta(p * n, (1 - p) * n, draws), low, high)
                table[i, 0, j] = np.log1p(-drawn) - np.log1p(-p)
                table[i, 1, j] = np.log(drawn) - np.log(p)
    return table.reshape(2 * len(findings), len(presentations), draws)


def _log_prior_deviations(knowledge: Knowledge, condition_of: Integers, random: np.random.Generator) -> Floats:
    """(P, S) normal draws, one per condition, shared by its presentations."""
    policy = knowledge.policy
    shape = (len(knowledge.conditions), policy.draws)
    return random.normal(0.0, policy.prior_log_standard_deviation, shape)[condition_of]


def interpolate(curve: Curve) -> Floats:
    """(121,) the curve at ages 0 to 120, linear between its points and constant beyond them."""
    ages, values = zip(*curve, strict=True)
    return np.interp(np.arange(MAXIMUM_AGE + 1), ages, values)


def _by_sex(female_to_male: float) -> Floats:
    """(3, 1) factors for female, male and unknown sex: their ratio is `female_to_male` and their mean is 1."""
    female = 2 * female_to_male / (1 + female_to_male)
    return np.array([[female], [2 - female], [1.0]])


def _rates(conditions: Sequence[Condition]) -> Floats:
    """(sexes, ages, C) relative frequency of each condition, zero outside its population."""
    ages = np.arange(MAXIMUM_AGE + 1)
    table = np.empty((len(SEXES), MAXIMUM_AGE + 1, len(conditions)))
    for j, condition in enumerate(conditions):
        within = (ages >= np.floor(condition.from_age)) & (ages <= np.ceil(condition.to_age))
        table[:, :, j] = _by_sex(condition.female_to_male) * np.where(within, interpolate(condition.prior), 0.0)
        if condition.sex != "any":
            table[1 - SEXES.index(condition.sex), :, j] = 0.0
    return table


def _shares(presentations: Sequence[Presentation], condition_of: Integers) -> Floats:
    """(sexes, ages, P) weights normalised to one within each condition; equal where all weights are zero."""
    table = np.stack([_by_sex(p.female_to_male) * interpolate(p.weight) for p in presentations], axis=2)
    starts = np.flatnonzero(np.diff(condition_of, prepend=-1))
    counts = np.diff(np.append(starts, len(presentations)))
    totals = np.repeat(np.add.reduceat(table, starts, axis=2), counts, axis=2)
    return np.divide(
        table, totals, out=np.broadcast_to(1 / np.repeat(counts, counts), table.shape).copy(), where=totals > 0
    )


def _compile_treatment(treatment: Treatment, language: Language) -> CompiledTreatment:
    def reasons(rows: tuple[SafetyReason, ...]) -> tuple[CompiledReason, ...]:
        return tuple(CompiledReason(language.rule(row.rule), row.because) for row in rows)

    rows = treatment.contraindicated_if + treatment.caution_if
    return CompiledTreatment(
        treatment,
        reasons(treatment.contraindicated_if),
        reasons(treatment.caution_if),
        plain=language.mask([row.rule for row in rows if isinstance(row.rule, str)]),
        composite=reasons(tuple(row for row in rows if not isinstance(row.rule, str))),
    )
