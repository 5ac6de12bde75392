"""Changes of the state of an assessment in the worklist: one row a change, numbered; the last one stands.

Every change is in the audit trail and is told to the partner's webhooks, in the transaction in which it is made.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from typing_extensions import TypedDict
from uuid_utils.compat import uuid7

from hipcare.api.json import dumps
from hipcare.errors import Conflict
from partners.actions import audit
from partners.principal import Principal
from triage import selectors, worklist
from triage.actions import notices
from triage.actions.once import Answered, Once, SentBody
from triage.engine.knowledge import Level
from triage.models import Assessment, Review
from triage.review_requests import ReviewRequest

BY_ANSWER = "answer"


class ReviewChange(TypedDict):
    """One change."""

    number: int
    created_at: str
    state: str
    resolution: str | None
    urgency: str
    follow_up: str | None
    by: str


class ReviewAnswer(TypedDict):
    """Where an assessment stands in the worklist, and every change so far, the first one first."""

    assessment: str
    number: int
    state: str | None
    resolution: str | None
    urgency: str | None
    history: list[ReviewChange]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(SentBody):
    """What a partner sent, and for which assessment."""

    assessment_id: UUID
    request: ReviewRequest


def enter(*, by: Principal, assessment_id: UUID, urgency: Level, red_flags: Collection[str], at: datetime) -> str:
    """Put a new assessment into the worklist if somebody must look at it; its state there, or nothing."""
    if not worklist.enters(urgency, red_flags):
        return ""
    review = Review(
        organisation_id=by.organisation_id,
        assessment_id=assessment_id,
        number=1,
        state=Review.State.OPEN,
        urgency=urgency,
        by=BY_ANSWER,
        created_at=at,
    )
    return _add(review, by)


def reopen(*, by: Principal, assessment: Assessment, follow_up_id: UUID, answer: dict[str, Any]) -> str:
    """Bring an assessment (back) to the top if its follow-up asks for it; its state then, or nothing.

    The assessment is locked by the caller.
    """
    standing = selectors.standing_review(assessment_id=assessment.id)
    state = standing.state if standing else None
    urgency: Level = answer["urgency"]["level"]
    before: Any = standing.urgency if standing else assessment.urgency
    if not worklist.reopens(answer["next_step"]["kind"], urgency, state, before):
        return state or ""
    review = _next(assessment, standing, state=Review.State.OPEN, by=BY_ANSWER)
    review.urgency = urgency if worklist.more_urgent(urgency, before) else before
    review.follow_up_id = follow_up_id
    return _add(review, by)


def change(*, by: Principal, sent: Sent) -> Answered:
    """Set the state for a partner. A repeated idempotency key gets the first answer. Does not check scopes.

    Raises NotFound for another organisation's assessment, Conflict where the state does not allow it.
    """
    once = Once(by, sent, "review.change", selectors.reviewed, target=str(sent.assessment_id))
    key = uuid7()
    return once.first_answer() or once.keep(key, lambda: _change(by, sent, key))


@transaction.atomic
def change_by_staff(*, by: str, assessment: Assessment, request: ReviewRequest) -> Review:
    """Set the state for a member of staff. Does not check permissions. Raises Conflict as `change` does."""
    locked = selectors.assessment(organisation_id=assessment.organisation_id, assessment_id=assessment.id, lock=True)
    review = _requested(locked, request, by)
    _add(review, by)
    return review


def review_answer(assessment_id: UUID, rows: Sequence[Review]) -> ReviewAnswer:
    """The answer about an assessment with these changes, the first one first."""
    last = rows[-1] if rows else None
    return {
        "assessment": str(assessment_id),
        "number": last.number if last else 0,
        "state": last.state if last else None,
        "resolution": last.resolution or None if last else None,
        "urgency": last.urgency if last else None,
        "history": [_told(row) for row in rows],
    }


def _told(row: Review) -> ReviewChange:
    return {
        "number": row.number,
        "created_at": row.created_at,  # type: ignore[typeddict-item]  # a time until it is written as JSON
        "state": row.state,
        "resolution": row.resolution or None,
        "urgency": row.urgency,
        "follow_up": str(row.follow_up_id) if row.follow_up_id else None,
        "by": row.by,
    }


def _change(by: Principal, sent: Sent, key: UUID) -> Answered:
    assessment = selectors.assessment(organisation_id=by.organisation_id, assessment_id=sent.assessment_id, lock=True)
    review = _requested(assessment, sent.request, f"client:{by.client_id}")
    review.id = key
    earlier = list(selectors.reviews(assessment_id=assessment.id))
    review.answer = dumps(review_answer(assessment.id, [*earlier, review]))
    _add(review, by)
    return Answered(key, review.answer, stored=True)


def _requested(assessment: Assessment, request: ReviewRequest, by: str) -> Review:
    """The row that was asked for. Raises Conflict where the state does not allow it."""
    standing = selectors.standing_review(assessment_id=assessment.id)
    number, state = (standing.number, standing.state) if standing else (0, None)
    if request.seen is not None and request.seen != number:
        raise Conflict("Somebody else has changed the state in the meantime.")
    if request.state not in worklist.MAY_FOLLOW[state]:
        raise Conflict(f"The state is {state}; after it may come {', '.join(worklist.MAY_FOLLOW[state])}.")
    review = _next(assessment, standing, state=request.state, by=by)
    review.resolution = request.resolution or ""
    return review


def _next(assessment: Assessment, standing: Review | None, *, state: str, by: str) -> Review:
    return Review(
        id=uuid7(),
        organisation_id=assessment.organisation_id,
        assessment_id=assessment.id,
        number=standing.number + 1 if standing else 1,
        state=state,
        urgency=standing.urgency if standing else assessment.urgency,
        by=by,
        created_at=datetime.now(UTC),
    )


def _add(review: Review, by: Principal | str) -> str:
    """Keep the change, in the audit trail too, and tell the partner's webhooks; the state."""
    if review.number > 1:
        Review.objects.filter(assessment_id=review.assessment_id, stands=True).update(stands=False)
    review.save(force_insert=True)
    audit.record_by(
        by=by,
        organisation_id=review.organisation_id,
        action=f"worklist.{review.state}",
        resource_type="assessment",
        resource_id=str(review.assessment_id),
    )
    notices.worklist_changed(review)
    return review.state
