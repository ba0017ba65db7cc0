import sys
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from pyarrow import dataset

from icpkit.adapters.arrow import table_of_arrow

MOMENT = datetime(2026, 11, 21, 9, 30, 0, 123456)
NANOSECONDS = 1_795_253_400_123_456_789  # the same moment, and 789 ns
COLUMNS: dict[str, tuple[Any, list[Any]]] = {
    "int64": (pa.array([320, None]), [320, None]),
    "uint64": (pa.array([2**63, None], pa.uint64()), [2**63, None]),
    "double": (pa.array([0.5, float("nan"), None]), [0.5, None, None]),
    "half floats": (pa.array([0.5, None], pa.float16()), [0.5, None]),
    "bool": (pa.array([True, None]), [True, None]),
    "string": (pa.array(["a", None]), ["a", None]),
    "large strings": (pa.array(["a", None], pa.large_string()), ["a", None]),
    "string views": (pa.array(["a", None], pa.string_view()), ["a", None]),
    "dictionaries": (pa.array(["a", None]).dictionary_encode(), ["a", None]),
    "run ends": (pa.RunEndEncodedArray.from_arrays([1, 3], ["a", None]), ["a", None, None]),
    "decimals": (pa.array([Decimal("1.50"), None]), [Decimal("1.50"), None]),
    "days": (pa.array([date(2026, 11, 21), None]), [date(2026, 11, 21), None]),
    "seconds": (pa.array([1_795_253_400], pa.timestamp("s")), [MOMENT.replace(microsecond=0)]),
    "nanoseconds": (pa.array([NANOSECONDS, None], pa.timestamp("ns")), [MOMENT, None]),
    "lists": (pa.array([["a"], [], None]), [["a"], [], None]),
    "large lists": (pa.array([["a"], None], pa.large_list(pa.string())), [["a"], None]),
    "list views": (pa.array([["a"], None], pa.list_view(pa.string())), [["a"], None]),
    "records": (pa.array([{"kind": "demo"}, None]), [{"kind": "demo"}, None]),
    "null": (pa.nulls(2), [None, None]),
    "chunks": (pa.chunked_array([["a"], [], ["b"]]), ["a", "b"]),
}


@pytest.mark.parametrize(("column", "plain"), COLUMNS.values(), ids=COLUMNS)
def test_every_kind_of_column_becomes_plain(column: Any, plain: list[Any]) -> None:
    """Whatever type a column has, its values are Python's own, and what is not there is None."""
    assert repr(list(table_of_arrow(pa.table({"x": column})).columns[0])) == repr(plain)


def test_nanoseconds_need_no_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrow asks for pandas to hold nanoseconds; they are left out before."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    column = pa.array([NANOSECONDS], pa.timestamp("ns", "+01:00"))
    [[moment]] = table_of_arrow(pa.table({"x": column})).columns
    assert moment == MOMENT.replace(tzinfo=UTC)
    assert moment.utcoffset() == timezone(timedelta(hours=1)).utcoffset(None)


def test_names_may_come_twice() -> None:
    """Columns are taken by their place."""
    table = table_of_arrow(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]))
    assert (table.names, table.columns) == (("a", "a"), ([1], [2]))


def test_streams_and_data_sets_are_read() -> None:
    """Batches one after the other, data sets and relations of DuckDB are tables."""
    batch = pa.record_batch({"id": ["acme"], "size": [320]})
    stream = pa.RecordBatchReader.from_batches(batch.schema, [batch, batch])
    assert table_of_arrow(stream).columns == (["acme", "acme"], [320, 320])
    assert table_of_arrow(dataset.dataset(pa.table(batch))).columns == (["acme"], [320])


def test_what_duckdb_knows_becomes_plain() -> None:
    """Decimals, dates, lists, records, enumerations and huge integers of DuckDB are Python's own."""
    relation = duckdb.sql(
        "SELECT 1.5 AS price, DATE '2026-11-21' AS day, TIMESTAMP '2026-11-21 09:30' AS moment, [1, NULL] AS list, "
        "{'kind': 'demo'} AS record, 'x'::ENUM('x') AS word, 12345678901234567890123::HUGEINT AS huge, NULL AS nothing"
    )
    table = table_of_arrow(relation)
    assert dict(zip(table.names, (column[0] for column in table.columns), strict=True)) == {
        "price": Decimal("1.5"),
        "day": date(2026, 11, 21),
        "moment": datetime(2026, 11, 21, 9, 30),
        "list": [1, None],
        "record": {"kind": "demo"},
        "word": "x",
        "huge": 12345678901234567890123,
        "nothing": None,
    }
