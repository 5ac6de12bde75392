"""Keep what an assessed case turned out to be: numbered, the last one stands, the earlier ones stay in its history."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from typing_extensions import TypedDict
from uuid_utils.compat import uuid7

from conditions import selectors as conditions
from hipcare.api.json import UuidText, dumps
from partners.actions import audit
from partners.principal import Principal
from triage import selectors
from triage.actions.once import Answered, Once, SentBody
from triage.engine.knowledge import Level
from triage.models import Assessment, KnownOutcome
from triage.outcome_requests import ConfirmedBy, OutcomeRequest, read_outcome


class ReportedOutcome(TypedDict):
    """One report of an outcome."""

    number: int
    created_at: datetime
    condition: str | None
    other: bool
    confirmed_by: ConfirmedBy
    confirmed_on: date
    urgency_was_right: Level | None


class KnownOutcomeAnswer(ReportedOutcome):
    """The report that stands, and those it replaces, the first one first."""

    id: UuidText
    assessment: UuidText
    earlier: list[ReportedOutcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(SentBody):
    """What a partner sent, and for which assessment."""

    assessment_id: UUID
    parsed: Any
    """The body, read as JSON."""


def report(*, by: Principal, sent: Sent) -> Answered:
    """Keep an outcome. A repeated idempotency key gets the first answer. Does not check scopes.

    A condition is one of the current release or of the assessment's own. Raises NotFound for another organisation's
    assessment, InvalidInput for a body that says nothing or something unknown. Reports of one assessment come one after
    another.
    """
    once = Once(by, sent, "outcome.report", selectors.reported_outcome, target=str(sent.assessment_id))
    key = uuid7()
    return once.first_answer() or once.keep(key, lambda: _add(by, sent, _locked(by, sent), key))


def _locked(by: Principal, sent: Sent) -> Assessment:
    return selectors.assessment(organisation_id=by.organisation_id, assessment_id=sent.assessment_id, lock=True)


def _add(by: Principal, sent: Sent, assessment: Assessment, key: UUID) -> Answered:
    request = read_outcome(sent.parsed, conditions.condition_keys(conditions.current_release(), assessment.release))
    earlier = list(selectors.outcomes(assessment_id=assessment.id))
    row = _row(by, sent, request, key, number=len(earlier) + 1)
    answer = dumps(outcome_answer(row, earlier))
    row.answer = answer
    row.save(force_insert=True)
    audit.record(principal=by, action="outcome.reported", resource_type="assessment", resource_id=str(assessment.id))
    return Answered(row.id, answer, stored=True)


def _row(by: Principal, sent: Sent, request: OutcomeRequest, key: UUID, *, number: int) -> KnownOutcome:
    return KnownOutcome(
        id=key,
        organisation_id=by.organisation_id,
        client_id=by.client_id,
        assessment_id=sent.assessment_id,
        number=number,
        created_at=datetime.now(UTC),
        condition=request.condition or "",
        other=request.other,
        confirmed_by=request.confirmed_by,
        confirmed_on=request.confirmed_on,
        urgency_was_right=request.urgency_was_right or "",
    )


def outcome_answer(row: KnownOutcome, earlier: list[KnownOutcome]) -> dict[str, Any]:
    """The answer to a report, in the shape of `KnownOutcomeAnswer`."""
    return {
        "id": str(row.id),
        "assessment": str(row.assessment_id),
        **_reported(row),
        "earlier": [_reported(each) for each in earlier],
    }


def _reported(row: KnownOutcome) -> dict[str, Any]:
    return {
        "number": row.number,
        "created_at": row.created_at,
        "condition": row.condition or None,
        "other": row.other,
        "confirmed_by": row.confirmed_by,
        "confirmed_on": row.confirmed_on,
        "urgency_was_right": row.urgency_was_right or None,
    }
