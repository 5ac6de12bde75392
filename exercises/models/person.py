"""What fits a programme to a person: where to begin, and what a condition forbids in any programme."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q

from conditions.constraints import has_source, key_unique_in_release

from .choices import LEVELS, Decides
from .row import KeyedRow


class StartingRule(KeyedRow):
    """What makes a hip irritable to the degree `level`, or a complaint as old as the stage `level`.

    Of the rules that hold the last level in the order of `choices` counts; one that is `if_unsure` holds also where a
    later one is not decided. With `one_level_down` every exercise of the first phase begins with its easier step.
    """

    decides = models.CharField(max_length=20, choices=Decides)
    level = models.CharField(max_length=20)
    rule = models.JSONField()
    because = models.TextField()
    one_level_down = models.BooleanField(default=False)
    if_unsure = models.BooleanField(default=False)
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    estimate = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("starting_rule"),
            CheckConstraint(
                condition=Q(decides=Decides.IRRITABILITY, level__in=LEVELS[Decides.IRRITABILITY].values)
                | Q(decides=Decides.STAGE, level__in=LEVELS[Decides.STAGE].values),
                name="starting_rule_level_known",
            ),
            has_source("starting_rule"),
        ]


class Precaution(KeyedRow):
    """What people with one of the conditions (by id) must mind in any programme.

    Exercises (by id) in `avoid` are replaced or left out, those in `modify` are done with care.
    """

    conditions = ArrayField(models.CharField(max_length=80))
    text = models.TextField()
    avoid = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    modify = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    estimate = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("precaution"),
            CheckConstraint(condition=~Q(conditions=[]), name="precaution_has_conditions"),
            has_source("precaution"),
        ]
