"""Rules read part by part in Kleene's three-valued logic: what the bits of the engine must agree with."""

from collections.abc import Mapping
from typing import Any

from triage.engine import Case
from triage.engine.rules import FALSE, TRUE, UNKNOWN, Truth

COMPARISONS = {
    "at_least": lambda value, bound: value >= bound,
    "above": lambda value, bound: value > bound,
    "at_most": lambda value, bound: value <= bound,
    "below": lambda value, bound: value < bound,
}


def truth(rule: Any, case: Case, states: Mapping[str, Truth], named: Mapping[str, Any]) -> Truth:
    """The truth of a rule as the content writes it; `states` are the findings known, `named` the rules by name."""
    if isinstance(rule, str):
        return states.get(rule, UNKNOWN)
    ((kind, body),) = rule.items()
    if kind in {"all", "any", "at_least"}:
        parts = body["of"] if kind == "at_least" else body
        truths = [truth(part, case, states, named) for part in parts]
        return {"all": min, "any": max}[kind](truths) if kind != "at_least" else _at_least(body["count"], truths)
    if kind == "rule":
        return truth(named[body], case, states, named)
    return _leaf(kind, body, case)


def _at_least(count: int, truths: list[Truth]) -> Truth:
    if truths.count(TRUE) >= count:
        return TRUE
    return FALSE if truths.count(FALSE) > len(truths) - count else UNKNOWN


def _leaf(kind: str, body: Any, case: Case) -> Truth:
    if kind == "age_years":
        return TRUE if body.get("from", 0) <= case.age_years < body.get("below", 200) else FALSE
    if kind == "sex":
        return TRUE if case.sex in {body, "unknown"} else FALSE
    assert kind == "measurement"
    value = case.measurements.get(body["id"])
    if value is None:
        return UNKNOWN
    tests = [COMPARISONS[name](value, bound) for name, bound in body.items() if name != "id"]
    return TRUE if all(tests) else FALSE
