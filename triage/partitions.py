"""Assessments by month: one partition a month of the id (a UUIDv7), made ahead of time.

Whatever falls into no month that was made lands in the default partition, where nothing is lost. Ask for the owner of
the tables: the roles of the application may not change them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import connection, transaction

from hipcare.time_ids import lowest_id

TABLE = "triage_assessment"
DEFAULT = f"{TABLE}_default"
MONTHS_AHEAD = 6
_NAME = r"triage_assessment_[0-9]{4}_[0-9]{2}"


def make_ahead(now: datetime) -> list[str]:
    """Make the partitions of this month and the next ones where they are missing; the names of those made."""
    existing = set(names())
    missing = [month for month in _months(now, MONTHS_AHEAD + 1) if _name(month) not in existing]
    return [_name(month) for month in missing if _make(month)]


def drop_empty(now: datetime) -> list[str]:
    """Drop the partitions of past months that hold nothing any more; their names."""
    past = [name for name in names() if name < _name(now)]
    return [name for name in past if _drop_if_empty(name)]


def exist() -> bool:
    """Whether the table is there, and partitioned."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_partitioned_table WHERE partrelid = to_regclass(%s))", [TABLE])
        return bool(cursor.fetchone() == (True,))


def names() -> list[str]:
    """The partitions of months, the earliest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid "
            "WHERE inhparent = %s::regclass AND relname ~ %s ORDER BY relname",
            [TABLE, f"^{_NAME}$"],
        )
        return [name for (name,) in cursor.fetchall()]


def _make(month: datetime) -> bool:
    """Whether it was made: a month of which the default partition holds rows already stays there."""
    low, high = lowest_id(month), lowest_id(_next(month))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {DEFAULT} WHERE id >= %s AND id < %s)", [low, high])  # noqa: S608 - a name of ours
        if cursor.fetchone() == (True,):
            return False
        # Names and bounds are made of numbers of ours; such a statement takes no parameters.
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {_name(month)} PARTITION OF {TABLE} FOR VALUES FROM ('{low}') TO ('{high}')"
        )
        return True


def _drop_if_empty(name: str) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(f"SELECT EXISTS (SELECT FROM {name})")  # noqa: S608 - a name that we gave
        if cursor.fetchone() == (True,):
            return False
        cursor.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {name}")
        cursor.execute(f"DROP TABLE {name}")
        return True


def _months(first: datetime, count: int) -> Iterator[datetime]:
    month = datetime(first.year, first.month, 1, tzinfo=UTC)
    for _ in range(count):
        yield month
        month = _next(month)


def _next(month: datetime) -> datetime:
    return datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=UTC)


def _name(month: datetime) -> str:
    return f"{TABLE}_{month.year:04}_{month.month:02}"
