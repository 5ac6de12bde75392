"""What to read of assessments. Every selector takes the organisation it reads for; none checks scopes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Coalesce

from hipcare.api.json import loads
from hipcare.errors import NotFound
from hipcare.time_ids import lowest_id
from partners import selectors as partners
from partners.actions import data_keys
from triage.models import Assessment, AssessmentLabel, FollowUp, KnownOutcome, Publication, Review, labels


def assessments(*, organisation_id: UUID) -> QuerySet[Assessment]:
    """The organisation's own assessments, newest first, without the large columns."""
    return (
        with_worklist_state(Assessment.objects.filter(organisation_id=organisation_id))
        .select_related("release")
        .defer("sealed_request", "sealed_answer")
        .order_by("-id")
    )


def with_worklist_state(assessments: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """The assessments with `worklist_state` (None if never there) and `urgency_now`, which a follow-up may raise."""
    return assessments.alias(standing=FilteredRelation("reviews", condition=Q(reviews__stands=True))).annotate(
        worklist_state=F("standing__state"), urgency_now=Coalesce("standing__urgency", "urgency")
    )


def stored_answer(*, organisation_id: UUID, assessment_id: UUID) -> bytes:
    """The answer as it was given. Raises NotFound for another organisation's as for none at all."""
    rows = Assessment.objects.filter(organisation_id=organisation_id, id=assessment_id)
    row = rows.only("organisation_id", "sealed_answer").first()
    if row is None:
        raise NotFound("There is no such assessment.")
    return row.answer


def answer_with_programme(*, organisation_id: UUID, assessment_id: UUID) -> dict[str, Any]:
    """The answer as a value. Raises NotFound where it has no programme that was built for the person."""
    answer: dict[str, Any] = loads(stored_answer(organisation_id=organisation_id, assessment_id=assessment_id))
    # Engines before 1.2 copied the catalogue's programme, which lacks what a page and a calendar need.
    if "starting_point" not in (answer["programme"] or {}):
        raise NotFound("This assessment has no exercise programme; its ladder may say why.")
    return answer


def assessment(*, organisation_id: UUID, assessment_id: UUID, lock: bool = False) -> Assessment:
    """The whole assessment. Raises NotFound for another organisation's as for none at all.

    With `lock`, inside a transaction, nobody else adds a follow-up to it until the end.
    """
    rows = Assessment.objects.filter(organisation_id=organisation_id, id=assessment_id)
    row = (rows.select_for_update(no_key=True) if lock else rows).first()
    if row is None:
        raise NotFound("There is no such assessment.")
    return row


def assessments_before(*, organisation_id: UUID, before: datetime) -> QuerySet[Assessment]:
    """The organisation's assessments made earlier, the oldest first, locked; those that are locked already left out."""
    rows = Assessment.objects.filter(organisation_id=organisation_id, id__lt=lowest_id(before)).order_by("id")
    return rows.select_for_update(skip_locked=True).defer("sealed_request", "sealed_answer")


def follow_ups(*, assessment_id: UUID) -> QuerySet[FollowUp]:
    """The follow-ups of an assessment, the first one first. Whose it is must be known already."""
    return FollowUp.objects.filter(assessment_id=assessment_id).select_related("release").order_by("number")


def listed_follow_ups(*, organisation_id: UUID, assessment_id: UUID) -> QuerySet[FollowUp]:
    """The same for a list, without the large columns. Raises NotFound for another organisation's assessment."""
    if not Assessment.objects.filter(organisation_id=organisation_id, id=assessment_id).exists():
        raise NotFound("There is no such assessment.")
    return follow_ups(assessment_id=assessment_id).defer("sealed_request", "sealed_answer")


def stored_follow_up(*, organisation_id: UUID, assessment_id: UUID, follow_up_id: UUID) -> bytes:
    """The answer as it was given. Raises NotFound unless it is of that assessment of the organisation's."""
    rows = FollowUp.objects.filter(organisation_id=organisation_id, assessment_id=assessment_id, id=follow_up_id)
    row = rows.only("organisation_id", "sealed_answer").first()
    if row is None:
        raise NotFound("There is no such follow-up.")
    return row.answer


def outcomes(*, assessment_id: UUID) -> QuerySet[KnownOutcome]:
    """The reports of what an assessment turned out to be, the first one first. Whose it is must be known already."""
    return KnownOutcome.objects.filter(assessment_id=assessment_id).defer("sealed_answer").order_by("number")


def stored_outcome(*, organisation_id: UUID, assessment_id: UUID) -> bytes:
    """The report that stands. Raises NotFound for another organisation's assessment, and where there is none."""
    if not Assessment.objects.filter(organisation_id=organisation_id, id=assessment_id).exists():
        raise NotFound("There is no such assessment.")
    report = KnownOutcome.objects.filter(assessment_id=assessment_id).order_by("-number").first()
    if report is None:
        raise NotFound("Nothing is known yet of what this assessment turned out to be.")
    return report.answer


def reported_outcome(report_id: UUID) -> bytes:
    """The answer to one report, as it was given. Whose it is must be known already."""
    return KnownOutcome.objects.get(id=report_id).answer


def reviews(*, assessment_id: UUID) -> QuerySet[Review]:
    """The changes of an assessment's state in the worklist, the first one first. Whose it is must be known already."""
    return Review.objects.filter(assessment_id=assessment_id).defer("sealed_answer").order_by("number")


def listed_reviews(*, organisation_id: UUID, assessment_id: UUID) -> list[Review]:
    """The same. Raises NotFound for another organisation's assessment."""
    if not Assessment.objects.filter(organisation_id=organisation_id, id=assessment_id).exists():
        raise NotFound("There is no such assessment.")
    return list(reviews(assessment_id=assessment_id))


def standing_review(*, assessment_id: UUID) -> Review | None:
    """Where an assessment stands in the worklist, if it was ever there. Whose it is must be known already."""
    return Review.objects.filter(assessment_id=assessment_id, stands=True).defer("sealed_answer").first()


def reviewed(review_id: UUID) -> bytes:
    """The answer to a partner's change of state, as it was given. Whose it is must be known already."""
    return Review.objects.get(id=review_id).answer


def standing_outcomes() -> QuerySet[KnownOutcome]:
    """Of every assessment with a known outcome the report that stands, with the assessment; of all organisations."""
    return (
        KnownOutcome.objects.order_by("assessment_id", "-number")
        .distinct("assessment_id")
        .select_related("assessment", "organisation")
        .defer("sealed_answer")
    )


def resource_ids(assessment: Assessment) -> list[UUID]:
    """The assessment and all that hangs on it, as idempotency keys name them."""
    hanging = (FollowUp, KnownOutcome, Review)
    rows = [model.objects.filter(assessment=assessment).values_list("id", flat=True) for model in hanging]
    return [assessment.id, *(key for keys in rows for key in keys)]


def labels_of(assessment: Assessment) -> QuerySet[AssessmentLabel]:
    """The rows by which the assessment is found, named by their whole key, which is the only index they have.

    Whose it is must be known already.
    """
    return AssessmentLabel.objects.filter(
        organisation_id=assessment.organisation_id,
        label__in=labels(assessment.causes, assessment.red_flags),
        assessment_id=assessment.id,
    )


def reference_digests(reference: str) -> list[bytes]:
    """The digests of a reference, one for each organisation: for staff, who look for it in all of them."""
    return [data_keys.digest(row.id, reference.encode()) for row in partners.organisations()]


def labelled(*, organisation_id: UUID, label: str) -> QuerySet[AssessmentLabel, Any]:
    """The ids of the organisation's assessments that have the label."""
    return AssessmentLabel.objects.filter(organisation_id=organisation_id, label=label).values("assessment_id")


def open_publication(*, release_id: int) -> Publication | None:
    """The request to publish a draft that nobody has approved yet, locked; inside a transaction."""
    return Publication.objects.select_for_update().filter(release=release_id, approved_at=None).first()


def publication_requesters() -> dict[int, str]:
    """Who has asked for which draft to be published, by the id of the release, where nobody has approved yet."""
    return dict(Publication.objects.filter(approved_at=None).values_list("release_id", "requested_by"))
