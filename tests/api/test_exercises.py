"""The catalogue of exercises and programmes."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from conditions.actions import export, releases
from conditions.digest import digest
from conditions.models import Release
from exercises.actions import content

UNIT_TESTS = Path(__file__).parents[1] / "unit"


@pytest.fixture
def release(no_knowledge: None) -> Release:
    """A published release with the small content of the unit tests."""
    draft = releases.load_draft(directory=UNIT_TESTS / "conditions" / "content")
    content.load_into(release=draft, directory=UNIT_TESTS / "exercises" / "content")
    rows = [*export.canonical_rows(release=draft), *content.canonical_rows(draft)]
    return releases.freeze(release=draft, digest=digest(rows))


@pytest.fixture(autouse=True)
def _published(release: Release) -> None:
    """Every test here reads a published release."""


def ids(api: Client, path: str) -> list[str]:
    response = api.get(f"/api/v1/{path}")
    assert response.status_code == 200, response.content
    return [entry["id"] for entry in response.json()["results"]]


def test_exercises_are_listed_in_short(api: Client) -> None:
    bridge = api.get("/api/v1/exercises").json()["results"][0]

    assert bridge["id"] == "bridge"
    assert bridge["dose"]["sets"] == {"from": 1, "to": 3}
    assert bridge["dose"]["minutes"] is None
    assert "steps" not in bridge


def test_one_exercise_has_steps_and_every_rule(api: Client) -> None:
    bridge = api.get("/api/v1/exercises/bridge").json()

    assert bridge["steps"] == ["Lie down.", "Lift your hips.", "Lower them."]
    assert [(rule["rule"], rule["general"]) for rule in bridge["contraindicated_if"]] == [
        ("fever", True),
        ("cannot_bear_weight", False),
    ]
    assert [rule["general"] for rule in bridge["caution_if"]] == [True, False]
    assert bridge["progression"] == {"exercise": None, "how": "Hold for longer."}
    assert bridge["regression"] is None
    assert bridge["effort"] is None


@pytest.mark.parametrize("query", ["", "?release=2026.1.1"])
def test_an_exercise_leads_to_its_drawing(api: Client, query: str) -> None:
    listed = api.get(f"/api/v1/exercises{query}").json()["results"][0]["drawing"]
    single = api.get(f"/api/v1/exercises/bridge{query}").json()["drawing"]
    response = api.get(single["url"])

    assert listed == single == {"url": f"/api/v1/exercises/bridge/drawing{query}", "alt": single["alt"]}
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert f'<desc id="bridge-desc">{single["alt"]}</desc>' in response.content.decode()


@pytest.mark.parametrize(
    ("accept", "status"), [("image/svg+xml", 200), ("image/*,*/*;q=0.8", 200), ("application/json", 406)]
)
def test_a_drawing_is_for_those_who_take_pictures(api: Client, accept: str, status: int) -> None:
    assert api.get("/api/v1/exercises/bridge/drawing", headers={"Accept": accept}).status_code == status


@pytest.mark.parametrize(("query", "status"), [("?release=1999.1.1", 400), ("?release=", 400)])
def test_a_drawing_of_no_release_is_refused_as_a_problem(api: Client, query: str, status: int) -> None:
    response = api.get(f"/api/v1/exercises/bridge/drawing{query}", headers={"Accept": "image/svg+xml"})

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_release_from_before_there_were_drawings_has_none(api: Client, release: Release) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE exercises_drawing")  # its guard is a row trigger

    assert api.get("/api/v1/exercises/bridge").json()["drawing"] is None
    assert api.get("/api/v1/programmes/prog_gtps_8").json()["phases"][0]["exercises"][0]["drawing"] is None
    assert api.get("/api/v1/exercises/bridge/drawing").status_code == 404


def test_one_programme_has_phases_and_stop_rules(api: Client) -> None:
    programme = api.get("/api/v1/programmes/prog_gtps_8").json()
    first, later = programme["phases"]

    assert programme["conditions"] == ["gluteal_tendinopathy"]
    assert first["weeks"] == {"from": 0, "to": 0.5}
    assert first["exercises"][1] == {
        "exercise": "side_step",
        "name": "Side-stepping",
        "dose": "10 steps",
        "drawing": {"url": "/api/v1/exercises/side_step/drawing", "alt": "A person steps to the side."},
    }
    assert later["weeks"]["to"] is None
    assert programme["stop_rules"][0]["text"] == "Pain up to 5 is fine."


def test_one_programme_says_who_begins_later_who_ends_early_and_what_its_conditions_forbid(api: Client) -> None:
    programme = api.get("/api/v1/programmes/prog_gtps_8").json()
    (start,), (limit,), (precaution,) = (programme[name] for name in ("starts", "limits", "condition_precautions"))

    assert (start["phase"], start["irritability"], start["stage"], start["when"]) == (
        2,
        ["low", "moderate"],
        [],
        "fever",
    )
    assert (limit["condition"], limit["last_phase"]) == ("gluteal_tendinopathy", 1)
    assert (precaution["avoid"], precaution["modify"]) == (["side_step"], ["bridge"])
    assert [phase["times_per_week"] for phase in programme["phases"]] == [None, {"from": 2, "to": 2}]
    assert api.get("/api/v1/programmes/prog_child").json()["condition_precautions"] == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("exercises?purpose=control", ["side_step"]),
        ("exercises?target=hamstrings", ["bridge"]),
        ("exercises?equipment=mat", ["bridge"]),
        ("exercises?programme=prog_gtps_8", ["bridge", "side_step"]),
        ("exercises?programme=prog_child", []),
        ("exercises?condition=gluteal_tendinopathy", ["bridge", "side_step"]),
        ("exercises?condition=hip_fracture", []),
        ("exercises?search=standing", ["side_step"]),
        ("exercises?ordering=-key", ["side_step", "bridge"]),
        ("programmes", ["prog_child", "prog_gtps_8"]),
        ("programmes?condition=gluteal_tendinopathy", ["prog_gtps_8"]),
        ("programmes?supervision=clinician_only", ["prog_child"]),
        ("programmes?exercise=side_step", ["prog_gtps_8"]),
        ("programmes?search=tendons", ["prog_gtps_8"]),
        ("programmes?ordering=-name", ["prog_gtps_8", "prog_child"]),
        ("programmes?release=2026.1.1", ["prog_child", "prog_gtps_8"]),
    ],
)
def test_lists_are_filtered_searched_and_ordered(api: Client, path: str, expected: list[str]) -> None:
    assert ids(api, path) == expected


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("exercises?purpose=fun", "purpose"),
        ("exercises?target=ear", "target"),
        ("exercises?equipment=sofa", "equipment"),
        ("exercises?ordering=dose", "ordering"),
        ("programmes?supervision=alone", "supervision"),
        ("programmes?release=1999.1.1", "release"),
    ],
)
def test_unknown_values_are_refused(api: Client, path: str, parameter: str) -> None:
    response = api.get(f"/api/v1/{path}")

    assert response.status_code == 400
    assert [error["parameter"] for error in response.json()["errors"]] == [parameter]


def test_pages_follow_each_other(api: Client) -> None:
    first: dict[str, Any] = api.get("/api/v1/exercises?page_size=1").json()
    second = api.get(first["next"]).json()

    assert [entry["id"] for entry in first["results"] + second["results"]] == ["bridge", "side_step"]
    assert second["next"] is None


@pytest.mark.parametrize(
    "path", ["exercises", "exercises/bridge", "exercises/bridge/drawing", "programmes", "programmes/prog_gtps_8"]
)
def test_an_answer_that_still_stands_is_not_sent_again(api: Client, path: str) -> None:
    etag = api.get(f"/api/v1/{path}").headers["ETag"]

    assert api.get(f"/api/v1/{path}", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("path", ["exercises/none", "exercises/none/drawing", "programmes/none"])
def test_an_unknown_id_is_not_found(api: Client, path: str) -> None:
    assert api.get(f"/api/v1/{path}").status_code == 404


@pytest.mark.parametrize("path", ["exercises", "exercises/bridge/drawing", "programmes"])
def test_a_token_is_needed(anyone: Client, path: str) -> None:
    assert anyone.get(f"/api/v1/{path}").status_code == 401


@pytest.mark.usefixtures("clock")  # callers are remembered while it stands still
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("exercises", 2),
        ("exercises/bridge", 3),
        ("exercises/bridge/drawing", 2),
        ("exercises?condition=gluteal_tendinopathy", 2),
        ("programmes", 2),
        ("programmes/prog_gtps_8", 5),
    ],
)
def test_queries_do_not_grow_with_the_rows(
    api: Client, path: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    api.get("/api/v1/exercises/none")  # the first use of a token is written down

    with django_assert_num_queries(queries):
        api.get(f"/api/v1/{path}")
