"""The text of a long-lived credential: `hipcare_<prefix>_<secret>`, of a client secret `hipcaresecret_…`.

The prefix tells them apart and may be shown; the secret is 256 random bits and only its SHA-256 is kept. A slow
password hash would add nothing: there is no guessing 256 bits.
"""

import hashlib
import re
import secrets
from typing import NamedTuple

API_KEY, CLIENT_SECRET = "api_key", "client_secret"
OPENING = {API_KEY: "hipcare", CLIENT_SECRET: "hipcaresecret"}
_SHAPE = re.compile(r"(hipcare|hipcaresecret)_([0-9a-f]{12})_([0-9a-f]{64})", re.ASCII)


class Credential(NamedTuple):
    """The parts of a credential."""

    prefix: str
    secret: str
    kind: str = API_KEY

    @property
    def text(self) -> str:
        """What the partner sends."""
        return f"{OPENING[self.kind]}_{self.prefix}_{self.secret}"

    @property
    def secret_hash(self) -> str:
        """SHA-256 of the secret, in hexadecimal."""
        return hashlib.sha256(self.secret.encode()).hexdigest()


def generate(kind: str = API_KEY) -> Credential:
    """A new credential."""
    return Credential(secrets.token_hex(6), secrets.token_hex(32), kind)


def parse(text: str, kind: str = API_KEY) -> Credential | None:
    """The parts of `text`, or None if it has not the shape of a credential of this kind."""
    match = _SHAPE.fullmatch(text)
    if match is None or match[1] != OPENING[kind]:
        return None
    return Credential(match[2], match[3], kind)
