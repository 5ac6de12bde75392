"""The catalogue endpoints."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from conditions.actions import export, releases
from conditions.digest import digest
from conditions.models import Release
from partners.principal import Principal

pytestmark = pytest.mark.django_db
BASE = "/api/v1"
CONTENT = Path(__file__).parents[1] / "unit" / "conditions" / "content"
LISTS = {
    "conditions": "gluteal_tendinopathy",
    "findings": "fever",
    "measurements": "pain_nprs",
    "red-flags": "rf_fall",
    "composites": "two_signs",
    "treatments": "exercise",
    "prevention": "less_sitting",
    "citations": "nice_cg124",
}
Get = Callable[..., Any]


def caller_with(*scopes: str) -> APIClient:
    """A client whose token is known to hold the scopes, without a query for it."""
    principal: Any = Principal(uuid4(), uuid4(), frozenset(scopes))
    client = APIClient()
    client.force_authenticate(user=principal, token=principal)
    return client


def publish(release: Release) -> Release:
    return releases.freeze(release=release, digest=digest(export.canonical_rows(release=release)))


@pytest.fixture
def release(no_knowledge: None) -> Release:
    return publish(releases.load_draft(directory=CONTENT))


@pytest.fixture
def client() -> APIClient:
    return caller_with("knowledge:read")


@pytest.fixture
def get(client: APIClient, release: Release) -> Get:
    def ask(path: str, **query: Any) -> Any:
        return client.get(f"{BASE}/{path}", query)

    return ask


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


@pytest.mark.parametrize("path", [*LISTS, "releases"])
def test_nobody_reads_without_a_token_or_without_the_scope(release: Release, path: str) -> None:
    assert APIClient().get(f"{BASE}/{path}").status_code == 401
    assert caller_with("assessments:read").get(f"{BASE}/{path}").status_code == 403


@pytest.mark.parametrize(("path", "row"), LISTS.items())
def test_a_list_holds_what_its_entries_show(get: Get, path: str, row: str) -> None:
    listed = {entry["id"]: entry for entry in get(path).json()["results"]}
    entry = get(f"{path}/{row}").json()

    assert list(listed) == sorted(listed)
    assert entry.items() >= listed[row].items()


@pytest.mark.parametrize("path", [*LISTS, "releases"])
def test_an_unknown_id_is_not_found(get: Get, path: str) -> None:
    answer = get(f"{path}/nothing")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("path", [*LISTS, "releases"])
def test_nothing_can_be_written(client: APIClient, release: Release, path: str) -> None:
    assert client.post(f"{BASE}/{path}", {}).status_code == 405
    assert client.delete(f"{BASE}/{path}/{LISTS.get(path, release.version)}").status_code == 405


def test_a_condition_comes_with_everything_that_is_known(get: Get) -> None:
    condition = get("conditions/gluteal_tendinopathy").json()

    assert condition["population"] == {"from_age": 16, "to_age": 120, "sex": "any"}
    assert condition["least_urgency"] == {"level": "self_care", "mode": None, "within_hours": None}
    assert condition["programme"] == "prog_gtps_8"
    assert condition["prior"] == {
        "curve": {"12": 0, "45": 128, "85": 75},
        "female_to_male": 3.8,
        "settings": {"community": 1.2},
        "basis": "estimate",
        "ground": "peak after 45",
        "citations": [],
    }
    assert {entry["id"]: entry["weight"] for entry in condition["presentations"]} == {
        "usual": 0.9,
        "runner": {"curve": {"20": 0.4, "70": 0.05}, "female_to_male": 1.5},
    }
    assert [(step["rung"], step["treatment"], step["move_on_if"]) for step in condition["ladder"]] == [
        (1, "education", None),
        (2, "exercise", "Not better at 8 weeks."),
    ]
    evidence = {(row["finding"], row["presentation"]): row for row in condition["evidence"]}
    assert evidence.keys() == {
        ("fever", None),
        ("gradual_onset", None),
        ("gradual_onset", "runner"),
        ("lateral_pain", None),
    }
    lateral = evidence[("lateral_pain", None)]
    assert lateral.pop("effective_sample_size") == pytest.approx(79.34, abs=0.01)
    assert lateral == {
        "finding": "lateral_pain",
        "presentation": None,
        "p": 0.95,
        "range": [0.9, 0.98],
        "basis": "published",
        "ground": "LEAP: all had it",
        "citations": ["mellor_2018"],
    }


def test_a_list_of_conditions_leaves_the_heavy_parts_out(get: Get) -> None:
    assert not {"evidence", "prior", "ladder", "workup"} & get("conditions").json()["results"][0].keys()


def test_a_red_flag_shows_its_rule_and_urgency(get: Get) -> None:
    red_flag = get("red-flags/rf_fall").json()
    assert red_flag["rule"]["all"][0] == "recent_fall"
    assert red_flag["urgency"] == {"level": "emergency", "mode": "ambulance", "within_hours": None}
    assert red_flag["estimate"] is None


def test_a_composite_shows_its_parts_and_bands(get: Get) -> None:
    composite = get("composites/broken_hip_score").json()
    assert composite["parts"][2] == {
        "id": "short_leg",
        "name": "Short leg",
        "points": 1,
        "rule": None,
        "present_only": False,
        "in_prior": False,
        "note": None,
    }
    assert composite["bands"][1] == {"at_least": 3, "lr": 4, "label": "high"}
    assert composite["use_when"] == {"parts": ["cannot_bear_weight"], "at_least": 2}
    assert composite["vocabulary_finding"] == {"finding": "difficulty_walking", "at_least": 3}
    assert (composite["unless"], composite["red_flag"]) == ("fever", "rf_fall")


def test_a_finding_shows_its_threshold(get: Get) -> None:
    assert get("findings/fever").json()["threshold"] == {
        "measurement": "temperature_c",
        "at_least": 38,
        "above": None,
        "at_most": None,
        "below": 43,
        "present_only": True,
    }
    assert get("findings/recent_fall").json()["threshold"] is None


@pytest.mark.parametrize(
    ("path", "query", "found"),
    [
        ("conditions", {"region": "lateral"}, ["gluteal_tendinopathy"]),
        ("conditions", {"family": "fracture"}, ["hip_fracture"]),
        ("conditions", {"must_not_miss": "true"}, ["hip_fracture"]),
        ("conditions", {"must_not_miss": "false"}, ["gluteal_tendinopathy"]),
        ("conditions", {"least_urgency": "emergency"}, ["hip_fracture"]),
        ("conditions", {"from_the_article": "false"}, []),
        ("conditions", {"code": "7674000"}, ["gluteal_tendinopathy"]),
        ("conditions", {"code": "M76"}, []),
        ("conditions", {"search": "broken"}, ["hip_fracture"]),
        ("conditions", {"ordering": "-key"}, ["hip_fracture", "gluteal_tendinopathy"]),
        ("findings", {"kind": "history"}, ["recent_fall"]),
        ("findings", {"patient_can_answer": "partly"}, ["lateral_pain"]),
        ("findings", {"cost": "imaging"}, []),
        ("findings", {"cluster": "weight_bearing"}, ["cannot_bear_weight", "difficulty_walking"]),
        ("findings", {"red_flag": "true"}, ["cannot_bear_weight", "fever", "recent_fall"]),
        ("findings", {"screen": "true", "kind": "symptom"}, ["cannot_bear_weight", "fever"]),
        ("findings", {"screen": "false", "kind": "history"}, []),
        ("findings", {"search": "warm"}, []),
        ("red-flags", {"kind": "population"}, ["pop_child"]),
        ("red-flags", {"urgency": "emergency"}, ["rf_fall"]),
        ("red-flags", {"suspected": "hip_fracture"}, ["rf_fall"]),
        ("red-flags", {"finding": "acute_onset"}, ["rf_fall"]),
        ("red-flags", {"finding": "rf_fever"}, []),
        ("composites", {"mode": "gate"}, ["broken_hip_score"]),
        ("composites", {"audience": "everyone"}, ["two_signs"]),
        ("composites", {"condition": "hip_fracture"}, ["broken_hip_score", "two_signs"]),
        ("composites", {"finding": "difficulty_walking"}, ["broken_hip_score"]),
        ("composites", {"search": "fell"}, ["broken_hip_score"]),
        ("treatments", {"kind": "injection"}, ["injection"]),
        ("treatments", {"rung": 0}, ["do_not_walk_on_it"]),
        ("prevention", {"verdict": "strong"}, ["move_often"]),
        ("prevention", {"treatment": "education"}, ["less_sitting"]),
        ("prevention", {"finding": "difficulty_walking"}, ["less_sitting"]),
        ("prevention", {"ordering": "priority"}, ["move_often", "less_sitting"]),
        ("treatments", {"condition": "gluteal_tendinopathy"}, ["education", "exercise"]),
        ("treatments", {"ordering": "-rung"}, ["injection", "exercise", "education", "do_not_walk_on_it"]),
        ("citations", {"seen": "partial"}, ["mellor_2018"]),
        ("citations", {"year": 2011}, ["nice_cg124"]),
        ("measurements", {"search": "temp"}, ["temperature_c"]),
    ],
)
def test_lists_can_be_filtered_searched_and_ordered(
    get: Get, path: str, query: dict[str, Any], found: list[str]
) -> None:
    assert ids(get(path, **query)) == found


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("conditions", {"region": "elbow"}),
        ("conditions", {"must_not_miss": "yes"}),
        ("conditions", {"release": "1.1.1"}),
        ("conditions", {"ordering": "secret"}),
        ("treatments", {"rung": "top"}),
        ("releases", {"status": "draft"}),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused(get: Get, path: str, query: dict[str, Any]) -> None:
    answer = get(path, **query)
    (name,) = query
    assert answer.status_code == 400
    assert [problem["pointer"] for problem in answer.json()["errors"]] == [f"/{name}"]


def test_lists_come_page_by_page(get: Get, client: APIClient) -> None:
    first = get("findings", page_size=5).json()
    second = client.get(first["next"]).json()

    assert len(first["results"]) == 5
    assert first["previous"] is None
    assert second["next"] is None
    assert len({row["id"] for row in [*first["results"], *second["results"]]}) == 8


def test_an_earlier_release_can_be_asked_for(get: Get, release: Release) -> None:
    newer = releases.clone_draft(release=release, version="2026.1.2")
    newer.refresh_from_db()
    assert get("citations", release="2026.1.2").status_code == 400

    publish(newer)
    releases.retire(release=release)

    assert ids(get("citations", release="2026.1.1")) == ids(get("citations"))
    assert get("citations")["ETag"] != get("citations", release="2026.1.1")["ETag"]


@pytest.mark.parametrize("path", ["conditions", "conditions/hip_fracture", "releases", "releases/2026.1.1"])
def test_an_answer_that_the_caller_has_is_not_sent_again(
    get: Get, client: APIClient, release: Release, path: str, django_assert_num_queries: Any
) -> None:
    etag = get(path)["ETag"]
    assert etag.startswith('"')
    assert get(path)["ETag"] == etag

    with django_assert_num_queries(1):
        again = client.get(f"{BASE}/{path}", headers={"If-None-Match": etag})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert client.get(f"{BASE}/{path}", headers={"If-None-Match": '"another"'}).status_code == 200


def test_the_etag_changes_with_the_query_and_the_release(get: Get, release: Release) -> None:
    before = get("conditions")["ETag"]
    assert get("conditions", region="lateral")["ETag"] != before

    publish(releases.clone_draft(release=release, version="2026.1.2"))

    assert get("conditions")["ETag"] != before


def test_releases_are_listed_without_drafts_and_shown_with_their_policy(get: Get, release: Release) -> None:
    releases.clone_draft(release=release, version="2026.1.2")

    (listed,) = get("releases").json()["results"]
    assert (listed["version"], listed["status"], listed["digest"]) == ("2026.1.1", "published", release.digest)
    assert "policy" not in listed
    assert get("releases/2026.1.1").json()["policy"]["draws"] == 16
    assert get("releases/2026.1.2").status_code == 404


def test_before_the_first_release_the_catalogue_is_not_ready(client: APIClient, no_knowledge: None) -> None:
    assert client.get(f"{BASE}/conditions").status_code == 503
    assert client.get(f"{BASE}/releases").json()["results"] == []


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("conditions", 2),
        ("conditions/gluteal_tendinopathy", 5),
        ("findings", 2),
        ("measurements", 2),
        ("red-flags", 2),
        ("red-flags?finding=fever", 3),
        ("composites", 2),
        ("treatments", 2),
        ("treatments?condition=gluteal_tendinopathy", 2),
        ("citations", 2),
        ("releases", 2),
        ("releases/2026.1.1", 2),
    ],
)
def test_the_number_of_queries_is_fixed(get: Get, path: str, queries: int, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(queries):
        assert get(path).status_code == 200
