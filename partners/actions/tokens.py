"""Issuing, rotating and revoking long-lived credentials. `by` says who of staff acts. Does not check permissions."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from hipcare.errors import InvalidInput, Problem
from partners import callers, credentials, selectors
from partners.actions import audit, clients
from partners.models import AccessToken, Client, CredentialKind

OVERLAP = timedelta(days=1)
"""How long the old one of a rotated pair is still accepted."""


@transaction.atomic
def issue(
    *, client: Client, by: str, expires_at: datetime | None = None, kind: str = CredentialKind.API_KEY
) -> tuple[AccessToken, str]:
    """Issue an API key or client secret; its text is returned this once and kept nowhere.

    Raises `InvalidInput` for an `expires_at` that has passed.
    """
    if expires_at is not None and expires_at <= timezone.now():
        raise InvalidInput([Problem("/expires_at", "in_the_past", "Must be in the future.")])
    credential = credentials.generate(kind)
    token = AccessToken.objects.create(
        client=client, kind=kind, prefix=credential.prefix, secret_hash=credential.secret_hash, expires_at=expires_at
    )
    _record(token, action="token.issued", by=by)
    return token, credential.text


@transaction.atomic
def rotate(*, token: AccessToken, by: str, overlap: timedelta = OVERLAP) -> tuple[AccessToken, str]:
    """Issue one of the same kind and lifetime, and let the old one expire after `overlap`, if not sooner.

    Raises `InvalidInput` for one that is revoked or has expired.
    """
    old, now = _locked(token), timezone.now()
    if old.revoked_at is not None or (old.expires_at is not None and old.expires_at <= now):
        raise InvalidInput([Problem("/token", "not_in_force", "Is revoked or has expired: issue a new one.")])
    lifetime = None if old.expires_at is None else old.expires_at - old.created_at
    expires_at = None if lifetime is None else now + lifetime
    new, text = issue(client=old.client, by=by, expires_at=expires_at, kind=old.kind)
    old.expires_at = now + overlap if old.expires_at is None else min(old.expires_at, now + overlap)
    old.save(update_fields=["expires_at"])
    callers.forget()
    _record(old, action="token.rotated", by=by)
    return new, text


@transaction.atomic
def revoke(*, token: AccessToken, by: str) -> AccessToken:
    """Revoke one for good; with a client secret, the short-lived tokens of its client. Again changes nothing."""
    token = _locked(token)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        callers.forget()
        _record(token, action="token.revoked", by=by)
        if token.kind == CredentialKind.CLIENT_SECRET:
            clients.end_short_lived_tokens(client=token.client, by=by)
    return token


def _locked(token: AccessToken) -> AccessToken:
    return AccessToken.objects.select_for_update(of=("self",)).select_related("client").get(pk=token.pk)


def mark_used(*, token_id: UUID) -> None:
    """Note that one was used now, unless that was noted within the last minute."""
    now = timezone.now()
    due = Q(last_used_at=None) | Q(last_used_at__lt=now - selectors.USE_NOTED_EVERY)
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
