"""Request ids, the access log, and what the API is spared."""

import re
from typing import Any

import pytest
from django.test import Client as HttpClient

from hipcare import request_id


@pytest.fixture
def anyone() -> HttpClient:
    """An HTTP client without a token."""
    return HttpClient()


@pytest.mark.parametrize("given", ["a", "A-z_0.9", "x" * 128])
def test_a_harmless_request_id_is_kept(anyone: HttpClient, given: str) -> None:
    assert anyone.get("/healthz", headers={"x-request-id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "a\nb", "é", "<script>", "a;b", "a\n"])
@pytest.mark.parametrize("path", ["/healthz", "/none", "/static/none.css", "/admin"])
def test_any_other_request_id_is_replaced(anyone: HttpClient, path: str, given: str) -> None:
    made = anyone.get(path, headers={"x-request-id": given}).headers["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", made)


def test_no_id_is_left_behind(anyone: HttpClient) -> None:
    anyone.get("/healthz")
    assert request_id.current.get() == ""


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/healthz?reference=secret", ("GET", "healthz", 200)),
        ("GET", "/secret", ("GET", "none", 404)),
        ("SECRET", "/healthz", ("OTHER", "healthz", 405)),
        ("GET", "/problems/secret", ("GET", "problem-type", 404)),
    ],
)
def test_the_access_line_names_the_route_and_never_the_path(
    anyone: HttpClient, caplog: pytest.LogCaptureFixture, method: str, path: str, expected: tuple[str, str, int]
) -> None:
    anyone.generic(method, path)
    (line,) = [record for record in caplog.records if record.name == "hipcare.access"]
    assert (line.method, line.route, line.status_code) == expected  # type: ignore[attr-defined]
    assert line.duration_ms >= 0  # type: ignore[attr-defined]
    assert not any("secret" in str(vars(record)).lower() for record in [line])
    assert "secret" not in caplog.text.lower()


@pytest.mark.django_db
def test_the_admin_has_sessions_and_csrf_tokens(anyone: HttpClient) -> None:
    assert anyone.get("/admin").headers["Location"] == "/admin/"
    page = anyone.get("/admin/login/")
    assert page.status_code == 200
    assert "csrftoken" in page.cookies
    strict = HttpClient(enforce_csrf_checks=True)
    assert strict.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 403


def test_the_rest_sets_no_cookie_and_reads_none(anyone: HttpClient) -> None:
    response = anyone.get("/api/v1/docs")
    assert not response.cookies
    assert not hasattr(response.wsgi_request, "session")


def test_every_answer_is_guarded(anyone: HttpClient) -> None:
    for path in ("/", "/none", "/admin/login/x", "/api/v1/schema"):
        headers = anyone.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["X-Frame-Options"] == "DENY", path
        assert "Content-Length" in headers, path


def test_the_middleware_of_the_admin_passes_djangos_checks(settings: Any) -> None:
    from django.contrib.admin.checks import check_dependencies

    assert check_dependencies() == []
    assert settings.MIDDLEWARE[0] == "hipcare.middleware.Answering"
