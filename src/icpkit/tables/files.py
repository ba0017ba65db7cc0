"""Files of accounts: every row typed by what a profile asks, and all mistakes at once."""

import csv
import io
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import attrs

from icpkit import views
from icpkit.errors import AccountsFileError, NoSuchFieldError, near
from icpkit.evaluation import MISSING, look_up
from icpkit.profile import Profile
from icpkit.tables.cells import TOGETHER, Read, Unreadable, asked_of, is_list, json_value, reading_of
from icpkit.typing import Offender, OnInvalid
from icpkit.value_functions import ValueFunction

#: What separates the columns, by the end of a file's name; None where each line is a JSON object.
DELIMITERS: Final[dict[str, str | None]] = {".csv": ",", ".tsv": "\t", ".jsonl": None, ".ndjson": None}
_SHOWN = 3


@attrs.frozen
class BadCell(Offender):
    """A cell or a line of a file that cannot be read as the profile asks.

    Attributes:
        key: the account's key, or None.
        attribute: the column, or an empty text where the whole line is meant.
        value: what stands there.
        reason: what is wrong with it.
        line: the line of the file, from 1.
        way_out: what to write in its place, where that is plain.
    """

    line: int = 0
    way_out: str = ""

    def describe(self, *, redact: bool = False) -> str:
        """Say it in one line.

        >>> BadCell("acme", "employees", "1,058", "not a plain number", 2, "write 1058").describe()
        "line 2: employees = '1,058': not a plain number; write 1058"
        """
        if not self.attribute:
            return f"line {self.line}: {self.reason}"
        told = Offender(None, self.attribute, self.value, self.reason).describe(redact=redact)
        way_out = f"; {self.way_out}" if self.way_out and not redact else ""  # it repeats the value
        return f"line {self.line}: {told}{way_out}"


@attrs.frozen
class Row:
    """One account of a file.

    Attributes:
        line: its line, from 1.
        key: its key as stripped text, empty where it has none.
        account: its values by column.
    """

    line: int
    key: str
    account: dict[str, Any]


@attrs.frozen
class Accounts:
    """The accounts of a file.

    Attributes:
        path: the file.
        key: the column that holds the keys, or None of a file without columns.
        rows: the accounts, in the file's order.
        bad: the cells that cannot be read as the profile asks; they stand in the rows as they are, and the profile's
            criteria will find them invalid.
        warnings: what else is worth telling, a sentence each.
    """

    path: str
    key: str | None
    rows: tuple[Row, ...]
    bad: tuple[BadCell, ...]
    warnings: tuple[str, ...]


def read_accounts(
    path: "str | os.PathLike[str]",
    profile: Profile,
    *,
    key: str | None = None,
    split: str = ";",
    on_invalid: OnInvalid = "raise",
    redact: bool = False,
) -> Accounts:
    r"""Read a CSV, TSV or JSON Lines file of accounts, each cell as the profile asks of its column.

    In CSV and TSV files numbers must be plain (1058, 0.25), truths true or false, yes or no, 1 or 0, dates ISO 8601,
    labels separated by ``split`` or a JSON list, events a JSON list; a blank cell is unknown. Other columns stay text.
    In JSON Lines values are what they are. Text is UTF-8.

    Args:
        path: a file that ends in ``.csv``, ``.tsv``, ``.jsonl`` or ``.ndjson``.
        profile: the profile that will score the accounts.
        key: the column that holds the keys; None for the first.
        split: what separates several labels, or several dates, in one cell.
        on_invalid: ``"raise"``, or ``"unknown"`` to leave cells that cannot be read to the scorer, and list them.
        redact: keeps values out of messages.

    Raises:
        AccountsFileError: with all cells, or all lines, that cannot be read.
        NoSuchFieldError: for a key column that the file does not have.
        OSError: for a file that cannot be opened.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "accounts.csv")
    >>> _ = path.write_text("id,employees,technologies\nacme,320,Slack; Jira\n")
    >>> profile = icp.standard_profile().without("firmographics/founded")
    >>> accounts = read_accounts(path, profile)
    >>> accounts.rows[0].account
    {'id': 'acme', 'employees': 320, 'technologies': ['Slack', 'Jira']}
    """
    kind = Path(path).suffix.lower()
    if kind not in DELIMITERS:
        raise ValueError(f"a file of accounts must end in {', '.join(DELIMITERS)} (got {os.fspath(path)!r})")
    if on_invalid not in {"raise", "unknown"}:
        raise ValueError(f'on_invalid must be "raise" or "unknown" (got {on_invalid!r})')
    if not split:
        raise ValueError("split must not be empty")
    asked = asked_of(profile)
    text = _text_of(path)
    delimiter = DELIMITERS[kind]
    bad: list[BadCell] = []
    warnings: list[str] = []
    if delimiter is None:
        listed = _json_accounts(path, text)
        names = list(dict.fromkeys(name for _, account in listed for name in account))
    else:
        names, records = _records(path, text, delimiter)
        readings = {name: reading_of(functions, split) for name, functions in asked.items() if name in names}
        listed, bad = _typed(names, records, readings, key or names[0])
        warnings = _separator_warnings(names, records, asked, split)
    column = next(iter(names), None) if key is None else key
    rows = _with_keys(listed, column, names)
    if bad and on_invalid == "raise":
        raise AccountsFileError(os.fspath(path), bad, redact=redact, hint=_HINT)
    warnings = [
        *_missing_warnings(rows, names, asked, "field" if delimiter is None else "column"),
        *_contradictions(asked, names),
        *warnings,
        *_key_warnings(rows, redact=redact),
    ]
    return Accounts(os.fspath(path), column, tuple(rows), tuple(bad), tuple(warnings))


#: Accounts by column, each with its line.
_Listed: TypeAlias = list[tuple[int, dict[str, Any]]]
#: The cells of a table, row by row, each row with its line.
_Records: TypeAlias = list[tuple[int, list[str]]]
_HINT = 'mend the cells, blank where unknown, or pass on_invalid="unknown" to take them as unknown'


def _text_of(path: "str | os.PathLike[str]") -> str:
    raw = Path(path).read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _bad_lines(path, [(1, "the file is UTF-16; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        reason = f"the byte 0x{error.object[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise _bad_lines(path, [(line, f"{reason} (in a spreadsheet: “CSV UTF-8”)")]) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise _bad_lines(path, [(line, "a NUL character: the file is damaged, or it is no text")])
    return text


def _bad_lines(path: "str | os.PathLike[str]", told: Iterable[tuple[int, str]], hint: str = "") -> AccountsFileError:
    cells = [BadCell(None, "", None, reason, line) for line, reason in told]
    return AccountsFileError(os.fspath(path), cells, hint=hint)


def _json_accounts(path: "str | os.PathLike[str]", text: str) -> _Listed:
    listed: _Listed = []
    told: list[tuple[int, str]] = []
    for line, written in enumerate(text.split("\n"), 1):  # other line ends may stand within a text
        if not written.strip():
            continue
        try:
            account = json_value(written.strip())
        except ValueError as error:
            told.append((line, f"no JSON: {error}"))
            continue
        if isinstance(account, dict):
            listed.append((line, account))
        else:
            told.append((line, f"{'a JSON list' if isinstance(account, list) else 'a JSON value'}, but no object"))
    if told:
        hint = 'each line must be one account, as a whole JSON object such as {"id": "acme", "employees": 320}'
        raise _bad_lines(path, told, hint)
    return listed


_QUOTES = {
    "unexpected end of data": "a quotation mark is opened and never closed",
    "expected after": 'text follows a closing quotation mark; within quotes, write a quotation mark twice ("")',
    "field larger": f"a cell beyond {csv.field_size_limit():,} characters, or a quotation mark that is never closed",
}


def _records(path: "str | os.PathLike[str]", text: str, delimiter: str) -> tuple[list[str], _Records]:
    """Take a table apart: the columns, and each row with its line."""
    head = text.strip().partition("\n")[0]
    other = next((sign for sign in ",;\t|" if sign in head), None)
    if other and delimiter not in head:
        reason = f"the columns are separated by {other!r}; save the file with commas as .csv, or with tabs as .tsv"
        raise _bad_lines(path, [(1, reason)])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: _Records = []
    told: list[tuple[int, str]] = []
    line = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        told.append((line, next((known for part, known in _QUOTES.items() if part in str(error)), str(error))))
    if not records:
        raise _bad_lines(path, told or [(1, "the file is empty; its first line must name the columns")])
    (first, header), *records = records
    columns = [name.strip() for name in header]
    if wrong := _header_mistakes(columns):
        raise _bad_lines(path, [(first, reason) for reason in wrong])
    for line, cells in records:
        if len(cells) != len(columns):
            way_out = "; quote a cell that holds the separator" if len(cells) > len(columns) else ""
            told.append((line, f"{len(columns)} columns are named, but the number of cells is {len(cells)}{way_out}"))
    if told:
        raise _bad_lines(path, sorted(told))
    return columns, records


def _header_mistakes(columns: list[str]) -> list[str]:
    told = [f"column {index} has no name" for index, name in enumerate(columns, 1) if not name]
    counts = Counter(columns)
    for name in (name for name, count in counts.items() if name and count > 1):
        where = [str(index) for index, other in enumerate(columns, 1) if other == name]
        told.append(f"columns {', '.join(where)} have the same name, {name!r}")
    return told


def _typed(
    columns: list[str], records: _Records, readings: dict[str, Read | None], key: str
) -> tuple[_Listed, list[BadCell]]:
    listed: _Listed = []
    bad: list[BadCell] = []
    for line, cells in records:
        account: dict[str, Any] = dict(zip(columns, cells, strict=True))
        for column, read in readings.items():
            raw = account[column]
            cell = raw.strip()
            try:
                account[column] = None if not cell else raw if read is None else read(cell)
            except Unreadable as error:  # the raw text stays: no view takes it for a value
                bad.append(BadCell(account.get(key), column, raw, error.reason, line, error.way_out))
        listed.append((line, account))
    return listed, bad


def _with_keys(listed: _Listed, key: str | None, names: list[str]) -> list[Row]:
    """Take out the keys, and make sure that every account has that field, if only with nothing in it."""
    if key is None:
        return [Row(line, "", account) for line, account in listed]
    found = [look_up(account.get, key, MISSING) for _, account in listed]
    if key not in names and all(value is MISSING for value in found):
        raise NoSuchFieldError(key, names)
    for (_, account), value in zip(listed, found, strict=True):
        if value is MISSING:
            account[key] = None
    keys = ["" if value is MISSING or views.is_unknown(value) else str(value).strip() for value in found]
    return [Row(line, known, account) for (line, account), known in zip(listed, keys, strict=True)]


# Warnings


def _missing_warnings(
    rows: list[Row], names: list[str], asked: dict[str, tuple[ValueFunction, ...]], kind: str
) -> Iterator[str]:
    spare = [name for name in names if name not in asked]
    for name, functions in asked.items():
        if not rows or name in names or any(look_up(row.account.get, name, MISSING) is not MISSING for row in rows):
            continue
        never = all(function.absent == "never" for function in functions)
        taken = "it is taken as never for every account" if never else "it is unknown for every account"
        hint = near(name, spare)
        yield f"the file has no {kind} {name!r}, which the profile reads: {taken}" + (f" ({hint})" if hint else "")


def _contradictions(asked: dict[str, tuple[ValueFunction, ...]], names: list[str]) -> Iterator[str]:
    for name, functions in asked.items():
        wanted = sorted({function.view for function in functions})
        if name in names and len(wanted) > 1 and not any(together.issuperset(wanted) for together in TOGETHER):
            yield f"the profile reads {name!r} as {' and as '.join(wanted)}, which no value is at once"


def _separator_warnings(
    columns: list[str], records: _Records, asked: dict[str, tuple[ValueFunction, ...]], split: str
) -> list[str]:
    told = []
    for index, column in enumerate(columns):
        if not any(function.view == "labels" for function in asked.get(column, ())):
            continue
        cells = [cell for cell in (cells[index].strip() for _, cells in records) if cell and not is_list(cell)]
        if any(split in cell for cell in cells):
            continue
        for other in (",", "|", ";"):
            count = sum(other in cell for cell in cells)
            if count and 4 * count >= len(cells):
                told.append(
                    f"no cell of the column {column!r} holds {split!r}, and {count} of {len(cells)} hold {other!r}, "
                    f'each now one label: to split them, pass --split "{other}"'
                )
                break
    return told


def _key_warnings(rows: list[Row], *, redact: bool) -> Iterator[str]:
    lines: dict[str, list[int]] = {}
    for row in rows:
        lines.setdefault(row.key, []).append(row.line)
    if unnamed := lines.pop("", None):
        yield f"accounts without a key: {len(unnamed)} ({_lines_text(unnamed)})"
    twice = [(found, at) for found, at in lines.items() if len(at) > 1]
    if twice:
        told = [_lines_text(at) if redact else f"{found!r} ({_lines_text(at)})" for found, at in twice[:_SHOWN]]
        more = f" and {len(twice) - _SHOWN} more" if len(twice) > _SHOWN else ""
        yield f"keys that stand for more than one account: {', '.join(told)}{more}"


def _lines_text(lines: list[int]) -> str:
    shown = ", ".join(map(str, lines[:_SHOWN]))
    more = f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return f"line{'s' if len(lines) > 1 else ''} {shown}{more}"
