"""Parts of the API that are going away: declared once, told in every answer and in the OpenAPI document.

    class OldView(APIView):
        deprecated = {"GET": Deprecated(since=date(2027, 1, 1), sunset=date(2027, 7, 1))}
        deprecated_parameters = {"colour": Deprecated(since=date(2027, 1, 1))}

Answers carry `Deprecation` (RFC 9745), once it is decided `Sunset` (RFC 8594), and a `Link` to the policy; for a
parameter, answers to requests that send it. A field of a body is declared by pydantic's `Field(deprecated=True)`, in
the document alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.http import http_date
from drf_spectacular.openapi import AutoSchema

from hipcare.api.schema_problems import operations

POLICY = "/api/v1/docs"


@dataclass(frozen=True, slots=True)
class Deprecated:
    """Since when a part should no longer be used, the first day on which it may be gone, and where to read more."""

    since: date
    sunset: date | None = None
    more: str = POLICY

    def headers(self) -> dict[str, str]:
        """As headers of an answer."""
        sunset = {} if self.sunset is None else {"Sunset": http_date(_seconds(self.sunset))}
        return {
            "Deprecation": f"@{_seconds(self.since)}",
            "Link": f'<{self.more}>; rel="deprecation"; type="text/html"',
            **sunset,
        }

    def told(self) -> str:
        """As a sentence."""
        until = "" if self.sunset is None else f", may be gone from {self.sunset} on"
        return f"Deprecated since {self.since}{until}."


class DeprecationHeaders:
    """Middleware: the headers on every answer of a part that is deprecated, refusals included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, with the headers."""
        response = self._get_response(request)
        used = list(_used(request))
        if used:
            # With several parts the first that goes tells; which they are is in the document.
            first = min(used, key=lambda part: (part.sunset or date.max, part.since))
            for name, value in first.headers().items():
                response.headers[name] = value
        return response


class Operations(AutoSchema):
    """DRF views in the OpenAPI document, with what is declared deprecated of them."""

    def is_deprecated(self) -> bool:
        """Whether the operation is."""
        return super().is_deprecated() or self.method in _operations_of(self.view)

    def get_extensions(self) -> dict[str, Any]:
        """The extensions of the operation; `x-deprecated` is for `add_deprecations`."""
        whole, parameters = _operations_of(self.view).get(self.method), _parameters_of(self.view)
        declared = {"x-deprecated": (whole, parameters)} if whole or parameters else {}
        return super().get_extensions() | declared


def add_deprecations(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing hook: headers of deprecated operations, and which parameters are deprecated."""
    for _, operation in operations(result):
        if "x-deprecated" in operation:
            result["components"]["headers"].update(_HEADERS)
            _describe(operation, *operation.pop("x-deprecated"))
    return result


def _describe(operation: dict[str, Any], whole: Deprecated | None, parameters: Mapping[str, Deprecated]) -> None:
    if whole:
        operation["description"] = f"{operation.get('description', '')}\n\n{whole.told()}".strip()
    for parameter in operation.get("parameters", ()):
        if part := parameters.get(parameter["name"]):
            parameter["deprecated"] = True
            parameter["description"] = f"{parameter.get('description', '')} {part.told()}".strip()
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS}
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            response["headers"] |= headers


def _used(request: HttpRequest) -> Iterator[Deprecated]:
    """What of the request is deprecated."""
    view = getattr(request.resolver_match and request.resolver_match.func, "cls", None)
    if view is None:
        return
    method = "GET" if request.method == "HEAD" else request.method
    if method in _operations_of(view):
        yield _operations_of(view)[method]
    yield from (part for name, part in _parameters_of(view).items() if name in request.GET)


def _operations_of(view: Any) -> Mapping[Any, Deprecated]:
    return getattr(view, "deprecated", {})


def _parameters_of(view: Any) -> Mapping[str, Deprecated]:
    return getattr(view, "deprecated_parameters", {})


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


_HEADERS = {
    "Deprecation": {
        "description": "Since when this should no longer be used (RFC 9745), for example `@1798761600`.",
        "schema": {"type": "string", "pattern": "^@[0-9]+$"},
    },
    "Sunset": {
        "description": "From when on it may be gone (RFC 8594); only once that is decided.",
        "schema": {"type": "string"},
    },
    "Link": {
        "description": 'With `rel="deprecation"`: where to read what to use instead.',
        "schema": {"type": "string"},
    },
}
