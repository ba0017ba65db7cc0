"""A store in one file: SQLite, from the standard library."""

import os
import random
import sqlite3
import threading
import time
import weakref
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import attrs

from icpkit.history.errors import (
    ForkedStoreError,
    StaleError,
    StoreBusyError,
    StoreClosedError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreNewerError,
    StoreReadOnlyError,
)
from icpkit.history.moments import seconds
from icpkit.history.records import VERSIONS, Body, End, Entry, Note, Stored, beginning

#: "ICPH": whose file it is.
APPLICATION: Final = 0x49435048
#: How the tables lie; within a hundred, later layouts only add to earlier ones, so that all releases can write.
LAYOUT: Final = 100

_VERSIONS: Final = frozenset(VERSIONS)
_TABLES: Final = {
    "ledger": "space TEXT NOT NULL PRIMARY KEY, length INTEGER NOT NULL, id BLOB NOT NULL",
    "object": "space TEXT NOT NULL, id BLOB NOT NULL, format INTEGER NOT NULL, packed BLOB NOT NULL",
    "entry": "space TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, number INTEGER, "
    "about INTEGER, label TEXT, committed INTEGER NOT NULL, effective INTEGER, token TEXT, object BLOB, "
    "content BLOB, note BLOB, data TEXT NOT NULL, prev BLOB NOT NULL, id BLOB NOT NULL",
    "note": "space TEXT NOT NULL, seq INTEGER NOT NULL, salt BLOB NOT NULL, author TEXT, account TEXT, "
    "body TEXT NOT NULL",
}
_INDEXES: Final = {
    "object_id": "UNIQUE INDEX object_id ON object (space, id)",
    "entry_seq": "UNIQUE INDEX entry_seq ON entry (space, seq)",
    "entry_number": "UNIQUE INDEX entry_number ON entry (space, name, number) WHERE number IS NOT NULL",
    "entry_effective": "INDEX entry_effective ON entry (space, name, effective, number) WHERE effective IS NOT NULL",
    "entry_rollback": "INDEX entry_rollback ON entry (space, name, number) WHERE kind = 'rollback'",
    "entry_other": "INDEX entry_other ON entry (space, kind, name, seq) WHERE number IS NULL",
    "entry_token": "UNIQUE INDEX entry_token ON entry (space, token) WHERE token IS NOT NULL",
    "note_seq": "UNIQUE INDEX note_seq ON note (space, seq)",
    "note_account": "INDEX note_account ON note (space, account) WHERE account IS NOT NULL",
}
# Rails, not walls: whoever can write to the file can take them away. What shows a change is the chain of hashes.
_TRIGGERS: Final = {
    "entry_stays": "TRIGGER entry_stays BEFORE UPDATE ON entry "
    "BEGIN SELECT RAISE(ABORT, 'an entry of a history cannot be changed'); END",
    "entry_remains": "TRIGGER entry_remains BEFORE DELETE ON entry "
    "BEGIN SELECT RAISE(ABORT, 'an entry of a history cannot be deleted'); END",
}
_SCHEMA: Final = {
    **{name: f"CREATE TABLE {name} ({columns})" for name, columns in _TABLES.items()},
    **{name: f"CREATE {text}" for name, text in {**_INDEXES, **_TRIGGERS}.items()},
}
_COLUMNS: Final = len(Entry._fields)
_SELECT: Final = (
    f"SELECT {', '.join(f'entry.{field}' for field in Entry._fields)}, "  # noqa: S608  # all of it is written here
    "note.salt, note.author, note.account, note.body FROM entry "
    "LEFT JOIN note ON note.space = entry.space AND note.seq = entry.seq WHERE entry.space = ?"
)
_IN_FORCE: Final = (
    _SELECT.removesuffix("?") + ":space AND entry.name = :name AND entry.effective IS NOT NULL "
    "AND entry.effective <= :at AND entry.committed <= :known AND entry.number >= (SELECT coalesce(max(number), 0) "
    "FROM entry INDEXED BY entry_rollback WHERE space = :space AND name = :name AND kind = 'rollback' "
    "AND effective <= :at AND committed <= :known) ORDER BY entry.effective DESC, entry.number DESC LIMIT 1"
)
_INSERT: Final = f"INSERT INTO entry ({', '.join(Entry._fields)}) VALUES ({', '.join('?' * _COLUMNS)})"  # noqa: S608
# Columns are named, and rows are never replaced: a later layout of ours may have more of them.
_INSERT_NOTE: Final = "INSERT INTO note (space, seq, salt, author, account, body) VALUES (?, ?, ?, ?, ?, ?)"
_INSERT_OBJECT: Final = "INSERT OR IGNORE INTO object (space, id, format, packed) VALUES (?, ?, ?, ?)"
_MOVE_END: Final = (
    "INSERT INTO ledger (space, length, id) VALUES (?, ?, ?) "
    "ON CONFLICT (space) DO UPDATE SET length = excluded.length, id = excluded.id"
)

#: The first releases of SQLite that have a repair: before, writers in WAL mode can damage a file, if rarely.
_REPAIRED: Final = ((3, 44, 6), (3, 50, 7), (3, 51, 3))

#: What `PRAGMA synchronous` answers for EXTRA.
_EXTRA: Final = 3
#: For how many seconds a writer pauses before it looks again whether others are done.
_PAUSE: Final = (0.0002, 0.002)
#: The longest timeout that SQLite can be told, in seconds.
_LONGEST: Final = 2_000_000
_BUSY, _FULL = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED), (sqlite3.SQLITE_FULL,)
_READ_ONLY = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Say whether a release of SQLite is free of the race that damages files in WAL mode.

    It was there from 3.7.0 to 3.51.2, but for two releases that got the repair afterwards.

    >>> wal_is_safe((3, 40, 1)), wal_is_safe((3, 50, 7)), wal_is_safe((3, 51, 2)), wal_is_safe((3, 53, 0))
    (False, True, False, True)
    """
    return version >= _REPAIRED[-1] or any(version[:2] == one[:2] and version >= one for one in _REPAIRED)


@contextmanager
def _told(place: str) -> Iterator[None]:
    """Tell what SQLite says as an error of ours, which names the file."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise StoreDamagedError(place, f"holds text that is none: {error}", _RESTORE) from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _BUSY:
            hint = "try again, or let writers wait longer: History(…, timeout=…)"
            raise StoreBusyError(place, "others are writing to it", hint) from error
        if code in _FULL:
            raise StoreFullError(place, "the disk is full; nothing of this change was written") from error
        if code in _READ_ONLY:
            hint = "writing needs the right to write to the file and to its folder"
            raise StoreReadOnlyError(place, f"cannot be written to or opened: {error}", hint) from error
        if code == sqlite3.SQLITE_NOTADB:
            hint = "name another file; if it was a history, restore a backup, or load a bundle into a new file"
            raise StoreDamagedError(place, "is no database of SQLite, so no history", hint) from error
        if code == sqlite3.SQLITE_CORRUPT or "decode" in str(error):
            raise StoreDamagedError(place, f"cannot be read: {error}", _RESTORE) from error
        raise StoreError(place, str(error)) from error


_RESTORE: Final = "restore a backup, or load a bundle into a new file; history.verify() tells what is damaged"


@attrs.frozen(eq=False)
class _View:
    """A view of one space through one connection."""

    space: str
    held: sqlite3.Connection

    def end(self) -> End:
        row = self.held.execute("SELECT length, id FROM ledger WHERE space = ?", (self.space,)).fetchone()
        return beginning(self.space) if row is None else End(*row)

    def select(
        self,
        *,
        kinds: Collection[str] | None = None,
        name: str | None = None,
        number: int | None = None,
        about: int | None = None,
        label: str | None = None,
        token: str | None = None,
        after: int = 0,
        until: int | None = None,
        newest: bool = False,
        limit: int | None = None,
    ) -> Iterator[Stored]:
        given = {"name": name, "number": number, "about": about, "label": label, "token": token}
        wanted = {field: value for field, value in given.items() if value is not None}
        text, values = _SELECT, [self.space, *wanted.values()]
        text += "".join(f" AND entry.{field} = ?" for field in wanted)
        order = "seq"
        if kinds is not None and name is not None and set(kinds) == _VERSIONS:
            # So that its index is used, in whose order versions are, too.
            text, order = f"{text} AND entry.number IS NOT NULL", "number"
        elif kinds is not None:
            if (
                kinds and number is None and not _VERSIONS & set(kinds)
            ):  # without being told, SQLite would walk through the whole ledger
                text = text.replace("FROM entry", "FROM entry INDEXED BY entry_other") + " AND entry.number IS NULL"
            text += f" AND entry.kind IN ({', '.join('?' * len(kinds))})"
            values += kinds
        for sign, place in ((">", after or None), ("<=", until)):
            if place is not None:
                text, values = f"{text} AND entry.seq {sign} ?", [*values, place]
        text += f" ORDER BY entry.{order}{' DESC' if newest else ''}"
        if limit is not None:
            text, values = f"{text} LIMIT ?", [*values, limit]
        return map(_stored, self.held.execute(text, values))

    def in_force(self, name: str, at: int, known: int) -> Stored | None:
        wanted = {"space": self.space, "name": name, "at": at, "known": known}
        row = self.held.execute(_IN_FORCE, wanted).fetchone()
        return None if row is None else _stored(row)

    def with_id(self, start: str) -> list[Stored]:
        low, high = bytes.fromhex(start.ljust(64, "0")), bytes.fromhex(start.ljust(64, "f"))
        rows = self.held.execute(f"{_SELECT} AND entry.id BETWEEN ? AND ? LIMIT 2", (self.space, low, high))
        return list(map(_stored, rows))

    def names(self) -> list[str]:
        # One step through the index for each name, however many versions it has.
        text = (
            "WITH RECURSIVE one(name) AS ("
            "SELECT min(name) FROM entry WHERE space = :s AND number IS NOT NULL UNION ALL "
            "SELECT (SELECT min(name) FROM entry WHERE space = :s AND number IS NOT NULL AND name > one.name) "
            "FROM one WHERE one.name IS NOT NULL) SELECT name FROM one WHERE name IS NOT NULL"
        )
        return [str(name) for (name,) in self.held.execute(text, {"s": self.space})]  # in a damaged file it may be none

    def body(self, id: bytes) -> Body | None:  # noqa: A002  # as in the protocol
        text = "SELECT format, packed FROM object WHERE space = ? AND id = ?"
        row = self.held.execute(text, (self.space, id)).fetchone()
        return None if row is None else Body(*row)

    def bodies(self) -> Iterator[tuple[bytes, Body]]:
        for id_, *body in self.held.execute("SELECT id, format, packed FROM object WHERE space = ?", (self.space,)):
            yield id_, Body(*body)

    def noted(self, *, author: str | None = None, account: str | None = None) -> list[int]:
        wanted = {field: value for field, value in (("author", author), ("account", account)) if value is not None}
        where = " AND ".join(f"{field} = ?" for field in ("space", *wanted))
        rows = self.held.execute(f"SELECT seq FROM note WHERE {where} ORDER BY seq", (self.space, *wanted.values()))  # noqa: S608  # names of ours
        return [seq for (seq,) in rows]

    def append(self, entry: Entry, note: Note | None) -> None:
        end = self.end()
        if (entry.seq - 1, entry.prev, entry.space) != (end.length, end.id, self.space):
            raise StaleError(entry.seq, end.length)
        run = self.held.execute
        run(_INSERT, entry)
        if note is not None:
            run(_INSERT_NOTE, (self.space, entry.seq, *note))
        run(_MOVE_END, (self.space, entry.seq, entry.id))

    def put(self, id: bytes, body: Body) -> None:  # noqa: A002  # as in the protocol
        self.held.execute(_INSERT_OBJECT, (self.space, id, *body))

    def forget(self, places: Collection[int]) -> None:
        rows = [(self.space, place) for place in places]
        self.held.executemany("DELETE FROM note WHERE space = ? AND seq = ?", rows)

    def drop(self) -> None:
        self.held.execute("DROP TRIGGER entry_remains")
        for table in _TABLES:
            self.held.execute(f"DELETE FROM {table} WHERE space = ?", (self.space,))  # noqa: S608  # one of ours
        self.held.execute(_SCHEMA["entry_remains"])


def _stored(row: tuple[Any, ...]) -> Stored:
    # A note has a salt: where there is none, there is no note.
    note = None if row[_COLUMNS] is None else Note(*row[_COLUMNS:])
    return Stored(Entry(*row[:_COLUMNS]), note)


class _Life:
    """Lives as long as the thread whose connection it stands beside."""


def _let_go(connections: list[sqlite3.Connection], held: sqlite3.Connection, pid: int) -> None:
    """Close the connection of a thread that has ended; a child process must not close that of its parent."""
    if os.getpid() == pid and held in connections:
        connections.remove(held)
        held.close()


def _as_path(path: "str | os.PathLike[str]") -> str:
    return os.fspath(path)


@attrs.frozen(eq=False, repr=False)
class SqliteStore:
    """A store in one file, safe to share between threads and processes.

    What was acknowledged survives a crash of the process and of the machine: each commit is written through, in
    SQLite's most careful mode.

    Args:
        path: the file; it is made where there is none.
        read_only: never write, and never make a file.
        timeout: for how many seconds a writer waits for others.
        wal: write ahead, which is faster; refused where the linked release of SQLite can damage such files.

    Raises:
        StoreError: where it cannot be opened; its kinds say why.
        ValueError: for a timeout that is no number of seconds.
    """

    path: str = attrs.field(converter=_as_path)
    read_only: bool = attrs.field(default=False, kw_only=True)
    timeout: float = attrs.field(default=30.0, kw_only=True)
    wal: bool = attrs.field(default=False, kw_only=True)
    _local: Any = attrs.field(factory=threading.local, init=False)
    _all: list[sqlite3.Connection] = attrs.field(factory=list, init=False)
    _pid: int = attrs.field(factory=os.getpid, init=False)
    _state: dict[str, bool] = attrs.field(factory=lambda: {"closed": False}, init=False)

    def __attrs_post_init__(self) -> None:
        """Open the file, and see whether it is a history."""
        seconds("timeout", self.timeout)
        if self.path == ":memory:":
            raise ValueError("a history in memory is icpkit.History.memory()")
        if self.wal and not wal_is_safe(sqlite3.sqlite_version_info):
            raise StoreError(
                self.path,
                f"wal=True is refused: SQLite {sqlite3.sqlite_version} can damage files in that mode",
                "leave wal out, or use SQLite 3.51.3 or newer (3.44.6 and 3.50.7 have the repair, too)",
            )
        if not self.path.strip():
            raise ValueError(f"the path of a history must not be blank (got {self.path!r})")
        if not Path(self.path).parent.is_dir():
            raise StoreError(self.path, "the folder in which it is to be is not there", "make the folder first")
        if Path(self.path).is_dir():
            raise StoreError(self.path, "is a folder", "name a file in it, such as icp.db")
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        """Make the tables where there are none, and refuse what is no history or a newer one."""
        with _told(self.path):
            held = self._connection()
            layout = _layout_of(held)
            if layout is None and not self.read_only:
                held.execute("BEGIN IMMEDIATE")
                try:
                    layout = _layout_of(held)
                    if layout is None:  # nobody else has made it while we waited
                        for text in _SCHEMA.values():
                            held.execute(text)
                        held.execute(f"PRAGMA application_id = {APPLICATION}")
                        held.execute(f"PRAGMA user_version = {LAYOUT}")
                        layout = LAYOUT
                    held.execute("COMMIT")
                except BaseException:
                    _roll_back(held)
                    raise
            if layout is None:
                raise StoreDamagedError(self.path, "is empty: no history was ever kept in it")
            if layout // 100 != LAYOUT // 100:
                raise StoreNewerError(
                    self.path,
                    f"has layout {layout / 100:.2f}, and this release knows up to {LAYOUT // 100}.99",
                    "open it with a newer icpkit",
                )
            wrong = next(_schema_damage(held, layout), None)
            if wrong is not None:
                raise StoreDamagedError(self.path, wrong, "it is not as a history makes it: do not trust it")

    def _connection(self) -> sqlite3.Connection:
        """Give the connection of this thread."""
        if os.getpid() != self._pid:
            raise ForkedStoreError(
                self.path, "was opened in another process", "open the history in each process, after it was forked"
            )
        if self._state["closed"]:
            raise StoreClosedError(self.path, "the history has been closed", f"open it again: History({self.path!r})")
        held: sqlite3.Connection | None = getattr(self._local, "held", None)
        if held is None:
            held = self._connect()
            life = _Life()
            self._local.held, self._local.life = held, life
            self._all.append(held)
            weakref.finalize(life, _let_go, self._all, held, self._pid).atexit = False
        return held

    def _connect(self) -> sqlite3.Connection:
        # A path of the user's is never an address: only one that we have made of it is.
        where = Path(self.path).absolute().as_uri() + "?mode=ro" if self.read_only else self.path
        if self.read_only and not Path(self.path).exists():
            raise StoreError(self.path, "there is no such file", "without read_only=True it would be made")
        held = sqlite3.connect(
            where,
            isolation_level=None,
            timeout=min(self.timeout, _LONGEST),
            uri=self.read_only,
            check_same_thread=False,
        )
        try:
            self._set(held)
        except BaseException:
            held.close()
            raise
        return held

    def _set(self, held: sqlite3.Connection) -> None:
        """Choose the most careful settings, and see that SQLite has taken them."""
        for setting in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "secure_delete = ON"):
            held.execute(f"PRAGMA {setting}")
        mode = held.execute("PRAGMA journal_mode").fetchone()[0]
        if not self.read_only:  # a reader leaves it as it is, and damages nothing
            try:
                mode = held.execute(f"PRAGMA journal_mode = {'WAL' if self.wal else 'TRUNCATE'}").fetchone()[0]
            except sqlite3.OperationalError as error:
                if mode != "wal":
                    raise
                raise StoreError(
                    self.path,
                    "is in WAL mode and in use, so it cannot be opened without",
                    "close all who have it open, or open it with wal=True, too, where SQLite is 3.51.3 or newer",
                ) from error
        held.execute("PRAGMA synchronous = EXTRA")
        if held.execute("PRAGMA synchronous").fetchone()[0] != _EXTRA or mode not in {"wal", "truncate", "delete"}:
            raise StoreError(self.path, f"SQLite does not write carefully enough here (journal mode {mode})")

    @contextmanager
    def reading(self, space: str) -> Iterator[_View]:
        """Open a view of a space."""
        with _told(self.path):
            held = self._connection()
            with _one_look(held):
                yield _View(space, held)

    @contextmanager
    def writing(self, space: str) -> Iterator[_View]:
        """Open a view of a space to write to; there is one writer for the whole file."""
        with _told(self.path):
            held = self._connection()
            if self.read_only:
                raise StoreReadOnlyError(self.path, "was opened with read_only=True")
            self._begin(held)
            try:
                yield _View(space, held)
                held.execute("COMMIT")
            except BaseException:
                _roll_back(held)
                raise

    def _begin(self, held: sqlite3.Connection) -> None:
        """Begin to write as soon as nobody else does.

        SQLite itself would look again after longer and longer pauses, up to a tenth of a second.
        """
        until = time.monotonic() + self.timeout
        held.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    held.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode & 0xFF not in _BUSY or time.monotonic() >= until:
                        raise
                else:
                    return
                time.sleep(random.uniform(*_PAUSE))  # noqa: S311  # so that writers do not look all at once
        finally:
            held.execute(f"PRAGMA busy_timeout = {int(min(self.timeout, _LONGEST) * 1000)}")

    def spaces(self) -> list[str]:
        """Give all spaces."""
        with _told(self.path):
            rows = self._connection().execute("SELECT space FROM ledger ORDER BY space").fetchall()
        return [space for (space,) in rows]

    def damage(self) -> Iterable[str]:
        """Check the file as SQLite does, and that its tables are as a history makes them."""
        try:
            with _told(self.path):
                held = self._connection()
                found = [text for (text,) in held.execute("PRAGMA integrity_check") if text != "ok"]
                layout = _layout_of(held)
                return [*found, *_schema_damage(held, LAYOUT if layout is None else layout), *_strays(held)]
        except (StoreClosedError, ForkedStoreError):
            raise
        except StoreError as error:
            return [error.problem]

    def close(self) -> None:
        """Close the connections of all threads."""
        self._state["closed"] = True
        if os.getpid() == self._pid:  # those of a parent process are not ours to close
            while self._all:
                self._all.pop().close()

    def __repr__(self) -> str:
        """Say which file it is."""
        return self.path


def _roll_back(held: sqlite3.Connection) -> None:
    """Leave a transaction, if it is still open; what SQLite gave up by itself needs no more."""
    if held.in_transaction:
        held.execute("ROLLBACK")


@contextmanager
def _one_look(held: sqlite3.Connection) -> Iterator[None]:
    """See one state of the file for as long as this is open; within a change, what the change has done."""
    if held.in_transaction:
        yield
        return
    held.execute("BEGIN")
    try:
        yield
    finally:
        _roll_back(held)


def _layout_of(held: sqlite3.Connection) -> int | None:
    """Give the number of the layout, or None for an empty file.

    Raises:
        StoreDamagedError: for a database of somebody else.
    """
    with _one_look(held):  # others may be making it
        mark: int = held.execute("PRAGMA application_id").fetchone()[0]
        layout: int = held.execute("PRAGMA user_version").fetchone()[0]
        empty = held.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if mark == APPLICATION:
        return layout
    if mark == 0 and empty:
        return None
    path = held.execute("PRAGMA database_list").fetchone()[2]
    raise StoreDamagedError(path, "is a database of something else, no history", "name another file")


def _strays(held: sqlite3.Connection) -> Iterator[str]:
    """Look for rows of spaces that the store does not know, so that verifying each that it knows leaves nothing out."""
    for table in _TABLES:
        text = f"SELECT DISTINCT space FROM {table} WHERE space NOT IN (SELECT space FROM ledger)"  # noqa: S608  # ours
        for (space,) in held.execute(text):
            yield f"there are rows of the space {space!r} in {table!r}, which the store does not list"


def _schema_damage(held: sqlite3.Connection, layout: int) -> Iterator[str]:
    """Compare the tables, indexes and triggers with those that a history makes."""
    rows = held.execute("SELECT name, type, tbl_name, sql FROM sqlite_master").fetchall()
    found = {name: told for name, *told in rows}
    for name, told in _MASTER.items():
        if name not in found:
            yield f"the {told[0]} {name!r} is missing"
        elif found[name][:2] != told[:2] or (found[name][2] != told[2] and (layout <= LAYOUT or name not in _TABLES)):
            yield f"{name!r} is not as it was made: {found[name]!r}"
    for name, kind, table, text in rows:
        # A later layout of ours may have more tables and indexes, and nothing else.
        if name not in _MASTER and (layout <= LAYOUT or kind not in {"table", "index"}):
            yield f"there is a {kind} {name!r} of {table!r} which does not belong there: {text!r}"
    if len(found) < len(rows):
        yield "a table, an index or a trigger is there twice"


def _as_noted(name: str, text: str) -> list[str | None]:
    """Give what SQLite notes of a table, an index or a trigger: what it is, of which table, and its text."""
    kind = text.removeprefix("CREATE ").removeprefix("UNIQUE ").split()[0].lower()
    return [kind, name if kind == "table" else text.partition(" ON ")[2].split()[0], text]


_MASTER: Final = {
    **{name: _as_noted(name, text) for name, text in _SCHEMA.items()},
    "sqlite_autoindex_ledger_1": ["index", "ledger", None],  # SQLite's own, for a key
}
