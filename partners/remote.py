"""Speaking to a server that a partner names, without being led astray: fetching a small document, posting a small body.

Only https (and, outside production, plain HTTP to this machine). The name is resolved once, every address of it must
be public (or in a network that the operator names), and the connection goes to the address that was checked, so that
a name cannot change its meaning in between. No redirect is followed, no proxy used; time and size are limited, the time
over all that happens: looking up the name, connecting, the handshake, and the answer.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from time import monotonic
from typing import TypeVar
from urllib.parse import urlsplit

from django.conf import settings

SECONDS, LARGEST = 3.0, 64 * 1024
Network = IPv4Network | IPv6Network
_NAT64, _GLOBAL_UNICAST = IPv6Network("64:ff9b::/96"), IPv6Network("2000::/3")
_PORTS = {"https": 443, "http": 80}
Answer = TypeVar("Answer")
# Looking up a name takes no timeout of its own, so somebody else waits for it. Who finds all busy is refused.
_lookups = ThreadPoolExecutor(max_workers=4, thread_name_prefix="lookup")


class FetchError(Exception):
    """There was no usable answer; the message says why, for the log."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which addresses besides the public ones may be spoken to, and whether this machine may, by plain HTTP too."""

    networks: Iterable[Network] = ()
    this_machine: bool = False

    def allows(self, scheme: str, address: str) -> bool:
        """Whether `address` may be connected to; plain HTTP is for this machine alone."""
        is_here = self.this_machine and ip_address(address.partition("%")[0]).is_loopback
        return is_here or (scheme == "https" and is_allowed(address, self.networks))


def fetch(url: str) -> bytes:
    """The document at `url`. Raises `FetchError`."""
    return _exchange(url, Reach(settings.HIPCARE_JWKS_NETWORKS), SECONDS, _read)


def post(url: str, body: bytes, headers: Mapping[str, str], *, reach: Reach, seconds: float) -> int:
    """Post `body` and return the status of the answer, whose body is not read. Raises `FetchError`.

    The message of the error is one of not_https, not_public, tls, timeout, unreachable.
    """
    return _exchange(url, reach, seconds, lambda answer: answer.status, body, headers)


def _exchange(  # noqa: PLR0913, PLR0917 - what makes up a request
    url: str,
    reach: Reach,
    seconds: float,
    read: Callable[[http.client.HTTPResponse], Answer],
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """What `read` makes of the answer to one request, within `seconds`."""
    parts, deadline = urlsplit(url), monotonic() + seconds
    if parts.scheme not in (("https", "http") if reach.this_machine else ("https",)) or not parts.hostname:
        raise FetchError("not_https")
    connection: _PinnedConnection | None = None
    try:
        port = parts.port or _PORTS[parts.scheme]
        address = _checked_address(parts.hostname, port, parts.scheme, reach, seconds)
        connection = _PinnedConnection(parts.hostname, port, address, seconds, tls=parts.scheme == "https")
        # A server that sends a byte now and then would never meet the timeout of the socket.
        alarm = threading.Timer(max(0.0, deadline - monotonic()), connection.cut)
        alarm.start()
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET" if body is None else "POST", path, body, dict(headers or {}))
            return read(connection.getresponse())
        finally:
            alarm.cancel()
            connection.close()
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
        raise FetchError(_reason(error, connection)) from None


def _reason(error: Exception, connection: "_PinnedConnection | None") -> str:
    if isinstance(error, TimeoutError) or (connection is not None and connection.was_cut):
        return "timeout"
    return "tls" if isinstance(error, ssl.SSLError) else "unreachable"


def is_allowed(address: str, networks: Iterable[Network]) -> bool:
    """Whether `address` is public, or in one of `networks`."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        # An IPv4 address in the clothes of IPv6 is judged as what it is.
        inner = IPv4Address(int(found) & 0xFFFFFFFF) if found in _NAT64 else None
        found = found.ipv4_mapped or found.sixtofour or inner or found
    return _is_public(found) or any(found in network for network in networks)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the internet knows it. Of IPv6 only what is handed out as global unicast counts: the library calls much
    beside it global, such as site-local addresses and IPv4 in forms that are not used any more.
    """
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    return address.is_global and not address.is_multicast


def _checked_address(host: str, port: int, scheme: str, reach: Reach, seconds: float) -> str:
    entries = _lookups.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM).result(seconds)
    found = [str(entry[4][0]) for entry in entries]
    if not found or not all(reach.allows(scheme, address) for address in found):
        raise FetchError("not_public")
    return found[0]


def _read(response: http.client.HTTPResponse) -> bytes:
    if response.status != http.client.OK:
        raise FetchError(f"status {response.status}")
    body = response.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise FetchError("too large")
    return body


class _PinnedConnection(http.client.HTTPConnection):
    """A connection to one address, with the certificate checked against the name."""

    def __init__(self, host: str, port: int, address: str, seconds: float, *, tls: bool) -> None:
        super().__init__(host, port, timeout=seconds)
        self._address, self.was_cut = address, False
        self._tls = ssl.create_default_context() if tls else None
        self.default_port = _PORTS["https" if tls else "http"]

    def connect(self) -> None:
        """Connect to the address that was checked. The handshake comes when there is something to cut."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        if self._tls is None:
            self.sock = plain
            return
        secured = self.sock = self._tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        if self.was_cut:
            raise TimeoutError
        secured.do_handshake()

    def cut(self) -> None:
        """End it from another thread; whoever connects or reads learns that it is over."""
        self.was_cut = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)
