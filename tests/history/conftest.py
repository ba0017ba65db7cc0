from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

_NUMBERS = count(1)


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


@pytest.fixture(params=["sqlite", "postgresql"])
def any_engine(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[sa.Engine]:
    """Give an engine on a file, or on the server."""
    if request.param == "postgresql":
        request.getfixturevalue("schema")
        yield request.getfixturevalue("engine")
        return
    engine = sa.create_engine(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def any_schema(any_engine: sa.Engine, request: pytest.FixtureRequest) -> str | None:
    """Name the schema of the tables on that engine."""
    return request.getfixturevalue("schema") if any_engine.dialect.name == "postgresql" else None


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
