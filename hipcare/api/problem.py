"""Every error as RFC 9457 `application/problem+json`, whatever raised it.

Three doors lead here: DRF's exception handler (views of the API), Django's own error handlers (unknown paths, refused
hosts) and the middleware (exceptions of views that are not DRF's). Only the log knows more than the caller is told,
and it knows the type and place of an exception, not its message.
"""

import logging
import sys
from collections.abc import Iterator, Mapping
from functools import singledispatch
from typing import Any

import orjson
import psycopg
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS

from hipcare import errors, request_id
from hipcare.errors import HipcareError, Problem

CONTENT_TYPE = "application/problem+json"
MOST_ERRORS = 1000
"""More are not told: a body that is nothing but mistakes would be answered with many times its size."""
_log = logging.getLogger("hipcare.problem")


def exception_handler(exception: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """DRF's `EXCEPTION_HANDLER`: a problem for everything, so that nothing is left to Django's error pages."""
    request = context.get("request")
    if isinstance(exception, exceptions.ValidationError) and request is not None and request.method in SAFE_METHODS:
        exception = _invalid_parameters(exception)
    return respond(exception)


def respond(exception: Exception) -> HttpResponse:
    """The answer to `exception`; what is our fault is logged on the way."""
    error = translate(exception)
    _record(error, exception)
    response = HttpResponse(orjson.dumps(document(error)), content_type=CONTENT_TYPE, status=error.status)
    for name, value in _headers(error, exception):
        response.headers[name] = value
    return response


def document(error: HipcareError) -> dict[str, Any]:
    """The problem document of `error`, for the request at hand."""
    body: dict[str, Any] = {
        "type": f"/problems/{error.slug}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "instance": request_id.current.get(),
    }
    if error.problems:
        body["errors"] = [_entry(problem) for problem in error.problems[:MOST_ERRORS]]
    return body


def _entry(problem: Problem) -> dict[str, str]:
    entry = {"pointer": problem.pointer, "code": problem.code, "detail": problem.detail}
    return entry if problem.parameter is None else entry | {"parameter": problem.parameter}


def _record(error: HipcareError, exception: Exception) -> None:
    if isinstance(error, errors.ServerError):
        _log.error("unexpected error", exc_info=exception)
    elif error.status >= 500:
        _log.warning("%s: %s", error.slug, type(exception).__name__)


def _headers(error: HipcareError, exception: Exception) -> Iterator[tuple[str, str]]:
    if challenge := getattr(exception, "auth_header", None):
        yield "WWW-Authenticate", challenge
    if error.retry_after is not None:
        yield "Retry-After", str(error.retry_after)


@singledispatch
def translate(exception: Exception) -> HipcareError:
    """`exception` in the words of `hipcare.errors`; what is not known is a fault of ours."""
    return errors.ServerError()


@translate.register
def _(exception: HipcareError) -> HipcareError:
    return exception


@translate.register(OperationalError)
@translate.register(InterfaceError)
@translate.register(psycopg.OperationalError)  # the connection pool's timeout among them
def _(exception: Exception) -> HipcareError:
    return errors.DatabaseUnavailable(retry_after=5)


@translate.register(SuspiciousOperation)
@translate.register(BadRequest)
@translate.register(UnreadablePostError)
def _(exception: Exception) -> HipcareError:
    return errors.BadRequest()


@translate.register
def _(exception: RequestDataTooBig) -> HipcareError:
    return errors.TooLarge()


@translate.register(Http404)
@translate.register(exceptions.NotFound)
def _(exception: Exception) -> HipcareError:
    return errors.NotFound()


@translate.register(PermissionDenied)
@translate.register(exceptions.PermissionDenied)
def _(exception: Exception) -> HipcareError:
    return errors.Forbidden()


@translate.register(exceptions.NotAuthenticated)
@translate.register(exceptions.AuthenticationFailed)
def _(exception: Exception) -> HipcareError:
    return errors.NotAuthenticated()


@translate.register
def _(exception: exceptions.MethodNotAllowed) -> HipcareError:
    return errors.MethodNotAllowed()


@translate.register
def _(exception: exceptions.NotAcceptable) -> HipcareError:
    return errors.NotAcceptable()


@translate.register
def _(exception: exceptions.UnsupportedMediaType) -> HipcareError:
    return errors.UnsupportedMediaType()


@translate.register
def _(exception: exceptions.ParseError) -> HipcareError:
    return errors.MalformedBody()


@translate.register
def _(exception: exceptions.Throttled) -> HipcareError:
    wait: float | None = exception.wait  # type: ignore[attr-defined] # DRF rounds it up to whole seconds
    return errors.TooManyRequests(retry_after=None if wait is None else max(1, int(wait)))


@translate.register
def _(exception: exceptions.ValidationError) -> HipcareError:
    return errors.InvalidInput([Problem(errors.pointer(*path), code, text) for path, code, text in _leaves(exception)])


def _invalid_parameters(exception: exceptions.ValidationError) -> HipcareError:
    """The refusal of a filter set: a read has no body, so the paths are names of query parameters."""
    problems = [
        Problem(errors.pointer(*path), code, text, parameter=str(path[0]) if path else None)
        for path, code, text in _leaves(exception)
    ]
    return errors.InvalidParameters(problems=problems)


_Path = tuple[str | int, ...]


def _leaves(exception: exceptions.ValidationError) -> Iterator[tuple[_Path, str, str]]:
    """Path, code and text of each message in a validation error of DRF or django-filter."""
    yield from _walk(exception.detail, ())


def _walk(detail: Any, path: _Path) -> Iterator[tuple[_Path, str, str]]:
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            yield from _walk(inner, path if key == "non_field_errors" else (*path, key))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            # A list of messages belongs to one place, a list of mappings to the items of a list.
            yield from _walk(inner, path if isinstance(inner, str) else (*path, index))
    else:
        yield path, getattr(detail, "code", "invalid"), str(detail)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's `handler400`."""
    return respond(exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's `handler403`."""
    return respond(exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's `handler404`."""
    return respond(exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`: what a middleware raised."""
    return respond(sys.exc_info()[1] or errors.ServerError())  # type: ignore[arg-type]
