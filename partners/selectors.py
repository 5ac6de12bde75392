"""Reads of partners."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from partners import credentials, vault
from partners.audit_chain import Chain, End, Row
from partners.credentials import Credential
from partners.models import (
    AccessToken,
    AuditChain,
    AuditEvent,
    Client,
    DataKey,
    IdempotencyKey,
    KeyPurpose,
    Organisation,
    SigningKey,
)
from partners.principal import Principal

USE_NOTED_EVERY = timedelta(minutes=1)
_NO_HASH = "0" * 64
_NO_ORGANISATION = UUID(int=0)
_ROWS_AT_A_TIME = 2000

# Without the ORM, which takes longer to write the query than PostgreSQL to answer it.
_KEY_QUERY = """
    SELECT token.id, token.secret_hash, token.expires_at, token.last_used_at,
           client.organisation_id, client.id, client.scopes, client.read_limit, client.write_limit
    FROM partners_accesstoken token
    JOIN partners_client client ON client.id = token.client_id
    JOIN partners_organisation organisation ON organisation.id = client.organisation_id
    WHERE token.prefix = %s AND token.kind = %s AND token.revoked_at IS NULL AND client.active AND organisation.active
"""


@dataclass(slots=True)
class LongLivedKey:
    """An API key or client secret that is not revoked, of a client that is in force."""

    id: UUID
    secret_hash: str
    expires_at: datetime | None
    last_used_at: datetime | None
    principal: Principal

    @property
    def use_is_due(self) -> bool:
        """Whether its last use was noted so long ago that it is noted again."""
        return self.last_used_at is None or self.last_used_at < timezone.now() - USE_NOTED_EVERY


def long_lived_key(prefix: str, kind: str = credentials.API_KEY) -> LongLivedKey | None:
    """The key with this prefix, unless it is revoked or its client or organisation switched off."""
    with connection.cursor() as cursor:
        cursor.execute(_KEY_QUERY, [prefix, kind])
        row = cursor.fetchone()
    if row is None:
        return None
    token_id, secret_hash, expires_at, last_used_at, organisation_id, client_id, scopes, read, write = row
    principal = Principal(organisation_id, client_id, frozenset(scopes), read, write)
    return LongLivedKey(token_id, secret_hash, expires_at, last_used_at, principal)


def accepted(key: LongLivedKey | None, credential: Credential) -> LongLivedKey | None:
    """`key` if `credential` holds its secret and it has not expired."""
    if not hmac.compare_digest(key.secret_hash if key else _NO_HASH, credential.secret_hash) or key is None:
        return None
    return key if key.expires_at is None or key.expires_at > timezone.now() else None


def valid_token(text: str, kind: str = credentials.API_KEY) -> LongLivedKey | None:
    """The credential written as `text`, or None if it is not accepted, whatever the reason; asks the database."""
    credential = credentials.parse(text, kind)
    return None if credential is None else accepted(long_lived_key(credential.prefix, kind), credential)


def principal(client_id: UUID) -> tuple[Principal, int] | None:
    """A client with its scopes, and its generation, unless it or its organisation is switched off."""
    client = active_clients().filter(pk=client_id).first()
    return None if client is None else (principal_of(client), client.generation)


def principal_of(client: Client) -> Principal:
    """A client as the rest of the project knows it."""
    scopes = frozenset(client.scopes)
    return Principal(client.organisation_id, client.id, scopes, client.read_limit, client.write_limit)


def caller_version() -> int:
    """The number that rises when who may call changes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(version) FROM partners_callerversion")
        (version,) = cursor.fetchone()
    return version or 0


def organisation_keys(organisation_id: UUID) -> vault.OrganisationKeys | None:
    """The organisation's keys, unwrapped; None if it has none. Raises `vault.CannotUnseal` where they cannot be."""
    rows = list(DataKey.objects.filter(organisation_id=organisation_id).order_by("id"))
    if not rows:
        return None
    keys = {row.pk: vault.unwrap(bytes(row.wrapped), row.wrapped_under) for row in rows}
    (index,) = (keys[row.pk] for row in rows if row.purpose == KeyPurpose.INDEX)
    content = [row for row in rows if row.purpose == KeyPurpose.CONTENT]
    (current,) = (row.pk for row in content if row.retired_at is None)
    return vault.OrganisationKeys(current, {row.pk: AESGCM(keys[row.pk]) for row in content}, index)


def keys_retired_before(time: datetime) -> dict[UUID, list[int]]:
    """The data keys that were retired earlier, by organisation."""
    keys: dict[UUID, list[int]] = {}
    for organisation_id, key_id in DataKey.objects.filter(retired_at__lt=time).values_list("organisation_id", "pk"):
        keys.setdefault(organisation_id, []).append(key_id)
    return keys


def idempotency_key(*, client_id: UUID, key_digest: bytes) -> IdempotencyKey | None:
    """What is known of a spent idempotency key."""
    return IdempotencyKey.objects.filter(client_id=client_id, key_digest=key_digest).first()


def signing_keys(*, retired_after: datetime) -> QuerySet[SigningKey]:
    """The keys of short-lived tokens, newest first, without those that were retired earlier."""
    return SigningKey.objects.filter(Q(retired_at=None) | Q(retired_at__gt=retired_after))


def organisations() -> QuerySet[Organisation]:
    """Every organisation."""
    return Organisation.objects.all()


def retention_days() -> dict[UUID, int]:
    """For how many days an organisation keeps assessments, by its id; without those that keep them for good."""
    kept = organisations().values_list("id", "retention_days")
    return {key: days for key, days in kept if days is not None}


def clients() -> QuerySet[Client]:
    """Every client, with its organisation."""
    return Client.objects.select_related("organisation")


def active_clients() -> QuerySet[Client]:
    """The clients that are switched on, of organisations that are."""
    return clients().filter(active=True, organisation__active=True)


def tokens() -> QuerySet[AccessToken]:
    """Every long-lived credential, with its client and organisation."""
    return AccessToken.objects.select_related("client__organisation")


def audit_events(*, organisation_id: UUID | None = None) -> QuerySet[AuditEvent]:
    """The audit trail, newest first; of one organisation if given."""
    events = AuditEvent.objects.all()
    return events if organisation_id is None else events.filter(organisation_id=organisation_id)


def chained_rows(*, organisation_id: UUID | None = None) -> Iterator[Row]:
    """The audit trail in the order of its chains, some rows at a time; of one organisation if given."""
    rows = audit_events(organisation_id=organisation_id).order_by(
        F("organisation_id").asc(nulls_first=True), "lane", "number"
    )
    for values in rows.values_list(*Row._fields).iterator(chunk_size=_ROWS_AT_A_TIME):
        row = Row(*values)
        yield row._replace(previous_hash=bytes(row.previous_hash), hash=bytes(row.hash))


def chain_ends(*, organisation_id: UUID | None = None) -> dict[Chain, End]:
    """Where the chains end, as the database keeps it; those of one organisation if given."""
    chains = AuditChain.objects.all()
    if organisation_id is not None:
        chains = chains.filter(organisation_id=organisation_id)
    return {
        Chain(None if owner == _NO_ORGANISATION else owner, lane): End(number, bytes(last))
        for owner, lane, number, last in chains.values_list("organisation_id", "lane", "number", "hash")
    }
