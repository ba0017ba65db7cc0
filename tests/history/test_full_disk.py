"""No room, no right, no turn: a typed error each time, nothing half written, and all goes on once there is a way."""

import os
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from icpkit.history import History, StoreBusyError, StoreError, StoreFullError, StoreReadOnlyError
from icpkit.history.sqlite import SqliteStore
from tests.history.trial_profiles import SIGNED, small
from tests.history.trial_stores import at

NAME = "Small"
#: Who has no rights: the user that is called nobody.
NOBODY = 65534


def fill(history: History, until: type[StoreError]) -> int:
    """Commit until there is an error, and give how many versions were acknowledged."""
    acknowledged = history.head(NAME).number if NAME in history else 0
    signed = {**SIGNED, "message": "x" * 5_000}
    for number in range(acknowledged, 1_000):
        try:
            acknowledged = history.commit(small(number), **signed, expected="any").number
        except until as error:
            told = error
            break
    else:
        pytest.fail("it never became full")
    assert told.place == str(history.store)
    assert isinstance(told.__cause__, sqlite3.Error)
    return acknowledged


def check(history: History, acknowledged: int) -> None:
    """See that all that was acknowledged is there, and nothing else."""
    assert [one.number for one in history.log(NAME)] == list(range(acknowledged, 0, -1))
    assert history.verify().ok


def test_a_full_store_is_told(tmp_path: Path) -> None:
    """A file that may not grow is full: what was acknowledged is there, on the same handle; with room it goes on."""
    with at(tmp_path / "icp.db") as history:
        history.commit(small(0), **SIGNED)
        store = history.store
        assert isinstance(store, SqliteStore)
        held = store._connection()
        held.execute("PRAGMA max_page_count = 60")
        acknowledged = fill(history, StoreFullError)
        check(history, acknowledged)
        held.execute("PRAGMA max_page_count = 1000000")
        history.commit(small(10**6), **SIGNED, expected=acknowledged)
        check(history, acknowledged + 1)
    with at(tmp_path / "icp.db") as history:
        check(history, acknowledged + 1)


def test_a_write_that_the_system_refuses_is_told(tmp_path: Path) -> None:
    """Where the system lets no file grow beyond a size, in the file or its journal, it is the same."""
    with at(tmp_path / "icp.db") as history:
        history.commit(small(0), **SIGNED)
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
        try:
            acknowledged = fill(history, StoreError)
            check(history, acknowledged)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        history.commit(small(10**6), **SIGNED, expected=acknowledged)
        check(history, acknowledged + 1)


@contextmanager
def small_disk(where: Path) -> Iterator[Path]:
    """Give a disk of one megabyte, where the system lets us."""
    where.mkdir()
    options = ["-t", "tmpfs", "-o", "size=1m", "trial", str(where)]
    if subprocess.run(["mount", *options], check=False, capture_output=True).returncode:
        pytest.skip("this user or this system may not mount a small disk; the two trials above stand in for it")
    try:
        yield where
    finally:
        subprocess.run(["umount", str(where)], check=True, capture_output=True)


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """On a disk of one megabyte that is full nothing that was acknowledged is lost, also once it is opened again."""
    with small_disk(tmp_path / "disk") as disk:
        with at(disk / "icp.db") as history:
            acknowledged = fill(history, StoreFullError)
            check(history, acknowledged)
        with at(disk / "icp.db") as history:
            check(history, acknowledged)
        with pytest.raises(StoreError):
            at(disk / "other.db")


def test_who_waits_too_long_is_told_that_others_write(tmp_path: Path) -> None:
    """While somebody else writes, a writer waits as long as it was told, and readers read on."""
    with at(tmp_path / "icp.db") as history:
        history.commit(small(0), **SIGNED)
    with (
        closing(sqlite3.connect(tmp_path / "icp.db", isolation_level=None)) as other,
        at(tmp_path / "icp.db", timeout=0.05) as history,
    ):
        other.execute("BEGIN IMMEDIATE")
        start = time.monotonic()
        for change in changes(history):
            with pytest.raises(StoreBusyError, match="others are writing to it"):
                change()
        assert time.monotonic() - start >= 0.05 * 4
        assert history.head(NAME).number == 1
        other.execute("COMMIT")
        history.commit(small(1), **SIGNED, expected=1)
        check(history, 2)


def changes(history: History) -> list[Callable[[], object]]:
    """Give one change of each sort."""
    return [
        lambda: history.commit(small(9), **SIGNED, expected="any"),
        lambda: history.tag((NAME, 1), "a tag"),
        lambda: history.overrides.adjust("acme", 1, author="x", justification="y"),
        lambda: history.erase(author=SIGNED["author"]),
        history.drop_space,
    ]


def test_a_reader_that_is_in_the_way_makes_a_commit_fail_whole(tmp_path: Path) -> None:
    """A commit that cannot be finished while somebody reads is undone, and works once the reader is gone."""
    with at(tmp_path / "icp.db") as history:
        history.commit(small(0), **SIGNED)
    with (
        closing(sqlite3.connect(tmp_path / "icp.db", isolation_level=None)) as reader,
        at(tmp_path / "icp.db", timeout=0.05) as history,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM entry").fetchall()
        with pytest.raises(StoreBusyError):
            history.commit(small(1), **SIGNED, expected=1)
        assert history.head(NAME).number == 1
        reader.execute("COMMIT")
        history.commit(small(1), **SIGNED, expected=1)
        check(history, 2)


def test_a_writer_waits_for_its_turn(tmp_path: Path) -> None:
    """A writer that may wait long enough writes once the other is done."""
    with at(tmp_path / "icp.db") as history:
        history.commit(small(0), **SIGNED)
        other = sqlite3.connect(tmp_path / "icp.db", isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.2, other.execute, ["COMMIT"])
        timer.start()
        history.commit(small(1), **SIGNED, expected=1)
        timer.join()
        other.close()
        check(history, 2)


_WITHOUT_RIGHTS = """
import os, sys
import urllib.parse
import icpkit as icp
from icpkit.history import History, StoreError, StoreReadOnlyError
from tests.history.trial_profiles import SIGNED, small

History.memory(anonymous=True).commit(small(0))  # what is imported on first use is, while it can be
if os.getuid() == 0:
    os.setgroups([])
    os.setgid({nobody})
    os.setuid({nobody})
told = []
for what in sys.argv[2:]:
    try:
        with History(sys.argv[1], read_only=what == "read only") as history:
            if what == "write":
                history.commit(small(1), **SIGNED, expected=1)
            else:
                assert history.head("Small").number == 1 and history.verify()
                told.append("fine")
    except StoreError as error:
        told.append(type(error).__name__)
print(*told)
"""


def without_rights(path: Path, *tries: str) -> list[str]:
    """Try to use a history as somebody who has no right to write, and give what came of it."""
    line = [sys.executable, "-c", _WITHOUT_RIGHTS.format(nobody=NOBODY), str(path), *tries]
    done = subprocess.run(line, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.fixture
def open_path(tmp_path: Path) -> Iterator[Path]:
    """Give a history in a folder that everybody can reach."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder.is_relative_to(Path(tmp_path.anchor, "tmp")):
            folder.chmod(folder.stat().st_mode | 0o055)
    (tmp_path / "here").mkdir()
    path = tmp_path / "here" / "icp.db"
    with at(path) as history:
        history.commit(small(0), **SIGNED)
    yield path
    for one in (path, path.parent):
        one.chmod(0o777)


def test_a_file_that_may_not_be_written_is_read(open_path: Path) -> None:
    """Where neither file nor folder may be written to, a history can be read, and a commit says why it cannot be."""
    for name in open_path.parent.iterdir():
        name.chmod(0o444)
    open_path.parent.chmod(0o555)
    assert without_rights(open_path, "read", "read only", "write") == ["fine", "fine", "StoreReadOnlyError"]
    with at(open_path, read_only=True) as history:
        check(history, 1)


def test_a_folder_that_may_not_be_written_is_read(open_path: Path) -> None:
    """Where the journal cannot be made a history can be read, and a commit says so, though the file is writable."""
    for name in open_path.parent.iterdir():
        if name != open_path:
            name.unlink()
    open_path.chmod(0o666)
    open_path.parent.chmod(0o555)
    assert without_rights(open_path, "read", "read only", "write") == ["fine", "fine", "StoreReadOnlyError"]
    with at(open_path, read_only=True) as history:
        check(history, 1)


def test_a_file_that_may_not_be_read_is_told(open_path: Path) -> None:
    """Who may not even read is told so, whatever they ask for."""
    open_path.chmod(0o000)
    assert without_rights(open_path, "read", "read only", "write") == ["StoreReadOnlyError"] * 3


def test_a_history_that_is_to_be_read_only_is_not_written(tmp_path: Path) -> None:
    """With read_only=True each change is refused before anything happens, and no file is made."""
    with pytest.raises(StoreError, match="there is no such file"):
        at(tmp_path / "icp.db", read_only=True)
    assert list(tmp_path.iterdir()) == []
    with at(tmp_path / "icp.db") as history:
        history.commit(small(0), **SIGNED)
    before = (tmp_path / "icp.db").read_bytes()
    with at(tmp_path / "icp.db", read_only=True) as history:
        for change in changes(history):
            with pytest.raises(StoreReadOnlyError):
                change()
        check(history, 1)
    assert (tmp_path / "icp.db").read_bytes() == before
