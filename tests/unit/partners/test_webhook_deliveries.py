"""Deliveries to a real receiver: what is sent, what follows from its answer, and what is never connected to."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import override_settings
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from standardwebhooks import Webhook, WebhookVerificationError

from hipcare.errors import Conflict
from partners import selectors, webhooks
from partners.actions import organisations, webhook_deliveries, webhook_endpoints, webhook_events
from partners.models import Organisation, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from partners.webhook_models import EventType
from tests.webhook_receiver import Receiver, certificate_for, receiving

pytestmark = pytest.mark.django_db
ABOUT = UUID("01a20512-b122-77bd-9f85-edead5937c57")
DATA = {"assessment": str(ABOUT)}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver without TLS on this machine, as in development."""
    with receiving() as made:
        yield made


def register(organisation: Organisation, url: str, **values: Any) -> tuple[WebhookEndpoint, str]:
    return webhook_endpoints.create(
        organisation_id=organisation.id, url=url, event_types=EventType.values, by="staff:1", **values
    )


def emitted(organisation: Organisation) -> WebhookDelivery:
    """A delivery of something that happened just now."""
    webhook_events.emit(organisation_id=organisation.id, event_type="assessment.emergency", about=ABOUT, data=DATA)
    return WebhookDelivery.objects.latest("id")


def make_due(delivery: WebhookDelivery) -> None:
    """Let the waiting be over."""
    now = timezone.now()
    WebhookDelivery.objects.filter(pk=delivery.pk).update(due_at=now, prompted_at=now)


def tried(delivery: WebhookDelivery) -> WebhookDelivery:
    """The delivery after one more attempt."""
    make_due(delivery)
    webhook_deliveries.attempt(delivery_id=delivery.id)
    delivery.refresh_from_db()
    return delivery


def attempts(delivery: WebhookDelivery) -> list[tuple[str, int | None]]:
    return list(delivery.attempts.values_list("outcome", "status"))


def test_a_receiver_gets_exactly_this(organisation: Organisation, receiver: Receiver) -> None:
    _, secret = register(organisation, receiver.url)
    delivery = tried(emitted(organisation))
    ((headers, body),) = receiver.got
    told = Webhook(secret).verify(body, headers)
    assert list(told) == ["id", "type", "timestamp", "data"]
    assert (told["id"], told["type"], told["data"]) == (headers["webhook-id"], "assessment.emergency", DATA)
    assert told["timestamp"] == delivery.created_at.isoformat().replace("+00:00", "Z")
    assert headers["Content-Type"] == "application/json"
    assert (delivery.state, attempts(delivery)) == ("delivered", [("delivered", 204)])


def test_the_signature_is_that_of_the_specification(organisation: Organisation, receiver: Receiver) -> None:
    """Worked out here without the library that signs."""
    _, secret = register(organisation, receiver.url)
    tried(emitted(organisation))
    ((headers, body),) = receiver.got
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert len(key) == 32
    with pytest.raises(WebhookVerificationError):
        Webhook(webhooks.new_secret()).verify(body, headers)


def test_what_failed_is_tried_again_with_the_same_id_and_body(organisation: Organisation, receiver: Receiver) -> None:
    register(organisation, receiver.url)
    receiver.statuses = [500, 429, 200]
    delivery = emitted(organisation)
    states = [tried(delivery).state for _ in range(3)]
    assert states == ["pending", "pending", "delivered"]
    assert attempts(delivery) == [("refused", 500), ("refused", 429), ("delivered", 200)]
    assert len({body for _, body in receiver.got}) == len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert tried(delivery).attempt_count == 3


def test_what_is_not_due_is_left_alone(organisation: Organisation, receiver: Receiver) -> None:
    register(organisation, receiver.url)
    receiver.statuses = [500]
    delivery = tried(emitted(organisation))
    assert webhook_deliveries.attempt(delivery_id=delivery.id) is None
    assert webhook_deliveries.attempt(delivery_id=uuid4()) is None
    assert len(receiver.got) == 1


def test_after_some_days_it_is_dead_and_can_be_sent_again(organisation: Organisation, receiver: Receiver) -> None:
    register(organisation, receiver.url)
    receiver.statuses = [500, 500, 200]
    delivery = emitted(organisation)
    with pytest.raises(Conflict):
        webhook_deliveries.resend(delivery=delivery, by="staff:1")
    assert delivery.give_up_at - delivery.created_at == timedelta(hours=72)
    assert tried(delivery).state == "pending"
    WebhookDelivery.objects.update(give_up_at=timezone.now())
    assert tried(delivery).state == "dead"
    again = webhook_deliveries.resend(delivery=delivery, by="staff:1")
    assert (again.state, again.ended_at, again.give_up_at > timezone.now()) == ("pending", None, True)
    assert tried(delivery).state == "delivered"
    assert selectors.audit_events()[0].action == "webhook_delivery.resent"


def test_gone_switches_the_endpoint_off(organisation: Organisation, receiver: Receiver) -> None:
    endpoint, _ = register(organisation, receiver.url)
    receiver.statuses = [410]
    first, second = emitted(organisation), emitted(organisation)
    assert tried(first).state == "dead"
    endpoint.refresh_from_db()
    assert endpoint.disabled == "gone"
    event = selectors.audit_events()[0]
    assert (event.action, event.actor) == ("webhook_endpoint.disabled", "worker")
    assert (tried(second).state, attempts(second)) == ("dead", [("disabled", None)])
    webhook_events.emit(organisation_id=organisation.id, event_type="worklist.changed", about=ABOUT, data=DATA)
    assert (len(receiver.got), WebhookDelivery.objects.count()) == (1, 2)


def test_nothing_is_sent_for_an_organisation_that_is_switched_off(
    organisation: Organisation, receiver: Receiver
) -> None:
    register(organisation, receiver.url)
    delivery = emitted(organisation)
    organisations.change(organisation=organisation, name="Hip clinic", active=False, by="staff:1")
    assert (tried(delivery).state, receiver.got) == ("dead", [])


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(organisation: Organisation, receiver: Receiver, status: int) -> None:
    register(organisation, receiver.url)
    receiver.statuses = [status]
    delivery = tried(emitted(organisation))
    assert (delivery.state, attempts(delivery), len(receiver.got)) == ("pending", [("refused", status)], 1)


def test_a_receiver_that_does_not_answer_is_left(
    organisation: Organisation, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "SECONDS", 0.2)
    register(organisation, receiver.url)
    receiver.hold = threading.Event()
    delivery = tried(emitted(organisation))
    assert (delivery.state, attempts(delivery)) == ("pending", [("timeout", None)])


def test_nobody_there(organisation: Organisation) -> None:
    with receiving() as gone:
        url = gone.url
    register(organisation, url)
    assert attempts(tried(emitted(organisation))) == [("unreachable", None)]


def test_https_with_its_own_certificate(
    organisation: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certificate_for(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with receiving(certificate) as receiver:
        register(organisation, receiver.url)
        assert tried(emitted(organisation)).state == "delivered"


@pytest.mark.parametrize("trusted", [True, False])
def test_a_wrong_certificate_is_not_told_anything(
    organisation: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    """Of another name though trusted, and of the right name but not trusted."""
    certificate = certificate_for(tmp_path, "other.example" if trusted else "localhost")
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with receiving(certificate) as receiver:
        register(organisation, receiver.url)
        delivery = tried(emitted(organisation))
        assert (attempts(delivery), receiver.got) == ([("tls", None)], [])


def test_in_production_this_machine_is_not_connected_to(
    organisation: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certificate_for(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with receiving() as plain, receiving(certificate) as secure:
        register(organisation, plain.url)
        delivery = emitted(organisation)
        with override_settings(HIPCARE_WEBHOOKS_TO_THIS_MACHINE=False):
            assert attempts(tried(delivery)) == [("not_https", None)]
            WebhookEndpoint.objects.update(url=secure.url)
            assert attempts(tried(delivery))[1:] == [("not_public", None)]
            with override_settings(HIPCARE_WEBHOOK_NETWORKS=(ip_network("127.0.0.0/8"), ip_network("::1/128"))):
                assert tried(delivery).state == "delivered"
        assert (len(plain.got), len(secure.got)) == (0, 1)


def test_both_secrets_sign_until_the_overlap_ends(organisation: Organisation, receiver: Receiver) -> None:
    endpoint, old = register(organisation, receiver.url)
    endpoint, new = webhook_endpoints.rotate_secret(endpoint=endpoint, by="staff:1")
    tried(emitted(organisation))
    headers, body = receiver.got[-1]
    assert headers["webhook-signature"].count("v1,") == 2
    for secret in (old, new):
        Webhook(secret).verify(body, headers)
    WebhookEndpoint.objects.update(old_secret_until=timezone.now())
    tried(emitted(organisation))
    headers, body = receiver.got[-1]
    assert headers["webhook-signature"].count("v1,") == 1
    Webhook(new).verify(body, headers)


def test_secrets_are_kept_encrypted(organisation: Organisation, receiver: Receiver) -> None:
    endpoint, secret = register(organisation, receiver.url)
    assert secret not in endpoint.encrypted_secret
    assert webhooks.decrypt(endpoint.encrypted_secret) == secret
    with override_settings(SECRET_KEY="another one, which is long enough to be a secret key of ours"):
        assert webhooks.decrypt(endpoint.encrypted_secret) is None
        assert attempts(tried(emitted(organisation))) == [("no_secret", None)]
    assert receiver.got == []


def test_only_those_who_asked_are_told(organisation: Organisation, receiver: Receiver) -> None:
    other = organisations.create(name="Other clinic", by="staff:1")
    register(other, receiver.url)
    webhook_endpoints.create(
        organisation_id=organisation.id, url=receiver.url, event_types=["worklist.changed"], by="staff:1"
    )
    everything, _ = register(organisation, f"{receiver.url}/all", include_same_day=True)
    for same_day in (False, True):
        webhook_events.emit(
            organisation_id=organisation.id,
            event_type="assessment.emergency",
            about=ABOUT,
            data=DATA,
            same_day=same_day,
        )
    assert set(WebhookDelivery.objects.values_list("endpoint", flat=True)) == {everything.id}
    assert WebhookDelivery.objects.count() == 2
    everything.include_same_day = False
    everything.save()
    webhook_events.emit(
        organisation_id=organisation.id, event_type="assessment.emergency", about=ABOUT, data=DATA, same_day=True
    )
    assert WebhookDelivery.objects.count() == 2


def test_a_job_holds_the_id_of_its_delivery_alone(organisation: Organisation, receiver: Receiver) -> None:
    register(organisation, receiver.url)
    delivery = emitted(organisation)
    assert ProcrastinateJob.objects.get().args == {"delivery_id": str(delivery.id)}
    assert json.loads(bytes(delivery.body))["data"] == DATA


def test_a_delivery_without_a_job_is_taken_up_and_once(organisation: Organisation, receiver: Receiver) -> None:
    register(organisation, receiver.url)
    delivery = emitted(organisation)
    assert webhook_deliveries.take_overdue() == []
    long_ago = timezone.now() - webhook_deliveries.OVERDUE_AFTER - timedelta(seconds=1)
    WebhookDelivery.objects.update(prompted_at=long_ago, due_at=long_ago)
    assert webhook_deliveries.take_overdue() == [delivery.id]
    assert webhook_deliveries.take_overdue() == []


def test_what_has_ended_is_kept_for_its_time(organisation: Organisation, receiver: Receiver) -> None:
    register(organisation, receiver.url)
    old, new, waits = (emitted(organisation) for _ in range(3))
    tried(old), tried(new)
    month = timezone.now() - timedelta(days=31)
    WebhookDelivery.objects.filter(pk__in=[old.pk, waits.pk]).update(created_at=month)
    WebhookDelivery.objects.filter(pk=old.pk).update(ended_at=month)
    webhook_deliveries.delete_old()
    assert set(WebhookDelivery.objects.values_list("pk", flat=True)) == {new.pk, waits.pk}
    assert WebhookAttempt.objects.count() == 1


def test_what_is_forgotten_is_never_sent(organisation: Organisation, receiver: Receiver) -> None:
    register(organisation, receiver.url)
    delivery = emitted(organisation)
    webhook_events.forget(about=ABOUT)
    assert webhook_deliveries.attempt(delivery_id=delivery.id) is None
    assert receiver.got == []


def test_waits_grow_to_about_three_days() -> None:
    longest = [webhooks.delay(n, 0.0) for n in range(1, 40)]
    assert longest[:4] == [timedelta(seconds=seconds) for seconds in (10, 30, 90, 270)]
    assert longest == sorted(longest)
    assert max(longest) == timedelta(hours=8)
    assert webhooks.delay(3, 1.0) == timedelta(seconds=45)
    assert sum(longest[:16], timedelta()) > timedelta(hours=72)
