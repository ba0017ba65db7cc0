"""The door of plain Python: records, and mappings of columns."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from icpkit.adapters.values import plain_column
from icpkit.errors import AccountTypeError
from icpkit.evaluation import Get
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
        check_columns(data)
        columns = tuple(map(values_of, data.values()))
        return Table(tuple(map(str, data)), columns, "the columns")
    names, reads = readers(data)
    return Table(
        tuple(map(str, names)),
        tuple(plain_column([read(name, None) for read in reads]) for name in names),
        "the records",
    )


def readers(data: Iterable[Any]) -> tuple[tuple[Any, ...], list[Get]]:
    """Give the names of all fields of records, in the order of their first appearance, and what reads each record.

    Raises:
        TypeError: for an item that is no record.
    """
    reads, names = [], dict[Any, None]()
    for row, record in enumerate(data, 1):
        try:
            reads.append(reader(record))
        except AccountTypeError:
            told = f"row {row} must be a mapping, or an object with attributes (got {type(record).__name__})"
            raise TypeError(told + _way_out(record)) from None
        names.update(dict.fromkeys(record if isinstance(record, Mapping) else field_names(record)))
    return tuple(names), reads


def _way_out(record: Any) -> str:
    """Tell how a record is made of what is none."""
    if hasattr(record, "columns"):
        return ": concatenate several tables, or score one after the other"
    if isinstance(record, list | tuple):
        return ": name its fields, dict(zip(names, row))"
    return ""


def check_columns(data: Mapping[Any, Any]) -> None:
    """See that a mapping holds columns, and that they are equally long.

    Raises:
        TypeError: for a column that is neither a list nor an array.
        ValueError: for columns of unequal length.
    """
    for name, column in data.items():
        if not _is_column(column):
            hint = "; a mapping is a table of columns: put one account into a list"
            if isinstance(column, Mapping):
                hint = "; a mapping is a table of columns: records are a list, list(records.values())"
            told = f"must be a list or an array (got {type(column).__name__}){hint}"
            raise TypeError(f"the column {str(name)!r} {told}")
    lengths = {str(name): len(column) for name, column in data.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name}: {length}" for name, length in lengths.items())
        raise ValueError(f"the columns must be equally long (got {told})")


def _is_column(column: Any) -> bool:
    if isinstance(column, str | bytes) or getattr(column, "ndim", 1) == 0:  # scalars of numpy have a tolist(), too
        return False
    return isinstance(column, Sequence) or any(hasattr(column, method) for method in _TO_LIST)


def values_of(column: Any) -> list[Any]:
    """Give a column of a mapping, a list or an array of whatever library, as plain Python values."""
    [values] = plain_column([column])  # an array is a list now
    for method in _TO_LIST:
        if hasattr(values, method):
            values = getattr(values, method)()
            break
    return plain_column(values)
