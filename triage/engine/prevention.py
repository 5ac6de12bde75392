"""Tips that keep a hip well, chosen by what the person told, the most specific first."""

from triage.engine.assessment import Ladder, Prevention
from triage.engine.compiled import CompiledKnowledge
from triage.engine.knowledge import PreventionTip
from triage.engine.rules import Facts
from triage.engine.suitability import suitability


def choose_prevention(facts: Facts, ladder: Ladder, knowledge: CompiledKnowledge) -> list[Prevention]:
    """The tips for this person; none while the ladder is locked, because being seen comes first."""
    if ladder["status"] == "locked":
        return []
    chosen = [
        tip
        for tip, rule in zip(knowledge.knowledge.prevention, knowledge.prevention_rules, strict=True)
        if facts.fit(rule) and _suits(tip, facts, knowledge) and (ladder["status"] == "open" or not tip.only_if_open)
    ]
    chosen.sort(key=lambda tip: (tip.when is None, tip.priority, tip.key))
    return [_tell(tip) for tip in chosen[: knowledge.knowledge.policy.prevention_limit]]


def _suits(tip: PreventionTip, facts: Facts, knowledge: CompiledKnowledge) -> bool:
    if tip.treatment is None:
        return True
    safety = knowledge.treatments[tip.treatment].safety
    return suitability(safety, facts, knowledge.known_suitability).status != "contraindicated"


def _tell(tip: PreventionTip) -> Prevention:
    return {
        "id": tip.key,
        "name": tip.name,
        "text": tip.text,
        "because": tip.because,
        "verdict": tip.verdict,
        "evidence": tip.evidence_grade,
        "citations": list(tip.citations),
    }
