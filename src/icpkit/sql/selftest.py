"""A statement that proves itself: accounts with the scores that the reference gives them, and what an engine finds."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

import attrs

from icpkit import views
from icpkit.profile import Profile
from icpkit.sql.dialects import Dialect, dialect_of
from icpkit.sql.layout import Query, Selected
from icpkit.sql.options import LongTable, NotPushable, Place, TextForm, forms_of, places_of
from icpkit.sql.sqlglot import (
    Node,
    call,
    cast,
    column,
    compare,
    is_null,
    minus,
    null,
    quoted,
    row,
    some,
    text,
    whole,
    write,
)
from icpkit.sql.statement import Draft, draft_of, written_of
from icpkit.sql.trial_accounts import Trial, trials
from icpkit.sql.trial_columns import Column, Ground, Typed, column_of, literal
from icpkit.value_functions import ValueFunction

#: The moment of scoring where none is given: that of the package's examples.
AS_OF: Final = date(2026, 11, 21)
#: How many accounts there are at most, and what share of them where the text would be too large for an engine.
_ACCOUNTS: Final = 400
_SHARES: Final = (1, 2, 4, 8)
_NUMBERS: Final = ("fit", "coverage", "low", "high")
_TEXTS: Final = ("tier", "status")
_COMPARED: Final = ("fit", "tier", "status", "coverage", "low", "high", "invalid")


def sql_selftest(
    profile: Profile,
    dialect: str,
    *,
    as_of: date | str = AS_OF,
    columns: Mapping[str, Place] | None = None,
    types: Mapping[str, str] | None = None,
    text: TextForm | Mapping[str, TextForm] = "folded",
) -> str:
    """Write one SELECT that returns no row where an engine gives this profile's scores to the last digit.

    It needs no table: it holds some hundreds of accounts, made for this very profile, with the scores that `Scorer`
    gives them, and scores them by the steps that `to_sql` writes. Each account that an engine scores otherwise is a
    row: its key, and what was expected and found.

    Args:
        profile: the profile.
        dialect: as for `to_sql`.
        as_of: the moment of scoring.
        columns: as for `to_sql`.
        types: as for `to_sql`; the accounts then lie in columns of these types.
        text: as for `to_sql`; the accounts' texts stand so.

    Raises:
        AsOfError: for a moment that is naive or none.
        ImportError: without sqlglot.
        NotPushable: for what the dialect cannot say, all of it.
        ValueError: as for `to_sql`.

    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500)])])
    >>> import duckdb
    >>> with duckdb.connect() as db:
    ...     db.execute(icp.sql_selftest(profile, "duckdb")).fetchall()
    []
    """
    if not isinstance(profile, Profile):
        raise TypeError(f"sql_selftest needs a Profile (got {type(profile).__name__})")
    spoken, now = dialect_of(dialect), views.moment(as_of)
    places = places_of(columns, profile.attributes)
    ours = _renamed(places)
    draft = draft_of(
        (profile,), spoken, as_of=now.as_of, columns=ours, types=types, text=text, table="accounts", key=_key(ours)
    )
    problems = draft.asked[0].problems
    if problems:
        raise NotPushable(problems)
    cuts = (tier.cut / 100 for tier in profile.tiers.tiers[:-1])
    levels = sorted({0.5, *cuts, *(float(gate.at_least) for gate in profile.gates)})
    ground = Ground(spoken, now, dict(types or {}), forms_of(text, places), levels)
    made = [column_of(place, read, ground) for place, read in _read(draft, ours)]
    found = trials(profile, made, now.as_of, _ACCOUNTS)
    for share in _SHARES[:-1]:
        try:
            return _written(draft, made, found[: len(found) // share])
        except NotPushable:  # too large a text, with so many accounts
            continue
    return _written(draft, made, found[: len(found) // _SHARES[-1] + 1])


def _renamed(places: Mapping[str, Place]) -> dict[str, Place]:
    """Let tables of many rows be steps of the statement."""
    return {
        name: attrs.evolve(place, table=f"given_{number}") if isinstance(place, LongTable) else place
        for number, (name, place) in enumerate(places.items(), 1)
    }


def _called(place: Place) -> str:
    return place if isinstance(place, str) else place.name if not isinstance(place, LongTable) else ""


def _key(places: Mapping[str, Place]) -> str:
    """Name the column of the key as no other is."""
    taken, name = {_called(place).lower() for place in places.values()}, "key"
    while name in taken:
        name += "_"
    return name


def _read(draft: Draft, places: Mapping[str, Place]) -> list[tuple[Place, dict[str, list[ValueFunction]]]]:
    """Give what is read of each column or table of many rows, attributes that share one together."""
    found: dict[object, tuple[Place, dict[str, list[ValueFunction]]]] = {}
    for function, _ in draft.leaves.made:
        place = places[function.attribute]
        _, read = found.setdefault(place if isinstance(place, LongTable) else _called(place), (place, {}))
        read.setdefault(function.attribute, []).append(function)
    return list(found.values())


# The statement


def _written(draft: Draft, columns: Sequence[Column], found: Sequence[Trial]) -> str:
    dialect = draft.leaves.reader.dialect
    keys = [f"a{number:03}" for number in range(1, len(found) + 1)]
    inside = [(place, one) for place, one in enumerate(columns) if one.table is None]
    rows = [
        (text(key), *(one.cells[trial.choice[place]].literals[0][0] for place, one in inside))
        for key, trial in zip(keys, found, strict=True)
    ]
    before = [
        _given("accounts", _typed(draft.key, [one.typed[0] for _, one in inside]), rows, dialect),
        *(_beside(place, one, keys, found, dialect) for place, one in enumerate(columns) if one.table is not None),
        _expected(keys, found, dialect),
    ]
    told = (
        f"A test of the engine: {len(found)} accounts made for this profile, with the scores that they must have.",
        "It returns no row where the engine agrees; else each account that it scores otherwise.",
    )
    return written_of(draft, contributions=False, name="accounts", before=before, after=_compared(dialect), head=told)


def _typed(key: str, more: Sequence[Typed]) -> list[Typed]:
    return [Typed(key, lambda node: node), *more]


def _beside(place: int, one: Column, keys: Sequence[str], found: Sequence[Trial], dialect: Dialect) -> Query:
    """Write a table of many rows; its first belongs to no account, so that there is one."""
    assert one.table is not None  # the caller saw to it
    nobody = (text("nobody"), *(null() for _ in one.typed))
    rows = [
        (text(key), *literals)
        for key, trial in zip(keys, found, strict=True)
        for literals in one.cells[trial.choice[place]].literals
    ]
    return _given(one.table, _typed(one.key, one.typed), [nobody, *rows], dialect)


def _expected(keys: Sequence[str], found: Sequence[Trial], dialect: Dialect) -> Query:
    kinds = dict.fromkeys(_NUMBERS, "double") | {"invalid": "bigint"}

    def made_as(kind: str | None) -> Callable[[Node], Node]:
        return lambda node: node if kind is None or not dialect.typed else cast(node, kind)

    typed = [Typed(name, made_as(kinds.get(name))) for name in _COMPARED]
    rows = [
        (
            text(key),
            *(
                literal(len(one.score.invalid) if name == "invalid" else getattr(one.score, name), "DOUBLE", dialect)
                for name in _COMPARED
            ),
        )
        for key, one in zip(keys, found, strict=True)
    ]
    return _given("expected", _typed("key", typed), rows, dialect)


def _given(name: str, typed: Sequence[Typed], rows: Sequence[tuple[Node, ...]], dialect: Dialect) -> Query:
    """Write rows of literals as a step, each column of its type."""
    names = [f"column{number}" for number in range(1, len(typed) + 1)]
    columns = [Selected(one.made(column(literal, "v")), one.name) for literal, one in zip(names, typed, strict=True)]
    source = _rows(rows, names, dialect)
    return Query(quoted(name, dialect.spoken), "", tuple(columns), tuple(source))


def _rows(rows: Sequence[tuple[Node, ...]], names: Sequence[str], dialect: Dialect) -> list[str]:
    """Write rows of literals as a table, in the way that the dialect knows."""
    first, *rest = (list(one) for one in rows)
    if dialect.typed:  # what is null in all rows is of a type all the same
        first = [cast(one, "text") if dialect.name == "redshift" or one == null() else one for one in first]
    called = [quoted(name, dialect.spoken) for name in names]
    if dialect.name == "redshift":  # has no rows of values
        begin, after, end = "(", " UNION ALL", ") AS v"
        named = ", ".join(f"{write(one, dialect.spoken)} AS {name}" for one, name in zip(first, called, strict=True))
        lines = [f"SELECT {named}", *(f"SELECT {write(row(one), dialect.spoken)[1:-1]}" for one in rest)]
    else:
        begin, after, end = "(VALUES", ",", f") AS v({', '.join(called)})"
        lines = [write(row(one), dialect.spoken) for one in (first, *rest)]
    if dialect.name == "sqlite":  # calls them column1 and so on by itself
        end = ") AS v"
    elif dialect.name == "bigquery":
        begin, end = f"UNNEST(ARRAY<STRUCT<{', '.join(f'{name} STRING' for name in called)}>>[", "]) AS v"
    return [begin, *(f"    {line}{after}" for line in lines[:-1]), f"    {lines[-1]}", f"  {end}"]


def _compared(dialect: Dialect) -> Query:
    """Select the accounts whose scores are not those expected; null equals null."""
    told: list[Selected] = [Selected(column("key", "e"), "key")]
    wrong = [is_null(column("key", "f"))]
    for name in _COMPARED:
        expected, found = column(name, "e"), column(name, "f")
        told += [Selected(expected, f"{name}_expected"), Selected(found, f"{name}_found")]
        none = text("") if name in _TEXTS else minus(whole(1))
        wrong.append(compare(call("COALESCE", expected, none), "<>", call("COALESCE", found, none)))
    on = write(compare(column("key", "f"), "=", column("key", "e")), dialect.spoken)
    expected_table = quoted("expected", dialect.spoken)
    where = write(some(wrong), dialect.spoken)
    return Query("", "", tuple(told), (f"{expected_table} AS e", f"LEFT JOIN found AS f ON {on}", f"WHERE {where}"))
