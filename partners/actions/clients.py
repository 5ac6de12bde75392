"""Changes to clients. `by` says who of staff acts, for the audit trail. Does not check permissions."""

from collections.abc import Sequence

from django.db import transaction

from hipcare.errors import InvalidInput, Problem, pointer
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
    """Change what a client is called and may do; raises `InvalidInput` for a scope that does not exist."""
    client.name, client.scopes, client.active = name, _known(scopes), active
    client.save(update_fields=["name", "scopes", "active"])
    _record(client, action="client.changed", by=by)
    return client


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
