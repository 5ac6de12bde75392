"""Bearer tokens (RFC 6750), long-lived and short-lived. Whatever is not accepted gets the same 401."""

from typing import cast

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from hipcare.database.caller import APPLICATION, DatabaseCaller, become
from partners import callers, credentials, selectors, signing
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
        caller = _caller(text.strip()) if scheme.lower() == "bearer" else None
        if caller is None:
            raise AuthenticationFailed
        become(DatabaseCaller(APPLICATION, caller.organisation_id))
        return caller, caller

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401."""
        return 'Bearer realm="hipcare"'


def principal_of(request: Request) -> Principal:
    """Who calls; only for views that permissions have let through."""
    return cast(Principal, request.auth)


def _caller(text: str) -> Principal | None:
    credential = credentials.parse(text)
    return _of_short_lived(text) if credential is None else _of_api_key(credential)


def _of_api_key(credential: credentials.Credential) -> Principal | None:
    key = selectors.accepted(callers.api_key(credential.prefix), credential)
    if key is None:
        return None
    if key.use_is_due:
        tokens.mark_used(token_id=key.id)
        key.last_used_at = timezone.now()
    return key.principal


def _of_short_lived(text: str) -> Principal | None:
    """The client that the token names, with the scopes that both the token and, now, the client have."""
    token = signing.read(text, callers.signing_key)
    found = None if token is None else callers.client(token.client_id)
    if token is None or found is None:
        return None
    client, generation = found
    if token.generation != generation:
        return None
    scopes = client.scopes & token.scopes
    return Principal(client.organisation_id, client.client_id, scopes, client.read_limit, client.write_limit)
