"""Reads of webhook endpoints and deliveries. Those with an organisation read its own; none checks scopes."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from hipcare.errors import NotFound
from partners.webhook_models import DeliveryState, WebhookDelivery, WebhookEndpoint


def endpoints(*, organisation_id: UUID) -> QuerySet[WebhookEndpoint]:
    """The organisation's endpoints, newest first."""
    return WebhookEndpoint.objects.filter(organisation_id=organisation_id).order_by("-id")


def endpoint(*, organisation_id: UUID, endpoint_id: UUID, lock: bool = False) -> WebhookEndpoint:
    """One endpoint, with `lock` until the transaction ends. Raises NotFound for another organisation's."""
    rows = endpoints(organisation_id=organisation_id).filter(id=endpoint_id)
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        raise NotFound("There is no such endpoint.")
    return row


def endpoints_to_tell(*, organisation_id: UUID, event_type: str, same_day: bool) -> list[WebhookEndpoint]:
    """The endpoints that want to be told of such an event."""
    wanted = WebhookEndpoint.objects.filter(
        organisation_id=organisation_id, event_types__contains=[event_type], disabled=""
    )
    return list((wanted.filter(include_same_day=True) if same_day else wanted).only("id"))


def deliveries(*, organisation_id: UUID) -> QuerySet[WebhookDelivery]:
    """The organisation's deliveries, newest first."""
    return WebhookDelivery.objects.filter(organisation_id=organisation_id).order_by("-id")


def delivery(*, organisation_id: UUID, delivery_id: UUID, lock: bool = False) -> WebhookDelivery:
    """One delivery, with `lock` until the transaction ends. Raises NotFound for another organisation's."""
    rows = deliveries(organisation_id=organisation_id).filter(id=delivery_id)
    row = (rows.select_for_update() if lock else rows.prefetch_related("attempts")).first()
    if row is None:
        raise NotFound("There is no such delivery.")
    return row


def deliveries_by_state() -> dict[str, int]:
    """How many deliveries are kept in each state, of all organisations."""
    counted = WebhookDelivery.objects.order_by().values("state").annotate(count=Count("id"))
    return dict.fromkeys(DeliveryState.values, 0) | {row["state"]: row["count"] for row in counted}


def oldest_due() -> datetime | None:
    """Since when the delivery that has waited longest is due; None if none is waiting."""
    return WebhookDelivery.objects.filter(state=DeliveryState.PENDING).aggregate(oldest=Min("due_at"))["oldest"]
