"""What is past its retention is erased; the rest, and that of others, stays."""

from datetime import timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import Client as HttpClient
from django.utils import timezone
from procrastinate.contrib.django import app

from hipcare.time_ids import lowest_id
from partners import selectors as partners
from partners.models import Client, IdempotencyKey, Organisation
from tests.api.conftest import api, partner, token
from tests.api.test_erasure import store_everything
from triage import tasks
from triage.actions import retention
from triage.models import Assessment, AssessmentLabel, FollowUp, KnownOutcome, Review

__all__ = ["api", "partner", "token"]
NOW = timezone.now()


def make_older(place: str, days: int) -> UUID:
    """As if the assessment had been made so many days ago; what hangs on it goes along."""
    old = UUID(place.rsplit("/", maxsplit=1)[-1])
    key = UUID(int=lowest_id(NOW - timedelta(days=days)).int + int(old) % 1000)
    row = Assessment.objects.get(id=old)
    request, answer, reference = row.request, row.answer, row.reference
    row.id, row.request, row.answer = key, request, answer
    row.refer_to(reference)
    row.save(force_insert=True)
    for model in (FollowUp, KnownOutcome):
        model.objects.filter(assessment=old).update(assessment=key)
    AssessmentLabel.objects.filter(assessment_id=old).delete()
    Review.objects.filter(assessment=old).delete()
    IdempotencyKey.objects.filter(resource_id=old).update(resource_id=key)
    Assessment.objects.filter(id=old).delete()
    return key


def test_what_is_past_its_days_is_erased_with_all_that_hangs_on_it(api: HttpClient, partner: Client) -> None:
    gone = make_older(store_everything(api), 31)
    IdempotencyKey.objects.all().delete()  # the next one is another case
    kept = store_everything(api)
    Organisation.objects.update(retention_days=30)
    assert retention.purge(now=NOW) == 1
    assert [f"/api/v1/assessments/{key}" for key in Assessment.objects.values_list("id", flat=True)] == [kept]
    assert (FollowUp.objects.count(), KnownOutcome.objects.count()) == (1, 2)
    event = partners.audit_events(organisation_id=partner.organisation_id)[0]
    assert (event.action, event.resource_id, event.actor) == ("assessment.purged", str(gone), retention.BY)
    assert retention.purge(now=NOW) == 0


def test_more_than_fit_into_one_batch_are_erased(api: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_AT_A_TIME", 2)
    for _ in range(5):
        make_older(store_everything(api), 31)
        IdempotencyKey.objects.all().delete()
    Organisation.objects.update(retention_days=30)
    assert retention.purge(now=NOW) == 5
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("days", [None, 32])
def test_what_is_to_be_kept_longer_or_for_good_stays(api: HttpClient, days: int | None) -> None:
    make_older(store_everything(api), 31)
    Organisation.objects.update(retention_days=days)
    assert retention.purge(now=NOW) == 0
    assert Assessment.objects.count() == 1


def test_the_worker_does_it_once_a_day(api: HttpClient) -> None:
    make_older(store_everything(api), 31)
    Organisation.objects.update(retention_days=30)
    (daily,) = (each for each in app.periodic_registry.periodic_tasks.values() if each.task is tasks.maintain)
    assert daily.cron.split()[2:] == ["*", "*", "*"]
    tasks.maintain(timestamp=0)
    assert Assessment.objects.count() == 0


def test_the_daily_command_says_what_it_did(api: HttpClient) -> None:
    make_older(store_everything(api), 31)
    Organisation.objects.update(retention_days=30)
    output = StringIO()
    call_command("maintain", stdout=output)
    assert output.getvalue() == "0 partitions made, 1 assessments erased.\n0 partitions and 0 data keys dropped.\n"
