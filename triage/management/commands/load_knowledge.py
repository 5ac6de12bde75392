"""`load_knowledge`: the bundled content into a draft release and, with --publish, into use."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hipcare.errors import HipcareError
from triage.actions import publishing


class Command(BaseCommand):
    """Load knowledge from files. Loading what is published already changes nothing."""

    help = "Load the knowledge from its files into a draft release, and publish it with --publish."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the content is and whether to publish it."""
        parser.add_argument("--conditions", type=Path, default=publishing.CONDITIONS_CONTENT, metavar="DIRECTORY")
        parser.add_argument("--exercises", type=Path, default=publishing.EXERCISES_CONTENT, metavar="DIRECTORY")
        parser.add_argument("--publish", action="store_true", help="publish the release after checking it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, publish if wished, and say which release it is."""
        try:
            do = publishing.load_and_publish if options["publish"] else publishing.load
            release = do(conditions=options["conditions"], exercises=options["exercises"])
        except HipcareError as error:
            # Problems of files are told in the detail already, with file and line.
            problems = [problem for problem in error.problems if problem.detail not in error.detail]
            lines = [f"{problem.pointer} {problem.detail}".strip() for problem in problems]
            raise CommandError("\n".join([error.detail, *lines])) from None
        self.stdout.write(f"Release {release.version} is {release.status} {release.digest}".rstrip())
