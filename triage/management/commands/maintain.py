"""`maintain`: what has to be done every day, by a timer or the worker, as the owner of the database."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from triage import partitions
from triage.actions import reencryption, retention


class Command(BaseCommand):
    """Partitions for the months to come, retention, partitions that hold nothing, and data keys that were retired."""

    help = "Make partitions ahead, erase what is past its retention, drop what is empty or retired. Run it every day."

    def handle(self, **options: Any) -> None:
        """Do it all, and say what was done."""
        now = timezone.now()
        made, erased, dropped = partitions.make_ahead(now), retention.purge(now=now), partitions.drop_empty(now)
        keys = reencryption.finish(now=now, by=retention.BY)
        self.stdout.write(f"{len(made)} partitions made, {erased} assessments erased.")
        self.stdout.write(f"{len(dropped)} partitions and {keys} data keys dropped.")
