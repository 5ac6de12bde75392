"""Liveness, readiness and the landing page."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client as HttpClient

from hipcare.api import health
from hipcare.api.health import Readiness


def not_ready() -> Readiness:
    """A check that fails."""
    return Readiness(False, "nothing is published")


def broken() -> Readiness:
    """A check that meets a dead database."""
    raise OperationalError("host db.internal refused")


def never() -> Readiness:
    """A check after a failed one."""
    raise AssertionError


def test_liveness_does_not_need_the_database(anyone: HttpClient) -> None:
    response = anyone.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_health_is_answered_under_any_host_name(anyone: HttpClient) -> None:
    assert anyone.get("/healthz", headers={"host": "10.1.2.3:8000"}).status_code == 200


@pytest.mark.django_db
def test_ready_with_database_and_migrations(anyone: HttpClient, settings: Any) -> None:
    settings.HIPCARE_READINESS_CHECKS = ["hipcare.api.health.database", "hipcare.api.health.migrations"]
    response = anyone.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "checks": {"database": {"ok": True, "detail": "answers"}, "migrations": {"ok": True, "detail": "applied"}},
    }


@pytest.mark.django_db
def test_a_missing_migration_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    more = health._migrations_of_the_code() | {("partners", "9999_not_applied")}
    monkeypatch.setattr(health, "_migrations_of_the_code", lambda: more)
    assert health.migrations() == Readiness(False, "1 to apply")


@pytest.mark.parametrize(
    ("check", "detail"), [("not_ready", "nothing is published"), ("broken", "the database does not answer")]
)
def test_not_ready_stops_at_the_first_failure(anyone: HttpClient, settings: Any, check: str, detail: str) -> None:
    settings.HIPCARE_READINESS_CHECKS = [f"tests.api.test_health.{name}" for name in (check, "never")]
    response = anyone.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "not_ready", "checks": {check: {"ok": False, "detail": detail}}}


def test_the_landing_page_leads_on(anyone: HttpClient) -> None:
    landing = anyone.get("/").json()
    for name in ("docs", "openapi", "liveness"):
        assert anyone.get(landing[name]).status_code == 200, name


def test_nothing_but_readiness_asks_the_database(anyone: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "cursor", never)
    for path in ("/", "/healthz", "/api/v1/schema", "/api/v1/docs", "/problems/not-found"):
        assert anyone.get(path).status_code == 200, path
