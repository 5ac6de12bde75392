"""Short-lived access tokens: JSON Web Tokens (RFC 9068) under keys of this installation.

The keys are rows, their private halves encrypted under the secret key (`HIPCARE_SECRET_KEY`), or, with
`HIPCARE_SIGNING_KEYS_FILE`, a file that holds a private JWKS: its first key signs, all of them are accepted.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey
from uuid_utils.compat import uuid7

from partners import encryption, selectors

ALGORITHM = "ES256"
LIFETIME = timedelta(minutes=5)
RETIRED_FOR = 2 * LIFETIME
"""How long a retired key is still accepted: everything that it signed has expired by then."""
AUDIENCE, TYPE = "hipcare", "at+jwt"
_LONGEST = 4096
_PURPOSE = "hipcare signing keys"


@dataclass(frozen=True, slots=True)
class ShortLived:
    """What an accepted token says."""

    client_id: UUID
    generation: int
    scopes: frozenset[str]


def generate() -> ECKey:
    """A new private key; its `kid` is its thumbprint."""
    return ECKey.generate_key("P-256", {"alg": ALGORITHM, "use": "sig"}, auto_kid=True)


def write(token: ShortLived, *, issuer: str, key: ECKey) -> str:
    """The text of a token that is accepted from now on for `LIFETIME`."""
    now = int(timezone.now().timestamp())
    claims = {
        "iss": issuer,
        "sub": str(token.client_id),
        "client_id": str(token.client_id),
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + int(LIFETIME.total_seconds()),
        "jti": str(uuid7()),
        "scope": " ".join(sorted(token.scopes)),
        "generation": token.generation,
    }
    return jwt.encode({"typ": TYPE, "alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


def read(text: str, find_key: Callable[[str], ECKey | None]) -> ShortLived | None:
    """What the token `text` says, or None if we did not sign it or it has expired."""
    if len(text) > _LONGEST or text.count(".") != 2:
        return None

    def key_of(token: Any) -> ECKey:
        key = find_key(str(token.headers().get("kid")))
        if key is None:
            raise InvalidKeyIdError
        return key

    try:
        token = jwt.decode(text, key_of, algorithms=[ALGORITHM])
        now = int(timezone.now().timestamp())
        required: dict[str, Any] = {"aud": {"essential": True, "value": AUDIENCE}, "exp": {"essential": True}}
        jwt.JWTClaimsRegistry(now=now, **required).validate(token.claims)
        if token.header.get("typ") != TYPE:
            return None
        scopes = frozenset(token.claims["scope"].split())
        return ShortLived(UUID(token.claims["client_id"]), int(token.claims["generation"]), scopes)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return None


def public_keys() -> dict[str, ECKey]:
    """The keys whose tokens are accepted, by `kid`, the one that signs first."""
    if settings.HIPCARE_SIGNING_KEYS_FILE:
        found = [_public(key) for key in keys_of_file(settings.HIPCARE_SIGNING_KEYS_FILE)]
    else:
        rows = selectors.signing_keys(retired_after=timezone.now() - RETIRED_FOR)
        found = [ECKey.import_key(row.public_jwk) for row in rows]
    return {str(key.kid): key for key in found}


def public_jwk(key: ECKey) -> dict[str, Any]:
    """The public half of `key` as it is published."""
    return dict(key.as_dict(private=False))


def _public(key: ECKey) -> ECKey:
    return ECKey.import_key(public_jwk(key))


@lru_cache(maxsize=4)
def keys_of_file(path: Path) -> tuple[ECKey, ...]:
    """The private keys in a JWKS file, read once a process. Raises ValueError that says what is wrong with it."""
    try:
        keys = [ECKey.import_key(jwk) for jwk in json.loads(path.read_text())["keys"]]
        usable = [key for key in keys if key.is_private and key.curve_name == "P-256" and key.kid]
    except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
        raise ValueError(f"{path} is not a JWKS with private keys ({type(error).__name__}).") from None
    if not keys or len(usable) < len(keys):
        raise ValueError(f"{path} must hold private keys on the curve P-256, each with its kid.")
    return tuple(keys)


def encrypt(key: ECKey) -> str:
    """The private key as text that only this installation can read."""
    return encryption.encrypt(json.dumps(key.as_dict(private=True)), _PURPOSE)


@lru_cache(maxsize=8)
def decrypt(encrypted: str) -> ECKey | None:
    """The private key in `encrypted`; None if the installation's secret key is no longer the one it was made under."""
    private = encryption.decrypt(encrypted, _PURPOSE)
    return None if private is None else ECKey.import_key(json.loads(private))
