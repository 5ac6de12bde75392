"""Replays over HTTP: the stored answer again, byte for byte, and what a newer release moves."""

import json
from dataclasses import replace
from typing import Any

import orjson
import pytest
from django.apps import apps
from django.test import Client as HttpClient

from conditions import selectors as conditions
from hipcare.environment import BASE_DIRECTORY
from partners import selectors as partners
from partners.models import Scope
from tests.api.test_assessments import JSON, MARKER, NOBODYS, PATH, case, client_with
from triage.actions import publishing
from triage.actions.replays import replay_of
from triage.knowledge import forget_current
from triage.models import Assessment

pytestmark = pytest.mark.django_db
EXAMPLES = sorted(path.stem for path in (BASE_DIRECTORY / "examples").glob("*.json"))


def assessed(http: HttpClient, body: Any = None) -> str:
    """The address of a new assessment."""
    return str(http.post(PATH, body or case(), content_type=JSON).headers["Location"])


def replay(http: HttpClient, place: str) -> Any:
    return http.post(f"{place}/replay")


def stored_at(place: str) -> Assessment:
    return Assessment.objects.get(pk=place.rsplit("/", maxsplit=1)[-1])


@pytest.fixture
def newer(bundled: Any) -> str:
    """The version of a newer release in which pain in the groin speaks less for osteoarthritis."""
    draft = publishing.clone(release=conditions.current_release(), version="2099.1.1")
    in_groin = conditions.evidence(draft).filter(condition__key="hip_osteoarthritis", finding__key="pain_groin")
    assert in_groin.update(probability=0.2, low=0.1, high=0.3)
    publishing.publish(release=draft)
    forget_current()
    return "2099.1.1"


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_replays_to_the_same_bytes(api: HttpClient, name: str) -> None:
    place = assessed(api, json.loads((BASE_DIRECTORY / "examples" / f"{name}.json").read_bytes()))
    told = replay(api, place).json()
    assert (told["replayed"]["equal"], told["replayed"]["differences"]) == (True, [])
    assert told["current"]["moves"] == {
        "urgency": None,
        "causes": [],
        "red_flags": {"gained": [], "lost": []},
        "ladder": {"status": None, "items": []},
    }


def test_a_replay_names_releases_and_engines(api: HttpClient) -> None:
    place = assessed(api)
    answer = api.get(place).json()
    response = replay(api, place)
    told = response.json()
    assert (response.status_code, f"{PATH}/{told['assessment']}") == (200, place)
    assert told["engine"] == {"stored": answer["engine_version"], "now": answer["engine_version"], "same": True}
    for part in ("stored", "replayed", "current"):
        assert told[part]["knowledge"] == answer["knowledge"]
        assert told[part]["engine_version"] == answer["engine_version"]
    assert told["current"]["urgency"] == answer["urgency"]
    assert MARKER not in response.content.decode()


def test_after_a_newer_release_the_old_one_still_answers_and_the_difference_is_told(
    api: HttpClient, bundled: Any, request: pytest.FixtureRequest
) -> None:
    place = assessed(api)
    newer = request.getfixturevalue("newer")
    told = replay(api, place).json()
    assert told["replayed"]["equal"] is True
    assert told["stored"]["knowledge"]["version"] == told["replayed"]["knowledge"]["version"] != newer
    assert told["current"]["knowledge"]["version"] == newer
    (moved,) = [move for move in told["current"]["moves"]["causes"] if move["condition"] == "hip_osteoarthritis"]
    assert moved["probability"]["after"] < moved["probability"]["before"]
    assert moved["rank"]["after"] > moved["rank"]["before"]
    assert told["current"]["left_out"] == []
    assert api.get(place).json()["knowledge"] == told["stored"]["knowledge"]


def test_what_the_current_release_does_not_know_is_left_out_and_told(api: HttpClient, bundled: Any) -> None:
    row = stored_at(assessed(api))
    without = replace(bundled, measurements={})
    assert replay_of(row, without)["current"]["left_out"] == ["/measurements/0"]
    assert replay_of(row, bundled)["current"]["left_out"] == []


def test_what_differs_is_told_by_its_place(api: HttpClient) -> None:
    place = assessed(api)
    row = stored_at(place)
    answer = orjson.loads(row.answer)
    answer["urgency"]["level"], answer["engine_version"] = "emergency", "0.9.0"
    answer["causes"].append({})
    row.answer, row.engine_version = orjson.dumps(answer), "0.9.0"
    row.save()
    told = replay(api, place).json()
    assert told["engine"]["same"] is False
    assert (told["engine"]["stored"], told["stored"]["engine_version"]) == ("0.9.0", "0.9.0")
    assert told["replayed"]["equal"] is False
    assert set(told["replayed"]["differences"]) == {
        *("/urgency/level", "/engine_version"),
        f"/causes/{len(answer['causes']) - 1}",
    }


def test_bytes_that_differ_without_a_value_that_does_are_not_equal(api: HttpClient) -> None:
    place = assessed(api)
    row = stored_at(place)
    row.answer = orjson.dumps(orjson.loads(row.answer), option=orjson.OPT_SORT_KEYS)
    row.save()
    told = replay(api, place).json()["replayed"]
    assert (told["equal"], told["differences"]) == (False, [""])


def test_an_input_that_this_software_cannot_read_is_a_conflict(api: HttpClient) -> None:
    place = assessed(api)
    row = stored_at(place)
    row.request = orjson.dumps(case(colour="red"))
    row.save()
    response = replay(api, place)
    assert (response.status_code, response.json()["type"]) == (409, "/problems/conflict")


def test_a_replay_stores_nothing_and_is_audited(api: HttpClient) -> None:
    place = assessed(api)
    rows = [model._default_manager.count() for model in apps.get_app_config("triage").get_models()]
    replay(api, place)
    assert [model._default_manager.count() for model in apps.get_app_config("triage").get_models()] == rows
    event = partners.audit_events()[0]
    assert (event.action, f"{PATH}/{event.resource_id}") == ("assessment.replayed", place)


def test_another_organisations_assessment_is_as_good_as_unknown(api: HttpClient) -> None:
    other = client_with(*Scope.values)
    theirs, nobodys = (replay(other, place) for place in (assessed(api), f"{PATH}/{NOBODYS}"))
    assert theirs.status_code == nobodys.status_code == 404
    assert without_instance(theirs) == without_instance(nobodys)


def without_instance(response: Any) -> dict[str, Any]:
    return {name: value for name, value in response.json().items() if name != "instance"}


def test_a_replay_needs_the_scope_to_read(api: HttpClient) -> None:
    place = assessed(api)
    assert replay(client_with(Scope.ASSESSMENTS_WRITE), place).status_code == 403
    assert api.get(f"{place}/replay").status_code == 405
