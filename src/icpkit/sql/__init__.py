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

trial_values      values worth trying: on edges, beside them, of the wrong kind
trial_columns     what columns of made-up accounts hold of them, and how that is written
trial_accounts    accounts made of them: each value, and the cuts of the tiers
selftest          a statement that holds such accounts with their scores, and compares
"""

from icpkit.sql.options import Column, ListColumn, LongTable, NotPushable, Param, Unpushable
from icpkit.sql.selftest import sql_selftest
from icpkit.sql.statement import pushable, to_sql

__all__ = [
    "Column",
    "ListColumn",
    "LongTable",
    "NotPushable",
    "Param",
    "Unpushable",
    "pushable",
    "sql_selftest",
    "to_sql",
]
