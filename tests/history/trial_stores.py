"""What all trials of a history use: their lengths, a reader that is not ours, and a writer past the library."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from icpkit.history import History

TABLES = ("ledger", "object", "entry", "note")


def at_two_lengths(short: int, full: int) -> list[Any]:
    """Give the two lengths of a trial, as the parameters of a test."""
    return [pytest.param(short, id="short"), pytest.param(full, id="full", marks=pytest.mark.slow)]


def in_each_store(short: int, full: int) -> pytest.MarkDecorator:
    """Give the lengths of a trial with processes: short in a file, and in full in each store that they can share."""
    kinds = ("file", "postgresql", "sqlalchemy on a file")
    params = [pytest.param("file", short, id="file-short")]
    params += [pytest.param(kind, full, id=f"{kind}-full", marks=pytest.mark.slow) for kind in kinds]
    return pytest.mark.parametrize(("address", "rounds"), params, indirect=["address"])


def at(path: "str | Path", **options: Any) -> History:
    """Open a history in a file, whose writers do not wait for ever."""
    return History(path, **{"timeout": 60.0, **options})


def dump(source: bytes) -> dict[str, list[Any]]:
    """Read all tables and the schema of a database, by a reader that is not ours and uses no index.

    Raises:
        sqlite3.Error: for what cannot be read.
    """
    with closing(sqlite3.connect(":memory:")) as held:
        held.deserialize(source)
        held.text_factory = bytes
        found = {"schema": held.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()}
        for table in TABLES:
            found[table] = sorted(held.execute(f"SELECT * FROM {table} NOT INDEXED").fetchall(), key=repr)
        return found


def raw(path: "str | Path") -> sqlite3.Connection:
    """Open a file past the library, as a writer would who knows SQL, with the guard rails taken away."""
    held = sqlite3.connect(path, isolation_level=None)
    for trigger in ("entry_stays", "entry_remains"):
        held.execute(f"DROP TRIGGER {trigger}")
    return held
