"""What holds for every answer of the bundled knowledge, whatever the case."""

import hashlib
import math
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conditions import selectors
from hipcare.environment import BASE_DIRECTORY
from tests.clinical.cases import cases
from tests.clinical.kleene import truth
from triage.engine import Case, CompiledKnowledge, assess
from triage.engine.answers import read_answers
from triage.engine.assessment import Assessment
from triage.engine.case import State
from triage.engine.compiled import compile_knowledge
from triage.engine.rules import TRUE, Truth
from triage.engine.safety import RANK, facts_of
from triage.knowledge import ReleaseKnowledge

pytestmark = pytest.mark.django_db
EXAMPLES = 150
# The fixtures are of the session: sharing them between examples is what is wanted.
each_case = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
ENOUGH_ROUNDS = 200


@pytest.fixture(scope="session")
def draw_case(bundled: ReleaseKnowledge) -> st.SearchStrategy[Case]:
    """The strategy, made once."""
    return cases(bundled)


Strategy = st.SearchStrategy[Case]


def rank(answer: Assessment) -> int:
    return RANK[answer["urgency"]["level"]]


@each_case
@given(data=st.data())
def test_probabilities_are_probabilities(
    data: st.DataObject, draw_case: Strategy, knowledge: CompiledKnowledge
) -> None:
    causes = assess(data.draw(draw_case), knowledge)["causes"]
    probabilities = [cause["probability"] for cause in causes]
    assert all(0.0 <= p <= 1.0 for p in probabilities)
    assert sum(probabilities) <= 1.0 + 1e-12
    assert probabilities == sorted(probabilities, reverse=True)
    assert len({cause["condition"] for cause in causes}) == len(causes)
    for cause in causes:
        interval = cause["interval"]
        assert 0.0 <= interval["low"] <= cause["probability"] <= interval["high"] <= 1.0
        assert 0.0 <= cause["among_first_three"] <= 1.0


@each_case
@given(data=st.data())
def test_prior_and_weights_add_up_to_the_posterior(
    data: st.DataObject, draw_case: Strategy, knowledge: CompiledKnowledge
) -> None:
    for cause in assess(data.draw(draw_case), knowledge)["causes"]:
        evidence, p = cause["evidence"], cause["probability"]
        weights = [weighed["weight"] for weighed in evidence["supporting"] + evidence["opposing"]]
        log_odds = math.fsum([evidence["prior_log_odds"], *weights])
        assert 1.0 / (1.0 + math.exp(-log_odds)) == pytest.approx(p, abs=1e-9)
        if p < 0.999:  # nearer to one, 1 - p has lost the digits that the sum still has
            assert log_odds == pytest.approx(math.log(p / (1.0 - p)), abs=1e-9)


@each_case
@given(data=st.data())
def test_the_order_of_the_answers_is_irrelevant(
    data: st.DataObject, draw_case: Strategy, knowledge: CompiledKnowledge
) -> None:
    case = data.draw(draw_case)
    findings = dict(data.draw(st.permutations(list(case.findings.items()))))
    measurements = dict(data.draw(st.permutations(list(case.measurements.items()))))
    other = replace(case, findings=findings, measurements=measurements)
    assert orjson.dumps(assess(other, knowledge)) == orjson.dumps(assess(case, knowledge))


@each_case
@given(data=st.data())
def test_unknown_ranks_like_unasked(data: st.DataObject, draw_case: Strategy, knowledge: CompiledKnowledge) -> None:
    case = data.draw(draw_case)
    known = {key: state for key, state in case.findings.items() if state != "unknown"}
    answer, silent = assess(case, knowledge), assess(replace(case, findings=known), knowledge)
    for cause in answer["causes"] + silent["causes"]:
        del cause["evidence"]["missing"]  # type: ignore[misc] # what was asked in vain is not asked again
    assert answer["causes"] == silent["causes"]
    assert answer["urgency"] == silent["urgency"]
    assert answer["red_flags"] == silent["red_flags"]


@settings(each_case, max_examples=4 * EXAMPLES)
@given(data=st.data())
def test_adding_a_red_flag_finding_never_lowers_urgency(
    data: st.DataObject, draw_case: Strategy, red_flag_findings: list[str], knowledge: CompiledKnowledge
) -> None:
    case = data.draw(draw_case)
    added = data.draw(st.lists(st.sampled_from(red_flag_findings), min_size=1, max_size=3))
    more = replace(case, findings={**case.findings, **dict.fromkeys(added, "present")})
    assert rank(assess(more, knowledge)) >= rank(assess(case, knowledge))


@pytest.fixture(scope="session")
def red_flag_findings(bundled: ReleaseKnowledge, django_db_blocker: Callable[[], None]) -> list[str]:
    """What a rule mentions, and what the catalogue flags."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        release = selectors.release_by_id(bundled.release_id)
        flagged = selectors.findings(release).filter(red_flag=True, derived_from_demographics=False)
        return sorted({*bundled.compiled.red_flag_findings, *flagged.values_list("key", flat=True)})


@each_case
@given(data=st.data())
def test_nobody_is_left_to_self_care_with_an_open_screen(
    data: st.DataObject, draw_case: Strategy, knowledge: CompiledKnowledge
) -> None:
    answer = assess(data.draw(draw_case), knowledge)
    open_screen = answer["red_flag_screen"]["unanswered"]
    assert answer["red_flag_screen"]["complete"] == (not open_screen)
    if open_screen:
        assert answer["urgency"]["level"] != "self_care"
        assert answer["ladder"]["status"] != "open"


@each_case
@given(data=st.data())
def test_the_ladder_is_locked_for_whom_must_be_seen_today(
    data: st.DataObject, draw_case: Strategy, knowledge: CompiledKnowledge
) -> None:
    answer = assess(data.draw(draw_case), knowledge)
    if rank(answer) >= RANK["same_day"]:
        assert (answer["ladder"]["status"], answer["ladder"]["rungs"]) == ("locked", [])
        assert answer["programme"] is None
    else:
        assert answer["ladder"]["status"] != "locked"


@each_case
@given(data=st.data())
def test_what_is_contraindicated_is_never_recommended(
    data: st.DataObject, draw_case: Strategy, knowledge: CompiledKnowledge
) -> None:
    case = data.draw(draw_case)
    states = read_answers(case, knowledge).states
    named = {flag.row.key: flag.row.rule for flag in knowledge.red_flags}

    def holds(rule: object) -> bool:
        return truth(rule, case, states, named) == TRUE

    for rung in assess(case, knowledge)["ladder"]["rungs"]:
        for item in rung["items"]:
            treatment = knowledge.treatments[item["treatment"]].row
            if any(holds(reason.rule) for reason in treatment.contraindicated_if):
                assert item["status"] == "contraindicated"
                assert item["because"]
            elif any(holds(reason.rule) for reason in treatment.caution_if):
                assert item["status"] == "caution"
                assert item["because"]
            else:
                assert item["status"] != "contraindicated"


@each_case
@given(data=st.data())
def test_rules_are_read_as_kleene_defines_them(
    data: st.DataObject, draw_case: Strategy, knowledge: CompiledKnowledge
) -> None:
    case = data.draw(draw_case)
    answers = read_answers(case, knowledge)
    facts = facts_of(case, answers, knowledge)
    named = {flag.row.key: flag.row.rule for flag in knowledge.red_flags}
    expected: dict[str, Truth] = {key: truth(rule, case, answers.states, named) for key, rule in named.items()}
    assert {flag.row.key: facts.truth(flag.rule) for flag in knowledge.red_flags} == expected


@settings(each_case, max_examples=40)
@given(data=st.data())
def test_saying_no_to_every_open_question_completes_the_screen(
    data: st.DataObject, draw_case: Strategy, knowledge: CompiledKnowledge
) -> None:
    case = data.draw(draw_case)
    for _ in range(ENOUGH_ROUNDS):
        unanswered = assess(case, knowledge)["red_flag_screen"]["unanswered"]
        if not unanswered:
            return
        asked = [question["finding"] for question in unanswered]
        assert all(knowledge.finding(key).patient_can_answer for key in asked)
        case = replace(case, findings={**case.findings, **dict.fromkeys(asked, "absent")})
    pytest.fail("the screen never ends")


def test_a_release_compiled_again_answers_with_the_same_bytes(knowledge: CompiledKnowledge) -> None:
    again = compile_knowledge(knowledge.knowledge)
    case = Case(60.0, "female", {"pain_groin": "present", "fever": "absent", "trauma_fall": "unknown"})
    assert orjson.dumps(assess(case, again)) == orjson.dumps(assess(case, knowledge))


ANOTHER_PROCESS = """
import pickle, sys, orjson
from hashlib import sha256
from triage.engine import assess, compile_knowledge
knowledge, cases = pickle.load(open(sys.argv[1], "rb"))
compiled = compile_knowledge(knowledge)
print(sha256(b"".join(orjson.dumps(assess(case, compiled)) for case in cases)).hexdigest())
"""


def test_another_process_answers_with_the_same_bytes(knowledge: CompiledKnowledge, tmp_path: Path) -> None:
    """Whatever the order of its sets, which the seed of Python's hashes decides."""
    keys = [finding.key for finding in knowledge.findings if not finding.derived_from_demographics]
    said_of: list[dict[str, State]] = [
        {**dict.fromkeys(keys[i::17], "present"), **dict.fromkeys(keys[i::7], "absent")} for i in range(20)
    ]
    made = [Case(4.0 * i, ("female", "male")[i % 2], findings) for i, findings in enumerate(said_of)]
    path = tmp_path / "knowledge.pickle"
    path.write_bytes(pickle.dumps((knowledge.knowledge, made)))
    here = hashlib.sha256(b"".join(orjson.dumps(assess(case, knowledge)) for case in made)).hexdigest()
    for seed in ("1", "2"):
        command = [sys.executable, "-c", ANOTHER_PROCESS, str(path)]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        said = subprocess.run(command, cwd=BASE_DIRECTORY, env=environment, capture_output=True, text=True, check=True)
        assert said.stdout.strip() == here
