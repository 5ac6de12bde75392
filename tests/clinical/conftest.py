"""The bundled knowledge as the engine reads it."""

import pytest

from triage.engine import CompiledKnowledge
from triage.knowledge import ReleaseKnowledge


@pytest.fixture(scope="session")
def knowledge(bundled: ReleaseKnowledge) -> CompiledKnowledge:
    """The compiled tables of the bundled release."""
    return bundled.compiled
