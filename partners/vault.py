"""Encryption at rest: what an organisation stores is encrypted under keys of its own (envelope encryption).

An organisation's keys are rows (`DataKey`), each encrypted (AES key wrap, RFC 3394) under a key of the installation,
`HIPCARE_ENCRYPTION_KEYS`, which is in no database: in a stolen copy of the database no content can be read. Content is
compressed (after encryption nothing could), then encrypted with AES-256-GCM under a random nonce and bound to its
place, so that it cannot be moved to another row. See docs/adr/0024-encryption-at-rest.md.

    sealed = 1 byte version, 8 bytes id of the data key, 12 bytes nonce, ciphertext with its 16 byte tag
"""

import hashlib
import hmac
import os
import struct
from dataclasses import dataclass, field
from threading import local

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from django.conf import settings

_VERSION = 1
_HEAD = struct.Struct(">Bq")
_NONCE_BYTES = 12
_KEY_BYTES = 32
_MOST_BYTES = 64 * 1024 * 1024
"""What one sealed value may hold; a damaged one cannot ask for more memory."""
_threads = local()


class CannotUnseal(Exception):
    """A sealed value or a key cannot be read: it was changed or moved, or its key is missing."""


@dataclass(frozen=True, slots=True)
class OrganisationKeys:
    """The keys of one organisation, unwrapped: the id of the one that encrypts, all that decrypt, and the index key."""

    current: int
    ciphers: dict[int, AESGCM] = field(repr=False)
    index_key: bytes = field(repr=False)


def seal(keys: OrganisationKeys, plain: bytes, *, place: str) -> bytes:
    """`plain`, compressed and encrypted; only `unseal` with the same `place` reads it again."""
    head, nonce = _HEAD.pack(_VERSION, keys.current), os.urandom(_NONCE_BYTES)
    return head + nonce + keys.ciphers[keys.current].encrypt(nonce, _compressor().compress(plain), place.encode())


def unseal(keys: OrganisationKeys, sealed: bytes, *, place: str) -> bytes:
    """What was sealed. Raises `CannotUnseal` if it was changed, is of another place, or its key is not among `keys`."""
    start = _HEAD.size + _NONCE_BYTES
    cipher = keys.ciphers.get(data_key_of(sealed))
    if cipher is None:
        raise CannotUnseal("its data key is missing")
    try:
        packed = cipher.decrypt(sealed[_HEAD.size : start], sealed[start:], place.encode())
    except InvalidTag:
        raise CannotUnseal("it was changed, or moved from its place") from None
    return _decompressor().decompress(packed, max_output_size=_MOST_BYTES)


def data_key_of(sealed: bytes) -> int:
    """The id of the data key that a value was sealed with. Raises `CannotUnseal` for what is no sealed value."""
    if len(sealed) < _HEAD.size + _NONCE_BYTES or sealed[0] != _VERSION:
        raise CannotUnseal("it is not a sealed value")
    key_id: int = _HEAD.unpack_from(sealed)[1]
    return key_id


def digest(keys: OrganisationKeys, text: bytes) -> bytes:
    """32 bytes by which `text` is found again within the organisation; nobody guesses it from them without the key."""
    return hmac.digest(keys.index_key, text, hashlib.sha256)


def new_key() -> bytes:
    """A random key."""
    return os.urandom(_KEY_BYTES)


def wrap(key: bytes) -> tuple[bytes, str]:
    """A key encrypted under the first key of the installation, and the id of that."""
    wrapped_under, wrapping = settings.HIPCARE_ENCRYPTION_KEYS[0]
    return aes_key_wrap(wrapping, key), wrapped_under


def unwrap(wrapped: bytes, wrapped_under: str) -> bytes:
    """The key that was wrapped. Raises `CannotUnseal` where the installation lacks the key it is wrapped under."""
    wrapping = dict(settings.HIPCARE_ENCRYPTION_KEYS).get(wrapped_under)
    if wrapping is None:
        raise CannotUnseal(f"HIPCARE_ENCRYPTION_KEYS lacks the key {wrapped_under}")
    try:
        return aes_key_unwrap(wrapping, wrapped)
    except InvalidUnwrap:
        raise CannotUnseal(f"the key {wrapped_under} of HIPCARE_ENCRYPTION_KEYS is another one than it was") from None


def _compressor() -> zstandard.ZstdCompressor:
    """One a thread: they are neither cheap to make nor safe to share."""
    if not hasattr(_threads, "compressor"):
        _threads.compressor = zstandard.ZstdCompressor(level=1)
    made: zstandard.ZstdCompressor = _threads.compressor
    return made


def _decompressor() -> zstandard.ZstdDecompressor:
    if not hasattr(_threads, "decompressor"):
        _threads.decompressor = zstandard.ZstdDecompressor()
    made: zstandard.ZstdDecompressor = _threads.decompressor
    return made
