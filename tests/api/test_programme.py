"""The programme of a stored assessment: as data, as a page and as a calendar."""

import base64
import hashlib
import json
import re
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from django.test import Client as HttpClient
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from hipcare.environment import BASE_DIRECTORY
from partners.actions import clients, organisations, tokens
from partners.models import Client, Scope
from triage import programme_calendar, programme_page
from triage.models import Assessment

pytestmark = pytest.mark.django_db
EXAMPLES = BASE_DIRECTORY / "examples"
PATHS = ("", "/page", "/calendar?start=2026-05-04")
EVIL = "<script>alert(1)</script> & 'x' \r\nBEGIN:VEVENT"


def stored(api: HttpClient, name: str) -> dict[str, Any]:
    body = (EXAMPLES / f"{name}.json").read_bytes()
    answer: dict[str, Any] = api.generic("POST", "/api/v1/assessments", body, content_type="application/json").json()
    return answer


@pytest.fixture
def answer(api: HttpClient) -> dict[str, Any]:
    return stored(api, "osteoarthritis_screened")


def path(answer: dict[str, Any], rest: str = "") -> str:
    return f"/api/v1/assessments/{answer['id']}/programme{rest}"


def events(answer: dict[str, Any], **about: Any) -> dict[str, Any]:
    """The events by the last part of their id."""
    beginning = programme_calendar.Beginning(**{"day": date(2026, 5, 4), **about})
    calendar = Calendar.from_ical(programme_calendar.calendar(UUID(answer["id"]), answer, beginning))
    return {str(event["uid"]).partition("@")[0][37:]: event for event in calendar.walk("VEVENT")}


class Elements(HTMLParser):
    """Every element of a page, and every attribute that could load or run something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}


def test_it_is_the_programme_of_the_answer(api: HttpClient, answer: dict[str, Any]) -> None:
    programme = api.get(path(answer)).json()
    assert programme == answer["programme"]
    assert programme["id"] == "prog_hip_oa_12"
    assert {"id", "name", "phases", "stop_rules", "starting_point"} <= programme.keys()


@pytest.mark.parametrize("rest", PATHS)
def test_an_answer_without_a_programme_has_none(api: HttpClient, rest: str) -> None:
    locked = stored(api, "septic_hip_adult")
    assert locked["programme"] is None
    assert locked["ladder"]["no_programme"] == [locked["ladder"]["reason"]]
    response = api.get(path(locked, rest))
    assert (response.status_code, response.json()["type"]) == (404, "/problems/not-found")


@pytest.mark.parametrize("rest", PATHS)
def test_the_programme_of_an_earlier_engine_is_not_shown(api: HttpClient, answer: dict[str, Any], rest: str) -> None:
    earlier = {**answer, "programme": {"id": "x", "name": "X", "phases": [], "stop_rules": []}}
    row = Assessment.objects.get()
    row.answer = json.dumps(earlier).encode()
    row.save()
    assert api.get(path(answer, rest)).status_code == 404


@pytest.mark.parametrize("rest", PATHS)
def test_another_organisations_programme_is_not_there(answer: dict[str, Any], rest: str) -> None:
    other = organisations.create(name="Another clinic", by="test")
    client = clients.create(organisation=other, name="Intake", scopes=Scope.values, by="test")
    stranger = HttpClient(headers={"authorization": f"Bearer {tokens.issue(client=client, by='test')[1]}"})
    assert stranger.get(path(answer, rest)).status_code == 404


@pytest.mark.parametrize("rest", PATHS)
def test_it_needs_the_scope_to_read(api: HttpClient, partner: Client, answer: dict[str, Any], rest: str) -> None:
    clients.change(client=partner, name=partner.name, scopes=["assessments:write"], active=True, by="test")
    assert api.get(path(answer, rest)).status_code == 403


def test_the_page_loads_nothing_and_runs_nothing(api: HttpClient, answer: dict[str, Any]) -> None:
    response = api.get(path(answer, "/page"))
    page = response.content.decode()
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    elements = Elements(page)
    assert not {"script", "link", "img", "iframe", "form", "object", "base"}.intersection(elements.tags)
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawings) == len(answer["programme"]["exercises"])
    around = Elements(re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL))
    assert around.attributes <= {"lang", "charset", "name", "content", "class", "scope"}
    assert not {"href", "xlink:href", "src", "style", "onload", "onclick"} & Elements("".join(drawings)).attributes
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert f"style-src 'sha256-{digest}'" in policy
    assert response.headers["Cache-Control"] == "private, no-store"


def test_the_page_holds_the_plan_and_nothing_about_the_person(api: HttpClient, answer: dict[str, Any]) -> None:
    page = api.get(path(answer, "/page")).content.decode()
    text = re.sub(r"<[^>]+>", " ", page)
    programme = answer["programme"]
    for card in programme["exercises"]:
        assert card["name"] in text
        assert all(step in page for step in card["steps"])
    assert all(rule in page for rule in programme["stop_rules"])
    assert answer["disclaimer"] in page
    for phase in programme["phases"]:
        assert all(entry["dose"] in page for entry in phase["exercises"])
    assert answer["id"] not in page
    assert "61" not in text
    assert "female" not in text


def test_there_is_a_box_for_each_session_of_each_week(answer: dict[str, Any]) -> None:
    first, *_, last = answer["programme"]["phases"]
    assert [(row["when"], len(row["boxes"])) for row in programme_page.rows(first)] == [("Week 1", 5), ("Week 2", 5)]
    assert len(list(programme_page.rows(last))) == programme_page.WEEKS_SHOWN_OF_AN_OPEN_END


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (0, 6, "Week 1"),
        (0, 13, "Weeks 1 to 2"),
        (84, None, "From week 13 on"),
        (0, 2, "Days 1 to 3"),
        (3, 3, "Day 4"),
        (3, None, "From day 4 on"),
    ],
)
def test_days_are_told_in_words(first: int, last: int | None, words: str) -> None:
    assert programme_page.when({"from": first, "to": last}) == words


def _evil(value: Any) -> Any:
    """Every text of the plan, made as bad as can be; ids and times stay."""
    if isinstance(value, dict):
        return {key: inner if key in {"id", "exercise"} else _evil(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_evil(inner) for inner in value]
    return EVIL if isinstance(value, str) else value


def test_text_is_escaped_on_the_page_and_in_the_calendar(answer: dict[str, Any]) -> None:
    evil = {**answer, "programme": _evil(answer["programme"]), "disclaimer": EVIL}
    assert "script" not in Elements(programme_page.page(evil)).tags
    assert len(events(evil)) == len(answer["programme"]["phases"]) + 1


def test_each_phase_is_one_event_that_recurs_and_the_review_is_another(answer: dict[str, Any]) -> None:
    made = events(answer)
    assert [*made] == ["phase-1", "phase-2", "phase-3", "phase-4", "review"]
    first, last = made["phase-1"], made["phase-4"]
    assert first["dtstart"].dt == date(2026, 5, 4)
    assert first["rrule"]["until"] == [date(2026, 5, 17)]
    assert first["rrule"]["byday"] == ["MO", "WE", "FR", "SA"]
    assert "until" not in last["rrule"]
    assert made["review"]["dtstart"].dt == date(2026, 5, 4) + timedelta(days=answer["follow_up"]["in_days"])
    assert "rrule" not in made["review"]
    assert "Read the page of your programme" in first["description"]


def test_with_a_time_sessions_are_at_that_time_wherever_the_calendar_is(
    api: HttpClient, answer: dict[str, Any]
) -> None:
    response = api.get(path(answer, "/calendar?start=2026-05-04&time=08:30"))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"DTSTART:20260504T083000\r\n" in response.content
    assert b"UNTIL=20260517T083000" in response.content
    assert response.headers["Content-Disposition"] == 'attachment; filename="hip-exercises.ics"'


def test_the_same_calendar_is_made_twice(api: HttpClient, answer: dict[str, Any]) -> None:
    first, second = (api.get(path(answer, "/calendar?start=2026-05-04")).content for _ in range(2))
    assert first == second
    ids = [[str(event["uid"]) for event in Calendar.from_ical(made).walk("VEVENT")] for made in (first, second)]
    assert ids[0] == ids[1] == list(dict.fromkeys(ids[0]))
    moved = api.get(path(answer, "/calendar?start=2026-06-01")).content
    assert [str(event["uid"]) for event in Calendar.from_ical(moved).walk("VEVENT")] == ids[0]


def test_the_calendar_names_nobody(api: HttpClient, answer: dict[str, Any]) -> None:
    text = api.get(path(answer, "/calendar?start=2026-05-04")).content.decode()
    assert "female" not in text
    assert "CLASS:PRIVATE" in text


@given(
    day=st.dates(date(2000, 1, 1), date(2200, 12, 31)),
    at=st.none() | st.times(),
    times=st.integers(1, 7),
    begin=st.integers(0, 200),
    length=st.none() | st.integers(0, 200),
)
def test_a_phase_recurs_on_different_weekdays_from_its_first_day(
    day: date, at: Any, times: int, begin: int, length: int | None
) -> None:
    phase = {
        "phase": 1,
        "name": "One",
        "frequency": "Often",
        "times_per_week": {"from": times, "to": 7},
        "days": {"from": begin, "to": None if length is None else begin + length},
        "exercises": [{"name": "Bridge", "dose": "once", "how": None}],
        "criteria_to_progress": None,
    }
    programme = {"name": "P", "phases": [phase], "stop_rules": [], "cautions": [], "safety_questions": []}
    answer = {"id": str(UUID(int=1)), "created_at": "2026-01-01T00:00:00Z", "programme": programme, "follow_up": None}
    rule = events(answer, day=day, time=at)["phase-1"]["rrule"]
    start = events(answer, day=day, time=at)["phase-1"]["dtstart"].dt
    assert (start.date() if isinstance(start, datetime) else start) == day + timedelta(days=begin)
    if times < 7:
        assert len({*rule["byday"]}) == times
        assert rule["byday"][0] == programme_calendar.WEEKDAYS[start.weekday()]
    else:
        assert rule["freq"] == ["DAILY"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "start"),
        ("?start=tomorrow", "start"),
        ("?start=2026-02-30", "start"),
        ("?start=9999-12-31", "start"),
        ("?start=0001-01-01", "start"),
        ("?start=%00", "start"),
        ("?start=2026-05-04&time=25:00", "time"),
        ("?start=2026-05-04&time=8", "time"),
    ],
)
def test_a_start_or_time_that_is_none_is_told(
    api: HttpClient, answer: dict[str, Any], query: str, parameter: str
) -> None:
    response = api.get(path(answer, f"/calendar{query}"))
    assert (response.status_code, response.json()["type"]) == (400, "/problems/invalid-parameters")
    assert [problem["parameter"] for problem in response.json()["errors"]] == [parameter]
