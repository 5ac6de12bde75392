"""What partners' webhooks are told: ids and links, nothing of the person. Written with what it tells of."""

from typing import Any
from uuid import UUID

from django.urls import reverse

from partners.actions import webhook_events
from triage.models import Review

_EMERGENCIES = ("emergency", "same_day")


def answered(
    *, organisation_id: UUID, assessment_id: UUID, urgency: str, state: str, follow_up_id: UUID | None = None
) -> None:
    """Tell that an assessment or a follow-up was stored, if its urgency is one that is told."""
    if urgency in _EMERGENCIES:
        webhook_events.emit(
            organisation_id=organisation_id,
            event_type="assessment.emergency",
            about=assessment_id,
            data=_data(assessment_id, follow_up_id, state),
            same_day=urgency == "same_day",
        )


def worklist_changed(review: Review) -> None:
    """Tell that the state of an assessment in the worklist has changed."""
    webhook_events.emit(
        organisation_id=review.organisation_id,
        event_type="worklist.changed",
        about=review.assessment_id,
        data=_data(review.assessment_id, review.follow_up_id, review.state),
    )


def _data(assessment_id: UUID, follow_up_id: UUID | None, state: str) -> dict[str, Any]:
    links = {
        "assessment": reverse("assessment-detail", args=[assessment_id]),
        "review": reverse("review", args=[assessment_id]),
    }
    if follow_up_id is not None:
        links["follow_up"] = reverse("follow-up-detail", args=[assessment_id, follow_up_id])
    return {
        "assessment": str(assessment_id),
        "follow_up": None if follow_up_id is None else str(follow_up_id),
        "worklist_state": state or None,
        "links": links,
    }
