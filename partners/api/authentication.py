"""Bearer tokens (RFC 6750). Every token that is not accepted gets the same 401, whatever the reason."""

from typing import cast

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from partners import selectors
from partners.actions import tokens
from partners.principal import Principal


class BearerAuthentication(BaseAuthentication):
    """Makes `request.user` and `request.auth` the `Principal` behind `Authorization: Bearer <token>`."""

    def authenticate(self, request: Request) -> tuple[Principal, Principal] | None:
        """The principal; None without the header; raises DRF's `AuthenticationFailed` for any other header."""
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        scheme, _, text = header.partition(" ")
        token = selectors.valid_token(text.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise AuthenticationFailed
        if token.use_is_due:
            tokens.mark_used(token_id=token.id)
        return token.principal, token.principal

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401."""
        return 'Bearer realm="hipcare"'


def principal_of(request: Request) -> Principal:
    """Who calls; only for views that permissions have let through."""
    return cast(Principal, request.auth)
