"""A new key for what an organisation stores: everything is encrypted under it, and the earlier keys are dropped."""

from typing import Any
from uuid import UUID

from django.db import transaction

from partners import vault
from partners.actions import data_keys
from triage.models import Assessment, FollowUp, KnownOutcome, Review
from triage.models.sealed import SealedModel

SEALED_MODELS: tuple[type[SealedModel], ...] = (Assessment, FollowUp, KnownOutcome, Review)
_AT_A_TIME = 100


def rotate(*, organisation_id: UUID, by: str) -> int:
    """Make a new key, encrypt everything under it, drop the others; how many rows were encrypted anew.

    It may be interrupted and begun again: every row can be read at every moment.
    """
    current = data_keys.rotate(organisation_id=organisation_id, by=by)
    rows = sum(_encrypt_anew(model, organisation_id, current) for model in SEALED_MODELS)
    data_keys.drop_retired(organisation_id=organisation_id, by=by)
    return rows


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
