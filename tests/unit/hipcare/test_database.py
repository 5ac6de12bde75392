"""With the database away a request is refused soon; when it is back nothing needs a restart."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError, connections
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from hipcare.database import base
from hipcare.environment import read_environment
from hipcare.postgres import EmbeddedServer


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """A server of our own, to stop and start; in a directory its user may enter, which pytest's is not."""
    state = Path(tempfile.mkdtemp(prefix="hipcare-test-"))
    state.chmod(0o755)
    server = EmbeddedServer(state / "postgres", durable=False)
    server.start()
    yield server
    server.stop()
    server.release()
    shutil.rmtree(state)


@pytest.fixture
def connection(
    server: EmbeddedServer, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[base.DatabaseWrapper]:
    """A pooled connection with the settings of production."""
    monkeypatch.setattr(base.DatabaseWrapper, "refused_until", 0.0)
    environment = read_environment({"HIPCARE_MODE": "test", "DATABASE_URL": server.url})
    # Django keeps one pool an alias for the whole process, so this one must not be called default.
    known = ConnectionHandler({"default": {}, "stoppable": environment.database()}).settings
    monkeypatch.setitem(connections.settings, "stoppable", known["stoppable"])
    connection = connections["stoppable"]
    assert isinstance(connection, base.DatabaseWrapper)
    with django_db_blocker.unblock():
        yield connection
        connection.close()
        connection.close_pool()
    del connections["stoppable"]


def ask(connection: base.DatabaseWrapper) -> int:
    """One request's use of the database: from the pool and back."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 42")
            return int(cursor.fetchone()[0])
    finally:
        connection.close()


def test_the_pool_recovers_when_the_database_was_away(
    connection: base.DatabaseWrapper, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "REFUSE_FOR_SECONDS", 0.0)
    assert ask(connection) == 42
    server.stop()
    for _ in range(2):
        with pytest.raises(OperationalError, match="couldn't get a connection"):
            ask(connection)
    server.start()
    assert ask(connection) == 42


def test_after_one_waited_in_vain_the_next_are_refused_at_once(
    connection: base.DatabaseWrapper, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "REFUSE_FOR_SECONDS", 3600.0)
    server.stop()
    with pytest.raises(OperationalError, match="couldn't get a connection"):
        ask(connection)
    with pytest.raises(OperationalError, match="did not answer a moment ago"):
        ask(connection)
    server.start()


def test_the_pool_survives_a_quick_restart(connection: base.DatabaseWrapper, server: EmbeddedServer) -> None:
    assert ask(connection) == 42
    server.stop()
    server.start()
    assert ask(connection) == 42
