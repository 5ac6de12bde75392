"""A stored assessment: the case as it was sent, the answer as it was given, and what lists are filtered by."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from uuid_utils.compat import uuid7


class Urgency(models.TextChoices):
    """Most urgent first, as everywhere."""

    EMERGENCY = "emergency"
    SAME_DAY = "same_day"
    URGENT = "urgent"
    ROUTINE = "routine"
    SELF_CARE = "self_care"


class Status(models.TextChoices):
    """Whether the engine could answer."""

    COMPLETE = "complete"
    INSUFFICIENT_INFORMATION = "insufficient_information"
    OUT_OF_SCOPE = "out_of_scope"


class Assessment(models.Model):
    """One answered case of one organisation.

    `answer` holds the bytes that were sent, so that reading it again gives them unchanged. The columns between repeat
    parts of it for
    filtering and for the worklist.
    """

    Urgency = Urgency
    Status = Status

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey("partners.Client", on_delete=models.PROTECT, related_name="+")
    release = models.ForeignKey("conditions.Release", on_delete=models.PROTECT, related_name="+")
    engine_version = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    reference = models.CharField(max_length=128, blank=True)
    setting = models.CharField(max_length=20)
    status = models.CharField(max_length=30, choices=Status)
    urgency = models.CharField(max_length=20, choices=Urgency)
    causes = ArrayField(models.CharField(max_length=80), default=list)
    """Listed causes, most probable first."""
    red_flags = ArrayField(models.CharField(max_length=80), default=list)
    request = models.BinaryField()
    """The body as it was sent."""
    answer = models.BinaryField()
    idempotency_key = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001 - null means no key was sent
    request_digest = models.BinaryField(max_length=32)
    """SHA-256 of the body: whether a repeated idempotency key comes with the same one."""

    class Meta:
        ordering = ["-id"]
        constraints = [
            CheckConstraint(condition=Q(urgency__in=Urgency.values), name="assessment_urgency_known"),
            CheckConstraint(condition=Q(status__in=Status.values), name="assessment_status_known"),
            UniqueConstraint(
                fields=["client", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="assessment_idempotency_key_unique_per_client",
            ),
        ]
        indexes = [
            # Ids are UUIDv7: newest first is the order of the id.
            models.Index(fields=["organisation", "-id"], name="assessment_newest_first"),
            models.Index(fields=["organisation", "urgency", "-id"], name="assessment_by_urgency"),
            models.Index(
                fields=["organisation", "reference"], condition=~Q(reference=""), name="assessment_by_reference"
            ),
            GinIndex(fields=["causes"], name="assessment_by_cause"),
            GinIndex(fields=["red_flags"], name="assessment_by_red_flag"),
        ]

    def __str__(self) -> str:
        return str(self.id)
