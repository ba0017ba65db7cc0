"""The SQL engine: profiles as statements, text only, without a connection (extra: sql).

options       what a statement is asked for with: parameters, columns, lists, tables of many rows
sqlglot       the nodes that statements are built of; alone imports sqlglot
dialects      what each dialect calls the few things that they do not call the same
reading       how columns are read: attributes become facts
long_tables   tables with a row for each label, moment or event
matches       value functions as SQL
leaves        the questions that profiles ask, each once
steps         one profile as steps: terms, totals, the fit within its bounds, tier and status
layout        the text: lines, comments
statement     all of it together
"""

from icpkit.sql.options import Column, ListColumn, LongTable, NotPushable, Param, Unpushable
from icpkit.sql.statement import pushable, to_sql

__all__ = ["Column", "ListColumn", "LongTable", "NotPushable", "Param", "Unpushable", "pushable", "to_sql"]
