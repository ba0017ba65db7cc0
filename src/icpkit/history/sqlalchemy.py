"""A store in a SQL database, through SQLAlchemy (extra: sqlalchemy)."""

import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import attrs

try:
    import sqlalchemy as sa
    from sqlalchemy import exc
    from sqlalchemy.schema import CreateSchema
except ImportError:  # pragma: no cover - a test runs this in a process of its own
    raise ImportError('a history in a SQL database needs SQLAlchemy: pip install "icpkit[sqlalchemy]"') from None

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
from icpkit.history.moments import seconds
from icpkit.history.records import End, beginning
from icpkit.history.sqlalchemy_tables import (
    LAYOUT,
    Tables,
    columns_found,
    damage_in,
    ddl,
    layout_of,
    metadata,
    tables_in,
)
from icpkit.history.sqlalchemy_view import View

__all__ = ["LAYOUT", "SqlalchemyStore", "ddl", "metadata"]

#: How often a writer tries to make the line that it locks, which others can delete at the same moment.
_TRIES: Final = 5
#: The longest wait that a server takes, in seconds.
_FOR_EVER: Final = 1e6
#: Under this number writers of tables queue in PostgreSQL ("ICPH", as in the file of the store in SQLite).
_LOCK: Final = 0x49435048
#: Where one process makes the tables and the others wait; elsewhere they try again after so many seconds.
_QUEUES: Final = ("postgresql", "sqlite")
_PAUSES: Final = (0.1, 0.5, 2.0)
#: Where both levels that we ask for are known by these names.
_LEVELS: Final = ("postgresql", "mysql", "mariadb")

# What databases say: SQLSTATE (PostgreSQL and most others), result codes of SQLite, error numbers of MySQL.
_BUSY: Final = frozenset({"40001", "40P01", "55P03", "57014", 5, 6, 1205, 1213})
_FULL: Final = frozenset({"53100", 13, 1021, 1114})
_READ_ONLY: Final = frozenset({"25006", 8, 1290, 1792})
_DENIED: Final = frozenset({"42501", 3, 14, 1142})
_DAMAGED: Final = frozenset({"XX001", "XX002", 11, 26})


def _bound(given: Any) -> sa.Engine | sa.Connection | sa.URL:
    """Take what names a database, and keep no password in sight."""
    if isinstance(given, sa.Engine | sa.Connection):
        return given
    if not isinstance(given, str | sa.URL):
        raise TypeError(
            "a history in a SQL database takes an Engine, a Connection or a URL of SQLAlchemy "
            f"(got {type(given).__name__})"
        )
    url = _url(given)
    if url is None or "@" in (url.host or ""):
        hint = "such as postgresql+psycopg://user:password@host/database; in a password write %40 for @ and %2F for /"
        raise StoreError("the database", "its URL cannot be read", hint)
    if url.drivername.partition("+")[0] == "sqlite" and url.database in {None, "", ":memory:"}:
        raise ValueError("a history in memory is icpkit.History.memory()")
    return url


def _url(given: str | sa.URL) -> sa.URL | None:
    try:
        return sa.make_url(given)
    except (exc.ArgumentError, ValueError):  # whose texts may hold the password
        return None


def _timeout(value: Any) -> float:
    return min(seconds("timeout", value), _FOR_EVER)


def _place(bind: sa.Engine | sa.Connection | sa.URL) -> str:
    """Name a database without a password; what follows the question mark can hold one, too."""
    url = bind if isinstance(bind, sa.URL) else bind.engine.url
    return url.set(query={}).render_as_string(hide_password=True)


def _engine(bind: sa.Engine | sa.Connection | sa.URL, place: str, timeout: float) -> sa.Engine:
    """Give an engine for what names a database, which keeps names of people out of its log."""
    if not isinstance(bind, sa.URL):
        engine = bind.engine.execution_options()  # one of our own over the same pool: the host's stays as it is
        engine.hide_parameters = True
        return engine
    try:
        waits = {"timeout": timeout} if bind.get_backend_name() == "sqlite" else {}
        return sa.create_engine(bind, hide_parameters=True, pool_pre_ping=True, connect_args=waits)
    except exc.ArgumentError:
        hint = "such as postgresql+psycopg://user:password@host/database"
        raise StoreError(place, "SQLAlchemy knows no such kind of database", hint) from None
    except ImportError as error:
        raise ImportError(
            f"{bind.drivername} needs a driver that is not installed, {error.name}; "
            'for PostgreSQL: pip install "psycopg[binary]", and a URL that begins with postgresql+psycopg://'
        ) from None


@attrs.frozen(eq=False, repr=False)
class SqlalchemyStore:
    """A store in a SQL database; on an engine, safe to share between threads.

    It is tested on PostgreSQL. One writer at a time is in a space, and other spaces do not wait. For a file of SQLite
    take the store that is built in: it writes with more care.

    Args:
        bind: an Engine: each change is a transaction of its own. Or a Connection: changes join its transaction, in
            savepoints, and are lost if you do not commit it. Or a URL, from which an engine is made.
        schema: the schema that the tables are in.
        create: make the schema and the tables where they are missing; no table that is there is ever altered.
        timeout: for how many seconds a writer waits for others, in PostgreSQL; on a Connection your own settings hold.

    Raises:
        StoreError: where it cannot be opened; its kinds say why.
        TypeError: for what is no engine, connection or URL.
        ValueError: for a timeout that is no number of seconds.
    """

    bind: sa.Engine | sa.Connection | sa.URL = attrs.field(converter=_bound)
    schema: str | None = None
    create: bool = True
    timeout: float = attrs.field(default=30.0, kw_only=True, converter=_timeout)
    #: The database, without a password.
    place: str = attrs.field(init=False, default=attrs.Factory(lambda self: _place(self.bind), takes_self=True))
    _engine: sa.Engine = attrs.field(
        init=False, default=attrs.Factory(lambda self: _engine(self.bind, self.place, self.timeout), takes_self=True)
    )
    _local: Any = attrs.field(factory=threading.local, init=False)
    # A Connection belongs to one thread at a time.
    _alone: Any = attrs.field(factory=threading.RLock, init=False)
    _pid: int = attrs.field(factory=os.getpid, init=False)
    _state: dict[str, bool] = attrs.field(factory=lambda: {"closed": False}, init=False)

    @property
    def _tables(self) -> Tables:
        return tables_in(self.schema, self._engine.dialect.name)

    def __attrs_post_init__(self) -> None:
        """Look whether the tables are there, and make them if allowed."""
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        lacking = self._lacking()
        if lacking and self.create:
            pauses = iter(() if self._engine.dialect.name in _QUEUES else _PAUSES)
            while lacking:
                try:
                    self._make()
                    break
                except StoreError:  # others may be making them at this moment
                    pause = next(pauses, None)
                    if pause is None:
                        raise
                    time.sleep(pause)
                    lacking = self._lacking()
            lacking = self._lacking()
        if lacking:
            made = f"ddl({self._engine.dialect.name!r}{'' if self.schema is None else f', {self.schema!r}'})"
            hint = f"History.{made} gives the statements that make them; tables that are there are never altered"
            raise StoreError(
                self.place, f"lacks {', '.join(lacking)}", hint if self.create else f"{hint}; or create=True"
            )

    def _lacking(self) -> list[str]:
        """Name the tables and columns that are not there, and refuse what a later release has made."""
        with self._held() as held:
            found = columns_found(held, self.schema)
            layout = layout_of(held, self.schema) if "icp_layout" in found else LAYOUT
        if layout // 100 != LAYOUT // 100:
            raise StoreNewerError(
                self.place,
                f"has layout {layout / 100:.2f}, and this release knows up to {LAYOUT // 100}.99",
                "open it with a newer icpkit",
            )
        lacking = [f"the table {table.fullname}" for table in self._tables if table.name not in found]
        return lacking + [
            f"the column {table.fullname}.{column.name}"
            for table in self._tables
            for column in table.c
            if table.name in found and column.name not in found[table.name]
        ]

    def _make(self) -> None:
        """Make the tables; whoever comes at the same time waits, and finds them."""
        with self._held(write=True) as held:
            if held.dialect.name == "postgresql":
                held.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            if self.schema is not None and not sa.inspect(held).has_schema(self.schema):
                held.execute(CreateSchema(self.schema))
            tables = self._tables
            tables.entry.metadata.create_all(held)
            if held.execute(sa.select(tables.layout.c.layout)).first() is None:
                held.execute(sa.insert(tables.layout), {"layout": LAYOUT})

    @contextmanager
    def _held(self, *, write: bool = False) -> Iterator[sa.Connection]:
        """Lend this thread a connection that is in a transaction."""
        if os.getpid() != self._pid:
            raise ForkedStoreError(
                self.place,
                "was opened in another process",
                "open the history in each process, after it was forked; call engine.dispose(close=False) there first",
            )
        if self._state["closed"]:
            raise StoreClosedError(self.place, "the history has been closed", "open it again: History.connect(…)")
        within: sa.Connection | None = getattr(self._local, "held", None)
        if within is not None:  # it sees what the change around it has done
            if write:
                hint = "leave the block before: one change, and no reading, at a time in each thread"
                raise StoreError(self.place, "this thread is reading or changing it already", hint)
            yield within
            return
        with _told(self.place, write=write), self._transaction(write=write) as held:
            self._local.held = held
            try:
                yield held
            finally:
                self._local.held = None

    @contextmanager
    def _transaction(self, *, write: bool) -> Iterator[sa.Connection]:
        if isinstance(self.bind, sa.Connection):
            with self._alone:
                _begin(self.bind, write=write)
                if write:
                    with self.bind.begin_nested():
                        yield self.bind
                else:
                    yield self.bind
            return
        with self._engine.connect() as held:
            if held.dialect.name in _LEVELS:
                # A reader has one view, however much it asks; a writer sees what others did before it got the lock.
                held.execution_options(isolation_level="READ COMMITTED" if write else "REPEATABLE READ")
            _begin(held, write=write)
            if write and held.dialect.name == "postgresql":
                wait = f"{max(1, round(self.timeout * 1000))}ms"  # nought would be for ever
                held.execute(sa.select(sa.func.set_config("lock_timeout", wait, True)))  # noqa: FBT003  # its own order
            yield held
            if write:
                held.commit()

    @contextmanager
    def reading(self, space: str) -> Iterator[View]:
        """Open a view of a space."""
        with self._held() as held:
            yield View(space, held, self._tables)

    @contextmanager
    def writing(self, space: str) -> Iterator[View]:
        """Open a view of a space to write to; writers of one space queue at its line in ``icp_ledger``."""
        with self._held(write=True) as held:
            view = View(space, held, self._tables)
            self._lock(view)
            yield view
            if view.failed:  # and somebody caught it: what was to be one change is not whole
                raise view.failed[0]

    def _lock(self, view: View) -> None:
        ledger, start = view.tables.ledger, beginning(view.space)
        here = ledger.c.space == view.space
        lock = sa.select(ledger.c.length, ledger.c.id).where(here).with_for_update()
        # SQLite has no locks of lines: the first statement of a change must be one that writes.
        touch = sa.update(ledger).where(here).values(length=ledger.c.length)
        for _ in range(_TRIES):
            if view.held.dialect.name == "sqlite":
                if view.held.execute(touch).rowcount:
                    return
            elif row := view.held.execute(lock).first():
                view.known.append(End(*row))
                return
            with suppress(exc.IntegrityError), view.held.begin_nested():  # unless another has just made it
                view.held.execute(sa.insert(ledger), {"space": view.space, "length": start.length, "id": start.id})
                return
        raise StoreBusyError(
            self.place,
            f"the space {view.space!r} is made and dropped all the time, or your transaction is too old to see it",
            "try again in a new transaction, at READ COMMITTED",
        )

    def spaces(self) -> list[str]:
        """Give all spaces."""
        ledger = self._tables.ledger
        with self._held() as held:
            # A line of length 0 is there to be locked by its first writer.
            return sorted(held.execute(sa.select(ledger.c.space).where(ledger.c.length > 0)).scalars())

    def damage(self) -> Iterable[str]:
        """Compare tables, columns, keys and indexes with those that a history makes, as far as the database tells."""
        try:
            with self._held() as held:
                return list(damage_in(held, self.schema))
        except (StoreClosedError, ForkedStoreError):
            raise
        except StoreError as error:
            return [error.problem]

    def close(self) -> None:
        """Let go of the engine, if it was made here; yours stays open."""
        self._state["closed"] = True
        if isinstance(self.bind, sa.URL):
            self._engine.dispose(close=os.getpid() == self._pid)  # those of a parent process are not ours to close

    def __repr__(self) -> str:
        """Say which database it is."""
        return self.place


def _begin(held: sa.Connection, *, write: bool) -> None:
    """Begin a transaction, if none is open; on SQLite surely, which by itself waits for the first change."""
    if not held.in_transaction():
        held.begin()
    raw: Any = held.connection.dbapi_connection  # sqlite3's own, which knows
    if held.dialect.name == "sqlite" and not raw.in_transaction:
        held.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def _told(place: str, *, write: bool) -> Iterator[None]:
    """Tell what the database says as an error of ours.

    Only its first line: after that come statements and values, which are of no use to most, and names of people.
    """
    try:
        yield
    except UnicodeDecodeError as error:
        raise StoreDamagedError(place, f"holds text that is none: {error}", _RESTORE) from None
    except exc.TimeoutError:
        hint = "try again, or give the engine a larger pool: create_engine(…, pool_size=…)"
        raise StoreBusyError(place, "all connections of the engine are in use", hint) from None
    except exc.SQLAlchemyError as error:
        raise _error_of(place, error, write=write) from None


_RESTORE: Final = "restore a backup, or load a bundle into a new database; history.verify() tells what is damaged"


def _error_of(place: str, error: exc.SQLAlchemyError, *, write: bool) -> StoreError:
    """Choose the kind of error by what the database calls it."""
    original = getattr(error, "orig", None) or error
    said = next(iter(str(original).splitlines()), type(original).__name__)
    code = _code(original)
    if code in _BUSY:
        return StoreBusyError(place, f"others are writing to it: {said}", "try again, in a new transaction")
    if code in _FULL:
        return StoreFullError(place, f"there is no room left, and nothing of this change was written: {said}")
    if code in _READ_ONLY or (write and code in _DENIED):
        return StoreReadOnlyError(place, f"cannot be written to: {said}", "docs/how-to/postgresql.md lists the rights")
    if code in _DAMAGED or "Could not decode" in said:
        return StoreDamagedError(place, f"cannot be read: {said}", _RESTORE)
    return StoreError(place, said)


def _code(original: BaseException) -> object:
    """Give what the database calls an error: an SQLSTATE, or a number of its own."""
    for name in ("sqlstate", "pgcode", "sqlite_errorcode"):
        code = getattr(original, name, None)
        if code is not None:
            return code & 0xFF if isinstance(code, int) else code
    first = next(iter(original.args), None)
    return first if isinstance(first, int | str) else None
