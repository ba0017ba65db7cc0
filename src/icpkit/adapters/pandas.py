"""The door of pandas. What it is given brings the library along, so that nothing is imported here."""

from typing import Any

from icpkit.adapters.values import plain_column
from icpkit.table import Table


def table_of_pandas(frame: Any) -> Table:
    """Take apart a pandas data frame; levels of its index that have a name of their own come first."""
    named = [level for level, name in enumerate(frame.index.names) if name is not None and name not in frame.columns]
    cells = [frame.index.get_level_values(level) for level in named]
    cells += [frame.iloc[:, place] for place in range(frame.shape[1])]  # by place: a name may come twice
    names = (*(frame.index.names[level] for level in named), *frame.columns)
    return Table(tuple(map(str, names)), tuple(plain_column(column.tolist()) for column in cells), "the pandas frame")
