"""What `/metrics` tells about the knowledge that answers."""

from django.db import DatabaseError, InterfaceError

from hipcare.errors import Unavailable
from triage.engine import ENGINE_VERSION
from triage.knowledge import current_knowledge


def answering() -> dict[str, str]:
    """The release and the engine version; an empty release before the first publication or without a database."""
    try:
        release = current_knowledge().compiled.knowledge.version
    except (Unavailable, DatabaseError, InterfaceError):
        release = ""
    return {"release": release, "engine_version": ENGINE_VERSION}
