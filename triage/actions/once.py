"""Answering once: a repeat with the same idempotency key and body gets the first answer, also of two at a time."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from hipcare.errors import HipcareError


class IdempotencyKeyReused(HipcareError):
    """The same idempotency key came with another body."""

    slug, title, status = "idempotency-key-reused", "This idempotency key was used with another body.", 422
    explanation = "Send the same body to get the first answer again, or another key for another body."


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it goes out; `stored` is false when nothing was kept."""

    id: UUID
    body: bytes
    stored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBody:
    """What a partner sent: the body as bytes, and the idempotency key if there was one."""

    body: bytes
    idempotency_key: str | None = None

    @property
    def digest(self) -> bytes:
        """SHA-256 of the body."""
        return hashlib.sha256(self.body).digest()


class StoredRow(Protocol):
    """A row that keeps an answer and the digest of the body that it answers."""

    id: UUID
    answer: bytes | memoryview
    request_digest: bytes | memoryview


Row = TypeVar("Row", bound=StoredRow)


def first_answer(
    sent: SentBody, find: Callable[[str], Row | None], is_for: Callable[[Row], bool] = lambda row: True
) -> Answered | None:
    """The answer that is kept under the key of what was sent, if there is one.

    Raises IdempotencyKeyReused where it is of another body, or for something else.
    """
    row = None if sent.idempotency_key is None else find(sent.idempotency_key)
    if row is None:
        return None
    if not is_for(row) or bytes(row.request_digest) != sent.digest:
        raise IdempotencyKeyReused()
    return Answered(row.id, bytes(row.answer), stored=True)


def once(first: Callable[[], Answered | None], make: Callable[[], Answered]) -> Answered:
    """The first answer if there is one, else a new one, in one transaction."""
    try:
        with transaction.atomic():
            return first() or make()
    except IntegrityError:
        # The same key twice at the same time: the other one was first.
        answered = first()
        if answered is None:
            raise
        return answered
