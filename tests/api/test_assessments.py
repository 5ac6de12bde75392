"""`/assessments`: answered, kept or not, found again, and nobody else's."""

import json
import logging
import random
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import close_old_connections, connection, connections
from django.test import Client as HttpClient
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from hipcare.environment import BASE_DIRECTORY
from hipcare.time_ids import lowest_id
from partners import selectors as partners
from partners.actions import clients, organisations, tokens
from partners.models import Client, Scope
from tests import audit_trail
from triage.models import Assessment, AssessmentLabel

PATH = "/api/v1/assessments"
MARKER = "marker-8f1c2d"
NOBODYS = "01a20512-b122-77bd-9f85-edead5937c57"
JSON = "application/json"


def case(**changes: Any) -> dict[str, Any]:
    """A body for a woman of 61 whose groin hurts."""
    whole: dict[str, Any] = {
        "patient": {"age": {"value": 61}, "sex": "female", "reference": MARKER},
        "findings": [{"id": "pain_groin", "state": "present"}, {"id": "fever", "state": "absent"}],
        "measurements": [{"id": "pain_nprs", "value": 3}],
    }
    return whole | changes


EMERGENCY = case(findings=[{"id": "cannot_bear_weight", "state": "present"}, {"id": "trauma_fall", "state": "present"}])


def post(http: HttpClient, body: Any = None, **headers: str) -> Any:
    return http.post(PATH, case() if body is None else body, content_type=JSON, headers=headers)


def without_id_and_time(body: bytes) -> bytes:
    return re.sub(rb'"(id|created_at)":"[0-9a-f][0-9a-fTZ:.+-]{19,}"', b"", body, count=2)


@pytest.fixture
def other_api(db: None) -> HttpClient:
    """A client of another organisation."""
    return client_with(*Scope.values)


def client_with(*scopes: str) -> HttpClient:
    organisation = organisations.create(name=f"Clinic {uuid4()}", by="test")
    program = clients.create(organisation=organisation, name="Intake", scopes=list(scopes), by="test")
    return HttpClient(headers={"authorization": f"Bearer {tokens.issue(client=program, by='test')[1]}"})


def everything_stored() -> str:
    """Every row of every table, as text."""
    texts = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.app_label not in {"conditions", "exercises"}:
                cursor.execute(f'SELECT array_agg(t::text) FROM "{model._meta.db_table}" t')
                texts.append(str(cursor.fetchone()))
    return "\n".join(texts)


def hexadecimal(text: str) -> str:
    """As PostgreSQL shows it in a bytea."""
    return text.encode().hex()


# Answering


def test_a_stored_answer_is_at_its_location_byte_for_byte(api: HttpClient) -> None:
    response = post(api)
    answer = response.json()
    assert response.status_code == 201
    assert response.headers["Location"] == f"{PATH}/{answer['id']}"
    assert answer["stored"] is True
    assert UUID(answer["id"]).version == 7
    again = api.get(response.headers["Location"])
    assert (again.status_code, again.headers["Content-Type"]) == (200, JSON)
    assert again.content == response.content


@pytest.mark.usefixtures("nothing_sealed")
def test_what_is_not_to_be_stored_leaves_no_trace_of_the_person(api: HttpClient) -> None:
    response = post(api, case(options={"store": False}))
    answer = response.json()
    assert (response.status_code, answer["stored"]) == (200, False)
    assert "Location" not in response.headers
    assert not Assessment.objects.exists()
    stored = everything_stored()
    assert MARKER not in stored
    assert hexadecimal(MARKER) not in stored
    assert "pain_groin" not in stored
    assert hexadecimal("pain_groin") not in stored
    assert api.get(f"{PATH}/{answer['id']}").status_code == 404


@pytest.mark.usefixtures("nothing_sealed")
def test_the_search_for_traces_finds_what_is_stored(api: HttpClient) -> None:
    """Or the test above would prove nothing."""
    post(api)
    assert hexadecimal(MARKER) in everything_stored()


def test_stored_or_not_the_answer_is_the_same(api: HttpClient) -> None:
    kept, gone = post(api).json(), post(api, case(options={"store": False})).json()
    for answer in (kept, gone):
        for name in ("id", "created_at", "stored"):
            del answer[name]
    assert kept == gone


@pytest.mark.parametrize("name", ["osteoarthritis", "septic_hip_child", "sciatica"])
def test_the_same_case_gets_the_same_bytes_in_any_order(api: HttpClient, name: str) -> None:
    body = json.loads((BASE_DIRECTORY / "examples" / f"{name}.json").read_bytes()) | {"options": {"store": False}}
    first = without_id_and_time(post(api, body).content)
    assert len(first) > 1000
    for seed in range(5):
        for part in ("findings", "measurements"):
            random.Random(seed).shuffle(body[part])
        assert without_id_and_time(post(api, body).content) == first


def test_defaults_are_what_the_contract_says(api: HttpClient) -> None:
    least = {"patient": {"age": {"value": 61}}, "findings": [{"id": "pain_groin", "state": "present"}]}
    said = least | {
        "patient": {"age": {"value": 61, "unit": "year"}, "sex": "unknown", "reference": None},
        "respondent": "self",
        "setting": "primary_care",
        "side": "unknown",
        "measurements": [],
        "options": {"store": True, "max_causes": 8, "locale": "en", "audience": "clinician"},
    }
    assert without_id_and_time(post(api, least).content) == without_id_and_time(post(api, said).content)


def test_the_answer_has_every_member_of_the_contract(api: HttpClient) -> None:
    answer = post(api).json()
    assert answer.keys() >= {
        *("id", "created_at", "status", "knowledge", "engine_version", "urgency", "red_flags", "red_flag_screen"),
        *("causes", "ladder", "programme", "next_questions", "safety_net", "follow_up", "data_quality"),
        *("out_of_scope", "disclaimer"),
    }
    assert answer["urgency"].keys() == {"level", "mode", "within_hours", "summary", "decided_by"}
    cause = answer["causes"][0]
    assert cause.keys() >= {
        *("rank", "condition", "name", "common_name", "probability", "interval", "band", "must_not_miss", "codes"),
        *("evidence", "workup"),
    }
    assert cause["evidence"].keys() >= {"supporting", "opposing", "missing"}


def test_contradictory_findings_are_answered_with_a_warning(api: HttpClient) -> None:
    findings = [{"id": "fever", "state": "absent"}, {"id": "pain_groin", "state": "present"}]
    body = case(findings=findings, measurements=[{"id": "temperature_c", "value": 39.0}])
    answer = post(api, body).json()
    assert {warning["code"] for warning in answer["data_quality"]} == {"measurement_disagrees"}
    assert answer["urgency"]["level"] in {"same_day", "emergency"}


# Idempotency


def test_a_repeated_key_gets_the_first_answer(api: HttpClient) -> None:
    first, again = post(api, idempotency_key="k1"), post(api, idempotency_key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Location"] == first.headers["Location"]
    assert Assessment.objects.count() == 1


def test_a_key_with_another_body_is_refused(api: HttpClient) -> None:
    post(api, idempotency_key="k1")
    response = post(api, EMERGENCY, idempotency_key="k1")
    assert response.status_code == 422
    assert response.json()["type"] == "/problems/idempotency-key-reused"
    assert Assessment.objects.count() == 1


def test_keys_of_different_clients_are_different(api: HttpClient, other_api: HttpClient) -> None:
    first, other = post(api, idempotency_key="k1"), post(other_api, EMERGENCY, idempotency_key="k1")
    assert other.status_code == 201
    assert other.json()["id"] != first.json()["id"]


def test_without_a_key_every_post_is_a_case(api: HttpClient) -> None:
    assert post(api).json()["id"] != post(api).json()["id"]
    assert Assessment.objects.count() == 2


@pytest.mark.parametrize("key", ["", "k" * 256, "schlüssel", "a\tb"])
def test_a_key_that_is_none_is_refused(api: HttpClient, key: str) -> None:
    response = post(api, idempotency_key=key)
    assert response.status_code == 400
    assert [error["parameter"] for error in response.json()["errors"]] == ["Idempotency-Key"]
    assert not Assessment.objects.exists()


@pytest.fixture
def committed_api(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[HttpClient]:
    """A partner whom other connections see too; it is removed afterwards with all that it stored."""
    with django_db_blocker.unblock():
        yield client_with(*Scope.values)
        audit_trail.forget_partners()


def test_two_at_once_with_one_key_make_one(committed_api: HttpClient) -> None:
    at_once = 3  # with the connection of the test as many as the pool has
    together, answers = threading.Barrier(at_once), []

    def send() -> None:
        together.wait(10)
        answers.append(post(committed_api, idempotency_key="k1"))
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    close_old_connections()
    assert [answer.status_code for answer in answers] == [201] * at_once
    assert len({answer.content for answer in answers}) == 1
    assert Assessment.objects.count() == 1
    assert partners.audit_events().filter(action="assessment.created").count() == 1


# Whose it is


def test_another_organisations_assessment_is_not_there(api: HttpClient, other_api: HttpClient) -> None:
    theirs = post(other_api).json()["id"]
    answers = [api.get(f"{PATH}/{key}", headers={"x-request-id": "same"}) for key in (theirs, NOBODYS)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert api.get(PATH).json()["results"] == []
    assert [row["id"] for row in other_api.get(PATH).json()["results"]] == [theirs]


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("POST", PATH, "assessments:write"),
        ("GET", PATH, "assessments:read"),
        ("GET", f"{PATH}/{NOBODYS}", "assessments:read"),
        ("GET", "/api/v1/about", "knowledge:read"),
    ],
)
def test_each_operation_needs_its_scope(db: None, method: str, path: str, scope: str) -> None:
    body = json.dumps(case()).encode()
    others = client_with(*[other for other in Scope.values if other != scope])
    refused = others.generic(method, path, body, content_type=JSON)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")
    assert HttpClient().generic(method, path, body, content_type=JSON).status_code == 401
    assert client_with(scope).generic(method, path, body, content_type=JSON).status_code in {200, 201, 404}


# What is recorded and logged


@pytest.mark.parametrize(("store", "action"), [(True, "assessment.created"), (False, "assessment.computed")])
def test_the_audit_trail_tells_who_did_what_and_nothing_of_the_person(
    api: HttpClient, partner: Client, store: bool, action: str
) -> None:
    before = partners.audit_events().count()
    answer = post(api, case(options={"store": store}), **{"x-request-id": "the-request"}).json()
    assert partners.audit_events().count() == before + 1
    event = partners.audit_events()[0]
    assert (event.action, event.resource_type, event.resource_id) == (action, "assessment", answer["id"])
    assert (event.organisation_id, event.client_id) == (partner.organisation_id, partner.id)
    assert (event.outcome, event.request_id, event.actor) == ("succeeded", "the-request", "")


def test_a_refused_case_is_not_recorded_as_assessed(api: HttpClient) -> None:
    before = partners.audit_events().count()
    assert post(api, case(findings=[{"id": "nonsense", "state": "present"}])).status_code == 422
    assert partners.audit_events().count() == before


def test_logs_know_nothing_of_the_person(api: HttpClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bodies = [case(), case(options={"store": False}), case(findings=[{"id": MARKER, "state": "present"}]), {MARKER: 1}]
    for body in bodies:
        post(api, body)
    api.get(PATH, {"reference": MARKER})
    api.generic("POST", PATH, f'{{"patient": "{MARKER}'.encode(), content_type=JSON)
    ours = [record for record in caplog.records if not record.name.startswith("django.db")]
    lines = "\n".join(
        f"{record.getMessage()} {record.__dict__}" for record in ours if record.name.startswith("hipcare")
    )
    assert lines
    assert MARKER not in lines
    assert "pain_groin" not in lines


# Lists


@pytest.fixture
def worklist(api: HttpClient) -> dict[str, str]:
    """Name to id of three stored cases."""
    bodies = {
        "mild": case(),
        "broken": EMERGENCY | {"patient": {"age": {"value": 80}, "reference": "second"}, "setting": "emergency"},
        "child": case(patient={"age": {"value": 5}, "reference": "third"}),
    }
    return {name: post(api, body).json()["id"] for name, body in bodies.items()}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["child", "broken", "mild"]),
        ({"urgency": "emergency"}, ["broken"]),
        ({"urgency": ["emergency", "same_day"]}, ["child", "broken"]),
        ({"cause": "hip_fracture"}, ["broken"]),
        ({"leading_cause": "hip_osteoarthritis"}, ["mild"]),
        ({"red_flag": "fall_and_cannot_stand"}, ["broken"]),
        ({"red_flagged": "true"}, ["broken"]),
        ({"red_flagged": "false"}, ["child", "mild"]),
        ({"reference": MARKER}, ["mild"]),
        ({"reference": MARKER[:3]}, []),
        ({"setting": "emergency"}, ["broken"]),
        ({"status": "out_of_scope"}, []),
        ({"created_after": "2020-01-01T00:00:00Z"}, ["child", "broken", "mild"]),
        ({"created_before": "2020-01-01T00:00:00Z"}, []),
        ({"ordering": "id"}, ["mild", "broken", "child"]),
        ({"urgency": "emergency", "setting": "primary_care"}, []),
    ],
)
def test_lists_are_filtered_and_ordered(
    api: HttpClient, worklist: dict[str, str], query: dict[str, Any], expected: list[str]
) -> None:
    response = api.get(PATH, query)
    assert response.status_code == 200, response.content
    names = {key: name for name, key in worklist.items()}
    assert [names[row["id"]] for row in response.json()["results"]] == expected


def test_lists_are_filtered_by_time(api: HttpClient, worklist: dict[str, str]) -> None:
    earlier, now = timezone.now() - timedelta(days=3), timezone.now()
    old = Assessment.objects.get(id=worklist["mild"])
    made_then = UUID(int=lowest_id(earlier).int | old.id.int & (1 << 80) - 1)
    AssessmentLabel.objects.filter(assessment_id=old.id).delete()
    Assessment.objects.filter(id=old.id).update(id=made_then, created_at=earlier, sealed_reference=None)
    yesterday = (now - timedelta(days=1)).isoformat()
    assert [row["id"] for row in api.get(PATH, {"created_before": yesterday}).json()["results"]] == [str(made_then)]
    assert len(api.get(PATH, {"created_after": yesterday}).json()["results"]) == 2
    for parameter in ("created_after", "created_before"):
        for time in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"):
            assert api.get(PATH, {parameter: time}).status_code == 200


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("urgency", "terrible"),
        ("status", "fine"),
        ("created_after", "yesterday"),
        ("ordering", "reference"),
        ("page_size", "0"),
        ("cursor", "x"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(api: HttpClient, parameter: str, value: str) -> None:
    response = api.get(PATH, {parameter: value})
    assert response.status_code == 400
    assert [error["parameter"] for error in response.json()["errors"]] == [parameter]


def test_a_row_of_the_list_says_what_a_worklist_needs(api: HttpClient, worklist: dict[str, str]) -> None:
    (row,) = api.get(PATH, {"urgency": "emergency"}).json()["results"]
    answer = api.get(f"{PATH}/{row['id']}").json()
    assert row["causes"] == [cause["condition"] for cause in answer["causes"]]
    assert row["red_flags"] == [flag["id"] for flag in answer["red_flags"]]
    assert (row["urgency"], row["status"], row["reference"]) == ("emergency", answer["status"], "second")
    assert row["knowledge_version"] == answer["knowledge"]["version"]


def test_pages_stay_the_same_while_cases_come_in(api: HttpClient) -> None:
    made = [post(api).json()["id"] for _ in range(5)]
    page = api.get(PATH, {"page_size": 2}).json()
    seen = [row["id"] for row in page["results"]]
    while page["next"]:
        post(api)
        page = api.get(page["next"]).json()
        seen += [row["id"] for row in page["results"]]
    assert seen == made[::-1]


@pytest.mark.usefixtures("clock")  # callers are remembered while it stands still
@pytest.mark.parametrize("query", [{}, {"cause": "hip_fracture"}, {"red_flagged": "true"}, {"reference": MARKER}])
def test_a_list_takes_two_queries_whatever_it_holds(
    api: HttpClient, worklist: dict[str, str], query: dict[str, str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):  # the page, the audit row
        api.get(PATH, query)


@pytest.mark.usefixtures("clock")  # callers are remembered while it stands still
def test_posting_takes_few_queries(api: HttpClient, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    post(api)  # the token's first use is written down, the knowledge compiled, the organisation's keys are read
    with django_assert_num_queries(1):  # the audit row
        post(api, case(options={"store": False}))
    with django_assert_num_queries(5):  # and with a transaction around the row, its labels and the audit row
        post(api)


def test_before_a_release_is_published_nothing_is_answered(api: HttpClient, no_knowledge: None) -> None:
    response = post(api)
    assert (response.status_code, response.json()["type"]) == (503, "/problems/unavailable")
    ready = api.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["checks"]["knowledge"] == {"ok": False, "detail": "no release is published"}
