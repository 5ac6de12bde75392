"""Ids as a clock."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from hipcare.time_ids import lowest_id


def test_ids_made_now_lie_between_now_and_a_moment_later() -> None:
    before = datetime.now(UTC)
    made = uuid7()
    assert lowest_id(before) <= made < lowest_id(datetime.now(UTC), shifted=timedelta(milliseconds=1))


def test_times_are_in_order_and_moved_by_a_shift() -> None:
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert lowest_id(noon) < lowest_id(noon + timedelta(milliseconds=1))
    assert lowest_id(noon, shifted=timedelta(days=1)) == lowest_id(noon + timedelta(days=1))


def test_the_ends_of_the_calendar_are_ends_of_the_ids() -> None:
    assert lowest_id(datetime.min.replace(tzinfo=UTC), shifted=-timedelta(days=1)) == UUID(int=0)
    assert lowest_id(datetime.max.replace(tzinfo=UTC), shifted=timedelta(days=1)) < UUID(int=2**128 - 1)
