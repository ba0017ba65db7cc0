"""The door of Arrow (extra: arrow): tables, batches, and whatever streams as Arrow."""

import functools
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from icpkit.adapters import arrays
from icpkit.adapters.plans import Plan
from icpkit.adapters.source import Categories, Result, Source
from icpkit.adapters.values import plain_column
from icpkit.columns import CodeArray, Codes, Column, Floats, Labels, Places, column_of_values
from icpkit.table import Table

try:
    import pyarrow as pa
    from pyarrow import compute
except ImportError:  # pragma: no cover - a test runs this in a process of its own
    raise ImportError('reading Arrow tables needs pyarrow: pip install "icpkit[arrow]"') from None

_CALLED = "the Arrow table"
_COMPUTE: Any = compute  # its functions are made when it is imported: type checkers see none
_DAY_MILLIS = 86_400_000
#: The bytes of each offset, of the lists that have some.
_OFFSETS = {pa.list_(pa.null()).id: 4, pa.large_list(pa.null()).id: 8}


def table_of_arrow(data: Any) -> Table:
    """Take apart an Arrow table, a batch, a data set, or what streams as Arrow, such as a DuckDB relation."""
    source = _of_table(_arrow_table(data))
    return Table(source.names, tuple(map(source.values, range(len(source.names)))), source.called)


def source_of_arrow(data: Any) -> Source:
    """Make a source of what is Arrow or streams as it; a data set or a relation of DuckDB is read when asked, once."""
    if _is_dataset(data):
        return _planned(data, tuple(data.schema.names), lambda names: data.to_table(columns=list(names)))
    if type(data).__name__ == "DuckDBPyRelation":
        column = sys.modules["duckdb"].ColumnExpression
        return _planned(data, tuple(data.columns), lambda names: data.select(*map(column, names)))
    return _of_table(_arrow_table(data))


def _planned(data: Any, names: tuple[str, ...], select: Any) -> Source:
    """Leave the choice of columns to a library, unless it would not know which one is meant."""
    distinct = len({name.casefold() for name in names}) == len(names)

    def run(places: list[int] | None) -> Source:
        chosen = select([names[place] for place in places]) if places is not None and distinct else data
        return _of_table(_arrow_table(chosen))

    return Plan(names, _CALLED, run)


def _arrow_table(data: Any) -> Any:
    if isinstance(data, pa.Table):
        return data
    if isinstance(data, pa.RecordBatch):
        return pa.Table.from_batches([data])
    if _is_dataset(data):
        return data.to_table()
    return pa.table(data)


def _is_dataset(data: Any) -> bool:
    return type(data).__module__ == "pyarrow._dataset"  # a relation of DuckDB has a to_table() too: it writes one


def _of_table(table: Any) -> "ArrowTable":
    return ArrowTable(tuple(table.column_names), table)


@attrs.frozen(eq=False)
class ArrowTable:
    """An Arrow table.

    Attributes:
        names: the names of its columns.
        data: the table.
        called: what it is called in messages.
    """

    names: tuple[str, ...]
    data: Any = attrs.field(repr=False)
    called: str = _CALLED

    def __len__(self) -> int:
        """Count the rows."""
        return int(self.data.num_rows)

    def needing(self, _names: Collection[str], /) -> "ArrowTable":
        """Give itself: what is not asked for costs nothing."""
        return self

    def column(self, place: int) -> Column:
        """Encode one column, by its type."""
        return encode_column(self.data.column(place), functools.partial(self.values, place))

    def values(self, place: int, rows: Sequence[int] | None = None) -> list[Any]:
        """Give a column as plain Python values."""
        return plain_values(self.data.column(place), rows)

    def frame(self, columns: Mapping[str, Result]) -> Any:
        """Make a table: NaN becomes null, texts of few a dictionary that says whether they are ordered."""

        def column(result: Result) -> Any:
            if isinstance(result, int):
                return self.data.column(result)
            if isinstance(result, Categories):
                codes = _array(pa.int8(), np.maximum(result.codes, 0), result.codes >= 0)
                return pa.DictionaryArray.from_arrays(codes, array_of_texts(result.names), ordered=result.ordered)
            if isinstance(result, list):
                # Without a value it is text all the same, so that parts of a stream have one schema.
                return pa.array(result, None if any(value is not None for value in result) else pa.string())
            return _array(pa.float64(), result, ~np.isnan(result))

        return pa.table({name: column(result) for name, result in columns.items()})


def _array(kind: Any, values: NDArray[Any], known: NDArray[np.bool_]) -> Any:
    """Make an array of Arrow of an array of numpy; `pyarrow.array` would import pandas, if it is there."""
    bits = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [bits, pa.py_buffer(np.ascontiguousarray(values))])


def array_of_texts(texts: Sequence[str | None]) -> Any:
    """Make an array of texts; this needs no pandas either.

    >>> array_of_texts(["acme", None, ""]).to_pylist()
    ['acme', None, '']
    """
    known = np.array([text is not None for text in texts], np.bool_)
    encoded = [(text or "").encode() for text in texts]
    ends = pa.py_buffer(np.cumsum([0, *map(len, encoded)], dtype=np.int32))
    bits = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(pa.string(), len(encoded), [bits, ends, pa.py_buffer(b"".join(encoded))])


def plain_values(column: Any, rows: Sequence[int] | None = None) -> list[Any]:
    """Give an array of Arrow, chunked or not, as plain Python values, whole or at some rows."""
    if rows is not None:
        parts = [column.slice(row, 1) for row in rows]  # take() does not know every type
        chunks = [chunk for part in parts for chunk in getattr(part, "chunks", [part])]
        column = pa.chunked_array(chunks, column.type)
    return plain_column(_in_micros(column).to_pylist())


def _in_micros(column: Any) -> Any:
    """Leave nanoseconds out: Python has none, and Arrow would ask for pandas to hold them."""
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        # A cast alone would cut towards 1970.
        return _COMPUTE.floor_temporal(column, unit="microsecond").cast(pa.timestamp("us", kind.tz))
    return column


def encode_column(column: Any, values: arrays.Values) -> Column:  # noqa: PLR0911  # one for each kind of column
    """Encode an array of Arrow.

    Args:
        column: the array, chunked or not.
        values: gives the same column as plain Python values.
    """
    column = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return arrays.numbers(_floats(column), values, whole=pa.types.is_integer(kind))
    if pa.types.is_boolean(kind):
        return arrays.flags(_joined(column, _truths, np.uint8))
    if pa.types.is_timestamp(kind):
        return arrays.moments(_micros(column), values, naive=kind.tz is None)
    if pa.types.is_date(kind):
        return arrays.moments(_days(column) * arrays.MICROS["D"], values, naive=False, days=True)
    if _holds_texts(kind) or pa.types.is_decimal128(kind) or pa.types.is_decimal256(kind):
        return _codes(column)
    if pa.types.is_dictionary(kind):
        decoded = [chunk.dictionary_decode() for chunk in column.chunks]
        return encode_column(pa.chunked_array(decoded, kind.value_type), values)
    if pa.types.is_run_end_encoded(kind):
        return encode_column(_COMPUTE.run_end_decode(column), values)
    if _is_list(kind) and _holds_texts(kind.value_type):
        return _labels(column)
    return column_of_values(values(None))


def _is_list(kind: Any) -> bool:
    tests = ("is_list", "is_large_list", "is_fixed_size_list", "is_list_view", "is_large_list_view")
    return any(getattr(pa.types, test)(kind) for test in tests)


def _holds_texts(kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return any(getattr(pa.types, test)(kind) for test in ("is_string", "is_large_string", "is_string_view"))


def _floats(column: Any) -> Floats:
    """Give numbers as float64, NaN for null; of moments and dates what they are stored as."""
    return _joined(column, _floats_of, np.float64)


def _days(column: Any) -> Floats:
    """Give dates as days since 1970, NaN for null."""
    return _floats(column) if pa.types.is_date32(column.type) else np.floor_divide(_floats(column), _DAY_MILLIS)


def _micros(column: Any) -> Floats:
    """Give moments as microseconds since 1970, NaN for null."""
    if column.type.unit == "ns":
        # As integers: a float holds no nanoseconds of our time.
        return _joined(column, lambda chunk: _floats_of(chunk, 1_000), np.float64)
    return _floats(column) * arrays.MICROS[column.type.unit]


# What Arrow stores, read where it lies: its own conversions cost more than scoring a small batch, and import pandas


def _joined(column: Any, read: Callable[[Any], NDArray[Any]], dtype: Any) -> NDArray[Any]:
    """Read each chunk of a column, and put them together."""
    parts = [read(chunk) for chunk in column.chunks]
    return parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, dtype), *parts])


def _floats_of(chunk: Any, divisor: int = 1) -> Floats:
    """Give what is stored as float64, NaN for null."""
    stored, known = _stored(chunk), _known(chunk)
    if divisor != 1:
        stored = np.floor_divide(stored, divisor)
    numbers = stored.astype(np.float64, copy=known is not None)
    if known is not None:
        np.copyto(numbers, np.nan, where=~known)
    return numbers


def _truths(chunk: Any) -> NDArray[np.uint8]:
    """Give 0 and 1, and 2 for null."""
    truths, known = _bits(chunk.buffers()[1], chunk), _known(chunk)
    if known is not None:
        np.copyto(truths, 2, where=~known)
    return truths


def _stored(chunk: Any) -> NDArray[Any]:
    """Give the numbers that an array stores, whatever stands under null."""
    kind = chunk.type
    letter = "f" if pa.types.is_floating(kind) else "u" if pa.types.is_unsigned_integer(kind) else "i"
    bytes_each = kind.bit_width // 8
    dtype = np.dtype(f"{letter}{bytes_each}")
    if not len(chunk):  # perhaps without a buffer
        return np.empty(0, dtype)
    return np.frombuffer(chunk.buffers()[1], dtype, len(chunk), chunk.offset * bytes_each)


def _known(chunk: Any) -> NDArray[np.bool_] | None:
    """Tell which values of an array are not null; None where all are."""
    return _bits(chunk.buffers()[0], chunk).view(np.bool_) if chunk.null_count else None


def _bits(buffer: Any, chunk: Any) -> NDArray[np.uint8]:
    """Give the bits of a chunk, as 0 and 1, of a buffer that may hold those of others."""
    if not len(chunk):
        return np.empty(0, np.uint8)
    first, skipped = divmod(chunk.offset, 8)
    count = skipped + len(chunk)
    some = np.frombuffer(buffer, np.uint8, -(-count // 8), first)
    return np.unpackbits(some, count=count, bitorder="little")[skipped:]


# Texts


def _codes(column: Any) -> Codes:
    """Encode a column by its dictionaries, which may differ from chunk to chunk, and hold null or a value twice."""
    places: dict[Any, int] = {}
    parts: list[CodeArray] = []
    dictionary, place_of, as_it_is = None, np.empty(0, np.intp), False
    chunks = column.chunks if pa.types.is_dictionary(column.type) else column.dictionary_encode().chunks
    for given in chunks:
        # A part of a long column may come with the dictionary of the whole.
        chunk = given if len(given.dictionary) <= len(given) else given.dictionary_decode().dictionary_encode()
        if dictionary is None or not chunk.dictionary.equals(dictionary):
            dictionary = chunk.dictionary
            known = [
                -1 if value is None else places.setdefault(value, len(places))
                for value in plain_column(dictionary.to_pylist())
            ]
            place_of = np.array([*known, -1], np.intp)  # the last is the place of -1
            as_it_is = known == list(range(len(known)))
        indices = _indices(chunk.indices)
        parts.append(indices if as_it_is else place_of[indices])
    distinct = tuple(places)
    codes = parts[0] if len(parts) == 1 else np.concatenate([place_of[:0], *parts])
    return arrays.codes(codes, len(distinct), lambda used: [distinct[place] for place in used.tolist()])


def _indices(chunk: Any) -> CodeArray:
    """Give places in a dictionary, -1 for null."""
    stored, known = _stored(chunk), _known(chunk)
    if known is None:
        return stored
    indices = stored.astype(np.intp if stored.dtype.kind == "u" else stored.dtype)
    np.copyto(indices, -1, where=~known)
    return indices


def _labels(column: Any) -> Labels:
    lengths = _joined(column, _lengths, np.intp)
    known = _joined(column, _listed, np.bool_)
    return arrays.labels(lengths, known, _codes(_COMPUTE.list_flatten(column)))


def _lengths(chunk: Any) -> Places:
    """Give how many items each list has, 0 for null."""
    bytes_each = _OFFSETS.get(chunk.type.id)
    if bytes_each is None or not len(chunk):
        return np.nan_to_num(_floats_of(_COMPUTE.list_value_length(chunk))).astype(np.intp)
    ends = np.frombuffer(chunk.buffers()[1], f"i{bytes_each}", len(chunk) + 1, chunk.offset * bytes_each)
    lengths: Places = np.subtract(ends[1:], ends[:-1], dtype=np.intp)
    known = _known(chunk)
    return lengths if known is None else lengths * known  # what stands under null may have a length


def _listed(chunk: Any) -> NDArray[np.bool_]:
    """Tell which rows have a list."""
    known = _known(chunk)
    return np.ones(len(chunk), np.bool_) if known is None else known
