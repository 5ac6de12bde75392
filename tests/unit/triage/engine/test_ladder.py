"""The ladder: locked, supervised or open; merged; and safe for this person."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.triage.engine.toy import CONDITIONS, FINDINGS, KNOWLEDGE, TREATMENTS, finding
from triage.engine import Case, assess, compile_knowledge
from triage.engine.assessment import Assessment, LadderEntry
from triage.engine.knowledge import LadderItem, Position, Treatment, TriedStep
from triage.engine.safety_reason import SafetyReason

COMPILED = compile_knowledge(KNOWLEDGE)
BENIGN: dict[str, Any] = {
    "groin": "present",
    "lateral": "present",
    "fever": "absent",
    "long": "present",
    "gradual": "present",
}


def answer(age: float = 50.0, **findings: Any) -> Assessment:
    return assess(Case(age, findings=findings), COMPILED)


def entries(result: Assessment) -> dict[str, LadderEntry]:
    return {item["treatment"]: item for rung in result["ladder"]["rungs"] for item in rung["items"]}


def test_an_emergency_locks_the_ladder_to_immediate_measures() -> None:
    ladder = answer(fever="present", sudden="present")["ladder"]
    assert (ladder["status"], ladder["rungs"], ladder["immediate"]) == ("locked", [], ["Do not walk on it."])


def test_ladders_are_merged_without_repetition_most_conservative_first() -> None:
    result = answer(lateral="present", groin="present", fever="absent")
    assert [cause["condition"] for cause in result["causes"]][:2] == ["arthritis", "tendon"]
    assert [rung["rung"] for rung in result["ladder"]["rungs"]] == [1, 3, 6]
    assert entries(result)["education"]["for"] == ["arthritis", "tendon"]
    assert entries(result)["education"]["how"] == "Learn."
    assert entries(result)["injection"]["for"] == ["tendon"]


def test_a_contraindicated_treatment_says_why() -> None:
    tablet = entries(answer(**BENIGN, ulcer="present"))["tablet"]
    assert (tablet["status"], tablet["because"]) == ("contraindicated", ["An ulcer can bleed."])


def test_an_unasked_safety_question_makes_a_caution() -> None:
    tablet = entries(answer(**BENIGN))["tablet"]
    assert (tablet["status"], tablet["because"]) == ("caution", ["Ask first: Ulcer"])
    assert answer(**BENIGN)["ladder"]["safety_questions"] == [{"finding": "ulcer", "question": "ulcer?"}]


def test_a_caution_that_holds_is_told() -> None:
    tablet = entries(answer(70.0, **BENIGN, ulcer="absent"))["tablet"]
    assert (tablet["status"], tablet["because"]) == ("caution", ["More bleeding from 65."])


def test_recommended_when_everything_that_matters_was_asked() -> None:
    assert entries(answer(**BENIGN, ulcer="absent"))["tablet"]["status"] == "recommended"


def test_the_programme_belongs_to_the_leading_cause_of_an_open_ladder() -> None:
    programme = answer(**BENIGN, stiff="present")["programme"]
    assert programme is not None
    assert programme["id"] == "walk"
    assert answer(fever="present", sudden="present")["programme"] is None


def test_the_safety_net_is_for_this_person() -> None:
    assert [row["watch_for"] for row in answer(**BENIGN)["safety_net"]] == ["numbness"]
    assert [row["watch_for"] for row in answer(8.0, **BENIGN)["safety_net"]] == ["numbness", "limp"]


TRIED = (
    TriedStep("rest", "tried_rest", 1, "You rested."),
    TriedStep("exercise", "tried_exercise", 2, "You exercised."),
    TriedStep("tablets", "tried_tablets", 3, "You took it.", ("tablet",)),
    TriedStep("guided", "tried_guided", 5, "You were guided."),
    TriedStep("injection", "tried_injection", 6, "It was injected."),
)
EXERCISE = Treatment("exercise", "Exercise", "exercise", 2, "Move.")
GUIDED = Treatment("guided", "Guided", "professional", 5, "Be guided.")
STICK = Treatment("stick", "Stick", "aid", 3, "Lean on it.", only_for={"any": ["stiff"]})


def with_tried(rungs: tuple[tuple[str, int], ...]) -> Any:
    """The toy with findings of what was tried, and a ladder of these treatments for all."""
    ladder = tuple(LadderItem(key, rung, key, None, None, "strong", "trial", ()) for key, rung in rungs)
    findings = (*FINDINGS, *(finding(row.finding) for row in TRIED))
    conditions = tuple(replace(condition, ladder=ladder) for condition in CONDITIONS)
    treatments = (*TREATMENTS, EXERCISE, GUIDED, STICK)
    changed = replace(
        KNOWLEDGE, findings=findings, conditions=conditions, treatments=treatments, tried_steps=TRIED, digest="sha256:t"
    )
    return compile_knowledge(changed)


FULL = (("education", 1), ("exercise", 2), ("tablet", 3), ("stick", 3), ("guided", 5), ("injection", 6))


@pytest.mark.parametrize(
    ("tried", "rungs", "starts"),
    [
        ([], FULL, ["now", "now", "now", "if_not_better", "if_not_better"]),
        (["tried_rest"], FULL, ["done", "now", "now", "if_not_better", "if_not_better"]),
        (["tried_exercise"], FULL, ["now", "done", "now", "now", "if_not_better"]),
        (["tried_guided"], FULL, ["now", "now", "now", "done", "discuss"]),
        (["tried_injection"], FULL, ["now", "now", "now", "now", "done"]),
        (["tried_tablets"], FULL, ["now", "now", "now", "if_not_better", "if_not_better"]),
        (["tried_rest"], (("education", 1), ("guided", 5), ("injection", 6)), ["done", "now", "if_not_better"]),
        (["tried_rest"], (("education", 1), ("injection", 6)), ["done", "discuss"]),
    ],
)
def test_the_ladder_begins_where_the_person_is(
    tried: list[str], rungs: tuple[tuple[str, int], ...], starts: list[str]
) -> None:
    findings = {**BENIGN, "stiff": "present", **dict.fromkeys(tried, "present")}
    ladder = assess(Case(50.0, findings=findings), with_tried(rungs))["ladder"]
    assert ladder["status"] == "open"
    assert [rung["start"] for rung in ladder["rungs"]] == starts
    assert all(rung["start_because"] for rung in ladder["rungs"])


def test_a_rung_of_which_a_part_failed_goes_on_without_it() -> None:
    findings = {**BENIGN, "stiff": "present", "ulcer": "absent", "tried_tablets": "present"}
    ladder = assess(Case(50.0, findings=findings), with_tried(FULL))["ladder"]
    third = next(rung for rung in ladder["rungs"] if rung["rung"] == 3)
    assert third["start"] == "now"
    assert [(item["treatment"], item["tried"]) for item in third["items"]] == [("tablet", True), ("stick", False)]
    assert third["items"][0]["because"] == ["You took it."]


def test_a_clinician_looks_before_a_supervised_ladder_begins() -> None:
    case = Case(50.0, findings={"groin": "present", "lateral": "present", "tried_exercise": "present"})
    ladder = assess(case, with_tried(FULL))["ladder"]
    assert ladder["status"] == "supervised"
    assert {rung["rung"]: rung["start"] for rung in ladder["rungs"]} == {
        rung: "done" if rung == 2 else "after_review" for rung in (1, 2, 3, 5, 6)
    }


def test_a_treatment_for_others_is_left_out() -> None:
    for stiff in ("absent", "unknown", "present"):
        result = assess(Case(50.0, findings={**BENIGN, "stiff": stiff}), with_tried(FULL))
        assert ("stick" in entries(result)) == (stiff == "present")


def test_where_sources_disagree_the_item_says_who_says_what() -> None:
    positions = (Position("A 2019", "For.", "strong", ("c1",)), Position("B 2020", "Against.", "weak", ("c2",)))
    item = replace(CONDITIONS[0].ladder[1], strength="conflicting")
    conditions = (replace(CONDITIONS[0], ladder=(item,)), *CONDITIONS[1:])
    treatments = tuple(replace(row, positions=positions) if row.key == "tablet" else row for row in TREATMENTS)
    knowledge = compile_knowledge(replace(KNOWLEDGE, conditions=conditions, treatments=treatments))
    told = entries(assess(Case(50.0, findings=BENIGN), knowledge))
    assert [(row["source"], row["citations"]) for row in told["tablet"]["positions"]] == [
        ("A 2019", ["c1"]),
        ("B 2020", ["c2"]),
    ]
    assert entries(answer(**BENIGN))["tablet"]["positions"] == []


def test_what_only_an_examiner_can_tell_makes_no_caution_but_a_contraindication() -> None:
    for name, status in (("caution_if", "recommended"), ("contraindicated_if", "caution")):
        rules: Any = {"contraindicated_if": (), "caution_if": ()}
        rules[name] = (SafetyReason({"any": ["ulcer", "reduced_rotation"]}, "It does not turn."),)
        treatments = tuple(replace(row, **rules) if row.key == "tablet" else row for row in TREATMENTS)
        knowledge = compile_knowledge(replace(KNOWLEDGE, treatments=treatments))
        quiet = entries(assess(Case(50.0, findings={**BENIGN, "ulcer": "absent"}), knowledge))
        assert quiet["tablet"]["status"] == status
        unasked = entries(assess(Case(50.0, findings=BENIGN), knowledge))
        assert (unasked["tablet"]["status"], "Ulcer" in unasked["tablet"]["because"][0]) == ("caution", True)
        known = entries(assess(Case(50.0, findings={**BENIGN, "reduced_rotation": "present"}), knowledge))
        assert known["tablet"]["because"][0] == "It does not turn."


def test_an_immediate_measure_is_for_this_person_too() -> None:
    def immediate(**rules: Any) -> list[str]:
        treatments = tuple(replace(row, **rules) if row.key == "keep_still" else row for row in TREATMENTS)
        knowledge = compile_knowledge(replace(KNOWLEDGE, treatments=treatments))
        case = Case(50.0, findings={"fever": "present", "sudden": "present", "ulcer": "present"})
        return assess(case, knowledge)["ladder"]["immediate"]

    reason = (SafetyReason("ulcer", "Mind the ulcer."),)
    assert immediate(caution_if=reason) == ["Do not walk on it. Mind the ulcer."]
    assert immediate(contraindicated_if=reason) == []
