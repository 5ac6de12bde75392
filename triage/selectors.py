"""What to read of assessments. Every selector takes the organisation it reads for; none checks scopes."""

from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Coalesce

from hipcare.api.json import loads
from hipcare.errors import NotFound
from triage.models import Assessment, ErasedKey, FollowUp, KnownOutcome, Publication, Review


def assessments(*, organisation_id: UUID) -> QuerySet[Assessment]:
    """The organisation's own assessments, newest first, without the large columns."""
    return (
        with_worklist_state(Assessment.objects.filter(organisation_id=organisation_id))
        .select_related("release")
        .defer("request", "answer")
        .order_by("-id")
    )


def with_worklist_state(assessments: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """The assessments with `worklist_state` (None if never there) and `urgency_now`, which a follow-up may raise."""
    return assessments.alias(standing=FilteredRelation("reviews", condition=Q(reviews__stands=True))).annotate(
        worklist_state=F("standing__state"), urgency_now=Coalesce("standing__urgency", "urgency")
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


def assessment(*, organisation_id: UUID, assessment_id: UUID, lock: bool = False) -> Assessment:
    """The whole assessment. Raises NotFound for another organisation's as for none at all.

    With `lock`, inside a transaction, nobody else adds a follow-up to it until the end.
    """
    rows = Assessment.objects.filter(organisation_id=organisation_id, id=assessment_id)
    row = (rows.select_for_update(no_key=True) if lock else rows).first()
    if row is None:
        raise NotFound("There is no such assessment.")
    return row


def follow_ups(*, assessment_id: UUID) -> QuerySet[FollowUp]:
    """The follow-ups of an assessment, the first one first. Whose it is must be known already."""
    return FollowUp.objects.filter(assessment_id=assessment_id).select_related("release").order_by("number")


def listed_follow_ups(*, organisation_id: UUID, assessment_id: UUID) -> QuerySet[FollowUp]:
    """The same for a list, without the large columns. Raises NotFound for another organisation's assessment."""
    if not Assessment.objects.filter(organisation_id=organisation_id, id=assessment_id).exists():
        raise NotFound("There is no such assessment.")
    return follow_ups(assessment_id=assessment_id).defer("request", "answer")


def stored_follow_up(*, organisation_id: UUID, assessment_id: UUID, follow_up_id: UUID) -> bytes:
    """The answer as it was given. Raises NotFound unless it is of that assessment of the organisation's."""
    rows = FollowUp.objects.filter(organisation_id=organisation_id, assessment_id=assessment_id, id=follow_up_id)
    answer = rows.values_list("answer", flat=True).first()
    if answer is None:
        raise NotFound("There is no such follow-up.")
    return bytes(answer)


def follow_up_by_idempotency_key(*, client_id: UUID, key: str) -> FollowUp | None:
    """What was stored under this key before, if anything."""
    rows = FollowUp.objects.filter(client_id=client_id, idempotency_key=key)
    return rows.only("assessment_id", "answer", "request_digest").first()


def outcomes(*, assessment_id: UUID) -> QuerySet[KnownOutcome]:
    """The reports of what an assessment turned out to be, the first one first. Whose it is must be known already."""
    return KnownOutcome.objects.filter(assessment_id=assessment_id).defer("answer").order_by("number")


def stored_outcome(*, organisation_id: UUID, assessment_id: UUID) -> bytes:
    """The report that stands. Raises NotFound for another organisation's assessment, and where there is none."""
    if not Assessment.objects.filter(organisation_id=organisation_id, id=assessment_id).exists():
        raise NotFound("There is no such assessment.")
    reports = KnownOutcome.objects.filter(assessment_id=assessment_id).order_by("-number")
    answer = reports.values_list("answer", flat=True).first()
    if answer is None:
        raise NotFound("Nothing is known yet of what this assessment turned out to be.")
    return bytes(answer)


def outcome_by_idempotency_key(*, client_id: UUID, key: str) -> KnownOutcome | None:
    """What was stored under this key before, if anything."""
    rows = KnownOutcome.objects.filter(client_id=client_id, idempotency_key=key)
    return rows.only("assessment_id", "answer", "request_digest").first()


def reviews(*, assessment_id: UUID) -> QuerySet[Review]:
    """The changes of an assessment's state in the worklist, the first one first. Whose it is must be known already."""
    return Review.objects.filter(assessment_id=assessment_id).defer("answer").order_by("number")


def listed_reviews(*, organisation_id: UUID, assessment_id: UUID) -> list[Review]:
    """The same. Raises NotFound for another organisation's assessment."""
    if not Assessment.objects.filter(organisation_id=organisation_id, id=assessment_id).exists():
        raise NotFound("There is no such assessment.")
    return list(reviews(assessment_id=assessment_id))


def standing_review(*, assessment_id: UUID) -> Review | None:
    """Where an assessment stands in the worklist, if it was ever there. Whose it is must be known already."""
    return Review.objects.filter(assessment_id=assessment_id, stands=True).defer("answer").first()


def review_by_idempotency_key(*, client_id: UUID, key: str) -> Review | None:
    """What was stored under this key before, if anything."""
    rows = Review.objects.filter(client_id=client_id, idempotency_key=key)
    return rows.only("assessment_id", "answer", "request_digest").first()


def standing_outcomes() -> QuerySet[KnownOutcome]:
    """Of every assessment with a known outcome the report that stands, with the assessment; of all organisations."""
    return (
        KnownOutcome.objects.order_by("assessment_id", "-number")
        .distinct("assessment_id")
        .select_related("assessment", "organisation")
        .defer("answer")
    )


def is_erased_key(*, client_id: UUID, key_digest: bytes) -> bool:
    """Whether what was stored under the key with this SHA-256 was erased."""
    return ErasedKey.objects.filter(client_id=client_id, key_digest=key_digest).exists()


def open_publication(*, release_id: int) -> Publication | None:
    """The request to publish a draft that nobody has approved yet, locked; inside a transaction."""
    return Publication.objects.select_for_update().filter(release=release_id, approved_at=None).first()


def publication_requesters() -> dict[int, str]:
    """Who has asked for which draft to be published, by the id of the release, where nobody has approved yet."""
    return dict(Publication.objects.filter(approved_at=None).values_list("release_id", "requested_by"))
