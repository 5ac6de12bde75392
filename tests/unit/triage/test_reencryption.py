"""A new data key: everything is encrypted under it, and can be read at every moment."""

import pytest
from django.core.management import call_command
from django.test import Client as HttpClient
from django.utils import timezone

from partners import vault
from partners.actions import data_keys
from partners.models import Client, DataKey, KeyPurpose
from tests.api.conftest import api, partner, token
from tests.api.test_erasure import MARKER, store_everything
from triage.actions import reencryption
from triage.actions.reencryption import SEALED_MODELS
from triage.models import Assessment

__all__ = ["api", "partner", "token"]


def keys_in_use() -> set[int]:
    rows = [row for model in SEALED_MODELS for row in model._default_manager.all()]
    return {vault.data_key_of(bytes(getattr(row, column))) for row in rows for column in row.sealed_columns()}


def test_everything_is_under_the_new_key_and_reads_as_before(
    api: HttpClient, partner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reencryption, "_AT_A_TIME", 2)
    place = store_everything(api)
    before, answer = keys_in_use(), api.get(place).content
    call_command("rotate_data_keys", organisation=partner.organisation_id)
    (current,) = DataKey.objects.filter(purpose=KeyPurpose.CONTENT, retired_at=None)
    assert keys_in_use() == {current.pk} != before
    assert api.get(place).content == answer
    assert api.get("/api/v1/assessments", {"reference": MARKER}).json()["results"][0]["reference"] == MARKER
    assert api.post(f"{place}/replay").json()["replayed"]["equal"]


def test_a_retired_key_is_dropped_when_nobody_can_use_it_any_more(api: HttpClient, partner: Client) -> None:
    """A process that remembers the old key encrypts with it for a moment after everything was encrypted anew."""
    old = data_keys.of(partner.organisation_id)
    call_command("rotate_data_keys")
    place = store_everything(api)
    row = Assessment.objects.get()
    where = f"Assessment.sealed_answer:{row.id}"
    row.sealed_answer = vault.seal(old, row.answer, place=where)
    row.save()
    answer = api.get(place).content
    assert reencryption.finish(now=timezone.now(), by="test") == 0
    assert old.current in keys_in_use()
    assert reencryption.finish(now=timezone.now() + reencryption.KEPT_FOR, by="test") == 1
    assert not DataKey.objects.exclude(retired_at=None).exists()
    assert old.current not in keys_in_use()
    assert api.get(place).content == answer
