import itertools
import operator
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from icpkit.sql import sqlglot as sql
from icpkit.sql.dialects import DIALECTS
from icpkit.sql.sqlglot import Node
from tests.parity.databases import Database
from tests.parity.landing import Table

NUMBERS = (-3.5, 0.0, 2.0, 7.25)
#: What a condition can be, with null.
TRUTHS = (True, False, None)


def values(
    database: Database, nodes: Sequence[Node], row: Mapping[str, Any] | None = None, kind: str = ""
) -> list[Any]:
    """Ask for expressions over the columns of one row, ``a``."""
    spoken = DIALECTS[database.dialect].spoken
    kind = kind or {"duckdb": "DOUBLE", "postgres": "DOUBLE PRECISION", "sqlite": "REAL"}[database.dialect]
    held = {"none": None, **(row or {})}
    table = Table("row", tuple((name, kind) for name in held), (tuple(held.values()),))
    selected = ", ".join(f"{sql.write(node, spoken)} AS x{number}" for number, node in enumerate(nodes))
    with database.holding([table]) as run:
        [found] = run(f"SELECT {selected} FROM {sql.table_text(['row'], 'a', spoken)}", None)
    return list(found.values())


def truths(database: Database, nodes: Sequence[Node], row: Mapping[str, Any] | None = None) -> list[bool | None]:
    """Ask for conditions; SQLite calls them 1 and 0."""
    return [None if one is None else bool(one) for one in values(database, nodes, row)]


def col(name: str) -> Node:
    """Name a column of the row."""
    return sql.column(name, "a")


def double(value: float) -> Node:
    """Write a number as a double, so that no engine divides whole numbers."""
    return sql.cast(sql.number(value), "double")


# Leaves


@pytest.mark.parametrize("name", ['a"b', "select", "SELECT", "a.b", "a b", "ß", "'; --", "`x`", "a]b"])
def test_a_name_is_a_name(database: Database, name: str) -> None:
    """A column is found under any name, in the case in which it was made."""
    assert values(database, [col(name)], {name: 7}) == [7]


@pytest.mark.parametrize(
    "text", ["it's", '"', "a\\b", "%s %% :x $1 ?", "--", "/* */", "\n\t", "é€😀", "", "$$x$$", "{{ x }}", "`"]
)
def test_a_text_is_that_text(database: Database, text: str) -> None:
    """A text comes back sign by sign."""
    assert values(database, [sql.text(text)]) == [text]


@pytest.mark.parametrize("value", [0, 1, -1, 2**53, -(2**53), 2**63 - 1])
def test_a_whole_number_is_that_number(database: Database, value: int) -> None:
    """A whole number stays exact, with its sign."""
    assert values(database, [sql.whole(value)]) == [value]


DOUBLES = (0.1, 0.6, 1 / 3, 0.06666666666660603, 1e-9, 5e-324, 1e22, 1e300, 2.5, 7, 2**53, -0.25, -1 / 3, -0.0)


def test_a_number_is_the_same_double_in_every_engine(database: Database) -> None:
    """A number that meets a double is, to the last bit, that of Python."""
    write = DIALECTS[database.dialect].number
    found = values(database, [sql.add(sql.cast(write(one), "double"), double(0)) for one in DOUBLES])
    exact = [one for one in DOUBLES if abs(one) > 1e-300]
    assert [one for one in found if abs(one) > 1e-300] == exact


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.5, "0.5"),
        (3.0, "3"),
        (0.1, "0.1"),
        (0.123456789012345, "0.123456789012345"),
        (1 / 3, "0.3333333333333333e0"),
        (1e300, "1e+300"),
        (-2, "-2"),
        (2.0**60, "1.152921504606847e+18"),
    ],
)
def test_a_number_is_written_short(value: float, written: str) -> None:
    """A number that all engines read exactly is written plainly; others as floats."""
    assert sql.write(sql.number(value), "duckdb") == written


@pytest.mark.parametrize(("value", "written"), [(1e6, "1e6"), (86400e6, "86400e6"), (4, "4e0"), (1e9, "1e9")])
def test_a_real_number_is_never_whole(value: float, written: str) -> None:
    """A divisor has a point or an exponent, so that no engine divides whole numbers."""
    assert sql.write(sql.real(value), "sqlite") == written


@pytest.mark.parametrize("value", [1 / 3, 0.1, 0.7, 0.06666666666660603, -1 / 3, 1e-7 / 3, 5e-20 / 3, 2 / 3 * 1e20])
def test_a_fraction_is_the_same_double(value: float) -> None:
    """A number over a power of two is exact where long decimals are not; whatever cannot be one stays as it is."""
    written = sql.write(sql.fraction(value), "sqlite").replace("e0", "")
    assert eval(written) == value


def test_words_of_the_language(database: Database) -> None:
    """True, false and null are themselves."""
    assert truths(database, [sql.true(), sql.false(), sql.null()]) == [True, False, None]


def test_a_parameter_stands_in_every_place(database: Database) -> None:
    """A parameter is written as the engine's driver takes it."""
    spoken = DIALECTS[database.dialect].spoken
    asked = sql.given(sql.write(sql.add(sql.cast(sql.parameter(), "bigint"), sql.parameter()), spoken), "p", spoken)
    with database.holding([]) as run:
        assert list(run(f"SELECT {asked} AS x", {"p": 21})[0].values()) == [42]


# Arithmetic

_OPERATORS: dict[str, tuple[Callable[[Node, Node], Node], Callable[[float, float], float]]] = {
    "add": (sql.add, operator.add),
    "subtract": (sql.subtract, operator.sub),
    "multiply": (sql.multiply, operator.mul),
    "divide": (sql.divide, operator.truediv),
}


def test_arithmetic_nests_as_it_was_built(database: Database) -> None:
    """However two operators and a sign nest, the value is that of Python: there are brackets where they are needed."""
    x, y, z = 7.0, 2.0, 3.0
    nodes, wanted = [], []
    for (outer, meant), (inner, within) in itertools.product(_OPERATORS.values(), repeat=2):
        nodes += [outer(inner(col("x"), col("y")), col("z")), outer(col("x"), inner(col("y"), col("z")))]
        wanted += [meant(within(x, y), z), meant(x, within(y, z))]
        nodes += [outer(sql.minus(col("x")), inner(sql.minus(col("y")), double(-3)))]
        wanted += [meant(-x, within(-y, -3.0))]
        nodes += [sql.minus(outer(sql.whole(-7), inner(col("y"), col("z"))))]
        wanted += [-meant(-7, within(y, z))]
    assert values(database, nodes, {"x": x, "y": y, "z": z}) == wanted


def test_arithmetic_with_null_is_null(database: Database) -> None:
    """What is unknown stays so."""
    made = [build(col("x"), col("none")) for build, _ in _OPERATORS.values()]
    made += [build(col("none"), col("x")) for build, _ in _OPERATORS.values()]
    made += [sql.minus(col("none")), sql.modulo(sql.cast(col("none"), "bigint"), sql.whole(3))]
    assert values(database, made, {"x": 4}) == [None] * len(made)


def test_modulo_takes_whole_expressions(database: Database) -> None:
    """What is left of a sum is not what is left of its last part."""
    one = sql.modulo(sql.add(sql.whole(7), sql.whole(6)), sql.add(sql.whole(2), sql.whole(3)))
    assert values(database, [one, sql.subtract(sql.whole(20), one)]) == [3, 17]


@pytest.mark.parametrize("count", [0, 1, 2, 200, 201, 1000])
def test_a_total_is_a_sum_of_any_length(database: Database, count: int) -> None:
    """Many terms are added in groups, none lost; of none the total is 0."""
    terms = [double(number) for number in range(count)]
    assert values(database, [sql.total(iter(terms))]) == [count * (count - 1) / 2]


# Conditions


def test_comparisons(database: Database) -> None:
    """Each sign compares as Python does; null satisfies nothing, not even <>."""
    signs = {"=": "eq", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
    pairs = [(sign, one, two) for sign in signs for one, two in itertools.product(NUMBERS, repeat=2)]
    made = [sql.compare(double(one), sign, double(two)) for sign, one, two in pairs]
    assert truths(database, made) == [getattr(operator, signs[sign])(one, two) for sign, one, two in pairs]
    nulls = [sql.compare(col("none"), sign, col("x")) for sign in signs]
    assert truths(database, nulls, {"x": 1}) == [None] * len(signs)


def test_conditions_of_expressions(database: Database) -> None:
    """An operand with an operator of its own is one operand."""
    four = sql.add(col("x"), col("x"))
    made = [
        sql.compare(four, "=", sql.subtract(col("y"), sql.whole(-1))),
        sql.between(four, sql.whole(4), sql.whole(4)),
        sql.among(four, [sql.whole(3), sql.whole(4)]),
        sql.among(four, [sql.whole(4)]),
        sql.is_null(sql.add(col("x"), col("none"))),
        sql.is_known(four),
    ]
    assert truths(database, made, {"x": 2, "y": 3}) == [True] * len(made)
    assert truths(database, [sql.opposite(one) for one in made], {"x": 2, "y": 3}) == [False] * len(made)


def test_ends_belong_to_what_lies_between(database: Database) -> None:
    """Both ends are included; null lies nowhere, and is not elsewhere either."""
    made = [sql.between(sql.number(one), sql.whole(0), sql.whole(2)) for one in NUMBERS]
    assert truths(database, [*made, sql.between(col("none"), sql.whole(0), sql.whole(2))]) == [
        *(0 <= one <= 2 for one in NUMBERS),
        None,
    ]
    assert truths(database, [sql.among(col("none"), [sql.whole(0), sql.whole(1)])]) == [None]


def test_what_is_known(database: Database) -> None:
    """Only null is null, and that is never unknown itself."""
    made = [kind(col(name)) for kind in (sql.is_null, sql.is_known) for name in ("none", "x")]
    assert truths(database, made, {"x": 0}) == [True, False, False, True]


def _not(one: bool | None) -> bool | None:
    return None if one is None else not one


def _and(*all_: bool | None) -> bool | None:
    return False if False in all_ else None if None in all_ else True


def _or(*all_: bool | None) -> bool | None:
    return _not(_and(*map(_not, all_)))


def test_conditions_nest_as_they_were_built(database: Database) -> None:
    """However and, or and not nest, over true, false and null, the outcome is that of three-valued logic."""
    held = dict(zip("tfn", (1.0, 0.0, None), strict=True))
    of = {truth: sql.compare(col(name), "=", sql.whole(1)) for name, truth in zip("tfn", TRUTHS, strict=True)}
    nodes, wanted = [], []
    for one, two, three in itertools.product(TRUTHS, repeat=3):
        parts = of[one], of[two], of[three]
        nodes += [sql.every([sql.some(parts[:2]), parts[2]]), sql.some([parts[0], sql.every(parts[1:])])]
        wanted += [_and(_or(one, two), three), _or(one, _and(two, three))]
        nodes += [sql.opposite(sql.every(parts)), sql.opposite(sql.some(parts)), sql.every([sql.opposite(parts[0])])]
        wanted += [_not(_and(one, two, three)), _not(_or(one, two, three)), _not(one)]
        nodes += [sql.some([sql.opposite(sql.some(parts[:2])), parts[2]]), sql.opposite(sql.opposite(parts[1]))]
        wanted += [_or(_not(_or(one, two)), three), two]
    assert truths(database, nodes, held) == wanted


def test_what_is_denied() -> None:
    """A condition that says no gives what it denies; another gives nothing."""
    known = sql.is_known(col("x"))
    assert sql.denied(sql.opposite(known)) is known
    assert sql.denied(known) is None


def test_a_case_takes_the_first_that_holds(database: Database) -> None:
    """Null is no condition that holds; without a branch there is what is left."""
    never = sql.compare(col("none"), "=", sql.whole(1))
    branches = [(never, sql.whole(1)), (sql.true(), sql.whole(2)), (sql.true(), sql.whole(3))]
    made = [
        sql.case(*branches),
        sql.case((never, sql.whole(1))),
        sql.case((never, sql.whole(1)), otherwise=sql.whole(4)),
        sql.case(),
        sql.case(otherwise=sql.whole(5)),
        sql.add(sql.case((sql.true(), sql.whole(1)), otherwise=sql.whole(9)), sql.whole(1)),
    ]
    assert values(database, made) == [2, None, 4, None, 5, 2]


# Functions


def test_a_function_keeps_its_name(database: Database) -> None:
    """A function is called by the name that it is given, of one value and of several."""
    made = [sql.call("COALESCE", col("none"), sql.whole(3)), sql.call("ABS", sql.add(sql.whole(-5), sql.whole(1)))]
    made += [sql.call("LTRIM", sql.text("xxa"), sql.text("x"))]
    assert values(database, made) == [3, 4, "a"]
    assert sql.write(sql.call("Len", sql.text("a")), "sqlite") == "Len('a')"


def test_a_cast_makes_another_type(database: Database) -> None:
    """A whole number becomes a double, an expression as a whole."""
    half = sql.divide(sql.cast(sql.add(sql.whole(1), sql.whole(2)), "double"), sql.whole(2))
    assert values(database, [half, sql.cast(sql.text("12"), "bigint"), sql.cast(col("none"), "bigint")]) == [
        1.5,
        12,
        None,
    ]


def test_texts_stand_one_behind_the_other(database: Database) -> None:
    """Texts are put together in order."""
    assert values(database, [sql.concat(sql.text("a"), sql.text("b"), sql.text("c"))]) == ["abc"]


def _rows(database: Database, kind: str, held: Sequence[Sequence[Any]], asked: str) -> list[dict[str, Any]]:
    columns = tuple((name, kind) for name in ("g", "v"))
    with database.holding([Table("rows", columns, tuple(tuple(one) for one in held))]) as run:
        return run(asked, None)


def test_rows_are_numbered_from_the_least(database: Database) -> None:
    """Each group is numbered on its own, by values in turn."""
    spoken = DIALECTS[database.dialect].spoken
    place = sql.write(sql.numbered(col("g"), sql.minus(col("v"))), spoken)
    held = [(1, 5), (1, 9), (2, 3), (1, 7)]
    found = _rows(database, "INTEGER", held, f'SELECT a.g, a.v, {place} AS n FROM "rows" AS a')
    assert sorted(tuple(one.values()) for one in found) == [(1, 5, 3), (1, 7, 2), (1, 9, 1), (2, 3, 1)]


def test_each_value_counts_once(database: Database) -> None:
    """Equal values are one, and null is none."""
    asked = sql.write(sql.distinct(col("v")), DIALECTS[database.dialect].spoken)
    found = _rows(database, "INTEGER", [(1, 1), (1, 2), (1, 1), (1, None)], f'SELECT {asked} AS n FROM "rows" AS a')
    assert found == [{"n": 2}]


def test_queries_within_expressions(database: Database) -> None:
    """A query of one value, and one for whether there is any row, see the row that they stand in."""
    other = sql.table(["rows"], "b")
    higher = sql.compare(sql.column("v", "b"), ">", col("v"))
    count = sql.subquery(sql.call("SUM", sql.whole(1)), other, higher)
    spoken = DIALECTS[database.dialect].spoken
    asked = ", ".join(sql.write(one, spoken) for one in (count, sql.exists(other, higher)))
    found = _rows(database, "INTEGER", [(1, 1), (1, 2), (1, 3)], f'SELECT a.v, {asked} FROM "rows" AS a')
    assert sorted((*map(int, (row := [*one.values()])[:1]), row[1], bool(row[2])) for one in found) == [
        (1, 2, True),
        (2, 1, True),
        (3, None, False),
    ]
    assert sql.write(sql.query(sql.whole(1)), spoken) == "SELECT 1"


# Text


@pytest.mark.parametrize(
    ("parts", "written"),
    [
        (["t"], '"t" AS a'),
        (["s", "t"], '"s"."t" AS a'),
        (["c", "s", 't"x'], '"c"."s"."t""x" AS a'),
    ],
)
def test_each_part_of_a_table_is_quoted(parts: list[str], written: str) -> None:
    """A table is named by catalog, schema and name, each quoted, under an alias."""
    assert sql.table_text(parts, "a", "postgres") == written
    assert sql.quoted("a`b", "bigquery") == "`a\\`b`"


def test_what_a_column_is_called() -> None:
    """A column tells its name, all columns an empty one, anything else none."""
    assert sql.column_name(col("x y")) == "x y"
    assert sql.column_name(sql.everything("a")) == ""
    assert sql.column_name(sql.whole(1)) is None
    assert sql.write(sql.everything("a"), "duckdb") == "a.*"


def test_words_have_places() -> None:
    """Each word of a text comes with the places of its first and last sign."""
    text = "a + 'b c'"
    found = sql.words(text, "duckdb")
    assert [(word, text[start : end + 1]) for word, start, end in found] == [("A", "a"), ("+", "+"), ("B C", "'b c'")]


@pytest.mark.parametrize(
    ("kind", "dialect", "family"),
    [
        ("INTEGER", "duckdb", "small integer"),
        ("BIGINT", "postgres", "integer"),
        ("int64", "bigquery", "integer"),
        ("INTEGER", "sqlite", "integer"),
        ("double precision", "postgres", "float"),
        ("REAL", "sqlite", "float"),
        ("NUMERIC(12,2)", "postgres", "decimal"),
        ("NUMBER(9,0)", "snowflake", "small integer"),
        ("NUMBER(19,0)", "snowflake", "integer"),
        ("NUMBER", "snowflake", "integer"),
        ("NUMBER(9,2)", "snowflake", "decimal"),
        ("BOOLEAN", "trino", "boolean"),
        ("character varying(20)", "redshift", "text"),
        ("string", "spark", "text"),
        ("DATE", "duckdb", "date"),
        ("timestamp with time zone", "postgres", "timestamp"),
        ("timestamp(6) with time zone", "trino", "timestamp"),
        ("TIMESTAMP_NTZ(9)", "snowflake", "timestamp"),
        ("DATETIME", "bigquery", "timestamp"),
        ("text[]", "postgres", "array"),
        ("ARRAY<STRING>", "bigquery", "array"),
        ("array(varchar)", "trino", "array"),
        ("TIME", "duckdb", "other"),
        ("UUID", "postgres", "other"),
        ("jsonb", "postgres", "json"),
    ],
)
def test_types_are_what_catalogues_call_them(kind: str, dialect: str, family: str) -> None:
    """A type is read as the dialect writes it."""
    assert sql.family_of(kind, dialect) == family


@pytest.mark.parametrize("kind", ["", "no such type", "'", "INT("])
def test_what_is_no_type_is_refused(kind: str) -> None:
    """Text that names no type is an error that says so."""
    with pytest.raises(ValueError, match="is no type"):
        sql.family_of(kind, "duckdb")


def test_without_sqlglot_one_line_says_what_to_install() -> None:
    """Where sqlglot is missing, the statement asked for is one error that tells the way out; the rest works."""
    code = (
        "import sys; sys.modules['sqlglot'] = None; import icpkit as icp\n"
        "p = icp.Profile('P', [icp.Dimension('D', [icp.Flag('x')])]); print(icp.score(p, {'x': True}).fit)\n"
        "try: icp.to_sql(p, dialect='duckdb', table='t', key='id', as_of='2026-11-21')\n"
        "except ImportError as error: print(error, error.__cause__, error.__suppress_context__)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == '100.0\nSQL needs sqlglot: pip install "icpkit[sql]" None True\n'
