"""The ladder: locked, supervised or open; merged; and safe for this person."""

from typing import Any

from tests.unit.triage.engine.toy import KNOWLEDGE
from triage.engine import Case, assess, compile_knowledge
from triage.engine.assessment import Assessment, LadderEntry

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
