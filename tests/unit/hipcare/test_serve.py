"""`manage.py serve`: what it prints, and how it meets a port that is taken."""

import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from hipcare.environment import BASE_DIRECTORY
from hipcare.management.commands import serve

ANSWER: dict[str, Any] = {
    "urgency": {"level": "routine", "summary": "See primary care within two weeks."},
    "causes": [
        {"name": "Hip osteoarthritis", "probability": 0.621},
        {"name": "Greater trochanteric pain syndrome", "probability": 0.2},
        {"name": "Referred pain from the spine", "probability": 0.1},
        {"name": "Femoral neck stress fracture", "probability": 0.02},
    ],
    "red_flags": [],
    "ladder": {
        "status": "open",
        "immediate": [],
        "rungs": [{"rung": 1, "name": "Education"}, {"rung": 2, "name": "Exercise"}, {"rung": 3, "name": "Injection"}],
    },
}


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind((serve.HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_free_port_is_waited_for_no_longer(taken_port: int) -> None:
    assert not serve.port_is_free(taken_port)
    with socket.socket() as unused:
        unused.bind((serve.HOST, 0))
        free = unused.getsockname()[1]
    serve.wait_for_port(free)


def test_a_taken_port_is_refused_with_another_choice(taken_port: int) -> None:
    with pytest.raises(CommandError, match=rf"Port {taken_port} is in use.* make serve PORT={taken_port + 1}"):
        serve.wait_for_port(taken_port, patience_seconds=0)


def test_the_short_answer_has_urgency_three_causes_flags_and_first_rungs() -> None:
    lines = [" ".join(line.split()) for line in serve.summary(ANSWER).splitlines()]
    assert lines[0] == "urgency routine: See primary care within two weeks."
    assert lines[1].count("%") == 3
    assert "Hip osteoarthritis 62%" in lines[1]
    assert lines[2] == "red flags none"
    assert lines[3] == "ladder (open) 1. Education; 2. Exercise"


def test_a_locked_ladder_shows_what_to_do_at_once() -> None:
    ladder = {"status": "locked", "immediate": ["Do not put weight on the leg."], "rungs": []}
    flags = [{"title": "Suspected hip fracture"}]
    text = " ".join(serve.summary(ANSWER | {"ladder": ladder, "red_flags": flags}).split())
    assert "ladder (locked) Do not put weight on the leg." in text
    assert "red flags Suspected hip fracture" in text


def test_the_curl_command_reads_the_token_from_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "demo-token").write_text("secret-token")
    monkeypatch.chdir(tmp_path)
    command = serve.curl_command(8000, tmp_path / "demo-token", Path("/elsewhere/an example.json"))
    assert "secret-token" not in command
    words = shlex.split(command)
    assert words[0] == "curl"
    assert "Authorization: Bearer $(cat demo-token)" in words
    assert "@/elsewhere/an example.json" in words
    assert words[-1] == "http://127.0.0.1:8000/api/v1/assessments"


def test_the_server_goes_when_its_parent_is_killed() -> None:
    """Standard input is the lifeline: here it ends before the server has begun."""
    with socket.socket() as unused:
        unused.bind((serve.HOST, 0))
        port = unused.getsockname()[1]
    done = subprocess.run(
        [sys.executable, "-m", "hipcare.server", "--stop-with-parent", f"--port={port}", "--workers=1"],
        cwd=BASE_DIRECTORY,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    assert serve.port_is_free(port)


def test_a_refused_example_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "request", lambda *_: (422, b'{"title": "no"}'))
    with pytest.raises(CommandError, match="refused with status 422"):
        serve.post_assessment(1, "token", b"{}")
