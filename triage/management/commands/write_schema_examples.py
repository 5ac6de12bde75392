"""`write_schema_examples`: the examples of the OpenAPI document, answered by the current release."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from django.core.management.base import BaseCommand

from hipcare.api.json import dumps
from triage.actions.replays import replay_of
from triage.api import examples
from triage.api.views import about
from triage.engine import ENGINE_VERSION, assess
from triage.engine.contact import Story
from triage.engine.follow_up import follow_up
from triage.follow_up_requests import read_follow_up
from triage.knowledge import ReleaseKnowledge, current_knowledge
from triage.models import Assessment, FollowUp
from triage.requests import read_request
from triage.stories import stored_case, stored_rungs
from triage.trajectory import trajectory
from triage.trajectory_chart import chart

FIXED: dict[str, Any] = {
    "id": "019a0000-0000-7000-8000-000000000000",
    "created_at": "2026-01-01T00:00:00Z",
    "stored": True,
    "locale": "en",
}
FOLLOWED_UP = {
    "id": "019a0000-0000-7000-8000-000000000001",
    "assessment": FIXED["id"],
    "number": 1,
    "created_at": "2026-02-12T00:00:00Z",
    "locale": "en",
}
LONGEST_LIST = 2


class Command(BaseCommand):
    """Answer the example request and write the answer with each list cut to its first entries."""

    help = "Write the example answers of the OpenAPI document; run make schema afterwards."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the answers beside their requests, and what can be read of one."""
        knowledge = current_knowledge()
        request = read_request(examples.REQUEST, knowledge)
        answer = {**FIXED, **assess(request.case(), knowledge.compiled, request.engine_options())}
        _write(examples.DIRECTORY / "answer.json", shortened(answer))
        request = read_request(examples.PROGRAMME_REQUEST, knowledge)
        programme = assess(request.case(), knowledge.compiled, request.engine_options())["programme"]
        _write(examples.DIRECTORY / "programme.json", shortened(programme))
        _write(examples.DIRECTORY / "about.json", about(knowledge))
        self._write_follow_up(knowledge, answer)
        self._write_replay(knowledge, answer)

    def _write_replay(self, knowledge: ReleaseKnowledge, answer: dict[str, Any]) -> None:
        """The same answer, replayed from a row that is never saved."""
        assessment = Assessment(
            id=UUID(FIXED["id"]),
            release_id=knowledge.release_id,
            engine_version=ENGINE_VERSION,
        )
        assessment.request, assessment.answer = dumps(examples.REQUEST), dumps(answer)
        _write(examples.DIRECTORY / "replay.json", shortened(replay_of(assessment, knowledge)))

    def _write_follow_up(self, knowledge: ReleaseKnowledge, answer: dict[str, Any]) -> None:
        """A follow-up of that answer, and the trajectory of both, from rows that are never saved."""
        assessment = Assessment(
            id=UUID(FIXED["id"]),
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
            urgency=answer["urgency"]["level"],
        )
        assessment.request, assessment.answer = dumps(examples.REQUEST), dumps(answer)
        case, options = stored_case(assessment, knowledge)
        body = read_follow_up(examples.FOLLOW_UP_REQUEST, knowledge)
        story = Story(case, stored_rungs(assessment), (), body.contact(0, knowledge))
        told = {**FOLLOWED_UP, **follow_up(story, knowledge.compiled, options)}
        row = FollowUp(
            number=1,
            created_at=datetime(2026, 2, 12, tzinfo=UTC),
            days_since_start=told["days_since_start"],
            overall=told["overall"],
            next_step=told["next_step"]["kind"],
            urgency=told["urgency"]["level"],
        )
        row.answer = dumps(told)
        course = trajectory(assessment, [row], knowledge)
        _write(examples.DIRECTORY / "follow_up_answer.json", shortened(told))
        _write(examples.DIRECTORY / "trajectory.json", orjson.loads(dumps(course)))
        (examples.DIRECTORY / "trajectory.svg").write_bytes(chart(course))


def shortened(value: Any) -> Any:
    """The value with every list cut to its first entries."""
    if isinstance(value, dict):
        return {key: shortened(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [shortened(inner) for inner in value[:LONGEST_LIST]]
    return value


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
