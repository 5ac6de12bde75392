"""Queries, headers and paths, spoilt: answered or refused, never a fault of ours."""

import json
from collections.abc import Iterator
from random import Random
from urllib.parse import quote, quote_plus

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.api.fuzz import mutation
from tests.api.fuzz.conftest import SHARDS, Try, random_of, share
from tests.api.fuzz.wsgi import Sent

LISTS = [
    *("assessments", "conditions", "findings", "measurements", "red-flags", "treatments", "citations", "exercises"),
    *("programmes", "releases", "composites", "outcome-measures", "follow-up-timers", "prevention", "about"),
    *("audit-events", "webhook-endpoints", "webhook-deliveries"),
]
VALID = {
    "page_size": "5",
    "cursor": "eyJ4IjoxfQ:abc",
    "ordering": "-id",
    "search": "hip",
    "release": "2026.11.4",
    "urgency": "routine",
    "status": "complete",
    "cause": "hip_osteoarthritis",
    "leading_cause": "hip_fracture",
    "red_flag": "true",
    "red_flagged": "true",
    "reference": "8f1c",
    "setting": "primary_care",
    "code": "M16.11",
    "created_after": "2026-05-04T08:30:00Z",
    "created_before": "2026-05-04",
    "kind": "symptom",
    "year": "2020",
    "rung": "3",
    "condition": "hip_fracture",
    "safe_for": "fever,pregnant",
    "finding": "fever",
    "region": "hip",
    "patient_can_answer": "yes",
    "cost": "ask",
    "cluster": "pain",
    "screen": "true",
    "must_not_miss": "false",
    "suspected": "hip_fracture",
    "seen": "abstract",
    "format": "json",
    "start": "2026-05-04",
    "time": "08:30",
    "purpose": "strength",
    "target": "gluteals",
    "equipment": "none",
    "programme": "hip",
    "verdict": "helps",
}
HEADERS = {
    "Authorization": "Bearer hipcare_0123456789ab_" + "0" * 64,
    "Idempotency-Key": "a-key",
    "X-Request-Id": "one",
    "If-None-Match": '"abc", W/"def", *',
    "Accept": "application/json;q=0.5, */*",
    "Accept-Language": "es, en;q=0.5",
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": "7",
    "Host": "testserver:80",
    "Transfer-Encoding": "chunked",
    "Accept-Encoding": "gzip, br;q=0",
    "Range": "bytes=0-1",
    "Origin": "https://a.b",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "127.0.0.1",
    "X-HTTP-Method-Override": "DELETE",
    "If-Modified-Since": "Wed, 21 Oct 2015 07:28:00 GMT",
    "Cookie": "sessionid=abc; csrftoken=x",
    "Expect": "100-continue",
    "Access-Control-Request-Method": "PUT",
    "Referer": "https://a.b/",
    "Authorization ": "Basic YTpi",
}
METHODS = ["GET"] * 8 + ["HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW", "get"]
KNOWN_ID = "01a20598-0000-7000-8000-000000000000"


def _latin(value: str) -> str:
    """A header value as servers hand it on: any byte but line ends and NUL, as Latin-1."""
    text = value.encode("utf-8", "surrogatepass").decode("latin-1")
    return "".join(letter for letter in text if letter not in "\r\n\x00")[:8000]


def _query(random: Random) -> str:
    pairs = []
    for _ in range(random.choice((1, 1, 2, 3, 30))):
        name = random.choice(list(VALID))
        value = VALID[name] if random.random() < 0.2 else mutation.text(random, VALID[name])
        name = name if random.random() < 0.9 else mutation.text(random, name)
        pairs.append("=".join(quote_plus(part.encode("utf-8", "surrogatepass")) for part in (name, value)))
    text = "&".join(pairs)[:12_000]
    spoil = random.randrange(12)
    ends = ["%", "%zz", "%ff%fe", "&&==&", ";a=b", "%00", "&a", "&" * 1500, "\x80\xff", "&a=1" * 1200]
    return text + ends[spoil] if spoil < len(ends) else text


def _paths(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern).removeprefix("^").removesuffix("\\Z").removesuffix("$")
        if isinstance(pattern, URLPattern):
            yield path
        elif not path.startswith("/admin"):
            yield from _paths(pattern, path)


@pytest.mark.parametrize("shard", SHARDS)
def test_no_query_is_a_fault_of_ours(attempt: Try, token: str, shard: int) -> None:
    random = random_of("queries", shard)
    paths = [*LISTS, "schema", f"assessments/{KNOWN_ID}/programme/calendar", f"assessments/{KNOWN_ID}/follow-ups"]
    for _ in range(share(0.1)):
        path = f"/api/v1/{random.choice(paths)}"
        attempt(Sent("GET", path, _query(random), {"Authorization": f"Bearer {token}"}))


@pytest.mark.parametrize("shard", SHARDS)
def test_a_cursor_that_was_signed_and_spoilt_is_refused(attempt: Try, token: str, shard: int) -> None:
    random = random_of("cursors", shard)
    headers = {"Authorization": f"Bearer {token}"}
    page = json.loads(attempt(Sent("GET", "/api/v1/findings", "page_size=2", headers)).body)
    cursor = page["next"].partition("cursor=")[2].partition("&")[0]
    for _ in range(share(0.01)):
        spoilt = quote(mutation.text(random, cursor).encode("utf-8", "surrogatepass"))
        answer = attempt(Sent("GET", "/api/v1/findings", f"page_size=2&cursor={spoilt[:8000]}", headers))
        assert answer.status == 400 or spoilt == cursor, spoilt


@pytest.mark.parametrize("shard", SHARDS)
def test_no_header_is_a_fault_of_ours(attempt: Try, token: str, shard: int) -> None:
    random = random_of("headers", shard)
    paths = ["/api/v1/findings", "/api/v1/assessments", "/healthz", "/api/v1/schema", "/none", "/oauth/token", "/"]
    for _ in range(share(0.08)):
        headers = {"Authorization": f"Bearer {token}"} if random.random() < 0.6 else {}
        for _ in range(random.choice((1, 1, 2, 4))):
            name = random.choice(list(HEADERS))
            headers[name] = _latin(mutation.text(random, HEADERS[name]))
        attempt(Sent(random.choice(METHODS), random.choice(paths), "", headers, b'{"a": 1}'))


@pytest.mark.parametrize("shard", SHARDS)
def test_no_path_is_a_fault_of_ours(attempt: Try, token: str, shard: int) -> None:
    random = random_of("paths", shard)
    # Outside the API there is only what answers without a token.
    paths = [path for path in _paths(get_resolver()) if "metrics" not in path]
    for _ in range(share(0.03)):
        pieces = []
        for piece in random.choice(paths).split("/"):
            named = piece.startswith(("<", "(?P")) or "(?P<" in piece
            given = random.choice((KNOWN_ID, "hip_osteoarthritis", "2026.11.4", mutation.text(random, KNOWN_ID)))
            pieces.append(given if named or random.random() < 0.05 else piece)
        path = "/".join(pieces).encode("utf-8", "replace").decode()[:6000]
        attempt(Sent(random.choice(METHODS), path or "/", "", {"Authorization": f"Bearer {token}"}))
