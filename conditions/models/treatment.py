"""What can be done, and in which order for which condition."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q

from conditions.constraints import addressed_with_release, has_source, key_unique_in_release, one_of

from .choices import Strength, TreatmentKind
from .condition import Condition
from .release import KeyedRow, ReleaseRow

HIGHEST_RUNG = 7


class Treatment(KeyedRow):
    """Something that can be done about hip pain; rung 0 holds what to do while waiting to be seen.

    `contraindicated_if` and `caution_if` are rules (`conditions.rules`), each with the reason to show. `exercises`
    holds exercise ids, `positions` who says what where sources disagree. `only_for` says whom it is for, null for
    everybody with the condition.
    """

    kind = models.CharField(max_length=20, choices=TreatmentKind)
    rung = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    how = models.TextField()
    strength = models.CharField(max_length=20, choices=Strength)
    evidence_grade = models.TextField()
    only_for = models.JSONField(null=True, blank=True)
    contraindicated_if = models.JSONField(default=list, blank=True)
    caution_if = models.JSONField(default=list, blank=True)
    exercises = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    positions = models.JSONField(default=list, blank=True)
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    estimate = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("treatment"),
            addressed_with_release("treatment"),
            one_of("treatment", "kind", TreatmentKind),
            one_of("treatment", "strength", Strength),
            CheckConstraint(condition=Q(rung__lte=HIGHEST_RUNG), name="treatment_rung_exists"),
            has_source("treatment"),
        ]


class ConditionTreatment(ReleaseRow):
    """One step of a condition's ladder, `position` counted from 1, with the condition's own way of doing it."""

    condition = models.ForeignKey(Condition, on_delete=models.CASCADE, related_name="ladder")
    treatment = models.ForeignKey(Treatment, on_delete=models.CASCADE, related_name="used_for")
    position = models.PositiveSmallIntegerField()
    rung = models.PositiveSmallIntegerField()
    how = models.TextField()
    try_for_weeks = models.FloatField(null=True, blank=True)
    move_on_if = models.TextField(blank=True)
    strength = models.CharField(max_length=20, choices=Strength)
    evidence_grade = models.TextField()
    positions = models.JSONField(default=list, blank=True)
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    estimate = models.TextField(blank=True)

    class Meta:
        ordering = ["condition__key", "position"]
        constraints = [
            models.UniqueConstraint(fields=["condition", "treatment"], name="condition_treatment_once_per_ladder"),
            models.UniqueConstraint(fields=["condition", "position"], name="condition_treatment_position_unique"),
            one_of("condition_treatment", "strength", Strength),
            CheckConstraint(condition=Q(rung__gte=1, rung__lte=HIGHEST_RUNG), name="condition_treatment_rung_exists"),
            has_source("condition_treatment"),
        ]

    def __str__(self) -> str:
        return f"{self.treatment} for {self.condition}"
