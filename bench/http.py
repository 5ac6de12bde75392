"""Requests per second of `POST /assessments` against bare Django views on the same server, driven by wrk.

wrk is a C program with one thread; it is not the bottleneck. The runs of the two alternate, and each figure is that of
the median run.
"""

import json
import re
import shutil
import statistics
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.report import Row

CONNECTIONS = 8
SECONDS = 4
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw: requests a second, latencies in milliseconds, and answers that were not 2xx."""

    per_second: float
    p50: float
    p99: float
    failed: int


class NoLoadGenerator(Exception):
    """wrk is not installed."""


def rows(case: dict[str, object], token: str, base: str) -> list[Row]:
    """Stored against a bare view with an INSERT, not stored against a bare view without."""
    stored, not_stored = dict(case), {**case, "options": {"store": False}}
    return [
        _compare("POST /assessments, stored", stored, "/bench/bare-with-insert", token, base),
        _compare("POST /assessments, not stored", not_stored, "/bench/bare", token, base),
    ]


def _compare(what: str, body: dict[str, object], baseline: str, token: str, base: str) -> Row:
    script = _script(body, token)
    ours, bare = [], []
    # Every worker process compiles the knowledge with its first request.
    _load(base + "/api/v1/assessments", script)
    for _ in range(ROUNDS):
        bare.append(_load(base + baseline, script))
        ours.append(_load(base + "/api/v1/assessments", script))
    failed = sum(load.failed for load in ours + bare)
    if failed:
        raise RuntimeError(f"{what}: {failed} requests failed")
    mine, other = _median(ours), _median(bare)
    return Row(what, _words(mine), _words(other), mine.per_second / other.per_second, "at least 0.5")


def _words(load: Load) -> str:
    return f"{load.per_second:.0f}/s, p50 {load.p50:.1f} ms, p99 {load.p99:.1f} ms"


def _median(loads: list[Load]) -> Load:
    return Load(
        statistics.median(load.per_second for load in loads),
        statistics.median(load.p50 for load in loads),
        statistics.median(load.p99 for load in loads),
        sum(load.failed for load in loads),
    )


def _script(body: dict[str, object], token: str) -> Path:
    text = json.dumps(body)
    path = Path(tempfile.mkdtemp()) / "post.lua"
    path.write_text(
        f"wrk.method = 'POST'\nwrk.body = [==[{text}]==]\n"
        f"wrk.headers['Content-Type'] = 'application/json'\nwrk.headers['Authorization'] = 'Bearer {token}'\n"
    )
    return path


def _load(url: str, script: Path) -> Load:
    wrk = shutil.which("wrk")
    if wrk is None:
        raise NoLoadGenerator("wrk is not installed: `apt-get install wrk` or `brew install wrk`")
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-s", str(script), url]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own words
    return Load(
        float(_found(r"Requests/sec:\s+([\d.]+)", output)),
        _milliseconds(_found(r"\n\s+50%\s+(\S+)", output)),
        _milliseconds(_found(r"\n\s+99%\s+(\S+)", output)),
        int(_found(r"Non-2xx or 3xx responses: (\d+)", output, "0")),
    )


def _found(pattern: str, text: str, default: str | None = None) -> str:
    match = re.search(pattern, text)
    if match is None and default is not None:
        return default
    assert match is not None, text  # noqa: S101 - wrk's own format
    return match.group(1)


def _milliseconds(written: str) -> float:
    match = re.fullmatch(r"([\d.]+)(us|ms|s|m)", written)
    assert match is not None, written  # noqa: S101 - wrk's own format
    return float(match.group(1)) * {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}[match.group(2)]
