"""Follow-ups and trajectories over HTTP: answered, numbered, kept, nobody else's, and never an error of ours."""

import json
import re
import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.db import close_old_connections, connections
from django.test import Client as HttpClient
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from partners import selectors as partners
from partners.models import Scope
from tests import audit_trail
from tests.api.test_assessments import JSON, NOBODYS, case, client_with
from tests.api.test_assessments import PATH as ASSESSMENTS
from triage.models import Assessment, FollowUp

SVG = "image/svg+xml"
NAMESPACE = "{http://www.w3.org/2000/svg}"
BASELINE = [{"id": "pain_nprs", "value": 6}, {"id": "symptom_duration_days", "value": 20}]
RATED: dict[str, Any] = {"global_change": 1}


def assessed(http: HttpClient) -> str:
    """The address of a new assessment."""
    response = http.post(ASSESSMENTS, case(measurements=BASELINE), content_type=JSON)
    return str(response.headers["Location"])


def follow(http: HttpClient, place: str, body: Any, **headers: str) -> Any:
    return http.post(f"{place}/follow-ups", body, content_type=JSON, headers=headers)


@pytest.fixture
def place(api: HttpClient) -> str:
    return assessed(api)


@pytest.fixture
def other_api(db: None) -> HttpClient:
    return client_with(*Scope.values)


# Answering


def test_a_follow_up_is_at_its_location_byte_for_byte(api: HttpClient, place: str) -> None:
    response = follow(api, place, {"measurements": [{"id": "pain_nprs", "value": 3}], "days_since_start": 42})
    answer = response.json()
    assert (response.status_code, response.headers["Location"]) == (201, f"{place}/follow-ups/{answer['id']}")
    assert UUID(answer["id"]).version == 7
    assert (f"{ASSESSMENTS}/{answer['assessment']}", answer["number"], answer["days_since_start"]) == (place, 1, 42)
    again = api.get(response.headers["Location"])
    assert (again.status_code, again.headers["Content-Type"], again.content) == (200, JSON, response.content)


def test_the_answer_has_every_member_of_the_contract(api: HttpClient, place: str) -> None:
    answer = follow(api, place, {"outcome_measures": [{"id": "pain_nprs", "score": 4}]}).json()
    assert answer.keys() >= {
        *("id", "assessment", "number", "created_at", "days_since_start", "measures", "adherence", "overall"),
        *("timers", "next_step", "urgency", "red_flags", "red_flag_screen", "assessment_now", "citations"),
        "disclaimer",
    }
    assert answer["measures"][0].keys() >= {
        *("id", "name", "baseline", "previous", "now", "change", "minimal_important_change", "verdict"),
        *("target_reached", "missing_items", "citations"),
    }
    assert answer["next_step"].keys() >= {"kind", "why", "rung", "items"}


def test_scores_are_compared_over_several_follow_ups(api: HttpClient, place: str) -> None:
    def pain(score: float, day: int) -> Any:
        answer = follow(
            api, place, {"outcome_measures": [{"id": "pain_nprs", "score": score}], "days_since_start": day}
        )
        (told,) = [m for m in answer.json()["measures"] if m["id"] == "pain_nprs"]
        return told["baseline"], told["previous"], told["now"], told["verdict"], answer.json()["number"]

    assert pain(5, 14) == (6.0, 6.0, 5.0, "same", 1)
    assert pain(4, 28) == (6.0, 5.0, 4.0, "better", 2)
    assert pain(6, 42) == (6.0, 4.0, 6.0, "worse", 3)


def test_answers_of_earlier_follow_ups_are_kept(api: HttpClient, place: str) -> None:
    red = {
        "findings": [{"id": "saddle_numbness", "state": "present"}, {"id": "back_pain_coexisting", "state": "present"}]
    }
    first = follow(api, place, red).json()
    assert (first["urgency"]["level"], first["next_step"]["kind"]) == ("emergency", "escalate")
    second = follow(api, place, RATED).json()
    assert second["urgency"]["level"] == "emergency"
    denied = {"findings": [{"id": "saddle_numbness", "state": "absent"}]}
    assert follow(api, place, denied).json()["urgency"]["level"] != "emergency"


def test_repeat_contact_that_is_worse_each_time_is_seen_the_same_day(api: HttpClient, place: str) -> None:
    levels = [
        follow(api, place, {"measurements": [{"id": "pain_nprs", "value": pain}]}).json()["urgency"]["level"]
        for pain in (8, 10)
    ]
    assert levels == ["urgent", "same_day"]


def test_items_are_scored_and_missing_ones_are_named(api: HttpClient, place: str) -> None:
    items = {f"{scale}{number}": 2 for scale in "pfq" for number in range(1, 5)} | {"p1": None, "f2": None}
    (told,) = [
        m
        for m in follow(api, place, {"outcome_measures": [{"id": "hoos_12", "items": items}]}).json()["measures"]
        if m["id"] == "hoos_12"
    ]
    assert (told["now"], told["missing_items"], told["scales"]["pain"]) == (50.0, ["p1", "f2"], 50.0)


# Bad input


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({}, [("", "nothing_said")]),
        ({"days_since_start": 3}, [("", "nothing_said")]),
        ([], [("", "model_type")]),
        (RATED | {"colour": "red"}, [("/colour", "extra_forbidden")]),
        ({"global_change": 6}, [("/global_change", "less_than_equal")]),
        ({"global_change": True}, [("/global_change", "int_type")]),
        (RATED | {"days_since_start": -1}, [("/days_since_start", "greater_than_equal")]),
        ({"adherence": {"sessions_done": 1}}, [("/adherence/sessions_planned", "missing")]),
        (
            {"treatments_tried": [{"treatment": "ibuprofin", "weeks": 1}, {"treatment": "massage", "weeks": -1}]},
            [
                ("/treatments_tried/0/treatment", "unknown_treatment"),
                ("/treatments_tried/1/weeks", "greater_than_equal"),
            ],
        ),
        (
            {"treatments_tried": [{"treatment": "massage", "weeks": 1}, {"treatment": "massage", "weeks": 2}]},
            [("/treatments_tried/1/treatment", "repeated")],
        ),
        (
            {
                "findings": [{"id": "pain_groyn", "state": "present"}],
                "measurements": [{"id": "pain_nprs", "value": 11}],
                "outcome_measures": [
                    {"id": "hoos", "score": 1},
                    {"id": "hoos_12", "items": {"p1": 5, "p2": 1.5, "x": 1, "p3": "2"}},
                    {"id": "psfs"},
                    {"id": "ihot_12", "score": 101},
                ],
            },
            [
                ("/findings/0/id", "unknown_finding"),
                ("/measurements/0", "out_of_range"),
                ("/outcome_measures/0/id", "unknown_outcome_measure"),
                ("/outcome_measures/1/items/p3", "float_type"),
                ("/outcome_measures/2", "items_or_score"),
                ("/outcome_measures/3", "out_of_range"),
                ("/outcome_measures/1/items/p1", "out_of_range"),
                ("/outcome_measures/1/items/p2", "out_of_range"),
                ("/outcome_measures/1/items/x", "unknown_item"),
            ],
        ),
        (
            {"outcome_measures": [{"id": "psfs", "score": 1}, {"id": "psfs", "score": 2}]},
            [("/outcome_measures/1/id", "repeated")],
        ),
        (
            {"measurements": [{"id": "psfs", "value": 1}], "outcome_measures": [{"id": "psfs", "score": 2}]},
            [("/outcome_measures/0/id", "repeated")],
        ),
        (
            {"findings": [{"id": "fever", "state": "present"}, {"id": "fever", "state": "absent"}]},
            [("/findings/1", "contradiction")],
        ),
        ({"outcome_measures": [None, {"id": 3, "items": 4}, {"id": "psfs", "items": []}]}, None),
        ({"outcome_measures": {}, "treatments_tried": "x", "findings": 4, "measurements": None}, None),
    ],
    ids=lambda value: str(len(value)) if isinstance(value, list) else None,
)
def test_everything_wrong_is_told_at_once_and_nothing_is_kept(
    api: HttpClient, place: str, body: Any, problems: list[tuple[str, str]] | None
) -> None:
    response = follow(api, place, body)
    assert response.status_code == 422, response.content
    told = [(error["pointer"], error["code"]) for error in response.json()["errors"]]
    assert told
    assert problems is None or told == problems
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("text", [b"", b"{", b'{"global_change": NaN}'])
def test_what_is_no_json_is_malformed(api: HttpClient, place: str, text: bytes) -> None:
    response = api.generic("POST", f"{place}/follow-ups", text, content_type=JSON)
    assert (response.status_code, response.json()["type"]) == (400, "/problems/malformed-body")


# Whose it is


def test_another_organisations_assessment_is_not_there(api: HttpClient, other_api: HttpClient, place: str) -> None:
    mine = follow(api, place, RATED).headers["Location"]
    nobodys = f"{ASSESSMENTS}/{NOBODYS}"
    for address in (place, nobodys):
        answers = [
            follow(other_api, address, RATED),
            other_api.get(f"{address}/follow-ups"),
            other_api.get(f"{address}/trajectory"),
            other_api.get(f"{address}/trajectory.svg"),
            other_api.get(f"{address}/trajectory", headers={"accept": SVG}),
        ]
        assert [answer.status_code for answer in answers] == [404] * 5
        assert {answer.headers["Content-Type"] for answer in answers} == {"application/problem+json"}
    assert other_api.get(mine).status_code == 404
    assert FollowUp.objects.count() == 1


def test_a_follow_up_is_under_its_own_assessment_alone(api: HttpClient, place: str) -> None:
    key = follow(api, place, RATED).json()["id"]
    assert api.get(f"{assessed(api)}/follow-ups/{key}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("POST", "follow-ups", "assessments:write"),
        ("GET", "follow-ups", "assessments:read"),
        ("GET", f"follow-ups/{NOBODYS}", "assessments:read"),
        ("GET", "trajectory", "assessments:read"),
        ("GET", "trajectory.svg", "assessments:read"),
    ],
)
def test_each_operation_of_a_follow_up_needs_its_scope(db: None, method: str, path: str, scope: str) -> None:
    address, body = f"{ASSESSMENTS}/{NOBODYS}/{path}", json.dumps(RATED).encode()
    others = client_with(*[other for other in Scope.values if other != scope])
    assert others.generic(method, address, body, content_type=JSON).status_code == 403
    assert HttpClient().generic(method, address, body, content_type=JSON).status_code == 401
    assert client_with(scope).generic(method, address, body, content_type=JSON).status_code == 404


# Repeating, and many at once


def test_a_repeated_key_gets_the_first_follow_up(api: HttpClient, place: str) -> None:
    first, again = (follow(api, place, RATED, idempotency_key="k1") for _ in range(2))
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Location"] == first.headers["Location"]
    assert FollowUp.objects.count() == 1


@pytest.mark.parametrize("elsewhere", [True, False], ids=["another assessment", "another body"])
def test_a_key_of_a_follow_up_is_for_one_body_and_one_assessment(api: HttpClient, place: str, elsewhere: bool) -> None:
    follow(api, place, RATED, idempotency_key="k1")
    other = (assessed(api), RATED) if elsewhere else (place, {"global_change": 2})
    response = follow(api, *other, idempotency_key="k1")
    assert (response.status_code, response.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert FollowUp.objects.count() == 1


@pytest.fixture
def committed_api(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[HttpClient]:
    """A partner whom other connections see too; it is removed afterwards with all that it stored."""
    with django_db_blocker.unblock():
        yield client_with(*Scope.values)
        audit_trail.forget_partners()


@pytest.mark.parametrize(("key", "numbers"), [(None, [1, 2, 3]), ("k1", [1, 1, 1])])
def test_follow_ups_that_come_at_once_are_numbered_one_after_another(
    committed_api: HttpClient, key: str | None, numbers: list[int]
) -> None:
    at_once = 3  # with the connection of the test as many as the pool has
    place = assessed(committed_api)
    together, answers = threading.Barrier(at_once), []

    def send() -> None:
        together.wait(10)
        answers.append(follow(committed_api, place, RATED, **({"idempotency_key": key} if key else {})))
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    close_old_connections()
    assert [answer.status_code for answer in answers] == [201] * at_once
    assert sorted(answer.json()["number"] for answer in answers) == numbers
    assert FollowUp.objects.count() == len({*numbers})


def test_the_audit_trail_tells_of_a_follow_up_and_nothing_of_the_person(api: HttpClient, place: str) -> None:
    before = partners.audit_events().count()
    answer = follow(api, place, RATED).json()
    assert follow(api, place, {}).status_code == 422
    assert partners.audit_events().count() == before + 1
    event = partners.audit_events()[0]
    assert (event.action, event.resource_type, event.resource_id) == ("follow_up.created", "follow_up", answer["id"])


# Lists and the trajectory


def test_follow_ups_are_listed_page_by_page_the_first_one_first(api: HttpClient, place: str) -> None:
    for _ in range(3):
        follow(api, place, RATED)
    follow(api, assessed(api), RATED)
    page = api.get(f"{place}/follow-ups", {"page_size": 2}).json()
    assert [row["number"] for row in page["results"]] == [1, 2]
    assert [row["number"] for row in api.get(page["next"]).json()["results"]] == [3]
    assert page["results"][0]["overall"] == "same"
    turned = api.get(f"{place}/follow-ups", {"ordering": "-number"}).json()
    assert [row["number"] for row in turned["results"]] == [3, 2, 1]


@pytest.mark.usefixtures("clock")  # callers are remembered while it stands still
def test_a_list_of_follow_ups_takes_three_queries(
    api: HttpClient, place: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        follow(api, place, RATED)
    with django_assert_num_queries(3):  # whose the assessment is, the page, the audit row
        api.get(f"{place}/follow-ups")


@pytest.fixture
def course(api: HttpClient, place: str) -> str:
    """An assessment with two follow-ups."""
    follow(api, place, {"outcome_measures": [{"id": "pain_nprs", "score": 5}], "days_since_start": 14})
    follow(
        api,
        place,
        {
            "outcome_measures": [{"id": "pain_nprs", "score": 3}, {"id": "hoos_12", "score": 60}],
            "days_since_start": 42,
        },
    )
    return place


def test_the_trajectory_holds_every_score_by_day(api: HttpClient, course: str) -> None:
    told = api.get(f"{course}/trajectory").json()
    assert [(c["number"], c["day"], c["overall"]) for c in told["contacts"]] == [
        *((0, 0, None), (1, 14, "same"), (2, 42, "better"))
    ]
    series = {row["id"]: [(point["day"], point["score"]) for point in row["points"]] for row in told["series"]}
    assert series == {"pain_nprs": [(0, 6.0), (14, 5.0), (42, 3.0)], "hoos_12": [(42, 60.0)]}


def test_the_chart_is_svg_with_a_text_for_those_who_do_not_see_it(api: HttpClient, course: str) -> None:
    by_path = api.get(f"{course}/trajectory.svg")
    by_header = api.get(f"{course}/trajectory", headers={"accept": SVG})
    for response in (by_path, by_header):
        assert (response.status_code, response.headers["Content-Type"]) == (200, SVG)
    assert by_path.content == by_header.content
    root = ElementTree.fromstring(by_path.content)  # noqa: S314 - our own chart
    assert (root.tag, root.get("role")) == (f"{NAMESPACE}svg", "img")
    named = [root.find(f"{NAMESPACE}{tag}") for tag in ("title", "desc")]
    texts = {element.get("id"): element.text or "" for element in named if element is not None}
    assert (root.get("aria-labelledby") or "").split() == [*texts]
    assert "6 on day 0, 5 on day 14, 3 on day 42" in texts["trajectory-description"]
    lines = root.findall(f"{NAMESPACE}polyline")
    heights = [[float(y) for y in re.findall(r",([\d.]+)", line.get("points") or "")] for line in lines]
    (pain,) = [places for places in heights if len(places) == 3]
    assert pain == sorted(pain, reverse=True), "less pain is drawn higher"


def test_an_assessment_without_scores_has_an_empty_chart(api: HttpClient) -> None:
    place = api.post(ASSESSMENTS, case(measurements=[]), content_type=JSON).headers["Location"]
    assert api.get(f"{place}/trajectory").json()["series"] == []
    chart = ElementTree.fromstring(api.get(f"{place}/trajectory.svg").content)  # noqa: S314 - our own chart
    assert "Nothing was measured yet." in "".join(chart.itertext())


# The worklist


def test_the_worklist_shows_follow_ups_and_the_chart_under_the_assessment(api: HttpClient, course: str) -> None:
    staff = HttpClient()
    staff.force_login(User.objects.create_superuser("coordinator"))
    change = reverse("admin:triage_assessment_change", args=[course.rsplit("/", maxsplit=1)[-1]])
    page = staff.get(change).content.decode()
    assert "2. Day 42: better" in page
    assert page.index("2. Day 42") < page.index("1. Day 14")
    assert "<svg " in page
    assert "6 on day 0, 5 on day 14, 3 on day 42" in page
    assert 'name="_save"' not in page


def test_an_assessment_that_is_deleted_takes_its_follow_ups_along(api: HttpClient, course: str) -> None:
    Assessment.objects.filter(pk=course.rsplit("/", maxsplit=1)[-1]).delete()
    assert not FollowUp.objects.exists()
