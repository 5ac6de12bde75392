"""What a change moves."""

from typing import Any

import pytest

from tests.unit.triage.engine.toy import KNOWLEDGE
from triage.engine import Case, Options, assess, compile_knowledge
from triage.engine.comparison import Change, ChangedAnswer, compare

TOY = compile_knowledge(KNOWLEDGE)
CASE = Case(50.0, "female", {"groin": "present", "fever": "absent", "ulcer": "absent"}, {"days": 120.0})


def change(findings: Any = None, measurements: Any = None, **others: Any) -> Change:
    return Change("label", findings or {}, measurements or {}, others)


def outcome(one: Change, case: Case = CASE) -> ChangedAnswer:
    return compare(case, [one], TOY, Options())["changes"][0]


def test_an_answer_is_set_overridden_or_taken_away() -> None:
    changed = change(
        {"lateral": "present", "fever": "unknown", "groin": None}, {"days": 5.0}, setting="emergency"
    ).applied_to(CASE)
    assert changed.findings == {"fever": "unknown", "ulcer": "absent", "lateral": "present"}
    assert (changed.measurements, changed.setting, changed.age_years) == ({"days": 5.0}, "emergency", 50.0)


def test_each_change_is_answered_as_the_changed_case_would_be() -> None:
    changes = [change({"lateral": "present"}), change(age_years=9.0)]
    compared = compare(CASE, changes, TOY, Options())
    for one, told in zip(changes, compared["changes"], strict=True):
        answer = assess(one.applied_to(CASE), TOY)
        assert told["urgency"] == answer["urgency"]
        assert told["ladder_status"] == answer["ladder"]["status"]
        assert [c["probability"] for c in told["causes"]] == [c["probability"] for c in answer["causes"]]


def test_no_difference_moves_nothing() -> None:
    moves = outcome(change({"groin": "present"}))["moves"]
    assert moves == {
        "urgency": None,
        "causes": [],
        "red_flags": {"gained": [], "lost": []},
        "ladder": {"status": None, "items": []},
    }


def test_an_emergency_moves_urgency_red_flags_and_ladder() -> None:
    moves = outcome(change({"fever": "present", "sudden": "present"}))["moves"]
    assert moves["urgency"] is not None
    assert moves["urgency"]["to"] == "emergency"
    assert "hot_hip" in [decider["id"] for decider in moves["urgency"]["decided_by"]]
    assert moves["red_flags"] == {"gained": ["hot_hip"], "lost": []}
    assert moves["ladder"]["status"] is not None
    assert moves["ladder"]["status"]["to"] == "locked"
    assert {item["to"] for item in moves["ladder"]["items"]} == {None}


def test_a_red_flag_can_be_lost() -> None:
    case = Case(50.0, findings={"fever": "present", "sudden": "present"})
    assert outcome(change({"fever": None}), case)["moves"]["red_flags"] == {"gained": [], "lost": ["hot_hip"]}


def test_a_treatment_that_no_longer_suits_is_told() -> None:
    items = outcome(change({"ulcer": "present"}))["moves"]["ladder"]["items"]
    assert items == [{"treatment": "tablet", "name": "Tablet", "from": "recommended", "to": "contraindicated"}]


def test_causes_move_with_probability_and_rank() -> None:
    moves = {m["condition"]: m for m in outcome(change({"groin": "absent", "lateral": "present"}))["moves"]["causes"]}
    assert moves["tendon"]["rank"] == {"before": 2, "after": 1}
    assert moves["arthritis"]["rank"] == {"before": 1, "after": 2}
    before, after = (
        assess(case, TOY)["causes"]
        for case in (CASE, change({"groin": "absent", "lateral": "present"}).applied_to(CASE))
    )
    assert moves["tendon"]["probability"]["before"] == pytest.approx(before[1]["probability"], abs=1e-9)
    assert moves["tendon"]["probability"]["after"] == pytest.approx(after[0]["probability"], abs=1e-9)
