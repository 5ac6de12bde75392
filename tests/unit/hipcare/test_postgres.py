"""The embedded server: shared, stopped by its last user, and healed after whatever killed a predecessor."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hipcare import postgres, postgres_programs
from hipcare.environment import BASE_DIRECTORY
from hipcare.postgres import EmbeddedServer
from hipcare.postgres_programs import PostgresProblem

USE = """
import sys
from pathlib import Path
from hipcare.postgres import EmbeddedServer
EmbeddedServer(Path(sys.argv[1]), durable=False).start()
print("started", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    """A state directory that the server's user may enter; pytest's own is closed to others."""
    directory = Path(tempfile.mkdtemp(prefix="hipcare-test-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def server(state: Path) -> Iterator[EmbeddedServer]:
    """A running server, the same data for all tests of this module."""
    server = EmbeddedServer(state / "postgres", durable=False)
    server.start()
    yield server
    server.stop()
    server.release()


def answers(server: EmbeddedServer) -> bool:
    try:
        psycopg.connect(server.url).close()
    except psycopg.OperationalError:
        return False
    return True


def postmaster(server: EmbeddedServer) -> int:
    return int((server.data / "postmaster.pid").read_text().splitlines()[0])


def another_user(server: EmbeddedServer) -> subprocess.Popen[str]:
    """A second process that uses the server until its standard input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", USE, str(server.directory)],
        cwd=BASE_DIRECTORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "started\n"
    return process


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["migrate"], True),
        (["--traceback", "migrate"], True),
        (["check", "--deploy"], True),
        ([], False),
        (["help", "migrate"], False),
        (["migrate", "--help"], False),
        (["collectstatic", "--no-input"], False),
    ],
)
def test_a_database_is_started_only_for_commands_that_use_one(arguments: list[str], needed: bool) -> None:
    assert postgres.is_needed_for(arguments) is needed


def test_a_given_database_url_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/hip")
    monkeypatch.setenv("HIPCARE_STATE_DIR", str(tmp_path))
    postgres.use_embedded_unless_configured()
    assert os.environ["DATABASE_URL"] == "postgresql://elsewhere/hip"
    assert list(tmp_path.iterdir()) == []


def test_it_is_postgresql_18_for_its_owner_alone(server: EmbeddedServer) -> None:
    with psycopg.connect(server.url) as connection:
        assert connection.info.server_version // 10000 == 18
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700


def test_the_last_user_stops_it(server: EmbeddedServer) -> None:
    process = another_user(server)
    server.release()
    assert answers(server)
    process.kill()
    process.communicate()
    server.start()
    server.release()
    assert not answers(server)


def test_starting_twice_is_using_once(server: EmbeddedServer) -> None:
    server.start()
    server.release()
    assert not answers(server)


def test_a_killed_server_is_started_again(server: EmbeddedServer) -> None:
    os.kill(postmaster(server), 9)
    server.release()
    server.start()
    assert answers(server)


def test_a_stale_pid_file_that_names_another_program_is_no_obstacle(server: EmbeddedServer) -> None:
    server.release()
    owner = server.data.stat()
    pid_file = server.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{server.data}\n1\n5432\n{server.data}\n\n       1         1\nready\n")
    os.chown(pid_file, owner.st_uid, owner.st_gid)
    server.start()
    assert answers(server)


def test_an_interrupted_initialisation_leaves_nothing_in_the_way(state: Path) -> None:
    half_made = state / "second.new" / "base"
    half_made.mkdir(parents=True)
    second = EmbeddedServer(state / "second", durable=False)
    second.start()
    assert answers(second)
    second.release()
    assert not answers(second)


def test_two_servers_do_not_meet(server: EmbeddedServer, state: Path) -> None:
    second = EmbeddedServer(state / "second", durable=False)
    second.start()
    assert second.url != server.url
    second.release()
    assert answers(server)


def test_a_long_path_with_odd_letters_gets_its_socket_elsewhere(state: Path) -> None:
    odd = state / "it's a long, ö path" / ("x" * 90)
    server = EmbeddedServer(odd / "postgres", durable=False)
    server.start()
    assert answers(server)
    assert str(odd) not in server.url
    server.release()


def test_a_path_that_a_shell_would_change_is_refused(state: Path) -> None:
    with pytest.raises(PostgresProblem, match="move the checkout"):
        EmbeddedServer(state / "$HOME" / "postgres").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
def test_root_in_a_closed_directory_gets_its_data_and_programs_elsewhere(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = state / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(postgres_programs, "OPEN_TO_ROOT", state / "open")
    monkeypatch.setattr(postgres_programs, "everyone_may_enter", lambda path: (state / "open") in path.parents)
    server = EmbeddedServer(closed / "postgres", durable=False)
    server.start()
    assert answers(server)
    assert server.data.is_relative_to(state / "open")
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    server.release()


def test_a_directory_of_somebody_else_is_explained(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, kind: int) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(postgres, "_locked", refuse)
    with pytest.raises(PostgresProblem, match="belongs to another user"):
        EmbeddedServer(state / "postgres").start()
