"""What is stored, read back against the release that answers now."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from triage.knowledge import ReleaseKnowledge
from triage.models import Assessment, FollowUp
from triage.stories import stored_case, stored_contacts, told_scores

pytestmark = pytest.mark.django_db
BODY: dict[str, Any] = {
    "patient": {"age": {"value": 61}},
    "findings": [
        {"id": "pain_groin", "state": "present"},
        {"id": "of_an_earlier_release", "state": "present"},
        {"id": "sex_female", "state": "present"},
    ],
    "measurements": [
        {"id": "pain_nprs", "value": 6},
        {"id": "psfs", "value": 99},
        {"id": "of_an_earlier_release", "value": 1},
    ],
}


def test_a_case_is_read_without_what_the_release_no_longer_knows(bundled: ReleaseKnowledge) -> None:
    row = Assessment(created_at=datetime.now(UTC))
    row.request = json.dumps(BODY).encode()
    case, options = stored_case(row, bundled)
    assert (case.age_years, case.findings, case.measurements) == (61.0, {"pain_groin": "present"}, {"pain_nprs": 6.0})
    assert options.max_causes == 8


def test_a_contact_is_read_with_the_scores_and_the_verdict_that_were_told(bundled: ReleaseKnowledge) -> None:
    treatments = [{"treatment": "massage", "weeks": 2}, {"treatment": "of_an_earlier_release", "weeks": 2}]
    request = {name: BODY[name] for name in ("findings", "measurements")} | {"treatments_tried": treatments}
    measures = [
        {"id": "hoos_12", "now": 50.0},
        {"id": "pain_nprs", "now": None},
        {"id": "of_an_earlier_release", "now": 1.0},
    ]
    row = FollowUp(
        days_since_start=14,
        overall="same",
    )
    row.request, row.answer = json.dumps(request).encode(), json.dumps({"measures": measures}).encode()
    assert told_scores(row) == {"hoos_12": 50.0, "of_an_earlier_release": 1.0}
    (contact,) = stored_contacts([row], bundled)
    assert (contact.day, contact.overall, contact.findings) == (14, "same", {"pain_groin": "present"})
    assert contact.values == {"pain_nprs": 6.0, "hoos_12": 50.0}
    assert [tried.treatment for tried in contact.treatments] == ["massage"]
