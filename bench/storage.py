"""Lists and inserts with a million stored assessments against ten thousand: two databases, two servers, in turn.

    python -m bench --storage

The rows are written by SQL, over a year of months; what lists are filtered by varies, and the sealed answers are short,
for no list reads them. Each figure is the median of single requests, one after another.
"""

import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import HTTPConnection
from urllib.parse import urlencode

import psycopg
from django.db import connection

from bench.report import Row, free_port
from hipcare.management.commands.serve import HOST, close_connections, server_process, wait_until_ready
from partners.actions import data_keys
from triage import partitions

SMALL, LARGE = 10_000, 1_000_000
ROUNDS = 150
RARE, PERSON = "labral_tear", "8f1c"

# Ids spread evenly over the past year, in the order of time; one in two thousand lists the rare cause.
_FILL = """
    INSERT INTO triage_assessment (id, organisation_id, client_id, release_id, engine_version, created_at, setting,
        status, urgency, causes, red_flags, sealed_request, sealed_answer, sealed_reference, reference_digest)
    SELECT made.id, client.organisation_id, client.id, release.id, '1.0.0', made.at, 'primary_care', 'complete',
        (ARRAY['emergency', 'same_day', 'urgent', 'routine', 'self_care'])[1 + n %% 5],
        CASE WHEN n %% 2000 = 0 THEN ARRAY['hip_osteoarthritis', %(rare)s]
             ELSE ARRAY['hip_osteoarthritis', 'gluteal_tendinopathy', 'lumbar_radiculopathy'] END,
        CASE WHEN n %% 10 = 0 THEN ARRAY['hip_fracture_suspected'] ELSE '{}'::text[] END,
        decode(repeat('00', 200), 'hex'), decode(repeat('00', 600), 'hex'), NULL,
        CASE WHEN n %% (%(count)s / 5) = 0 THEN %(person)s ELSE sha256(n::text::bytea) END
    FROM generate_series(1, %(count)s) AS n,
        LATERAL (SELECT now() - (%(count)s - n + 1) * (interval '360 days' / %(count)s) AS at) AS time,
        LATERAL (SELECT at, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7000'
                            || '8000' || lpad(to_hex(n), 12, '0'))::uuid AS id) AS made,
        (SELECT id, organisation_id FROM partners_client ORDER BY created_at LIMIT 1) AS client,
        (SELECT id FROM conditions_release WHERE digest <> '' LIMIT 1) AS release
"""
_LABEL = """
    INSERT INTO triage_assessmentlabel (organisation_id, label, assessment_id)
    SELECT organisation_id, unnest(array_cat(ARRAY['leading_cause:' || causes[1]],
        array_cat(ARRAY(SELECT 'cause:' || cause FROM unnest(causes) AS cause),
                  ARRAY(SELECT 'red_flag:' || flag FROM unnest(red_flags) AS flag)))), id FROM triage_assessment
"""


@dataclass(frozen=True, slots=True)
class Request:
    """One request to measure."""

    what: str
    method: str
    path: str
    body: bytes | None = None


def requests(case: dict[str, object]) -> list[Request]:
    """Every list a partner has, and the insert."""
    queries: dict[str, dict[str, str]] = {
        "newest": {},
        "of one urgency": {"urgency": "emergency"},
        "of a common cause": {"cause": "hip_osteoarthritis"},
        # The page is no longer than the small table fills.
        "5 of a cause of one in 2000": {"cause": RARE, "page_size": "5"},
        "of one red flag": {"red_flag": "hip_fracture_suspected"},
        "of one person": {"reference": PERSON},
        "of one week": {"created_after": _weeks_ago(10), "created_before": _weeks_ago(9)},
    }
    path = "/api/v1/assessments"
    lists = [Request(f"`GET /assessments`, {what}", "GET", f"{path}?{urlencode(q)}") for what, q in queries.items()]
    return [*lists, Request("`POST /assessments`, stored", "POST", path, json.dumps(case).encode())]


def rows(case: dict[str, object], token: str) -> Iterator[Row]:
    """Each request on both databases in turn, which are copies of the one that Django is connected to."""
    person = _person()
    _make_past_partitions()
    close_connections()
    with ExitStack() as servers:
        small, large = (servers.enter_context(_served(count, person)) for count in (SMALL, LARGE))
        for request in requests(case):
            few, many = _in_turn(partial(_time, small, request, token), partial(_time, large, request, token))
            yield Row(request.what, f"{many:.1f} ms", f"{few:.1f} ms", many / few, "at most 1.3")


def _weeks_ago(weeks: int) -> str:
    return (datetime.now(UTC) - timedelta(weeks=weeks)).isoformat()


def _person() -> bytes:
    """The digest of a person's reference for the demo partner."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisation_id FROM partners_client ORDER BY created_at LIMIT 1")
        (organisation_id,) = cursor.fetchone()
    return data_keys.digest(organisation_id, PERSON.encode())


def _make_past_partitions() -> None:
    for days in (180, 360):
        partitions.make_ahead(datetime.now(UTC) - timedelta(days=days))


@contextmanager
def _served(count: int, person: bytes) -> Iterator[int]:
    """A server on a database of its own with so many assessments; its port."""
    prepared = os.environ["DATABASE_URL"]
    url = prepared.replace("/postgres?", f"/bench_{count}?")
    _copy(prepared.replace("/postgres?", "/template1?"), f"bench_{count}")
    _fill(url, count, person)
    port = free_port()
    os.environ["DATABASE_URL"] = url
    try:
        with server_process(port, workers=1) as process:
            os.environ["DATABASE_URL"] = prepared
            wait_until_ready(process, port)
            yield port
    finally:
        os.environ["DATABASE_URL"] = prepared


def _copy(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as session:
        session.execute(f"DROP DATABASE IF EXISTS {name}")
        session.execute(f"CREATE DATABASE {name} TEMPLATE postgres")


def _fill(url: str, count: int, person: bytes) -> None:
    with psycopg.connect(url, autocommit=True) as session:
        session.execute("TRUNCATE triage_assessment, triage_assessmentlabel, partners_idempotencykey CASCADE")
        session.execute(_FILL, {"count": count, "rare": RARE, "person": person})
        session.execute(_LABEL)
        session.execute("VACUUM ANALYZE")


def _time(port: int, request: Request, token: str) -> float:
    """The median of single requests, in milliseconds."""
    http = HTTPConnection(HOST, port)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        http.request(request.method, request.path, request.body, headers)
        response = http.getresponse()
        response.read()
        times.append(1000 * (time.perf_counter() - started))
        if response.status not in {200, 201}:
            raise RuntimeError(f"{request.what}: status {response.status}")
    http.close()
    return statistics.median(times)


def _in_turn(few: Callable[[], float], many: Callable[[], float]) -> tuple[float, float]:
    """Both, three times in turn after a first time that does not count; their medians."""
    few(), many()
    pairs = [(few(), many()) for _ in range(3)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)
