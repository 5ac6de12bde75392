"""A new key for what an organisation stores: everything is encrypted under it; later the earlier keys are dropped."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from partners import selectors as partners
from partners import vault
from partners.actions import data_keys
from triage.models import Assessment, FollowUp, KnownOutcome, Review
from triage.models.sealed import SealedModel

SEALED_MODELS: tuple[type[SealedModel], ...] = (Assessment, FollowUp, KnownOutcome, Review)
KEPT_FOR = timedelta(hours=1)
"""How long a retired key is kept at least: longer than any process uses it."""
_AT_A_TIME = 100


def rotate(*, organisation_id: UUID, by: str) -> int:
    """Make a new key and encrypt everything under it; how many rows were looked at.

    It may be interrupted and begun again: every row can be read at every moment, for the earlier keys stay. Processes
    that remember one go on encrypting with it for a second, and a request under way for as long as it takes.
    """
    current = data_keys.rotate(organisation_id=organisation_id, by=by)
    return _encrypt_all(organisation_id, current)


def finish(*, now: datetime, by: str) -> int:
    """Encrypt what was still written under keys that were retired an hour ago or earlier, and drop these; how many."""
    dropped = 0
    for organisation_id, key_ids in partners.keys_retired_before(now - KEPT_FOR).items():
        _encrypt_all(organisation_id, data_keys.of(organisation_id).current)
        data_keys.drop_retired(organisation_id=organisation_id, key_ids=key_ids, by=by)
        dropped += len(key_ids)
    return dropped


def _encrypt_all(organisation_id: UUID, current: int) -> int:
    return sum(_encrypt_anew(model, organisation_id, current) for model in SEALED_MODELS)


def _encrypt_anew(model: type[SealedModel], organisation_id: UUID, current: int) -> int:
    """Row after row in the order of the ids; those that come in meanwhile are under the new key already."""
    after, count = UUID(int=0), 0
    while batch := _encrypt_some(model, organisation_id, current, after):
        after, count = batch[-1], count + len(batch)
    return count


@transaction.atomic
def _encrypt_some(model: type[SealedModel], organisation_id: UUID, current: int, after: UUID) -> list[UUID]:
    manager: Any = model._default_manager
    rows = manager.select_for_update(no_key=True).filter(organisation_id=organisation_id, id__gt=after).order_by("id")
    batch = list(rows[:_AT_A_TIME])
    for row in batch:
        if columns := [column for column in row.sealed_columns() if _is_older(row, column, current)]:
            row.seal_anew(columns)
            row.save(update_fields=columns)
    return [row.id for row in batch]


def _is_older(row: SealedModel, column: str, current: int) -> bool:
    sealed = getattr(row, column)
    return sealed is not None and vault.data_key_of(bytes(sealed)) != current
