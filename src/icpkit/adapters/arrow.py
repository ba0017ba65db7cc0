"""The door of Arrow (extra: arrow): tables, batches, and whatever streams as Arrow."""

from typing import Any

from icpkit.adapters.values import plain_column
from icpkit.table import Table

try:
    import pyarrow as pa
except ImportError:  # pragma: no cover - a test runs this in a process of its own
    raise ImportError('reading Arrow tables needs pyarrow: pip install "icpkit[arrow]"') from None


def table_of_arrow(data: Any) -> Table:
    """Take apart an Arrow table, a batch, a data set, or what streams as Arrow, such as a DuckDB relation."""
    table = _arrow_table(data)
    columns = tuple(plain_column(_in_micros(column).to_pylist()) for column in table.columns)
    return Table(tuple(table.column_names), columns, "the Arrow table")


def _arrow_table(data: Any) -> Any:
    if isinstance(data, pa.Table):
        return data
    if type(data).__module__ == "pyarrow._dataset":  # a relation of DuckDB has a to_table() too: it writes one
        return data.to_table()
    return pa.table(data)


def _in_micros(column: Any) -> Any:
    """Leave nanoseconds out: Python has none, and Arrow would ask for pandas to hold them."""
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return column.cast(pa.timestamp("us", kind.tz), safe=False)
    return column
