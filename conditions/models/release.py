"""A release: one version of everything that is known, published whole and then frozen."""

from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Now

from conditions.constraints import one_of

from .choices import ReleaseStatus


class Release(models.Model):
    """One version of the knowledge.

    A draft may change. A published release is frozen: database triggers refuse any change to it and to its rows,
    except that it may be retired. `policy` holds the figures that belong to the release as a whole;
    `policy["scope"]` says what the release covers. `digest` is the SHA-256 over its rows in canonical form;
    `source_digest` is the one over the files that it was published from, blank if it was edited in between.
    """

    Status = ReleaseStatus

    version = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=ReleaseStatus, default=ReleaseStatus.DRAFT)
    digest = models.CharField(max_length=80, blank=True, default="")
    source_digest = models.CharField(max_length=80, blank=True, default="")
    policy = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            one_of("release", "status", ReleaseStatus),
            CheckConstraint(
                condition=Q(status=ReleaseStatus.DRAFT, digest="", published_at=None)
                | (
                    ~Q(status=ReleaseStatus.DRAFT)
                    & Q(digest__regex=r"^sha256:[0-9a-f]{64}$", published_at__isnull=False)
                ),
                name="release_published_has_digest_and_time",
            ),
        ]

    def __str__(self) -> str:
        return self.version

    @property
    def is_frozen(self) -> bool:
        """Whether the database refuses changes to the release and its rows."""
        return self.status != ReleaseStatus.DRAFT


class ReleaseUse(models.Model):
    """A published release was made the current one again; publishing it needs no such row."""

    release = models.ForeignKey("conditions.Release", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.release_id} {self.at}"


class ReleaseRow(models.Model):
    """A row of knowledge; it belongs to one release."""

    release = models.ForeignKey("conditions.Release", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class KeyedRow(ReleaseRow):
    """A row of knowledge with a public id, `key`, that keeps its meaning from release to release."""

    key = models.CharField(max_length=80)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key
