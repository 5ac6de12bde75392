"""What the catalogue answers is what the OpenAPI document promises, every member that it calls required included."""

from typing import Any

import pytest
import yaml
from django.test import Client as HttpClient
from jsonschema import Draft202012Validator

from hipcare.environment import BASE_DIRECTORY

DOCUMENT: dict[str, Any] = yaml.safe_load((BASE_DIRECTORY / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
LISTS = [path for path, item in DOCUMENT["paths"].items() if item.get("get", {}).get("tags") == ["catalogue"]]
LISTS = [path for path in LISTS if "{" not in path]
ONE_OF = {path.rpartition("/")[0]: path for path in DOCUMENT["paths"] if path.endswith(("/{id}", "/{version}"))}


def misfits(path: str, answer: Any) -> list[str]:
    """Where an answer is not what its schema says."""
    schema = DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    validator = Draft202012Validator({**schema, "components": DOCUMENT["components"]})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(answer)]


@pytest.mark.django_db
@pytest.mark.parametrize("path", LISTS)
def test_the_catalogue_answers_what_its_schema_says(api: HttpClient, path: str) -> None:
    listed = api.get(path, {"page_size": 40}).json()
    assert misfits(path, listed) == []
    key = "version" if path.endswith("/releases") else "id"
    for row in listed["results"][:5]:
        assert misfits(ONE_OF[path], api.get(f"{path}/{row[key]}").json()) == []
