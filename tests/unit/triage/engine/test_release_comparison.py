"""What another release moves, on releases made by hand."""

from dataclasses import replace
from typing import Any

from tests.unit.triage.engine.toy import KNOWLEDGE
from triage.engine import Case, assess, compile_knowledge
from triage.engine.release_comparison import moves_between_releases

CASE = Case(50.0, "female", {"groin": "present", "fever": "absent", "ulcer": "absent"}, {"days": 120.0})
OLD = compile_knowledge(KNOWLEDGE)


def moves(new: Any) -> Any:
    return moves_between_releases(assess(CASE, OLD), assess(CASE, new), (CASE, OLD), (CASE, new))


def causes_that_move(first: Any) -> dict[str, Any]:
    """By their id, when the first condition is replaced."""
    new = compile_knowledge(replace(KNOWLEDGE, conditions=(first, *KNOWLEDGE.conditions[1:])))
    return {move["condition"]: move for move in moves(new)["causes"]}


def test_nothing_moves_between_a_release_and_itself() -> None:
    assert moves(OLD) == {
        "urgency": None,
        "causes": [],
        "red_flags": {"gained": [], "lost": []},
        "ladder": {"status": None, "items": []},
    }


def test_another_prior_moves_causes() -> None:
    first = KNOWLEDGE.conditions[0]
    rarer = replace(first, prior=tuple((age, value / 50) for age, value in first.prior))
    told = causes_that_move(rarer)
    assert told[first.key]["probability"]["after"] < told[first.key]["probability"]["before"]
    assert told[first.key]["rank"]["after"] >= told[first.key]["rank"]["before"]


def test_a_condition_that_one_release_does_not_know_has_null_there() -> None:
    first = KNOWLEDGE.conditions[0]
    renamed = replace(first, key="brand_new", name="Brand new")
    told = causes_that_move(renamed)
    assert (told["brand_new"]["probability"]["before"], told["brand_new"]["rank"]["before"]) == (None, None)
    assert (told[first.key]["probability"]["after"], told[first.key]["rank"]["after"]) == (None, None)
    assert told["brand_new"]["probability"]["after"] == told[first.key]["probability"]["before"]
