"""Simulated interviews, on knowledge and cases that can be followed by hand."""

from dataclasses import replace

from tests.unit.triage.engine.toy import KNOWLEDGE
from triage.engine import Case, compile_knowledge
from triage.evaluation.interviews import MOST_QUESTIONS, simulate

TOY = compile_knowledge(KNOWLEDGE)
SCREEN = ("fever", "sudden")
"""What the only serious rule of the toy asks for."""


def test_an_interview_that_knows_all_from_the_start_needs_no_ranking_question() -> None:
    told = simulate(Case(50.0, findings={"groin": "present"}), TOY, patient_answers=True)
    assert (told.first_reached, told.reached_for_good) == (0, 0)
    assert (told.red_flags_in_screen, told.red_flags_later, told.emergency_in_screen) == (0, 0, False)
    assert told.screen_questions <= len(SCREEN)


def test_red_flags_come_before_ranking_questions() -> None:
    findings = {"groin": "present", "fever": "present", "sudden": "present"}
    told = simulate(Case(50.0, findings=findings), TOY, patient_answers=True)  # type: ignore[arg-type]
    assert told.red_flags_in_screen + told.red_flags_later == 2
    assert told.emergency_in_screen


def test_what_was_reached_for_good_is_never_reached_before_the_first_time() -> None:
    four = replace(KNOWLEDGE, conditions=(*KNOWLEDGE.conditions, replace(KNOWLEDGE.conditions[0], key="another")))
    case = Case(50.0, findings={"lateral": "present", "stiff": "present", "long": "absent"})
    told = simulate(case, compile_knowledge(four), patient_answers=False)
    assert 0 <= told.first_reached <= told.reached_for_good <= MOST_QUESTIONS + 1
