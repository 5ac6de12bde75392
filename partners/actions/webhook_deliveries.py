"""Delivering what webhooks are told: at least once, tried again with growing delays, dead after some days.

No transaction is open while a receiver is spoken to. Whoever tries a delivery first moves its due time on, by a lease:
nobody else tries it meanwhile, and if the worker dies, it is due again when the lease has run out.
"""

import random
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from hipcare.errors import Conflict
from partners import queue, remote, webhooks
from partners.actions import audit, webhook_endpoints
from partners.principal import Principal
from partners.webhook_models import AttemptOutcome, DeliveryState, WebhookAttempt, WebhookDelivery, WebhookEndpoint

WORKER = "worker"
OVERDUE_AFTER = timedelta(minutes=5)
"""A delivery that was prompted so long ago and is still due has lost its job."""
_GONE = 410
_SWEPT_AT_ONCE = 1000


def attempt(*, delivery_id: UUID) -> datetime | None:
    """Try a delivery if it is due; when to try it again, or None if it has ended or is not due."""
    delivery = _leased(delivery_id)
    if delivery is None:
        return None
    if not connection.in_atomic_block:
        # The receiver may take its time, and others need the connection to the database.
        connection.close()
    outcome, status = _post(delivery)
    return _record(delivery.id, outcome, status)


@transaction.atomic
def resend(*, delivery: WebhookDelivery, by: Principal | str) -> WebhookDelivery:
    """Try a delivery anew that has ended, for as long as the first time. Raises `Conflict` for one that waits."""
    if delivery.state == DeliveryState.PENDING:
        raise Conflict("It waits already, and is tried again by itself.")
    now = timezone.now()
    delivery.state, delivery.ended_at = DeliveryState.PENDING, None
    delivery.attempt_count, delivery.due_at, delivery.prompted_at = 0, now, now
    delivery.give_up_at = now + timedelta(hours=settings.HIPCARE_WEBHOOK_RETRY_HOURS)
    delivery.save()
    queue.prompt([delivery.id])
    audit.record_by(
        by=by,
        organisation_id=delivery.organisation_id,
        action="webhook_delivery.resent",
        resource_type="webhook_delivery",
        resource_id=str(delivery.id),
    )
    return delivery


@transaction.atomic
def take_overdue() -> list[UUID]:
    """The deliveries whose job was lost, to be put into the queue again; they are not taken again for a while."""
    now = timezone.now()
    overdue = WebhookDelivery.objects.select_for_update(skip_locked=True).filter(
        state=DeliveryState.PENDING, due_at__lte=now, prompted_at__lt=now - OVERDUE_AFTER
    )
    ids = list(overdue.order_by("due_at").values_list("id", flat=True)[:_SWEPT_AT_ONCE])
    WebhookDelivery.objects.filter(id__in=ids).update(prompted_at=now)
    return ids


def delete_old() -> None:
    """Delete deliveries that ended longer ago than they are kept."""
    kept_since = timezone.now() - timedelta(days=settings.HIPCARE_WEBHOOK_KEEP_DAYS)
    WebhookDelivery.objects.exclude(state=DeliveryState.PENDING).filter(ended_at__lt=kept_since).delete()


def _leased(delivery_id: UUID) -> WebhookDelivery | None:
    now = timezone.now()
    due = WebhookDelivery.objects.filter(id=delivery_id, state=DeliveryState.PENDING, due_at__lte=now)
    if not due.update(due_at=now + webhooks.LEASE):
        return None
    return WebhookDelivery.objects.select_related("endpoint__organisation").filter(id=delivery_id).first()


def _post(delivery: WebhookDelivery) -> tuple[AttemptOutcome, int | None]:
    """How the attempt ended, with the status of the answer if there was one."""
    endpoint, now = delivery.endpoint, timezone.now()
    if endpoint.disabled or not endpoint.organisation.active:
        return AttemptOutcome.DISABLED, None
    signing = _secrets(endpoint, now)
    if not signing:
        return AttemptOutcome.NO_SECRET, None
    content = bytes(delivery.body)
    headers = webhooks.headers(event_id=delivery.event_id, content=content, at=now, with_secrets=signing)
    try:
        status = remote.post(endpoint.url, content, headers, reach=webhooks.reach(), seconds=webhooks.SECONDS)
    except remote.FetchError as error:
        return AttemptOutcome(str(error)), None
    return (AttemptOutcome.DELIVERED if 200 <= status < 300 else AttemptOutcome.REFUSED), status


def _secrets(endpoint: WebhookEndpoint, now: datetime) -> list[str]:
    """The secrets to sign under, the new one first; none if the new one cannot be read."""
    found = [webhooks.decrypt(endpoint.encrypted_secret)]
    if endpoint.old_secret_until is not None and endpoint.old_secret_until > now:
        found.append(webhooks.decrypt(endpoint.encrypted_old_secret))
    return [secret for secret in found if secret] if found[0] else []


@transaction.atomic
def _record(delivery_id: UUID, outcome: AttemptOutcome, status: int | None) -> datetime | None:
    """Keep how an attempt ended, and what follows from it; when to try again, if so."""
    rows = WebhookDelivery.objects.select_for_update(of=("self",)).select_related("endpoint")
    delivery = rows.filter(id=delivery_id).first()
    if delivery is None:
        return None  # erased, or its endpoint deleted, while it was under way
    now = timezone.now()
    WebhookAttempt.objects.create(
        organisation_id=delivery.organisation_id, delivery=delivery, at=now, outcome=outcome, status=status
    )
    delivery.attempt_count += 1
    delivery.due_at = delivery.prompted_at = now + webhooks.delay(delivery.attempt_count, random.random())  # noqa: S311 - no secret
    delivery.state = _state_after(delivery, outcome, status)
    delivery.ended_at = None if delivery.state == DeliveryState.PENDING else now
    delivery.save()
    if status == _GONE and not delivery.endpoint.disabled:
        webhook_endpoints.disable_gone(endpoint=delivery.endpoint, by=WORKER)
    return delivery.due_at if delivery.state == DeliveryState.PENDING else None


def _state_after(delivery: WebhookDelivery, outcome: AttemptOutcome, status: int | None) -> DeliveryState:
    if outcome == AttemptOutcome.DELIVERED:
        return DeliveryState.DELIVERED
    if outcome == AttemptOutcome.DISABLED or status == _GONE or delivery.due_at > delivery.give_up_at:
        return DeliveryState.DEAD
    return DeliveryState.PENDING
