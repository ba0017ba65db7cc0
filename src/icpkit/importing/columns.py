"""How a whole column is read: numbers that need no thought at once, every other cell once for all that are the same.

What comes out is what `icpkit.importing.cells` makes of each cell alone; tests hold them equal.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from icpkit.importing.accounts import BadCell, FieldReading
from icpkit.importing.cells import BAND, EMPTY, NAIVE, UNKNOWN, Noted, Read, reading_of
from icpkit.importing.fields import Field, FieldMap
from icpkit.parsing import Unreadable

#: Numbers that need no thought, of so few digits that a float holds them; whole ones may be in groups of three.
_PLAIN = r"-?\d{1,15}(?:\.\d{1,15})?+"
_GROUPED = r"[1-9]\d{0,2}(?:,\d{3}){1,4}+"
_ALL_PLAIN: Final = re.compile(rf"(?:\n(?:{_GROUPED}|{_PLAIN})(?=\n))*+\n", re.ASCII)
_A_NUMBER = re.compile(rf"{_PLAIN}|{_GROUPED}", re.ASCII)
_SIGNS = str.maketrans("", "", "0123456789.\n")
_FEW_DIGITS = 15


def read_column(
    field: Field, fields: FieldMap, name: str, column: Sequence[Any]
) -> tuple[tuple[Any, ...], FieldReading, list[BadCell]]:
    """Read a column as its field says.

    Args:
        field: the field.
        fields: its map.
        name: the column's name in the table.
        column: the cells.

    Returns:
        The values, None where unknown or unreadable; what was counted; and the cells that cannot be read.
    """
    read = reading_of(field, fields)
    if set(map(type, column)) <= {str}:
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
    return made, *_told(field, name, column, made, tokens, cells, found)


class _Cells(dict[Any, Any]):
    """Values by cell, each read when its cell first comes, with what was noted or wrong about it."""

    def __init__(self, read: Read) -> None:
        super().__init__()
        self.read = read
        self.noted: dict[Any, str] = {}
        self.wrong: dict[Any, Unreadable] = {}

    def __missing__(self, cell: Any) -> Any:
        value = None
        try:
            value = self.read(cell)
        except Unreadable as problem:
            self.wrong[cell] = problem
        if value.__class__ is Noted:
            value, self.noted[cell] = value
        self[cell] = value
        return value


def _told(
    field: Field,
    name: str,
    column: Sequence[Any],
    made: tuple[Any, ...],
    tokens: Sequence[Any],
    cells: _Cells,
    found: Mapping[Any, Any],
) -> tuple[FieldReading, list[BadCell]]:
    """Count what was noted, and place what was wrong."""
    unknown: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    if cells.noted:
        for token, count in Counter(filter(cells.noted.__contains__, tokens)).items():
            notes[cells.noted[token]] += count
            if cells.noted[token] == UNKNOWN:
                unknown[str(found.get(token, token)).strip()] += count
    bad = [
        BadCell(
            None,
            field.attribute,
            cell,
            cells.wrong[token].reason,
            way_out=cells.wrong[token].way_out,
            column="" if name == field.attribute else name,
            row=row,
        )
        for row, (token, cell) in (enumerate(zip(tokens, column, strict=True), 1) if cells.wrong else ())
        if token in cells.wrong
    ]
    reading = FieldReading(
        field.attribute,
        name,
        field.parse,
        filled=len(made) - made.count(None) + len(bad),
        unknown=tuple(unknown.most_common()),
        empty=notes[EMPTY],
        bands=notes[BAND],
        bad=len(bad),
        naive=notes[NAIVE],
        currencies=tuple((code, count) for code, count in notes.most_common() if len(code) == 3 and code.isupper()),
    )
    return reading, bad


# Numbers that need no thought


def _numbers(field: Field, column: Sequence[str]) -> tuple[Any, ...] | None:
    """Read a column of plain numbers and blank cells at once; None for any other column."""
    if field.parse != "number" or field.decimal != "." or field.factor != 1:
        return None
    tokens = (*field.unknown, *field.empty, *(token for token, _ in field.replace))
    if any(_A_NUMBER.fullmatch(token.strip()) for token in tokens):
        return None
    written = list(filter(None, column))
    numbers = _plain_numbers(written)
    if numbers is None or len(written) == len(column):
        return None if numbers is None else tuple(numbers)
    following = iter(numbers)
    return tuple([next(following) if cell else None for cell in column])


def _plain_numbers(written: list[str]) -> list[float] | None:
    """Read texts as numbers, whole ones as integers, where all of them are plain."""
    together = "\n".join(("", *written, ""))
    if not together.isascii() or len(written) != together.count("\n") - 1:
        return None
    sure = (
        not together.translate(_SIGNS)
        and ".\n" not in together
        and "\n." not in together
        and max(map(len, written), default=0) <= _FEW_DIGITS
    )
    if not sure:
        if not _ALL_PLAIN.fullmatch(together):
            return None
        written = together[1:-1].replace(",", "").split("\n")
    try:
        if "." not in together:
            return list(map(int, written))
        return [int(one) if one.is_integer() else one for one in map(float, written)]
    except ValueError:  # such as 1.2.3
        return None
