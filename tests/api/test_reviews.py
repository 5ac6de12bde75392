"""Where an assessment stands in the worklist, over HTTP: what enters, who changes it, what brings it back."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as HttpClient

from partners import selectors as partners
from partners.models import Client, Scope
from tests.api.test_assessments import EMERGENCY, JSON, NOBODYS, PATH, case, client_with
from tests.api.test_replay import assessed, without_instance
from triage.models import Review
from triage.worklist import MAY_FOLLOW

pytestmark = pytest.mark.django_db
CLOSED = {"state": "closed", "resolution": "reached_and_referred"}


def written() -> list[str]:
    """What the audit trail tells last of what was written."""
    return [event.action for event in partners.audit_events().exclude(action="review.read")[:2]]


def set_state(http: HttpClient, place: str, body: Any, **headers: str) -> Any:
    return http.post(f"{place}/review", body, content_type=JSON, headers=headers)


def state_of(http: HttpClient, place: str) -> str | None:
    state: str | None = http.get(f"{place}/review").json()["state"]
    return state


def follow_up(http: HttpClient, place: str, **body: Any) -> Any:
    return http.post(f"{place}/follow-ups", body, content_type=JSON)


@pytest.fixture
def place(api: HttpClient) -> str:
    """The address of an emergency."""
    return assessed(api, EMERGENCY)


def test_an_emergency_is_open_from_the_beginning(api: HttpClient, place: str) -> None:
    review = api.get(f"{place}/review").json()
    assert (review["number"], review["state"], review["urgency"]) == (1, "open", "emergency")
    (entry,) = review["history"]
    assert (entry["by"], entry["resolution"], entry["follow_up"]) == ("answer", None, None)
    assert written() == ["assessment.created", "worklist.open"]


def test_what_nobody_must_look_at_is_not_in_the_worklist(api: HttpClient) -> None:
    review = api.get(f"{assessed(api, case())}/review").json()
    assert (review["number"], review["state"], review["urgency"], review["history"]) == (0, None, None, [])


def test_a_partner_closes_a_case_and_the_history_tells(api: HttpClient, place: str, partner: Client) -> None:
    assert set_state(api, place, {"state": "in_progress"}).status_code == 201
    response = set_state(api, place, CLOSED | {"seen": 2})
    assert (response.status_code, response.headers["Location"]) == (201, f"{place}/review")
    assert api.get(f"{place}/review").json() == response.json()
    history = response.json()["history"]
    assert [(each["number"], each["state"]) for each in history] == [(1, "open"), (2, "in_progress"), (3, "closed")]
    assert (history[-1]["by"], history[-1]["resolution"]) == (f"client:{partner.id}", "reached_and_referred")
    assert written() == ["worklist.closed", "worklist.in_progress"]


def test_any_assessment_can_be_put_into_the_worklist(api: HttpClient) -> None:
    place = assessed(api, case())
    assert set_state(api, place, {"state": "open", "seen": 0}).status_code == 201
    assert state_of(api, place) == "open"


@pytest.mark.parametrize("body", [{"state": "open"}, {"state": "acknowledged", "seen": 7}])
def test_what_the_state_does_not_allow_is_a_conflict(api: HttpClient, place: str, body: Any) -> None:
    response = set_state(api, place, body)
    assert (response.status_code, response.json()["type"]) == (409, "/problems/conflict")
    assert Review.objects.count() == 1


def test_after_closing_it_can_only_be_opened(api: HttpClient, place: str) -> None:
    set_state(api, place, CLOSED)
    for body in ({"state": "acknowledged"}, {"state": "in_progress"}, CLOSED):
        assert set_state(api, place, body).status_code == 409
    assert set_state(api, place, {"state": "open"}).status_code == 201
    assert {None, *Review.State.values} == MAY_FOLLOW.keys()


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ([], [("", "model_type")]),
        ({}, [("/state", "missing")]),
        ({"state": "done"}, [("/state", "literal_error")]),
        ({"state": "closed"}, [("", "resolution_missing")]),
        (CLOSED | {"state": "open"}, [("", "contradiction")]),
        (CLOSED | {"resolution": "called her, fine"}, [("/resolution", "literal_error")]),
        (CLOSED | {"note": "x", "seen": "1"}, [("/seen", "int_type"), ("/note", "extra_forbidden")]),
    ],
)
def test_every_problem_of_a_body_is_told(
    api: HttpClient, place: str, body: Any, problems: list[tuple[str, str]]
) -> None:
    response = set_state(api, place, body)
    assert response.status_code == 422
    assert [(each["pointer"], each["code"]) for each in response.json()["errors"]] == problems


def test_a_repeated_key_gets_the_first_answer_and_changes_once(api: HttpClient, place: str) -> None:
    first, again = (set_state(api, place, CLOSED, idempotency_key="k1") for _ in range(2))
    assert (again.status_code, again.content) == (201, first.content)
    for where, body in ((assessed(api, EMERGENCY), CLOSED), (place, {"state": "open"})):
        response = set_state(api, where, body, idempotency_key="k1")
        assert (response.status_code, response.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert Review.objects.filter(state="closed").count() == 1


def test_a_follow_up_that_escalates_opens_a_closed_case_again(api: HttpClient, place: str) -> None:
    set_state(api, place, CLOSED)
    answer = follow_up(api, place, findings=[{"id": "fever", "state": "present"}]).json()
    assert answer["next_step"]["kind"] == "escalate"
    review = api.get(f"{place}/review").json()
    assert (review["state"], review["history"][-1]["follow_up"]) == ("open", answer["id"])
    follow_up(api, place, findings=[{"id": "fever", "state": "present"}])
    assert api.get(f"{place}/review").json()["number"] == review["number"]


def test_a_follow_up_brings_a_case_into_the_worklist_with_its_urgency(api: HttpClient) -> None:
    place = assessed(api, case())
    assert state_of(api, place) is None
    follow_up(api, place, findings=[{"id": "pain_groin", "state": "present"}])
    assert state_of(api, place) is None
    follow_up(api, place, findings=EMERGENCY["findings"])
    review = api.get(f"{place}/review").json()
    assert (review["state"], review["urgency"]) == ("open", "emergency")


def test_the_list_tells_the_state_and_is_filtered_by_it(api: HttpClient, place: str) -> None:
    routine, taken = assessed(api, case()), assessed(api, EMERGENCY)
    set_state(api, taken, {"state": "acknowledged"})

    def listed(query: str) -> dict[str, str | None]:
        rows = api.get(f"{PATH}{query}").json()["results"]
        return {f"{PATH}/{row['id']}": row["worklist_state"] for row in rows}

    assert listed("") == {place: "open", routine: None, taken: "acknowledged"}
    assert listed("?worklist_state=open") == {place: "open"}
    assert listed("?worklist_state=open&worklist_state=acknowledged") == {place: "open", taken: "acknowledged"}
    assert api.get(f"{PATH}?worklist_state=done").status_code == 400


def test_erasure_takes_the_history_with_it(api: HttpClient, place: str) -> None:
    set_state(api, place, CLOSED)
    assert api.delete(place).status_code == 204
    assert not Review.objects.exists()
    assert api.get(f"{place}/review").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_organisations_assessment_is_as_good_as_unknown(api: HttpClient, place: str, method: str) -> None:
    other = client_with(*Scope.values)

    def ask(where: str) -> Any:
        return other.get(f"{where}/review") if method == "get" else set_state(other, where, CLOSED)

    theirs, nobodys = ask(place), ask(f"{PATH}/{NOBODYS}")
    assert theirs.status_code == nobodys.status_code == 404
    assert without_instance(theirs) == without_instance(nobodys)
    assert Review.objects.count() == 1


def test_scopes_are_needed(api: HttpClient, place: str) -> None:
    assert set_state(client_with(Scope.ASSESSMENTS_READ), place, CLOSED).status_code == 403
    assert client_with(Scope.ASSESSMENTS_WRITE).get(f"{place}/review").status_code == 403


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"number": 0}, "review_number_from_one"),
        ({"state": "done"}, "review_state_known"),
        ({"state": "closed"}, "review_closed_with_a_resolution"),
        ({"resolution": "not_reached"}, "review_closed_with_a_resolution"),
        ({"urgency": "soon"}, "review_urgency_known"),
        ({"by": ""}, "review_by_somebody"),
        ({"number": 1}, "review_numbered_within_assessment"),
        ({}, "review_one_stands"),
    ],
)
def test_the_database_refuses_what_makes_no_sense(
    api: HttpClient, place: str, values: dict[str, Any], constraint: str
) -> None:
    row = Review.objects.get()
    good = {"organisation": row.organisation, "assessment": row.assessment, "number": 2, "state": "open"}
    good |= {"urgency": "urgent", "by": "staff:1", "created_at": row.created_at, "stands": not values}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Review.objects.create(**{**good, **values})


def test_a_change_is_never_rewritten(api: HttpClient, place: str) -> None:
    for values in ({"state": "acknowledged"}, {"by": "staff:2"}, {"stands": False, "urgency": "urgent"}):
        with pytest.raises(IntegrityError, match="add another one"), transaction.atomic():
            Review.objects.update(**values)
