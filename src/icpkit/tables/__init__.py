"""Files of accounts.

files       reads CSV, TSV and JSON Lines, and tells all mistakes at once
cells       how a cell is read, by what a profile asks of its column
"""

from icpkit.tables.cells import asked_of
from icpkit.tables.files import DELIMITERS, Accounts, BadCell, Row, read_accounts

__all__ = ["DELIMITERS", "Accounts", "BadCell", "Row", "asked_of", "read_accounts"]
