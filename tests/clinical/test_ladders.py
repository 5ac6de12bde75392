"""What holds for every ladder and every choice of tips of the bundled knowledge."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clinical.cases import cases
from tests.clinical.test_properties import each_case
from triage.engine import Case, CompiledKnowledge, assess
from triage.engine.answers import read_answers
from triage.engine.case import State
from triage.engine.rules import Facts
from triage.engine.safety import facts_of
from triage.engine.suitability import suitability
from triage.evaluation import care
from triage.knowledge import ReleaseKnowledge

pytestmark = pytest.mark.django_db
INVASIVE = {"injection", "surgery"}
TRIED = "tried_exercise_12_weeks_failed"
GUIDED = "tried_physiotherapy_12_weeks_failed"
WORN: dict[str, State] = dict.fromkeys(
    ("pain_groin", "difficulty_shoes_socks", "pain_activity_related", "known_hip_osteoarthritis", "insidious_onset"),
    "present",
)


@pytest.fixture(scope="session")
def draw_case(bundled: ReleaseKnowledge) -> st.SearchStrategy[Case]:
    return cases(bundled)


@each_case
@given(data=st.data())
def test_no_injection_or_operation_starts_by_itself(
    data: st.DataObject, draw_case: st.SearchStrategy[Case], knowledge: CompiledKnowledge
) -> None:
    case = data.draw(draw_case)
    tried: dict[str, State] = {step.finding: "present" for step in knowledge.knowledge.tried_steps}
    said = data.draw(st.lists(st.sampled_from(sorted(tried)), max_size=len(tried)))
    case = replace(case, findings={**case.findings, **{key: tried[key] for key in said}})
    for rung in assess(case, knowledge)["ladder"]["rungs"]:
        kinds = {knowledge.treatments[item["treatment"]].row.kind for item in rung["items"]}
        assert rung["start_because"]
        if kinds & INVASIVE:
            assert rung["start"] in {"if_not_better", "discuss", "after_review", "done"}


@each_case
@given(data=st.data())
def test_tips_suit_the_person_and_are_few(
    data: st.DataObject, draw_case: st.SearchStrategy[Case], knowledge: CompiledKnowledge
) -> None:
    answer = assess(data.draw(draw_case), knowledge)
    told = [tip["id"] for tip in answer["prevention"]]
    assert len(told) <= knowledge.knowledge.policy.prevention_limit
    assert not told or answer["ladder"]["status"] != "locked"
    rows = {row.key: row for row in knowledge.knowledge.prevention}
    statuses = {item["treatment"]: item["status"] for rung in answer["ladder"]["rungs"] for item in rung["items"]}
    assert all(statuses.get(rows[key].treatment or "") != "contraindicated" for key in told)
    assert answer["ladder"]["status"] == "open" or not any(rows[key].only_if_open for key in told)


def test_what_is_said_to_conflict_says_who_says_what(knowledge: CompiledKnowledge) -> None:
    answer = care.advise(Case(67.0, "female", WORN), knowledge)
    items = [item for rung in answer["ladder"]["rungs"] for item in rung["items"]]
    conflicting = [item for item in items if item["strength"] == "conflicting"]
    assert conflicting
    assert all(len(item["positions"]) > 1 for item in conflicting)
    assert all(not item["positions"] for item in items if item["strength"] != "conflicting")


@pytest.mark.parametrize(
    ("tried", "starts"),
    [
        ([], {2: "now", 5: "if_not_better", 6: "if_not_better", 7: "if_not_better"}),
        ([TRIED], {2: "done", 5: "now", 6: "if_not_better", 7: "if_not_better"}),
        ([GUIDED], {2: "done", 5: "now", 6: "discuss", 7: "discuss"}),
    ],
)
def test_a_worn_hip_moves_on_when_exercise_and_physiotherapy_have_failed(
    tried: list[str], starts: dict[int, str], knowledge: CompiledKnowledge
) -> None:
    answer = care.advise(Case(67.0, "female", {**WORN, **dict.fromkeys(tried, "present")}), knowledge)
    assert answer["causes"][0]["condition"] == "hip_osteoarthritis"
    told = {rung["rung"]: rung["start"] for rung in answer["ladder"]["rungs"]}
    assert {rung: told[rung] for rung in starts} == starts
    tried_items = {i["treatment"] for r in answer["ladder"]["rungs"] for i in r["items"] if i["tried"]}
    assert ("physiotherapy" in tried_items) == (GUIDED in tried)


def test_every_tip_can_be_given(knowledge: CompiledKnowledge) -> None:
    """By a rule that some finding, or nothing at all, makes true; and its treatment is one."""
    for row in knowledge.knowledge.prevention:
        assert row.treatment is None or row.treatment in knowledge.treatments
        assert row.treatment is None or suitability(
            knowledge.treatments[row.treatment].safety, _of_nobody(knowledge), {}
        ).status in {"recommended", "caution"}


def _of_nobody(knowledge: CompiledKnowledge) -> Facts:
    case = Case(40.0, "female")
    return facts_of(case, read_answers(case, knowledge), knowledge)
