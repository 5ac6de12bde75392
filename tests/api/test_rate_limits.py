"""Rate limits, over HTTP, with a clock that is moved by hand."""

from typing import Any

import pytest
from django.test import Client as HttpClient

from partners.actions import clients, organisations, tokens
from partners.models import Client
from tests.api.conftest import HandClock
from tests.api.test_problems import assert_problem

pytestmark = pytest.mark.urls("tests.api.trial_urls")


@pytest.fixture(autouse=True)
def _limits(settings: Any) -> None:
    settings.HIPCARE_RATE_LIMITS = {"read": "3/minute", "write": "2/hour"}


def read(http: HttpClient) -> Any:
    return http.get("/api/v1/trial")


def write(http: HttpClient) -> Any:
    return http.post("/api/v1/trial", {}, content_type="application/json")


def test_requests_are_counted_down_then_refused_then_let_in(api: HttpClient, clock: HandClock) -> None:
    for remaining in (2, 1, 0):
        response = read(api)
        assert response.status_code == 200
        assert response.headers["RateLimit-Policy"] == '"read";q=3;w=60'
        assert response.headers["RateLimit"] == f'"read";r={remaining};t=60'
    clock.shift(20.5)
    refused = read(api)
    assert_problem(refused, 429, "too-many-requests")
    assert refused.headers["Retry-After"] == "40"
    assert refused.headers["RateLimit"] == '"read";r=0;t=40'
    clock.shift(40)
    assert read(api).status_code == 200


def test_reads_and_writes_are_counted_apart(api: HttpClient, clock: HandClock) -> None:
    for _ in range(2):
        assert write(api).status_code == 422
    assert_problem(write(api), 429, "too-many-requests")
    assert write(api).headers["RateLimit-Policy"] == '"write";q=2;w=3600'
    assert read(api).status_code == 200


def test_clients_are_counted_apart_and_their_tokens_together(
    api: HttpClient, partner: Client, clock: HandClock
) -> None:
    second = HttpClient(headers={"authorization": f"Bearer {tokens.issue(client=partner, by='test')[1]}"})
    other = organisations.create(name="Other", by="test")
    stranger = clients.create(organisation=other, name="Intake", scopes=["assessments:read"], by="test")
    third = HttpClient(headers={"authorization": f"Bearer {tokens.issue(client=stranger, by='test')[1]}"})
    for http in (api, api, second):
        assert read(http).status_code == 200
    assert read(second).status_code == 429
    assert read(third).status_code == 200


def test_a_client_may_have_its_own_limit(api: HttpClient, partner: Client, clock: HandClock) -> None:
    clients.set_limits(client=partner, read="1/day", write="none", by="test")
    assert read(api).headers["RateLimit-Policy"] == '"read";q=1;w=86400'
    assert read(api).headers["Retry-After"] == "86400"
    for _ in range(5):
        response = write(api)
        assert response.status_code == 422
        assert "RateLimit" not in response.headers


def test_without_a_limit_there_are_no_headers(api: HttpClient, settings: Any) -> None:
    settings.HIPCARE_RATE_LIMITS = {"read": "none", "write": "none"}
    assert not {"RateLimit", "RateLimit-Policy"} & {*read(api).headers}


@pytest.mark.parametrize("path", ["/healthz", "/", "/api/v1/schema", "/.well-known/smart-configuration"])
def test_what_anybody_may_read_is_not_counted(api: HttpClient, path: str) -> None:
    for _ in range(5):
        response = api.get(path)
        assert response.status_code == 200
        assert "RateLimit" not in response.headers


def test_a_refused_request_changes_nothing(api: HttpClient, anyone: HttpClient) -> None:
    for _ in range(5):
        assert anyone.get("/api/v1/trial").status_code == 401
    assert read(api).headers["RateLimit"].startswith('"read";r=2')
