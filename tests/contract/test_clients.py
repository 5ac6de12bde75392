"""The clients of docs/openapi.yaml: they type-check, strictly, and do with the real server what their examples say.

They are made first, as `make clients` does. Node.js comes as a wheel and npm asks its registry; where that fails, the
tests fail with what it says.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pytest_django import DjangoDbBlocker

from clients import generation
from hipcare.environment import BASE_DIRECTORY
from partners.actions import clients, organisations, tokens
from partners.models import CredentialKind, Scope
from tests import audit_trail
from tests.api.server import free_port

PATIENCE_SECONDS = 60
CREDENTIALS = {"an API key": ("API_KEY",), "a client secret": ("CLIENT_ID", "CLIENT_SECRET")}
# What both examples write, in the first words of each line.
STEPS = [
    "urgency: routine (questions are open)",
    "cause: 0.",
    "cause: 0.",
    "cause: 0.",
    "a repeat is the same assessment: true",
    "read back: true",
    "conditions not to miss: ",
    "refused: 422 /problems/invalid-input /findings/0/id unknown_finding",
    "erased: 404 /problems/not-found",
]


@pytest.fixture(scope="module")
def python_client() -> Path:
    """The folder in which `hipcare_client` is."""
    return generation.make_python().parent


@pytest.fixture(scope="module")
def typescript_client() -> Path:
    """The folder of the types, of the packages, and of the built example."""
    generation.make_typescript()
    return generation.TYPESCRIPT


@pytest.fixture(scope="module")
def partner(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, str]]:
    """The secrets of a client that the server sees too; it is removed afterwards with all that it stored."""
    with django_db_blocker.unblock():
        organisation = organisations.create(name="Hip clinic", by="test")
        client = clients.create(organisation=organisation, name="Example", scopes=Scope.values, by="test")
        yield {
            "API_KEY": tokens.issue(client=client, by="test")[1],
            "CLIENT_ID": str(client.id),
            "CLIENT_SECRET": tokens.issue(client=client, by="test", kind=CredentialKind.CLIENT_SECRET)[1],
        }
        audit_trail.forget_partners()


@pytest.fixture(scope="module")
def address(partner: dict[str, str]) -> Iterator[str]:
    """The address of a real server on the database of the tests."""
    port = free_port()
    database = make_conninfo(
        **{**conninfo_to_dict(os.environ["DATABASE_URL"]), "dbname": connection.settings_dict["NAME"]}
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "hipcare.server", "--port", str(port), "--workers", "1", "--stop-with-parent"],
        cwd=BASE_DIRECTORY,
        env={**os.environ, "DATABASE_URL": database},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError


@pytest.fixture
def run(address: str, partner: dict[str, str]) -> Callable[..., list[str]]:
    """Run an example with these secrets of the partner; the lines that it writes."""

    def written(command: list[str | Path], folder: Path, secrets: tuple[str, ...]) -> list[str]:
        environment = {**os.environ, "HIPCARE": address, **{name: partner[name] for name in secrets}}
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
        )
        assert done.returncode == 0, done.stderr
        return [line.strip() for line in done.stdout.splitlines()]

    return written


def assert_all_steps(lines: list[str]) -> None:
    assert len(lines) == len(STEPS)
    for line, step in zip(lines, STEPS, strict=True):
        assert line.lower().startswith(step.lower())


@pytest.mark.django_db
@pytest.mark.parametrize("secrets", CREDENTIALS.values(), ids=CREDENTIALS)
def test_the_python_example_runs(run: Callable[..., list[str]], python_client: Path, secrets: tuple[str, ...]) -> None:
    assert_all_steps(run([sys.executable, "example.py"], python_client, secrets))


@pytest.mark.django_db
@pytest.mark.parametrize("secrets", CREDENTIALS.values(), ids=CREDENTIALS)
def test_the_typescript_example_runs(
    run: Callable[..., list[str]], typescript_client: Path, secrets: tuple[str, ...]
) -> None:
    assert_all_steps(run([*generation.node(), "build/example.js"], typescript_client, secrets))


def strictly_checked(folder: Path, *files: str | Path) -> str:
    """What mypy says, without the settings of this project. Raises ClientProblem."""
    options = ["--strict", "--config-file=", f"--cache-dir={BASE_DIRECTORY / '.mypy_cache'}"]
    return generation.run([sys.executable, "-m", "mypy", *options, *files], folder)


def test_the_python_client_and_its_example_are_typed(python_client: Path) -> None:
    assert strictly_checked(python_client, "--module", "example", "--package", "hipcare_client").startswith("Success")


def test_the_types_of_python_refuse_what_the_server_refuses(
    python_client: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "from hipcare_client.models import Age, AssessmentRequest, Patient\n"
        'AssessmentRequest(patient=Patient(age=Age(value=67)), setting="hospital")\n'
    )
    monkeypatch.setenv("MYPYPATH", str(python_client))
    with pytest.raises(generation.ClientProblem, match=r"incompatible type \"Literal\['hospital'\]\""):
        strictly_checked(tmp_path, wrong)


def test_the_types_of_typescript_refuse_what_the_server_refuses(typescript_client: Path, tmp_path: Path) -> None:
    types = typescript_client / "generated" / "hipcare.js"
    wrong = tmp_path / "wrong.ts"
    wrong.write_text(
        f'import type {{ components }} from "{types}";\n'
        'export const sent: components["schemas"]["AssessmentRequest"] = {\n'
        '  patient: { age: { value: 67 } }, setting: "hospital" };\n'
    )
    compiler = typescript_client / "node_modules" / "typescript" / "bin" / "tsc"
    with pytest.raises(generation.ClientProblem, match=r"Type '\"hospital\"' is not assignable"):
        generation.run([*generation.node(), compiler, "--strict", "--noEmit", wrong], tmp_path)


def test_the_packages_are_locked_by_digest_and_by_no_registry() -> None:
    text = (generation.TYPESCRIPT / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in text
    assert '"resolved"' not in text


def test_a_client_that_cannot_be_made_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation, "find_spec", lambda name: None)
    with pytest.raises(generation.ClientProblem, match=r"There is no Node\.js"):
        generation.npm("ci")
    with pytest.raises(generation.ClientProblem, match="broken"):
        generation.run([sys.executable, "-c", "raise SystemExit('broken')"], generation.ROOT)
