import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from icpkit.history.sqlalchemy import SqlalchemyStore, ddl, metadata
from icpkit.history.sqlalchemy_tables import ExactText
from icpkit.testing.ledgers import length_of
from tests.history.databases import run, write


def test_statements_make_the_tables(engine: sa.Engine, schema: str, sqlite_url: str) -> None:
    """What ddl() says, or the host's tools make of metadata(), is all that a store needs."""
    run(engine, *ddl("postgresql", schema).rstrip(";\n").split(";"))
    store = SqlalchemyStore(engine, schema, create=False)
    write(store)
    assert list(store.damage()) == []
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as held:
        held.executescript(ddl("sqlite"))
    with closing(SqlalchemyStore(sqlite_url, create=False)) as store:
        write(store)
        assert list(store.damage()) == []


def test_tables_of_the_hosts_tools_need_no_line_in_the_layout(sqlite_url: str) -> None:
    """Tools such as Alembic make tables and no lines: the layout is then the first."""
    engine = sa.create_engine(sqlite_url)
    metadata().create_all(engine)
    store = SqlalchemyStore(engine, create=False)
    write(store)
    assert (list(store.damage()), length_of(store, "t42")) == ([], 1)
    engine.dispose()


def test_changed_tables_are_named(engine: sa.Engine, schema: str, sqlite_url: str) -> None:
    """Tables, columns, keys and indexes that are missing or not as they were made are named, each by itself."""
    store = SqlalchemyStore(engine, schema)
    run(
        engine,
        f"DROP INDEX {schema}.icp_entry_token",
        f"DROP INDEX {schema}.icp_entry_number",
        f"CREATE INDEX icp_entry_number ON {schema}.icp_entry (space, name, number) WHERE number IS NOT NULL",
        f"DROP INDEX {schema}.icp_entry_other",
        f"CREATE INDEX icp_entry_other ON {schema}.icp_entry (space, name, kind, seq)",
        f"ALTER TABLE {schema}.icp_entry ALTER COLUMN about TYPE integer, ALTER COLUMN data DROP NOT NULL",
        f"ALTER TABLE {schema}.icp_entry ALTER COLUMN label SET NOT NULL, ADD COLUMN mine text",
        f"ALTER TABLE {schema}.icp_ledger DROP CONSTRAINT icp_ledger_space, ADD PRIMARY KEY (id)",
        f"ALTER TABLE {schema}.icp_object DROP COLUMN format",
        f"DROP TABLE {schema}.icp_note",
    )
    assert list(store.damage()) == [
        "the primary key of 'icp_ledger' is (id), and was made otherwise",
        "the column icp_object.format is missing",
        "the column icp_entry.about is of the type INTEGER, and was made as BIGINT",
        "the column icp_entry.label must not be empty, unlike when it was made",
        "the column icp_entry.data may be empty, unlike when it was made",
        "there is a column icp_entry.mine which does not belong there",
        "the index 'icp_entry_number' is not as it was made",
        "the index 'icp_entry_other' is not as it was made",
        "the index 'icp_entry_token' is missing",
        "the table 'icp_note' is missing",
    ]
    run(engine, f"DROP SCHEMA {schema} CASCADE")
    assert len(list(store.damage())) == 5
    with closing(SqlalchemyStore(sqlite_url)) as other:
        assert list(other.damage()) == []
        Path(sqlite_url.removeprefix("sqlite:///")).write_bytes(b"no database at all" * 1000)
        assert list(other.damage()) == ["cannot be read: file is not a database"]


@pytest.mark.parametrize("dialect", ["mysql", "mariadb", "mssql"])
def test_elsewhere_text_is_kept_as_bytes(dialect: str) -> None:
    """Servers that take "SaaS" and "saas" for one get bytes, which they compare one by one."""
    text = ddl(dialect)
    assert "space VARBINARY(400) NOT NULL" in text
    assert "VARCHAR" not in text
    assert "TEXT" not in text
    kind, there = ExactText(10), mysql.dialect()
    assert kind.process_bind_param("Ä", there) == b"\xc3\x84"
    assert kind.process_bind_param(None, there) is None
    assert kind.process_result_value(b"\xc3\x84", there) == "Ä"
    assert kind.process_result_value("Ä", there) == "Ä"
    assert kind.process_result_value(None, there) is None
