import pickle
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.batch.moves import changes
from icpkit.testing import accounts, moments, profiles
from tests.property.law import law

COLUMNS = ["key", "kind", "tier_before", "tier_after", "fit_before", "fit_after", "status_before", "status_after"]
COLUMNS += ["points", "cause", "points_time", "points_data", "points_profile"]
PROFILE = icp.Profile(
    "P",
    [icp.Dimension("D", [icp.Range("x", 100, None, soft_low=0), icp.Recency("seen", linear=100)])],
    gates=[icp.Gate(~icp.Flag("out"))],
    min_coverage=0.3,
)
BEFORE: dict[str, list[Any]] = {
    "id": ["up", "out", "left", "same", "blind"],
    "x": [50, 90, 70, 80, None],
    "seen": ["2026-11-10", "2026-11-10", "2026-11-10", "2026-11-10", None],
    "out": [False, False, False, False, False],
}
AFTER: dict[str, list[Any]] = {
    "id": ["new", "up", "out", "same", "blind"],
    "x": [100, 98, 90, 81, 60],
    "seen": ["2026-11-21", "2026-11-20", "2026-11-10", "2026-11-10", None],
    "out": [False, False, True, False, False],
}
KINDS_OF_TABLES: dict[str, Any] = {
    "pandas": pd.DataFrame,
    "indexed": lambda data: pd.DataFrame(data).set_index("id"),
    "Polars": pl.DataFrame,
    "lazy": pl.LazyFrame,
    "Arrow": pa.table,
    "columns": dict,
    "records": lambda data: pd.DataFrame(data).to_dict("records"),
}


def compared(make: Any = dict, **options: Any) -> icp.Changes:
    """Compare both weeks, of some kind of table."""
    week = [
        icp.score_batch(PROFILE, make(data), key="id", as_of=day)
        for data, day in ((BEFORE, "2026-11-14"), (AFTER, "2026-11-21"))
    ]
    return changes(*week, **options)


def as_rows(table: Any) -> list[dict[str, Any]]:
    """Give a table of whatever kind as records, with None where there is nothing."""
    if isinstance(table, list):
        return table
    frame = table.to_pandas() if hasattr(table, "to_pandas") else pd.DataFrame(table)
    rows = frame.astype(object).to_dict("records")
    return [{name: None if pd.isna(cell) else cell for name, cell in row.items()} for row in rows]


@pytest.mark.parametrize("kind", KINDS_OF_TABLES)
def test_a_table_of_the_kind_that_came_in(kind: str) -> None:
    """Each change is a row, with tiers, fits and statuses then and now, and what moved it, in every kind of table."""
    make = KINDS_OF_TABLES[kind]
    table = compared(make).to_frame()
    expected = pd.DataFrame if kind == "indexed" else pl.DataFrame if kind == "lazy" else type(make(BEFORE))
    assert isinstance(table, expected)
    rows = as_rows(table)
    assert list(rows[0]) == COLUMNS
    assert [row["key"] for row in rows] == ["new", "up", "out", "blind", "left"]
    assert [row["kind"] for row in rows] == ["entered", "up", "status", "status", "left"]
    assert [row["cause"] for row in rows] == [None, "data", "data", "data", None]
    assert rows[1] == {
        "key": "up",
        "kind": "up",
        "tier_before": "Strong",
        "tier_after": "Perfect",
        "fit_before": 73.0,
        "fit_after": 98.5,
        "status_before": "scored",
        "status_after": "scored",
        "points": 25.5,
        "cause": "data",
        "points_time": -3.5,
        "points_data": 29.0,
        "points_profile": 0.0,
    }
    assert [(row["fit_before"], row["tier_before"], row["status_before"]) for row in rows[:1]] == [(None, None, None)]
    assert [(row["fit_after"], row["tier_after"], row["status_after"]) for row in rows[-1:]] == [(None, None, None)]
    assert (rows[2]["tier_after"], rows[2]["status_after"], rows[2]["points"]) == (None, "disqualified", -3.5)


def test_tiers_are_ordered_and_keys_join() -> None:
    """Tiers compare, and keys of pandas are of the dtype that they came in; rows are numbered anew."""
    table = compared(lambda data: pd.DataFrame(data, index=[9, 8, 7, 6, 5])).to_frame()
    assert table.loc[table["tier_after"] > table["tier_before"], "key"].tolist() == ["up"]
    assert table.index.tolist() == [0, 1, 2, 3, 4]
    assert table["key"].dtype == pd.Series(["a"]).dtype
    weeks = [{"id": [1, 2], "x": [fit, 5]} for fit in (5, 95)]
    numbered = [icp.score_batch(PROFILE, pd.DataFrame(one), key="id", unknown=["seen", "out"]) for one in weeks]
    assert changes(*numbered).to_frame()["key"].dtype == np.int64


def test_a_table_has_the_changes_that_were_chosen() -> None:
    """Filters narrow the table, and `all` has every account; none at all give a table without rows."""
    found = compared()
    assert found.only("up").to_frame()["key"] == ["up"]
    assert found.all.to_frame()["key"] == ["new", "up", "out", "same", "blind", "left"]
    assert list(found.only().to_frame()) == COLUMNS
    assert len(found.only().to_frame()["key"]) == 0


def test_without_tables_changes_are_records() -> None:
    """Where both runs have let their tables go there are records; else the old run says what kind."""
    before, after = compared(pd.DataFrame).before, compared(pd.DataFrame).after
    assert isinstance(changes(before, after.detach()).to_frame(), pd.DataFrame)
    assert isinstance(changes(before.detach(), after.detach()).to_frame(), list)


@st.composite
def weeks(draw: st.DrawFn) -> icp.Changes:
    """Give two weeks of a few accounts, by one profile or two, at one moment for all or one for each."""
    first = draw(profiles())
    second = draw(st.just(first) | profiles())
    runs = []
    for profile in (first, second):
        day = draw(moments())
        rows = [
            {"id": key, **draw(accounts(profile, as_of=day, invalid=True))}
            for key in draw(st.lists(st.sampled_from("abcd"), min_size=1, unique=True))
        ]
        as_of = [draw(moments()) for _ in rows] if draw(st.booleans()) else day
        runs.append(icp.score_batch(profile, rows, key="id", as_of=as_of, on_invalid="unknown"))
    return changes(*runs, hysteresis=draw(st.sampled_from([0, 5])))


@law
@given(weeks())
def test_tables_say_what_each_change_says(found: icp.Changes) -> None:
    """Points, steps and causes of all accounts at once are those of each by itself, and sum to the millionth."""
    for row, one in zip(found.all.to_frame(), found.all, strict=True):
        parts = {step.cause: None if step.millionths is None else step.millionths / 1e6 for step in one.steps}
        told = (row["key"], row["kind"], row["points"], row["cause"])
        assert told == (one.key, one.kind, one.points, one.cause)
        for cause in ("time", "data", "profile"):
            assert row[f"points_{cause}"] == parts.get(cause)
        millionths = [None if part is None else round(part * 1e6) for part in parts.values()]
        if millionths and None not in millionths:
            assert sum(part or 0 for part in millionths) == round(row["points"] * 1e6)
        for side, standing in (("before", one.before), ("after", one.after)):
            fit, tier, status = standing or (None, None, None)
            assert (row[f"fit_{side}"], row[f"tier_{side}"], row[f"status_{side}"]) == (fit, tier, status)


def test_changes_are_pickled() -> None:
    """A comparison goes to another process and back."""
    found = compared()
    again = pickle.loads(pickle.dumps(found))
    assert again.to_frame()["points_data"].tolist()[1] == 29.0
    assert [one.to_dict() for one in again] == [one.to_dict() for one in found]


def test_what_only_the_old_profile_reads_and_moments_of_each_account() -> None:
    """The table tells the same parts as each change, where a criterion has gone and each account has its own moment."""
    size, seen = icp.Range("size", 50, 500, soft_high=900), icp.Recency("seen", half_life=30)
    old = icp.Profile("P", [icp.Dimension("D", [size, icp.Flag("b2b"), seen])], min_coverage=0)
    new = icp.Profile("P", [icp.Dimension("D", [size, seen])], min_coverage=0)
    data = {"id": ["a", "b"], "size": [100, 700], "b2b": [True, False], "seen": ["2026-11-01", "2026-10-01"]}
    before = icp.score_batch(old, data, key="id", as_of="2026-11-01")
    after = icp.score_batch(new, data, key="id", as_of=["2026-11-20", "2026-11-21"])
    moved = icp.changes(before, after).all
    for one, row in zip(moved, as_rows(moved.to_frame()), strict=True):
        found = {step.cause: step.millionths for step in one.steps}
        assert len(found) == 3
        assert {cause: round(row[f"points_{cause}"] * 1e6) for cause in found} == found
