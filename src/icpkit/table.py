"""A table of raw values: what a file or a data frame holds, before anybody has said what it means."""

from collections.abc import Iterable, Sequence
from typing import Any

import attrs


@attrs.frozen(eq=False)
class Table:
    """Columns of raw values under the names that they have at their source.

    Attributes:
        names: the columns' names; a name may come twice.
        columns: a sequence of values for each name, all of one length.
        source: what the table is called in messages: a file's path, or what kind of object it was.
        lines: the line of the file on which each row begins, from 1; empty where there is no file.
        notes: what is worth telling about how it was read, a sentence each.
        text: whether every cell is known to be text.
        rows: the number that each row has at its source, from 1; empty where all follow each other.
        header_line: the line of the file that names the columns.

    >>> table = Table(("id", "employees"), (["acme", "globex"], ["320", ""]))
    >>> len(table), table.place(1)
    (2, 'row 2')
    """

    names: tuple[str, ...]
    columns: tuple[Sequence[Any], ...]
    source: str = "the table"
    lines: Sequence[int] = ()
    notes: tuple[str, ...] = ()
    text: bool = False
    rows: Sequence[int] = ()
    header_line: int = 1

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.columns[0]) if self.columns else len(self.lines)

    def filled(self) -> "Table":
        """Leave out the rows that hold nothing: some readers make one of each blank line, others none.

        >>> Table(("id", "employees"), (["acme", None], ["320", " "])).filled().columns
        (('acme',), ('320',))
        """
        blank: Iterable[int] = range(len(self))
        for column in self.columns:
            blank = [row for row in blank if _is_blank(column[row])]
        if not self.columns or not blank:
            return self
        kept = sorted(set(range(len(self))).difference(blank))
        columns = tuple(tuple(column[row] for row in kept) for column in self.columns)
        lines = tuple(self.lines[row] for row in kept) if self.lines else ()
        told = f"rows that hold nothing are left out: {len(self) - len(kept):,}"
        rows = tuple(self.number(row) for row in kept)
        return attrs.evolve(self, columns=columns, lines=lines, notes=(*self.notes, told), rows=rows)

    def number(self, row: int) -> int:
        """Give the number that a row, counted from 0, has at its source."""
        return self.rows[row] if self.rows else row + 1

    def place(self, row: int) -> str:
        """Say where a row stands, counted from 0: its line in a file, else its number from 1."""
        return f"line {self.lines[row]}" if self.lines else f"row {self.number(row)}"


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
