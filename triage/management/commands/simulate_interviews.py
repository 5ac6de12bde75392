"""`simulate_interviews`: how many questions an interview needs, answered from cases whose answers are known."""

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hipcare.api.json import loads
from triage.engine.case import Case
from triage.evaluation import interviews
from triage.evaluation.run import SETTINGS
from triage.evaluation.vignettes import DEVELOPMENT_VIGNETTES
from triage.knowledge import ReleaseKnowledge
from triage.management.published import published_knowledge
from triage.requests import read_request


class Command(BaseCommand):
    """Interview the cases of files and print or write what it took."""

    help = (
        "Simulate interviews on cases (JSONL), unknown where a case is silent, and tell how many questions they need."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which cases, and where the page goes."""
        parser.add_argument("files", nargs="*", type=Path, default=[DEVELOPMENT_VIGNETTES], metavar="FILE")
        parser.add_argument("--write", type=Path, metavar="PAGE", help="write a Markdown page instead of printing")

    def handle(self, *args: Any, **options: Any) -> None:
        """One table for each setting."""
        files: Sequence[Path] = options["files"]
        knowledge = published_knowledge()
        cases = _cases(files, knowledge)
        tables: dict[str, str] = {
            setting: interviews.table([replace(case, setting=setting) for case in cases], knowledge.compiled)
            for setting in SETTINGS
        }
        release = knowledge.compiled.knowledge
        text = interviews.page([file.name for file in files], f"{release.version} (`{release.digest}`)", tables)
        if options["write"]:
            options["write"].write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text)


def _cases(files: Sequence[Path], knowledge: ReleaseKnowledge) -> list[Case]:
    try:
        lines = [line for path in files for line in path.read_bytes().splitlines() if line.strip()]
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from None
    documents = [loads(line) for line in lines]
    if not documents:
        raise CommandError("There are no cases in these files.")
    return [read_request(document.get("case", document), knowledge).case() for document in documents]
