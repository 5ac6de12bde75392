"""The triage app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TriageConfig(AppConfig):
    """What it means."""

    name = "triage"

    def ready(self) -> None:
        """Have partitions for the months to come after every `migrate`."""
        post_migrate.connect(_make_partitions, sender=self)


def _make_partitions(**_: Any) -> None:
    from django.utils import timezone

    from triage import partitions

    if partitions.exist():
        partitions.make_ahead(timezone.now())
