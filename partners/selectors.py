"""Reads of partners."""

import hmac
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from partners import credentials
from partners.models import AccessToken, AuditEvent, Client, Organisation
from partners.principal import Principal

_NO_HASH = "0" * 64

# Every request pays for this query, and the ORM takes longer to write it than PostgreSQL to answer it.
_CALLER_QUERY = """
    SELECT token.id, token.secret_hash, client.organisation_id, client.id, client.scopes,
           token.last_used_at IS NULL OR token.last_used_at < now() - interval '1 hour'
    FROM partners_accesstoken token
    JOIN partners_client client ON client.id = token.client_id
    JOIN partners_organisation organisation ON organisation.id = client.organisation_id
    WHERE token.prefix = %s AND token.revoked_at IS NULL AND (token.expires_at IS NULL OR token.expires_at > now())
      AND client.active AND organisation.active
"""


@dataclass(frozen=True, slots=True)
class ValidToken:
    """A token that is accepted now; `use_is_due` when its last use was noted more than an hour ago."""

    id: UUID
    principal: Principal
    use_is_due: bool


def valid_token(text: str) -> ValidToken | None:
    """The token written as `text`, or None if it is not accepted, whatever the reason."""
    credential = credentials.parse(text)
    if credential is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_CALLER_QUERY, [credential.prefix])
        row = cursor.fetchone()
    if not hmac.compare_digest(row[1] if row else _NO_HASH, credential.secret_hash) or row is None:
        return None
    token_id, _, organisation_id, client_id, scopes, use_is_due = row
    return ValidToken(token_id, Principal(organisation_id, client_id, frozenset(scopes)), use_is_due)


def organisations() -> QuerySet[Organisation]:
    """Every organisation."""
    return Organisation.objects.all()


def clients() -> QuerySet[Client]:
    """Every client, with its organisation."""
    return Client.objects.select_related("organisation")


def tokens() -> QuerySet[AccessToken]:
    """Every token, with its client and organisation."""
    return AccessToken.objects.select_related("client__organisation")


def audit_events(*, organisation_id: UUID | None = None) -> QuerySet[AuditEvent]:
    """The audit trail, newest first; of one organisation if given."""
    events = AuditEvent.objects.all()
    return events if organisation_id is None else events.filter(organisation_id=organisation_id)
