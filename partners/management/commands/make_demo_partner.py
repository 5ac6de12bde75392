"""`make_demo_partner --token-file PATH`: someone to be while trying the service."""

import os
from argparse import ArgumentParser
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.management.base import BaseCommand

from partners.actions import demo


class Command(BaseCommand):
    """Makes the demo partner and writes a token with every scope to a file that only its owner can read."""

    help = "Make the demo partner and write its access token to a file. A token in the file that still works is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file."""
        parser.add_argument("--token-file", type=Path, required=True, help="where the token is written, mode 600")

    def handle(self, *, token_file: Path, **options: Any) -> None:
        """Make, then write."""
        kept = token_file.read_text().strip() if token_file.exists() else ""
        text = demo.token_text(kept=kept, by="command:make_demo_partner")
        _write_private(token_file, text)
        self.stdout.write(f"The demo partner's access token is in {token_file}.")


def _write_private(path: Path, text: str) -> None:
    """Write `text` to `path` with mode 600, all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A named temporary file is made with mode 600.
    with NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False) as draft:
        draft.write(text + "\n")
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).replace(path)
