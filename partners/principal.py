"""Who is calling, as the rest of the project knows it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Principal:
    """The client behind a valid token; `request.auth` and `request.user` of every authenticated request."""

    organisation_id: UUID
    client_id: UUID
    scopes: frozenset[str]

    @property
    def is_authenticated(self) -> bool:
        """What DRF asks of a user."""
        return True
