import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

import icpkit as icp
from icpkit.history import sqlite
from icpkit.history.sqlite import APPLICATION, LAYOUT, SqliteStore, wal_is_safe
from tests.history.cases import ANN, BEN, FIRST, SECOND, Clock, told


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a file that is not there yet."""
    return tmp_path / "icp.db"


@pytest.fixture
def kept(path: Path) -> Path:
    """Keep a version in a file, and close it."""
    with icp.History(path, clock=Clock()) as history:
        history.commit(FIRST, **ANN)
    return path


@contextmanager
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file behind the back of its history, and keep what is done to it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as held:
        yield held


def run(path: Path, *statements: str) -> None:
    """Run statements behind the back of a history."""
    with raw(path) as held:
        for statement in statements:
            held.execute(statement)


def test_a_file_holds_a_history(path: Path) -> None:
    """What is committed is there when the file is opened again, by a path or by text."""
    with icp.History(path) as history:
        made = history.commit(FIRST, **ANN)
    with icp.History(str(path)) as history:
        assert history.head("SaaS") == made
        assert history.head("SaaS").profile == FIRST
        assert repr(history) == f"<History in {path}, space 'default'>"
        assert history.verify()


def test_a_file_says_what_it_is(kept: Path) -> None:
    """The file has a mark and a layout of its own, and nothing lies beside it once it is closed."""
    with raw(kept) as held:
        assert held.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
        assert held.execute("PRAGMA user_version").fetchone() == (LAYOUT,)
    journal = kept.with_name("icp.db-journal")
    assert [one for one in kept.parent.iterdir() if one not in {kept, journal}] == []
    assert not journal.exists() or journal.stat().st_size == 0


def test_the_settings_are_the_most_careful(path: Path) -> None:
    """Each connection writes through, deletes for good, and trusts no schema."""
    store = SqliteStore(path)
    asked = ("journal_mode", "synchronous", "secure_delete", "trusted_schema", "cell_size_check", "mmap_size")
    found = [store._connection().execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
    assert found == ["truncate", 3, 1, 0, 1, 0]
    store.close()


# What cannot be opened


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """A folder is told to be one, and a folder that is not there, too."""
    with pytest.raises(icp.StoreError, match="is a folder") as caught:
        icp.History(tmp_path)
    assert told(caught) == f"{tmp_path}: is a folder\n\nHint: name a file in it, such as icp.db"
    with pytest.raises(icp.StoreError, match="make the folder first") as caught:
        icp.History(tmp_path / "none" / "icp.db")
    assert caught.value.place == str(tmp_path / "none" / "icp.db")


@pytest.mark.parametrize(
    ("given", "problem"), [("", "must not be blank"), ("  ", "must not be blank"), (":memory:", "History.memory()")]
)
def test_a_path_that_is_none(given: str, problem: str) -> None:
    """A blank path and SQLite's word for memory are refused with the way out."""
    with pytest.raises(ValueError, match=r"history") as caught:
        icp.History(given)
    assert problem in told(caught)


def test_the_url_of_a_database_is_no_path() -> None:
    """A URL is not taken for a file, and the error does not show it: it may hold a password."""
    with pytest.raises(ValueError, match=r"History\.connect\(url\)") as caught:
        icp.History("postgresql://ann:secret@host/db")
    assert "secret" not in told(caught)


def test_a_database_of_something_else_is_left_alone(path: Path) -> None:
    """A file of another program is refused and stays as it is, also where it says nothing of itself."""
    run(path, "CREATE TABLE theirs (a)")
    before = path.read_bytes()
    with pytest.raises(icp.StoreDamagedError, match="is a database of something else") as caught:
        icp.History(path)
    assert told(caught).endswith("Hint: name another file")
    assert path.read_bytes() == before


def test_what_is_no_database_is_left_alone(path: Path) -> None:
    """A file that is none of SQLite's is refused and stays as it is."""
    path.write_text("a,b\n" * 1000)
    with pytest.raises(icp.StoreDamagedError, match="is no database of SQLite, so no history"):
        icp.History(path)
    assert path.read_text() == "a,b\n" * 1000


def test_a_newer_layout_is_refused(kept: Path) -> None:
    """A file of a later major layout is not read, and the error names both."""
    run(kept, f"PRAGMA user_version = {LAYOUT + 101}")
    with pytest.raises(icp.StoreNewerError) as caught:
        icp.History(kept)
    assert told(caught) == (
        f"{kept}: has layout 2.01, and this release knows up to 1.99\n\nHint: open it with a newer icpkit"
    )


def test_a_later_layout_that_adds_is_read_and_written(kept: Path) -> None:
    """A later minor layout may have more tables, columns and indexes, and this release goes on writing."""
    run(
        kept,
        f"PRAGMA user_version = {LAYOUT + 1}",
        "CREATE TABLE more (a)",
        "CREATE INDEX more_a ON more (a)",
        *(f"ALTER TABLE {table} ADD COLUMN more TEXT" for table in ("ledger", "object", "entry", "note")),
    )
    with icp.History(kept) as history:
        assert history.commit(SECOND, expected=1, **BEN).number == 2
        assert history.head("SaaS").profile == SECOND
        assert history.verify()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("DROP TRIGGER entry_stays", "the trigger 'entry_stays' is missing"),
        ("DROP INDEX entry_token", "the index 'entry_token' is missing"),
        (
            "CREATE TABLE more (a)",
            "there is a table 'more' of 'more' which does not belong there: 'CREATE TABLE more (a)'",
        ),
        (
            "CREATE TRIGGER evil AFTER INSERT ON note BEGIN UPDATE note SET author = 'x'; END",
            "there is a trigger 'evil' of 'note' which does not belong there: ",
        ),
        ("CREATE VIEW evil AS SELECT 1", "there is a view 'evil' of 'evil' which does not belong there: "),
        ("ALTER TABLE note ADD COLUMN more TEXT", "'note' is not as it was made: ['table', 'note', 'CREATE TABLE note"),
    ],
)
def test_tables_that_are_not_as_they_were_made(kept: Path, change: str, problem: str) -> None:
    """A table, index, trigger or view that is missing, more or other is named, and the file is not opened."""
    run(kept, change)
    with pytest.raises(icp.StoreDamagedError) as caught:
        icp.History(kept)
    assert problem in told(caught)
    assert told(caught).endswith("Hint: it is not as a history makes it: do not trust it")


def test_a_later_layout_has_no_more_triggers(kept: Path) -> None:
    """Whatever the layout, a trigger or a view that does not belong there is refused."""
    run(kept, f"PRAGMA user_version = {LAYOUT + 1}", "CREATE VIEW evil AS SELECT 1")
    with pytest.raises(icp.StoreDamagedError, match="there is a view 'evil'"):
        icp.History(kept)


def test_what_changes_behind_an_open_history(kept: Path) -> None:
    """Also an open history tells, once it is verified, that its tables are not what they were."""
    with icp.History(kept) as history:
        run(kept, "DROP INDEX note_account")
        found = history.verify()
    assert [str(one) for one in found.findings] == ["the store: the index 'note_account' is missing"]
    assert not found


def test_damage_of_a_file_is_told(kept: Path) -> None:
    """A page of zeros is found, whatever SQLite says of it, and nothing raw comes out of the verification."""
    with icp.History(kept) as history:
        with kept.open("r+b") as file:
            file.seek(4096)
            file.write(b"\0" * (kept.stat().st_size - 4096))
        found = history.verify()
        assert not found
        with pytest.raises(icp.StoreDamagedError, match=r"history\.verify") as caught:
            history.log("SaaS")
        assert caught.value.__cause__ is not None


def test_text_that_is_none_is_damage(kept: Path) -> None:
    """Bytes that are no UTF-8 where text belongs are told as damage."""
    with icp.History(kept) as history:
        run(kept, "DROP TRIGGER entry_stays", "UPDATE entry SET name = CAST(X'ff' AS TEXT)")
        with pytest.raises(icp.StoreDamagedError):
            history.names()


def test_words_of_sqlite_that_are_no_text_are_damage(path: Path) -> None:
    """Where a damaged file makes even SQLite's message unreadable, that is told as damage."""
    store = SqliteStore(path)
    with pytest.raises(icp.StoreDamagedError, match="holds text that is none"), store.reading("a"):
        b"\xff".decode()
    store.close()


# Rights, room, others


def test_a_file_to_read_only(kept: Path) -> None:
    """With read_only=True all can be read, nothing is written, and the file stays as it is."""
    before = kept.read_bytes()
    with icp.History(kept, read_only=True) as history:
        assert history.head("SaaS").profile == FIRST
        assert history.verify()
        with pytest.raises(icp.StoreReadOnlyError, match=r"was opened with read_only=True$"):
            history.commit(SECOND, expected=1, **BEN)
    assert kept.read_bytes() == before


def test_nothing_is_made_to_read_only(path: Path) -> None:
    """With read_only=True no file is made, and an empty one is no history."""
    with pytest.raises(icp.StoreError, match="there is no such file") as caught:
        icp.History(path, read_only=True)
    assert told(caught).endswith("Hint: without read_only=True it would be made")
    assert not path.exists()
    path.touch()
    with pytest.raises(icp.StoreDamagedError, match="is empty: no history was ever kept in it"):
        icp.History(path, read_only=True)
    assert path.stat().st_size == 0


def test_signs_in_a_path_are_signs(tmp_path: Path) -> None:
    """A path is taken as it is, never as an address with settings."""
    odd = tmp_path / "a?mode=memory#x%20.db"
    with icp.History(odd) as history:
        history.commit(FIRST, **ANN)
    with icp.History(odd, read_only=True) as history:
        assert history.names() == ("SaaS",)
    assert odd.is_file()


def test_others_who_write_for_too_long(kept: Path) -> None:
    """A writer waits for as long as it was told, then says so; afterwards the history goes on working."""
    with icp.History(kept, timeout=0.05) as history:
        with raw(kept) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(icp.StoreBusyError, match="others are writing to it") as caught:
                history.commit(SECOND, expected=1, **BEN)
        assert told(caught).endswith("Hint: try again, or let writers wait longer: History(…, timeout=…)")
        assert history.commit(SECOND, expected=1, **BEN).number == 2


@pytest.mark.parametrize(
    ("code", "kind", "problem"),
    [
        (sqlite3.SQLITE_FULL, icp.StoreFullError, "the disk is full; nothing of this change was written"),
        (sqlite3.SQLITE_READONLY, icp.StoreReadOnlyError, "cannot be written to or opened: told"),
        (sqlite3.SQLITE_CANTOPEN, icp.StoreReadOnlyError, "cannot be written to or opened: told"),
        (sqlite3.SQLITE_LOCKED, icp.StoreBusyError, "others are writing to it"),
        (sqlite3.SQLITE_CORRUPT | 1 << 8, icp.StoreDamagedError, "cannot be read: told"),
        (sqlite3.SQLITE_IOERR, icp.StoreError, "told"),
        (None, icp.StoreError, "told"),
    ],
)
def test_what_sqlite_says_is_told_as_an_error_of_ours(
    path: Path, code: int | None, kind: type[icp.StoreError], problem: str
) -> None:
    """Each of SQLite's errors has its type, names the file, and undoes what was begun."""
    store = SqliteStore(path)
    error = sqlite3.OperationalError("told")
    if code is not None:
        error.sqlite_errorcode = code
    with pytest.raises(icp.StoreError) as caught, store.writing("a"):
        raise error
    assert (type(caught.value), caught.value.place, caught.value.problem) == (kind, str(path), problem)
    assert caught.value.__cause__ is error
    assert not store._connection().in_transaction
    store.close()


def fill(history: icp.History) -> None:
    """Commit long messages for as long as there is room."""
    for number in range(1, 1000):
        history.commit(FIRST, expected=number, allow_same=True, author="ann", message="x" * 3000)


def test_a_full_disk(kept: Path) -> None:
    """Where no room is left the commit is refused, nothing of it is there, and the history goes on working."""
    with icp.History(kept) as history:
        held = history.store._connection()  # type: ignore[attr-defined]
        pages = held.execute("PRAGMA page_count").fetchone()[0]
        held.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(icp.StoreFullError, match="the disk is full"):
            fill(history)
        count = len(history.log("SaaS"))
        held.execute("PRAGMA max_page_count = 1000000")
        assert history.commit(SECOND, expected=count, **BEN).number == count + 1
        assert history.verify()


def test_rails_against_changes(kept: Path) -> None:
    """Somebody who changes or deletes an entry by mistake is stopped."""
    for statement, problem in (("UPDATE entry SET name = 'x'", "changed"), ("DELETE FROM entry", "deleted")):
        with pytest.raises(sqlite3.IntegrityError, match=f"an entry of a history cannot be {problem}"):
            run(kept, statement)


def test_a_forgotten_note_leaves_nothing_in_the_file(kept: Path) -> None:
    """What was erased is in no byte of the file."""
    with icp.History(kept) as history:
        assert b"ann@example.com" in kept.read_bytes()
        history.erase(author="ann@example.com")
    for file in kept.parent.iterdir():
        assert b"ann@example.com" not in file.read_bytes()
        assert b"First definition" not in file.read_bytes()


def test_dropping_a_space_keeps_the_rails(kept: Path) -> None:
    """After a space was dropped its entries are gone, and those of others still cannot be deleted."""
    with icp.History(kept, space="t42") as history:
        history.commit(SECOND, **BEN)
        history.drop_space()
        assert history.names() == ()
        assert history.verify()
    with icp.History(kept) as history:
        assert history.names() == ("SaaS",)
    with pytest.raises(sqlite3.IntegrityError, match="cannot be deleted"):
        run(kept, "DELETE FROM entry")


# Closing, threads, processes


def test_a_closed_history(kept: Path) -> None:
    """Whatever is asked of a closed history, the error says that it is closed; closing twice is allowed."""
    history = icp.History(kept)
    history.close()
    history.close()
    asked: tuple[Callable[[], Any], ...] = (
        history.names,
        history.verify,
        lambda: history.commit(SECOND, expected=1, **BEN),
        lambda: history["SaaS"],
        history.store.damage,
    )
    for ask in asked:
        with pytest.raises(icp.StoreClosedError) as caught:
            ask()
        assert told(caught) == f"{kept}: the history has been closed\n\nHint: open it again: History({str(kept)!r})"


def test_closing_closes_the_connections_of_all_threads(kept: Path) -> None:
    """Each thread has a connection of its own, which goes with the thread; closing closes those that are left."""
    store, asked, closed = SqliteStore(kept), threading.Event(), threading.Event()

    def ask() -> None:
        store.spaces()
        asked.set()
        assert closed.wait(10)

    thread = threading.Thread(target=ask)
    thread.start()
    assert asked.wait(10)
    held = list(store._all)
    assert len(held) == 2
    store.close()
    closed.set()
    thread.join()
    for one in held:
        with pytest.raises(sqlite3.ProgrammingError):
            one.execute("SELECT 1")


def test_a_history_of_the_parent_process(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A history that was opened before a fork is refused in the child, which does not close what is not its own."""
    store = SqliteStore(kept)
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: -1)
        for ask in (store.spaces, store.damage):
            with pytest.raises(icp.ForkedStoreError) as caught:
                ask()
        assert told(caught) == (
            f"{kept}: was opened in another process\n\nHint: open the history in each process, after it was forked"
        )
        store.close()
        assert store._all[0].execute("SELECT 1").fetchone() == (1,)
    store.close()


def test_two_processes_that_make_the_same_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits while another makes the tables finds them made."""
    real, looked = sqlite._layout_of, []

    def layout_of(held: sqlite3.Connection) -> int | None:
        looked.append(1)
        found = real(held)
        if len(looked) == 1:  # another one makes them now
            SqliteStore(path).close()
        return found

    monkeypatch.setattr(sqlite, "_layout_of", layout_of)
    with icp.History(path) as history:
        assert history.verify()


def test_tables_that_cannot_be_made_leave_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error while the tables are made undoes all of it, and the next one makes them."""
    with monkeypatch.context() as patch:
        patch.setattr(sqlite, "_SCHEMA", {"a": "CREATE TABLE a (b)", "wrong": "CREATE NONSENSE"})
        with pytest.raises(icp.StoreError, match="syntax error"):
            icp.History(path)
    with icp.History(path) as history:
        assert history.verify()


# Settings that are refused


def test_wal_where_it_is_safe(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """wal=True is refused where SQLite can damage such files, with the releases that cannot; else it is taken."""
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
        with pytest.raises(icp.StoreError, match="wal=True is refused") as caught:
            icp.History(path, wal=True)
        assert "use SQLite 3.51.3 or newer" in told(caught)
        assert not path.exists()
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
    with icp.History(path, wal=True) as history:
        history.commit(FIRST, **ANN)
        with raw(path) as held:
            assert held.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert history.verify()


def test_a_file_that_others_use_in_wal_mode(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that others have open in WAL mode is refused without, and can be read all the same."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
    with icp.History(path, wal=True) as history:
        history.commit(FIRST, **ANN)
        with pytest.raises(icp.StoreError, match="is in WAL mode and in use") as caught:
            icp.History(path, timeout=0.01)
        assert told(caught).partition("Hint: ")[2].startswith("close all who have it open, or open it with wal=True")
        with icp.History(path, read_only=True) as reader:
            assert reader.head("SaaS").profile == FIRST
    with icp.History(path, read_only=True) as reader:  # closed, it is still marked so
        assert reader.head("SaaS").profile == FIRST
    with icp.History(path) as history:
        assert history.commit(SECOND, expected=1, **BEN).number == 2


def test_a_file_that_is_locked_while_it_is_opened(kept: Path) -> None:
    """Who opens a file while another one writes through it waits, then says that it is busy."""
    with raw(kept) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(icp.StoreBusyError, match="others are writing to it"):
            icp.History(kept, timeout=0.01)


def test_settings_that_sqlite_does_not_take(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SQLite does not write as carefully as it was told to, nothing is entrusted to it."""
    monkeypatch.setattr(sqlite, "_EXTRA", 4)
    with pytest.raises(icp.StoreError, match=r"SQLite does not write carefully enough here \(journal mode truncate\)"):
        icp.History(path)


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_releases_of_sqlite_that_can_damage_files(version: tuple[int, ...], safe: bool) -> None:
    """The race was repaired in 3.51.3, and in 3.44.6 and 3.50.7 afterwards."""
    assert wal_is_safe(version) is safe


@pytest.mark.parametrize("timeout", [-1, "5", None, True, float("nan")])
def test_a_timeout_that_is_none(path: Path, timeout: Any) -> None:
    """A timeout that is no number of seconds is refused before a file is made."""
    with pytest.raises(ValueError, match=r"^timeout must be a number of seconds, 0 or more"):
        icp.History(path, timeout=timeout)
    assert not path.exists()


def test_a_child_process_opens_its_own(kept: Path) -> None:
    """Another process reads what this one has written, while this one has it open."""
    code = "import sys, json, icpkit as icp; print(json.dumps(icp.History(sys.argv[1]).head('SaaS').message))"
    with icp.History(kept) as history:
        found = subprocess.run([sys.executable, "-c", code, str(kept)], capture_output=True, text=True, check=True)
        assert json.loads(found.stdout) == history.head("SaaS").message


def test_a_journal_that_cannot_be_chosen(path: Path) -> None:
    """What SQLite says while its journal is chosen is told as it is, where that is not for WAL."""

    class Failing:
        def execute(self, text: str) -> Any:
            """Fail at the choice."""
            if text == "PRAGMA journal_mode = TRUNCATE":
                raise sqlite3.OperationalError("disk I/O error")
            return self

        def fetchone(self) -> tuple[str]:
            """Answer as a file does that is not in WAL mode."""
            return ("delete",)

    store: Any = SqliteStore(path)
    with pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
        store._set(Failing())
    store.close()


def test_what_is_there_twice() -> None:
    """A trigger that a damaged file names twice is found, where SQLite itself does not mind."""
    rows = [(name, *told) for name, told in sqlite._MASTER.items()]

    class Told:
        def execute(self, _: str) -> Any:
            """Answer as SQLite does."""
            return self

        def fetchall(self) -> list[Any]:
            """Give all that is there, and the last once more."""
            return [*rows, rows[-1]]

    held: Any = Told()
    assert list(sqlite._schema_damage(held, LAYOUT)) == ["a table, an index or a trigger is there twice"]


def test_rows_of_a_space_that_the_store_does_not_list(kept: Path) -> None:
    """Rows that belong to no space that is listed are told, so that verifying each space leaves nothing out."""
    run(kept, "INSERT INTO note (space, seq, salt, body) VALUES ('hidden', 1, x'00', '{}')")
    with icp.History(kept) as history:
        assert [str(one) for one in history.verify().findings] == [
            "the store: there are rows of the space 'hidden' in 'note', which the store does not list"
        ]
