"""How much is tried, and the judge of every answer.

`make test` tries a few thousand inputs with a fixed seed, `make fuzz` a hundred thousand (`FUZZ_INPUTS`).
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tests.api.fuzz.wsgi import Answer, Sent, answer_to

INPUTS = int(os.environ.get("FUZZ_INPUTS", "3000"))
SEED = os.environ.get("FUZZ_SEED", "hipcare")
SHARDS = range(4)
OAUTH_ERRORS = {"error", "error_description"}
Try = Callable[[Sent], Answer]


def share(part: float) -> int:
    """How many inputs one shard of a test tries that gets this part of all."""
    return max(1, round(INPUTS * part / len(SHARDS)))


def random_of(name: str, shard: int) -> Random:
    """The source of chance of one shard of a test: the same in every run with the same seed."""
    return Random(f"{SEED} {name} {shard}")


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Requests share the transaction of the test, as with Django's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def statuses() -> Counter[int]:
    """The statuses that were answered."""
    return Counter()


@pytest.fixture
def attempt(statuses: Counter[int]) -> Try:
    """Send something and judge the answer: no fault of ours, and every refusal a problem document."""

    def send(sent: Sent) -> Answer:
        try:
            answer = answer_to(sent)
        except Exception as error:
            raise AssertionError(f"raised {error!r} at {sent!r:.3000}") from error
        judge(sent, answer)
        statuses[answer.status] += 1
        return answer

    return send


def judge(sent: Sent, answer: Answer) -> None:
    """Fail on what must never be answered."""
    assert answer.status < 500, f"{answer.status} {answer.body[:500]!r} to {sent!r:.3000}"
    assert answer.headers.get("X-Request-Id"), sent
    if answer.status >= 400 and sent.method != "HEAD":
        body = json.loads(answer.body)
        if answer.headers["Content-Type"] != "application/problem+json":
            assert (sent.path, body.keys()) == ("/oauth/token", OAUTH_ERRORS), f"{answer!r:.500} to {sent!r:.2000}"
        else:
            assert body["status"] == answer.status
