"""Numbers that every engine reads as they are meant, and what types can hold."""

import random
import sqlite3
from contextlib import closing

import pytest

from icpkit.sql.sqlglot import fraction, limits_of, number, write


def test_sqlite_reads_fractions_exactly() -> None:
    """SQLite misreads some decimals of few digits, such as 0.002877; what is written for it is read exactly."""
    rng = random.Random(2)
    values = [0.002877, 28.384741, 51.048292, 4.91e-06, 1 / 3, -0.1, -28.384741, 20.000001, 2.0**60, 5e-324]
    values += [whole / 10**places for whole in range(1, 1000, 7) for places in range(9)]
    values += [rng.randrange(10 ** rng.randrange(1, 17)) / 10 ** rng.randrange(20) for _ in range(5000)]
    with closing(sqlite3.connect(":memory:")) as db:
        for value in values:
            written = write(fraction(value), "sqlite")
            assert db.execute(f"SELECT {written} = ?", (value,)).fetchone() == (1,), written


def test_short_numbers_stay_readable() -> None:
    """Numbers of three digits and whole ones are written as people do."""
    written = [write(fraction(value), "sqlite") for value in (0.6, 62.5, 50, 0.125, 0.0625)]
    assert written == ["0.6", "62.5", "50", "0.125", "0.0625"]
    assert [write(number(value), "duckdb") for value in (0.0625, 28.384741)] == ["0.0625", "28.384741"]


@pytest.mark.parametrize(
    ("kind", "dialect", "expected"),
    [
        ("SMALLINT", "duckdb", (-32768, 32767, 0, False, 1, False)),
        ("BIGINT", "postgres", (-(2**63), 2**63 - 1, 0, False, 1, False)),
        ("real", "postgres", (-(2**63), 2**63 - 1, None, True, 1, False)),
        ("NUMERIC(12,2)", "spark", (-(10**10) + 1, 10**10 - 1, 2, False, 1, False)),
        ("DECIMAL", "duckdb", (-(10**12) + 1, 10**12 - 1, 3, False, 1, False)),
        ("NUMBER(38,0)", "snowflake", (-(10**18) + 1, 10**18 - 1, 0, False, 1, False)),
        ("TIMESTAMP", "bigquery", (-(2**63), 2**63 - 1, None, False, 1, True)),
        ("TIMESTAMP", "trino", (-(2**63), 2**63 - 1, None, False, 1000, False)),
        ("TIMESTAMP(6) WITH TIME ZONE", "trino", (-(2**63), 2**63 - 1, None, False, 1, True)),
    ],
)
def test_types_hold_so_much(kind: str, dialect: str, expected: tuple[object, ...]) -> None:
    """Whole numbers have an end, decimals a last digit, moments a zone and a last digit of the second."""
    assert tuple(limits_of(kind, dialect)) == expected
