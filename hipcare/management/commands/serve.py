"""Everything from an empty checkout to an answered case, then serve until stopped."""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from hipcare.environment import BASE_DIRECTORY, read_environment, state_directory
from hipcare.server import WORKERS

HOST = "127.0.0.1"
PATIENCE_SECONDS = 60
EXAMPLE = BASE_DIRECTORY / "examples" / "osteoarthritis.json"


class Command(BaseCommand):
    """Prepare database, knowledge, demo partner and static files; serve; show one answered case."""

    help = "Prepare everything and serve on 127.0.0.1, with one example answered when ready."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Port and size of the server."""
        parser.add_argument("--port", type=int, default=read_environment(os.environ).port)
        parser.add_argument("--workers", type=int, default=WORKERS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C or SIGTERM, both of which end it without an error."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        port, token_file = options["port"], state_directory() / "demo-token"
        with suppress(KeyboardInterrupt):
            wait_for_port(port)
            self.prepare(token_file)
            with server_process(port, options["workers"]) as process, worker_process():
                wait_until_ready(process, port)
                self.show_example(port, token_file)
                process.wait()
                raise CommandError("The server stopped by itself; the lines above say why.")
        self.say("Stopped.")

    def prepare(self, token_file: Path) -> None:
        """Bring database, knowledge, demo partner and static files up to date."""
        self.say("Preparing database and knowledge …")
        call_command("migrate", verbosity=0)
        call_command("load_knowledge", publish=True)
        call_command("make_demo_partner", token_file=token_file)
        if static_files_are_old():
            call_command("collectstatic", interactive=False, verbosity=0)
        close_connections()

    def show_example(self, port: int, token_file: Path) -> None:
        """Post one example to the server and print the answer and the command that repeats it."""
        self.say(f"Serving on http://{HOST}:{port}  (docs: /api/v1/docs; Ctrl-C stops)")
        answer = post_assessment(port, token_file.read_text().strip(), EXAMPLE.read_bytes())
        self.say(f"\n{shown(EXAMPLE)} is answered with\n{summary(answer)}\n\nAsk it yourself:\n")
        self.say(f"  {curl_command(port, token_file, EXAMPLE)}\n")

    def say(self, text: str) -> None:
        """Print at once, also into a pipe."""
        self.stdout.write(text)
        self.stdout.flush()


def wait_for_port(port: int, patience_seconds: float = 3) -> None:
    """Return when `port` is free: a killed predecessor's server needs a moment to notice and go."""
    deadline = time.monotonic() + patience_seconds
    while not port_is_free(port):
        if time.monotonic() > deadline:
            raise CommandError(
                f"Port {port} is in use{user_of(port)}. Stop that, or choose another: make serve PORT={port + 1}"
            )
        time.sleep(0.1)


def port_is_free(port: int) -> bool:
    """Whether nobody listens on `port` of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def user_of(port: int) -> str:
    """Who listens on `port`, in brackets, as far as the system tells."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                leader = psutil.Process(os.getpgid(connection.pid))
                return f" (process {leader.pid}: {shlex.join(leader.cmdline())[:80]})"
    except (psutil.Error, ProcessLookupError):
        pass
    return ""


def static_files_are_old() -> bool:
    """Whether a static file is newer than the last collection."""
    collected = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not collected.exists():
        return True
    sources = (Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([]))
    return any(source.stat().st_mtime > collected.stat().st_mtime for source in sources)


def close_connections() -> None:
    """Give the database back: from here on the server's processes use it, this one only waits."""
    for connection in connections.all():
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()


@contextmanager
def server_process(port: int, workers: int) -> Iterator[subprocess.Popen[bytes]]:
    """The server, for as long as it is needed."""
    command = [sys.executable, "-m", "hipcare.server", "--stop-with-parent"]
    with child_process([*command, f"--host={HOST}", f"--port={port}", f"--workers={workers}"]) as process:
        yield process


@contextmanager
def worker_process() -> Iterator[subprocess.Popen[bytes]]:
    """The worker beside it, which delivers webhooks."""
    with child_process([sys.executable, "manage.py", "run_worker", "--stop-with-parent"]) as process:
        yield process


@contextmanager
def child_process(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process group of its own, which ends with this process even if that is killed."""
    process = subprocess.Popen(  # noqa: S603 - our own words, no shell
        command,
        cwd=BASE_DIRECTORY,
        env={"HIPCARE_LOG_LEVEL": "WARNING"} | os.environ,
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a child and what it started, politely first; a second Ctrl-C does not cut this short."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=15)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    """Return when `/readyz` says so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            if request(port, "GET", "/readyz")[0] == 200:
                return
        time.sleep(0.1)
    raise CommandError("The server did not become ready; the lines above say why.")


def post_assessment(port: int, token: str, case: bytes) -> dict[str, Any]:
    """The server's answer to `case`."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    status, body = request(port, "POST", "/api/v1/assessments", case, headers)
    if status not in {200, 201}:
        raise CommandError(f"The example was refused with status {status}: {body.decode(errors='replace')}")
    answer: dict[str, Any] = json.loads(body)
    return answer


def request(
    port: int, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """Status and body of one exchange with the server."""
    connection = HTTPConnection(HOST, port, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def summary(answer: dict[str, Any]) -> str:
    """An assessment in five short lines."""
    urgency, ladder = answer["urgency"], answer["ladder"]
    causes = [f"{cause['name']} {cause['probability']:.0%}" for cause in answer["causes"][:3]]
    flags = [flag["title"] for flag in answer["red_flags"]]
    rungs = [f"{rung['rung']}. {rung['name']}" for rung in ladder["rungs"][:2]] or ladder["immediate"][:2]
    lines = {
        "urgency": f"{urgency['level']}: {urgency['summary']}",
        "causes": ", ".join(causes) or "none stands out",
        "red flags": ", ".join(flags) or "none",
        f"ladder ({ladder['status']})": "; ".join(rungs) or "none",
    }
    return "\n".join(f"  {name:<22}{text}" for name, text in lines.items())


def curl_command(port: int, token_file: Path, example: Path) -> str:
    """What repeats the example in a shell; the token stays in its file."""
    token = f'"Authorization: Bearer $(cat {shlex.quote(str(shown(token_file)))})"'
    data = shlex.quote(f"@{shown(example)}")
    return (
        f"curl -s -H {token} -H 'Content-Type: application/json' --data-binary {data} "
        f"http://{HOST}:{port}/api/v1/assessments"
    )


def shown(path: Path) -> Path:
    """`path` as a person in the current directory would write it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
