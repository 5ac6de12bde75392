"""The worker as a process: it delivers what was committed, and what it was killed over is not lost."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoDbBlocker

from hipcare.environment import BASE_DIRECTORY
from partners import worker
from partners.actions import organisations, webhook_endpoints, webhook_events
from partners.models import WebhookDelivery, WebhookEndpoint
from tests import audit_trail
from tests.webhook_receiver import Receiver, receiving

PATIENCE_SECONDS = 60


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def endpoint(
    receiver: Receiver, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[WebhookEndpoint]:
    """An endpoint that other connections see too; it is removed afterwards with everything about it."""
    with django_db_blocker.unblock():
        organisation = organisations.create(name=f"Clinic {uuid4()}", by="test")
        yield webhook_endpoints.create(
            organisation_id=organisation.id, url=receiver.url, event_types=["webhook.test"], by="test"
        )[0]
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
        audit_trail.forget_partners()


def work() -> None:
    """Do what is due."""
    asyncio.run(worker.run(wait=False, handle_signals=False))


def make_due() -> None:
    """Let all waiting be over."""
    now = timezone.now()
    WebhookDelivery.objects.update(due_at=now, prompted_at=now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")


def let_an_hour_pass() -> None:
    """As far as the queue can tell; a sweep that waits already is gone."""
    long_ago = timezone.now() - timedelta(hours=1)
    WebhookDelivery.objects.update(due_at=long_ago, prompted_at=long_ago)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = %s", [long_ago])
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'webhooks.sweep'")


def test_the_worker_delivers_tries_again_and_leaves_no_job(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    receiver.statuses = [500, 204]
    delivery = webhook_events.emit_test(endpoint=endpoint)
    work()
    delivery.refresh_from_db()
    assert (delivery.state, len(receiver.got)) == ("pending", 1)
    assert ProcrastinateJob.objects.get(task_name="webhooks.deliver").scheduled_at == delivery.due_at
    make_due()
    work()
    delivery.refresh_from_db()
    assert (delivery.state, len(receiver.got)) == ("delivered", 2)
    assert not ProcrastinateJob.objects.filter(task_name="webhooks.deliver").exists()


def test_what_a_killed_worker_had_begun_is_delivered_by_another(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    receiver.hold = threading.Event()
    delivery = webhook_events.emit_test(endpoint=endpoint)
    database = connection.get_connection_params()
    url = f"postgresql://{database['user']}@/{database['dbname']}?host={database['host']}"
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_worker"],
        cwd=BASE_DIRECTORY,
        env=os.environ | {"DATABASE_URL": url, "HIPCARE_LOG_LEVEL": "WARNING"},
    )
    try:
        assert receiver.came.wait(PATIENCE_SECONDS)
    finally:
        process.kill()
        process.wait()
    receiver.hold.set()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempt_count, len(receiver.got)) == ("pending", 0, 1)

    let_an_hour_pass()
    app.configure_task("webhooks.sweep").defer(timestamp=0)
    work()
    work()
    delivery.refresh_from_db()
    assert (delivery.state, len(receiver.got)) == ("delivered", 2)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


@pytest.mark.django_db
def test_the_check_fails_when_something_waits_too_long(receiver: Receiver) -> None:
    call_command("check_webhooks")
    organisation = organisations.create(name="Hip clinic", by="test")
    made, _ = webhook_endpoints.create(
        organisation_id=organisation.id, url=receiver.url, event_types=["webhook.test"], by="test"
    )
    webhook_events.emit_test(endpoint=made)
    call_command("check_webhooks")
    WebhookDelivery.objects.update(due_at=timezone.now() - timedelta(minutes=6))
    with pytest.raises(CommandError, match="is a worker running"):
        call_command("check_webhooks")
