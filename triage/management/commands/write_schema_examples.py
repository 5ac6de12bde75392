"""`write_schema_examples`: the examples of the OpenAPI document, answered by the current release."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from triage.api import examples
from triage.api.views import about
from triage.engine import assess
from triage.knowledge import current_knowledge
from triage.requests import read_request

FIXED = {"id": "019a0000-0000-7000-8000-000000000000", "created_at": "2026-01-01T00:00:00Z", "stored": True}
LONGEST_LIST = 2


class Command(BaseCommand):
    """Answer the example request and write the answer with each list cut to its first entries."""

    help = "Write the example answers of the OpenAPI document; run make schema afterwards."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write answer.json, programme.json and about.json beside the requests."""
        knowledge = current_knowledge()
        request = read_request(examples.REQUEST, knowledge)
        answer = {**FIXED, **assess(request.case(), knowledge.compiled, request.engine_options())}
        _write(examples.DIRECTORY / "answer.json", shortened(answer))
        request = read_request(examples.PROGRAMME_REQUEST, knowledge)
        programme = assess(request.case(), knowledge.compiled, request.engine_options())["programme"]
        _write(examples.DIRECTORY / "programme.json", shortened(programme))
        _write(examples.DIRECTORY / "about.json", about(knowledge))


def shortened(value: Any) -> Any:
    """The value with every list cut to its first entries."""
    if isinstance(value, dict):
        return {key: shortened(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [shortened(inner) for inner in value[:LONGEST_LIST]]
    return value


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
