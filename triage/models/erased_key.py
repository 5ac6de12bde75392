"""Idempotency keys of erased assessments: what was stored under them must not come back."""

from django.db import models
from django.db.models import UniqueConstraint


class ErasedKey(models.Model):
    """A key that is spent. Only its SHA-256 is kept: the key itself may tell of somebody."""

    client = models.ForeignKey("partners.Client", on_delete=models.PROTECT, related_name="+")
    key_digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [UniqueConstraint(fields=["client", "key_digest"], name="erased_key_unique_per_client")]

    def __str__(self) -> str:
        return str(self.pk)
