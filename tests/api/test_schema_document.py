"""The OpenAPI document: what every operation has in common, and pydantic bodies."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client as HttpClient

from hipcare.errors import problem_types


def _document(http: HttpClient) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(http.get("/api/v1/schema?format=json").content)
    return document


def _operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{m} {path}", operation) for path, item in document["paths"].items() for m, operation in item.items()]


@pytest.mark.parametrize(
    ("query", "accept", "content_type"),
    [
        ("", "*/*", "application/json"),
        ("", "application/json", "application/json"),
        ("", "application/yaml", "application/yaml"),
        ("?format=yaml", "*/*", "application/yaml"),
        ("", "application/vnd.oai.openapi", "application/vnd.oai.openapi"),
    ],
)
def test_json_and_yaml(anyone: HttpClient, query: str, accept: str, content_type: str) -> None:
    response = anyone.get(f"/api/v1/schema{query}", headers={"accept": accept})
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith(content_type)


def test_the_document_is_openapi_3_1_and_valid() -> None:
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, format="openapi-json", stdout=out)
    assert json.loads(out.getvalue())["openapi"].startswith("3.1.")


def test_a_document_with_pydantic_bodies_is_valid() -> None:
    call_command("spectacular", urlconf="tests.api.trial_urls", validate=True, fail_on_warn=True, stdout=StringIO())


@pytest.mark.urls("tests.api.trial_urls")
def test_pydantic_bodies_are_described_by_direction(anyone: HttpClient) -> None:
    schemas = _document(anyone)["components"]["schemas"]
    assert schemas["Trial"]["required"] == ["patient"]
    assert schemas["Trial"]["additionalProperties"] is False
    assert schemas["TrialAnswer"]["required"] == ["state", "received"]


@pytest.mark.urls("tests.api.trial_urls")
def test_problems_fit_the_operation(anyone: HttpClient) -> None:
    operations = dict(_operations(_document(anyone)))
    everywhere = {"400", "405", "406", "500"}
    assert operations["get /"]["responses"].keys() == everywhere | {"200"}
    assert operations["post /api/v1/trial"]["responses"].keys() == everywhere | {
        *("201", "401", "403", "413", "415", "422", "429", "503")
    }
    assert operations["get /api/v1/organisations"]["responses"].keys() == everywhere | {"200"}
    assert "404" in operations["get /problems/{slug}"]["responses"]
    assert operations["post /api/v1/trial"]["security"] == [{"bearer": ["assessments:write"]}]


@pytest.mark.urls("tests.api.trial_urls")
def test_every_problem_has_an_example_that_is_a_problem(anyone: HttpClient) -> None:
    responses = _document(anyone)["components"]["responses"]
    assert len(responses) >= 12
    for response in responses.values():
        for example in response["content"]["application/problem+json"]["examples"].values():
            told = example["value"]
            assert problem_types()[told["type"].removeprefix("/problems/")].status == told["status"]


def test_every_answer_carries_the_request_id(anyone: HttpClient) -> None:
    for name, operation in _operations(_document(anyone)):
        for status, answer in operation["responses"].items():
            assert "$ref" in answer or "X-Request-Id" in answer["headers"], f"{name} {status}"


def test_every_operation_has_a_summary_and_an_example(anyone: HttpClient) -> None:
    for name, operation in _operations(_document(anyone)):
        if operation["operationId"] == "get_schema":
            continue
        assert operation["summary"], name
        for status, answer in operation["responses"].items():
            for body in answer.get("content", {}).values():
                assert body.get("examples"), f"{name} {status}"
        for body in operation.get("requestBody", {}).get("content", {}).values():
            assert body.get("examples"), name


def test_the_docs_page_names_no_other_host(anyone: HttpClient) -> None:
    for path in ("/api/v1/docs", "/api/v1/docs?script="):
        text = anyone.get(path, headers={"accept": "text/html"}).content.decode()
        assert "://" not in text.replace("http://testserver", ""), path


def test_the_schema_is_made_once(anyone: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Making it takes a second or more, and it needs no token."""
    first = anyone.get("/api/v1/schema").content

    def made_again(*args: Any, **options: Any) -> None:
        raise AssertionError

    monkeypatch.setattr("drf_spectacular.generators.SchemaGenerator.get_schema", made_again)
    assert anyone.get("/api/v1/schema").content == first
