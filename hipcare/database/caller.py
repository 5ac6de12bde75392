"""On whose behalf the database is asked: a role with few rights, and the organisation whose rows it sees.

Every connection of a web process takes the current caller before anything is asked (`hipcare.database.base`); what each
role may do is in `hipcare.database.privileges`. Outside a web request there is no caller: a management command acts as
whoever `DATABASE_URL` names. See docs/adr/0023-row-level-security.md.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

AUTHENTICATOR = "hipcare_authenticator"
"""Finds out who calls; sees credentials and knowledge, and nothing that is stored of patients."""
APPLICATION = "hipcare_application"
"""Answers a partner; sees the rows of one organisation."""
STAFF = "hipcare_staff"
"""Shows the admin to staff; sees the rows of all organisations."""
ROLES = (AUTHENTICATOR, APPLICATION, STAFF)


@dataclass(frozen=True, slots=True)
class DatabaseCaller:
    """A role, and for the application the organisation."""

    role: str
    organisation_id: UUID | None = None


NOBODY_YET = DatabaseCaller(AUTHENTICATOR)
_current: ContextVar[DatabaseCaller | None] = ContextVar("database_caller", default=None)


def current() -> DatabaseCaller | None:
    """The caller of this web request; None outside one."""
    return _current.get()


def become(caller: DatabaseCaller) -> None:
    """From here to the end of the web request, ask on behalf of `caller`. Outside a request this does nothing."""
    if current() not in (None, caller):
        _current.set(caller)
        _tell_connection()


class AsNobodyYet:
    """Middleware: a request asks as nobody in particular until it is known who calls, and never for the one before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer; afterwards the connection is nobody's."""
        token = _current.set(NOBODY_YET)
        try:
            _tell_connection()
            return self._get_response(request)
        finally:
            _current.reset(token)
            _let_go()


def _tell_connection() -> None:
    """A connection that is open already; another one is told when it is opened."""
    if connection.connection is not None:
        connection.take_caller()  # type: ignore[attr-defined] # of hipcare.database.base


def _let_go() -> None:
    """Give the connection back to the pool, unless a test has a transaction around the request."""
    if connection.in_atomic_block:
        _tell_connection()
    else:
        connection.close()
