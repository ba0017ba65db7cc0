import re
from datetime import UTC, date, datetime
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.parsing import check_format
from icpkit.parsing.dateformats import read_format
from tests.parsing.reading import PIECES, TEXTS, hostile, read_or_refuse, read_soon, refused

KNOWN = "%d, %m, %b, %B, %Y, %y, %j, %a, %A, %H, %I, %M, %S, %f, %p, %z, %Z, %%"


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("21.11.2026", "%d.%m.%Y", date(2026, 11, 21)),
        ("3/5/2026", "%d/%m/%Y", date(2026, 5, 3)),
        ("2026-21-11", "%Y-%d-%m", date(2026, 11, 21)),
        ("21 Nov 26", "%d %b %y", date(2026, 11, 21)),
        ("21 november 69", "%d %B %y", date(1969, 11, 21)),
        ("21 Nov 68", "%d %B %y", date(2068, 11, 21)),
        ("Nov-26", "%b-%y", date(2026, 11, 1)),
        ("2026.325", "%Y.%j", date(2026, 11, 21)),
        ("2024 366", "%Y %j", date(2024, 12, 31)),
        ("Sat, 21 Nov 2026", "%a, %d %b %Y", date(2026, 11, 21)),
        ("saturday 21 Nov 2026", "%A %d %b %Y", date(2026, 11, 21)),
        ("20261121", "%Y%m%d", date(2026, 11, 21)),
        (" 21.11.2026   14:03 ", "%d.%m.%Y %H:%M", datetime(2026, 11, 21, 14, 3)),
        ("21.11.2026 2:03:22.5 pm", "%d.%m.%Y %I:%M:%S.%f %p", datetime(2026, 11, 21, 14, 3, 22, 500_000)),
        ("21.11.2026 14", "%d.%m.%Y\t%H", datetime(2026, 11, 21, 14)),
        ("21.11.2026 14:03+0100", "%d.%m.%Y %H:%M%z", datetime(2026, 11, 21, 13, 3, tzinfo=UTC)),
        ("21.11.2026 14:03 UTC", "%d.%m.%Y %H:%M %Z", datetime(2026, 11, 21, 14, 3, tzinfo=UTC)),
        ("100% 21.11.2026", "100%% %d.%m.%Y", date(2026, 11, 21)),
        ("(2026) [11].21", "(%Y) [%m].%d", date(2026, 11, 21)),
    ],
)
def test_a_format_reads_what_it_says(text: str, form: str, value: date) -> None:
    """Directives are those of strptime; a format without a day means the first, one without a time a date."""
    check_format(form)
    found = read_format(text, form)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "form", "reason"),
    [
        ("2026-11-21", "%d.%m.%Y", 'not written as format = "%d.%m.%Y" says'),
        ("21x11x2026", "%d.%m.%Y", 'not written as format = "%d.%m.%Y" says'),
        ("21 novembre 2026", "%d %B %Y", 'not written as format = "%d %B %Y" says'),
        ("٢١.11.2026", "%d.%m.%Y", 'not written as format = "%d.%m.%Y" says'),
        ("21.11.2026" + " " * 100, "%d.%m.%Y", 'not written as format = "%d.%m.%Y" says'),
        ("21.13.2026", "%d.%m.%Y", "there is no month 13"),
        ("31.11.2026", "%d.%m.%Y", "the calendar has no such day"),
        ("2026 366", "%Y %j", "the year 2026 has no day 366"),
        ("2026 000", "%Y %j", "the year 2026 has no day 0"),
        ("0001 000", "%Y %j", "the calendar has no such day"),
        ("0000 001", "%Y %j", "the calendar has no such day"),
        ("9999 366", "%Y %j", "the calendar has no such day"),
        ("21.11.2026 25:00", "%d.%m.%Y %H:%M", "the clock has no such time"),
    ],
)
def test_what_is_not_written_so_is_refused(text: str, form: str, reason: str) -> None:
    """Neither another format nor another language is tried."""
    assert refused(read_format, text, format=form) == (reason, "")


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ("%d.%m.%Q", f"the format '%d.%m.%Q' holds '%Q', which is none of {KNOWN}"),
        ("%d.%m.%Y %", f"the format '%d.%m.%Y %' holds '%', which is none of {KNOWN}"),
        ("%d.%m", "the format '%d.%m' holds no year: add %Y"),
        ("", "the format '' holds no year: add %Y"),
        ("%Y", "the format '%Y' holds no month: add %m, or declare parse = \"year\""),
        ("%Y %y %m", "the format '%Y %y %m' says one part twice: keep one of %Y or %y"),
        ("%m %b %Y", "the format '%m %b %Y' says one part twice: keep one of %m or %b or %B"),
        ("%d %d.%m.%Y", "the format '%d %d.%m.%Y' says one part twice: keep one of %d"),
        ("%j %d %Y", "the format '%j %d %Y' says the day of the year and the month: keep one"),
        ("%d.%m.%Y %I:%M", "the format '%d.%m.%Y %I:%M' must hold %I and %p together; hours from 0 to 23 are %H"),
        ("%d.%m.%Y %H %p", "the format '%d.%m.%Y %H %p' must hold %I and %p together; hours from 0 to 23 are %H"),
        ("%d.%m.%Y %M", "the format '%d.%m.%Y %M' holds %M without %H or %I"),
        ("%d.%m.%Y %H %S", "the format '%d.%m.%Y %H %S' holds %S without %M"),
        ("%d.%m.%Y %H:%M %f", "the format '%d.%m.%Y %H:%M %f' holds %f without %S"),
        ("%d.%m.%Y %z", "the format '%d.%m.%Y %z' holds %z without %H or %I"),
        ("%d.%m.%Y %Z", "the format '%d.%m.%Y %Z' holds %Z without %H or %I"),
    ],
)
def test_a_bad_format_is_refused_when_it_is_declared(form: str, problem: str) -> None:
    """It says what is missing, double or unknown."""
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        check_format(form)


@given(st.dates(), st.sampled_from(["%d.%m.%Y", "%Y%m%d", "%j/%Y", "%A, %d %B %Y", "%b %d, %Y"]))
def test_formats_read_what_strftime_writes(day: date, form: str) -> None:
    """In English, the two are each other's inverse."""
    written = day.strftime(form.replace("%Y", f"{day.year:04d}"))
    assert read_format(written, form) == day


@given(TEXTS | PIECES | st.text("0123456789. Nov", max_size=12))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    """Nothing but `Unreadable` is raised."""
    read_or_refuse(read_format, text, format="%d. %b %Y")
    read_or_refuse(read_format, text, format="%d%m%y")


@hostile
def test_long_texts_take_no_time(text: str) -> None:
    """Long texts are refused at once."""
    read_soon(partial(read_format, format="%d %B %Y %H:%M"), text)
