"""`POST /interview/next`."""

from typing import Any

import pytest
from django.test import Client as HttpClient

from partners.models import AuditEvent
from triage.api import examples
from triage.models import Assessment

pytestmark = pytest.mark.django_db
PERSON: dict[str, Any] = {"patient": {"age": {"value": 61}, "sex": "female"}}


def post(api: HttpClient, body: Any) -> Any:
    return api.post("/api/v1/interview/next", body, content_type="application/json")


def test_it_begins_without_any_answer(api: HttpClient) -> None:
    response = post(api, PERSON)
    assert response.status_code == 200
    answer = response.json()
    assert answer["questions"]
    assert {question["why"] for question in answer["questions"]} == {"red_flag"}
    assert answer["should_stop"] is False
    assert answer["stop_because"] is None
    assert len(answer["causes"]) == 3


def test_the_example_is_answered_in_the_shape_of_its_example(api: HttpClient) -> None:
    answer = post(api, examples.INTERVIEW_REQUEST).json()
    assert answer.keys() == examples.INTERVIEW_ANSWER.keys()
    assert answer["questions"][0].keys() == examples.INTERVIEW_ANSWER["questions"][0].keys()


def test_an_emergency_stops_it(api: HttpClient) -> None:
    findings = [
        {"id": "saddle_numbness", "state": "present"},
        {"id": "urinary_retention_or_incontinence", "state": "present"},
    ]
    answer = post(api, {**PERSON, "findings": findings}).json()
    assert answer["should_stop"] is True
    assert "stop" in answer["stop_because"]
    assert answer["urgency"]["level"] == "emergency"


def test_only_a_clinician_is_asked_for_signs(api: HttpClient) -> None:
    kinds: dict[str, set[str]] = {}
    for respondent in ("self", "clinician"):
        body: dict[str, Any] = {**PERSON, "respondent": respondent, "findings": []}
        kinds[respondent] = set()
        while questions := post(api, body).json()["questions"]:
            kinds[respondent] |= {question["kind"] for question in questions}
            body["findings"] += [{"id": question["finding"], "state": "unknown"} for question in questions]
    assert not {"sign", "lab", "imaging"} & kinds["self"]
    assert "sign" in kinds["clinician"]


def test_nothing_is_kept_but_that_it_was_asked(api: HttpClient) -> None:
    before = AuditEvent.objects.count()
    post(api, examples.INTERVIEW_REQUEST)
    assert Assessment.objects.count() == 0
    event = AuditEvent.objects.latest("pk")
    assert AuditEvent.objects.count() == before + 1
    assert (event.action, event.resource_type, event.resource_id) == ("interview.continued", "interview", "")


def test_the_same_answers_get_the_same_questions(api: HttpClient) -> None:
    assert post(api, examples.INTERVIEW_REQUEST).content == post(api, examples.INTERVIEW_REQUEST).content


def test_every_problem_is_told_with_its_pointer(api: HttpClient) -> None:
    body = {
        **PERSON,
        "findings": [
            {"id": "fever", "state": "present"},
            {"id": "fever", "state": "absent"},
            {"id": "feverr", "state": "x"},
        ],
        "options": {"max_questions": -1},
    }
    response = post(api, body)
    assert response.status_code == 422
    assert {error["pointer"] for error in response.json()["errors"]} == {
        "/findings/1",
        "/findings/2/id",
        "/findings/2/state",
        "/options/max_questions",
    }


def test_it_needs_a_token(anyone: HttpClient) -> None:
    assert post(anyone, PERSON).status_code == 401
