"""Callers of the API."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client as HttpClient

from partners import callers, client_keys, vault
from partners.actions import clients, organisations, tokens
from partners.models import Client, Scope


@pytest.fixture
def partner(db: None) -> Client:
    """A client with every scope."""
    organisation = organisations.create(name="Hip clinic", by="test")
    return clients.create(organisation=organisation, name="Intake", scopes=Scope.values, by="test")


@pytest.fixture
def token(partner: Client) -> str:
    """An access token of `partner`."""
    return tokens.issue(client=partner, by="test")[1]


@pytest.fixture
def api(token: str) -> HttpClient:
    """An HTTP client that sends `token`."""
    return HttpClient(headers={"authorization": f"Bearer {token}"})


@pytest.fixture
def anyone() -> HttpClient:
    """An HTTP client without a token."""
    return HttpClient()


@pytest.fixture
def nothing_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is stored is stored as it is, for tests that search the database for it."""
    monkeypatch.setattr(vault, "seal", lambda keys, plain, *, place: plain)
    monkeypatch.setattr(vault, "unseal", lambda keys, sealed, *, place: sealed)


class HandClock:
    """The wall clock and the steady clock, both moved by hand."""

    def __init__(self, wall: time_machine.Traveller) -> None:
        self.noon = datetime.now(UTC)
        self._wall, self._steady = wall, 1000.0

    def steady(self) -> float:
        """What the steady clock shows."""
        return self._steady

    def shift(self, seconds: float) -> None:
        """Let time pass."""
        self._steady += seconds
        self._wall.shift(timedelta(seconds=seconds))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[HandClock]:
    """A clock that stands still until it is moved."""
    with time_machine.travel(datetime(2027, 1, 1, 12, tzinfo=UTC), tick=False) as wall:
        made = HandClock(wall)
        monkeypatch.setattr(callers, "monotonic", made.steady)
        monkeypatch.setattr(client_keys, "monotonic", made.steady)
        yield made
