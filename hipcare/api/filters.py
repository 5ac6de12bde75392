"""Filter backends of every list: `FilterSet`s, `search` and `ordering`; none passes over what it does not know.

A misspelt parameter or an empty value would filter nothing and look like an answer; both are refused.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

import django_filters
from django import forms
from django.db.models import Model, QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework.filters import OrderingFilter, SearchFilter
from rest_framework.request import Request
from rest_framework.views import APIView

from hipcare.errors import InvalidParameters, Problem, pointer


@extend_schema_field(OpenApiTypes.BOOL)
class TrueOrFalse(django_filters.TypedChoiceFilter):
    """`true` or `false`; anything else is refused instead of being ignored."""

    def __init__(self, **options: Any) -> None:
        words = (("true", "true"), ("false", "false"))
        super().__init__(choices=words, coerce=lambda word: word == "true", **options)


@extend_schema_field(OpenApiTypes.INT)
class WholeNumber(django_filters.NumberFilter):
    """A whole number."""

    field_class = forms.IntegerField


class StrictFilterBackend(DjangoFilterBackend):
    """`FilterSet`s of lists, and the parameters that a view names in `query_parameters`; others are refused."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        """The rows that pass. One row by its id is not filtered. Raises `InvalidParameters`."""
        problems = [*_unknown(request, _known(view)), *_empty(request, _filters(view))]
        if problems:
            raise InvalidParameters(problems=problems)
        return queryset if _is_detail(view) else super().filter_queryset(request, queryset, view)


class StrictFilterExtension(DjangoFilterExtension):
    """The filters in the schema; text has a length."""

    target_class = "hipcare.api.filters.StrictFilterBackend"
    priority = 1

    def get_schema_operation_parameters(self, auto_schema: Any, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        """The parameters."""
        parameters = super().get_schema_operation_parameters(auto_schema, *args, **kwargs)
        for parameter in parameters:
            # A filter that is a method says nothing of its type: it is text.
            schema = parameter["schema"] = parameter["schema"] or {"type": "string"}
            if schema.get("type") == "string" and not schema.keys() & {"enum", "format"}:
                schema["minLength"] = 1
        return parameters


class DeclaredSearchFilter(SearchFilter):
    """`search` over the view's `search_fields`; without any there is no such parameter."""

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """The parameter, where the view can be searched."""
        return super().get_schema_operation_parameters(view) if getattr(view, "search_fields", ()) else []


class StrictOrderingFilter(OrderingFilter):
    """`ordering=field,-other` over the view's `ordering_fields`; without any, the view's own `ordering` stands."""

    ordering_description = "Fields to order by, separated by commas; a leading `-` turns one around."

    def get_ordering(self, request: Request, queryset: QuerySet[Model], view: APIView) -> Any:
        """The fields as given; raises `InvalidParameters` for one that the view does not allow."""
        asked = request.query_params.get(self.ordering_param)
        if asked is None:
            return self.get_default_ordering(view)
        allowed = [name for name, _ in self.get_valid_fields(queryset, view)]
        fields = asked.split(",")
        if any(field.removeprefix("-") not in allowed for field in fields):
            choices = ", ".join(allowed) or "nothing here"
            detail = f"Must be among {choices}, each with or without a leading minus sign."
            raise InvalidParameters(problems=[Problem("/ordering", "unknown_field", detail, parameter="ordering")])
        return fields

    def get_valid_fields(
        self, queryset: QuerySet[Model], view: APIView, context: Mapping[str, Any] | None = None
    ) -> list[tuple[str, str]]:
        """What the view allows; a view that says nothing allows nothing."""
        return [(name, name) for name in getattr(view, "ordering_fields", ())]

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """The parameter, where the view allows any ordering."""
        allowed = getattr(view, "ordering_fields", ())
        if not allowed:
            return []
        (parameter,) = super().get_schema_operation_parameters(view)
        field = f"-?({'|'.join(map(re.escape, allowed))})"
        return [
            parameter
            | {
                "description": f"{self.ordering_description} Known: {', '.join(allowed)}.",
                "schema": {"type": "string", "pattern": f"^{field}(,{field})*$"},
            }
        ]


def _is_detail(view: APIView) -> bool:
    return bool(getattr(view, "detail", False))


def _filters(view: APIView) -> set[str]:
    filterset = getattr(view, "filterset_class", None)
    names = filterset.base_filters if filterset else getattr(view, "filterset_fields", ())
    return set() if _is_detail(view) else {*names}


def _known(view: APIView) -> set[str]:
    """Every query parameter that the view reads."""
    named = {*getattr(view, "query_parameters", ())}
    if _is_detail(view):
        return named
    searched = {"search"} if getattr(view, "search_fields", ()) else set()
    return named | searched | _filters(view) | {"ordering", "cursor", "page_size"}


def _unknown(request: Request, known: set[str]) -> Iterator[Problem]:
    for name in request.query_params.keys() - known:
        near = difflib.get_close_matches(name, sorted(known), n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        yield Problem(pointer(name), "unknown_parameter", f"There is no such parameter here.{hint}", parameter=name)


def _empty(request: Request, filters: set[str]) -> Iterator[Problem]:
    for name in sorted(filters & request.query_params.keys()):
        if "" in request.query_params.getlist(name):
            yield Problem(pointer(name), "empty", "Give a value, or leave the parameter out.", parameter=name)
