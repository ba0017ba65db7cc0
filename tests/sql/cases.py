"""Runs statements in memory, and compares what they give with the reference."""

import functools
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from typing import Any

import icpkit as icp

AS_OF = "2026-11-21"
ENGINES = ("duckdb", "sqlite")


@functools.cache
def _duckdb() -> Any:
    """Open DuckDB once, far from UTC; each statement has a transaction of its own, which is rolled back."""
    import duckdb

    db = duckdb.connect(config={"threads": 1})
    db.execute("SET GLOBAL TimeZone = 'Asia/Kathmandu'")
    return db


def fetch(dialect: str, script: str, sql: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Run a script, then a statement, and give its rows.

    Args:
        dialect: ``"duckdb"`` or ``"sqlite"``.
        script: makes and fills the tables.
        sql: the statement.
        parameters: those of the statement.
    """
    if dialect == "duckdb":
        db = _duckdb().cursor()
        db.execute("BEGIN")
        try:
            if script:
                db.execute(script)
            rows: list[tuple[Any, ...]] = db.execute(sql, dict(parameters or {})).fetchall()
            return rows
        finally:
            db.execute("ROLLBACK")
            db.close()
    with closing(sqlite3.connect(":memory:")) as held:
        held.executescript(script)
        return held.execute(sql, dict(parameters or {})).fetchall()


def literal(value: Any, dialect: str) -> str:
    """Write a value in a script; SQLite has no lists and no dates, and holds their texts."""
    if value is None or isinstance(value, bool):
        return str(value) if value is not None else "NULL"
    if isinstance(value, list):
        if dialect == "sqlite":
            return literal(json.dumps(value), dialect)
        return f"[{', '.join(literal(one, dialect) for one in value)}]::VARCHAR[]"
    if isinstance(value, datetime | date):
        return literal(value.isoformat(), dialect)
    return "'{}'".format(value.replace("'", "''")) if isinstance(value, str) else repr(value)


def table(name: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]], dialect: str) -> str:
    """Write the script of a table; in SQLite its columns are of no type."""
    named = ", ".join(f'"{one}" {kind}' if dialect == "duckdb" else f'"{one}"' for one, kind in columns.items())
    script = f'CREATE TABLE "{name}" ({named});'
    for row in rows:
        script += f'INSERT INTO "{name}" VALUES ({", ".join(literal(one, dialect) for one in row)});'
    return script


def single(criterion: icp.Criterion, **more: Any) -> icp.Profile:
    """Give a profile that asks one question."""
    return icp.Profile("P", [icp.Dimension("D", [criterion])], **{"min_coverage": 0, **more})


def reference(profile: icp.Profile, accounts: Sequence[Mapping[str, Any]], as_of: Any = AS_OF) -> list[tuple[Any, ...]]:
    """Give what a statement must give: key, fit, tier, status, coverage, low, high, and how many values are wrong."""
    scorer, made = icp.Scorer(profile), []
    for number, account in enumerate(accounts):
        one = scorer.score(account, as_of=as_of, on_invalid="unknown")
        made.append((number, one.fit, one.tier, one.status, one.coverage, one.low, one.high, len(one.invalid)))
    return made


def scored(
    dialect: str,
    profile: icp.Profile | Sequence[icp.Profile],
    kinds: Mapping[str, str],
    accounts: Sequence[Mapping[str, Any]],
    script: str = "",
    **asked: Any,
) -> list[tuple[Any, ...]]:
    """Score accounts by a statement, ordered by key, which is their number.

    Args:
        dialect: ``"duckdb"`` or ``"sqlite"``.
        profile: the profile, or several.
        kinds: the columns of the accounts' table, and their types in DuckDB.
        accounts: the accounts.
        script: makes further tables.
        asked: further arguments of `icp.to_sql`.
    """
    rows = [[number, *(account.get(name) for name in kinds)] for number, account in enumerate(accounts)]
    script += table("accounts", {"id": "INTEGER", **kinds}, rows, dialect)
    told = {"table": "accounts", "key": "id", "as_of": AS_OF, "text": "folded", **asked}
    return sorted(fetch(dialect, script, icp.to_sql(profile, dialect=dialect, **told)))


def check(
    profile: icp.Profile, kinds: Mapping[str, str], accounts: Sequence[Mapping[str, Any]], **asked: Any
) -> list[tuple[Any, ...]]:
    """Give the scores of accounts, which DuckDB and SQLite find as the reference does."""
    wanted = reference(profile, accounts, asked.get("as_of", AS_OF))
    for dialect in ENGINES:
        assert scored(dialect, profile, kinds, accounts, **asked) == wanted, dialect
    return wanted
