"""Deny by default: who gets in, and that nobody else does."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as HttpClient
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from rest_framework.permissions import AllowAny

from partners import callers, selectors
from partners.actions import clients, organisations, tokens
from partners.api.authentication import BearerAuthentication
from partners.api.permissions import HasRequiredScopes, required_scopes
from partners.models import AccessToken, Client, Scope
from tests.api.conftest import HandClock
from tests.api.test_problems import assert_problem

# Every path that is answered without a token. A new one is a decision, taken here.
PUBLIC = {
    *("", "healthz", "readyz", "metrics", "problems/<slug:slug>", "api/v1/schema", "api/v1/docs", "oauth/token"),
    *(f".well-known/{name}" for name in ("jwks.json", "oauth-authorization-server", "smart-configuration")),
}
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
def test_a_known_caller_costs_at_most_one_query_a_second(
    clock: HandClock, api: HttpClient, django_assert_num_queries: Any
) -> None:
    api.get("/api/v1/trial")  # reads the key, notes its first use
    with django_assert_num_queries(0):
        for _ in range(20):
            api.get("/api/v1/trial")
    clock.shift(1)
    with django_assert_num_queries(1):
        for _ in range(20):
            api.get("/api/v1/trial")


@trial_urls
def test_the_last_use_is_noted_once_a_minute(clock: HandClock, api: HttpClient) -> None:
    noted = []
    for _ in range(4):
        api.get("/api/v1/trial")
        noted.append(selectors.tokens().get().last_used_at)
        clock.shift(31)
    second = clock.noon + timedelta(seconds=62)
    assert noted == [clock.noon, clock.noon, second, second]


_ELSEWHERE = {
    "a revoked key": "UPDATE partners_accesstoken SET revoked_at = created_at",
    "a client switched off": "UPDATE partners_client SET active = false",
    "an organisation switched off": "UPDATE partners_organisation SET active = false",
    "an expired key": "UPDATE partners_accesstoken SET expires_at = created_at + interval '1 microsecond'",
}


@trial_urls
@pytest.mark.parametrize("change", _ELSEWHERE.values(), ids=_ELSEWHERE)
def test_a_change_by_another_process_holds_after_a_second_at_the_latest(
    clock: HandClock, api: HttpClient, change: str
) -> None:
    assert api.get("/api/v1/trial").status_code == 200
    with connection.cursor() as cursor:  # nothing in this process is told
        cursor.execute(change)
    clock.shift(callers.FRESH_FOR_SECONDS)
    assert api.get("/api/v1/trial").status_code == 401
    assert callers.FRESH_FOR_SECONDS <= 1
