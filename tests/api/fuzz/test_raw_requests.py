"""Requests that are hardly HTTP, sent byte by byte to the real server: refused or dropped, and the next is answered."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from random import Random

import pytest

from tests.api.fuzz.conftest import random_of
from tests.api.fuzz.mutation import raw_bytes
from tests.api.server import serving

REQUESTS = 400
HOST = b"Host: 127.0.0.1\r\n"
GOOD = b"POST /oauth/token HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
CHUNKED = (
    b"POST /oauth/token HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
)
LENGTHS = [b"-1", b"+2", b"2, 3", b"1e3", b"0x2", b"99999999999999999999", b"\xd9\xa3", b"", b" 2 2", b"2\x00"]
CHUNKS = [
    b"zz\r\n{}\r\n",
    b"-1\r\n",
    b"2\r\n{}{}{}",
    b"ffffffffffffffff\r\n",
    b"2;a=b\r\n{}\r\n0\r\n",
    b"2\n{}\n0\n\n",
    b"",
]
LINES = [
    *(b"GET", b"GET /", b"GET / HTTP/9.9", b"GET  / HTTP/1.1", b"\x00GET / HTTP/1.1", b"GET /\x00 HTTP/1.1"),
    *(b"GET / HTTP/1.1\nX: y", b"G\xc3\x89T / HTTP/1.1", b"GET http://elsewhere.example/ HTTP/1.1", b"GET * HTTP/1.1"),
    *(b"GET /" + b"a" * 100_000 + b" HTTP/1.1", b"PRI * HTTP/2.0", b"CONNECT a:1 HTTP/1.1", b"\x16\x03\x01\x02\x00"),
]
HEADERS = [
    *(b"Content-Length: 2\r\nContent-Length: 3", b"Transfer-Encoding: chunked\r\nContent-Length: 2", b"X" * 50_000),
    *(b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: \x0bchunked", b": no name", b"a b: c", b"X: \x01\x02"),
    *(
        b"X:" + b"y" * 500_000,
        b"\r\n".join(b"X-%d: y" % i for i in range(5000)),
        b"X: y\r\n folded",
        b"Expect: 100-continue",
    ),
    *(b"Content-Type: application/json; a*=none''x", b"Content-Type: text/plain; charset=hex", b"Host: a\r\nHost: b"),
    *(b"Authorization: Bearer \xff\xfe", b"Cookie: " + b"a=b; " * 20_000, b"Upgrade: websocket\r\nConnection: upgrade"),
]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A granian process with the project itself; it gets no further than what needs no database."""
    with serving("hipcare.wsgi:application") as port:
        yield port


def _made(random: Random) -> bytes:
    kind = random.randrange(5)
    if kind == 0:
        return GOOD.replace(b"Content-Length: 2", b"Content-Length: " + random.choice(LENGTHS))
    if kind == 1:
        return CHUNKED + random.choice(CHUNKS)
    if kind == 2:
        return random.choice(LINES) + b"\r\n" + HOST + b"\r\n"
    if kind == 3:
        return b"GET /healthz HTTP/1.1\r\n" + HOST + random.choice(HEADERS) + b"\r\n\r\n"
    return raw_bytes(random, random.choice((GOOD, CHUNKED + b"2\r\n{}\r\n0\r\n\r\n")))


def _answer(port: int, sent: bytes) -> bytes:
    """What comes back, up to where the server waits for more or closes."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), 10) as connection, suppress(OSError):
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(65536):
            received += piece
    return received


def test_no_request_breaks_the_server(port: int) -> None:
    random = random_of("raw requests", 0)
    answered = 0
    for _ in range(REQUESTS):
        sent = _made(random)
        received = _answer(port, sent)
        answered += bool(received)
        assert not received or received.startswith(b"HTTP/1."), (sent[:500], received[:200])
        assert b" 5" not in received.partition(b"\r\n")[0][8:10], (sent[:500], received[:500])
    assert answered > REQUESTS / 4
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/healthz")
    response = connection.getresponse()
    assert (response.status, json.loads(response.read())) == (200, {"status": "ok"})
    connection.close()
