"""The text of statements does not change unseen, stays short, and runs where it can."""

import json
import random
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest

import icpkit as icp
from icpkit.sql.dialects import DIALECTS
from tests.golden.make_sql import AS_OF, HERE, SMALL, TABLE, TWELVE, statements, timeless, types

STATEMENTS = statements()
GOLDEN = {path.stem: path.read_text(encoding="utf-8") for path in sorted(HERE.glob("*.sql"))}
COLUMNS = ("id", *types("duckdb"))
MOST_LINES, MOST_COLUMNS = 120, 120


@pytest.mark.parametrize("name", STATEMENTS)
def test_golden_statements_stand(name: str) -> None:
    """A statement is, sign by sign, the one that was last reviewed: `python -m tests.golden.make_sql` takes it over."""
    assert timeless(STATEMENTS[name]) == GOLDEN[name]


def test_there_is_a_golden_statement_of_every_dialect() -> None:
    """No dialect is without a golden statement, and no golden statement without its maker."""
    assert set(DIALECTS) < set(STATEMENTS) == set(GOLDEN)


@pytest.mark.parametrize("dialect", [name for name in DIALECTS if name not in {"sqlite", "redshift"}])
def test_twelve_criteria_fit_on_two_pages(dialect: str) -> None:
    """Twelve criteria are at most 120 lines of 120 signs; SQLite has no types to lean on, Redshift no lists."""
    lines = GOLDEN[dialect].splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= MOST_COLUMNS


# Run


def _values() -> dict[str, Sequence[Any]]:
    days = (0, 1, 13, 14, 15, 30, 400, -2)
    moments = [datetime.fromisoformat(AS_OF) - timedelta(days=day, microseconds=day) for day in days]
    truths = (True, False, None)
    return {
        "employees": (10, 25, 33, 50, 499, 500, 707, 1000, 5000, None),
        "revenue": (-1.0, 0.0, 2e6, 3.3e6, 5e6, 2e7, 7.7e7, 1e8, 1e9, None),
        "industry": ("software", "it services", "finance", "retail", "", None),
        "naics": ("511210", "519130", "23", "", None),
        "founded": (1990, 2023, 2024, 2025, 2026, 2030, 12_000, None),
        "tech": ([], ["slack"], ["hubspot", "crm", ""], ["jira", "slack", "crm"], ["zoom"], None),
        "cloud": ("early", "growing", "advanced", "cosmic", None),
        "seats": (3, 10, 49, 50, 999, None),
        "last_demo": (*moments, None),
        "last_visit": (*moments, None),
        "renewal": (*(date.fromisoformat(AS_OF) + timedelta(days=day) for day in (-1, 0, 1, 60, 120, 121)), None),
        **dict.fromkeys(("sales_team", "outbound"), truths),
        "competitor": (False, False, False, True, None),
    }


def _accounts(count: int = 300) -> list[dict[str, Any]]:
    draw = random.Random(20261121)
    values = _values()
    return [
        {"id": f"a{number}", **{name: draw.choice(values[name]) for name in COLUMNS[1:]}} for number in range(count)
    ]


ACCOUNTS = _accounts()


def _expected(profile: icp.Profile) -> dict[str, tuple[Any, ...]]:
    scorer = icp.Scorer(profile)
    made = {}
    for account in ACCOUNTS:
        score = scorer.score(account, as_of=AS_OF, key="id", on_invalid="unknown")
        fields = (score.fit, score.tier, score.status, score.coverage, score.low, score.high, len(score.invalid))
        made[account["id"]] = fields
    return made


def _by_key(rows: Iterable[Sequence[Any]]) -> dict[str, tuple[Any, ...]]:
    return {row[0]: tuple(row[1:]) for row in rows}


def _rows(cell: Any = lambda value: value) -> list[list[Any]]:
    return [[cell(account[name]) for name in COLUMNS] for account in ACCOUNTS]


def _duckdb(sql: str) -> list[tuple[Any, ...]]:
    import duckdb

    columns = ", ".join(f"{name} {kind}" for name, kind in types("duckdb").items())
    with duckdb.connect() as db:
        db.execute(f"SET TimeZone = 'UTC'; CREATE SCHEMA crm; CREATE TABLE {TABLE} (id VARCHAR, {columns})")
        db.executemany(f"INSERT INTO {TABLE} VALUES ({', '.join('?' * len(COLUMNS))})", _rows())
        return db.execute(sql).fetchall()


def test_the_statement_of_duckdb_gives_the_scores() -> None:
    """On DuckDB the golden statement gives what the reference gives."""
    assert _by_key(_duckdb(GOLDEN["duckdb"])) == _expected(TWELVE)


def test_the_statement_of_several_profiles_gives_the_best_score() -> None:
    """Each account gets the scored profile of the highest fit, the first among equals and where none is scored."""
    first, second = _expected(TWELVE), _expected(SMALL)
    found = _by_key(_duckdb(GOLDEN["duckdb_several"]))
    best = {}
    for key in first:
        pairs = ((TWELVE.name, first[key]), (SMALL.name, second[key]))
        scored = [pair for pair in pairs if pair[1][2] == "scored"]
        best[key] = max(scored, key=lambda pair: pair[1][0]) if scored else pairs[0]
    assert found == {key: (name, *fields) for key, (name, fields) in best.items()}
    assert {name for name, *_ in found.values()} == {TWELVE.name, SMALL.name}


def test_the_statement_of_contributions_gives_the_points() -> None:
    """The golden statement gives the points of each criterion, which sum to the fit."""
    scorer = icp.Scorer(TWELVE)
    for row, account in zip(sorted(_duckdb(GOLDEN["duckdb_contributions"])), sorted(_rows()), strict=True):
        score = scorer.score(dict(zip(COLUMNS, account, strict=True)), as_of=AS_OF, on_invalid="unknown")
        points: list[float | None] = [value / 1e6 for _, value in score.explanation.points]
        assert list(row[8:]) == (points or [None] * 14)
        assert sum(round(1e6 * (value or 0)) for value in points) == round(1e6 * (score.fit or 0))


def _text_cell(value: Any) -> Any:
    if isinstance(value, list):
        return json.dumps(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else value


def test_the_statement_of_sqlite_gives_the_scores() -> None:
    """On SQLite the golden statement gives what the reference gives."""
    with sqlite3.connect(":memory:") as db:
        db.execute("ATTACH ':memory:' AS crm")
        db.execute(f"CREATE TABLE {TABLE} ({', '.join(COLUMNS)})")
        db.executemany(f"INSERT INTO {TABLE} VALUES ({', '.join('?' * len(COLUMNS))})", _rows(_text_cell))
        found = db.execute(GOLDEN["sqlite"]).fetchall()
    db.close()
    assert _by_key(found) == _expected(TWELVE)


def test_the_statement_of_postgresql_gives_the_scores(postgresql: Any) -> None:
    """On PostgreSQL the golden statement gives what the reference gives, whatever the session's time zone."""
    import psycopg

    columns: Mapping[str, str] = types("postgres")
    listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    url = postgresql.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as db, db.transaction(force_rollback=True):
        db.execute("SET LOCAL TIME ZONE 'UTC'")
        db.execute(f"CREATE SCHEMA crm; CREATE TABLE {TABLE} (id text, {listed})".encode())
        insert = f"INSERT INTO {TABLE} VALUES ({', '.join(['%s'] * len(COLUMNS))})"
        db.cursor().executemany(insert.encode(), _rows())
        db.execute("SET LOCAL TIME ZONE 'Asia/Kathmandu'")
        found = db.execute(GOLDEN["postgres"].encode()).fetchall()
    assert _by_key(found) == _expected(TWELVE)
