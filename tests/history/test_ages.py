"""Growth and age: a store of another release is opened where it can be, and refused where it cannot."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from icpkit.history import History, StoreDamagedError, StoreNewerError
from icpkit.history.sqlite import LAYOUT, SqliteStore
from tests.golden.make_history import FACTS, NAME, SPACES, STORE, facts, story, without_chance
from tests.history.test_full_disk import without_rights
from tests.history.trial_profiles import SIGNED, small
from tests.history.trial_stores import at, dump


def changed(path: Path, *statements: str) -> None:
    """Change a file past the library."""
    with closing(sqlite3.connect(path, isolation_level=None)) as held:
        for statement in statements:
            held.execute(statement)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a copy of the golden store."""
    shutil.copyfile(STORE, tmp_path / "icp.db")
    return tmp_path / "icp.db"


def test_the_golden_store_gives_what_it_gave() -> None:
    """The store that an earlier release wrote opens, verifies, and gives the same ids, times, names and scores."""
    assert facts(STORE) == json.loads(FACTS.read_text(encoding="utf-8"))


def test_the_golden_store_is_not_written_to_by_reading(path: Path) -> None:
    """Reading a store of an earlier release leaves every byte of it as it is."""
    before = path.read_bytes()
    for space in SPACES:
        with History(path, space=space) as history:
            assert history.verify().ok
            assert str(history.log(NAME))
    assert path.read_bytes() == before


def test_the_golden_store_opens_where_nobody_may_write(path: Path) -> None:
    """A store on a medium that cannot be written to can be read."""
    with at(path) as history:
        history.commit(small(0), **SIGNED)
    for folder in (path.parent, *path.parent.parents):
        if folder.stat().st_uid == path.stat().st_uid and folder.is_relative_to(Path(path.anchor, "tmp")):
            folder.chmod(folder.stat().st_mode | 0o055)
    for one in path.parent.iterdir():
        one.chmod(0o444)
    path.parent.chmod(0o555)
    assert without_rights(path, "read only", "read") == ["fine", "fine"]


def test_the_golden_store_can_be_written_on(path: Path) -> None:
    """A store of an earlier release is gone on with, and nothing that was there changes."""
    before = facts(path)
    for space in SPACES:
        with History(path, space=space) as history:
            kept = history.checkpoint()
            made = history.rollback(NAME, 1, **SIGNED) if space == "default" else history.head(NAME)
            history.tag(made, "later")
            assert history.verify(checkpoint=kept).ok
    for space in SPACES:
        events = before[space]["events"]
        assert facts(path)[space]["events"][: len(events)] == events


def test_this_release_writes_the_golden_store(path: Path, tmp_path: Path) -> None:
    """The same story is written in the same way to the last id, until a new layout is made on purpose."""
    without_chance(lambda: story(tmp_path / "again.db"))
    assert facts(tmp_path / "again.db") == json.loads(FACTS.read_text(encoding="utf-8"))
    tables = dump((tmp_path / "again.db").read_bytes())
    golden = dump(STORE.read_bytes())
    # How a text is packed may differ with the release of zlib.
    assert {key: rows for key, rows in tables.items() if key != "object"} == {
        key: rows for key, rows in golden.items() if key != "object"
    }


def test_a_store_of_another_major_layout_is_refused(path: Path) -> None:
    """A layout that this release cannot know is refused; the error names both, and nothing is touched."""
    changed(path, f"PRAGMA user_version = {LAYOUT + 100}")
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(StoreNewerError, match=r"has layout 2\.00, and this release knows up to 1\.99"):
            History(path, read_only=read_only)
    assert path.read_bytes() == before


def test_a_store_of_a_later_minor_layout_is_used(path: Path) -> None:
    """A later layout that only adds a table, columns and an index is read and written by this release."""
    changed(
        path,
        f"PRAGMA user_version = {LAYOUT + 1}",
        "CREATE TABLE comment (space TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL)",
        "CREATE UNIQUE INDEX comment_seq ON comment (space, seq)",
        "CREATE INDEX entry_kind ON entry (space, kind)",
        *(f"ALTER TABLE {table} ADD COLUMN later TEXT DEFAULT 'x'" for table in ("ledger", "object", "entry", "note")),
        "UPDATE ledger SET later = 'kept'",
    )
    with at(path) as history:
        kept = history.checkpoint()
        assert history.verify().ok
        made = history.commit(small(0), **SIGNED)
        history.tag(made, "a tag", author="x")
        history.overrides.adjust("acme", 1, author="x", justification="y", name=NAME)
        history.erase(author="x")
        assert history.verify(checkpoint=kept).ok
        SqliteStore(path).close()
    with closing(sqlite3.connect(path)) as held:
        assert held.execute("SELECT DISTINCT later FROM ledger").fetchall() == [("kept",)]
    with at(path, space="t42") as history:
        history.drop_space()
        assert history.names() == ()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW extra AS SELECT 1",
        "CREATE TRIGGER extra AFTER INSERT ON entry BEGIN DELETE FROM note; END",
        "DROP INDEX entry_token",
        "DROP TRIGGER entry_stays",
    ],
)
def test_a_later_minor_layout_is_no_excuse(statement: str, path: Path) -> None:
    """What no layout of ours would add or take away is refused all the same."""
    changed(path, f"PRAGMA user_version = {LAYOUT + 1}", statement)
    with pytest.raises(StoreDamagedError, match=r"extra|missing"):
        History(path)
