"""`POST /oauth/token`: client credentials for a short-lived access token.

Errors are those of RFC 6749, as JSON; whatever is wrong before that (a body that is too large, no database) is a
problem document like everywhere else.
"""

import base64
import binascii
from typing import Literal
from urllib.parse import unquote_plus

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import BaseModel, Field
from rest_framework.parsers import FormParser
from rest_framework.request import Request

from hipcare.api.json import MEDIA_TYPE, dumps
from hipcare.api.public import PublicView
from hipcare.api.schema import extensions
from partners.actions import grants
from partners.actions.grants import Assertion, GrantRefused, Secret
from partners.api import examples

FORM = "application/x-www-form-urlencoded"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_PARAMETERS = ("grant_type", "scope", "client_id", "client_secret", "client_assertion_type", "client_assertion")


class TokenRequest(BaseModel):
    """What is sent, as a form. A client proves who it is in one way: HTTP Basic, secret, or assertion."""

    grant_type: Literal["client_credentials"]
    scope: str = Field("", description="Separated by spaces; without, every scope of the client.")
    client_id: str = ""
    client_secret: str = Field("", description="With `client_id`, unless both are in an `Authorization: Basic` header.")
    client_assertion_type: str = Field("", description=f"`{ASSERTION_TYPE}`")
    client_assertion: str = Field("", description="A JSON Web Token of the client, signed with RS384 or ES384.")


class TokenAnswer(BaseModel):
    """A token, to be sent as `Authorization: Bearer`."""

    access_token: str
    token_type: Literal["bearer"]
    expires_in: int = Field(description="Seconds.")
    scope: str


class TokenError(BaseModel):
    """Why no token was granted."""

    error: Literal[
        "invalid_request", "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope"
    ]
    error_description: str


class TokenView(PublicView):
    """The token endpoint."""

    parser_classes = [FormParser]

    @extend_schema(
        operation_id="create_token",
        summary="A short-lived access token for a client",
        tags=["identity"],
        request=TokenRequest,
        responses={200: TokenAnswer, 400: TokenError, 401: TokenError},
        examples=[
            OpenApiExample("Client secret", examples.TOKEN_BY_SECRET, request_only=True, media_type=FORM),
            OpenApiExample("Signed assertion", examples.TOKEN_BY_ASSERTION, request_only=True, media_type=FORM),
            OpenApiExample("Granted", examples.TOKEN, response_only=True, status_codes=["200"]),
            OpenApiExample("Scope", examples.WRONG_SCOPE, response_only=True, status_codes=["400"]),
            OpenApiExample("Client", examples.WRONG_CLIENT, response_only=True, status_codes=["401"]),
        ],
        extensions=extensions(problems=["database-unavailable"]),
    )
    def post(self, request: Request) -> HttpResponse:
        """OAuth 2.0 client credentials, with a secret or a signed assertion (SMART Backend Services)."""
        try:
            sent = _read(request)
            granted = grants.grant(
                proof=_proof(request, sent),
                scope=sent.get("scope", ""),
                token_url=request.build_absolute_uri(reverse("oauth-token")),
                issuer=request.build_absolute_uri("/").rstrip("/"),
            )
        except GrantRefused as refused:
            return _error(refused)
        answer = TokenAnswer(
            access_token=granted.token,
            token_type="bearer",  # noqa: S106 - a kind of token
            expires_in=granted.seconds,
            scope=granted.scope,
        )
        return HttpResponse(dumps(answer.model_dump()), content_type=MEDIA_TYPE, headers=_NOT_KEPT)


def _read(request: Request) -> dict[str, str]:
    """The form, each parameter once. Raises `GrantRefused`."""
    http = request._request
    if http.content_type != FORM:
        raise GrantRefused("invalid_request", f"Send the parameters as {FORM}.")
    form = QueryDict(http.body)
    if any(len(form.getlist(name)) > 1 for name in _PARAMETERS):
        raise GrantRefused("invalid_request", "Send each parameter once.")
    sent = {name: form[name] for name in _PARAMETERS if form.get(name)}
    if "grant_type" not in sent:
        raise GrantRefused("invalid_request", "grant_type is missing.")
    if sent["grant_type"] != "client_credentials":
        raise GrantRefused("unsupported_grant_type", "The only one is client_credentials.")
    return sent


def _proof(request: Request, sent: dict[str, str]) -> Secret | Assertion:
    """The one way in which the client proves who it is. Raises `GrantRefused`."""
    header = request.META.get("HTTP_AUTHORIZATION")
    given = [header is not None, "client_secret" in sent, "client_assertion" in sent or "client_assertion_type" in sent]
    if sum(given) != 1:
        code = "invalid_request" if any(given) else "invalid_client"
        raise GrantRefused(code, "Prove who you are in one way: HTTP Basic, client_secret, or client_assertion.")
    if header is not None:
        return _basic(header, sent.get("client_id"))
    if "client_secret" in sent:
        return Secret(sent.get("client_id", ""), sent["client_secret"])
    if sent.get("client_assertion_type") != ASSERTION_TYPE or "client_assertion" not in sent:
        raise GrantRefused("invalid_request", f"client_assertion needs client_assertion_type {ASSERTION_TYPE}.")
    return Assertion(sent["client_assertion"], sent.get("client_id", ""))


def _basic(header: str, client_id: str | None) -> Secret:
    """Client id and secret of HTTP Basic, both form-encoded (RFC 6749, 2.3.1)."""
    scheme, _, encoded = header.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError
        user, _, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (ValueError, binascii.Error):
        raise GrantRefused("invalid_client", "The Authorization header is not HTTP Basic.") from None
    secret = Secret(unquote_plus(user), unquote_plus(password))
    if client_id not in (None, secret.client_id):
        raise GrantRefused("invalid_request", "client_id is not the one of the Authorization header.")
    return secret


def _error(refused: GrantRefused) -> HttpResponse:
    body = TokenError(error=refused.code, error_description=refused.detail)
    unknown = refused.code == "invalid_client"
    challenge = {"WWW-Authenticate": 'Basic realm="hipcare"'} if unknown else {}
    return HttpResponse(
        dumps(body.model_dump()),
        content_type=MEDIA_TYPE,
        status=401 if unknown else 400,
        headers=_NOT_KEPT | challenge,
    )
