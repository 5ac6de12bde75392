"""Every contraindication and caution of the bundled treatments, by its reason."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from triage.engine import Case, CompiledKnowledge
from triage.engine.answers import read_answers
from triage.engine.case import State
from triage.engine.rules import FALSE, TRUE, UNKNOWN, Facts
from triage.engine.safety import facts_of
from triage.engine.safety_reason import RuleTree
from triage.engine.suitability import Suitability, suitability

pytestmark = pytest.mark.django_db
GROUPS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "treatment_rule_cases.yaml").read_text())
CASES = {(group["kind"], group["because"]): group for group in GROUPS}
TRUTHS = {"fires": TRUE, "quiet": FALSE, "unknown": UNKNOWN}
LEAVES = {"age_years", "sex"}
Name = tuple[str, str]


def rules_of(knowledge: CompiledKnowledge) -> Iterator[tuple[Name, str, RuleTree]]:
    """Kind and reason, treatment, and rule."""
    for row in knowledge.knowledge.treatments:
        for kind, reasons in (("contraindicated", row.contraindicated_if), ("caution", row.caution_if)):
            yield from (((kind, reason.because), row.key, reason.rule) for reason in reasons)


def facts(row: dict[str, Any], knowledge: CompiledKnowledge) -> Facts:
    findings: dict[str, State] = {key: state for state in ("present", "absent") for key in row.get(state, ())}
    case = Case(row.get("age", 50), row.get("sex", "female"), findings, row.get("measurements", {}))
    return facts_of(case, read_answers(case, knowledge), knowledge)


def verdict(treatment: str, row: dict[str, Any], knowledge: CompiledKnowledge) -> Suitability:
    return suitability(knowledge.treatments[treatment].safety, facts(row, knowledge), {})


def test_every_rule_has_its_cases(knowledge: CompiledKnowledge) -> None:
    assert len(CASES) == len(GROUPS)
    assert CASES.keys() == {name for name, _, _ in rules_of(knowledge)}
    assert all(group["fires"] and group["quiet"] for group in GROUPS)


def test_what_a_question_could_decide_has_a_case_without_the_answer(knowledge: CompiledKnowledge) -> None:
    decided_by_age_or_sex = {
        name for name, _, rule in rules_of(knowledge) if not isinstance(rule, str) and {*rule} <= LEAVES
    }
    assert {name for name, group in CASES.items() if not group.get("unknown")} == decided_by_age_or_sex


def test_one_reason_stands_for_one_rule(knowledge: CompiledKnowledge) -> None:
    seen: dict[Name, RuleTree] = {}
    for name, treatment, rule in rules_of(knowledge):
        assert seen.setdefault(name, rule) == rule, (treatment, name)


@pytest.mark.parametrize("name", CASES)
def test_a_rule_is_true_false_and_undecided_where_its_cases_say(name: Name, knowledge: CompiledKnowledge) -> None:
    rule = knowledge.language.rule(next(rule for other, _, rule in rules_of(knowledge) if other == name))
    for kind, expected in TRUTHS.items():
        for row in CASES[name].get(kind, ()):
            assert facts(row, knowledge).truth(rule) == expected, (kind, row)


@pytest.mark.parametrize("name", CASES)
def test_the_treatments_follow_the_rule(name: Name, knowledge: CompiledKnowledge) -> None:
    kind, because = name
    for treatment in [treatment for other, treatment, _ in rules_of(knowledge) if other == name]:
        for row in CASES[name]["fires"]:
            told = verdict(treatment, row, knowledge)
            assert told.status == "contraindicated" or (kind == "caution" and told.status == "caution"), (
                treatment,
                row,
            )
            assert because in told.because or told.status != kind, (treatment, row)
        for row in CASES[name]["quiet"]:
            assert because not in verdict(treatment, row, knowledge).because, (treatment, row)


@pytest.mark.parametrize("name", CASES)
def test_what_was_not_asked_recommends_nothing(name: Name, knowledge: CompiledKnowledge) -> None:
    """But a caution that only an examiner or a scanner could decide."""
    kind, _ = name
    hidden = knowledge.hidden_from_a_patient
    for treatment, rule in [(treatment, rule) for other, treatment, rule in rules_of(knowledge) if other == name]:
        mentioned = knowledge.language.mask(sorted({*knowledge.language.rule(rule).atoms()}))
        if kind == "caution" and mentioned and not mentioned & ~hidden:
            continue
        for row in CASES[name].get("unknown", ()):
            assert verdict(treatment, row, knowledge).status != "recommended", (treatment, row)
