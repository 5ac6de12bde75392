"""`use_release`: an earlier published release is made the current one again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conditions import selectors
from hipcare.errors import HipcareError
from triage.actions import publications


class Command(BaseCommand):
    """Roll back, or forward: any published release can answer."""

    help = "Make a published release the current one, whatever was published since."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which release."""
        parser.add_argument("version", help="the version of the release")

    def handle(self, *args: Any, **options: Any) -> None:
        """Use it, and say so."""
        try:
            release = publications.use(release=selectors.release_by_version(options["version"]), by="command")
        except HipcareError as error:
            raise CommandError(error.detail) from None
        self.stdout.write(f"Release {release.version} is the current one.")
