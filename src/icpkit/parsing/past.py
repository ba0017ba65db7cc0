"""Days that a text tells by how long ago they were."""

import calendar
import re
from datetime import date, timedelta
from fractions import Fraction

from icpkit.parsing.unreadable import Unreadable

_LONGEST = 100
_WORDS = {
    **dict.fromkeys(("one", "an", "a"), 1),
    **dict(zip(("two", "three", "four", "five", "six", "seven"), range(2, 8), strict=True)),
    **dict(zip(("eight", "nine", "ten", "eleven", "twelve"), range(8, 13), strict=True)),
}
#: How many months or days each unit has; hours and less are parts of a day.
_MONTHS = {"year": 12, "quarter": 3, "month": 1}
_DAYS = {
    "week": Fraction(7),
    "day": Fraction(1),
    "hour": Fraction(1, 24),
    "minute": Fraction(1, 1440),
    "second": Fraction(1, 86_400),
}
_UNITS = {
    **dict.fromkeys(("year", "years", "yr", "yrs", "y"), "year"),
    **dict.fromkeys(("quarter", "quarters"), "quarter"),
    **dict.fromkeys(("month", "months", "mo", "mos", "mth", "mths"), "month"),
    **dict.fromkeys(("week", "weeks", "wk", "wks", "w"), "week"),
    **dict.fromkeys(("day", "days", "d"), "day"),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h"), "hour"),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), "minute"),
    **dict.fromkeys(("second", "seconds", "sec", "secs"), "second"),
}
_PART = (
    rf"(?:(?P<number>\d{{1,6}}(?:\.\d{{1,3}})?)\s?\+?|(?P<word>{'|'.join(_WORDS)})\b)"
    rf"\s?(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![a-z])\.?"
)
_PARTS = re.compile(_PART, re.ASCII)
_BARE = re.sub(r"\?P<\w+>", "?:", _PART)
_AGO = re.compile(
    r"(?:(?:over|more than|about|around|approximately|approx\.?|almost|nearly|less than|under|at least|up to|for|"
    r"[~<>≈+])\s?)*"
    rf"{_BARE}(?:(?:,| and|, and)?\s?{_BARE})*\s?\+?(?: ago| old| back)?",
    re.ASCII,
)
_SAID = {"today": 0, "now": 0, "just now": 0, "yesterday": 1, "the day before yesterday": 2}
_LAST = re.compile(r"last (week|month|quarter|year)")


def ago(text: str, *, on: date) -> date:
    """Read how long ago something was, as the day that lies so long before ``on``.

    "over 8 years", "less than a year" and "about 2 weeks" are read as the number that they name; "2 yrs 5 mos" as the
    sum. Years and months are those of the calendar: a month before 31 March is the last day of February. Parts of a
    day do not count.

    Arguments:
        on: the day on which the text was true: that of the export.

    Raises:
        Unreadable: it says no such time, or one before the year 1.

    >>> ago("over 8 years", on=date(2026, 11, 21)), ago("3 months ago", on=date(2026, 11, 21))
    (datetime.date(2018, 11, 21), datetime.date(2026, 8, 21))
    """
    bare = " ".join(text.lower().split()).rstrip(".") if len(text) <= _LONGEST else ""
    if bare in _SAID:
        months, days = 0, Fraction(_SAID[bare])
    elif last := _LAST.fullmatch(bare):
        months, days = _MONTHS.get(last[1], 0), _DAYS.get(last[1], Fraction(0))
    elif _AGO.fullmatch(bare):
        months, days = _sum(bare)
    else:
        raise Unreadable('no time that has passed, such as "3 months ago" or "over 8 years"')
    try:
        return _months_before(on, months) - timedelta(days=int(days))
    except (ValueError, OverflowError):
        raise Unreadable("a day before the year 1") from None


def _sum(bare: str) -> tuple[int, Fraction]:
    """Add the parts of a span up, as months and days."""
    months, days = Fraction(0), Fraction(0)
    for part in _PARTS.finditer(bare):
        unit = _UNITS[part["unit"]]
        number = Fraction(part["number"]) if part["number"] else Fraction(_WORDS[part["word"]])
        months += number * _MONTHS.get(unit, 0)
        days += number * _DAYS.get(unit, 0)
    if months.denominator != 1:
        raise Unreadable("not a whole number of months", "write months or days")
    return int(months), days


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1] if year >= 1 else 1
    return day.replace(year=year, month=month + 1, day=min(day.day, last))
