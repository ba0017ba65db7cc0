"""Self-tests: they hold where the engine is right, and see each number that is changed."""

import itertools
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

import attrs
import pytest
import sqlglot

import icpkit as icp
from icpkit.sql import selftest
from icpkit.sql.dialects import DIALECTS, dialect_of
from tests.golden.profiles import SHORT
from tests.parity.databases import Database
from tests.sql.selftest_cases import cases, drawn_cases, quick_cases

#: The columns of what is found.
COLUMNS = ["key"] + [
    f"{name}_{side}"
    for name in ("fit", "tier", "status", "coverage", "low", "high", "invalid")
    for side in ("expected", "found")
]
SIZE = icp.Profile("Size", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_low=25)])])


@pytest.mark.no_cover
def test_engines_that_are_right_return_no_row(database: Database) -> None:
    """On each database, profiles of all criteria, lists and types have no account that is scored otherwise."""
    with database.holding([]) as asked:
        for profile, options in itertools.chain(quick_cases(database.dialect), drawn_cases(2)):
            assert asked(icp.sql_selftest(profile, database.dialect, **options), None) == [], repr(profile)


@pytest.mark.slow
def test_engines_that_are_right_return_no_row_at_length(database: Database) -> None:
    """The same of more profiles, some of them drawn at random, each at its own moment."""
    with database.holding([]) as asked:
        for profile, options in itertools.chain(cases(database.dialect), drawn_cases(100)):
            assert asked(icp.sql_selftest(profile, database.dialect, **options), None) == [], repr(profile)


def test_what_is_wrong_is_told(database: Database) -> None:
    """Where a cut is moved, the accounts on it are returned, with what was expected and what was found."""
    sql = icp.sql_selftest(SIZE, database.dialect)
    with database.holding([]) as asked:
        rows = asked(sql.replace('"fit" >= 80', '"fit" >= 80.000001'), None)
    assert rows
    assert list(rows[0]) == COLUMNS
    assert {(row["tier_expected"], row["tier_found"], row["fit_expected"], row["fit_found"]) for row in rows} == {
        ("Perfect", "Strong", 80.0, 80.0)
    }


def test_another_engine_would_be_seen_in_every_column(database: Database) -> None:
    """Rows tell all that was expected and found, where the engine forgets a criterion and an invalid value."""
    profile = icp.Profile(
        "Two",
        [
            icp.Dimension(
                "Size", [icp.Range("employees", 50, 500), icp.Ordinal("level", ["low", "high"], at_least="high")]
            )
        ],
        gates=[icp.Gate(icp.Flag("there"))],
    )
    sql = icp.sql_selftest(profile, database.dialect)
    with database.holding([]) as asked:
        rows = asked(sql.replace('a."level"', "NULL"), None)
    names = {"fit", "tier", "status", "coverage", "low", "high", "invalid"}
    assert {name for row in rows for name in names if row[f"{name}_expected"] != row[f"{name}_found"]} == names


# Each number


#: Numbers that say the same when they are changed by little, with what stands about them, and why.
EQUAL = {
    r"EXISTS\(SELECT ⟦1⟧": "what is selected there does not matter",
    r'f\."visit" (<|>=) ⟦640⟧': "so old a signal counts for nothing on either side",
    r'IS NOT NULL THEN ⟦1⟧\s+ELSE 0 END AS "visit_seen"': "only 0 is looked for",
    r'm\."visit_seen" = ⟦1⟧': "coverage says it already",
    r'f\."renewal" = 0 THEN 1 WHEN f\."renewal" BETWEEN ⟦0⟧': "0 itself is a case before",
    r'f\."renewal" BETWEEN 0 AND ⟦90⟧': "no day lies between, and at 90 the line is 0 by itself",
    r'f\."sites" BETWEEN ⟦0⟧ AND 4': "the gate is failed below 0.6, whatever the line says there",
    r'f\."sites" >= ⟦4⟧': "the gate asks for less",
    r'f\."sites" >= 4 THEN ⟦1⟧': "the gate asks for less",
    r'COALESCE\(m\."gate_sites", ⟦1⟧\)': "the gate asks for less",
    r"\* 1e9\s+\+ ⟦0\.5⟧": "no weight has a tenth decimal that rounds",
    r"\* 1073741824\s+\+ ⟦0\.5⟧": "a billionth of a match moves hardly any fit by a millionth",
    r"ELSE ⟦0⟧ END AS \"present\"": "only 1 is looked for",
    r">= 0\.5\s+AND \(⟦1⟧ - ": "coverage says it already",
}

SMALL = icp.Profile(
    "Small",
    [
        icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_low=25)], weight=3),
        icp.Dimension("Field", [icp.OneOf("industry", {"Software": 0.8, "Retail": 0.6}, otherwise=0.4)]),
    ],
    adjustments=[icp.Adjustment(-30, icp.Flag("litigation")), icp.Adjustment(30, icp.Flag("partner"))],
    min_coverage=0.75,
)
NOTICED = icp.Profile(
    "Noticed",
    [
        icp.Dimension(
            "Numbers",
            [
                icp.Range("employees", 50, 500, soft_low=25, soft_high=1000),
                icp.Range("revenue", 2e6, 5e7, soft_low=1e6, soft_high=1.5e8, scale="log"),
                icp.Bands("seats", [(10, 0.2), (50, 0.9)], otherwise=0.1, weight=2),
                icp.Ordinal("level", [1, 2, 3], matches={1: 0.1, 2: 0.55, 3: 0.9}),
            ],
            weight=3,
        ),
        icp.Dimension(
            "Rest",
            [
                icp.OneOf("industry", {"Software": 0.9, "Retail": 0.3}, otherwise=0.15, missing=0.4),
                icp.Overlap("tech", {"Slack": 2, "Jira": 3, "Zoom": 1.5}),
                icp.Recency("visit", half_life=20),
                icp.Upcoming("renewal", within=90),
                icp.AllOf(icp.Flag("b2b"), icp.Range("staff", 20, None, soft_low=10), name="both"),
            ],
        ),
    ],
    gates=[icp.Gate(icp.Range("sites", 4, None, soft_low=0), at_least=0.6)],
    adjustments=[icp.Adjustment(-30, icp.Flag("litigation")), icp.Adjustment(12.5, icp.Flag("partner"))],
    tiers=icp.TierScale.from_cuts({"A": 75, "B": 50, "C": 0}),
    min_coverage=0.5,
)


@pytest.mark.no_cover
def test_each_number_of_a_small_profile_is_noticed() -> None:
    """Whichever number of the steps is changed by a thousandth, or by 1, some account is scored otherwise."""
    assert unnoticed(SMALL) == []


@pytest.mark.slow
def test_each_number_of_many_criteria_is_noticed() -> None:
    """The same of a profile of most kinds of criteria."""
    assert unnoticed(NOTICED) == []


def unnoticed(profile: icp.Profile) -> list[str]:
    """Give the numbers whose change no account shows, other than those that say the same."""
    sql = icp.sql_selftest(profile, "sqlite")
    found = []
    with closing(sqlite3.connect(":memory:")) as db:
        assert db.execute(sql).fetchall() == []
        for before, number, after in numbers(sql):
            told = f"{before[-60:]}⟦{number}⟧{after[:40]}"
            if not any(seen(db, before + other + after) for other in changes(number)):
                found.append(told)
    assert len(found) < 30
    return [told for told in found if not any(re.search(pattern, told) for pattern in EQUAL)]


def numbers(sql: str) -> Iterator[tuple[str, str, str]]:
    """Give each number of the steps from matches on, with what stands before and after it."""
    start, end = sql.index("\nmatches AS"), sql.rindex("\n)\nSELECT")
    for token in sqlglot.tokenize(sql, read="sqlite"):
        if token.token_type.name == "NUMBER" and start < token.start < end:
            yield sql[: token.start], token.text, sql[token.end + 1 :]


def changes(number: str) -> list[str]:
    """Change a number by little, up and down, and by 1."""
    value = float(number)
    return [f"({other!r})" for other in ((value * 1.001, value * 0.999, value + 1) if value else (0.001, -0.001, 1))]


def seen(db: sqlite3.Connection, sql: str) -> bool:
    """Tell whether a statement finds an account that is scored otherwise, or fails."""
    try:
        return bool(db.execute(sql).fetchall())
    except sqlite3.Error:
        return True


# The text


@pytest.mark.no_cover
@pytest.mark.parametrize("dialect", [name for name in DIALECTS if name != "redshift"])
def test_every_dialect_has_one_select(dialect: str) -> None:
    """The text is one statement, a SELECT, of some hundreds of accounts, and well below what an engine takes."""
    sql = icp.sql_selftest(SHORT, dialect, columns={"last_demo_request": icp.LongTable("crm.demos", "of", "at")})
    assert "demos" not in sql
    assert statements(sql, dialect) == ["Select"]
    assert 200 <= len(set(re.findall(r"\('(a\d{3})'", sql))) <= 400
    assert len(sql.encode()) < dialect_of(dialect).most_text / 2


def test_redshift_has_rows_without_values() -> None:
    """Redshift, which has no rows of values, gets SELECTs; lists lie in tables of their own."""
    sql = icp.sql_selftest(SHORT, "redshift", columns={"technologies": icp.LongTable("tech", "id", "name")})
    assert statements(sql, "redshift") == ["Select"]
    assert "VALUES" not in sql
    assert "UNION ALL" in sql


def test_bigquery_has_an_array_of_records() -> None:
    """BigQuery gets an array of records, each field of which is a text."""
    assert "UNNEST(ARRAY<STRUCT<`column1` STRING, `column2` STRING" in icp.sql_selftest(SHORT, "bigquery")


def statements(sql: str, dialect: str) -> list[str]:
    """Name the kinds of statements in a text."""
    return [type(one).__name__ for one in sqlglot.parse(sql, read=dialect_of(dialect).spoken)]


def test_the_text_is_the_same_at_each_call() -> None:
    """Nothing in it is left to chance."""
    assert icp.sql_selftest(SHORT, "duckdb") == icp.sql_selftest(SHORT, "duckdb")


def test_fewer_accounts_where_the_text_would_be_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that an engine would not take holds fewer accounts; if few are too many, it is refused."""

    def taking(most: int) -> str:
        one = attrs.evolve(DIALECTS["duckdb"], most_text=most)
        monkeypatch.setattr(selftest, "dialect_of", lambda _: one)
        return icp.sql_selftest(SIZE, "duckdb")

    whole = len(taking(1_000_000))
    assert len(taking(whole - 1)) < whole
    with pytest.raises(icp.NotPushable, match="bytes of SQL"):
        taking(2000)


# What it is told


def test_what_cannot_be_said_is_refused() -> None:
    """A profile that the dialect cannot say has no self-test."""
    with pytest.raises(icp.NotPushable, match="LongTable"):
        icp.sql_selftest(SHORT, "redshift")
    with pytest.raises(icp.NotPushable, match="compares text"):
        icp.sql_selftest(SHORT, "duckdb", text="refuse")


def test_it_takes_one_profile() -> None:
    """A list of profiles is refused."""
    profiles: Any = [SHORT]
    with pytest.raises(TypeError, match="needs a Profile"):
        icp.sql_selftest(profiles, "duckdb")


def test_columns_of_any_name_serve(database: Database) -> None:
    """An attribute may lie in a column called as the key is, and two attributes in one column."""
    profile = icp.Profile(
        "Names",
        [
            icp.Dimension(
                "D", [icp.Range("employees", 50, 500), icp.Range("staff", 10, 20), icp.OneOf("Key", ["a", "b"])]
            )
        ],
    )
    sql = icp.sql_selftest(profile, database.dialect, columns={"employees": 'it\'s "n"', "staff": 'it\'s "n"'})
    with database.holding([]) as asked:
        assert asked(sql, None) == []


def test_the_moment_may_be_given(database: Database) -> None:
    """The accounts are made for the moment of scoring, the last of a day among them."""
    profile = icp.Profile("Seen", [icp.Dimension("D", [icp.Recency("seen", window=3), icp.Upcoming("next", within=2)])])
    with database.holding([]) as asked:
        for as_of in (date(2024, 2, 29), "2024-02-29", "1999-12-31T23:59:59.999999Z"):
            sql = icp.sql_selftest(profile, database.dialect, as_of=as_of)
            assert asked(sql, None) == []
    with pytest.raises(icp.AsOfError):
        icp.sql_selftest(profile, database.dialect, as_of="soon")
