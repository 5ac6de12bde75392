"""`manage.py format_content`: write knowledge files in their one canonical form."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conditions.content_files import read_content
from conditions.content_writer import files_of, write_content
from hipcare.errors import InvalidInput

BUNDLED = Path(__file__).resolve().parents[2] / "content"


class Command(BaseCommand):
    """Checks the content first, so a file with a mistake is reported and none is written."""

    help = "Check the knowledge files and write them in canonical form (comments are not kept)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", nargs="?", type=Path, default=BUNDLED, help="Default: the bundled content.")
        parser.add_argument("--check", action="store_true", help="Write nothing; fail if a file is not canonical.")

    def handle(self, *args: Any, directory: Path, check: bool, **options: Any) -> None:
        """Raises CommandError for content with problems or, with `check`, files in another form."""
        try:
            content = read_content(directory)
        except InvalidInput as error:
            raise CommandError(str(error)) from error
        files = files_of(content)
        other = [name for name, text in files.items() if (directory / name).read_bytes() != text.encode()]
        if check and other:
            raise CommandError("Not in canonical form (run format_content): " + ", ".join(sorted(other)))
        write_content(content, directory)
        self.stdout.write(f"{len(other)} files written, {len(files) - len(other)} were canonical.")
