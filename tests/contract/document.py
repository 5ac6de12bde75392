"""The OpenAPI document in the repository, by operation and by the errors that each promises."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from hipcare.environment import BASE_DIRECTORY

PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Operation:
    """A method of a path, and what the document says of it."""

    path: str
    method: str
    described: dict[str, Any]

    @property
    def name(self) -> str:
        """Its id."""
        return str(self.described["operationId"])

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        """Its parameters by name."""
        return {parameter["name"]: parameter for parameter in self.described.get("parameters", ())}

    @property
    def scopes(self) -> set[str]:
        """What a token must allow; nothing where none is needed."""
        return {
            scope for scheme in self.described.get("security", ()) for scopes in scheme.values() for scope in scopes
        }

    def example(self) -> tuple[str, Any]:
        """Media type and value of the first example of its body."""
        (media_type, content), *_ = self.described["requestBody"]["content"].items()
        return media_type, next(iter(content["examples"].values()))["value"]

    def errors(self) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Status, media type and example of every error that the document promises."""
        for status, response in self.described["responses"].items():
            for media_type, content in _resolved(response).get("content", {}).items():
                if int(status) >= 400:
                    yield from ((int(status), media_type, example["value"]) for example in content["examples"].values())

    def problems(self) -> dict[str, dict[str, Any]]:
        """The example of each problem that the document promises, by slug."""
        return {_slug(example): example for _, media_type, example in self.errors() if media_type == PROBLEM}


def _slug(problem: dict[str, Any]) -> str:
    return str(problem["type"]).removeprefix("/problems/")


def _resolved(response: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in response:
        return response
    shared: dict[str, Any] = document()["components"]["responses"][response["$ref"].rpartition("/")[2]]
    return shared


@cache
def document() -> dict[str, Any]:
    """The document."""
    text = (BASE_DIRECTORY / "docs" / "openapi.yaml").read_bytes()
    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return loaded


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation; what deletes comes last."""
    found = (
        Operation(path, m, described) for path, item in document()["paths"].items() for m, described in item.items()
    )
    return tuple(sorted(found, key=lambda operation: (operation.method == "delete", operation.path, operation.method)))
