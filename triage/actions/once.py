"""Answering once: a repeat with the same idempotency key and body gets the first answer, also of two at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db import transaction

from partners.actions import idempotency
from partners.principal import Principal


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


@dataclass(frozen=True)
class Once:
    """One request that stores: who sent what, for which operation on what, and how a stored answer is read."""

    by: Principal
    sent: SentBody
    operation: str
    read: Callable[[UUID], bytes]
    target: str = ""

    def first_answer(self) -> Answered | None:
        """The answer that is kept under the key, if there is one.

        Raises `IdempotencyKeyReused` where it is of another body or target, `IdempotencyKeyErased` where it was erased.
        """
        claimed = self._claimed
        key = None if claimed is None else idempotency.resource_of(claimed)
        return None if key is None else Answered(key, self.read(key), stored=True)

    def keep(self, resource_id: UUID, make: Callable[[], Answered]) -> Answered:
        """What `make` stores under `resource_id` and answers, in one transaction with the key; or the first answer."""
        claimed = self._claimed
        with transaction.atomic():
            if claimed is None or idempotency.spend(claimed, resource_id):
                return make()
        # The same key twice at the same time: the other one was first, and is committed.
        first = self.first_answer()
        assert first is not None  # noqa: S101 - `spend` has seen it
        return first

    @cached_property
    def _claimed(self) -> idempotency.Claim | None:
        """Digests of the key and the whole body, made once."""
        if self.sent.idempotency_key is None:
            return None
        return idempotency.claim(
            by=self.by,
            key=self.sent.idempotency_key,
            operation=self.operation,
            target=self.target,
            body=self.sent.body,
        )
