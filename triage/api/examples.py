"""Examples of the schema: a real case, and its answer shortened to one entry of each list."""

import json
from pathlib import Path
from typing import Any

DIRECTORY = Path(__file__).parent / "example_files"


def _read(name: str) -> dict[str, Any]:
    example: dict[str, Any] = json.loads((DIRECTORY / name).read_text())
    return example


REQUEST = _read("request.json")
ANSWER = _read("answer.json")
ABOUT = _read("about.json")
