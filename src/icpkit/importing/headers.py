"""How a column is found by its name: blanks and marks around it do not count, and readers rename what comes twice."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from icpkit.evaluation import MISSING
from icpkit.table import Table

#: What pandas, Polars and DuckDB put behind the name of a column that comes again; to DuckDB "Name" and "name" are one.
_AGAIN = tuple(re.compile(rf"(.*){end}\d+", re.DOTALL) for end in (r"\.", "_duplicated_", "_"))


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
    wanted, known = header(name), _places(table.names)
    found = known.named.get(wanted, [])
    if table.lines and (nth == 1 or len(found) >= nth):
        return list(found)
    alike = found or known.alike.get(wanted.lower(), [])
    again = [place for place in known.again.get(wanted, ()) if alike and place > alike[0]]
    return sorted({*found, *again})


class _Places(NamedTuple):
    """The places of columns by their names, by these in small letters, and by what a reader may have renamed."""

    named: dict[str, list[int]]
    alike: dict[str, list[int]]
    again: dict[str, list[int]]


@lru_cache(maxsize=8)  # a map asks for many names of one table
def _places(names: tuple[str, ...]) -> _Places:
    known = _Places({}, {}, {})
    for place, name in enumerate(map(header, names)):
        known.named.setdefault(name, []).append(place)
        known.alike.setdefault(name.lower(), []).append(place)
        for renamed in filter(None, (pattern.fullmatch(name) for pattern in _AGAIN)):
            known.again.setdefault(renamed[1], []).append(place)
    return known


def _within(record: Any, path: Sequence[str]) -> Any:
    """Follow a path through mappings alone: a field map never reaches what an object is made of."""
    for part in path:
        if not isinstance(record, dict) or part not in record:
            return MISSING
        record = record[part]
    return record


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
            values = [_within(one, header(name).split(".")[1:]) for one in column]
            if any(value is not MISSING for value in values):
                return name, [None if value is MISSING else value for value in values]
    return None
