"""What columns of each type hold of a value, and how it is written."""

import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit import views
from icpkit.sql.dialects import dialect_of
from icpkit.sql.sqlglot import column, write
from icpkit.sql.trial_columns import Column, Ground, column_of, literal

NOW = views.moment("2026-11-21")


def made(criterion: icp.Criterion, dialect: str, place: Any = None, kind: str | None = None) -> Column:
    """Make the column of a criterion."""
    function: Any = criterion.value_function()
    name = function.attribute
    types = {} if kind is None else {name: kind}
    ground = Ground(dialect_of(dialect), NOW, types, {name: "folded"}, [0.5])
    return column_of(place or name, {name: [function]}, ground)


def values(column: Column) -> list[Any]:
    """Give what the reference reads of its cells."""
    return [cell.value for cell in column.cells]


def written(column: Column, dialect: str) -> list[str]:
    """Give the literals of its cells."""
    return [write(cell.literals[0][0], dialect) for cell in column.cells]


SIZE = icp.Range("size", 50.5, 500)


def test_unknown_comes_first() -> None:
    """The first cell of each column is what is unknown."""
    for one in (made(SIZE, "duckdb"), made(icp.Overlap("t", ["a"]), "duckdb"), made(icp.Flag("f"), "sqlite")):
        assert one.cells[0].value is None


def test_numbers_beyond_2_to_the_53_are_whole_unless_declared() -> None:
    """A float column that is not declared might hold a whole number there, which is of the wrong kind."""
    assert 2**60 in values(made(SIZE, "duckdb"))
    assert all(isinstance(one, float | int) for one in values(made(SIZE, "duckdb"))[1:])
    assert {type(one) for one in values(made(SIZE, "duckdb", kind="DOUBLE"))[1:]} == {float}


def test_whole_columns_hold_whole_numbers_within_their_reach() -> None:
    """A small whole column holds no fraction, no infinity and nothing beyond its ends."""
    found = values(made(SIZE, "duckdb", kind="SMALLINT"))[1:]
    assert {type(one) for one in found} == {int}
    assert max(found) < 2**15
    assert 2**53 + 1 in values(made(SIZE, "duckdb", kind="BIGINT"))


def test_decimals_are_rounded_to_their_digits() -> None:
    """A column of two decimals holds no third."""
    found = values(made(SIZE, "postgres", kind="NUMERIC(6,2)"))[1:]
    assert {one.as_tuple().exponent for one in found} == {-2}
    assert max(found) < 10_000
    assert made(icp.Range("size", 9999.999, None), "postgres", kind="NUMERIC(6,2)").cells


def test_single_floats_are_of_32_bits() -> None:
    """A column of 32 bits holds only what they hold."""
    found = values(made(icp.Range("size", 0.1, 1e300), "spark", kind="FLOAT"))
    assert 0.10000000149011612 in found
    assert not any(one is not None and 1e38 < abs(one) < math.inf for one in found)


def test_truths_are_booleans_or_numbers() -> None:
    """BOOLEAN holds True and False, a whole column 1, 0 and what is neither, SQLite text as well."""
    assert values(made(icp.Flag("f"), "duckdb")) == [None, True, False]
    assert values(made(icp.Flag("f"), "duckdb", kind="INTEGER")) == [None, 1, 0, 2]
    assert values(made(icp.Flag("f"), "sqlite")) == [None, 1, 0, 2, "many"]
    assert written(made(icp.Flag("f"), "duckdb"), "duckdb") == ["NULL", "'true'", "'false'"]


def test_dates_have_no_time() -> None:
    """A DATE holds days; a TIMESTAMP moments in UTC; in Trino it has no microseconds."""
    signal = icp.Recency("at", window=3)
    assert {type(one) for one in values(made(signal, "duckdb", kind="DATE"))[1:]} == {date}
    assert {one.tzinfo for one in values(made(signal, "duckdb"))[1:]} == {UTC}
    assert any(one.microsecond for one in values(made(signal, "trino"))[1:])
    assert not any(one.microsecond for one in values(made(signal, "trino", kind="TIMESTAMP"))[1:])


def test_zones_are_written_where_the_type_has_one() -> None:
    """A moment is written with its zone, or without one."""
    moment = datetime(2026, 11, 21, 1, 2, 3, tzinfo=UTC)
    zoned, naive = "'2026-11-21 01:02:03.000000+00:00'", "'2026-11-21 01:02:03.000000'"
    cases = {
        ("duckdb", "TIMESTAMP WITH TIME ZONE"): zoned,
        ("duckdb", "TIMESTAMP"): naive,
        ("spark", "TIMESTAMP"): zoned,
    }
    for (dialect, kind), expected in cases.items():
        assert write(literal(moment, kind, dialect_of(dialect)), dialect) == expected
    assert write(literal(moment, "TEXT", dialect_of("sqlite")), "sqlite") == "'2026-11-21T01:02:03Z'"


def test_odd_numbers_are_written_as_each_reads_them() -> None:
    """NaN and infinity are texts that a cast reads; SQLite has numbers."""
    duckdb, sqlite = dialect_of("duckdb"), dialect_of("sqlite")
    odd = [math.nan, math.inf, -math.inf, 0.1, Decimal("1.50")]
    assert [write(literal(one, "DOUBLE", duckdb), "duckdb") for one in odd] == [
        *("'NaN'", "'Infinity'", "'-Infinity'", "'0.1'", "'1.50'"),
    ]
    found = [write(literal(one, "REAL", sqlite), "sqlite") for one in (math.inf, -math.inf, 0.1, 2**60, -3)]
    assert found == ["9e999", "-9e999", "0.1", str(2**60), "-3"]


@pytest.mark.parametrize(
    ("kind", "types"),
    [("DATE", {str, date, datetime}), ("INTEGER", {int}), ("TEXT", {str, int, float, date, datetime})],
)
def test_sqlite_holds_what_its_type_vouches_for(kind: str, types: set[type]) -> None:
    """A column of SQLite holds anything, but one that is said to hold dates holds no years."""
    assert {type(one) for one in values(made(icp.Age("y", at_least=3), "sqlite", kind=kind))[1:]} <= types
    assert len(values(made(icp.Age("y", at_least=3), "sqlite", kind=kind))) > 3


def test_delimited_lists_are_split_as_the_engine_does() -> None:
    """An item that holds the delimiter is two; a blank text is no list."""
    labels = icp.Overlap("t", ["a;b", "c"])
    found = values(made(labels, "duckdb", icp.ListColumn("t", "delimited", ";")))
    assert ["a", "b"] in found
    assert [] not in found


def test_arrays_are_made_of_json() -> None:
    """A literal is JSON; the column makes an array of it, or leaves it."""
    labels = icp.Overlap("t", ["a"])
    array, text = (made(labels, "snowflake", icp.ListColumn("t", kind)) for kind in ("array", "json"))
    assert "PARSE_JSON" in write(array.typed[0].made(column("x", "v")), "snowflake")
    assert write(text.typed[0].made(column("x", "v")), "snowflake") == 'v."x"'
    assert "'[]'" in written(array, "snowflake")


@pytest.mark.parametrize(
    ("dialect", "of_moments"),
    [
        ("duckdb", 'CAST(CAST(v."x" AS JSON) AS TIMESTAMPTZ[])'),
        ("postgres", 'ARRAY(SELECT CAST(JSONB_ARRAY_ELEMENTS_TEXT(CAST(v."x" AS JSONB)) AS TIMESTAMPTZ))'),
        ("spark", "FROM_JSON(v.`x`, 'ARRAY<TIMESTAMP>')"),
    ],
)
def test_arrays_of_moments_are_made_of_json(dialect: str, of_moments: str) -> None:
    """Each dialect that opens arrays of moments gets one; a day in it is its 00:00 UTC, whatever the session's zone."""
    one = made(icp.Recency("at", window=3), dialect, icp.ListColumn("x"))
    assert of_moments in write(one.typed[0].made(column("x", "v")), dialect)
    assert """'["2026-11-18T00:00:00+00:00"]'""" in written(one, dialect)


@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
def test_arrays_of_events_are_records(dialect: str) -> None:
    """Events have their fields by name; JSON text stays text, in which days are days."""
    events = icp.Engagement("e", {"demo": 1}, half_life=20, target=4)
    array, text = (made(events, dialect, icp.ListColumn("x", kind)) for kind in ("array", "json"))
    sql = write(array.typed[0].made(column("x", "v")), dialect)
    assert re.search(r"STRUCT.+kind.+at.+TIMESTAMP.+strength.+DOUBLE", sql)
    assert write(text.typed[0].made(column("x", "v")), dialect) in {'v."x"', "v.`x`"}
    assert '"kind": "demo"' in written(text, dialect)[2]


def test_sqlite_lists_of_moments_hold_one_that_is_none() -> None:
    """A text that is no moment makes the whole list one of the wrong kind."""
    found = made(icp.Recency("at", window=3), "sqlite", icp.ListColumn("x", "json"))
    assert ["yesterday"] in values(found)
    assert any('"2026-11-18"' in one for one in written(found, "sqlite"))


def test_json_holds_no_infinity() -> None:
    """Events of a strength that JSON cannot say are left out; their moments are as the reference reads them."""
    events = icp.Engagement("e", {"demo": 1}, half_life=20, target=4)
    found = values(made(events, "duckdb", icp.ListColumn("e", "json")))
    strengths = [event[2] for some in found if some for event in some]
    assert not any(one is not None and not math.isfinite(one) for one in strengths)


@pytest.mark.parametrize("without", ["unknown", "empty"])
def test_tables_of_many_rows_say_what_no_row_means(without: Any) -> None:
    """An account without a row is unknown, or has an empty list; the first cell has none."""
    place = icp.LongTable("visits", "of", "at", without=without)
    column = made(icp.Recency("v", window=3), "sqlite", place)
    assert column.cells[0] == ([] if without == "empty" else None, ())
    assert (column.table, column.key, column.typed[0].name) == ("visits", "of", "at")
    assert any(cell.value == ["yesterday"] for cell in column.cells)


def test_rows_that_a_column_does_not_hold_are_left_out() -> None:
    """An event at a microsecond is none in a table whose moments have none."""
    place = icp.LongTable("events", "of", "kind", at="at", strength="strength")
    column = made(icp.Engagement("e", {"demo": 1}, half_life=20, target=4), "duckdb", place)
    assert [one.name for one in column.typed] == ["kind", "at", "strength"]
    assert any(len(cell.literals) > 1 for cell in column.cells)
    plain = attrs.evolve(place, strength=None)
    assert [one.name for one in made(icp.Engagement("e", {"demo": 1}), "duckdb", plain).typed] == ["kind", "at"]
    signals = icp.LongTable("visits", "of", "at")
    some = made(icp.Recency("v", window=3), "trino", signals, kind="TIMESTAMP")
    assert not any(one is not None and one.microsecond for cell in some.cells for one in cell.value or ())
