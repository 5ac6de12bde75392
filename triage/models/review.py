"""What staff and partners have done about an assessment that somebody must look at."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from uuid_utils.compat import uuid7

from .assessment import Urgency
from .sealed import SealedColumn, SealedModel


class WorklistState(models.TextChoices):
    """Where an assessment stands in the worklist."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress", "In progress"
    CLOSED = "closed"


class Resolution(models.TextChoices):
    """What was done about it; a code, because free text would tell of the person."""

    REACHED_AND_REFERRED = "reached_and_referred", "Reached and referred"
    REACHED_NO_ACTION = "reached_no_action", "Reached, no action needed"
    SENT_TO_EMERGENCY = "sent_to_emergency", "Sent to the emergency department"
    NOT_REACHED = "not_reached", "Not reached"
    ALREADY_IN_CARE = "already_in_care", "Somebody else sees the person already"
    ENTERED_IN_ERROR = "entered_in_error", "Entered in error"


class Review(SealedModel):
    """One change of the state of an assessment in the worklist; they are numbered from 1, and the last one stands.

    Rows are only added: a trigger refuses a change of any column but `stands`, which marks the last one so that lists
    find it. It goes with its assessment when that is erased.
    """

    State = WorklistState
    Resolution = Resolution

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey("triage.Assessment", on_delete=models.CASCADE, related_name="reviews")
    number = models.PositiveIntegerField()
    stands = models.BooleanField(default=True)
    state = models.CharField(max_length=20, choices=WorklistState)
    resolution = models.CharField(max_length=30, choices=Resolution, blank=True)
    urgency = models.CharField(max_length=20, choices=Urgency)
    """How urgent it is to look: as the assessment said, or the follow-up that was more urgent."""
    follow_up = models.ForeignKey("triage.FollowUp", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    """The follow-up that brought it back."""
    by = models.CharField(max_length=200)
    """`answer` where an assessment or a follow-up brought it here, else `staff:<id>` or `client:<id>`."""
    created_at = models.DateTimeField()
    sealed_answer = models.BinaryField(null=True)
    answer = SealedColumn("sealed_answer")
    """What a partner that set the state was answered; nothing where nobody waited for an answer."""

    class Meta:
        ordering = ["assessment", "number"]
        default_permissions = ("change",)
        constraints = [
            CheckConstraint(condition=Q(number__gte=1), name="review_number_from_one"),
            CheckConstraint(condition=Q(state__in=WorklistState.values), name="review_state_known"),
            CheckConstraint(condition=Q(urgency__in=Urgency.values), name="review_urgency_known"),
            CheckConstraint(
                condition=Q(state="closed", resolution__in=Resolution.values) | (~Q(state="closed") & Q(resolution="")),
                name="review_closed_with_a_resolution",
            ),
            CheckConstraint(condition=~Q(by=""), name="review_by_somebody"),
            UniqueConstraint(fields=["assessment", "number"], name="review_numbered_within_assessment"),
            UniqueConstraint(fields=["assessment"], condition=Q(stands=True), name="review_one_stands"),
        ]
        indexes = [
            models.Index(
                fields=["state", "urgency", "assessment"], condition=Q(stands=True), name="review_standing_by_state"
            ),
            models.Index(
                fields=["organisation", "state", "-assessment"],
                condition=Q(stands=True),
                name="review_standing_of_partner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.number}"
