"""The door of plain Python: records, and mappings of columns."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from icpkit.errors import AccountTypeError
from icpkit.reading import field_names, reader
from icpkit.table import Table


def table_of_records(data: Iterable[Any]) -> Table:
    """Take apart a mapping of columns, or records; a record that lacks a field has None there.

    Raises:
        AccountTypeError: for an item that is no record.
        ValueError: for columns of unequal length.

    >>> table_of_records({"id": ["acme"], "employees": [320, 50]})
    Traceback (most recent call last):
    ValueError: the columns must be equally long (got id: 1, employees: 2)
    """
    if isinstance(data, Mapping):
        return _of_columns(data)
    records = list(data)
    names: dict[str, None] = {}
    for record in records:
        names.update(dict.fromkeys(map(str, record) if type(record) is dict else field_names(record)))
    reads = [record.get if type(record) is dict else reader(record) for record in records]
    columns = tuple([read(name, None) for read in reads] for name in names)
    return Table(tuple(names), columns, "the records")


def _of_columns(data: Mapping[Any, Any]) -> Table:
    columns = []
    for name, column in data.items():
        values = column.tolist() if hasattr(column, "tolist") else column
        if isinstance(values, str | bytes) or not isinstance(values, Sequence):
            raise (
                AccountTypeError(data)
                if _plain(column)
                else TypeError(f"the column {name!r} must be a list or an array (got {type(column).__name__})")
            )
        columns.append(list(values))
    lengths = {str(name): len(column) for name, column in zip(data, columns, strict=True)}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name}: {length}" for name, length in lengths.items())
        raise ValueError(f"the columns must be equally long (got {told})")
    return Table(tuple(map(str, data)), tuple(columns), "the columns")


def _plain(value: object) -> bool:
    """Tell a value of one account from a column: then somebody has given one account, not a table."""
    return value is None or isinstance(value, str | bytes | int | float)
