"""Answers of which nothing is kept but that they were given: the next question of an interview, and what-if."""

from partners.actions import audit
from partners.principal import Principal
from triage.engine.comparison import Comparison, compare
from triage.engine.interview import InterviewStep, next_step
from triage.knowledge import ReleaseKnowledge
from triage.languages import in_language
from triage.requests import InterviewRequest, WhatIfRequest


def ask_next(*, by: Principal, request: InterviewRequest, knowledge: ReleaseKnowledge) -> InterviewStep:
    """The next questions, or why to stop asking. Does not check scopes."""
    step = next_step(
        request.case(),
        in_language(knowledge, request.options.locale).compiled,
        patient_answers=request.patient_answers,
        maximum_questions=request.options.max_questions,
        audience=request.options.audience,
    )
    audit.record(principal=by, action="interview.continued", resource_type="interview", resource_id="")
    return step


def try_changes(*, by: Principal, request: WhatIfRequest, knowledge: ReleaseKnowledge) -> Comparison:
    """The case with each of its changes against the case as it is. Does not check scopes."""
    changes = [row.change() for row in request.changes]
    case, told = request.case, in_language(knowledge, request.case.options.locale)
    comparison = compare(case.case(), changes, told.compiled, case.engine_options())
    audit.record(principal=by, action="what_if.computed", resource_type="what_if", resource_id="")
    return comparison
