"""How a column is found by its name: blanks and marks around it do not count, and readers rename what comes twice."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from icpkit.evaluation import MISSING, look_up
from icpkit.table import Table

#: What pandas, Polars and DuckDB put behind the name of a column that comes again; to DuckDB "Name" and "name" are one.
_AGAIN = re.compile(r"(\.\d+|_duplicated_\d+|_\d+)")


@lru_cache(maxsize=4096)
def header(name: str) -> str:
    r"""Give a column's name as it is compared: without marks, quotation marks and blanks around it.

    >>> header('\ufeff"Source" '), header("Annual \t Revenue")
    ('Source', 'Annual Revenue')
    """
    bare = " ".join(unicodedata.normalize("NFC", name).replace("\ufeff", "").split())
    return bare[1:-1].strip() if len(bare) > 1 and bare[0] == bare[-1] == '"' else bare


def places_of(table: Table, name: str, *, nth: int = 1) -> list[int]:
    """Give the places of the columns of a name, those among them that a reader has renamed because they came again.

    Args:
        table: a file or a frame.
        name: the name.
        nth: which of them is asked for: in a file, which shows the names themselves, a column is taken for a renamed
            one only where the name does not come so often.

    >>> places_of(Table(("Source", "Source.1", "Source "), ([], [], []), "the pandas frame"), "Source")
    [0, 1, 2]
    """
    wanted = header(name)
    headers = [header(known) for known in table.names]
    found = [place for place, known in enumerate(headers) if known == wanted]
    if table.lines and (nth == 1 or len(found) >= nth):
        return found
    alike = found or [place for place, known in enumerate(headers) if known.lower() == wanted.lower()]
    again = [
        place
        for place, known in enumerate(headers)
        if alike and place > alike[0] and known.startswith(wanted) and _AGAIN.fullmatch(known, len(wanted))
    ]
    return sorted({*found, *again})


def column_of(table: Table, names: Sequence[str], nth: int = 1) -> tuple[str, Sequence[Any]] | None:
    """Find the first of several columns that a table has; one within nested records by its path.

    >>> table = Table(("id", "hq"), (["acme"], [{"country": "DE"}]))
    >>> column_of(table, ["country", "hq.country"])
    ('hq.country', ['DE'])
    """
    for name in names:
        places = places_of(table, name, nth=nth)
        if len(places) >= nth:
            return table.names[places[nth - 1]], table.columns[places[nth - 1]]
    for name in names:
        first = header(name).partition(".")[0]
        places = places_of(table, first) if "." in name else []
        nested = [
            table.columns[place] for place in places if any(isinstance(one, dict) for one in table.columns[place])
        ]
        for column in nested:
            values = [look_up({first: one}.get, header(name), MISSING) for one in column]
            if any(value is not MISSING for value in values):
                return name, [None if value is MISSING else value for value in values]
    return None
