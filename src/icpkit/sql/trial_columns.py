"""Columns of accounts that are made up: what each can hold of a value, and how that is written in a statement."""

import json
import math
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

import attrs

from icpkit import views
from icpkit.sql.dialects import Dialect
from icpkit.sql.options import ListColumn, LongTable, Place
from icpkit.sql.sqlglot import (
    Limits,
    Node,
    call,
    case,
    cast,
    cast_as,
    compare,
    endless,
    false,
    family_of,
    is_known,
    limits_of,
    minus,
    null,
    query,
    text,
    true,
    whole,
)
from icpkit.sql.trial_values import distinct, values_of
from icpkit.value_functions import ValueFunction
from icpkit.views import Moment

#: The types of columns for which none is declared, where a dialect has one of its own.
_DOUBLES: Final[Mapping[str, str]] = {"bigquery": "FLOAT64"}
_MOMENTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("duckdb", "postgres"), "TIMESTAMP WITH TIME ZONE"),
    **dict.fromkeys(("spark", "databricks", "bigquery", "redshift", "sqlite"), "TIMESTAMP"),
    "snowflake": "TIMESTAMP_NTZ",
    "trino": "TIMESTAMP(6) WITH TIME ZONE",
}
_WHOLE: Final = 2**53
_NOT_HELD: Final = object()
#: What a column without a type may hold besides what belongs there.
_WRONG: Final[Mapping[str, tuple[Any, ...]]] = {
    **dict.fromkeys(("number", "log", "truth"), ("many",)),
    "text": (7,),
    **dict.fromkeys(("age", "ahead"), ("yesterday", "2026-02-30")),
    "years": ("yesterday", 7.5),
}


class Cell(NamedTuple):
    """One value: as the reference reads it, and as rows of literals; None where there is no table of its own."""

    value: Any
    literals: tuple[tuple[Node, ...], ...]


@attrs.frozen(eq=False)
class Typed:
    """A column that a row of literals becomes.

    Attributes:
        name: what it is called.
        made: makes it of its literal.
    """

    name: str
    made: Callable[[Node], Node]


@attrs.frozen(eq=False)
class Column:
    """What one or several attributes are read from.

    Attributes:
        attributes: the attributes.
        typed: the columns: one, or those of a table of its own without the key.
        cells: what it can hold of the values worth trying.
        table: the name of a table of its own, or None.
        key: the key of such a table.
    """

    attributes: tuple[str, ...]
    typed: tuple[Typed, ...]
    cells: tuple[Cell, ...]
    table: str | None = None
    key: str = ""


@attrs.frozen(eq=False)
class Ground:
    """What columns are made for.

    Attributes:
        dialect: the dialect.
        now: the moment of scoring.
        types: the types that are declared, by attribute.
        forms: how the texts of each attribute stand.
        levels: matches that slopes are to reach.
    """

    dialect: Dialect
    now: Moment
    types: Mapping[str, str]
    forms: Mapping[str, str]
    levels: Sequence[float]


def column_of(place: Place, read: Mapping[str, Sequence[ValueFunction]], ground: Ground) -> Column:
    """Make the column in which attributes are found.

    Args:
        place: where that is.
        read: the value functions that read each attribute.
        ground: what it is made for.
    """
    attribute, functions = next(iter(read.items()))
    asked = [function for some in read.values() for function in some]
    if isinstance(place, LongTable):
        return _long(attribute, functions, place, ground)
    if isinstance(place, ListColumn) or any(function.view == "labels" for function in asked):
        default = ListColumn(str(place), "array" if ground.dialect.typed else "json")
        return _listed(tuple(read), asked, place if isinstance(place, ListColumn) else default, ground)
    kind = _kind(attribute, asked[0].view, ground)
    held = _hold(attribute, kind, ground)
    raws = [raw for function in asked for raw in _values(function, ground)]
    if not ground.dialect.typed:
        raws += [raw for function in asked for raw in _WRONG[function.view]]
    values = distinct([value for raw in (None, *raws) if (value := held(raw)) is not _NOT_HELD])
    cells = tuple(Cell(value, ((literal(value, kind, ground.dialect),),)) for value in values)
    return Column(tuple(read), (Typed(place, _typed_as(kind, ground.dialect)),), cells)


def _values(function: ValueFunction, ground: Ground, **more: Any) -> list[Any]:
    form = views.keep_case if ground.forms[function.attribute] == "exact" else views.fold
    return values_of(function, ground.now, levels=ground.levels, text=form, **more)


def _kind(attribute: str, view: str, ground: Ground) -> str:
    """Give the type of a column: as it is declared, or as it naturally is."""
    if view in {"number", "log", "years"}:
        natural = _DOUBLES.get(ground.dialect.name, "DOUBLE PRECISION")
    elif view in {"age", "ahead", "events"}:
        natural = _MOMENTS[ground.dialect.name]
    else:
        natural = "BOOLEAN" if view == "truth" else "TEXT"
    return ground.types.get(attribute, natural)


# What a column holds


def _hold(attribute: str, kind: str, ground: Ground) -> Callable[[Any], Any]:
    """Make the function from a value to what a column holds of it, as the reference reads that."""
    family, limits = family_of(kind, ground.dialect.spoken), limits_of(kind, ground.dialect.spoken)
    if not ground.dialect.typed:
        # What is declared is vouched for.
        kinds = {"date": str | date, "timestamp": str | date, "integer": int, "small integer": int}
        only = kinds.get(family, object) if attribute in ground.types else object
        return lambda raw: _held_untyped(raw) if raw is None or isinstance(raw, only) else _NOT_HELD
    if family in {"date", "timestamp"}:
        return _held_date if family == "date" else _held_moment(limits)
    if family == "boolean":
        return lambda raw: raw if raw is None or isinstance(raw, bool) else _NOT_HELD
    if family == "text":
        return lambda raw: raw if raw is None or isinstance(raw, str) else _NOT_HELD
    return _held_number(limits, declared=attribute in ground.types)


def _held_untyped(raw: Any) -> Any:
    """Hold anything; SQLite has no NaN, and calls True and False 1 and 0."""
    return _NOT_HELD if isinstance(raw, bool) or raw != raw else raw  # noqa: PLR0124  # only NaN differs from itself


def _held_date(raw: Any) -> Any:
    if isinstance(raw, datetime):
        return raw.date()
    return raw if raw is None or isinstance(raw, date) else _NOT_HELD


def _held_moment(limits: Limits) -> Callable[[Any], Any]:
    def held(raw: Any) -> Any:
        if isinstance(raw, datetime):
            return _NOT_HELD if raw.microsecond % limits.micros else raw.astimezone(UTC)
        if isinstance(raw, date):
            return datetime(raw.year, raw.month, raw.day, tzinfo=UTC)
        return None if raw is None else _NOT_HELD

    return held


def _held_number(limits: Limits, *, declared: bool) -> Callable[[Any], Any]:
    def held(raw: Any) -> Any:
        if raw is None:
            return None
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            return _NOT_HELD
        if limits.decimals is None:
            return _held_float(float(raw), single=limits.single, declared=declared)
        if not math.isfinite(raw) or not limits.least <= raw <= limits.most:
            return _NOT_HELD
        if limits.decimals == 0:
            return math.floor(raw)
        written = Decimal(raw).quantize(Decimal(1).scaleb(-limits.decimals))
        return _NOT_HELD if abs(written) > limits.most else written

    return held


def _held_float(raw: float, *, single: bool, declared: bool) -> Any:
    if single and math.isfinite(raw):
        if abs(raw) > 1e38:  # nearly the greatest of 32 bits
            return _NOT_HELD
        raw = float(struct.unpack("f", struct.pack("f", raw))[0])
    # Where no type is declared, a number beyond 2^53 might be a whole one that a float does not hold.
    return int(raw) if not declared and math.isfinite(raw) and abs(raw) > _WHOLE else raw


# How it is written


def literal(value: Any, kind: str, dialect: Dialect) -> Node:
    """Write a value: as text, which a cast then makes of its type, or as itself where columns have no types."""
    if value is None:
        return null()
    if isinstance(value, bool):
        return text("true" if value else "false")
    if isinstance(value, datetime):
        return text(_moment_text(value, kind, dialect))
    if not dialect.typed and isinstance(value, int | float):
        return _untyped_number(value, dialect)
    if isinstance(value, float):
        odd = {math.inf: "Infinity", -math.inf: "-Infinity"}
        return text("NaN" if math.isnan(value) else odd.get(value, repr(value)))
    return text(value.isoformat() if isinstance(value, date) else str(value))


def _moment_text(value: datetime, kind: str, dialect: Dialect) -> str:
    if dialect.typed:
        zoned = limits_of(kind, dialect.spoken).zoned
        return (value if zoned else value.replace(tzinfo=None)).isoformat(" ", "microseconds")
    # In several of the forms that are read.
    return value.isoformat(" ") if value.microsecond else value.isoformat().replace("+00:00", "Z")


def _untyped_number(value: float, dialect: Dialect) -> Node:
    if isinstance(value, int):
        return whole(value)
    if math.isinf(value):
        return endless() if value > 0 else minus(endless())
    return dialect.number(value)


def _typed_as(kind: str, dialect: Dialect) -> Callable[[Node], Node]:
    """Make the function from a literal's column to one of its type."""
    if not dialect.typed:
        return _itself
    family = family_of(kind, dialect.spoken)
    if family == "text":
        return _itself
    if family == "boolean":  # Redshift casts no text to it
        return lambda node: case(
            (compare(node, "=", text("true")), true()), (compare(node, "=", text("false")), false())
        )
    return lambda node: cast_as(node, kind, dialect.spoken)


# Lists


def _listed(attributes: tuple[str, ...], asked: Sequence[ValueFunction], place: ListColumn, ground: Ground) -> Column:
    view, dialect = asked[0].view, ground.dialect
    raws = [raw for function in asked for raw in _values(function, ground, many=True)]
    if view == "age" and not dialect.typed:
        raws.append(["yesterday"])
    if place.format == "delimited":
        texts = [place.delimiter.join(one or "" for one in raw) for raw in raws]
        # An item that holds the delimiter is two, to the reference as well; a blank text is no list.
        pairs = {one: one.split(place.delimiter) if one.strip() else None for one in texts}
    else:
        pairs = {
            json.dumps([_in_json(item, days=place.format == "json") for item in raw], ensure_ascii=False): raw
            for raw in raws
            if all(map(_is_json, raw))
        }
    cells = [Cell(None, ((null(),),)), *(Cell(value, ((text(one),),)) for one, value in pairs.items())]
    made = _array_as(view, dialect) if place.format == "array" else _itself
    return Column(attributes, (Typed(place.name, made),), tuple(cells))


def _is_json(item: Any) -> bool:
    """Tell whether JSON can say an item: it has no NaN and no infinity."""
    return not (isinstance(item, tuple) and isinstance(item[-1], float) and not math.isfinite(item[-1]))


def _in_json(item: Any, *, days: bool) -> Any:
    """Give an item as JSON has it; a day is a day, or else its 00:00 UTC, so that no session's zone moves it."""
    if isinstance(item, tuple):
        parts = (_in_json(part, days=days) for part in item)
        return dict(zip(("kind", "at", "strength"), parts, strict=True))
    if isinstance(item, date) and not isinstance(item, datetime) and not days:
        item = datetime(item.year, item.month, item.day, tzinfo=UTC)
    return item.isoformat() if isinstance(item, date) else item


def _itself(node: Node) -> Node:
    return node


def _array_as(view: str, dialect: Dialect) -> Callable[[Node], Node]:
    """Make the function from JSON text to an array of it."""
    if view not in {"age", "events"}:
        assert dialect.array_of is not None  # it was asked whether the profile can be said
        array_of = dialect.array_of
        return lambda node: array_of(node, ListColumn("items", "json"))
    moment = _MOMENTS[dialect.name]
    if dialect.name == "duckdb":
        event = f"STRUCT(kind VARCHAR, at {moment}, strength DOUBLE)"
        kind = f"{moment if view == 'age' else event}[]"
        return lambda node: cast_as(cast(node, "json"), kind, dialect.spoken)
    if dialect.name == "postgres":  # in which arrays of events are none
        return lambda node: case(
            (is_known(node), call("ARRAY", query(cast_as(_postgres_item(node), moment, dialect.spoken))))
        )
    event = f"STRUCT<kind: STRING, at: {moment}, strength: DOUBLE>"
    return lambda node: call("FROM_JSON", node, text(f"ARRAY<{moment if view == 'age' else event}>"))


def _postgres_item(node: Node) -> Node:
    return call("JSONB_ARRAY_ELEMENTS_TEXT", cast(node, "jsonb"))


# Tables of many rows


def _long(attribute: str, functions: Sequence[ValueFunction], place: LongTable, ground: Ground) -> Column:
    view = functions[0].view
    kinds = {place.value: _kind(attribute, view if view == "age" else "text", ground)}
    if view == "events" and place.at is not None:
        kinds = {place.value: "TEXT", place.at: _MOMENTS[ground.dialect.name]}
        if place.strength is not None:
            kinds[place.strength] = _kind("", "number", ground)
    held = [_hold(attribute if view == "age" else "", kind, ground) for kind in kinds.values()]
    raws = [
        raw
        for function in functions
        for raw in _values(function, ground, many=True, strengths=place.strength is not None)
    ]
    if view == "age" and not ground.dialect.typed:
        raws += [["yesterday"], [ground.now.day, "2026-02-30"]]
    found: dict[str, Cell] = {}
    for raw in [[], *raws]:
        rows = [_row(item, held, events=view == "events") for item in raw]
        if any(one is _NOT_HELD for row in rows for one in row):
            continue
        value: Any = [row if view == "events" else row[0] for row in rows]
        literals = tuple(
            tuple(literal(one, kind, ground.dialect) for one, kind in zip(row, kinds.values(), strict=True))
            for row in rows
        )
        found[repr(value)] = Cell(value or (None if place.without == "unknown" else []), literals)
    typed = tuple(Typed(name, _typed_as(kind, ground.dialect)) for name, kind in kinds.items())
    return Column((attribute,), typed, tuple(found.values()), place.table, place.key)


def _row(item: Any, held: Iterable[Callable[[Any], Any]], *, events: bool) -> tuple[Any, ...]:
    parts = item if events else (item,)
    return tuple(hold(part) for hold, part in zip(held, parts, strict=False))
