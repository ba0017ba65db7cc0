"""The door of Arrow (extra: arrow): tables, batches, and whatever streams as Arrow."""

import functools
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from icpkit.adapters import arrays
from icpkit.adapters.plans import Plan
from icpkit.adapters.source import Categories, Result, Source
from icpkit.adapters.values import plain_column
from icpkit.columns import Codes, Column, Labels, Places, column_of_values
from icpkit.table import Table

try:
    import pyarrow as pa
    from pyarrow import compute
except ImportError:  # pragma: no cover - a test runs this in a process of its own
    raise ImportError('reading Arrow tables needs pyarrow: pip install "icpkit[arrow]"') from None

_CALLED = "the Arrow table"
_COMPUTE: Any = compute  # its functions are made when it is imported: type checkers see none
_DAY_MILLIS = 86_400_000


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
                codes = pa.array(result.codes, pa.int8(), mask=result.codes < 0)
                names = pa.array(result.names, pa.string())
                return pa.DictionaryArray.from_arrays(codes, names, ordered=result.ordered)
            if isinstance(result, list):
                # Without a value it is text all the same, so that parts of a stream have one schema.
                return pa.array(result, None if any(value is not None for value in result) else pa.string())
            return pa.array(result, pa.float64(), from_pandas=True)

        return pa.table({name: column(result) for name, result in columns.items()})


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
        return arrays.flags(column.cast(pa.int8()).fill_null(2).to_numpy())
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


def _floats(column: Any) -> Any:
    """Give numbers as float64, NaN for null."""
    return column.cast(pa.float64(), safe=False).to_numpy()


def _days(column: Any) -> Any:
    """Give dates as days since 1970, NaN for null."""
    if pa.types.is_date32(column.type):
        return _floats(column.cast(pa.int32()))
    return np.floor_divide(_floats(column.cast(pa.int64())), _DAY_MILLIS)


def _micros(column: Any) -> Any:
    """Give moments as microseconds since 1970, NaN for null."""
    since, unit = column.cast(pa.int64()), column.type.unit
    if unit != "ns":
        return _floats(since) * arrays.MICROS[unit]
    micros = np.floor_divide(since.fill_null(0).to_numpy(), 1_000).astype(np.float64)
    micros[column.is_null().to_numpy()] = np.nan
    return micros


def _codes(column: Any) -> Codes:
    """Encode a column by its dictionaries, which may differ from chunk to chunk, and hold null or a value twice."""
    places: dict[Any, int] = {}
    parts: list[Places] = []
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
        indices = chunk.indices.cast(pa.int64()).fill_null(-1).to_numpy()
        parts.append(indices if as_it_is else place_of[indices])
    distinct = tuple(places)
    codes = parts[0] if len(parts) == 1 else np.concatenate([place_of[:0], *parts])
    return arrays.codes(codes, len(distinct), lambda used: [distinct[place] for place in used.tolist()])


def _labels(column: Any) -> Labels:
    lengths = _COMPUTE.list_value_length(column).cast(pa.int64()).fill_null(0).to_numpy()
    return arrays.labels(lengths, column.is_valid().to_numpy(), _codes(_COMPUTE.list_flatten(column)))
