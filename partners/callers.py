"""Who may call, remembered by this process, so that a token is checked without asking the database; and their keys.

Every change of who may call raises a number in the database (triggers of migrations 0002 and 0003). A process asks for
that number at most once in `FRESH_FOR_SECONDS`; when it has changed, everything remembered is forgotten. A revocation
therefore holds everywhere at most that much later, and at once in the process that made it.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import TypeVar
from uuid import UUID

from joserfc.jwk import ECKey

from partners import selectors, signing
from partners.principal import Principal
from partners.selectors import LongLivedKey
from partners.vault import OrganisationKeys

FRESH_FOR_SECONDS = 1.0
# No number rises when the time of a retired signing key is over, so they are read again whatever it says.
SIGNING_KEYS_FOR_SECONDS = 60.0
_MOST_REMEMBERED = 10_000
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass
class _Remembered:
    """What was read since the number was `version`; a later number gets a new one of these."""

    version: int = -1
    api_keys: dict[str, LongLivedKey] = field(default_factory=dict)
    clients: dict[UUID, tuple[Principal, int]] = field(default_factory=dict)
    signing_keys: dict[str, ECKey] = field(default_factory=dict)
    organisation_keys: dict[UUID, OrganisationKeys] = field(default_factory=dict)
    signing_keys_until: float = 0.0


class _Memory:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0
        self._remembered = _Remembered()

    def current(self, *, ask: bool = False) -> _Remembered:
        """What is remembered and still true; asks for the number when it is due, or at once with `ask`."""
        with self._lock:
            now = monotonic()
            if ask or now >= self._until:
                # From the moment before the question: what changes while it is answered waits no longer either.
                version = selectors.caller_version()
                if version != self._remembered.version:
                    self._remembered = _Remembered(version)
                self._until = now + FRESH_FOR_SECONDS
            return self._remembered

    def forget(self) -> None:
        with self._lock:
            self._until, self._remembered = 0.0, _Remembered()


_memory = _Memory()


def forget() -> None:
    """Ask anew next time: called where who may call is changed."""
    _memory.forget()


def api_key(prefix: str) -> LongLivedKey | None:
    """The API key with this prefix if it and its client are in force; its secret is not compared yet."""
    return _look_up(_memory.current().api_keys, prefix, lambda: selectors.long_lived_key(prefix))


def client(client_id: UUID) -> tuple[Principal, int] | None:
    """A client in force, as a principal with all of its scopes, and its generation."""
    return _look_up(_memory.current().clients, client_id, lambda: selectors.principal(client_id))


def signing_key(kid: str) -> ECKey | None:
    """The public key that short-lived tokens name; one that is not known may be newer than what is remembered."""
    remembered = _memory.current()
    if kid not in remembered.signing_keys:
        remembered = _memory.current(ask=True)
    if not remembered.signing_keys or monotonic() >= remembered.signing_keys_until:
        remembered.signing_keys = signing.public_keys()
        remembered.signing_keys_until = monotonic() + SIGNING_KEYS_FOR_SECONDS
    return remembered.signing_keys.get(kid)


def organisation_keys(organisation_id: UUID) -> OrganisationKeys | None:
    """The keys under which the organisation's content is encrypted."""
    remembered = _memory.current().organisation_keys
    return _look_up(remembered, organisation_id, lambda: selectors.organisation_keys(organisation_id))


def _look_up(remembered: dict[_Key, _Value], key: _Key, read: Callable[[], _Value | None]) -> _Value | None:
    """From memory, or read and remembered. What is not in force is not remembered: there is no end of wrong guesses."""
    found = remembered.get(key)
    if found is None and (found := read()) is not None:
        if len(remembered) >= _MOST_REMEMBERED:
            remembered.clear()
        remembered[key] = found
    return found
