"""Replay a stored assessment: on its own release, which must give the stored answer, and on the current one.

Nothing is stored. That the answer is the same is promised for one release and one engine version; under another
engine version it is told.
"""

from typing import Any
from uuid import UUID

import orjson
from typing_extensions import TypedDict

from hipcare.api.json import UuidText, dumps
from hipcare.api.json_diff import differences
from hipcare.errors import Conflict, InvalidInput
from partners.actions import audit
from partners.principal import Principal
from triage import selectors
from triage.actions.assessments import assessed
from triage.engine import ENGINE_VERSION
from triage.engine.assessment import Assessment as Answer
from triage.engine.assessment import KnowledgeVersion
from triage.engine.comparison import AnswerInShort, outcome_of
from triage.engine.release_comparison import ReleaseMoves, moves_between_releases
from triage.knowledge import ReleaseKnowledge, release_knowledge
from triage.models import Assessment
from triage.requests import AssessmentRequest, CaseRequest, read_request
from triage.stories import left_out, stored_request


class EngineVersions(TypedDict):
    """The engine that answered and the one that replays."""

    stored: str
    now: str
    same: bool


class StoredAnswer(TypedDict):
    """What answered when it was stored."""

    knowledge: KnowledgeVersion
    engine_version: str


class ReplayedAnswer(StoredAnswer):
    """The answer on its own release, against the stored bytes; the id and the times are the stored ones."""

    equal: bool
    differences: list[str]


class CurrentAnswer(StoredAnswer, AnswerInShort):
    """The answer of the current release in short, and what moves against that of its own release."""

    left_out: list[str]
    moves: ReleaseMoves


class Replay(TypedDict):
    """A stored assessment, replayed."""

    assessment: UuidText
    engine: EngineVersions
    stored: StoredAnswer
    replayed: ReplayedAnswer
    current: CurrentAnswer


def replay(*, by: Principal, assessment_id: UUID, knowledge: ReleaseKnowledge) -> Replay:
    """The stored input answered again, by its own release and by `knowledge`. Does not check scopes.

    Raises NotFound for another organisation's assessment, and Conflict if this software cannot read its release or its
    input any more.
    """
    assessment = selectors.assessment(organisation_id=by.organisation_id, assessment_id=assessment_id)
    told = replay_of(assessment, knowledge)
    audit.record(principal=by, action="assessment.replayed", resource_type="assessment", resource_id=str(assessment_id))
    return told


def replay_of(assessment: Assessment, knowledge: ReleaseKnowledge) -> Replay:
    """The same for an assessment at hand, without a trace."""
    request, own = _as_it_was(assessment)
    stored = orjson.loads(assessment.answer)
    again = assessed(request, own)
    return {
        "assessment": str(assessment.id),
        "engine": {
            "stored": assessment.engine_version,
            "now": ENGINE_VERSION,
            "same": assessment.engine_version == ENGINE_VERSION,
        },
        "stored": {"knowledge": stored["knowledge"], "engine_version": assessment.engine_version},
        "replayed": _replayed(assessment.answer, stored, again),
        "current": _current(assessment, (request, own, again), knowledge),
    }


def _as_it_was(assessment: Assessment) -> tuple[AssessmentRequest, ReleaseKnowledge]:
    """The input and the release that answered it."""
    try:
        own = release_knowledge(assessment.release_id)
        return read_request(orjson.loads(assessment.request), own), own
    except InvalidInput:
        raise Conflict("This version of the software cannot replay so old an assessment.") from None


def _replayed(stored_bytes: bytes, stored: dict[str, Any], again: Answer) -> ReplayedAnswer:
    own = {name: stored[name] for name in ("id", "created_at", "stored", "locale")}
    replayed = dumps({**own, **again})
    equal = replayed == stored_bytes
    places = [] if equal else [difference.pointer for difference in differences(stored, orjson.loads(replayed))]
    return {
        "knowledge": again["knowledge"],
        "engine_version": again["engine_version"],
        "equal": equal,
        # Bytes that differ where no value does: the order of members, for example.
        "differences": places if equal or places else [""],
    }


def _current(
    assessment: Assessment, before: tuple[CaseRequest, ReleaseKnowledge, Answer], knowledge: ReleaseKnowledge
) -> CurrentAnswer:
    own_request, own, own_answer = before
    request = stored_request(assessment, knowledge)
    answer = assessed(request, knowledge)
    return {
        "knowledge": answer["knowledge"],
        "engine_version": answer["engine_version"],
        **outcome_of(answer),
        "left_out": left_out(assessment, knowledge),
        "moves": moves_between_releases(
            own_answer, answer, (own_request.case(), own.compiled), (request.case(), knowledge.compiled)
        ),
    }
