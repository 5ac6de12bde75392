"""The language of an answer over HTTP: asked for once, kept with what is stored."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as HttpClient
from icalendar import Calendar

from conditions import selectors
from hipcare.environment import BASE_DIRECTORY
from tests.pseudo_language import pseudo_language

pytestmark = pytest.mark.django_db
PATH = "/api/v1/assessments"


@pytest.fixture(autouse=True)
def _angle_quotes(db: None, tmp_path: Path) -> Iterator[None]:
    with pseudo_language(selectors.current_release(), tmp_path):
        yield


def body(**options: Any) -> dict[str, Any]:
    case: dict[str, Any] = json.loads((BASE_DIRECTORY / "examples" / "osteoarthritis_screened.json").read_text())
    return {**case, "options": options}


def post(api: HttpClient, path: str, content: dict[str, Any]) -> dict[str, Any]:
    response = api.post(path, json.dumps(content), content_type="application/json")
    assert response.status_code in {200, 201}, response.content
    answer: dict[str, Any] = response.json()
    return answer


def test_english_is_the_language_unless_another_is_asked_for(api: HttpClient) -> None:
    answer = post(api, PATH, body())
    assert answer["locale"] == "en"
    assert "«" not in json.dumps(answer, ensure_ascii=False)


def test_an_assessment_is_told_and_kept_in_its_language(api: HttpClient) -> None:
    answer = post(api, PATH, body(locale="es"))
    assert answer["locale"] == "es"
    assert answer["urgency"]["summary"].startswith("«")
    assert answer["causes"][0]["common_name"].startswith("«")
    assert not answer["causes"][0]["name"].startswith("«")
    assert answer["disclaimer"].startswith("«")
    assert api.get(f"{PATH}/{answer['id']}").json() == answer


def test_problems_are_english(api: HttpClient) -> None:
    response = api.post(PATH, json.dumps({**body(locale="es"), "side": "up"}), content_type="application/json")
    assert response.status_code == 422
    assert "«" not in response.content.decode()


def test_a_language_that_there_is_not_is_refused(api: HttpClient) -> None:
    response = api.post(PATH, json.dumps(body(locale="fr")), content_type="application/json")
    assert [error["pointer"] for error in response.json()["errors"]] == ["/options/locale"]


def test_an_interview_and_what_if_are_told_in_the_language_asked_for(api: HttpClient) -> None:
    new = {"patient": {"age": {"value": 40}}, "respondent": "self", "options": {"locale": "es"}}
    step = post(api, "/api/v1/interview/next", new)
    assert all(question["question"].startswith("«") for question in step["questions"])
    assert step["urgency"]["decided_by"][0]["why"].startswith("«")
    compared = post(
        api,
        "/api/v1/what-if",
        {"case": body(locale="es"), "changes": [{"findings": [{"id": "fever", "state": "present"}]}]},
    )
    assert compared["before"]["urgency"]["summary"].startswith("«")
    assert compared["changes"][0]["urgency"]["summary"].startswith("«")


def test_the_page_the_calendar_and_the_chart_are_in_the_language_of_the_answer(api: HttpClient) -> None:
    answer = post(api, PATH, body(locale="es"))
    place = f"{PATH}/{answer['id']}"
    page = api.get(f"{place}/programme/page").content.decode()
    assert '<html lang="es">' in page
    assert "<h2>«Your plan»</h2>" in page
    assert "«Week 1»" in page or "«Weeks 1 to" in page
    calendar = Calendar.from_ical(api.get(f"{place}/programme/calendar?start=2026-05-04").content)
    assert all(str(event["summary"]).startswith("«") for event in calendar.walk("VEVENT"))
    chart = api.get(f"{place}/trajectory.svg").content.decode()
    assert "«Outcome measures at 1 contacts»" in chart
    english = post(api, PATH, body())
    assert "«" not in api.get(f"{PATH}/{english['id']}/programme/page").content.decode()


def test_a_follow_up_keeps_the_language_of_its_assessment(api: HttpClient) -> None:
    answer = post(api, PATH, body(locale="es"))
    told = post(api, f"{PATH}/{answer['id']}/follow-ups", {"global_change": -3, "days_since_start": 50})
    assert told["locale"] == "es"
    assert told["next_step"]["why"].startswith("«")
    assert told["measures"] == [] or told["measures"][0]["name"].startswith("«")
    assert all(timer["name"].startswith("«") for timer in told["timers"])
