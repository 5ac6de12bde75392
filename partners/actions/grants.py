"""Granting short-lived access tokens: OAuth 2.0 client credentials (RFC 6749, 4.4).

A client proves who it is with a client secret or with a signed assertion (`private_key_jwt`). Every failure to do so
is answered alike; the log knows the reason, and the audit trail of a client that exists knows of it.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from partners import assertions, client_keys, credentials, scopes, selectors, signing
from partners.actions import audit, signing_keys, tokens
from partners.assertions import AssertionRefused, Claimed
from partners.models import Client, Outcome, UsedAssertion
from partners.principal import Principal

_log = logging.getLogger("hipcare.identity")
_KEPT_BEYOND_EXPIRY = timedelta(minutes=5)
"""A used assertion is remembered this much longer, for another replica whose clock is behind."""
_USE = """
    INSERT INTO partners_usedassertion (client_id, jti_hash, expires_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING
"""


class GrantRefused(Exception):
    """No token is granted; `code` is one of RFC 6749, 5.2, and `detail` is for the caller."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Secret:
    """A client id with its secret, as they were sent."""

    client_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Assertion:
    """A client assertion, and the client id beside it if one was sent."""

    text: str
    client_id: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """A token and what it allows, in the words of the answer."""

    token: str
    scope: str
    seconds: int = int(signing.LIFETIME.total_seconds())


def grant(*, proof: Secret | Assertion, scope: str, token_url: str, issuer: str) -> Granted:
    """Grant a token. `token_url` is the audience that an assertion must name. Raises `GrantRefused`."""
    client = _by_secret(proof) if isinstance(proof, Secret) else _by_assertion(proof, token_url)
    principal = selectors.principal_of(client)
    allowed = scopes.granted(scope, principal.scopes)
    if allowed is None:
        _audit(principal, Outcome.REFUSED)
        raise GrantRefused("invalid_scope", f"Known scopes are {', '.join(scopes.KNOWN)}; ask for some you were given.")
    token = signing.ShortLived(client.id, client.generation, allowed[0])
    text = signing.write(token, issuer=issuer, key=signing_keys.key_that_signs())
    _audit(principal, Outcome.SUCCEEDED)
    return Granted(text, allowed[1])


def _by_secret(proof: Secret) -> Client:
    key = selectors.valid_token(proof.secret, credentials.CLIENT_SECRET)
    client = None if key is None else selectors.active_clients().filter(pk=key.principal.client_id).first()
    if key is None or client is None or str(client.id) != proof.client_id.lower():
        raise _refused("secret", proof.client_id)
    if key.use_is_due:
        tokens.mark_used(token_id=key.id)
    return client


def _by_assertion(proof: Assertion, token_url: str) -> Client:
    client_id = proof.client_id
    try:
        claimed = assertions.claimed(proof.text)
        client_id = client_id or str(claimed.client_id)
        client = selectors.active_clients().filter(pk=claimed.client_id).first()
        if client is None or proof.client_id.lower() not in ("", str(client.id)):
            raise AssertionRefused("no such client, or another one")
        verified = assertions.verify(proof.text, _key(client, claimed), audience=token_url)
        _use_once(client.id, verified.jti, verified.expires_at)
        return client
    except AssertionRefused as reason:
        raise _refused(str(reason), client_id) from None


def _key(client: Client, claimed: Claimed) -> client_keys.PublicKey:
    """The key that the assertion names, from where the client registered its keys and from nowhere else."""
    if claimed.jku is not None and claimed.jku != client.jwks_url:
        raise AssertionRefused("jku")
    if client.jwks_url:
        key = client_keys.remote_key_sets.find(client.jwks_url, claimed.kid)
    else:
        key = client_keys.read_key_set(client.jwks).get(claimed.kid) if client.jwks else None
    if key is None:
        raise AssertionRefused("key")
    return key


@transaction.atomic
def _use_once(client_id: UUID, jti: str, expires_at: datetime) -> None:
    """Remember an assertion until it has long expired, and forget those that have.

    Raises `AssertionRefused` at a repeat.
    """
    UsedAssertion.objects.filter(expires_at__lt=timezone.now() - _KEPT_BEYOND_EXPIRY).delete()
    with connection.cursor() as cursor:
        cursor.execute(_USE, [client_id, hashlib.sha256(jti.encode()).hexdigest(), expires_at])
        if cursor.rowcount == 0:
            raise AssertionRefused("used before")


def _refused(reason: str, client_id: str) -> GrantRefused:
    claimed = _id_in(client_id)
    _log.warning("no token: %s", reason, extra={"client": None if claimed is None else str(claimed)})
    client = None if claimed is None else selectors.clients().filter(pk=claimed).first()
    if client is not None:
        _audit(selectors.principal_of(client), Outcome.REFUSED)
    return GrantRefused("invalid_client", "The client is not known, is switched off, or has not proved who it is.")


def _id_in(client_id: str) -> UUID | None:
    """The id that was claimed, if it is one: a secret may have been sent in its place."""
    try:
        return UUID(client_id)
    except ValueError:
        return None


def _audit(principal: Principal, outcome: Outcome) -> None:
    """A row of the client's own; a refused one tells what was claimed, which anybody can claim."""
    audit.record(
        principal=principal,
        action="token.granted",
        resource_type="client",
        resource_id=str(principal.client_id),
        outcome=outcome,
    )
