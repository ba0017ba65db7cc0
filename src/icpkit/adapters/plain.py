"""The door of plain Python, for the numpy engine: records, mappings of columns, tables taken apart, accounts read."""

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

import attrs
import numpy as np

from icpkit.adapters import arrays
from icpkit.adapters.cells import column_of_cells
from icpkit.adapters.records import check_columns, readers, values_of
from icpkit.adapters.source import Categories, Result, Source
from icpkit.adapters.values import plain_column
from icpkit.columns import Column
from icpkit.evaluation import Get

#: Gives the cells of a column as they came.
_Cells: TypeAlias = Callable[[int], Sequence[Any]]


def source_of_plain(data: Any) -> Source:
    """Make a source of a mapping of columns, of records, of a table taken apart, or of accounts that were read.

    Raises:
        TypeError: for an item that is no record, or a column that is neither a list nor an array.
        ValueError: for columns of unequal length.

    >>> source_of_plain([{"id": "acme", "size": 320}, {"id": "globex"}]).column(1).raw(0)
    320
    """
    if isinstance(data, Mapping):
        check_columns(data)
        return ArrayColumns(tuple(map(str, data)), tuple(data.values()))
    names, columns = getattr(data, "names", None), getattr(data, "columns", None)
    if isinstance(names, tuple) and isinstance(columns, tuple):  # a table, or accounts: both are made of columns
        called = getattr(data, "source", "the table")
        return Records(names, len(data), columns.__getitem__, called)
    records = list(data)
    cells = _fields_of(records)
    return Records(tuple(map(str, cells.names)), len(records), cells, "the records")


@attrs.frozen(eq=False)
class Fields:
    """The fields of records, as they came.

    Attributes:
        records: the records.
        names: the names of their fields.
        reads: what reads each record; None where all are dictionaries.
    """

    records: list[Any] = attrs.field(repr=False)
    names: tuple[Any, ...]
    reads: list[Get] | None = attrs.field(repr=False)

    def __call__(self, place: int) -> list[Any]:
        """Give one field of all records, None where a record lacks it."""
        name = self.names[place]
        if self.reads is None:
            return [record.get(name) for record in self.records]
        return [read(name, None) for read in self.reads]

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle the records alone: what reads them is made anew."""
        return _fields_of, (self.records,)


def _fields_of(records: list[Any]) -> Fields:
    if set(map(type, records)) <= {dict}:
        return Fields(records, tuple(dict.fromkeys(chain.from_iterable(records))), None)
    return Fields(records, *readers(records))


@attrs.frozen(eq=False)
class Records:
    """Records, or columns of plain cells.

    Attributes:
        names: the names of the fields.
        length: how many records there are.
        cells: gives the cells of a column as they came.
        called: what they are called in messages.
    """

    names: tuple[str, ...]
    length: int
    cells: _Cells = attrs.field(repr=False)
    called: str

    def __len__(self) -> int:
        """Count the records."""
        return self.length

    def needing(self, _names: Collection[str], /) -> "Records":
        """Give itself: what is not asked for costs nothing."""
        return self

    def column(self, place: int) -> Column:
        """Encode one field of all records."""
        return column_of_cells(self.cells(place))

    def values(self, place: int, rows: Sequence[int] | None = None) -> list[Any]:
        """Give a field of all records, or of some, as plain Python values."""
        cells = self.cells(place)
        return plain_column(cells if rows is None else [cells[row] for row in rows])

    def frame(self, columns: Mapping[str, Result]) -> list[dict[str, Any]]:
        """Make a list of dictionaries: NaN becomes None, categories their text or None, keys are as they came."""
        if not columns:
            return [{} for _ in range(self.length)]
        cells = [self.cells(result) if isinstance(result, int) else listed(result) for result in columns.values()]
        return [dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True)]


def listed(result: Categories | list[Any] | Any) -> list[Any]:
    """Give a result as a list, with None where there is none."""
    if isinstance(result, list):
        return result
    if isinstance(result, Categories):
        texts = (*result.names, None)  # the last for codes below 0
        return [texts[code] for code in result.codes.tolist()]
    return [None if value != value else value for value in result.tolist()]  # noqa: PLR0124  # NaN is not itself


@attrs.frozen(eq=False)
class ArrayColumns:
    """A mapping of columns: lists, or arrays of whatever library.

    Attributes:
        names: the names of the columns.
        data: the columns.
        called: what they are called in messages.
    """

    names: tuple[str, ...]
    data: tuple[Any, ...] = attrs.field(repr=False)
    called: str = "the columns"

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.data[0]) if self.data else 0

    def needing(self, _names: Collection[str], /) -> "ArrayColumns":
        """Give itself: what is not asked for costs nothing."""
        return self

    def column(self, place: int) -> Column:
        """Encode one column, as its library would."""
        column, values = self.data[place], functools.partial(self.values, place)
        door = _door_of(column)
        if door is not None:
            return door.encode_column(column, values)  # type: ignore[no-any-return]  # doors differ in no signature
        if not _is_array(column):
            return column_of_cells(column if isinstance(column, list | tuple) else values())
        return column_of_cells(column.tolist()) if column.dtype.kind == "O" else arrays.column_of_array(column, values)

    def values(self, place: int, rows: Sequence[int] | None = None) -> list[Any]:
        """Give a column as plain Python values."""
        column = self.data[place]
        door = _door_of(column)
        if door is not None:
            return door.plain_values(column, rows)  # type: ignore[no-any-return]  # the same
        if rows is None:
            return values_of(column)
        if _is_array(column):
            return values_of(column[list(rows)])
        cells = column if isinstance(column, Sequence) else values_of(column)
        return plain_column([cells[row] for row in rows])

    def frame(self, columns: Mapping[str, Result]) -> dict[str, Any]:
        """Make a dictionary of columns: numpy arrays of numbers, lists of all else, its own columns as they came."""
        return {
            name: self.data[result]
            if isinstance(result, int)
            else np.array(result, np.float64)
            if isinstance(result, np.ndarray)
            else listed(result)
            for name, result in columns.items()
        }


def _is_array(column: Any) -> bool:
    return type(column) is np.ndarray and column.ndim == 1  # others, such as masked ones, know what is unknown


def _door_of(column: Any) -> Any:
    """Find the door of the library that a column comes from, or none."""
    libraries = {parent.__module__.partition(".")[0] for parent in type(column).__mro__}
    if "pandas" in libraries and hasattr(column, "dtype"):
        from icpkit.adapters import pandas  # noqa: PLC0415  # a door is opened when somebody comes

        return pandas
    if "polars" in libraries and hasattr(column, "dtype"):
        from icpkit.adapters import polars  # noqa: PLC0415  # the same

        return polars
    if "pyarrow" in libraries and hasattr(column, "type"):
        from icpkit.adapters import arrow  # noqa: PLC0415  # the same

        return arrow
    return None
