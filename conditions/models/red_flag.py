"""What must never be missed, and what a person should watch for."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from conditions.constraints import has_source, key_unique_in_release, one_of

from .choices import RedFlagKind, UrgencyLevel, UrgencyMode
from .release import KeyedRow


class RedFlag(KeyedRow):
    """A rule that sets a least urgency whenever it is true.

    `rule` is a tree of the rule language (`conditions.rules`). `suspected` holds condition ids, `immediate` treatment
    ids of what to do while waiting, `source_rules` the names the rule has in its sources.
    """

    kind = models.CharField(max_length=20, choices=RedFlagKind)
    title = models.CharField(max_length=200)
    rule = models.JSONField()
    urgency = models.CharField(max_length=20, choices=UrgencyLevel)
    urgency_mode = models.CharField(max_length=30, choices=UrgencyMode, blank=True)
    urgency_within_hours = models.PositiveIntegerField(null=True, blank=True)
    suspected = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    action = models.TextField()
    immediate = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    hazard = models.TextField(blank=True)
    source_rules = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    estimate = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("red_flag"),
            one_of("red_flag", "kind", RedFlagKind),
            one_of("red_flag", "urgency", UrgencyLevel),
            one_of("red_flag", "urgency_mode", UrgencyMode, or_blank=True),
            has_source("red_flag"),
        ]


class SafetyNetItem(KeyedRow):
    """What to watch for and what to do then; `when` is a rule that must be true of the person, null for everybody."""

    watch_for = models.TextField()
    then = models.TextField()
    within_hours = models.PositiveIntegerField()
    urgency = models.CharField(max_length=20, choices=UrgencyLevel)
    when = models.JSONField(null=True, blank=True)
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    estimate = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("safety_net_item"),
            one_of("safety_net_item", "urgency", UrgencyLevel),
            has_source("safety_net_item"),
        ]
