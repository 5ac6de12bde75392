"""The OpenAPI document as partners read it: current in the repository, and true to its own examples."""

from collections.abc import Iterator
from functools import cache
from io import StringIO
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from jsonschema import Draft202012Validator

from hipcare.environment import BASE_DIRECTORY

SNAPSHOT = BASE_DIRECTORY / "docs" / "openapi.yaml"
# Answers with the document itself, of which it holds no copy.
WITHOUT_EXAMPLE = {"get_schema"}


@cache
def written() -> str:
    """The document as `make schema` writes it."""
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    return out.getvalue()


@cache
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(written())
    return loaded


def operations() -> Iterator[dict[str, Any]]:
    for path in document()["paths"].values():
        yield from path.values()


def bodies() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body of every operation and of every shared response, with a name for messages."""
    for operation in operations():
        name = operation["operationId"]
        yield from _contents(f"{name} request", operation.get("requestBody", {}))
        for status, response in operation["responses"].items():
            yield from _contents(f"{name} {status}", response)
    for name, response in document()["components"]["responses"].items():
        yield from _contents(name, response)


def _contents(name: str, holder: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for media_type, content in holder.get("content", {}).items():
        if "json" in media_type and name.split(maxsplit=1)[0] not in WITHOUT_EXAMPLE:
            yield f"{name} {media_type}", content


def examples_of(content: dict[str, Any]) -> list[Any]:
    several = [example["value"] for example in content.get("examples", {}).values()]
    return [*several, content["example"]] if "example" in content else several


def test_the_snapshot_is_current() -> None:
    assert SNAPSHOT.read_text(encoding="utf-8") == written(), "run make schema"


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for operation in operations()]
    assert len(names) == len({*names}) > 20


def test_every_body_has_an_example() -> None:
    without = [name for name, content in bodies() if not examples_of(content)]
    assert without == []


def test_every_example_is_what_its_schema_says() -> None:
    for name, content in bodies():
        schema = {**content["schema"], "components": document()["components"]}
        for example in examples_of(content):
            errors = [
                f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(example)
            ]
            assert errors == [], name


@pytest.mark.parametrize("parameter", ["urgency", "cause", "red_flag", "reference", "setting", "created_after"])
def test_the_worklists_filters_are_documented(parameter: str) -> None:
    listing = document()["paths"]["/api/v1/assessments"]["get"]
    described = {each["name"]: each.get("description") for each in listing["parameters"]}
    assert described[parameter]


def test_everything_but_what_anybody_may_read_needs_a_token() -> None:
    public = {
        path for path, item in document()["paths"].items() for o in item.values() if not any(o.get("security", ()))
    }
    assert public == {
        *("/", "/api/v1/schema", "/healthz", "/readyz", "/problems/{slug}", "/oauth/token"),
        *(f"/.well-known/{name}" for name in ("jwks.json", "oauth-authorization-server", "smart-configuration")),
    }
