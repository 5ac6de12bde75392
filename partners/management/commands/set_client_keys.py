"""`set_client_keys CLIENT_ID --jwks FILE | --jwks-url URL | --none`: the public keys of a client."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from hipcare.errors import InvalidInput
from partners import selectors
from partners.actions import clients


class Command(BaseCommand):
    """Registers the keys under which a client signs its assertions (private_key_jwt)."""

    help = "Register the public keys of a client: a JWKS file, the address of one, or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The client and where its keys are."""
        parser.add_argument("client", type=UUID, help="id of the client, as the admin shows it")
        keys = parser.add_mutually_exclusive_group(required=True)
        keys.add_argument("--jwks", type=Path, help="a file with its public keys")
        keys.add_argument("--jwks-url", default="", help="where it publishes them; https, a public address")
        keys.add_argument("--none", action="store_true", help="it has no keys any more")

    def handle(self, *, client: UUID, jwks: Path | None, jwks_url: str, **options: Any) -> str:
        """Check and register."""
        found = selectors.clients().filter(pk=client).first()
        if found is None:
            raise CommandError(f"There is no client {client}.")
        try:
            keys = None if jwks is None else json.loads(jwks.read_text())
            clients.set_keys(client=found, by="command:set_client_keys", jwks=keys, jwks_url=jwks_url)
        except InvalidInput as refused:
            raise CommandError(refused.problems[0].detail) from None
        except (OSError, ValueError):
            raise CommandError(f"{jwks} cannot be read as JSON.") from None
        return f"The keys of {found} are registered."
