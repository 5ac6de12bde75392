"""Encryption at rest."""

import os
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from hipcare.errors import Unavailable
from partners import callers, selectors, vault
from partners.actions import data_keys, organisations
from partners.models import DataKey, Organisation
from partners.vault import CannotUnseal, OrganisationKeys

KEYS = OrganisationKeys(7, {7: AESGCM(b"7" * 32), 3: AESGCM(b"3" * 32)}, b"i" * 32)


@given(st.binary(max_size=5000), st.text(max_size=50))
def test_what_is_sealed_is_unsealed_in_its_place(plain: bytes, place: str) -> None:
    sealed = vault.seal(KEYS, plain, place=place)
    assert vault.unseal(KEYS, sealed, place=place) == plain
    with pytest.raises(CannotUnseal) as refused:
        vault.unseal(KEYS, sealed, place=f"{place}x")
    assert "moved" in str(refused.value)


def test_the_same_is_never_sealed_alike_and_shows_nothing() -> None:
    plain = b"pain in the groin " * 50
    first, again = (vault.seal(KEYS, plain, place="p") for _ in range(2))
    assert first != again
    assert b"groin" not in first
    assert len(first) < len(plain) / 5


@pytest.mark.parametrize("at", [0, 1, 8, 9, 20, 21, -1])
def test_a_changed_byte_is_noticed(at: int) -> None:
    sealed = bytearray(vault.seal(KEYS, b"what was said", place="p"))
    sealed[at] ^= 1
    with pytest.raises(CannotUnseal):
        vault.unseal(KEYS, bytes(sealed), place="p")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"{}", b"\x01" + b"x" * 19, b"\x02" + b"x" * 60])
def test_what_is_no_sealed_value_is_refused(sealed: bytes) -> None:
    with pytest.raises(CannotUnseal):
        vault.unseal(KEYS, sealed, place="p")


def test_an_earlier_key_still_reads_and_a_dropped_one_does_not() -> None:
    sealed = vault.seal(replace(KEYS, current=3), b"earlier", place="p")
    assert vault.unseal(KEYS, sealed, place="p") == b"earlier"
    with pytest.raises(CannotUnseal) as refused:
        vault.unseal(replace(KEYS, ciphers={7: KEYS.ciphers[7]}), sealed, place="p")
    assert "missing" in str(refused.value)


def test_digests_are_of_the_organisation() -> None:
    other = replace(KEYS, index_key=b"j" * 32)
    assert vault.digest(KEYS, b"8f1c") == vault.digest(KEYS, b"8f1c")
    assert vault.digest(KEYS, b"8f1c") not in (vault.digest(other, b"8f1c"), vault.digest(KEYS, b"8f1d"))


def test_keys_are_shown_in_no_text() -> None:
    assert "iiii" not in repr(KEYS)


@pytest.fixture
def clinic(db: None) -> Organisation:
    return organisations.create(name="Hip clinic", by="test")


def test_organisations_do_not_share_keys(clinic: Organisation) -> None:
    other = organisations.create(name="Other clinic", by="test")
    sealed = data_keys.seal(clinic.id, b"x", place="p")
    assert data_keys.unseal(clinic.id, sealed, place="p") == b"x"
    with pytest.raises(Unavailable):
        data_keys.unseal(other.id, sealed, place="p")
    assert data_keys.digest(clinic.id, b"x") != data_keys.digest(other.id, b"x")


def test_the_rows_hold_no_key_in_the_clear(clinic: Organisation) -> None:
    keys = selectors.organisation_keys(clinic.id)
    assert keys is not None
    assert keys.index_key not in b"".join(bytes(row.wrapped) for row in DataKey.objects.all())


def test_a_new_key_of_the_installation(clinic: Organisation, settings: Any) -> None:
    sealed, (old,) = data_keys.seal(clinic.id, b"x", place="p"), settings.HIPCARE_ENCRYPTION_KEYS
    new = ("2027", os.urandom(32))
    settings.HIPCARE_ENCRYPTION_KEYS = (new, old)
    call_command("wrap_data_keys")
    settings.HIPCARE_ENCRYPTION_KEYS = (new,)
    callers.forget()
    assert data_keys.unseal(clinic.id, sealed, place="p") == b"x"
    assert set(DataKey.objects.values_list("wrapped_under", flat=True)) == {"2027"}


@pytest.mark.parametrize(("key_id", "reason"), [("another", "lacks the key test"), ("test", "another one than it was")])
def test_without_the_key_of_the_installation_nothing_is_read(
    clinic: Organisation, settings: Any, caplog: pytest.LogCaptureFixture, key_id: str, reason: str
) -> None:
    settings.HIPCARE_ENCRYPTION_KEYS = ((key_id, os.urandom(32)),)
    callers.forget()
    with pytest.raises(Unavailable):
        data_keys.of(clinic.id)
    assert reason in caplog.text
    with pytest.raises(CommandError, match=reason):
        call_command("wrap_data_keys")
