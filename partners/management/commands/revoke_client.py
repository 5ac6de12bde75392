"""`revoke_client CLIENT_ID [--keep-on]`: a client loses its access at once."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from partners import selectors
from partners.actions import clients


class Command(BaseCommand):
    """Switches a client off, or only ends the short-lived tokens that it has."""

    help = "Switch a client off at once; with --keep-on, only end the short-lived tokens that it has."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The client."""
        parser.add_argument("client", type=UUID, help="id of the client, as the admin shows it")
        parser.add_argument("--keep-on", action="store_true", help="it may ask for new tokens")

    def handle(self, *, client: UUID, keep_on: bool, **options: Any) -> str:
        """Revoke."""
        found, by = selectors.clients().filter(pk=client).first(), "command:revoke_client"
        if found is None:
            raise CommandError(f"There is no client {client}.")
        if keep_on:
            clients.end_short_lived_tokens(client=found, by=by)
            return f"Ended the short-lived tokens of {found}."
        clients.change(client=found, name=found.name, scopes=found.scopes, active=False, by=by)
        return f"Switched off {found}."
