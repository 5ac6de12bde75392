"""The public keys under which clients sign their assertions: read, and fetched from where a client publishes them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from partners import remote

ALGORITHMS = ("RS384", "ES384")
KEPT_FOR_SECONDS, ASKED_AGAIN_AFTER_SECONDS = 300.0, 30.0
_MOST_KEYS, _SMALLEST_RSA = 50, 2048
_MOST_REMEMBERED = 1000
PublicKey = RSAKey | ECKey


def read_key_set(value: Any) -> dict[str, PublicKey]:
    """The usable keys of a JWKS by their `kid`. Raises ValueError that says what is wrong."""
    keys = value.get("keys") if isinstance(value, Mapping) else None
    if not isinstance(keys, list) or len(keys) > _MOST_KEYS:
        raise ValueError(f'Must be a JWKS: an object with "keys", a list of at most {_MOST_KEYS}.')
    if any(isinstance(jwk, Mapping) and {"d", "k"} & jwk.keys() for jwk in keys):
        raise ValueError("Holds a private or secret key: give the public halves only, and change that key.")
    usable = {jwk["kid"]: key for jwk in keys if (key := _usable(jwk)) is not None}
    if not usable:
        raise ValueError("Needs a key with a kid for RS384 (RSA, 2048 bits or more) or ES384 (P-384).")
    return usable


def _usable(jwk: Any) -> PublicKey | None:
    """The key if assertions may be signed with it; a set may hold keys for other purposes."""
    if not isinstance(jwk, dict) or not isinstance(jwk.get("kid"), str):
        return None
    if jwk.get("use", "sig") != "sig" or jwk.get("alg", ALGORITHMS[0]) not in ALGORITHMS:
        return None
    if jwk.get("kty") == "RSA" and len(str(jwk.get("n"))) * 6 < _SMALLEST_RSA:
        return None
    try:
        key = JWKRegistry.import_key(jwk)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    fits = isinstance(key, RSAKey) or (isinstance(key, ECKey) and key.curve_name == "P-384")
    return key if fits else None  # type: ignore[return-value] # which mypy does not follow through `fits`


def trouble_with(url: str) -> str | None:
    """What is wrong with the address of a JWKS as it is written; whom it leads to is checked when it is fetched."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "https" and parts.hostname and not parts.username and not parts.fragment
        parts.port  # noqa: B018 - raises for one that is no number
    except ValueError:
        usable = False
    return None if usable and url.isprintable() and " " not in url else "Must be an https address without a user name."


@dataclass(frozen=True, slots=True)
class _Fetched:
    at: float
    keys: Mapping[str, PublicKey]


class RemoteKeySets:
    """JWKS by their address. A set is kept for five minutes; a `kid` that is not in it is asked for at most every half
    minute, so that neither a client that changes its keys nor somebody who makes up names waits or weighs much.
    """

    def __init__(self) -> None:
        self._fetched: dict[str, _Fetched] = {}

    def find(self, url: str, kid: str) -> PublicKey | None:
        """The key that `url` publishes under `kid`, or None, also when nothing can be fetched."""
        kept, now = self._fetched.get(url), monotonic()
        if kept is None or now - kept.at >= (KEPT_FOR_SECONDS if kid in kept.keys else ASKED_AGAIN_AFTER_SECONDS):
            kept = self._fetch(url, now)
        return kept.keys.get(kid)

    def forget(self) -> None:
        """Fetch anew next time."""
        self._fetched.clear()

    def _fetch(self, url: str, now: float) -> _Fetched:
        if len(self._fetched) >= _MOST_REMEMBERED:
            self._fetched.clear()
        try:
            keys = read_key_set(json.loads(remote.fetch(url)))
        except (remote.FetchError, ValueError, RecursionError):
            keys = {}
        self._fetched[url] = fetched = _Fetched(now, keys)
        return fetched


remote_key_sets = RemoteKeySets()
