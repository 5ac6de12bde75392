"""Fetching a small document that a partner publishes, without being led astray.

Only https; the name is resolved once, every address of it must be public (or in a network that the operator names),
and the connection goes to the address that was checked, so that a name cannot change its meaning in between. No
redirect is followed, no proxy used; time and size are limited, the time over all that happens: looking up the name,
connecting, the handshake, and the answer.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings

SECONDS, LARGEST = 3.0, 64 * 1024
Network = IPv4Network | IPv6Network
_NAT64, _GLOBAL_UNICAST = IPv6Network("64:ff9b::/96"), IPv6Network("2000::/3")
# Looking up a name takes no timeout of its own, so somebody else waits for it. Who finds both busy is refused.
_lookups = ThreadPoolExecutor(max_workers=2, thread_name_prefix="lookup")


class FetchError(Exception):
    """The document was not fetched; the message says why, for the log."""


def fetch(url: str) -> bytes:
    """The document at `url`. Raises `FetchError`."""
    parts, deadline = urlsplit(url), monotonic() + SECONDS
    if parts.scheme != "https" or not parts.hostname:
        raise FetchError("not https")
    try:
        address = _checked_address(parts.hostname, parts.port or 443)
        connection = _PinnedConnection(parts.hostname, parts.port or 443, address)
        # A server that sends a byte now and then would never meet the timeout of the socket.
        alarm = threading.Timer(max(0.0, deadline - monotonic()), connection.cut)
        alarm.start()
        try:
            connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
            return _read(connection.getresponse())
        finally:
            alarm.cancel()
            connection.close()
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
        raise FetchError(type(error).__name__) from None


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


def _checked_address(host: str, port: int) -> str:
    entries = _lookups.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM).result(SECONDS)
    found = [str(entry[4][0]) for entry in entries]
    if not found or not all(is_allowed(address, settings.HIPCARE_JWKS_NETWORKS) for address in found):
        raise FetchError("not a public address")
    return found[0]


def _read(response: http.client.HTTPResponse) -> bytes:
    if response.status != http.client.OK:
        raise FetchError(f"status {response.status}")
    body = response.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise FetchError("too large")
    return body


class _PinnedConnection(http.client.HTTPSConnection):
    """An HTTPS connection to one address, with the certificate checked against the name."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=SECONDS, context=self._tls)
        self._address, self._is_over = address, False

    def connect(self) -> None:
        """Connect to the address that was checked. The handshake comes when there is something to cut."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        if self._is_over:
            raise TimeoutError
        self.sock.do_handshake()

    def cut(self) -> None:
        """End it from another thread; whoever connects or reads learns that it is over."""
        self._is_over = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)
