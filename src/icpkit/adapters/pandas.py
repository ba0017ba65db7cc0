"""The door of pandas. What it is given brings the library along, so that nothing is imported here."""

from typing import Any

from icpkit.table import Table


def table_of_pandas(frame: Any) -> Table:
    """Take apart a pandas data frame; NaN, NaT and NA become None.

    Raises:
        TypeError: for a Series, which is no table.
    """
    columns = []
    for index in range(len(frame.columns)):  # by place: a name may come twice
        column = frame.iloc[:, index]
        values = column.astype(object)
        columns.append(values.where(column.notna(), None).tolist())
    return Table(tuple(map(str, frame.columns)), tuple(columns), "the pandas frame")
