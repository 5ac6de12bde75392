"""The running server against its own OpenAPI document, by schemathesis: all checks and phases, as the demo partner.

A few examples an operation are part of every run; `make contract` takes as many as schemathesis.toml says. The server
has a copy of the test database to itself, so it disturbs no other test and none disturbs it.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo
from pytest_django import DjangoDbBlocker

from hipcare.environment import BASE_DIRECTORY
from hipcare.management.commands.serve import close_connections, wait_until_ready
from tests.api.server import free_port

FEW = ["--max-examples=3"]
LEAST_CASES = 1500


@dataclass(frozen=True)
class Server:
    """Where it is, and who may call it."""

    address: str
    token: str


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the test database, by its connection string. Of a module, so that no test is connected meanwhile."""
    with django_db_blocker.unblock():
        original, copy = str(connection.settings_dict["NAME"]), f"{connection.settings_dict['NAME']}_contract"
        close_connections()
    with closing(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)) as maintenance:
        maintenance.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')
        try:
            yield make_conninfo(os.environ["DATABASE_URL"], dbname=copy)
        finally:
            maintenance.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')


@pytest.fixture
def server(database: str, tmp_path: Path) -> Iterator[Server]:
    """The production server on that database, without rate limits as in development, and the demo partner's token."""
    told = {"DATABASE_URL": database, "HIPCARE_MODE": "test", "HIPCARE_STATE_DIR": str(tmp_path)}
    environment = os.environ | told | {"HIPCARE_LOG_LEVEL": "ERROR"}
    token_file = tmp_path / "token"
    prepare = [sys.executable, "manage.py", "make_demo_partner", f"--token-file={token_file}"]
    subprocess.run(prepare, cwd=BASE_DIRECTORY, env=environment, check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    command = [sys.executable, "-m", "hipcare.server", f"--port={port}", "--workers=1"]
    with subprocess.Popen(command, cwd=BASE_DIRECTORY, env=environment) as process:
        try:
            wait_until_ready(process, port)
            yield Server(f"http://127.0.0.1:{port}", token_file.read_text().strip())
        finally:
            process.terminate()


@pytest.mark.django_db
def test_the_server_keeps_its_contract(server: Server) -> None:
    size = [] if os.environ.get("CONTRACT") == "full" else FEW
    told = {"CONTRACT_SERVER": server.address, "CONTRACT_TOKEN": server.token, "PYTHONPATH": str(BASE_DIRECTORY)}
    process = subprocess.run(
        [str(Path(sys.executable).with_name("schemathesis")), "run", *size, f"{server.address}/api/v1/schema"],
        cwd=BASE_DIRECTORY,
        env=os.environ | told,
        capture_output=True,
        text=True,
        check=False,
    )
    report = process.stdout + process.stderr
    print(report)  # noqa: T201 - for `make contract`, which shows it
    assert process.returncode == 0, report
    assert int(re.findall(r"(\d+) generated", report)[0]) >= LEAST_CASES
