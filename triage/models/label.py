"""What assessments are found by besides their own columns: causes and red flags, one row each."""

from django.db import models


class AssessmentLabel(models.Model):
    """One cause or red flag of one assessment.

    A row each, because row-level security lets no index on the arrays be used: their operators are not leakproof. The
    assessment is a plain id: what deletes an assessment deletes these by their whole key.
    """

    pk = models.CompositePrimaryKey("organisation_id", "label", "assessment_id")
    organisation_id = models.UUIDField()
    label = models.CharField(max_length=120)
    assessment_id = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.label} {self.assessment_id}"


def labels(causes: list[str], red_flags: list[str]) -> list[str]:
    """The labels of an assessment with these causes, the most probable one first, and these red flags."""
    leading = [leading_cause_label(cause) for cause in causes[:1]]
    return [*leading, *map(cause_label, causes), *map(red_flag_label, red_flags)]


def cause_label(condition: str) -> str:
    """Of assessments that list the condition."""
    return f"cause:{condition}"


def leading_cause_label(condition: str) -> str:
    """Of assessments whose most probable cause is the condition."""
    return f"leading_cause:{condition}"


def red_flag_label(red_flag: str) -> str:
    """Of assessments in which the red flag fired."""
    return f"red_flag:{red_flag}"
