"""The one place that decides which door a table comes through."""

from collections.abc import Iterable, Mapping
from typing import Any

from icpkit.table import Table

#: Where objects that are tables of a library live, and which door serves them.
_LIBRARIES = {"pandas": "pandas", "polars": "polars", "pyarrow": "arrow"}


def table_of(data: Any) -> Table:
    """Take a table apart, whatever kind it is: columns of plain Python values, with what is not there as None.

    Args:
        data: a pandas or Polars data frame, an Arrow table or batch, anything that streams as Arrow (a DuckDB relation,
            an Ibis table), a mapping of columns, or records: mappings, or objects with attributes.

    Raises:
        ImportError: for what streams as Arrow, without pyarrow.
        TypeError: for what is no table.

    >>> table = table_of([{"id": "acme", "employees": 320}, {"id": "globex"}])
    >>> table.names, table.columns
    (('id', 'employees'), (['acme', 'globex'], [320, None]))
    >>> table_of({"id": ["acme"], "employees": [320]}).columns
    (['acme'], [320])
    """
    if isinstance(data, Table):
        return data
    door = _LIBRARIES.get(type(data).__module__.partition(".")[0], "")
    if door == "pandas" and hasattr(data, "columns"):
        from icpkit.adapters.pandas import table_of_pandas  # noqa: PLC0415  # a door is opened when somebody comes

        return table_of_pandas(data)
    if door == "polars" and hasattr(data, "columns"):
        from icpkit.adapters.polars import table_of_polars  # noqa: PLC0415  # the same

        return table_of_polars(data)
    if door == "arrow" or hasattr(data, "__arrow_c_stream__"):
        from icpkit.adapters.arrow import table_of_arrow  # noqa: PLC0415  # the same

        return table_of_arrow(data)
    if isinstance(data, Iterable | Mapping) and not isinstance(data, str | bytes):
        from icpkit.adapters.records import table_of_records  # noqa: PLC0415  # the same

        return table_of_records(data)
    raise TypeError(
        f"a table must be a data frame, an Arrow table, a mapping of columns or a list of records (got {type(data).__name__})"
    )
