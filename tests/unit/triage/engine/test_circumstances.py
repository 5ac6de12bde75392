"""What rules say about age, sex and measurements, as one number for all people who are alike in it."""

from typing import Any

import pytest

from triage.engine.circumstances import View
from triage.engine.rules import Facts, Language, Rule

TREES: list[dict[str, Any]] = [
    {"age_years": {"from": 65}},
    {"age_years": {"from": 16, "below": 65}},
    {"sex": "male"},
    {"measurement": {"id": "temperature", "at_least": 38, "below": 45}},
    {"measurement": {"id": "temperature", "above": 40}},
    {"measurement": {"id": "crp", "above": 20}},
]
MEASURED = [{}, {"temperature": 38.0}, {"temperature": 41.0}, {"crp": 20.0}, {"crp": 30.0, "temperature": 37.9}]


def facts(language: Language, age: float, sex: str, measurements: dict[str, float]) -> Facts:
    return Facts.of(language, age_years=age, sex=sex, states={}, measurements=measurements)


def said(rules: list[Rule], person: Facts) -> list[tuple[bool, bool]]:
    return [(rule.holds(person.certain), rule.holds(person.possible)) for rule in rules]


def test_people_have_the_same_number_exactly_when_the_rules_say_the_same_of_them() -> None:
    language = Language({}, {})
    rules = [language.rule(tree) for tree in TREES]
    by_number: dict[int, list[tuple[bool, bool]]] = {}
    for age in (0.0, 15.99, 16.0, 64.99, 65.0, 120.0):
        for sex in ("female", "male", "unknown"):
            for measurements in MEASURED:
                person = facts(language, age, sex, measurements)
                assert by_number.setdefault(person.circumstances, said(rules, person)) == said(rules, person)
    assert len({str(answers) for answers in by_number.values()}) == len(by_number)


def test_a_rule_that_is_added_later_counts_at_once() -> None:
    language = Language({}, {})
    language.rule(TREES[0])
    before = [facts(language, age, "female", {}).circumstances for age in (20.0, 30.0)]
    language.rule({"age_years": {"below": 25}})
    after = [facts(language, age, "female", {}).circumstances for age in (20.0, 30.0)]
    assert before[0] == before[1]
    assert after[0] != after[1]


def test_the_same_rule_under_another_name_keeps_its_place() -> None:
    language = Language({}, {"old": TREES[0]})
    rule = language.rule(TREES[0])
    assert language.rule({"rule": "old"}) is rule
    language.rule(TREES[2])
    reach = language.reach([rule])
    people = [facts(language, 70.0, sex, {}) for sex in ("female", "male")]
    assert people[0].within(reach) == people[1].within(reach)


@pytest.mark.parametrize("age", [64.0, 66.0])
def test_a_rule_reaches_no_further_than_what_it_mentions(age: float) -> None:
    language = Language({"a": 0, "b": 1}, {})
    language.rule(TREES[2])
    reach = language.reach([language.rule({"all": ["a", TREES[0]]})])
    assert reach.findings == 1
    person = facts(language, age, "male", {})
    assert person.within(reach) == facts(language, age, "female", {"crp": 30.0}).within(reach)
    assert person.within(reach) != facts(language, 130.0 - age, "male", {}).within(reach)
    assert isinstance(person.certain, View)
