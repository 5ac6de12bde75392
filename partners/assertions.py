"""Client assertions: the JSON Web Tokens with which a client proves who it is (RFC 7523, SMART Backend Services)."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from joserfc import jws, jwt
from joserfc.errors import JoseError

from partners.client_keys import ALGORITHMS, PublicKey

LONGEST_LIFE_SECONDS = 300
CLOCK_SKEW_SECONDS = 30
"""How far the clock of a client may be ahead of ours."""
_LONGEST, _LONGEST_JTI = 8192, 255
_MALFORMED = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError)


class AssertionRefused(Exception):
    """The assertion is not accepted; the message is for the log."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who an assertion says it is from and what key it names, before anything is checked."""

    client_id: UUID
    kid: str
    jku: str | None


def claimed(text: str) -> Claimed:
    """What the assertion claims. Raises `AssertionRefused` if it is no JSON Web Token of that kind."""
    if len(text) > _LONGEST:
        raise AssertionRefused("too long")
    try:
        token = jws.extract_compact(text.encode())
        header, kid = token.headers(), token.headers()["kid"]
        claims = json.loads(token.payload)
        if header["alg"] not in ALGORITHMS or not isinstance(kid, str) or claims["iss"] != claims["sub"]:
            raise AssertionRefused("algorithm, kid, or issuer other than subject")
        return Claimed(UUID(claims["iss"]), kid, header.get("jku"))
    except _MALFORMED:
        raise AssertionRefused("malformed") from None


@dataclass(frozen=True, slots=True)
class Verified:
    """An assertion that its client signed, for us, now; whether it was used before is still to be asked."""

    jti: str
    expires_at: datetime


def verify(text: str, key: PublicKey, *, audience: str) -> Verified:
    """The assertion `text`, checked under `key`. Raises `AssertionRefused`."""
    try:
        claims = jwt.decode(text, key, algorithms=ALGORITHMS).claims
        return _checked(claims, audience, timezone.now().timestamp())
    except _MALFORMED as error:
        raise AssertionRefused(type(error).__name__) from None


def _checked(claims: dict[str, Any], audience: str, now: float) -> Verified:
    required: dict[str, Any] = {"aud": {"essential": True, "value": audience}}
    jwt.JWTClaimsRegistry(now=int(now), leeway=CLOCK_SKEW_SECONDS, **required).validate(
        {name: claims[name] for name in ("aud", "iat", "nbf") if name in claims}
    )
    expires, jti = claims["exp"], claims["jti"]
    # Written so that NaN, which compares with nothing, is refused.
    if type(expires) not in (int, float) or not now < expires <= now + LONGEST_LIFE_SECONDS + CLOCK_SKEW_SECONDS:
        raise AssertionRefused("exp")
    # A lone surrogate is text in JSON and nowhere else.
    if not isinstance(jti, str) or not 0 < len(jti) <= _LONGEST_JTI or not jti.isprintable():
        raise AssertionRefused("jti")
    return Verified(jti, datetime.fromtimestamp(expires, UTC))
