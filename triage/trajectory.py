"""How a person has fared since the assessment: every score by day, and the verdict of every contact."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from typing_extensions import TypedDict

from hipcare.api.json import UuidText
from triage.engine.follow_up_knowledge import BestEnd, Verdict
from triage.engine.knowledge import Level
from triage.engine.next_rung import StepKind
from triage.knowledge import ReleaseKnowledge
from triage.languages import SOURCE, Locale, in_language
from triage.models import Assessment, FollowUp
from triage.stories import stored_case, told_scores


class TrajectoryContact(TypedDict):
    """One contact; number 0 is the assessment, which has no verdict and no next step."""

    number: int
    day: int
    created_at: datetime
    urgency: Level
    overall: Verdict | None
    next_step: StepKind | None


class TrajectoryPoint(TypedDict):
    """A score at a contact."""

    number: int
    day: int
    score: float


class TrajectorySeries(TypedDict):
    """One outcome measure over time, with what is needed to draw and to read it."""

    id: str
    name: str
    minimum: float
    maximum: float
    best: BestEnd
    minimal_important_change: float | None
    target: float | None
    points: list[TrajectoryPoint]


class Trajectory(TypedDict):
    """Everything since the assessment, the oldest first."""

    assessment: UuidText
    locale: Locale
    contacts: list[TrajectoryContact]
    series: list[TrajectorySeries]


def trajectory(
    assessment: Assessment, rows: Iterable[FollowUp], knowledge: ReleaseKnowledge, locale: Locale = SOURCE
) -> Trajectory:
    """The course of one assessment, in this language. `rows` are its follow-ups, the first one first."""
    rows = list(rows)
    case, _ = stored_case(assessment, knowledge)
    scores = [(0, 0, dict(case.measurements)), *((row.number, row.days_since_start, told_scores(row)) for row in rows)]
    series: list[TrajectorySeries] = [
        {
            "id": measure.key,
            "name": measure.name,
            "minimum": measure.minimum,
            "maximum": measure.maximum,
            "best": measure.best,
            "minimal_important_change": measure.important_change,
            "target": measure.target,
            "points": [
                {"number": number, "day": day, "score": told[measure.key]}
                for number, day, told in scores
                if measure.key in told
            ],
        }
        for measure in in_language(knowledge, locale).compiled.knowledge.outcome_measures
    ]
    return {
        "assessment": str(assessment.id),
        "locale": locale,
        "contacts": [_assessed(assessment), *(_contact(row) for row in rows)],
        "series": [each for each in series if each["points"]],
    }


def _assessed(assessment: Assessment) -> TrajectoryContact:
    return {
        "number": 0,
        "day": 0,
        "created_at": assessment.created_at,
        "urgency": cast(Level, assessment.urgency),
        "overall": None,
        "next_step": None,
    }


def _contact(row: FollowUp) -> TrajectoryContact:
    return {
        "number": row.number,
        "day": row.days_since_start,
        "created_at": row.created_at,
        "urgency": cast(Level, row.urgency),
        "overall": cast(Verdict, row.overall),
        "next_step": cast(StepKind, row.next_step),
    }
