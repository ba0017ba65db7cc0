"""What users hand over by mistake: a clear error, or the documented result; numpy warns of nothing."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import icpkit as icp
from tests.batch.cases import a_profile, outcomes

DAY = "2026-11-21"
PROFILE = a_profile(
    icp.Range("size", 50, 500, soft_low=1),
    icp.Recency("seen", half_life=30),
    icp.TechOverlap("tools", ["Slack"]),
    icp.OneOf("country", ["DE"]),
    icp.Flag("b2b"),
)
GOOD: dict[str, Any] = {
    "size": [100.0, 20.0],
    "seen": ["2026-11-01", None],
    "tools": [["Slack"], []],
    "country": ["DE", None],
    "b2b": [True, None],
}
ZONES = (UTC, timezone(timedelta(hours=5, minutes=30)))


def score(data: Any, **options: Any) -> icp.Scores:
    """Score at a fixed day."""
    return icp.score_batch(PROFILE, data, as_of=DAY, **options)


def told(error: type[Exception], data: Any, **options: Any) -> str:
    """Give the message of the error."""
    with pytest.raises(error) as caught:
        score(data, **options)
    return str(caught.value)


WRONG_COLUMNS: dict[str, tuple[dict[str, Any], str]] = {
    "text for numbers": ({"size": ["many", "few"]}, "row 2: size = 'few': text where a number belongs"),
    "truths for numbers": ({"size": np.array([True, False])}, "row 1: size = True: a bool where a number belongs"),
    "infinities": ({"size": [np.inf, -np.inf]}, "row 2: size = -inf: an infinite number"),
    "beyond 2^53": ({"size": np.array([2**63, 5], "u8")}, f"row 1: size = {2**63}: an integer beyond 2^53"),
    "beyond floats": ({"size": [10**400, 1]}, "an integer beyond 2^53, which a float cannot hold"),
    "complex": ({"size": np.array([1j, 2])}, "row 1: size = 1j: a complex where a number belongs"),
    "durations": ({"size": np.array([1, 2], "m8[s]")}, "a timedelta where a number belongs"),
    "two axes": ({"size": np.ones((2, 2))}, "row 1: size = [1.0, 1.0]: a list where a number belongs"),
    "numbers for dates": ({"seen": [20_261_121, 1.5]}, "row 1: seen = 20261121"),
    "no dates": ({"seen": ["soon", "2026-02-30"]}, "row 2: seen = '2026-02-30': text that is no ISO 8601 date"),
    "dates beyond the calendar": ({"seen": np.array([2**62, 0], "M8[s]")}, f"row 1: seen = {2**62}"),
    "bytes for text": ({"country": np.array([b"DE", b"FR"])}, "row 1: country = b'DE': a bytes where text belongs"),
    "numbers for text": ({"country": [1, 2]}, "row 1: country = 1"),
    "numbers among labels": ({"tools": [["Slack", 7], []]}, "row 1: tools = 7: an int where text belongs"),
    "numbers for labels": ({"tools": [1, None]}, "where a list of text belongs"),
    "numbers for truths": ({"b2b": [2, 1]}, "row 1: b2b = 2"),
    "texts for truths": ({"b2b": ["yes", None]}, "row 1: b2b = 'yes': text where True or False belongs"),
}


@pytest.mark.parametrize(("columns", "message"), WRONG_COLUMNS.values(), ids=WRONG_COLUMNS)
def test_a_column_of_the_wrong_kind_is_told(columns: dict[str, Any], message: str) -> None:
    """The message names column, row and value, and the way out; taken as unknown, nothing warns."""
    data = {**GOOD, **columns}
    problem = told(icp.InvalidAccountError, data)
    assert message in problem
    assert 'Hint: mend the values, or pass on_invalid="unknown"' in problem
    many = score(data, on_invalid="unknown")
    assert {one.attribute for one in many.invalid} == set(columns)


def test_the_first_twenty_and_the_count_are_told() -> None:
    """Of many invalid values the first 20 are listed, and how many there are; by key, where there is one."""
    data = {name: (column * 15)[:30] for name, column in GOOD.items()}
    data |= {"size": ["many"] * 30, "id": [f"account {row}" for row in range(30)]}
    lines = told(icp.InvalidAccountError, data, key="id").splitlines()
    assert lines[0] == "30 invalid values:"
    assert lines[1] == "  account 0: size = 'many': text where a number belongs"
    assert [line for line in lines if "account" in line] == lines[1:21]
    assert "10 more" in lines[21]
    redacted = told(icp.InvalidAccountError, data, key="id", redact=True)
    assert "many" not in redacted
    assert "account" not in redacted


NO_TABLES: dict[str, tuple[Any, str]] = {
    "a number": (
        5,
        "a table must be a data frame, an Arrow table, a mapping of columns or a list of records (got 5)",
    ),
    "nothing": (None, "(got None)"),
    "groups": (pd.DataFrame(GOOD).groupby("country"), "(got DataFrameGroupBy); groups are no table yet: aggregate"),
    "an array": (np.ones((2, 2)), "(got ndarray); an array has no names"),
    "one column": (pd.Series([1, 2]), "one column is no table: hand over the whole frame"),
    "one account": ({"size": 5}, "a mapping is a table of columns: put one account into a list"),
    "numbers": ([1, 2], "row 1 must be a mapping, or an object with attributes (got int)"),
    "a hole": ([{"size": 5}, None], "row 2 must be a mapping, or an object with attributes (got NoneType)"),
    "a path": ("accounts.csv", "a table must be handed over, not a path (got 'accounts.csv')"),
}


@pytest.mark.parametrize(("data", "message"), NO_TABLES.values(), ids=NO_TABLES)
def test_what_is_no_table_is_refused(data: Any, message: str) -> None:
    """The error says what came, and what belongs there."""
    assert message in told(TypeError, data)


def test_ragged_columns_are_refused() -> None:
    """Columns of unequal length are told with their lengths."""
    assert "the columns must be equally long (got size: 1, seen: 2" in told(ValueError, {**GOOD, "size": [1.0]})


def test_one_text_is_no_list_of_labels() -> None:
    """A column of texts where lists belong says how to split it, in every kind of table."""
    data = {**GOOD, "tools": ["Slack;Jira", None]}
    for table in (data, pd.DataFrame(data), pl.DataFrame(data), pa.table(data)):
        assert "'tools' holds text such as 'Slack;Jira' where lists of labels" in told(icp.UnreadColumnsError, table)


def test_a_name_that_stands_there_twice_is_refused() -> None:
    """Which of two columns of a name is meant, nobody knows."""
    frame = pd.DataFrame({**GOOD, "other": [1, 2]})
    frame.columns = pd.Index([*GOOD, "size"])
    assert "'size' stands there twice" in told(icp.UnreadColumnsError, frame)
    arrays = [pa.array(column) for column in GOOD.values()]
    table = pa.Table.from_arrays([*arrays, arrays[0]], names=[*GOOD, "size"])
    assert "'size' stands there twice" in told(icp.UnreadColumnsError, table)


def test_no_rows_give_no_scores() -> None:
    """Tables without rows, and without columns, are no mistake."""
    empty: dict[str, Any] = {name: [] for name in GOOD}
    tables: list[Any] = [{}, [], empty, pd.DataFrame(empty), pl.DataFrame(empty), pd.DataFrame(), pa.table(empty)]
    for table in tables:
        many = score(table)
        assert (len(many), many.fit.tolist(), many.tier.tolist()) == (0, [], [])


def test_one_row_is_enough() -> None:
    """One account gets what it gets alone."""
    account = {name: column[0] for name, column in GOOD.items()}
    assert score([account]).fit.tolist() == [icp.score(PROFILE, account, as_of=DAY).fit]


def test_a_million_identical_rows() -> None:
    """A million rows that are all the same get the same score."""
    count = 1_000_000
    many = score(pl.DataFrame({name: pl.Series([column[0]]).new_from_index(0, count) for name, column in GOOD.items()}))
    assert len(many) == count
    account = {name: column[0] for name, column in GOOD.items()}
    assert set(np.unique(many.fit).tolist()) == {icp.score(PROFILE, account, as_of=DAY).fit}


def test_mixed_time_zones_are_compared_in_utc() -> None:
    """Moments of several zones, naive ones and pandas' own are the moments that they are."""
    moments = [datetime(2026, 11, 1, 12, tzinfo=zone) for zone in ZONES]
    expected = [
        icp.score(PROFILE, {"seen": one}, as_of=DAY).fit for one in (*moments, datetime(2026, 11, 1, 12, tzinfo=UTC))
    ]
    mixed: list[Any] = [*moments, datetime(2026, 11, 1, 12)]
    for column in (mixed, pd.Series([pd.Timestamp(one) for one in mixed], dtype=object), np.array(mixed, object)):
        many = icp.score_batch(PROFILE, {"seen": column}, as_of=DAY, unknown=list(GOOD))
        assert many.fit.tolist() == expected


LAYOUTS: dict[str, Any] = {
    "strided": np.array([100.0, 7, 20, 7])[::2],
    "reversed": np.array([20.0, 100])[::-1],
    "big-endian": np.array([100, 20], ">f8"),
    "big-endian integers": np.array([100, 20], ">i2"),
    "read-only": np.frombuffer(np.array([100.0, 20]).tobytes()),
    "Fortran": np.asfortranarray(np.array([[100.0, 1], [20, 1]]))[:, 0],
    "half": np.array([100, 20], "f2"),
    "long double": np.array([100, 20], "g"),
    "bytes": np.array([100, 20], "u1"),
    "objects": np.array([100, 20], object),
    "masked": np.ma.array([100.0, 20], mask=[False, False]),
    "pandas nullable": pd.array([100, 20], "Int64"),
    "Arrow": pa.array([100, 20], pa.int32()),
    "Arrow in chunks": pa.chunked_array([[100.0], [20.0]]),
    "Polars": pl.Series([100, 20], dtype=pl.UInt16),
}


@pytest.mark.parametrize("column", LAYOUTS.values(), ids=LAYOUTS)
def test_every_layout_of_memory_is_the_same_to_it(column: Any) -> None:
    """However numbers lie in memory, and of whatever width they are, they give the same scores."""
    assert outcomes(score({**GOOD, "size": column})) == outcomes(score(GOOD))


def test_what_is_done_to_a_table_afterwards_changes_nothing() -> None:
    """A batch keeps what it was made of, whatever becomes of the arrays."""
    sizes = np.array([100.0, 20.0])
    batch = icp.encode({**GOOD, "size": sizes}, PROFILE)
    before = outcomes(score(batch))
    sizes[:] = 0
    assert outcomes(score(batch)) == before


def test_arrays_of_scores_are_read_only() -> None:
    """Nobody changes a score by accident."""
    many = score(GOOD)
    for array in (many.fit, many.low, many.high, many.coverage, many.tier, many.status, many.certain):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]


def test_a_field_map_that_makes_text_of_numbers_is_told() -> None:
    """Numbers that a map reads as text are not thrown away: the error says what to write into the map."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Range("employees", 50, 500)])])
    table = {"Account": ["acme"], "Size": [320]}
    fields = icp.FieldMap([icp.Field("Account"), icp.Field("employees", "Size")])
    with pytest.raises(icp.InvalidAccountError, match='without parse= gives text: say parse="number"'):
        icp.score_batch(profile, table, fields=fields, as_of="2026-11-21")
    mended = icp.FieldMap([icp.Field("Account"), icp.Field("employees", "Size", parse="number")])
    assert icp.score_batch(profile, table, fields=mended, as_of="2026-11-21").fit.tolist() == [100]
