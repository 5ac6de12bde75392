"""One shape for every error."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client as HttpClient

from tests.api.trial_urls import RAISED, SECRET

pytestmark = pytest.mark.urls("tests.api.trial_urls")


def assert_problem(response: Any, status: int, slug: str) -> dict[str, Any]:
    """The answer is a problem document and nothing else."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Content-Length"] == str(len(response.content))
    problem: dict[str, Any] = json.loads(response.content)
    assert problem.keys() - {"errors"} == {"type", "title", "status", "detail", "instance"}
    assert (problem["type"], problem["status"]) == (f"/problems/{slug}", status)
    assert problem["instance"] == response.headers["X-Request-Id"]
    assert problem["title"]
    assert problem["detail"]
    assert SECRET not in response.content.decode()
    return problem


ANSWERS = {
    "bug": (500, "server-error"),
    "operational": (503, "database-unavailable"),
    "interface": (503, "database-unavailable"),
    "pool": (503, "database-unavailable"),
    "suspicious": (400, "bad-request"),
    "bad-request": (400, "bad-request"),
    "denied": (403, "forbidden"),
    "throttled": (429, "too-many-requests"),
    "conflict": (409, "conflict"),
    "invalid": (422, "invalid-input"),
    "parse": (400, "malformed-body"),
}


@pytest.mark.parametrize("name", RAISED)
@pytest.mark.parametrize("door", ["/api/v1/raise/", "/plain/"])
def test_whatever_a_view_raises_is_a_problem(
    anyone: HttpClient, caplog: pytest.LogCaptureFixture, door: str, name: str
) -> None:
    assert_problem(anyone.get(door + name, headers={"accept": "application/json"}), *ANSWERS[name])
    assert all(SECRET not in record.getMessage() for record in caplog.records)


def test_a_fault_is_logged_with_its_place(anyone: HttpClient, caplog: pytest.LogCaptureFixture) -> None:
    anyone.get("/api/v1/raise/bug")
    (record,) = [record for record in caplog.records if record.name == "hipcare.problem"]
    assert record.levelname == "ERROR"
    assert record.exc_info
    assert record.exc_info[0] is ValueError


def test_waiting_times_are_in_the_header(anyone: HttpClient) -> None:
    assert anyone.get("/api/v1/raise/throttled").headers["Retry-After"] == "4"
    assert int(anyone.get("/api/v1/raise/operational").headers["Retry-After"]) > 0


def test_pointers_are_given_as_raised(anyone: HttpClient) -> None:
    problem = assert_problem(anyone.get("/api/v1/raise/invalid"), 422, "invalid-input")
    assert problem["errors"] == [{"pointer": "/a~1b/0", "code": "wrong", "detail": "Wrong."}]


@pytest.mark.parametrize("accept", ["text/html", "text/html,*/*;q=0.1", "application/json", "nonsense", ""])
@pytest.mark.parametrize(
    "path", ["/api/v1/none", "/api/v1/schema/", "/api/", "/none", "/api/v1/trial%00", "/problems/none"]
)
def test_an_unknown_path_is_a_problem_whatever_is_accepted(anyone: HttpClient, path: str, accept: str) -> None:
    response = anyone.get(path, headers={"accept": accept})
    if path == "/problems/none" and accept in ("text/html", "nonsense"):
        assert_problem(response, 406, "not-acceptable")
    else:
        assert_problem(response, 404, "not-found")


def test_a_foreign_host_is_a_problem(anyone: HttpClient) -> None:
    assert_problem(anyone.get("/", headers={"host": "elsewhere.example"}), 400, "bad-request")


def test_an_unknown_method_is_a_problem(anyone: HttpClient, api: HttpClient) -> None:
    for client, path, allowed in (
        (anyone, "/", "GET, HEAD, OPTIONS"),
        (api, "/api/v1/trial", "GET, POST, HEAD, OPTIONS"),
    ):
        response = client.generic("BREW", path)
        assert_problem(response, 405, "method-not-allowed")
        assert response.headers["Allow"] == allowed
    assert_problem(api.delete("/api/v1/trial"), 405, "method-not-allowed")


def test_options_tells_the_methods(api: HttpClient) -> None:
    response = api.options("/api/v1/trial")
    assert response.json() == {"methods": ["GET", "POST", "HEAD", "OPTIONS"]}


def test_only_json_is_produced(api: HttpClient) -> None:
    assert_problem(api.get("/api/v1/trial", headers={"accept": "text/html"}), 406, "not-acceptable")
    for accept in ("application/json", "*/*", "text/html, */*;q=0.8", "application/json;q=0.5, text/plain"):
        response = api.get("/api/v1/trial", headers={"accept": accept})
        assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize(
    ("content_type", "accepted"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ("application/json; charset=UTF-8", True),
        ("application/json; charset=latin-1", False),
        ("text/plain", False),
        ("application/x-www-form-urlencoded", False),
        ("multipart/form-data; boundary=x", False),
        ("application/xml", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/trial", "/api/v1/serializer"])
def test_only_json_is_read(api: HttpClient, path: str, content_type: str, accepted: bool) -> None:
    body = b'{"patient": {"value": 3}}' if path == "/api/v1/trial" else b'{"name": "a", "items": []}'
    response = api.generic("POST", path, body, content_type=content_type)
    if accepted:
        assert response.status_code < 300
    else:
        assert_problem(response, 415, "unsupported-media-type")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e999}',
        b'{"a": "\xff\xfe"}',
        b'{"a": "\\ud800"}',
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/trial", "/api/v1/serializer"])
def test_a_body_that_is_not_json_is_a_problem(api: HttpClient, path: str, body: bytes) -> None:
    assert_problem(api.generic("POST", path, body, content_type="application/json"), 400, "malformed-body")


def test_an_empty_body_is_a_problem(api: HttpClient) -> None:
    assert_problem(api.generic("POST", "/api/v1/trial", b"", content_type="application/json"), 400, "malformed-body")
    assert_problem(api.generic("POST", "/api/v1/trial", b"", CONTENT_TYPE="application/json"), 400, "malformed-body")


def test_a_nul_character_is_a_problem_with_its_place(api: HttpClient) -> None:
    body = rb'{"patient": {"value": 3}, "ids": ["a", "b\u0000"], "note": "\\u0000"}'
    problem = assert_problem(
        api.generic("POST", "/api/v1/trial", body, content_type="application/json"), 422, "invalid-input"
    )
    assert [error["pointer"] for error in problem["errors"]] == ["/ids/1"]


@pytest.mark.parametrize("path", ["/api/v1/trial", "/api/v1/serializer"])
def test_a_body_over_the_limit_is_a_problem(api: HttpClient, path: str) -> None:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert_problem(
        api.generic("POST", path, b" " * (limit + 1), content_type="application/json"), 413, "body-too-large"
    )
    assert_problem(api.generic("POST", path, b" " * limit, content_type="application/json"), 400, "malformed-body")


def test_every_problem_of_a_body_is_reported_at_once(api: HttpClient) -> None:
    body = {"patient": {"value": -1, "unit": SECRET}, "ids": ["a", 7], "state": SECRET, "more": SECRET}
    problem = assert_problem(api.post("/api/v1/trial", body, content_type="application/json"), 422, "invalid-input")
    assert {(error["pointer"], error["code"]) for error in problem["errors"]} == {
        ("/patient/value", "greater_than_equal"),
        ("/patient/unit", "literal_error"),
        ("/ids/1", "string_type"),
        ("/state", "literal_error"),
        ("/more", "extra_forbidden"),
    }


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"null", b"7"])
def test_a_body_that_is_no_object_is_a_problem(api: HttpClient, body: bytes) -> None:
    problem = assert_problem(
        api.generic("POST", "/api/v1/trial", body, content_type="application/json"), 422, "invalid-input"
    )
    assert [error["pointer"] for error in problem["errors"]] == [""]


def test_serializer_errors_have_pointers(anyone: HttpClient) -> None:
    body = {"name": "long", "items": [1, "x", 2, "y"]}
    problem = assert_problem(
        anyone.post("/api/v1/serializer", body, content_type="application/json"), 422, "invalid-input"
    )
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [
        ("/name", "max_length"),
        ("/items/1", "invalid"),
        ("/items/3", "invalid"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("page_size", "0"),
        ("page_size", "201"),
        ("page_size", "-1"),
        ("page_size", "ten"),
        ("page_size", "٣"),
        ("page_size", "9" * 5000),
        ("cursor", "nonsense"),
        ("cursor", "cD0y"),
        ("cursor", ""),
        ("ordering", "secret_hash"),
        ("ordering", "name,-created_at"),
        ("id", "nonsense"),
    ],
)
def test_a_bad_parameter_is_named(anyone: HttpClient, parameter: str, value: str) -> None:
    response = anyone.get("/api/v1/organisations", {parameter: value})
    (error,) = assert_problem(response, 400, "invalid-parameters")["errors"]
    assert (error["parameter"], error["pointer"]) == (parameter, f"/{parameter}")


@pytest.mark.django_db
def test_a_nul_character_in_the_search_is_a_problem(anyone: HttpClient) -> None:
    assert anyone.get("/api/v1/organisations", {"search": "a\x00"}).status_code == 400


def test_a_database_that_is_away_is_a_problem_also_during_authentication(
    api: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError(SECRET)

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        assert_problem(api.get("/api/v1/trial"), 503, "database-unavailable")


class FailingMiddleware:
    """A layer that cannot reach the database."""

    def __init__(self, get_response: object) -> None:
        pass

    def __call__(self, request: HttpRequest) -> HttpResponse:
        raise OperationalError(SECRET)


def test_a_database_that_is_away_is_a_problem_also_in_middleware(settings: Any) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.api.test_problems.FailingMiddleware"]
    client = HttpClient(raise_request_exception=False)
    assert_problem(client.get("/api/v1/trial"), 503, "database-unavailable")


def test_each_type_is_explained(anyone: HttpClient) -> None:
    for name in RAISED:
        kind = json.loads(anyone.get(f"/plain/{name}").content)["type"]
        explained = anyone.get(kind).json()
        assert explained["type"] == kind
        assert explained["explanation"]
