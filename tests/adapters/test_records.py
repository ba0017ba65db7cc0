import array
import csv
import io
import sqlite3
from collections import OrderedDict, UserDict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import attrs
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import icpkit as icp
from icpkit.adapters.records import table_of_records


@attrs.frozen
class Slotted:
    """An account as a frozen attrs object."""

    id: str
    employees: int | None = None


@dataclass
class Data:
    """An account as a data class."""

    id: str
    employees: int | None = None


class Named(NamedTuple):
    """An account as a named tuple."""

    id: str
    employees: int | None = None


class Plain:
    """An account as an object, with a field that is nobody's business."""

    def __init__(self, key: str, employees: int | None = None) -> None:
        """Keep both."""
        self.id, self.employees, self._note = key, employees, "private"


RECORDS: dict[str, list[Any]] = {
    "dicts": [{"id": "acme", "employees": 320}, {"id": "globex"}],
    "ordered": [OrderedDict(id="acme", employees=320), OrderedDict(id="globex", employees=None)],
    "mappings": [UserDict(id="acme", employees=320), MappingProxyType({"id": "globex"})],
    "attrs": [Slotted("acme", 320), Slotted("globex")],
    "data classes": [Data("acme", 320), Data("globex")],
    "named tuples": [Named("acme", 320), Named("globex")],
    "objects": [Plain("acme", 320), Plain("globex")],
    "series": [pd.Series({"id": "acme", "employees": 320}), pd.Series({"id": "globex", "employees": None})],
    "all kinds": [{"id": "acme"} | {"employees": 320}, Slotted("globex")],
}


@pytest.mark.parametrize("records", RECORDS.values(), ids=RECORDS)
def test_records_may_be_of_any_kind(records: list[Any]) -> None:
    """Mappings and objects with attributes give the same table; a field that one lacks is None there."""
    table = table_of_records(records)
    assert (table.names, table.columns) == (("id", "employees"), (["acme", "globex"], [320, None]))


def test_rows_of_a_database_are_records() -> None:
    """Rows that know their columns are mappings, though they do not call themselves so."""
    with sqlite3.connect(":memory:") as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute("SELECT 'acme' AS id, 320 AS employees").fetchall()
    connection.close()
    assert table_of_records(rows).columns == (["acme"], [320])


def test_rows_of_a_csv_reader_are_records() -> None:
    """What the csv module makes of a short row is unknown."""
    rows = csv.DictReader(io.StringIO("id,employees\nacme,320\nglobex\n"))
    assert table_of_records(rows).columns == (["acme", "globex"], ["320", None])


def test_fields_come_in_the_order_of_their_first_appearance() -> None:
    """A field that only a later record has comes last."""
    table = table_of_records([{"b": 1}, {"a": 2, "b": 3}])
    assert (table.names, table.columns) == (("b", "a"), ([1, 3], [None, 2]))


def test_names_need_not_be_text() -> None:
    """A field whose name is a number is read under the text of it, and not lost."""
    table = table_of_records([{"id": "acme", 2026: 7}])
    assert (table.names, table.columns) == (("id", "2026"), (["acme"], [7]))
    assert table_of_records({2026: [7]}).names == ("2026",)


COLUMNS: dict[str, tuple[Any, list[Any]]] = {
    "a list": ([1, None], [1, None]),
    "a tuple": ((1, np.nan), [1, None]),
    "a range": (range(2), [0, 1]),
    "a deque": (deque([1, 2]), [1, 2]),
    "an array": (array.array("d", [0.5, 1.5]), [0.5, 1.5]),
    "numpy integers": (np.array([1, 2]), [1, 2]),
    "numpy floats": (np.array([0.5, np.nan]), [0.5, None]),
    "numpy text": (np.array(["a", "b"]), ["a", "b"]),
    "numpy days": (np.array(["2026-11-21", "NaT"], dtype="datetime64[D]"), [date(2026, 11, 21), None]),
    "numpy nanoseconds": (np.array(["2026-11-21", "NaT"], dtype="datetime64[ns]"), [datetime(2026, 11, 21), None]),
    "numpy, masked": (np.ma.masked_array([1, 2], mask=[False, True]), [1, None]),
    "pandas": (pd.Series(["2026-11-21", None], dtype="datetime64[ns]"), [datetime(2026, 11, 21), None]),
    "a pandas index": (pd.Index([1, 2]), [1, 2]),
    "pandas moments": (pd.DatetimeIndex(["2026-11-21", None]), [datetime(2026, 11, 21), None]),
    "pandas categories": (pd.Categorical(["a", None]), ["a", None]),
    "Polars": (pl.Series(["a", None]), ["a", None]),
    "Arrow": (pa.array([1, None]), [1, None]),
    "Arrow chunks": (pa.chunked_array([["a"], ["b"]]), ["a", "b"]),
}


@pytest.mark.parametrize(("column", "plain"), COLUMNS.values(), ids=COLUMNS)
def test_columns_may_be_arrays_of_any_library(column: Any, plain: list[Any]) -> None:
    """A mapping of columns may hold lists and arrays of whatever library."""
    for data in ({"x": column, "y": [True] * len(plain)}, MappingProxyType({"x": column})):
        assert isinstance(data, Mapping)
        assert repr(list(table_of_records(data).columns[0])) == repr(plain)


def test_columns_must_be_equally_long() -> None:
    """Columns of unequal length are refused with the length of each."""
    with pytest.raises(ValueError, match=r"^the columns must be equally long \(got id: 2, 7: 1\)$"):
        table_of_records({"id": ["a", "b"], 7: np.array([1])})


def test_numbers_of_numpy_are_read_as_any() -> None:
    """Scalars of numpy in records are the numbers, truths and dates that they are."""
    record = {
        "id": np.int64(7),
        "size": np.float64(320),
        "active": np.True_,
        "day": np.datetime64("2026-11-21"),
        "tools": np.array(["CRM"]),
    }
    fields = icp.FieldMap(
        [
            icp.Field("id"),
            icp.Field("size", parse="size"),
            icp.Field("active", parse="flag"),
            icp.Field("day", parse="date"),
            icp.Field("tools", parse="labels"),
        ]
    )
    assert repr(fields.apply([record])[0]) == repr(
        {"id": "7", "size": 320, "active": True, "day": date(2026, 11, 21), "tools": ("CRM",)}
    )
