"""Writing ahead: never where the release of SQLite can damage a file, and as careful as without it where it cannot."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from icpkit.history import History, StoreBusyError, StoreError
from tests.history.trial_profiles import SIGNED, small
from tests.history.trial_stores import at

AFFECTED = [
    (3, 7, 0), (3, 37, 2), (3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 45, 3), (3, 46, 1), (3, 47, 2), (3, 48, 0),
    (3, 49, 1), (3, 50, 0), (3, 50, 4), (3, 50, 6), (3, 51, 0), (3, 51, 2),
]  # fmt: skip
REPAIRED = [(3, 44, 6), (3, 44, 9), (3, 50, 7), (3, 50, 8), (3, 51, 3), (3, 52, 0), (3, 53, 0), (4, 0, 0)]


def mode(path: Path) -> str:
    """Ask a file in which mode it is."""
    with closing(sqlite3.connect(path)) as held:
        found: str = held.execute("PRAGMA journal_mode").fetchone()[0]
        return found


@pytest.mark.parametrize("version", AFFECTED)
def test_it_is_refused_where_a_file_could_be_damaged(
    version: tuple[int, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """wal=True is refused on each affected release, with a reason, and no file is made."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    with pytest.raises(StoreError, match=r"wal=True is refused(.|\n)*3\.51\.3"):
        History(tmp_path / "icp.db", wal=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("version", REPAIRED)
def test_it_is_possible_where_the_repair_is(
    version: tuple[int, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a repaired release it is switched on, as careful as without it; without wal=True it is left again."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    with at(tmp_path / "icp.db", wal=True) as history:
        history.commit(small(0), **SIGNED)
        held = history.store._connection()  # type: ignore[attr-defined]
        assert held.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert held.execute("PRAGMA synchronous").fetchone() == (3,)
        assert history.verify().ok
    assert mode(tmp_path / "icp.db") == "wal"
    with at(tmp_path / "icp.db") as history:
        assert history.verify().ok
    assert mode(tmp_path / "icp.db") == "delete"  # what a file is in that is not: TRUNCATE is a connection's choice


def test_it_is_never_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody gets it who does not ask, on any release."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 53, 0))
    with at(tmp_path / "icp.db") as history:
        held = history.store._connection()  # type: ignore[attr-defined]
        assert held.execute("PRAGMA journal_mode").fetchone() == ("truncate",)
        assert held.execute("PRAGMA synchronous").fetchone() == (3,)


def test_a_file_that_others_use_so_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that somebody has open in that mode is not joined on an affected release; it is once they are gone."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    with at(tmp_path / "icp.db") as history:
        history.commit(small(0), **SIGNED)
    with closing(sqlite3.connect(tmp_path / "icp.db")) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("SELECT * FROM entry").fetchall()
        with pytest.raises((StoreError, StoreBusyError), match=r"WAL|others"):
            at(tmp_path / "icp.db", timeout=0.05)
        with at(tmp_path / "icp.db", read_only=True) as reader:  # who only reads can damage nothing
            assert reader.verify().ok
    with at(tmp_path / "icp.db") as history:
        assert history.verify().ok
    assert mode(tmp_path / "icp.db") == "delete"
