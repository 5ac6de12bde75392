"""What every catalogue endpoint has in common: it reads one release, and says so in its ETag.

An answer is decided by the release, the address and this software, so its strong ETag is a hash of these three and is
known before anything is read. `?release=` names a published or retired release; without it the current one is read.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar, cast

from django.db.models import Model, QuerySet
from django.http import HttpResponseBase, HttpResponseNotModified
from django.utils.functional import cached_property
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.viewsets import ReadOnlyModelViewSet

from conditions import selectors
from conditions.models import Release
from hipcare import __version__
from hipcare.api.schema import extensions
from hipcare.errors import InvalidParameters, NotFound, PreconditionFailed, Problem

View = TypeVar("View", bound="type[ConditionalReadView]")

RELEASE = OpenApiParameter(
    "release",
    {"type": "string", "minLength": 1},
    description="A release by its version; the current one if left out.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="An ETag from before: 304 if the answer is still the same.",
)
ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    required=True,
    response=[200, 304],
    description="A strong validator of this answer.",
)
NOT_MODIFIED = OpenApiResponse(description="The answer with the ETag in `If-None-Match` still stands.")


class Conditional(ABC):
    """A view that answers with an ETag, and with 304 for a caller who has the answer already."""

    @abstractmethod
    def etag_parts(self) -> list[str]:
        """What decides the answer besides its address and this software."""

    def _answer(self, request: Request, read: Callable[[], HttpResponseBase]) -> HttpResponseBase:
        """What `read` answers, unless the caller has it already."""
        etag = self._etag(request)
        check_if_match(request, etag)
        response = HttpResponseNotModified() if _has_it(request, etag) else read()
        if request.headers.get("If-None-Match") == "*":
            # Whoever has anything has this: which only holds once it is read that there is something.
            response = HttpResponseNotModified()
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    def _etag(self, request: Request) -> str:
        parts = [*self.etag_parts(), request.build_absolute_uri(), __version__]
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        return f'"{digest}"'


def check_if_match(request: Request, etag: str) -> None:
    """Raise `PreconditionFailed` for a caller who wants another answer than this."""
    wanted = parse_etags(request.headers.get("If-Match", ""))
    if wanted and wanted != ["*"] and etag not in wanted:
        raise PreconditionFailed()


def _has_it(request: Request, etag: str) -> bool:
    """Whether the caller has the answer. A proxy that compresses may have made the ETag a weak one."""
    return etag in (known.removeprefix("W/") for known in parse_etags(request.headers.get("If-None-Match", "")))


class ConditionalReadView(Conditional, ReadOnlyModelViewSet[Any]):
    """A list and its entries, with an ETag on both."""

    required_scopes = ("knowledge:read",)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """The list, page by page."""
        return self._answer(request, lambda: super(ConditionalReadView, self).list(request, *args, **kwargs))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """One entry by its id."""
        return self._answer(request, lambda: super(ConditionalReadView, self).retrieve(request, *args, **kwargs))


class CatalogueView(ConditionalReadView):
    """The rows of one kind in one release; `rows` is the selector that reads them."""

    query_parameters: ClassVar[tuple[str, ...]] = ("release",)
    lookup_field = "key"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[^/]+"
    ordering_fields: ClassVar[tuple[str, ...]] = ("key",)
    ordering: ClassVar[tuple[str, ...]] = ("key",)

    @abstractmethod
    def rows(self, release: Release) -> QuerySet[Any]:
        """The rows of the release."""

    def get_queryset(self) -> QuerySet[Any]:
        """The rows of the release that is asked for; the schema is made without a database."""
        if getattr(self, "swagger_fake_view", False):
            model: type[Model] = cast(Any, self.serializer_class).Meta.model
            return model._default_manager.none()
        return self.rows(self.release)

    def etag_parts(self) -> list[str]:
        return [self.release.version, self.release.digest]

    @cached_property
    def release(self) -> Release:
        """The release named in the query, or the current one."""
        version = self.request.query_params.get("release")
        return selectors.current_release() if version is None else _named_release(version)


def catalogue(
    noun: str, plural: str, *, entry: dict[str, Any], summary: dict[str, Any] | None = None, by_release: bool = True
) -> Callable[[View], View]:
    """Describe the two operations of a view: `list_<plural>` and `get_<noun>`, with an example of each.

    `summary` is the entry as the list shows it, if that is another.
    """
    parameters = [*([RELEASE] if by_release else []), IF_NONE_MATCH, ETAG]
    spoken, spoken_plural = noun.replace("_", " "), plural.replace("_", " ")
    example = OpenApiExample(spoken.capitalize(), entry, response_only=True, status_codes=["200"])
    missing = ["unavailable"] if by_release else []
    listed = OpenApiExample(spoken.capitalize(), summary or entry, response_only=True, status_codes=["200"])

    def describe(view: View) -> View:
        short, full = _serializers(view)
        return extend_schema_view(
            list=extend_schema(
                operation_id=f"list_{plural}",
                summary=f"List {spoken_plural}",
                tags=["catalogue"],
                parameters=parameters,
                responses={200: short(many=True), 304: NOT_MODIFIED},
                examples=[listed],
                extensions=extensions(problems=missing),
            ),
            retrieve=extend_schema(
                operation_id=f"get_{noun}",
                summary=f"One {spoken}",
                tags=["catalogue"],
                parameters=parameters,
                responses={200: full, 304: NOT_MODIFIED},
                examples=[example],
                extensions=extensions(problems=missing),
            ),
        )(view)

    return describe


def _serializers(view: Any) -> tuple[Any, Any]:
    """The serializers of the list and of one entry."""
    return getattr(view, "list_serializer_class", None) or view.serializer_class, view.serializer_class


def _named_release(version: str) -> Release:
    try:
        if "\x00" in version:  # which PostgreSQL takes in no text
            raise NotFound()
        return selectors.published_release_by_version(version)
    except NotFound:
        problem = Problem("/release", "unknown_release", "Must be the version of a release.", parameter="release")
        raise InvalidParameters(problems=[problem]) from None
