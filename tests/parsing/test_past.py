from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.parsing import ago
from tests.parsing.reading import PIECES, TEXTS, hostile, read_or_refuse, read_soon, refused

ON = date(2026, 11, 21)
NOT_PAST = 'no time that has passed, such as "3 months ago" or "over 8 years"'


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("over 8 years", date(2018, 11, 21)),
        ("Over 8 Years", date(2018, 11, 21)),
        ("8+ years", date(2018, 11, 21)),
        ("8 years+", date(2018, 11, 21)),
        ("> 8 yrs", date(2018, 11, 21)),
        ("more than eight years ago", date(2018, 11, 21)),
        ("for 8 years", date(2018, 11, 21)),
        ("5 yrs.", date(2021, 11, 21)),
        ("5y", date(2021, 11, 21)),
        ("less than a year", date(2025, 11, 21)),
        ("an hour ago", ON),
        ("3 months ago", date(2026, 8, 21)),
        ("2 mos", date(2026, 9, 21)),
        ("2 quarters ago", date(2026, 5, 21)),
        ("12 months old", date(2025, 11, 21)),
        ("about 2 weeks", date(2026, 11, 7)),
        ("~2 wks", date(2026, 11, 7)),
        ("almost two weeks ago", date(2026, 11, 7)),
        ("a day ago", date(2026, 11, 20)),
        ("1d", date(2026, 11, 20)),
        ("one week back", date(2026, 11, 14)),
        ("36 hours ago", date(2026, 11, 20)),
        ("5 minutes ago", ON),
        ("90000 seconds", date(2026, 11, 20)),
        ("2 yrs 5 mos", date(2024, 6, 21)),
        ("2 years, 5 months", date(2024, 6, 21)),
        ("2 years and 5 months ago", date(2024, 6, 21)),
        ("2y5mo", date(2024, 6, 21)),
        ("1 month, 2 weeks and a day ago", date(2026, 10, 6)),
        ("1.5 years", date(2025, 5, 21)),
        ("0.5 weeks", date(2026, 11, 18)),
        ("0 days", ON),
        ("today", ON),
        ("Just now", ON),
        ("yesterday", date(2026, 11, 20)),
        ("the day before yesterday", date(2026, 11, 19)),
        ("last week", date(2026, 11, 14)),
        ("last month", date(2026, 10, 21)),
        ("last quarter", date(2026, 8, 21)),
        ("last year", date(2025, 11, 21)),
    ],
)
def test_spans_lead_back_from_the_day_of_the_export(text: str, day: date) -> None:
    """Over, about and less than change nothing; parts add up, and less than a day is none."""
    assert ago(text, on=ON) == day


@pytest.mark.parametrize(
    ("text", "on", "day"),
    [
        ("1 month", date(2026, 3, 31), date(2026, 2, 28)),
        ("1 month", date(2024, 3, 31), date(2024, 2, 29)),
        ("1 year", date(2024, 2, 29), date(2023, 2, 28)),
        ("4 years", date(2024, 2, 29), date(2020, 2, 29)),
        ("1 month", date(2026, 1, 15), date(2025, 12, 15)),
        ("1 month and 1 day", date(2026, 3, 31), date(2026, 2, 27)),
        ("2025 years", date(2026, 1, 1), date(1, 1, 1)),
    ],
)
def test_months_are_those_of_the_calendar(text: str, on: date, day: date) -> None:
    """A day that a month does not have is its last one; months are taken before days."""
    assert ago(text, on=on) == day


@pytest.mark.parametrize(
    ("text", "reason", "way_out"),
    [
        *(
            (text, NOT_PAST, "")
            for text in ("", "soon", "in 3 months", "8", "years", "5 m", "3 months from now", "2 yrs ag")
        ),
        *(
            (text, NOT_PAST, "")
            for text in ("-3 days", "1.2.3 days", "3 days" + " " * 100, "٣ days", "1000000 ys", "a1 day")
        ),
        ("1.3 years", "not a whole number of months", "write months or days"),
        ("2026 years", "a day before the year 1", ""),
        ("2025 years and 1 day", "a day before the year 1", ""),
        ("999999 years", "a day before the year 1", ""),
        ("999999 days", "a day before the year 1", ""),
        ("999999 weeks 999999 weeks", "a day before the year 1", ""),
    ],
)
def test_what_is_no_span_of_the_past_is_refused(text: str, reason: str, way_out: str) -> None:
    """A time to come, a bare number and m, which is a month or a minute, are not guessed."""
    assert refused(ago, text, on=date(2026, 1, 1)) == (reason, way_out)


@given(st.dates(date(1000, 1, 1)), st.integers(0, 300_000))
def test_days_and_weeks_are_exact(on: date, days: int) -> None:
    """Days lead back by so many days, and seven make a week."""
    assert ago(f"{days} days ago", on=on) == on - timedelta(days=days)
    assert ago(f"{days // 7} weeks", on=on) == on - timedelta(days=days // 7 * 7)


@given(st.dates(date(1000, 1, 1)), st.integers(0, 5000), st.integers(0, 5000))
def test_longer_ago_is_never_later(on: date, one: int, other: int) -> None:
    """More months lead further back, and twelve are a year."""
    less, more = sorted((one, other))
    assert ago(f"{more} months", on=on) <= ago(f"{less} months", on=on) <= on
    assert ago(f"{less // 12} years", on=on) == ago(f"{less // 12 * 12} months", on=on)


@given(TEXTS | PIECES, st.dates())
def test_any_text_is_a_span_or_refused(text: str, on: date) -> None:
    """Nothing but `Unreadable` is raised, and the day is never after that of the export."""
    found = read_or_refuse(ago, text, on=on)
    assert found is None or found <= on


@hostile
def test_long_texts_take_no_time(text: str) -> None:
    """Long texts are refused at once."""
    read_soon(partial(ago, on=ON), text)
