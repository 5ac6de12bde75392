"""Tips for this person: by what was told, the most specific first, none where being seen comes first."""

from dataclasses import replace
from typing import Any

from tests.unit.triage.engine.toy import KNOWLEDGE
from triage.engine import Case, assess, compile_knowledge
from triage.engine.knowledge import PreventionTip

GENTLE: dict[str, Any] = {
    "groin": "present",
    "lateral": "present",
    "fever": "absent",
    "long": "present",
    "gradual": "present",
}


def tip(key: str, priority: int, **changes: Any) -> PreventionTip:
    return replace(PreventionTip(key, key, f"{key}.", "Because.", "plausible", "No trial.", priority), **changes)


TIPS = (
    tip("everybody", 1),
    tip("stiff", 3, when="stiff"),
    tip("stiff_too", 2, when={"any": ["stiff", "ulcer"]}, only_if_open=True),
    tip("tablet", 1, when="stiff", treatment="tablet"),
)
TOY = compile_knowledge(replace(KNOWLEDGE, prevention=TIPS))


def tips(**findings: Any) -> list[str]:
    return [row["id"] for row in assess(Case(50.0, findings={**GENTLE, **findings}), TOY)["prevention"]]


def test_a_tip_is_for_those_of_whom_its_rule_is_true() -> None:
    assert tips(stiff="absent", ulcer="absent") == ["everybody"]
    assert tips() == ["everybody"]  # what was not asked is not taken for a yes


def test_the_most_specific_come_first_and_no_more_than_the_policy_says() -> None:
    assert tips(stiff="present", ulcer="absent") == ["tablet", "stiff_too"]


def test_a_tip_about_a_contraindicated_treatment_is_left_out() -> None:
    assert tips(stiff="present", ulcer="present") == ["stiff_too", "stiff"]


def test_none_while_the_ladder_is_locked_and_no_load_before_a_clinician_has_looked() -> None:
    assert tips(fever="present", sudden="present", gradual="absent", stiff="present") == []
    assert tips(fever="unknown", gradual="unknown", long="unknown", stiff="present", ulcer="absent") == [
        "tablet",
        "stiff",
    ]


def test_a_tip_says_why_and_how_sure() -> None:
    told = assess(Case(50.0, findings=GENTLE), TOY)["prevention"][0]
    assert (told["because"], told["verdict"], told["evidence"]) == ("Because.", "plausible", "No trial.")
