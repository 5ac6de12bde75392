"""Assess a case for a partner, keep it if wished, and leave an audit trace either way."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from hipcare import metrics
from hipcare.api.json import dumps
from hipcare.errors import Conflict
from partners.actions import audit, webhook_events
from partners.principal import Principal
from triage import selectors
from triage.actions import notices, reviews
from triage.actions.once import Answered, SentBody, first_answer, once
from triage.engine import ENGINE_VERSION, assess
from triage.engine.assessment import Assessment as Answer
from triage.knowledge import ReleaseKnowledge
from triage.languages import in_language
from triage.models import Assessment, ErasedKey
from triage.requests import AssessmentRequest, CaseRequest


class IdempotencyKeyErased(Conflict):
    """What was stored under the idempotency key was erased."""

    slug, title = "idempotency-key-erased", "What was stored under this idempotency key was erased."
    explanation = "Nothing was stored, so that a late repeat does not bring back what was erased. Use another key."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(SentBody):
    """What a partner sent, with what it says."""

    request: AssessmentRequest


def answer(*, by: Principal, sent: Sent, knowledge: ReleaseKnowledge) -> Answered:
    """Assess a case. A repeated idempotency key gets the first answer. Does not check scopes."""
    if not sent.request.options.store:
        answered, _ = _assess(sent.request, knowledge)
        _audit(by, "assessment.computed", answered.id)
        return answered
    return _first_answer(by, sent) or _store(by, sent, knowledge)


@transaction.atomic
def erase(*, by: Principal, assessment_id: UUID) -> None:
    """Erase an assessment and everything that hangs on it; that it was there and was erased stays in the audit trail.

    Raises NotFound for another organisation's as for none at all. Does not check scopes.
    """
    assessment = selectors.assessment(organisation_id=by.organisation_id, assessment_id=assessment_id, lock=True)
    if assessment.idempotency_key is not None:
        spent = _key_digest(assessment.idempotency_key)
        ErasedKey.objects.create(client_id=assessment.client_id, key_digest=spent)
    assessment.delete()
    webhook_events.forget(about=assessment_id)
    _audit(by, "assessment.erased", assessment_id)


def _key_digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def assessed(request: CaseRequest, knowledge: ReleaseKnowledge) -> Answer:
    """The engine's answer to a request: the one way from what is sent to what is stored, and to what is replayed."""
    localised = in_language(knowledge, request.options.locale)
    return assess(request.case(), localised.compiled, request.engine_options())


def _first_answer(by: Principal, sent: Sent) -> Answered | None:
    return first_answer(sent, lambda key: _kept_under(by, key))


def _kept_under(by: Principal, key: str) -> Assessment | None:
    """The assessment under this key. Raises IdempotencyKeyErased where it was erased."""
    first = selectors.by_idempotency_key(client_id=by.client_id, key=key)
    if first is None and selectors.is_erased_key(client_id=by.client_id, key_digest=_key_digest(key)):
        raise IdempotencyKeyErased()
    return first


def _store(by: Principal, sent: Sent, knowledge: ReleaseKnowledge) -> Answered:
    answered, assessment = _assess(sent.request, knowledge)

    def keep() -> Answered:
        _insert(by, sent, knowledge, answered, assessment)
        _to_worklist(by, answered.id, assessment)
        _audit(by, "assessment.created", answered.id)
        return answered

    return once(lambda: _first_answer(by, sent), keep)


def _assess(request: AssessmentRequest, knowledge: ReleaseKnowledge) -> tuple[Answered, dict[str, Any]]:
    assessment = assessed(request, knowledge)
    metrics.count_assessment(assessment["urgency"]["level"])
    key, now, stored = uuid7(), datetime.now(UTC), request.options.store
    whole = {"id": str(key), "created_at": now, "stored": stored, "locale": request.options.locale, **assessment}
    return Answered(key, dumps(whole), stored), whole


def _insert(
    by: Principal, sent: Sent, knowledge: ReleaseKnowledge, answered: Answered, assessment: dict[str, Any]
) -> None:
    Assessment(
        id=answered.id,
        organisation_id=by.organisation_id,
        client_id=by.client_id,
        release_id=knowledge.release_id,
        engine_version=ENGINE_VERSION,
        created_at=assessment["created_at"],
        reference=sent.request.patient.reference or "",
        setting=sent.request.setting,
        status=assessment["status"],
        urgency=assessment["urgency"]["level"],
        causes=[cause["condition"] for cause in assessment["causes"]],
        red_flags=[flag["id"] for flag in assessment["red_flags"]],
        request=sent.body,
        answer=answered.body,
        idempotency_key=sent.idempotency_key,
        request_digest=sent.digest,
    ).save(force_insert=True)


def _to_worklist(by: Principal, key: UUID, assessment: dict[str, Any]) -> None:
    """Where somebody must look, put it into the worklist and tell the partner's webhooks."""
    urgency, red_flags = assessment["urgency"]["level"], [flag["id"] for flag in assessment["red_flags"]]
    state = reviews.enter(by=by, assessment_id=key, urgency=urgency, red_flags=red_flags, at=assessment["created_at"])
    notices.answered(organisation_id=by.organisation_id, assessment_id=key, urgency=urgency, state=state)


def _audit(by: Principal, action: str, assessment_id: UUID) -> None:
    audit.record(principal=by, action=action, resource_type="assessment", resource_id=str(assessment_id))
