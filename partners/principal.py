"""Who is calling, as the rest of the project knows it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Principal:
    """The client behind a valid token; `request.auth` and `request.user` of every authenticated request."""

    organisation_id: UUID
    client_id: UUID
    scopes: frozenset[str]
    read_limit: str = ""
    """The client's own rate limit; empty where that of the installation holds."""
    write_limit: str = ""

    @property
    def is_authenticated(self) -> bool:
        """What DRF asks of a user."""
        return True
