"""`assess`: answer cases without a server or a token, one JSON line a case."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from io import BytesIO
from itertools import chain, islice
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from hipcare.api.json import dumps, loads
from hipcare.errors import HipcareError
from triage.engine import assess
from triage.engine.assessment import Assessment
from triage.engine.bulk import BLOCK, rank_many
from triage.engine.case import Case
from triage.knowledge import ReleaseKnowledge
from triage.languages import in_language
from triage.management.published import published_knowledge
from triage.requests import read_request

PROGRESS_EVERY = 100


class Command(BaseCommand):
    """Answer the cases of files. A bad case gets an error line and the rest goes on; nothing is stored."""

    help = "Answer cases from JSON or JSONL files (- for standard input), one JSON line a case on standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which files, and how much of each answer."""
        parser.add_argument("files", nargs="+", metavar="FILE", help="JSON, or JSONL with one case a line; - is stdin")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--full", action="store_true", help="the whole answer instead of its short form")
        form.add_argument(
            "--ranking-only", action="store_true", help="the probability of every condition, many at once"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one line a case. Exits with 1 if any case was bad."""
        knowledge = published_knowledge()
        bad = 0
        cases = _cases(options["files"])
        if options["ranking_only"]:
            answers = _rankings(cases, knowledge)
        else:
            answers = (_answer(place, text, knowledge, full=options["full"]) for place, text in cases)
        for count, (line, good) in enumerate(answers, start=1):
            bad += not good
            self.stdout.write(line)
            if self.stderr.isatty() and count % PROGRESS_EVERY == 0:
                self.stderr.write(f"\r{count} cases", ending="")
        if bad:
            raise CommandError(f"{bad} of the cases could not be answered.", returncode=1)


def _cases(names: list[str]) -> Iterator[tuple[str, bytes]]:
    """Every case of the files with the place it is from."""
    for name in names:
        if name == "-":
            yield from _cases_in(name, sys.stdin.buffer)
            continue
        try:
            with open(name, "rb") as stream:  # noqa: PTH123 - a name from the command line
                yield from _cases_in(name, stream)
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}") from None


def _cases_in(name: str, stream: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    """One case a line; or one in all of it, where the first line alone is no JSON value but the whole is."""
    first = stream.readline()
    if not _is_json(first):
        text = first + stream.read()
        if _is_json(text):
            yield name, text
            return
        stream = BytesIO(text)
        first = stream.readline()
    for number, line in enumerate(chain([first], stream), start=1):
        if line.strip():
            yield f"{name}:{number}", line


def _is_json(text: bytes) -> bool:
    try:
        loads(text)
    except HipcareError:
        return False
    return True


def _answer(place: str, text: bytes, knowledge: ReleaseKnowledge, *, full: bool) -> tuple[str, bool]:
    try:
        request = read_request(loads(text), knowledge)
        told = in_language(knowledge, request.options.locale)
        answer = assess(request.case(), told.compiled, request.engine_options())
        said: Any = answer if full else _short(answer)
        return dumps({"case": place, **said}).decode(), True
    except HipcareError as error:
        return _refusal(place, error), False


def _refusal(place: str, error: HipcareError) -> str:
    errors = [{"pointer": p.pointer, "code": p.code, "detail": p.detail} for p in error.problems]
    return dumps({"case": place, "error": error.detail, "errors": errors}).decode()


def _rankings(cases: Iterator[tuple[str, bytes]], knowledge: ReleaseKnowledge) -> Iterator[tuple[str, bool]]:
    """A line for each case in order; one block of cases is in memory at a time."""
    keys = [condition.key for condition in knowledge.compiled.conditions]
    while block := list(islice(cases, BLOCK)):
        read = [(place, _read(text, knowledge)) for place, text in block]
        good = [case for _, case in read if isinstance(case, Case)]
        ranked = (row for rows in rank_many(good, knowledge.compiled) for row in rows)
        for place, case in read:
            if isinstance(case, HipcareError):
                yield _refusal(place, case), False
            else:
                pairs = sorted(zip(keys, next(ranked).tolist(), strict=True), key=lambda pair: -pair[1])
                yield dumps({"case": place, "probabilities": dict(pairs)}).decode(), True


def _read(text: bytes, knowledge: ReleaseKnowledge) -> Case | HipcareError:
    try:
        return read_request(loads(text), knowledge).case()
    except HipcareError as error:
        return error


def _short(answer: Assessment) -> dict[str, Any]:
    return {
        "status": answer["status"],
        "urgency": answer["urgency"]["level"],
        "red_flags": [flag["id"] for flag in answer["red_flags"]],
        "causes": [[cause["condition"], round(cause["probability"], 3)] for cause in answer["causes"][:3]],
        "ladder": answer["ladder"]["status"],
    }
