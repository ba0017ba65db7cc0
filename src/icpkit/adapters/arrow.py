"""The door of Arrow (extra: arrow): tables, batches, and whatever streams as Arrow."""

from typing import Any

from icpkit.table import Table

try:
    import pyarrow as pa
except ImportError:  # pragma: no cover - a test runs this in a process of its own
    raise ImportError('reading Arrow tables needs pyarrow: pip install "icpkit[arrow]"') from None


def table_of_arrow(data: Any) -> Table:
    """Take apart an Arrow table, a batch, or what streams as Arrow, such as a DuckDB relation."""
    table = data if isinstance(data, pa.Table) else pa.table(data)
    columns = tuple(column.to_pylist() for column in table.columns)
    return Table(tuple(table.column_names), columns, "the Arrow table")
