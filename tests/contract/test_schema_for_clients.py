"""What the OpenAPI document must be for generated clients to be good: names, and types that promise what is there."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from hipcare.api.schema_names import VOCABULARIES
from tests.contract.test_schema_snapshot import document, operations

DATA = {"example", "examples", "default"}


def schemas() -> dict[str, Any]:
    found: dict[str, Any] = document()["components"]["schemas"]
    return found


def enumerations(node: Any) -> Iterator[frozenset[str]]:
    """The sets of values in a part of the document."""
    if isinstance(node, dict):
        if "enum" in node:
            yield frozenset(map(str, node["enum"]))
        for key, value in node.items():
            if key not in DATA:
                yield from enumerations(value)
    elif isinstance(node, list):
        for each in node:
            yield from enumerations(each)


def test_values_that_stand_in_several_places_have_a_name() -> None:
    places = defaultdict(set)
    for name, schema in schemas().items():
        for values in enumerations(schema):
            places[values].add(name)
    for operation in operations():
        for values in enumerations(operation):
            places[values].add(operation["operationId"])
    repeated = {tuple(sorted(values)): names for values, names in places.items() if len(names) > 1}
    assert repeated == {}, "give these a name in hipcare/api/schema_names.py"


def test_every_name_of_values_is_used() -> None:
    assert VOCABULARIES.keys() <= schemas().keys()


def test_no_component_is_but_another_name_of_one() -> None:
    assert [name for name, schema in schemas().items() if "$ref" in schema] == []


def test_what_is_for_everybody_asks_for_no_token() -> None:
    assert [o["operationId"] for o in operations() if not any(o["security"]) and o["security"]] == []


def test_what_was_made_says_where_it_is() -> None:
    made = [o["responses"]["201"]["headers"] for o in operations() if "201" in o["responses"]]
    assert made
    assert all("Location" in headers for headers in made)
