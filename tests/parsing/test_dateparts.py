from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from icpkit.parsing.dateparts import compose, in_utc, month_number
from tests.parsing.reading import refused


@pytest.mark.parametrize(
    ("names", "number"),
    [
        ("1 01 jan Jan JANUARY january", 1),
        ("2 feb February", 2),
        ("9 sep sept Sept September", 9),
        ("12 Dec december", 12),
        ("13", 13),
    ],
)
def test_months_have_english_names(names: str, number: int) -> None:
    """A month is a number or an English name, whole or short."""
    assert {month_number(name) for name in names.split()} == {number}


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        ({}, date(2026, 11, 21)),
        ({"d": None}, date(2026, 11, 1)),
        ({"m": "Nov"}, date(2026, 11, 21)),
        ({"hour": None}, date(2026, 11, 21)),
        ({"hour": "9", "minute": "05"}, datetime(2026, 11, 21, 9, 5)),
        ({"hour": "9"}, datetime(2026, 11, 21, 9)),
        ({"hour": "12", "half": "a"}, datetime(2026, 11, 21)),
        ({"hour": "12", "half": "P"}, datetime(2026, 11, 21, 12)),
        ({"hour": "1", "half": "p"}, datetime(2026, 11, 21, 13)),
        ({"hour": "9", "second": "7", "fraction": "5"}, datetime(2026, 11, 21, 9, 0, 7, 500_000)),
        ({"hour": "9", "fraction": "123456789"}, datetime(2026, 11, 21, 9, 0, 0, 123_456)),
        ({"hour": "9", "zone": "Z"}, datetime(2026, 11, 21, 9, tzinfo=UTC)),
        ({"hour": "9", "zone": "utc"}, datetime(2026, 11, 21, 9, tzinfo=UTC)),
        ({"hour": "9", "zone": "+01"}, datetime(2026, 11, 21, 8, tzinfo=UTC)),
        ({"hour": "9", "zone": "+0130"}, datetime(2026, 11, 21, 7, 30, tzinfo=UTC)),
        ({"hour": "9", "zone": "-01:30"}, datetime(2026, 11, 21, 10, 30, tzinfo=UTC)),
    ],
)
def test_parts_make_a_date_or_a_moment(parts: dict[str, Any], value: date) -> None:
    """With an hour it is a moment, in UTC if the parts name a zone; parts finer than a microsecond are cut."""
    found = compose({"y": "2026", "m": "11", "d": "21", **parts})
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"m": "13"}, "there is no month 13"),
        ({"m": "0"}, "there is no month 0"),
        ({"d": "31"}, "the calendar has no such day"),
        ({"d": "0"}, "the calendar has no such day"),
        ({"y": "0000"}, "the calendar has no such day"),
        ({"hour": "24"}, "the clock has no such time"),
        ({"hour": "13", "half": "a"}, "the clock has no such time"),
        ({"hour": "0", "half": "p"}, "the clock has no such time"),
        ({"hour": "9", "minute": "60"}, "the clock has no such time"),
        ({"hour": "9", "second": "60"}, "the clock has no such time"),
        ({"hour": "9", "zone": "+24"}, "the clock has no such time"),
        ({"hour": "9", "zone": "+01:60"}, "the clock has no such time"),
        ({"y": "0001", "m": "1", "d": "1", "hour": "0", "zone": "+01"}, "a moment outside the years 1 to 9999"),
    ],
)
def test_what_no_calendar_and_no_clock_has_is_refused(parts: dict[str, Any], reason: str) -> None:
    """The reason says which of the two it is."""
    assert refused(compose, {"y": "2026", "m": "11", "d": "21", **parts}) == (reason, "")


def test_moments_become_utc() -> None:
    """The zone is that of the moment, and the years end at 9999."""
    late = datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-1)))
    assert in_utc(datetime(2026, 11, 21, 9, tzinfo=timezone(timedelta(hours=2)))) == datetime(
        2026, 11, 21, 7, tzinfo=UTC
    )
    assert refused(in_utc, late) == ("a moment outside the years 1 to 9999", "")
