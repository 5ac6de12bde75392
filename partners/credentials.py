"""The text of an access token: `hipcare_<prefix>_<secret>`.

The prefix tells tokens apart and may be shown; the secret is 256 random bits and only its SHA-256 is kept. A slow
password hash would add nothing: there is no guessing 256 bits.
"""

import hashlib
import re
import secrets
from typing import NamedTuple

_SHAPE = re.compile(r"hipcare_([0-9a-f]{12})_([0-9a-f]{64})", re.ASCII)


class Credential(NamedTuple):
    """The two parts of a token."""

    prefix: str
    secret: str

    @property
    def text(self) -> str:
        """What the partner sends."""
        return f"hipcare_{self.prefix}_{self.secret}"

    @property
    def secret_hash(self) -> str:
        """SHA-256 of the secret, in hexadecimal."""
        return hashlib.sha256(self.secret.encode()).hexdigest()


def generate() -> Credential:
    """A new token."""
    return Credential(prefix=secrets.token_hex(6), secret=secrets.token_hex(32))


def parse(text: str) -> Credential | None:
    """The parts of `text`, or None if it has not the shape of a token."""
    match = _SHAPE.fullmatch(text)
    return Credential(*match.groups()) if match else None
