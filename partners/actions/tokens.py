"""Issuing and revoking access tokens. `by` says who of staff acts. Does not check permissions."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from hipcare.errors import InvalidInput, Problem
from partners import credentials
from partners.actions import audit
from partners.models import AccessToken, Client


@transaction.atomic
def issue(*, client: Client, by: str, expires_at: datetime | None = None) -> tuple[AccessToken, str]:
    """Issue a token; its text is returned this once and kept nowhere.

    Raises `InvalidInput` for an `expires_at` that has passed.
    """
    if expires_at is not None and expires_at <= timezone.now():
        raise InvalidInput([Problem("/expires_at", "in_the_past", "Must be in the future.")])
    credential = credentials.generate()
    token = AccessToken.objects.create(
        client=client, prefix=credential.prefix, secret_hash=credential.secret_hash, expires_at=expires_at
    )
    _record(token, action="token.issued", by=by)
    return token, credential.text


@transaction.atomic
def revoke(*, token: AccessToken, by: str) -> AccessToken:
    """Revoke a token, at once and for good; revoking it again changes nothing."""
    token = AccessToken.objects.select_for_update(of=("self",)).select_related("client").get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        _record(token, action="token.revoked", by=by)
    return token


def mark_used(*, token_id: UUID) -> None:
    """Note that a token was used now, unless that was noted within the last hour."""
    now = timezone.now()
    due = Q(last_used_at=None) | Q(last_used_at__lt=now - timedelta(hours=1))
    AccessToken.objects.filter(due, pk=token_id).update(last_used_at=now)


def _record(token: AccessToken, *, action: str, by: str) -> None:
    audit.record_by_staff(
        by=by,
        action=action,
        resource_type="token",
        resource_id=token.prefix,
        organisation_id=token.client.organisation_id,
        client_id=token.client_id,
    )
