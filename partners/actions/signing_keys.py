"""The keys that sign short-lived tokens: made when first needed, and changed for others.

They belong to no organisation, so the audit trail, which is about partners, does not hold them; the log does.
"""

import logging

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from joserfc.jwk import ECKey

from hipcare.errors import InvalidInput, Problem
from partners import callers, signing
from partners.models import SigningKey

_log = logging.getLogger("hipcare.identity")


def key_that_signs() -> ECKey:
    """The private key to sign with; the first of the installation is made here.

    One that was encrypted under an earlier secret key is retired: what it signed is still accepted.
    """
    if settings.HIPCARE_SIGNING_KEYS_FILE:
        return signing.keys_of_file(settings.HIPCARE_SIGNING_KEYS_FILE)[0]
    return _current() or _first()


@transaction.atomic
def rotate(*, drop_old: bool = False) -> ECKey:
    """Sign with a new key from now on. The old ones are accepted until what they signed has expired, or, with
    `drop_old`, no more: every short-lived token is then refused.

    Raises `InvalidInput` where the keys are in a file.
    """
    if settings.HIPCARE_SIGNING_KEYS_FILE:
        detail = "The keys are in HIPCARE_SIGNING_KEYS_FILE: put a new one first there, and restart."
        raise InvalidInput([Problem("", "keys_in_file", detail)])
    _one_at_a_time()
    return _replace(drop_old=drop_old)


@transaction.atomic
def _first() -> ECKey:
    _one_at_a_time()
    return _current() or _replace(drop_old=False)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE partners_signingkey IN SHARE ROW EXCLUSIVE MODE")


def _current() -> ECKey | None:
    row = SigningKey.objects.filter(retired_at=None).first()
    return None if row is None else signing.decrypt(row.encrypted_private_jwk)


def _replace(*, drop_old: bool) -> ECKey:
    now = timezone.now()
    SigningKey.objects.filter(retired_at=None).update(retired_at=now)
    outdated = (
        SigningKey.objects.all() if drop_old else SigningKey.objects.filter(retired_at__lt=now - signing.RETIRED_FOR)
    )
    outdated.delete()
    key = signing.generate()
    SigningKey.objects.create(
        kid=str(key.kid),
        public_jwk=signing.public_jwk(key),
        encrypted_private_jwk=signing.encrypt(key),
        algorithm=signing.ALGORITHM,
    )
    callers.forget()
    _log.warning("a new signing key is in use")
    return key
