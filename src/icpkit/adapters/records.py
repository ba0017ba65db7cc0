"""The door of plain Python: records, and mappings of columns."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from icpkit.adapters.values import plain_column
from icpkit.errors import AccountTypeError
from icpkit.reading import field_names, reader
from icpkit.table import Table

#: What columns of other libraries call the way to a list.
_TO_LIST = ("tolist", "to_list", "to_pylist")


def table_of_records(data: Iterable[Any]) -> Table:
    """Take apart a mapping of columns, or records; a record that lacks a field has None there.

    Raises:
        TypeError: for an item that is no record, or a column that is neither a list nor an array.
        ValueError: for columns of unequal length.

    >>> table_of_records({"id": ["acme"], "employees": [320, 50]})
    Traceback (most recent call last):
    ValueError: the columns must be equally long (got id: 1, employees: 2)
    """
    if isinstance(data, Mapping):
        return _of_columns(data)
    reads, names = [], dict[Any, None]()
    for row, record in enumerate(data, 1):
        try:
            reads.append(reader(record))
        except AccountTypeError:
            kind = type(record).__name__
            raise TypeError(f"row {row} must be a mapping, or an object with attributes (got {kind})") from None
        names.update(dict.fromkeys(record if isinstance(record, Mapping) else field_names(record)))
    columns = tuple(plain_column([read(name, None) for read in reads]) for name in names)
    return Table(tuple(map(str, names)), columns, "the records")


def _of_columns(data: Mapping[Any, Any]) -> Table:
    columns = tuple(_values_of(name, column) for name, column in data.items())
    lengths = {str(name): len(column) for name, column in zip(data, columns, strict=True)}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name}: {length}" for name, length in lengths.items())
        raise ValueError(f"the columns must be equally long (got {told})")
    return Table(tuple(map(str, data)), columns, "the columns")


def _values_of(name: object, column: Any) -> list[Any]:
    [values] = plain_column([column])  # an array is a list now
    for method in _TO_LIST:
        if hasattr(values, method):
            values = getattr(values, method)()
            break
    if isinstance(values, str | bytes) or not isinstance(values, Sequence):
        hint = "; a mapping is a table of columns: put one account into a list"
        raise TypeError(f"the column {str(name)!r} must be a list or an array (got {type(column).__name__}){hint}")
    return plain_column(values)
