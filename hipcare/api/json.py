"""JSON in and out of the API, on orjson.

In: `application/json` in UTF-8, no NaN or Infinity, no number beyond a double, at most 1024 levels deep, no NUL
character in a string (PostgreSQL stores none), no longer than `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes.
Out: what orjson writes, or the very bytes given, so that a stored answer is repeated as it was.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import IO, Annotated, Any

import orjson
from django.http import HttpRequest
from django.utils.functional import Promise
from pydantic import Field
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from hipcare.errors import InvalidInput, MalformedBody, Problem, UnsupportedMediaType, pointer

UuidText = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
"""An id as it stands in an answer: text, which the schema tells for what it is."""

MEDIA_TYPE = "application/json"
_UTF_8 = ("utf-8", "utf8")
_ANYTHING = ("", "*/*", MEDIA_TYPE)


def loads(body: bytes) -> Any:
    """The value written in `body`; raises `MalformedBody` or, for a NUL character, `InvalidInput`."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedBody(f"The body is not valid JSON: {error}.") from None
    if b"\\u0000" in body and (problems := [_nul_problem(path) for path in _paths_of_nul(value)]):
        raise InvalidInput(problems)
    return value


def read_json(request: HttpRequest | Request) -> Any:
    """The body of `request` as a value; raises `MalformedBody`, `UnsupportedMediaType` or `InvalidInput`.

    Django refuses to read a body over the limit, by its Content-Length.
    """
    http = request._request if isinstance(request, Request) else request
    body = http.body
    if not body:
        raise MalformedBody("The body is empty.")
    charset = (http.content_params or {}).get("charset", "utf-8")
    if http.content_type != MEDIA_TYPE or charset.lower() not in _UTF_8:
        raise UnsupportedMediaType()
    return loads(body)


class JsonParser(BaseParser):
    """DRF parser on `read_json`, for views that read `request.data`."""

    media_type = MEDIA_TYPE

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Parse the whole body of the request; `stream` is the same body."""
        assert parser_context is not None  # noqa: S101 - DRF always gives it
        return read_json(parser_context["request"])


class JsonRenderer(BaseRenderer):
    """DRF renderer: values through orjson, bytes as they are."""

    media_type = MEDIA_TYPE
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """`data` as JSON in UTF-8; nothing at all for None."""
        if isinstance(data, bytes):
            return data
        return b"" if data is None else dumps(data)


def dumps(value: Any) -> bytes:
    """`value` as JSON in UTF-8, times with `Z`, keys in their own order."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


class JsonNegotiation(DefaultContentNegotiation):
    """DRF's content negotiation, with a short way for clients that take JSON or anything."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        """The renderer and media type for the answer; raises DRF's `NotAcceptable`.

        `OPTIONS` is answered in JSON by every view, also by one that makes pictures.
        """
        if request.method == "OPTIONS":
            return JsonRenderer(), MEDIA_TYPE
        if (
            not format_suffix
            and request.META.get("HTTP_ACCEPT", "") in _ANYTHING
            and renderers[0].media_type == MEDIA_TYPE
        ):
            return renderers[0], MEDIA_TYPE
        return super().select_renderer(request, renderers, format_suffix)


def _plain(value: Any) -> Any:
    """What orjson does not know by itself: decimals and translated text."""
    if isinstance(value, (Decimal, Promise)):
        return str(value)
    raise TypeError


_Path = tuple[str | int, ...]


def _paths_of_nul(value: Any) -> Iterator[_Path]:
    """Where text has one, in the order of the body. Neither recursion nor a path for each value: a body may be nested
    1024 levels deep and have half a million values at the bottom.
    """
    path: list[str | int] = []
    waiting = [_parts([value])]
    while waiting:
        for key, inner in waiting[-1]:
            if isinstance(inner, str) and "\x00" in inner:
                yield (*path[1:], key) if path else ()
            elif isinstance(inner, dict | list):
                path.append(key)
                waiting.append(_parts(inner))
                break
        else:
            waiting.pop()
            del path[-1:]


def _parts(value: dict[str, Any] | list[Any]) -> Iterator[tuple[str | int, Any]]:
    """Every value in an object or list under its key, and of an object the keys as well."""
    if isinstance(value, list):
        yield from enumerate(value)
        return
    for key, inner in value.items():
        yield key, key
        yield key, inner


def _nul_problem(path: _Path) -> Problem:
    return Problem(pointer(*path), "nul_character", "Text must not contain the NUL character.")
