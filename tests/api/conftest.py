"""Callers of the API."""

import pytest
from django.test import Client as HttpClient

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
