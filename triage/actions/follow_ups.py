"""Add a follow-up to a stored assessment: read against everything before it, numbered, kept, and audited."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from hipcare.api.json import dumps
from partners.actions import audit
from partners.principal import Principal
from triage import selectors
from triage.actions import notices, reviews
from triage.actions.once import Answered, Once, SentBody
from triage.engine import ENGINE_VERSION
from triage.engine.contact import Story
from triage.engine.follow_up import follow_up
from triage.follow_up_requests import FollowUpRequest
from triage.knowledge import ReleaseKnowledge
from triage.languages import in_language
from triage.models import Assessment, FollowUp
from triage.stories import stored_case, stored_contacts, stored_locale, stored_rungs


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(SentBody):
    """What a partner sent, and for which assessment."""

    assessment_id: UUID
    request: FollowUpRequest


def add(*, by: Principal, sent: Sent, knowledge: ReleaseKnowledge) -> Answered:
    """Answer a follow-up and keep it. A repeated idempotency key gets the first answer. Does not check scopes.

    Raises NotFound for another organisation's assessment. Follow-ups of one assessment are added one after another.
    """
    once = Once(by, sent, "follow_up.create", _stored(by, sent), target=str(sent.assessment_id))
    key = uuid7()
    return once.first_answer() or once.keep(key, lambda: _add(by, sent, _locked(by, sent), key, knowledge))


def _locked(by: Principal, sent: Sent) -> Assessment:
    return selectors.assessment(organisation_id=by.organisation_id, assessment_id=sent.assessment_id, lock=True)


def _stored(by: Principal, sent: Sent) -> Callable[[UUID], bytes]:
    def stored(follow_up_id: UUID) -> bytes:
        return selectors.stored_follow_up(
            organisation_id=by.organisation_id, assessment_id=sent.assessment_id, follow_up_id=follow_up_id
        )

    return stored


def _add(by: Principal, sent: Sent, assessment: Assessment, key: UUID, knowledge: ReleaseKnowledge) -> Answered:
    earlier = list(selectors.follow_ups(assessment_id=assessment.id))
    now, locale = datetime.now(UTC), stored_locale(assessment)
    case, options = stored_case(assessment, knowledge)
    story = Story(
        first=case,
        rungs=stored_rungs(assessment),
        earlier=stored_contacts(earlier, knowledge),
        now=sent.request.contact(max((now - assessment.created_at).days, 0), knowledge),
    )
    whole: dict[str, Any] = {
        "id": str(key),
        "assessment": str(assessment.id),
        "number": earlier[-1].number + 1 if earlier else 1,
        "created_at": now,
        "locale": locale,
        **follow_up(story, in_language(knowledge, locale).compiled, options),
    }
    answered = Answered(key, dumps(whole), stored=True)
    _insert(by, sent, knowledge, answered, whole)
    _to_worklist(by, assessment, key, whole)
    audit.record(principal=by, action="follow_up.created", resource_type="follow_up", resource_id=str(key))
    return answered


def _to_worklist(by: Principal, assessment: Assessment, key: UUID, whole: dict[str, Any]) -> None:
    """Where it asks for somebody to look, bring the assessment back to the top and tell the partner's webhooks."""
    state = reviews.reopen(by=by, assessment=assessment, follow_up_id=key, answer=whole)
    notices.answered(
        organisation_id=by.organisation_id,
        assessment_id=assessment.id,
        follow_up_id=key,
        urgency=whole["urgency"]["level"],
        state=state,
    )


def _insert(by: Principal, sent: Sent, knowledge: ReleaseKnowledge, answered: Answered, whole: dict[str, Any]) -> None:
    row = FollowUp(
        id=answered.id,
        organisation_id=by.organisation_id,
        client_id=by.client_id,
        assessment_id=sent.assessment_id,
        number=whole["number"],
        release_id=knowledge.release_id,
        engine_version=ENGINE_VERSION,
        created_at=whole["created_at"],
        days_since_start=whole["days_since_start"],
        overall=whole["overall"],
        next_step=whole["next_step"]["kind"],
        urgency=whole["urgency"]["level"],
    )
    row.request, row.answer = sent.body, answered.body
    row.save(force_insert=True)
