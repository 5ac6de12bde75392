"""Many cases at once give what one case at a time gives."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipcare.api.json import loads
from hipcare.environment import BASE_DIRECTORY
from tests.unit.triage.engine.toy import KNOWLEDGE
from triage.engine import Case, CompiledKnowledge, assess, compile_knowledge
from triage.engine.bulk import rank_many
from triage.engine.tables import Floats
from triage.engine.weighing import weigh
from triage.knowledge import ReleaseKnowledge
from triage.requests import read_request

# The bundled knowledge is in the database.
pytestmark = pytest.mark.django_db

TOY = compile_knowledge(KNOWLEDGE)


def one_at_a_time(cases: list[Case], knowledge: CompiledKnowledge) -> Floats:
    return np.array([weigh(case, knowledge).cause for case in cases])


def assert_agreement(cases: list[Case], knowledge: CompiledKnowledge, block: int) -> None:
    together = np.vstack(list(rank_many(cases, knowledge, block)))
    assert np.abs(together - one_at_a_time(cases, knowledge)).max() < 1e-9


def cases_of(knowledge: CompiledKnowledge, measurements: dict[str, tuple[float, float]]) -> st.SearchStrategy[Case]:
    # Findings that stand in some relation to others come up as often as all the rest.
    related = [
        f.key
        for f in knowledge.findings
        if f.exclusive_group or f.implies or any(f.key in g.implies for g in knowledge.findings)
    ]
    keys = st.sampled_from(related) | st.sampled_from([finding.key for finding in knowledge.findings])
    states = st.sampled_from(["present", "absent", "absent", "unknown"])
    values = st.sampled_from(sorted(measurements)).flatmap(
        lambda key: st.tuples(st.just(key), st.floats(*measurements[key]))
    )
    return st.builds(
        Case,
        age_years=st.integers(0, 100).map(float) | st.floats(0.0, 120.0),
        sex=st.sampled_from(["female", "male", "unknown"]),
        findings=st.dictionaries(keys, states, max_size=60),
        measurements=st.lists(values, max_size=4).map(dict),
        setting=st.sampled_from(["primary_care", "specialist", "emergency"]),
    )


@given(st.lists(cases_of(TOY, {"temperature": (35.0, 41.0), "days": (0.0, 200.0)}), min_size=1, max_size=12))
def test_it_agrees_on_the_toy(cases: list[Case]) -> None:
    assert_agreement(cases, TOY, block=5)


@settings(max_examples=40)
@given(data=st.data())
def test_it_agrees_on_the_bundled_knowledge(bundled: ReleaseKnowledge, data: Any) -> None:
    ranges = {key: (limits.minimum, limits.maximum) for key, limits in bundled.measurements.items()}
    cases = data.draw(st.lists(cases_of(bundled.compiled, ranges), min_size=1, max_size=12))
    assert_agreement(cases, bundled.compiled, block=7)


@pytest.mark.parametrize(
    "findings",
    [
        {},
        {"stiff": "present", "morning_stiff": "present"},
        {"stiff": "absent", "morning_stiff": "absent"},
        {"stiff": "present", "morning_stiff": "absent"},
        {"sudden": "absent", "gradual": "absent"},
        {"sudden": "present", "gradual": "absent"},
        {"sudden": "present", "gradual": "present"},
        {"groin": "unknown"},
    ],
)
@pytest.mark.parametrize("age", [8.0, 50.0])
def test_every_relation_between_findings_counts_the_same(findings: dict[str, Any], age: float) -> None:
    assert_agreement([Case(age, findings=findings)], TOY, block=1)


@pytest.mark.parametrize("name", sorted(path.name for path in (BASE_DIRECTORY / "examples").glob("*.json")))
def test_it_says_what_an_assessment_says(bundled: ReleaseKnowledge, name: str) -> None:
    case = read_request(loads((BASE_DIRECTORY / "examples" / name).read_bytes()), bundled).case()
    (together,) = np.vstack(list(rank_many([case], bundled.compiled)))
    told = assess(case, bundled.compiled)["causes"]
    index = bundled.compiled.condition_index
    assert [together[index[cause["condition"]]] for cause in told] == pytest.approx(
        [cause["probability"] for cause in told], abs=1e-9
    )


def test_blocks_come_in_order_and_cases_are_read_as_they_are_needed() -> None:
    read = []

    def cases() -> Iterator[Case]:
        for age in (70.0, 3.0, 40.0, 9.0, 55.0):
            read.append(age)
            yield Case(age, findings={"fever": "present"})

    blocks = rank_many(cases(), TOY, block=2)
    first = next(blocks)
    assert read == [70.0, 3.0]
    everything = np.vstack([first, *blocks])
    assert everything.shape == (5, len(TOY.conditions))
    expected = one_at_a_time([Case(age, findings={"fever": "present"}) for age in read], TOY)
    assert everything == pytest.approx(expected)


def test_no_cases_give_no_blocks() -> None:
    assert list(rank_many([], TOY)) == []
