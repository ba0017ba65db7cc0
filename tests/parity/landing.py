"""Accounts laid down in typed tables, as databases hold them, and what each typed cell stands for in Python.

`land` chooses a column for every attribute that a profile reads, and puts each value in that the column can hold. The
reference scores the landed account, an engine the table: both must say the same.
"""

import functools
import json
import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

import attrs

import icpkit as icp
from icpkit import views
from icpkit.evaluation import look_up
from icpkit.testing.strategies import _functions_by_attribute as functions_by_attribute
from icpkit.value_functions import Table as ValueTable
from icpkit.value_functions import ValueFunction
from tests.parity import cells

#: How each dialect that runs in tests calls what a column holds; what it has no type for is not there.
TYPES: Final[dict[str, dict[str, str]]] = {
    "duckdb": {"double": "DOUBLE", "real": "FLOAT", "small": "SMALLINT", "integer": "INTEGER", "big": "BIGINT"}
    | {"huge": "HUGEINT", "decimal": "DECIMAL(15,{scale})", "truth": "BOOLEAN", "text": "VARCHAR", "date": "DATE"}
    | {"moment": "TIMESTAMP", "zoned": "TIMESTAMP WITH TIME ZONE", "array": "VARCHAR[]"},
    "postgres": {"double": "double precision", "real": "real", "small": "smallint", "integer": "integer"}
    | {"big": "bigint", "decimal": "numeric(15,{scale})", "numeric": "numeric", "truth": "boolean", "text": "text"}
    | {"date": "date", "moment": "timestamp without time zone", "zoned": "timestamp with time zone"}
    | {"array": "text[]"},
    "sqlite": {"double": "REAL", "small": "SMALLINT", "integer": "INTEGER", "big": "BIGINT", "text": "TEXT"}
    | {"decimal": "DECIMAL(15,{scale})", "truth": "BOOLEAN", "date": "TEXT", "moment": "TEXT", "zoned": "TEXT"},
    "spark": {"double": "DOUBLE", "real": "FLOAT", "small": "SMALLINT", "integer": "INT", "big": "BIGINT"}
    | {"decimal": "DECIMAL(15,{scale})", "truth": "BOOLEAN", "text": "STRING", "date": "DATE"}
    | {"moment": "TIMESTAMP_NTZ", "zoned": "TIMESTAMP", "array": "ARRAY<STRING>"},
}
_NUMBERS: Final = ("double", "double", "double", "real", "small", "integer", "big", "huge", "decimal", "numeric")
#: What a column of an attribute may hold, by the view that reads it; what comes twice is chosen twice as often.
SERVING: Final[dict[str, tuple[str, ...]]] = {
    "number": _NUMBERS,
    "log": _NUMBERS,
    "truth": ("truth", "truth", "truth", "small", "integer", "big"),
    "text": ("text",),
    "labels": ("array", "array", "json", "delimited", "long"),
    "age": ("date", "moment", "zoned", "zoned", "long"),
    "ahead": ("date", "moment", "zoned"),
    "years": ("date", "moment", "zoned", "small", "integer", "big"),
    "events": ("long",),
}
#: Columns without a type of their own: JSON and delimited texts, and tables beside.
_TYPELESS: Final = ("json", "delimited", "long")
LISTS: Final = ("array", *_TYPELESS)
MOMENTS: Final = ("date", "moment", "zoned")
BITS: Final = {"small": 16, "integer": 32, "big": 64, "huge": 128}

#: What columns may be called.
ODD_NAMES: Final = ("plain", 'odd "name"', "it's; --", "select", "Größe", "a.b", "%s {{x}} :y $1 ?", "日本 ", "a`b[c]")
#: Texts that a careless statement would stumble over; no database of these holds a lone surrogate.
ODD_TEXTS: Final = (
    *("'", '"', "it's", "o'brien'; drop table accounts; --", "/* */", "*/", "-- x", "\\", "a\\'b", "\\n", "a\nb"),
    *("%s", "%", "_", "{{ x }}", ":x", "$1", "?", "$$", "null", "nan", "a;b", "a,b", "🚀", "\u202eabc", "\u2066x"),
    *("\u200b", "x" * 3000, "[]", "{}", '["slack"]', "`x`", "\x1b[31m", "e\x00f", "\ufeffbom", "'||'", "true", " "),
)
DELIMITERS: Final = (*",;|\t\n '[]^&-.$~?%:/*(){}+#!@_=<>`", "🚀", "\u202e", "\xa0")


class Odd(NamedTuple):
    """What is put into a cell, and what it stands for in Python, which has no such value."""

    cell: Any
    stands_for: Any


_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 31)
#: Moments beyond the calendar are as long past, or as far ahead, as its ends are, to any profile drawn here.
_BEYOND: Final = (Odd("20000-01-01", _LAST),)
ODD_MOMENTS: Final[dict[str, tuple[Any, ...]]] = {
    "duckdb": (*_BEYOND, Odd("0044-03-15 (BC)", _FIRST), Odd("infinity", None), Odd("-infinity", None)),
    "postgres": (*_BEYOND, Odd("0044-03-15 BC", _FIRST), Odd("infinity", _LAST), Odd("-infinity", _FIRST)),
    "sqlite": ("yesterday", "now", "21.11.2026", "2026-02-30", "2026-11-21T25:00:00", "0", "x", " ", "12:00:00"),
}
#: The share of cells that hold what no account draws.
_ODD: Final = 0.04


@attrs.frozen
class Table:
    """A table to be made: its name, its columns with their types, and the values of its rows."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Any, ...], ...]


@attrs.frozen
class Landed:
    """Accounts in tables, the options of `icp.to_sql` that describe these, and what the reference is to score.

    Attributes:
        tables: the table of the accounts, and the long ones.
        key: the column of the key.
        columns: the option of that name.
        types: the option of that name.
        text: the option of that name.
        accounts: what the cells of each key stand for.
        holds: what the columns hold, by attribute.
    """

    tables: tuple[Table, ...]
    key: str
    columns: dict[str, Any]
    types: dict[str, str]
    text: dict[str, str]
    accounts: dict[Any, dict[str, Any]]
    holds: dict[str, str]

    @property
    def options(self) -> dict[str, Any]:
        """What `icp.to_sql` is told of the tables."""
        options = {name: getattr(self, name) for name in ("key", "columns", "types", "text")}
        return {"table": self.tables[0].name, **options}


@attrs.frozen
class Laid:
    """One attribute, laid down.

    Attributes:
        holds: what the column holds.
        values: what the cells stand for, account by account.
        type: the type of the column.
        cells: what is put into it; None where the values lie in a table of their own.
        told: what `columns=` says of it.
        declared: what `types=` says of it, if anything.
        beside: the table of its own.
    """

    holds: str
    values: Sequence[Any]
    type: str = ""
    cells: Sequence[Any] | None = None
    told: Any = None
    declared: str | None = None
    beside: Table | None = None


@attrs.frozen
class Ground:
    """Where an attribute is to be laid down.

    Attributes:
        attribute: the attribute.
        functions: what reads it.
        dialect: the database's.
        keys: the keys of the accounts.
        key_type: the type of these.
        rng: chooses.
        name: what its column or its table is called.
        folded: prepares a text for comparison.
        plain: whether the column is the first that serves, is declared, and holds only what the accounts do.
    """

    attribute: str
    functions: tuple[ValueFunction, ...]
    dialect: str
    keys: Sequence[Any]
    key_type: str
    rng: random.Random
    name: str
    folded: Callable[[str], str]
    plain: bool = False

    @property
    def views(self) -> set[str]:
        """The views under which it is read."""
        return {one.view for one in self.functions}

    @property
    def renamed(self) -> str | None:
        """What `columns=` says of a column that is no list."""
        return None if self.name == self.attribute else self.name

    def type(self, holds: str) -> str:
        """Give the type of a column."""
        return TYPES[self.dialect][holds]


def land(
    profile: icp.Profile,
    accounts: Sequence[Mapping[str, Any]],
    rng: random.Random,
    dialect: str,
    *,
    plain: bool = False,
) -> Landed:
    """Lay accounts down in typed tables.

    Args:
        profile: the profile that will read them.
        accounts: any mappings.
        rng: chooses columns, names and keys, and puts in what no account draws.
        dialect: where the tables are to be made.
        plain: whether columns bear the attributes' names, are of the type that holds most, and hold nothing odd.
    """
    keys = _keys(len(accounts), rng)
    key_type = TYPES[dialect]["big" if isinstance(keys[0], int) else "text"]
    laid: dict[str, Laid] = {}
    text: dict[str, str] = {}
    for number, (attribute, functions) in enumerate(functions_by_attribute(profile).items()):
        exact = all(map(_case_sensitive, functions))
        if {one.view for one in functions} & {"text", "labels", "events"}:
            text[attribute] = "exact" if exact else "folded"
        name = attribute if plain or rng.random() < 0.6 else f"{rng.choice(ODD_NAMES)}{number}"
        folded = functools.partial(_prepared, exact=exact, dialect=dialect)
        ground = Ground(attribute, functions, dialect, keys, key_type, rng, name, folded, plain)
        laid[attribute] = lay(ground, [look_up(account.get, attribute, None) for account in accounts])
    inside = {attribute: one for attribute, one in laid.items() if one.cells is not None}
    names = [_column_name(one.told) or attribute for attribute, one in inside.items()]
    columns = [("Key", key_type), *zip(names, [one.type for one in inside.values()], strict=True)]
    rows = list(zip(keys, *[one.cells or () for one in inside.values()], strict=True))
    main = Table("accounts", tuple(columns), tuple(rng.sample(rows, len(rows))))
    return Landed(
        (main, *(one.beside for one in laid.values() if one.beside is not None)),
        "Key",
        {attribute: one.told for attribute, one in laid.items() if one.told is not None},
        {attribute: one.declared for attribute, one in laid.items() if one.declared is not None},
        text,
        {key: {attribute: one.values[row] for attribute, one in laid.items()} for row, key in enumerate(keys)},
        {attribute: one.holds for attribute, one in laid.items()},
    )


def sayable(profile: icp.Profile) -> icp.Profile:
    """Let all that read the texts of an attribute compare them alike: a column holds them in one form.

    Nor are the beginnings of texts compared where an attribute is a list.

    Args:
        profile: any profile.
    """
    by_attribute = functions_by_attribute(profile)
    either = {name for name, some in by_attribute.items() if not all(map(_case_sensitive, some))}
    listed = {name for name, some in by_attribute.items() if any(one.view == "labels" for one in some)}

    def alike(criterion: icp.Criterion) -> icp.Criterion:
        if isinstance(criterion, icp.AllOf | icp.AnyOf):
            told = {name: getattr(criterion, name) for name in ("name", "weight", "missing", "label")}
            return type(criterion)(*map(alike, criterion.criteria), **told)
        if isinstance(criterion, icp.Not):
            return attrs.evolve(criterion, criterion=alike(criterion.criterion))
        if isinstance(criterion, icp.OneOf) and criterion.attribute in listed:
            criterion = attrs.evolve(criterion, prefix=False)
        if isinstance(criterion, icp.OneOf | icp.Overlap) and criterion.attribute in either:
            criterion = attrs.evolve(criterion, case_sensitive=False)
        return criterion

    return attrs.evolve(
        profile,
        examples=(),  # they name tiers, which change where accounts are to lie on cuts
        dimensions=[attrs.evolve(one, criteria=list(map(alike, one.criteria))) for one in profile.dimensions],
        gates=[attrs.evolve(one, criterion=alike(one.criterion)) for one in profile.gates],
        adjustments=[attrs.evolve(one, when=alike(one.when)) for one in profile.adjustments],
    )


def at_moments(landed: Landed, moments: Mapping[Any, date], dialect: str, name: str) -> Landed:
    """Add a column that holds each account's own moment of scoring.

    Args:
        landed: the accounts.
        moments: the moment of each key: all of them dates, or all aware datetimes.
        dialect: where the table is to be made.
        name: what the column is called.
    """
    main = landed.tables[0]
    holds = "zoned" if isinstance(next(iter(moments.values())), datetime) else "date"
    cell = {key: one.isoformat() if dialect == "sqlite" else one for key, one in moments.items()}
    columns = (*main.columns, (name, TYPES[dialect][holds]))
    rows = tuple((*row, cell[row[0]]) for row in main.rows)
    return attrs.evolve(landed, tables=(attrs.evolve(main, columns=columns, rows=rows), *landed.tables[1:]))


def choices(functions: Sequence[ValueFunction], dialect: str) -> list[str]:
    """Give the kinds of columns that serve all that reads an attribute."""
    served = [
        (*SERVING[one.view], *LISTS)
        if one.view == "text" and one.merge == "best" and not _prefix(one)
        else SERVING[one.view]
        for one in functions
    ]
    some = [holds for holds in served[0] if all(holds in one for one in served[1:])]
    return [holds for holds in some if holds in TYPES[dialect] or holds in _TYPELESS]


def lay(ground: Ground, raws: Sequence[Any]) -> Laid:
    """Choose a column for an attribute, and put in of the raw values what it holds."""
    serving = choices(ground.functions, ground.dialect)
    holds = serving[0] if ground.plain else ground.rng.choice(serving)
    if ground.views == {"events"}:
        return _lay_events(ground, raws)
    if holds == "long" and ground.views == {"age"}:
        return _lay_signals(ground, raws)
    if holds in LISTS:
        return _lay_texts(ground, holds, raws)
    return _lay_one(ground, holds, raws)


# A cell for each account


def _lay_one(ground: Ground, holds: str, raws: Sequence[Any]) -> Laid:
    rng = ground.rng
    scale = rng.choice((0, 2, 4, 6))
    if holds in MOMENTS and _mixed(ground):
        values = [_held(ground, holds, 0)(raw) for raw in raws]
        return Laid(holds, values, "NUMERIC", values, ground.renamed)
    kind, held, odd = ground.type(holds).format(scale=scale), _held(ground, holds, scale), _odd(ground, holds)
    odd = () if ground.plain or (holds in MOMENTS and _told_twice(ground)) else odd
    values = [rng.choice(odd) if odd and rng.random() < _ODD else held(raw) for raw in raws]
    # A year is a number where nothing is declared; so are True and False, beyond BOOLEAN; and a float is not exact.
    needed = (
        ("years" in ground.views and holds in MOMENTS)
        or ("truth" in ground.views and holds in BITS)
        or any(isinstance(one, float) and 2**53 < abs(one) < math.inf for one in values)
    )
    declared = kind if needed or ground.plain or rng.random() < 0.8 else None
    landed = [one.stands_for if isinstance(one, Odd) else one for one in values]
    put = [one.cell if isinstance(one, Odd) else one for one in values]
    return Laid(holds, landed, kind, put, ground.renamed, declared)


def _told_twice(ground: Ground) -> bool:
    """Tell whether what is no date would be counted twice: SQLite counts texts that are none by date and by year."""
    return ground.dialect == "sqlite" and "years" in ground.views and len(ground.views) > 1


def _mixed(ground: Ground) -> bool:
    return ground.dialect == "sqlite" and ground.views == {"years"}


def _held(ground: Ground, holds: str, scale: int) -> Callable[[Any], Any]:
    """Give the conversion of a raw value to what a cell holds."""
    if holds in BITS:
        whole = cells.integer(BITS[holds])
        return cells.bit if "truth" in ground.views else whole
    if holds in MOMENTS:
        one_moment = functools.partial(_moment, ground, holds)
        # A column of SQLite holds years and dates.
        return one_moment if not _mixed(ground) else lambda raw: one_moment(raw) or cells.integer(64)(raw)
    simple: dict[str, Callable[[Any], Any]] = {
        "double": cells.double if ground.dialect != "sqlite" else cells.double_or_null,
        "real": cells.single,
        "decimal": cells.decimal(scale),
        "numeric": cells.decimal(6),
        "truth": cells.truth if ground.dialect != "sqlite" else cells.bit,
        "text": functools.partial(cells.one_text, folded=ground.folded),
    }
    return simple[holds]


def _odd(ground: Ground, holds: str) -> tuple[Any, ...]:
    """Give what a column can hold and no account draws."""
    if holds in BITS and "truth" in ground.views:
        return (2, -1, 0, 1)
    if holds in BITS and "years" in ground.views:
        return (0, -7, 10_000, 1, 9999)
    nan = () if ground.dialect == "sqlite" else (math.nan,)
    real = (*nan, math.inf, -math.inf, 2.0**60, -(2.0**53) - 2, -0.0)
    odd: dict[str, tuple[Any, ...]] = {
        "big": (2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63)),
        "huge": (10**37, 2**53 + 1),
        "double": real,
        "real": real,
        "numeric": (Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity")),
        "text": tuple(map(ground.folded, ODD_TEXTS)),
    }
    return odd.get(holds, ODD_MOMENTS.get(ground.dialect, ()) if holds in MOMENTS else ())


def _moment(ground: Ground, holds: str, raw: Any) -> Any:
    """Give the moment that a cell of a kind holds; in SQLite it is a text."""
    found = {"date": cells.day, "moment": cells.naive, "zoned": cells.instant}[holds](raw)
    if found is None or ground.dialect != "sqlite":
        return found
    if not isinstance(found, datetime):
        return found.isoformat()
    text = found.isoformat(ground.rng.choice(" T"))
    return text.replace("+00:00", ground.rng.choice(("Z", "+00:00")))


# Lists


def _lay_texts(ground: Ground, holds: str, raws: Sequence[Any]) -> Laid:
    rng = ground.rng
    values = [cells.texts_of(raw, ground.folded) for raw in raws]
    for value in values:
        if value is not None and rng.random() < _ODD * 2:
            value.append(rng.choice([*map(ground.folded, ODD_TEXTS), None, ""]))
    if holds == "long":
        return _beside(ground, "label", [_as_rows(value) for value in values], ground.type("text"))
    if holds == "array":
        # An attribute that is read as labels alone is an array unless another is said.
        is_default = ground.renamed is None and ground.views == {"labels"}
        told = None if is_default else icp.ListColumn(ground.name, format="array")
        return Laid(holds, values, ground.type("array"), values, told)
    if holds == "json":
        ascii_only = rng.random() < 0.5
        written = [None if value is None else json.dumps(value, ensure_ascii=ascii_only) for value in values]
        is_default = ground.dialect == "sqlite" and ground.renamed is None and ground.views == {"labels"}
        told = None if is_default else icp.ListColumn(ground.name, format="json")
        return Laid(holds, values, ground.type("text"), written, told)
    delimiter = rng.choice(DELIMITERS)
    whole = [None if not value else delimiter.join(one or "" for one in value) for value in values]
    told = icp.ListColumn(ground.name, format="delimited", delimiter=delimiter)
    return Laid(holds, [_split(one, delimiter) for one in whole], ground.type("text"), whole, told)


def _split(text: str | None, delimiter: str) -> list[str] | None:
    # TRIM knows spaces alone: other blanks, which may be the delimiter, stand between items that are empty.
    return None if text is None or not text.strip(" ") else text.split(delimiter)


def _as_rows(value: Sequence[Any] | None) -> list[tuple[Any, ...]]:
    return [(one,) for one in value or ()]


def _beside(
    ground: Ground,
    value: str,
    rows: Sequence[Sequence[tuple[Any, ...]]],
    kind: str,
    *,
    more: Sequence[tuple[str, str]] = (),
    landed: Callable[[tuple[Any, ...]], Any] = lambda row: row[0],
    declared: str | None = None,
    **told: str,
) -> Laid:
    """Lay lists down in a table of their own: a row for each item, after the key of its account.

    Args:
        ground: where.
        value: the name of the column after the key.
        rows: the rows of each account, without the key.
        kind: the type of the column after the key.
        more: the names and types of further columns.
        landed: what a row stands for.
        declared: what `types=` says.
        told: what else `columns=` says.
    """
    rng, name = ground.rng, "long {}".format(ground.name.replace(".", " "))  # a dot would part a schema from a table
    without: Literal["unknown", "empty"] = rng.choice(("unknown", "empty"))
    stray = [("nobody" if ground.key_type == TYPES[ground.dialect]["text"] else -1), None]
    all_rows = [(key, *row) for key, some in zip(ground.keys, rows, strict=True) for row in some]
    # Rows of accounts that are not there, and of none.
    all_rows += [(rng.choice(stray), *row[1:]) for row in rng.sample(all_rows, len(all_rows) // 10)]
    columns = (("Of", ground.key_type), (value, kind), *more)
    values = [[landed(row) for row in some] or (None if without == "unknown" else []) for some in rows]
    table = icp.LongTable(name, "Of", value, without=without, **told)
    beside = Table(name, columns, tuple(rng.sample(all_rows, len(all_rows))))
    return Laid("long", values, told=table, declared=declared, beside=beside)


# Signals and events


def _lay_signals(ground: Ground, raws: Sequence[Any]) -> Laid:
    holds = ground.rng.choice(MOMENTS)
    held = functools.partial(_moment, ground, holds)
    rows = [[(held(item),) for item in _listed(raw)] for raw in raws]
    return _beside(ground, "moment", rows, ground.type(holds), declared=ground.rng.choice((None, ground.type(holds))))


def _listed(raw: Any) -> Iterable[Any]:
    listed = views.items(raw)
    return listed if listed is not None else [] if views.is_unknown(raw) else [raw]


def _lay_events(ground: Ground, raws: Sequence[Any]) -> Laid:
    rng = ground.rng
    written = rng.choice(MOMENTS)
    found: list[list[tuple[Any, ...]] | None] = []
    for raw in raws:
        some = cells.events_of(raw, ground.folded)
        found.append(some and [(kind, _moment(ground, written, at), power) for kind, at, power in some])
    rows = [[_odder(event, ground) for event in some or ()] for some in found]
    more = [("at", ground.type(written)), ("strength", ground.type("double"))]
    if rng.random() < 0.2:
        rows = [[event[:2] for event in some] for some in rows]
        return _beside(ground, "kind", rows, ground.type("text"), more=more[:1], landed=tuple, at="at")
    return _beside(ground, "kind", rows, ground.type("text"), more=more, landed=tuple, at="at", strength="strength")


def _odder(event: tuple[Any, ...], ground: Ground) -> tuple[Any, ...]:
    """Give an event, or sometimes one whose strength is none."""
    if ground.rng.random() > _ODD:
        return event
    odd = (-1.0, math.inf, 2.0**53, 2.0**53 + 2, *([] if ground.dialect == "sqlite" else [math.nan]))
    return (*event[:2], ground.rng.choice(odd))


# Keys, names and texts


def _keys(count: int, rng: random.Random) -> list[Any]:
    """Give keys: numbers, or texts that a careless statement would stumble over."""
    if rng.random() < 0.5:
        return [rng.choice((1, 10**12)) * 100 + row for row in range(count)]
    return [f"{rng.choice(ODD_NAMES)}{row}" for row in range(count)]


def _column_name(told: Any) -> str | None:
    return told if told is None or isinstance(told, str) else str(told.name)


def _case_sensitive(function: ValueFunction) -> bool:
    return isinstance(function.curve, ValueTable) and function.curve.case_sensitive


def _prefix(function: ValueFunction) -> bool:
    return isinstance(function.curve, ValueTable) and function.curve.prefix


def _prepared(text: str, *, exact: bool, dialect: str) -> str:
    """Prepare a text as `text=` vouches; PostgreSQL holds no NUL."""
    text = text.replace("\x00", "") if dialect == "postgres" else text
    return views.keep_case(text) if exact else views.fold(text)
