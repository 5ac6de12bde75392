"""Changes to webhook endpoints. `by` is the client, or who of staff acts. Does not check scopes or permissions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from hipcare.errors import Conflict, InvalidInput, Problem, pointer
from partners import webhook_selectors as selectors
from partners import webhooks
from partners.actions import audit
from partners.principal import Principal
from partners.webhook_models import Disabled, EventType, WebhookEndpoint

MOST_ENDPOINTS = 20
LONGEST_URL = 500


@transaction.atomic
def create(
    *, organisation_id: UUID, url: str, event_types: Sequence[str], by: Principal | str, include_same_day: bool = False
) -> tuple[WebhookEndpoint, str]:
    """Register an endpoint; its signing secret is returned this once.

    Raises `InvalidInput` for an address or an event that will not do, `Conflict` for an address that is registered
    and for one too many.
    """
    _check(url, event_types)
    if selectors.endpoints(organisation_id=organisation_id).count() >= MOST_ENDPOINTS:
        raise Conflict(f"There are {MOST_ENDPOINTS} endpoints already: delete one first.")
    secret = webhooks.new_secret()
    endpoint = WebhookEndpoint(
        organisation_id=organisation_id,
        url=url,
        event_types=sorted(set(event_types)),
        include_same_day=include_same_day,
        encrypted_secret=webhooks.encrypt(secret),
    )
    _save(endpoint, insert=True)
    _record(endpoint, "webhook_endpoint.created", by)
    return endpoint, secret


@transaction.atomic
def change(  # noqa: PLR0913 - what can be changed
    *,
    endpoint: WebhookEndpoint,
    url: str,
    event_types: Sequence[str],
    include_same_day: bool,
    enabled: bool,
    by: Principal | str,
) -> WebhookEndpoint:
    """Change what an endpoint is told and where, or switch it off or on. Raises as `create` does.

    What is due while it is off is dead, and can be sent again later.
    """
    _check(url, event_types)
    endpoint.url, endpoint.event_types, endpoint.include_same_day = url, sorted(set(event_types)), include_same_day
    endpoint.disabled = "" if enabled else endpoint.disabled or Disabled.BY_HAND
    _save(endpoint)
    _record(endpoint, "webhook_endpoint.changed", by)
    return endpoint


@transaction.atomic
def rotate_secret(
    *, endpoint: WebhookEndpoint, by: Principal | str, overlap: timedelta = webhooks.OVERLAP
) -> tuple[WebhookEndpoint, str]:
    """Sign under a new secret, returned this once; until `overlap` has passed, under the last one too."""
    secret = webhooks.new_secret()
    until: datetime | None = timezone.now() + overlap if overlap else None
    endpoint.encrypted_old_secret = endpoint.encrypted_secret if until else ""
    endpoint.old_secret_until = until
    endpoint.encrypted_secret = webhooks.encrypt(secret)
    _save(endpoint)
    _record(endpoint, "webhook_endpoint.secret_rotated", by)
    return endpoint, secret


@transaction.atomic
def delete(*, endpoint: WebhookEndpoint, by: Principal | str) -> None:
    """Delete an endpoint with its deliveries, those that wait included."""
    _record(endpoint, "webhook_endpoint.deleted", by)
    endpoint.delete()


def disable_gone(*, endpoint: WebhookEndpoint, by: str) -> None:
    """Switch off an endpoint that says it is gone."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(disabled=Disabled.GONE)
    _record(endpoint, "webhook_endpoint.disabled", by)


def _check(url: str, event_types: Sequence[str]) -> None:
    problems = []
    if len(url) > LONGEST_URL:
        problems.append(Problem("/url", "too_long", f"Must have at most {LONGEST_URL} characters."))
    elif trouble := webhooks.trouble_with(url):
        problems.append(Problem("/url", "unusable", trouble))
    known = f"Known are {', '.join(EventType.values)}."
    for place, name in enumerate(event_types):
        if name not in EventType.values:
            problems.append(Problem(pointer("event_types", place), "unknown_event_type", f"Unknown event. {known}"))
    if not event_types:
        problems.append(Problem("/event_types", "empty", f"Name at least one event. {known}"))
    if problems:
        raise InvalidInput(problems)


def _save(endpoint: WebhookEndpoint, *, insert: bool = False) -> None:
    try:
        with transaction.atomic():
            endpoint.save(force_insert=insert)
    except IntegrityError as error:
        if "webhookendpoint_url_once" not in str(error):
            raise
        raise Conflict("This address is registered already.") from None


def _record(endpoint: WebhookEndpoint, action: str, by: Principal | str) -> None:
    audit.record_by(
        by=by,
        organisation_id=endpoint.organisation_id,
        action=action,
        resource_type="webhook_endpoint",
        resource_id=str(endpoint.id),
    )
