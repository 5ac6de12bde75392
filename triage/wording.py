"""Which texts of a release a patient reads, in one place: what is translated is what is collected for translation.

`reworded` says each of them anew. What only clinicians read is left as it is: clinical names, names of presentations,
questions that an examiner answers, workup, grades of evidence, scores that are meant for clinicians, grounds.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from triage.engine.exercises import Exercise, ExerciseKnowledge, Phase, Programme
from triage.engine.follow_up_knowledge import FollowUpPolicy
from triage.engine.knowledge import Composite, Condition, Finding, Knowledge, Policy, Treatment
from triage.engine.safety_reason import SafetyReason

Say = Callable[[str, str], str]
"""A text, and the place that it is from (`finding limp, question`), to the text as it is to be said."""

Row = TypeVar("Row")

NOT_WORDS = {
    ("texts", "urgency", "*", "mode"),
    ("texts", "urgency", "*", "within_hours"),
}
"""Values among the texts of the policy that programs read; `*` stands for any name."""


def reworded(knowledge: Knowledge, say: Say) -> Knowledge:
    """The same knowledge with what a patient reads said anew; ids, numbers, rules and order are as they were."""
    return replace(
        knowledge,
        policy=_policy(knowledge.policy, say),
        findings=_each(_finding, knowledge.findings, say),
        conditions=_each(_condition, knowledge.conditions, say),
        red_flags=tuple(_said(row, f"red flag {row.key}", say, "title", "action") for row in knowledge.red_flags),
        treatments=_each(_treatment, knowledge.treatments, say),
        safety_net=tuple(_said(row, "safety net", say, "watch_for", "then") for row in knowledge.safety_net),
        tried_steps=tuple(_said(row, f"tried step {row.key}", say, "because") for row in knowledge.tried_steps),
        prevention=tuple(
            _said(row, f"prevention {row.key}", say, "name", "text", "because") for row in knowledge.prevention
        ),
        exercise=_exercise_knowledge(knowledge.exercise, say),
        composites=_each(_composite, knowledge.composites, say),
        outcome_measures=tuple(
            _said(row, f"outcome measure {row.key}", say, "name") for row in knowledge.outcome_measures
        ),
        follow_up_timers=tuple(
            _said(row, f"follow-up timer {row.key}", say, "name", "action") for row in knowledge.follow_up_timers
        ),
    )


def _each(how: Callable[[Row, Say], Row], rows: Iterable[Row], say: Say) -> tuple[Row, ...]:
    return tuple(how(row, say) for row in rows)


def _said(row: Row, place: str, say: Say, *names: str) -> Row:
    """The row with the texts under these names said anew; one that is empty stays so."""
    told = {name: _text(getattr(row, name), f"{place}, {name}", say) for name in names}
    return replace(row, **told)  # type: ignore[type-var] # every row is a dataclass


def _text(text: Any, place: str, say: Say) -> Any:
    """A text, each of several, or nothing."""
    if isinstance(text, tuple):
        return tuple(_text(each, place, say) for each in text)
    return say(text, place) if text else text


def _member(row: Mapping[str, Any], place: str, say: Say, *names: str) -> dict[str, Any]:
    return {name: _text(value, f"{place}, {name}", say) if name in names else value for name, value in row.items()}


def _finding(row: Finding, say: Say) -> Finding:
    asked = ("question", "help") if row.patient_can_answer else ()
    return _said(row, f"finding {row.key}", say, "name", *asked)


def _condition(row: Condition, say: Say) -> Condition:
    place = f"condition {row.key}"
    return replace(
        _said(row, place, say, "plain_name", "ladder_note"),
        safety_net=tuple(_member(each, f"{place}, safety net", say, "watch_for", "then") for each in row.safety_net),
        follow_up=row.follow_up and _member(row.follow_up, f"{place}, follow-up", say, "escalate_if"),
        ladder=tuple(
            _said(item, f"{place}, ladder, {item.treatment}", say, "how", "move_on_if") for item in row.ladder
        ),
    )


def _treatment(row: Treatment, say: Say) -> Treatment:
    place = f"treatment {row.key}"
    return replace(
        _said(row, place, say, "name", "how"),
        contraindicated_if=_reasons(row.contraindicated_if, place, say),
        caution_if=_reasons(row.caution_if, place, say),
    )


def _reasons(rows: Iterable[SafetyReason], place: str, say: Say) -> tuple[SafetyReason, ...]:
    return tuple(_said(row, place, say, "because") for row in rows)


def _composite(row: Composite, say: Say) -> Composite:
    if row.for_clinicians_only:
        return row
    place = f"score {row.key}"
    bands = tuple(_said(band, place, say, "label") for band in row.bands)
    return replace(_said(row, place, say, "name", "show"), bands=bands)


def _exercise_knowledge(knowledge: ExerciseKnowledge, say: Say) -> ExerciseKnowledge:
    return ExerciseKnowledge(
        exercises=_each(_exercise, knowledge.exercises, say),
        general_rules=tuple(
            replace(row, reason=_said(row.reason, f"exercise rule {row.key}", say, "because"))
            for row in knowledge.general_rules
        ),
        programmes=_each(_programme, knowledge.programmes, say),
        precautions=tuple(_said(row, f"precaution {row.key}", say, "text") for row in knowledge.precautions),
        starting_rules=tuple(
            _said(row, f"starting rule {row.key}", say, "because") for row in knowledge.starting_rules
        ),
    )


def _exercise(row: Exercise, say: Say) -> Exercise:
    place = f"exercise {row.key}"
    return replace(
        _said(row, place, say, "name", "position", "steps", "breathing", "effort"),
        dose=_member(row.dose, place, say, "note"),
        regression=row.regression and _said(row.regression, f"{place}, easier step", say, "how"),
        contraindicated_if=_reasons(row.contraindicated_if, place, say),
        caution_if=_reasons(row.caution_if, place, say),
    )


def _programme(row: Programme, say: Say) -> Programme:
    place = f"programme {row.key}"
    return replace(
        _said(row, place, say, "name", "purpose", "stop_rules", "note", "precautions"),
        phases=tuple(_phase(phase, place, say) for phase in row.phases),
        starts=tuple(_said(start, f"{place}, start", say, "because") for start in row.starts),
        limits=tuple(_said(limit, f"{place}, end", say, "because") for limit in row.limits),
    )


def _phase(row: Phase, place: str, say: Say) -> Phase:
    place = f"{place}, {row.name}"
    exercises = tuple(_said(entry, f"{place}, {entry.exercise}", say, "dose") for entry in row.exercises)
    return replace(_said(row, place, say, "name", "frequency", "criteria_to_progress", "notes"), exercises=exercises)


def _policy(policy: Policy, say: Say) -> Policy:
    scope = _member(policy.scope, "scope", say, "outside_message", "outside_action", "nothing_present")
    if "elsewhere" in scope:
        scope["elsewhere"] = [_member(row, f"scope {row['id']}", say, "reason", "action") for row in scope["elsewhere"]]
    return replace(
        policy,
        texts=_texts(policy.texts, ("texts",), say),
        scope=scope,
        follow_up=_contact_rules(policy.follow_up, say),
    )


def _texts(texts: Mapping[str, Any], path: tuple[str, ...], say: Say) -> dict[str, Any]:
    return {name: _policy_text(value, (*path, name), say) for name, value in texts.items()}


def _policy_text(value: Any, path: tuple[str, ...], say: Say) -> Any:
    if not NOT_WORDS.isdisjoint((path, (*path[:2], "*", *path[3:]))):
        return value
    if isinstance(value, Mapping):
        return _texts(value, path, say)
    return _text(value, f"policy, {', '.join(path)}", say)


def _contact_rules(policy: FollowUpPolicy, say: Say) -> FollowUpPolicy:
    rules = tuple(_said(rule, f"contact rule {rule.id}", say, "why") for rule in policy.contact_rules)
    return replace(policy, contact_rules=rules)
