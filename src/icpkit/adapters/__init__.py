"""Doors: from the tables that people have to columns of plain Python values.

doors       finds the door by the kind of the object, without importing any library
plain       plain Python for the numpy engine: records, mappings of columns, tables taken apart
records     lists of mappings or objects, and mappings of columns, as plain values
pandas      pandas data frames
polars      Polars data frames, eager and lazy
arrow       Arrow tables and batches, and whatever streams as Arrow: DuckDB relations, Ibis tables
plans       tables that are the result of a query, which runs once
source      what every door makes of a table for the numpy engine
cells       encoded columns of lists of Python objects
arrays      encoded columns of numpy arrays
values      cells of other libraries as plain Python values
"""

from icpkit.adapters.doors import source_of, table_of

__all__ = ["source_of", "table_of"]
