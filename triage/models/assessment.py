"""A stored assessment: the case as it was sent, the answer as it was given, and what lists are filtered by."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q
from uuid_utils.compat import uuid7

from partners.actions import data_keys

from .sealed import SealedColumn, SealedModel


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


class Assessment(SealedModel):
    """One answered case of one organisation.

    `request` is the body as it was sent and `answer` the bytes that were given, so that reading it again gives them
    unchanged; both are kept encrypted, as is the partner's `reference`. The other columns repeat parts of the answer
    for filtering and for the worklist. The table is partitioned by month of the id, which is a UUIDv7.
    """

    Urgency = Urgency
    Status = Status

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey("partners.Client", on_delete=models.PROTECT, related_name="+")
    release = models.ForeignKey("conditions.Release", on_delete=models.PROTECT, related_name="+")
    engine_version = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    sealed_reference = models.BinaryField(null=True)
    reference_digest = models.BinaryField(max_length=32, null=True)
    """By which the reference is found: `partners.vault.digest`."""
    setting = models.CharField(max_length=20)
    status = models.CharField(max_length=30, choices=Status)
    urgency = models.CharField(max_length=20, choices=Urgency)
    causes = ArrayField(models.CharField(max_length=80), default=list)
    """Listed causes, most probable first."""
    red_flags = ArrayField(models.CharField(max_length=80), default=list)
    sealed_request = models.BinaryField()
    sealed_answer = models.BinaryField()
    request = SealedColumn("sealed_request")
    answer = SealedColumn("sealed_answer")
    plain_reference = SealedColumn("sealed_reference")

    class Meta:
        ordering = ["-id"]
        constraints = [
            CheckConstraint(condition=Q(urgency__in=Urgency.values), name="assessment_urgency_known"),
            CheckConstraint(condition=Q(status__in=Status.values), name="assessment_status_known"),
        ]
        indexes = [
            # Ids are UUIDv7: newest first is the order of the id.
            models.Index(fields=["organisation", "-id"], name="assessment_newest_first"),
            models.Index(fields=["organisation", "urgency", "-id"], name="assessment_by_urgency"),
            models.Index(
                fields=["organisation", "reference_digest", "-id"],
                condition=Q(reference_digest__isnull=False),
                name="assessment_by_reference",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def reference(self) -> str:
        """The partner's own opaque id of the person; empty where none was given."""
        return self.plain_reference.decode() if self.sealed_reference is not None else ""

    def refer_to(self, reference: str) -> None:
        """Set the reference, and the digest by which it is found."""
        self.plain_reference = reference.encode()
        self.reference_digest = data_keys.digest(self.organisation_id, self.plain_reference)
