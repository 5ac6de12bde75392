"""Urgency: red flags, the screen, and that nothing dangerous ever lowers it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.triage.engine.toy import FINDINGS, KNOWLEDGE
from triage.engine import Case, assess, compile_knowledge
from triage.engine.assessment import Assessment
from triage.engine.knowledge import LEVELS, Level
from triage.engine.safety import RANK

COMPILED = compile_knowledge(KNOWLEDGE)


def answer(age: float = 50.0, **findings: str) -> Assessment:
    return assess(Case(age, findings=findings), COMPILED)  # type: ignore[arg-type]


def test_a_red_flag_fires_and_says_why() -> None:
    result = answer(fever="present", sudden="present")
    assert result["urgency"]["level"] == "emergency"
    assert result["urgency"]["mode"] == "emergency_department"
    (flag,) = result["red_flags"]
    assert (flag["id"], flag["matched"], flag["suspected"]) == ("hot_hip", ["fever", "sudden"], ["infection"])
    assert {"kind": "red_flag", "id": "hot_hip", "why": "Hot hip"} in result["urgency"]["decided_by"]


def test_a_population_rule_is_no_red_flag_but_raises_urgency() -> None:
    result = answer(age=8.0, lateral="present", fever="absent")
    assert result["urgency"]["level"] == "same_day"
    assert result["red_flags"] == []


def test_an_open_screen_excludes_self_care() -> None:
    result = answer(lateral="present", groin="absent")
    assert result["urgency"]["level"] == "routine"
    assert result["urgency"]["decided_by"][0]["kind"] == "screen"
    assert result["red_flag_screen"] == {
        "complete": False,
        "unanswered": [{"finding": "fever", "question": "fever?", "rules": ["hot_hip"]}],
    }
    assert result["ladder"]["status"] == "supervised"
    assert result["next_questions"][0]["finding"] == "fever"
    assert result["next_questions"][0]["why"] == "red_flag"


def test_asked_but_not_known_keeps_the_screen_open() -> None:
    result = answer(lateral="present", groin="absent", fever="unknown")
    assert not result["red_flag_screen"]["complete"]
    assert result["urgency"]["level"] == "routine"
    assert "fever" not in [question["finding"] for question in result["next_questions"]]


def test_self_care_once_the_screen_is_complete() -> None:
    result = answer(lateral="present", groin="absent", fever="absent")
    assert result["red_flag_screen"] == {"complete": True, "unanswered": []}
    assert result["urgency"]["level"] == "self_care"
    assert result["ladder"]["status"] == "open"


def test_a_cause_above_its_threshold_sets_its_least_urgency() -> None:
    result = answer(groin="present", fever="present", sudden="absent", long="absent", stiff="absent")
    assert result["urgency"]["level"] == "emergency"
    assert [decider["id"] for decider in result["urgency"]["decided_by"]] == ["infection"]


def test_out_of_scope_when_every_complaint_is_denied() -> None:
    assert answer(groin="absent", lateral="absent")["status"] == "out_of_scope"
    assert answer(groin="absent")["out_of_scope"] is None


@pytest.mark.parametrize(
    ("findings", "outside"),
    [
        ({"stiff": "present"}, True),
        ({"stiff": "present", "long": "absent"}, True),
        ({"stiff": "present", "groin": "unknown"}, True),
        ({"stiff": "present", "groin": "present"}, False),
        ({"stiff": "present", "reduced_rotation": "present"}, False),
        ({"stiff": "present", "ulcer": "present"}, True),
        # Silence about the hip is not denial: with a symptom more it may be a hip that hurts.
        ({"stiff": "present", "fever": "present"}, False),
        ({"stiff": "present", "fever": "present", "groin": "absent"}, True),
        ({"fever": "present"}, False),
    ],
)
def test_out_of_scope_when_another_part_alone_is_told(findings: dict[str, Any], outside: bool) -> None:
    result = answer(**findings)
    assert (result["status"] == "out_of_scope") is outside
    if outside:
        assert result["out_of_scope"] == {"reason": "the back", "action": "see to the back"}
        assert (result["causes"], result["programme"], result["follow_up"]) == ([], None, None)
        assert result["ladder"]["rungs"] == []


def test_scope_never_changes_the_urgency() -> None:
    outside = answer(stiff="present", fever="present", sudden="present", groin="absent")
    assert outside["status"] == "out_of_scope"
    assert (outside["urgency"]["level"], outside["ladder"]["status"]) == ("emergency", "locked")
    assert outside["ladder"]["immediate"]


def test_answers_that_say_nothing_is_wrong_are_told_so() -> None:
    nothing = answer(groin="unknown", fever="absent")
    assert [warning["code"] for warning in nothing["data_quality"]] == ["nothing_present"]
    assert nothing["status"] == "insufficient_information"
    assert nothing["next_questions"]
    assert answer(groin="present")["data_quality"] == []


states = st.dictionaries(
    st.sampled_from([finding.key for finding in FINDINGS]), st.sampled_from(["present", "absent", "unknown"])
)


@given(findings=states, key=st.sampled_from(sorted(COMPILED.red_flag_findings)), age=st.sampled_from([5.0, 50.0]))
def test_adding_a_red_flag_finding_never_lowers_urgency(findings: dict[str, str], key: str, age: float) -> None:
    findings.pop(key, None)
    before, after = answer(age, **findings), answer(age, **findings, **{key: "present"})
    assert RANK[after["urgency"]["level"]] >= RANK[before["urgency"]["level"]]


def test_levels_are_ranked_from_self_care_to_emergency() -> None:
    assert [RANK[level] for level in LEVELS] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_can_be_told(level: Level) -> None:
    flag = replace(KNOWLEDGE.red_flags[0], urgency=replace(KNOWLEDGE.red_flags[0].urgency, level=level, mode=None))
    compiled = compile_knowledge(replace(KNOWLEDGE, red_flags=(flag,)))
    case = Case(50.0, findings={"fever": "present", "sudden": "present", "lateral": "present", "groin": "absent"})
    assert RANK[assess(case, compiled)["urgency"]["level"]] >= RANK[level]
