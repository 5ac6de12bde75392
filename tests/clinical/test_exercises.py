"""Every rule about exercise of the bundled knowledge, and what a programme may hold, whoever it is for."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.clinical.cases import cases
from tests.clinical.kleene import truth
from tests.clinical.test_properties import each_case
from triage.engine import Case, CompiledKnowledge, assess
from triage.engine.answers import read_answers
from triage.engine.assessment import Ladder
from triage.engine.case import State
from triage.engine.exercises import Exercise
from triage.engine.knowledge import Condition
from triage.engine.programme import Built, build_programme
from triage.engine.rules import FALSE, TRUE, UNKNOWN
from triage.engine.safety import facts_of
from triage.engine.suitability import suitability
from triage.knowledge import ReleaseKnowledge

pytestmark = pytest.mark.django_db
GROUPS: list[dict[str, list[Any]]] = yaml.safe_load((Path(__file__).parent / "exercise_rule_cases.yaml").read_text())
CASES = {name: group for group in GROUPS for name in group["rules"]}
TRUTHS = {"fires": TRUE, "quiet": FALSE, "unknown": UNKNOWN}
OPEN: Ladder = {
    "status": "open",
    "reason": "",
    "immediate": [],
    "safety_questions": [],
    "rungs": [],
    "no_programme": [],
}


def rules_of(knowledge: CompiledKnowledge) -> Iterator[tuple[str, Any]]:
    """Every rule about exercise with its place."""
    exercise = knowledge.knowledge.exercise
    for general in exercise.general_rules:
        yield f"general.{general.key}", general.reason.rule
    for row in exercise.exercises:
        for kind, reasons in (("contraindicated", row.contraindicated_if), ("caution", row.caution_if)):
            yield from ((f"{row.key}.{kind}.{n}", reason.rule) for n, reason in enumerate(reasons, start=1))
    for starting in exercise.starting_rules:
        yield f"starting.{starting.key}", starting.rule
    for programme in exercise.programmes:
        for n, start in enumerate(programme.starts, start=1):
            if start.when is not None:
                yield f"{programme.key}.start.{n}", start.when


def case_of(row: dict[str, Any]) -> Case:
    findings: dict[str, State] = {key: state for state in ("present", "absent") for key in row.get(state, ())}
    return Case(row.get("age", 50), "female", findings, row.get("measurements", {}))


def test_every_rule_has_cases_of_every_kind(knowledge: CompiledKnowledge) -> None:
    assert CASES.keys() == dict(rules_of(knowledge)).keys()
    assert all(group[kind] for group in GROUPS for kind in TRUTHS)


@pytest.mark.parametrize("name", CASES)
def test_a_rule_is_true_false_and_undecided_where_its_cases_say(name: str, knowledge: CompiledKnowledge) -> None:
    rule = knowledge.language.rule(dict(rules_of(knowledge))[name])
    for kind, expected in TRUTHS.items():
        for row in CASES[name][kind]:
            case = case_of(row)
            assert facts_of(case, read_answers(case, knowledge), knowledge).truth(rule) == expected, (kind, row)


@pytest.mark.parametrize("name", [name for name in CASES if name.split(".")[1] in {"contraindicated", "caution"}])
def test_an_exercise_follows_its_rule(name: str, knowledge: CompiledKnowledge) -> None:
    key, kind, number = name.split(".")
    compiled = knowledge.exercise.exercises[key]
    because = getattr(compiled.row, f"{kind}_if")[int(number) - 1].because
    for row in CASES[name]["fires"]:
        verdict = _verdict(case_of(row), compiled.safety, knowledge)
        assert verdict.status == "contraindicated" or (kind == "caution" and because in verdict.because), row
        assert verdict.status in {"contraindicated", kind}, row
    for row in CASES[name]["quiet"]:
        verdict = _verdict(case_of(row), compiled.safety, knowledge)
        assert because not in verdict.because or _another_holds(compiled.row, because, case_of(row), knowledge), row
    for row in CASES[name]["unknown"]:
        assert _verdict(case_of(row), compiled.safety, knowledge).status != "recommended", row


def _verdict(case: Case, safety: Any, knowledge: CompiledKnowledge) -> Any:
    return suitability(safety, facts_of(case, read_answers(case, knowledge), knowledge), {})


def _another_holds(row: Exercise, because: str, case: Case, knowledge: CompiledKnowledge) -> bool:
    """Whether a rule with the same words is true."""
    states = read_answers(case, knowledge).states
    reasons = row.contraindicated_if + row.caution_if
    return any(r.because == because and truth(r.rule, case, states, {}) == TRUE for r in reasons)


@pytest.fixture(scope="session")
def draw_person(bundled: ReleaseKnowledge) -> st.SearchStrategy[tuple[Case, list[Condition]]]:
    """Anybody, with a leading cause that has a programme and any other plausible causes.

    Half of them are well enough that no general rule stops everything, so that there is a programme to look at.
    """
    general = bundled.compiled.knowledge.exercise.general_rules
    stopping = {atom for rule in general for atom in bundled.compiled.language.rule(rule.reason.rule).atoms()}

    def well(case: Case) -> Case:
        findings = {key: state for key, state in case.findings.items() if key not in stopping}
        return replace(case, age_years=max(case.age_years, 16.0), findings=findings)

    conditions = bundled.compiled.conditions
    leading = st.sampled_from([condition for condition in conditions if condition.programme])
    others = st.lists(st.sampled_from(conditions), max_size=3)
    causes = st.builds(lambda first, rest: [first, *rest], leading, others)
    anybody = cases(bundled)
    return st.tuples(anybody | anybody.map(well), causes)


Strategy = st.SearchStrategy[tuple[Case, list[Condition]]]


def programme_for(case: Case, causes: list[Condition], knowledge: CompiledKnowledge) -> Built:
    """The programme as if the ladder were open to everybody: the hardest test of what it may hold."""
    facts = facts_of(case, read_answers(case, knowledge), knowledge)
    return build_programme(facts, OPEN, [(0.5, condition) for condition in causes], knowledge)


@each_case
@given(data=st.data())
def test_nobody_gets_an_exercise_that_is_contraindicated(
    data: st.DataObject, draw_person: Strategy, knowledge: CompiledKnowledge
) -> None:
    case, causes = data.draw(draw_person)
    plan, because = programme_for(case, causes, knowledge)
    states = read_answers(case, knowledge).states
    exercise = knowledge.knowledge.exercise
    rows = {row.key: row for row in exercise.exercises}
    general = [r for r in exercise.general_rules if r.effect == "contraindicated"]
    stopped = [r.reason.because for r in general if truth(r.reason.rule, case, states, {}) == TRUE]
    if plan is None:
        assert because
        return
    assert not stopped
    avoided = {key for row in exercise.precautions for key in row.avoid if any(c.key in row.conditions for c in causes)}
    for key in {entry["exercise"] for phase in plan["phases"] for entry in phase["exercises"]}:
        assert key not in avoided
        assert all(truth(r.rule, case, states, {}) != TRUE for r in rows[key].contraindicated_if), key


@each_case
@given(data=st.data())
def test_what_was_not_asked_is_never_taken_for_a_no(
    data: st.DataObject, draw_person: Strategy, knowledge: CompiledKnowledge
) -> None:
    case, causes = data.draw(draw_person)
    plan, _ = programme_for(case, causes, knowledge)
    if plan is None:
        return
    states = read_answers(case, knowledge).states
    rows = {row.key: row for row in knowledge.knowledge.exercise.exercises}
    asked = {question["finding"] for question in plan["safety_questions"]}
    for card in plan["exercises"]:
        reasons = rows[card["id"]].contraindicated_if + rows[card["id"]].caution_if
        if any(truth(reason.rule, case, states, {}) != FALSE for reason in reasons):
            assert card["status"] == "caution"
            assert card["because"] or card["ask_first"]
        assert {*card["ask_first"]} <= asked


@each_case
@given(data=st.data())
def test_a_programme_hangs_together(data: st.DataObject, draw_person: Strategy, knowledge: CompiledKnowledge) -> None:
    case, causes = data.draw(draw_person)
    plan, _ = programme_for(case, causes, knowledge)
    if plan is None:
        return
    phases = plan["phases"]
    assert (phases[0]["phase"], phases[0]["days"]["from"]) == (plan["starting_point"]["phase"], 0)
    assert all(after["phase"] == before["phase"] + 1 for before, after in pairwise(phases))
    assert all(phase["days"]["to"] is None or phase["days"]["to"] >= phase["days"]["from"] for phase in phases)
    given_ = {entry["exercise"] for phase in phases for entry in phase["exercises"]}
    assert given_ == {card["id"] for card in plan["exercises"]}
    for phase in phases:
        keys = [entry["exercise"] for entry in phase["exercises"]]
        assert len(keys) == len({*keys})
        assert all(entry["dose"] for entry in phase["exercises"])
        assert all(left["because"] for left in phase["left_out"])
    assert plan["stop_rules"]


@pytest.mark.parametrize("condition", ["ischiofemoral_impingement", "snapping_hip_external"])
def test_two_phases_are_enough_for_some(condition: str, knowledge: CompiledKnowledge) -> None:
    cause = knowledge.conditions[knowledge.condition_index[condition]]
    for pain in (1, 8):
        case = Case(50, "female", {"duration_over_3_months": "present"}, {"pain_nprs": pain})
        plan, _ = programme_for(case, [cause], knowledge)
        assert plan is not None
        assert plan["id"] == "prog_gtps_8"
        assert plan["phases"][-1]["phase"] == 2
        assert plan["ends_early"]


def test_the_starter_begins_once_or_twice_a_week_and_builds_to_daily(knowledge: CompiledKnowledge) -> None:
    cause = knowledge.conditions[knowledge.condition_index["nonspecific_hip_pain"]]
    plan, _ = programme_for(Case(50, "female", {}, {"pain_nprs": 1}), [cause], knowledge)
    assert plan is not None
    assert plan["phases"][0]["times_per_week"] == {"from": 1, "to": 2}
    assert plan["phases"][-1]["times_per_week"] == {"from": 4, "to": 7}
    assert [entry["exercise"] for entry in plan["phases"][0]["exercises"]] == [
        "hip_flexor_stretch_half_kneel",
        "bridge_double",
        "squat_double",
    ]


@pytest.mark.parametrize(
    ("days", "pain", "phase"), [(1, 1, 1), (5, 4, 2), (5, 8, 1), (20, 1, 3), (20, 4, 2), (200, 8, 1)]
)
def test_a_strain_begins_where_its_age_and_pain_say(
    days: int, pain: int, phase: int, knowledge: CompiledKnowledge
) -> None:
    cause = knowledge.conditions[knowledge.condition_index["sprain_or_strain"]]
    said: dict[str, State] = dict.fromkeys(
        ("pain_night", "pain_constant_rest", "severe_pain_on_small_movement"), "absent"
    )
    case = Case(30, "male", said, {"pain_nprs": pain, "symptom_duration_days": days})
    plan, _ = programme_for(case, [cause], knowledge)
    assert plan is not None
    assert plan["starting_point"]["phase"] == phase
    assert plan["starting_point"]["one_level_down"] == (pain == 8)


@each_case
@given(data=st.data())
def test_a_programme_goes_with_an_open_ladder_and_otherwise_says_why(
    data: st.DataObject, draw_person: Strategy, knowledge: CompiledKnowledge
) -> None:
    answer = assess(data.draw(draw_person)[0], knowledge)
    assert (answer["programme"] is None) == bool(answer["ladder"]["no_programme"])
    if answer["ladder"]["status"] != "open":
        assert answer["programme"] is None
