from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import icpkit as icp
from icpkit.batch.moments import moments_of

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ALL = slice(0, 3)


def test_one_moment_serves_all() -> None:
    """A date, a datetime, a text or nothing is one moment for every account."""
    for as_of in (DAY, "2026-11-21", " 2026-11-21 "):
        now = moments_of(as_of, 3)
        assert now.codes is None
        assert now.of(2).as_of == DAY
        assert now.day(ALL) == (DAY - date(1970, 1, 1)).days
        assert now.year(ALL) == 2026
        assert now.origin(ALL) == datetime(2026, 11, 21, tzinfo=UTC).timestamp() * 1e6
        assert now.latest(ALL) == now.origin(ALL) + 86_400e6 - 1
        assert now.take(np.array([2, 0])) is now
    assert moments_of(NOON, 3).latest(ALL) == moments_of(NOON, 3).origin(ALL)
    before = datetime.now(UTC)
    assert before <= moments_of(None, 3).of(0).origin <= datetime.now(UTC)


COLUMNS: dict[str, Any] = {
    "list": [DAY, NOON, DAY],
    "texts": ["2026-11-21", "2026-11-21T12:00Z", "2026-11-21"],
    "tuple": (DAY, NOON, DAY),
    "generator": (one for one in [DAY, NOON, DAY]),
    "objects": np.array([DAY, NOON, DAY], object),
    "pandas": pd.Series([DAY, NOON, DAY], dtype=object),
    "Polars": pl.Series(["2026-11-21", "2026-11-21T12:00Z", "2026-11-21"]),
    "Arrow": pa.array(["2026-11-21", "2026-11-21T12:00Z", "2026-11-21"]),
}


@pytest.mark.parametrize("as_of", COLUMNS.values(), ids=COLUMNS)
def test_a_column_is_one_moment_for_each(as_of: Any) -> None:
    """Columns of whatever library give each account its own moment, and equal ones once."""
    now = moments_of(as_of, 3)
    assert [one.as_of for one in now.distinct] == [DAY, NOON]
    assert now.codes is not None
    assert now.codes.tolist() == [0, 1, 0]
    assert now.of(1).as_of == NOON
    assert np.diff(now.origin(ALL)).tolist() == [12 * 3_600e6, -12 * 3_600e6]
    visible = np.asarray(now.latest(slice(1, 3))) - np.asarray(now.origin(slice(1, 3)))
    assert visible.tolist() == [0, 86_400e6 - 1]
    assert [now.take(np.array([1, 2])).of(row).as_of for row in range(2)] == [NOON, DAY]


@pytest.mark.parametrize(
    "as_of",
    [
        np.array(["2026-11-21"], "M8[D]"),
        pd.Series([DAY], dtype=object),
        pl.Series([DAY]),
        pa.array([DAY]),
        pd.Series(pd.to_datetime(["2026-11-21"], utc=True)),
        pl.Series([NOON]),
    ],
    ids=lambda one: type(one).__module__,
)
def test_dates_of_other_libraries_are_moments(as_of: Any) -> None:
    """Dates and aware moments of arrays and frames are read as their library means them."""
    assert moments_of(as_of, 1).of(0).day == DAY


def test_moments_that_differ_in_their_fold_stay_apart() -> None:
    """The hour that comes twice is two moments."""
    zone = ZoneInfo("America/New_York")
    twice = [datetime(2026, 11, 1, 1, 30, tzinfo=zone, fold=fold) for fold in (0, 1, 0)]
    now = moments_of(twice, 3)
    assert now.codes is not None
    assert now.codes.tolist() == [0, 1, 0]
    assert now.of(1).origin - now.of(0).origin == timedelta(hours=1)


def test_the_same_moment_in_other_zones_is_one() -> None:
    """What is one moment in UTC is one."""
    same = [NOON, NOON.astimezone(timezone(timedelta(hours=5))), "2026-11-21T13:00+01:00"]
    assert len(moments_of(same, 3).distinct) == 1


@pytest.mark.parametrize(
    "as_of", [5, np.datetime64("2026-11-21"), 1.5, object(), np.array("2026-11-21")], ids=lambda one: type(one).__name__
)
def test_what_is_no_moment_is_refused(as_of: Any) -> None:
    """A number, or whatever else is no moment and no column, is refused with the way out."""
    with pytest.raises(icp.AsOfError, match="as_of must be a date or an aware datetime, or a column of them"):
        moments_of(as_of, 1)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (None, "must be a date or an aware datetime"),
        (float("nan"), "must be a date or an aware datetime"),
        (5, "must be a date or an aware datetime"),
        (["2026-11-21"], "must be a date or an aware datetime"),
        (datetime(2026, 11, 21), "must say its time zone"),
        ("soon", "must be ISO 8601 text"),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=5))), "must lie within the calendar"),
    ],
)
def test_what_is_no_moment_in_a_column_is_told_with_its_row(wrong: Any, problem: str) -> None:
    """The message names the row, the value and the way out."""
    with pytest.raises(icp.AsOfError, match=rf"as_of of row 2 {problem} \(got .*\)") as caught:
        moments_of([DAY, wrong, DAY], 3)
    assert "Hint: give a date" in str(caught.value)


@pytest.mark.parametrize(
    ("column", "hint"),
    [
        (pd.Series(pd.to_datetime(["2026-11-21"])), "column.dt.date makes days of it, column.dt.tz_localize"),
        (pl.Series([datetime(2026, 11, 21)]), r"column.dt.date\(\) makes days of it, column.dt.replace_time_zone"),
        ([datetime(2026, 11, 21)], "must say its time zone"),
    ],
)
def test_columns_without_a_zone_get_one(column: Any, hint: str) -> None:
    """A column of pandas or Polars without a zone is refused with the line that gives it one, or makes it days."""
    with pytest.raises(icp.AsOfError, match=f"of row 1 must say its time zone.*{hint}|{hint}"):
        moments_of(column, 1)


@pytest.mark.parametrize("table", [{"day": DAY}, pd.DataFrame({"day": [DAY]}), pl.DataFrame({"day": [DAY]})])
def test_a_table_is_no_column(table: Any) -> None:
    """A table in the place of a column of moments is told by its kind, not by its length."""
    with pytest.raises(TypeError, match=r"one moment or a column of them, not a table \(got "):
        moments_of(table, 1)


@pytest.mark.parametrize("count", [0, 1, 4])
def test_there_must_be_as_many_moments_as_accounts(count: int) -> None:
    """A column of another length is refused with both lengths."""
    with pytest.raises(ValueError, match=rf"one for each account \(got {count} for 3 accounts\)"):
        moments_of([DAY] * count, 3)


def test_no_accounts_have_no_moments() -> None:
    """An empty column of moments suits no accounts at all."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Recency("x", half_life=1), icp.OneOf("y", ["a"])])])
    many = icp.score_batch(profile, [], as_of=[])
    assert len(many) == 0
    assert many.fit.tolist() == []
