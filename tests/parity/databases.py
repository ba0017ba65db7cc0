"""The databases that run what `icp.to_sql` writes: each makes tables, runs one statement, and gives its rows."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from typing import Any, Protocol

import attrs

from tests.parity.landing import Table

#: Gives the rows of a statement by the names of their columns; the mapping holds its parameters, None if it has none.
Run = Callable[[str, Mapping[str, Any] | None], list[dict[str, Any]]]


class Database(Protocol):
    """A database with a dialect of its own, and what it raises."""

    dialect: str
    errors: type[Exception]

    def holding(self, tables: Sequence[Table]) -> AbstractContextManager[Run]:
        """Make tables, run statements on them, and drop them."""
        ...

    def close(self) -> None:
        """End the session."""


def quoted(name: str) -> str:
    """Quote a name as standard SQL does."""
    return '"{}"'.format(name.replace('"', '""'))


def create(table: Table) -> str:
    """Give the statement that makes a table."""
    columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in table.columns)
    return f"CREATE TEMPORARY TABLE {quoted(table.name)} ({columns})"


def insert(table: Table, mark: str = "CAST(? AS {})") -> str:
    """Give the statement that fills a table.

    Args:
        table: the table, with at least one row.
        mark: stands for a value of a type.
    """
    row = ", ".join(mark.format(kind) for _, kind in table.columns)
    return f"INSERT INTO {quoted(table.name)} VALUES {', '.join([f'({row})'] * len(table.rows))}"


def cells(table: Table) -> list[Any]:
    """Give the values of a table, row by row."""
    return [cell for row in table.rows for cell in row]


def _named(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in rows]


class DuckDB:
    """DuckDB, in memory; its session is in a zone far from UTC."""

    dialect = "duckdb"

    def __init__(self) -> None:
        import duckdb

        self.errors: type[Exception] = duckdb.Error
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'Asia/Kathmandu'")
        self.connection.execute("SET threads = 1")

    @contextmanager
    def holding(self, tables: Sequence[Table]) -> Iterator[Run]:
        """Make tables in a transaction, which is rolled back."""
        self.connection.execute("BEGIN")
        try:
            for table in tables:
                self.connection.execute(create(table))
                if table.rows:
                    self.connection.execute(insert(table), cells(table))
            yield self._run
        finally:
            self.connection.execute("ROLLBACK")

    def _run(self, sql: str, parameters: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        named = self.connection.extract_statements(sql)[0].named_parameters if parameters else ()
        # It takes no parameter that the statement does not name.
        found = self.connection.execute(sql, {name: one for name, one in (parameters or {}).items() if name in named})
        return _named([one[0] for one in found.description or ()], found.fetchall())

    def close(self) -> None:
        """End the session."""
        self.connection.close()


class PostgreSQL:
    """A PostgreSQL server; the session is in a zone far from UTC, and reads the day before the month."""

    dialect = "postgres"

    def __init__(self, url: str) -> None:
        import psycopg

        self.errors: type[Exception] = psycopg.Error
        self.connection = psycopg.connect(url, autocommit=True)
        for setting in ("TimeZone = 'America/St_Johns'", "DateStyle = 'ISO, DMY'", "jit = off"):
            self.connection.execute(f"SET {setting}".encode())

    @contextmanager
    def holding(self, tables: Sequence[Table]) -> Iterator[Run]:
        """Make tables in a transaction, which is rolled back."""
        with self.connection.transaction(force_rollback=True):
            for table in tables:
                self.connection.execute(create(table).encode())
                if table.rows:
                    statement = insert(attrs.evolve(table, name=table.name.replace("%", "%%")), "CAST(%s AS {})")
                    self.connection.execute(statement.encode(), cells(table))
            yield self._run

    def _run(self, sql: str, parameters: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        found = self.connection.execute(sql.encode(), parameters)
        return _named([one.name for one in found.description or ()], found.fetchall())

    def close(self) -> None:
        """End the session."""
        self.connection.close()


class SQLite:
    """SQLite, in memory."""

    dialect = "sqlite"
    errors: type[Exception] = sqlite3.Error

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)

    @contextmanager
    def holding(self, tables: Sequence[Table]) -> Iterator[Run]:
        """Make tables in a transaction, which is rolled back."""
        self.connection.execute("BEGIN")
        try:
            for table in tables:
                self.connection.execute(create(table))
                if table.rows:
                    values = [float(cell) if isinstance(cell, Decimal) else cell for cell in cells(table)]
                    self.connection.execute(insert(table, "?"), values)
            yield self._run
        finally:
            self.connection.execute("ROLLBACK")

    def _run(self, sql: str, parameters: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        found = self.connection.execute(sql, dict(parameters or {}))
        return _named([one[0] for one in found.description or ()], found.fetchall())

    def close(self) -> None:
        """End the session."""
        self.connection.close()


class Spark:
    """A session of Spark, whose zone is UTC."""

    dialect = "spark"
    errors: type[Exception] = Exception

    def __init__(self, session: Any) -> None:
        self.session = session

    @contextmanager
    def holding(self, tables: Sequence[Table]) -> Iterator[Run]:
        """Make views of rows, and drop them."""
        try:
            for table in tables:
                schema = ", ".join(f"{self._quoted(name)} {kind}" for name, kind in table.columns)
                frame = self.session.createDataFrame(list(table.rows), schema)
                frame.createOrReplaceTempView(self._quoted(table.name))
            yield self._run
        finally:
            for table in tables:
                self.session.catalog.dropTempView(table.name)

    @staticmethod
    def _quoted(name: str) -> str:
        return "`{}`".format(name.replace("`", "``"))

    def _run(self, sql: str, parameters: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        found = self.session.sql(sql, args=dict(parameters)) if parameters else self.session.sql(sql)
        return _named(found.columns, found.collect())

    def close(self) -> None:
        """Leave the session to whom it belongs."""
