"""Files of accounts as tables of text: encodings, separators, headers and lines; nothing is guessed about values."""

import csv
import io
import os
from collections.abc import Iterable
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from icpkit.adapters import table_of
from icpkit.errors import AccountsFileError
from icpkit.importing.accounts import BadCell
from icpkit.parsing import json_value
from icpkit.table import Table

#: What separates the columns, by the end of a file's name; None where each line is a JSON object.
DELIMITERS: Final[dict[str, str | None]] = {".csv": ",", ".tsv": "\t", ".jsonl": None, ".ndjson": None}
_SHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OTHER_DELIMITERS = ";\t|,"
#: How many bytes tell UTF-16 without a mark, and how many records tell the separator.
_SAMPLE_BYTES, _SAMPLE = 4_096, 20


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
    path: "str | os.PathLike[str]", *, encoding: str | None = None, delimiter: str | None = None
) -> tuple[Table, tuple[BadCell, ...]]:
    r"""Read a file as a table, and tell the lines of which no row could be made.

    Args:
        path: a CSV, TSV or JSON Lines file.
        encoding: its encoding; None to find out: UTF-8, UTF-16 or cp1252.
        delimiter: what separates the columns; None to find out: a comma, semicolon, tab or bar.

    Raises:
        AccountsFileError: for a file that is no text, or has no header.
        OSError: for a file that cannot be opened.
        ValueError: for another ending.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "accounts.csv")
    >>> _ = path.write_bytes("id;name \nacme;Café\n".encode("cp1252"))
    >>> table, bad = read_table(path)
    >>> table.names, table.columns, bad
    (('id', 'name'), (('acme',), ('Café',)), ())
    >>> table.notes
    ('the file is not UTF-8 (line 2); it was read as cp1252, the Western encoding of Windows', "the columns are ...")
    """
    ending = check_ending(path)
    text, notes = _text_of(path, encoding)
    if DELIMITERS[ending] is None:
        return _json_table(path, text, notes)
    if delimiter is None:
        text, delimiter, told = _separated(text, DELIMITERS[ending] or ",")
        notes += told
    return _cells_table(path, text, delimiter, notes)


# Text


def _text_of(path: "str | os.PathLike[str]", encoding: str | None) -> tuple[str, tuple[str, ...]]:
    raw = Path(path).read_bytes()
    notes: tuple[str, ...] = ()
    if encoding is None:
        encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), None) or _unmarked(raw)
        if encoding.startswith("utf-16"):
            notes = ("the file was read as UTF-16",)
    else:
        encoding = "utf-8-sig" if encoding.lower().replace("_", "-") in {"utf-8", "utf8"} else encoding
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        if encoding != "utf-8":
            problem = f"the byte 0x{raw[error.start]:02x} is not {encoding}"
            raise bad_lines(
                path, [(line, f"{problem}; save the file as UTF-8 (in a spreadsheet: “CSV UTF-8”)")]
            ) from None
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError as other:
            problem = f"the byte 0x{raw[other.start]:02x} is neither UTF-8 nor cp1252"
            line = raw.count(b"\n", 0, other.start) + 1
            way_out = "save the file as UTF-8 (in a spreadsheet: “CSV UTF-8”), or declare its encoding in the field map"
            raise bad_lines(path, [(line, f"{problem}; {way_out}")]) from None
        notes = (f"the file is not UTF-8 (line {line}); it was read as cp1252, the Western encoding of Windows",)
    except LookupError:
        raise ValueError(f"FieldMap.encoding must name an encoding that Python knows (got {encoding!r})") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise bad_lines(path, [(line, "a NUL character: the file is damaged, or it is no text")])
    return text, notes


def _unmarked(raw: bytes) -> str:
    """Tell UTF-16 without a mark by its zeros: every second byte of plain letters is one."""
    sample = raw[:_SAMPLE_BYTES]
    if len(sample) >= 4 and sample.count(0) > len(sample) // 4:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        if min(even, odd) * 8 < max(even, odd):
            return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8"


def bad_lines(path: "str | os.PathLike[str]", told: Iterable[tuple[int, str]], hint: str = "") -> AccountsFileError:
    """Make the error for lines that are wrong as a whole."""
    return AccountsFileError(os.fspath(path), [_bad_line(line, reason) for line, reason in told], hint=hint)


def _bad_line(line: int, reason: str, value: object = None) -> BadCell:
    return BadCell(None, "", value, reason, line)


# JSON Lines


def _json_table(path: "str | os.PathLike[str]", text: str, notes: tuple[str, ...]) -> tuple[Table, tuple[BadCell, ...]]:
    lines: list[int] = []
    listed: list[dict[str, Any]] = []
    bad: list[BadCell] = []
    for line, written in enumerate(text.split("\n"), 1):  # other line ends may stand within a text
        if not written.strip():
            continue
        try:
            account = json_value(written.strip())
        except ValueError as error:
            bad.append(_bad_line(line, f"no JSON: {error}", written))
            continue
        if isinstance(account, dict):
            lines.append(line)
            listed.append(account)
        else:
            kind = "a JSON list" if isinstance(account, list) else "a JSON value"
            bad.append(_bad_line(line, f"{kind}, but no object", written))
    table = table_of(listed)
    return Table(table.names, table.columns, os.fspath(path), tuple(lines), notes), tuple(bad)


# Cells


_QUOTES = {
    "unexpected end of data": "a quotation mark is opened and never closed",
    "expected after": 'text follows a closing quotation mark; within quotes, write a quotation mark twice ("")',
    "field larger": f"a cell beyond {csv.field_size_limit():,} characters, or a quotation mark that is never closed",
}


def _separated(text: str, usual: str) -> tuple[str, str, tuple[str, ...]]:
    """Find what separates the columns: the usual sign, unless the first records say that it is another."""
    first, _, rest = text.partition("\n")
    declared = first.strip().lower().removeprefix('"').removesuffix('"')
    if declared.startswith("sep=") and len(declared) == len("sep=") + 1:  # written by spreadsheets for themselves
        return "\n" + rest, declared[-1], (f"the columns are separated by {declared[-1]!r}, as the first line says",)
    widths = {sign: _width(text, sign) for sign in {usual, *_OTHER_DELIMITERS}}
    if widths[usual] > 1:
        return text, usual, ()
    other = max(_OTHER_DELIMITERS, key=lambda sign: widths[sign])
    if widths[other] > 1:
        return text, other, (f"the columns are separated by {other!r}",)
    return text, usual, ()


def _width(text: str, delimiter: str) -> int:
    """Count the columns that a separator makes of the first records; 1 where they differ."""
    head = io.StringIO(text[: 2**16], newline="")
    widths = []
    try:
        for cells in csv.reader(head, delimiter=delimiter, strict=True):
            if any(map(str.strip, cells)):
                widths.append(len(cells))
            if len(widths) == _SAMPLE:
                break
    except csv.Error:  # the sample may end within quotes
        pass
    if not widths:
        return 1
    usual = max(set(widths), key=widths.count)
    return usual if widths[0] == usual else min(widths[0], 2) if widths[0] == max(widths) else 1


def _cells_table(
    path: "str | os.PathLike[str]", text: str, delimiter: str, notes: tuple[str, ...]
) -> tuple[Table, tuple[BadCell, ...]]:
    """Take a table apart: the columns' names, and the cells of each."""
    numbered, told = _records(text, delimiter)
    if not numbered:
        raise bad_lines(path, told or [(1, "the file is empty; its first line must name the columns")])
    (_, header), *numbered = numbered
    names = tuple(name.replace("\ufeff", "").strip().strip('"').strip() for name in header)
    width = len(names)
    bad = [_bad_line(line, reason) for line, reason in told]
    kept = []
    for line, cells in numbered:
        if len(cells) == width:
            kept.append((line, cells))
        elif len(cells) > width and not any(map(str.strip, cells[width:])):  # blanks that a spreadsheet has added
            kept.append((line, cells[:width]))
        else:
            way_out = "; quote a cell that holds the separator" if len(cells) > width else ""
            reason = f"{width} columns are named, but the number of cells is {len(cells)}{way_out}"
            bad.append(_bad_line(line, reason, tuple(cells)))
    bad.sort(key=lambda cell: cell.line)
    if told:  # nobody knows where the next record begins
        raise AccountsFileError(os.fspath(path), bad)
    lines = tuple(map(itemgetter(0), kept))
    rows = list(map(itemgetter(1), kept))
    columns = tuple(tuple(map(itemgetter(index), rows)) for index in range(width))
    table = Table(names, columns, os.fspath(path), lines, notes)
    return table, tuple(bad)


def _records(text: str, delimiter: str) -> tuple[list[tuple[int, list[str]]], list[tuple[int, str]]]:
    """Give each record that is not blank with its line, and what is wrong with the text as a whole."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        records = list(reader)
    except csv.Error:
        return _records_so_far(text, delimiter)
    if reader.line_num != len(records):  # a cell holds line ends
        return _records_so_far(text, delimiter)
    return [(line, cells) for line, cells in enumerate(records, 1) if any(map(str.strip, cells))], []


def _records_so_far(text: str, delimiter: str) -> tuple[list[tuple[int, list[str]]], list[tuple[int, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    numbered: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                numbered.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        reason = next((known for part, known in _QUOTES.items() if part in str(error)), str(error))
        return numbered, [(line, reason)]
    return numbered, []
