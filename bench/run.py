"""Prepare a database of its own, measure, and print the table."""

import json
import os
import socket
import sys
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from bench import bulk, engine, http, report
from bench.urls import TABLE
from hipcare.api.json import dumps, loads
from hipcare.management.commands.serve import HOST, close_connections, server_process, wait_until_ready
from triage.engine import assess
from triage.knowledge import current_knowledge
from triage.requests import read_request

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
STATE = Path(__file__).resolve().parent.parent / ".hipcare" / "bench"


def run() -> None:
    """All measures; takes about two minutes."""
    STATE.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("load_knowledge", publish=True)
    call_command("make_demo_partner", token_file=STATE / "token")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (id bigserial PRIMARY KEY, request bytea, answer bytea)")
    knowledge = current_knowledge()
    requests = [read_request(loads(path.read_bytes()), knowledge) for path in sorted(EXAMPLES.glob("*.json"))]
    rows = engine.rows([request.case() for request in requests], knowledge.compiled)
    rows += bulk.rows(knowledge.compiled)
    example = EXAMPLES / "osteoarthritis.json"
    request = read_request(loads(example.read_bytes()), knowledge)
    answer = STATE / "answer.json"
    answer.write_bytes(dumps(assess(request.case(), knowledge.compiled)))
    os.environ["BENCH_ANSWER"] = str(answer)
    close_connections()
    port = _free_port()
    with server_process(port, workers=os.cpu_count() or 1) as process:
        wait_until_ready(process, port)
        token = (STATE / "token").read_text().strip()
        rows += http.rows(json.loads(example.read_bytes()), token, f"http://{HOST}:{port}")
    sys.stdout.write(f"{report.machine()}\n\n{report.table(rows)}\n")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
