"""Prepare a database of its own, measure, and print the table."""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from bench import bulk, engine, http, report, storage
from bench.urls import TABLE
from hipcare.api.json import dumps, loads
from hipcare.database.caller import AUTHENTICATOR
from hipcare.management.commands.serve import HOST, close_connections, server_process, wait_until_ready
from triage.engine import assess
from triage.knowledge import current_knowledge
from triage.requests import read_request

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
EXAMPLE = EXAMPLES / "osteoarthritis.json"
STATE = Path(__file__).resolve().parent.parent / ".hipcare" / "bench"


def run() -> None:
    """All measures but those of storage; takes about two minutes."""
    _prepare()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (id bigserial PRIMARY KEY, request bytea, answer bytea)")
        # The bare view is nobody's request.
        cursor.execute(f"GRANT INSERT ON {TABLE} TO {AUTHENTICATOR}")
        cursor.execute(f"GRANT USAGE ON SEQUENCE {TABLE}_id_seq TO {AUTHENTICATOR}")
    knowledge = current_knowledge()
    requests = [read_request(loads(path.read_bytes()), knowledge) for path in sorted(EXAMPLES.glob("*.json"))]
    rows = engine.rows([request.case() for request in requests], knowledge.compiled)
    rows += bulk.rows(knowledge.compiled)
    request = read_request(loads(EXAMPLE.read_bytes()), knowledge)
    answer = STATE / "answer.json"
    answer.write_bytes(dumps(assess(request.case(), knowledge.compiled)))
    os.environ["BENCH_ANSWER"] = str(answer)
    close_connections()
    port = report.free_port()
    with server_process(port, workers=os.cpu_count() or 1) as process:
        wait_until_ready(process, port)
        rows += http.rows(json.loads(EXAMPLE.read_bytes()), _token(), f"http://{HOST}:{port}")
    _tell(rows)


def run_storage() -> None:
    """Lists and inserts at a million assessments; takes about ten minutes and 5 GB."""
    _prepare()
    _tell(storage.rows(json.loads(EXAMPLE.read_bytes()), _token()))


def _prepare() -> None:
    STATE.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("load_knowledge", publish=True)
    call_command("make_demo_partner", token_file=STATE / "token")


def _token() -> str:
    return (STATE / "token").read_text().strip()


def _tell(rows: Iterable[report.Row]) -> None:
    sys.stdout.write(f"{report.machine()}\n\n{report.table(rows)}\n")
