"""From a case to what was observed: thresholds applied, implications drawn, contradictions told, nothing counted
twice."""

from collections.abc import Iterator
from dataclasses import dataclass

from triage.engine.assessment import DataQualityWarning
from triage.engine.case import Case
from triage.engine.compiled import CompiledKnowledge
from triage.engine.rules import FALSE, TRUE, Truth


@dataclass(frozen=True, slots=True)
class Answers:
    """What a case says, ready for rules and for ranking.

    `states` holds every finding known to be present (TRUE) or absent (FALSE), derived and implied ones included, for
    the rules; `counted` is the part of it that carries information of its own, for the ranking.
    """

    states: dict[str, Truth]
    counted: dict[str, Truth]
    warnings: list[DataQualityWarning]

    @property
    def say_nothing(self) -> bool:
        """Whether no answer says that anything is present."""
        return TRUE not in self.states.values()


def read_answers(case: Case, knowledge: CompiledKnowledge) -> Answers:
    """Resolve the findings and measurements of a case. Where two answers disagree the present one wins."""
    stated, disagreeing = _stated(case, knowledge)
    present = sorted(key for key, truth in stated.items() if truth == TRUE)
    implied = _implied(present, knowledge)
    texts = knowledge.knowledge.policy.texts["data_quality"]
    warnings = [_warning("measurement_disagrees", texts["measurement_disagrees"], key) for key in disagreeing]
    warnings += [
        _warning("contradictory", texts["implied"].format(name=knowledge.finding(source).name), key, source)
        for key, source in implied.items()
        if stated.get(key) == FALSE
    ]
    warnings += _contradictions(present, knowledge)
    excluded = _excluded(present, knowledge)
    states = _impossible(case, knowledge) | excluded | stated | dict.fromkeys(implied, TRUE)
    return Answers(states, _without_repetition(stated, implied, excluded, knowledge), warnings)


def read_counted(case: Case, knowledge: CompiledKnowledge) -> dict[str, Truth]:
    """The answers of a case that carry information of their own, alone."""
    stated, _ = _stated(case, knowledge)
    present = sorted([key for key, truth in stated.items() if truth == TRUE])
    return _without_repetition(stated, _implied(present, knowledge), _excluded(present, knowledge), knowledge)


def _stated(case: Case, knowledge: CompiledKnowledge) -> tuple[dict[str, Truth], list[str]]:
    """What is said and measured, and the findings of which a measurement says something else."""
    stated = {key: TRUE if state == "present" else FALSE for key, state in case.findings.items() if state != "unknown"}
    disagreeing = []
    for key, truth in _derived(case, knowledge):
        if stated.get(key, truth) != truth:
            disagreeing.append(key)
        stated[key] = max(truth, stated.get(key, FALSE))
    return stated, disagreeing


def _derived(case: Case, knowledge: CompiledKnowledge) -> Iterator[tuple[str, Truth]]:
    """Findings that a measurement decides by a declared threshold."""
    if not case.measurements:
        return
    for key, threshold in knowledge.thresholds:
        value = case.measurements.get(threshold.measurement)
        if value is not None:
            if threshold.holds(value):
                yield key, TRUE
            elif not threshold.present_only:
                yield key, FALSE


def _implied(present: list[str], knowledge: CompiledKnowledge) -> dict[str, str]:
    """Every finding that a present one implies, however far down, with the one that implies it."""
    implied: dict[str, str] = {}
    waiting = [*present]
    while waiting:
        source = waiting.pop()
        for key in knowledge.finding(source).implies:
            if key not in implied:
                implied[key] = source
                waiting.append(key)
    return implied


def _impossible(case: Case, knowledge: CompiledKnowledge) -> dict[str, Truth]:
    """What contradicts the sex of the person need not be asked; if it is said all the same, that counts."""
    return dict.fromkeys(knowledge.contradicted_by.get(f"sex_{case.sex}", ()), FALSE)


def _excluded(present: list[str], knowledge: CompiledKnowledge) -> dict[str, Truth]:
    """The options of every exclusive group of which one is said to be present: the others need not be asked."""
    groups = {knowledge.finding(key).exclusive_group for key in present}
    return {key: FALSE for group in groups if group for key in knowledge.exclusive_groups[group]}


def _contradictions(present: list[str], knowledge: CompiledKnowledge) -> Iterator[DataQualityWarning]:
    detail = knowledge.knowledge.policy.texts["data_quality"]["exclusive"]
    for i, key in enumerate(present):
        contradicted = knowledge.finding(key).contradicts
        if contradicted:
            yield from (
                _warning("contradictory", detail, key, other) for other in present[i + 1 :] if other in contradicted
            )


def _without_repetition(
    stated: dict[str, Truth], implied: dict[str, str], excluded: dict[str, Truth], knowledge: CompiledKnowledge
) -> dict[str, Truth]:
    """Leave out what follows from another answer: an implied finding, the absence of what implies an absent one, and
    the absence of the other options of a group whose option is present."""
    counted = {}
    for key, truth in stated.items():
        finding = knowledge.finding(key)
        follows = key in implied or (
            truth == FALSE and (key in excluded or any(stated.get(i) == FALSE for i in finding.implies))
        )
        if not follows and not finding.derived_from_demographics:
            counted[key] = truth
    return counted


def _warning(code: str, detail: str, *findings: str) -> DataQualityWarning:
    return {"code": code, "detail": detail, "findings": list(findings)}
