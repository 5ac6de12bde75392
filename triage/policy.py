"""The policy of a release as the engine reads it, with everything that the engine will look up in it."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import reduce
from string import Formatter
from typing import Any

from hipcare.errors import InvalidInput, Problem, pointer
from triage.engine import dose
from triage.engine.follow_up_knowledge import ContactRule, FollowUpPolicy
from triage.engine.knowledge import LEVELS, InterviewPolicy, Policy, RungStart

RUNGS = tuple(str(rung) for rung in range(1, 8))
MODES_OF_EMERGENCY = ("ambulance", "emergency_department")
DOSES = (*dose.FORMS, "repetitions_a_side")
LEVELS_TOLD = (*(level for level in LEVELS if level != "emergency"), *MODES_OF_EMERGENCY)

READ_BY_THE_ENGINE: Mapping[tuple[str, ...], tuple[str, ...]] = {
    (): tuple(field.name for field in fields(Policy)),
    ("cause_thresholds",): LEVELS,
    ("interview",): tuple(field.name for field in fields(InterviewPolicy)),
    ("follow_up",): tuple(field.name for field in fields(FollowUpPolicy)),
    ("scope",): ("complaint", "outside_message", "outside_action", "nothing_present"),
    ("texts",): (
        "data_quality",
        "disclaimer",
        "dose",
        "follow_up",
        "interview",
        "ladder",
        "programme",
        "score",
        "urgency",
        "why_cause",
        "why_default",
        "why_screen",
        "why_suspicion",
    ),
    ("texts", "data_quality"): ("exclusive", "implied", "measurement_disagrees"),
    ("texts", "dose"): (*DOSES, "range"),
    **{("texts", "dose", name): ("one", "several") for name in DOSES},
    ("texts", "follow_up"): (
        "adherence_low",
        "better",
        "critical",
        "new_red_flags",
        "next_rung",
        "next_rung_after_review",
        "no_rung_left",
        "screen_open",
        "step_down",
        "too_early",
        "unknown",
        "urgent",
        "worse",
    ),
    ("texts", "interview"): ("budget", "emergency", "little_to_gain", "screen_unknown", "settled"),
    ("texts", "ladder"): (
        "ask_first",
        "locked",
        "open",
        "rungs",
        "screen_first",
        "screen_open",
        "start_because",
        "supervised",
        "unsure_reason",
        "urgent",
    ),
    ("texts", "programme"): ("already", "modify", "none", "nothing_left", "unsure", "unsure_reason"),
    ("texts", "score"): ("at_least", "range"),
    ("texts", "ladder", "rungs"): RUNGS,
    ("texts", "ladder", "start_because"): ("after_review", "discuss", "first", "if_not_better", "now"),
    ("texts", "urgency"): LEVELS_TOLD,
    **{("texts", "urgency", level): ("mode", "summary", "within_hours") for level in LEVELS_TOLD},
}
"""What each object of the policy must hold. A name that is missing here would fail the first person who needs it."""

COMPLETE = {(), ("follow_up",), ("interview",)}
"""Objects in which the engine would not know what to do with any other name."""

FILLED_IN: Mapping[tuple[str, ...], str] = {
    ("texts", "ladder", "ask_first"): "findings",
    ("texts", "ladder", "unsure_reason"): "because",
    ("texts", "programme", "already"): "name",
    ("texts", "programme", "modify"): "cause",
    ("texts", "programme", "unsure_reason"): "because",
    ("texts", "why_cause"): "name",
    ("texts", "why_suspicion"): "name",
}
"""The texts into which the engine writes something, and the one placeholder that each must have."""

NOTHING = object()


def read_policy(policy: Mapping[str, Any]) -> Policy:
    """Raises InvalidInput with a pointer to everything that is missing or unknown."""
    values = {key: value for key, value in policy.items() if key not in {"about", "grounds"}}
    if problems := [*_problems(values), *_wrong_placeholders(values)]:
        raise InvalidInput(problems)
    values["bands"] = [(name, lowest) for name, lowest in values["bands"]]
    values["probability_bounds"] = tuple(values["probability_bounds"])
    values["interview"] = InterviewPolicy(**values["interview"])
    values["follow_up"] = _follow_up_policy(values["follow_up"])
    values["ladder_starts"] = tuple(
        RungStart(row["rung"], tuple(row["after"]), row["then"]) for row in values["ladder_starts"]
    )
    return Policy(**values)


def _follow_up_policy(values: Mapping[str, Any]) -> FollowUpPolicy:
    rules = tuple(ContactRule(**{**row, "verdicts": tuple(row["verdicts"])}) for row in values["contact_rules"])
    growing = tuple(values["grow_with_time"])
    return FollowUpPolicy(**{**values, "contact_rules": rules, "grow_with_time": growing})


def _member(value: Any, name: str) -> Any:
    return value.get(name, NOTHING) if isinstance(value, Mapping) else NOTHING


def _problems(policy: Mapping[str, Any]) -> Iterator[Problem]:
    for path, names in READ_BY_THE_ENGINE.items():
        found = reduce(_member, path, policy)
        if found is NOTHING:
            continue  # told at the object around it
        if not isinstance(found, Mapping):
            yield Problem(pointer("policy", *path), "invalid", "This is not an object.")
            continue
        for name in names:
            if name not in found:
                yield Problem(pointer("policy", *path, name), "missing", "This is missing.")
        if path in COMPLETE:
            for name in sorted(found.keys() - set(names)):
                yield Problem(pointer("policy", *path, name), "unknown", "This is unknown.")


def _wrong_placeholders(policy: Mapping[str, Any]) -> Iterator[Problem]:
    for path, name in FILLED_IN.items():
        text = reduce(_member, path, policy)
        if text is not NOTHING and _placeholders(text) != [name]:
            yield Problem(pointer("policy", *path), "invalid", f"This needs {{{name}}} once and no other placeholder.")


def _placeholders(text: Any) -> list[str | None] | None:
    """The names in braces in their order; None for what is no text or cannot be filled in."""
    try:
        return [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except (TypeError, ValueError):
        return None
