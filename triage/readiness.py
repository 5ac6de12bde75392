"""Whether there is knowledge to answer with: a check of `/readyz`."""

from hipcare.api.health import Readiness
from hipcare.errors import Unavailable
from triage.knowledge import current_knowledge


def knowledge() -> Readiness:
    """A release is published and compiles."""
    try:
        version = current_knowledge().compiled.knowledge.version
    except Unavailable:
        return Readiness(False, "no release is published")
    return Readiness(True, version)
