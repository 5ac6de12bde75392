"""What happened, written down for every endpoint that wants to be told: SQL alone, in the caller's transaction.

A worker delivers it once that transaction has been committed, and never if it was not.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from uuid_utils.compat import uuid7

from partners import queue, webhooks
from partners import webhook_selectors as selectors
from partners.webhook_models import EventType, WebhookDelivery, WebhookEndpoint


def emit(
    *, organisation_id: UUID, event_type: str, about: UUID, data: Mapping[str, Any], same_day: bool = False
) -> None:
    """Tell the organisation's endpoints of an event about an assessment.

    `data` holds ids and links, nothing of the person. With `same_day`, tell only those that asked for it. Nothing is
    sent unless the caller's transaction is committed.
    """
    endpoints = selectors.endpoints_to_tell(organisation_id=organisation_id, event_type=event_type, same_day=same_day)
    if endpoints:
        _write(endpoints, organisation_id, event_type, data, about)


def emit_test(*, endpoint: WebhookEndpoint) -> WebhookDelivery:
    """Send a test event to one endpoint, whatever it is subscribed to."""
    return _write([endpoint], endpoint.organisation_id, EventType.TEST, {"endpoint": str(endpoint.id)}, None)[0]


def forget(*, about: UUID) -> None:
    """Delete every delivery that tells of an assessment, with its attempts; those that wait are never sent."""
    WebhookDelivery.objects.filter(about=about).delete()


def _write(
    endpoints: Sequence[WebhookEndpoint],
    organisation_id: UUID,
    event_type: str,
    data: Mapping[str, Any],
    about: UUID | None,
) -> list[WebhookDelivery]:
    event_id, now = uuid7(), datetime.now(UTC)
    body = webhooks.body(event_id=event_id, event_type=event_type, at=now, data=data)
    rows = WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            organisation_id=organisation_id,
            endpoint_id=endpoint.id,
            event_id=event_id,
            event_type=event_type,
            about=about,
            body=body,
            created_at=now,
            due_at=now,
            prompted_at=now,
            give_up_at=now + timedelta(hours=settings.HIPCARE_WEBHOOK_RETRY_HOURS),
        )
        for endpoint in endpoints
    )
    queue.prompt([row.id for row in rows])
    return rows
