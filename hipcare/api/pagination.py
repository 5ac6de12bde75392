"""Cursor pagination: `next`, `previous`, `results`; the same order on every page, whatever is added meanwhile.

Order by fields that are never null; the primary key breaks ties. A cursor is signed for its path and ordering, so one
that was made up, or taken to another list, is refused instead of meaning something by accident.
"""

from typing import Any, cast

from django.core.signing import BadSignature, Signer
from django.db.models import Model, QuerySet
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from hipcare.errors import InvalidParameters, Problem

MAX_PAGE_SIZE = 200


class SignedCursorPagination(CursorPagination):
    """The pagination of every list; a view states its own order in `ordering` (read by the ordering filter)."""

    page_size = 50
    max_page_size = MAX_PAGE_SIZE
    page_size_query_param = "page_size"
    page_size_query_description = "Number of results on a page."
    cursor_query_description = "Where to continue, as found in `next` and `previous`."
    ordering = "pk"
    # Cursors are signed, so an offset is one that we wrote; a cut would loop over more ties than it allows.
    offset_cutoff = None  # type: ignore[assignment]

    def get_page_size(self, request: Request) -> int:
        """The page size asked for; raises `InvalidParameters` for one that is not 1 to 200."""
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= MAX_PAGE_SIZE):
            raise _invalid("page_size", "out_of_range", f"Must be a whole number from 1 to {MAX_PAGE_SIZE}.")
        return int(asked)

    def get_ordering(self, request: Request, queryset: QuerySet[Model], view: APIView | None) -> tuple[str, ...]:
        """The ordering of the filter or of the view, then the primary key."""
        declared = super().get_ordering(request, queryset, cast(APIView, view))
        ordering = (declared,) if isinstance(declared, str) else tuple(declared)
        return ordering if {"pk", "-pk"} & {*ordering} else (*ordering, "pk")

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The cursor in the query, if any; raises `InvalidParameters` for one that is not ours."""
        signed = request.query_params.get(self.cursor_query_param)
        if signed is None:
            return None
        try:
            plain = self._signer().unsign_object(signed)
        except (BadSignature, ValueError):
            raise _invalid("cursor", "invalid", "Must be a cursor from `next` or `previous` of this list.") from None
        return Cursor(*plain)

    def encode_cursor(self, cursor: Cursor) -> str:
        """The address of the page at `cursor`."""
        return replace_query_param(self.base_url or "", self.cursor_query_param, self._signer().sign_object(cursor))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema of a page of `schema`."""
        link = {"type": ["string", "null"], "format": "uri", "example": None}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """The query parameters, with the bounds of the page size and the look of a cursor."""
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] = {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": MAX_PAGE_SIZE,
                    "default": self.page_size,
                }
            else:
                parameter["schema"] = {"type": "string", "pattern": "^[A-Za-z0-9_-]+:[A-Za-z0-9_-]+$"}
        return parameters

    def _signer(self) -> Signer:
        """A signer for cursors of this list in this order; its salt holds both."""
        request: Request = self.request  # type: ignore[attr-defined] # set by paginate_queryset
        return Signer(salt=f"{request.path} {','.join(self.ordering)}")


def _invalid(parameter: str, code: str, detail: str) -> InvalidParameters:
    return InvalidParameters(problems=[Problem(f"/{parameter}", code, detail, parameter=parameter)])
