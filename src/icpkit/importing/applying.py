"""Field maps at work: from a table of raw values to accounts, each distinct cell read once."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs

from icpkit.adapters import table_of
from icpkit.errors import AccountsFileError, MissingColumnsError
from icpkit.importing.accounts import Accounts, BadCell, FieldReading
from icpkit.importing.cells import BAND, EMPTY, NAIVE, UNKNOWN, Noted, Read, reading_of
from icpkit.importing.fields import Field, FieldMap, Missing
from icpkit.importing.headers import column_of, header, places_of
from icpkit.parsing import Unreadable
from icpkit.table import Table
from icpkit.typing import OnInvalid

#: How many of a kind a warning names.
_SHOWN = 3
_HINT = (
    "declare how they are read in the field map, mend the cells, "
    'or pass on_invalid="unknown" to take them as unknown; a check counts them by column'
)


def apply_fields(
    fields: FieldMap,
    data: Any,
    *,
    derive: Mapping[str, Callable[[dict[str, Any]], Any]] | None = None,
    on_invalid: OnInvalid = "raise",
    missing: Missing = "raise",
    redact: bool = False,
    bad_lines: Sequence[BadCell] = (),
) -> Accounts:
    """Do what `FieldMap.apply` says; ``bad_lines`` are those of which no row could be made."""
    if on_invalid not in {"raise", "unknown"}:
        raise ValueError(f'on_invalid must be "raise" or "unknown" (got {on_invalid!r})')
    if missing not in {"raise", "unknown"}:
        raise ValueError(f'missing must be "raise" or "unknown" (got {missing!r})')
    table = table_of(data)
    found = {field.attribute: column_of(table, field.columns, field.nth) for field in fields.fields}
    absent = [field for field in fields.fields if found[field.attribute] is None and not field.optional]
    if absent and missing == "raise":
        raise MissingColumnsError(
            table.source, {field.attribute: field.columns for field in absent}, [name for name in table.names if name]
        )
    columns: list[tuple[Any, ...]] = []
    readings: list[FieldReading] = []
    bad: list[BadCell] = []
    for field in fields.fields:
        name, column = found[field.attribute] or ("", [None] * len(table))
        values, reading, wrong = _read(field, name, column, reading_of(field, fields))
        columns.append(values)
        readings.append(reading)
        bad += wrong
    names = tuple(field.attribute for field in fields.fields)
    key = fields.key_attribute
    keys = columns[names.index(key)]
    bad = sorted((*bad_lines, *(_placed(cell, table, keys) for cell in bad)), key=lambda cell: (cell.line, cell.row))
    if bad and on_invalid == "raise":
        raise AccountsFileError(table.source, bad, redact=redact, hint=_HINT)
    accounts = Accounts(
        names=names,
        columns=tuple(columns),
        key=key,
        source=table.source,
        lines=tuple(table.lines),
        bad=tuple(bad),
        readings=tuple(readings),
        left_out=_left_out(fields, table),
        fields=fields,
    )
    accounts = derived(accounts, derive or {})
    warnings = [*table.notes, *_twice(fields, table), *key_warnings(accounts, redact=redact)]
    return attrs.evolve(accounts, warnings=tuple(warnings))


def _left_out(fields: FieldMap, table: Table) -> tuple[str, ...]:
    """Name the columns that the map does not name."""
    named = {header(name).partition(".")[0] for field in fields.fields for name in field.columns}
    named |= {header(name) for field in fields.fields for name in field.columns}
    return tuple(name for name in table.names if name and header(name) not in named)


def _read(
    field: Field, name: str, column: Sequence[Any], read: Read
) -> tuple[tuple[Any, ...], FieldReading, list[BadCell]]:
    """Read a column, each distinct cell once."""
    counts, cells = _distinct(column)
    values: dict[Any, Any] = {}
    notes: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    wrong: dict[Any, Unreadable] = {}
    filled = 0
    for token, count in counts.items():
        cell = cells[token] if cells is not None else token
        try:
            value = read(cell)
        except Unreadable as error:
            wrong[token] = error
            value = None
            notes["bad"] += count
            filled += count
        if value.__class__ is Noted:
            value, note = value
            notes[note] += count
            if note == UNKNOWN:
                unknown[str(cell).strip()] += count
        values[token] = value
        if value is not None:
            filled += count
    tokens: Any = column if cells is None else map(id, column)
    made = tuple(map(values.__getitem__, tokens))
    reading = FieldReading(
        field.attribute,
        name,
        field.parse,
        filled,
        unknown=tuple(unknown.most_common()),
        empty=notes[EMPTY],
        bands=notes[BAND],
        bad=notes["bad"],
        naive=notes[NAIVE],
        currencies=tuple((code, count) for code, count in notes.most_common() if len(code) == 3 and code.isupper()),
    )
    bad = []
    if wrong:
        column_name = "" if name == field.attribute else name
        for row, cell in enumerate(column):
            token = cell if cells is None else id(cell)
            if token in wrong:
                told = wrong[token]
                bad.append(
                    BadCell(
                        None, field.attribute, cell, error.reason, 0, error.way_out, column=column_name, row=row + 1
                    )
                )
    return made, reading, bad


def _distinct(column: Sequence[Any]) -> tuple[Counter[Any], dict[int, Any] | None]:
    """Count the distinct cells of a column of text; those of other kinds, which may not be hashable, by identity."""
    kinds = set(map(type, column))
    if kinds <= {str, type(None)} or (len(kinds - {type(None)}) == 1 and kinds & {int, bool}):
        return Counter(column), None
    return Counter(map(id, column)), {id(cell): cell for cell in column}


def _placed(cell: BadCell, table: Table, keys: Sequence[Any]) -> BadCell:
    key = keys[cell.row - 1]
    return attrs.evolve(
        cell, line=table.lines[cell.row - 1] if table.lines else 0, key=None if key is None else str(key)
    )


def derived(accounts: Accounts, derive: Mapping[str, Callable[[dict[str, Any]], Any]]) -> Accounts:
    """Add attributes that are made of the others.

    Raises:
        ValueError: for an attribute that is there already, or a function that fails; it names the account.
    """
    for name, function in derive.items():
        if name in accounts.names:
            raise ValueError(f"a derived attribute must not be one that the accounts have (got {name!r})")
        values = []
        for row, account in enumerate(accounts):
            try:
                values.append(function(account))
            except Exception as error:
                where = f"{accounts.source}, {accounts.place(row)}"
                raise ValueError(
                    f"{where}: the derived attribute {name!r} fails with {type(error).__name__}: {error}; "
                    "its function must take unknown attributes, which are None"
                ) from error
        accounts = attrs.evolve(accounts, names=(*accounts.names, name), columns=(*accounts.columns, tuple(values)))
    return accounts


# Warnings


def _twice(fields: FieldMap, table: Table) -> Iterable[str]:
    """Warn where a column comes twice, and the map does not say which is meant."""
    for field in fields.fields:
        names = [name for name in field.columns if len(places_of(table, name)) > 1]
        others = [one for one in fields.fields if one is not field and set(one.columns) & set(names)]
        if names and field.nth == 1 and not others and table.lines:
            count = len(places_of(table, names[0]))
            yield (
                f"{count} columns are called {names[0]!r}, and the first is read as {field.attribute!r}: "
                "declare nth = 1 … for each that you want"
            )


def key_warnings(accounts: Accounts, *, redact: bool = False) -> Iterable[str]:
    """Warn of accounts without a key, and of keys that several accounts have."""
    if accounts.key is None:
        return
    rows: dict[str, list[int]] = {}
    for row, key in enumerate(accounts.keys):
        rows.setdefault(key, []).append(row)
    if unnamed := rows.pop("", None):
        yield f"accounts without a key: {len(unnamed)} ({_places(accounts, unnamed)})"
    twice = [(key, at) for key, at in rows.items() if len(at) > 1]
    if twice:
        told = [_places(accounts, at) if redact else f"{key!r} ({_places(accounts, at)})" for key, at in twice[:_SHOWN]]
        more = f" and {len(twice) - _SHOWN:,} more" if len(twice) > _SHOWN else ""
        yield f"keys that stand for more than one account: {', '.join(told)}{more}"


def _places(accounts: Accounts, rows: Sequence[int]) -> str:
    kind = "line" if accounts.lines else "row"
    shown = ", ".join(str(accounts.lines[row] if accounts.lines else row + 1) for row in rows[:_SHOWN])
    more = f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else ""
    return f"{kind}{'s' if len(rows) > 1 else ''} {shown}{more}"
