"""`print_care`: what is advised for every vignette, in short, for a clinician to review; docs/clinical/care.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hipcare.environment import BASE_DIRECTORY
from triage.evaluation import care
from triage.evaluation.vignettes import DEVELOPMENT_VIGNETTES, parse_vignette
from triage.management.published import published_knowledge
from triage.requests import read_request

PAGE = BASE_DIRECTORY / "docs" / "clinical" / "care.md"


class Command(BaseCommand):
    """Write the page of advice by the current release."""

    help = "Write the urgency, immediate measures, ladder and programme of every vignette, to be reviewed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which vignettes, and where to."""
        parser.add_argument("file", nargs="?", type=Path, default=DEVELOPMENT_VIGNETTES, help="JSONL of vignettes")
        parser.add_argument("--write", type=Path, default=PAGE, metavar="PAGE.md", help=f"default: {PAGE}")

    def handle(self, *args: Any, file: Path, write: Path, **options: Any) -> None:
        """Raises CommandError where there are no vignettes."""
        try:
            lines = file.read_bytes().splitlines()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}. Name a JSONL file of vignettes.") from None
        knowledge = published_knowledge()
        cases = []
        for vignette in map(parse_vignette, filter(None, lines)):
            request = read_request(vignette.body(vignette.own_setting, with_imaging=False), knowledge)
            cases.append((vignette, care.advise(request.case(), knowledge.compiled)))
        write.write_text(care.render(cases, knowledge.compiled), encoding="utf-8")
        self.stdout.write(f"Written: {write} ({len(cases)} vignettes)")
