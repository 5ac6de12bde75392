"""Who of staff signs in and out, and who fails to, for the audit trail."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from partners.actions import audit
from partners.models import Outcome

ANYBODY = "anybody"


def record() -> None:
    """From now on."""
    user_logged_in.connect(_signed_in, dispatch_uid="audit signed in")
    user_logged_out.connect(_signed_out, dispatch_uid="audit signed out")
    user_login_failed.connect(_failed, dispatch_uid="audit failed")


def _signed_in(user: AbstractBaseUser, **rest: Any) -> None:
    _record(f"staff:{user.pk}", "staff.signed_in", str(user.pk))


def _signed_out(user: AbstractBaseUser | None, **rest: Any) -> None:
    if user is not None:
        _record(f"staff:{user.pk}", "staff.signed_out", str(user.pk))


def _failed(credentials: Mapping[str, Any], **rest: Any) -> None:
    """Whose account it was, if there is one; the name as typed is not kept, for it may be a password."""
    user_model = get_user_model()
    name = str(credentials.get(user_model.USERNAME_FIELD) or "")
    known = user_model._default_manager.filter(**{user_model.USERNAME_FIELD: name}).first() if name else None
    _record(ANYBODY, "staff.signed_in", "" if known is None else str(known.pk), Outcome.REFUSED)


def _record(by: str, action: str, resource_id: str, outcome: Outcome = Outcome.SUCCEEDED) -> None:
    audit.record_by_staff(by=by, action=action, resource_type="staff", resource_id=resource_id, outcome=outcome)
