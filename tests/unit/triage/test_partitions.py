"""Assessments lie in partitions by the month of their id."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from hipcare.time_ids import lowest_id
from partners.actions import clients, organisations
from partners.models import Scope
from triage import partitions
from triage.knowledge import ReleaseKnowledge
from triage.models import Assessment

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2021, 12, 20, tzinfo=UTC)


def stored(bundled: ReleaseKnowledge, at: datetime) -> UUID:
    """An assessment made at this time."""
    key = UUID(int=lowest_id(at).int + 1)
    organisation = organisations.create(name=f"Clinic {key}", by="test")
    Assessment.objects.create(
        id=key,
        organisation=organisation,
        client=clients.create(organisation=organisation, name="Intake", scopes=Scope.values, by="test"),
        release_id=bundled.release_id,
        engine_version="1",
        created_at=at,
        setting="primary_care",
        status="complete",
        urgency="routine",
        sealed_request=b"",
        sealed_answer=b"",
    )
    return key


def partition_of(key: UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM triage_assessment WHERE id = %s", [key])
        (name,) = cursor.fetchone()
    return str(name)


def test_this_month_and_the_next_are_there_after_migrate(bundled: ReleaseKnowledge) -> None:
    now = timezone.now()
    assert partitions.make_ahead(now) == []
    assert partition_of(stored(bundled, now)) == f"triage_assessment_{now:%Y_%m}"


def test_months_are_made_over_the_turn_of_the_year(bundled: ReleaseKnowledge) -> None:
    made = partitions.make_ahead(LONG_AGO)
    assert made[:3] == ["triage_assessment_2021_12", "triage_assessment_2022_01", "triage_assessment_2022_02"]
    assert len(made) == partitions.MONTHS_AHEAD + 1
    assert partition_of(stored(bundled, datetime(2021, 12, 31, 23, 59, 59, 999000, UTC))) == made[0]
    assert partition_of(stored(bundled, datetime(2022, 1, 1, tzinfo=UTC))) == made[1]


def test_what_no_month_was_made_for_is_kept_and_found(bundled: ReleaseKnowledge) -> None:
    key = stored(bundled, LONG_AGO)
    assert partition_of(key) == partitions.DEFAULT
    assert "triage_assessment_2021_12" not in partitions.make_ahead(LONG_AGO)
    assert Assessment.objects.get(id=key).id == key


def test_past_months_are_dropped_when_they_are_empty(bundled: ReleaseKnowledge) -> None:
    made = partitions.make_ahead(LONG_AGO)
    key = stored(bundled, LONG_AGO + timedelta(days=31))
    now = LONG_AGO + timedelta(days=62)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with rows that wait to be checked is not dropped
    assert partitions.drop_empty(now) == [made[0]]
    assert partition_of(key) == made[1]
    assert made[2] in partitions.names()
