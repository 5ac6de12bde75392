"""`evaluate`: vignettes through the engine, scored; the page in docs/clinical is written from it."""

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from pydantic import ValidationError

from hipcare.environment import BASE_DIRECTORY
from hipcare.errors import InvalidInput
from triage.engine import ENGINE_VERSION
from triage.evaluation import page, saved, summary
from triage.evaluation.cases import read_vignette
from triage.evaluation.run import Cases, Run, run
from triage.evaluation.vignettes import DEVELOPMENT_VIGNETTES, Vignette
from triage.management.published import published_knowledge

DOCS = BASE_DIRECTORY / "docs" / "clinical"


class Command(BaseCommand):
    """Evaluate the current release. A bad vignette gets a line and the rest goes on."""

    help = "Run vignettes (JSONL, docs/clinical/vignettes.md) through the engine and report how good the answers are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to evaluate and what to do with it."""
        parser.add_argument(
            "files", nargs="*", type=Path, metavar="FILE", help=f"JSONL; {DEVELOPMENT_VIGNETTES} if none is named"
        )
        parser.add_argument("--save", type=Path, metavar="RUN.json", help="keep the answers in short")
        parser.add_argument("--against", type=Path, metavar="RUN.json", help="tell what changed since a kept run")
        documents = parser.add_mutually_exclusive_group()
        documents.add_argument(
            "--write", nargs="?", type=Path, const=DOCS, metavar="DIRECTORY", help=f"write page and plots; {DOCS}"
        )
        documents.add_argument(
            "--check", nargs="?", type=Path, const=DOCS, metavar="DIRECTORY", help="fail if page or plots would change"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Evaluate, tell, write. Exits with 1 for a bad vignette and, with --check, for a page that is not current."""
        files: list[Path] = options["files"] or [DEVELOPMENT_VIGNETTES]
        if options["check"] and not options["files"] and not DEVELOPMENT_VIGNETTES.exists():
            self.stdout.write(f"Not checked: there are no vignettes at {DEVELOPMENT_VIGNETTES}.")
            return
        old = _saved(options["against"]) if options["against"] else None
        evaluated, bad = self._evaluate(files)
        self._tell(evaluated, old)
        if options["save"]:
            text = saved.to_save(evaluated).model_dump_json(indent=1)
            options["save"].write_text(f"{text}\n", encoding="utf-8")
        if options["write"]:
            self._write(options["write"], _documents(evaluated, files))
        if options["check"]:
            self._check(options["check"], _documents(evaluated, files))
        if bad:
            raise CommandError(f"{bad} of the vignettes could not be read.")

    def _evaluate(self, files: Sequence[Path]) -> tuple[Run, int]:
        """The run and the number of bad vignettes, each of which is told on standard error."""
        knowledge = published_knowledge()
        good: dict[str, tuple[Vignette, Cases]] = {}
        bad = 0
        for place, line in _lines(files):
            try:
                vignette, cases = read_vignette(line, knowledge, good)
            except InvalidInput as error:
                self.stderr.write(
                    "\n".join(f"{place} {problem.pointer}: {problem.detail}" for problem in error.problems)
                )
                bad += 1
            else:
                good[vignette.id] = vignette, cases
        if not good:
            raise CommandError(f"There is no vignette in {', '.join(map(str, files))}.")
        return run(list(good.values()), knowledge.compiled, ENGINE_VERSION), bad

    def _tell(self, evaluated: Run, old: saved.SavedRun | None) -> None:
        self.stdout.write(summary.render(evaluated))
        self.stdout.write(f"Time a case: median {median(_milliseconds(evaluated)):.2f} ms\n")
        if old:
            self.stdout.write(summary.render_changes(old, saved.to_save(evaluated)))

    def _write(self, directory: Path, documents: Mapping[str, bytes]) -> None:
        for name, content in documents.items():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            (directory / name).write_bytes(content)
        self.stdout.write(f"Written: {', '.join(str(directory / name) for name in documents)}")

    def _check(self, directory: Path, documents: Mapping[str, bytes]) -> None:
        old = [name for name, content in documents.items() if not _has(directory / name, content)]
        if old:
            raise CommandError(f"Not current in {directory}: {', '.join(old)}. Run make evaluate.")
        self.stdout.write("The page and its plots are current.")


def _lines(files: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """Every line that is not empty, with file and number."""
    for file in files:
        try:
            lines = file.read_bytes().splitlines()
        except OSError as error:
            hint = " Name a JSONL file of vignettes: manage.py evaluate FILE." if file == DEVELOPMENT_VIGNETTES else ""
            raise CommandError(f"{file}: {error.strerror}.{hint}") from None
        yield from ((f"{file}:{number}", line) for number, line in enumerate(lines, start=1) if line.strip())


def _milliseconds(evaluated: Run) -> list[float]:
    return [1000 * result.answer.seconds for results in evaluated.results.values() for result in results]


def _saved(path: Path) -> saved.SavedRun:
    try:
        return saved.SavedRun.model_validate_json(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from None
    except ValidationError:
        raise CommandError(f"{path} is not a run that --save has written.") from None


def _documents(evaluated: Run, files: Sequence[Path]) -> dict[str, bytes]:
    """The page and its plots by their path under the directory of the page."""
    from triage.evaluation.plots import plots  # matplotlib is for development alone, and slow to load

    text = page.render(evaluated, [file.name for file in files])
    drawn = {f"{page.PLOTS}/{name}": content for name, content in plots(evaluated).items()}
    return {page.PAGE: text.encode(), **drawn}


def _has(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() == content
