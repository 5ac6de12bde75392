"""The database refuses changes to a published release, whoever asks."""

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from conditions.actions import releases
from conditions.content_rows import TABLES
from conditions.models import Condition, Finding, Release, ReleaseRow

pytestmark = pytest.mark.django_db
FROZEN = "published_release_is_frozen"


def refused(statement: Any) -> str:
    """Run the statement, which must be refused; gives the name of what refused it."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        statement()
    cause: Any = error.value.__cause__
    return str(cause.diag.constraint_name)


@pytest.fixture
def draft_copy(published: Release) -> Release:
    return releases.clone_draft(release=published, version="2026.1.2")


def test_every_table_with_a_release_has_the_trigger() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'release_is_frozen'")
        guarded = {name for (name,) in cursor.fetchall()}
    assert {table._meta.db_table for table in TABLES} <= guarded


def test_every_model_of_release_rows_is_a_table_that_is_filled() -> None:
    rows = [model for model in apps.get_app_config("conditions").get_models() if issubclass(model, ReleaseRow)]
    assert set(rows) == set(TABLES)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_rows_of_a_published_release_cannot_change(published: Release, table: type[ReleaseRow]) -> None:
    rows = table._default_manager.filter(release=published)
    row = rows.first()
    assert row is not None

    assert refused(lambda: rows.filter(pk=row.pk).update(release=published)) == FROZEN
    assert refused(lambda: rows.filter(pk=row.pk)._raw_delete(rows.db)) == FROZEN
    row.pk = None
    assert refused(lambda: row.save(force_insert=True)) == FROZEN


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_rows_cannot_move_into_or_out_of_a_published_release(
    published: Release, draft_copy: Release, table: type[ReleaseRow]
) -> None:
    manager = table._default_manager
    assert refused(lambda: manager.filter(release=draft_copy).update(release=published)) == FROZEN
    assert refused(lambda: manager.filter(release=published).update(release=draft_copy)) == FROZEN


def test_rows_of_a_retired_release_cannot_change_either(published: Release) -> None:
    releases.retire(release=published)
    assert refused(lambda: Finding.objects.filter(release=published).update(name="x")) == FROZEN


def test_rows_of_a_draft_can_change(draft_copy: Release) -> None:
    assert Finding.objects.filter(release=draft_copy).update(name="x") == 8


@pytest.mark.parametrize(
    "change",
    [
        {"status": "draft", "digest": "", "published_at": None},
        {"version": "2030.1.1"},
        {"digest": "sha256:" + "0" * 64},
        {"title": "Another"},
        {"policy": {}},
        {"published_at": timezone.now()},
        {"status": "retired", "version": "2030.1.1"},
    ],
    ids=" ".join,
)
def test_a_published_release_can_only_be_retired(published: Release, change: dict[str, Any]) -> None:
    row = Release.objects.filter(pk=published.pk)
    assert refused(lambda: row.update(**change)) == FROZEN
    assert row.update(status="retired") == 1
    assert refused(lambda: row.update(status="published")) == FROZEN
    assert refused(lambda: row._raw_delete(row.db)) == FROZEN


def test_a_row_cannot_point_into_another_release(published: Release, draft_copy: Release) -> None:
    def point_elsewhere() -> None:
        elsewhere = Condition.objects.get(release=published, key="hip_fracture")
        Condition.objects.get(release=draft_copy, key="hip_fracture").evidence.update(condition=elsewhere)
        connection.check_constraints()

    assert refused(point_elsewhere) == "conditions_evidence_condition_id_same_release"
