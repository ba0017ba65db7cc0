from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from icpkit.history.moments import beginning_of, end_of, instant, micros, months_after, now, seconds
from tests.history.cases import told

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)


def test_moments_are_whole_microseconds() -> None:
    """A moment becomes a whole number and the same moment again, also before 1970."""
    for when in (NOON, NOON + timedelta(microseconds=1), datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)):
        assert instant(micros(when)) == when
    assert micros(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1


def test_now_is_in_utc() -> None:
    """The clock of a history that is given none tells the time in UTC."""
    assert now().utcoffset() == timedelta(0)
    assert abs(now() - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("given", [date(2026, 4, 1), "2026-04-01"])
def test_a_day_means_all_of_it(given: Any) -> None:
    """What begins on a day begins with it, and what happened up to a day happened before its end."""
    assert instant(beginning_of("at", given)) == datetime(2026, 4, 1, tzinfo=UTC)
    assert instant(end_of("at", given)) == datetime(2026, 4, 1, 23, 59, 59, 999_999, tzinfo=UTC)


@pytest.mark.parametrize("given", [NOON, "2026-04-01T12:00:00Z", NOON.astimezone(timezone(timedelta(hours=-7)))])
def test_a_moment_is_itself(given: Any) -> None:
    """A moment with a time has no length, whatever its zone."""
    assert beginning_of("at", given) == end_of("at", given) == micros(NOON)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (datetime(2026, 4, 1), "must say its time zone (got datetime.datetime(2026, 4, 1, 0, 0))"),
        ("soon", "must be ISO 8601 text (got 'soon')"),
        (None, "must be a date or an aware datetime (got None)"),
        (1_775_000_000, "must be a date or an aware datetime (got 1775000000)"),
    ],
)
def test_what_is_no_moment_is_refused(given: Any, problem: str) -> None:
    """The error names the field and the value, and shows how a moment is written."""
    for read in (beginning_of, end_of):
        with pytest.raises(ValueError, match=r"^effective_from ") as caught:
            read("effective_from", given)
        first, _, hint = told(caught).partition("\n\n")
        assert first == f"effective_from {problem}"
        assert 'such as "2026-04-01" or datetime(2026, 4, 1, 9, tzinfo=timezone.utc)' in hint


@pytest.mark.parametrize("given", ["9999-12-31", "0001-01-01", date(1699, 12, 31), datetime(2251, 1, 1, tzinfo=UTC)])
def test_a_day_that_stands_for_always_is_refused(given: Any) -> None:
    """A year that no JSON number holds to the microsecond is refused, such as 9999 for never."""
    with pytest.raises(ValueError, match=r"^expires must lie between the years 1700 and 2250 \(got "):
        end_of("expires", given)
    assert max(abs(end_of("at", "1700-01-01")), abs(end_of("at", "2250-12-31"))) < 2**53


@pytest.mark.parametrize("value", [0, 60, 0.5])
def test_a_number_of_seconds(value: float) -> None:
    """A number of seconds is itself."""
    assert seconds("timeout", value) == value


@pytest.mark.parametrize("value", [-1, "60", None, True, float("nan")])
def test_what_is_no_number_of_seconds(value: Any) -> None:
    """Anything else is an error that names the field."""
    with pytest.raises(ValueError, match=rf"^timeout must be a number of seconds, 0 or more \(got {value!r}\)$"):
        seconds("timeout", value)


@pytest.mark.parametrize(
    ("when", "months", "then"),
    [
        ("2026-01-31", 3, "2026-04-30"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2026-10-01", 3, "2027-01-01"),
        ("2026-09-15", 3, "2026-12-15"),
    ],
)
def test_months_later(when: str, months: int, then: str) -> None:
    """Months are counted by the calendar; a day that the month does not have becomes its last."""
    assert months_after(date.fromisoformat(when), months).isoformat() == then
