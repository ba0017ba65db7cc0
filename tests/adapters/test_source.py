import math
from collections import UserDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from icpkit.adapters import source_of, table_of
from icpkit.adapters.source import Source
from icpkit.columns import Codes, Column, Labels, Moments, Numbers, column_of_values
from icpkit.importing import Accounts
from icpkit.table import Table

BERLIN = ZoneInfo("Europe/Berlin")
NAN = float("nan")
BEFORE_1970 = -1_001  # in nanoseconds: to be cut to 2 microseconds before, not to 1


def same(one: Any, other: Any) -> bool:
    """Tell whether two values mean the same: integers may be floats of equal value."""
    numbers = {type(one), type(other)} <= {int, float}
    return repr(one) == repr(other) or ((type(one) is type(other) or numbers) and bool(one == other))


def check_form(column: Column) -> None:
    """See that a column keeps what is promised of its arrays."""
    if isinstance(column, Numbers):
        array = column.values  # noqa: PD011  # it is none of pandas'
        assert array.dtype == np.float64
        assert not np.isinf(array).any()
        assert np.isnan(array[list(column.odd)]).all()
    elif isinstance(column, Moments):
        assert column.micros.dtype == np.float64
        assert np.isnan(column.micros[list(column.odd)]).all()
    else:
        known = column.values if isinstance(column, Codes) else column.texts  # noqa: PD011  # the same
        assert column.codes.dtype == np.min_scalar_type(max(len(known) - 1, 0))
        assert set(column.codes.tolist()) == set(range(len(known)))  # each is some row's
    if isinstance(column, Labels):
        assert column.offsets.dtype == np.intp
        assert column.known.dtype == np.bool_
        assert len(set(column.texts)) == len(column.texts)
        assert all(text.strip() for text in column.texts)


def check_column(source: Source, place: int, plain: list[Any]) -> None:
    """See that a column means the same as its plain values, and that these are the ones of `table_of`."""
    values, column = source.values(place), source.column(place)
    assert repr(values) == repr(plain)
    assert all(type(row) is int for row in getattr(column, "odd", ()))
    check_form(column)
    rows = range(0, len(plain), 2)
    assert repr(source.values(place, rows)) == repr(plain[::2])
    of_numpy: Any = np.array(rows, np.intp)
    assert repr(source.values(place, of_numpy)) == repr(plain[::2])
    assert len(column) == len(source) == len(plain)
    expected = column_of_values(values)
    for row in range(len(plain)):
        assert same(column.raw(row), expected.raw(row)), (row, column.raw(row), expected.raw(row))
    if any(value is not None for value in values) and type(column) is not Codes:
        check_alike(column, expected)


def check_alike(column: Column, expected: Column) -> None:
    """See that what raw values do not tell is the same, too."""
    assert type(column) is type(expected)
    if isinstance(column, Moments) and isinstance(expected, Moments):
        assert (column.naive, column.days, dict(column.odd)) == (expected.naive, expected.days, dict(expected.odd))
    if isinstance(column, Numbers) and isinstance(expected, Numbers):
        assert (column.whole, dict(column.odd)) == (expected.whole, dict(expected.odd))


def check(make: Callable[[], Any]) -> None:
    """See that a table keeps the law, column by column."""
    table, source = table_of(make()), source_of(make())
    assert source.names == table.names
    for place, plain in enumerate(table.columns):
        check_column(source, place, list(plain))
    needed = source.needing(source.names)
    assert repr([needed.values(place) for place in range(len(needed.names))]) == repr(list(map(list, table.columns)))


def moments(unit: str) -> list[int]:
    """Give moments since 1970 in a unit: around 1970, today, before 1685 and after 2255, as far as the unit reaches."""
    factor = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    far = [] if unit == "ns" else [-12_000_000_000 * factor, 12_000_000_000 * factor]
    return [0, 1, -1, BEFORE_1970, 1_795_253_400 * factor + 7, *far]


FLOATS = [0.5, NAN, math.inf, -math.inf, -0.0, 2.0**53, 2.0**53 + 2, 1e300, None, 7.0]
INTEGERS = [0, None, -7, 2**53, 2**53 + 2, -(2**53), -(2**53) - 2, 2**62, 320]
TEXTS = ["Acme", None, "", "  ", "acme", "Straße", "Acme", "\x00", "日本"]
LISTS = [["a", "b"], None, [], ["b", None, " ", "", "c"], [None], ["a"]]
DAYS = [date(2026, 11, 21), None, date(1969, 12, 31), date(1, 1, 1), date(9999, 12, 31), date(1970, 1, 1)]
NAIVE = [datetime(2026, 11, 21, 9, 30, 0, 1), None, datetime(1969, 12, 31, 23, 59, 59, 999999), datetime(1, 1, 1)]
AWARE = [None if when is None else when.replace(tzinfo=UTC) for when in NAIVE]
IN_BERLIN = [datetime(2026, 11, 21, 9, 30, tzinfo=BERLIN), None, datetime(1969, 12, 31, tzinfo=BERLIN)]
RECORDS = [{"kind": "demo", "at": date(2026, 11, 21)}, None]


LARGE: dict[str, Any] = {
    "numpy": {"x": np.array([2**53, 2**53 + 1, -(2**53) - 1])},
    "a list": {"x": [2**53, 2**53 + 1, -(2**53) - 1]},
    "records": [{"x": value} for value in (2**53, 2**53 + 1, -(2**53) - 1)],
    "pandas": pd.DataFrame({"x": [2**53, 2**53 + 1, -(2**53) - 1]}),
    "pandas, nullable": pd.DataFrame({"x": pd.array([2**53, 2**53 + 1, -(2**53) - 1], "Int64")}),
    "pandas, Arrow": pd.DataFrame({"x": pd.array([2**53, 2**53 + 1, -(2**53) - 1], "int64[pyarrow]")}),
    "Polars": pl.DataFrame({"x": [2**53, 2**53 + 1, -(2**53) - 1]}),
    "Arrow": pa.table({"x": [2**53, 2**53 + 1, -(2**53) - 1]}),
    "DuckDB": duckdb.sql("SELECT unnest([9007199254740992, 9007199254740993, -9007199254740993]) AS x"),
}


@pytest.mark.parametrize("data", LARGE.values(), ids=LARGE)
def test_integers_beyond_every_float_are_odd(data: Any) -> None:
    """An integer just beyond 2^53 in magnitude is odd and exact; 2^53 itself is a number."""
    column = source_of(data).column(0)
    assert isinstance(column, Numbers)
    assert column.odd == {1: 2**53 + 1, 2: -(2**53) - 1}
    assert (column.raw(0), column.whole) == (2**53, True)


# numpy

ARRAYS: dict[str, Any] = {
    **{kind: np.array([0, 1, 100], kind) for kind in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">i4", "?")},
    **{kind: np.array([0.5, np.nan, np.inf, -1], kind) for kind in ("f2", "f4", "f8", ">f8", "g")},
    "large": np.array([2**53, 2**53 + 2, -(2**53) - 2, 5], "i8"),
    "unsigned": np.array([2**63, 2**64 - 1], "u8"),
    "every other": np.arange(10.0)[::2],
    "complex": np.array([1j]),
    "text": np.array(["a", "", "b", "a"]),
    "new text": np.array(["a", "", "b", "a"], np.dtypes.StringDType()),
    "bytes": np.array([b"a"]),
    "objects": np.array(["a", None, NAN, pd.NA, "a"], object),
    "mixed": np.array(["a", 1, 1.0, True, None], object),
    "masked": np.ma.masked_array([1, 2], mask=[False, True]),
    "two axes": np.array([["a", "b"], ["c", "d"]]),
    "structured": np.array([("a", 1)], [("x", "U1"), ("y", "i8")]),
    **{f"M8[{unit}]": np.array([*moments(unit), "NaT"], f"M8[{unit}]") for unit in ("s", "ms", "us", "ns")},
    **{f"M8[{unit}]": np.array([0, -1, 56, "NaT"], f"M8[{unit}]") for unit in ("Y", "M", "W", "D", "h", "m", "ps")},
    "M8[10s]": np.array([1, -1, "NaT"], "M8[10s]"),
    "no row of moments": np.array([], "M8[us]"),
    "m8": np.array([1, "NaT"], "m8[us]"),
}


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)
def test_arrays_keep_the_law(array: Any) -> None:
    """Columns of numpy arrays of every dtype are encoded as their plain values would be."""
    check(lambda: {"x": array})


def test_years_beyond_the_calendar_are_odd() -> None:
    """What is no date in Python stays what numpy makes of it, in its row alone."""
    column = source_of({"x": np.array(["20000-01-01", "2026-11-21"], "M8[D]")}).column(0)
    assert isinstance(column, Moments)
    assert (type(column.raw(0)), column.raw(1)) == (int, date(2026, 11, 21))


@pytest.mark.parametrize(
    "array", [np.arange(3.0), np.array(["2026-11-21"], "M8[us]"), np.array([True])], ids=["numbers", "moments", "flags"]
)
def test_columns_do_not_change_with_the_array_that_they_were_made_of(array: Any) -> None:
    """What somebody does to an array later does not reach what was encoded."""
    for data in ({"x": array}, pd.DataFrame({"x": array}, copy=False)):
        column = source_of(data).column(0)
        before = column.raw(0)
        array[0] = array[-1] if len(array) > 1 else np.zeros(1, array.dtype)[0]
        assert column.raw(0) == before


# Plain Python


class Event(NamedTuple):
    """An event as a record."""

    kind: str
    at: date


CELLS: dict[str, list[Any]] = {
    "floats": FLOATS,
    "integers": INTEGERS,
    "both": [1, 0.5, None],
    "huge": [2**2000, 1],
    "numpy numbers": [np.int64(3), np.float64(NAN), None],
    "texts": TEXTS,
    "texts and what is unknown": ["a", None, NAN, float("nan"), pd.NA, pd.NaT, Decimal("NaN"), "b", "a"],
    "texts of numpy": [np.str_("a"), "a"],
    "texts and numbers": ["a", 1, 1.5, NAN],
    "texts and lists": ["a", ["b"], None],
    "truths": [True, False, None],
    "truths and numbers": [True, 1, 1.0, 0],
    "nothing": [None, None],
    "NaN": [NAN, NAN],
    "NaN and None": [NAN, None, pd.NA],
    "no row": [],
    "lists": LISTS,
    "tuples": [("a", "b"), None, ()],
    "lists and what is unknown": [["a"], NAN, pd.NA, None, ["b", NAN, pd.NA]],
    "empty lists": [[], []],
    "lists of numpy": [np.array(["a", None, NAN], object), None, ["b"], np.array([], object)],
    "lists of texts of numpy": [np.array(["a", "b"]), ["a"]],
    "lists of numbers": [[1, 2], [3]],
    "lists of lists": [[["a"]], [["b"]]],
    "lists and texts in tuples": [["a"], ("b",), 7],
    "lists of dates": [[date(2026, 11, 21)], None],
    "lists and an array of no axis": [["a"], np.array("b")],
    "named tuples": [Event("demo", date(2026, 11, 21)), None],
    "lists and named tuples": [["a"], Event("demo", date(2026, 11, 21))],
    "records": RECORDS,
    "sets": [{"a"}, frozenset({"b"}), None],
    "days": DAYS,
    "naive moments": NAIVE,
    "moments": AWARE,
    "moments in a zone": IN_BERLIN,
    "moments of all kinds": [*NAIVE, *AWARE, *IN_BERLIN],
    "moments and days": [*NAIVE, *DAYS],
    "moments and texts": [date(2026, 11, 21), "2026-11-21"],
    "Timestamps": [pd.Timestamp("2026-11-21"), pd.NaT, pd.Timestamp(BEFORE_1970)],
    "dates of numpy": [np.datetime64("2026-11-21"), None],
    "decimals": [Decimal("1.5"), Decimal("1.50"), Decimal("NaN"), None],
    "identities": [UUID(int=7)],
    "spans": [timedelta(1), None],
    "times": [time(9), None],
    "bytes": [b"a", None],
}


@pytest.mark.no_cover
@pytest.mark.parametrize("cells", CELLS.values(), ids=CELLS)
def test_cells_keep_the_law_wherever_they_stand(cells: list[Any]) -> None:
    """Cells are encoded as their plain values would be, in records, mappings of columns, tables and object columns."""
    objects = np.empty(len(cells), object)
    objects[:] = cells
    check(lambda: [{"x": cell} for cell in cells] or {"x": []})
    check(lambda: [UserDict(x=cell) for cell in cells] or {"x": []})
    check(lambda: {"x": cells})
    check(lambda: {"x": tuple(cells)})
    check(lambda: {"x": deque(cells)})
    check(lambda: {"x": objects})
    check(lambda: pd.DataFrame({"x": pd.Series(objects, dtype=object)}))
    check(lambda: {"x": pd.Series(objects, dtype=object)})
    check(lambda: Table(("x",), (table_of({"x": cells}).columns[0],)))


@attrs.frozen
class Account:
    """An account as a frozen attrs object."""

    id: str
    employees: int | None = None
    tools: tuple[str, ...] = ()


@dataclass
class Data:
    """An account as a data class."""

    id: str
    employees: int | None = None


PLAIN: dict[str, Callable[[], Any]] = {
    "records": lambda: [{"id": "acme", "employees": 320}, {"tools": ["a"], "id": "globex"}],
    "objects": lambda: [Account("acme", 320, ("a",)), Account("globex")],
    "all kinds": lambda: [Account("acme", 320), {"id": "globex"}, Data("initech"), UserDict(size=7)],
    "a generator": lambda: ({"id": name} for name in ("acme", "globex")),
    "no record": list,
    "no column": dict,
    "names that are no text": lambda: [{2026: 7, "id": "acme"}],
    "an array": lambda: {"x": __import__("array").array("d", [0.5, NAN])},
    "a range": lambda: {"x": range(3)},
    "a table": lambda: Table(("a", "a"), (["1", None], ("2", " ")), "accounts.csv"),
    "accounts": lambda: Accounts(("id", "tools"), (("acme", "globex"), (("a", None), None))),
    "Arrow in a mapping": lambda: {"x": pa.array(["a", None]), "y": pa.chunked_array([[1], [None]])},
    "Arrow tables in a mapping": lambda: {"x": pa.table({"a": [1, 2]})},
    "Polars in a mapping": lambda: {"x": pl.Series(["a", None]), "y": pl.Series([1, None])},
    "pandas in a mapping": lambda: {
        "x": pd.Series(["a", None], index=[7, 7]),
        "y": pd.Index([1, 2]),
        "z": pd.Categorical(["a", None]),
    },
}


@pytest.mark.parametrize("make", PLAIN.values(), ids=PLAIN)
def test_plain_tables_keep_the_law(make: Callable[[], Any]) -> None:
    """Records, objects, mappings of columns, tables and accounts are encoded as their plain values would be."""
    check(make)


# pandas


def arrow(kind: pa.DataType) -> pd.ArrowDtype:
    """Give the dtype of what Arrow holds."""
    return pd.ArrowDtype(kind)


def known(values: list[Any]) -> list[Any]:
    """Leave out what is unknown or infinite."""
    return [value for value in values if value is not None and value == value and value not in (math.inf, -math.inf)]  # noqa: PLR0124


SERIES: dict[str, pd.Series] = {
    **{f"int{bits}": pd.Series([0, 1, -7], dtype=f"int{bits}") for bits in (8, 16, 32, 64)},
    **{f"Int{bits}": pd.Series([0, None, -7], dtype=f"Int{bits}") for bits in (8, 16, 32, 64)},
    **{f"UInt{bits}": pd.Series([0, None, 7], dtype=f"UInt{bits}") for bits in (8, 16, 32, 64)},
    **{f"float{bits}": pd.Series([0.5, None, -7, np.inf], dtype=f"float{bits}") for bits in (16, 32, 64)},
    **{f"Float{bits}": pd.Series([0.5, None, -7, np.inf], dtype=f"Float{bits}") for bits in (32, 64)},
    "large Int64": pd.Series(INTEGERS, dtype="Int64"),
    "large UInt64": pd.Series([2**64 - 1, None], dtype="UInt64"),
    "NaN in Float64": pd.Series([1.0, 0.0], dtype="Float64") / pd.Series([1.0, 0.0], dtype="Float64"),
    "complex": pd.Series([1j]),
    "bool": pd.Series([True, False]),
    "boolean": pd.Series([True, None, False], dtype="boolean"),
    "all True": pd.Series([True, True], dtype="boolean"),
    "str": pd.Series(TEXTS, dtype="str"),
    **{f"string, {how}": pd.Series(TEXTS, dtype=pd.StringDtype(how)) for how in ("python", "pyarrow")},
    **{f"str, {how}": pd.Series(TEXTS, dtype=pd.StringDtype(how, na_value=np.nan)) for how in ("python", "pyarrow")},
    "categories": pd.Series(TEXTS, dtype="category"),
    "unused categories": pd.Series(["a", None, "c"], dtype=pd.CategoricalDtype(["c", "b", "a"], ordered=True)),
    "categories of numbers": pd.Series([7, None, 8, 7], dtype="category"),
    "categories of floats": pd.Series([7.5, None], dtype="category"),
    "categories of truths": pd.Series([True, None, False], dtype="category"),
    "categories of anything": pd.Series(pd.Categorical(["a", 1, None])),
    "categories of moments": pd.Series([NAIVE[0], None, NAIVE[0]], dtype="category"),
    "categories of days": pd.Series(pd.Categorical([DAYS[0], None, DAYS[0]])),
    "no category": pd.Series([None, None], dtype="category"),
    **{f"M8[{unit}]": pd.Series(np.array([*moments(unit), "NaT"], f"M8[{unit}]")) for unit in ("s", "ms", "us", "ns")},
    **{
        f"M8[{unit}, {zone}]": pd.Series(np.array([*moments(unit)[:5], "NaT"], f"M8[{unit}]")).dt.tz_localize(zone)
        for unit in ("s", "ms", "us", "ns")
        for zone in ("UTC", "Europe/Berlin", "+05:30")
    },
    "far moments with a zone": pd.Series(np.array(["2300-01-01", "NaT"], "M8[us]")).dt.tz_localize("Europe/Berlin"),
    "spans": pd.Series([timedelta(1), None]),
    "periods": pd.Series(pd.period_range("2026-01", periods=2, freq="M")),
    "sparse": pd.Series(pd.arrays.SparseArray([1.5, np.nan])),
}


@pytest.mark.parametrize("series", SERIES.values(), ids=SERIES)
def test_series_keep_the_law(series: pd.Series) -> None:
    """Columns of pandas of every dtype are encoded as their plain values would be, whole, in part, and as an index."""
    twice = pd.concat([series, series.iloc[::-1]])
    for column in (series, series.iloc[1:], series.iloc[::-1], series.iloc[:0], twice):
        check(lambda: pd.DataFrame({"x": column}))  # noqa: B023  # it is called at once
    check(lambda: {"x": series, "y": series.array})
    if series.dtype != np.float16:  # pandas has no index of these
        check(lambda: pd.DataFrame({"y": range(len(series))}, index=pd.Index(series, name="x")))
        check(lambda: {"x": pd.Index(series)})


def test_levels_of_an_index_are_columns() -> None:
    """Levels of an index that have a name of their own come first; a name may come twice, and need not be text."""
    frame = pd.DataFrame([["acme", 2026, 1, 2], ["acme", 2027, 3, 4]], columns=["id", "year", 7, 7])
    check(lambda: frame)
    check(lambda: frame.set_index(["id", "year"]))
    check(lambda: frame.set_index(["id"]).rename_axis(7))
    check(lambda: pd.DataFrame(index=[1, 2]))
    check(pd.DataFrame)


# Arrow


def chunked(values: list[Any], kind: Any) -> dict[str, Any]:
    """Give an array in several forms: whole, in chunks, in slices, without a row, without a value."""
    of_days = pa.types.is_dictionary(kind) and pa.types.is_date(kind.value_type)
    whole = pa.array(values, kind.value_type).dictionary_encode() if of_days else pa.array(values, kind)
    return {
        "whole": pa.chunked_array([whole]),
        "chunks": pa.chunked_array([whole, whole[:0], whole[1:], whole]),
        "sliced": pa.chunked_array([whole, whole])[1:-1],
        "no chunk": pa.chunked_array([], kind),
        "no row": pa.chunked_array([whole[:0]]),
        "no value": pa.chunked_array([pa.nulls(3, kind)]),
    }


_WORD = pa.dictionary(pa.int8(), pa.string())
KINDS: list[tuple[Any, list[Any]]] = [
    *((kind, [0, None, 7]) for kind in (pa.int8(), pa.int16(), pa.int32(), pa.uint8(), pa.uint16(), pa.uint32())),
    (pa.int64(), INTEGERS),
    (pa.uint64(), [2**64 - 1, None, 1]),
    (pa.float16(), [np.float16(0.5), None, np.float16("nan"), np.float16("inf")]),
    (pa.float32(), [0.5, None, NAN, math.inf]),
    (pa.float64(), FLOATS),
    (pa.bool_(), [True, None, False]),
    *((kind, TEXTS) for kind in (pa.string(), pa.large_string(), pa.string_view())),
    *((pa.dictionary(kind, pa.string()), TEXTS) for kind in (pa.int8(), pa.uint8(), pa.uint32(), pa.int64())),
    *((pa.dictionary(pa.int32(), kind), TEXTS) for kind in (pa.large_string(),)),
    (pa.dictionary(pa.int32(), pa.int64()), INTEGERS),
    (pa.dictionary(pa.int32(), pa.float64()), [0.5, None, 0.5]),
    (pa.dictionary(pa.int32(), pa.date32()), DAYS),
    (pa.binary(), [b"a", None]),
    (pa.null(), [None, None]),
    *((kind, [Decimal("1.50"), None, Decimal("2.00")]) for kind in (pa.decimal128(5, 2), pa.decimal256(50, 2))),
    (pa.decimal32(5, 2), [Decimal("1.50"), None, Decimal("2.00")]),
    (pa.date32(), DAYS),
    (pa.date64(), DAYS),
    *(
        (pa.timestamp(unit, zone), [*moments(unit)[: 5 if zone else 9], None])
        for unit in ("s", "ms", "us", "ns")
        for zone in (None, "UTC", "Europe/Berlin", "+05:30")
    ),
    (pa.time64("us"), [time(9), None]),
    (pa.duration("us"), [timedelta(1), None]),
    *(
        (kind(item), LISTS)
        for kind in (pa.list_, pa.large_list, pa.list_view, pa.large_list_view)
        for item in (pa.string(), pa.large_string(), pa.string_view(), _WORD)
    ),
    (pa.list_(pa.string(), 2), [["a", "b"], None, ["b", None], ["", "a"]]),
    (pa.list_(pa.int64()), [[1, 2], None, []]),
    (pa.list_(pa.null()), [[None], None, []]),
    (pa.list_(pa.list_(pa.string())), [[["a"]], None]),
    (pa.list_(pa.date32()), [DAYS[:2], None]),
    (pa.struct([("kind", pa.string()), ("at", pa.date32())]), RECORDS),
    (pa.map_(pa.string(), pa.int64()), [[("a", 1)], None]),
]


@pytest.mark.parametrize(("kind", "values"), KINDS, ids=[str(kind) for kind, _ in KINDS])
def test_arrow_columns_keep_the_law(kind: Any, values: list[Any]) -> None:
    """Columns of Arrow of every type are encoded as their plain values would be, in whatever chunks they come."""
    for column in chunked(values, kind).values():
        check(lambda: pa.table({"x": column}))  # noqa: B023  # it is called at once
        check(lambda: pa.table({"x": column}).to_reader())  # noqa: B023  # the same
        check(lambda: {"x": column})  # noqa: B023  # the same
    check(lambda: pd.DataFrame({"x": pd.Series(chunked(values, kind)["sliced"], dtype=arrow(kind))}))


def dictionary(codes: list[int | None], words: list[str | None]) -> Any:
    """Give a dictionary array as it may come from elsewhere."""
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.uint32()), pa.array(words, pa.string()))


ODD_DICTIONARIES: dict[str, Any] = {
    "null and a word twice": [dictionary([0, 1, 2, None, 0], ["a", None, "a"])],
    "each chunk its own": [dictionary([0, 1], ["a", "b"]), dictionary([0, None, 1], ["b", "c"]), dictionary([], [])],
    "longer than its rows": [dictionary([2], ["a", "b", "c"]), dictionary([None], ["a", None])],
    "shared": [dictionary([0, 1, 0], ["a", "b"]), dictionary([1, 1], ["a", "b"])],
}


@pytest.mark.parametrize("chunks", ODD_DICTIONARIES.values(), ids=ODD_DICTIONARIES)
def test_dictionaries_may_hold_null_and_differ_from_chunk_to_chunk(chunks: list[Any]) -> None:
    """A word is one, wherever its dictionaries hold it; a null in a dictionary is unknown; so in lists."""
    column = pa.chunked_array(chunks)
    check(lambda: pa.table({"x": column}))
    check(lambda: pd.DataFrame({"x": pd.Series(column, dtype=arrow(column.type))}))
    lists = pa.chunked_array([pa.ListArray.from_arrays([0, 0, len(chunk)], chunk) for chunk in chunks])
    check(lambda: pa.table({"x": lists}))


def test_run_ends_and_views_keep_the_law() -> None:
    """Arrays with runs, and views whose lists overlap or stand in any order, are encoded as they are read."""
    runs = pa.RunEndEncodedArray.from_arrays([1, 3, 4], ["a", None, "b"])
    views = pa.ListViewArray.from_arrays([2, 0, 1], [1, 2, 2], pa.array(["a", "b", "c"]))
    check(lambda: pa.table({"x": runs, "y": pa.array(range(4))}))
    check(lambda: pa.table({"x": views}))
    check(lambda: pa.record_batch({"x": views[1:]}))


# Polars

FRAMES: dict[str, pl.Series] = {
    **{
        str(kind): pl.Series([0, None, 7], dtype=kind)
        for kind in (pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64)
    },
    "Int64": pl.Series(INTEGERS),
    "Int128": pl.Series([2**100, None, 1], dtype=pl.Int128),
    "Float32": pl.Series([0.5, None, NAN, math.inf], dtype=pl.Float32),
    "Float64": pl.Series(FLOATS),
    "Boolean": pl.Series([True, None, False]),
    "Decimal": pl.Series([Decimal("1.50"), None, Decimal("2.00")]),
    "String": pl.Series(TEXTS),
    "Categorical": pl.Series(TEXTS, dtype=pl.Categorical),
    "Enum": pl.Series(["c", None, "a"], dtype=pl.Enum(["a", "b", "c"])),
    "Date": pl.Series(DAYS),
    **{
        f"Datetime {unit} {zone}": pl.Series([*moments(unit)[: 5 if zone else 9], None], dtype=pl.Int64)
        .cast(pl.Datetime(unit))  # type: ignore[arg-type]  # one of three texts, as below
        .dt.replace_time_zone(zone)
        for unit, zone in (
            ("ms", None),
            ("us", None),
            ("ns", None),
            ("ms", "UTC"),
            ("us", "UTC"),
            ("ns", "UTC"),
            ("us", "Asia/Kolkata"),
        )
    },
    "far with a zone": pl.Series([datetime(2300, 1, 1), None]).dt.replace_time_zone("Europe/Berlin"),
    "Time": pl.Series([time(9), None]),
    "Duration": pl.Series([timedelta(1), None]),
    "Binary": pl.Series([b"a", None]),
    "lists": pl.Series(LISTS),
    "lists of categories": pl.Series(LISTS, dtype=pl.List(pl.Categorical)),
    "lists of an Enum": pl.Series([["a"], None, [], ["c", None]], dtype=pl.List(pl.Enum(["a", "b", "c"]))),
    "lists of nothing": pl.Series([[None], None, []]),
    "lists of numbers": pl.Series([[1], None, []]),
    "lists of lists": pl.Series([[["a"]], None, []]),
    "lists of dates": pl.Series([[date(2026, 11, 21)], None, []]),
    "arrays": pl.Series([["a", "b"], None, ["b", None]], dtype=pl.Array(pl.String, 2)),
    "arrays of numbers": pl.Series([[1, 2], None], dtype=pl.Array(pl.Int64, 2)),
    "records": pl.Series(RECORDS),
    "objects": pl.Series([("a",), None, ("b", NAN)], dtype=pl.Object),
    "nothing": pl.Series([None, None]),
}


@pytest.mark.parametrize("series", FRAMES.values(), ids=FRAMES)
def test_polars_columns_keep_the_law(series: pl.Series) -> None:
    """Columns of Polars of every data type are encoded as their plain values would be, whole and in part, in chunks."""
    parts = [series, series[1:], series[:0]]
    if series.dtype not in (pl.Object, pl.Array):
        parts += [pl.concat([series, series[1:], series], rechunk=False), series.reverse()[:-1], series.clear(3)]
    for column in parts:
        check(lambda: pl.DataFrame({"x": column}))  # noqa: B023  # it is called at once
        check(lambda: {"x": column})  # noqa: B023  # the same
    if series.dtype != pl.Object:
        check(lambda: pl.LazyFrame({"x": series}))
