"""`make_content_messages`: the catalogue of translations, kept current with the content, and its parts for translators.

It reads the current release, which must be the bundled content: run `load_knowledge --publish` before.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conditions import selectors
from triage.languages import TRANSLATED
from triage.management.published import published_knowledge
from triage.translation import catalogue, parts
from triage.translation.collect import Message, collect


class Command(BaseCommand):
    """Write every text that a patient reads into the catalogue of a language, keep its translations, and compile it."""

    help = "Bring the catalogue of translations up to date with the content, hand out what lacks, or take it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do besides bringing it up to date."""
        parser.add_argument("--locale", choices=TRANSLATED, default=TRANSLATED[0])
        parser.add_argument("--untranslated", type=Path, metavar="DIRECTORY", help="write what lacks as JSON files")
        parser.add_argument("--parts", type=int, default=1, metavar="N", help="at most so many files")
        parser.add_argument("--merge", type=Path, nargs="+", default=[], metavar="FILE", help="take filled files back")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the catalogue up to date, take translations back, compile it, and hand out what lacks."""
        if options["parts"] < 1:
            raise CommandError("--parts must be at least 1.")
        messages = collect(selectors.release_by_id(published_knowledge().release_id))
        locale = options["locale"]
        current = catalogue.updated(catalogue.read(locale), messages, locale)
        problems = [problem for path in options["merge"] for problem in _merge(current, path)]
        if problems:
            raise CommandError("\n".join(["Nothing was written.", *problems]))
        catalogue.write(current, locale)
        lacking = set(catalogue.untranslated(current))
        self.stdout.write(f"{locale}: {len(messages)} texts, {len(lacking)} of them without a translation")
        if options["untranslated"]:
            self._hand_out([m for m in messages if m.text in lacking], options["parts"], options["untranslated"])

    def _hand_out(self, messages: list[Message], count: int, directory: Path) -> None:
        for path in parts.write(parts.split(messages, count), directory):
            self.stdout.write(str(path))


def _merge(current: Any, path: Path) -> list[str]:
    try:
        return [f"{path}: {problem}" for problem in catalogue.fill(current, parts.read(path))]
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}") from None
