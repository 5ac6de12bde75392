"""A stored programme as a page to print: plain HTML that loads nothing and runs nothing.

Its style is in the page itself, and the content security policy names that style by its hash and allows nothing else.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from math import ceil
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from conditions.selectors import release_by_version
from exercises import selectors as exercises
from triage.languages import SOURCE

MEDIA_TYPE = "text/html"
DAYS_A_WEEK = 7
WEEKS_SHOWN_OF_AN_OPEN_END = 4
STYLE = (Path(__file__).parent / "templates" / "triage" / "programme.css").read_text(encoding="utf-8")
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)


def page(answer: Mapping[str, Any]) -> str:
    """The programme in `answer`, which has one, in its language, with the drawings of its release.

    The template escapes everything but the style and the drawings, which are our own.
    """
    locale = answer.get("locale", SOURCE)
    with translation.override(locale):
        return _page(answer, locale, _pictures(answer))


def _pictures(answer: Mapping[str, Any]) -> Mapping[str, str]:
    release = release_by_version(answer["knowledge"]["version"])
    titles = {card["id"]: card["name"] for card in answer["programme"]["exercises"]}
    return exercises.pictures(release, titles, gettext)


def _page(answer: Mapping[str, Any], locale: str, pictures: Mapping[str, str]) -> str:
    programme = answer["programme"]
    questions = programme["safety_questions"]
    return render_to_string(
        "triage/programme.html",
        {
            "style": STYLE,
            "locale": locale,
            "programme": programme,
            "phases": [
                {**phase, "when": when(phase["days"]), "rows": list(rows(phase))} for phase in programme["phases"]
            ],
            "cards": [
                {
                    **card,
                    "picture": pictures.get(card["id"]),
                    "doses": list(_doses(card["id"], programme)),
                    "equipment": _equipment(card),
                }
                for card in programme["exercises"]
            ],
            "questions": [each["question"] for each in questions if each["who"] == "patient"],
            "for_clinician": any(each["who"] == "clinician" for each in questions),
            "follow_up": answer["follow_up"],
            "disclaimer": answer["disclaimer"],
        },
    )


def when(days: Mapping[str, Any]) -> str:
    """The days of a phase in words, counted from 1: whole weeks as weeks, else as days."""
    first, last = days["from"], days["to"]
    in_weeks = first % DAYS_A_WEEK == 0 and (last is None or (last + 1) % DAYS_A_WEEK == 0)
    size = DAYS_A_WEEK if in_weeks else 1
    begin = first // size + 1
    if last is None:
        words = gettext("From week {begin} on") if in_weeks else gettext("From day {begin} on")
        return words.format(begin=begin)
    end = last // size + 1
    if begin == end:
        words = gettext("Week {begin}") if in_weeks else gettext("Day {begin}")
    else:
        words = gettext("Weeks {begin} to {end}") if in_weeks else gettext("Days {begin} to {end}")
    return words.format(begin=begin, end=end)


def rows(phase: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A row of boxes to tick for each week of the phase: as many as it asks for at most."""
    first, last = phase["days"]["from"], phase["days"]["to"]
    open_end = first + WEEKS_SHOWN_OF_AN_OPEN_END * DAYS_A_WEEK - 1
    last = open_end if last is None else last
    times = phase["times_per_week"]["to"] if phase["times_per_week"] else 1
    for week in range(ceil((last + 1 - first) / DAYS_A_WEEK)):
        begin = first + week * DAYS_A_WEEK
        end = min(begin + DAYS_A_WEEK - 1, last)
        yield {"when": when({"from": begin, "to": end}), "boxes": range(min(times, end - begin + 1))}


def _doses(exercise: str, programme: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for phase in programme["phases"]:
        for entry in phase["exercises"]:
            if entry["exercise"] == exercise:
                yield {"when": when(phase["days"]), "dose": entry["dose"], "how": entry["how"]}


def _equipment(card: Mapping[str, Any]) -> list[str]:
    return [gettext(name.replace("_", " ")) for name in card["equipment"]]
