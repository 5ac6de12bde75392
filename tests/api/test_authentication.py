"""Deny by default: who gets in, and that nobody else does."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as HttpClient
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from rest_framework.permissions import AllowAny

from partners import selectors
from partners.actions import clients, organisations, tokens
from partners.api.authentication import BearerAuthentication
from partners.api.permissions import HasRequiredScopes, required_scopes
from partners.models import AccessToken, Client, Scope
from tests.api.test_problems import assert_problem

# Every path that is answered without a token. A new one is a decision, taken here.
PUBLIC = {"", "healthz", "readyz", "problems/<slug:slug>", "api/v1/schema", "api/v1/docs"}
trial_urls = pytest.mark.urls("tests.api.trial_urls")


def _views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield path, pattern.callback
        elif path != "admin/":
            yield from _views(pattern, path)


def test_every_view_is_public_by_decision_or_needs_a_token_and_a_scope() -> None:
    public = set()
    for path, callback in _views(get_resolver()):
        view = getattr(callback, "cls", None) or callback.view_class
        if AllowAny in view.permission_classes:
            public.add(path)
            continue
        assert view.authentication_classes == [BearerAuthentication], path
        assert view.permission_classes == [HasRequiredScopes], path
        methods = [method.upper() for method in getattr(callback, "actions", None) or _methods(view)]
        assert methods, path
        for method in methods:
            assert required_scopes(view, method), f"{method} {path} requires no scope"
            assert required_scopes(view, method) <= set(Scope.values), path
    assert public == PUBLIC


def _methods(view: Any) -> list[str]:
    return [name for name in view.http_method_names if name != "options" and hasattr(view, name)]


@trial_urls
def test_a_token_opens_the_door(api: HttpClient, partner: Client) -> None:
    response = api.get("/api/v1/trial")
    assert response.status_code == 200
    assert response.json()["client"] == str(partner.id)


@trial_urls
@pytest.mark.django_db
@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer nonsense", "Basic YTpi", f"Bearer hipcare_{'0' * 12}_{'0' * 64}"]
)
def test_anything_but_a_token_is_401(anyone: HttpClient, header: str | None) -> None:
    response = anyone.get("/api/v1/trial", headers={} if header is None else {"authorization": header})
    assert_problem(response, 401, "not-authenticated")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="hipcare"'


def _revoked(token: AccessToken) -> None:
    tokens.revoke(token=token, by="test")


def _expired(token: AccessToken) -> None:
    past = timezone.now() - timedelta(days=2)
    AccessToken.objects.filter(pk=token.pk).update(created_at=past, expires_at=past + timedelta(days=1))


def _client_off(token: AccessToken) -> None:
    client = token.client
    clients.change(client=client, name=client.name, scopes=client.scopes, active=False, by="test")


def _organisation_off(token: AccessToken) -> None:
    organisation = token.client.organisation
    organisations.change(organisation=organisation, name=organisation.name, active=False, by="test")


@trial_urls
@pytest.mark.parametrize("spoil", [_revoked, _expired, _client_off, _organisation_off])
def test_every_refused_token_gets_the_same_answer(api: HttpClient, anyone: HttpClient, spoil: Any) -> None:
    spoil(selectors.tokens().get())
    given = {"x-request-id": "same"}
    refused, unknown = api.get("/api/v1/trial", headers=given), anyone.get("/api/v1/trial", headers=given)
    assert_problem(refused, 401, "not-authenticated")
    assert refused.content == unknown.content
    assert {*refused.headers.items()} == {*unknown.headers.items()}


@trial_urls
def test_a_changed_secret_is_refused(anyone: HttpClient, token: str) -> None:
    changed = token[:-1] + ("0" if token[-1] != "0" else "1")
    response = anyone.get("/api/v1/trial", headers={"authorization": f"Bearer {changed}"})
    assert_problem(response, 401, "not-authenticated")


@trial_urls
def test_a_scope_that_is_missing_is_403(api: HttpClient, partner: Client) -> None:
    clients.change(client=partner, name=partner.name, scopes=["assessments:read"], active=True, by="test")
    assert api.get("/api/v1/trial").status_code == 200
    assert api.head("/api/v1/trial").status_code == 200
    assert_problem(api.post("/api/v1/trial", {}, content_type="application/json"), 403, "forbidden")


@trial_urls
def test_a_view_that_names_no_scope_is_closed(api: HttpClient) -> None:
    assert_problem(api.get("/api/v1/undeclared"), 403, "forbidden")
    assert_problem(api.options("/api/v1/undeclared"), 403, "forbidden")


@trial_urls
def test_authentication_is_one_query(api: HttpClient, django_assert_num_queries: Any) -> None:
    api.get("/api/v1/trial")  # notes the first use
    with django_assert_num_queries(1):
        api.get("/api/v1/trial")


@trial_urls
def test_the_last_use_is_noted_once_an_hour(api: HttpClient) -> None:
    api.get("/api/v1/trial")
    first = selectors.tokens().get().last_used_at
    assert first is not None
    api.get("/api/v1/trial")
    assert selectors.tokens().get().last_used_at == first
    selectors.tokens().update(last_used_at=first - timedelta(hours=2))
    api.get("/api/v1/trial")
    noted = selectors.tokens().get().last_used_at
    assert noted is not None
    assert noted >= first
