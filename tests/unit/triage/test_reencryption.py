"""A new data key: everything is encrypted under it, and can be read at every moment."""

import pytest
from django.core.management import call_command
from django.test import Client as HttpClient

from partners import vault
from partners.models import Client, DataKey, KeyPurpose
from tests.api.conftest import api, partner, token
from tests.api.test_erasure import MARKER, store_everything
from triage.actions import reencryption
from triage.actions.reencryption import SEALED_MODELS

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
    (current,) = DataKey.objects.filter(purpose=KeyPurpose.CONTENT)
    assert keys_in_use() == {current.pk} != before
    assert api.get(place).content == answer
    assert api.get("/api/v1/assessments", {"reference": MARKER}).json()["results"][0]["reference"] == MARKER
    assert api.post(f"{place}/replay").json()["replayed"]["equal"]


def test_a_key_that_is_needed_no_more_is_gone(api: HttpClient, partner: Client) -> None:
    store_everything(api)
    call_command("rotate_data_keys")
    assert not DataKey.objects.exclude(retired_at=None).exists()
