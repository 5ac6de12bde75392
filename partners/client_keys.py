"""The public keys under which clients sign their assertions: read, and fetched from where a client publishes them."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from partners import remote

ALGORITHMS = ("RS384", "ES384")
KEPT_FOR_SECONDS, ASKED_AGAIN_AFTER_SECONDS = 300.0, 30.0
_MOST_KEYS, _LONGEST_KID = 50, 255
# Checking a signature under a larger key takes a time that somebody else would pay for.
_SMALLEST_RSA, _LARGEST_RSA = 2048, 8192
_MOST_REMEMBERED = 1000
_MEMBERS = ("kty", "kid", "use", "alg", "n", "e", "crv", "x", "y")
_UNREADABLE = (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)
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
        raise ValueError("Needs a key with a kid for RS384 (RSA, 2048 to 8192 bits) or ES384 (P-384).")
    return usable


def kept_key_set(value: Any) -> dict[str, Any]:
    """What is kept of a JWKS: its usable keys, and of these what makes a public key. Raises ValueError like
    `read_key_set`.
    """
    keys = [key.as_dict(private=False) for key in read_key_set(value).values()]
    return {"keys": [{name: key[name] for name in _MEMBERS if name in key} for key in keys]}


def _usable(jwk: Any) -> PublicKey | None:
    """The key if assertions may be signed with it; a set may hold keys for other purposes."""
    if not isinstance(jwk, dict) or not _is_kid(jwk.get("kid")):
        return None
    if jwk.get("use", "sig") != "sig" or jwk.get("alg", ALGORITHMS[0]) not in ALGORITHMS:
        return None
    try:
        if jwk.get("kty") == "RSA" and not _SMALLEST_RSA <= _bits(jwk.get("n")) <= _LARGEST_RSA:
            return None
        key = JWKRegistry.import_key(jwk)
        # Only now is it known whether the members are numbers at all.
        fits = key.public_key is not None if isinstance(key, RSAKey) else _is_p384(key)
    except _UNREADABLE:
        return None
    return key if fits else None  # type: ignore[return-value] # which mypy does not follow through `fits`


def _bits(modulus: Any) -> int:
    """How large the number really is: zeros may stand before it. Raises for what is none."""
    return int.from_bytes(base64.urlsafe_b64decode(f"{modulus}==")).bit_length()


def _is_kid(kid: Any) -> bool:
    return isinstance(kid, str) and 0 < len(kid) <= _LONGEST_KID and kid.isprintable()


def _is_p384(key: Any) -> bool:
    return isinstance(key, ECKey) and key.curve_name == "P-384" and key.public_key is not None


def trouble_with(url: str) -> str | None:
    """What is wrong with the address of a JWKS as it is written; whom it leads to is checked when it is fetched."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "https" and parts.hostname and "@" not in parts.netloc and not parts.fragment
        parts.port  # noqa: B018 - raises for one that is no number
    except ValueError:
        usable = False
    return None if usable and url.isprintable() and " " not in url else "Must be an https address without a user name."


@dataclass(frozen=True, slots=True)
class _Fetched:
    """The keys of a set, when they came, and when they were last asked for, which may have been in vain."""

    at: float
    asked_at: float
    keys: Mapping[str, PublicKey]


class RemoteKeySets:
    """JWKS by their address. A set is kept for five minutes; a `kid` that is not in it is asked for at most every half
    minute, so that neither a client that changes its keys nor somebody who makes up names waits or weighs much. Where
    nothing can be fetched, what is kept stays until its five minutes are over.
    """

    def __init__(self) -> None:
        self._fetched: dict[str, _Fetched] = {}

    def find(self, url: str, kid: str) -> PublicKey | None:
        """The key that `url` publishes under `kid`, or None, also when nothing can be fetched."""
        kept, now = self._fetched.get(url), monotonic()
        if kept is not None and now - kept.at < KEPT_FOR_SECONDS and kid in kept.keys:
            return kept.keys[kid]
        if kept is None or now - kept.asked_at >= ASKED_AGAIN_AFTER_SECONDS:
            return self._fetch(url, now, kept).keys.get(kid)
        return None

    def forget(self) -> None:
        """Fetch anew next time."""
        self._fetched.clear()

    def _fetch(self, url: str, now: float, kept: _Fetched | None) -> _Fetched:
        if len(self._fetched) >= _MOST_REMEMBERED:
            self._fetched.clear()
        try:
            fetched = _Fetched(now, now, read_key_set(json.loads(remote.fetch(url))))
        except (remote.FetchError, ValueError, RecursionError):
            is_fresh = kept is not None and now - kept.at < KEPT_FOR_SECONDS
            fetched = replace(kept, asked_at=now) if kept is not None and is_fresh else _Fetched(now, now, {})
        self._fetched[url] = fetched
        return fetched


remote_key_sets = RemoteKeySets()
