"""Changes to clients. `by` says who of staff acts, for the audit trail. Does not check permissions."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from hipcare import rates
from hipcare.errors import InvalidInput, Problem, pointer
from partners import callers, client_keys
from partners.actions import audit
from partners.models import Client, Organisation, Scope


@transaction.atomic
def create(*, organisation: Organisation, name: str, scopes: Sequence[str], by: str) -> Client:
    """Create an active client; raises `InvalidInput` for a scope that does not exist."""
    client = Client.objects.create(organisation=organisation, name=name, scopes=_known(scopes))
    _record(client, action="client.created", by=by)
    return client


@transaction.atomic
def change(*, client: Client, name: str, scopes: Sequence[str], active: bool, by: str) -> Client:
    """Change what a client is called and may do; raises `InvalidInput` for a scope that does not exist.

    Switched off, it loses its short-lived tokens for good.
    """
    client.name, client.scopes, client.active = name, _known(scopes), active
    client.save(update_fields=["name", "scopes", "active"])
    if not active:
        _next_generation(client)
    callers.forget()
    _record(client, action="client.changed", by=by)
    return client


@transaction.atomic
def set_keys(*, client: Client, by: str, jwks: Mapping[str, Any] | None = None, jwks_url: str = "") -> Client:
    """Replace the public keys of a client: a JWKS, the address of one, or neither.

    Raises `InvalidInput` for both, for a JWKS that cannot sign assertions, and for an address that is not https.
    """
    if jwks is not None and jwks_url:
        raise InvalidInput([Problem("/jwks_url", "both", "Give the keys or their address, not both.")])
    try:
        kept = None if jwks is None else client_keys.kept_key_set(jwks)
    except ValueError as trouble:
        raise InvalidInput([Problem("/jwks", "unusable", str(trouble))]) from None
    if jwks_url and (trouble_with_url := client_keys.trouble_with(jwks_url)):
        raise InvalidInput([Problem("/jwks_url", "unusable", trouble_with_url)])
    client.jwks, client.jwks_url = kept, jwks_url
    client.save(update_fields=["jwks", "jwks_url"])
    _record(client, action="client.keys_changed", by=by)
    return client


@transaction.atomic
def set_limits(*, client: Client, read: str, write: str, by: str) -> Client:
    """Give a client rate limits of its own; empty means those of the installation."""
    given = {"read_limit": read, "write_limit": write}
    wrong = [name for name, limit in given.items() if limit and not re.fullmatch(rates.PATTERN, limit)]
    if wrong:
        detail = "Must be like 600/minute (second, minute, hour or day), or none."
        raise InvalidInput([Problem(pointer(name), "not_a_rate", detail) for name in wrong])
    client.read_limit, client.write_limit = read, write
    client.save(update_fields=["read_limit", "write_limit"])
    callers.forget()
    _record(client, action="client.limits_changed", by=by)
    return client


@transaction.atomic
def end_short_lived_tokens(*, client: Client, by: str) -> None:
    """Refuse every short-lived token that the client has; its secrets and keys go on working."""
    _next_generation(client)
    callers.forget()
    _record(client, action="client.tokens_ended", by=by)


def _next_generation(client: Client) -> None:
    Client.objects.filter(pk=client.pk).update(generation=F("generation") + 1)


def _known(scopes: Sequence[str]) -> list[str]:
    unknown = [index for index, scope in enumerate(scopes) if scope not in Scope.values]
    if unknown:
        detail = f"Unknown scope. Known are {', '.join(Scope.values)}."
        raise InvalidInput([Problem(pointer("scopes", index), "unknown_scope", detail) for index in unknown])
    return sorted(set(scopes))


def _record(client: Client, *, action: str, by: str) -> None:
    audit.record_by_staff(
        by=by,
        action=action,
        resource_type="client",
        resource_id=str(client.id),
        organisation_id=client.organisation_id,
        client_id=client.id,
    )
