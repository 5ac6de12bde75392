"""Filter backends of every list: `FilterSet`s, `search`, and an `ordering` that refuses fields it does not know."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model, QuerySet
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request
from rest_framework.views import APIView

from hipcare.errors import InvalidParameters, Problem


class StrictOrderingFilter(OrderingFilter):
    """`ordering=field,-other` over the view's `ordering_fields`; without any, the view's own `ordering` stands."""

    ordering_description = "Fields to order by, separated by commas; a leading `-` turns one around."

    def get_valid_fields(
        self, queryset: QuerySet[Model], view: APIView, context: Mapping[str, Any] | None = None
    ) -> list[tuple[str, str]]:
        """What the view allows; a view that says nothing allows nothing."""
        return [(name, name) for name in getattr(view, "ordering_fields", ())]

    def remove_invalid_fields(
        self, queryset: QuerySet[Model], fields: Iterable[str], view: APIView, request: Request
    ) -> list[str]:
        """The fields as given; raises `InvalidParameters` for one that the view does not allow."""
        allowed = [name for name, _ in self.get_valid_fields(queryset, view)]
        asked = list(fields)
        if any(field.removeprefix("-") not in allowed for field in asked):
            choices = ", ".join(allowed) or "nothing here"
            detail = f"Must be among {choices}, each with or without a leading minus sign."
            raise InvalidParameters(problems=[Problem("/ordering", "unknown_field", detail, parameter="ordering")])
        return asked

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """The parameter, where the view allows any ordering."""
        allowed = getattr(view, "ordering_fields", ())
        if not allowed:
            return []
        (parameter,) = super().get_schema_operation_parameters(view)
        return [parameter | {"description": f"{self.ordering_description} Known: {', '.join(allowed)}."}]
