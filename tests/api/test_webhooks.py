"""Webhooks over HTTP: registered, changed, seen; what an assessment emits, exactly, and what it does not."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client as HttpClient
from django.utils import timezone

from partners import selectors as partners
from partners.models import Scope, WebhookDelivery, WebhookEndpoint
from tests.api.test_assessments import EMERGENCY, JSON, MARKER, NOBODYS, PATH, case, client_with, post
from tests.api.test_replay import assessed, without_instance
from triage.actions import assessments

pytestmark = pytest.mark.django_db
ENDPOINTS, DELIVERIES = "/api/v1/webhook-endpoints", "/api/v1/webhook-deliveries"
NEW: dict[str, Any] = {
    "url": "https://clinic.example.org/hooks",
    "event_types": ["assessment.emergency", "worklist.changed"],
}


def register(http: HttpClient, **changes: Any) -> Any:
    return http.post(ENDPOINTS, NEW | changes, content_type=JSON)


@pytest.fixture
def place(api: HttpClient) -> str:
    """The address of an endpoint."""
    return str(register(api).headers["Location"])


def emitted(kind: str) -> list[dict[str, Any]]:
    """What is to be told of such events."""
    rows = WebhookDelivery.objects.filter(event_type=kind).order_by("id")
    return [json.loads(bytes(row.body)) for row in rows]


def test_a_secret_is_shown_once(api: HttpClient) -> None:
    response = register(api)
    answer = response.json()
    assert (response.status_code, response.headers["Cache-Control"]) == (201, "no-store")
    assert answer["secret"].startswith("whsec_")
    place = response.headers["Location"]
    told = api.get(place).json()
    assert told == {name: value for name, value in answer.items() if name != "secret"}
    assert told | NEW | {"enabled": True, "include_same_day": False} == told
    assert api.get(ENDPOINTS).json()["results"] == [told]
    assert partners.audit_events()[0].action == "webhook_endpoint.created"


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"url": "http://clinic.example.org/hooks"}, [("/url", "unusable")]),
        ({"url": "https://me:pw@clinic.example.org/"}, [("/url", "unusable")]),
        ({"url": "https://127.0.0.1/hooks"}, [("/url", "unusable")]),
        ({"url": "https://10.0.0.1/hooks"}, [("/url", "unusable")]),
        ({"url": "https://[fd00::1]/hooks"}, [("/url", "unusable")]),
        ({"url": "https://[/"}, [("/url", "unusable")]),
        ({"url": "https://x/" + "y" * 500}, [("/url", "string_too_long")]),
        ({"url": 7, "event_types": []}, [("/url", "string_type"), ("/event_types", "too_short")]),
        ({"event_types": ["everything"], "x": 1}, [("/event_types/0", "literal_error"), ("/x", "extra_forbidden")]),
    ],
)
def test_every_problem_of_a_body_is_told(
    api: HttpClient, changes: dict[str, Any], problems: list[tuple[str, str]], settings: Any
) -> None:
    settings.HIPCARE_WEBHOOKS_TO_THIS_MACHINE = False
    response = register(api, **changes)
    assert response.status_code == 422
    assert [(each["pointer"], each["code"]) for each in response.json()["errors"]] == problems
    assert not WebhookEndpoint.objects.exists()


def test_an_address_is_registered_once_and_not_too_many(api: HttpClient, place: str) -> None:
    assert register(api).status_code == 409
    for number in range(19):
        assert register(api, url=f"https://clinic.example.org/{number}").status_code == 201
    assert register(api, url="https://clinic.example.org/more").status_code == 409
    moved = api.patch(place, {"url": "https://clinic.example.org/1"}, content_type=JSON)
    assert moved.status_code == 409


def test_an_endpoint_is_changed_switched_off_and_on_and_deleted(api: HttpClient, place: str) -> None:
    changed = api.patch(place, {"enabled": False, "event_types": ["worklist.changed"]}, content_type=JSON).json()
    assert (changed["enabled"], changed["disabled_because"]) == (False, "by_hand")
    assert (changed["event_types"], changed["url"]) == (["worklist.changed"], NEW["url"])
    assessed(api, EMERGENCY)
    assert not WebhookDelivery.objects.exists()
    assert api.patch(place, {"enabled": True}, content_type=JSON).json()["disabled_because"] == ""
    assessed(api, EMERGENCY)
    assert WebhookDelivery.objects.count() == 1
    assert (api.delete(place).status_code, api.get(place).status_code) == (204, 404)
    assert not WebhookDelivery.objects.exists()


def test_a_secret_is_rotated(api: HttpClient, place: str) -> None:
    before = WebhookEndpoint.objects.get().encrypted_secret
    answer = api.post(f"{place}/rotate-secret", {"overlap_hours": 1}, content_type=JSON).json()
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.encrypted_old_secret, answer["secret"][:6]) == (before, "whsec_")
    assert api.post(f"{place}/rotate-secret", {"overlap_hours": 0}, content_type=JSON).status_code == 200
    assert WebhookEndpoint.objects.get().encrypted_old_secret == ""
    assert api.post(f"{place}/rotate-secret", {"overlap_hours": 169}, content_type=JSON).status_code == 422


def test_a_test_event_goes_to_an_endpoint_whatever_it_wants(api: HttpClient, place: str) -> None:
    response = api.post(f"{place}/test")
    assert (response.status_code, response.json()["state"]) == (202, "pending")
    (told,) = emitted("webhook.test")
    assert told["data"] == {"endpoint": place.rsplit("/", maxsplit=1)[-1]}
    delivery = api.get(response.headers["Location"]).json()
    assert (delivery["event_id"], delivery["attempts"]) == (told["id"], [])


def test_an_emergency_is_told_with_ids_and_links_alone(api: HttpClient, place: str) -> None:
    where = assessed(api, EMERGENCY)
    key = where.rsplit("/", maxsplit=1)[-1]
    data = {
        "assessment": key,
        "follow_up": None,
        "worklist_state": "open",
        "links": {"assessment": where, "review": f"{where}/review"},
    }
    for kind in ("assessment.emergency", "worklist.changed"):
        (told,) = emitted(kind)
        assert told.keys() == {"id", "type", "timestamp", "data"}
        assert (UUID(told["id"]).version, told["type"], told["data"]) == (7, kind, data)
    assert MARKER not in str(list(WebhookDelivery.objects.values()))


def test_a_follow_up_that_is_an_emergency_is_told(api: HttpClient, place: str) -> None:
    where = assessed(api, case())
    assert not WebhookDelivery.objects.exists()
    body = {"findings": EMERGENCY["findings"]}
    answer = api.post(f"{where}/follow-ups", body, content_type=JSON).json()
    (told,) = emitted("assessment.emergency")
    assert (told["data"]["follow_up"], told["data"]["worklist_state"]) == (answer["id"], "open")
    assert told["data"]["links"]["follow_up"] == f"{where}/follow-ups/{answer['id']}"


def test_same_day_is_told_to_those_who_want_it(api: HttpClient, place: str) -> None:
    same_day = case(findings=[{"id": "fever", "state": "present"}, {"id": "pain_groin", "state": "present"}])
    assert post(api, same_day).json()["urgency"]["level"] == "same_day"
    assert emitted("assessment.emergency") == []
    api.patch(place, {"include_same_day": True}, content_type=JSON)
    post(api, same_day)
    assert len(emitted("assessment.emergency")) == 1


def test_every_change_in_the_worklist_is_told(api: HttpClient, place: str) -> None:
    where = assessed(api, EMERGENCY)
    for _ in range(2):
        headers = {"idempotency-key": "k1"}
        api.post(f"{where}/review", {"state": "acknowledged"}, content_type=JSON, headers=headers)
    assert [told["data"]["worklist_state"] for told in emitted("worklist.changed")] == ["open", "acknowledged"]


def test_a_repeat_tells_once(api: HttpClient, place: str) -> None:
    for _ in range(2):
        assert post(api, EMERGENCY, idempotency_key="k1").status_code == 201
    assert len(emitted("assessment.emergency")) == 1


def test_what_is_not_stored_is_not_told(api: HttpClient, place: str) -> None:
    assert post(api, EMERGENCY | {"options": {"store": False}}).json()["urgency"]["level"] == "emergency"
    assert not WebhookDelivery.objects.exists()


def test_what_is_rolled_back_is_not_told(api: HttpClient, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last thing in the transaction fails, after everything was emitted."""

    def fail(*args: Any) -> None:
        assert WebhookDelivery.objects.count() == 2
        raise RuntimeError

    monkeypatch.setattr(assessments, "_audit", fail)
    api.raise_request_exception = False
    assert post(api, EMERGENCY).status_code == 500
    assert not WebhookDelivery.objects.exists()


def test_what_is_erased_is_not_told_any_more(api: HttpClient, place: str) -> None:
    where = assessed(api, EMERGENCY)
    assert WebhookDelivery.objects.count() == 2
    api.delete(where)
    assert not WebhookDelivery.objects.exists()


def test_deliveries_are_listed_filtered_and_sent_again(api: HttpClient, place: str) -> None:
    where = assessed(api, EMERGENCY)
    WebhookDelivery.objects.filter(event_type="worklist.changed").update(state="dead", ended_at=timezone.now())
    (dead,) = api.get(f"{DELIVERIES}?state=dead").json()["results"]
    (waits,) = api.get(f"{DELIVERIES}?state=pending&event_type=assessment.emergency").json()["results"]
    assert (dead["next_attempt_at"], waits["ended_at"]) == (None, None)
    assert dead["assessment"] == where.rsplit("/", maxsplit=1)[-1]
    assert len(api.get(f"{DELIVERIES}?assessment={dead['assessment']}").json()["results"]) == 2
    assert api.get(f"{DELIVERIES}?endpoint={NOBODYS}").json()["results"] == []
    assert api.get(f"{DELIVERIES}?state=lost").status_code == 400
    again = api.post(f"{DELIVERIES}/{dead['id']}/resend")
    assert (again.status_code, again.json()["state"]) == (202, "pending")
    assert api.post(f"{DELIVERIES}/{dead['id']}/resend").status_code == 409


def test_another_organisation_sees_and_hears_nothing(api: HttpClient, place: str) -> None:
    other = client_with(*Scope.values)
    assessed(other, EMERGENCY)
    assert not WebhookDelivery.objects.exists()
    assessed(api, EMERGENCY)
    delivery = WebhookDelivery.objects.first()
    assert delivery is not None
    assert other.get(ENDPOINTS).json()["results"] == other.get(DELIVERIES).json()["results"] == []
    asked = [
        ("get", place, f"{ENDPOINTS}/{NOBODYS}"),
        ("patch", place, f"{ENDPOINTS}/{NOBODYS}"),
        ("delete", place, f"{ENDPOINTS}/{NOBODYS}"),
        ("post", f"{place}/test", f"{ENDPOINTS}/{NOBODYS}/test"),
        ("post", f"{place}/rotate-secret", f"{ENDPOINTS}/{NOBODYS}/rotate-secret"),
        ("get", f"{DELIVERIES}/{delivery.id}", f"{DELIVERIES}/{NOBODYS}"),
        ("post", f"{DELIVERIES}/{delivery.id}/resend", f"{DELIVERIES}/{NOBODYS}/resend"),
    ]
    for method, theirs, nobodys in asked:
        body = {} if method in {"get", "delete"} else {"data": {}, "content_type": JSON}
        answers = [getattr(other, method)(where, **body) for where in (theirs, nobodys)]
        assert [answer.status_code for answer in answers] == [404, 404], theirs
        assert without_instance(answers[0]) == without_instance(answers[1])
    assert WebhookEndpoint.objects.count() == 1


def test_the_scope_is_needed(api: HttpClient, place: str) -> None:
    other = client_with(*(scope for scope in Scope.values if scope != "webhooks:manage"))
    assert {other.get(where).status_code for where in (ENDPOINTS, DELIVERIES, place)} == {403}
    assert register(other).status_code == 403


def test_metrics_tell_states_and_lag(api: HttpClient, place: str) -> None:
    assessed(api, EMERGENCY)
    text = api.get("/metrics").content.decode()
    assert 'hipcare_webhook_deliveries{state="pending"} 2.0' in text
    assert 'hipcare_webhook_deliveries{state="dead"} 0.0' in text
    assert "hipcare_webhook_lag_seconds " in text
    assert PATH not in text
