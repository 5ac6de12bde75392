"""What an assessed case turned out to be, as its partner reports it."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from uuid_utils.compat import uuid7

from .assessment import Urgency
from .sealed import SealedColumn, SealedModel


class ConfirmedBy(models.TextChoices):
    """How it became known."""

    IMAGING = "imaging"
    LABORATORY = "laboratory"
    PATHOLOGY = "pathology"
    SURGERY = "surgery"
    SPECIALIST = "specialist"
    CLINICAL_COURSE = "clinical_course"
    OTHER = "other"


class KnownOutcome(SealedModel):
    """One report of what an assessment turned out to be; they are numbered from 1, and the last one stands.

    `condition` is blank where the cause is none of the catalogue (`other`) or not known; `urgency_was_right` is blank
    where nobody said. `answer` is the bytes that were given, kept encrypted. It goes with
    its assessment when that is erased.
    """

    ConfirmedBy = ConfirmedBy

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey("partners.Client", on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey("triage.Assessment", on_delete=models.CASCADE, related_name="outcomes")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    condition = models.CharField(max_length=80, blank=True)
    other = models.BooleanField()
    confirmed_by = models.CharField(max_length=20, choices=ConfirmedBy)
    confirmed_on = models.DateField()
    urgency_was_right = models.CharField(max_length=20, choices=Urgency, blank=True)
    sealed_answer = models.BinaryField()
    answer = SealedColumn("sealed_answer")

    class Meta:
        ordering = ["assessment", "number"]
        constraints = [
            CheckConstraint(condition=Q(number__gte=1), name="outcome_number_from_one"),
            CheckConstraint(condition=Q(confirmed_by__in=ConfirmedBy.values), name="outcome_confirmed_by_known"),
            CheckConstraint(condition=Q(urgency_was_right__in=["", *Urgency.values]), name="outcome_urgency_known"),
            CheckConstraint(condition=Q(condition="") | Q(other=False), name="outcome_condition_or_other"),
            CheckConstraint(
                condition=~Q(condition="", other=False, urgency_was_right=""), name="outcome_says_something"
            ),
            UniqueConstraint(fields=["assessment", "number"], name="outcome_numbered_within_assessment"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.number}"
