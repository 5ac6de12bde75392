"""What a token allows. A view names the scopes it needs in `required_scopes`; one that names none is never answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from partners.principal import Principal

if TYPE_CHECKING:
    from rest_framework.views import APIView  # DRF's views read the settings that name this module

RequiredScopes = Iterable[str] | Mapping[str, Iterable[str]]


class HasRequiredScopes(BasePermission):
    """The caller's token holds every scope that the view requires for the method."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether to go on; DRF answers 401 without a token and 403 with one."""
        if not isinstance(request.auth, Principal):
            return False
        required = required_scopes(view, str(request.method))
        if required:
            return required <= request.auth.scopes
        # OPTIONS tells any client the methods; a method that does not exist is answered 405 by the view.
        return request.method not in view.allowed_methods or (request.method == "OPTIONS" and _declares_any(view))


def required_scopes(view: APIView | type[APIView], method: str) -> frozenset[str]:
    """The scopes that `view` requires for `method`; none at all means that the method is denied.

    `required_scopes` on a view is a sequence for all methods or a mapping from method to sequence. HEAD needs what GET
    needs.
    """
    declared: RequiredScopes = getattr(view, "required_scopes", ())
    if not isinstance(declared, Mapping):
        return frozenset(declared)
    return frozenset(declared.get("GET" if method == "HEAD" else method, ()))


def _declares_any(view: APIView) -> bool:
    return bool(getattr(view, "required_scopes", ()))
