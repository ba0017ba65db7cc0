"""What is no history of ours is refused: files of others, and files that somebody has made to look like ours."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from icpkit.history import History, StoreDamagedError, StoreError
from tests.golden.make_history import story
from tests.history.trial_profiles import SIGNED, small
from tests.history.trial_stores import at


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER spy AFTER INSERT ON note BEGIN UPDATE ledger SET length = 0; END",
        "CREATE TRIGGER spy BEFORE INSERT ON entry BEGIN SELECT load_extension('evil'); END",
        "CREATE VIEW spy AS SELECT * FROM note",
        "CREATE TABLE spy (note TEXT)",
        "CREATE INDEX spy ON note (author)",
        "ALTER TABLE note ADD COLUMN spy TEXT",
        "ALTER TABLE entry RENAME COLUMN data TO spy",
        "ANALYZE",
        "DROP INDEX entry_number",
        "DROP TABLE object",
    ],
)
def test_a_file_with_more_or_less_in_it_is_refused(statement: str, tmp_path: Path) -> None:
    """A trigger, view, table, index or column too many or too few is named, and nothing of it is ever run."""
    story(tmp_path / "icp.db")
    with closing(sqlite3.connect(tmp_path / "icp.db")) as held:
        held.execute("DROP TRIGGER entry_stays")  # SQLite would refuse to rename what a trigger reads
        held.execute("DROP TRIGGER entry_remains")
        held.execute(statement)
        held.commit()
    for options in ({}, {"read_only": True}):
        with pytest.raises(StoreDamagedError, match="do not trust it"):
            at(tmp_path / "icp.db", **options)


@pytest.mark.parametrize("statement", ["CREATE VIEW spy AS SELECT * FROM note", "CREATE TABLE spy (note TEXT)"])
def test_one_that_comes_while_it_is_open_is_found(statement: str, tmp_path: Path) -> None:
    """What is added to a file that is open is found by verifying it."""
    with at(tmp_path / "icp.db") as history:
        history.commit(small(0), **SIGNED)
        with closing(sqlite3.connect(tmp_path / "icp.db")) as held:
            held.execute(statement)
        assert [one.place for one in history.verify().findings] == ["the store"]
        assert "'spy'" in str(history.verify())


def _database(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as held:
        for statement in statements:
            held.execute(statement)


STRANGERS: dict[str, Any] = {
    "a database of something else": lambda path: _database(path, "CREATE TABLE deals (id INTEGER)"),
    "an empty one of something else": lambda path: _database(path, "PRAGMA application_id = 7", "VACUUM"),
    "a text": lambda path: path.write_text("name,employees\nacme,320\n" * 100, encoding="utf-8"),
    "a short text": lambda path: path.write_text("some", encoding="utf-8"),
    "a picture": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(5_000)),
    "zeros": lambda path: path.write_bytes(bytes(8_192)),
    "a bundle": lambda path: path.write_text('{"icpkit":"history","format":1}\n' * 50, encoding="utf-8"),
    "a folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_what_is_no_history_is_refused(name: str, tmp_path: Path) -> None:
    """Other files are refused with a typed error that names them, and stay as they are."""
    path = tmp_path / "icp.db"
    STRANGERS[name](path)
    before = None if path.is_dir() else path.read_bytes()
    for options in ({}, {"read_only": True}):
        with pytest.raises(StoreError) as told:
            at(path, **options)
        assert str(path) in str(told.value)
    assert before is None or path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_an_empty_file_becomes_a_history(tmp_path: Path) -> None:
    """A file of no bytes is a new history to who may write, and none to who only reads."""
    (tmp_path / "icp.db").touch()
    with pytest.raises(StoreDamagedError, match="no history was ever kept in it"):
        at(tmp_path / "icp.db", read_only=True)
    assert (tmp_path / "icp.db").read_bytes() == b""
    with at(tmp_path / "icp.db") as history:
        assert history.commit(small(0), **SIGNED).number == 1


def test_one_that_is_made_while_another_opens_it_is_no_stranger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who opens a file at the moment at which another makes the history in it sees an empty file or all of it."""
    path = tmp_path / "icp.db"
    connect = sqlite3.connect
    made = list[int]()

    class Late(sqlite3.Connection):
        """A connection that is held up after it has asked whose file it is."""

        def execute(self, text: str, *values: Any) -> sqlite3.Cursor:
            found = super().execute(text, *values)
            if text == "PRAGMA application_id" and not made:
                made.append(1)
                monkeypatch.setattr(sqlite3, "connect", connect)
                with pytest.raises(StoreError):  # it waits for who is looking, and gives up
                    History(path, timeout=0.05)
            return found

    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, **named, factory=Late))
    with History(path) as history:
        history.commit(small(0), **SIGNED)
        assert history.verify().ok
    assert made
    with at(path) as history:
        assert history.head("Small").number == 1
