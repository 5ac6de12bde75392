"""Rows that belong to a release of the knowledge."""

from django.db import models


class ReleaseRow(models.Model):
    """A row of one release; once that is published, the database refuses every change."""

    release = models.ForeignKey("conditions.Release", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class KeyedRow(ReleaseRow):
    """A row with a public id, `key`, that keeps its meaning from release to release."""

    key = models.CharField(max_length=80)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key
