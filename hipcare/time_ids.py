"""UUID version 7 as a clock: its first 48 bits are the milliseconds since 1970 at which it was made."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_TIME_BITS, _OTHER_BITS = 48, 80


def lowest_id(at: datetime, *, shifted: timedelta = timedelta(0)) -> UUID:
    """The UUID that is lower than every version 7 made at or after `at`, and higher than those made earlier.

    `shifted` moves the time, past the ends of the calendar as well. Before 1970, or too late for 48 bits, it is the
    lowest or highest there is.
    """
    milliseconds = (at - _EPOCH + shifted) // _MILLISECOND
    return UUID(int=min(max(milliseconds, 0), 2**_TIME_BITS - 1) << _OTHER_BITS)
