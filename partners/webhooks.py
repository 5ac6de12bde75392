"""Webhooks by the Standard Webhooks specification: what is sent, how it is signed, and when it is tried again.

https://www.standardwebhooks.com; the library of that project signs.
"""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from standardwebhooks import Webhook

from hipcare import __version__
from hipcare.api.json import dumps
from partners import client_keys, encryption
from partners.remote import Reach

SECONDS = 10.0
"""How long one attempt may take."""
LEASE = timedelta(seconds=30)
"""How long a worker that tries a delivery keeps others from it; longer than an attempt takes."""
FIRST_DELAY, LONGEST_DELAY, FACTOR = timedelta(seconds=10), timedelta(hours=8), 3.0
OVERLAP = timedelta(days=1)
"""How long a secret that was rotated still signs beside the new one, unless another time is asked for."""
_PURPOSE, _PREFIX, _SECRET_BYTES = "hipcare webhook secrets", "whsec_", 32


def new_secret() -> str:
    """A signing secret as its partner gets it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def encrypt(secret: str) -> str:
    """The secret as only this installation can read it."""
    return encryption.encrypt(secret, _PURPOSE)


def decrypt(encrypted: str) -> str | None:
    """The secret; None if the installation's secret key is no longer the one it was encrypted under."""
    return encryption.decrypt(encrypted, _PURPOSE)


def body(*, event_id: UUID, event_type: str, at: datetime, data: Mapping[str, Any]) -> bytes:
    """What is sent, the same in every attempt."""
    return dumps({"id": str(event_id), "type": event_type, "timestamp": at, "data": data})


def headers(*, event_id: UUID, content: bytes, at: datetime, with_secrets: Sequence[str]) -> dict[str, str]:
    """The headers of one attempt, with a signature under each of the secrets."""
    signed = [Webhook(secret).sign(str(event_id), at, content.decode()) for secret in with_secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": f"hipcare/{__version__}",
        "webhook-id": str(event_id),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def delay(attempts: int, chance: float) -> timedelta:
    """How long to wait after so many attempts: ten seconds, then three times as long each time, at most eight hours.

    `chance`, from 0 to 1, takes up to half of it off, so that what failed together does not come back together.
    """
    # The exponent is bounded because it would overflow before the minimum is taken.
    longest = min(FIRST_DELAY * FACTOR ** min(attempts - 1, 20), LONGEST_DELAY)
    return longest * (1 - chance / 2)


def reach() -> Reach:
    """Whom to speak to besides public addresses: the operator's networks and, outside production, this machine."""
    return Reach(settings.HIPCARE_WEBHOOK_NETWORKS, this_machine=settings.HIPCARE_WEBHOOKS_TO_THIS_MACHINE)


def trouble_with(url: str) -> str | None:
    """What is wrong with the address of an endpoint as it is written; a name is looked up when it is spoken to."""
    is_plain = url.startswith("http://") and settings.HIPCARE_WEBHOOKS_TO_THIS_MACHINE
    if trouble := client_keys.trouble_with(f"https{url.removeprefix('http')}" if is_plain else url):
        return trouble
    parts = urlsplit(url)
    try:
        ip_address(parts.hostname or "")
    except ValueError:
        return None
    return None if reach().allows(parts.scheme, parts.hostname or "") else "Must be a public address."
