"""What to read of assessments. Every selector takes the organisation it reads for; none checks scopes."""

from uuid import UUID

from django.db.models import QuerySet

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


def by_idempotency_key(*, client_id: UUID, key: str) -> Assessment | None:
    """What was stored under this key before, if anything."""
    return Assessment.objects.filter(client_id=client_id, idempotency_key=key).only("answer", "request_digest").first()
