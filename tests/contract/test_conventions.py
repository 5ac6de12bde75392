"""What every operation has in common, tried with every operation that the OpenAPI document lists."""

from typing import Any

import pytest

from hipcare.api.pagination import MAX_PAGE_SIZE
from tests.contract.document import Operation, operations
from tests.contract.world import JSON, World

pytestmark = pytest.mark.django_db
LISTS = [operation for operation in operations() if "page_size" in operation.parameters]
CONDITIONAL = [operation for operation in operations() if "If-None-Match" in operation.parameters]
STORING = [operation for operation in operations() if "Idempotency-Key" in operation.parameters]
COUNTED = [operation for operation in operations() if operation.scopes]


def named(chosen: list[Operation]) -> Any:
    return pytest.mark.parametrize("operation", chosen, ids=lambda operation: operation.name)


def refused(response: Any) -> list[tuple[str, str]]:
    """Parameter and code of each entry of the refusal of a query."""
    problem = response.json()
    assert (response.status_code, problem["type"]) == (400, "/problems/invalid-parameters")
    assert all(entry["pointer"] == f"/{entry['parameter']}" for entry in problem["errors"])
    return [(entry["parameter"], entry["code"]) for entry in problem["errors"]]


def test_there_are_operations_of_every_kind() -> None:
    assert [len(LISTS) > 10, len(CONDITIONAL) > 20, len(STORING), len(COUNTED) > 40] == [True, True, 4, True]


@named(CONDITIONAL)
def test_an_answer_that_the_caller_has_is_not_sent_again(operation: Operation) -> None:
    world = World()
    first = world.ask(operation)
    etag = first.headers["ETag"]
    assert etag.startswith('"')
    for known in (etag, f"W/{etag}", f'"another", {etag}', "*"):
        again = world.ask(operation, if_none_match=known)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag), known
    for header, value in (("if_none_match", '"another"'), ("if_match", etag), ("if_match", "*")):
        assert world.ask(operation, None, **{header: value}).content == first.content
    # What has no date of modification has none to compare with (RFC 9110, 13.1.4).
    assert world.ask(operation, if_unmodified_since="Mon, 01 Jan 2001 00:00:00 GMT").status_code == 200


@named([operation for operation in CONDITIONAL if "release" in operation.parameters])
def test_a_release_that_is_none_is_refused_whatever_the_caller_has(operation: Operation) -> None:
    world = World()
    for wrong in ("none", "", "%00"):
        path = f"{world.address(operation)}?release={wrong}"
        assert refused(world.ask(operation, path=path)) == [("release", "unknown_release")]
        assert refused(world.ask(operation, path=path, if_none_match="*")) == [("release", "unknown_release")]


@named(LISTS)
def test_a_list_is_as_long_as_asked_and_refuses_what_it_does_not_know(operation: Operation) -> None:
    world = World()
    path = world.address(operation)

    def ask(query: str) -> Any:
        return world.ask(operation, path=f"{path}?{query}")

    for size in (1, MAX_PAGE_SIZE):
        page = ask(f"page_size={size}").json()
        assert page.keys() >= {"next", "previous", "results"}
        assert len(page["results"]) <= size
    for wrong in (0, -1, MAX_PAGE_SIZE + 1, "all", ""):
        assert refused(ask(f"page_size={wrong}")) == [("page_size", "out_of_range")]
    assert refused(ask("cursor=made-up")) == [("cursor", "invalid")]
    assert sorted(refused(ask("page_siez=1&x=1"))) == [("page_siez", "unknown_parameter"), ("x", "unknown_parameter")]
    assert "Did you mean page_size?" in ask("page_siez=1").json()["errors"][0]["detail"]
    for wrong in ("secret", "", "id,secret"):
        assert refused(ask(f"ordering={wrong}")) == [("ordering", "unknown_field")]


@named(LISTS)
def test_an_empty_filter_is_refused_instead_of_passed_over(operation: Operation) -> None:
    world = World()
    path = world.address(operation)
    common = {"page_size", "cursor", "search", "ordering", "release"}
    for name, parameter in operation.parameters.items():
        if parameter["in"] == "query" and name not in common:
            assert refused(world.ask(operation, path=f"{path}?{name}=")) == [(name, "empty")]


@named(STORING)
def test_a_repeat_with_the_same_key_gets_the_same_bytes(operation: Operation) -> None:
    world = World()
    first, again = (world.ask(operation, idempotency_key="visit 1") for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first.headers["Location"] == again.headers["Location"]
    assert world.http.get(first.headers["Location"]).status_code == 200


@named(COUNTED)
def test_every_counted_answer_tells_where_the_caller_stands(operation: Operation, settings: Any) -> None:
    world = World()
    path = world.address(operation)
    settings.HIPCARE_RATE_LIMITS = {"read": "77/minute", "write": "77/minute"}
    kind = "write" if any(scope.endswith(":write") for scope in operation.scopes) else "read"
    response = world.ask(operation, path=path)
    assert response.status_code < 300
    assert response.headers["RateLimit-Policy"] == f'"{kind}";q=77;w=60'
    assert response.headers["RateLimit"].startswith(f'"{kind}";r=')


def test_every_path_tells_its_methods_in_json_whatever_it_answers_otherwise() -> None:
    world = World()
    methods: dict[str, set[str]] = {}
    for operation in operations():
        methods.setdefault(operation.path, {"HEAD", "OPTIONS"}).add(operation.method.upper())
    for operation in operations():
        response = world.ask(operation, method="OPTIONS", accept="image/svg+xml")
        assert (response.status_code, response.headers["Content-Type"]) == (200, JSON), operation.name
        told = methods[operation.path] - (set() if "GET" in methods[operation.path] else {"HEAD"})
        assert set(response.json()["methods"]) == told == set(response.headers["Allow"].split(", ")), operation.name


def test_every_good_request_is_answered_as_the_document_says_with_the_callers_request_id() -> None:
    world = World()
    for operation in operations():
        if operation.name == "create_token":
            continue  # its example names a client that does not exist; tests/api/test_token.py has one that does
        response = world.ask(operation, x_request_id="mine-1")
        promised = operation.described["responses"][str(response.status_code)]
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        assert response.status_code < 300, operation.name
        assert not promised.get("content") or media_type in promised["content"], operation.name
        assert response.headers["X-Request-Id"] == "mine-1"
