"""What keeps a hip well, and what the person has tried already."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q

from conditions.constraints import has_source, key_unique_in_release, one_of

from .choices import PreventionVerdict
from .release import KeyedRow
from .treatment import HIGHEST_RUNG


class PreventionTip(KeyedRow):
    """A tip for the people of whom the rule `when` is true, null for everybody; `because` says to them why.

    Of several tips those of the lowest `priority` come first. One about a `treatment` (its id) is subject to its safety
    rules. `only_if_open` tips load the hip, and wait until a clinician has looked where one must.
    """

    name = models.CharField(max_length=200)
    text = models.TextField()
    when = models.JSONField(null=True, blank=True)
    because = models.TextField()
    treatment = models.CharField(max_length=80, blank=True)
    priority = models.PositiveSmallIntegerField()
    only_if_open = models.BooleanField(default=False)
    verdict = models.CharField(max_length=20, choices=PreventionVerdict)
    evidence_grade = models.TextField()
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    estimate = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("prevention_tip"),
            one_of("prevention_tip", "verdict", PreventionVerdict),
            has_source("prevention_tip"),
        ]


class TriedStep(KeyedRow):
    """A finding that says that part of a rung was tried for its time and failed: all of it without `for_treatments`.

    `because` tells the person so.
    """

    finding = models.CharField(max_length=80)
    rung = models.PositiveSmallIntegerField()
    for_treatments = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    because = models.TextField()
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    estimate = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("tried_step"),
            CheckConstraint(condition=Q(rung__gte=1, rung__lte=HIGHEST_RUNG), name="tried_step_rung_exists"),
            has_source("tried_step"),
        ]
