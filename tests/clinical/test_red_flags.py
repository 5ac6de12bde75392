"""Every safety rule of the bundled knowledge: when it fires, when it does not, and when it must be asked about."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from conditions import selectors
from tests.clinical.kleene import truth
from triage.engine import Case, CompiledKnowledge, assess
from triage.engine.answers import read_answers
from triage.engine.case import State
from triage.engine.compiled_rows import CompiledRedFlag
from triage.engine.knowledge import Level
from triage.engine.rules import FALSE, TRUE, UNKNOWN, Truth
from triage.engine.safety import RANK, facts_of

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent
CASES: dict[str, dict[str, list[dict[str, Any]]]] = yaml.safe_load((HERE / "red_flag_cases.yaml").read_text())
SOURCE_ROWS: dict[Level, list[str]] = yaml.safe_load((HERE / "source_rows.yaml").read_text())
JUST_BELOW = 1e-6


def case_of(row: dict[str, Any], **changes: Any) -> Case:
    states = {"present": row.get("present", ()), "absent": row.get("absent", ())}
    findings = {key: cast(State, state) for state, keys in states.items() for key in keys}
    return Case(changes.get("age", row["age"]), row["sex"], findings, row.get("measurements", {}))


def truth_of(key: str, case: Case, knowledge: CompiledKnowledge) -> Truth:
    return facts_of(case, read_answers(case, knowledge), knowledge).truth(rules(knowledge)[key].rule)


def rules(knowledge: CompiledKnowledge) -> dict[str, CompiledRedFlag]:
    return {flag.row.key: flag for flag in knowledge.red_flags}


def test_every_rule_has_cases_of_every_kind(knowledge: CompiledKnowledge) -> None:
    assert CASES.keys() == rules(knowledge).keys()
    for name, flag in rules(knowledge).items():
        kinds = CASES[name]
        assert kinds.keys() == {"fires", "quiet", "unknown"}, name
        assert kinds["fires"], name
        assert kinds["quiet"], name
        # What is worked out from age and sex alone is never unknown.
        assert bool(kinds["unknown"]) == any(flag.rule.atoms()), name


@pytest.mark.parametrize("key", CASES)
def test_a_rule_fires_and_sets_at_least_its_urgency(key: str, knowledge: CompiledKnowledge) -> None:
    flag = rules(knowledge)[key].row
    for row in CASES[key]["fires"]:
        case = case_of(row)
        assert truth_of(key, case, knowledge) == TRUE, row
        answer = assess(case, knowledge)
        assert RANK[answer["urgency"]["level"]] >= RANK[flag.urgency.level], row
        assert (key in [fired["id"] for fired in answer["red_flags"]]) == (flag.kind == "red_flag"), row


@pytest.mark.parametrize("key", CASES)
def test_a_rule_stays_quiet(key: str, knowledge: CompiledKnowledge) -> None:
    for row in CASES[key]["quiet"]:
        case = case_of(row)
        assert truth_of(key, case, knowledge) == FALSE, row
        assert key not in [fired["id"] for fired in assess(case, knowledge)["red_flags"]], row


@pytest.mark.parametrize("key", CASES)
def test_a_rule_that_is_not_decided_is_neither_and_holds_self_care_back(key: str, knowledge: CompiledKnowledge) -> None:
    for row in CASES[key]["unknown"]:
        case = case_of(row)
        assert truth_of(key, case, knowledge) == UNKNOWN, row
        answer = assess(case, knowledge)
        assert key not in [fired["id"] for fired in answer["red_flags"]], row
        assert answer["urgency"]["level"] != "self_care" or answer["red_flag_screen"]["complete"], row


@pytest.mark.parametrize("key", CASES)
def test_every_age_bound_is_exact(key: str, knowledge: CompiledKnowledge) -> None:
    """At each bound one of the rule's own cases changes, and it changes between just below and the very age."""
    cases = [row for kind in CASES[key].values() for row in kind]
    for bound in sorted(set(ages(rules(knowledge)[key].row.rule, named(knowledge)))):
        assert any(
            truth_of(key, case_of(row, age=bound - JUST_BELOW), knowledge)
            != truth_of(key, case_of(row, age=bound), knowledge)
            for row in cases
        ), f"no case of {key} tells whether the age {bound} counts"


def ages(rule: Any, by_name: dict[str, Any]) -> Iterator[float]:
    """Every age at which a part of the rule changes."""
    if isinstance(rule, dict):
        ((kind, body),) = rule.items()
        if kind == "age_years":
            yield from body.values()
        elif kind == "rule":
            yield from ages(by_name[body], by_name)
        else:
            parts = body["of"] if kind == "at_least" else body
            for part in parts if isinstance(parts, list) else ():
                yield from ages(part, by_name)


def named(knowledge: CompiledKnowledge) -> dict[str, Any]:
    return {flag.row.key: flag.row.rule for flag in knowledge.red_flags}


@pytest.mark.parametrize("key", CASES)
def test_the_definition_of_the_rule_says_the_same(key: str, knowledge: CompiledKnowledge) -> None:
    flag = rules(knowledge)[key]
    for row in [row for kind in CASES[key].values() for row in kind]:
        case = case_of(row)
        states = read_answers(case, knowledge).states
        assert truth(flag.row.rule, case, states, named(knowledge)) == truth_of(key, case, knowledge), row


def test_every_rule_says_what_is_suspected_what_to_do_and_where_it_is_from(knowledge: CompiledKnowledge) -> None:
    for flag in rules(knowledge).values():
        assert {*flag.row.suspected} <= knowledge.condition_index.keys(), flag.row.key
        assert {*flag.row.immediate} <= knowledge.treatments.keys(), flag.row.key
        assert flag.row.suspected or flag.row.kind == "population", flag.row.key
        assert flag.row.action, flag.row.key


def test_every_row_of_the_sources_is_a_rule_of_its_urgency() -> None:
    level_of: dict[str, list[int]] = {}
    for rule in selectors.red_flags(selectors.current_release()):
        for name in rule.source_rules:
            level_of.setdefault(name, []).append(RANK[cast(Level, rule.urgency)])
    missing = {
        name: level
        for level, names in SOURCE_ROWS.items()
        for name in names
        if max(level_of.get(name, [0])) < RANK[level]
    }
    assert not missing
