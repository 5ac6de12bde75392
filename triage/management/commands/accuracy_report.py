"""`accuracy_report`: how often answers were right, by the outcomes that partners reported."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from triage import selectors
from triage.accuracy import accuracy_report, as_text


class Command(BaseCommand):
    """Names organisations and no person; figures of fewer than five cases are left out."""

    help = "Report how often answers were right, over all and by organisation, by the outcomes that were reported."

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the outcomes that stand and print the figures."""
        report = accuracy_report(selectors.standing_outcomes().iterator(chunk_size=500))
        self.stdout.write(as_text(report, timezone.now().date()), ending="")
