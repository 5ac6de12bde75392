"""Fetching the keys that a client publishes, from a real HTTPS server of this machine."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey, OctKey

from partners import client_keys, remote
from partners.client_keys import RemoteKeySets

LOOPBACK = (ip_network("127.0.0.0/8"),)


def key(kid: str, curve: str = "P-384") -> dict[str, Any]:
    return dict(ECKey.generate_key(curve, {"kid": kid}).as_dict(private=False))


class Published(BaseHTTPRequestHandler):
    """Answers with what the test put here."""

    status: ClassVar[int] = 200
    body: ClassVar[bytes] = b""
    asked: ClassVar[int] = 0

    def do_GET(self) -> None:
        """Send it."""
        type(self).asked += 1
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quietly."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server whose certificate this process trusts."""
    certificate = _certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    http = HTTPServer(("127.0.0.1", 0), Published)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    http.socket = context.wrap_socket(http.socket, server_side=True)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    Published.status, Published.asked = 200, 0
    yield f"https://localhost:{http.server_port}/jwks.json"
    http.shutdown()
    http.server_close()
    thread.join()


def _certificate(folder: Path) -> Path:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names: list[x509.GeneralName] = [x509.DNSName("localhost")]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(private, hashes.SHA256())
    )
    path = folder / "server.pem"
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(
        private.private_bytes(serialization.Encoding.PEM, *form) + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def allowed(settings: Any) -> None:
    """This machine is a network that the operator allows."""
    settings.HIPCARE_JWKS_NETWORKS = LOOPBACK


def publish(*keys: Any) -> None:
    Published.body = json.dumps({"keys": keys}).encode()


@pytest.mark.usefixtures("allowed")
def test_keys_are_fetched_kept_and_rotated(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(client_keys, "monotonic", lambda: now[0])
    sets = RemoteKeySets()
    publish(key("1"))
    assert sets.find(server, "1") is not None
    assert sets.find(server, "1") is not None
    assert sets.find(server, "2") is None
    assert Published.asked == 1
    publish(key("1"), key("2"))
    assert sets.find(server, "2") is None  # asked a moment ago
    now[0] += client_keys.ASKED_AGAIN_AFTER_SECONDS
    assert sets.find(server, "2") is not None
    assert Published.asked == 2
    publish(key("2"))
    assert sets.find(server, "1") is not None
    now[0] += client_keys.KEPT_FOR_SECONDS
    assert sets.find(server, "1") is None  # withdrawn
    assert Published.asked == 3


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize(
    ("status", "body"),
    [(302, b""), (500, b""), (200, b"nonsense"), (200, b"[" * 60_000), (200, b" " * (remote.LARGEST + 1)), (200, b"")],
)
def test_what_is_no_small_key_set_gives_no_key(server: str, status: int, body: bytes) -> None:
    Published.status, Published.body = status, body
    assert RemoteKeySets().find(server, "1") is None
    assert Published.asked == 1


def test_a_private_address_is_never_connected_to(server: str) -> None:
    publish(key("1"))
    with pytest.raises(remote.FetchError, match="public"):
        remote.fetch(server)
    assert Published.asked == 0


@pytest.mark.usefixtures("allowed", "server")
def test_a_server_of_another_name_or_scheme_is_refused(server: str) -> None:
    publish(key("1"))
    for url in (server.replace("localhost", "127.0.0.1"), server.replace("https", "http"), "https://[", "https:///x"):
        with pytest.raises((remote.FetchError, ValueError)):
            remote.fetch(url)
    assert Published.asked == 0


@pytest.mark.usefixtures("allowed")
def test_a_server_that_never_ends_is_cut_off(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "SECONDS", 0.2)
    held = threading.Event()
    monkeypatch.setattr(Published, "do_GET", lambda self: held.wait(10))
    with pytest.raises(remote.FetchError):
        remote.fetch(server)
    held.set()


@pytest.mark.usefixtures("allowed")
def test_a_handshake_that_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then keeps the timeout of a socket away for ever; the time over all does not care."""
    monkeypatch.setattr(remote, "SECONDS", 0.2)
    noticed = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_drip, args=(listener, noticed))
        thread.start()
        with pytest.raises(remote.FetchError):
            remote.fetch(f"https://localhost:{listener.getsockname()[1]}/")
        thread.join()
    assert noticed.is_set()


def _drip(listener: socket.socket, noticed: threading.Event) -> None:
    """Begin a handshake and go on with it byte by byte, until the other side has gone."""
    connection, _ = listener.accept()
    with connection:
        try:
            connection.sendall(b"\x16\x03\x03\x40\x00")
            for _ in range(400):
                connection.sendall(b"\x02")
                time.sleep(0.05)
        except OSError:
            noticed.set()


@pytest.mark.usefixtures("allowed")
def test_what_is_kept_outlives_a_failure_to_fetch(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(client_keys, "monotonic", lambda: now[0])
    sets = RemoteKeySets()
    publish(key("1"))
    assert sets.find(server, "1") is not None
    now[0] += client_keys.ASKED_AGAIN_AFTER_SECONDS
    Published.status = 500
    assert sets.find(server, "made up") is None
    assert sets.find(server, "1") is not None
    now[0] += client_keys.KEPT_FOR_SECONDS
    assert sets.find(server, "1") is None


def test_only_what_makes_a_public_key_is_kept() -> None:
    odd = {**key("1"), "x5c": ["\x00"], "\x00": "\ud800"}
    kept = client_keys.kept_key_set({"keys": [odd, {"kty": "oct"}], "more": "\x00"})
    assert [set(jwk) for jwk in kept["keys"]] == [{"kty", "kid", "crv", "x", "y"}]
    assert client_keys.read_key_set(kept).keys() == {"1"}


@pytest.mark.parametrize("url", ["https://me@a.example/", "https://:pw@a.example/", "https://@a.example/"])
def test_an_address_with_a_user_is_refused(url: str) -> None:
    assert client_keys.trouble_with(url) is not None
    assert client_keys.trouble_with("https://a.example/jwks.json") is None


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("192.168.0.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:0a00:0001::", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::5db8:d70e", True),
        ("64:ff9b:1::a00:1", False),
        ("::10.0.0.1", False),
        ("::93.184.215.14", False),
        ("fec0::1", False),
        ("5f00::1", False),
    ],
)
def test_private_addresses_are_told_from_public_ones(address: str, public: bool) -> None:
    assert remote.is_allowed(address, ()) is public
    assert remote.is_allowed("10.1.2.3", [ip_network("10.0.0.0/8")])
    assert ip_address("10.1.2.3").is_private


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "Must be a JWKS"),
        ({"keys": {}}, "Must be a JWKS"),
        ({"keys": [key(str(i)) for i in range(51)]}, "at most 50"),
        ({"keys": []}, "Needs a key"),
        ({"keys": [7, None, {}]}, "Needs a key"),
        ({"keys": [key("1", "P-256")]}, "Needs a key"),
        ({"keys": [{**key("1"), "use": "enc"}]}, "Needs a key"),
        ({"keys": [{**key("1"), "kid": 1}]}, "Needs a key"),
        ({"keys": [{**key("1"), "x": "!"}]}, "Needs a key"),
        ({"keys": [dict(OctKey.generate_key(256).as_dict(private=True))]}, "private or secret"),
        ({"keys": [dict(ECKey.generate_key("P-384").as_dict(private=True))]}, "private or secret"),
        ({"keys": [{"kty": "RSA", "n": "u" * 171, "e": "AQAB", "kid": "1"}]}, "2048"),
        ({"keys": [{"kty": "RSA", "n": "A" * 200 + "u" * 171, "e": "AQAB", "kid": "1"}]}, "2048"),
        ({"keys": [{"kty": "RSA", "n": "u" * 2000 + "w", "e": "AQAB", "kid": "1"}]}, "8192"),
        ({"keys": [{"kty": "RSA", "n": "A" + "u" * 341, "e": "AQAB", "kid": "1"}]}, "2048"),
        ({"keys": [{"kty": "RSA", "n": ["u" * 342], "e": "AQAB", "kid": "1"}]}, "2048"),
        ({"keys": [key("a\x00")]}, "Needs a key"),
        ({"keys": [key("k" * 256)]}, "Needs a key"),
    ],
)
def test_an_unusable_key_set_is_refused_with_a_sentence(value: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        client_keys.read_key_set(value)
