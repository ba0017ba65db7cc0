import logging
import os
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
import traceback
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event, exc

import icpkit as icp
from icpkit.history import sqlalchemy as store_module
from icpkit.history.errors import (
    ForkedStoreError,
    StoreBusyError,
    StoreClosedError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreNewerError,
    StoreReadOnlyError,
)
from icpkit.history.records import End, beginning, packed
from icpkit.history.sqlalchemy import SqlalchemyStore, ddl, metadata
from icpkit.testing.ledgers import Raises, add, fill, joined, length_of, started
from tests.history.databases import run, write

PERSON = "Ada Lovelace"


# A host's connection


def test_a_connection_is_joined(any_engine: sa.Engine, any_schema: str | None) -> None:
    """On a host's Connection all is part of its transaction: both see it, its commit keeps all."""
    SqlalchemyStore(any_engine, any_schema).close()
    run(any_engine, "CREATE TABLE IF NOT EXISTS deals (id integer)", "DELETE FROM deals")
    with any_engine.connect() as held:
        store = SqlalchemyStore(held, any_schema, create=False)
        held.exec_driver_sql("INSERT INTO deals VALUES (1)")
        write(store)
        held.exec_driver_sql("INSERT INTO deals VALUES (2)")
        write(store)
        assert length_of(store, "t42") == 2
        assert held.exec_driver_sql("SELECT count(*) FROM deals").scalar() == 2
        held.commit()
        write(store)
        held.exec_driver_sql("INSERT INTO deals VALUES (3)")
        held.rollback()
        assert length_of(store, "t42") == 2
        assert held.exec_driver_sql("SELECT count(*) FROM deals").scalar() == 2
        store.close()
        assert held.exec_driver_sql("SELECT count(*) FROM deals").scalar() == 2
    run(any_engine, "DROP TABLE deals")
    with closing(SqlalchemyStore(any_engine, any_schema)) as other:
        assert length_of(other, "t42") == 2


def test_a_host_that_rolls_back_takes_all_away(any_engine: sa.Engine, any_schema: str | None) -> None:
    """Tables that were made on a host's Connection, and all in them, are gone after its rollback."""
    with any_engine.connect() as held:
        store = SqlalchemyStore(held, any_schema)
        write(store)
        held.rollback()
        with pytest.raises(StoreError):
            length_of(store, "t42")
        held.rollback()
        with pytest.raises(StoreError, match="lacks the table"):
            SqlalchemyStore(held, any_schema, create=False)


def test_an_error_in_a_change_leaves_the_host_its_transaction(any_engine: sa.Engine, any_schema: str | None) -> None:
    """A change that fails is undone to its savepoint; what the host and other changes did before stays."""
    with any_engine.connect() as held:
        store = SqlalchemyStore(held, any_schema)
        with held.begin() if not held.in_transaction() else held.get_transaction() as host:  # type: ignore[union-attr]
            write(store)
            with Raises(StoreError), store.writing("t42") as writer:
                add(writer, "t42", number=2)
                add(writer, "t42", number=1)
            with Raises(KeyboardInterrupt), store.writing("t42") as writer:
                add(writer, "t42", number=2)
                raise KeyboardInterrupt
            write(store)
            assert length_of(store, "t42") == 2
            host.commit()
    with closing(SqlalchemyStore(any_engine, any_schema)) as other:
        assert length_of(other, "t42") == 2


def test_threads_take_turns_on_one_connection(engine: sa.Engine, schema: str) -> None:
    """A store on a Connection lends it to one thread at a time."""
    with engine.connect() as held:
        store = SqlalchemyStore(held, schema)

        def work() -> None:
            for _ in range(10):
                write(store)

        for thread in [started(work) for _ in range(4)]:
            joined(thread)
        assert length_of(store, "t42") == 40


def test_a_transaction_that_is_too_old_is_told(engine: sa.Engine, schema: str) -> None:
    """A host at REPEATABLE READ whose view is older than the space, or than its end, is told to begin anew."""
    with closing(SqlalchemyStore(engine, schema)) as other:
        write(other, "old")
        for space in ("old", "new"):
            with engine.connect().execution_options(isolation_level="REPEATABLE READ") as held:
                store = SqlalchemyStore(held, schema)
                write(other, space)
                with pytest.raises(StoreBusyError, match="new transaction"):
                    write(store, space)
        assert (length_of(other, "old"), length_of(other, "new")) == (2, 1)


# Opening


def test_without_create_what_lacks_is_named(any_engine: sa.Engine, any_schema: str | None) -> None:
    """With create=False nothing is made; the error names what lacks and the call that tells how to make it."""
    with pytest.raises(StoreError, match=r"icp_ledger(.|\n)*History\.ddl\('(sqlite|postgresql)'") as caught:
        SqlalchemyStore(any_engine, any_schema, create=False)
    assert str(caught.value).count("the table") == 5
    with any_engine.connect() as held:
        assert any_schema is None or not sa.inspect(held).has_schema(any_schema)
        assert not sa.inspect(held).get_table_names()


def test_a_schema_is_made_once(engine: sa.Engine, schema: str) -> None:
    """A schema that is there is used, one that lacks is made, and a second store finds all as it was."""
    run(engine, f"CREATE SCHEMA {schema}")
    write(SqlalchemyStore(engine, schema))
    again = SqlalchemyStore(engine, schema)
    assert (length_of(again, "t42"), list(again.damage())) == (1, [])


def test_a_newer_layout_is_refused(any_engine: sa.Engine, any_schema: str | None) -> None:
    """A later major layout is refused; a later minor one, with a column more, is written to."""
    SqlalchemyStore(any_engine, any_schema)
    at = "" if any_schema is None else f"{any_schema}."
    run(any_engine, f"UPDATE {at}icp_layout SET layout = 101", f"ALTER TABLE {at}icp_entry ADD COLUMN more text")
    store = SqlalchemyStore(any_engine, any_schema)
    write(store)
    assert (list(store.damage()), length_of(store, "t42")) == ([], 1)
    run(any_engine, f"UPDATE {at}icp_layout SET layout = 200")
    with pytest.raises(StoreNewerError, match=r"layout 2\.00.*up to 1\.99"):
        SqlalchemyStore(any_engine, any_schema)


def test_a_table_that_is_there_is_never_altered(sqlite_url: str) -> None:
    """A table without one of our columns is an error that names the column, also where tables may be made."""
    engine = sa.create_engine(sqlite_url)
    run(engine, "CREATE TABLE icp_note (space text, seq integer, salt blob, author text, body text)")
    with pytest.raises(StoreError, match=r"lacks the column icp_note\.account"):
        SqlalchemyStore(engine)
    engine.dispose()


def test_where_tables_cannot_be_locked_it_is_tried_again(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On servers without a lock for makers of tables, one that comes second tries again; in the end it tells."""
    engine = sa.create_engine(sqlite_url)
    monkeypatch.setattr(store_module, "_QUEUES", ())
    monkeypatch.setattr(store_module, "_PAUSES", (0.0, 0.0))
    tries: list[int] = []

    def others_are_faster(self: SqlalchemyStore) -> None:
        tries.append(1)
        if len(tries) == 2:
            metadata().create_all(engine)
        raise StoreError("here", "the table is there already")

    with monkeypatch.context() as within:
        within.setattr(SqlalchemyStore, "_make", others_are_faster)
        write(SqlalchemyStore(engine))
        assert len(tries) == 2
        run(engine, "DROP TABLE icp_note")
        with pytest.raises(StoreError, match="is there already"):
            SqlalchemyStore(engine)
        assert len(tries) == 5
    SqlalchemyStore(engine)
    engine.dispose()


def test_what_names_no_database_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    """Anything but an engine, a connection or a URL is a TypeError; URLs that cannot be are told without a password."""
    with pytest.raises(TypeError, match=r"takes an Engine, a Connection or a URL of SQLAlchemy \(got int\)"):
        SqlalchemyStore(7)
    for url in ("postgres:s3cret", "postgresql://u:s3@cret@host/db", "postgresql://u:x@host:s3cret/db"):
        with pytest.raises(StoreError, match="its URL cannot be read") as caught:
            SqlalchemyStore(url)
        assert "cret" not in "".join(traceback.format_exception(caught.value))
    with pytest.raises(StoreError, match="knows no such kind of database"):
        SqlalchemyStore("nonesuch://u:s3cret@host/db")
    with pytest.raises(ImportError, match=r"needs a driver that is not installed, asyncpg.*psycopg\[binary\]"):
        SqlalchemyStore("postgresql+asyncpg://u:s3cret@host/db")
    for memory in ("sqlite://", "sqlite:///:memory:"):
        with pytest.raises(ValueError, match=r"History\.memory\(\)"):
            SqlalchemyStore(memory)
    for timeout in (-1, True, None, "1"):
        with pytest.raises(ValueError, match="timeout must be a number of seconds"):
            SqlalchemyStore(sqlite_url, timeout=timeout)
    with pytest.raises(ValueError, match="dialect 'nonesuch' is not known"):
        ddl("nonesuch")


def test_without_sqlalchemy_the_extra_is_named() -> None:
    """Where SQLAlchemy is not installed, one line says what to install."""
    code = "import sys; sys.modules['sqlalchemy'] = None; import icpkit.history.sqlalchemy"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert 'pip install "icpkit[sqlalchemy]"' in done.stderr.splitlines()[-1]


# Passwords and people


def test_no_password_in_sight(
    postgresql: sa.URL, engine: sa.Engine, schema: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A wrong password, or a right one, is in no message, traceback, repr or log."""
    caplog.set_level(logging.DEBUG)
    with engine.connect() as held:
        hba = Path(held.exec_driver_sql("SHOW hba_file").scalar_one())
    before = hba.read_text(encoding="utf-8")
    run(engine, "CREATE ROLE locked LOGIN PASSWORD 'r1ght' SUPERUSER")
    try:
        hba.write_text(f"local all locked scram-sha-256\n{before}", encoding="utf-8")
        run(engine, "SELECT pg_reload_conf()")
        wait_until_refused(postgresql.set(username="locked"))
        for url in (
            postgresql.set(username="locked", password="wr0ng"),
            postgresql.set(username="locked").update_query_dict({"password": "wr0ng"}),
        ):
            text = url.render_as_string(hide_password=False)
            with pytest.raises(StoreError, match="password authentication failed") as caught:
                SqlalchemyStore(text, schema)
            assert "wr0ng" not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)
            assert caught.value.__suppress_context__
        right = postgresql.set(username="locked", password="r1ght").render_as_string(hide_password=False)
        with closing(SqlalchemyStore(right, schema)) as store:
            write(store)
            assert repr(store) == store.place == "postgresql+psycopg://locked:***@/postgres"
            assert "r1ght" not in repr(store.bind)
    finally:
        hba.write_text(before, encoding="utf-8")
        run(engine, "SELECT pg_reload_conf()", f"DROP SCHEMA IF EXISTS {schema} CASCADE", "DROP ROLE locked")
    assert "wr0ng" not in caplog.text
    assert "r1ght" not in caplog.text


def test_no_people_in_sight(any_engine: sa.Engine, any_schema: str | None, caplog: pytest.LogCaptureFixture) -> None:
    """Names of people are in no message, and in no log of a host's engine, whatever its own settings are."""
    caplog.set_level(logging.DEBUG)
    engine = sa.create_engine(any_engine.url, echo="debug")
    store = SqlalchemyStore(engine, any_schema)
    write(store, author=PERSON, account=PERSON, said=PERSON)
    at = "" if any_schema is None else f"{any_schema}."
    run(any_engine, f"DROP TABLE {at}icp_note")
    with pytest.raises(StoreError) as caught:
        write(store, author=PERSON)
    assert "icp_note" in str(caught.value)
    run(any_engine, f"ALTER TABLE {at}icp_entry RENAME COLUMN data TO other")
    with pytest.raises(StoreError) as second:
        write(store, name=PERSON)
    assert PERSON not in "".join(traceback.format_exception(caught.value) + traceback.format_exception(second.value))
    assert "INSERT INTO" in caplog.text
    assert PERSON not in caplog.text
    assert not engine.hide_parameters  # the host's own statements are its own business
    engine.dispose()


def wait_until_refused(url: sa.URL) -> None:
    """Wait until the server has read who may connect without a password."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    for _ in range(100):
        try:
            engine.connect().close()
        except exc.OperationalError:
            return
        time.sleep(0.05)
    raise AssertionError("the server still lets in who has no password")


# Errors


class SaidError(Exception):
    """What a driver raises."""

    def __init__(self, text: str = "said", **codes: Any) -> None:
        super().__init__(text)
        self.__dict__.update(codes)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (SaidError(sqlstate="40001"), StoreBusyError),
        (SaidError(sqlstate="40P01"), StoreBusyError),
        (SaidError(sqlstate="55P03"), StoreBusyError),
        (SaidError(pgcode="57014"), StoreBusyError),
        (SaidError("40001"), StoreBusyError),
        (SaidError(sqlite_errorcode=5 | 3 << 8), StoreBusyError),
        (SaidError(sqlstate="53100"), StoreFullError),
        (SaidError(sqlite_errorcode=13), StoreFullError),
        (SaidError(sqlstate="25006"), StoreReadOnlyError),
        (SaidError(sqlite_errorcode=8), StoreReadOnlyError),
        (SaidError(sqlstate="42501"), StoreReadOnlyError),
        (SaidError(sqlstate="XX001"), StoreDamagedError),
        (SaidError(sqlite_errorcode=11), StoreDamagedError),
        (SaidError("Could not decode to UTF-8 column 'name'"), StoreDamagedError),
        (SaidError("first line\nDETAIL: Ada Lovelace"), StoreError),
        (SaidError(""), StoreError),
        (Exception(), StoreError),
        (Exception(None), StoreError),
    ],
)
def test_each_code_has_its_error(sqlite_url: str, said: Exception, kind: type[StoreError]) -> None:
    """What a database calls an error chooses ours; only the first line of what it says is told."""
    with closing(SqlalchemyStore(sqlite_url)) as store:
        with pytest.raises(StoreError) as caught, store.writing("t42"):
            raise exc.OperationalError("SELECT 1", {"author": PERSON}, said)
        assert type(caught.value) is kind
        assert PERSON not in str(caught.value)
        assert length_of(store, "t42") == 0


def test_other_errors_of_sqlalchemy_are_told(engine: sa.Engine, schema: str) -> None:
    """What SQLAlchemy itself refuses, such as a connection that is closed, is a StoreError of one line."""
    with engine.connect() as held:
        store = SqlalchemyStore(held, schema)
    with pytest.raises(StoreError, match="closed"):
        length_of(store, "t42")
    undecodable = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")
    with (
        pytest.raises(StoreDamagedError, match="holds text that is none"),
        SqlalchemyStore(engine, schema).reading("t"),
    ):
        raise undecodable


def test_others_who_write_for_too_long(engine: sa.Engine, schema: str, sqlite_url: str) -> None:
    """A writer gives up after its time, and other spaces do not wait at all."""
    store, other = SqlalchemyStore(engine, schema), SqlalchemyStore(engine, schema, timeout=0)
    write(store)

    def late() -> None:
        began = time.monotonic()
        with pytest.raises(StoreBusyError, match="others are writing"):
            write(other)
        assert time.monotonic() - began < 5
        write(other, "another")
        assert length_of(other, "t42") == 1

    with store.writing("t42") as writer:
        add(writer, "t42", number=2)
        joined(started(late))
    assert (length_of(store, "t42"), length_of(store, "another")) == (2, 1)
    with (
        closing(SqlalchemyStore(sqlite_url)) as one,
        closing(SqlalchemyStore(sqlite_url, timeout=0.1)) as two,
        one.writing("t42"),
        pytest.raises(StoreBusyError),
    ):
        write(two)


def test_a_pool_that_is_used_up(sqlite_url: str) -> None:
    """Where the engine has no connection left, the error says so."""
    engine = sa.create_engine(sqlite_url, poolclass=sa.QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.05)
    store = SqlalchemyStore(engine)
    with engine.connect(), pytest.raises(StoreBusyError, match="all connections of the engine are in use"):
        store.spaces()
    engine.dispose()


def test_who_may_only_read(engine: sa.Engine, schema: str) -> None:
    """A read-only transaction, and a role that may only read, can read; writing is a StoreReadOnlyError."""
    write(SqlalchemyStore(engine, schema))
    readers = engine.execution_options(postgresql_readonly=True)
    run(
        engine,
        "CREATE ROLE reader LOGIN",
        f"GRANT USAGE ON SCHEMA {schema} TO reader",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reader",
        "CREATE ROLE nobody LOGIN",
        f"GRANT USAGE ON SCHEMA {schema} TO nobody",
    )
    reader, nobody = (sa.create_engine(engine.url.set(username=name)) for name in ("reader", "nobody"))
    try:
        for one in (readers, reader):
            store = SqlalchemyStore(one, schema)
            assert length_of(store, "t42") == 1
            with pytest.raises(StoreReadOnlyError, match="cannot be written to"):
                write(store)
        with pytest.raises(StoreError, match="permission denied") as caught:
            SqlalchemyStore(nobody, schema)
        assert type(caught.value) is StoreError
    finally:
        reader.dispose()
        nobody.dispose()
        run(engine, *(f"DROP OWNED BY {name}" for name in ("reader", "nobody")), "DROP ROLE reader", "DROP ROLE nobody")


def test_the_rights_that_the_guide_names_are_enough(engine: sa.Engine, schema: str) -> None:
    """A role with the rights that the guide names writes, erases and reads; it cannot drop a space or an entry."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "postgresql.md"
    rights = (
        page.read_text(encoding="utf-8").partition("<!-- rights -->")[2].partition("```sql\n")[2].partition("```")[0]
    )
    assert "GRANT" in rights
    SqlalchemyStore(engine, schema)
    run(
        engine,
        "CREATE ROLE app LOGIN",
        *rights.replace("icp.", f"{schema}.").replace("SCHEMA icp", f"SCHEMA {schema}").strip("; \n").split(";"),
    )
    app = sa.create_engine(engine.url.set(username="app"))
    try:
        store = SqlalchemyStore(app, schema, create=False)
        written = fill(store, "t42")
        with store.writing("t42") as writer:
            writer.put(bytes(32), packed(1, "text"))
            writer.forget([1])
        assert length_of(store, "t42") == len(written)
        with pytest.raises(StoreReadOnlyError), store.writing("t42") as writer:
            writer.drop()
        with app.begin() as held, pytest.raises(exc.ProgrammingError):
            held.exec_driver_sql(f"UPDATE {schema}.icp_entry SET name = 'x'")
    finally:
        app.dispose()
        run(engine, "DROP OWNED BY app", "DROP ROLE app")


def test_a_full_disk(sqlite_url: str) -> None:
    """Where there is no room left, the error says so, and nothing of the change is there."""
    engine = sa.create_engine(sqlite_url)
    SqlalchemyStore(engine)

    event.listen(engine, "connect", lambda held, _: held.execute("PRAGMA max_page_count = 24"))
    engine.dispose()
    store = SqlalchemyStore(engine)
    with pytest.raises(StoreFullError, match="no room left"):  # noqa: PT012  # one of them fails
        for _ in range(100):
            write(store, said="x" * 1000)
    with store.reading("t42") as reader:
        assert 0 < len(list(reader.select())) == reader.end().length < 100
    engine.dispose()


def test_what_cannot_be_read(tmp_path: Path, sqlite_url: str) -> None:
    """A file that is no database, and text that is none, are damage."""
    path = tmp_path / "none.db"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreDamagedError, match="not a database"):
        SqlalchemyStore(f"sqlite:///{path}")
    with closing(SqlalchemyStore(sqlite_url)) as store:
        write(store)
        with closing(sqlite3.connect(tmp_path / "icp.db")) as held:
            held.execute("UPDATE icp_entry SET data = CAST(x'ff' AS TEXT)")
            held.commit()
        with pytest.raises(StoreDamagedError, match="cannot be read"), store.reading("t42") as reader:
            list(reader.select())


def test_a_connection_that_breaks(engine: sa.Engine, schema: str) -> None:
    """A connection that breaks in a change is a StoreError; nothing of it stays, and the store goes on."""
    store = SqlalchemyStore(engine, schema)
    with pytest.raises(StoreError, match=r"terminating|closed"), store.writing("t42") as writer:  # noqa: PT012  # a change
        add(writer, "t42", number=1)
        pid = writer.held.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        run(engine, f"SELECT pg_terminate_backend({pid})")
        add(writer, "t42", number=2)
    assert length_of(store, "t42") == 0
    write(store)
    assert length_of(store, "t42") == 1


def test_a_change_with_a_failure_never_stays(any_engine: sa.Engine, any_schema: str | None) -> None:
    """Who catches an error of the database in a change cannot keep the rest: it would not be whole."""
    store = SqlalchemyStore(any_engine, any_schema)
    write(store)
    with Raises(StoreError), store.writing("t42") as writer:
        add(writer, "t42", number=2)
        with pytest.raises(exc.IntegrityError):
            add(writer, "t42", number=1)
    assert length_of(store, "t42") == 1


# Threads, processes, handles


def test_two_first_writers_of_a_space(engine: sa.Engine, schema: str) -> None:
    """Of two who are the first in a space, one waits for the other, and both write."""
    store, other = SqlalchemyStore(engine, schema), SqlalchemyStore(engine, schema)
    with store.writing("t42") as writer:
        waiting = started(write, other)
        waiting.join(0.2)
        assert waiting.is_alive()
        add(writer, "t42", number=1)
    joined(waiting)
    assert length_of(store, "t42") == 2


def test_a_host_that_begins_by_itself(sqlite_url: str) -> None:
    """However an engine on SQLite begins its transactions, a change is whole, and two writers queue."""

    def recipe() -> sa.Engine:  # as SQLAlchemy's documentation has it
        made = sa.create_engine(sqlite_url)
        event.listen(made, "connect", lambda held, _: setattr(held, "isolation_level", None))
        event.listen(made, "begin", lambda held: held.exec_driver_sql("BEGIN"))
        return made

    engines = [recipe(), sa.create_engine(sqlite_url), sa.create_engine(sqlite_url, isolation_level="AUTOCOMMIT")]
    stores = [SqlalchemyStore(engine) for engine in engines]
    for store in stores:
        with Raises(KeyboardInterrupt), store.writing("t42") as writer:
            add(writer, "t42", number=99)
            raise KeyboardInterrupt

    def work(store: SqlalchemyStore) -> None:
        for _ in range(5):
            write(store)

    for thread in [started(work, store) for store in stores]:
        joined(thread)
    assert [length_of(store, "t42") for store in stores] == [15] * 3
    for engine in engines:
        engine.dispose()


def test_autocommit_of_the_host_does_not_break_a_change(engine: sa.Engine, schema: str) -> None:
    """On an engine that commits each statement, a change is a transaction all the same."""
    store = SqlalchemyStore(engine.execution_options(isolation_level="AUTOCOMMIT"), schema)
    with Raises(KeyboardInterrupt), store.writing("t42") as writer:
        add(writer, "t42", number=1)
        raise KeyboardInterrupt
    assert length_of(store, "t42") == 0


def test_reading_and_then_changing_in_one_thread_is_refused(engine: sa.Engine, schema: str) -> None:
    """A change cannot begin while the same thread reads: it would be on another connection than what it read."""
    store = SqlalchemyStore(engine, schema)
    with store.reading("t42"), pytest.raises(StoreError, match="this thread is reading or changing it already"):
        write(store)
    write(store)


def test_an_engine_of_the_hosts_stays_open(engine: sa.Engine, schema: str) -> None:
    """Closing lets go of an engine that was made from a URL, and not of the host's."""
    store = SqlalchemyStore(engine, schema)
    pool = engine.pool
    store.close()
    assert engine.pool is pool
    with pytest.raises(StoreClosedError, match=r"History\.connect"):
        store.spaces()
    own = SqlalchemyStore(engine.url, schema)
    write(own)
    before = own._engine.pool
    own.close()
    assert own._engine.pool is not before


# Forks before it opens anything: to start Python eight times takes longer than all the rest.
WORKERS = """
    import os, sys
    import sqlalchemy
    from icpkit.history.records import note_hash, note_of, sealed
    from icpkit.history.sqlalchemy import SqlalchemyStore
    url, schema, processes, turns = sys.argv[1:]
    sqlalchemy.create_engine(url)  # so that its driver is there

    def work(name):
        store = SqlalchemyStore(url, schema or None)
        for turn in range(int(turns)):
            note = note_of(name, None, {"turn": turn})
            with store.writing("t42") as writer:
                end = writer.end()
                facts = {"number": end.length + 1, "committed": end.length, "token": f"{name}/{turn}"}
                entry = sealed(end, space="t42", kind="commit", name="SaaS", note=note_hash(note), **facts)
                writer.append(entry, note)
        store.close()

    children = []
    for name in range(int(processes)):
        children.append(os.fork())
        if children[-1] == 0:
            try:
                work(str(name))
            finally:
                sys.stderr.flush()
                os._exit(sys.exc_info()[0] is not None)
    sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")


def work_in_processes(url: str, schema: str, processes: int, turns: int) -> None:
    """Let processes start at once, each of which makes the tables, if needed, and writes."""
    code = [sys.executable, "-c", textwrap.dedent(WORKERS), url, schema, str(processes), str(turns)]
    done = subprocess.run(code, stderr=subprocess.PIPE, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr


def whole(store: SqlalchemyStore, count: int) -> None:
    """Check that so many entries are there, each behind the one before, and none twice."""
    with store.reading("t42") as reader:
        found = [one.entry for one in reader.select()]
    end = beginning("t42")
    for entry in found:
        assert (entry.seq, entry.prev) == (end.length + 1, end.id)
        end = End(entry.seq, entry.id)
    assert len({entry.token for entry in found}) == len(found) == count
    assert list(store.damage()) == []


@needs_fork
def test_processes_that_start_at_once_lose_nothing(engine: sa.Engine, schema: str) -> None:
    """Eight processes that start at once on an empty database make the tables together, and then lose no entry."""
    url = engine.url.render_as_string(hide_password=False)
    work_in_processes(url, schema, 8, 50)
    whole(SqlalchemyStore(engine, schema, create=False), 400)


@needs_fork
@pytest.mark.slow
def test_processes_lose_nothing_at_length(engine: sa.Engine, schema: str, sqlite_url: str) -> None:
    """Eight processes with 200 entries each lose none, on the server and in a file."""
    url = engine.url.render_as_string(hide_password=False)
    work_in_processes(url, schema, 8, 200)
    whole(SqlalchemyStore(engine, schema, create=False), 1600)
    work_in_processes(sqlite_url, "", 4, 50)
    with closing(SqlalchemyStore(sqlite_url, create=False)) as store:
        whole(store, 200)


def test_threads_that_start_at_once_make_the_tables_once(engine: sa.Engine, schema: str, sqlite_url: str) -> None:
    """However many stores are opened at once, on the server or in a file, all of them succeed."""
    urls = [(engine.url.render_as_string(hide_password=False), schema), (sqlite_url, None)]
    for url, where in urls:
        barrier = threading.Barrier(6)

        def begin(url: str = url, where: str | None = where, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            with closing(SqlalchemyStore(url, where)) as store:
                write(store)

        for thread in [started(begin) for _ in range(6)]:
            joined(thread)
        with closing(SqlalchemyStore(url, where, create=False)) as store:
            assert (length_of(store, "t42"), list(store.damage())) == (6, [])


FORK = """
    import os, sys
    import sqlalchemy as sa
    from icpkit.history.errors import ForkedStoreError
    from icpkit.history.sqlalchemy import SqlalchemyStore
    url, schema = sys.argv[1:]
    for bind in (url, sa.create_engine(url), sa.create_engine(url).connect()):
        store = SqlalchemyStore(bind, schema)
        child = os.fork()
        if child == 0:
            refused = 0
            for use in (store.spaces, store.reading("t42").__enter__, store.writing("t42").__enter__, store.damage):
                try:
                    use()
                except ForkedStoreError as error:
                    refused += "open the history in each process" in str(error)
            store.close()
            os._exit(0 if refused == 4 else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        print(store.spaces())
        store.close()
"""


@needs_fork
def test_a_child_process_is_refused(engine: sa.Engine, schema: str) -> None:
    """In a forked child each use is a ForkedStoreError, closing does no harm, and the parent goes on."""
    url = engine.url.render_as_string(hide_password=False)
    code = [sys.executable, "-c", textwrap.dedent(FORK), url, schema]
    done = subprocess.run(code, capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.returncode) == ("[]\n" * 3, 0), done.stderr


def test_another_process_is_refused(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the process is not the one that opened the store, each use says so."""
    store = SqlalchemyStore(sqlite_url)
    with monkeypatch.context() as within:
        within.setattr(os, "getpid", lambda: -1)
        for use in (store.spaces, store.damage):
            with pytest.raises(ForkedStoreError, match="open the history in each process"):
                use()
    store.close()


def test_a_history_on_an_engine(any_engine: sa.Engine, any_schema: str | None) -> None:
    """A history commits, reads, erases, verifies and drops on a database as it does in a file."""
    history = icp.History.connect(any_engine, space="t42", schema=any_schema)
    profile = icp.standard_profile()
    first = history.commit(profile, author=PERSON, message="First definition")
    second = history.commit(
        profile.with_weight("technographics", 30), author=PERSON, message="Q2 review", expected=first
    )
    assert history.head(profile.name) == second
    assert history.erase(author=PERSON) is not None
    assert not history.verify().findings
