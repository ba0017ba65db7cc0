"""Files of accounts as tables of text: encodings, separators, headers and lines; nothing is guessed about values."""

import contextlib
import csv
import io
import os
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

import attrs

from icpkit.adapters import table_of
from icpkit.errors import AccountsFileError
from icpkit.importing.accounts import BadCell
from icpkit.importing.headers import header
from icpkit.importing.lines import Open, Text, bad_line, bad_lines, text_of
from icpkit.parsing import json_value
from icpkit.table import Table

#: What separates the columns, by the end of a file's name; None where each line is a JSON object.
DELIMITERS: Final[dict[str, str | None]] = {".csv": ",", ".tsv": "\t", ".jsonl": None, ".ndjson": None}
_SHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
_OTHER_DELIMITERS = ";\t|,"
#: How many records, and how many characters, tell the separator.
_SAMPLE, _HEAD = 20, 2**16
#: How many rows are turned into columns at a time.
_BLOCK = 128


def check_ending(path: "str | os.PathLike[str]") -> str:
    """Give the end of a file's name, in lower case.

    Raises:
        ValueError: for one that cannot be read, with the way out.

    >>> check_ending("Accounts.CSV")
    '.csv'
    """
    ending = Path(path).suffix.lower()
    if ending in DELIMITERS:
        return ending
    hint = "save a sheet as CSV UTF-8, and JSON as one object a line"
    if ending in _SHEETS:
        hint = (
            "read the sheet with a data frame library, all as text, and hand that over: "
            f"fields.apply(pandas.read_excel({Path(path).name!r}, dtype=object, keep_default_na=False))"
        )
    raise ValueError(f"a file of accounts must end in {', '.join(DELIMITERS)} (got {os.fspath(path)!r}); {hint}")


def read_table(
    path: "str | os.PathLike[str]",
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_line: int | None = None,
    find_header: bool = False,
) -> tuple[Table, tuple[BadCell, ...]]:
    r"""Read a file as a table, and tell the lines of which no row could be made.

    Args:
        path: a CSV, TSV or JSON Lines file.
        encoding: its encoding; None to find out: UTF-8, UTF-16 or cp1252.
        delimiter: what separates the columns; None to find out: a comma, semicolon, tab or bar.
        header_line: the line that names the columns, from 1; what stands above is left out. None for the first.
        find_header: takes a later line for the header where the first one looks like a title.

    Raises:
        AccountsFileError: for a file that is no text, has no header, or begins with a title.
        OSError: for a file that cannot be opened.
        ValueError: for another ending.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "accounts.csv")
    >>> _ = path.write_bytes("id;name \nacme;Café\n".encode("cp1252"))
    >>> table, bad = read_table(path)
    >>> table.names, table.columns, bad
    (('id', 'name'), (['acme'], ['Café']), ())
    >>> table.notes
    ('the file is not UTF-8 (line 2); it was read as cp1252, the Western encoding of Windows', "the columns are ...")
    """
    check_ending(path)
    raw = Path(path).read_bytes()
    settings: dict[str, Any] = {"encoding": encoding, "delimiter": delimiter, "header_line": header_line}
    [found] = _tables(path, lambda: io.BytesIO(raw), None, **settings, find_header=find_header)
    return found


def read_tables(
    path: "str | os.PathLike[str]",
    *,
    rows: int,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_line: int | None = None,
) -> Iterator[tuple[Table, tuple[BadCell, ...]]]:
    r"""Read a file as tables of some rows each, one after the other: however large it is, one of them is held.

    Together they are what `read_table` gives, and all of them have the same names. The file is read twice: what it is
    written in is found out first, of the whole. A file without rows gives one table.

    Args:
        path: as for `read_table`.
        rows: how many rows, or lines of which no row could be made, a table holds at most.
        encoding: as for `read_table`.
        delimiter: as for `read_table`.
        header_line: as for `read_table`.

    Raises:
        AccountsFileError: as for `read_table`; for lines that break the table off, when they are reached.
        OSError: for a file that cannot be opened.
        ValueError: for another ending.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "accounts.csv")
    >>> _ = path.write_text("id\nacme\nglobex\nhooli\n")
    >>> [table.columns for table, bad in read_tables(path, rows=2)]
    [(['acme', 'globex'],), (['hooli'],)]
    """
    settings: dict[str, Any] = {"encoding": encoding, "delimiter": delimiter, "header_line": header_line}
    return _tables(path, lambda: Path(path).open("rb"), rows, **settings)


def _tables(
    path: "str | os.PathLike[str]",
    open_bytes: Open,
    rows: int | None,
    *,
    encoding: str | None,
    delimiter: str | None,
    header_line: int | None,
    find_header: bool = False,
) -> Iterator[tuple[Table, tuple[BadCell, ...]]]:
    """Do what `read_tables` says; without a number of rows, there is one table."""
    usual = DELIMITERS[check_ending(path)]
    text = text_of(path, open_bytes, encoding)
    if usual is None:
        yield from _json_tables(path, text, rows)
        return
    head, said = _without_declaration(text.head(_HEAD))
    notes = text.notes
    if delimiter is None:
        delimiter, told = _separator(head, usual, said)
        notes += told
    begins = 1
    if header_line is None:
        begins = _begins(head, delimiter)
        if begins > 1 and not find_header:
            reason = f"this looks like a title, and line {begins} like the header"
            hint = f"declare header_line = {begins} in the field map, or 1 if not; or delete the lines above"
            raise bad_lines(path, [(1, reason)], hint)
    begins = header_line or begins
    lines = _from_line(text.lines(), begins if said is None else max(begins, 2))
    yield from _cells_tables(path, lines, rows, delimiter=delimiter, notes=notes, header_line=begins)


# JSON Lines


def _json_tables(
    path: "str | os.PathLike[str]", text: Text, rows: int | None
) -> Iterator[tuple[Table, tuple[BadCell, ...]]]:
    """Make tables of lines of JSON, each of which has the fields of all lines."""
    found, first, handed_out = _json_lines(text), 0, False
    # Which fields there are, only the last line can tell.
    names = None if rows is None else tuple(dict.fromkeys(chain.from_iterable(_accounts_in(_json_lines(text)))))
    while True:
        some = list(islice(found, rows))
        if handed_out and not some:
            return
        table = table_of(list(_accounts_in(some)))
        names = table.names if names is None else names
        columns = dict(zip(table.names, table.columns, strict=True))
        made = tuple(columns.get(name) or [None] * len(table) for name in names)
        lines = tuple(line for line, one in some if isinstance(one, dict))
        bad = tuple(one for _, one in some if isinstance(one, BadCell))
        yield Table(names, made, os.fspath(path), lines, text.notes, rows=_numbers(first, len(lines))), bad
        first, handed_out = first + len(lines), True
        if len(some) != rows:
            return


def _numbers(first: int, count: int) -> range | tuple[()]:
    """Number the rows of a table that is a part of another; none are needed where it is the first."""
    return range(first + 1, first + count + 1) if first else ()


def _json_lines(text: Text) -> Iterator[tuple[int, dict[str, Any] | BadCell]]:
    """Give the line of each account with the account, or with what is wrong with it."""
    for line, ended in enumerate(text.lines("\n"), 1):  # other line ends may stand within a text
        written = ended.removesuffix("\n")
        if not written.strip():
            continue
        try:
            account = json_value(written.strip())
        except ValueError as error:
            yield line, bad_line(line, f"no JSON: {error}", written)
            continue
        if isinstance(account, dict):
            yield line, account
        else:
            kind = "a JSON list" if isinstance(account, list) else "a JSON value"
            yield line, bad_line(line, f"{kind}, but no object", written)


def _accounts_in(found: Iterable[tuple[int, dict[str, Any] | BadCell]]) -> Iterator[dict[str, Any]]:
    return (one for _, one in found if isinstance(one, dict))


# Cells


_DECLARATION = re.compile(r'"?sep=([^\r\n\w"])"?[ ]*(?:\r\n?|\n|\Z)', re.IGNORECASE)
_QUOTES = {
    "unexpected end of data": "a quotation mark is opened and never closed",
    "expected after": 'text follows a closing quotation mark; within quotes, write a quotation mark twice ("")',
    "field larger": f"a cell beyond {csv.field_size_limit():,} characters, or a quotation mark that is never closed",
}


def _without_declaration(text: str) -> tuple[str, str | None]:
    """Blank the line that spreadsheets write for themselves, and give the separator that it names."""
    declared = _DECLARATION.match(text)
    return ("\n" + text[declared.end() :], declared[1]) if declared else (text, None)


def _separator(text: str, usual: str, said: str | None) -> tuple[str, tuple[str, ...]]:
    """Find what separates the columns: the usual sign, unless the file says that it is another."""
    if said is not None:
        return said, (f"the columns are separated by {said!r}, as the first line says",)
    signs = dict.fromkeys((usual, *_OTHER_DELIMITERS))
    sign = max(signs, key=lambda sign: _width(text, sign))  # the usual one, where several do as well
    return sign, () if sign == usual else (f"the columns are separated by {sign!r}",)


def _width(text: str, delimiter: str) -> tuple[int, int]:
    """Tell how well a separator suits the first records, and how many columns it makes of them."""
    widths = [len(cells) for _, cells in _first_records(text, delimiter)]
    most = max(widths, key=widths.count, default=0)  # that of the header, where others are as frequent
    if not widths or max(most, widths[0]) < 2:
        return 0, 0
    if widths[0] < most:  # a title stands above, perhaps
        return 0, most
    return 2 if widths[0] == most else 1, widths[0]


def _first_records(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Give the first records that are not blank, each with its line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records, line = [], 1
    with contextlib.suppress(csv.Error):  # the sample may end within quotes
        for cells in reader:
            if any(map(str.strip, cells)):
                records.append((line, cells))
            line = reader.line_num + 1
            if len(records) == _SAMPLE:
                break
    return records


def _begins(text: str, delimiter: str) -> int:
    """Find the line on which the table begins: below a title, which fills at most half of the columns."""
    filled = [(line, sum(map(bool, map(str.strip, cells)))) for line, cells in _first_records(text, delimiter)]
    counts = [count for _, count in filled]
    usual = max(counts, key=lambda count: (counts.count(count), count), default=0)
    if len(counts) < 3 or 2 * counts[0] > usual:
        return 1
    return next(line for line, count in filled if 2 * count > usual)


def _from_line(lines: Iterator[str], first: int) -> Iterator[str]:
    """Blank the lines above one, so that the others keep their numbers."""
    return chain(("\n" for _ in islice(lines, first - 1)), lines)


def _cells_tables(
    path: "str | os.PathLike[str]",
    lines: Iterator[str],
    rows: int | None,
    *,
    delimiter: str,
    notes: tuple[str, ...],
    header_line: int,
) -> Iterator[tuple[Table, tuple[BadCell, ...]]]:
    """Take a table apart, some rows at a time: the columns' names, and the cells of each."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    reading, first, handed_out = _Reading(), 0, False
    while True:
        room = _BLOCK if rows is None else min(_BLOCK, rows - reading.count)
        block: list[list[str]] = []
        try:
            block.extend(islice(reader, room))  # what comes before an error stays
        except csv.Error as error:
            raise _broken(path, reading, block, error) from None
        if block:
            reading.add(block, reader.line_num)
        if reading.names is None:
            if block:
                continue
            raise bad_lines(path, [(1, "the file is empty; its first line must name the columns")])
        if reading.count == rows or (not block and (reading.count or not handed_out)):
            names = reading.names
            columns = tuple(reading.columns) or tuple([] for _ in names)
            found, numbers = tuple(reading.lines), _numbers(first, len(reading.lines))
            source = os.fspath(path)
            table = Table(names, columns, source, found, notes, text=True, rows=numbers, header_line=header_line)
            yield table, tuple(reading.bad)
            first, handed_out = first + len(found), True
            reading = _Reading(names, next_line=reading.next_line)
        if not block:
            return


@attrs.define
class _Reading:
    """What has been read of a table so far, some hundred rows at a time, which stay in the processor's cache.

    Where cells repeat, equal ones become one object: whoever goes through the column will find it in the cache as well.
    """

    names: tuple[str, ...] | None = None
    columns: list[list[str]] = attrs.Factory(list)
    known: list[dict[str, str] | None] = attrs.Factory(list)
    lines: list[int] = attrs.Factory(list)
    bad: list[BadCell] = attrs.Factory(list)
    next_line: int = 1

    @property
    def count(self) -> int:
        """How many rows there are, and lines of which no row could be made."""
        return len(self.lines) + len(self.bad)

    def add(self, block: list[list[str]], read: int) -> None:
        """Add some records; ``read`` lines have been read with them."""
        width = len(self.names) if self.names is not None else 0
        plain = (
            width > 0
            and read - self.next_line + 1 == len(block)
            and set(map(len, block)) == {width}
            and all(cells[0].strip() or any(map(str.strip, cells)) for cells in block)
        )
        if plain:
            self.lines += range(self.next_line, read + 1)
        else:
            block = list(filter(self.takes, block))
        self.next_line = read + 1
        if block:
            self._turn(list(zip(*block, strict=True)))

    def takes(self, cells: list[str]) -> bool:
        """Take down a record's line, or what is wrong with it, and tell whether it is an account."""
        line = self.next_line
        self.next_line += 1 + sum(cell.count("\n") + cell.count("\r") - cell.count("\r\n") for cell in cells)
        if not any(map(str.strip, cells)):
            return False
        if self.names is None:
            self.names = tuple(map(header, cells))
            return False
        width = len(self.names)
        if any(map(str.strip, cells[width:])) or len(cells) < width:
            way_out = "; quote a cell that holds the separator" if len(cells) > width else ""
            reason = f"{width} columns are named, but the number of cells is {len(cells)}{way_out}"
            self.bad.append(bad_line(line, reason, tuple(cells)))
            return False
        del cells[width:]  # blanks that a spreadsheet has added
        self.lines.append(line)
        return True

    def _turn(self, block: list[tuple[str, ...]]) -> None:
        """Turn rows into columns."""
        if not self.columns:
            self.columns = [[] for _ in block]
            self.known = [{} if 2 * len(set(cells)) < len(cells) else None for cells in block]
        for column, known, cells in zip(self.columns, self.known, block, strict=True):
            column.extend(cells if known is None else map(known.setdefault, cells, cells))


def _broken(
    path: "str | os.PathLike[str]", reading: _Reading, before: list[list[str]], error: csv.Error
) -> AccountsFileError:
    """Make the error for a table that cannot be taken apart: nobody knows where the next record begins."""
    for cells in before:
        reading.takes(cells)
    reason = next((known for part, known in _QUOTES.items() if part in str(error)), str(error))
    return AccountsFileError(os.fspath(path), [*reading.bad, bad_line(reading.next_line, reason)])
