"""`rotate_signing_keys [--drop-old] [--file PATH]`: sign short-lived tokens with a new key."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from joserfc.jwk import KeySet

from hipcare.errors import InvalidInput
from partners import signing
from partners.actions import signing_keys


class Command(BaseCommand):
    """Makes a new signing key in the database, or puts one first in a file."""

    help = "Sign with a new key from now on; what the old one signed is accepted until it has expired."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What becomes of the old ones, and where the keys are."""
        parser.add_argument("--drop-old", action="store_true", help="refuse every short-lived token there is")
        parser.add_argument("--file", type=Path, help="write the keys to this file, for HIPCARE_SIGNING_KEYS_FILE")

    def handle(self, *, drop_old: bool, file: Path | None, **options: Any) -> str:
        """Rotate."""
        if file is not None:
            return _rotate_file(file, drop_old)
        try:
            return f"Signing with {signing_keys.rotate(drop_old=drop_old).kid}."
        except InvalidInput as refused:
            raise CommandError(refused.problems[0].detail) from None


def _rotate_file(path: Path, drop_old: bool) -> str:
    """Put a new key before the one that signed; older ones have had their time."""
    try:
        old = [] if drop_old or not path.exists() else [*signing.keys_of_file(path)][:1]
    except ValueError as trouble:
        raise CommandError(str(trouble)) from None
    key = signing.generate()
    draft = path.with_name(f"{path.name}.new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(KeySet([key, *old]).as_dict(private=True)))
    draft.replace(path)
    return f"{path} signs with {key.kid}; restart the service to use it."
