"""Texts handed out to translators."""

import json
from pathlib import Path

import pytest

from triage.translation import parts
from triage.translation.collect import Message

MESSAGES = [
    *(Message(f"finding number {n}", (f"finding {n}, name",)) for n in range(10)),
    *(Message(f"red flag number {n}", (f"red flag {n}, title",)) for n in range(10)),
]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 50])
def test_parts_hold_every_text_once_in_order(count: int) -> None:
    made = parts.split(MESSAGES, count)
    assert [message for part in made for message in part] == MESSAGES
    assert len(made) == min(count, len(MESSAGES))
    lengths = [sum(len(message.text) for message in part) for part in made]
    assert max(lengths) - min(lengths) <= 2 * max(len(message.text) for message in MESSAGES)


def test_nothing_to_hand_out_makes_no_parts() -> None:
    assert parts.split([], 3) == []


def test_files_are_named_after_their_topics_and_read_back(tmp_path: Path) -> None:
    paths = parts.write(parts.split(MESSAGES, 3), tmp_path / "new")
    assert [path.name for path in paths] == ["01-findings.json", "02-findings-rest.json", "03-rest.json"]
    assert [text for path in paths for text in parts.read(path)] == [message.text for message in MESSAGES]
    assert set(parts.read(paths[0]).values()) == {""}


@pytest.mark.parametrize("content", [["a"], {"a": 1}, {"a": None}, "a"])
def test_a_file_of_another_shape_is_refused(content: object, tmp_path: Path) -> None:
    path = tmp_path / "filled.json"
    path.write_text(json.dumps(content))
    with pytest.raises(ValueError, match="not an object of texts"):
        parts.read(path)
