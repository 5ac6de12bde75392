"""`rotate_token PREFIX [--overlap-hours N]`: a new API key or client secret in the place of one."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hipcare.errors import InvalidInput
from partners import selectors
from partners.actions import tokens


class Command(BaseCommand):
    """Issues one of the same kind and lifetime and prints it; the old one expires after the overlap."""

    help = "Issue a credential in the place of another, print it once, and let the old one expire."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The old one and how long it goes on."""
        parser.add_argument("prefix", help="the part between the underscores")
        parser.add_argument("--overlap-hours", type=int, default=24, help="default: %(default)s")

    def handle(self, *, prefix: str, overlap_hours: int, **options: Any) -> str:
        """Rotate and print."""
        token = selectors.tokens().filter(prefix=prefix).first()
        if token is None:
            raise CommandError(f"There is no token with the prefix {prefix}.")
        if overlap_hours < 1:
            raise CommandError("--overlap-hours must be at least 1; to end one at once use revoke_token.")
        try:
            return tokens.rotate(token=token, by="command:rotate_token", overlap=timedelta(hours=overlap_hours))[1]
        except InvalidInput as refused:
            raise CommandError(refused.problems[0].detail) from None
