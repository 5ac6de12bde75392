"""A stored programme as a calendar (RFC 5545): one recurring event a phase, and one day on which to look again.

Nothing in it names the person. Times are floating: half past eight wherever the calendar is. The ids of the events
depend on the assessment and the phase alone, so the same file imported twice changes nothing.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext
from icalendar import Calendar, Event, vText

from triage.languages import SOURCE

MEDIA_TYPE = "text/calendar"
DAYS_A_WEEK = 7
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SESSION = dt.timedelta(minutes=30)
"""How much of the calendar a session takes up where it has a time: a place in the day, not a dose."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """Day 0 of the programme, and the time of day of the sessions; without a time they last all day."""

    day: dt.date
    time: dt.time | None = None

    def moment(self, days: int) -> dt.date | dt.datetime:
        """When the event of that day begins."""
        day = self.day + dt.timedelta(days=days)
        return day if self.time is None else dt.datetime.combine(day, self.time)


def calendar(assessment_id: UUID, answer: Mapping[str, Any], beginning: Beginning) -> bytes:
    """The programme in `answer`, which has one, from that day on. The same arguments give the same bytes."""
    with translation.override(answer.get("locale", SOURCE)):
        return _calendar(assessment_id, answer, beginning)


def _calendar(assessment_id: UUID, answer: Mapping[str, Any], beginning: Beginning) -> bytes:
    programme = answer["programme"]
    made = Calendar()
    made.add("prodid", "-//hipcare//exercise programme//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", vText(programme["name"]))
    for event in _events(assessment_id, answer, beginning):
        event.add("dtstamp", dt.datetime.fromisoformat(answer["created_at"]))
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    return made.to_ical()


def _events(assessment_id: UUID, answer: Mapping[str, Any], beginning: Beginning) -> Iterator[Event]:
    programme, follow_up = answer["programme"], answer["follow_up"]
    for phase in programme["phases"]:
        if phase["exercises"]:
            yield _phase_event(f"{assessment_id}-phase-{phase['phase']}@hipcare", phase, programme, beginning)
    if follow_up:
        yield _review_event(f"{assessment_id}-review@hipcare", follow_up, beginning)


def _phase_event(uid: str, phase: Mapping[str, Any], programme: Mapping[str, Any], beginning: Beginning) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("summary", gettext("Hip exercises: {name}").format(name=phase["name"]))
    event.add("description", "\n".join(_description(phase, programme)))
    first = beginning.moment(phase["days"]["from"])
    event.add("dtstart", first)
    event.add("duration", dt.timedelta(days=1) if beginning.time is None else SESSION)
    event.add("rrule", _recurrence(phase, beginning))
    return event


def _description(phase: Mapping[str, Any], programme: Mapping[str, Any]) -> Iterator[str]:
    if programme["cautions"] or programme["safety_questions"]:
        yield gettext("Read the page of your programme before you start: there are questions to settle first.")
    yield f"{phase['frequency']}."
    for exercise in phase["exercises"]:
        yield f"- {exercise['name']}: {exercise['dose']}." + (f" {exercise['how']}" if exercise["how"] else "")
    if phase["criteria_to_progress"]:
        yield gettext("Go on to the next part when: {criteria}").format(criteria=phase["criteria_to_progress"])
    yield ""
    yield from programme["stop_rules"]


def _recurrence(phase: Mapping[str, Any], beginning: Beginning) -> dict[str, Any]:
    """On as many days a week as the phase asks for at least, spread over the week from its first day on."""
    times = phase["times_per_week"]["from"] if phase["times_per_week"] else 1
    days = phase["days"]
    until = {} if days["to"] is None else {"until": beginning.moment(days["to"])}
    if times >= DAYS_A_WEEK:
        return {"freq": "daily", **until}
    first = (beginning.day + dt.timedelta(days=days["from"])).weekday()
    offsets = (round(DAYS_A_WEEK * n / times) for n in range(times))
    return {"freq": "weekly", **until, "byday": [WEEKDAYS[(first + offset) % DAYS_A_WEEK] for offset in offsets]}


def _review_event(uid: str, follow_up: Mapping[str, Any], beginning: Beginning) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("summary", gettext("Hip: look again with your clinician"))
    event.add("description", gettext("Do more if: {reason}").format(reason=follow_up["escalate_if"]))
    event.add("dtstart", beginning.day + dt.timedelta(days=follow_up["in_days"]))
    event.add("duration", dt.timedelta(days=1))
    return event
