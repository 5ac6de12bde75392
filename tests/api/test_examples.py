"""The example cases, sent through the API: answers that a hip clinician would not object to."""

import json
from typing import Any

import pytest
from django.test import Client as HttpClient

from hipcare.environment import BASE_DIRECTORY

pytestmark = pytest.mark.django_db
EXAMPLES = BASE_DIRECTORY / "examples"

# What the urgency must be, and a cause that must be among the first three.
EXPECTED = {
    "cancer_history": ("same_day", "bone_malignancy"),
    "cauda_equina": ("emergency", "cauda_equina"),
    "child_after_a_cold": ("same_day", "transient_synovitis"),
    "osteonecrosis": ("urgent", "avascular_necrosis"),
    "fall_in_old_age": ("emergency", "hip_fracture"),
    "feverish_child": ("emergency", "septic_arthritis_child"),
    "gluteal_tendinopathy": ("routine", "gluteal_tendinopathy"),
    "labral_tear": ("routine", "labral_tear"),
    "mild_strain": ("routine", "sprain_or_strain"),
    "osteoarthritis": ("routine", "hip_osteoarthritis"),
    "osteoarthritis_screened": ("routine", "hip_osteoarthritis"),
    "runner_outer_hip": ("routine", "itb_syndrome"),
    "sciatica": ("routine", "lumbar_radiculopathy"),
    "septic_hip_adult": ("emergency", "septic_arthritis_adult"),
    "septic_hip_child": ("emergency", "septic_arthritis_child"),
    "slipped_epiphysis": ("emergency", "slipped_capital_femoral_epiphysis"),
}


def test_every_example_has_its_expectation() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_is_answered_as_a_clinician_would(name: str, api: HttpClient) -> None:
    body = (EXAMPLES / f"{name}.json").read_bytes()
    response = api.generic("POST", "/api/v1/assessments", body, content_type="application/json")
    assert response.status_code == 201, response.content
    answer: dict[str, Any] = json.loads(response.content)
    level, cause = EXPECTED[name]
    causes = [(c["condition"], round(c["probability"], 2)) for c in answer["causes"][:4]]
    assert answer["urgency"]["level"] == level, answer["urgency"]["decided_by"]
    assert cause in [c for c, _ in causes[:3]], causes
    assert answer["out_of_scope"] is None
