"""What holds for every follow-up of the bundled knowledge, whatever the case and whatever was said since."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.clinical.cases import cases
from triage.engine import Case, assess
from triage.engine.contact import Adherence, Contact, Story, TriedTreatment
from triage.engine.follow_up import follow_up
from triage.engine.outcome_scores import Score
from triage.engine.renewed_case import renewed
from triage.engine.safety import RANK
from triage.knowledge import ReleaseKnowledge

pytestmark = pytest.mark.django_db
few = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.fixture(scope="session")
def draw_case(bundled: ReleaseKnowledge) -> st.SearchStrategy[Case]:
    return cases(bundled)


@st.composite
def contacts(draw: Any, bundled: ReleaseKnowledge, draw_case: st.SearchStrategy[Case]) -> Contact:
    """Anything that may be said at a contact; the findings and measurements are those of another case."""
    other = draw(draw_case)
    measures = bundled.compiled.outcome_measures
    scored = draw(st.sets(st.sampled_from(sorted(measures)), max_size=3))
    return Contact(
        day=draw(st.integers(0, 400)),
        findings=other.findings,
        measurements={key: value for key, value in other.measurements.items() if key not in scored},
        scores={key: Score(draw(st.floats(measures[key].minimum, measures[key].maximum))) for key in scored},
        global_change=draw(st.none() | st.integers(-5, 5)),
        adherence=draw(st.none() | st.builds(Adherence, st.integers(0, 20), st.integers(0, 20))),
        treatments=tuple(
            draw(
                st.lists(
                    st.builds(
                        TriedTreatment,
                        st.sampled_from(sorted(bundled.compiled.treatments)),
                        st.floats(0, 60),
                        st.none() | st.booleans(),
                    ),
                    max_size=3,
                )
            )
        ),
        overall=draw(st.sampled_from(["better", "same", "worse", "unknown"])),
    )


@few
@given(data=st.data())
def test_a_follow_up_never_lowers_the_urgency_of_the_case(
    data: st.DataObject, bundled: ReleaseKnowledge, draw_case: st.SearchStrategy[Case]
) -> None:
    knowledge = bundled.compiled
    first = data.draw(draw_case)
    *earlier, now = data.draw(st.lists(contacts(bundled, draw_case), min_size=1, max_size=3))
    story = Story(first, assess(first, knowledge)["ladder"]["rungs"], tuple(earlier), now)
    answer = follow_up(story, knowledge)
    alone = assess(renewed(first, story.contacts, knowledge), knowledge)
    assert RANK[answer["urgency"]["level"]] >= RANK[alone["urgency"]["level"]]
    assert answer["urgency"]["decided_by"]
    if answer["urgency"]["level"] == "self_care":
        assert answer["red_flag_screen"]["complete"]
    if RANK[answer["urgency"]["level"]] >= RANK["same_day"]:
        assert answer["next_step"]["kind"] == "escalate"
    if answer["overall"] == "worse":
        assert answer["next_step"]["kind"] in {"review", "escalate"}
    assert all(item["status"] != "contraindicated" for item in answer["next_step"]["items"])
    assert follow_up(story, knowledge) == answer


@few
@given(data=st.data())
def test_a_worse_history_never_lowers_the_urgency(
    data: st.DataObject, bundled: ReleaseKnowledge, draw_case: st.SearchStrategy[Case]
) -> None:
    knowledge = bundled.compiled
    first = data.draw(draw_case)
    before, now = (data.draw(contacts(bundled, draw_case)) for _ in range(2))
    ranks = []
    for overall in ("better", "same", "worse"):
        earlier = (Contact(before.day, before.findings, before.measurements, before.scores, overall=overall),)
        ranks.append(RANK[follow_up(Story(first, (), earlier, now), knowledge)["urgency"]["level"]])
    assert ranks == sorted(ranks)
