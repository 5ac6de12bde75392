"""How a release came into use: who asked for it, and who else approved."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Now


class Publication(models.Model):
    """A request to publish a draft with exactly the content of `digest`, and its approval by somebody else.

    People are named as in the audit trail (`staff:<id>`).
    """

    release = models.ForeignKey("conditions.Release", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=80)
    requested_by = models.CharField(max_length=200)
    requested_at = models.DateTimeField(db_default=Now())
    approved_by = models.CharField(max_length=200, blank=True, default="")
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            CheckConstraint(condition=~Q(requested_by=""), name="publication_requested_by_somebody"),
            CheckConstraint(condition=~Q(approved_by=F("requested_by")), name="publication_approved_by_another"),
            CheckConstraint(
                condition=Q(approved_by="", approved_at=None) | (~Q(approved_by="") & Q(approved_at__isnull=False)),
                name="publication_approval_has_person_and_time",
            ),
            UniqueConstraint(fields=["release"], condition=Q(approved_at=None), name="publication_requested_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.requested_at}"
