"""A partner to test with."""

import pytest

from partners.actions import clients, organisations
from partners.models import Client, Organisation, Scope


@pytest.fixture
def organisation(db: None) -> Organisation:
    """An organisation."""
    return organisations.create(name="Hip clinic", by="test")


@pytest.fixture
def client_program(organisation: Organisation) -> Client:
    """A client with every scope."""
    return clients.create(organisation=organisation, name="Intake", scopes=Scope.values, by="test")
