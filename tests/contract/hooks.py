"""What schemathesis cannot read from the document: which ids a release holds, and rules that JSON Schema cannot say.

schemathesis.toml names this module; schemathesis imports it in a process of its own.
"""

import json
import os
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, TypeVar
from urllib.request import Request, urlopen

import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import RejectedPositiveData

Row = TypeVar("Row")
SOME = 2
ADDRESSES = [f"https://example.org/hooks/{number}" for number in range(3)]
MANY = 12  # of findings, so that a case seldom says two things of one

# Refusals of requests that the document calls well formed, each because a schema describes one request, and no more:
BEYOND_A_SCHEMA = {
    "contradiction",  # two entries of a list that say different things of one id
    "repeated",  # two entries of a list with one id
    "unknown_item",  # the items are those of the measure that another member names
    "in_the_future",  # after the day on which it is asked
    "nul_character",  # in any string anywhere: PostgreSQL stores none
    "null_characters_not_allowed",  # the same in a query
}
OF_EARLIER_REQUESTS = {
    "/problems/idempotency-key-reused",  # a key that an earlier request with another body used up
}


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:
    """Enumerate ids and releases, and the limits of each measurement, which the document leaves to the catalogue.

    What is generated must then be accepted. Some of each kind are enough: every enumerated value makes cases. A cursor
    is left out, for none but a list's own is one; tests/api/test_pagination.py sends others.
    """
    schemas = raw_schema["components"]["schemas"]
    findings = [row["id"] for row in _rows("findings") if not row["derived_from_demographics"]]
    for name in ("FindingAnswer", "FindingChange"):
        schemas[name]["properties"]["id"]["enum"] = _some(findings, MANY)
    schemas["MeasuredValue"]["anyOf"] = [_within(row, "value") for row in _some(_rows("measurements"))]
    schemas["OutcomeAnswer"]["allOf"] = [{"anyOf": [_measure(row) for row in _some(_rows("outcome-measures"))]}]
    schemas["TriedTreatment"]["properties"]["treatment"]["enum"] = _some([row["id"] for row in _rows("treatments")])
    conditions = [row["id"] for row in _rows("conditions")]
    schemas["OutcomeRequest"]["properties"]["condition"]["anyOf"][0]["enum"] = _some(conditions)
    # Which addresses are public is no matter of their form.
    schemas["NewWebhookEndpoint"]["properties"]["url"] = {"enum": ADDRESSES}
    schemas["PatchedWebhookEndpointChange"]["properties"]["url"] = {"enum": [*ADDRESSES, None]}
    for item in raw_schema["paths"].values():
        for operation in item.values():
            _know_parameters(operation.get("parameters", []), _some(findings))


@schemathesis.hook
def filter_failure(context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    """Whether it is a failure: not the refusal of a well-formed request for one of the reasons above, and no other."""
    return not (isinstance(failure, RejectedPositiveData) and _is_beyond_a_schema(response))


def _is_beyond_a_schema(response: Response) -> bool:
    if response.status_code not in (400, 422):
        return False
    problem = json.loads(response.content)
    told = problem.get("errors", ())
    if problem.get("type") in OF_EARLIER_REQUESTS:
        return True
    return bool(told) and all(error["code"] in BEYOND_A_SCHEMA for error in told)


def _know_parameters(parameters: list[dict[str, Any]], findings: list[str]) -> None:
    """What query parameters of the catalogue may say."""
    parameters[:] = [parameter for parameter in parameters if parameter["name"] != "cursor"]
    for parameter in parameters:
        if (parameter["in"], parameter["name"]) == ("query", "release"):
            parameter["schema"] = {"enum": _releases()}
        elif parameter["name"] == "safe_for":
            parameter["schema"] = {"enum": [findings[0], ",".join(findings)]}


@cache
def _releases() -> list[str]:
    return [row["version"] for row in _rows("releases")]


def _within(row: dict[str, Any], member: str) -> dict[str, Any]:
    limits = {"minimum": row["minimum"], "maximum": row["maximum"]}
    return {"properties": {"id": {"const": row["id"]}, member: limits}}


def _measure(row: dict[str, Any]) -> dict[str, Any]:
    """An outcome measure with its score or the answers to its items."""
    items = [item for scale in row["scales"] for item in scale["items"]]
    described = {item["id"]: {"anyOf": [{"type": "null"}, _answer(item)]} for item in items}
    schema = _within(row, "score")
    schema["properties"]["items"] = {"properties": described, "additionalProperties": False}
    return schema


def _answer(item: dict[str, Any]) -> dict[str, Any]:
    kind = "integer" if item["whole"] else "number"
    return {"type": kind, "minimum": item["minimum"], "maximum": item["maximum"]}


def _some(rows: Iterable[Row], number: int = SOME) -> list[Row]:
    """A few of them, from everywhere in the list."""
    known = list(rows)
    return known[:: max(1, len(known) // number)]


def _rows(name: str) -> Iterator[dict[str, Any]]:
    """Every row of a list of the catalogue."""
    address = f"{os.environ['CONTRACT_SERVER']}/api/v1/{name}?page_size=200"
    while address:
        request = Request(address, headers={"Authorization": f"Bearer {os.environ['CONTRACT_TOKEN']}"})  # noqa: S310
        with urlopen(request, timeout=30) as response:  # noqa: S310
            page = json.load(response)
        yield from page["results"]
        address = page["next"]
