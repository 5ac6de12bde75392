"""The rule language: what is in it, and what can be true."""

from typing import Any

import pytest

from conditions import rules

FEVER_AND_AGE = {"all": ["fever", {"age_years": {"from": 8, "below": 16}}, {"sex": "male"}]}
TWO_OF_THREE = {"at_least": {"count": 2, "of": ["a", {"measurement": {"id": "crp", "above": 20}}, {"rule": "other"}]}}


@pytest.mark.parametrize("document", ["fever", FEVER_AND_AGE, TWO_OF_THREE, {"any": ["a", {"all": ["b"]}]}])
def test_a_rule_is_written_as_it_was_read(document: Any) -> None:
    assert rules.to_document(rules.parse(document)) == document


def test_canonical_puts_the_keys_of_each_part_in_order() -> None:
    jumbled = {"measurement": {"below": 5, "at_least": 1, "id": "pain"}}
    assert list(rules.canonical(jumbled)["measurement"]) == ["id", "at_least", "below"]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (3, ()),
        ({}, ()),
        ({"not": ["a"]}, ()),
        ({"all": []}, ("all",)),
        ({"all": "a"}, ("all",)),
        ({"any": ["a", {"all": [None]}]}, ("any", 1, "all", 0)),
        ({"at_least": {"count": 3, "of": ["a", "b"]}}, ("at_least", "count")),
        ({"at_least": {"count": True, "of": ["a"]}}, ("at_least", "count")),
        ({"at_least": ["a"]}, ("at_least",)),
        ({"age_years": {}}, ("age_years",)),
        ({"age_years": {"at_least": 3}}, ("age_years",)),
        ({"age_years": {"from": "old"}}, ("age_years", "from")),
        ({"measurement": {"above": 3}}, ("measurement",)),
        ({"measurement": {"id": "crp"}}, ("measurement",)),
        ({"sex": "unknown"}, ("sex",)),
        ({"rule": ["a"]}, ("rule",)),
        ({"absent": ["a"]}, ("absent",)),
    ],
)
def test_what_is_not_in_the_language_is_refused_where_it_stands(document: Any, path: rules.Path) -> None:
    with pytest.raises(rules.RuleError) as error:
        rules.parse(document)
    assert error.value.path == path


def test_absence_counts_in_parts_of_scores_only() -> None:
    document = {"all": ["a", {"absent": "b"}]}
    assert rules.canonical_part(document) == document
    assert rules.findings_in(document) == ["a", "b"]
    with pytest.raises(rules.RuleError) as error:
        rules.canonical(document)
    assert error.value.path == ("all", 1, "absent")


def test_atoms_carry_their_path() -> None:
    found = dict(rules.atoms(rules.parse(TWO_OF_THREE)))
    assert found[("at_least", "of", 0)] == rules.Present("a")
    assert found[("at_least", "of", 2)] == rules.SameAs("other")


def test_findings_in_names_each_finding_once() -> None:
    assert rules.findings_in({"any": ["b", {"all": ["a", "b"]}, {"rule": "c"}]}) == ["b", "a"]


@pytest.mark.parametrize(
    ("document", "possible"),
    [
        ("fever", True),
        (FEVER_AND_AGE, True),
        ({"all": [{"age_years": {"below": 16}}, {"age_years": {"from": 16}}]}, False),
        ({"all": [{"age_years": {"from": 15}}, {"age_years": {"below": 16}}]}, True),
        ({"age_years": {"from": 130}}, False),
        ({"all": [{"sex": "male"}, {"sex": "female"}]}, False),
        ({"measurement": {"id": "crp", "above": 20, "below": 20.5}}, True),
        ({"measurement": {"id": "crp", "above": 20, "at_most": 20}}, False),
        ({"measurement": {"id": "crp", "at_least": 20, "at_most": 20}}, True),
        ({"all": [{"measurement": {"id": "crp", "above": 9}}, {"measurement": {"id": "esr", "below": 5}}]}, True),
        ({"at_least": {"count": 2, "of": ["a", {"sex": "male"}, {"sex": "female"}]}}, True),
        ({"at_least": {"count": 3, "of": ["a", {"sex": "male"}, {"sex": "female"}]}}, False),
        ({"rule": "child"}, True),
        ({"all": [{"rule": "child"}, {"age_years": {"from": 16}}]}, False),
        ({"rule": "missing"}, False),
        ({"rule": "circle"}, False),
    ],
)
def test_can_fire_finds_a_person_if_there_is_one(document: Any, possible: bool) -> None:
    known = {
        "child": rules.parse({"age_years": {"below": 16}}),
        "circle": rules.parse({"any": [{"rule": "circle"}]}),
    }
    assert rules.can_fire(rules.parse(document), known) is possible


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("a", True),
        ("c", False),
        ({"any": ["c", "a"]}, True),
        ({"all": ["a", "b"]}, True),
        ({"all": ["a", "c"]}, False),
        ({"at_least": {"count": 2, "of": ["a", "b", "c"]}}, True),
        ({"all": ["a", {"age_years": {"from": 60}}]}, True),
        ({"age_years": {"below": 16}}, False),
        ({"any": [{"age_years": {"below": 16}}, "a"]}, True),
        ({"rule": "another"}, False),
    ],
)
def test_findings_make_a_rule_true_beside_age_and_sex(rule: Any, holds: bool) -> None:
    assert rules.made_true_by(rule, {"a", "b"}) is holds
