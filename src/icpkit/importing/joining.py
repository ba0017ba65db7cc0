"""Tables joined to accounts by key, and what found nothing on both sides."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs

from icpkit.errors import DefinitionError, NoSuchFieldError, near
from icpkit.importing.accounts import Accounts
from icpkit.importing.long import SHOWN, key_text, long_table_of, loosely, rows_text, some, some_named
from icpkit.importing.rules import of_none


def join(
    accounts: Any,
    *others: Any,
    key: str | None = None,
    complete: bool | str | Iterable[str] = False,
    fold_keys: bool = False,
    **named: Any,
) -> Accounts:
    r"""Give accounts the attributes of other tables, by key.

    Args:
        accounts: the accounts: what has been read, or a table with ``key``.
        others: tables with one row for each account, as `accounts_from`, `labels_from` and `events_from` make them.
        key: the column of the keys in tables that do not know theirs.
        complete: which attributes, or tables given by name, say all that there is, True for all: an account that has no
            row there has an empty list and a count of 0, not an unknown. A sum or a date stays unknown.
        fold_keys: whether keys that differ only in case and blanks are one.
        named: tables, by the names by which warnings call them: ``join(crm, deals=…, technologies=…)``.

    Returns:
        The accounts, each as before and with more attributes; their ``warnings`` say which keys found nothing, on
        both sides, and which would but for case and blanks.

    Raises:
        NoSuchFieldError: for a key column that is not there.
        DefinitionError: for a table with several rows for one key, or an attribute that is there already.

    >>> crm = [{"id": "acme", "employees": 320}, {"id": "globex", "employees": 80}]
    >>> from icpkit.importing.long import labels_from
    >>> rows = [{"id": "acme", "technology": "Slack"}, {"id": "Globex", "technology": "Jira"}]
    >>> tech = labels_from(rows, "id", "technology")
    >>> both = join(crm, tech=tech, key="id")
    >>> both["acme"]
    {'id': 'acme', 'employees': 320, 'technology': ['Slack']}
    >>> print(*both.warnings, sep="\n")
    1 key of tech in no account: 'Globex' (near: 'Globex' ~ 'globex'; fold_keys=True takes them as one)
    1 of 2 accounts without a row in tech, unknown
    """
    base = _keyed(accounts, key, "accounts")
    tables = [(other.source, other) for other in (_keyed(other, key, "table") for other in others)]
    tables += [(name, _keyed(other, key, name)) for name, other in named.items()]
    wanted = _wanted(tables, complete)
    keys = [key_text(value) for value in base.column(base.key or "")]
    told = [*base.warnings, *_key_warnings(keys, base.key)]
    names, columns, readings = list(base.names), list(base.columns), list(base.readings)
    for name, table in tables:
        _check_new(name, table, names, fold_keys=fold_keys)
        found, more = _found(keys, name, table, fold_keys=fold_keys)
        told += [f"{name}: {warning}" for warning in table.warnings] + more
        none: list[str] = []
        for attribute, column in zip(table.names, table.columns, strict=True):
            if attribute == table.key:
                continue
            of_none = _of_none(table, attribute) if wanted & {"*", name, attribute} else None
            none += [attribute] if of_none is not None else []
            names.append(attribute)
            columns.append(tuple(_at(column, row, of_none, one) for row, one in zip(found, keys, strict=True)))
        readings += table.readings
        if absent := sum(row is None for row, one in zip(found, keys, strict=True) if one):
            taken = f", taken as none for {some_named(none, 10)}" if none else ", unknown"
            told.append(f"{absent:,} of {len(keys):,} accounts without a row in {name}{taken}")
    return attrs.evolve(
        base, names=tuple(names), columns=tuple(columns), warnings=tuple(told), readings=tuple(readings)
    )


def _keyed(data: Any, key: str | None, name: str) -> Accounts:
    """Take accounts, or make some of a table, with keys."""
    if isinstance(data, bool):
        hint = near(name, ("complete", "fold_keys"))
        raise TypeError(f"join() takes tables by name, and {name}={data} is none" + (f"; {hint}" if hint else ""))
    if isinstance(data, Accounts) and data.key is not None:
        return data
    if key is None:
        problem = f"must be given for {name}, since it does not know its own (got None)"
        raise DefinitionError("join", "key", problem, hint='key="account_id", the column that holds the keys')
    table = long_table_of(data)
    if key not in table.names:
        raise NoSuchFieldError(key, table.names)
    if twice := [one for one, count in Counter(table.names).items() if count > 1]:
        raise DefinitionError("join", name, f"must have distinct columns (got {some_named(twice)} more than once)")
    if isinstance(data, Accounts):
        return attrs.evolve(data, key=key)
    columns = tuple(map(tuple, table.columns))
    return Accounts(names=table.names, columns=columns, key=key, source=table.source, lines=tuple(table.lines))


def _wanted(tables: Sequence[tuple[str, Accounts]], complete: Any) -> set[str]:
    """Give what is complete: ``"*"`` for all, else names of tables and attributes that are there."""
    if isinstance(complete, bool):
        return {"*"} if complete else set()
    wanted = [complete] if isinstance(complete, str) else list(complete)
    known = {name: True for name, _ in tables}
    for _, table in tables:
        known |= {one: _of_none(table, one) is not None for one in table.names if one != table.key}
    for name in wanted:
        if name not in known:
            hint = near(name, known) or f"what is joined: {', '.join(known)}"
            raise DefinitionError("join", "complete", f"must name tables or attributes (got {name!r})", name, hint=hint)
        if not known[name]:
            hint = "lists and counts alone have a value where nothing was found"
            raise DefinitionError("join", "complete", f"must not name {name!r}, which is then unknown", name, hint=hint)
    return set(wanted)


def _of_none(table: Accounts, attribute: str) -> Any:
    """Give what an attribute is where one has looked and found nothing; None where that is not known."""
    for reading in table.readings:
        if reading.attribute == attribute:
            return of_none(reading.parse)
    known = [value for value in table.column(attribute) if value is not None]
    return [] if known and all(isinstance(value, list | tuple) for value in known) else None


def _at(column: Sequence[Any], row: int | None, of_none: Any, key: str) -> Any:
    if row is not None:
        return column[row]
    return (list(of_none) if isinstance(of_none, list) else of_none) if key else None  # without a key nobody has looked


def _key_warnings(keys: Sequence[str], key: str | None) -> Iterator[str]:
    if nameless := keys.count(""):
        yield f"{nameless:,} of {len(keys):,} accounts without {key!r}, for which nothing can be found"
    if twice := [one for one, count in Counter(keys).items() if one and count > 1]:
        yield f"{_keys(len(twice))} of several accounts, which get the same: {some_named(twice)}"


def _check_new(name: str, table: Accounts, known: Sequence[str], *, fold_keys: bool) -> None:
    """Refuse several rows for one key, and attributes that are there already."""
    keys = [one for one in map(key_text, table.column(table.key or "")) if one]
    hint = "make it with accounts_from, labels_from or events_from" + (", and fold_keys=True" if fold_keys else "")
    seen: dict[str, str] = {}
    for one in keys:
        spelling = loosely(one) if fold_keys else one
        if spelling in seen:
            unlike = "" if seen[spelling] == one else f", which is {seen[spelling]!r} but for case and blanks"
            raise DefinitionError(
                "join", name, f"must have one row for each key (got several for {one!r}{unlike})", hint=hint
            )
        seen[spelling] = one
    clashes = [one for one in table.names if one != table.key and one in known]
    if clashes:
        way_out = f'take={{"{name.replace(" ", "_")}_{clashes[0]}": ("{clashes[0]}", …)}}, or name=… of a list'
        problem = f"must have attributes that are not there yet (got {some_named(clashes, 10)})"
        raise DefinitionError("join", name, problem, clashes, hint=f"give them another name: {way_out}")


def _found(keys: Sequence[str], name: str, table: Accounts, *, fold_keys: bool) -> tuple[list[int | None], list[str]]:
    """Find the row of each account, and say which rows belong to none."""
    rows = {key_text(value): row for row, value in enumerate(table.column(table.key or ""))}
    nameless = sum(not key_text(value) for value in table.column(table.key or ""))
    told = [f"{rows_text(nameless)} of {name} without {table.key!r}, left out"] if nameless else []
    rows.pop("", None)
    spelled: dict[str, dict[str, None]] = {}
    for one in filter(None, keys):
        spelled.setdefault(loosely(one), {})[one] = None
    exact = rows.keys() & set(keys)
    alike = {one: list(spelled[loosely(one)]) for one in rows if one not in exact and loosely(one) in spelled}
    # One that could be two accounts is left alone.
    folded = {one: known[0] for one, known in alike.items() if fold_keys and len(known) == 1}
    by_account = {known: rows[one] for one, known in folded.items()}
    found = [rows.get(one, by_account.get(one)) for one in keys]
    if folded:
        pairs = [f"{one!r} ~ {known!r}" for one, known in folded.items()]
        told.append(f"{_keys(len(folded))} of {name} found but for case and blanks: {some(pairs[:SHOWN], len(pairs))}")
    if unmatched := [one for one in rows if one not in exact and one not in folded]:
        pairs = [f"{one!r} ~ {' or '.join(map(repr, alike[one]))}" for one in unmatched if one in alike]
        way_out = "" if fold_keys else "; fold_keys=True takes them as one"
        near_text = f" (near: {some(pairs[:SHOWN], len(pairs))}{way_out})" if pairs else ""
        told.append(f"{_keys(len(unmatched))} of {name} in no account: {some_named(unmatched)}{near_text}")
    return found, told


def _keys(count: int) -> str:
    return f"{count:,} key{'s' if count != 1 else ''}"
