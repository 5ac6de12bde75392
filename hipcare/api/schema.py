"""The OpenAPI 3.1 document: problems on every operation, pydantic models as bodies, and the pages that show it.

An app describes its operations with `@extend_schema`; what every operation has in common is added here: the problems
it can answer with, and the request id header.
"""

from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.contrib.pydantic import PydanticExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import OpenApiParameter, extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from pydantic.json_schema import model_json_schema
from rest_framework.renderers import BaseRenderer

from hipcare import errors
from hipcare.api.public import PublicView
from hipcare.errors import HipcareError

_REQUEST_ID = "018f3a5e-7c1d-7b60-9a54-5f1f6d1c2b3a"
_METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
_REFERENCE = "#/components/schemas/{model}"


class PydanticSchema(PydanticExtension):
    """Pydantic models in the schema: bodies as they are validated, answers as they are written."""

    priority = 1

    def get_name(self, auto_schema: Any, direction: str) -> str:
        """The name of the model; two models of one name are an error, which the base class would keep quiet."""
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """The JSON schema of the model, its parts registered as components of their own."""
        mode = "validation" if direction == "request" else "serialization"
        schema = model_json_schema(self.target, ref_template=_REFERENCE, mode=mode)  # type: ignore[arg-type]
        for name, part in schema.pop("$defs", {}).items():
            component = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, object=name, schema=part)
            auto_schema.registry.register_on_missing(component)
        return schema


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing hook: the problem responses of every operation, as shared components with an example each."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {}).update(_SCHEMAS)
    components.setdefault("headers", {}).update(_HEADERS)
    responses = components.setdefault("responses", {})
    for path in result["paths"].values():
        for operation in (path[method] for method in path.keys() & _METHODS):
            for answer in operation["responses"].values():
                answer.setdefault("headers", {}).setdefault("X-Request-Id", _header("RequestId"))
            for error in _problems_of(operation):
                responses[error.__name__] = _response(error)
                operation["responses"].setdefault(
                    str(error.status), {"$ref": f"#/components/responses/{error.__name__}"}
                )
            operation["responses"] = dict(sorted(operation["responses"].items()))
    components["responses"] = dict(sorted(responses.items()))
    return result


def _problems_of(operation: dict[str, Any]) -> Iterator[type[HipcareError]]:
    """What can go wrong with an operation, as its parameters, body and security show."""
    places = {parameter["in"] for parameter in operation.get("parameters", ())}
    if "requestBody" in operation:
        yield errors.TooLarge
    if "application/json" in operation.get("requestBody", {}).get("content", ()):
        yield from (errors.MalformedBody, errors.UnsupportedMediaType, errors.InvalidInput)
    if "query" in places:
        yield errors.InvalidParameters
    if _needs_token(operation):
        yield from (errors.NotAuthenticated, errors.Forbidden, errors.TooManyRequests)
    if "path" in places:
        yield errors.NotFound
    if operation.pop("x-conflict", False) or _stores_once(operation):
        yield errors.Conflict
    yield from (errors.MethodNotAllowed, errors.NotAcceptable, errors.ServerError, errors.DatabaseUnavailable)


def _stores_once(operation: dict[str, Any]) -> bool:
    return any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", ()))


def _needs_token(operation: dict[str, Any]) -> bool:
    return any(operation.get("security", ()))


def _response(error: type[HipcareError]) -> dict[str, Any]:
    headers = {"X-Request-Id": _header("RequestId")}
    headers |= {name: _header(component) for name, component in _HEADERS_OF.get(error, {}).items()}
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": _example(error)}
    return {
        "description": f"{HTTPStatus(error.status).phrase}: {error.explanation}",
        "headers": headers,
        "content": {"application/problem+json": content},
    }


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
        "schema": {"type": "string"},
    },
    "Challenge": {"description": "The scheme to authenticate with.", "schema": {"type": "string"}},
    "Allow": {"description": "The methods of the resource.", "schema": {"type": "string"}},
    "RateLimit": {
        "description": 'Requests left and seconds until the window ends, for example `"read";r=599;t=43`.',
        "schema": {"type": "string"},
    },
    "RateLimitPolicy": {
        "description": 'Requests and seconds of a window, for example `"read";q=600;w=60`.',
        "schema": {"type": "string"},
    },
    "RetryAfter": {"description": "Seconds to wait before trying again.", "schema": {"type": "integer"}},
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


@cache
def _rendered(urlconf: str, renderer: type[BaseRenderer]) -> bytes:
    """The document as `renderer` writes it, made once a process: it takes seconds, and anybody may ask for it."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    rendered = renderer().render(document, renderer_context={})
    return rendered if isinstance(rendered, bytes) else str(rendered).encode()


class SchemaView(PublicView, SpectacularAPIView):
    """`GET /api/v1/schema`, as JSON unless YAML is asked for."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer]

    @extend_schema(
        operation_id="get_schema",
        summary="This document",
        tags=["service"],
        parameters=[
            OpenApiParameter("format", str, enum=["json", "yaml"], description="Instead of an `Accept` header.")
        ],
        responses={(200, media_type): {"type": "object"} for media_type in ("application/json", "application/yaml")},
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The OpenAPI 3.1 document, as JSON or YAML."""
        renderer = request.accepted_renderer
        media_type = f"{renderer.media_type}; charset={renderer.charset}" if renderer.charset else renderer.media_type
        return HttpResponse(_rendered(settings.ROOT_URLCONF, renderer.__class__), content_type=media_type)

    def get_format_suffix(self, **kwargs: Any) -> str | None:
        """The `format` parameter, which wins over the Accept header."""
        return self.request.query_params.get("format")


class DocsView(PublicView, SpectacularSwaggerSplitView):
    """`GET /api/v1/docs`: a page to try the API, its scripts served from here."""
