"""Idempotency keys: spent in the transaction that stores, so that of two requests at once one waits for the other."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from hipcare.errors import Conflict, HipcareError
from partners import selectors, vault
from partners.actions import data_keys
from partners.models import IdempotencyKey
from partners.principal import Principal

_SPEND = """
    INSERT INTO partners_idempotencykey (organisation_id, client_id, key_digest, request_digest, resource_id)
    VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


class IdempotencyKeyReused(HipcareError):
    """The same idempotency key came with another body."""

    slug, title, status = "idempotency-key-reused", "This idempotency key was used with another body.", 422
    explanation = "Send the same body to get the first answer again, or another key for another body."


class IdempotencyKeyErased(Conflict):
    """What was stored under the idempotency key was erased."""

    slug, title = "idempotency-key-erased", "What was stored under this idempotency key was erased."
    explanation = "Nothing was stored, so that a late repeat does not bring back what was erased. Use another key."


@dataclass(frozen=True, slots=True)
class Claim:
    """A key as it came: whose it is, the digest of the key and of the request."""

    by: Principal
    key_digest: bytes
    request_digest: bytes


def claim(*, by: Principal, key: str, operation: str, target: str, body: bytes) -> Claim:
    """What a request with an idempotency key claims.

    A key counts for one `operation` of one client; the request is the body with the `target` it is for.
    """
    keys = data_keys.of(by.organisation_id)
    request = target.encode() + b"\0" + body
    return Claim(by, vault.digest(keys, f"{operation}\0{key}".encode()), vault.digest(keys, request))


def resource_of(claimed: Claim) -> UUID | None:
    """What was stored under the key before; None for a fresh key.

    Raises `IdempotencyKeyReused` where the request was another one, `IdempotencyKeyErased` where it was erased.
    """
    found = selectors.idempotency_key(client_id=claimed.by.client_id, key_digest=claimed.key_digest)
    if found is None:
        return None
    if found.resource_id is None:
        raise IdempotencyKeyErased()
    if bytes(found.request_digest or b"") != claimed.request_digest:
        raise IdempotencyKeyReused()
    return found.resource_id


def spend(claimed: Claim, resource_id: UUID) -> bool:
    """Whether the key was fresh; inside the transaction that stores the resource."""
    by = claimed.by
    row = (by.organisation_id, by.client_id, claimed.key_digest, claimed.request_digest, resource_id)
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, row)
        return cursor.rowcount == 1


def erase(resource_ids: list[UUID]) -> None:
    """Keep the keys of erased resources spent, and forget what was sent with them."""
    IdempotencyKey.objects.filter(resource_id__in=resource_ids).update(resource_id=None, request_digest=None)
