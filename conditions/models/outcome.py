"""How people say that they fare, what counts as a change, and when no change is a reason to act."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q

from conditions.constraints import has_source, key_unique_in_release, one_of

from .choices import BestEnd, OutcomeMethod, TimerStep, TimerTrigger
from .release import KeyedRow


class OutcomeMeasure(KeyedRow):
    """A questionnaire or scale that is scored from `minimum` to `maximum`, `best` at one end. It holds no wordings.

    `scales` hold items with their own range, and how many of them must be answered. By `method`: `mean`, each scale is
    the mean of its items carried onto the range of the measure, and the score the mean of the scales; `sum`, the sum of
    all items; `table`, the entry of `table` at that sum. `minimal_important_change` is null where none is established.
    The key is that of the measurement that takes the finished score.
    """

    name = models.CharField(max_length=200)
    minimum = models.FloatField()
    maximum = models.FloatField()
    best = models.CharField(max_length=10, choices=BestEnd)
    items_best = models.CharField(max_length=10, choices=BestEnd)
    method = models.CharField(max_length=10, choices=OutcomeMethod)
    scales = models.JSONField()
    table = models.JSONField(default=list, blank=True)
    scoring = models.TextField()
    missing = models.TextField()
    minimal_important_change = models.JSONField(null=True, blank=True)
    target = models.JSONField(null=True, blank=True)
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    estimate = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("outcome_measure"),
            CheckConstraint(condition=Q(minimum__lt=F("maximum")), name="outcome_measure_minimum_below_maximum"),
            one_of("outcome_measure", "best", BestEnd),
            one_of("outcome_measure", "items_best", BestEnd),
            one_of("outcome_measure", "method", OutcomeMethod),
            has_source("outcome_measure"),
        ]


class FollowUpTimer(KeyedRow):
    """When lack of change is a reason to act: from `at_day` of the plan on, for those whom it is for.

    It is for people in whom the rule `when` holds (null: everybody), with one of `for_conditions` plausible (empty:
    any; with `or_unclear` also where no cause stands out), who tried one of `for_treatments` (empty: whatever they
    tried). With treatments the days are those of the treatment. A finding of `new_findings` that was absent before
    and is present now counts as getting worse. With `needs_adherence` nothing is judged while too little of the plan
    was done.
    """

    name = models.CharField(max_length=200)
    when = models.JSONField(null=True, blank=True)
    for_conditions = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    or_unclear = models.BooleanField(default=False)
    for_treatments = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    new_findings = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    at_day = models.PositiveIntegerField()
    trigger = models.CharField(max_length=20, choices=TimerTrigger)
    needs_adherence = models.BooleanField(default=False)
    step = models.CharField(max_length=10, choices=TimerStep)
    action = models.TextField()
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    estimate = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("follow_up_timer"),
            one_of("follow_up_timer", "trigger", TimerTrigger),
            one_of("follow_up_timer", "step", TimerStep),
            has_source("follow_up_timer"),
        ]
