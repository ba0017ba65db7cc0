"""Moments as a history keeps them: whole microseconds since 1970, UTC."""

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeAlias

from icpkit import views
from icpkit.errors import AsOfError

#: Tells the time: an aware datetime.
Clock: TypeAlias = Callable[[], datetime]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = 86_400_000_000
#: Microseconds of these years are whole numbers that JSON holds exactly wherever it is read.
_YEARS: Final = range(1700, 2251)
_MICROSECOND: Final = timedelta(microseconds=1)


def now() -> datetime:
    """Tell the time in UTC."""
    return datetime.now(UTC)


def micros(when: datetime) -> int:
    """Give an aware datetime in microseconds since 1970.

    >>> micros(datetime(1970, 1, 2, tzinfo=UTC))
    86400000000
    """
    return (when - _EPOCH) // _MICROSECOND


def instant(micros: int) -> datetime:
    """Give the datetime in UTC.

    >>> instant(86_400_000_000).isoformat()
    '1970-01-02T00:00:00+00:00'
    """
    return _EPOCH + timedelta(microseconds=micros)


def beginning_of(field: str, when: object) -> int:
    """Read a moment; of a day, its beginning, 00:00 UTC.

    Raises:
        ValueError: for a naive datetime, or for what is no moment; it names the field.

    >>> beginning_of("effective_from", "1970-01-02")
    86400000000
    """
    return _read(field, when)[0]


def end_of(field: str, when: object) -> int:
    """Read a moment; of a day, its last microsecond, so that all that happened on that day has happened.

    Raises:
        ValueError: as for `beginning_of`.

    >>> end_of("at", date(1970, 1, 1))
    86399999999
    """
    return _read(field, when)[1]


def _read(field: str, when: object) -> tuple[int, int]:
    try:
        read = views.as_of(when)  # type: ignore[arg-type]  # it refuses all else itself
    except AsOfError as error:
        raise ValueError(
            f"{field} {error.problem} (got {when!r})\n\nHint: give a date, an aware datetime, or the ISO text of one, "
            'such as "2026-04-01" or datetime(2026, 4, 1, 9, tzinfo=timezone.utc)'
        ) from None
    if read.year not in _YEARS:
        raise ValueError(f"{field} must lie between the years {_YEARS[0]} and {_YEARS[-1]} (got {when!r})")
    if isinstance(read, datetime):
        return micros(read), micros(read)
    start = micros(datetime(read.year, read.month, read.day, tzinfo=UTC))
    return start, start + _DAY - 1


def seconds(field: str, value: Any) -> float:
    """Check a number of seconds.

    Raises:
        ValueError: for what is none; it names the field.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise ValueError(f"{field} must be a number of seconds, 0 or more (got {value!r})")
    return value


def months_after(when: date, months: int) -> date:
    """Give the day so many months later; the last of its month where that is shorter.

    >>> months_after(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(when.month - 1 + months, 12)
    year, month = when.year + year, month + 1
    return date(year, month, min(when.day, calendar.monthrange(year, month)[1]))
