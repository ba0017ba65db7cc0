"""The door of Polars. What it is given brings the library along, so that nothing is imported here."""

from typing import Any

from icpkit.adapters.values import plain_column
from icpkit.table import Table


def table_of_polars(frame: Any) -> Table:
    """Take apart a Polars data frame; a lazy one is collected first."""
    frame = frame.collect() if hasattr(frame, "collect") else frame
    columns = tuple(plain_column(column.to_list()) for column in frame.get_columns())
    return Table(tuple(frame.columns), columns, "the Polars frame")
