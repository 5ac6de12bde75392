"""How often stored answers turned out right: the evaluation's figures over what partners reported.

An answer is scored as it was stored. Its truth has a rank where the answer lists it; a truth that it does not list
counts as not among the first. Only reports that name the condition, or say that it is none of the catalogue, count for
ranking and calibration; only those that name the urgency count for triage.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import orjson

from triage.engine.knowledge import Level
from triage.evaluation import calibration, scoring
from triage.evaluation.calibration import Predictions
from triage.evaluation.rates import Rate
from triage.evaluation.run import Answer, RankedCause, Result
from triage.evaluation.scoring import Results
from triage.evaluation.tables import counted, decimal, percent
from triage.evaluation.vignettes import Gold, Source, Vignette
from triage.models import KnownOutcome
from triage.requests import RequestOptions

SMALLEST_COUNT = 5
"""Figures of fewer cases could tell of one person, and say next to nothing."""

SUPPRESSED = f"fewer than {SMALLEST_COUNT}"
EVERYBODY = "All organisations"
UNKNOWN_URGENCY: Level = "routine"
"""Stands in a gold standard that is never scored for urgency."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A stored answer with what it turned out to be, and which of the two parts of the truth are known."""

    organisation: str
    result: Result
    cause_known: bool
    urgency_known: bool
    causes_asked: int
    """How many causes the answer could list."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its interval, or that it is of too few cases."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Bin:
    """First causes with a probability in one tenth: what was promised and what came true."""

    promised: str
    came_true: str


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The figures of one organisation, or of all."""

    who: str
    figures: Sequence[Figure]
    reliability: Sequence[Bin]


def accuracy_report(outcomes: Iterable[KnownOutcome]) -> list[Accuracy]:
    """The figures over all and then of each organisation, by name."""
    rows = [reported(outcome) for outcome in outcomes]
    names = sorted({row.organisation for row in rows})
    groups = [(name, [row for row in rows if row.organisation == name]) for name in names]
    return [_accuracy(who, group) for who, group in [(EVERYBODY, rows), *groups]]


def reported(outcome: KnownOutcome) -> Reported:
    """A report with the answer it is about."""
    assessment = outcome.assessment
    answer = orjson.loads(assessment.answer)
    options = orjson.loads(assessment.request).get("options", {})
    return Reported(
        organisation=outcome.organisation.name,
        result=Result(_truth(outcome), _answer(answer)),
        cause_known=bool(outcome.condition) or outcome.other,
        urgency_known=bool(outcome.urgency_was_right),
        causes_asked=options.get("max_causes", RequestOptions().max_causes),
    )


def _truth(outcome: KnownOutcome) -> Vignette:
    """The report as the evaluation knows a right answer."""
    gold = Gold(
        primary=outcome.condition or None,
        conditions=(outcome.condition,) if outcome.condition else (),
        diagnosis=outcome.condition or "other",
        urgency=cast(Level, outcome.urgency_was_right or UNKNOWN_URGENCY),
        urgency_basis=outcome.confirmed_by,
    )
    return Vignette(
        id=str(outcome.assessment_id),
        source=Source(type="outcome", dataset="outcomes"),
        case={},
        gold=gold,
        synopsis="outcome",
        clean=True,
        population="outcomes",
    )


def _answer(answer: dict[str, Any]) -> Answer:
    return Answer(
        status=answer["status"],
        urgency=answer["urgency"]["level"],
        decided_by=tuple((decider["kind"], decider["id"]) for decider in answer["urgency"]["decided_by"]),
        causes=tuple(
            RankedCause(cause["condition"], cause["name"], cause["probability"]) for cause in answer["causes"]
        ),
    )


def _accuracy(who: str, rows: Sequence[Reported]) -> Accuracy:
    with_cause = [row for row in rows if row.cause_known]
    results = [row.result for row in with_cause]
    three = [row.result for row in with_cause if row.causes_asked >= scoring.TOPS[1]]
    with_urgency = [row.result for row in rows if row.urgency_known]
    return Accuracy(
        who,
        [
            Figure("Outcomes known", str(len(rows)) if len(rows) >= SMALLEST_COUNT else SUPPRESSED),
            Figure("Truth first", _rate(scoring.accuracy(results)[0])),
            Figure("Truth among the first three", _rate(scoring.accuracy(three)[1])),
            *_urgency_figures(with_urgency),
            *_calibration_figures(results),
        ],
        _reliability(results),
    )


def _urgency_figures(results: Results) -> list[Figure]:
    emergencies = scoring.emergencies(results)
    triage = scoring.triage(results)
    return [
        Figure(
            "Emergencies missed: below emergency",
            _rate(Rate(len(scoring.below("emergency", emergencies)), len(emergencies))),
        ),
        Figure(
            "Emergencies missed: below same_day",
            _rate(Rate(len(scoring.below("same_day", emergencies)), len(emergencies))),
        ),
        Figure("Urgency right", _rate(triage.agree)),
        Figure("Urgency too low", _rate(triage.under)),
        Figure("Urgency too high", _rate(triage.over)),
    ]


def _calibration_figures(results: Results) -> list[Figure]:
    wanted = (("first", calibration.first_causes(results)), ("listed", calibration.listed_causes(results)))
    return [Figure(f"Expected calibration error of {name} causes", _error(of, len(results))) for name, of in wanted]


def _error(predictions: Predictions, cases: int) -> str:
    if min(cases, predictions.probability.size) < SMALLEST_COUNT:
        return SUPPRESSED
    error = calibration.expected_calibration_error(predictions)
    by_chance = calibration.error_if_calibrated(predictions)
    return f"{decimal(error)} ({decimal(by_chance)} by chance alone if calibrated)"


def _reliability(results: Results) -> list[Bin]:
    return [
        Bin(f"{percent(found.low)} to {percent(found.high)}: {percent(found.mean)} on average", _rate(found.true))
        for found in calibration.reliability(calibration.first_causes(results))
    ]


def _rate(rate: Rate) -> str:
    return counted(rate) if rate.of >= SMALLEST_COUNT else SUPPRESSED


def as_text(report: Sequence[Accuracy], today: date) -> str:
    """The report for a terminal."""
    lines = [f"Accuracy by reported outcomes, {today.isoformat()}. In brackets: 95 % intervals."]
    for group in report:
        width = max(len(figure.name) for figure in group.figures)
        lines += ["", group.who, *(f"  {figure.name.ljust(width)}  {figure.value}" for figure in group.figures)]
        lines += [f"  First causes given {found.promised}: true {found.came_true}" for found in group.reliability]
    return "\n".join(lines) + "\n"
