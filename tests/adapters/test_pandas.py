from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from icpkit.adapters.pandas import source_of_pandas, table_of_pandas
from icpkit.adapters.source import unindexed


def arrow(kind: pa.DataType) -> pd.ArrowDtype:
    """Give the dtype of what Arrow holds."""
    return pd.ArrowDtype(kind)


MOMENT = datetime(2026, 11, 21, 9, 30)
COLUMNS: dict[str, tuple[Any, list[Any]]] = {
    "int64": (pd.Series([320, 50]), [320, 50]),
    "float64": (pd.Series([320, None]), [320.0, None]),
    "Int64": (pd.Series([320, None], dtype="Int64"), [320, None]),
    "Float64": (pd.Series([0.5, None], dtype="Float64"), [0.5, None]),
    "uint8": (pd.Series([3, 4], dtype="uint8"), [3, 4]),
    "bool": (pd.Series([True, False]), [True, False]),
    "boolean": (pd.Series([True, None], dtype="boolean"), [True, None]),
    "str": (pd.Series(["a", None]), ["a", None]),
    "string": (pd.Series(["a", None], dtype="string"), ["a", None]),
    "categories": (pd.Series(["a", None], dtype="category"), ["a", None]),
    "categories of numbers": (pd.Series([7, 7], dtype="category"), [7, 7]),
    "nanoseconds": (pd.Series([MOMENT, None], dtype="datetime64[ns]"), [MOMENT, None]),
    "seconds": (pd.Series([MOMENT, None], dtype="datetime64[s]"), [MOMENT, None]),
    "a zone": (pd.Series([MOMENT, None], dtype="datetime64[us, UTC]"), [MOMENT.replace(tzinfo=UTC), None]),
    "sparse": (pd.Series(pd.arrays.SparseArray([1.5, np.nan])), [1.5, None]),
    "objects": (pd.Series([np.int64(3), pd.NaT, "a", [np.nan]], dtype=object), [3, None, "a", [None]]),
    "decimals": (pd.Series([Decimal("1.5"), None]), [Decimal("1.5"), None]),
    "Arrow text": (pd.Series(["a", None], dtype=arrow(pa.string())), ["a", None]),
    "Arrow decimals": (pd.Series([Decimal("1.5"), None], dtype=arrow(pa.decimal128(4, 1))), [Decimal("1.5"), None]),
    "Arrow days": (pd.Series([date(2026, 11, 21), None], dtype=arrow(pa.date32())), [date(2026, 11, 21), None]),
    "Arrow moments": (pd.Series([MOMENT, None], dtype=arrow(pa.timestamp("ns"))), [MOMENT, None]),
    "Arrow truths": (pd.Series([True, None], dtype=arrow(pa.bool_())), [True, None]),
    "Arrow lists": (pd.Series([["a"], None], dtype=arrow(pa.list_(pa.string()))), [["a"], None]),
    "Arrow records": (pd.Series([{"a": 1}, None], dtype=arrow(pa.struct([("a", pa.int8())]))), [{"a": 1}, None]),
}


@pytest.mark.parametrize(("column", "plain"), COLUMNS.values(), ids=COLUMNS)
def test_every_kind_of_column_becomes_plain(column: Any, plain: list[Any]) -> None:
    """Whatever dtype a column has, its values are Python's own, and what is not there is None."""
    table = table_of_pandas(pd.DataFrame({"x": column}))
    assert repr(list(table.columns[0])) == repr(plain)


def test_names_may_come_twice_and_need_not_be_text() -> None:
    """Columns are taken by their place, and named by the text of their names."""
    table = table_of_pandas(pd.DataFrame([[1, 2, 3]], columns=["a", "a", 2026]))
    assert (table.names, table.columns) == (("a", "a", "2026"), ([1], [2], [3]))


def test_an_index_without_a_name_is_none_of_the_columns() -> None:
    """Rows keep their order whatever the index says, even where it repeats itself."""
    table = table_of_pandas(pd.DataFrame({"id": ["a", "b", "c"]}, index=[7, 7, -1]))
    assert (table.names, table.columns) == (("id",), (["a", "b", "c"],))


def test_levels_of_the_index_that_have_a_name_come_first() -> None:
    """A key that has become the index is still a column; a name that a column has as well is the column's."""
    frame = pd.DataFrame({"id": ["acme"], "year": [2026], "size": [320]}).set_index(["id", "year"])
    frame["year"] = 2027
    table = table_of_pandas(frame)
    assert (table.names, table.columns) == (("id", "size", "year"), (["acme"], [320], [2027]))
    assert table_of_pandas(frame.iloc[:0]).columns == ([], [], [])


def test_lists_become_what_pandas_makes_of_them_where_nothing_is_unknown() -> None:
    """Whole numbers and texts get a dtype of their own; what may be unknown, or is of several kinds, stays plain."""
    lists: dict[str, Any] = {"i": [1, 2], "s": ["a", "b"], "o": ["a", None], "m": [1, "a"], "b": [True, False]}
    frame = source_of_pandas(pd.DataFrame({"x": [1, 2]}, index=[7, 8])).frame(lists)
    assert frame.index.tolist() == [7, 8]
    assert [str(frame[name].dtype) for name in ("i", "o", "m", "b")] == ["int64", "object", "object", "object"]
    assert frame["s"].dtype == pd.Series(["a"]).dtype
    assert frame["o"].tolist() == ["a", None]


def test_frames_of_other_rows_have_an_index_of_their_own() -> None:
    """What has other rows than the frame is numbered from 0."""
    source = source_of_pandas(pd.DataFrame({"x": [1, 2]}, index=[7, 8]))
    assert unindexed(source, 2).frame({"a": [1, 2]}).index.tolist() == [0, 1]
    assert unindexed(source, 3).frame({"a": [1, 2, None]}).index.tolist() == [0, 1, 2]
    assert unindexed(source, 0).frame({"a": []}).columns.tolist() == ["a"]
