"""How a whole column is read: numbers that need no thought at once, every other cell once for all that are the same.

What comes out is what `icpkit.importing.cells` makes of each cell alone; tests hold them equal.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs

from icpkit.importing.accounts import BadCell, FieldReading
from icpkit.importing.cells import BAND, EMPTY, NAIVE, UNKNOWN, Noted, Read, reading_of
from icpkit.importing.fields import Field, FieldMap
from icpkit.parsing import Unreadable

#: Numbers that need no thought, of so few digits that a float holds them; whole ones may be in groups of three.
_PLAIN = r"-?\d{1,15}(?:\.\d{1,15})?"
_GROUPED = r"[1-9]\d{0,2}(?:,\d{3}){1,4}"
_ALL_PLAIN: Final = re.compile(rf"(?>(?:\n(?:{_GROUPED}|{_PLAIN})?(?=\n))*)\n", re.ASCII)
_A_NUMBER = re.compile(rf"{_PLAIN}|{_GROUPED}", re.ASCII)
_SIGNS = str.maketrans("", "", "0123456789.\n")
#: Characters of a number of which a float holds every digit.
_LONGEST = 15


def read_column(
    field: Field, fields: FieldMap, name: str, column: Sequence[Any], *, text: bool = False
) -> tuple[tuple[Any, ...], FieldReading, list[BadCell]]:
    """Read a column as its field says.

    Args:
        field: the field.
        fields: its map.
        name: the column's name in the table.
        column: the cells.
        text: whether all of them are known to be text.

    Returns:
        The values, None where unknown or unreadable; what was counted; and the cells that cannot be read.
    """
    read = reading_of(field, fields)
    if text or set(map(type, column)) <= {str}:
        made = _numbers(field, column)
        if made is not None:
            return made, FieldReading(field.attribute, name, field.parse, len(made) - made.count(None)), []
        tokens, cells = column, _Cells(read)
        made = tuple(map(cells.__getitem__, column))
        found: Mapping[Any, Any] = {}
    else:
        tokens = list(map(id, column))  # what is no text is told apart by identity: 1 equals True
        found = dict(zip(tokens, column, strict=True))
        cells = _Cells(lambda token: read(found[token]))
        made = tuple(map(cells.__getitem__, tokens))
    bad = _bad(field, name, column, tokens, cells)
    filled = len(made) - made.count(None) + len(bad)
    return (
        made,
        _counted(FieldReading(field.attribute, name, field.parse, filled, bad=len(bad)), tokens, cells, found),
        bad,
    )


class _Cells(dict[Any, Any]):
    """Values by cell, each read when its cell first comes, with what was noted or wrong about it."""

    def __init__(self, read: Read) -> None:
        super().__init__()
        self.read = read
        self.noted: dict[Any, str] = {}
        self.wrong: dict[Any, Unreadable] = {}

    def __missing__(self, cell: Any) -> Any:
        value: Any = None
        try:
            value = self.read(cell)
        except Unreadable as problem:
            self.wrong[cell] = problem
        if isinstance(value, Noted):
            value, self.noted[cell] = value
        self[cell] = value
        return value


def _counted(reading: FieldReading, tokens: Sequence[Any], cells: _Cells, found: Mapping[Any, Any]) -> FieldReading:
    """Count what was noted."""
    unknown: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    for token, count in Counter(token for token in (tokens if cells.noted else ()) if token in cells.noted).items():
        for note in cells.noted[token].split():
            notes[note] += count
        if cells.noted[token] == UNKNOWN:
            unknown[str(found.get(token, token)).strip()] += count
    return attrs.evolve(
        reading,
        unknown=tuple(unknown.most_common()),
        empty=notes[EMPTY],
        bands=notes[BAND],
        naive=notes[NAIVE],
        currencies=tuple((code, count) for code, count in notes.most_common() if len(code) == 3 and code.isupper()),
    )


def _bad(field: Field, name: str, column: Sequence[Any], tokens: Sequence[Any], cells: _Cells) -> list[BadCell]:
    """Place what was wrong."""
    shown = "" if name == field.attribute else name
    return [
        BadCell(
            None,
            field.attribute,
            cell,
            cells.wrong[token].reason,
            way_out=cells.wrong[token].way_out,
            column=shown,
            row=row,
        )
        for row, (token, cell) in (enumerate(zip(tokens, column, strict=True), 1) if cells.wrong else ())
        if token in cells.wrong
    ]


# Numbers that need no thought


def _numbers(field: Field, column: Sequence[str]) -> tuple[Any, ...] | None:
    """Read a column of plain numbers and blank cells at once; None for any other column."""
    tokens = (*field.unknown, *field.empty, *(token for token, _ in field.replace))
    suits = field.parse == "number" and field.decimal == "." and field.factor == 1
    if not suits or any(_A_NUMBER.fullmatch(token.strip()) for token in tokens):
        return None
    cells = _plain_cells(column)
    try:
        return None if cells is None else _as_numbers(cells)
    except ValueError:  # such as 1.2.3
        return None


def _plain_cells(column: Sequence[str]) -> list[str] | None:
    """Give the cells without commas between groups, if they may be plain numbers.

    One go through the cells, which lie far apart in memory; all else works on the text that they make together.
    """
    together = "\n".join(("", *column, ""))
    if not together.isascii() or together.count("\n") != len(column) + 1:
        return None
    if together.translate(_SIGNS) or ".\n" in together or "\n." in together:
        if not _ALL_PLAIN.fullmatch(together):
            return None
        together = together.replace(",", "")
    cells = together.split("\n")[1:-1]
    return cells if max(map(len, cells), default=0) <= _LONGEST else None


def _as_numbers(cells: list[str]) -> tuple[Any, ...]:
    if not any("." in cell for cell in cells):
        return tuple([int(cell) if cell else None for cell in cells])
    return tuple(
        [None if not cell else int(number) if (number := float(cell)).is_integer() else number for cell in cells]
    )
