"""Texts to be translated as files of `{"text": ""}`, and those files back: for translators without tools of gettext."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from triage.translation.collect import Message

Part = list[Message]


def split(messages: Sequence[Message], parts: int) -> list[Part]:
    """At most so many parts of about the same length, in the order of the messages, which is that of the topics."""
    total = sum(len(message.text) for message in messages)
    made: list[Part] = [[] for _ in range(parts)]
    before = 0
    for message in messages:
        made[min(before * parts // max(total, 1), parts - 1)].append(message)
        before += len(message.text)
    return [part for part in made if part]


def write(parts: Iterable[Part], directory: Path) -> list[Path]:
    """Write each part to a file that is named after its number and its topics."""
    directory.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, part in enumerate(parts, start=1):
        topics = dict.fromkeys(message.topic for message in part)
        path = directory / f"{number:02d}-{'-'.join(topics)}.json"
        texts = {message.text: "" for message in part}
        path.write_text(json.dumps(texts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def read(path: Path) -> dict[str, str]:
    """The translations in a filled file. Raises ValueError where it has another shape."""
    filled = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(filled, dict) or not all(isinstance(text, str) for text in filled.values()):
        raise ValueError("not an object of texts")
    return filled
