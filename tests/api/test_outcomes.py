"""What an assessment turned out to be, over HTTP: kept, replaced without being forgotten, nobody else's."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as HttpClient

from conditions import selectors as conditions
from partners import selectors as partners
from partners.models import Scope
from tests.api.test_assessments import JSON, NOBODYS, PATH, client_with
from tests.api.test_replay import assessed, without_instance
from triage.models import KnownOutcome

pytestmark = pytest.mark.django_db
KNOWN: dict[str, Any] = {"condition": "hip_osteoarthritis", "confirmed_by": "imaging", "confirmed_on": "2026-02-20"}


def report(http: HttpClient, place: str, body: Any, **headers: str) -> Any:
    return http.post(f"{place}/outcome", body, content_type=JSON, headers=headers)


@pytest.fixture
def place(api: HttpClient) -> str:
    return assessed(api)


def test_an_outcome_is_at_its_location(api: HttpClient, place: str) -> None:
    response = report(api, place, KNOWN | {"urgency_was_right": "routine"})
    assert (response.status_code, response.headers["Location"]) == (201, f"{place}/outcome")
    answer = response.json()
    assert answer | KNOWN | {"other": False, "urgency_was_right": "routine", "number": 1, "earlier": []} == answer
    assert f"{PATH}/{answer['assessment']}" == place
    assert api.get(f"{place}/outcome").content == response.content


def test_a_later_outcome_replaces_the_earlier_which_stays_in_its_history(api: HttpClient, place: str) -> None:
    report(api, place, KNOWN)
    second = report(api, place, {"other": True, "confirmed_by": "surgery", "confirmed_on": "2026-03-01"}).json()
    assert (second["number"], second["condition"], second["other"]) == (2, None, True)
    (earlier,) = second["earlier"]
    assert earlier | KNOWN | {"number": 1} == earlier
    assert api.get(f"{place}/outcome").json() == second


def test_before_any_report_nothing_is_found(api: HttpClient, place: str) -> None:
    response = api.get(f"{place}/outcome")
    assert (response.status_code, response.json()["type"]) == (404, "/problems/not-found")


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ([], [("", "model_type")]),
        ({}, [("/confirmed_by", "missing"), ("/confirmed_on", "missing")]),
        (KNOWN | {"condition": None}, [("", "nothing_said")]),
        (KNOWN | {"other": True}, [("", "contradiction")]),
        (KNOWN | {"condition": "hip_osteoarthrosis"}, [("/condition", "unknown_condition")]),
        (KNOWN | {"condition": 3}, [("/condition", "string_type")]),
        (KNOWN | {"confirmed_by": "guess"}, [("/confirmed_by", "literal_error")]),
        (KNOWN | {"confirmed_on": "2026-02-30"}, [("/confirmed_on", "date_type")]),
        (KNOWN | {"confirmed_on": "20260220"}, [("/confirmed_on", "date_type")]),
        (KNOWN | {"confirmed_on": 1}, [("/confirmed_on", "date_type")]),
        (KNOWN | {"confirmed_on": str(date.today() + timedelta(days=3))}, [("/confirmed_on", "in_the_future")]),
        (
            KNOWN | {"urgency_was_right": "soon", "name": "x"},
            [("/urgency_was_right", "literal_error"), ("/name", "extra_forbidden")],
        ),
    ],
)
def test_every_problem_of_a_body_is_told(
    api: HttpClient, place: str, body: Any, problems: list[tuple[str, str]]
) -> None:
    response = report(api, place, body)
    assert response.status_code == 422
    assert [(each["pointer"], each["code"]) for each in response.json()["errors"]] == problems
    assert not KnownOutcome.objects.exists()


def test_the_urgency_alone_can_be_told(api: HttpClient, place: str) -> None:
    body = {"confirmed_by": "clinical_course", "confirmed_on": "2026-02-20", "urgency_was_right": "self_care"}
    assert report(api, place, body).status_code == 201


def test_a_repeated_key_gets_the_first_answer_and_stores_once(api: HttpClient, place: str) -> None:
    first, again = (report(api, place, KNOWN, idempotency_key="k1") for _ in range(2))
    assert (again.status_code, again.content) == (201, first.content)
    for where, body in ((assessed(api), KNOWN), (place, KNOWN | {"confirmed_by": "surgery"})):
        response = report(api, where, body, idempotency_key="k1")
        assert (response.status_code, response.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert KnownOutcome.objects.count() == 1


def test_the_audit_trail_tells_that_it_was_reported_and_not_what(api: HttpClient, place: str) -> None:
    report(api, place, KNOWN)
    event = partners.audit_events()[0]
    assert (event.action, f"{PATH}/{event.resource_id}") == ("outcome.reported", place)


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_organisations_assessment_is_as_good_as_unknown(api: HttpClient, place: str, method: str) -> None:
    report(api, place, KNOWN)
    other = client_with(*Scope.values)

    def ask(where: str) -> Any:
        return other.get(f"{where}/outcome") if method == "get" else report(other, where, KNOWN)

    theirs, nobodys = ask(place), ask(f"{PATH}/{NOBODYS}")
    assert theirs.status_code == nobodys.status_code == 404
    assert without_instance(theirs) == without_instance(nobodys)
    assert KnownOutcome.objects.count() == 1


def test_scopes_are_needed(api: HttpClient, place: str) -> None:
    assert report(client_with(Scope.ASSESSMENTS_READ), place, KNOWN).status_code == 403
    assert client_with(Scope.ASSESSMENTS_WRITE).get(f"{place}/outcome").status_code == 403


def test_conditions_of_the_own_and_of_the_current_release_are_known(bundled: Any) -> None:
    release = conditions.current_release()
    assert "hip_osteoarthritis" in conditions.condition_keys(release, release)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"number": 0}, "outcome_number_from_one"),
        ({"confirmed_by": "guess"}, "outcome_confirmed_by_known"),
        ({"urgency_was_right": "soon"}, "outcome_urgency_known"),
        ({"other": True}, "outcome_condition_or_other"),
        ({"condition": ""}, "outcome_says_something"),
    ],
)
def test_the_database_refuses_what_makes_no_sense(
    api: HttpClient, place: str, values: dict[str, Any], constraint: str
) -> None:
    report(api, place, KNOWN)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        KnownOutcome.objects.update(**values)


def test_two_reports_do_not_have_one_number(api: HttpClient, place: str) -> None:
    for _ in range(2):
        report(api, place, KNOWN)
    with pytest.raises(IntegrityError, match="outcome_numbered_within_assessment"), transaction.atomic():
        KnownOutcome.objects.update(number=1)
