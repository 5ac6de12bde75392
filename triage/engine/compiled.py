"""Knowledge compiled into NumPy tables, once per release and process.

Axes: F findings (in reading order: history before examination before tests), P presentations, C conditions, S draws. A
*row* of the likelihood tables is a finding in a state: `2 * finding + 1` present, `2 * finding` absent.
"""

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from triage.engine import tables
from triage.engine.case import Setting
from triage.engine.compiled_exercises import CompiledExercises
from triage.engine.compiled_rows import (
    CompiledElsewhere,
    CompiledRedFlag,
    CompiledTreatment,
    compile_rows,
    in_catalogue_order,
    in_reading_order,
)
from triage.engine.follow_up_knowledge import OutcomeMeasure
from triage.engine.knowledge import Condition, Finding, Knowledge, Presentation, Threshold
from triage.engine.rules import Language, Rule
from triage.engine.scores import Scores
from triage.engine.screening import Screening
from triage.engine.suitability import Suitability
from triage.engine.tables import Floats, Integers

NO_GROUP = 0
"""Number of the exclusive group of findings that are in none."""


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
    evidence_row: Integers
    """(F, P) where the draws of a cell are in `log_deviation`."""
    log_deviation: NDArray[np.float32]
    """(R, 2, S) what each draw adds to the log likelihood of a finding absent or present.

    Presentations that share a row of evidence share its draws; row 0 is zero, for cells where a base frequency stands
    in for evidence.
    """
    log_prior_deviation: Floats
    """(P, S) what each draw adds to the log prior."""
    rate: Floats
    """(sexes, ages 0..120, C) relative frequency of the conditions."""
    share: Floats
    """(sexes, ages 0..120, P) share of each presentation within its condition."""
    language: Language
    hidden_from_a_patient: int
    """Bits of what only an examiner, a laboratory or a scanner can tell."""
    red_flags: tuple[CompiledRedFlag, ...]
    treatments: Mapping[str, CompiledTreatment]
    prevention_rules: tuple[Rule | None, ...]
    """For whom each tip of prevention is."""
    exercise: CompiledExercises
    safety_net_rules: tuple[Rule | None, ...]
    timer_rules: tuple[Rule | None, ...]
    """For whom each follow-up timer is."""
    complaint: Rule | None
    complaint_findings: int
    """Bits of the findings of the complaint."""
    complaints: int
    """Bits of what can be a complaint of the hip or of another part."""
    elsewhere: tuple[CompiledElsewhere, ...]
    scores: Scores
    red_flag_findings: frozenset[str]
    """Findings that the catalogue flags: present, they never count against a dangerous cause."""

    @cached_property
    def finding_index(self) -> Mapping[str, int]:
        """Position of each finding id on the F axis."""
        return {finding.key: i for i, finding in enumerate(self.findings)}

    def finding(self, key: str) -> Finding:
        """The finding with this id. KeyError if there is none."""
        return self._finding[key]

    @cached_property
    def _finding(self) -> Mapping[str, Finding]:
        return {finding.key: finding for finding in self.findings}

    @cached_property
    def contradicted_by(self) -> Mapping[str, frozenset[str]]:
        """Finding id to the findings that say that they contradict it."""
        table: dict[str, set[str]] = {}
        for finding in self.findings:
            for other in finding.contradicts:
                table.setdefault(other, set()).add(finding.key)
        return {key: frozenset(others) for key, others in table.items()}

    @cached_property
    def can_be_asked(self) -> NDArray[np.bool_]:
        """(F,) whether a finding can be asked or examined: not what is worked out from age and sex."""
        return np.array([not finding.derived_from_demographics for finding in self.findings])

    @cached_property
    def worth_asking(self) -> NDArray[np.bool_]:
        """(F,) whether a finding that can be asked may be proposed: not what only sums up parts that can be asked."""
        sums = {
            row.vocabulary_finding
            for row in self.knowledge.composites
            if all(part.rule is not None for part in row.parts)
        }
        sums_up = np.array([finding.key in sums for finding in self.findings])
        result: NDArray[np.bool_] = self.can_be_asked & ~sums_up
        return result

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
    def must_be_listed_from(self) -> Floats:
        """(C,) from which probability on a must-not-miss condition is listed; infinity for the others."""
        return np.array(
            [c.threshold if c.must_not_miss and c.threshold is not None else np.inf for c in self.conditions]
        )

    @cached_property
    def urgency_threshold(self) -> Floats:
        """(C,) how much suspicion of a condition makes its least urgency count."""
        usual = self.knowledge.policy.cause_thresholds
        return np.array(
            [(c.must_not_miss and c.threshold) or usual[c.least_urgency.level] for c in self.conditions],
            dtype=np.float64,
        )

    @cached_property
    def probability_by_presentation(self) -> NDArray[np.float32]:
        """(2, P, F) `probability` in single precision, a row a presentation: what information is counted on."""
        return np.ascontiguousarray(self.probability.transpose(0, 2, 1), dtype=np.float32)

    @cached_property
    def deviation_by_row(self) -> NDArray[np.float32]:
        """(2R, S) `log_deviation` with a row for each row of evidence and state."""
        return self.log_deviation.reshape(-1, self.log_deviation.shape[2])

    @cached_property
    def deviation_row(self) -> Integers:
        """(2F, P) where the draws of a row of the likelihood tables are in `deviation_by_row`."""
        absent = 2 * self.evidence_row
        result: Integers = np.stack([absent, absent + 1], axis=1).reshape(-1, absent.shape[1])
        return result

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
    def cluster_of(self) -> Integers:
        """(F,) number of the cluster of each finding."""
        numbers = {cluster: number for number, cluster in enumerate(self.cluster_correlation)}
        return np.array([numbers[finding.cluster] for finding in self.findings])

    @cached_property
    def correlation(self) -> Floats:
        """The correlation of each cluster by its number."""
        return np.array(list(self.cluster_correlation.values()))

    @cached_property
    def group_of(self) -> Integers:
        """(F,) number of the exclusive group of each finding, from 1 on; 0 where it is in none."""
        groups = {group: number for number, group in enumerate(self.exclusive_groups, start=NO_GROUP + 1)}
        return np.array([groups.get(finding.exclusive_group or "", NO_GROUP) for finding in self.findings])

    @cached_property
    def setting_factors(self) -> Mapping[str, Floats]:
        """(C,) how much more or less frequent each condition is in each setting."""
        return {
            setting: np.array([condition.settings.get(setting, 1.0) for condition in self.conditions])
            for setting in get_args(Setting)
        }

    @cached_property
    def known_suitability(self) -> dict[Hashable, Suitability]:
        """What is known of treatments, exercises and people: see `triage.engine.suitability.suitability`."""
        return {}

    @cached_property
    def known_requests(self) -> dict[tuple[int, bool], list[str]]:
        """What is said of safety questions, by these as bits and by whether some are of the red-flag screen."""
        return {}

    @cached_property
    def screening(self) -> Screening:
        """The red-flag screen."""
        return Screening(self.red_flags, self.findings, self.hidden_from_a_patient)

    @cached_property
    def thresholds(self) -> tuple[tuple[str, Threshold], ...]:
        """Findings that measurements derive, with their limits."""
        return tuple((finding.key, finding.threshold) for finding in self.findings if finding.threshold)

    @cached_property
    def outcome_measures(self) -> Mapping[str, OutcomeMeasure]:
        """The outcome measures by their ids."""
        return {measure.key: measure for measure in self.knowledge.outcome_measures}

    @cached_property
    def exclusive_groups(self) -> Mapping[str, frozenset[str]]:
        """Members of each exclusive group."""
        groups: dict[str, set[str]] = {}
        for finding in self.findings:
            if finding.exclusive_group:
                groups.setdefault(finding.exclusive_group, set()).add(finding.key)
        return {group: frozenset(members) for group, members in groups.items()}


def compile_knowledge(knowledge: Knowledge) -> CompiledKnowledge:
    """Turn the rows of a release into tables (a second or two and 50 MB for 60 conditions and 300 findings)."""
    findings, conditions = in_reading_order(knowledge.findings), in_catalogue_order(knowledge.conditions)
    presentations = tuple(p for condition in conditions for p in condition.presentations)
    condition_of = np.repeat(np.arange(len(conditions)), [len(c.presentations) for c in conditions])
    bounds = knowledge.policy.probability_bounds
    probability = np.clip(tables.probabilities(findings, presentations), *bounds)
    log_likelihood = np.stack([np.log1p(-probability), np.log(probability)], axis=2)
    evidence_row, evidence = tables.evidence_rows(findings, presentations)
    language = Language(
        {finding.key: bit for bit, finding in enumerate(findings)},
        {flag.key: flag.rule for flag in knowledge.red_flags},
    )
    generator = np.random.default_rng(int.from_bytes(hashlib.sha256(knowledge.digest.encode()).digest()[:8]))
    return CompiledKnowledge(
        knowledge=knowledge,
        condition_of=condition_of,
        probability=probability,
        log_likelihood=log_likelihood.reshape(2, 2 * len(findings), len(presentations)),
        evidence_row=evidence_row,
        log_deviation=tables.log_deviations(evidence, knowledge.policy, generator),
        log_prior_deviation=tables.log_prior_deviations(condition_of, knowledge.policy, generator),
        rate=tables.rates(conditions),
        share=tables.shares(presentations, condition_of),
        language=language,
        **compile_rows(knowledge, language),
        red_flag_findings=frozenset(finding.key for finding in findings if finding.red_flag),
    )


def reword(compiled: CompiledKnowledge, knowledge: Knowledge) -> CompiledKnowledge:
    """The same tables with other words: `knowledge` differs from that of `compiled` in its texts alone."""
    return replace(compiled, knowledge=knowledge, **compile_rows(knowledge, compiled.language))
