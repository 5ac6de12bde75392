"""Assess a case for a partner, keep it if wished, and leave an audit trace either way."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from uuid_utils.compat import uuid7

from hipcare import metrics
from hipcare.api.json import dumps
from partners.actions import audit, idempotency, webhook_events
from partners.principal import Principal
from triage import selectors
from triage.actions import notices, reviews
from triage.actions.once import Answered, Once, SentBody
from triage.engine import ENGINE_VERSION, assess
from triage.engine.assessment import Assessment as Answer
from triage.knowledge import ReleaseKnowledge
from triage.languages import in_language
from triage.models import Assessment, labels
from triage.requests import AssessmentRequest, CaseRequest

_LABEL = """
    INSERT INTO triage_assessmentlabel (organisation_id, assessment_id, label) SELECT %s, %s, unnest(%s::text[])
"""


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
    once = _once(by, sent)
    return once.first_answer() or _store(by, sent, once, knowledge)


@transaction.atomic
def erase(*, by: Principal, assessment_id: UUID) -> None:
    """Erase an assessment and everything that hangs on it; that it was there and was erased stays in the audit trail.

    Raises NotFound for another organisation's as for none at all. Does not check scopes.
    """
    assessment = selectors.assessment(organisation_id=by.organisation_id, assessment_id=assessment_id, lock=True)
    delete(assessment)
    _audit(by, "assessment.erased", assessment_id)


def delete(assessment: Assessment) -> None:
    """Delete an assessment with all that hangs on it; inside a transaction. Its idempotency keys stay spent."""
    idempotency.erase(selectors.resource_ids(assessment))
    selectors.labels_of(assessment).delete()
    webhook_events.forget(about=assessment.id)
    assessment.delete()


def assessed(request: CaseRequest, knowledge: ReleaseKnowledge) -> Answer:
    """The engine's answer to a request: the one way from what is sent to what is stored, and to what is replayed."""
    localised = in_language(knowledge, request.options.locale)
    return assess(request.case(), localised.compiled, request.engine_options())


def _once(by: Principal, sent: Sent) -> Once:
    def stored(assessment_id: UUID) -> bytes:
        return selectors.stored_answer(organisation_id=by.organisation_id, assessment_id=assessment_id)

    return Once(by, sent, "assessment.create", stored)


def _store(by: Principal, sent: Sent, once: Once, knowledge: ReleaseKnowledge) -> Answered:
    answered, assessment = _assess(sent.request, knowledge)
    row = _row(by, sent, knowledge, answered, assessment)

    def keep() -> Answered:
        row.save(force_insert=True)
        _label(row)
        _to_worklist(by, answered.id, assessment)
        _audit(by, "assessment.created", answered.id)
        return answered

    return once.keep(answered.id, keep)


def _assess(request: AssessmentRequest, knowledge: ReleaseKnowledge) -> tuple[Answered, dict[str, Any]]:
    assessment = assessed(request, knowledge)
    metrics.count_assessment(assessment["urgency"]["level"])
    key, now, stored = uuid7(), datetime.now(UTC), request.options.store
    whole = {"id": str(key), "created_at": now, "stored": stored, "locale": request.options.locale, **assessment}
    return Answered(key, dumps(whole), stored), whole


def _row(
    by: Principal, sent: Sent, knowledge: ReleaseKnowledge, answered: Answered, assessment: dict[str, Any]
) -> Assessment:
    row = Assessment(
        id=answered.id,
        organisation_id=by.organisation_id,
        client_id=by.client_id,
        release_id=knowledge.release_id,
        engine_version=ENGINE_VERSION,
        created_at=assessment["created_at"],
        setting=sent.request.setting,
        status=assessment["status"],
        urgency=assessment["urgency"]["level"],
        causes=[cause["condition"] for cause in assessment["causes"]],
        red_flags=[flag["id"] for flag in assessment["red_flags"]],
    )
    row.request, row.answer = sent.body, answered.body
    if sent.request.patient.reference:
        row.refer_to(sent.request.patient.reference)
    row.seal()
    return row


def _label(row: Assessment) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LABEL, [row.organisation_id, row.id, labels(row.causes, row.red_flags)])


def _to_worklist(by: Principal, key: UUID, assessment: dict[str, Any]) -> None:
    """Where somebody must look, put it into the worklist and tell the partner's webhooks."""
    urgency, red_flags = assessment["urgency"]["level"], [flag["id"] for flag in assessment["red_flags"]]
    state = reviews.enter(by=by, assessment_id=key, urgency=urgency, red_flags=red_flags, at=assessment["created_at"])
    notices.answered(organisation_id=by.organisation_id, assessment_id=key, urgency=urgency, state=state)


def _audit(by: Principal, action: str, assessment_id: UUID) -> None:
    audit.record(principal=by, action=action, resource_type="assessment", resource_id=str(assessment_id))
