from pathlib import Path
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa

from icpkit.history.memory import MemoryStore
from icpkit.history.sqlalchemy import SqlalchemyStore
from icpkit.history.sqlite import SqliteStore
from icpkit.history.store import Store
from icpkit.testing import StoreContract


class TestMemory(StoreContract):
    open_after_close = "memory stays as long as its object"

    @pytest.fixture(autouse=True)
    def _place(self) -> None:
        self.store = MemoryStore()

    def open(self) -> Store:
        """Open the place."""
        return self.store


class _File(StoreContract):
    appends: ClassVar[int] = 10  # each waits for the disk; the long run is below

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.path = tmp_path / "icp.db"

    def raw(self) -> bytes:
        """Give the file."""
        return self.path.read_bytes()


class TestSqlite(_File):
    def open(self) -> Store:
        """Open the place."""
        return SqliteStore(self.path)


class TestSqlalchemyOnSqlite(_File):
    def open(self) -> Store:
        """Open the place."""
        return SqlalchemyStore(f"sqlite:///{self.path}")


class TestPostgresql(StoreContract):
    appends: ClassVar[int] = 25

    @pytest.fixture(autouse=True)
    def _place(self, engine: sa.Engine, schema: str) -> None:
        self.engine, self.schema = engine, schema

    def open(self) -> Store:
        """Open the place."""
        return SqlalchemyStore(self.engine, self.schema)


@pytest.mark.slow
class TestLong:
    @pytest.mark.parametrize("kind", [TestSqlite, TestSqlalchemyOnSqlite])
    def test_threads_lose_nothing_in_a_file(self, kind: Any, tmp_path: Path) -> None:
        """The longest test at its full length, on files."""

        class Long(kind):  # type: ignore[misc]
            appends = StoreContract.appends

        one = Long()
        one.path = tmp_path / "icp.db"
        one.test_threads_lose_nothing()

    def test_threads_lose_nothing_in_postgresql(self, engine: sa.Engine, schema: str) -> None:
        """The longest test at its full length, on PostgreSQL."""

        class Long(TestPostgresql):
            appends = StoreContract.appends

        one = Long()
        one.engine, one.schema = engine, schema
        one.test_threads_lose_nothing()
