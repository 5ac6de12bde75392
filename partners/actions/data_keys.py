"""The keys under which an organisation's content is encrypted: made with it, changed, and wrapped anew."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hipcare.errors import Unavailable
from partners import callers, vault
from partners.actions import audit
from partners.models import DataKey, KeyPurpose
from partners.vault import OrganisationKeys

_log = logging.getLogger("hipcare.vault")


def create(*, organisation_id: UUID) -> None:
    """Make the keys of a new organisation."""
    DataKey.objects.bulk_create([_new(organisation_id, purpose) for purpose in KeyPurpose])


def of(organisation_id: UUID) -> OrganisationKeys:
    """The organisation's keys. Raises `Unavailable` where there are none, or without the key that they need."""
    with _told():
        keys = callers.organisation_keys(organisation_id)
        if keys is None:
            raise vault.CannotUnseal("the organisation has no keys")
        return keys


def seal(organisation_id: UUID, plain: bytes, *, place: str) -> bytes:
    """`plain` as only this organisation's keys read it, and only at `place`."""
    return vault.seal(of(organisation_id), plain, place=place)


def unseal(organisation_id: UUID, sealed: bytes, *, place: str) -> bytes:
    """What was sealed. Raises `Unavailable` for what cannot be read."""
    keys = of(organisation_id)
    with _told():
        return vault.unseal(keys, sealed, place=place)


def digest(organisation_id: UUID, text: bytes) -> bytes:
    """By which `text` is found again among what is the organisation's."""
    return vault.digest(of(organisation_id), text)


@transaction.atomic
def rotate(*, organisation_id: UUID, by: str) -> int:
    """Encrypt with a new key from now on; its id. What the earlier ones encrypted can still be read."""
    DataKey.objects.filter(organisation=organisation_id, purpose=KeyPurpose.CONTENT, retired_at=None).update(
        retired_at=timezone.now()
    )
    key = _new(organisation_id, KeyPurpose.CONTENT)
    key.save()
    _changed(organisation_id, "data_key.rotated", by)
    return key.pk


@transaction.atomic
def drop_retired(*, organisation_id: UUID, key_ids: list[int], by: str) -> None:
    """Forget retired keys for good. What is still encrypted with one can never be read again."""
    DataKey.objects.filter(organisation=organisation_id, pk__in=key_ids, retired_at__isnull=False).delete()
    _changed(organisation_id, "data_key.dropped", by)


@transaction.atomic
def wrap_anew(*, by: str) -> int:
    """Encrypt every data key under the first key of the installation; how many there are.

    Afterwards the other keys of the installation are needed no more. What the data keys encrypt stays as it is.
    """
    rows = list(DataKey.objects.select_for_update())
    for row in rows:
        row.wrapped, row.wrapped_under = vault.wrap(vault.unwrap(bytes(row.wrapped), row.wrapped_under))
        row.save(update_fields=["wrapped", "wrapped_under"])
    for organisation_id in sorted({row.organisation_id for row in rows}):
        _changed(organisation_id, "data_key.wrapped", by)
    return len(rows)


def _new(organisation_id: UUID, purpose: str) -> DataKey:
    wrapped, wrapped_under = vault.wrap(vault.new_key())
    return DataKey(organisation_id=organisation_id, purpose=purpose, wrapped=wrapped, wrapped_under=wrapped_under)


def _changed(organisation_id: UUID, action: str, by: str) -> None:
    callers.forget()
    audit.record_by_staff(
        by=by,
        action=action,
        resource_type="organisation",
        resource_id=str(organisation_id),
        organisation_id=organisation_id,
    )


@contextmanager
def _told() -> Iterator[None]:
    """What cannot be read is away for who asks; the log knows why."""
    try:
        yield
    except vault.CannotUnseal as trouble:
        _log.error("cannot unseal: %s", trouble)
        raise Unavailable() from None
