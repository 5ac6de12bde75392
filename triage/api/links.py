"""Where the answers of this app lead to, for the OpenAPI document: what to do with the id of what was created."""

from typing import Any

from hipcare.api.schema import link

_CREATED, _SAME = "$response.body#/id", "$request.path.assessment_id"

# What can be done with an assessment, and what each is for.
_OPERATIONS = {
    "get_assessment": "Read it again.",
    "erase_assessment": "Erase it.",
    "create_follow_up": "Follow it up.",
    "list_follow_ups": "List its follow-ups.",
    "report_outcome": "Report what it turned out to be.",
    "get_review": "See where it stands in the worklist.",
    "set_review": "Say what has become of it.",
    "replay_assessment": "Answer it again on the current release.",
    "get_trajectory": "Read the course since.",
    "get_trajectory_chart": "Draw the course since.",
    "get_assessment_programme": "Read its exercise programme, if it has one.",
    "get_assessment_programme_page": "Print its exercise programme, if it has one.",
}


def _of_assessment(assessment_id: str) -> dict[str, Any]:
    return {name: link(name, text, assessment_id=assessment_id) for name, text in _OPERATIONS.items()}


def _of_follow_up(assessment_id: str, follow_up_id: str) -> dict[str, Any]:
    text = "Read the follow-up again."
    return {"get_follow_up": link("get_follow_up", text, assessment_id=assessment_id, follow_up_id=follow_up_id)}


CREATED_ASSESSMENT = {"201": _of_assessment(_CREATED)}
CREATED_FOLLOW_UP = {"201": _of_follow_up("$response.body#/assessment", _CREATED)}
REPORTED_OUTCOME = {"201": {"get_outcome": link("get_outcome", "Read it again.", assessment_id=_SAME)}}
CHANGED_REVIEW = {"201": {"get_review": link("get_review", "Read it again.", assessment_id=_SAME)}}
