"""Where knowledge comes from."""

from django.db import models

from conditions.constraints import key_unique_in_release, one_of

from .choices import Seen
from .release import KeyedRow


class Citation(KeyedRow):
    """A publication; `number` is a guideline or registry number, `seen` how much of it was read."""

    title = models.TextField(blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    doi = models.CharField(max_length=200, blank=True)
    pmid = models.CharField(max_length=20, blank=True)
    number = models.CharField(max_length=200, blank=True)
    seen = models.CharField(max_length=10, choices=Seen)

    class Meta:
        ordering = ["key"]
        constraints = [key_unique_in_release("citation"), one_of("citation", "seen", Seen)]
