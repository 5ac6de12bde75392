"""Writing the audit trail. The row goes into the transaction of what it tells about.

What was refused is recorded when its transaction is over, or the row would be rolled back with it. When a row was
written, and its place in the chain, is for the database to say.
"""

from uuid import UUID

from django.db import connection

from hipcare import request_id
from partners.models import Outcome
from partners.principal import Principal

# Written for every request that matters, so without the ORM, which would take twice the time.
_INSERT = """
    INSERT INTO partners_auditevent
        (organisation_id, client_id, actor, action, resource_type, resource_id, outcome, request_id)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


def record(
    *,
    principal: Principal,
    action: str,
    resource_type: str,
    resource_id: str,
    outcome: Outcome = Outcome.SUCCEEDED,
) -> None:
    """Record what a client did: `action` as `noun.verb`, the resource by its id, nothing of its content."""
    what = (action, resource_type, resource_id, outcome.value, request_id.current.get())
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [principal.organisation_id, principal.client_id, "", *what])


def record_by_staff(  # noqa: PLR0913 - an audit row has this many columns
    *,
    by: str,
    action: str,
    resource_type: str,
    resource_id: str,
    organisation_id: UUID | None = None,
    client_id: UUID | None = None,
    outcome: Outcome = Outcome.SUCCEEDED,
) -> None:
    """Record what a member of staff, or a command they ran, did: to a partner, if one is named."""
    what = (action, resource_type, resource_id, outcome.value, request_id.current.get())
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [organisation_id, client_id, by, *what])


def record_by(*, by: Principal | str, organisation_id: UUID, action: str, resource_type: str, resource_id: str) -> None:
    """Record what either a client, or somebody of staff, did to what an organisation owns."""
    if isinstance(by, Principal):
        record(principal=by, action=action, resource_type=resource_type, resource_id=resource_id)
    else:
        record_by_staff(
            by=by,
            action=action,
            resource_type=resource_type,
            resource_id=resource_id,
            organisation_id=organisation_id,
        )
