"""What every test shares."""

import os

import pytest
from django.conf import settings


@pytest.fixture(scope="session")
def django_db_modify_db_settings_tox_suffix() -> None:
    """Name the test database after the run, so that two runs in one checkout do not share it.

    pytest-django asks for this fixture before it adds the suffix of the parallel worker.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_hipcare_{run}"
