"""Published scores that are computed from findings which are asked for anyway."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q

from conditions.constraints import has_source, key_unique_in_release, one_of

from .choices import CompositeAudience, CompositeMode
from .release import KeyedRow


class Composite(KeyedRow):
    """A score that stands for its parts in the ranking, so that they are not counted twice.

    It applies where `gate` holds and `unless` does not (rules of `conditions.rules`; null for everybody and nobody).
    `parts` are rules with points, `bands` the likelihood ratio from each score on, of the conditions in
    `for_conditions` against `reference`. For these conditions the findings in `replaces` count as they do for
    `reference`. `vocabulary_finding` is a finding that says directly whether a score is reached. It never changes an
    urgency: `red_flag` names the safety rule that acts on the same findings.
    """

    name = models.CharField(max_length=200)
    version = models.CharField(max_length=80)
    population = models.TextField()
    gate = models.JSONField(null=True, blank=True)
    unless = models.JSONField(null=True, blank=True)
    parts = models.JSONField()
    bands = models.JSONField()
    mode = models.CharField(max_length=20, choices=CompositeMode)
    for_conditions = ArrayField(models.CharField(max_length=80))
    reference = models.CharField(max_length=80)
    replaces = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    use_when = models.JSONField()
    instead_of = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    vocabulary_finding = models.JSONField(null=True, blank=True)
    audience = models.CharField(max_length=20, choices=CompositeAudience)
    show = models.TextField()
    red_flag = models.CharField(max_length=80, blank=True)
    performance = models.JSONField(default=list, blank=True)
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    estimate = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("composite"),
            one_of("composite", "mode", CompositeMode),
            one_of("composite", "audience", CompositeAudience),
            CheckConstraint(condition=~Q(for_conditions=[]), name="composite_has_conditions"),
            has_source("composite"),
        ]
