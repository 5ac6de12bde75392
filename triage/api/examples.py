"""Examples of the schema: a real case, and its answer shortened to one entry of each list."""

import json
from pathlib import Path
from typing import Any

DIRECTORY = Path(__file__).parent / "example_files"


def _read(name: str) -> dict[str, Any]:
    example: dict[str, Any] = json.loads((DIRECTORY / name).read_text())
    return example


REQUEST = _read("request.json")
REQUEST_IN_SPANISH: dict[str, Any] = {**REQUEST, "options": {"locale": "es", "audience": "patient"}}
ANSWER = _read("answer.json")
INTERVIEW_REQUEST = _read("interview_request.json")
INTERVIEW_ANSWER = _read("interview_answer.json")
WHAT_IF_REQUEST = _read("what_if_request.json")
WHAT_IF_ANSWER = _read("what_if_answer.json")
FOLLOW_UP_REQUEST = _read("follow_up_request.json")
FOLLOW_UP_ANSWER = _read("follow_up_answer.json")
FOLLOW_UP_SUMMARY: dict[str, Any] = {
    **{name: FOLLOW_UP_ANSWER[name] for name in ("id", "assessment", "number", "created_at", "days_since_start")},
    "overall": FOLLOW_UP_ANSWER["overall"],
    "next_step": FOLLOW_UP_ANSWER["next_step"]["kind"],
    "urgency": FOLLOW_UP_ANSWER["urgency"]["level"],
    "knowledge_version": FOLLOW_UP_ANSWER["knowledge"]["version"],
    "engine_version": FOLLOW_UP_ANSWER["engine_version"],
}
TRAJECTORY = _read("trajectory.json")
TRAJECTORY_CHART = (DIRECTORY / "trajectory.svg").read_text()
REPLAY = _read("replay.json")
OUTCOME_REQUEST: dict[str, Any] = {
    "condition": "hip_osteoarthritis",
    "confirmed_by": "imaging",
    "confirmed_on": "2026-02-20",
    "urgency_was_right": "routine",
}
OUTCOME_ANSWER: dict[str, Any] = {
    "id": "019a0000-0000-7000-8000-000000000002",
    "assessment": FOLLOW_UP_ANSWER["assessment"],
    "number": 2,
    "created_at": "2026-02-21T00:00:00Z",
    **OUTCOME_REQUEST,
    "other": False,
    "earlier": [
        {
            "number": 1,
            "created_at": "2026-02-14T00:00:00Z",
            "condition": "nonspecific_hip_pain",
            "other": False,
            "confirmed_by": "clinical_course",
            "confirmed_on": "2026-02-13",
            "urgency_was_right": None,
        }
    ],
}
RELEASE_DIFF: dict[str, Any] = {
    "from": {
        "version": "2026.11.1",
        "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    },
    "to": ANSWER["knowledge"],
    "sections": {
        "conditions": {
            "added": [],
            "removed": [],
            "changed": [
                {
                    "id": "hip_osteoarthritis",
                    "fields": [{"field": "/evidence/pain_groin/p", "before": 0.6, "after": 0.65}],
                }
            ],
        },
        "red_flags": {"added": ["fever_after_surgery"], "removed": [], "changed": []},
    },
    "vignettes": [
        {
            "vignette": "exam-0007",
            "stage": "before",
            "before": {
                "rank": 2,
                "urgency": "routine",
                "first_cause": "labral_tear",
                "probability": 0.41,
                "status": "complete",
            },
            "after": {
                "rank": 1,
                "urgency": "routine",
                "first_cause": "hip_osteoarthritis",
                "probability": 0.43,
                "status": "complete",
            },
        }
    ],
    "vignettes_reason": None,
}
ABOUT = _read("about.json")
PROGRAMME_REQUEST = _read("programme_request.json")
PROGRAMME = _read("programme.json")
PAGE = '<!doctype html>\n<html lang="en">\n<head>…</head>\n<body>\n<header>\n<h1>Twelve weeks for hip arthritis</h1>…'
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//hipcare//exercise programme//EN\r\nMETHOD:PUBLISH\r\n"
    "BEGIN:VEVENT\r\nSUMMARY:Hip exercises: Learn and begin\r\nDTSTART;VALUE=DATE:20260504\r\nDURATION:P1D\r\n"
    "UID:019a0000-0000-7000-8000-000000000000-phase-1@hipcare\r\n"
    "RRULE:FREQ=WEEKLY;UNTIL=20260517;BYDAY=MO,WE,FR,SA\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
SUMMARY: dict[str, Any] = {
    **{name: ANSWER[name] for name in ("id", "created_at", "status", "engine_version")},
    "urgency": ANSWER["urgency"]["level"],
    "worklist_state": None,
    "causes": [cause["condition"] for cause in ANSWER["causes"]],
    "red_flags": [flag["id"] for flag in ANSWER["red_flags"]],
    "reference": "8f1c",
    "setting": "primary_care",
    "knowledge_version": ANSWER["knowledge"]["version"],
}
_OPENED: dict[str, Any] = {
    "number": 1,
    "created_at": "2026-01-01T00:00:00Z",
    "state": "open",
    "resolution": None,
    "urgency": "same_day",
    "follow_up": None,
    "by": "answer",
}
_TAKEN = {**_OPENED, "number": 2, "created_at": "2026-01-01T00:04:00Z", "state": "in_progress", "by": "staff:7"}
REVIEW_REQUEST = {"state": "closed", "resolution": "reached_and_referred", "seen": 2}
_CLOSED = {
    **_TAKEN,
    "number": 3,
    "created_at": "2026-01-01T00:31:00Z",
    "state": "closed",
    "resolution": "reached_and_referred",
    "by": "client:01a20598-0000-7000-8000-000000000000",
}


def _review(*history: dict[str, Any]) -> dict[str, Any]:
    standing = {name: history[-1][name] for name in ("number", "state", "resolution", "urgency")}
    return {"assessment": ANSWER["id"], **standing, "history": list(history)}


REVIEW = _review(_OPENED, _TAKEN)
REVIEW_CLOSED = _review(_OPENED, _TAKEN, _CLOSED)
