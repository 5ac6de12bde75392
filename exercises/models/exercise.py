"""Single exercises, and the rules that hold for all of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q

from conditions.constraints import addressed_with_release, has_source, key_unique_in_release, one_of

from .choices import Effect, Equipment, Purpose, Target
from .row import KeyedRow


class GeneralRule(KeyedRow):
    """When no exercise at all must be done, or every exercise only with care; `rule` is in the rule language."""

    effect = models.CharField(max_length=20, choices=Effect)
    rule = models.JSONField()
    because = models.TextField()
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    estimate = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("general_rule"),
            one_of("general_rule", "effect", Effect),
            has_source("general_rule"),
        ]


class Exercise(KeyedRow):
    """One exercise with its dose.

    `dose` holds ranges `{from, to}` or null: sets, repetitions, hold and rest in seconds, minutes, times a day and a
    week. `progression` and `regression` are the next harder and easier step: another exercise, a way of doing this one,
    or both. `contraindicated_if` and `caution_if` are rules with the reason to show; the general rules hold besides.
    """

    name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=20, choices=Purpose)
    targets = ArrayField(models.CharField(max_length=40, choices=Target))
    position = models.TextField()
    steps = ArrayField(models.TextField())
    dose = models.JSONField()
    progression = models.JSONField(null=True, blank=True)
    regression = models.JSONField(null=True, blank=True)
    equipment = ArrayField(models.CharField(max_length=40, choices=Equipment), default=list, blank=True)
    breathing = models.TextField(blank=True)
    effort = models.TextField(blank=True)
    contraindicated_if = models.JSONField(default=list, blank=True)
    caution_if = models.JSONField(default=list, blank=True)
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    estimate = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("exercise"),
            addressed_with_release("exercise"),
            one_of("exercise", "purpose", Purpose),
            CheckConstraint(condition=Q(targets__contained_by=Target.values), name="exercise_targets_known"),
            CheckConstraint(condition=Q(equipment__contained_by=Equipment.values), name="exercise_equipment_known"),
            CheckConstraint(condition=~Q(steps=[]), name="exercise_has_steps"),
            has_source("exercise"),
        ]
