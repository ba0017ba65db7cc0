from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.parsing import ORDERS, check_zone, day
from tests.parsing.reading import PIECES, TEXTS, hostile, read_or_refuse, read_soon, refused

NOV = date(2026, 11, 21)
MARCH = date(2019, 3, 3)
AT = datetime(2026, 11, 21, 14, 3, tzinfo=UTC)
NO_DATE = "no date such as 2026-11-21 or 21 Nov 2026"


@pytest.mark.parametrize("order", [None, *ORDERS])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-11-21", NOV),
        (" 2026-11-21 ", NOV),
        ("0001-01-01", date.min),
        ("9999-12-31", date.max),
        ("2026-11-21 14:03", AT),
        ("2026-11-21T14:03", AT),
        ("2026-11-21 14:03:22", AT + timedelta(seconds=22)),
        ("2026-11-21T14:03:22", AT + timedelta(seconds=22)),
        ("2026-11-21t14:03:22z", AT + timedelta(seconds=22)),
        ("2026-11-21 14:03:22.5Z", AT + timedelta(seconds=22.5)),
        ("2026-11-21 14:03:22,123456789", AT + timedelta(seconds=22, microseconds=123456)),
        ("2026-11-21 14:03:22 UTC", AT + timedelta(seconds=22)),
        ("2026-11-21 14:03:22+01:00", AT + timedelta(seconds=22) - timedelta(hours=1)),
        ("2026-11-21 14:03:22 +0100", AT + timedelta(seconds=22) - timedelta(hours=1)),
        ("2026-11-21 14:03-05", AT + timedelta(hours=5)),
        ("2026-11-21 2:03 PM", AT),
        ("3 Mar 2019", MARCH),
        ("03 March 2019", MARCH),
        ("3. March 2019", MARCH),
        ("3rd March 2019", MARCH),
        ("3rd of March, 2019", MARCH),
        ("03-Mar-2019", MARCH),
        ("03/MAR/2019", MARCH),
        ("March 3, 2019", MARCH),
        ("Mar. 3 2019", MARCH),
        ("March 3rd,2019", MARCH),
        ("Mar-03-2019", MARCH),
        ("2019-Mar-03", MARCH),
        ("2019 March 3", MARCH),
        ("Sun, 3 Mar 2019", MARCH),
        ("Sunday, March 3, 2019", MARCH),
        ("Mar 2019", date(2019, 3, 1)),
        ("March, 2019", date(2019, 3, 1)),
        ("Mar-2019", date(2019, 3, 1)),
        ("Sat, 21 Nov 2026 14:03:00 +0000", AT),
        ("Nov 21, 2026 2:03 p.m.", AT),
        ("Nov 21, 2026, 2:03 PM", AT),
        ("Nov 21 2026  2:03PM", AT),
        ("21 Nov 2026 12:00 AM", datetime(2026, 11, 21, tzinfo=UTC)),
    ],
)
def test_iso_and_named_months_need_no_order(text: str, value: date, order: Any) -> None:
    """They are read under any order; a moment is in UTC."""
    found = day(text, order=order)
    assert (type(found), found) == (type(value), value)
    assert not isinstance(found, datetime) or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "order", "value"),
    [
        ("03/05/2026", "dmy", date(2026, 5, 3)),
        ("03/05/2026", "mdy", date(2026, 3, 5)),
        ("3/5/2026", "mdy", date(2026, 3, 5)),
        ("21-11-2026", "dmy", NOV),
        ("21.11.2026", "dmy", NOV),
        ("21. 11. 2026", "dmy", NOV),
        ("21 11 2026", "dmy", NOV),
        ("11/21/2026", "mdy", NOV),
        ("2026/11/21", "ymd", NOV),
        ("2026.11.21", "ymd", NOV),
        ("2026-11-1", "ymd", date(2026, 11, 1)),
        ("21112026", "dmy", NOV),
        ("11212026", "mdy", NOV),
        ("20261121", "ymd", NOV),
        ("21/11/2026 14:03", "dmy", AT),
        ("11/21/2026, 2:03:00 PM", "mdy", AT),
        ("21.11.2026 14:03 +01:00", "dmy", AT - timedelta(hours=1)),
        ("05/05/2026", None, date(2026, 5, 5)),
    ],
)
def test_numbers_are_read_in_their_order(text: str, order: Any, value: date) -> None:
    """Dashes, slashes, dots and blanks are all the same; what reads the same in every order needs none."""
    found = day(text, order=order)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "order", "value"),
    [
        ("1795269780", "epoch_s", AT),
        ("1795269780.5", "epoch_s", AT + timedelta(seconds=0.5)),
        ("-1", "epoch_s", datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("1795269780000", "epoch_ms", AT),
        ("0", "epoch_ms", datetime(1970, 1, 1, tzinfo=UTC)),
        ("43831", "spreadsheet", date(2020, 1, 1)),
        ("43831.0", "spreadsheet", date(2020, 1, 1)),
        ("61", "spreadsheet", date(1900, 3, 1)),
        ("2958465", "spreadsheet", date(9999, 12, 31)),
        ("43831.5", "spreadsheet", datetime(2020, 1, 1, 12, tzinfo=UTC)),
        ("43831.604166666664", "spreadsheet", datetime(2020, 1, 1, 14, 30, tzinfo=UTC)),
        ("43830.9999999999", "spreadsheet", date(2020, 1, 1)),
    ],
)
def test_bare_numbers_count_as_declared(text: str, order: Any, value: date) -> None:
    """Seconds and milliseconds count from 1970, days of a spreadsheet from 1899-12-30."""
    found = day(text, order=order)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "zone", "value"),
    [
        ("2026-11-21", "Europe/Berlin", NOV),
        ("21/11/2026 14:03", "Europe/Berlin", datetime(2026, 11, 21, 13, 3, tzinfo=UTC)),
        ("21 Nov 2026 14:03", "Europe/Berlin", datetime(2026, 11, 21, 13, 3, tzinfo=UTC)),
        ("2026-11-21 14:03", "Europe/Berlin", datetime(2026, 11, 21, 13, 3, tzinfo=UTC)),
        ("2026-07-21 14:03:00", "Europe/Berlin", datetime(2026, 7, 21, 12, 3, tzinfo=UTC)),
        ("2026-07-21 14:03Z", "Europe/Berlin", datetime(2026, 7, 21, 14, 3, tzinfo=UTC)),
        # Clocks go back at 03:00: 02:30 comes twice, and the first, in summer time, is meant.
        ("2026-10-25 02:30", "Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        # Clocks go forward at 02:00: 02:30 never comes, and is read as if they had not yet.
        ("2026-03-29 02:30", "Europe/Berlin", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ],
)
def test_moments_without_a_zone_are_in_the_declared_one(text: str, zone: str, value: date) -> None:
    """Dates have no zone, and a moment that names its own keeps it."""
    assert day(text, order="dmy", zone=zone) == value


def test_days_of_a_spreadsheet_are_in_the_declared_zone() -> None:
    """A spreadsheet shows local time; seconds since 1970 are the same everywhere."""
    assert day("43831.5", order="spreadsheet", zone="America/New_York") == datetime(2020, 1, 1, 17, tzinfo=UTC)
    assert day("1795269780", order="epoch_s", zone="America/New_York") == AT


def test_a_format_counts_alone() -> None:
    """Neither ISO 8601 nor the order is tried where a format is declared; its moments are in the zone."""
    assert day("2026-05-03", format="%Y-%d-%m", order="mdy") == date(2026, 3, 5)
    assert refused(day, "2026-11-21", format="%d.%m.%Y") == ('not written as format = "%d.%m.%Y" says', "")
    found = day("21.11.2026 14:03", format="%d.%m.%Y %H:%M", zone="Europe/Berlin")
    assert found == datetime(2026, 11, 21, 13, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "order", "reason", "way_out"),
    [
        (
            "25/03/2019",
            None,
            "a date in an order that is not declared",
            'declare order = "dmy", which reads 2019-03-25',
        ),
        (
            "03/25/2019",
            None,
            "a date in an order that is not declared",
            'declare order = "mdy", which reads 2019-03-25',
        ),
        (
            "2019/03/25",
            None,
            "a date in an order that is not declared",
            'declare order = "ymd", which reads 2019-03-25',
        ),
        (
            "05/03/2019",
            None,
            "either 2019-03-05 or 2019-05-03",
            'declare order = "dmy", which reads 2019-03-05, or order = "mdy", which reads 2019-05-03',
        ),
        (
            "05/03/2019",
            "epoch_s",
            "either 2019-03-05 or 2019-05-03",
            "the column mixes seconds since 1970 and dates: write its dates as in 2026-11-21, which any order reads",
        ),
        ("25/03/2019", "mdy", "there is no month 25", 'declare order = "dmy", which reads 2019-03-25'),
        ("03/25/2019", "dmy", "there is no month 25", 'declare order = "mdy", which reads 2019-03-25'),
        ("25/25/2019", "mdy", "there is no month 25", ""),
        ("31/02/2019", "dmy", "the calendar has no such day", ""),
        ("2019/25/03", "ymd", "there is no month 25", ""),
        ("25/03/2019", "ymd", 'not written as order = "ymd" says', 'declare order = "dmy", which reads 2019-03-25'),
        ("2019/03/25", "dmy", 'not written as order = "dmy" says', 'declare order = "ymd", which reads 2019-03-25'),
        ("25/25/2019", None, "the calendar or the clock has none such, in any order", ""),
        ("05/05/2019 25:00", None, "the calendar or the clock has none such, in any order", ""),
        ("25/03/19", None, "a year of two digits", 'declare a format, such as format = "%d/%m/%y"'),
        ("25/03/19 14:03", "dmy", "a year of two digits", 'declare a format, such as format = "%d/%m/%y"'),
        ("03.25.19", "mdy", "a year of two digits", 'declare a format, such as format = "%m.%d.%y"'),
        ("19-3-25", "ymd", "a year of two digits", 'declare a format, such as format = "%y-%m-%d"'),
        ("25-Mar-19", None, "a year of two digits", 'declare a format, such as format = "%d-%b-%y"'),
        ("Mar 25, 19", None, "a year of two digits", 'declare a format, such as format = "%b %d, %y"'),
        (
            "Mar-19",
            None,
            "a month with two digits, a day or a year",
            'declare a format, such as format = "%b-%y", or write the year with four digits',
        ),
        ("1/2/345", "dmy", NO_DATE, ""),
        ("123/1/2019", "dmy", NO_DATE, ""),
        ("21/11-2026", "dmy", NO_DATE, ""),
        ("soon", None, NO_DATE, ""),
        ("", None, NO_DATE, ""),
        ("٢٠٢٦-11-21", None, NO_DATE, ""),
        ("2026-W47-6", None, NO_DATE, ""),
        ("2026-11-21T14", None, NO_DATE, ""),
        ("2026-11-21" + " " * 100, None, NO_DATE, ""),
        ("2026-13-21", None, "there is no month 13", ""),
        ("2026-02-30", None, "the calendar has no such day", ""),
        ("0000-01-01", None, "the calendar has no such day", ""),
        ("2026-11-21 24:00:00", None, "the clock has no such time", ""),
        ("2026-11-21 14:60:00", None, "the clock has no such time", ""),
        ("2026-11-21 14:03 PM", None, "the clock has no such time", ""),
        ("31 Feb 2019", None, "the calendar has no such day", ""),
        ("21112026", "ymd", "there is no month 20", ""),
    ],
)
def test_what_has_two_readings_or_none_is_refused(text: str, order: Any, reason: str, way_out: str) -> None:
    """The reason shows the readings, and the way out declares one."""
    assert refused(day, text, order=order) == (reason, way_out)


@pytest.mark.parametrize(
    ("text", "way_out"),
    [
        ("43831", 'declare order = "spreadsheet", which reads 2020-01-01'),
        ("43831.5", 'declare order = "spreadsheet", which reads 2020-01-01 12:00:00'),
        ("20261121", 'declare order = "ymd", which reads 2026-11-21'),
        ("1795269780", 'declare order = "epoch_s", which reads 2026-11-21 14:03:00+00:00'),
        ("1795269780000", 'declare order = "epoch_ms", which reads 2026-11-21 14:03:00+00:00'),
        ("20261399", ""),
        ("12345678", ""),
        ("5", ""),
        ("-43831", ""),
        ("123456789012345", ""),
    ],
)
def test_bare_numbers_are_refused_with_what_they_may_count(text: str, way_out: str) -> None:
    """A number that looks like a day of a spreadsheet, or like seconds, is never guessed."""
    assert refused(day, text) == ("a bare number where a date belongs", way_out)


def test_a_year_is_no_date() -> None:
    """The way out is to read it as a year."""
    assert refused(day, "2019") == ("a year where a date belongs", 'declare parse = "year"')


@pytest.mark.parametrize(
    ("text", "order", "reason"),
    [
        ("999999999999999", "epoch_s", "a moment outside the years 1 to 9999"),
        ("999999999999999", "epoch_ms", "a moment outside the years 1 to 9999"),
        ("-999999999999", "epoch_s", "a moment outside the years 1 to 9999"),
        ("60", "spreadsheet", "no day of a spreadsheet, whose numbers run from 61 to 2958465"),
        ("2958466", "spreadsheet", "no day of a spreadsheet, whose numbers run from 61 to 2958465"),
        ("2958465.9999999999", "spreadsheet", "a moment outside the years 1 to 9999"),
    ],
)
def test_numbers_outside_the_calendar_are_refused(text: str, order: Any, reason: str) -> None:
    """The calendar runs from 1 to 9999, that of spreadsheets from 1900."""
    assert refused(day, text, order=order) == (reason, "")


@pytest.mark.parametrize(
    ("text", "zone"), [("0001-01-01 00:30", "Asia/Tokyo"), ("9999-12-31 23:30:00", "America/Lima")]
)
def test_moments_that_their_zone_moves_out_of_the_calendar_are_refused(text: str, zone: str) -> None:
    """In UTC they would lie before the year 1 or after 9999."""
    assert refused(day, text, zone=zone) == ("a moment outside the years 1 to 9999", "")


@pytest.mark.parametrize("zone", ["Europe/Berlinn", "", "/etc", "../UTC", "a\x00b", "Europe", "x" * 5000, "Ä"])
def test_a_zone_is_checked_when_it_is_declared(zone: str) -> None:
    """Only names that this machine knows are zones."""
    with pytest.raises(ValueError, match=r"^there is no time zone .*; write one such as Europe/Berlin$") as caught:
        check_zone(zone)
    assert type(caught.value) is ValueError
    check_zone("Europe/Berlin")


@given(
    st.dates(),
    st.sampled_from("-/. "),
    st.sampled_from([("dmy", "%d %m %Y"), ("mdy", "%m %d %Y"), ("ymd", "%Y %m %d")]),
)
def test_every_day_is_read_in_every_order(when: date, mark: str, order: tuple[Any, str]) -> None:
    """What is written in the declared order is that day, and ISO 8601 always is."""
    name, form = order
    written = when.strftime(form.replace("%Y", f"{when.year:04d}"))
    assert day(written.replace(" ", mark), order=name) == when
    assert day(when.isoformat(), order=name) == when
    assert day(f"{when.day} {when:%B} {when.year:04d}") == when


@given(st.datetimes(), st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]))
def test_every_moment_is_read_in_its_zone(when: datetime, zone: str) -> None:
    """It is the moment that the zone's clocks first show so."""
    found = read_or_refuse(day, str(when), zone=zone)
    if found is None:
        assert when.year in {1, 9999}
    else:
        assert found == when.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@given(
    TEXTS | PIECES | st.text("0123456789-/. :T", max_size=20),
    st.sampled_from([None, *ORDERS]),
    st.sampled_from([None, "Europe/Berlin"]),
)
def test_any_text_is_a_date_or_refused(text: str, order: Any, zone: str | None) -> None:
    """Nothing but `Unreadable` is raised, and what is read reads the same again."""
    found = read_or_refuse(day, text, order=order, zone=zone)
    if found is not None:
        assert day(str(found), order=order, zone=zone) == found


@hostile
@pytest.mark.parametrize("order", [None, "dmy", "spreadsheet"])
def test_long_texts_take_no_time(text: str, order: Any) -> None:
    """Long texts are refused at once."""
    read_soon(partial(day, order=order), text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("01/02/2023", "either 2023-02-01 or 2023-01-02"),
        ("25/02/2023", "a date in an order that is not declared"),
        ("25-Mar-19", "a year of two digits"),
    ],
)
def test_dates_beside_serial_numbers_are_told(text: str, reason: str) -> None:
    """Another order or a format alone would break the serial numbers, so neither is the way out."""
    way_out = "the column mixes serial numbers and dates: write its dates as in 2026-11-21, which any order reads"
    assert refused(day, text, order="spreadsheet") == (reason, way_out)
    assert day("2026-11-21", order="spreadsheet") == date(2026, 11, 21)


@pytest.mark.parametrize("order", [None, "spreadsheet"])
def test_a_date_that_looks_unknown_can_be_declared_so(order: Any) -> None:
    """The way out declares it unknown, whatever the order."""
    assert refused(day, "-", order=order) == (NO_DATE, 'declare unknown = ["-"]')
