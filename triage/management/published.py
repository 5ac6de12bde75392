"""The current release, for commands."""

from django.core.management.base import CommandError

from hipcare.errors import Unavailable
from triage.knowledge import ReleaseKnowledge, current_knowledge


def published_knowledge() -> ReleaseKnowledge:
    """The current release, ready to answer. Raises CommandError with what to do where there is none."""
    try:
        return current_knowledge()
    except Unavailable as error:
        raise CommandError(f"{error.detail} Run manage.py load_knowledge --publish.") from None
