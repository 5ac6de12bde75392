"""What is asked next, and when it is enough."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.triage.engine.toy import FINDINGS, KNOWLEDGE, POLICY, finding
from triage.engine import Case, CompiledKnowledge, compile_knowledge
from triage.engine.interview import InterviewStep, next_step, ranking_questions, read_standing
from triage.knowledge import ReleaseKnowledge

# The bundled knowledge is in the database.
pytestmark = pytest.mark.django_db

TOY = compile_knowledge(KNOWLEDGE)
SCREENED: dict[str, Any] = {"fever": "absent"}


def with_policy(**changes: Any) -> CompiledKnowledge:
    policy = replace(POLICY, interview=replace(POLICY.interview, **changes))
    return compile_knowledge(replace(KNOWLEDGE, policy=policy))


def step(findings: dict[str, Any], knowledge: CompiledKnowledge = TOY, **options: Any) -> InterviewStep:
    case = Case(50.0, "female", findings, options.pop("measurements", {}))
    return next_step(case, knowledge, **{"patient_answers": True, **options})


def asked(answer: InterviewStep) -> list[str]:
    return [question["finding"] for question in answer["questions"]]


def test_the_red_flag_screen_comes_first() -> None:
    answer = step({})
    assert asked(answer) == ["fever"]
    assert answer["questions"][0]["why"] == "red_flag"
    assert answer["questions"][0]["rules"] == ["hot_hip"]
    assert answer["questions"][0]["answer_type"] == "state_or_measurement"
    assert answer["questions"][0]["measurement"] == "temperature"
    assert answer["progress"] == {"asked": 0, "screen_open": 1, "estimated_remaining": 7}


def test_a_gate_is_asked_before_what_hangs_on_it() -> None:
    assert asked(step({"fever": "present"})) == ["sudden"]


def test_then_the_question_that_tells_most() -> None:
    answer = step(SCREENED)
    assert asked(answer) == ["lateral"]
    assert answer["questions"][0]["why"] == "ranking"
    assert answer["questions"][0]["gain"] > 0.3
    assert [cause["condition"] for cause in answer["causes"]] == ["arthritis", "tendon", "infection"]


def test_a_question_asked_in_vain_is_not_asked_again() -> None:
    answer = step({"fever": "unknown"})
    assert asked(answer) == ["lateral"]
    assert not answer["red_flag_screen"]["complete"]


def test_a_measurement_answers_its_question() -> None:
    assert asked(step({}, measurements={"temperature": 39.0})) == ["sudden"]


def test_an_emergency_stops_the_questions() -> None:
    answer = step({"fever": "present", "sudden": "present"})
    assert (answer["should_stop"], answer["stop_because"], answer["questions"]) == (True, "emergency", [])
    assert answer["urgency"]["level"] == "emergency"
    assert answer["progress"]["estimated_remaining"] == 0


@pytest.mark.parametrize(
    ("knowledge", "options", "reason"),
    [
        (TOY, {"maximum_questions": 1}, "budget"),
        (with_policy(maximum_questions=1), {}, "budget"),
        (with_policy(minimum_gain=2.0), {}, "little_to_gain"),
        (with_policy(settled_below=2.0), {}, "settled"),
    ],
)
def test_it_stops_when_more_would_not_help(knowledge: CompiledKnowledge, options: Any, reason: str) -> None:
    answer = step({**SCREENED, "lateral": "absent"}, knowledge, **options)
    assert (answer["should_stop"], answer["stop_because"], asked(answer)) == (True, reason, [])


@pytest.mark.parametrize("changes", [{"maximum_questions": 0}, {"minimum_gain": 2.0}, {"settled_below": 2.0}])
def test_nothing_but_an_emergency_cuts_the_screen_short(changes: Any) -> None:
    assert asked(step({"lateral": "absent"}, with_policy(**changes))) == ["fever"]


def test_an_unanswered_screen_is_told_at_the_end() -> None:
    answer = step({"fever": "unknown"}, maximum_questions=0)
    assert answer["stop_because"] == "budget screen_unknown"


def candidates(case: Case, knowledge: CompiledKnowledge = TOY, *, patient_answers: bool = True) -> list[str]:
    return ranking_questions(read_standing(case, knowledge, patient_answers=patient_answers), knowledge).keys


def test_only_a_clinician_is_asked_to_examine() -> None:
    assert "reduced_rotation" not in candidates(Case(50.0))
    assert "reduced_rotation" in candidates(Case(50.0), patient_answers=False)


def test_options_of_a_group_are_asked_as_one() -> None:
    assert len({"sudden", "gradual"} & set(candidates(Case(50.0)))) == 1
    assert not {"sudden", "gradual"} & set(candidates(Case(50.0, findings={"gradual": "present"})))
    assert "gradual" in candidates(Case(50.0, findings={"sudden": "absent"}))


def test_what_follows_from_an_answer_is_not_asked() -> None:
    assert "stiff" not in candidates(Case(50.0, findings={"morning_stiff": "present"}))
    assert "morning_stiff" not in candidates(Case(50.0, findings={"stiff": "absent"}))
    assert "morning_stiff" in candidates(Case(50.0, findings={"stiff": "present"}))


def test_what_cannot_apply_is_not_asked() -> None:
    pregnant = finding("pregnant", contradicts=("sex_male",))
    rare = finding("born_early", base_adult=0.001, base_child=0.2)
    knowledge = compile_knowledge(replace(KNOWLEDGE, findings=(*FINDINGS, pregnant, rare)))
    assert "pregnant" in candidates(Case(50.0, "female"), knowledge)
    assert "pregnant" not in candidates(Case(50.0, "male"), knowledge)
    assert "born_early" not in candidates(Case(50.0), knowledge)
    assert "born_early" in candidates(Case(5.0), knowledge)


def test_a_further_question_of_a_cluster_tells_less() -> None:
    apart = tuple(replace(f, cluster=f.key) for f in FINDINGS)
    case = Case(50.0, findings={"stiff": "present"})
    standings = [
        ranking_questions(read_standing(case, k, patient_answers=True), k)
        for k in (TOY, compile_knowledge(replace(KNOWLEDGE, findings=apart)))
    ]
    together, alone = (s.gain[s.keys.index("morning_stiff")] for s in standings)
    assert together == pytest.approx(alone / 1.5)


@pytest.mark.parametrize("patient_answers", [True, False])
@pytest.mark.parametrize("case", [Case(45.0, "female"), Case(8.0, "male"), Case(80.0, "unknown")])
def test_an_interview_of_denials_ends_with_a_complete_screen(
    bundled: ReleaseKnowledge, case: Case, patient_answers: bool
) -> None:
    knowledge = bundled.compiled
    told = next_step(case, knowledge, patient_answers=patient_answers)
    reasons = []
    while not told["should_stop"]:
        assert told["questions"]
        for question in told["questions"]:
            assert question["finding"] not in case.findings
            reasons.append(question["why"])
            case = replace(case, findings={**case.findings, question["finding"]: "absent"})
        told = next_step(case, knowledge, patient_answers=patient_answers)
    assert told["red_flag_screen"]["complete"]
    assert reasons == sorted(reasons, key=["red_flag", "ranking"].index)
    assert len(reasons) < 110
