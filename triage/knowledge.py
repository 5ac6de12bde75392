"""From the rows of a release to what the engine reads, compiled once per release and process."""

import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from conditions import selectors
from conditions.terminology import URI_OF_CODE_SYSTEM
from triage.engine import CompiledKnowledge, Knowledge, compile_knowledge
from triage.engine.follow_up_knowledge import FollowUpTimer, OutcomeItem, OutcomeMeasure, OutcomeScale
from triage.engine.knowledge import (
    Composite,
    CompositeBand,
    CompositePart,
    Condition,
    Curve,
    Evidence,
    Finding,
    LadderItem,
    LadderStart,
    Position,
    Presentation,
    PreventionTip,
    RedFlag,
    SafetyNetItem,
    Threshold,
    Treatment,
    TriedStep,
    UrgencyFloor,
)
from triage.exercise_knowledge import read_exercises, safety_reasons
from triage.policy import read_policy

CURRENT_FOR_SECONDS = 2.0
"""How long a process may go on answering with a release after a newer one was published elsewhere."""


@dataclass(frozen=True, slots=True)
class MeasurementRange:
    """The plausible values of a measurement, in the catalogue's unit."""

    minimum: float
    maximum: float
    unit: str


@dataclass(frozen=True)
class ReleaseKnowledge:
    """A release ready to answer: the compiled tables and the measurements that it takes."""

    release_id: int
    compiled: CompiledKnowledge
    measurements: Mapping[str, MeasurementRange]
    about: Mapping[str, Any]
    """Intended use, users, population and limits, as the release states them."""


class _Current:
    """The current release, looked up at most once in `CURRENT_FOR_SECONDS`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0
        self._release_id: int | None = None

    def release_id(self) -> int:
        with self._lock:
            if self._release_id is None or time.monotonic() >= self._until:
                self._release_id = selectors.current_release().pk
                self._until = time.monotonic() + CURRENT_FOR_SECONDS
            return self._release_id

    def forget(self) -> None:
        with self._lock:
            self._release_id = None


_current = _Current()


def current_knowledge() -> ReleaseKnowledge:
    """The release that answers now. Raises `hipcare.errors.Unavailable` before the first publication."""
    return release_knowledge(_current.release_id())


def forget_current() -> None:
    """Look the current release up anew next time: called where one is published."""
    _current.forget()


@lru_cache(maxsize=4)
def release_knowledge(release_id: int) -> ReleaseKnowledge:
    """One published release, compiled. A published release never changes, so this is kept."""
    return prepare(selectors.release_by_id(release_id))


def prepare(release: Any) -> ReleaseKnowledge:
    """A release, compiled; a draft as it is now."""
    return ReleaseKnowledge(
        release.pk,
        compile_knowledge(read_knowledge(release)),
        {m.key: MeasurementRange(m.minimum, m.maximum, m.unit) for m in selectors.measurements(release)},
        release.policy["about"],
    )


def read_knowledge(release: Any) -> Knowledge:
    """The rows of a release as the engine's own types."""
    return Knowledge(
        version=release.version,
        digest=release.digest,
        policy=read_policy(release.policy),
        findings=tuple(_finding(row) for row in selectors.findings(release)),
        conditions=_conditions(release),
        red_flags=tuple(_red_flag(row) for row in selectors.red_flags(release)),
        composites=tuple(_composite(row) for row in selectors.composites(release)),
        treatments=tuple(_treatment(row) for row in selectors.treatments(release)),
        tried_steps=tuple(
            TriedStep(row.key, row.finding, row.rung, row.because, tuple(row.for_treatments))
            for row in selectors.tried_steps(release)
        ),
        prevention=tuple(_tip(row) for row in selectors.prevention_tips(release)),
        safety_net=tuple(
            SafetyNetItem(row.watch_for, row.then, row.within_hours, row.when)
            for row in selectors.safety_net_items(release)
        ),
        exercise=read_exercises(release),
        outcome_measures=tuple(_outcome_measure(row) for row in selectors.outcome_measures(release)),
        follow_up_timers=tuple(_timer(row) for row in selectors.follow_up_timers(release)),
    )


def _finding(row: Any) -> Finding:
    return Finding(
        key=row.key,
        kind=row.kind,
        name=row.name,
        question=row.question,
        cluster=row.cluster or row.key,
        base_adult=row.base_adult,
        base_child=row.base_child,
        exclusive_group=row.exclusive_group or None,
        implies=tuple(row.implies),
        contradicts=tuple(row.contradicts),
        cost=row.cost,
        patient_can_answer=row.patient_can_answer != "no",
        derived_from_demographics=row.derived_from_demographics,
        red_flag=row.red_flag,
        threshold=Threshold(**row.threshold) if row.threshold else None,
        help=row.help,
    )


def _conditions(release: Any) -> tuple[Condition, ...]:
    evidence = _evidence(release)
    priors = {prior.condition.key: prior for prior in selectors.priors(release)}
    presentations, ladders = defaultdict(list), defaultdict(list)
    for presentation in selectors.presentations(release):
        presentations[presentation.condition.key].append(presentation)
    for step in selectors.condition_treatments(release):
        ladders[step.condition.key].append(_ladder_item(step))
    return tuple(
        Condition(
            key=row.key,
            name=row.name,
            plain_name=row.plain_name,
            prior=_curve(priors[row.key].curve),
            presentations=tuple(_presentation(p, evidence[row.key]) for p in presentations[row.key]),
            least_urgency=_floor(row, "least_urgency"),
            female_to_male=priors[row.key].female_to_male,
            settings=priors[row.key].settings,
            from_age=row.from_age,
            to_age=row.to_age,
            sex=row.sex,
            must_not_miss=row.must_not_miss,
            threshold=row.threshold,
            codes=tuple({**code, "system": URI_OF_CODE_SYSTEM[code["system"]]} for code in row.codes),
            workup=tuple(row.workup),
            safety_net=tuple(row.safety_net),
            follow_up=row.follow_up,
            programme=row.programme or None,
            ladder_start=cast(LadderStart, row.ladder_start),
            ladder_note=row.ladder_note or None,
            immediate=tuple(row.immediate),
            ladder=tuple(ladders[row.key]),
        )
        for row in selectors.conditions(release)
    )


def _evidence(release: Any) -> Mapping[str, Mapping[str | None, Mapping[str, Evidence]]]:
    """Condition to presentation (None: shared by all) to finding to evidence."""
    columns = (
        "condition__key",
        "presentation__key",
        "finding__key",
        "probability",
        "effective_sample_size",
        "basis",
        "citations",
    )
    table: dict[str, dict[str | None, dict[str, Evidence]]] = defaultdict(lambda: defaultdict(dict))
    for condition, presentation, finding, probability, size, basis, citations in selectors.evidence(
        release
    ).values_list(*columns):
        source = " ".join(citations) if basis == "published" else "estimate"
        table[condition][presentation][finding] = Evidence(probability, size, source)
    return table


def _presentation(row: Any, evidence: Mapping[str | None, Mapping[str, Evidence]]) -> Presentation:
    """A presentation with its own evidence over what the condition's presentations share."""
    weight: dict[str, Any] = row.weight if isinstance(row.weight, dict) else {"curve": {"0": row.weight}}
    return Presentation(
        key=row.key,
        name=row.name,
        evidence={**evidence.get(None, {}), **evidence.get(row.key, {})},
        weight=_curve(weight["curve"]),
        female_to_male=float(weight.get("female_to_male", 1.0)),
    )


def _floor(row: Any, name: str) -> UrgencyFloor:
    """The urgency in the columns `name`, `name`_mode and `name`_within_hours."""
    return UrgencyFloor(getattr(row, name), getattr(row, f"{name}_mode") or None, getattr(row, f"{name}_within_hours"))


def _curve(points: Mapping[str, float]) -> Curve:
    return tuple(sorted((float(age), float(value)) for age, value in points.items()))


def _ladder_item(row: Any) -> LadderItem:
    return LadderItem(
        treatment=row.treatment.key,
        rung=row.rung,
        how=row.how,
        try_for_weeks=row.try_for_weeks,
        move_on_if=row.move_on_if or None,
        strength=row.strength,
        evidence_grade=row.evidence_grade,
        citations=tuple(row.citations),
        positions=_positions(row.positions),
    )


def _positions(rows: list[Mapping[str, Any]]) -> tuple[Position, ...]:
    return tuple(Position(row["source"], row["position"], row["strength"], tuple(row["citations"])) for row in rows)


def _red_flag(row: Any) -> RedFlag:
    return RedFlag(
        key=row.key,
        kind=row.kind,
        title=row.title,
        rule=row.rule,
        urgency=_floor(row, "urgency"),
        action=row.action,
        suspected=tuple(row.suspected),
        immediate=tuple(row.immediate),
        citations=tuple(row.citations),
    )


def _composite(row: Any) -> Composite:
    vocabulary = row.vocabulary_finding or {"finding": None, "at_least": 0}
    return Composite(
        key=row.key,
        name=row.name,
        parts=tuple(
            CompositePart(part["id"], part["points"], part["rule"], part["present_only"], part["in_prior"])
            for part in row.parts
        ),
        bands=tuple(CompositeBand(band["at_least"], band["lr"], band["label"]) for band in row.bands),
        for_conditions=tuple(row.for_conditions),
        reference=row.reference,
        replaces=tuple(row.replaces),
        show=row.show,
        gate=row.gate,
        unless=row.unless,
        weighs=row.mode != "report_only",
        known_parts=tuple(row.use_when["parts"]),
        known_at_least=row.use_when["at_least"],
        instead_of=tuple(row.instead_of),
        vocabulary_finding=vocabulary["finding"],
        vocabulary_score=vocabulary["at_least"],
        for_clinicians_only=row.audience == "clinician",
        citations=tuple(row.citations),
    )


def _outcome_measure(row: Any) -> OutcomeMeasure:
    change, target = row.minimal_important_change or {}, row.target or {}
    sources = [*row.citations, *change.get("citations", ()), *target.get("citations", ())]
    return OutcomeMeasure(
        key=row.key,
        name=row.name,
        minimum=row.minimum,
        maximum=row.maximum,
        best=row.best,
        items_best=row.items_best,
        method=row.method,
        scales=tuple(
            OutcomeScale(
                scale["id"],
                tuple(OutcomeItem(i["id"], i["minimum"], i["maximum"], i["whole"]) for i in scale["items"]),
                scale["least_answered"],
            )
            for scale in row.scales
        ),
        table=tuple(row.table),
        important_change=change.get("points"),
        target=target.get("score"),
        citations=tuple(dict.fromkeys(sources)),
    )


def _timer(row: Any) -> FollowUpTimer:
    return FollowUpTimer(
        key=row.key,
        name=row.name,
        at_day=row.at_day,
        trigger=row.trigger,
        step=row.step,
        action=row.action,
        when=row.when,
        for_conditions=tuple(row.for_conditions),
        or_unclear=row.or_unclear,
        for_treatments=tuple(row.for_treatments),
        new_findings=tuple(row.new_findings),
        needs_adherence=row.needs_adherence,
        citations=tuple(row.citations),
    )


def _treatment(row: Any) -> Treatment:
    return Treatment(
        key=row.key,
        name=row.name,
        kind=row.kind,
        rung=row.rung,
        how=row.how,
        only_for=row.only_for,
        contraindicated_if=safety_reasons(row.contraindicated_if),
        caution_if=safety_reasons(row.caution_if),
        positions=_positions(row.positions),
    )


def _tip(row: Any) -> PreventionTip:
    return PreventionTip(
        key=row.key,
        name=row.name,
        text=row.text,
        because=row.because,
        verdict=row.verdict,
        evidence_grade=row.evidence_grade,
        priority=row.priority,
        when=row.when,
        treatment=row.treatment or None,
        only_if_open=row.only_if_open,
        citations=tuple(row.citations),
    )
