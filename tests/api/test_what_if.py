"""`POST /what-if`."""

from typing import Any

import pytest
from django.test import Client as HttpClient

from partners.models import AuditEvent
from triage.api import examples
from triage.models import Assessment

pytestmark = pytest.mark.django_db
CASE = examples.WHAT_IF_REQUEST["case"]


def post(api: HttpClient, body: Any) -> Any:
    return api.post("/api/v1/what-if", body, content_type="application/json")


def test_the_example_is_answered_in_the_shape_of_its_example(api: HttpClient) -> None:
    response = post(api, examples.WHAT_IF_REQUEST)
    assert response.status_code == 200
    answer, example = response.json(), examples.WHAT_IF_ANSWER
    assert answer.keys() == example.keys()
    assert answer["changes"][0].keys() == example["changes"][0].keys()
    assert answer["changes"][0]["moves"].keys() == example["changes"][0]["moves"].keys()
    assert answer["changes"][0]["label"] == examples.WHAT_IF_REQUEST["changes"][0]["label"]
    assert answer["changes"][0]["moves"]["urgency"]["to"] == "emergency"


def test_it_says_what_an_assessment_says(api: HttpClient) -> None:
    changed = {**CASE, "setting": "specialist", "patient": {"age": {"value": 30}, "sex": "male"}}
    changed["findings"] = [*CASE["findings"][1:], {"id": "pain_lateral", "state": "present"}]
    changes = [
        {
            "setting": "specialist",
            "patient": changed["patient"],
            "findings": [{"id": "pain_groin", "state": "unasked"}, {"id": "pain_lateral", "state": "present"}],
        }
    ]
    compared = post(api, {"case": CASE, "changes": changes}).json()
    for told, body in ((compared["before"], CASE), (compared["changes"][0], changed)):
        assessment = api.post(
            "/api/v1/assessments", {**body, "options": {"store": False}}, content_type="application/json"
        ).json()
        assert told["urgency"] == assessment["urgency"]
        assert told["ladder_status"] == assessment["ladder"]["status"]
        assert [(c["condition"], c["probability"]) for c in told["causes"]] == [
            (c["condition"], c["probability"]) for c in assessment["causes"]
        ]


def test_nothing_is_kept_but_that_it_was_tried(api: HttpClient) -> None:
    before = AuditEvent.objects.count()
    post(api, examples.WHAT_IF_REQUEST)
    assert Assessment.objects.count() == 0
    event = AuditEvent.objects.latest("pk")
    assert AuditEvent.objects.count() == before + 1
    assert (event.action, event.resource_type, event.resource_id) == ("what_if.computed", "what_if", "")


def test_every_problem_is_told_with_its_pointer(api: HttpClient) -> None:
    twice = [{"id": "fever", "state": "present"}, {"id": "fever", "state": "unasked"}]
    body = {
        "case": {**CASE, "findings": [{"id": "feverr", "state": "present"}]},
        "changes": [
            {"findings": twice},
            {"measurements": [{"id": "temperature_c", "value": 400}]},
            {"label": "nothing"},
        ],
    }
    response = post(api, body)
    assert response.status_code == 422
    assert {error["pointer"] for error in response.json()["errors"]} == {
        "/case/findings/0/id",
        "/changes/0/findings/1",
        "/changes/1/measurements/0",
        "/changes/2",
    }


@pytest.mark.parametrize("body", [[], {"case": 1, "changes": 2}, {"case": CASE, "changes": []}, {"changes": [3]}])
def test_another_shape_is_refused(api: HttpClient, body: Any) -> None:
    assert post(api, body).status_code == 422


def test_at_most_twenty_changes(api: HttpClient) -> None:
    changes = [{"setting": "emergency"}] * 21
    assert post(api, {"case": CASE, "changes": changes[:20]}).status_code == 200
    assert post(api, {"case": CASE, "changes": changes}).status_code == 422


def test_it_needs_a_token(anyone: HttpClient) -> None:
    assert post(anyone, examples.WHAT_IF_REQUEST).status_code == 401
