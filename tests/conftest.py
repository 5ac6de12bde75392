"""What every test shares: a database of its own for each run, with the bundled knowledge published in it."""

import os
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from partners import callers, client_keys
from triage.actions import publishing
from triage.knowledge import ReleaseKnowledge, current_knowledge, forget_current

# No test is about time, and on a busy machine any example may be slow. The same examples in every run.
hypothesis_settings.register_profile(
    "hipcare", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("hipcare")


@pytest.fixture(scope="session")
def django_db_modify_db_settings_tox_suffix() -> None:
    """Name the test database after the run, so that two runs in one checkout do not share it.

    pytest-django asks for this fixture before it adds the suffix of the parallel worker.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_hipcare_{run}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database of pytest-django, and in it the bundled knowledge, published once for all tests."""
    with django_db_blocker.unblock():
        publishing.publish(release=publishing.load())


@pytest.fixture(autouse=True)
def _no_release_remembered() -> Iterator[None]:
    """Which release is current is asked anew in every test: a test may publish one, and it is rolled back."""
    forget_current()
    yield
    forget_current()


@pytest.fixture(autouse=True)
def _nobody_remembered() -> Iterator[None]:
    """Who may call, and under which keys, is asked anew in every test, because the rows are rolled back."""
    callers.forget()
    client_keys.remote_key_sets.forget()
    yield
    callers.forget()


@pytest.fixture(scope="session")
def bundled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> ReleaseKnowledge:
    """The bundled knowledge, compiled once. Its tests are marked `django_db`, or there would be no database."""
    with django_db_blocker.unblock():
        return current_knowledge()


@pytest.fixture
def no_knowledge(db: None) -> None:
    """A world without any release, until the end of the test.

    Published rows cannot be deleted; their guards are row triggers, which TRUNCATE passes by.
    """
    tables = {
        model._meta.db_table for name in ("conditions", "exercises") for model in apps.get_app_config(name).get_models()
    }
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(sorted(tables))} CASCADE")
