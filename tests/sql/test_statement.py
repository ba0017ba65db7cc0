import re
import sqlite3
from datetime import date, datetime
from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit.sql import dialects
from icpkit.sql.dialects import DIALECTS
from tests.sql.cases import AS_OF, ENGINES, fetch, reference, scored, single, table

SIZE = single(icp.Range("x", 0, 10, soft_high=20))
TOLD: dict[str, Any] = {"dialect": "duckdb", "table": "accounts", "key": "id", "as_of": AS_OF}


def size(name: str, attribute: str, **more: Any) -> icp.Profile:
    """Give a profile of this name, which is content with half of its weight."""
    return icp.Profile(name, [icp.Dimension("D", [icp.Range(attribute, 0, 10, soft_high=20)])], **more)


# What is asked for


@pytest.mark.parametrize("profile", [None, "P", [], [SIZE, "P"], SIZE.dimensions])
def test_only_profiles_become_sql(profile: Any) -> None:
    """A statement is of a profile or of several."""
    with pytest.raises(TypeError, match="SQL is written of a Profile, or of a list of them"):
        icp.to_sql(profile, **TOLD)


def test_several_profiles_need_a_name_each() -> None:
    """The outcome names the profile, so two of one name are refused."""
    with pytest.raises(ValueError, match=r"several profiles need a name each \(got P, Q, P\)"):
        icp.to_sql([SIZE, size("Q", "y"), single(icp.Flag("z"))], **TOLD)


def test_contributions_are_those_of_one_profile() -> None:
    """Points are columns by path, which several profiles do not share."""
    with pytest.raises(ValueError, match="contributions need one profile"):
        icp.to_sql([SIZE, size("Q", "y")], **TOLD, contributions=True)


@pytest.mark.parametrize("name", ["", ".", "a.", ".a", "a..b", "a.b.c.d", " ", "a. .b"])
def test_a_table_has_one_to_three_parts(name: str) -> None:
    """An empty part names nothing."""
    with pytest.raises(ValueError, match="table must be a name of one to three parts, such as") as caught:
        icp.to_sql(SIZE, **{**TOLD, "table": name})
    assert repr(name) in str(caught.value)
    place = icp.LongTable(name or " .", "k", "v") if name.strip() else icp.LongTable(".", "k", "v")
    with pytest.raises(ValueError, match="table must be a name of one to three parts"):
        icp.to_sql(single(icp.Overlap("x", ["a"])), **TOLD, columns={"x": place}, text="folded")


@pytest.mark.parametrize("argument", ["columns", "types", "text"])
def test_what_no_criterion_reads_is_refused(argument: str) -> None:
    """A column, a type or a form of an attribute that nobody reads is a mistake."""
    given: dict[str, Any] = {"columns": "c", "types": "INTEGER", "text": "folded"}
    for write in (
        lambda more: icp.to_sql(SIZE, **TOLD, **more),
        lambda more: icp.pushable(SIZE, "duckdb", **more),
    ):
        with pytest.raises(
            ValueError, match=f"{argument} names 'employees', an attribute that no criterion reads; read are x"
        ):
            write({argument: {"employees": given[argument]}})


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"key": "a\0"}, "key holds the sign NUL, which SQL cannot hold"),
        ({"table": "a\ud800"}, "table holds half a sign, which no text can hold"),
        ({"as_of": icp.Column("a\0")}, "as_of holds the sign NUL"),
    ],
)
def test_names_that_no_statement_can_hold_are_refused(more: dict[str, Any], message: str) -> None:
    """NUL and half surrogates stand in no name, and the message says where they were."""
    with pytest.raises(ValueError, match=message):
        icp.to_sql(SIZE, **{**TOLD, **more})


def test_a_profiles_name_is_text() -> None:
    """The name of a profile that cannot be written is refused."""
    for profiles in (size("a\0", "x"), [size("a\0", "x"), size("Q", "y")]):
        with pytest.raises(ValueError, match="the profile's name holds the sign NUL"):
            icp.to_sql(profiles, **TOLD)


# What cannot be said

HARD = icp.Profile(
    "P",
    [
        icp.Dimension("D", [icp.Range("a", 1, 2), icp.OneOf("b", ["x"]), icp.Engagement("c", {"x": 1})]),
        icp.Dimension("E", [icp.AllOf(icp.Flag("a"), icp.OneOf("d", ["y"], case_sensitive=True), name="both")]),
    ],
    gates=[icp.Gate(icp.Overlap("e", ["x"]))],
    adjustments=[icp.Adjustment(5, icp.OneOf("f", ["x"]))],
)
PATHS = ["d/b", "d/c", "e/both", "gates/e", "adjustments/f"]


def test_all_that_cannot_be_said_is_told_at_once() -> None:
    """`pushable` lists what to_sql raises: criterion, dialect, reason and way out, in stored order."""
    problems = icp.pushable(HARD, "snowflake")
    assert [(one.path, one.dialect) for one in problems] == [(path, "snowflake") for path in PATHS]
    with pytest.raises(icp.NotPushable) as caught:
        icp.to_sql(HARD, **{**TOLD, "dialect": "snowflake"})
    assert caught.value.problems == problems
    lines = str(caught.value).splitlines()
    assert lines[0] == "cannot be said in SQL for snowflake:"
    assert [line.strip().partition(":")[0] for line in lines[1:]] == PATHS
    assert lines[1].endswith('hold it folded, and say so with text="folded" (icpkit.fold folds it)')
    assert lines[3].endswith('hold it folded, and say so with text="exact"')


def test_of_several_profiles_all_problems_are_told() -> None:
    """What keeps one of several out keeps the statement out."""
    other = icp.Profile("Q", [icp.Dimension("Z", [icp.OneOf("b", ["x"]), icp.OneOf("z", ["x"])])])
    assert [one.path for one in icp.pushable([HARD, other], "trino")] == [*PATHS, "z/b", "z/z"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_pushable_is_written(dialect: str) -> None:
    """Where nothing is in the way there is a statement, which ends in a line."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Range("a", 1, 2), icp.OneOf("b", ["x"])])])
    assert icp.pushable(profile, dialect, text="folded") == ()
    sql = icp.to_sql(profile, **{**TOLD, "dialect": dialect}, text="folded")
    assert sql.endswith("\n")
    assert f"for {DIALECTS[dialect].title} (" in sql


# Too large


def wide(count: int, **more: Any) -> icp.Profile:
    """Give a profile of many criteria."""
    return icp.Profile("Wide", [icp.Dimension("D", [icp.Flag(f"a{number}") for number in range(count)])], **more)


def test_both_limits_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement that is too wide and too long is refused for both, by `pushable` and to_sql alike."""
    small = attrs.evolve(DIALECTS["trino"], most_columns=20, most_text=3000)
    monkeypatch.setattr(dialects, "DIALECTS", {"trino": small})
    problems = icp.pushable(wide(30), "trino")
    assert [one.reason.partition(";")[0] for one in problems] == [
        "needs a query of 32 columns, and Trino takes 20",
        problems[1].reason.partition(";")[0],
    ]
    assert re.match(r"needs \d+,\d+ bytes of SQL, and Trino takes 3,000; score it with", problems[1].reason)
    with pytest.raises(icp.NotPushable) as caught:
        icp.to_sql(wide(30), **{**TOLD, "dialect": "trino"})
    assert [one.path for one in caught.value.problems] == ["Wide", "Wide"]
    assert icp.pushable(wide(3), "trino") == ()


def refused_as_wide(count: int, most: str) -> bool:
    """Tell whether a statement of so many criteria is refused for SQLite, which takes so many columns."""
    with pytest.raises(icp.NotPushable) as caught:
        icp.to_sql(wide(count), **{**TOLD, "dialect": "sqlite"})
    [problem] = caught.value.problems
    assert problem.reason == (
        f"needs a query of {count + 2:,} columns, and SQLite takes {most}; score it with score_stream, "
        "or write fewer profiles at once, without contributions"
    )
    return (problem.path, problem.dialect) == ("Wide", "sqlite")


def test_a_statement_that_an_engine_cannot_take_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many criteria are too many columns; the message says so before anything runs."""
    assert DIALECTS["sqlite"].most_columns == 1900  # it takes 2,000, and its builds may take fewer
    monkeypatch.setattr(dialects, "DIALECTS", {"sqlite": attrs.evolve(DIALECTS["sqlite"], most_columns=50)})
    assert refused_as_wide(60, "50")


@pytest.mark.slow
def test_two_thousand_criteria_are_too_many_for_sqlite() -> None:
    """The same with the limit as it is."""
    assert refused_as_wide(2000, "1,900")


@pytest.mark.no_cover
def test_a_text_that_is_too_long_is_refused() -> None:
    """A statement of more bytes than an engine reads is refused by pushable and to_sql alike."""
    wanted = [f"{number:0>1000}" for number in range(1_200)]
    profile = icp.Profile("Long", [icp.Dimension("D", [icp.OneOf("x", wanted)])])
    [problem] = icp.pushable(profile, "bigquery", text="folded")
    assert problem.path == "Long"
    assert "bytes of SQL, and BigQuery takes 1,000,000; score it with score_stream" in problem.reason
    assert icp.pushable(profile, "duckdb", text="folded") == ()


def test_a_variable_of_spark_is_refused() -> None:
    """What Spark would replace before it reads a statement is refused there, and goes elsewhere."""
    profile = single(icp.OneOf("x", ["${env:HOME}"]))
    [problem] = icp.pushable(profile, "spark", text="folded")
    assert problem.reason == (
        "has '${' in a name or a text, where Spark puts a variable in before it reads a statement; "
        "score it with score_stream"
    )
    assert icp.pushable(profile, "duckdb", text="folded") == ()


# Run


def test_the_result_has_the_columns_that_were_promised() -> None:
    """A statement gives key, fit, tier, status, coverage, low, high and invalid, in this order."""
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE TABLE accounts (id, x, y)")
        found = [one[0] for one in db.execute(icp.to_sql(SIZE, **{**TOLD, "dialect": "sqlite"})).description]
        several = icp.to_sql([SIZE, size("Q", "y")], **{**TOLD, "dialect": "sqlite"})
        both = [one[0] for one in db.execute(several).description]
    db.close()
    names = ["fit", "tier", "status", "coverage", "low", "high", "invalid"]
    assert found == ["key", *names]
    assert both == ["key", "profile", *names]


@pytest.mark.parametrize("dialect", ENGINES)
def test_a_table_is_found_by_its_parts(dialect: str) -> None:
    """Schema, table and columns are found by name, whatever the names are."""
    schema = {"duckdb": 'CREATE SCHEMA "select";', "sqlite": "ATTACH ':memory:' AS \"select\";"}[dialect]
    script = schema + 'CREATE TABLE "select"."my ""table" ("a b" INTEGER, "Größe" INTEGER);'
    script += 'INSERT INTO "select"."my ""table" VALUES (7, 15);'
    sql = icp.to_sql(SIZE, dialect=dialect, table='select.my "table', key="a b", as_of=AS_OF, columns={"x": "Größe"})
    assert fetch(dialect, script, sql)[0][:2] == (7, 50)


@pytest.mark.parametrize("dialect", ENGINES)
def test_a_column_that_does_not_exist_is_an_error(dialect: str) -> None:
    """An unknown name stays a name: SQLite, which takes such a one for a text elsewhere, refuses it."""
    import duckdb

    with pytest.raises((sqlite3.OperationalError, duckdb.BinderException), match=r"no such column|x"):
        scored(dialect, SIZE, {"y": "INTEGER"}, [{"y": 5}])
    with pytest.raises((sqlite3.OperationalError, duckdb.BinderException), match="key_of_it"):
        scored(dialect, SIZE, {"x": "INTEGER"}, [{"x": 5}], key="key_of_it")


@pytest.mark.parametrize("dialect", ENGINES)
def test_no_account_is_no_row(dialect: str) -> None:
    """Of an empty table there is nothing, and the statement runs all the same."""
    assert scored(dialect, SIZE, {"x": "INTEGER"}, []) == []
    assert scored(dialect, [SIZE, size("Q", "y")], {"x": "INTEGER", "y": "INTEGER"}, []) == []


# Several profiles


@pytest.mark.parametrize("dialect", ENGINES)
def test_each_account_gets_the_profile_that_fits_it_best(dialect: str) -> None:
    """The scored one of the highest fit; the first of equals, and the first where none is scored."""
    gate = icp.Gate(icp.Flag("g"), at_least=1)
    profiles = [size("P", "x"), size("Q", "y", gates=[gate]), size("R", "z")]
    kinds = {"x": "INTEGER", "y": "INTEGER", "z": "INTEGER", "g": "BOOLEAN"}
    accounts: list[dict[str, Any]] = [
        {"x": 5, "y": 15, "z": 15},
        {"x": 15, "y": 5, "z": 15},
        {"x": 15, "y": 5, "g": False},
        {"x": 15, "y": 15, "z": 15},
        {"y": 15, "z": 15},
        {"y": 5, "g": False},
        {"z": 20},
        {},
    ]
    found = scored(dialect, profiles, kinds, accounts)
    assert [row[1] for row in found] == ["P", "Q", "P", "P", "Q", "P", "R", "P"]
    by_name = {one.name: reference(one, accounts) for one in profiles}
    assert found == [(row[0], row[1], *by_name[row[1]][row[0]][1:]) for row in found]


@pytest.mark.parametrize("dialect", ENGINES)
def test_an_account_of_two_rows_gets_the_better_one(dialect: str) -> None:
    """One profile scores each row; several choose one row of a key, which has the better fit, and lose the other."""
    script = table("accounts", {"id": "INTEGER", "x": "INTEGER", "y": "INTEGER"}, [(1, 15, 20), (1, 5, 20)], dialect)
    one = fetch(dialect, script, icp.to_sql(SIZE, **{**TOLD, "dialect": dialect}))
    assert sorted(row[:2] for row in one) == [(1, 50), (1, 100)]
    several = fetch(dialect, script, icp.to_sql([SIZE, size("Q", "y")], **{**TOLD, "dialect": dialect}))
    assert [row[:3] for row in several] == [(1, "P", 100)]


@pytest.mark.parametrize("dialect", ENGINES)
def test_each_account_has_its_moment_in_several_profiles_too(dialect: str) -> None:
    """Where the moment is null, no profile scores, and the first is named."""
    profiles = [size("P", "x"), icp.Profile("Q", [icp.Dimension("D", [icp.Recency("y", linear=100)])])]
    kinds = {"x": "INTEGER", "y": "DATE", "own": "DATE"}
    accounts = [{"x": 20, "y": "2026-11-11", "own": one} for one in ("2026-11-21", None)]
    found = scored(dialect, profiles, kinds, accounts, as_of=icp.Column("own"))
    assert [row[:4] for row in found] == [(0, "Q", 90, "Perfect"), (1, "P", None, None)]


# PostgreSQL


@pytest.mark.parametrize("kind", ["date", "timestamp"])
def test_a_parameter_on_postgresql(postgresql: Any, kind: Any) -> None:
    """A statement with a parameter runs by the driver's own means, though names and wanted texts hold its %."""
    import psycopg

    profile = icp.Profile(
        "100 %s",
        [icp.Dimension("D%", [icp.OneOf("x", ["50 %", "%(as_of)s", "%s"]), icp.Recency("y", linear=100)])],
    )
    sql = icp.to_sql(
        profile,
        dialect="postgresql",
        table="%t",
        key="i%d",
        as_of=icp.Param("as_of", kind),
        columns={"x": "50%", "y": "y%s"},
        text="folded",
    )
    moment: Any = date(2026, 11, 21) if kind == "date" else datetime.fromisoformat("2026-11-21T00:00:00+00:00")
    url = postgresql.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as db, db.transaction(force_rollback=True):
        db.execute('CREATE TEMPORARY TABLE "%t" ("i%d" int, "50%" text, "y%s" timestamp)')
        rows = [(1, "50 %", "2026-11-11"), (2, "%(as_of)s", None), (3, "51 %", "2026-11-11")]
        db.cursor().executemany('INSERT INTO "%%t" VALUES (%s, %s, %s)', rows)
        found = sorted(db.execute(sql.encode(), {"as_of": moment}).fetchall())
    accounts = [{"x": text, "y": day} for _, text, day in rows]
    assert [row[1:] for row in found] == [row[1:] for row in reference(profile, accounts)]
    assert [row[1] for row in found] == [95, 50, 45]


def test_without_a_parameter_nothing_is_doubled() -> None:
    """A statement without a parameter is run as it stands."""
    profile = single(icp.OneOf("x", ["50 %"]))
    told = {**TOLD, "dialect": "postgres", "text": "folded"}
    assert "'50 %'" in icp.to_sql(profile, **told)
    assert "'50 %%'" in icp.to_sql(profile, **{**told, "as_of": icp.Param("as_of")})


# The head


def test_the_head_says_what_a_statement_is() -> None:
    """Profile, id, moment, release, engine, and what must be so where it runs."""
    sql = icp.to_sql(single(icp.OneOf("x", ["a"])), **{**TOLD, "dialect": "snowflake"}, text="folded")
    head = " ".join(line[3:] for line in sql.splitlines() if line.startswith("--"))
    profile = single(icp.OneOf("x", ["a"]))
    assert f"How well each account of accounts fits P: scoring_id {profile.scoring_id[:16]}" in head
    assert f"icpkit {icp.__version__}, semantics {icp.SEMANTICS}, for Snowflake (generated, not executed" in head
    assert "in upper case, where they were made without quotes" in head
    assert "folded" in head
    plain = icp.to_sql(SIZE, **TOLD)
    assert "folded" not in plain
    assert "tests run such statements on it" in plain.replace("\n-- ", " ")


def test_both_forms_of_texts_are_said() -> None:
    """Where some columns hold text exactly, the head says so beside the others."""
    criteria = [icp.OneOf("x", ["a"]), icp.OneOf("y", ["A"], case_sensitive=True)]
    profile = icp.Profile("P", [icp.Dimension("D", criteria)])
    sql = icp.to_sql(profile, **TOLD, text={"x": "folded", "y": "exact"})
    head = " ".join(line[3:] for line in sql.splitlines() if line.startswith("--"))
    assert "folded" in head
    assert "in NFC and stripped" in head


@pytest.mark.parametrize("argument", ["table", "key"])
def test_what_is_no_name_is_refused(argument: str) -> None:
    """A table or a key that is no text is told by the argument's name; so is an empty key."""
    for wrong in (None, 3):
        with pytest.raises(TypeError, match=rf"{argument} must be a name \(got {wrong}\)"):
            icp.to_sql(SIZE, **{**TOLD, argument: wrong})
    with pytest.raises(ValueError, match="key must be the name of the column of the accounts' key"):
        icp.to_sql(SIZE, **{**TOLD, "key": ""})


@pytest.mark.parametrize("argument", ["columns", "types", "text"])
def test_what_is_no_mapping_is_refused(argument: str) -> None:
    """A list of columns is no mapping, and a type is a text."""
    given: dict[str, Any] = {argument: ["x"]}
    with pytest.raises(TypeError, match=rf"{argument} must be a mapping from attributes \(got \['x'\]\)"):
        icp.to_sql(SIZE, **TOLD, **given)
    given = {"types": {"x": None}}
    with pytest.raises(TypeError, match=r"types\['x'\] must be a type as the catalogue writes it \(got None\)"):
        icp.to_sql(SIZE, **TOLD, **given)


def test_contributions_of_paths_that_differ_by_a_refused_sign_have_a_column_each() -> None:
    """Signs that a dialect refuses in names become _; two paths that are then the same are numbered."""
    asked = [icp.Range("x", 1, 2, name="a b"), icp.Range("y", 1, 2, name="a_b")]
    profile = icp.Profile("P", [icp.Dimension("D", asked)])
    written = icp.to_sql(profile, **{**TOLD, "dialect": "bigquery"}, contributions=True)
    assert " AS `d_a_b`," in written
    assert " AS `d_a_b_2`," in written
