"""The dialects: what each calls the few things that they do not call the same, and what it cannot do."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import attrs

from icpkit.errors import near
from icpkit.sql.options import ListColumn
from icpkit.sql.sqlglot import (
    Node,
    add,
    among,
    any_of,
    call,
    called_as,
    case,
    cast,
    column,
    compare,
    concat,
    distinct,
    double,
    each,
    every,
    exists,
    extract,
    false,
    fraction,
    is_known,
    is_null,
    item,
    item_word,
    multiply,
    number,
    query,
    subquery,
    text,
    unnested,
    unnested_as,
    whole,
    within,
    write,
)

_One: TypeAlias = Callable[[Node], Node]


@attrs.frozen(eq=False)
class Opened:
    """A list column with a row for each of its items.

    Attributes:
        source: what stands behind the accounts' table, called ``a``, after FROM.
        field: the ``kind``, ``at`` or ``strength`` of an item that is an event; None, where items have no such names.
        moment: an item that is a moment.
        written: whether moments are texts.
    """

    source: str
    field: Callable[[str], Node] | None
    moment: Node
    written: bool


def _blank(node: Node) -> Node:
    return call("NULLIF", call("TRIM", node), text(""))


def _coalesced(node: Node, weight: Node) -> Node:
    return call("COALESCE", multiply(node, whole(0)), weight)


@attrs.frozen(kw_only=True, eq=False)
class Dialect:
    """One dialect of SQL.

    Attributes:
        name: what it is called in a call.
        title: what people call it.
        executed: whether tests run its statements.
        proof: on what they do.
        spoken: sqlglot's name of it.
        micros: microseconds since 1970 of a date or a moment, as a whole number.
        micros_of_text: the same of ISO text.
        is_nan: whether a number is NaN.
        contains: whether an array, which is not null, holds a text.
        distinct: how many different texts an array holds, empty ones aside.
        array_of: an array of what a list column holds; None: there are no arrays.
        is_array: whether a column of JSON holds an array; None: nobody tried.
        json_text: a column of JSON as text.
        opened: gives a list column of events or moments with a row for each; None, where it is not known how.
        number: a number, read exactly.
        double: a number that is a double wherever it stands; None: it is one only where it meets one, or by a CAST.
        unless: a number where a double is unknown, and 0 where it is known.
        floor: the greatest whole number up to a number that is not negative.
        least, greatest: names of these functions, for values that are not null.
        year: the year in UTC of a date or a moment.
        stamp: the type of a moment, with microseconds.
        endless: the text that it reads as an infinite number.
        divides: whether a whole number over a double is a double; else it must be made one first.
        typed: whether all values of a column are of one type; or else each is looked at.
        kept: whether a common table expression must be told to be computed once.
        percents: whether its drivers take ``%`` for their own where there are parameters.
        guard: what keeps a session with other settings from reading moments wrongly, or None.
        variable: what begins a variable, which is put in before a statement is read, even within a text; or None.
        most_columns: how many columns a query may have.
        most_text: how many bytes a statement may have.
        longest_name: how many bytes of a result column's name are kept.
        odd_name: finds what a result column's name must not hold; None: anything goes.
        needs: what must be so where it runs, said in the head of a statement.
    """

    name: str
    title: str
    executed: bool = False
    proof: str = "tests run such statements on it"
    spoken: str
    micros: _One
    micros_of_text: _One = attrs.field(default=attrs.Factory(lambda self: self.micros, takes_self=True))
    is_nan: _One
    contains: Callable[[Node, str], Node]
    distinct: _One
    array_of: Callable[[Node, ListColumn], Node] | None
    is_array: _One | None = None
    json_text: _One = attrs.field(default=lambda node: node)
    opened: "Callable[[Node, ListColumn], Opened | None]" = attrs.field(default=lambda *_: None)
    number: Callable[[float], Node] = number
    double: Callable[[float], Node] | None = None
    unless: Callable[[Node, Node], Node] = _coalesced
    floor: _One = attrs.field(default=lambda node: call("FLOOR", node))
    least: str = "LEAST"
    greatest: str = "GREATEST"
    year: Callable[[Node, str], Node] = attrs.field(default=lambda node, _: extract("YEAR", node))
    stamp: str = "timestamptz"
    endless: str = "Infinity"
    divides: bool = True
    typed: bool = True
    kept: bool = False
    percents: bool = False
    guard: Callable[[], Node] | None = None
    variable: str | None = None
    most_columns: int = 1600
    most_text: int = 1_000_000
    longest_name: int | None = None
    odd_name: "re.Pattern[str] | None" = None
    needs: tuple[str, ...] = ()

    def plain(self, value: float) -> Node:
        """Write a number where all others are literals, too: see `as_doubles`."""
        return self.number(value) if self.double is None else self.double(value)

    def as_doubles(self, node: Node) -> Node:
        """Make doubles of what is chosen from `plain` numbers."""
        return cast(node, "double") if self.double is None else node


def _arrays(parse: _One, split: Callable[[Node, str], Node]) -> Callable[[Node, ListColumn], Node]:
    """Make the function that gives an array of any list column."""

    def array_of(node: Node, place: ListColumn) -> Node:
        if place.format == "array":
            return node
        return parse(node) if place.format == "json" else split(_blank(node), place.delimiter)

    return array_of


def _called_array(name: str) -> _One:
    """Make the function that tells whether JSON is an array, where the engine calls its type so."""
    # Of what is no JSON at all the type is an error.
    return lambda node: compare(case((call("JSON_VALID", node), call("JSON_TYPE", node))), "=", text(name))


def _duckdb_distinct(items: Node) -> Node:
    """Count the items that are the first of their kind: many times as quick as to make a list of those."""
    first = compare(call("LIST_POSITION", items, item("i")), "=", item("n"))
    return call("LEN", call("LIST_FILTER", items, each(every([compare(item("i"), "<>", text("")), first]), "i", "n")))


def _asked_distinct(items: Node) -> Node:
    """Count by a query over the array's items."""
    one = column("item", "i")
    return subquery(distinct(one), unnested(items, "i", "item"), compare(one, "<>", text("")))


def _year_of(moment: _One) -> Callable[[Node, str], Node]:
    """Make the function that gives the year in UTC, by way of a moment in UTC, whatever type and zone one has."""
    return lambda node, kind: extract("YEAR", node if kind == "date" else moment(node))


def _zoned_or_utc(micros: _One) -> _One:
    """Make the function that reads ISO text: as it says, and in UTC where it says no zone."""

    def micros_of_text(node: Node) -> Node:
        behind = call("SUBSTR", node, whole(11))  # behind the date, in which there are dashes
        without = behind
        for sign in "Z+-":
            without = call("REPLACE", without, text(sign), text(""))
        zoned, plain = micros(cast(node, "timestamptz")), micros(cast(node, "timestamp"))
        return case((compare(without, "<>", behind), zoned), otherwise=plain)

    return micros_of_text


def _duckdb_unless(node: Node, weight: Node) -> Node:
    """Choose, which takes half the time of COALESCE."""
    return case((is_null(node), weight), otherwise=double(0))


def _duckdb_micros(node: Node) -> Node:
    return call("EPOCH_US", node)


def _postgres_micros(node: Node) -> Node:
    return multiply(extract("EPOCH", node), whole(1_000_000))


_duckdb_is_array: Final = _called_array("ARRAY")


def _duckdb_json(node: Node) -> Node:
    """Give a JSON array, null for any other."""
    return cast(case((_duckdb_is_array(node), node)), "json")


def _duckdb_opened(node: Node, place: ListColumn) -> Opened | None:
    each_one = column("item", "i")
    if place.format == "array":
        source = f", UNNEST({write(node, 'duckdb')}) AS i(item)"
        return Opened(source, lambda name: call("STRUCT_EXTRACT", each_one, text(name)), each_one, written=False)
    items = write(cast(_duckdb_json(node), "array<json>"), "duckdb")

    def field(name: str) -> Node:
        return call("JSON_EXTRACT_STRING", each_one, text(f"$.{name}"))

    moment = call("JSON_EXTRACT_STRING", each_one, text("$"))
    return Opened(f", UNNEST({items}) AS i(item)", field, moment, written=True) if place.format == "json" else None


_DUCKDB: Final = Dialect(
    opened=_duckdb_opened,
    name="duckdb",
    title="DuckDB",
    executed=True,
    spoken="duckdb",
    double=double,
    unless=_duckdb_unless,
    micros=_duckdb_micros,
    micros_of_text=_zoned_or_utc(_duckdb_micros),
    is_nan=lambda node: call("ISNAN", cast(node, "double")),
    contains=lambda items, wanted: call("LIST_CONTAINS", items, text(wanted)),
    distinct=_duckdb_distinct,
    array_of=_arrays(
        lambda node: cast(_duckdb_json(node), "array<varchar>"),
        lambda node, sign: call("STRING_SPLIT", node, text(sign)),
    ),
    is_array=_duckdb_is_array,
    year=_year_of(lambda node: call("MAKE_TIMESTAMP", call("EPOCH_US", node))),
    most_columns=10_000,
    most_text=100_000_000,
)


def _postgres_jsonb(node: Node) -> Node:
    return cast(_blank(cast(node, "text")), "jsonb")  # what is of that type already is not trimmed


def _postgres_is_array(node: Node) -> Node:
    return compare(call("JSONB_TYPEOF", _postgres_jsonb(node)), "=", text("array"))


def _postgres_array(node: Node) -> Node:
    """Give a JSON array, null for any other."""
    return case((_postgres_is_array(node), _postgres_jsonb(node)))


def _postgres_json(node: Node) -> Node:
    return case(
        (_postgres_is_array(node), call("ARRAY", query(call("JSONB_ARRAY_ELEMENTS_TEXT", _postgres_jsonb(node)))))
    )


def _postgres_opened(node: Node, place: ListColumn) -> Opened | None:
    each_one = column("item", "i")
    if place.format == "array":  # of moments: records have no fields by name in an array
        source = f" CROSS JOIN LATERAL UNNEST({write(node, 'postgres')}) AS i(item)"
        return Opened(source, None, each_one, written=False)
    items = write(call("JSONB_ARRAY_ELEMENTS", _postgres_array(node)), "postgres")

    def field(*name: str) -> Node:
        return call("JSONB_EXTRACT_PATH_TEXT", each_one, *map(text, name))

    # Of an array of one item, that item as text.
    moment = call("JSONB_EXTRACT_PATH_TEXT", call("JSONB_BUILD_ARRAY", each_one), text("0"))
    source = f" CROSS JOIN LATERAL {items} AS i(item)"
    return Opened(source, field, moment, written=True) if place.format == "json" else None


_POSTGRES: Final = Dialect(
    opened=_postgres_opened,
    name="postgres",
    title="PostgreSQL",
    executed=True,
    divides=False,
    spoken="postgres",
    micros=_postgres_micros,
    micros_of_text=_zoned_or_utc(_postgres_micros),
    is_nan=lambda node: compare(cast(node, "text"), "=", text("NaN")),
    contains=lambda items, wanted: any_of(text(wanted), items),
    distinct=_asked_distinct,
    array_of=_arrays(_postgres_json, lambda node, sign: call("STRING_TO_ARRAY", node, text(sign))),
    json_text=lambda node: cast(node, "text"),
    is_array=_postgres_is_array,
    year=_year_of(lambda node: call("TIMEZONE", text("UTC"), call("TO_TIMESTAMP", extract("EPOCH", node)))),
    kept=True,
    percents=True,
    most_text=100_000_000,
    longest_name=63,
    needs=("PostgreSQL 14 or newer",),
)


def _sqlite_micros(node: Node) -> Node:
    """Read ISO text: seconds by SQLite, and what follows them by ourselves, because it keeps milliseconds only."""
    rest = call("SUBSTR", node, whole(20))
    moment = concat(call("SUBSTR", node, whole(1), whole(19)), call("LTRIM", rest, text(".0123456789")))
    part = cast(concat(text("0"), call("SUBSTR", node, whole(20), whole(7))), "double")
    seconds = multiply(cast(call("STRFTIME", text("%s"), moment), "bigint"), whole(1_000_000))
    micros = add(seconds, cast(add(multiply(part, whole(1_000_000)), number(0.5)), "bigint"))
    day = call("SUBSTR", node, whole(1), whole(10))
    # It reads "now" as this moment, and, when it counts, the 30th of February as the 2nd of March.
    return case((compare(call("DATE", day, text("+0 days")), "=", day), micros))


_sqlite_is_array: Final = _called_array("array")


def _sqlite_json(node: Node) -> Node:
    """Give the text of a JSON array, null for any other."""
    return case((_sqlite_is_array(node), node))


def _sqlite_array(node: Node, place: ListColumn) -> Node:
    """Give the text of a JSON array: there is no other kind of list."""
    if place.format == "json":
        return _sqlite_json(node)
    blank = _blank(node)
    sign = place.delimiter
    if sign < " ":
        # Quoted it would be an escape, and the same two signs may stand in the text: another takes its place before.
        marked = call("REPLACE", call("REPLACE", blank, text("|"), text("|0")), text(sign), text("|1"))
        split = call("REPLACE", call("JSON_QUOTE", marked), text("|1"), text('","'))
        items = call("REPLACE", split, text("|0"), text("|"))
    else:
        items = call("REPLACE", call("JSON_QUOTE", blank), text(sign), text('","'))
    return case((is_known(blank), concat(text("["), items, text("]"))))


def _sqlite_contains(items: Node, wanted: str) -> Node:
    return exists(called_as(call("JSON_EACH", items), "i"), compare(column("value", "i"), "=", text(wanted)))


def _sqlite_distinct(items: Node) -> Node:
    one = column("value", "i")
    return subquery(distinct(one), called_as(call("JSON_EACH", items), "i"), compare(one, "<>", text("")))


def _sqlite_opened(node: Node, place: ListColumn) -> Opened | None:
    each_one = column("value", "i")

    def field(name: str) -> Node:
        # Of an item that is a text it would read that as JSON.
        record = compare(column("type", "i"), "=", text("object"))
        return case((record, call("JSON_EXTRACT", each_one, text(f"$.{name}"))))

    source = f", JSON_EACH({write(_sqlite_json(node), 'sqlite')}) AS i"
    return Opened(source, field, each_one, written=True) if place.format == "json" else None


_SQLITE: Final = Dialect(
    opened=_sqlite_opened,
    name="sqlite",
    title="SQLite",
    executed=True,
    spoken="sqlite",
    micros=_sqlite_micros,
    is_nan=lambda _: false(),  # it keeps NaN as null
    contains=_sqlite_contains,
    distinct=_sqlite_distinct,
    array_of=_sqlite_array,
    is_array=_sqlite_is_array,
    number=fraction,
    floor=lambda node: cast(node, "bigint"),
    least="MIN",
    greatest="MAX",
    year=lambda node, _: cast(call("STRFTIME", text("%Y"), node), "bigint"),
    typed=False,
    kept=True,
    most_columns=1900,
    needs=("SQLite 3.35 or newer, with its mathematical functions where matches decay or a scale is logarithmic",),
)


def _utc_session() -> Node:
    utc = among(call("CURRENT_TIMEZONE"), [text(zone) for zone in ("UTC", "Etc/UTC", "GMT", "Z", "+00:00")])
    return is_null(call("ASSERT_TRUE", utc, text("the session time zone must be UTC: SET TIME ZONE 'UTC'")))


def _spark_distinct(items: Node) -> Node:
    known = call("ARRAY_REMOVE", call("ARRAY_COMPACT", items), text(""))
    return call("SIZE", call("ARRAY_DISTINCT", known))


def _spark_is_array(node: Node) -> Node:
    return is_known(call("FROM_JSON", node, text("ARRAY<STRING>")))


def _spark_opened(node: Node, place: ListColumn) -> Opened | None:
    if place.format == "delimited":
        return None
    if place.format == "array":
        source = f" LATERAL VIEW EXPLODE({write(node, 'spark')}) i AS item"
        return Opened(source, lambda name: column(name, "item"), item("item"), written=False)
    kinds = text("ARRAY<STRING>")
    source = f" LATERAL VIEW EXPLODE({write(call('FROM_JSON', _blank(node), kinds), 'spark')}) i AS item"

    def field(name: str) -> Node:
        return call("GET_JSON_OBJECT", item("item"), text(f"$.{name}"))

    return Opened(source, field, item("item"), written=True)


_SPARK: Final = Dialect(
    opened=_spark_opened,
    name="spark",
    title="Spark",
    executed=True,
    spoken="spark",
    double=double,
    micros=lambda node: call("UNIX_MICROS", cast(node, "timestamptz")),
    is_nan=lambda node: call("ISNAN", cast(node, "double")),
    contains=lambda items, wanted: call("ARRAY_CONTAINS", items, text(wanted)),
    distinct=_spark_distinct,
    array_of=_arrays(
        lambda node: call("FROM_JSON", _blank(node), text("ARRAY<STRING>")),
        lambda node, sign: call("SPLIT", node, text(rf"\Q{sign}\E")),
    ),
    is_array=_spark_is_array,
    guard=_utc_session,
    variable="${",
    most_columns=10_000,
    most_text=10_000_000,
    needs=("the session time zone UTC",),
)
_DATABRICKS: Final = attrs.evolve(
    _SPARK,
    name="databricks",
    title="Databricks",
    proof="tests run the same text on Spark",
    spoken="databricks",
    longest_name=255,
    odd_name=re.compile(r"[ ,;{}()\n\t=]"),
)


def _snowflake_micros(node: Node) -> Node:
    return call("DATE_PART", text("EPOCH_MICROSECOND"), node)


_SNOWFLAKE: Final = Dialect(
    name="snowflake",
    title="Snowflake",
    divides=False,
    spoken="snowflake",
    micros=_snowflake_micros,
    is_nan=lambda node: compare(cast(node, "double"), "=", cast(text("NaN"), "double")),
    contains=lambda items, wanted: call("ARRAY_CONTAINS", cast(text(wanted), "variant"), items),
    distinct=lambda items: call(
        "ARRAY_SIZE",
        call("ARRAY_DISTINCT", call("ARRAY_REMOVE", call("ARRAY_COMPACT", items), cast(text(""), "variant"))),
    ),
    array_of=_arrays(
        lambda node: cast(call("PARSE_JSON", _blank(node)), "array"), lambda node, sign: call("SPLIT", node, text(sign))
    ),
    year=_year_of(lambda node: call("TO_TIMESTAMP_NTZ", _snowflake_micros(node), whole(6))),
    endless="inf",
    longest_name=255,
    needs=("names as Snowflake keeps them: in upper case, where they were made without quotes",),
)
_BIGQUERY: Final = Dialect(
    name="bigquery",
    title="BigQuery",
    spoken="bigquery",
    double=double,
    micros=lambda node: call("UNIX_MICROS", cast(node, "timestamptz")),
    is_nan=lambda node: call("IS_NAN", cast(node, "double")),
    contains=lambda items, wanted: within(text(wanted), items),
    distinct=lambda items: subquery(
        distinct(item("item")), unnested_as(items, "item"), compare(item("item"), "<>", text(""))
    ),
    array_of=_arrays(
        lambda node: call("JSON_VALUE_ARRAY", _blank(node)), lambda node, sign: call("SPLIT", node, text(sign))
    ),
    longest_name=300,
    odd_name=re.compile(r"[^A-Za-z0-9_]"),
)
_REDSHIFT: Final = Dialect(
    name="redshift",
    title="Redshift",
    divides=False,
    spoken="redshift",
    micros=lambda node: call(
        "DATEDIFF", item_word("MICROSECOND"), cast(text("1970-01-01 00:00:00"), "timestamp"), node
    ),
    is_nan=lambda node: compare(cast(node, "varchar"), "=", text("NaN")),
    contains=lambda *_: false(),
    distinct=lambda _: whole(0),
    array_of=None,
    percents=True,
    most_text=10_000_000,
    longest_name=127,
    needs=("the session time zone UTC",),
)


def _trino_micros(node: Node) -> Node:
    """Count seconds as a double, which is nearer to the microsecond than half of one."""
    seconds = call("TO_UNIXTIME", cast(node, "timestamptz(6)"))
    return cast(call("FLOOR", add(multiply(seconds, number(1e6)), number(0.5))), "bigint")


_TRINO: Final = Dialect(
    name="trino",
    title="Trino",
    spoken="trino",
    double=double,
    micros=_trino_micros,
    is_nan=lambda node: call("IS_NAN", cast(node, "double")),
    contains=lambda items, wanted: call("CONTAINS", items, text(wanted)),
    distinct=lambda items: call(
        "CARDINALITY", call("ARRAY_DISTINCT", call("FILTER", items, each(compare(item("i"), "<>", text("")), "i")))
    ),
    array_of=_arrays(
        lambda node: cast(call("JSON_PARSE", _blank(node)), "array<varchar>"),
        lambda node, sign: call("SPLIT", node, text(sign)),
    ),
    # A moment knows its zone here, and its year would be the year there.
    year=_year_of(lambda node: call("AT_TIMEZONE", cast(node, "timestamptz(6)"), text("UTC"))),
    stamp="timestamptz(6)",
    needs=("the session time zone UTC",),
)
#: The dialects by name.
DIALECTS: Final[Mapping[str, Dialect]] = MappingProxyType(
    {
        one.name: one
        for one in (
            *(_DUCKDB, _POSTGRES, _SQLITE, _SPARK, _DATABRICKS),
            *(_SNOWFLAKE, _BIGQUERY, _REDSHIFT, _TRINO),
        )
    }
)


def dialect_of(name: str) -> Dialect:
    """Find a dialect by its name.

    Raises:
        ValueError: for another name.
    """
    wanted = {"postgresql": "postgres"}.get(name, name)
    if wanted not in DIALECTS:
        hint = near(str(name), DIALECTS)
        raise ValueError(f"dialect must be one of {', '.join(DIALECTS)} (got {name!r})" + (f"; {hint}" if hint else ""))
    return DIALECTS[wanted]
