"""What can go wrong with each operation, in the OpenAPI document: a response a status, an example a problem.

Most of it follows from what an operation takes: a body, parameters, a token. What does not, an operation names by slug
in its extension `x-problems`. Headers that answers have in common are here too.
"""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import groupby
from typing import Any

from django.conf import settings

from hipcare import errors
from hipcare.api.problem import CONTENT_TYPE
from hipcare.errors import HipcareError

_REQUEST_ID = "018f3a5e-7c1d-7b60-9a54-5f1f6d1c2b3a"
_METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation of the document with its path."""
    for path, item in document["paths"].items():
        for method in item.keys() & _METHODS:
            yield path, item[method]


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing hook: problems and common headers on every operation, as shared components."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {}).update(_SCHEMAS)
    components.setdefault("headers", {}).update(_HEADERS)
    shared = components.setdefault("responses", {})
    for path, operation in operations(result):
        if "requestBody" in operation:
            # Also where everything in it is optional.
            operation["requestBody"]["required"] = True
        if not any(operation.get("security", ())):
            # Said as an optional nothing, it makes clients that want a token for it.
            operation["security"] = []
        for answer in operation["responses"].values():
            answer.setdefault("headers", {}).update(_common_headers(operation))
        for status, kinds in _by_status(_problems_of(path, operation)):
            _add(operation["responses"], shared, str(status), kinds)
        operation["responses"] = dict(sorted(operation["responses"].items()))
    components["responses"] = dict(sorted(shared.items()))
    return result


def _add(responses: dict[str, Any], shared: dict[str, Any], status: str, kinds: list[type[HipcareError]]) -> None:
    """The problems of one status: beside an answer of the same status, or as a shared response."""
    if status in responses:
        responses[status].setdefault("content", {}).update(_content(kinds))
        return
    name = "Or".join(kind.__name__ for kind in kinds)
    shared[name] = _response(kinds)
    responses[status] = {"$ref": f"#/components/responses/{name}"}


def _by_status(kinds: Iterator[type[HipcareError]]) -> Iterator[tuple[int, list[type[HipcareError]]]]:
    in_order = sorted(set(kinds), key=lambda kind: (kind.status, kind.slug))
    for status, group in groupby(in_order, key=lambda kind: kind.status):
        yield status, list(group)


def _problems_of(path: str, operation: dict[str, Any]) -> Iterator[type[HipcareError]]:
    """What can go wrong with an operation, as its parameters, body, security and extension show."""
    parameters = operation.get("parameters", ())
    places, names = ({parameter[key] for parameter in parameters} for key in ("in", "name"))
    if path not in settings.HIPCARE_MONITORED_PATHS:
        yield errors.BadRequest
    if "requestBody" in operation:
        yield errors.TooLarge
    if "application/json" in operation.get("requestBody", {}).get("content", ()):
        yield from (errors.MalformedBody, errors.UnsupportedMediaType, errors.InvalidInput)
    if "query" in places or "Idempotency-Key" in names:
        yield errors.InvalidParameters
    if "If-None-Match" in names:
        yield errors.PreconditionFailed
    if any(operation.get("security", ())):
        yield from (errors.NotAuthenticated, errors.Forbidden, errors.TooManyRequests, errors.DatabaseUnavailable)
    if "path" in places:
        yield errors.NotFound
    known = errors.problem_types()
    yield from (known[slug] for slug in operation.pop("x-problems", ()))
    yield from (errors.MethodNotAllowed, errors.NotAcceptable, errors.ServerError)


def _response(kinds: list[type[HipcareError]]) -> dict[str, Any]:
    headers = {name: component for kind in kinds for name, component in _HEADERS_OF.get(kind, {}).items()}
    # A header that only one of several problems has is not promised by all.
    promised = [name for name in headers if all(name in _HEADERS_OF.get(kind, {}) for kind in kinds)]
    return {
        "description": f"{HTTPStatus(kinds[0].status).phrase}: {' Or: '.join(kind.explanation for kind in kinds)}",
        "headers": {"X-Request-Id": _header("RequestId")} | {name: _header(headers[name]) for name in promised},
        "content": _content(kinds),
    }


def _content(kinds: list[type[HipcareError]]) -> dict[str, Any]:
    examples = {kind.__name__: {"summary": kind.title, "value": _example(kind)} for kind in kinds}
    return {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}}


def _common_headers(operation: dict[str, Any]) -> dict[str, Any]:
    counted = any(operation.get("security", ()))
    limits = {"RateLimit": "RateLimit", "RateLimit-Policy": "RateLimitPolicy"} if counted else {}
    return {name: _header(component) for name, component in ({"X-Request-Id": "RequestId"} | limits).items()}


def _header(component: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{component}"}


def _example(error: type[HipcareError]) -> dict[str, Any]:
    example: dict[str, Any] = {
        "type": f"/problems/{error.slug}",
        "title": error.title,
        "status": error.status,
        "detail": error.title,
        "instance": _REQUEST_ID,
    }
    return example | ({"errors": [_ERRORS_OF[error]]} if error in _ERRORS_OF else {})


_ERRORS_OF = {
    errors.InvalidInput: {
        "pointer": "/findings/3/id",
        "code": "unknown_finding",
        "detail": "Unknown finding. Nearest known: pain_groin, pain_thigh.",
    },
    errors.InvalidParameters: {
        "pointer": "/page_size",
        "code": "out_of_range",
        "detail": "Must be a whole number from 1 to 200.",
        "parameter": "page_size",
    },
}
_HEADERS_OF = {
    errors.NotAuthenticated: {"WWW-Authenticate": "Challenge"},
    errors.MethodNotAllowed: {"Allow": "Allow"},
    errors.TooManyRequests: {
        "Retry-After": "RetryAfter",
        "RateLimit": "RateLimit",
        "RateLimit-Policy": "RateLimitPolicy",
    },
    errors.DatabaseUnavailable: {"Retry-After": "RetryAfter"},
}
_HEADERS = {
    "RequestId": {
        "description": "The caller's `X-Request-Id` if it sent one, else a new one; also in every log line.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"},
    },
    "Challenge": {"description": "The scheme to authenticate with.", "required": True, "schema": {"type": "string"}},
    "Allow": {"description": "The methods of the resource.", "required": True, "schema": {"type": "string"}},
    "RateLimit": {
        "description": (
            'Requests left and seconds until the window ends, for example `"read";r=599;t=43`; with a limit only.'
        ),
        "schema": {"type": "string", "pattern": '^"(read|write)";r=[0-9]+;t=[0-9]+$'},
    },
    "RateLimitPolicy": {
        "description": 'Requests and seconds of a window, for example `"read";q=600;w=60`; with a limit only.',
        "schema": {"type": "string", "pattern": '^"(read|write)";q=[0-9]+;w=[0-9]+$'},
    },
    "RetryAfter": {
        "description": "Seconds to wait before trying again.",
        "schema": {"type": "integer", "minimum": 1},
    },
}
_SCHEMAS = {
    "Problem": {
        "type": "object",
        "description": "An error, by RFC 9457.",
        "required": ["type", "title", "status", "detail", "instance"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference", "description": "What went wrong; leads to more."},
            "title": {"type": "string", "description": "The problem type in words."},
            "status": {"type": "integer", "description": "The HTTP status."},
            "detail": {"type": "string", "description": "What went wrong this time."},
            "instance": {"type": "string", "format": "uri-reference", "description": "The request id."},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemEntry"}},
        },
    },
    "ProblemEntry": {
        "type": "object",
        "description": "One thing wrong with one place of the input.",
        "required": ["pointer", "code", "detail"],
        "properties": {
            "pointer": {
                "type": "string",
                "format": "json-pointer",
                "description": "Where, by RFC 6901: in the body or, with `parameter`, in the query read as an object.",
            },
            "code": {"type": "string", "description": "The broken rule, for programs."},
            "detail": {"type": "string", "description": "The broken rule, for people."},
            "parameter": {"type": "string", "description": "The query parameter that is meant."},
        },
    },
}
