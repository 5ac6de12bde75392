"""Erasure: nothing of the person is left anywhere in the database, and nothing brings it back."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import close_old_connections, connection, connections
from django.test import Client as HttpClient
from pytest_django import DjangoDbBlocker

from partners import selectors as partners
from partners.models import IdempotencyKey, Scope
from tests import audit_trail
from tests.api.test_assessments import JSON, NOBODYS, PATH, case, client_with
from tests.api.test_replay import assessed, without_instance
from triage.models import Assessment, FollowUp, KnownOutcome

MARKER = "erase-me-5d1f"
AGE, SCORE = 61.0625173, 4.0731942
DAY = "1987-03-14"
BODY = case(
    patient={"age": {"value": AGE}, "sex": "female", "reference": MARKER},
    measurements=[{"id": "pain_nprs", "value": SCORE}],
)
FOLLOW_UP = {"measurements": [{"id": "pain_nprs", "value": SCORE}], "days_since_start": 4242}
OUTCOME = {"condition": "hip_osteoarthritis", "confirmed_by": "imaging", "confirmed_on": DAY}
TRACES = [MARKER, str(AGE), str(SCORE), DAY, "4242"]


def dump() -> str:
    """Every row of every table of the database, ours or not, as COPY writes it."""
    texts = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        for (table,) in cursor.fetchall():
            if table.startswith(("public.conditions_", "public.exercises_")):
                continue  # knowledge is frozen: what it holds was there before
            with cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as rows:
                texts += [bytes(row).decode() for row in rows]
    return "".join(texts)


def found(trace: str, text: str) -> bool:
    """Whether the trace is in the dump, as text or in a bytea."""
    return trace in text or trace.encode().hex() in text


def store_everything(http: HttpClient) -> str:
    """An assessment with everything that can hang on it; the marker is in every field that takes one."""
    headers = {"idempotency-key": f"key-{MARKER}"}
    place = http.post(PATH, BODY, content_type=JSON, headers=headers).headers["Location"]
    for path, body in (("follow-ups", FOLLOW_UP), ("outcome", OUTCOME), ("outcome", OUTCOME)):
        headers = {"idempotency-key": f"{path}-{len(body)}-{KnownOutcome.objects.count()}-{MARKER}"}
        assert http.post(f"{place}/{path}", body, content_type=JSON, headers=headers).status_code == 201
    http.post(f"{place}/replay")
    return str(place)


@pytest.mark.usefixtures("nothing_sealed")
def test_nothing_is_left_in_the_database(api: HttpClient) -> None:
    place = store_everything(api)
    before = dump()
    assert [trace for trace in TRACES if not found(trace, before)] == []
    response = api.delete(place)
    assert (response.status_code, response.content) == (204, b"")
    after = dump()
    assert [trace for trace in TRACES if found(trace, after)] == []
    assert [model.objects.count() for model in (Assessment, FollowUp, KnownOutcome)] == [0, 0, 0]


def test_nothing_of_the_person_can_be_read_in_the_database(api: HttpClient) -> None:
    store_everything(api)
    readable = [DAY, "4242"]  # what is counted and compared is in columns of its own
    assert [trace for trace in TRACES if found(trace, dump()) and trace not in readable] == []


def test_other_assessments_stay(api: HttpClient) -> None:
    kept, erased = store_everything(api), assessed(api)
    answer = api.get(kept).content
    api.delete(erased)
    assert api.get(kept).content == answer
    assert (FollowUp.objects.count(), KnownOutcome.objects.count()) == (1, 2)


def test_the_audit_trail_stays_and_tells_of_the_erasure(api: HttpClient) -> None:
    place = store_everything(api)
    trail = list(partners.audit_events().values_list("id", "action", "resource_id"))
    api.delete(place)
    erased, *before = partners.audit_events().values_list("id", "action", "resource_id")
    assert erased[1:] == ("assessment.erased", place.rsplit("/", maxsplit=1)[-1])
    assert before == trail


@pytest.mark.parametrize(
    "path",
    ["", "/follow-ups", "/outcome", "/trajectory", "/trajectory.svg", "/programme"],
)
def test_what_is_erased_is_not_found(api: HttpClient, path: str) -> None:
    place = store_everything(api)
    api.delete(place)
    erased, nobodys = api.get(f"{place}{path}"), api.get(f"{PATH}/{NOBODYS}{path}")
    assert erased.status_code == 404
    assert without_instance(erased) == without_instance(nobodys)


def test_what_is_erased_can_be_neither_erased_again_nor_added_to(api: HttpClient) -> None:
    place = store_everything(api)
    assert api.delete(place).status_code == 204
    assert api.delete(place).status_code == 404
    for path, body in (("follow-ups", FOLLOW_UP), ("outcome", OUTCOME), ("replay", {})):
        assert api.post(f"{place}/{path}", body, content_type=JSON).status_code == 404
    assert api.get(PATH).json()["results"] == []


@pytest.mark.parametrize("body", [BODY, case()], ids=["the same body", "another body"])
def test_a_late_repeat_of_the_key_stores_nothing(api: HttpClient, body: Any) -> None:
    api.delete(store_everything(api))
    for _ in range(2):
        response = api.post(PATH, body, content_type=JSON, headers={"idempotency-key": f"key-{MARKER}"})
        assert (response.status_code, response.json()["type"]) == (409, "/problems/idempotency-key-erased")
    assert api.post(PATH, body, content_type=JSON, headers={"idempotency-key": "fresh"}).status_code == 201


def test_a_key_is_spent_for_its_client_alone(api: HttpClient) -> None:
    api.delete(store_everything(api))
    other = client_with(*Scope.values)
    assert store_everything(other)


def test_nothing_is_spent_without_a_key(api: HttpClient) -> None:
    api.delete(assessed(api))
    assert not IdempotencyKey.objects.exists()


def test_another_organisations_assessment_is_as_good_as_unknown(api: HttpClient) -> None:
    other, place = client_with(*Scope.values), assessed(api)
    theirs, nobodys = other.delete(place), other.delete(f"{PATH}/{NOBODYS}")
    assert theirs.status_code == nobodys.status_code == 404
    assert without_instance(theirs) == without_instance(nobodys)
    assert api.get(place).status_code == 200


def test_erasing_needs_the_scope_to_write(api: HttpClient) -> None:
    place = assessed(api)
    assert client_with(Scope.ASSESSMENTS_READ).delete(place).status_code == 403


@pytest.fixture
def committed_api(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[HttpClient]:
    """A partner whom other connections see too; it is removed afterwards with all that it stored."""
    with django_db_blocker.unblock():
        yield client_with(*Scope.values)
        audit_trail.forget_partners()


def test_of_two_erasures_at_once_one_finds_nothing(committed_api: HttpClient) -> None:
    place = assessed(committed_api)
    together, statuses = threading.Barrier(2), []

    def erase() -> None:
        together.wait(10)
        statuses.append(committed_api.delete(place).status_code)
        connections.close_all()

    threads = [threading.Thread(target=erase) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    close_old_connections()
    assert sorted(statuses) == [204, 404]
