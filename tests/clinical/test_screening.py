"""The red-flag screen of the bundled knowledge remembers a good deal; it must say what reading every rule says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clinical.cases import cases
from triage.engine import Case, assess, compile_knowledge
from triage.engine.answers import read_answers
from triage.engine.rules import ones
from triage.engine.safety import RANK, facts_of
from triage.knowledge import ReleaseKnowledge

pytestmark = pytest.mark.django_db


@given(data=st.data())
def test_the_screen_is_that_of_every_rule_read_by_itself(data: st.DataObject, bundled: ReleaseKnowledge) -> None:
    knowledge, case = bundled.compiled, data.draw(cases(bundled))
    facts = facts_of(case, read_answers(case, knowledge), knowledge)
    askable = facts.taking_as_absent(knowledge.hidden_from_a_patient)
    fired, waiting = [], dict[int, list[str]]()
    for flag in knowledge.red_flags:
        if flag.rule.holds(facts.certain):
            fired.append(flag.row.key)
        elif RANK[flag.row.urgency.level] >= RANK["same_day"] and flag.rule.holds(askable.possible):
            for finding in ones(flag.rule.questions(askable)):
                waiting.setdefault(finding, []).append(flag.row.key)
    screened = knowledge.screening.of(facts)
    assert [flag.row.key for flag in screened.fired] == fired
    assert {
        finding: [knowledge.red_flags[place].row.key for place in ones(flags)]
        for finding, flags in screened.waiting.items()
    } == waiting
    assert list(ones(screened.open_bits)) == sorted(waiting)


def test_what_was_asked_before_changes_no_answer(bundled: ReleaseKnowledge) -> None:
    used, new = bundled.compiled, compile_knowledge(bundled.compiled.knowledge)

    @given(case=cases(bundled))
    def same(case: Case) -> None:
        assert assess(case, used) == assess(case, new) == assess(case, used)

    same()
    assert compile_knowledge(used.knowledge).screening is not used.screening
