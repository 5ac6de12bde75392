"""Every constraint of the tables, violated once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners.actions import tokens
from partners.models import (
    AccessToken,
    AuditChain,
    AuditEvent,
    CallerVersion,
    Client,
    DataKey,
    IdempotencyKey,
    Organisation,
    SigningKey,
    UsedAssertion,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from tests import audit_trail


def _organisation(**changes: Any) -> None:
    Organisation.objects.create(**{"name": "Other"} | changes)


def _client(**changes: Any) -> None:
    organisation = Organisation.objects.get()
    Client.objects.create(**{"organisation": organisation, "name": "Other", "scopes": []} | changes)


def _token(**changes: Any) -> None:
    values = {"client": Client.objects.get(), "prefix": "0" * 12, "secret_hash": "0" * 64} | changes
    AccessToken.objects.create(**values)


def _event(**changes: Any) -> None:
    values = {"actor": "test", "action": "thing.done", "resource_type": "thing", "outcome": "succeeded"} | changes
    AuditEvent.objects.create(**values)


def _same_prefix() -> None:
    _token()
    _token()


def _change_version(**changes: Any) -> None:
    CallerVersion.objects.create(**changes)


def _change_event() -> None:
    AuditEvent.objects.update(action="nothing")


def _same_place() -> None:
    _event()
    with audit_trail.unguarded():
        place = AuditEvent.objects.order_by("id").values("organisation_id", "lane", "number", "previous_hash", "hash")
        _event(**place[0])


def _two_ends() -> None:
    with audit_trail.unguarded():
        end = AuditChain.objects.values("organisation_id", "lane", "number", "hash")[0]
        AuditChain.objects.create(**end)


def _change_end() -> None:
    AuditChain.objects.update(number=0)


def _signing_key(kid: str) -> None:
    SigningKey.objects.create(kid=kid, public_jwk={}, encrypted_private_jwk="", algorithm="ES256")


def _two_signing_keys() -> None:
    _signing_key("1")
    _signing_key("2")


def _used_twice() -> None:
    for _ in range(2):
        UsedAssertion.objects.create(client_id=uuid4(), jti_hash="0" * 64, expires_at=PAST)
    row = UsedAssertion.objects.all()[0]
    UsedAssertion.objects.update(client_id=row.client_id)


def _data_key(purpose: str) -> None:
    organisation = Organisation.objects.get()
    DataKey.objects.create(organisation=organisation, purpose=purpose, wrapped=b"", wrapped_under="test")


def _spent_twice() -> None:
    client = Client.objects.get()
    for _ in range(2):
        IdempotencyKey.objects.create(organisation=client.organisation, client=client, key_digest=b"0" * 32)


def _endpoint(**changes: Any) -> WebhookEndpoint:
    values = {"organisation": Organisation.objects.get(), "url": "https://example.org/", "event_types": []} | changes
    return WebhookEndpoint.objects.create(**values)


def _delivery(endpoint: WebhookEndpoint | None = None, **changes: Any) -> WebhookDelivery:
    values = {"event_id": uuid4(), "event_type": "webhook.test", "body": b"{}"} | changes
    times = dict.fromkeys(("created_at", "due_at", "prompted_at", "give_up_at"), PAST)
    endpoint = endpoint or _endpoint()
    return WebhookDelivery.objects.create(endpoint=endpoint, organisation=endpoint.organisation, **times, **values)


def _delivered_twice() -> None:
    first = _delivery()
    _delivery(first.endpoint, event_id=first.event_id)


def _attempt(**changes: Any) -> None:
    delivery = _delivery()
    WebhookAttempt.objects.create(delivery=delivery, organisation=delivery.organisation, at=PAST, **changes)


PAST = timezone.now() - timedelta(days=1)
VIOLATIONS: dict[str, Callable[[], object]] = {
    "organisation_name_unique": lambda: _organisation(name="hip CLINIC"),
    "organisation_name_not_blank": lambda: _organisation(name=" \t"),
    "client_name_unique_in_organisation": lambda: _client(name="INTAKE"),
    "client_name_not_blank": lambda: _client(name=""),
    "client_scopes_known": lambda: _client(scopes=["assessments:read", "everything"]),
    "client_keys_in_one_place": lambda: _client(jwks={"keys": []}, jwks_url="https://example.org/jwks"),
    "client_jwks_url_https": lambda: _client(jwks_url="http://example.org/jwks"),
    "client_read_limit_shape": lambda: _client(read_limit="many"),
    "client_write_limit_shape": lambda: _client(write_limit="0/minute"),
    "accesstoken_kind_known": lambda: _token(kind="password"),
    "signingkey_one_signs_at_a_time": _two_signing_keys,
    "usedassertion_once": _used_twice,
    "organisation_retention_at_least_a_day": lambda: _organisation(retention_days=0),
    "datakey_purpose_known": lambda: _data_key(purpose="fun"),
    "datakey_one_encrypts_at_a_time": lambda: _data_key(purpose="content"),
    "idempotencykey_unique_per_client": _spent_twice,
    "callerversion_one_row": lambda: _change_version(id=2),
    "accesstoken_prefix_unique": _same_prefix,
    "accesstoken_prefix_shape": lambda: _token(prefix="short"),
    "accesstoken_hash_shape": lambda: _token(secret_hash="plain text"),
    "accesstoken_expires_after_created": lambda: _token(expires_at=PAST),
    "accesstoken_revoked_after_created": lambda: _token(revoked_at=PAST),
    "auditevent_outcome_known": lambda: _event(outcome="perhaps"),
    "auditevent_action_not_blank": lambda: _event(action=""),
    "auditevent_has_client_or_actor": lambda: _event(actor=""),
    "auditevent_append_only": _change_event,
    "auditevent_one_place_in_chain": _same_place,
    "auditchain_one_end_a_chain": _two_ends,
    "auditchain_kept_by_trigger": _change_end,
    "webhookendpoint_url_once": lambda: (_endpoint(), _endpoint()),
    "webhookendpoint_url_shape": lambda: _endpoint(url="ftp://example.org/"),
    "webhookendpoint_events_known": lambda: _endpoint(event_types=["everything"]),
    "webhookendpoint_disabled_known": lambda: _endpoint(disabled="perhaps"),
    "webhookendpoint_old_secret_has_an_end": lambda: _endpoint(encrypted_old_secret="x"),
    "webhookdelivery_state_known": lambda: _delivery(state="lost", ended_at=PAST),
    "webhookdelivery_event_known": lambda: _delivery(event_type="everything"),
    "webhookdelivery_ended_unless_pending": lambda: _delivery(state="dead"),
    "webhookdelivery_once_an_endpoint": _delivered_twice,
    "webhookattempt_outcome_known": lambda: _attempt(outcome="perhaps"),
    "webhookattempt_status_of_an_answer": lambda: _attempt(outcome="timeout", status=200),
}


@pytest.mark.usefixtures("client_program")
@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses(name: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        VIOLATIONS[name]()
    assert refused.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


def test_every_constraint_is_violated_here() -> None:
    declared = {
        constraint.name
        for model in apps.get_app_config("partners").get_models()
        for constraint in model._meta.constraints
    }
    assert declared == VIOLATIONS.keys() - {"auditevent_append_only", "auditchain_kept_by_trigger"}


@pytest.mark.usefixtures("organisation")
def test_an_audit_event_cannot_be_deleted() -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEvent.objects.all().delete()
    assert AuditEvent.objects.exists()


def test_an_audit_event_outlives_what_it_is_about(client_program: Client) -> None:
    foreign_keys = [field.name for field in AuditEvent._meta.get_fields() if field.is_relation]
    assert foreign_keys == []


def test_a_token_hides_its_secret(client_program: Client) -> None:
    token, text = tokens.issue(client=client_program, by="test")
    assert text not in f"{token} {token!r} {vars(token)}"
    assert text.rpartition("_")[2] not in f"{vars(token)}"
    assert str(token) == f"hipcare_{token.prefix}_…"
