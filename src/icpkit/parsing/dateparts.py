"""What the parts of a date and of a time of day look like, and how they become a date or a moment."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone

from icpkit.parsing.unreadable import Unreadable

#: English names of months, whole or short; what a machine's language calls them plays no part.
MONTH = (
    r"(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
HALF = r"(?P<half>[ap])\.?m\.?"
ZONE = r"(?P<zone>z|utc|gmt|[+-]\d\d(?::?\d\d)?)"
CLOCK = (
    rf"(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{{1,9}}))?)?"
    rf"(?:\s?{HALF})?(?:\s?{ZONE})?"
)
FLAGS = re.ASCII | re.IGNORECASE


def month_number(month: str) -> int:
    """Give the number of a month, written as a number or as an English name.

    >>> month_number("Sept"), month_number("03")
    (9, 3)
    """
    return int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1


def compose(parts: Mapping[str, str | None]) -> date:
    """Make a date of y, m and d; or a datetime, if there is an hour: in UTC where the parts name a zone, else naive.

    Raises:
        Unreadable: the calendar or the clock has no such day or time.

    >>> compose({"y": "2026", "m": "Nov", "d": "21"})
    datetime.date(2026, 11, 21)
    """
    month = month_number(parts["m"] or "1")
    if not 1 <= month <= 12:
        raise Unreadable(f"there is no month {month}")
    try:
        day = date(int(parts["y"] or 0), month, int(parts["d"] or 1))
    except ValueError:
        raise Unreadable("the calendar has no such day") from None
    return _at(day, parts) if parts.get("hour") else day


def _at(day: date, parts: Mapping[str, str | None]) -> datetime:
    hour, half = int(parts["hour"] or 0), parts.get("half")
    if half and not 1 <= hour <= 12:
        raise Unreadable("the clock has no such time")
    if half:
        hour = hour % 12 + (12 if half in "pP" else 0)
    micros = int((parts.get("fraction") or "0")[:6].ljust(6, "0"))
    try:
        moment = datetime(  # noqa: DTZ001  # a zone comes below, or from the field map
            day.year, day.month, day.day, hour, int(parts.get("minute") or 0), int(parts.get("second") or 0), micros
        )
        zone = parts.get("zone")
        return in_utc(moment.replace(tzinfo=_offset(zone))) if zone else moment
    except ValueError:
        raise Unreadable("the clock has no such time") from None


def _offset(zone: str) -> timezone:
    if zone[0] not in "+-":
        return UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    if int(digits[2:]) >= 60:
        raise ValueError(zone)
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if zone[0] == "-" else offset)


def in_utc(moment: datetime) -> datetime:
    """Give an aware moment in UTC.

    Raises:
        Unreadable: in UTC it lies outside the years 1 to 9999.

    >>> in_utc(datetime(2026, 11, 21, 9, tzinfo=timezone(timedelta(hours=1))))
    datetime.datetime(2026, 11, 21, 8, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise Unreadable("a moment outside the years 1 to 9999") from None
