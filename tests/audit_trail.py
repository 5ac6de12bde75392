"""The audit trail with its guards off, as an owner of the database could have it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

_TABLES = ("partners_auditevent", "partners_auditchain")


@contextmanager
def unguarded() -> Iterator[CursorWrapper]:
    """A cursor that no trigger of the trail stands in the way of; an error rolls all of it back."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        for table in _TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def forget() -> None:
    """Leave nothing of the trail: for tests that commit."""
    with unguarded() as cursor:
        for table in _TABLES:
            cursor.execute(f"DELETE FROM {table}")


def forget_partners() -> None:
    """Leave no partner, nothing that one stored, and nothing of the trail: for tests that commit."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE partners_organisation CASCADE")
    forget()
