"""The shape of the knowledge files: one frozen model for each kind of entry, and `Content` for a whole directory.

The order of the fields is the order in which they are written. A field without a default is always written, one with a
default only when it differs. Every statement rests on `citations` or is marked `estimate` with its ground.
"""

from collections.abc import Callable
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from . import rules
from .models import choices

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"^\S(.*\S)?$")]
Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[Number, Field(gt=0)]
NotNegative = Annotated[Number, Field(ge=0)]
Probability = Annotated[Number, Field(gt=0, lt=1)]
Age = Annotated[Number, Field(ge=0, le=120)]
Curve = Annotated[dict[Age, NotNegative], Field(min_length=1)]


def _in_the_rule_language(document: Any, canonical: Callable[[Any], Any] = rules.canonical) -> Any:
    try:
        return canonical(document)
    except rules.RuleError as error:
        raise PydanticCustomError("rule", "{message}", {"message": str(error), "path": error.path}) from error


def _as_a_rule_or_none(document: Any) -> Any:
    return None if document is None else _in_the_rule_language(document)


def _as_a_part_or_none(document: Any) -> Any:
    return None if document is None else _in_the_rule_language(document, rules.canonical_part)


Rule = Annotated[Any, AfterValidator(_in_the_rule_language)]
OptionalRule = Annotated[Any, AfterValidator(_as_a_rule_or_none)]
OptionalPartRule = Annotated[Any, AfterValidator(_as_a_part_or_none)]


class Entry(BaseModel):
    """What every entry has in common: it is frozen and has no fields but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(Entry):
    """A statement that rests on citations, on a ground stated in words, or on both. Its sources are written last."""

    citations: tuple[Id, ...] = ()
    estimate: Text | None = None

    @model_serializer(mode="wrap")
    def _sources_last(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields = dump(self)
        sources = {name: fields.pop(name) for name in ("published", "citations", "estimate") if name in fields}
        return fields | sources


class Urgency(Entry):
    """How soon: `mode` only with an emergency, `within_hours` where the level leaves the time open."""

    level: choices.UrgencyLevel
    mode: choices.UrgencyMode | None = None
    within_hours: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _mode_belongs_to_an_emergency(self) -> Self:
        if (self.mode is not None) != (self.level == choices.UrgencyLevel.EMERGENCY):
            raise ValueError("an emergency, and nothing else, has a mode")
        return self


class Release(Entry):
    version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.\-]*$", max_length=40)]
    title: Text
    policy: dict[str, Any]


class Citation(Entry):
    id: Id
    title: Text | None
    year: Annotated[int, Field(ge=1800, le=2200)] | None
    doi: Text | None
    pmid: Text | None
    number: Text | None
    seen: choices.Seen


class Measurement(Entry):
    id: Id
    name: Text
    unit: Text
    question: Text
    minimum: Number
    maximum: Number
    who: Text


class Threshold(Entry):
    """Derives a finding from a measurement; with `present_only` a value out of bounds does not make it absent.

    Written on one line: `temperature_c at_least 37.5 below 38.5 present_only`.
    """

    measurement: Id
    at_least: Number | None = None
    above: Number | None = None
    at_most: Number | None = None
    below: Number | None = None
    present_only: bool = False

    @model_validator(mode="before")
    @classmethod
    def _from_one_line(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        measurement, *words = value.split()
        present_only = words[-1:] == ["present_only"]
        bounds = words[:-1] if present_only else words
        if not bounds or len(bounds) % 2:
            raise ValueError("a threshold reads like: temperature_c at_least 37.5 below 38.5 present_only")
        return {
            "measurement": measurement,
            **dict(zip(bounds[::2], bounds[1::2], strict=True)),
            "present_only": present_only,
        }

    def __str__(self) -> str:
        bounds = {name: getattr(self, name) for name in ("at_least", "above", "at_most", "below")}
        words = [f"{name} {bound:.10g}" for name, bound in bounds.items() if bound is not None]
        return " ".join([self.measurement, *words, *(["present_only"] if self.present_only else [])])


class Finding(Entry):
    id: Id
    kind: choices.FindingKind
    name: Text
    question: Text
    help: Text | None
    who: Text
    patient_can_answer: choices.PatientCanAnswer
    derived_from_demographics: bool
    base_adult: Probability
    base_child: Probability
    cluster: Id | None
    exclusive_group: Id | None
    implies: tuple[Id, ...]
    contradicts: tuple[Id, ...]
    cost: choices.Cost
    red_flag: bool
    screen_rank: Annotated[int, Field(ge=1)] | None
    screen_child: bool
    threshold: Threshold | None
    sensitive: bool


class RedFlag(Sourced):
    id: Id
    kind: choices.RedFlagKind
    title: Text
    rule: Rule
    urgency: Urgency
    suspected: tuple[Id, ...]
    action: Text
    immediate: tuple[Id, ...]
    hazard: Text | None
    source_rules: tuple[Text, ...]


class SafetyNetItem(Sourced):
    id: Id
    watch_for: Text
    then: Text
    within_hours: Annotated[int, Field(ge=0)]
    urgency: choices.UrgencyLevel
    when: OptionalRule


class TreatmentRule(Sourced):
    """When a treatment must not be used, or only with care, and the reason to show."""

    rule: Rule
    because: Text


class Position(Entry):
    """What one source says about a treatment on which sources disagree."""

    source: Text
    position: Text
    strength: choices.Strength
    citations: Annotated[tuple[Id, ...], Field(min_length=1)]


class Treatment(Sourced):
    id: Id
    kind: choices.TreatmentKind
    rung: Annotated[int, Field(ge=0, le=7)]
    name: Text
    how: Text
    strength: choices.Strength
    evidence_grade: Text
    contraindicated_if: tuple[TreatmentRule, ...]
    caution_if: tuple[TreatmentRule, ...]
    exercises: tuple[Id, ...]
    only_for: OptionalRule = None
    positions: tuple[Position, ...] = ()


class PreventionTip(Sourced):
    id: Id
    name: Text
    text: Text
    when: OptionalRule
    because: Text
    treatment: Id | None
    priority: Annotated[int, Field(ge=1, le=99)]
    only_if_open: bool = False
    verdict: choices.PreventionVerdict
    evidence_grade: Text


class TriedStep(Sourced):
    id: Id
    finding: Id
    rung: Annotated[int, Field(ge=1, le=7)]
    for_treatments: tuple[Id, ...] = ()
    because: Text


class CompositePart(Entry):
    """What earns points; without a `rule` it is nothing that can be asked here, and stays open for ever.

    With `present_only` a rule that is false leaves the part open. A part that is `in_prior` counts as met for the
    likelihood ratio, whatever the person's age: the prior knows it already.
    """

    id: Id
    name: Text
    points: int
    rule: OptionalPartRule
    present_only: bool = False
    in_prior: bool = False
    note: Text | None = None


class CompositeBand(Entry):
    """The likelihood ratio `lr` of the scores from `at_least` up to the next band."""

    at_least: int
    lr: Positive
    label: Text


class CompositeUse(Entry):
    """Which parts must be known, by their ids, and how many at least, before the score weighs anything."""

    parts: tuple[Id, ...] = ()
    at_least: Annotated[int, Field(ge=0)] = 0


class VocabularyFinding(Entry):
    """A finding that says by itself whether the score is `at_least` this."""

    finding: Id
    at_least: int


class Performance(Sourced):
    """What was published of a score, in words."""

    cutoff: Text
    figures: Text


class Composite(Sourced):
    id: Id
    name: Text
    version: Text
    population: Text
    gate: OptionalRule
    unless: OptionalRule
    parts: Annotated[tuple[CompositePart, ...], Field(min_length=1)]
    bands: Annotated[tuple[CompositeBand, ...], Field(min_length=1)]
    mode: choices.CompositeMode
    for_conditions: Annotated[tuple[Id, ...], Field(min_length=1)]
    reference: Id
    replaces: tuple[Id, ...]
    use_when: CompositeUse
    instead_of: tuple[Id, ...]
    vocabulary_finding: VocabularyFinding | None
    audience: choices.CompositeAudience
    show: Annotated[Text, StringConstraints(pattern=r"^[^{}]*(\{score\}[^{}]*)?$")]
    red_flag: Id | None
    performance: tuple[Performance, ...]


class OutcomeItem(Entry):
    """One answer of a questionnaire under a short label of our own; `whole` where only whole numbers are answers."""

    id: Id
    name: Text
    minimum: Number
    maximum: Number
    whole: bool = False


class OutcomeScale(Entry):
    """Items that are scored together once `least_answered` of them are known."""

    id: Id
    name: Text
    items: Annotated[tuple[OutcomeItem, ...], Field(min_length=1)]
    least_answered: Annotated[int, Field(ge=1)]


class ImportantChange(Sourced):
    """The smallest change, in points of the score, that matters to people."""

    points: Positive


class OutcomeTarget(Sourced):
    """The score from which on, towards the best end, people are content with their state."""

    score: Number


class OutcomeMeasure(Sourced):
    id: Id
    name: Text
    minimum: Number
    maximum: Number
    best: choices.BestEnd
    items_best: choices.BestEnd
    method: choices.OutcomeMethod
    scales: Annotated[tuple[OutcomeScale, ...], Field(min_length=1)]
    table: tuple[Number, ...] = ()
    scoring: Text
    missing: Text
    minimal_important_change: ImportantChange | None
    target: OutcomeTarget | None


class FollowUpTimer(Sourced):
    id: Id
    name: Text
    when: OptionalRule
    for_conditions: tuple[Id, ...]
    or_unclear: bool = False
    for_treatments: tuple[Id, ...] = ()
    new_findings: tuple[Id, ...] = ()
    at_day: Annotated[int, Field(ge=0)]
    trigger: choices.TimerTrigger
    needs_adherence: bool = False
    step: choices.TimerStep
    action: Text


class Population(Entry):
    """Who can have the condition at all; ages in years."""

    from_age: Age
    to_age: Age
    sex: choices.PopulationSex


class Code(Entry):
    system: choices.CodeSystem
    code: Text
    display: Text
    side: choices.CodeSide


class Workup(Sourced):
    test: Text
    why: Text


class WarningSign(Sourced):
    """What a person with this condition should watch for."""

    watch_for: Text
    then: Text
    within_hours: Annotated[int, Field(ge=0)]


class FollowUp(Sourced):
    in_days: Annotated[int, Field(ge=1)]
    measures: tuple[Id, ...]
    escalate_if: Text


class LadderStep(Sourced):
    treatment: Id
    rung: Annotated[int, Field(ge=1, le=7)]
    how: Text
    try_for_weeks: Positive | None
    move_on_if: Text | None
    strength: choices.Strength
    evidence_grade: Text
    positions: tuple[Position, ...] = ()


class WeightCurve(Entry):
    """A share of the condition's cases that changes with age (years) and differs by sex."""

    curve: Curve
    female_to_male: Positive = 1.0


class Presentation(Entry):
    id: Id
    name: Text
    weight: Positive | WeightCurve


class Numbers(Sourced):
    """Figures that are either published, with the figure in words, or estimated, with their ground."""

    published: Text | None = None

    @model_validator(mode="after")
    def _published_or_estimated(self) -> Self:
        if self.published and self.estimate:
            raise ValueError("a figure is published or an estimate, not both")
        return self


class Prior(Numbers):
    curve: Curve
    female_to_male: Positive = 1.0
    settings: dict[Id, Positive] = {}


class EvidenceRow(Numbers):
    p: Probability
    range: tuple[Probability, Probability]


class Condition(Entry):
    id: Id
    name: Text
    plain_name: Text
    description: Text
    plain_description: Text
    region: choices.Region
    family: choices.Family
    from_the_article: bool
    population: Population
    acuteness: choices.Acuteness
    severity: choices.Severity
    must_not_miss: bool
    threshold: Probability | None
    threshold_ground: Text | None
    least_urgency: Urgency
    codes: tuple[Code, ...]
    citations: tuple[Id, ...]
    workup: tuple[Workup, ...]
    safety_net: tuple[WarningSign, ...]
    follow_up: FollowUp | None
    programme: Id | None
    ladder_start: choices.LadderStart
    ladder_note: Text | None
    immediate: tuple[Id, ...]
    ladder: tuple[LadderStep, ...]
    presentations: Annotated[tuple[Presentation, ...], Field(min_length=1)]
    prior: Prior
    evidence: dict[Id, EvidenceRow]
    presentation_evidence: dict[Id, dict[Id, EvidenceRow]] = {}


class Elsewhere(Entry):
    """A complaint that is not one of the hip.

    `besides` may come with it, and `besides_if_denied` too once some hip complaint was asked and denied: a person with
    hip pain may have named these first. Any other complaint brings the hip back.
    """

    id: Id
    rule: Rule
    besides: tuple[Id, ...]
    besides_if_denied: tuple[Id, ...]
    reason: Text
    action: Text


class Scope(Entry):
    """What the service is for.

    Where every `complaint` is denied it gives the `outside_message` and `outside_action`, where nothing but a complaint
    from `elsewhere` is told that one's own, and where nothing at all is present the `nothing_present`.
    """

    complaint: Rule
    outside_message: Text
    outside_action: Text
    nothing_present: Text
    elsewhere: tuple[Elsewhere, ...] = ()


class Content(Entry):
    """Everything that one release knows, as a content directory holds it."""

    release: Release
    citations: tuple[Citation, ...]
    measurements: tuple[Measurement, ...]
    findings: tuple[Finding, ...]
    red_flags: tuple[RedFlag, ...]
    composites: tuple[Composite, ...]
    outcome_measures: tuple[OutcomeMeasure, ...]
    follow_up_timers: tuple[FollowUpTimer, ...]
    scope: Scope
    safety_net: tuple[SafetyNetItem, ...]
    prevention: tuple[PreventionTip, ...]
    tried_steps: tuple[TriedStep, ...]
    treatments: tuple[Treatment, ...]
    conditions: tuple[Condition, ...]
