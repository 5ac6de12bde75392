"""What happens around every request.

`Answering` is the outermost layer: request id, problems, guarding headers, one access line. The `…OnAdminPages`
classes are Django's own middleware, at work under `/admin/` only: the API knows no sessions, cookies or CSRF tokens and
does not pay for them.
"""

import logging
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from io import BytesIO
from typing import Protocol

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.deprecation import MiddlewareMixin
from uuid_utils.compat import uuid7

from hipcare import headers, metrics, request_id
from hipcare.api import problem
from hipcare.database import caller
from hipcare.database.caller import DatabaseCaller
from hipcare.errors import NotFound, TooLarge

_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_PIECE, _MOST_DISCARDED = 64 * 1024, 32 * 1024 * 1024
_access = logging.getLogger("hipcare.access")

_Answer = Callable[[HttpRequest], HttpResponseBase]


class SupportsRead(Protocol):
    """What a body is read from."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes, none at the end."""


class Answering:
    """Gives the request its id, turns what goes wrong into a problem, and writes one line to the access log."""

    def __init__(self, get_response: _Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer to `request`, with `X-Request-Id` and `Content-Length`."""
        started = time.perf_counter()
        current = _id_of(request)
        token = request_id.current.set(current)
        try:
            response = self._refusal(request) or self._get_response(request)
            if response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                _discard(request)
            response.headers["X-Request-Id"] = current
            headers.guard(request, response)
            if not response.streaming and "Content-Length" not in response.headers:
                response.headers["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
            _write_line(request, response, time.perf_counter() - started)
            return response
        finally:
            request_id.current.reset(token)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase:
        """What a view raised and did not answer itself."""
        return problem.respond(exception)

    def _refusal(self, request: HttpRequest) -> HttpResponseBase | None:
        """The problem of a request that reaches no view: a host that is not ours, a path that nothing can have, a body
        in chunks that is too large.
        """
        if "\x00" in request.path_info:
            return problem.respond(NotFound())
        if "HTTP_TRANSFER_ENCODING" in request.META and not _join_chunks(request):
            return problem.respond(TooLarge())
        if request.path_info in settings.HIPCARE_MONITORED_PATHS:
            return None
        try:
            request.get_host()
        except DisallowedHost as refused:
            return problem.respond(refused)
        return None


def _join_chunks(request: HttpRequest) -> bool:
    """Give a body sent in chunks a length, without which Django reads nothing; False if it is over the limit.

    The server has undone the chunks; WSGI leaves it to the application to stop where the input ends.
    """
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = request.META["wsgi.input"].read(limit + 1)
    if len(body) > limit:
        _discard(request.META["wsgi.input"])
    request.META["CONTENT_LENGTH"] = str(len(body))
    request._stream = BytesIO(body)
    return len(body) <= limit


def _discard(body: SupportsRead) -> None:
    """Read the rest of a body that is refused: most clients look for the answer only when all is sent."""
    left = _MOST_DISCARDED
    with suppress(OSError):
        while left > 0 and (piece := body.read(_PIECE)):
            left -= len(piece)


def _id_of(request: HttpRequest) -> str:
    """The caller's request id if it is harmless in a header and a log, else a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID")
    return given if given and _SAFE_ID.fullmatch(given) else str(uuid7())


def _write_line(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    """One line: method, route name, status, milliseconds. Never the path or query, which can hold what was asked."""
    match = request.resolver_match
    route = match.view_name if match else "none"
    metrics.count_request(route, response.status_code, seconds)
    _access.info(
        "answered",
        extra={
            "method": request.method if request.method in _METHODS else "OTHER",
            "route": route,
            "status_code": response.status_code,
            "duration_ms": round(seconds * 1000, 2),
        },
    )


class _OnAdminPages(MiddlewareMixin):
    """Mixin: the middleware works under `/admin` and steps aside everywhere else."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        return super().__call__(request) if request.path_info.startswith("/admin") else self.get_response(request)


class SessionsOnAdminPages(_OnAdminPages, SessionMiddleware):
    """Sessions of staff."""


class CommonOnAdminPages(_OnAdminPages, CommonMiddleware):
    """The missing slash of `/admin`; the API has no second spelling of a path."""


class CsrfOnAdminPages(_OnAdminPages, CsrfViewMiddleware):
    """CSRF tokens for the forms of staff; the API takes no cookies, so it has nothing to forge."""


class AuthenticationOnAdminPages(_OnAdminPages, AuthenticationMiddleware):
    """The signed-in member of staff."""


class AsStaffOnAdminPages(_OnAdminPages):
    """Whoever of staff is signed in sees the rows of all organisations; nobody else does."""

    def process_request(self, request: HttpRequest) -> None:
        """Ask the database as staff from here on."""
        if request.user.is_active and request.user.is_staff:
            caller.become(DatabaseCaller(caller.STAFF))


class MessagesOnAdminPages(_OnAdminPages, MessageMiddleware):
    """Messages to staff."""
