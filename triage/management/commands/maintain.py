"""`maintain`: what has to be done every day, by a timer or the worker, as the owner of the database."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from triage import partitions
from triage.actions import retention


class Command(BaseCommand):
    """Partitions for the months to come, retention, and partitions that hold nothing any more."""

    help = "Make partitions ahead, erase what is past its retention, drop partitions that are empty. Run it every day."

    def handle(self, **options: Any) -> None:
        """Do it all, and say what was done."""
        now = timezone.now()
        made, erased, dropped = partitions.make_ahead(now), retention.purge(now=now), partitions.drop_empty(now)
        self.stdout.write(
            f"{len(made)} partitions made, {erased} assessments erased, {len(dropped)} partitions dropped."
        )
