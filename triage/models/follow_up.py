"""A stored follow-up of an assessment: what was said, what was answered, and what lists and charts are made of."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from uuid_utils.compat import uuid7

from .assessment import Urgency
from .sealed import SealedColumn, SealedModel


class Overall(models.TextChoices):
    """How the person fares against before."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    UNKNOWN = "unknown"


class NextStep(models.TextChoices):
    """What comes next, the most pressing first."""

    ESCALATE = "escalate"
    REVIEW = "review"
    NEXT_RUNG = "next_rung"
    CONTINUE = "continue"
    STEP_DOWN = "step_down"


class FollowUp(SealedModel):
    """One contact after an assessment; they are numbered from 1 in the order in which they came.

    `answer` is the bytes that were given, kept encrypted. It goes with its assessment when that is erased.
    """

    Overall = Overall
    NextStep = NextStep

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey("partners.Client", on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey("triage.Assessment", on_delete=models.CASCADE, related_name="follow_ups")
    number = models.PositiveIntegerField()
    release = models.ForeignKey("conditions.Release", on_delete=models.PROTECT, related_name="+")
    engine_version = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    days_since_start = models.PositiveIntegerField()
    overall = models.CharField(max_length=20, choices=Overall)
    next_step = models.CharField(max_length=20, choices=NextStep)
    urgency = models.CharField(max_length=20, choices=Urgency)
    sealed_request = models.BinaryField()
    sealed_answer = models.BinaryField()
    request = SealedColumn("sealed_request")
    answer = SealedColumn("sealed_answer")

    class Meta:
        ordering = ["assessment", "number"]
        constraints = [
            CheckConstraint(condition=Q(number__gte=1), name="follow_up_number_from_one"),
            CheckConstraint(condition=Q(overall__in=Overall.values), name="follow_up_overall_known"),
            CheckConstraint(condition=Q(next_step__in=NextStep.values), name="follow_up_next_step_known"),
            CheckConstraint(condition=Q(urgency__in=Urgency.values), name="follow_up_urgency_known"),
            UniqueConstraint(fields=["assessment", "number"], name="follow_up_numbered_within_assessment"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.number}"
