"""Doors: from the tables that people have to columns of plain Python values.

doors       finds the door by the kind of the object, without importing any library
records     lists of mappings or objects, and mappings of columns
pandas      pandas data frames
polars      Polars data frames, eager and lazy
arrow       Arrow tables and batches, and whatever streams as Arrow: DuckDB relations, Ibis tables
values      cells of other libraries as plain Python values
"""

from icpkit.adapters.doors import table_of

__all__ = ["table_of"]
