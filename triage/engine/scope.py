"""Whether a case is one for this service at all. Scope changes what is told, never the urgency."""

from triage.engine.answers import Answers
from triage.engine.assessment import DataQualityWarning, Ladder, OutOfScope
from triage.engine.compiled import CompiledKnowledge
from triage.engine.rules import FALSE, TRUE, Facts


def out_of_scope(facts: Facts, knowledge: CompiledKnowledge) -> OutOfScope | None:
    """Why this is not a case for the service: another part of the body alone, or every hip complaint denied.

    Silence is not denial: a case that says little of the hip and nothing of another part stays in scope, and where no
    hip complaint was denied, little else may come with the other part's.
    """
    scope = knowledge.knowledge.policy.scope
    complaints = facts.certain.bits & knowledge.complaints
    # Not known and not possible is denied.
    denied = bool(knowledge.complaint_findings & ~facts.possible.bits)
    for row in knowledge.elsewhere:
        besides = row.besides_if_denied if denied else row.besides
        if not complaints & ~besides and facts.truth(row.rule) == TRUE:
            return {"reason": row.reason, "action": row.action}
    if knowledge.complaint is not None and facts.truth(knowledge.complaint) == FALSE:
        return {"reason": scope["outside_message"], "action": scope["outside_action"]}
    return None


def nothing_present(answers: Answers, knowledge: CompiledKnowledge) -> list[DataQualityWarning]:
    """A warning where no answer says that anything is wrong."""
    detail: str = knowledge.knowledge.policy.scope["nothing_present"]
    return [{"code": "nothing_present", "detail": detail, "findings": []}] if answers.say_nothing else []


def nothing_to_do(outside: OutOfScope) -> Ladder:
    """The ladder of a case that is out of scope: no treatment for a hip that is not complained of."""
    return {
        "status": "supervised",
        "reason": outside["action"],
        "immediate": [],
        "safety_questions": [],
        "rungs": [],
        "no_programme": [],
    }
