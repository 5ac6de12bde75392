"""`check_webhooks [--max-seconds N]`: whether webhooks are delivered in time, for monitoring."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partners import webhook_metrics


class Command(BaseCommand):
    """Fails when a delivery is overdue: then no worker runs, or they do not keep up."""

    help = "Exit with an error if a webhook has been due for longer than --max-seconds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How long is too long."""
        parser.add_argument("--max-seconds", type=int, default=300)

    def handle(self, *, max_seconds: int, **options: Any) -> str:
        """Look."""
        lag = webhook_metrics.lag_seconds()
        if lag > max_seconds:
            raise CommandError(f"A webhook has been due for {lag:.0f} seconds: is a worker running?")
        return f"The longest wait is {lag:.0f} seconds."
