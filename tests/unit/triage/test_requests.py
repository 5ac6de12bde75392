"""The body of an assessment as the engine's case."""

from typing import Any

import pytest

from hipcare.errors import InvalidInput
from triage.knowledge import ReleaseKnowledge
from triage.requests import AssessmentRequest, read_request

pytestmark = pytest.mark.django_db


def read(bundled: ReleaseKnowledge, **changes: Any) -> AssessmentRequest:
    body = {"patient": {"age": {"value": 61}}, "findings": [{"id": "fever", "state": "absent"}]}
    return read_request(body | changes, bundled)


@pytest.mark.parametrize(
    ("value", "unit", "years"), [(61, "year", 61.0), (0.5, "year", 0.5), (18, "month", 1.5), (36525, "day", 100.0)]
)
def test_ages_are_read_in_years(bundled: ReleaseKnowledge, value: float, unit: str, years: float) -> None:
    request = read(bundled, patient={"age": {"value": value, "unit": unit}})
    assert request.case().age_years == pytest.approx(years)


def test_the_case_has_what_was_said_and_nothing_of_who_it_is(bundled: ReleaseKnowledge) -> None:
    request = read(
        bundled,
        patient={"age": {"value": 61}, "sex": "female", "reference": "r1"},
        measurements=[{"id": "pain_nprs", "value": 6}],
        setting="emergency",
        side="left",
    )
    case = request.case()
    assert (case.age_years, case.sex, case.setting, case.side) == (61.0, "female", "emergency", "left")
    assert (case.findings, case.measurements) == ({"fever": "absent"}, {"pain_nprs": 6.0})
    assert not hasattr(case, "reference")


def test_options_reach_the_engine(bundled: ReleaseKnowledge) -> None:
    options = read(bundled, options={"max_causes": 3, "audience": "patient"}).engine_options()
    assert (options.max_causes, options.audience) == (3, "patient")


@pytest.mark.parametrize("body", [None, 7, [], {"findings": 7}, {"findings": [7, {"id": 7}, {"id": []}]}])
def test_a_body_of_any_shape_is_refused_with_problems(bundled: ReleaseKnowledge, body: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_request(body, bundled)
    assert refused.value.problems


def test_every_finding_and_measurement_of_the_release_is_taken_alone(bundled: ReleaseKnowledge) -> None:
    for finding in bundled.compiled.findings:
        if not finding.derived_from_demographics:
            read(bundled, findings=[{"id": finding.key, "state": "present"}])
    for key, limits in bundled.measurements.items():
        for value in (limits.minimum, limits.maximum):
            read(bundled, findings=[], measurements=[{"id": key, "value": value}])


def test_the_nearest_ids_are_found_by_their_words(bundled: ReleaseKnowledge) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(bundled, findings=[{"id": "groin_pain", "state": "present"}])
    (problem,) = refused.value.problems
    assert problem.detail.startswith("There is no such finding. Nearest known: pain_groin,")
