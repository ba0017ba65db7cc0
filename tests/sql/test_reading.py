from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

import icpkit as icp
from icpkit.errors import AsOfError
from icpkit.sql.reading import Refused, sayable
from icpkit.sql.sqlglot import PARAMETER
from tests.sql.cases import AS_OF, ENGINES, check, fetch, reference, scored, single, table

SIZE = single(icp.Range("x", 0, 10, soft_high=20))
FLAG = single(icp.Flag("x"))
AGE = single(icp.Age("x", at_least=3, soft_at_least=1))
RECENT = single(icp.Recency("x", linear=100))
HUGE = 2**53


def fits(rows: list[tuple[Any, ...]]) -> list[Any]:
    """Give the fits, and "wrong" where a value of the wrong kind was counted."""
    return ["wrong" if row[7] else row[1] for row in rows]


# Numbers


@pytest.mark.parametrize(
    ("kind", "values", "wanted"),
    [
        ("INTEGER", [15, None, -3], [50, None, 0]),
        ("BIGINT", [15, HUGE, HUGE + 1, -HUGE - 1, None], [50, 0, "wrong", "wrong", None]),
        ("DECIMAL(18, 2)", [15, 15.25, None], [50, 47.5, None]),
        ("DECIMAL(38, 0)", [15, 10**37], [50, 0]),
        ("DOUBLE", [15.0, 1e300, -1e300, None], [50, 0, 0, None]),
        ("FLOAT", [15.0, None], [50, None]),
    ],
)
def test_numbers_of_declared_types_on_duckdb(kind: str, values: list[Any], wanted: list[Any]) -> None:
    """With its type a column is read as it can be: whole numbers beyond 2^53 are wrong, such doubles are not."""
    rows = scored("duckdb", SIZE, {"x": kind}, [{"x": one} for one in values], types={"x": kind})
    assert fits(rows) == wanted


@pytest.mark.parametrize("declared", [True, False])
def test_endless_numbers_are_wrong_and_nan_is_unknown(declared: bool) -> None:
    """Infinity is of the wrong kind, NaN is unknown, declared or not; not declared, a double beyond 2^53 is wrong."""
    script = (
        "CREATE TABLE accounts (id INT, x DOUBLE);"
        "INSERT INTO accounts VALUES (1, 'inf'), (2, '-inf'), (3, 'nan'), (4, 15), (5, 1e300), (6, NULL);"
    )
    types = {"x": "DOUBLE"} if declared else None
    sql = icp.to_sql(SIZE, dialect="duckdb", table="accounts", key="id", as_of="2026-11-21", types=types)
    found = fits(sorted(fetch("duckdb", script, sql)))
    assert found == ["wrong", "wrong", None, 50, 0 if declared else "wrong", None]


def test_each_value_is_looked_at_on_sqlite() -> None:
    """A column of SQLite holds values of any type: text and bytes are wrong for a number, blank text is unknown."""
    values = [15, 15.0, 1e300, HUGE, HUGE + 1, "15", "", "  ", "many", None]
    rows = scored("sqlite", SIZE, {"x": ""}, [{"x": one} for one in values])
    assert rows == reference(SIZE, [{"x": one} for one in values])
    assert fits(rows) == [50, 50, 0, 0, "wrong", "wrong", None, None, "wrong", None]
    script = "CREATE TABLE accounts (id, x); INSERT INTO accounts VALUES (1, x'3135'), (2, 9e999), (3, -9e999);"
    sql = icp.to_sql(SIZE, dialect="sqlite", table="accounts", key="id", as_of="2026-11-21")
    assert fits(sorted(fetch("sqlite", script, sql))) == ["wrong"] * 3


# Columns of the wrong type

WRONG: list[tuple[icp.Profile, str, str, Any, str]] = [
    (SIZE, "a number", "VARCHAR", "many", "x"),
    (SIZE, "a number", "DATE", "2026-01-01", "x"),
    (FLAG, "True or False", "VARCHAR", "maybe", "x"),
    (single(icp.OneOf("x", ["it"])), "text", "INTEGER", 5, "x"),
    (AGE, "a founding year or date", "VARCHAR", "long ago", "x"),
    (RECENT, "a date or a moment", "INTEGER", 5, "x"),
    (single(icp.Upcoming("x", within=9)), "a date or a moment", "BOOLEAN", True, "x"),
    (single(icp.Overlap("x", ["it"])), "a list", "DOUBLE", 5.0, "x"),
]


@pytest.mark.parametrize(("profile", "needed", "kind", "value", "name"), WRONG)
def test_a_declared_column_of_the_wrong_type_is_refused(
    profile: icp.Profile, needed: str, kind: str, value: Any, name: str
) -> None:
    """With types= the wrong type is refused before anything runs, in every dialect; the message names the column."""
    for dialect in ("duckdb", "sqlite", "postgres", "trino"):
        if dialect == "sqlite" and kind == "VARCHAR" and needed.endswith("date"):
            continue  # its moments are text
        [problem] = icp.pushable(profile, dialect, types={"x": kind}, columns={"x": "theirs"}, text="folded")
        assert problem.reason == f"reads {needed}, but the column 'theirs' is {kind}", dialect
    with pytest.raises(icp.NotPushable, match=f"d/{name}: reads {needed}, but the column 'x' is"):
        scored("duckdb", profile, {"x": kind}, [{"x": value}], types={"x": kind})


@pytest.mark.parametrize(("profile", "needed", "kind", "value", "name"), WRONG)
def test_an_undeclared_column_of_the_wrong_type_gives_no_score(
    profile: icp.Profile, needed: str, kind: str, value: Any, name: str
) -> None:
    """Without types= DuckDB refuses the statement, and SQLite, which looks at each value, counts it as wrong."""
    import duckdb

    with pytest.raises(duckdb.Error):
        scored("duckdb", profile, {"x": kind}, [{"x": value}])
    if needed != "a list":
        [row] = scored("sqlite", profile, {"x": ""}, [{"x": value}])
        assert (row[1], row[7]) == (None, 1)


def test_what_is_no_type_is_refused() -> None:
    """A type that the dialect has not is told by name."""
    [problem] = icp.pushable(SIZE, "duckdb", types={"x": "VARCHAR("})
    assert problem.reason == "types['x'] is 'VARCHAR(', which is no type of DuckDB"


# True or False


@pytest.mark.parametrize(
    ("kind", "values", "wanted"),
    [
        ("BOOLEAN", [True, False, None], [100, 0, None]),
        ("INTEGER", [1, 0, 2, None], [100, 0, "wrong", None]),
        ("DOUBLE", [1.0, 0.0, 0.5, None], [100, 0, "wrong", None]),
        ("DECIMAL(3, 1)", [1, 0, 2], [100, 0, "wrong"]),
    ],
)
def test_truths_of_declared_types_on_duckdb(kind: str, values: list[Any], wanted: list[Any]) -> None:
    """Booleans, and numbers that are 1 or 0, say True or False."""
    assert fits(scored("duckdb", FLAG, {"x": kind}, [{"x": one} for one in values], types={"x": kind})) == wanted


def test_truths_of_undeclared_types() -> None:
    """Not declared, a boolean is read; on SQLite 1 and 0, and nothing that is text."""
    assert fits(scored("duckdb", FLAG, {"x": "BOOLEAN"}, [{"x": one} for one in (True, False, None)])) == [100, 0, None]
    values = [1, 0, 1.0, 2, "1", "true", "", " ", None]
    rows = fits(scored("sqlite", FLAG, {"x": ""}, [{"x": one} for one in values]))
    assert rows == [100, 0, 100, "wrong", "wrong", "wrong", None, None, None]
    no = single(icp.Flag("x", expected=False))
    assert fits(check(no, {"x": "BOOLEAN"}, [{"x": one} for one in (True, False, None)])) == [0, 100, None]


# Texts


@pytest.mark.parametrize(
    ("criterion", "text", "needed", "reason"),
    [
        (
            icp.OneOf("x", ["a"]),
            "refuse",
            "folded",
            (
                "compares text, which no SQL folds as icpkit does: hold it folded, and say so with "
                'text="folded" (icpkit.fold folds it)'
            ),
        ),
        (
            icp.OneOf("x", ["a"], case_sensitive=True),
            "refuse",
            "exact",
            'compares text, which no SQL folds as icpkit does: hold it folded, and say so with text="exact"',
        ),
        (
            icp.OneOf("x", ["a"], case_sensitive=True),
            "folded",
            "exact",
            (
                "compares text that knows upper and lower case, but its column is said to hold it folded: "
                "text={'x': \"exact\"}, or another column"
            ),
        ),
        (
            icp.Overlap("x", ["a"]),
            "exact",
            "folded",
            (
                "compares text that knows no case, but its column is said to hold it exact: "
                "text={'x': \"folded\"}, or another column"
            ),
        ),
    ],
)
def test_texts_are_compared_in_their_form_alone(criterion: icp.Criterion, text: Any, needed: Any, reason: str) -> None:
    """Who asks for text must vouch for its form; the message says which is needed, and how to say so."""
    [problem] = icp.pushable(single(criterion), "duckdb", text=text)
    assert problem.reason == reason
    assert icp.pushable(single(criterion), "duckdb", text={"x": needed}) == ()


def test_text_of_another_kind_is_wrong_on_sqlite() -> None:
    """A number under a text's name is of the wrong kind."""
    values = ["it", 5, 5.5, "", None]
    profile = single(icp.OneOf("x", ["it", "5"]))
    assert scored("sqlite", profile, {"x": ""}, [{"x": one} for one in values]) == reference(
        profile, [{"x": one} for one in values]
    )


# Moments


def test_years_and_dates_are_told_apart_by_their_type() -> None:
    """A founding date is read as a date where its type says so; not declared it is a year, and SQLite looks."""
    dates = ["2024-11-21", "2020-01-01", "2027-01-01", None]
    rows = scored("duckdb", AGE, {"x": "DATE"}, [{"x": one} for one in dates], types={"x": "DATE"})
    assert rows == reference(AGE, [{"x": one and date.fromisoformat(one)} for one in dates])
    years = [2023, 2024, 2025, 2026, 2027, 0, 10_000, 1999, None]
    wanted = reference(AGE, [{"x": one} for one in years])
    for kind in ("INTEGER", "BIGINT", "DECIMAL(9, 2)", "DOUBLE"):
        accounts = [{"x": one} for one in years]
        assert scored("duckdb", AGE, {"x": kind}, accounts, types={"x": kind}) == wanted, kind
        assert scored("duckdb", AGE, {"x": kind}, accounts) == wanted, kind
    assert fits(scored("duckdb", AGE, {"x": "DOUBLE"}, [{"x": 2020.5}, {"x": 2020.0}])) == ["wrong", 100]
    mixed = [2023, 2024.0, "2024-11-21", "2027-01-01", "2020", "", "soon", 2020.5, 2027, None]
    found = scored("sqlite", AGE, {"x": ""}, [{"x": one} for one in mixed])
    assert fits(found) == [100, 50, fits(rows)[0], None, "wrong", None, "wrong", "wrong", None, None]


SHAPES = [
    ("2026-11-11", 90),
    ("2026-11-11T00:00:00", 90),
    ("2026-11-11 00:00:00", 90),
    ("2026-11-11T00:00:00Z", 90),
    ("2026-11-11T00:00:00+00:00", 90),
    ("2026-11-11T02:00:00+02:00", 90),
    ("2026-11-10 19:00:00.000000-05:00", 90),
    ("2026-11-11T12:00:00", 90.5),
    ("2026-11-11T12:00:00.5", 90.500006),
    ("2026-11-11T11:59:59.500000Z", 90.499994),
    ("", 0),
    (None, 0),
]


@pytest.mark.parametrize(("value", "fit"), SHAPES)
def test_sqlite_reads_moments_as_iso_text(value: Any, fit: float) -> None:
    """Days and moments with and without zone and fraction are read, and an absent signal never happened."""
    [row] = scored("sqlite", RECENT, {"x": ""}, [{"x": value}])
    assert (row[1], row[7]) == (fit if value else None, 0)
    assert row[:2] == reference(RECENT, [{"x": value}])[0][:2]


@pytest.mark.parametrize("value", ["now", "soon", 5, "2026-02-30"])
def test_what_is_no_moment_is_wrong_on_sqlite(value: Any) -> None:
    """A value that is no moment is unknown and counted, not a signal that never happened."""
    for criterion in (icp.Recency("x", linear=9), icp.Upcoming("x", within=9)):
        [row] = scored("sqlite", single(criterion), {"x": ""}, [{"x": value}])
        assert (row[1], row[3], row[5], row[6], row[7]) == (None, "insufficient data", 0, 100, 1)


# The moment of scoring

MOMENTS = [
    "2026-11-21",
    "2026-11-20T23:59:59.999999",
    "2026-11-21T09:00:00",
    "2026-11-21T23:59:59.999999",
    "2026-11-22",
]


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize(
    "as_of",
    [
        "2026-11-21",
        date(2026, 11, 21),
        "2026-11-21T09:00:00Z",
        datetime(2026, 11, 21, 9, tzinfo=UTC),
        datetime(2026, 11, 21, 14, 45, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    ],
    ids=str,
)
def test_the_moment_of_scoring(dialect: str, as_of: Any) -> None:
    """A day or a moment, as an object or as text, decides what is visible; the head of the statement tells it."""
    accounts = [{"x": one, "y": 2023} for one in MOMENTS]
    profile = icp.Profile(
        "P", [icp.Dimension("D", [icp.Recency("x", linear=2, absent="unknown"), icp.Age("y", at_least=3)])]
    )
    found = scored(dialect, profile, {"x": "TIMESTAMP", "y": "INTEGER"}, accounts, as_of=as_of)
    assert found == reference(profile, accounts, as_of)
    sql = icp.to_sql(profile, dialect=dialect, table="t", key="id", as_of=as_of)
    assert f"-- as of 2026-11-21{'T09:00:00+00:00' if ':' in str(as_of) else ''}. icpkit" in sql


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize(
    ("kind", "given", "same"),
    [
        ("date", "2026-11-21", "2026-11-21"),
        ("timestamp", "2026-11-21T09:00:00+00:00", "2026-11-21T09:00:00Z"),
        ("timestamp", "2026-12-31T23:30:00+00:00", "2026-12-31T23:30:00Z"),
    ],
)
def test_a_parameter_is_the_moment_of_scoring(dialect: str, kind: Any, given: str, same: str) -> None:
    """A statement with a parameter gives, when it runs, what a statement of that moment gives."""
    profile = icp.Profile(
        "P",
        [
            icp.Dimension(
                "D",
                [
                    icp.Recency("x", linear=2, absent="unknown"),
                    icp.Age("y", at_least=3),
                    icp.Upcoming("z", within=90),
                    icp.Age("x", at_most=1, name="since"),
                ],
            )
        ],
    )
    accounts = [{"x": one, "y": 2023, "z": "2026-12-31"} for one in MOMENTS]
    kinds = {"x": "TIMESTAMP", "y": "INTEGER", "z": "DATE"}
    types = {"x": "TIMESTAMP"} if dialect == "duckdb" else None
    sql = icp.to_sql(profile, dialect=dialect, table="accounts", key="id", as_of=icp.Param("moment", kind), types=types)
    rows = [[number, *one.values()] for number, one in enumerate(accounts)]
    script = table("accounts", {"id": "INTEGER", **kinds}, rows, dialect)
    found = sorted(fetch(dialect, script, sql, {"moment": given}))
    assert found == reference(profile, accounts, same)
    assert f"-- as of the parameter moment, a {kind}." in sql


@pytest.mark.parametrize("dialect", ENGINES)
def test_each_account_may_have_its_own_moment(dialect: str) -> None:
    """With a column of moments each account is scored at its own; where that is null it has no score at all."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Recency("x", linear=100), icp.Age("y", at_least=3)])])
    own = ["2026-11-21", "2026-12-31", "2025-01-01", None]
    accounts = [{"x": "2026-11-11", "y": 2023, "moment": one} for one in own]
    kinds = {"x": "DATE", "y": "INTEGER", "moment": "DATE"}
    found = scored(dialect, profile, kinds, accounts, as_of=icp.Column("moment"))
    for number, moment in enumerate(own[:-1]):
        assert found[number][1:] == reference(profile, [accounts[number]], moment)[0][1:]
    assert found[3] == (3, None, None, None, None, None, None, 0)
    assert found[2][1] is not None


@pytest.mark.parametrize("kind", ["TIMESTAMP", "TIMESTAMPTZ"])
def test_a_column_of_moments_has_the_year_of_utc(kind: str) -> None:
    """The year in which an account is scored is that in UTC, whatever the type of the column and the session's zone."""
    accounts = [{"x": 2023, "moment": f"2025-12-31 23:30:00{'+00' if kind == 'TIMESTAMPTZ' else ''}"}]
    profile = single(icp.Age("x", at_least=3))
    found = scored(
        "duckdb", profile, {"x": "INTEGER", "moment": kind}, accounts, as_of=icp.Column("moment", "timestamp")
    )
    assert found[0][1] == 0  # two years, not three as in Kathmandu


@pytest.mark.parametrize("as_of", [datetime(2026, 11, 21), "2026-11-21T09:00:00", "soon", None, 5])
def test_a_moment_without_a_zone_is_refused(as_of: Any) -> None:
    """A naive moment, and what is none, is refused before a statement is written."""
    with pytest.raises(AsOfError):
        icp.to_sql(SIZE, dialect="duckdb", table="t", key="id", as_of=as_of)


# Lists


@pytest.mark.parametrize(
    ("dialect", "place", "kind", "reason"),
    [
        ("sqlite", icp.ListColumn("l"), None, "reads an array, which SQLite has not: ListColumn('l', \"json\")"),
        ("redshift", "l", None, "reads a list, which Redshift cannot look into here: give a LongTable"),
        (
            "duckdb",
            "l",
            "VARCHAR",
            "reads a list as array, but the column 'l' is VARCHAR: give a ListColumn of the right format",
        ),
        (
            "postgres",
            icp.ListColumn("l", "json"),
            "text[]",
            "reads a list as json, but the column 'l' is text[]: give a ListColumn of the right format",
        ),
        ("duckdb", "l", "INTEGER", "reads a list, but the column 'l' is INTEGER"),
    ],
)
def test_lists_that_cannot_be_read_are_refused(dialect: str, place: Any, kind: Any, reason: str) -> None:
    """A list of another form than was said is refused; the message says which is needed."""
    types = None if kind is None else {"x": kind}
    profile = single(icp.Overlap("x", ["a"]))
    [problem] = icp.pushable(profile, dialect, columns={"x": place}, types=types, text="folded")
    assert (problem.path, problem.dialect, problem.reason) == ("d/x", dialect, reason)


@pytest.mark.parametrize(
    ("criterion", "needed"),
    [
        (icp.Range("x", 1, 2), "a number"),
        (icp.Flag("x"), "True or False"),
        (icp.Upcoming("x", within=3), "a date or a moment"),
        (icp.Age("x", at_least=3), "a founding year or date"),
    ],
)
def test_one_value_is_not_read_of_a_list(criterion: icp.Criterion, needed: str) -> None:
    """A criterion of one value does not read a list; the message names the attribute."""
    [problem] = icp.pushable(single(criterion), "duckdb", columns={"x": icp.ListColumn("l")})
    assert problem.reason == f"reads {needed}, but columns['x'] is a ListColumn"


# Text that cannot stand in a statement


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\0b", r"key holds the sign NUL, which SQL cannot hold (got 'a\x00b')"),
        ("a\ud800b", r"key holds half a sign, which no text can hold (got 'a\ud800b')"),
        (f"a{PARAMETER}", f"key holds {PARAMETER}, which stands for a parameter here"),
    ],
)
def test_text_that_no_statement_can_hold_is_refused(text: str, message: str) -> None:
    """NUL, half surrogates and the mark of our own parameters stand in no statement."""
    with pytest.raises(Refused) as caught:
        sayable(text, "key")
    assert caught.value.reason == message
    assert sayable("é😀", "key") == "é😀"


@pytest.mark.parametrize("zone", ["", "+05:45"])
@pytest.mark.parametrize("dialect", ENGINES)
def test_of_a_moment_in_a_column_of_days_only_the_day_counts(dialect: str, zone: str) -> None:
    """A timestamp that is said to be a date is its day in UTC: that day is seen, and the next is not."""
    days = ["2026-11-21 09:00:00", "2026-11-21 23:59:59.999999", "2026-11-22 00:00:00", "2026-11-22 08:00:00"]
    accounts = [{"x": day, "own": f"2026-11-21 09:00:00{zone}"} for day in days]
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Recency("x", window=7), icp.Age("x", at_most=1, name="a")])])
    kinds = {"x": "TIMESTAMP", "own": "TIMESTAMPTZ" if zone else "TIMESTAMP"}
    types = {"x": "TIMESTAMP"} if dialect == "duckdb" else None
    found = scored(dialect, profile, kinds, accounts, as_of=icp.Column("own"), types=types)
    assert found == reference(profile, accounts, "2026-11-21")
    assert [row[1] for row in found] == [100, 100, None, None]


@pytest.mark.parametrize("kind", ["date", "timestamp"])
@pytest.mark.parametrize("dialect", ENGINES)
def test_without_the_parameter_there_is_no_score(dialect: str, kind: Any) -> None:
    """Null for the moment of scoring scores nobody, whether or not anything is dated: no signal seems never seen."""
    asked: list[icp.Criterion] = [icp.Recency("x", window=7), icp.Range("y", 1, None)]
    script = table("t", {"id": "INTEGER", "x": "DATE", "y": "INTEGER"}, [(1, "2026-11-20", 5)], dialect)
    for profile in (single(asked[1]), single(asked[0]), icp.Profile("P", [icp.Dimension("D", asked)])):
        sql = icp.to_sql(profile, dialect=dialect, table="t", key="id", as_of=icp.Param("day", kind))
        assert fetch(dialect, script, sql, {"day": None}) == [(1, None, None, None, None, None, None, 0)]
        assert fetch(dialect, script, sql, {"day": "2026-11-21"})[0][1] == 100


@pytest.mark.parametrize("given", ["21.11.2026", "today", "now", "", "2026-13-41", "20261121", 1795219200])
def test_sqlite_scores_nobody_at_what_is_no_moment(given: Any) -> None:
    """A parameter, or a column, whose text SQLite does not read as a moment, gives no score."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Recency("x", window=7), icp.Range("y", 1, None)])])
    script = table("t", {"id": "", "x": "", "y": "", "own": ""}, [(1, "2026-11-20", 5, given)], "sqlite")
    moments: list[Any] = [icp.Param("day"), icp.Param("day", "timestamp"), icp.Column("own")]
    for as_of in moments:
        sql = icp.to_sql(profile, dialect="sqlite", table="t", key="id", as_of=as_of)
        assert fetch("sqlite", script, sql, {"day": given})[0][1:4] == (None, None, None)


def test_a_moment_that_is_none_names_what_else_it_can_be() -> None:
    """The message about a moment of scoring tells of parameters and columns."""
    for wrong in ("opened_on", None, icp.Param):
        with pytest.raises(icp.AsOfError, match=r"as_of must .*, or else an icpkit.Param or icpkit.Column \(got "):
            icp.to_sql(single(icp.Range("x", 1, 2)), dialect="duckdb", table="t", key="id", as_of=wrong)  # type: ignore[arg-type]  # on purpose


#: JSON that holds no array: what is empty or null is unknown, all else is of the wrong kind.
JSON = {"": 0, " ": 0, "null": 0, " null ": 0, '{"slack": 1}': 1, '"slack"': 1, "5": 1, "true": 1, "[oops": 1}


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize(
    ("criterion", "empty"),
    [
        (icp.Overlap("x", ["slack"]), 0),
        (icp.OneOf("x", ["slack"], otherwise=0.4), 40),
        (icp.Recency("x", window=7, absent="unknown"), 0),
        (icp.Engagement("x", {"demo": 1}, half_life=30, target=1), 0),
    ],
    ids=repr,
)
def test_json_that_holds_no_array(criterion: icp.Criterion, empty: float, dialect: str) -> None:
    """JSON of anything but an array is unknown, and wrong unless it is null or empty; an empty array is known."""
    written = [None, "[]", *JSON]
    columns = {"x": icp.ListColumn("x", "json")}
    rows = [{"x": one} for one in written]
    nothing, known, *others = scored(dialect, single(criterion), {"x": "VARCHAR"}, rows, columns=columns)
    assert (nothing[4], nothing[7], known[1], known[4], known[7]) == (0, 0, empty, 1, 0)
    assert {one: (row[4], row[7]) for one, row in zip(JSON, others, strict=True)} == {
        one: (0, wrong) for one, wrong in JSON.items()
    }


@pytest.mark.parametrize("dialect", ENGINES)
def test_a_signal_in_broken_json_is_not_one_that_never_happened(dialect: str) -> None:
    """Where null says that a signal never happened, a list of the wrong kind is unknown all the same."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Recency("x", window=7), icp.Range("y", 1, None)])])
    rows = [{"x": one, "y": 5} for one in (None, "[]", "{}", '["2026-11-20"]')]
    columns = {"x": icp.ListColumn("x", "json")}
    found = scored(dialect, profile, {"x": "VARCHAR", "y": "INTEGER"}, rows, columns=columns)
    assert [(row[1], row[4], row[7]) for row in found] == [(50, 0.5, 0), (50, 1, 0), (100, 0.5, 1), (100, 1, 0)]


def test_json_on_postgresql(postgresql: Any) -> None:
    """A column may be text or the engine's own JSON, and null in it is unknown; an object is of the wrong kind."""
    import psycopg

    asked = [icp.Overlap("x", ["slack"]), icp.Recency("y", window=7, absent="unknown")]
    sql = icp.to_sql(
        icp.Profile("P", [icp.Dimension("D", asked)], min_coverage=0),
        dialect="postgres",
        table="t",
        key="id",
        as_of=AS_OF,
        text="folded",
        columns={name: icp.ListColumn(name, "json") for name in ("x", "y")},
    )
    url = postgresql.set(drivername="postgresql").render_as_string(hide_password=False)
    for kind in ("TEXT", "JSONB", "JSON"):
        with psycopg.connect(url) as db, db.transaction(force_rollback=True):
            db.execute(f"CREATE TEMPORARY TABLE t (id int, x {kind}, y {kind})".encode())
            rows = [(number, one, one) for number, one in enumerate(["null", "[]", "{}", None])]
            db.cursor().executemany("INSERT INTO t VALUES (%s, %s, %s)", rows)
            found = sorted((row[0], row[4], row[7]) for row in db.execute(sql.encode()).fetchall())
        assert found == [(0, 0, 0), (1, 1, 0), (2, 0, 2), (3, 0, 0)]


@pytest.mark.parametrize("kind", ["json", "jsonb"])
def test_a_column_of_json_is_no_array(kind: str) -> None:
    """A column whose type is JSON is refused where an array is read, and taken where JSON is."""
    profile = single(icp.Overlap("x", ["a"]))
    [problem] = icp.pushable(profile, "postgres", text="folded", types={"x": kind})
    assert problem.reason == (
        f"reads a list as array, but the column 'x' is {kind}: give a ListColumn of the right format"
    )
    columns = {"x": icp.ListColumn("x", "json")}
    assert icp.pushable(profile, "postgres", text="folded", types={"x": kind}, columns=columns) == ()


@pytest.mark.parametrize("dialect", ENGINES)
def test_items_that_are_no_events_are_passed_over(dialect: str) -> None:
    """A text or a number among the events in JSON stops no statement, and the others count."""
    profile = single(icp.Engagement("x", {"demo": 1}, half_life=30, target=1))
    rows = [{"x": one} for one in ('["demo", 5, [1]]', '["demo", {"kind": "demo", "at": "2026-11-21"}]')]
    columns = {"x": icp.ListColumn("x", "json")}
    assert [row[1] for row in scored(dialect, profile, {"x": "VARCHAR"}, rows, columns=columns)] == [0, 100]
