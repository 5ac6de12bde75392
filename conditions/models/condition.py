"""What can be wrong, in which ways it shows itself, and how common it is."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q

from conditions.constraints import (
    addressed_with_release,
    estimate_has_ground,
    key_unique_in_release,
    one_of,
    open_probability,
)

from .choices import (
    Acuteness,
    Basis,
    Family,
    LadderStart,
    PopulationSex,
    Region,
    Severity,
    UrgencyLevel,
    UrgencyMode,
)
from .release import KeyedRow, ReleaseRow


class Condition(KeyedRow):
    """A possible cause of hip pain.

    It can occur from `from_age` to `to_age` (years) in `sex`. A must-not-miss condition has a `threshold`: the
    probability from which on it is listed and its least urgency applies, however low it ranks.
    """

    name = models.CharField(max_length=200)
    plain_name = models.CharField(max_length=200)
    description = models.TextField()
    plain_description = models.TextField()
    region = models.CharField(max_length=20, choices=Region)
    family = models.CharField(max_length=20, choices=Family)
    from_the_article = models.BooleanField(default=False)
    from_age = models.FloatField()
    to_age = models.FloatField()
    sex = models.CharField(max_length=10, choices=PopulationSex)
    acuteness = models.CharField(max_length=20, choices=Acuteness)
    severity = models.CharField(max_length=30, choices=Severity)
    must_not_miss = models.BooleanField(default=False)
    threshold = models.FloatField(null=True, blank=True)
    threshold_ground = models.TextField(blank=True)
    least_urgency = models.CharField(max_length=20, choices=UrgencyLevel)
    least_urgency_mode = models.CharField(max_length=30, choices=UrgencyMode, blank=True)
    least_urgency_within_hours = models.PositiveIntegerField(null=True, blank=True)
    codes = models.JSONField(default=list, blank=True)
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    workup = models.JSONField(default=list, blank=True)
    safety_net = models.JSONField(default=list, blank=True)
    follow_up = models.JSONField(null=True, blank=True)
    programme = models.CharField(max_length=80, blank=True)
    ladder_start = models.CharField(max_length=20, choices=LadderStart)
    ladder_note = models.TextField(blank=True)
    immediate = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("condition"),
            addressed_with_release("condition"),
            one_of("condition", "region", Region),
            one_of("condition", "family", Family),
            one_of("condition", "sex", PopulationSex),
            one_of("condition", "acuteness", Acuteness),
            one_of("condition", "severity", Severity),
            one_of("condition", "least_urgency", UrgencyLevel),
            one_of("condition", "least_urgency_mode", UrgencyMode, or_blank=True),
            one_of("condition", "ladder_start", LadderStart),
            open_probability("condition", "threshold"),
            CheckConstraint(condition=Q(from_age__lt=F("to_age")), name="condition_from_age_below_to_age"),
            CheckConstraint(
                condition=Q(must_not_miss=False) | Q(threshold__isnull=False),
                name="condition_must_not_miss_has_threshold",
            ),
        ]


class Presentation(KeyedRow):
    """One of the ways a condition shows itself.

    `weight` is its share of the condition's cases: a number, or `{"curve": {age in years: share},
    "female_to_male": ratio}`.
    """

    condition = models.ForeignKey(Condition, on_delete=models.CASCADE, related_name="presentations")
    name = models.CharField(max_length=200)
    weight = models.JSONField()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["condition", "key"], name="presentation_key_unique_in_condition"),
            addressed_with_release("presentation"),
        ]


class Prior(ReleaseRow):
    """How common a condition is among people who come with hip, groin, thigh or buttock pain.

    `curve` maps age in years to a relative frequency (per 1,000 who come at that age), `settings` a setting of care
    to a multiplier.
    """

    condition = models.OneToOneField(Condition, on_delete=models.CASCADE, related_name="prior")
    curve = models.JSONField()
    female_to_male = models.FloatField(default=1)
    settings = models.JSONField(default=dict, blank=True)
    basis = models.CharField(max_length=10, choices=Basis)
    ground = models.TextField(blank=True)
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    class Meta:
        ordering = ["condition__key"]
        constraints = [
            one_of("prior", "basis", Basis),
            estimate_has_ground("prior"),
            CheckConstraint(condition=Q(female_to_male__gt=0), name="prior_female_to_male_positive"),
        ]

    def __str__(self) -> str:
        return f"prior of {self.condition}"
