"""`write_review_tables`: the evidence as one page a family, for clinicians to review."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conditions import review
from conditions.content_files import read_content

CONTENT = Path(__file__).resolve().parents[2] / "content"
PAGES = Path(__file__).resolve().parents[3] / "docs" / "clinical" / "families"


class Command(BaseCommand):
    """Write the pages, or with --check say which are not current."""

    help = "Write docs/clinical/families from the content files, one page a family."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to write, and whether only to check."""
        parser.add_argument("directory", nargs="?", type=Path, default=PAGES)
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is not current")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the directory hold exactly the pages of the content."""
        directory: Path = options["directory"]
        pages = review.pages(read_content(CONTENT))
        stale = review.stale(pages, {path.name: path.read_text() for path in directory.glob("*.md")})
        if options["check"]:
            if stale:
                raise CommandError(f"Not current: {', '.join(stale)}. Run manage.py write_review_tables.")
            return
        directory.mkdir(parents=True, exist_ok=True)
        for name in stale:
            if name in pages:
                (directory / name).write_text(pages[name])
            else:
                (directory / name).unlink()
        self.stdout.write(f"{len(pages)} pages, {len(stale)} changed.")
