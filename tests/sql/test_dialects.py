from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlglot import exp, parse

import icpkit as icp
from icpkit.sql import sqlglot as sql
from icpkit.sql.dialects import DIALECTS, dialect_of
from icpkit.sql.options import ListColumn
from tests.parity.databases import Database
from tests.parity.landing import Table
from tests.sql.cases import fetch

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = [
    datetime(2026, 11, 21, 15, 30, 0, 123456, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(1901, 1, 1, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
]
LISTS: dict[str, dict[str, Any]] = {
    "array": {"some": ["a", "b", "a", ""], "empty": [], "none": None},
    "json": {"some": '["a", "b", null, "a", ""]', "empty": " [] ", "blank": "  ", "none": None},
    "delimited": {"some": "a;b;a;", "one": "it's", "blank": " ", "none": None},
}


def asked(database: Database, kind: str, rows: list[Any], *nodes: sql.Node) -> list[list[Any]]:
    """Ask for expressions over each value of a column, ``a.x``."""
    spoken = DIALECTS[database.dialect].spoken
    selected = ", ".join(f"{sql.write(node, spoken)} AS x{number}" for number, node in enumerate(nodes))
    table = Table("held", (("n", "INTEGER"), ("x", kind)), tuple(enumerate(rows)))
    with database.holding([table]) as run:
        found = run(f'SELECT a.n, {selected} FROM "held" AS a ORDER BY a.n', None)
    return [list(one.values())[1:] for one in found]


X = sql.column("x", "a")


# Finding one


@pytest.mark.parametrize("name", DIALECTS)
def test_a_dialect_is_found_by_its_name(name: str) -> None:
    """Each dialect has a name, and nobody is told something else."""
    assert dialect_of(name).name == name


def test_postgresql_has_two_names() -> None:
    """PostgreSQL is found by the name that drivers use, too."""
    assert dialect_of("postgresql") is dialect_of("postgres")


@pytest.mark.parametrize(
    ("name", "hint"),
    [("snowflak", "snowflake"), ("big query", "bigquery"), ("Postgres", "postgres"), ("duckb", "duckdb")],
)
def test_a_mistyped_dialect_is_refused_with_a_hint(name: str, hint: str) -> None:
    """The message lists all dialects, and says which was meant."""
    with pytest.raises(ValueError, match=f"dialect must be one of duckdb, .*{name}.*; .*{hint}"):
        dialect_of(name)


@pytest.mark.parametrize("name", ["mysql", "", 5, None])
def test_another_dialect_is_refused(name: Any) -> None:
    """The message lists what there is."""
    with pytest.raises(ValueError, match=r"dialect must be one of duckdb, postgres, .*trino \(got") as caught:
        dialect_of(name)
    assert str(caught.value).endswith(f"(got {name!r})")


# What each calls its own


def _kinds(database: Database) -> list[str]:
    return ["TEXT"] if database.dialect == "sqlite" else ["TIMESTAMP", "TIMESTAMP WITH TIME ZONE"]


def test_moments_are_microseconds(database: Database) -> None:
    """A moment is, to the microsecond, what Python says, whatever the zone of the session."""
    dialect = DIALECTS[database.dialect]
    wanted = [(one - EPOCH) // (MOMENTS[0].resolution) for one in MOMENTS]
    for kind in _kinds(database):
        held: list[Any] = [one if kind.endswith("ZONE") else one.replace(tzinfo=None) for one in MOMENTS]
        if kind == "TEXT":
            held = [one.isoformat() for one in held] + [one.isoformat(sep=" ") + "Z" for one in held]
        found = asked(database, kind, [*held, None], dialect.micros(X))
        assert [row[0] for row in found] == [*wanted * (len(held) // len(wanted)), None], kind


def test_days_are_microseconds(database: Database) -> None:
    """A day is its first moment in UTC."""
    days = [date(1970, 1, 1), date(2026, 11, 21), date(1, 1, 1)]
    kind = "TEXT" if database.dialect == "sqlite" else "DATE"
    held = [one.isoformat() if kind == "TEXT" else one for one in days]
    found = asked(database, kind, held, DIALECTS[database.dialect].micros(X))
    assert [row[0] for row in found] == [(one - days[0]).days * 86_400_000_000 for one in days]


def test_the_year_is_that_in_utc(database: Database) -> None:
    """The year of a moment is not that of the session's zone, of whatever type the moment is."""
    dialect = DIALECTS[database.dialect]
    for kind in _kinds(database):
        held: list[Any] = [one if kind.endswith("ZONE") else one.replace(tzinfo=None) for one in MOMENTS[:4]]
        held = [one.isoformat() for one in held] if kind == "TEXT" else held
        found = asked(database, kind, held, dialect.year(X, "timestamp"))
        assert [row[0] for row in found] == [one.year for one in MOMENTS[:4]], kind
    kind = "TEXT" if database.dialect == "sqlite" else "DATE"
    day: Any = "2026-01-01" if kind == "TEXT" else date(2026, 1, 1)
    assert asked(database, kind, [day], dialect.year(X, "date")) == [[2026]]


@pytest.mark.parametrize(
    "text",
    ["now", "2026-02-30", "2026-13-01", "12:00", "2026", "", "x", "2461366.5", "2026-11-21T25:00:00", "20261121"],
)
def test_what_is_no_iso_text_is_no_moment_on_sqlite(text: str) -> None:
    """SQLite reads more than ISO text as a moment, such as now and the 30th of February; none of it counts."""
    asked_for = sql.write(DIALECTS["sqlite"].micros(sql.text(text)), "sqlite")
    assert fetch("sqlite", "", f"SELECT {asked_for}") == [(None,)]


def test_nan_is_found(database: Database) -> None:
    """NaN is told from numbers; SQLite holds none."""
    dialect = DIALECTS[database.dialect]
    kind = {"duckdb": "DOUBLE", "postgres": "DOUBLE PRECISION", "sqlite": "REAL"}[database.dialect]
    found = asked(database, kind, [1.5, float("nan"), float("inf")], dialect.is_nan(X))
    assert [bool(row[0]) for row in found] == [False, dialect.typed, False]


def test_the_greatest_whole_number_below(database: Database) -> None:
    """A number that is not negative is rounded down, and the least and the greatest are told."""
    dialect = DIALECTS[database.dialect]
    kind = {"duckdb": "DOUBLE", "postgres": "DOUBLE PRECISION", "sqlite": "REAL"}[database.dialect]
    ends = (sql.call(dialect.least, X, sql.whole(2)), sql.call(dialect.greatest, X, sql.whole(2)))
    found = asked(database, kind, [0.0, 0.999999, 7.5, 2.0**40 + 0.5], dialect.floor(X), *ends)
    assert found == [[0, 0, 2], [0, 0.999999, 2], [7, 2, 7.5], [2**40, 2, 2.0**40 + 0.5]]


@pytest.mark.parametrize("form", LISTS)
def test_lists_of_every_format_are_looked_into(database: Database, form: Any) -> None:
    """An array, a text of JSON and a delimited text hold the same; blank text is no list, and null and '' no items."""
    if database.dialect == "sqlite" and form == "array":
        return  # it has no arrays, and refuses them
    dialect = DIALECTS[database.dialect]
    assert dialect.array_of is not None
    kind = {"duckdb": "VARCHAR", "postgres": "TEXT", "sqlite": "TEXT"}[database.dialect] + (
        "[]" if form == "array" else ""
    )
    items = dialect.array_of(X, ListColumn("x", form, ";"))
    asks = [
        sql.is_known(items),
        dialect.contains(items, "a"),
        dialect.contains(items, "c"),
        dialect.contains(items, "it's"),
    ]
    found = asked(database, kind, list(LISTS[form].values()), *asks, dialect.distinct(items))
    by_name = dict(zip(LISTS[form], found, strict=True))
    assert [bool(one) for one in by_name["some"][:4]] == [True, True, False, False]
    assert by_name["some"][4] == 2
    for name in {"none", "blank"} & set(by_name):
        assert not any(by_name[name][:4]), name
    if "empty" in by_name:
        assert [bool(one) for one in by_name["empty"]] == [True, False, False, False, False]
    if "one" in by_name:
        assert [bool(one) for one in by_name["one"]] == [True, False, False, True, True]


# What is generated, not executed

EVERYTHING = icp.Profile(
    "P",
    [
        icp.Dimension(
            "D",
            [
                icp.Overlap("a", ["x", "y"], mode="satisfies"),
                icp.Overlap("b", ["x", "it's"]),
                icp.Overlap("c", ["x"], mode="satisfies"),
                icp.Recency("d", half_life=30),
                icp.Age("e", at_least=3),
                icp.Range("f", 1, 5, soft_high=9, scale="log"),
            ],
        )
    ],
)


@pytest.mark.parametrize("dialect", [name for name in DIALECTS if name not in {"sqlite", "redshift"}])
@pytest.mark.parametrize("as_of", [icp.Param("now", "timestamp"), icp.Column("now", "timestamp"), "2026-11-21"])
def test_statements_are_read_by_a_parser_of_their_dialect(dialect: str, as_of: Any) -> None:
    """What no test can run is one SELECT of its own dialect, whose functions it knows by these names."""
    columns: dict[str, Any] = {"b": icp.ListColumn("b", "json"), "c": icp.ListColumn("c", "delimited", "^")}
    text = icp.to_sql(EVERYTHING, dialect=dialect, table="a.b.c", key="id", as_of=as_of, columns=columns, text="folded")
    [made] = parse(text.replace("%%", "%"), read=DIALECTS[dialect].spoken)
    assert isinstance(made, exp.Select)
    assert [one.alias_or_name for one in made.selects] == [
        *("key", "fit", "tier", "status", "coverage", "low", "high", "invalid")
    ]


@pytest.mark.parametrize(
    ("dialect", "year"),
    [
        ("snowflake", "TO_TIMESTAMP_NTZ(DATE_PART('EPOCH_MICROSECOND', a.\"x\"), 6)"),
        ("trino", "AT_TIMEZONE(CAST(a.\"x\" AS TIMESTAMP(6) WITH TIME ZONE), 'UTC')"),
    ],
)
def test_a_year_is_asked_of_a_moment_in_utc(dialect: str, year: str) -> None:
    """Where a moment has a zone of its own, or none at all, it is brought to UTC before its year is taken."""
    assert year in sql.write(DIALECTS[dialect].year(X, "timestamp"), DIALECTS[dialect].spoken)


def test_lists_are_refused_where_there_are_none() -> None:
    """Redshift, which has no arrays of text, says to give a LongTable; its functions of lists are never asked."""
    dialect = DIALECTS["redshift"]
    assert dialect.array_of is None
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Overlap("a", ["x"])])])
    [problem] = icp.pushable(profile, "redshift", text="folded")
    assert problem.reason == "reads a list, which Redshift cannot look into here: give a LongTable"


@pytest.mark.parametrize("sign", [";", "|", "^", "]", ".", "$"])
def test_spark_splits_at_the_sign_itself(sign: str) -> None:
    """Spark splits by patterns of Java, so the sign is quoted there."""
    spark = DIALECTS["spark"]
    assert spark.array_of is not None
    made = spark.array_of(X, ListColumn("x", "delimited", sign))
    assert sql.write(made, "duckdb") == rf"""SPLIT(NULLIF(TRIM(a."x"), ''), '\Q{sign}\E')"""


@pytest.mark.parametrize("form", ["array", "json"])
@pytest.mark.parametrize("dialect", ["spark", "postgres", "duckdb"])
def test_lists_of_moments_are_opened_in_statements_of_their_dialect(dialect: str, form: Any) -> None:
    """A list of moments becomes rows by what a parser of the dialect knows; so do events, where records have names."""
    place = icp.ListColumn("x", form)
    for criterion in (icp.Recency("x", window=3), icp.Engagement("x", {"demo": 1})):
        if (dialect, form) == ("postgres", "array") and isinstance(criterion, icp.Engagement):
            continue
        profile = icp.Profile("P", [icp.Dimension("D", [criterion])])
        text = icp.to_sql(
            profile, dialect=dialect, table="t", key="id", as_of="2026-11-21", columns={"x": place}, text="folded"
        )
        [made] = parse(text, read=dialect)
        assert isinstance(made, exp.Select)


@pytest.mark.parametrize("dialect", ["spark", "postgres", "sqlite"])
def test_delimited_moments_are_not_opened(dialect: str) -> None:
    """A delimited text of moments is refused: nobody says how such moments are written."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Recency("x", window=3)])])
    [problem] = icp.pushable(profile, dialect, columns={"x": ListColumn("x", "delimited")})
    assert "as delimited, which is not opened" in problem.reason
