"""Retention: what an organisation keeps no longer than so many days is erased when they are over."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from partners import selectors as partners
from partners.actions import audit
from triage import selectors
from triage.actions import assessments

BY = "system:retention"
_AT_A_TIME = 100


def purge(*, now: datetime) -> int:
    """Erase every assessment that is older than its organisation keeps any; how many there were.

    Each leaves a row in the audit trail. What is locked at the moment is left for the next time.
    """
    return sum(_purge_of(key, now - timedelta(days=days)) for key, days in partners.retention_days().items())


def _purge_of(organisation_id: UUID, before: datetime) -> int:
    """In batches, each erased in a transaction of its own."""
    count = 0
    while erased := _erase_some(organisation_id, before):
        count += erased
    return count


@transaction.atomic
def _erase_some(organisation_id: UUID, before: datetime) -> int:
    rows = list(selectors.assessments_before(organisation_id=organisation_id, before=before)[:_AT_A_TIME])
    for row in rows:
        key = row.id  # gone with the row
        assessments.delete(row)
        audit.record_by_staff(
            by=BY,
            action="assessment.purged",
            resource_type="assessment",
            resource_id=str(key),
            organisation_id=organisation_id,
        )
    return len(rows)
