"""`rotate_data_keys [--organisation ID]`: encrypt what is stored under new keys."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand

from partners import selectors
from triage.actions import reencryption


class Command(BaseCommand):
    """New data keys, for one organisation or for all."""

    help = "Encrypt everything that is stored under a new key; the service may run. `maintain` drops the earlier ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose keys."""
        parser.add_argument("--organisation", type=UUID, help="only this organisation, by its id")

    def handle(self, *, organisation: UUID | None, **options: Any) -> None:
        """Rotate, and say how much was encrypted anew."""
        for row in selectors.organisations():
            if organisation in (None, row.id):
                count = reencryption.rotate(organisation_id=row.id, by="command")
                self.stdout.write(f"{row.id}: a new key, {count} rows encrypted under it.")
