"""All that sqlglot does (extra: sql): the nodes that statements are built of, and the text of them in a dialect.

This is the list of what a statement may hold. sqlglot translates much more between dialects, and some of it wrongly,
without saying so; therefore functions keep the name that they are given, and each dialect says what its own are called.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import reduce
from typing import Any, Final, NamedTuple, TypeAlias

try:
    from sqlglot import exp, tokenize
    from sqlglot.errors import SqlglotError
except ImportError:  # pragma: no cover - a test runs this in a process of its own
    raise ImportError('SQL needs sqlglot: pip install "icpkit[sql]"') from None

#: An expression of SQL.
Node: TypeAlias = exp.Expr
#: What stands for a parameter until the text is made; no text that is written may hold it.
PARAMETER: Final = "ICPKIT_PARAMETER_7C3F"
#: A float needs at most so many digits where every engine reads it exactly; others get an exponent, or a fraction.
_SURE_DIGITS: Final = 15
#: So short are decimals that SQLite reads exactly: it misreads 0.002877 and 28.384741.
_SHORT_DIGITS: Final = 3
_SHORT_PLACES: Final = 5
_WHOLE: Final = 2**53
_BIGGEST_DIVISOR: Final = 2**62


# Leaves


def column(name: str, table: str) -> Node:
    """Name a column: always qualified, the name always quoted."""
    return exp.Column(this=exp.to_identifier(name, quoted=True), table=exp.to_identifier(table))


def table(parts: Sequence[str], alias: str) -> Node:
    """Name a table, each part quoted, under an alias of ours."""
    *before, name = (exp.to_identifier(part, quoted=True) for part in parts)
    # A database, then a catalog: sqlglot counts from the right.
    named = dict(zip(("db", "catalog"), reversed(before), strict=False))
    return exp.Table(this=name, alias=exp.TableAlias(this=exp.to_identifier(alias)), **named)


def text(value: str) -> Node:
    """Write a text, escaped as the dialect does."""
    return exp.Literal.string(value)


def whole(value: int) -> Node:
    """Write a whole number."""
    return exp.Literal.number(str(value)) if value >= 0 else exp.Neg(this=exp.Literal.number(str(-value)))


def number(value: float) -> Node:
    """Write a number, so that every engine reads the same double of it where it meets a double."""
    value = float(value)
    if value < 0:
        return exp.Neg(this=number(-value))
    if value.is_integer() and value < _WHOLE:
        return exp.Literal.number(str(int(value)))
    written = repr(value)
    digits = written.partition("e")[0].replace(".", "").strip("0")
    sure = len(digits) <= _SURE_DIGITS and "e" not in written
    return exp.Literal.number(written if sure or "e" in written else f"{written}e0")


def real(value: float) -> Node:
    """Write a whole number as a real one, by which a division is never one of whole numbers."""
    written = {1e6: "1e6", 1e9: "1e9", 86400e6: "86400e6"}.get(value, f"{value:.0f}e0")
    return exp.Literal.number(written)


def double(value: float) -> Node:
    """Write a number with an exponent, which some dialects read as a double and not as a decimal."""
    written = repr(float(value)).removesuffix(".0")
    return exp.Literal.number(written if "e" in written else f"{written}e0")


def fraction(value: float) -> Node:
    """Write a number for engines that read most decimals inexactly, by the division of two numbers that they do not."""
    written = Decimal(repr(float(value))).normalize()
    _, digits, exponent = written.as_tuple()
    places = -int(exponent)
    if places <= 0 or (len(digits) <= _SHORT_DIGITS and places <= _SHORT_PLACES):
        return number(value)
    if len(digits) <= _SURE_DIGITS:
        top, bottom = int(written.scaleb(places)), 10**places
    else:
        top, bottom = float(value).as_integer_ratio()
    if bottom > _BIGGEST_DIVISOR:
        return number(value)
    return exp.Paren(this=exp.Div(this=exp.Literal.number(f"{top}.0"), expression=whole(bottom), typed=True))


def true() -> Node:
    """Write what holds."""
    return exp.true()


def false() -> Node:
    """Write what does not."""
    return exp.false()


def null() -> Node:
    """Write nothing."""
    return exp.Null()


def parameter() -> Node:
    """Stand where a parameter will; `given` puts it there."""
    return exp.Var(this=PARAMETER)


def given(sql: str, name: str, dialect: str) -> str:
    """Put a parameter in its places, as the dialect's drivers write it."""
    return sql.replace(PARAMETER, exp.Placeholder(this=name).sql(dialect=dialect))


# Arithmetic


def _within(node: Node) -> Node:
    """Put brackets about what has an operator of its own."""
    return exp.Paren(this=node) if isinstance(node, exp.Binary | exp.Neg | exp.Not | exp.Between | exp.In) else node


def _operands(left: Node, right: Node) -> dict[str, Any]:
    return {"this": _within(left), "expression": _within(right)}


def add(left: Node, right: Node) -> Node:
    """Add two numbers; sums stay without brackets."""
    first = left if isinstance(left, exp.Add | exp.Sub | exp.Mul | exp.Div) else _within(left)
    second = right if isinstance(right, exp.Mul | exp.Div) else _within(right)
    return exp.Add(this=first, expression=second)


def subtract(left: Node, right: Node) -> Node:
    """Take one number from another."""
    first = left if isinstance(left, exp.Add | exp.Sub | exp.Mul | exp.Div) else _within(left)
    second = right if isinstance(right, exp.Mul | exp.Div) else _within(right)
    return exp.Sub(this=first, expression=second)


def multiply(left: Node, right: Node) -> Node:
    """Multiply two numbers, of which one must be a double."""
    first = left if isinstance(left, exp.Mul | exp.Div | exp.Neg) else _within(left)
    return exp.Mul(this=first, expression=_within(right))


def divide(left: Node, right: Node) -> Node:
    """Divide two numbers, of which one must be a double."""
    first = left if isinstance(left, exp.Mul | exp.Div | exp.Neg) else _within(left)
    return exp.Div(this=first, expression=_within(right), typed=True)


def modulo(left: Node, right: Node) -> Node:
    """Give what is left of a whole number."""
    return exp.Mod(**_operands(left, right))


def minus(node: Node) -> Node:
    """Turn the sign."""
    return exp.Neg(this=_within(node))


def total(nodes: Iterable[Node]) -> Node:
    """Add up, in brackets of some hundreds where there are more: engines limit how deep an expression may be."""
    terms = list(nodes) or [whole(0)]
    size = 200
    if len(terms) > size:
        return total(exp.Paren(this=total(terms[at : at + size])) for at in range(0, len(terms), size))
    return reduce(add, terms)


# Conditions


def compare(left: Node, sign: str, right: Node) -> Node:
    """Compare two values: ``=``, ``<>``, ``<``, ``<=``, ``>`` or ``>=``; null never satisfies."""
    return _SIGNS[sign](**_operands(left, right))


_SIGNS: Final[dict[str, type[exp.Expr]]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


def between(node: Node, low: Node, high: Node) -> Node:
    """Tell whether a value lies between two, both included."""
    return exp.Between(this=_within(node), low=low, high=high)


def among(node: Node, values: Sequence[Node]) -> Node:
    """Tell whether a value is one of some."""
    if len(values) == 1:
        return compare(node, "=", values[0])
    return exp.In(this=_within(node), expressions=list(values))


def is_null(node: Node) -> Node:
    """Tell whether there is no value."""
    return exp.Is(this=_within(node), expression=exp.Null())


def is_known(node: Node) -> Node:
    """Tell whether there is a value."""
    return exp.Is(this=_within(node), expression=exp.Not(this=exp.Null()))


def opposite(node: Node) -> Node:
    """Tell whether a condition does not hold."""
    return exp.Not(this=_within(node) if isinstance(node, exp.Connector) else node)


def numbered(group: Node, *order: Node) -> Node:
    """Number the rows of each group, by values that are never null, the least first."""
    ordered = exp.Order(expressions=[exp.Ordered(this=one, nulls_first=False) for one in order])
    return exp.Window(this=call("ROW_NUMBER"), partition_by=[group], order=ordered)


def denied(node: Node) -> Node | None:
    """Give the condition that is said not to hold; None where nothing of the kind is said."""
    return node.this if isinstance(node, exp.Not) else None


def every(nodes: Iterable[Node]) -> Node:
    """Tell whether all conditions hold."""
    return _joined(exp.And, nodes, exp.Or)


def some(nodes: Iterable[Node]) -> Node:
    """Tell whether a condition of some holds."""
    return _joined(exp.Or, nodes, exp.And)


def _joined(kind: type[exp.Expr], nodes: Iterable[Node], other: type[exp.Expr]) -> Node:
    listed = [exp.Paren(this=node) if isinstance(node, other) else node for node in nodes]
    return reduce(lambda left, right: kind(this=left, expression=right), listed)


def case(*branches: tuple[Node, Node], otherwise: Node | None = None) -> Node:
    """Give the value of the first condition that holds; else null, or ``otherwise``."""
    if not branches:
        return exp.Null() if otherwise is None else otherwise
    return exp.Case(ifs=[exp.If(this=condition, true=value) for condition, value in branches], default=otherwise)


# Functions


def call(name: str, *arguments: Node) -> Node:
    """Call a function by exactly this name."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def cast(node: Node, kind: str) -> Node:
    """Make a value of a type, which the dialect names as it does: ``"double"``, ``"bigint"`` and so on."""
    return exp.Cast(this=node, to=exp.DataType.build(kind))


def distinct(node: Node) -> Node:
    """Count each value once."""
    return exp.Anonymous(this="COUNT", expressions=[exp.Distinct(expressions=[node])])


def extract(part: str, node: Node) -> Node:
    """Give a part of a date, such as ``"YEAR"``."""
    return exp.Extract(this=exp.Var(this=part), expression=node)


def any_of(node: Node, items: Node) -> Node:
    """Tell whether a value is one of an array's, as PostgreSQL asks."""
    return exp.EQ(this=node, expression=exp.Any(this=exp.Paren(this=items)))


def within(node: Node, items: Node) -> Node:
    """Tell whether a value is one of an array's, as BigQuery asks."""
    return exp.In(this=node, unnest=exp.Unnest(expressions=[items]))


def item(name: str) -> Node:
    """Name a column of a subquery that has no other."""
    return exp.Column(this=exp.to_identifier(name))


def query(selected: Node, source: Node | None = None, where: Node | None = None) -> Node:
    """Ask for one column."""
    asked = exp.Select(expressions=[selected])
    if source is not None:
        asked = asked.from_(source, copy=False)
    return asked if where is None else asked.where(where, copy=False)


def subquery(selected: Node, source: Node, where: Node | None = None) -> Node:
    """Ask a query of one row and one column."""
    return exp.Subquery(this=query(selected, source, where))


def exists(source: Node, where: Node) -> Node:
    """Tell whether a query has rows."""
    return exp.Exists(this=query(whole(1), source, where))


def called_as(node: Node, table: str, columns: Sequence[str] = ()) -> Node:
    """Call a function's rows a table."""
    names = [exp.to_identifier(one) for one in columns]
    return exp.Table(this=node, alias=exp.TableAlias(this=exp.to_identifier(table), columns=names))


def unnested(items: Node, table: str, name: str) -> Node:
    """Make rows of an array."""
    return exp.Unnest(
        expressions=[items], alias=exp.TableAlias(this=exp.to_identifier(table), columns=[exp.to_identifier(name)])
    )


def unnested_as(items: Node, name: str) -> Node:
    """Make rows of an array, each an item of this name, as BigQuery does."""
    return exp.Table(this=call("UNNEST", items), alias=exp.TableAlias(this=exp.to_identifier(name)))


def item_word(word: str) -> Node:
    """Write a word of the language, such as a unit of time."""
    return exp.Var(this=word)


def concat(*texts: Node) -> Node:
    """Put texts one behind the other."""
    made, *others = texts
    for other in others:
        made = exp.DPipe(this=made, expression=_within(other), safe=True)
    return made


def each(condition: Node, *names: str) -> Node:
    """Write a function of these arguments, as the dialect does."""
    return exp.Lambda(this=condition, expressions=[exp.to_identifier(name) for name in names])


# Text


def write(node: Node, dialect: str) -> str:
    """Write an expression on one line."""
    return node.sql(dialect=dialect, normalize_functions=False, comments=False)


def table_text(parts: Sequence[str], alias: str, dialect: str) -> str:
    """Name a table under an alias of ours."""
    return table(parts, alias).sql(dialect=dialect)


def everything(table: str) -> Node:
    """Name all columns of a step."""
    return exp.Column(this=exp.Star(), table=exp.to_identifier(table))


def column_name(node: Node) -> str | None:
    """Give the name of a column; an empty one for all columns, None for what is no column."""
    if not isinstance(node, exp.Column):
        return None
    return "" if isinstance(node.this, exp.Star) else str(node.name)


def quoted(name: str, dialect: str) -> str:
    """Quote a name."""
    return exp.to_identifier(name, quoted=True).sql(dialect=dialect)


def words(sql: str, dialect: str) -> list[tuple[str, int, int]]:
    """Take a text apart: each token with its place, first and last sign included."""
    return [(one.text.upper(), one.start, one.end) for one in tokenize(sql, read=dialect)]


def family_of(kind: str, dialect: str) -> str:
    """Say what a type is to us: a kind of number, boolean, text, date, timestamp, array, json, or other.

    Args:
        kind: the type, as the dialect writes it.
        dialect: sqlglot's name of the dialect.

    Raises:
        ValueError: for what is no type.
    """
    try:
        made = exp.DataType.build(kind, dialect=dialect)
    except (ValueError, SqlglotError):
        raise ValueError(f"{kind!r} is no type") from None
    if made.is_type(_TYPES.DECIMAL):
        digits, scale = ([one.name for one in made.expressions] + ["38", "0"][len(made.expressions) :])[:2]
        if dialect != "snowflake" or scale != "0":
            return "decimal"
        # Its drivers give whole numbers of it.
        return "small integer" if int(digits) <= _SURE_DIGITS else "integer"
    family = next((family for family, kinds in _FAMILIES.items() if made.this in kinds), "other")
    return "integer" if family == "small integer" and dialect in _LARGE else family


_TYPES: Final = exp.DataType.Type
#: Where INT holds more than a double can.
_LARGE: Final = {"bigquery", "snowflake", "sqlite"}
_FAMILIES: Final[dict[str, set[Any]]] = {
    "small integer": {
        _TYPES.TINYINT,
        _TYPES.SMALLINT,
        _TYPES.MEDIUMINT,
        _TYPES.INT,
        _TYPES.UTINYINT,
        _TYPES.USMALLINT,
        _TYPES.UINT,
    },
    "integer": {_TYPES.BIGINT, _TYPES.UBIGINT, _TYPES.INT128, _TYPES.UINT128},
    "float": {_TYPES.FLOAT, _TYPES.DOUBLE},
    "boolean": {_TYPES.BOOLEAN},
    "text": {*exp.DataType.TEXT_TYPES},
    "date": {_TYPES.DATE},
    "timestamp": {*exp.DataType.TEMPORAL_TYPES} - {_TYPES.DATE, _TYPES.TIME, _TYPES.TIMETZ},
    "array": {_TYPES.ARRAY, _TYPES.LIST},
    "json": {_TYPES.JSON, _TYPES.JSONB},
}


class Limits(NamedTuple):
    """What a column of a type can hold.

    Attributes:
        least, most: its least and its greatest number.
        decimals: how many decimals its numbers have; None: as many as a float has.
        single: whether its floats are of 32 bits.
        micros: of how many microseconds its moments are a multiple.
        zoned: whether its moments know their zone.
    """

    least: float
    most: float
    decimals: int | None
    single: bool
    micros: int
    zoned: bool


def limits_of(kind: str, dialect: str) -> Limits:
    """Say what a column of a type can hold.

    Args:
        kind: the type, as the dialect writes it.
        dialect: sqlglot's name of the dialect.
    """
    made = exp.DataType.build(kind, dialect=dialect)
    sizes = [int(one.name) for one in made.expressions if one.name.isdecimal()]
    zoned = made.this in {_TYPES.TIMESTAMPTZ, _TYPES.TIMESTAMPLTZ}
    digits = sizes[0] if sizes else _MOST_MICRO_DIGITS.get(dialect, 6)
    micros = 10 ** max(6 - digits, 0)
    if made.is_type(_TYPES.DECIMAL):
        # Without sizes it is another type in each dialect; as floats, all engines read 15 digits exactly.
        precision, scale = ([*sizes, 0] if sizes else [9, 0])[:2]
        most = 10 ** (min(precision, 15 if scale else 18) - scale) - 1
        return Limits(-most, most, scale, single=False, micros=micros, zoned=zoned)
    least, most = _REACHES.get(made.this, (-(2**63), 2**63 - 1))
    whole_ones = {kind for family in ("small integer", "integer") for kind in _FAMILIES[family]}
    decimals, single = 0 if made.this in whole_ones else None, made.this == _TYPES.FLOAT
    return Limits(least, most, decimals, single=single, micros=micros, zoned=zoned)


#: How many digits of a second moments have where a type does not say so, other than six.
_MOST_MICRO_DIGITS: Final = {"trino": 3}
_REACHES: Final = {
    _TYPES.TINYINT: (-(2**7), 2**7 - 1),
    _TYPES.UTINYINT: (0, 2**8 - 1),
    _TYPES.SMALLINT: (-(2**15), 2**15 - 1),
    _TYPES.USMALLINT: (0, 2**16 - 1),
    _TYPES.MEDIUMINT: (-(2**23), 2**23 - 1),
    _TYPES.INT: (-(2**31), 2**31 - 1),
    _TYPES.UINT: (0, 2**32 - 1),
    _TYPES.UBIGINT: (0, 2**63 - 1),
    _TYPES.UINT128: (0, 2**63 - 1),
}


def cast_as(node: Node, kind: str, dialect: str) -> Node:
    """Make a value of a type, which is written as the dialect writes it."""
    return exp.Cast(this=node, to=exp.DataType.build(kind, dialect=dialect))


def endless() -> Node:
    """Write a number that is too large for a float, which is read as infinity."""
    return exp.Literal.number("9e999")


def row(values: Sequence[Node]) -> Node:
    """Write a row of values."""
    return exp.Tuple(expressions=list(values))
