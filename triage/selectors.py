"""What to read of assessments. Every selector takes the organisation it reads for; none checks scopes."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from hipcare.api.json import loads
from hipcare.errors import NotFound
from triage.models import Assessment


def assessments(*, organisation_id: UUID) -> QuerySet[Assessment]:
    """The organisation's own assessments, newest first, without the large columns."""
    return (
        Assessment.objects.filter(organisation_id=organisation_id)
        .select_related("release")
        .defer("request", "answer")
        .order_by("-id")
    )


def stored_answer(*, organisation_id: UUID, assessment_id: UUID) -> bytes:
    """The answer as it was given. Raises NotFound for another organisation's as for none at all."""
    answers = Assessment.objects.filter(organisation_id=organisation_id, id=assessment_id)
    answer = answers.values_list("answer", flat=True).first()
    if answer is None:
        raise NotFound("There is no such assessment.")
    return bytes(answer)


def answer_with_programme(*, organisation_id: UUID, assessment_id: UUID) -> dict[str, Any]:
    """The answer as a value. Raises NotFound where it has no programme that was built for the person."""
    answer: dict[str, Any] = loads(stored_answer(organisation_id=organisation_id, assessment_id=assessment_id))
    # Engines before 1.2 copied the catalogue's programme, which lacks what a page and a calendar need.
    if "starting_point" not in (answer["programme"] or {}):
        raise NotFound("This assessment has no exercise programme; its ladder may say why.")
    return answer


def by_idempotency_key(*, client_id: UUID, key: str) -> Assessment | None:
    """What was stored under this key before, if anything."""
    return Assessment.objects.filter(client_id=client_id, idempotency_key=key).only("answer", "request_digest").first()
