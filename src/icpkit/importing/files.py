"""Files of accounts as tables of text: encodings, separators, headers and lines; nothing is guessed about values."""

import contextlib
import csv
import io
import itertools
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import attrs

from icpkit.adapters import table_of
from icpkit.errors import AccountsFileError
from icpkit.importing.accounts import BadCell
from icpkit.importing.headers import header
from icpkit.parsing import json_value
from icpkit.table import Table

#: What separates the columns, by the end of a file's name; None where each line is a JSON object.
DELIMITERS: Final[dict[str, str | None]] = {".csv": ",", ".tsv": "\t", ".jsonl": None, ".ndjson": None}
_SHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OTHER_DELIMITERS = ";\t|,"
#: How many bytes tell UTF-16 without a mark, and how many records tell the separator.
_SAMPLE_BYTES, _SAMPLE = 4_096, 20
#: How many rows are turned into columns at a time.
_BLOCK = 128
#: What Python takes for the end of a line, and a table does not.
_OTHER_LINE_ENDS = "\v\f\x1c\x1d\x1e\x85\u2028\u2029"


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
    ending = check_ending(path)
    text, notes = _text_of(path, encoding)
    if DELIMITERS[ending] is None:
        return _json_table(path, text, notes)
    text, said = _without_declaration(text)
    if delimiter is None:
        delimiter, told = _separator(text, DELIMITERS[ending] or ",", said)
        notes += told
    begins = 1
    if header_line is None:
        begins = _begins(text, delimiter)
        if begins > 1 and not find_header:
            reason = f"this looks like a title, and line {begins} like the header"
            hint = f"declare header_line = {begins} in the field map, or 1 if not; or delete the lines above"
            raise bad_lines(path, [(1, reason)], hint)
    begins = header_line or begins
    return _cells_table(path, _from_line(text, begins), delimiter, notes, begins)


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
        given = error.object  # without the mark
        line = given.count(b"\n", 0, error.start) + 1
        if encoding != "utf-8":
            problem = f"the byte 0x{given[error.start]:02x} is not {encoding.upper().removesuffix('-SIG')}"
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
    return text.lstrip("\ufeff"), notes  # a mark may come twice, or where the encoding was declared


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
    reader = csv.reader(io.StringIO(text[: 2**16], newline=""), delimiter=delimiter, strict=True)
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


def _from_line(text: str, line: int) -> str:
    """Blank the lines above one, so that the others keep their numbers."""
    above = re.match(rf"(?:[^\r\n]*(?:\r\n?|\n)){{{line - 1}}}", text)
    return text if line == 1 else "\n" * (line - 1) + (text[above.end() :] if above else "")


def _cells_table(
    path: "str | os.PathLike[str]", text: str, delimiter: str, notes: tuple[str, ...], header_line: int
) -> tuple[Table, tuple[BadCell, ...]]:
    """Take a table apart: the columns' names, and the cells of each."""
    # The text is cut where `csv` itself would cut it, but in one go.
    cut = not any(sign in text for sign in _OTHER_LINE_ENDS)
    written = text.splitlines(keepends=True) if cut else io.StringIO(text, newline="")
    reader = csv.reader(written, delimiter=delimiter, strict=True)
    reading = _Reading()
    try:
        while block := list(itertools.islice(reader, _BLOCK)):
            reading.add(block, reader.line_num)
    except csv.Error as error:
        raise _broken(path, text, delimiter, error) from None
    if reading.names is None:
        raise bad_lines(path, [(1, "the file is empty; its first line must name the columns")])
    columns = tuple(reading.columns) or tuple([] for _ in reading.names)
    lines = tuple(reading.lines)
    table = Table(reading.names, columns, os.fspath(path), lines, notes, text=True, header_line=header_line)
    return table, tuple(reading.bad)


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
            block = [cells for cells in block if self._takes(cells)]
        self.next_line = read + 1
        if block:
            self._turn(list(zip(*block, strict=True)))

    def _takes(self, cells: list[str]) -> bool:
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
            self.bad.append(_bad_line(line, reason, tuple(cells)))
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


def _broken(path: "str | os.PathLike[str]", text: str, delimiter: str, error: csv.Error) -> AccountsFileError:
    """Make the error for a table that cannot be taken apart: nobody knows where the next record begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    reading, line = _Reading(), 1
    with contextlib.suppress(csv.Error):
        for cells in reader:
            reading.add([cells], reader.line_num)
            line = reader.line_num + 1
    reason = next((known for part, known in _QUOTES.items() if part in str(error)), str(error))
    return AccountsFileError(os.fspath(path), [*reading.bad, _bad_line(line, reason)])
