"""CORS: off unless origins are named, and then for these alone."""

from typing import Any

import pytest
from django.test import Client as HttpClient

ORIGIN = "https://app.example.org"
PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}


@pytest.fixture
def allowed(settings: Any) -> None:
    """One origin is allowed, as the settings would have it."""
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    first, *others = settings.MIDDLEWARE
    settings.MIDDLEWARE = [first, "corsheaders.middleware.CorsMiddleware", *others]


def _cors(response: Any) -> list[str]:
    return [name for name in response.headers if name.lower().startswith("access-control")]


@pytest.mark.django_db
def test_it_is_off_by_default(anyone: HttpClient) -> None:
    assert _cors(anyone.get("/healthz", headers={"origin": ORIGIN})) == []
    assert _cors(anyone.options("/api/v1/assessments", headers={"origin": ORIGIN, **PREFLIGHT})) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("allowed")
def test_an_origin_that_is_listed_may_ask(anyone: HttpClient) -> None:
    preflight = anyone.options("/api/v1/assessments", headers={"origin": ORIGIN, **PREFLIGHT})
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert {"authorization", "idempotency-key"} <= {*preflight.headers["Access-Control-Allow-Headers"].split(", ")}
    refused = anyone.get("/api/v1/assessments", headers={"origin": ORIGIN})
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (401, ORIGIN)
    assert "RateLimit" in refused.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in refused.headers


@pytest.mark.django_db
@pytest.mark.usefixtures("allowed")
def test_another_origin_and_the_admin_are_left_out(anyone: HttpClient) -> None:
    for path, origin in (("/healthz", "https://evil.example.org"), ("/healthz", "null"), ("/admin/login/", ORIGIN)):
        assert "Access-Control-Allow-Origin" not in anyone.get(path, headers={"origin": origin}).headers
