"""Secrets that we must be able to read again, encrypted under the secret key of the installation."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def encrypt(text: str, purpose: str) -> str:
    """`text` as only this installation can read it, and for this purpose alone."""
    return _cipher(settings.SECRET_KEY, purpose).encrypt(text.encode()).decode()


def decrypt(encrypted: str, purpose: str) -> str | None:
    """What was encrypted; None if the secret key is no longer the one it was made under."""
    try:
        return _cipher(settings.SECRET_KEY, purpose).decrypt(encrypted.encode()).decode()
    except InvalidToken:
        return None


@lru_cache(maxsize=8)
def _cipher(secret_key: str, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
