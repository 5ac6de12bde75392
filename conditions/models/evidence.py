"""How often a finding is present in a condition."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q

from conditions.constraints import estimate_has_ground, one_of, open_probability

from .choices import Basis
from .condition import Condition, Presentation
from .finding import Finding
from .release import ReleaseRow


class Evidence(ReleaseRow):
    """P(finding present | condition), from `low` to `high` with nine chances in ten.

    Without a `presentation` the row is shared by all presentations of the condition; with one it overrides the shared
    row. `effective_sample_size` is that of the Beta distribution with this mean and this 90 % range.
    """

    condition = models.ForeignKey(Condition, on_delete=models.CASCADE, related_name="evidence")
    presentation = models.ForeignKey(
        Presentation, on_delete=models.CASCADE, related_name="evidence", null=True, blank=True
    )
    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="evidence")
    probability = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    effective_sample_size = models.FloatField()
    basis = models.CharField(max_length=10, choices=Basis)
    ground = models.TextField(blank=True)
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["condition__key", "finding__key"]
        constraints = [
            models.UniqueConstraint(
                fields=["condition", "presentation", "finding"],
                nulls_distinct=False,
                name="evidence_unique_per_condition_presentation_finding",
            ),
            open_probability("evidence", "probability"),
            open_probability("evidence", "low"),
            open_probability("evidence", "high"),
            CheckConstraint(
                condition=Q(low__lte=F("probability"), high__gte=F("probability")),
                name="evidence_probability_within_range",
            ),
            CheckConstraint(condition=Q(effective_sample_size__gt=0), name="evidence_sample_size_positive"),
            one_of("evidence", "basis", Basis),
            estimate_has_ground("evidence"),
            CheckConstraint(condition=~Q(basis="published", citations=[]), name="evidence_published_is_cited"),
        ]

    def __str__(self) -> str:
        return f"P({self.finding} | {self.condition})"
