"""`issue_token CLIENT_ID [--days N] [--secret]`: a new API key or client secret, printed once."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partners import selectors
from partners.actions import tokens
from partners.credentials import API_KEY, CLIENT_SECRET


class Command(BaseCommand):
    """Issues one and prints it on standard output, the only time it can be read."""

    help = "Issue an API key, or with --secret a client secret, for a client and print it once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The client and how long."""
        parser.add_argument("client", type=UUID, help="id of the client, as the admin shows it")
        parser.add_argument("--days", type=int, help="days until it expires; without, it does not")
        parser.add_argument("--secret", action="store_true", help="a client secret, for POST /oauth/token")

    def handle(self, *, client: UUID, days: int | None, secret: bool, **options: Any) -> str:
        """Issue and print."""
        found = selectors.clients().filter(pk=client).first()
        if found is None:
            raise CommandError(f"There is no client {client}.")
        if days is not None and days < 1:
            raise CommandError("--days must be at least 1.")
        expires_at = None if days is None else timezone.now() + timedelta(days=days)
        kind = CLIENT_SECRET if secret else API_KEY
        return tokens.issue(client=found, by="command:issue_token", expires_at=expires_at, kind=kind)[1]
