"""What can be asked, examined or measured."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q

from conditions.constraints import addressed_with_release, key_unique_in_release, one_of, open_probability

from .choices import Cost, FindingKind, PatientCanAnswer
from .release import KeyedRow


class Measurement(KeyedRow):
    """A number that can be sent instead of a finding, in the one `unit` stated here, from `minimum` to `maximum`."""

    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=40, blank=True)
    question = models.TextField(blank=True)
    minimum = models.FloatField()
    maximum = models.FloatField()
    who = models.CharField(max_length=40)

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("measurement"),
            CheckConstraint(condition=Q(minimum__lt=F("maximum")), name="measurement_minimum_below_maximum"),
        ]


class Finding(KeyedRow):
    """Something that is present, absent or unknown in a person.

    `base_adult` and `base_child` are how often it is present among people with hip pain, used for conditions without
    evidence of their own. Findings of one `cluster` say partly the same thing; of one `exclusive_group` at most one is
    present. `implies` and `contradicts` hold finding ids. `threshold` derives the finding from a measurement.
    """

    kind = models.CharField(max_length=20, choices=FindingKind)
    name = models.CharField(max_length=200)
    question = models.TextField()
    help = models.TextField(blank=True)
    who = models.CharField(max_length=40)
    patient_can_answer = models.CharField(max_length=10, choices=PatientCanAnswer)
    derived_from_demographics = models.BooleanField(default=False)
    base_adult = models.FloatField()
    base_child = models.FloatField()
    cluster = models.CharField(max_length=80, blank=True)
    exclusive_group = models.CharField(max_length=80, blank=True)
    implies = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    contradicts = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    cost = models.CharField(max_length=20, choices=Cost)
    red_flag = models.BooleanField(default=False)
    screen_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    screen_child = models.BooleanField(default=False)
    threshold = models.JSONField(null=True, blank=True)
    sensitive = models.BooleanField(default=False)

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("finding"),
            addressed_with_release("finding"),
            one_of("finding", "kind", FindingKind),
            one_of("finding", "patient_can_answer", PatientCanAnswer),
            one_of("finding", "cost", Cost),
            open_probability("finding", "base_adult"),
            open_probability("finding", "base_child"),
        ]
