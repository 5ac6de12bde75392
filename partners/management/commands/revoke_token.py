"""`revoke_token PREFIX`: an API key or client secret stops working at once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partners import selectors
from partners.actions import tokens


class Command(BaseCommand):
    """Revokes one by its prefix, the part between the underscores."""

    help = "Revoke an API key or client secret by its prefix (hipcare_<prefix>_…)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The prefix."""
        parser.add_argument("prefix")

    def handle(self, *, prefix: str, **options: Any) -> str:
        """Revoke."""
        token = selectors.tokens().filter(prefix=prefix).first()
        if token is None:
            raise CommandError(f"There is no token with the prefix {prefix}.")
        tokens.revoke(token=token, by="command:revoke_token")
        return f"Revoked {token}"
