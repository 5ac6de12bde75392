"""Changes to organisations. `by` says who of staff acts, for the audit trail. Does not check permissions."""

from django.db import transaction
from django.db.models import F

from partners import callers
from partners.actions import audit, data_keys
from partners.models import Client, Organisation


@transaction.atomic
def create(*, name: str, by: str, retention_days: int | None = None) -> Organisation:
    """Create an active organisation, which keeps its assessments for so many days, or until they are erased."""
    organisation = Organisation.objects.create(name=name, retention_days=retention_days)
    data_keys.create(organisation_id=organisation.id)
    _record(organisation, action="organisation.created", by=by)
    return organisation


@transaction.atomic
def change(*, organisation: Organisation, name: str, active: bool, by: str) -> Organisation:
    """Rename an organisation, or switch it off or on; while it is off none of its tokens is accepted."""
    organisation.name, organisation.active = name, active
    organisation.save(update_fields=["name", "active"])
    if not active:
        Client.objects.filter(organisation=organisation).update(generation=F("generation") + 1)
    callers.forget()
    _record(organisation, action="organisation.changed", by=by)
    return organisation


@transaction.atomic
def set_retention(*, organisation: Organisation, days: int | None, by: str) -> Organisation:
    """Keep assessments for so many days, or until they are erased; what is older goes with the next maintenance."""
    organisation.retention_days = days
    organisation.save(update_fields=["retention_days"])
    _record(organisation, action="organisation.retention_changed", by=by)
    return organisation


def _record(organisation: Organisation, *, action: str, by: str) -> None:
    audit.record_by_staff(
        by=by,
        action=action,
        resource_type="organisation",
        resource_id=str(organisation.id),
        organisation_id=organisation.id,
    )
