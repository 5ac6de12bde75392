"""The OpenAPI 3.1 document: problems on every operation, pydantic models as bodies, and the pages that show it.

An app describes its operations with `@extend_schema`; what every operation has in common is added afterwards by the
hooks: problems and headers (`hipcare.api.schema_problems`), links, deprecation (`hipcare.api.deprecation`).
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.contrib.pydantic import PydanticExtension
from drf_spectacular.drainage import warn
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
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode
from rest_framework.renderers import BaseRenderer

from hipcare.api.public import PublicView
from hipcare.api.schema_problems import operations
from hipcare.errors import InvalidParameters, Problem

FORMATS = ["json", "yaml"]
_REFERENCE = "#/components/schemas/{model}"
LOCATION = OpenApiParameter(
    "Location",
    str,
    OpenApiParameter.HEADER,
    required=True,
    response=[201],
    description="Where what was stored can be read again.",
)


class PydanticSchema(PydanticExtension):
    """Pydantic models in the schema: bodies as they are validated, answers as they are written."""

    priority = 1

    def get_name(self, auto_schema: Any, direction: str) -> str:
        """The name of the type."""
        return str(self._described.__name__)

    def get_identity(self, auto_schema: Any, direction: str) -> str:
        """The name once more: a type is the same component by itself and as a part of another."""
        return self.get_name(auto_schema, direction)

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """The JSON schema of the type, its parts registered as components of their own."""
        mode: JsonSchemaMode = "validation" if direction == "request" else "serialization"
        schema = TypeAdapter(self._described).json_schema(ref_template=_REFERENCE, mode=mode)
        for name, part in schema.pop("$defs", {}).items():
            component = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, object=name, schema=part)
            auto_schema.registry.register_on_missing(component)
            _check_same(auto_schema.registry[component], part)
        return schema

    @property
    def _described(self) -> Any:
        """What the answer is: a root model is a handle for the type in it, and a component by itself would be empty."""
        root = getattr(self.target, "model_fields", {}).get("root")
        return root.annotation if root else self.target


def _check_same(registered: ResolvedComponent, part: dict[str, Any]) -> None:
    """Two types of one name would be one component, whichever came first. (One type differs a little by direction.)"""
    if registered.schema and _members(registered.schema) != _members(part):
        warn(f"Two types are named {registered.name!r} and differ. Rename one.")


def _members(schema: Any) -> set[str]:
    return {*schema.get("properties", ())}


def add_links(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing hook: the links of an operation, from its extension to its responses."""
    for _, operation in operations(result):
        for status, links in operation.pop("x-links", {}).items():
            operation["responses"][status]["links"] = links
    return result


def extensions(*, problems: Sequence[str] = (), links: dict[str, Any] | None = None) -> dict[str, Any]:
    """For `@extend_schema(extensions=…)`: slugs of problems that nothing else shows, and links by status and name."""
    return ({"x-problems": [*problems]} if problems else {}) | ({"x-links": links} if links else {})


def link(operation_id: str, description: str, **parameters: str) -> dict[str, Any]:
    """Where an answer leads to: an operation, and where its parameters are found (runtime expressions of OpenAPI)."""
    return {"operationId": operation_id, "description": description, "parameters": parameters}


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
        parameters=[OpenApiParameter("format", str, enum=FORMATS, description="Instead of an `Accept` header.")],
        responses={(200, media_type): {"type": "object"} for media_type in ("application/json", "application/yaml")},
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The OpenAPI 3.1 document, as JSON or YAML."""
        renderer = request.accepted_renderer
        media_type = f"{renderer.media_type}; charset={renderer.charset}" if renderer.charset else renderer.media_type
        return HttpResponse(_rendered(settings.ROOT_URLCONF, renderer.__class__), content_type=media_type)

    def get_format_suffix(self, **kwargs: Any) -> str | None:
        """The `format` parameter, which wins over the Accept header. Raises InvalidParameters for one unknown."""
        asked = self.request.query_params.get("format")
        if asked not in (None, *FORMATS):
            detail = f"Must be one of {', '.join(FORMATS)}."
            raise InvalidParameters(problems=[Problem("/format", "unknown_format", detail, parameter="format")])
        return asked


class DocsView(PublicView, SpectacularSwaggerSplitView):
    """`GET /api/v1/docs`: a page to try the API, its scripts served from here."""
