"""A programme built for one person: where it begins, what is replaced or left out, and what is to be asked."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.triage.engine.toy import EXERCISE, KNOWLEDGE, exercise
from triage.engine import Case, assess, compile_knowledge, dose
from triage.engine.compiled import CompiledKnowledge
from triage.engine.exercises import GeneralRule, Phase, PhaseLimit
from triage.engine.plan import PlannedPhase, ProgrammePlan
from triage.engine.programme import days_of
from triage.engine.safety_reason import SafetyReason

COMPILED = compile_knowledge(KNOWLEDGE)
SURE = {"groin": "present", "lateral": "absent", "fever": "absent", "sudden": "absent", "gradual": "present"}
WELL: dict[str, Any] = {**SURE, "stiff": "absent", "reduced_rotation": "absent", "ulcer": "absent", "long": "absent"}

# No exercise with an ulcer.
FORBIDDING = compile_knowledge(
    replace(
        KNOWLEDGE,
        exercise=replace(
            EXERCISE, general_rules=(GeneralRule("ulcer", "contraindicated", SafetyReason("ulcer", "An ulcer.")),)
        ),
    )
)


def built(
    age: float = 50.0, pain: float | None = 3, knowledge: CompiledKnowledge = COMPILED, **findings: Any
) -> tuple[ProgrammePlan | None, list[str]]:
    """The programme of somebody with arthritis, for whom everything else was asked and denied."""
    measurements = {} if pain is None else {"pain": pain}
    answer = assess(Case(age, findings={**WELL, **findings}, measurements=measurements), knowledge)
    return answer["programme"], answer["ladder"]["no_programme"]


def programme(**about: Any) -> ProgrammePlan:
    plan, because = built(**about)
    assert plan is not None
    assert because == []
    return plan


def given(phase: PlannedPhase) -> list[str]:
    return [entry["exercise"] for entry in phase["exercises"]]


def knowing(**changes: Any) -> CompiledKnowledge:
    """The toy with another programme."""
    row = replace(EXERCISE.programmes[0], **changes)
    return compile_knowledge(replace(KNOWLEDGE, exercise=replace(EXERCISE, programmes=(row,))))


def test_what_suits_is_given_as_the_programme_has_it() -> None:
    plan = programme()
    assert [given(phase) for phase in plan["phases"]] == [["squat", "stand"], ["jump", "sit"], ["hang"]]
    assert plan["phases"][0]["exercises"][0]["dose"] == "10 times"
    assert {card["id"]: card["status"] for card in plan["exercises"]} == dict.fromkeys(
        ("squat", "stand", "jump", "sit", "hang"), "recommended"
    )
    assert (plan["status"], plan["safety_questions"], plan["for"]) == ("recommended", [], ["arthritis"])


def test_what_is_contraindicated_gives_way_to_its_easier_step() -> None:
    first = programme(reduced_rotation="present")["phases"][0]
    assert given(first) == ["sit", "stand"]
    assert first["exercises"][0] == {
        "exercise": "sit",
        "name": "Sit",
        "dose": "5 times",
        "how": None,
        "instead_of": {"exercise": "squat", "name": "Squat", "because": ["It does not turn."]},
    }


def test_easier_steps_are_followed_until_one_suits() -> None:
    second = programme(reduced_rotation="present", stiff="present")["phases"][1]
    assert given(second) == ["sit"]  # jump, then squat, then sit, which the phase has already
    assert second["left_out"] == [{"exercise": "jump", "name": "Jump", "because": ["Too stiff.", "Sit is here."]}]


def test_what_has_no_easier_step_is_left_out_and_says_why() -> None:
    last = programme(stiff="present")["phases"][2]
    assert (given(last), last["left_out"]) == (
        [],
        [{"exercise": "hang", "name": "Hang", "because": ["Too stiff."]}],
    )


def test_a_caution_is_kept_with_its_reason() -> None:
    plan = programme(lateral="present", morning_stiff="present", long="present")
    stand = next(card for card in plan["exercises"] if card["id"] == "stand")
    assert (stand["status"], stand["because"][0]) == ("caution", "Mind the side.")


def test_an_unasked_safety_question_is_a_caution_that_names_it() -> None:
    plan = programme(reduced_rotation="unknown")
    squat = next(card for card in plan["exercises"] if card["id"] == "squat")
    assert (squat["status"], squat["because"], squat["ask_first"]) == ("caution", [], ["reduced_rotation"])
    assert plan["safety_questions"] == [
        {"finding": "reduced_rotation", "question": "reduced_rotation?", "who": "clinician"}
    ]


def test_a_measurement_that_was_not_taken_is_told_as_a_reason_that_may_hold() -> None:
    sore = SafetyReason({"measurement": {"id": "pain", "above": 5}}, "Too sore.")
    rows = (exercise("stand", caution_if=(sore,)), *(row for row in EXERCISE.exercises if row.key != "stand"))
    compiled = compile_knowledge(replace(KNOWLEDGE, exercise=replace(EXERCISE, exercises=rows)))
    plan, _ = built(pain=None, knowledge=compiled)
    assert plan is not None
    stand = next(card for card in plan["exercises"] if card["id"] == "stand")
    assert (stand["status"], stand["because"], stand["ask_first"]) == ("caution", ["Perhaps: Too sore."], [])


def test_precautions_of_every_plausible_cause_are_kept() -> None:
    every_cause = compile_knowledge(replace(KNOWLEDGE, policy=replace(KNOWLEDGE.policy, ladder_cause_minimum=0.0)))
    open_to_all = replace(
        every_cause, conditions=tuple(replace(c, ladder_start="open") for c in every_cause.conditions)
    )
    plan, _ = built(knowledge=open_to_all)
    assert plan is not None
    assert plan["precautions"] == ["Do not hang."]
    assert plan["phases"][2]["left_out"][0]["because"] == ["Do not hang."]
    assert "Mind: tendon" in next(card for card in plan["exercises"] if card["id"] == "stand")["because"]
    assert programme()["precautions"] == []


def test_a_rule_for_every_exercise_stops_all_of_them() -> None:
    assert built(knowledge=FORBIDDING, ulcer="present") == (None, ["An ulcer."])


def test_a_rule_for_every_exercise_that_was_not_asked_is_a_question() -> None:
    plan, _ = built(knowledge=FORBIDDING, ulcer="unknown")
    assert plan is not None
    assert plan["status"] == "caution"
    assert [each["finding"] for each in plan["safety_questions"]] == ["ulcer"]


def test_a_caution_for_every_exercise_is_told_once() -> None:
    assert programme(age=85.0)["cautions"] == ["Have someone near."]


def test_the_ladders_own_reason_stands_where_it_is_not_open() -> None:
    assert built(age=8.0) == (None, ["locked"])


def test_without_a_programme_it_says_so() -> None:
    assert built(groin="absent", lateral="present") == (None, ["no programme"])


def test_a_programme_of_which_nothing_is_left_is_not_given() -> None:
    last = EXERCISE.programmes[0].phases[2:]
    assert built(knowledge=knowing(phases=last, starts=()), stiff="present") == (None, ["nothing left"])
    assert built(knowledge=knowing(phases=(), note="A clinician decides.", starts=())) == (
        None,
        ["A clinician decides."],
    )


@pytest.mark.parametrize(
    ("pain", "ulcer", "level"),
    [
        (6, "absent", "high"),
        (3, "absent", "moderate"),
        (2, "present", "moderate"),
        (2, "absent", "low"),
        (2, "unknown", "moderate"),
        (None, "absent", "moderate"),
    ],
)
def test_irritability_is_the_highest_that_holds_and_is_never_taken_for_low(
    pain: float | None, ulcer: str, level: str
) -> None:
    point = programme(pain=pain, ulcer=ulcer)["starting_point"]
    assert point["irritability"] == level
    assert ("unsure" in point["because"]) == (pain is None or ulcer == "unknown")


def test_what_irritability_waits_for_is_asked() -> None:
    plan = programme(pain=2, ulcer="unknown")
    assert [each["finding"] for each in plan["safety_questions"]] == ["ulcer"]


def test_with_high_irritability_the_first_phase_is_one_level_down() -> None:
    plan = programme(pain=8)
    first, second = plan["phases"][:2]
    assert plan["starting_point"]["one_level_down"]
    assert [(entry["exercise"], entry["how"]) for entry in first["exercises"]] == [("sit", None), ("stand", "Hold on.")]
    assert first["exercises"][0]["instead_of"] == {"exercise": "squat", "name": "Squat", "because": ["Sore."]}
    assert given(second) == ["jump", "sit"]


def test_little_and_old_pain_begins_later_on_day_0() -> None:
    plan = programme(pain=1, long="present")
    assert plan["starting_point"] == {
        "phase": 2,
        "name": "Go on",
        "irritability": "low",
        "stage": "persistent",
        "one_level_down": False,
        "because": ["Quiet.", "Old.", "Little pain."],
        "citations": ["c6"],
        "estimates": ["e"],
    }
    assert [(phase["phase"], phase["days"]) for phase in plan["phases"]] == [
        (2, {"from": 0, "to": 27}),
        (3, {"from": 28, "to": None}),
    ]


def test_new_pain_begins_at_the_beginning() -> None:
    assert programme(pain=1)["starting_point"]["phase"] == 1
    assert programme(pain=1)["starting_point"]["stage"] is None


def test_a_condition_can_end_the_programme_early() -> None:
    limit = PhaseLimit("arthritis", 1, "No further.")
    plan, _ = built(pain=1, long="present", knowledge=knowing(limits=(limit,)))
    assert plan is not None
    assert ([phase["phase"] for phase in plan["phases"]], plan["ends_early"]) == ([1], "No further.")
    other, _ = built(knowledge=knowing(limits=(replace(limit, condition="tendon"),)))
    assert other is not None
    assert (len(other["phases"]), other["ends_early"]) == (3, None)


@pytest.mark.parametrize(
    ("weeks", "first", "days"),
    [
        ([(1, 2), (3, None)], 1, [(0, 13), (14, None)]),
        ([(1, 2), (3, None)], 2, [(-14, -1), (0, None)]),
        ([(0, 2), (0, 4), (4, 14)], 2, [(0, 13), (0, 27), (28, 97)]),
        ([(0, 0.4), (0.4, 1.5), (2, 4)], 1, [(0, 2), (3, 13), (14, 27)]),
        ([(1, 3), (3, 6)], 1, [(0, 20), (14, 41)]),
    ],
)
def test_weeks_are_days_from_the_persons_first(
    weeks: list[tuple[float, float | None]], first: int, days: list[tuple[int, int | None]]
) -> None:
    phases = [Phase("", begin, end, "", ()) for begin, end in weeks]
    assert [(span["from"], span["to"]) for span in days_of(phases, first)] == days


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"repetitions": (8, 12), "sets": (2, 3), "side": "each"}, "8 to 12 times a side, 2 to 3 rounds"),
        ({"repetitions": (1, 1), "hold_seconds": (30, 45), "sets": (1, 1)}, "1 time, hold 30 to 45 seconds, 1 round"),
        ({"minutes": (20, 20), "times_per_day": (1, 1)}, "20 minutes, once a day"),
        ({"note": "In a class."}, "In a class."),
    ],
)
def test_a_dose_in_words(about: dict[str, Any], words: str) -> None:
    spans = {
        name: {"from": value[0], "to": value[1]} if isinstance(value, tuple) else value for name, value in about.items()
    }
    assert dose.in_words(spans, KNOWLEDGE.policy.texts["dose"]) == words
