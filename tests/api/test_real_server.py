"""Bodies that only a real server hands on as they are: chunks, ten megabytes, broken UTF-8, broken paths."""

import json
import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest

from tests.api.server import serving

GOOD = b'{"name": "abc", "items": [1]}'


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A granian process with the trial views."""
    with serving("tests.api.trial_wsgi:application") as port:
        yield port


def _post(port: int, body: bytes, *, chunked: bool = False) -> tuple[HTTPResponse, dict[str, object]]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    pieces = iter([body[:7], body[7:]]) if chunked else body
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/api/v1/serializer", pieces, headers, encode_chunked=chunked)
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response, answer


@pytest.mark.parametrize("chunked", [False, True])
def test_a_good_body_is_read(port: int, chunked: bool) -> None:
    response, answer = _post(port, GOOD, chunked=chunked)
    assert (response.status, answer) == (200, json.loads(GOOD))


@pytest.mark.parametrize("chunked", [False, True])
def test_ten_megabytes_are_refused(port: int, chunked: bool) -> None:
    response, answer = _post(port, b" " * 10 * 1024 * 1024, chunked=chunked)
    assert (response.status, answer["type"]) == (413, "/problems/body-too-large")
    assert answer["instance"] == response.headers["X-Request-Id"]


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("body", [b'{"name": "\xff\xfe"}', b"[" * 100_000, b"{"])
def test_a_broken_body_is_refused(port: int, body: bytes, chunked: bool) -> None:
    response, answer = _post(port, body, chunked=chunked)
    assert (response.status, answer["type"]) == (400, "/problems/malformed-body")


@pytest.mark.parametrize(
    "path", ["/%ff", "/api/v1/%00", "/api/v1/%e2%82", "/%2e%2e/%2e%2e/etc/passwd", "/api/v1/x?%ff=%00"]
)
def test_a_broken_path_is_not_found(port: int, path: str) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Accept": "text/html"})
    response = connection.getresponse()
    assert (response.status, response.headers["Content-Type"]) == (404, "application/problem+json")
    assert json.loads(response.read())["type"] == "/problems/not-found"
    connection.close()


def _raw(port: int, *lines: bytes) -> bytes:
    """Everything the server says to these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"\r\n".join(lines))
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    "chunks", [b"zz\r\n{}\r\n0\r\n\r\n", b"5\r\n{}", b"-1\r\n{}\r\n", b"ffffffffffffffffff\r\n{}\r\n"]
)
def test_what_comes_of_broken_chunks_is_a_problem_or_nothing(port: int, chunks: bytes) -> None:
    head = [b"POST /api/v1/serializer HTTP/1.1", b"Host: 127.0.0.1", b"Content-Type: application/json"]
    answer = _raw(port, *head, b"Transfer-Encoding: chunked", b"", chunks)
    # What came before the break is read, and no JSON object is whole before its end.
    assert not answer or (answer.split(b" ", 2)[1] in (b"400", b"422") and b"application/problem+json" in answer)
    assert _post(port, GOOD)[0].status == 200
