import io
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import icpkit as icp
from icpkit.batch.arguments import check_scale, points, shown, whole_number

DAY = "2026-11-21"
PROFILE = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500)])])
TABLE: dict[str, Any] = {"id": ["acme", "globex"], "employees": [80, 20], "day": ["2026-11-21", "2026-11-20"]}
FRAME = pd.DataFrame(TABLE)
RECORDS = FRAME.to_dict("records")


def refused(error: type[Exception], profile: Any = PROFILE, data: Any = FRAME, **settings: Any) -> str:
    """Give the message with which scoring is refused."""
    with pytest.raises(error) as caught:
        icp.score_batch(profile, data, **{"key": "id", "as_of": DAY, **settings})
    return str(caught.value)


PROFILES: dict[str, tuple[Any, str]] = {
    "a name": ("icp.toml", "(got str 'icp.toml'): icp.load reads one from a file"),
    "a path": (Path("icp.toml"), "Path 'icp.toml'): icp.load reads one from a file"),
    "a mapping": ({"P": PROFILE}, "(got dict): list(profiles.values()) are several"),
    "a function": (icp.standard_profile, "(got standard_profile itself): call it, or icp.load one"),
    "a class": (icp.Profile, "(got Profile itself): call it, or icp.load one"),
    "nothing": (None, "(got NoneType)"),
}


@pytest.mark.parametrize(("profile", "message"), PROFILES.values(), ids=PROFILES)
def test_what_is_no_profile_is_refused_with_the_way_to_one(profile: Any, message: str) -> None:
    """A file, a mapping or a function in the place of the profile is told, and what to do with it."""
    told = refused(TypeError, profile)
    assert told.startswith("score_batch() needs a Profile first, then the table (got ")
    assert message in told


def test_profile_and_table_change_places() -> None:
    """The table before the profile is told as such."""
    told = refused(TypeError, FRAME, PROFILE)
    assert told == "score_batch() needs the profile first, then the table (got DataFrame first)"


def test_scores_are_scored_by_their_batch() -> None:
    """Scores in the place of the table are told to hand over their batch."""
    many = icp.score_batch(PROFILE, FRAME, key="id", as_of=DAY)
    assert refused(TypeError, PROFILE, many).endswith("score_batch(profile, many.batch)")


def test_an_open_file_is_no_table() -> None:
    """A file that is open is not read line by line as if its lines were records."""
    assert "icp.read_accounts reads a file by its path" in refused(TypeError, data=io.StringIO("id,employees\n"))


SETTINGS: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "the key's number": ({"key": 0}, TypeError, "the name of the column that holds the keys (got 0)"),
    "the key's column": ({"key": FRAME["id"]}, TypeError, "(got Series): its name alone, key='id'"),
    "two keys": ({"key": ["id", "day"]}, TypeError, "(got ['id', 'day']): make one column of several first"),
    "a number of unknowns": (
        {"unknown": 5},
        TypeError,
        'unknown must be names of attributes, such as ["country"] (got 5',
    ),
    "unknown numbers": ({"unknown": [5]}, TypeError, "(got [5])"),
    "a list of labels": ({"labels": ["t"]}, TypeError, "labels={\"attribute\": (table, key, label)} (got ['t'])"),
    "a table of events": ({"events": FRAME}, TypeError, '{"attribute": (table, key, kind, at)} (got DataFrame)'),
    "another policy": ({"on_invalid": "skip"}, ValueError, 'on_invalid must be "raise" or "unknown" (got \'skip\')'),
    "a list of policies": ({"on_invalid": ["raise"]}, ValueError, "(got ['raise'])"),
    "the name of a hook": ({"on_event": "log"}, TypeError, "on_event must be a function of a name and a mapping"),
}


@pytest.mark.parametrize(("settings", "error", "message"), SETTINGS.values(), ids=SETTINGS)
def test_settings_of_the_wrong_kind_are_refused(settings: dict[str, Any], error: type[Exception], message: str) -> None:
    """Each error names the setting, what was given and the way out."""
    assert message in refused(error, **settings)


BY_NAME: dict[str, tuple[Any, str]] = {
    "pandas": (FRAME, "hand over the column, as_of=table['day'] (got 'day')"),
    "Polars": (pl.DataFrame(TABLE), "as_of=table['day'] (got 'day')"),
    "Arrow": (pa.table(TABLE), "as_of=table['day'] (got 'day')"),
    "columns": (TABLE, "as_of=table['day'] (got 'day')"),
    "records": (RECORDS, "as_of=[one['day'] for one in records] (got 'day')"),
    "lazy": (pl.LazyFrame(TABLE), "as_of=table['day'] of the table that it gives, whose rows stay in their order"),
    "DuckDB": (duckdb.from_df(FRAME), "as_of=table['day'] of the table that it gives"),
}


@pytest.mark.parametrize(("data", "message"), BY_NAME.values(), ids=BY_NAME)
def test_the_name_of_a_column_is_no_moment(data: Any, message: str) -> None:
    """Where `as_of` is the name of a column, the error says how that table's column is handed over."""
    told = refused(icp.AsOfError, data=data, as_of="day")
    assert "must be a moment or a column of them, not a column's name" in told
    assert message in told


def test_the_name_of_a_column_of_a_batch() -> None:
    """A batch knows the columns of its table while it has it."""
    batch = icp.encode(FRAME, PROFILE, key="id")
    assert "table['day']" in refused(icp.AsOfError, data=batch, as_of="day", key=None)
    assert "must be ISO 8601 text (got 'day')" in refused(icp.AsOfError, data=batch.detach(), as_of="day", key=None)


@pytest.mark.parametrize("data", [FRAME, iter(RECORDS), 5], ids=["a table", "what is read once", "no table"])
def test_other_text_is_no_moment_either(data: Any) -> None:
    """A text that is neither a moment nor a column is told before the table is read."""
    assert "as_of must be ISO 8601 text (got '21.11.2026')" in refused(icp.AsOfError, data=data, as_of="21.11.2026")


@pytest.mark.parametrize("given", [0, 3, np.int64(3)])
def test_whole_numbers(given: Any) -> None:
    """Whole numbers are taken from whatever library."""
    assert whole_number("count", given) == given


@pytest.mark.parametrize("given", ["x", 2.5, None, True, [1]])
def test_other_numbers_are_no_counts(given: Any) -> None:
    """Text, fractions, truths and nothing are refused."""
    with pytest.raises(TypeError, match="count must be a whole number"):
        whole_number("count", given)


def test_counts_below_0() -> None:
    """A count is at least 0."""
    with pytest.raises(ValueError, match=r"count must be at least 0 \(got -1\)"):
        whole_number("count", -1)


@pytest.mark.parametrize("given", ["5", -1, True, float("nan"), float("inf"), None])
def test_points_are_numbers_from_0_on(given: Any) -> None:
    """What is no finite number of points is refused."""
    with pytest.raises(ValueError, match="points must be a number of points, 0 or more"):
        points("points", given)
    assert points("points", np.float32(0.5)) == 0.5


def test_scales() -> None:
    """A mapping of cuts is no scale, but becomes one."""
    check_scale(icp.TierScale.standard())
    with pytest.raises(TypeError, match=r"scale must be a TierScale \(got dict\): icp.TierScale.from_cuts makes one"):
        check_scale({"A": 80})


def test_what_was_given_is_shown_shortly() -> None:
    """Texts, numbers and lists of them are shown, cut where they are long; all else by its kind."""
    assert [shown(one) for one in ("a", 1, None, ["a", 1], [FRAME], {"a": 1})] == [
        "'a'",
        "1",
        "None",
        "['a', 1]",
        "list",
        "dict",
    ]
    assert shown("x" * 100) == f"'{'x' * 78}…"


def test_a_series_of_moments_in_another_order_is_refused() -> None:
    """Moments are taken row by row: a series with another index would be those of other accounts."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Recency("seen")])], min_coverage=0)
    frame = pd.DataFrame({"seen": ["2026-11-01", "2026-10-01"], "when": ["2026-11-21", "2026-11-20"]})
    assert len(icp.score_batch(profile, frame, as_of=frame["when"])) == 2
    assert len(icp.score_batch(profile, frame, as_of=frame["when"].tolist())) == 2
    with pytest.raises(icp.AsOfError, match="has another index than the table: hand over table"):
        icp.score_batch(profile, frame, as_of=frame["when"].iloc[::-1])
