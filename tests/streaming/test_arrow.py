from collections.abc import Iterator
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import dataset

import icpkit as icp
from tests.streaming.streamed import BATCHES, DAY, PROFILE, TABLE, plain, reference, scored

STREAMS: dict[str, Any] = {
    "batches": lambda: BATCHES,
    "a generator": lambda: iter(BATCHES),
    "a table": lambda: TABLE,
    "a batch": lambda: TABLE.combine_chunks().to_batches()[0],
    "a reader": lambda: pa.RecordBatchReader.from_batches(TABLE.schema, BATCHES),
    "a data set": lambda: dataset.dataset(TABLE),
    "a scanner": lambda: dataset.dataset(TABLE).scanner(),
    "a relation of DuckDB": lambda: duckdb.from_arrow(TABLE),
    "a frame of Polars": lambda: pl.from_arrow(TABLE),
    "batches of Polars": lambda: [pl.from_arrow(batch) for batch in BATCHES],
    "a frame of pandas": TABLE.to_pandas,
    "objects of the C interface": lambda: [_Array(batch) for batch in BATCHES],
}


class _Array:
    """What gives a batch by Arrow's C interface alone."""

    def __init__(self, batch: Any) -> None:
        self._batch = batch

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        return self._batch.__arrow_c_array__(requested_schema)


@pytest.mark.parametrize("make", STREAMS.values(), ids=STREAMS)
def test_whatever_streams_is_scored(make: Any) -> None:
    """Batches, readers, data sets, relations and frames give the same scores."""
    assert sorted(scored(make()), key=lambda row: row["key"]) == reference(TABLE)


def test_a_data_set_reads_what_is_needed() -> None:
    """Columns that no criterion reads stay unread."""
    seen: list[Any] = []

    class Watched(dataset.InMemoryDataset):  # type: ignore[misc]  # Arrow has no types
        def to_batches(self, **settings: Any) -> Iterator[Any]:
            seen.append(settings["columns"])
            return super().to_batches(**settings)  # type: ignore[no-any-return]

    Watched.__module__ = "pyarrow._dataset"
    assert scored(Watched(TABLE), keep=["note"])[0]["note"] == "not read"
    assert sorted(seen[0]) == ["country", "employees", "id", "industry", "note", "partner", "tools"]


@pytest.mark.parametrize("data", [5, "accounts", {"id": ["a"]}, pl.LazyFrame({"id": ["a"]})])
def test_what_is_no_stream_is_refused_at_once(data: Any) -> None:
    """The call fails, not the first step."""
    with pytest.raises(TypeError, match=r"a stream must give record batches.*collect_batches"):
        icp.score_stream(PROFILE, data, key="id", as_of=DAY)


def test_an_item_that_is_no_batch_is_named() -> None:
    """The item is named by its number."""
    with pytest.raises(TypeError, match=r"item 1 of the stream \(from 0\) must be a record batch of Arrow \(got int\)"):
        list(icp.score_stream(PROFILE, [BATCHES[0], 1], key="id", as_of=DAY))


def test_empty_batches_stay_and_no_batches_give_none() -> None:
    """An empty batch gives an empty one of the right schema; a stream without batches gives nothing."""
    empty = BATCHES[0].slice(0, 0)
    [first, second] = icp.score_stream(PROFILE, [empty, BATCHES[0]], key="id", as_of=DAY, contributions=True)
    assert (first.num_rows, second.num_rows) == (0, 20)
    assert first.schema.equals(second.schema)
    assert scored([]) == []


@pytest.mark.parametrize("plain_texts", [False, True])
@pytest.mark.parametrize("extras", [False, True])
def test_the_schema_is_told_before(plain_texts: bool, extras: bool) -> None:
    """`arrow_schema` is the schema of every batch of results."""
    keep = [pa.field("note", pa.string()), pa.field("employees", pa.int64())] if extras else []
    same: Any = {"contributions": extras, "stamp": extras, "plain": plain_texts}
    wanted = icp.arrow_schema(PROFILE, key_type=pa.string(), keep=keep, **same)
    names = [field.name for field in keep]
    for results in icp.score_stream(PROFILE, BATCHES, key="id", as_of=DAY, keep=names, **same):
        assert results.schema.equals(wanted)
    assert wanted.field("tier").type == (
        pa.string() if plain_texts else pa.dictionary(pa.int8(), pa.string(), ordered=True)
    )


@pytest.mark.parametrize("keep", [["fit"], ["key"], ["note", "note"], ["clip"], ["scoring_id"]])
def test_names_that_clash_are_refused_at_once(keep: list[str]) -> None:
    """A column that is handed on must not take the name of a result."""
    with pytest.raises(ValueError, match=r"keep must not name a column of the results, nor one twice \(got "):
        icp.stream_scorer(PROFILE, as_of=DAY, key="id", contributions=True, stamp=True, keep=keep)


def test_names_that_would_clash_elsewhere_are_kept() -> None:
    """Only what is in the results is taken."""
    [row] = icp.score_stream(
        icp.Profile("P", [icp.Dimension("D", [icp.Range("employees", 1, 2)])]),
        pa.record_batch({"employees": [1], "key": ["x"], "clip": [7]}),
        as_of=DAY,
        keep=["key", "clip"],
    )
    assert plain(row)[0]["clip"] == 7


def test_what_cannot_be_kept_is_named() -> None:
    """A column that is not there is told with the nearest, or with those that are."""
    with pytest.raises(icp.StreamError, match="no column 'notes' to keep; did you mean 'note'"):
        scored(BATCHES, keep=["notes"])
    with pytest.raises(icp.StreamError, match="no column 'zzz' to keep; it has id, employees"):
        scored(BATCHES, keep=["zzz"])


def test_the_types_must_stay() -> None:
    """Batches whose keys or kept columns change their type are refused."""
    other = TABLE.set_column(0, "id", pa.array(range(60)))
    with pytest.raises(icp.StreamError, match="'id' is int64 here, and was string in the batches before; cast it"):
        scored([BATCHES[0], *other.to_batches()])
    other = TABLE.set_column(6, "note", pa.array(range(60)))
    with pytest.raises(icp.StreamError, match="'note' is int64 here"):
        scored([BATCHES[0], *other.to_batches()], keep=["note"])
