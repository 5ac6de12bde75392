"""What a client needs to know before it asks for a token, at the addresses where it looks."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import BaseModel
from rest_framework.request import Request
from rest_framework.response import Response

from hipcare.api.public import PublicView
from hipcare.api.schema import extensions
from partners import client_keys, scopes, signing
from partners.api import examples

_METHODS = ["client_secret_basic", "client_secret_post", "private_key_jwt"]
_CACHE = {"Cache-Control": "public, max-age=300"}


class AuthorizationServer(BaseModel):
    """Metadata of the authorization server, by RFC 8414."""

    issuer: str
    token_endpoint: str
    jwks_uri: str
    grant_types_supported: list[str]
    response_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    token_endpoint_auth_signing_alg_values_supported: list[str]
    scopes_supported: list[str]
    service_documentation: str


class SmartConfiguration(BaseModel):
    """The same in the words of SMART App Launch 2."""

    issuer: str
    jwks_uri: str
    token_endpoint: str
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    token_endpoint_auth_signing_alg_values_supported: list[str]
    scopes_supported: list[str]
    capabilities: list[str]


class PublishedKey(BaseModel):
    """A public key, by RFC 7517."""

    kty: str
    crv: str
    x: str
    y: str
    kid: str
    alg: str
    use: str


class PublishedKeys(BaseModel):
    """The public keys of our access tokens, by RFC 7517."""

    keys: list[PublishedKey]


class AuthorizationServerView(PublicView):
    """`GET /.well-known/oauth-authorization-server`."""

    @extend_schema(
        operation_id="get_authorization_server",
        summary="How to get an access token (RFC 8414)",
        tags=["identity"],
        responses=AuthorizationServer,
        examples=[OpenApiExample("Metadata", examples.AUTHORIZATION_SERVER, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """Endpoints, methods and scopes."""
        # There is no authorization endpoint, so there are no response types either.
        more = {
            "response_types_supported": [],
            "service_documentation": request.build_absolute_uri(reverse("docs")),
        }
        return Response(_common(request) | more, headers=_CACHE)


class SmartConfigurationView(PublicView):
    """`GET /.well-known/smart-configuration`."""

    @extend_schema(
        operation_id="get_smart_configuration",
        summary="How to get an access token (SMART)",
        tags=["identity"],
        responses=SmartConfiguration,
        examples=[OpenApiExample("Configuration", examples.SMART_CONFIGURATION, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """Endpoints, methods, scopes and capabilities."""
        capabilities = ["client-confidential-asymmetric", "client-confidential-symmetric", "permission-v2"]
        return Response(_common(request) | {"capabilities": capabilities}, headers=_CACHE)


class KeysView(PublicView):
    """`GET /.well-known/jwks.json`."""

    @extend_schema(
        operation_id="get_jwks",
        summary="The public keys of our access tokens",
        tags=["identity"],
        responses=PublishedKeys,
        examples=[OpenApiExample("One key", examples.KEYS, response_only=True)],
        extensions=extensions(problems=["database-unavailable"]),
    )
    def get(self, request: Request) -> Response:
        """Retired keys stay listed until what they signed has expired."""
        keys = [signing.public_jwk(key) for key in signing.public_keys().values()]
        return Response({"keys": keys}, headers=_CACHE)


def _common(request: Request) -> dict[str, Any]:
    return {
        "issuer": request.build_absolute_uri("/").rstrip("/"),
        "token_endpoint": request.build_absolute_uri(reverse("oauth-token")),
        "jwks_uri": request.build_absolute_uri(reverse("jwks")),
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": _METHODS,
        "token_endpoint_auth_signing_alg_values_supported": list(client_keys.ALGORITHMS),
        "scopes_supported": list(scopes.KNOWN),
    }
