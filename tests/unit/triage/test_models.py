"""What the database refuses of assessments and follow-ups, by the name of the constraint."""

from typing import Any, get_args

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners.actions import clients, organisations
from partners.models import Scope
from triage.engine.follow_up_knowledge import Verdict
from triage.engine.knowledge import LEVELS
from triage.engine.next_rung import StepKind
from triage.knowledge import ReleaseKnowledge
from triage.models import Assessment, FollowUp

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(bundled: ReleaseKnowledge) -> dict[str, Any]:
    """The columns of a good row."""
    organisation = organisations.create(name="Hip clinic", by="test")
    program = clients.create(organisation=organisation, name="Intake", scopes=Scope.values, by="test")
    return {
        "organisation": organisation,
        "client": program,
        "release_id": bundled.release_id,
        "engine_version": "1",
        "created_at": timezone.now(),
        "setting": "primary_care",
        "status": "complete",
        "urgency": "routine",
        "sealed_request": b"sealed",
        "sealed_answer": b"sealed",
    }


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [({"urgency": "terrible"}, "assessment_urgency_known"), ({"status": "fine"}, "assessment_status_known")],
)
def test_a_row_that_breaks_the_constraint_is_refused(
    row: dict[str, Any], changes: dict[str, str], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Assessment.objects.create(**row | changes)


def test_ids_rise_with_time(row: dict[str, Any]) -> None:
    made = [Assessment.objects.create(**row).pk for _ in range(3)]
    assert list(Assessment.objects.values_list("pk", flat=True)) == made[::-1]


def test_every_level_of_the_engine_can_be_stored(row: dict[str, Any]) -> None:
    assert {*LEVELS} == {*Assessment.Urgency.values}
    assert list(Assessment.Urgency.values) == list(LEVELS)[::-1]


@pytest.fixture
def follow_up_row(row: dict[str, Any]) -> dict[str, Any]:
    """The columns of a good follow-up."""
    others = {key: value for key, value in row.items() if key not in {"setting", "status"}}
    return others | {
        "assessment": Assessment.objects.create(**row),
        "number": 1,
        "days_since_start": 0,
        "overall": "same",
        "next_step": "continue",
    }


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"number": 0}, "follow_up_number_from_one"),
        ({"overall": "fine"}, "follow_up_overall_known"),
        ({"next_step": "wait"}, "follow_up_next_step_known"),
        ({"urgency": "terrible"}, "follow_up_urgency_known"),
    ],
)
def test_a_follow_up_that_breaks_the_constraint_is_refused(
    follow_up_row: dict[str, Any], changes: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        FollowUp.objects.create(**follow_up_row | changes)


def test_a_number_is_given_once_within_an_assessment(follow_up_row: dict[str, Any]) -> None:
    row = FollowUp.objects.create(**follow_up_row)
    assert str(row) == f"{follow_up_row['assessment'].pk} 1"
    with pytest.raises(IntegrityError, match="follow_up_numbered_within_assessment"), transaction.atomic():
        FollowUp.objects.create(**follow_up_row)


def test_every_verdict_and_step_of_the_engine_can_be_stored() -> None:
    assert {*FollowUp.Overall.values} == {*get_args(Verdict)}
    assert {*FollowUp.NextStep.values} == {*get_args(StepKind)}
