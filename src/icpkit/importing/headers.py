"""How a column is found by its name: blanks and marks around it do not count, and readers rename what comes twice."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from icpkit.evaluation import look_up
from icpkit.table import Table

#: What pandas, Polars and DuckDB put behind the name of a column that comes again.
_AGAIN = re.compile(r"(\.\d+|_duplicated_\d+|_\d+)")


def header(name: str) -> str:
    r"""Give a column's name as it is compared: without marks, quotation marks and blanks around it.

    >>> header('\ufeff"Source" '), header("Annual \t Revenue")
    ('Source', 'Annual Revenue')
    """
    bare = " ".join(unicodedata.normalize("NFC", name).replace("\ufeff", "").split())
    return bare[1:-1].strip() if len(bare) > 1 and bare[0] == bare[-1] == '"' else bare


def places_of(table: Table, name: str) -> list[int]:
    """Give the places of the columns of a name, those among them that a reader has renamed because they came again.

    >>> places_of(Table(("Source", "Source.1", "Source "), ([], [], []), "the pandas frame"), "Source")
    [0, 1, 2]
    """
    wanted = header(name)
    found = [index for index, known in enumerate(table.names) if header(known) == wanted]
    if found and not table.lines:  # a frame: of a file we see the names themselves
        again = (
            index
            for index, known in enumerate(table.names)
            if header(known).startswith(wanted) and _AGAIN.fullmatch(header(known), len(wanted)) and index > found[0]
        )
        found = sorted({*found, *again})
    return found


def column_of(table: Table, names: Sequence[str], nth: int = 1) -> tuple[str, Sequence[Any]] | None:
    """Find the first of several columns that a table has; one within nested records by its path.

    >>> table = Table(("id", "hq"), (["acme"], [{"country": "DE"}]))
    >>> column_of(table, ["country", "hq.country"])
    ('hq.country', ['DE'])
    """
    for name in names:
        places = places_of(table, name)
        if nth == 1 and places:
            return table.names[places[0]], table.columns[places[0]]
        if len(places) >= nth:
            return table.names[places[nth - 1]], table.columns[places[nth - 1]]
    for name in names:
        first = header(name).partition(".")[0]
        places = places_of(table, first) if "." in name else []
        nested = [
            table.columns[place] for place in places if any(isinstance(one, dict) for one in table.columns[place])
        ]
        if nested:
            return name, [look_up({first: one}.get, header(name), None) for one in nested[0]]
    return None
