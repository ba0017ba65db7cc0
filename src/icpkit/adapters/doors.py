"""The one place that decides which door a table comes through."""

from collections.abc import Iterable, Mapping
from io import IOBase
from os import PathLike
from typing import TYPE_CHECKING, Any

from icpkit.table import Table

if TYPE_CHECKING:
    from icpkit.adapters.source import Source

#: Where objects of a library live, which door serves them, and the attribute that only its tables have.
_LIBRARIES = {"pandas": ("pandas", "columns"), "polars": ("polars", "columns"), "pyarrow": ("arrow", "schema")}

#: What makes a table of some objects.
_MAKES = {
    "DuckDBPyConnection": '; hand over a relation: connection.sql("SELECT …")',
    "Expr": "; select it from a frame, and hand over the frame",
    "ndarray": '; an array has no names: pandas.DataFrame(array, columns=[…]) has, or {"name": array[:, 0], …}',
}


def table_of(data: Any) -> Table:
    """Take a table apart, whatever kind it is: columns of plain Python values, with what is not there as None.

    Args:
        data: a pandas or Polars data frame, an Arrow table or batch, anything that streams as Arrow (a DuckDB relation,
            an Ibis table), a mapping of columns, or records: mappings, or objects with attributes.

    Raises:
        ImportError: for what streams as Arrow, without pyarrow.
        TypeError: for what is no table, or a record that is none.
        ValueError: for columns of unequal length.

    >>> table = table_of([{"id": "acme", "employees": 320}, {"id": "globex"}])
    >>> table.names, table.columns
    (('id', 'employees'), (['acme', 'globex'], [320, None]))
    >>> table_of({"id": ["acme"], "employees": [320]}).columns
    (['acme'], [320])
    """
    if isinstance(data, Table):
        return data
    door = _door_of(data)
    if door == "pandas":
        from icpkit.adapters.pandas import table_of_pandas  # noqa: PLC0415  # a door is opened when somebody comes

        return table_of_pandas(data)
    if door == "polars":
        from icpkit.adapters.polars import table_of_polars  # noqa: PLC0415  # the same

        return table_of_polars(data)
    if door == "arrow":
        from icpkit.adapters.arrow import table_of_arrow  # noqa: PLC0415  # the same

        return table_of_arrow(data)
    from icpkit.adapters.records import table_of_records  # noqa: PLC0415  # the same

    return table_of_records(data)


def source_of(data: Any) -> "Source":
    """Make a source of encoded columns of a table, whatever kind it is: nothing is read that is not asked for.

    Args:
        data: what `table_of` takes.

    Raises:
        ImportError: for what streams as Arrow, without pyarrow.
        TypeError: for what is no table, or a record that is none.
        ValueError: for columns of unequal length.

    >>> source = source_of({"id": ["acme", "globex"], "employees": [320, None]})
    >>> source.names, source.column(1).raw(0), source.values(1, [1])
    (('id', 'employees'), 320, [None])
    """
    door = "records" if isinstance(data, Table) else _door_of(data)
    if door == "pandas":
        from icpkit.adapters.pandas import source_of_pandas  # noqa: PLC0415  # a door is opened when somebody comes

        return source_of_pandas(data)
    if door == "polars":
        from icpkit.adapters.polars import source_of_polars  # noqa: PLC0415  # the same

        return source_of_polars(data)
    if door == "arrow":
        from icpkit.adapters.arrow import source_of_arrow  # noqa: PLC0415  # the same

        return source_of_arrow(data)
    from icpkit.adapters.plain import source_of_plain  # noqa: PLC0415  # the same

    return source_of_plain(data)


def _door_of(data: Any) -> str:
    """Find the door by what the object is, without importing a library for it.

    Raises:
        TypeError: for what is no table.
    """
    kind = type(data)  # asked instead of the object, whose attributes may be costly: those of lazy frames are
    for parent in kind.__mro__:
        library = parent.__module__.partition(".")[0]
        if library in _LIBRARIES:
            door, mark = _LIBRARIES[library]
            if hasattr(kind, mark):
                return door
            raise _no_table(data)
    if hasattr(kind, "__arrow_c_stream__"):
        return "arrow"
    if hasattr(kind, "__array_interface__") or isinstance(data, str | bytes | PathLike | IOBase):
        raise _no_table(data)
    if isinstance(data, Iterable | Mapping):
        return "records"
    raise _no_table(data)


def _no_table(data: Any) -> TypeError:
    kinds = "a data frame, an Arrow table, a mapping of columns or a list of records"
    got = repr(data) if data is None or isinstance(data, int | float | str) else type(data).__name__
    return TypeError(f"a table must be {kinds} (got {got}){_way_out(data)}")


def _way_out(data: Any) -> str:
    """Tell how a table is made of what is none."""
    kind = type(data)
    if isinstance(data, str | PathLike | IOBase):
        return "; icp.read_accounts reads a file"
    if "GroupBy" in kind.__name__:
        return "; groups are no table yet: aggregate them, or icp.accounts_from makes one account of several rows"
    if kind.__name__ in _MAKES:
        return _MAKES[kind.__name__]
    if any(parent.__module__.partition(".")[0] in _LIBRARIES for parent in kind.__mro__):
        return "; one column is no table: hand over the whole frame; icp.score takes one row"
    return ""
