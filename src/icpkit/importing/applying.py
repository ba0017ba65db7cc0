"""Field maps at work: from a table of raw values to accounts, each distinct cell read once."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from icpkit.adapters import table_of
from icpkit.errors import AccountsFileError, MissingColumnsError
from icpkit.importing.accounts import Accounts, BadCell, FieldReading
from icpkit.importing.columns import read_column
from icpkit.importing.fields import Field, FieldMap, Missing
from icpkit.importing.headers import column_of, header
from icpkit.table import Table
from icpkit.typing import OnInvalid
from icpkit.views import is_unknown

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
    table = table_of(data).filled()
    found = {field.attribute: column_of(table, field.columns, field.nth) for field in fields.fields}
    absent = [field for field in fields.fields if found[field.attribute] is None and not field.optional]
    if not absent and not any(found.values()):  # another table altogether, though every column may be absent
        absent = list(fields.fields)
    absent = absent if table.names else []  # no records at all lack no column
    if absent and missing == "raise":
        raise MissingColumnsError(
            table.source, {field.attribute: _wanted(field) for field in absent}, [name for name in table.names if name]
        )
    columns: list[tuple[Any, ...]] = []
    readings: list[FieldReading] = []
    bad: list[BadCell] = []
    for field in fields.fields:
        name, column = found[field.attribute] or ("", [None] * len(table))
        text = table.text and found[field.attribute] is not None
        values, reading, wrong = read_column(field, fields, name, column, text=text)
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
        rows=tuple(table.rows),
        bad=tuple(bad),
        readings=tuple(readings),
        left_out=_left_out(fields, table, {one[0] for one in found.values() if one}),
        fields=fields,
    )
    accounts = derived(accounts, derive or {}, redact=redact)
    warnings = [*table.notes, *unnamed(table), *_not_there(absent), *_twice(fields, table)]
    warnings += key_warnings(accounts, redact=redact)
    return attrs.evolve(accounts, warnings=tuple(warnings))


def _left_out(fields: FieldMap, table: Table, read: Collection[str]) -> tuple[str, ...]:
    """Name the columns that the map does not name, and that are not read under a name that a reader gave them."""
    named = {header(name).partition(".")[0] for field in fields.fields for name in field.columns}
    named |= {header(name) for field in fields.fields for name in field.columns}
    return tuple(name for name in table.names if name and header(name) not in named and name not in read)


def _placed(cell: BadCell, table: Table, keys: Sequence[Any]) -> BadCell:
    row = cell.row - 1
    key, line = keys[row], table.lines[row] if table.lines else 0
    return attrs.evolve(cell, line=line, row=table.number(row), key=None if key is None else str(key))


def derived(
    accounts: Accounts, derive: Mapping[str, Callable[[dict[str, Any]], Any]], *, redact: bool = False
) -> Accounts:
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
            except Exception as error:  # noqa: BLE001  # a user's function may raise what it likes
                where = f"{accounts.source}, {accounts.place(row)}"
                told = type(error).__name__ if redact else f"{type(error).__name__}: {error}"
                raise ValueError(
                    f"{where}: the derived attribute {name!r} fails with {told}; "
                    "its function must take unknown attributes, which are None"
                ) from (None if redact else error)
        accounts = attrs.evolve(accounts, names=(*accounts.names, name), columns=(*accounts.columns, tuple(values)))
    return accounts


# Warnings


def _wanted(field: Field) -> tuple[str, ...]:
    """Say which columns a field could be read from."""
    return tuple(name if field.nth == 1 else f"{name} (nth = {field.nth})" for name in field.columns)


def _not_there(absent: Sequence[Field]) -> Iterable[str]:
    """Warn of columns that are not there, and may be taken as unknown."""
    for field in absent:
        columns = " or ".join(map(repr, _wanted(field)))
        yield f"there is no column {columns}, so that {field.attribute!r} is unknown for every account"


def unnamed(table: Table) -> Iterator[str]:
    """Warn of columns that have no name, and are left out."""
    for place, (name, column) in enumerate(zip(table.names, table.columns, strict=True), 1):
        if not name and not all(map(is_unknown, column)):
            yield f"column {place} has no name and is left out"


def _twice(fields: FieldMap, table: Table) -> Iterable[str]:
    """Warn where a column comes twice, and the map does not say which is meant."""
    readers = Counter(name for field in fields.fields for name in set(field.columns))
    known = Counter(map(header, table.names))
    for field in fields.fields:
        names = [name for name in field.columns if known[header(name)] > 1]
        if names and field.nth == 1 and all(readers[name] == 1 for name in names):
            count = known[header(names[0])]
            yield (
                f"{count} columns are called {names[0]!r}, and the first is read as {field.attribute!r}: "
                "declare nth = 1 … for each that you want"
            )


def key_warnings(accounts: Accounts, *, redact: bool = False) -> Iterable[str]:
    """Warn of accounts without a key, and of keys that several accounts have."""
    if accounts.key is None:
        return
    if len(set(accounts.keys)) == len(accounts) and "" not in accounts.keys:
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
    shown = ", ".join(str(accounts.lines[row] if accounts.lines else accounts.number(row)) for row in rows[:_SHOWN])
    more = f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else ""
    return f"{kind}{'s' if len(rows) > 1 else ''} {shown}{more}"
