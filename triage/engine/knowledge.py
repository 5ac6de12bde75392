"""The knowledge of one release as plain rows: what `triage.knowledge` reads from the database and the engine compiles.

Ids (`key`) are the public ids of the catalogue. Probabilities are in (0, 1), ages in years.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from triage.engine.case import Audience
from triage.engine.exercises import ExerciseKnowledge
from triage.engine.follow_up_knowledge import FollowUpPolicy, FollowUpTimer, OutcomeMeasure
from triage.engine.safety_reason import RuleTree, SafetyReason

Level = Literal["self_care", "routine", "urgent", "same_day", "emergency"]
LEVELS: tuple[Level, ...] = ("self_care", "routine", "urgent", "same_day", "emergency")
"""Urgency levels, least urgent first: the index is the rank."""

FindingKind = Literal["symptom", "history", "risk_factor", "sign", "test", "lab", "imaging"]
Strength = Literal["strong", "moderate", "weak", "conditional", "conflicting", "expert_opinion", "not_established"]
LadderStart = Literal["open", "supervised", "locked"]
PreventionVerdict = Literal["strong", "moderate", "plausible", "conflicting", "low_certainty", "expert_opinion"]

Curve = tuple[tuple[float, float], ...]
"""Points (age in years, value) with ascending ages; read by linear interpolation, constant beyond the ends."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """Limits of a measurement within which a finding is present.

    Outside them it is absent, unless `present_only`: a normal temperature now does not say that there was no fever
    this week.
    """

    measurement: str
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    present_only: bool = False

    def holds(self, value: float) -> bool:
        """Whether `value` lies within the limits."""
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.above is None or value > self.above)
            and (self.at_most is None or value <= self.at_most)
            and (self.below is None or value < self.below)
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What can be asked, examined or measured."""

    key: str
    kind: FindingKind
    name: str
    question: str
    cluster: str
    base_adult: float
    base_child: float
    exclusive_group: str | None = None
    implies: tuple[str, ...] = ()
    contradicts: tuple[str, ...] = ()
    cost: str = "ask"
    patient_can_answer: bool = True
    derived_from_demographics: bool = False
    red_flag: bool = False
    threshold: Threshold | None = None
    help: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """P(finding present | presentation), how much it is worth as a number of people, and where it is from."""

    probability: float
    effective_sample_size: float
    source: str


@dataclass(frozen=True, slots=True)
class Presentation:
    """One way in which a condition shows itself: its share by age and sex, and its evidence by finding."""

    key: str
    name: str
    evidence: Mapping[str, Evidence]
    weight: Curve = ((0.0, 1.0),)
    female_to_male: float = 1.0


@dataclass(frozen=True, slots=True)
class UrgencyFloor:
    """A level with how to act on it: `mode` for emergencies, `within_hours` for the rest."""

    level: Level
    mode: str | None = None
    within_hours: int | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """What one source says about a treatment on which sources disagree."""

    source: str
    position: str
    strength: str
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LadderItem:
    """One treatment on the ladder of one condition."""

    treatment: str
    rung: int
    how: str
    try_for_weeks: int | None
    move_on_if: str | None
    strength: Strength
    evidence_grade: str
    citations: tuple[str, ...]
    positions: tuple[Position, ...] = ()
    """Of the sources on this condition; those of the treatment where there are none."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A cause of hip pain."""

    key: str
    name: str
    plain_name: str
    prior: Curve
    presentations: tuple[Presentation, ...]
    least_urgency: UrgencyFloor
    female_to_male: float = 1.0
    settings: Mapping[str, float] = field(default_factory=dict)
    from_age: float = 0.0
    to_age: float = 120.0
    sex: str = "any"
    must_not_miss: bool = False
    threshold: float | None = None
    codes: tuple[Mapping[str, str], ...] = ()
    workup: tuple[Mapping[str, Any], ...] = ()
    safety_net: tuple[Mapping[str, Any], ...] = ()
    follow_up: Mapping[str, Any] | None = None
    programme: str | None = None
    ladder_start: LadderStart = "open"
    ladder_note: str | None = None
    immediate: tuple[str, ...] = ()
    ladder: tuple[LadderItem, ...] = ()

    def name_for(self, audience: Audience) -> str:
        """The clinical name, or the plain one for a patient."""
        return self.plain_name if audience == "patient" else self.name


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A safety rule: a red flag that suspects something, or a population that may not be left to itself."""

    key: str
    kind: Literal["red_flag", "population"]
    title: str
    rule: RuleTree
    urgency: UrgencyFloor
    action: str
    suspected: tuple[str, ...] = ()
    immediate: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CompositePart:
    """What earns points in a score; without a `rule` it is nothing that can be asked and stays open.

    With `present_only` a rule that is false leaves the part open. A part that is `in_prior` counts as met where the
    score is weighed: the prior knows it already.
    """

    key: str
    points: int
    rule: RuleTree | None = None
    present_only: bool = False
    in_prior: bool = False


@dataclass(frozen=True, slots=True)
class CompositeBand:
    """The likelihood ratio of the scores from `at_least` up to the next band."""

    at_least: int
    likelihood_ratio: float
    label: str


@dataclass(frozen=True, slots=True)
class Composite:
    """A published score that stands for its parts: see `triage.engine.composites`.

    It applies where `gate` holds and `unless` does not. Its likelihood ratios are those of `for_conditions` against
    `reference`, for which the findings in `replaces` count no more. It is settled once the parts in `known_parts` and
    `known_at_least` parts in all are known and none that is open could move it into another band; then the scores in
    `instead_of` are left out, and it counts in the ranking if it `weighs`. `vocabulary_finding`, present, says that the
    score is at least `vocabulary_score`.
    """

    key: str
    name: str
    parts: tuple[CompositePart, ...]
    bands: tuple[CompositeBand, ...]
    for_conditions: tuple[str, ...]
    reference: str
    replaces: tuple[str, ...]
    show: str
    gate: RuleTree | None = None
    unless: RuleTree | None = None
    weighs: bool = True
    known_parts: tuple[str, ...] = ()
    known_at_least: int = 0
    instead_of: tuple[str, ...] = ()
    vocabulary_finding: str | None = None
    vocabulary_score: int = 0
    for_clinicians_only: bool = True
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Treatment:
    """A treatment of the catalogue with the rules for whom it is not."""

    key: str
    name: str
    kind: str
    rung: int
    how: str
    only_for: RuleTree | None = None
    contraindicated_if: tuple[SafetyReason, ...] = ()
    caution_if: tuple[SafetyReason, ...] = ()
    positions: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True)
class TriedStep:
    """A finding that says that a rung was tried for its time and failed: all of it without `for_treatments`."""

    key: str
    finding: str
    rung: int
    because: str
    for_treatments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RungStart:
    """When a rung starts: `then` once the first of the rungs in `after` that the ladder has was tried and failed."""

    rung: int
    after: tuple[int, ...]
    then: Literal["now", "discuss"]


@dataclass(frozen=True, slots=True)
class PreventionTip:
    """Something that keeps a hip well; `when` says whom it is for (null: everybody) and `because` why.

    Of several tips those of the lowest `priority` come first. A tip about a `treatment` is subject to its safety rules.
    """

    key: str
    name: str
    text: str
    because: str
    verdict: PreventionVerdict
    evidence_grade: str
    priority: int
    when: RuleTree | None = None
    treatment: str | None = None
    only_if_open: bool = False
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SafetyNetItem:
    """What to watch for and what to do then; `when` limits it to some people."""

    watch_for: str
    then: str
    within_hours: int
    when: RuleTree | None = None


@dataclass(frozen=True, slots=True)
class InterviewPolicy:
    """How an interview chooses its questions for the ranking, and when it stops."""

    flattening: float
    """Exponent on the probabilities for which questions are chosen: below 1 so that what ranks low is asked about."""
    minimum_gain: float
    """Bits for each unit of cost; a question that is expected to bring less is not asked."""
    settled_below: float
    """The first three causes are settled when no answer is expected to move their probabilities by this much in all."""
    negligible: float
    """Findings less probable than this are not asked for the ranking."""
    maximum_questions: int
    """Answers beyond those that a safety rule reads, unless the caller states another budget."""
    screen_questions_at_once: int


@dataclass(frozen=True, slots=True)
class Policy:
    """The engine's own numbers and words, part of the release: `release.yaml` says why each is what it is."""

    cluster_correlation: float
    cluster_correlations: Mapping[str, float]
    prior_temper: Mapping[str, float]
    calibration_slope: float
    probability_bounds: tuple[float, float]
    draws: int
    prior_log_standard_deviation: float
    interval_level: float
    bands: Sequence[tuple[str, float]]
    cause_thresholds: Mapping[str, float]
    leading_cause_minimum: float
    interval_width_maximum: float
    listed_minimum: float
    ladder_cause_minimum: float
    ladder_starts: tuple[RungStart, ...]
    prevention_limit: int
    question_costs: Mapping[str, float]
    question_limit: int
    interview: InterviewPolicy
    follow_up: FollowUpPolicy
    texts: Mapping[str, Any]
    scope: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything the engine knows: one release."""

    version: str
    digest: str
    policy: Policy
    findings: tuple[Finding, ...]
    conditions: tuple[Condition, ...]
    red_flags: tuple[RedFlag, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    tried_steps: tuple[TriedStep, ...] = ()
    prevention: tuple[PreventionTip, ...] = ()
    safety_net: tuple[SafetyNetItem, ...] = ()
    exercise: ExerciseKnowledge = field(default_factory=ExerciseKnowledge)
    composites: tuple[Composite, ...] = ()
    outcome_measures: tuple[OutcomeMeasure, ...] = ()
    follow_up_timers: tuple[FollowUpTimer, ...] = ()
