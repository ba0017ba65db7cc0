import functools
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from pyarrow import dataset

from icpkit.adapters.arrow import encode_column, plain_values, source_of_arrow, table_of_arrow
from icpkit.adapters.source import Categories

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


# Encoded where they lie

NUMBERS = [320, None, 7, 0, None, 12, 99]
TRUTHS = [True, None, False, False, True, None, True]
INSTANTS = [0, None, 86_400_000, 5, None, 172_800_000, 7]
LISTS = [["a", "b"], None, [], ["c"], ["a", None], None, ["b"]]
STORED: dict[str, Any] = {
    **{f"int{bits}": pa.array(NUMBERS, f"int{bits}") for bits in (16, 32, 64)},
    **{f"uint{bits}": pa.array(NUMBERS, f"uint{bits}") for bits in (16, 32, 64)},
    **{kind: pa.array(NUMBERS, kind) for kind in ("float16", "float32", "float64")},
    "whole numbers without null": pa.array([1, 2, 3, 4, 5, 6, 7]),
    "numbers without null": pa.array([0.5, 1, 2, 3, 4, 5, 6]),
    "truths": pa.array(TRUTHS),
    "truths without null": pa.array([True, False] * 4),
    "days": pa.array([None if one is None else one // 86_400_000 for one in INSTANTS], pa.date32()),
    "days in milliseconds": pa.array(INSTANTS, pa.int64()).cast(pa.date64()),
    **{f"moments in {unit}": pa.array(INSTANTS, pa.timestamp(unit, "UTC")) for unit in ("s", "ms", "us", "ns")},
    "texts": pa.array(["x", None, "y", "x", "z", None, "y"]),
    "dictionaries": pa.array(["x", None, "y", "x", "z", None, "y"]).dictionary_encode(),
    "lists": pa.array(LISTS, pa.list_(pa.string())),
    "lists without null": pa.array([["a"], [], ["b", "c"]] * 3),
    "large lists": pa.array(LISTS, pa.large_list(pa.string())),
    "lists of one length": pa.array(
        [["a", "b"], None, ["b", "c"], None, ["a", "a"], ["c", "c"]], pa.list_(pa.string(), 2)
    ),
    "list views": pa.array(LISTS, pa.list_view(pa.string())),
}


@pytest.mark.parametrize("stored", STORED.values(), ids=STORED)
def test_parts_of_arrays_are_read_where_they_lie(stored: Any) -> None:
    """Any part of a longer array, alone or beside others, means what its values mean."""
    whole = pa.concat_arrays([stored] * 4)
    for start in range(19):
        for length in (0, 1, 9):
            part = whole.slice(start, length)
            for column in (part, pa.chunked_array([part, whole.slice(3, 2)]), pa.chunked_array([], stored.type)):
                encoded = encode_column(column, functools.partial(plain_values, column))
                plain = plain_values(column)
                assert len(encoded) == len(plain)
                expected = [[item for item in one if item] if isinstance(one, list) else one for one in plain]
                assert [encoded.raw(row) for row in range(len(plain))] == expected


def test_what_stands_under_null_is_not_read() -> None:
    """A list that is null may have items all the same, and a number a value: nobody sees them."""
    items = pa.array(["a", "hidden", "b"])
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 2, 3], pa.int32()), items, mask=pa.array([False, True, False]))
    encoded = encode_column(lists, functools.partial(plain_values, lists))
    assert [encoded.raw(row) for row in range(3)] == [["a"], None, ["b"]]
    bits = pa.py_buffer(bytes([0b101]))
    numbers = pa.Array.from_buffers(pa.int64(), 3, [bits, pa.array([1, 2**60, 3]).buffers()[1]])
    encoded = encode_column(numbers, functools.partial(plain_values, numbers))
    assert [encoded.raw(row) for row in range(3)] == [1, None, 3]
    assert not getattr(encoded, "odd", None)


def test_a_frame_is_made_of_what_there_is() -> None:
    """Numbers that are NaN, and texts that are none, are null in a table of results; others stand as they are."""
    source = source_of_arrow(pa.table({"id": ["a", "b", "c"]}))
    tiers = Categories(np.array([1, -1, 0], np.int8), ("Späte", "Frühe"), ordered=True)
    frame = source.frame({"key": 0, "fit": np.array([1.5, np.nan, 0.0]), "low": np.arange(6.0)[::2], "tier": tiers})
    frame.validate(full=True)
    assert frame.to_pydict() == {
        "key": ["a", "b", "c"],
        "fit": [1.5, None, 0.0],
        "low": [0.0, 2.0, 4.0],
        "tier": ["Frühe", None, "Späte"],
    }
    assert (frame["fit"].null_count, frame["low"].null_count, frame["tier"].null_count) == (1, 0, 1)
    assert frame.schema.field("tier").type == pa.dictionary(pa.int8(), pa.string(), ordered=True)
