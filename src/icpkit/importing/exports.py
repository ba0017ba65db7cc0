"""Exports as accounts: a file, read as a field map declares, or strictly as a profile asks."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from icpkit.errors import AccountsFileError, NoSuchFieldError, near
from icpkit.evaluation import MISSING, look_up
from icpkit.importing.accounts import Accounts, BadCell
from icpkit.importing.applying import apply_fields, derived, key_warnings, unnamed
from icpkit.importing.fields import FieldMap, Missing
from icpkit.importing.files import DELIMITERS, check_ending, read_table, read_tables
from icpkit.importing.lines import bad_lines
from icpkit.importing.strict import TOGETHER, Read, asked_of, is_list, strict_reading
from icpkit.parsing import Unreadable
from icpkit.profile import Profile
from icpkit.table import Table
from icpkit.typing import OnInvalid
from icpkit.value_functions import ValueFunction

_HINT = (
    "mend the cells, blank where unknown, declare how they are read in a field map, "
    'or pass on_invalid="unknown" to take them as unknown'
)


def read_accounts(
    path: "str | os.PathLike[str]",
    how: FieldMap | Profile,
    *,
    key: str | None = None,
    split: str = ";",
    derive: Mapping[str, Callable[[dict[str, Any]], Any]] | None = None,
    on_invalid: OnInvalid = "raise",
    missing: Missing = "raise",
    redact: bool = False,
) -> Accounts:
    r"""Read a CSV, TSV or JSON Lines file of accounts, as a field map declares, or strictly as a profile asks.

    A field map names the columns and says how each is read. Without one, each cell is read as the profile asks of the
    column of that name: numbers must be plain (1058, 0.25), truths true or false, yes or no, 1 or 0, dates ISO 8601,
    labels separated by ``split`` or a JSON list, events a JSON list; other columns stay text. A blank cell is unknown.
    Encoding and separator are found out, and said in the warnings.

    Args:
        path: a file that ends in ``.csv``, ``.tsv``, ``.jsonl`` or ``.ndjson``.
        how: a field map, or the profile that will score the accounts.
        key: the attribute that holds the keys; None for the field map's, or the first column.
        split: without a field map, what separates several labels, or several dates, in one cell.
        derive: attributes that are made of the others, each by a function of one account.
        on_invalid: ``"raise"``, or ``"unknown"`` to go on without cells and lines that cannot be read, and list them.
        missing: ``"raise"``, or ``"unknown"`` to take columns that the map names and the file lacks as unknown.
        redact: keeps values out of messages.

    Raises:
        AccountsFileError: with all cells, or all lines, that cannot be read.
        MissingColumnsError: with all columns that the map names and the file lacks.
        NoSuchFieldError: for a key that the file does not have.
        OSError: for a file that cannot be opened.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "accounts.csv")
    >>> _ = path.write_text('id,revenue,tools\nacme,18.3 MM,"Slack, Jira"\n')
    >>> fields = icp.FieldMap([icp.Field("id"), icp.Field("annual_revenue", "revenue", parse="number")])
    >>> icp.read_accounts(path, fields)[0]
    {'id': 'acme', 'annual_revenue': 18300000}
    """
    _check_settings(how, on_invalid, split)
    return _accounts(
        path,
        read_table(path, **_written_as(how)),
        how,
        key=key,
        split=split,
        derive=derive,
        on_invalid=on_invalid,
        missing=missing,
        redact=redact,
    )


def accounts_in_pieces(
    path: "str | os.PathLike[str]",
    how: FieldMap | Profile,
    *,
    rows: int,
    key: str | None = None,
    on_invalid: OnInvalid = "raise",
    redact: bool = False,
) -> Iterator[Accounts]:
    r"""Read a file of accounts some rows at a time, as `read_accounts` reads the whole: one piece of it is held.

    Each cell is read as there. What concerns many rows concerns those of one piece: an error lists what is wrong in the
    first piece that has something, and keys that several accounts have are told where these stand in one piece.

    Args:
        path: as for `read_accounts`.
        how: as for `read_accounts`.
        rows: how many accounts, or lines that are none, a piece holds at most.
        key: as for `read_accounts`.
        on_invalid: as for `read_accounts`.
        redact: as for `read_accounts`.

    Raises:
        AccountsFileError: as for `read_accounts`, when the piece is reached.
        MissingColumnsError: as for `read_accounts`.
        NoSuchFieldError: as for `read_accounts`.
        OSError: for a file that cannot be opened.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "accounts.csv")
    >>> _ = path.write_text("id,employees\nacme,320\nglobex,70\nhooli,\n")
    >>> [piece.keys for piece in accounts_in_pieces(path, icp.standard_profile(), rows=2)]
    [('acme', 'globex'), ('hooli',)]
    """
    _check_settings(how, on_invalid)
    for found in read_tables(path, rows=rows, **_written_as(how)):
        yield _accounts(path, found, how, key=key, on_invalid=on_invalid, redact=redact)


def _check_settings(how: FieldMap | Profile, on_invalid: OnInvalid, split: str = ";") -> None:
    if on_invalid not in {"raise", "unknown"}:
        raise ValueError(f'on_invalid must be "raise" or "unknown" (got {on_invalid!r})')
    if not isinstance(how, FieldMap | Profile):
        raise TypeError(f"read_accounts() needs a FieldMap or a Profile second (got {type(how).__name__})")
    if not split and isinstance(how, Profile):
        raise ValueError("split must not be empty")


def _written_as(how: FieldMap | Profile) -> dict[str, Any]:
    """Give what a field map says of the file itself."""
    if isinstance(how, Profile):
        return {}
    return {"encoding": how.encoding, "delimiter": how.delimiter, "header_line": how.header_line}


def _accounts(
    path: "str | os.PathLike[str]",
    found: tuple[Table, tuple[BadCell, ...]],
    how: FieldMap | Profile,
    *,
    key: str | None,
    split: str = ";",
    derive: Mapping[str, Callable[[dict[str, Any]], Any]] | None = None,
    on_invalid: OnInvalid,
    missing: Missing = "raise",
    redact: bool,
) -> Accounts:
    """Read a table, the whole of a file or a piece of it, as `read_accounts` says."""
    table, bad = found
    if isinstance(how, FieldMap):
        fields = how if key is None else attrs.evolve(how, key=key)
        return apply_fields(
            fields, table, derive=derive, on_invalid=on_invalid, missing=missing, redact=redact, bad_lines=bad
        )
    text = DELIMITERS[check_ending(path)] is not None
    if bad and on_invalid == "raise":
        raise AccountsFileError(
            os.fspath(path), bad, hint="mend the lines; each must hold one account, as the first does"
        )
    accounts = _as_asked(table, asked_of(how), key, split, bad, text=text)
    if accounts.bad and on_invalid == "raise":
        raise AccountsFileError(os.fspath(path), accounts.bad, redact=redact, hint=_HINT)
    accounts = derived(accounts, derive or {}, redact=redact)
    return attrs.evolve(accounts, warnings=(*accounts.warnings, *key_warnings(accounts, redact=redact)))


def _as_asked(
    table: Table,
    asked: dict[str, tuple[ValueFunction, ...]],
    key: str | None,
    split: str,
    bad: Sequence[BadCell],
    *,
    text: bool,
) -> Accounts:
    """Read a table strictly; the cells that cannot be read stay as they are, and the criteria find them invalid."""
    _check_names(table, {*asked, key or next((name for name in table.names if name), "")})
    wrong = list(bad)
    columns: list[tuple[Any, ...]] = []
    names = list(dict.fromkeys(name for name in table.names if name))
    for name, column in zip(table.names, table.columns, strict=True):
        if not name or names[: len(columns)].count(name):
            continue
        values = tuple(column)
        if text and name in asked:
            values, told = _typed(name, column, strict_reading(asked[name], split), table)
            wrong += told
        columns.append(values)
    key = key if key is not None else next(iter(names), None)
    if key is not None and key not in names:  # within nested records, or nowhere
        found = [look_up(dict(zip(names, row, strict=True)).get, key, MISSING) for row in zip(*columns, strict=True)]
        if all(value is MISSING for value in found):
            raise NoSuchFieldError(key, names)
        names.append(key)
        columns.append(tuple(None if value is MISSING else value for value in found))
    keys = [None] * len(table) if key is None else columns[names.index(key)]
    wrong = [
        attrs.evolve(cell, key=keys[cell.row - 1], row=table.number(cell.row - 1)) if cell.row else cell
        for cell in wrong
    ]
    accounts = Accounts(
        names=tuple(names),
        columns=tuple(columns),
        key=key,
        source=table.source,
        lines=tuple(table.lines),
        rows=tuple(table.rows),
        bad=tuple(sorted(wrong, key=lambda cell: cell.line)),
    )
    kind = "column" if text else "field"
    warnings = (
        *table.notes,
        *unnamed(table),
        *_missing_warnings(accounts, asked, kind),
        *_contradictions(asked, names),
        *(_separator_warnings(table, asked, split) if text else ()),
    )
    return attrs.evolve(accounts, warnings=warnings)


def _check_names(table: Table, read: set[str]) -> None:
    """Refuse a name that several columns have, where it is read; a field map can say which of them is meant."""
    told = []
    for name, count in Counter(table.names).items():
        if name in read and count > 1:
            where = ", ".join(str(index) for index, other in enumerate(table.names, 1) if other == name)
            told.append((1, f"columns {where} have the same name, {name!r}; a field map can say which is meant (nth)"))
    if told:
        raise bad_lines(table.source, told)


def _typed(name: str, column: Sequence[str], read: Read | None, table: Table) -> tuple[tuple[Any, ...], list[BadCell]]:
    """Read a column of text, each distinct cell once."""
    values: dict[str, Any] = {}
    wrong: dict[str, Unreadable] = {}
    for raw in dict.fromkeys(column):
        cell = raw.strip()
        try:
            values[raw] = None if not cell else raw if read is None else read(cell)
        except Unreadable as error:  # the raw text stays: no view takes it for a value
            values[raw] = raw
            wrong[raw] = error
    made = tuple(map(values.__getitem__, column))
    bad = [
        BadCell(None, name, raw, wrong[raw].reason, table.lines[row], wrong[raw].way_out, row=row + 1)
        for row, raw in (enumerate(column) if wrong else ())
        if raw in wrong
    ]
    return made, bad


# Warnings


def absent_warnings(accounts: Accounts, profile: Profile) -> Iterator[str]:
    """Warn of attributes that a profile reads and accounts do not have."""
    yield from _missing_warnings(accounts, asked_of(profile), "attribute")


def _missing_warnings(accounts: Accounts, asked: dict[str, tuple[ValueFunction, ...]], kind: str) -> Iterator[str]:
    names = accounts.names
    spare = [name for name in names if name not in asked]
    for name, functions in asked.items():
        if not len(accounts) or name in names or _within(accounts, name):
            continue
        never = all(function.absent == "never" for function in functions)
        taken = "it is taken as never for every account" if never else "it is unknown for every account"
        hint = near(name, spare)
        holder = "the field map" if kind == "attribute" else "the file"
        yield f"{holder} has no {kind} {name!r}, which the profile reads: {taken}" + (f" ({hint})" if hint else "")


def _contradictions(asked: dict[str, tuple[ValueFunction, ...]], names: Sequence[str]) -> Iterator[str]:
    for name, functions in asked.items():
        wanted = sorted({function.view for function in functions})
        if name in names and len(wanted) > 1 and not any(together.issuperset(wanted) for together in TOGETHER):
            yield f"the profile reads {name!r} as {' and as '.join(wanted)}, which no value is at once"


def _separator_warnings(table: Table, asked: dict[str, tuple[ValueFunction, ...]], split: str) -> list[str]:
    told = []
    for column, cells in zip(table.names, table.columns, strict=True):
        if not any(function.view == "labels" for function in asked.get(column, ())):
            continue
        filled = [cell for cell in map(str.strip, cells) if cell and not is_list(cell)]
        if any(split in cell for cell in filled):
            continue
        for other in (",", "|", ";"):
            count = sum(other in cell for cell in filled)
            if count and 4 * count >= len(filled):
                told.append(
                    f"no cell of the column {column!r} holds {split!r}, and {count} of {len(filled)} hold {other!r}, "
                    f'each now one label: to split them, pass --split "{other}"'
                )
                break
    return told


def _within(accounts: Accounts, name: str) -> bool:
    """Tell whether any account has a field within nested records."""
    first = name.partition(".")[0]
    if first == name or first not in accounts.names:
        return False
    return any(look_up({first: one}.get, name, MISSING) is not MISSING for one in accounts.column(first))
