"""Accounts as they have been read: rows that can be scored, and what was found on the way."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, overload

import attrs

from icpkit.errors import near
from icpkit.typing import Offender


@attrs.frozen
class BadCell(Offender):
    """A cell or a line that cannot be read.

    Attributes:
        key: the account's key, or None.
        attribute: the attribute, or an empty text where the whole line is meant.
        value: what stands there.
        reason: what is wrong with it.
        line: the line of the file, from 1; 0 where there is no file.
        way_out: what to write in its place, or to declare, where that is plain.
        column: the column, where it is called otherwise than the attribute.
        row: the row, from 1; 0 where no row could be made of the line.
    """

    line: int = 0
    way_out: str = ""
    column: str = ""
    row: int = 0

    def describe(self, *, redact: bool = False) -> str:
        """Say it in one line.

        >>> BadCell("acme", "employees", "1,058", "not a plain number", 2, "write 1058").describe()
        "line 2: employees = '1,058': not a plain number; write 1058"
        """
        where = f"line {self.line}" if self.line else f"row {self.row}"
        if not self.attribute:
            return f"{where}: {self.reason}"
        name = f"{self.attribute} (column {self.column!r})" if self.column else self.attribute
        reason = _masked(self.reason, self.value) if redact else self.reason
        told = Offender(None, name, self.value, reason).describe(redact=redact)
        way_out = f"; {self.way_out}" if self.way_out and not redact else ""  # it repeats the value
        return f"{where}: {told}{way_out}"


_WORD = re.compile(r"[^\W_]+")


def _masked(reason: str, value: object) -> str:
    """Take the parts of a value out of a reason, such as the days that a date may be."""
    parts = {_bare(part) for part in _WORD.findall(str(value))}
    return _WORD.sub(lambda found: "…" if _bare(found[0]) in parts else found[0], reason)


def _bare(part: str) -> str:
    return part.casefold().lstrip("0")


@attrs.frozen
class FieldReading:
    """How one column was read.

    Attributes:
        attribute: the attribute that it became.
        column: the column's name.
        parse: how it was parsed.
        filled: the number of cells that hold something.
        unknown: tokens that the field map declares to be unknown, and the number of each.
        empty: the number of cells that say that there is none.
        bands: the number of cells that held a band and became a number.
        bad: the number of cells that could not be read.
        naive: the number of moments without a time zone.
        currencies: the number of cells in each currency.
    """

    attribute: str
    column: str
    parse: str
    filled: int
    unknown: tuple[tuple[str, int], ...] = ()
    empty: int = 0
    bands: int = 0
    bad: int = 0
    naive: int = 0
    currencies: tuple[tuple[str, int], ...] = ()


@attrs.frozen(repr=False, slots=False)
class Accounts(Sequence[dict[str, Any]]):
    """Accounts that were read from a table: a sequence of mappings, one for each row, in the table's order.

    Two are equal where they have the same attributes, values and key.

    Attributes:
        names: the attributes.
        columns: the values of each attribute; None where unknown.
        key: the attribute that holds the keys, or None.
        source: where they come from, for messages.
        lines: the line of the file on which each begins; empty where there is no file.
        rows: the number that each has in its table, from 1; empty where all follow each other.
        bad: cells and lines that could not be read.
        warnings: what else is worth telling, a sentence each.
        readings: how each column was read, where a field map said how.
        left_out: the columns that the field map does not name.
        fields: the field map, or None.

    >>> accounts = Accounts(("id", "employees"), (("acme", "globex"), (320, None)), key="id")
    >>> accounts
    <Accounts: 2 accounts × 2 attributes, key 'id'>
    >>> accounts["acme"], accounts[1]["employees"], len(accounts)
    ({'id': 'acme', 'employees': 320}, None, 2)
    """

    names: tuple[str, ...]
    columns: tuple[tuple[Any, ...], ...]
    key: str | None = None
    source: str = attrs.field(default="the table", eq=False)
    lines: tuple[int, ...] = attrs.field(default=(), eq=False)
    rows: tuple[int, ...] = attrs.field(default=(), eq=False)
    bad: tuple[BadCell, ...] = attrs.field(default=(), eq=False)
    warnings: tuple[str, ...] = attrs.field(default=(), eq=False)
    readings: tuple[FieldReading, ...] = attrs.field(default=(), eq=False)
    left_out: tuple[str, ...] = attrs.field(default=(), eq=False)
    fields: Any = attrs.field(default=None, eq=False)

    def __len__(self) -> int:
        """Count the accounts."""
        return len(self.columns[0]) if self.columns else len(self.lines)

    @overload
    def __getitem__(self, which: int | str) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, which: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, which: int | str | slice) -> dict[str, Any] | list[dict[str, Any]]:
        """Give one account by its place or its key, or several by a slice.

        Raises:
            IndexError: for a place beyond the last.
            KeyError: for a key that no account has, or several.
        """
        if isinstance(which, slice):
            return [self._account(row) for row in range(*which.indices(len(self)))]
        if isinstance(which, str):
            which = self._row_of(which)
        if not -len(self) <= which < len(self):
            raise IndexError(f"there are {len(self)} accounts (got {which})")
        return self._account(which)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Give them one by one."""
        if not self.columns:
            yield from ({} for _ in self.lines)
        for values in zip(*self.columns, strict=True):
            yield dict(zip(self.names, values, strict=True))

    def _account(self, row: int) -> dict[str, Any]:
        return {name: column[row] for name, column in zip(self.names, self.columns, strict=True)}

    def _row_of(self, key: str) -> int:
        rows = self._rows_by_key.get(key.strip(), ())
        if len(rows) == 1:
            return rows[0]
        if rows:
            raise KeyError(f"{len(rows)} accounts have the key {key!r}; accounts_from makes one of several rows")
        raise KeyError(f"no account has the key {key!r}" + (f"; {hint}" if (hint := near(key, self.keys)) else ""))

    def column(self, attribute: str) -> tuple[Any, ...]:
        """Give the values of one attribute.

        Raises:
            KeyError: for an attribute that they do not have.
        """
        if attribute not in self.names:
            hint = near(attribute, self.names) or f"the attributes: {', '.join(self.names)}"
            raise KeyError(f"no attribute {attribute!r}; {hint}")
        return self.columns[self.names.index(attribute)]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys as stripped text, empty where an account has none."""
        if self.key is None:
            return ("",) * len(self)
        return tuple("" if value is None else str(value).strip() for value in self.column(self.key))

    @cached_property
    def _rows_by_key(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, key in enumerate(self.keys):
            rows.setdefault(key, []).append(row)
        return rows

    @property
    def repeated(self) -> dict[str, int]:
        """The keys that several accounts have, with the number of these."""
        return {key: count for key, count in Counter(self.keys).items() if key and count > 1}

    def place(self, row: int) -> str:
        """Say where an account stands, counted from 0: its line in a file, else its number from 1."""
        return f"line {self.lines[row]}" if self.lines else f"row {self.number(row)}"

    def number(self, row: int) -> int:
        """Give the number that an account, counted from 0, has in its table."""
        return self.rows[row] if self.rows else row + 1

    def __repr__(self) -> str:
        """Say in one line what there is."""
        key = f", key {self.key!r}" if self.key is not None else ""
        source = f", from {self.source}" if self.source != "the table" else ""
        return f"<Accounts: {len(self)} accounts × {len(self.names)} attributes{key}{source}>"
