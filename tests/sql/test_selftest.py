"""Self-tests: they hold where the engine is right, and see each number that is changed."""

import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
import sqlglot

import icpkit as icp
from icpkit.sql import selftest
from icpkit.sql.dialects import DIALECTS
from tests.golden.profiles import SHORT
from tests.parity.databases import Database
from tests.sql.selftest_cases import ALL, EVENTS, EXACT, FOLDED, TYPED, cases, drawn_cases

#: The columns of what is found.
COLUMNS = ["key"] + [
    f"{name}_{side}"
    for name in ("fit", "tier", "status", "coverage", "low", "high", "invalid")
    for side in ("expected", "found")
]
SIZE = icp.Profile("Size", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_low=25)])])


def test_engines_that_are_right_return_no_row(database: Database) -> None:
    """On each database, profiles of all criteria, lists and types have no account that is scored otherwise."""
    with database.holding([]) as asked:
        for profile, options in cases(database.dialect):
            assert asked(icp.sql_selftest(profile, database.dialect, **options), None) == [], profile.name


def test_drawn_profiles_return_no_row(database: Database) -> None:
    """Nor have profiles that were drawn at random, each at its own moment."""
    with database.holding([]) as asked:
        for profile, options in drawn_cases(8):
            assert asked(icp.sql_selftest(profile, database.dialect, **options), None) == [], repr(profile)


@pytest.mark.slow
def test_many_drawn_profiles_return_no_row(database: Database) -> None:
    """The same of many."""
    with database.holding([]) as asked:
        for profile, options in drawn_cases(100):
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
