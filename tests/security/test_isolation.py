"""Every endpoint, asked for what belongs to another organisation, answers as if there were no such thing."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.test import Client as HttpClient
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from partners.models import Scope, WebhookDelivery, WebhookEndpoint
from tests.api.test_assessments import JSON, PATH, case, client_with
from tests.api.test_erasure import store_everything

# A body that is right, so that it is not refused before anybody looks whose the record is.
BODIES: dict[str, Any] = {
    "follow-up-list": {"days_since_start": 7, "measurements": [{"id": "pain_nprs", "value": 3}]},
    "review": {"state": "acknowledged"},
    "outcome": {"condition": "hip_osteoarthritis", "confirmed_by": "imaging", "confirmed_on": "2026-01-05"},
}
ENDPOINT = {"url": "https://example.org/hooks", "event_types": ["assessment.emergency"]}
QUERIES = {"assessment-programme-calendar": "?start=2026-05-04"}
METHODS = ("get", "post", "put", "patch", "delete")


def routes(patterns: list[Any] | None = None, before: str = "") -> Iterator[tuple[URLPattern, str]]:
    """Every route of the API that names a record by its UUID."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif "<uuid:" in route and route.startswith("api/"):
            yield pattern, route


ROUTES = list(routes())


def fill(http: HttpClient) -> dict[str, UUID]:
    """Store one record of each kind; their ids by the names that routes have for them."""
    place = store_everything(http)
    http.post(f"{place}/review", {"state": "open"}, content_type=JSON)
    endpoint = http.post("/api/v1/webhook-endpoints", ENDPOINT, content_type=JSON).json()
    http.post(f"/api/v1/webhook-endpoints/{endpoint['id']}/test")
    (delivery,) = http.get("/api/v1/webhook-deliveries").json()["results"]
    (follow_up,) = http.get(f"{place}/follow-ups").json()["results"]
    return {
        "assessment_id": UUID(place.rsplit("/", maxsplit=1)[-1]),
        "follow_up_id": UUID(follow_up["id"]),
        "endpoint_id": UUID(endpoint["id"]),
        "delivery_id": UUID(delivery["id"]),
    }


@pytest.fixture
def theirs(api: HttpClient) -> dict[str, UUID]:
    """One record of each kind of another organisation."""
    return fill(api)


def asked(http: HttpClient, pattern: URLPattern, method: str, ids: dict[str, UUID]) -> Any:
    body = json.dumps(BODIES.get(str(pattern.name), {}))
    path = reverse(str(pattern.name), kwargs=ids) + QUERIES.get(str(pattern.name), "")
    return http.generic(method.upper(), path, body, JSON)


def told(response: Any) -> tuple[int, dict[str, str], Any]:
    """What a caller could see, the id of the request aside."""
    headers = {name: value for name, value in response.headers.items() if name not in {"X-Request-Id", "RateLimit"}}
    body = json.loads(response.content) if response.content else None
    return response.status_code, headers, {**body, "instance": ""} if isinstance(body, dict) else body


def stored_rows() -> list[Any]:
    """What is stored of cases, and of what webhooks are told of them."""
    models: list[Any] = [*apps.get_app_config("triage").get_models(), WebhookEndpoint, WebhookDelivery]
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def ids_of(pattern: URLPattern, ids: dict[str, UUID]) -> dict[str, UUID]:
    return {name: ids[name] for name in pattern.pattern.converters}


def test_the_walk_knows_how_to_name_every_record(theirs: dict[str, UUID]) -> None:
    """A route with an id of a new kind needs a record in `theirs`."""
    assert {name for pattern, _ in ROUTES for name in pattern.pattern.converters} == {*theirs}
    assert len(ROUTES) >= 9


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("pattern", "route"), ROUTES, ids=[route for _, route in ROUTES])
def test_another_organisations_record_is_as_good_as_none(
    theirs: dict[str, UUID], pattern: URLPattern, route: str, method: str
) -> None:
    stranger, stored = client_with(*Scope.values), stored_rows()
    nobodys = {name: uuid4() for name in theirs}
    of_theirs = told(asked(stranger, pattern, method, ids_of(pattern, theirs)))
    of_nobody = told(asked(stranger, pattern, method, ids_of(pattern, nobodys)))
    assert of_theirs == of_nobody
    assert of_theirs[0] in {404, 405}
    assert not of_theirs[2] or not any(str(key) in json.dumps(of_theirs[2]) for key in theirs.values())
    assert stored_rows() == stored


def test_the_owner_is_answered_by_the_same_requests(api: HttpClient, theirs: dict[str, UUID]) -> None:
    """Or the walk would prove nothing."""
    statuses = {
        (route, method): asked(api, pattern, method, ids_of(pattern, theirs)).status_code
        for pattern, route in ROUTES
        for method in ("get", "post")
    }
    unanswered = [place for place, status in statuses.items() if status not in {200, 201, 202, 404, 405, 409}]
    assert unanswered == []
    assert sum(status in {200, 201, 202} for status in statuses.values()) >= len(ROUTES) - 3


@pytest.mark.parametrize("query", [{}, {"reference": "erase-me-5d1f"}, {"cause": "hip_osteoarthritis"}])
def test_lists_hold_the_callers_own_alone(api: HttpClient, theirs: dict[str, UUID], query: dict[str, str]) -> None:
    stranger = client_with(*Scope.values)
    assert stranger.get(PATH, query).json()["results"] == []
    mine = stranger.post(PATH, case(), content_type=JSON).json()["id"]
    assert {row["id"] for row in stranger.get(PATH).json()["results"]} == {mine}
    assert str(theirs["assessment_id"]) in {row["id"] for row in api.get(PATH).json()["results"]}


def test_a_cursor_of_another_organisation_shows_the_callers_own(api: HttpClient, theirs: dict[str, UUID]) -> None:
    api.post(PATH, case(), content_type=JSON)
    following = api.get(PATH, {"page_size": 1}).json()["next"]
    assert client_with(*Scope.values).get(following).json()["results"] == []
