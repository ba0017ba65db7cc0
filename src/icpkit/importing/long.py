"""Accounts from long tables, which have several rows for each: one is made of them by declared rules."""

import contextlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

import attrs

from icpkit import views
from icpkit.adapters import table_of
from icpkit.errors import AccountsFileError, DefinitionError, NoSuchFieldError, near
from icpkit.importing.accounts import Accounts, BadCell, FieldReading
from icpkit.importing.rules import Rule, read_rule
from icpkit.table import Table

#: How many of a kind a warning names.
SHOWN = 3
#: Values by row, of the rows that have one.
_ByRow: TypeAlias = dict[int, Any]
_HINT = (
    "mend the cells, or let a field map say how they are read, and fold what it makes of them: "
    "accounts_from(fields.apply(rows), …)"
)


def accounts_from(
    rows: Any,
    key: str,
    take: Mapping[str, str | tuple[str, str]],
    *,
    at: str | None = None,
    as_of: date | str | None = None,
    fold_keys: bool = False,
) -> Accounts:
    """Make one account of all rows that have the same key, each attribute by a rule.

    A rule is ``first`` or ``last`` (in the order of the rows), ``latest by COLUMN`` or ``earliest by COLUMN``, ``sum``,
    ``mean``, ``min``, ``max``, ``count``, ``count distinct``, ``union`` (of labels, and of lists of them), ``any`` or
    ``all`` (of truths). Only known values are looked at; of none, the count is 0 and all else is unknown.

    Args:
        rows: a data frame, an Arrow table, records, a mapping of columns, or accounts.
        key: the column that says which account a row is about; keys compare as stripped text.
        take: the rule of each attribute, by the name of its column, or ``(column, rule)`` where the attribute has
            another name: ``{"stage": "latest by close_date", "amount_won": ("amount", "sum")}``.
        at: the column that dates the rows; it goes with ``as_of``.
        as_of: a date, an aware datetime, or the ISO text of one: rows that ``at`` dates later, and rows without a date,
            are left out, and no rule looks at a later date.
        fold_keys: whether keys that differ only in case and blanks are one; the first spelling stays.

    Returns:
        Accounts in the order in which their keys first appear; their ``warnings`` say what was left out.

    Raises:
        NoSuchFieldError: for a key column that is not there.
        DefinitionError: for an unknown rule or column.
        AccountsFileError: with all values that their rules cannot take.
        AsOfError: for an ``as_of`` that is no moment.

    >>> deals = [
    ...     {"account_id": "acme", "stage": "Lost", "close_date": "2026-03-01", "amount": 500},
    ...     {"account_id": "acme", "stage": "Won", "close_date": "2026-08-15", "amount": 700},
    ... ]
    >>> take = {"stage": "latest by close_date", "amount": "sum", "deals": ("stage", "count")}
    >>> accounts_from(deals, "account_id", take)["acme"]
    {'account_id': 'acme', 'stage': 'Won', 'amount': 1200, 'deals': 2}
    """
    given: Any = take
    if not isinstance(given, Mapping) or not given:
        hint = 'take={"stage": "latest by close_date", "amount": "sum"}'
        raise DefinitionError("accounts_from", "take", f"must be a mapping to rules (got {take!r})", take, hint=hint)
    rules = {attribute: read_rule(attribute, given) for attribute, given in take.items()}
    wanted = [key, at, *(name for rule in rules.values() for name in (rule.column, rule.by))]
    long = _Long.of(rows, key, fold_keys=fold_keys)
    unread = [name for name in long.table.names if name not in wanted]
    told = [f"columns left out, since take names none of them: {some_named(unread, 10)}"] if unread else []
    return long.seen(at, as_of).folded(rules, told)


def labels_from(
    rows: Any,
    key: str,
    label: str,
    *,
    name: str | None = None,
    at: str | None = None,
    as_of: date | str | None = None,
    fold_keys: bool = False,
) -> Accounts:
    """Make one list of labels for each account of rows that hold one label each, such as (account, technology).

    Args:
        rows: as for `accounts_from`.
        key: the column that says which account a row is about.
        label: the column of the labels; a cell may hold a list of them.
        name: what the attribute is called; None for the name of the column.
        at: as for `accounts_from`.
        as_of: as for `accounts_from`.
        fold_keys: as for `accounts_from`.

    Raises:
        NoSuchFieldError: for a key column that is not there.
        DefinitionError: for an unknown column.
        AccountsFileError: with all labels that are no text.

    >>> rows = [{"id": "acme", "technology": "Slack"}, {"id": "acme", "technology": "Jira"}]
    >>> labels_from(rows, "id", "technology", name="technologies")["acme"]
    {'id': 'acme', 'technologies': ['Slack', 'Jira']}
    """
    long = _Long.of(rows, key, fold_keys=fold_keys).seen(at, as_of)
    return long.folded({name or label: Rule(label, "labels")}, [])


def events_from(
    rows: Any,
    key: str,
    kind: str,
    at: str,
    strength: str | None = None,
    *,
    name: str = "events",
    fold_keys: bool = False,
) -> Accounts:
    """Make one list of events for each account of rows that hold one event each, as `Engagement` reads them.

    Args:
        rows: as for `accounts_from`.
        key: the column that says which account a row is about.
        kind: the column of the kinds.
        at: the column of the moments; scoring leaves out those after its ``as_of``.
        strength: the column of the strengths, or None where each event has strength 1.
        name: what the attribute is called.
        fold_keys: as for `accounts_from`.

    Raises:
        NoSuchFieldError: for a key column that is not there.
        DefinitionError: for an unknown column.
        AccountsFileError: with all kinds, moments and strengths that are none.

    >>> events_from([{"id": "acme", "what": "demo", "on": "2026-11-02"}], "id", "what", "on")["acme"]
    {'id': 'acme', 'events': [{'kind': 'demo', 'at': '2026-11-02'}]}
    """
    long = _Long.of(rows, key, fold_keys=fold_keys)
    kinds = long.values(kind, views.text)
    moments = long.values(at, _moment)
    strengths = {} if strength is None else long.values(strength, _strength)
    events: list[Any] = [None] * len(long.table)
    for row in long.rows:
        if row in kinds and row in moments:
            events[row] = {"kind": kinds[row], "at": moments[row]}
            events[row] |= {"strength": strengths[row]} if row in strengths else {}
    lacking = [row for row in long.rows if events[row] is None]
    told = (
        [f"{rows_text(len(lacking))} without {kind!r} or {at!r}, left out: {long.places(lacking)}"] if lacking else []
    )
    table = Table((key, name), (long.table.columns[long.index(key)], events), long.table.source, long.table.lines)
    return attrs.evolve(long, table=table).folded({name: Rule(name, "events")}, told, column=f"{kind}, {at}")


def _moment(raw: Any) -> Any:
    views.instant(raw)
    return raw


def _strength(raw: Any) -> float | None:
    value = views.number(raw)
    if value is not None and not 0 <= value <= 2**53:
        raise views.Invalid(raw, "a strength that is not between 0 and 2^53")
    return value


@attrs.define
class _Noted:
    """What is worth telling about values: those that cannot be read, by row and column, and moments without a zone."""

    bad: dict[tuple[int, str], BadCell] = attrs.Factory(dict)
    naive: dict[str, int] = attrs.Factory(dict)


@attrs.frozen(eq=False)
class _Long:
    """A table with several rows for each account, and the rows that are looked at.

    Attributes:
        table: the table.
        key: the column of the keys.
        groups: the rows of each account by its key, in the order of their first appearance.
        warnings: what is worth telling so far.
        noted: what is noted while values are read.
        now: the moment after which nothing may be known, or None.
    """

    table: Table
    key: str
    groups: dict[str, list[int]]
    warnings: tuple[str, ...] = ()
    noted: _Noted = attrs.Factory(_Noted)
    now: views.Moment | None = None

    @classmethod
    def of(cls, data: Any, key: str, *, fold_keys: bool) -> "_Long":
        """Take a table apart by its keys."""
        table = long_table_of(data)
        if key not in table.names:
            raise NoSuchFieldError(key, table.names)
        long = cls(table, key, {})
        keys = [key_text(value) for value in table.columns[long.index(key)]]
        spelled: dict[str, str] = {}
        groups: dict[str, list[int]] = {}
        for row, found in enumerate(keys):
            spelling = spelled.setdefault(loosely(found), found) if fold_keys else found
            groups.setdefault(spelling, []).append(row)
        nameless = groups.pop("", [])
        told = [f"{rows_text(len(nameless))} without {key!r}, left out: {long.places(nameless)}"] if nameless else []
        return attrs.evolve(long, groups=groups, warnings=tuple(told))

    @property
    def rows(self) -> Iterator[int]:
        """The rows that are looked at, account by account."""
        return (row for rows in self.groups.values() for row in rows)

    def index(self, column: str) -> int:
        """Find a column, which must be there once."""
        names = self.table.names
        if names.count(column) == 1:
            return names.index(column)
        if column in names:
            problem, hint = f"{self.table.source} has {names.count(column)} columns {column!r}", "rename all but one"
        else:
            problem = f"{self.table.source} has no column {column!r}"
            hint = near(column, names) or f"its columns: {', '.join(names)}"
        raise DefinitionError("accounts_from", "rows", f"must have the columns that are named; {problem}", hint=hint)

    def places(self, rows: Sequence[int]) -> str:
        """Say where rows stand."""
        return some([self.table.place(row) for row in sorted(rows)[:SHOWN]], len(rows))

    def values(self, column: str, read: Callable[[Any], Any]) -> _ByRow:
        """Read the known values of a column; those that cannot be read go to the bad ones."""
        cells = self.table.columns[self.index(column)]
        found: _ByRow = {}
        for row in self.rows:
            raw = cells[row]
            if views.is_unknown(raw):
                continue
            try:
                found[row] = read(raw)
            except views.Invalid as error:
                self.refuse(row, column, error.reason)
        return found

    def refuse(self, row: int, column: str, reason: str) -> None:
        """Note a value that cannot be read."""
        raw = self.table.columns[self.index(column)][row]
        line = self.table.lines[row] if self.table.lines else 0
        self.noted.bad[row, column] = BadCell(
            None, column, raw, reason, line=line, way_out=_way_out(raw, reason), row=row + 1
        )

    def moments(self, column: str) -> _ByRow:
        """Read a column of dates, each as a moment; later ones than may be known are left out."""
        notes = views.Notes()
        found = self.values(column, lambda raw: views.instant(raw, notes))
        if notes.naive:
            self.noted.naive[column] = notes.naive
        now = self.now
        return found if now is None else {row: when for row, when in found.items() if views.age(when, now) is not None}

    def seen(self, at: str | None, as_of: date | str | None) -> "_Long":
        """Leave out the rows of later, and those of which nobody knows when they are from."""
        if (at is None) != (as_of is None):
            hint = 'at="close_date", as_of="2026-11-21": rows that are dated later are left out'
            lacking = "at" if at is None else "as_of"
            raise DefinitionError("accounts_from", lacking, "must be given as well (got None)", hint=hint)
        if at is None or as_of is None:
            return self
        now = views.moment(as_of)
        whens = self.moments(at)
        visible = {row for row, when in whens.items() if views.age(when, now) is not None}
        later = [row for row in self.rows if row in whens and row not in visible]
        undated = [row for row in self.rows if row not in whens and (row, at) not in self.noted.bad]
        told = [f"{rows_text(len(later))} dated after {now.as_of.isoformat()} by {at!r}, left out"] if later else []
        if undated:
            told.append(f"{rows_text(len(undated))} without {at!r}, left out: {self.places(undated)}")
        groups = {key: [row for row in rows if row in visible] for key, rows in self.groups.items()}
        groups = {key: rows for key, rows in groups.items() if rows}
        return attrs.evolve(self, groups=groups, warnings=(*self.warnings, *told), now=now)

    def folded(self, rules: Mapping[str, Rule], told: Iterable[str], column: str = "") -> Accounts:
        """Make one value of each account's rows by each rule."""
        if self.key in rules:
            hint = "accounts have it already, under this name"
            raise DefinitionError("accounts_from", "take", f"must not name the key {self.key!r}", self.key, hint=hint)
        told = list(told)
        read: list[tuple[Rule, _ByRow, _ByRow]] = []
        for rule in rules.values():
            values = self.values(rule.column, rule.read)
            self._refuse_dates_among_numbers(rule, values)
            whens = self.moments(rule.by) if rule.by else {}
            read.append((rule, values, whens))
            if unseen := sum(1 for row in values if rule.by and row not in whens):
                told.append(
                    f"{rows_text(unseen)} that {str(rule)!r} does not look at, for want of a date that is known"
                )
        if self.noted.bad:
            bad = sorted(self.noted.bad.values(), key=lambda cell: cell.row)
            raise AccountsFileError(self.table.source, bad, hint=_HINT)
        made = [
            tuple(rule.merge(_in_order(rows, values, whens, rule)) for rows in self.groups.values())
            for rule, values, whens in read
        ]
        told += [
            f"{_moments(count)} of {name!r} without a time zone, read as UTC"
            for name, count in self.noted.naive.items()
        ]
        readings = [
            FieldReading(attribute, column or rule.column, str(rule), filled=sum(value is not None for value in values))
            for (attribute, rule), values in zip(rules.items(), made, strict=True)
        ]
        return Accounts(
            names=(self.key, *rules),
            columns=(tuple(self.groups), *made),
            key=self.key,
            source=self.table.source,
            warnings=(*self.warnings, *told),
            readings=tuple(readings),
        )

    def _refuse_dates_among_numbers(self, rule: Rule, values: _ByRow) -> None:
        if rule.name in {"min", "max"} and len({value[0] for value in values.values()}) > 1:
            for row, (is_date, *_) in values.items():
                if is_date:
                    self.refuse(row, rule.column, "a date among numbers")


def _in_order(rows: Iterable[int], values: _ByRow, whens: _ByRow, rule: Rule) -> list[Any]:
    """Give the known values of an account, by their dates if the rule asks for it; equal dates stay in row order."""
    if not rule.by:
        return [values[row] for row in rows if row in values]
    dated = sorted((row for row in rows if row in values and row in whens), key=whens.__getitem__)
    return [values[row] for row in dated]


def _way_out(raw: Any, reason: str) -> str:
    """Tell what to write in place of a text that holds a plain number."""
    if isinstance(raw, str) and "number" in reason:
        with contextlib.suppress(ValueError):
            if math.isfinite(float(raw)):
                return f"write {raw.strip()} as a number, not as text"
    return ""


def long_table_of(data: Any) -> Table:
    """Take a table apart, or accounts."""
    if isinstance(data, Accounts):
        return Table(data.names, data.columns, data.source, data.lines)
    return table_of(data)


def key_text(value: Any) -> str:
    """Write a key as stripped text, empty where there is none; whole numbers that a reader made floats lose their .0.

    >>> key_text(" acme "), key_text(1001.0), key_text(float("nan"))
    ('acme', '1001', '')
    """
    if views.is_unknown(value):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def loosely(key: str) -> str:
    """Fold a key, and drop its blanks."""
    return "".join(views.fold(key).split())


def rows_text(count: int) -> str:
    """Write a number of rows."""
    return f"{count:,} row{'s' if count != 1 else ''}"


def _moments(count: int) -> str:
    return f"{count:,} moment{'s' if count != 1 else ''}"


def some(shown: Iterable[str], count: int) -> str:
    """Write a list of which only the first few are given, with the number of the others."""
    shown = list(shown)
    return ", ".join(shown) + (f" and {count - len(shown):,} more" if count > len(shown) else "")


def some_named(names: Sequence[str], most: int = SHOWN) -> str:
    """Write a list of names, and count what lies beyond the first few.

    >>> some_named(["a", "b", "c", "d"])
    "'a', 'b', 'c' and 1 more"
    """
    return some([repr(name) for name in names[:most]], len(names))
