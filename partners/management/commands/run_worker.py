"""`run_worker [--concurrency N]`: deliver webhooks until stopped."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from hipcare.parent import stop_with_parent
from partners import worker


class Command(BaseCommand):
    """Runs one worker; several may run at once, on any machine that reaches the database."""

    help = "Deliver webhooks until stopped by SIGTERM or Ctrl-C; what is under way is finished first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many at a time, and when to stop."""
        parser.add_argument("--concurrency", type=int, default=worker.CONCURRENCY, help="deliveries at a time")
        parser.add_argument("--once", action="store_true", help="stop when nothing is due")
        parser.add_argument("--stop-with-parent", action="store_true", help="stop when standard input is closed")

    def handle(self, *, concurrency: int, once: bool, **options: Any) -> None:
        """Work."""
        if options["stop_with_parent"]:
            stop_with_parent()
        asyncio.run(worker.run(concurrency=concurrency, wait=not once))
