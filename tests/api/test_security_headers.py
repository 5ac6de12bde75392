"""What browsers and caches are told with every answer."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client as HttpClient

from hipcare import headers
from tests.api.fuzz.test_bodies import CASE

JSON = "application/json"
ID = "01a20598-0000-7000-8000-000000000000"
PAGES_AND_PICTURES = ("trajectory", "trajectory.svg", "programme/page", "programme/calendar")


@pytest.fixture
def staff(db: None) -> HttpClient:
    """Somebody who may do everything in the admin."""
    client = HttpClient()
    client.force_login(get_user_model().objects.create_superuser("staff"))
    return client


def assert_guarded(response: Any, policy: str) -> None:
    for name, value in headers.ON_EVERY_ANSWER.items():
        if name != "Cache-Control":
            assert response.headers[name] == value, name
    assert response.headers["Content-Security-Policy"] == policy
    assert "Server" not in response.headers
    assert "X-Powered-By" not in response.headers


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/healthz", "/none", "/api/v1/schema", "/api/v1/assessments", "/metrics"])
def test_data_is_guarded_against_being_shown_and_kept(anyone: HttpClient, path: str) -> None:
    response = anyone.get(path)
    assert_guarded(response, headers.DATA)
    assert response.headers["Cache-Control"] == "no-store"


def test_refusals_of_the_outermost_layer_are_guarded_too(anyone: HttpClient) -> None:
    assert_guarded(anyone.get("/", headers={"host": "elsewhere.example"}), headers.DATA)
    assert_guarded(anyone.get("/a%00"), headers.DATA)


def test_nothing_about_a_patient_is_kept_on_the_way(api: HttpClient) -> None:
    made = api.post("/api/v1/assessments", {**CASE, "options": {}}, content_type=JSON)
    path = f"/api/v1/assessments/{made.json()['id']}"
    answers = [made, api.get(path), api.get("/api/v1/assessments"), api.get(f"{path}/follow-ups")]
    answers += [api.get(f"{path}/{part}") for part in ("trajectory", "trajectory.svg", "outcome", "programme")]
    answers += [api.get(f"{path}/programme/page"), api.get(f"{path}/programme/calendar?start=2026-05-04")]
    answers += [api.post(f"{path}/replay"), api.post("/api/v1/interview/next", CASE, content_type=JSON)]
    for response in answers:
        assert "no-store" in response.headers["Cache-Control"], response.request["PATH_INFO"]
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_catalogue_is_kept_by_the_caller_alone(api: HttpClient) -> None:
    response = api.get("/api/v1/findings")
    assert_guarded(response, headers.DATA)
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_the_docs_page_runs_scripts_of_this_server_alone(anyone: HttpClient) -> None:
    response = anyone.get("/api/v1/docs")
    assert_guarded(response, headers.DOCS)
    page = response.content.decode()
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
    assert scripts
    assert all("src=" in tag and not text.strip() for tag, text in scripts)
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert loaded
    assert all(re.match(r"/(?!/)", address) for address in loaded)


def test_pages_of_staff_run_scripts_of_this_server_alone_and_are_not_kept(staff: HttpClient, api: HttpClient) -> None:
    made = api.post("/api/v1/assessments", {**CASE, "options": {}}, content_type=JSON).json()
    for path in ("", "triage/assessment/", f"triage/assessment/{made['id']}/change/", "partners/client/add/"):
        response = staff.get(f"/admin/{path}")
        assert response.status_code == 200, path
        assert_guarded(response, headers.ADMIN)
        assert "no-store" in response.headers["Cache-Control"]
        page = response.content.decode()
        inline = [tag for tag, text in re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL) if text.strip()]
        assert all('type="application/json"' in tag for tag in inline), inline
        assert not re.search(r"<[^>]+\son\w+=|<style|<[^>]+\sstyle=", page), path


@pytest.mark.django_db
def test_cookies_are_of_the_pages_of_staff_and_end_with_the_day(staff: HttpClient, settings: Any) -> None:
    cookie = HttpClient().get("/admin/login/").cookies["csrftoken"]
    assert cookie["path"] == "/admin"
    assert settings.SESSION_COOKIE_PATH == "/admin"
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
    assert settings.SESSION_COOKIE_AGE <= 12 * 3600


@pytest.mark.parametrize("path", ["docs", "schema", *(f"assessments/{ID}/{part}" for part in PAGES_AND_PICTURES)])
def test_options_are_told_as_json_everywhere(api: HttpClient, path: str) -> None:
    response = api.options(f"/api/v1/{path}")
    assert (response.status_code, response.headers["Content-Type"]) == (200, JSON)
    assert "GET" in response.json()["methods"]


@pytest.mark.parametrize("path", ["findings?release=%00", "releases/a/diff/b", "findings?release=a%00b&page_size=1"])
def test_a_release_that_cannot_be_is_refused(api: HttpClient, path: str) -> None:
    assert api.get(f"/api/v1/{path}").status_code in (400, 404)
