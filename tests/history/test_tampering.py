"""Tampering is noticed: a writer who knows SQL, and takes the guard rails away, is found out, and the row is named."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from icpkit.history import Checkpoint, History, StoreDamagedError
from icpkit.history.records import Body, Entry, Note, body_id, entry_id, note_hash, packed, unpacked
from icpkit.history.sqlite import _INSERT, _SCHEMA
from tests.golden.make_history import NAME, story
from tests.history.trial_stores import raw

HERE = "space = 'default'"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give the bytes of a history in which everything happens."""
    path = tmp_path_factory.mktemp("whole") / "icp.db"
    story(path)
    return path.read_bytes()


@pytest.fixture
def path(whole: bytes, tmp_path: Path) -> Path:
    """Give it as a file of one's own."""
    (tmp_path / "icp.db").write_bytes(whole)
    return tmp_path / "icp.db"


def checkpoint(path: Path) -> Checkpoint:
    """Give the checkpoint that its owner keeps elsewhere."""
    with History(path) as history:
        return history.checkpoint()


def verified(path: Path, **options: Any) -> list[str]:
    """Verify a file as its owner would, with the guard rails put back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as held:
        there = {name for (name,) in held.execute("SELECT name FROM sqlite_master")}
        for trigger in {"entry_stays", "entry_remains"} - there:
            held.execute(_SCHEMA[trigger])
    with History(path) as history:
        return list(map(str, history.verify(**options).findings))


def run(statement: str, *values: Any) -> Callable[[sqlite3.Connection], None]:
    """Make an edit of one statement, which changes at least one row."""

    def edit(held: sqlite3.Connection) -> None:
        assert held.execute(statement, values).rowcount > 0

    return edit


def seq(held: sqlite3.Connection, kind: str, last: bool = True) -> int:
    """Find the last entry of a kind, or the first."""
    text = f"SELECT {'max' if last else 'min'}(seq) FROM entry WHERE {HERE} AND kind = ?"
    found: int = held.execute(text, (kind,)).fetchone()[0]
    return found


def entries(held: sqlite3.Connection) -> list[Entry]:
    """Read all entries."""
    text = f"SELECT {', '.join(Entry._fields)} FROM entry WHERE {HERE} ORDER BY seq"
    return [Entry(*row) for row in held.execute(text)]


def weight(held: sqlite3.Connection) -> None:
    """Change a weight in the text of a profile, with all that belongs to that text but its id."""
    key, form, body = held.execute(
        f"SELECT id, format, packed FROM object WHERE {HERE} AND id = "
        f"(SELECT object FROM entry WHERE {HERE} AND seq = 2)"
    ).fetchone()
    text = unpacked(Body(form, body))
    assert '"weight":30' in text
    forged = packed(form, text.replace('"weight":30', '"weight":90')).packed
    held.execute(f"UPDATE object SET packed = ? WHERE {HERE} AND id = ?", (forged, key))


def another_profile(held: sqlite3.Connection) -> None:
    """Put another text under its right id, and let a version point to it."""
    entry = entries(held)[1]
    form, body = held.execute(f"SELECT format, packed FROM object WHERE {HERE} AND id = ?", (entry.object,)).fetchone()
    text = unpacked(Body(form, body)).replace('"weight":30', '"weight":90')
    key = body_id(form, text)
    held.execute("INSERT INTO object VALUES ('default', ?, ?, ?)", (key, form, packed(form, text).packed))
    held.execute(f"UPDATE entry SET object = ? WHERE {HERE} AND seq = 2", (key,))


def swapped(held: sqlite3.Connection) -> None:
    """Let two versions swap their numbers."""
    for number, place in ((1001, 1), (1, 2), (2, 1)):
        held.execute(f"UPDATE entry SET number = ? WHERE {HERE} AND seq = ?", (number, place))


def inserted(held: sqlite3.Connection) -> None:
    """Put an entry of one's own in the middle, with a hash that is right, and move the others."""
    held.execute(f"UPDATE entry SET seq = seq + 1000 WHERE {HERE} AND seq > 5")
    held.execute(f"UPDATE entry SET seq = seq - 999 WHERE {HERE} AND seq > 1000")
    held.execute(f"UPDATE note SET seq = seq + 1000 WHERE {HERE} AND seq > 5")
    held.execute(f"UPDATE note SET seq = seq - 999 WHERE {HERE} AND seq > 1000")
    before = entries(held)[4]
    forged = Entry(
        **{
            **before._asdict(),
            "seq": 6,
            "kind": "tag",
            "number": None,
            "about": 1,
            "label": "forged",
            "committed": before.committed + 1,
            "effective": None,
            "object": None,
            "content": None,
            "note": None,
            "prev": before.id,
        }
    )
    held.execute(_INSERT, forged._replace(id=entry_id(forged)))
    held.execute(f"UPDATE ledger SET length = length + 1 WHERE {HERE}")


def removed(held: sqlite3.Connection) -> None:
    """Take an entry out of the middle, with its note."""
    held.execute(f"DELETE FROM entry WHERE {HERE} AND seq = 4")
    held.execute(f"DELETE FROM note WHERE {HERE} AND seq = 4")


def removed_and_moved_up(held: sqlite3.Connection) -> None:
    """Take an entry out of the middle, and close the gap."""
    removed(held)
    for table in ("entry", "note"):
        held.execute(f"UPDATE {table} SET seq = seq + 1000 WHERE {HERE} AND seq > 4")
        held.execute(f"UPDATE {table} SET seq = seq - 1001 WHERE {HERE} AND seq > 1000")
    held.execute(f"UPDATE ledger SET length = length - 1 WHERE {HERE}")


def alias(held: sqlite3.Connection) -> None:
    """Let production point to another version."""
    place = held.execute(f"SELECT max(seq) FROM entry WHERE {HERE} AND label = 'production' AND kind = 'alias'")
    held.execute(f"UPDATE entry SET about = 4 WHERE {HERE} AND seq = ?", place.fetchone())


def override(held: sqlite3.Connection) -> None:
    """Give an account another fit."""
    place = held.execute(f"SELECT seq FROM entry WHERE {HERE} AND data LIKE '%12500000%' ORDER BY seq").fetchone()
    held.execute(f"UPDATE entry SET data = replace(data, '12500000', '99000000') WHERE {HERE} AND seq = ?", place)


def again(held: sqlite3.Connection) -> None:
    """Put back a note that was erased, with words of one's own."""
    held.execute("INSERT INTO note VALUES ('default', 1, ?, 'leaver@example.com', NULL, '{}')", (bytes(32),))


def rehashed(held: sqlite3.Connection) -> None:
    """Change the kind of an entry, and give it the hash that belongs to that."""
    entry = entries(held)[2]._replace(kind="commit")
    held.execute(
        f"UPDATE entry SET kind = ?, id = ? WHERE {HERE} AND seq = ?", (entry.kind, entry_id(entry), entry.seq)
    )


def renoted(held: sqlite3.Connection) -> None:
    """Change a message, and with it the hash of the note."""
    salt, author, account, body = held.execute(
        f"SELECT salt, author, account, body FROM note WHERE {HERE} AND seq = 4"
    ).fetchone()
    forged = Note(salt, author, account, body.replace("Agreed", "Refused"))
    assert forged.body != body
    held.execute(f"UPDATE note SET body = ? WHERE {HERE} AND seq = 4", (forged.body,))
    held.execute(f"UPDATE entry SET note = ? WHERE {HERE} AND seq = 4", (note_hash(forged),))


def forged(**fields: Any) -> Callable[[sqlite3.Connection], None]:
    """Add an entry to the end, with a hash that is right, which says what no history says."""

    def edit(held: sqlite3.Connection) -> None:
        last = entries(held)[-1]
        blank = dict.fromkeys(("number", "about", "label", "effective", "token", "object", "content", "note"))
        entry = Entry(**{**last._asdict(), **blank, "seq": last.seq + 1, "prev": last.id, **fields})
        entry = entry._replace(id=entry_id(entry))
        held.execute(_INSERT, entry)
        held.execute(f"UPDATE ledger SET length = ?, id = ? WHERE {HERE}", (entry.seq, entry.id))

    return edit


def tail(held: sqlite3.Connection, *, ledger: bool) -> None:
    """Cut the last entry off, and let the history end there, or not."""
    last = entries(held)[-2]
    for table in ("entry", "note"):
        held.execute(f"DELETE FROM {table} WHERE {HERE} AND seq > ?", (last.seq,))
    if ledger:
        held.execute(f"UPDATE ledger SET length = ?, id = ? WHERE {HERE}", (last.seq, last.id))
        held.execute(
            f"DELETE FROM object WHERE {HERE} AND id NOT IN (SELECT object FROM entry WHERE {HERE} AND object NOTNULL)"
        )


EDITS = {
    "author": (run(f"UPDATE note SET author = 'me' WHERE {HERE} AND seq = 2"), "entry 2 (v2 of 'Mid-market SaaS')"),
    "message": (
        run(f"UPDATE note SET body = replace(body, 'Agreed', 'Refused') WHERE {HERE} AND seq = 4"),
        "entry 4 (v4 of 'Mid-market SaaS')",
    ),
    "message with its hash": (renoted, "entry 4 (v4 of 'Mid-market SaaS')"),
    "account of an override": (
        run(f"UPDATE note SET account = '\"rival\"' WHERE {HERE} AND account = '\"acme\"'"),
        "(override of 'Mid-market SaaS')",
    ),
    "salt": (run(f"UPDATE note SET salt = zeroblob(32) WHERE {HERE} AND seq = 2"), "entry 2 (v2"),
    "weight in a profile": (weight, "of entry 2 (v2 of 'Mid-market SaaS')"),
    "another profile": (another_profile, "entry 2 (v2 of 'Mid-market SaaS')"),
    "when it was committed": (run(f"UPDATE entry SET committed = committed - 1 WHERE {HERE} AND seq = 3"), "entry 3 ("),
    "from when it is in force": (run(f"UPDATE entry SET effective = 0 WHERE {HERE} AND seq = 2"), "entry 2 (v2"),
    "kind": (run(f"UPDATE entry SET kind = 'commit' WHERE {HERE} AND seq = 3"), "entry 3 (v3"),
    "kind with its hash": (rehashed, "entry 4 (v4 of 'Mid-market SaaS'): does not follow"),
    "idempotency key": (run(f"UPDATE entry SET token = 'x' WHERE {HERE} AND token NOTNULL"), "entry 2 (v2"),
    "numbers swapped": (swapped, "entry 1 (v2 of 'Mid-market SaaS')"),
    "an entry removed": (removed, "entry 4: missing"),
    "an entry removed and the gap closed": (removed_and_moved_up, "entry 4 (v5"),
    "an entry inserted": (inserted, "entry 7 ("),
    "an alias moved": (alias, "(alias of 'Mid-market SaaS')"),
    "an approval given to another version": (
        run(f"UPDATE entry SET about = 4 WHERE {HERE} AND kind = 'approval' AND label = 'sales'"),
        "(approval of 'Mid-market SaaS')",
    ),
    "a requirement taken back": (
        run(f"UPDATE entry SET data = '{{\"roles\":[]}}' WHERE {HERE} AND kind = 'requirement'"),
        "(requirement)",
    ),
    "a review put off": (
        run(f"UPDATE entry SET data = replace(data, ':1', ':9') WHERE {HERE} AND kind = 'review'"),
        "(review of 'Mid-market SaaS')",
    ),
    "the value of an override": (override, "(override of 'Mid-market SaaS')"),
    "a note removed": (run(f"DELETE FROM note WHERE {HERE} AND seq = 2"), "entry 2 (v2"),
    "a note put back after its erasure": (again, "entry 1"),
    "a profile removed": (
        run(f"DELETE FROM object WHERE {HERE} AND id = (SELECT object FROM entry WHERE {HERE} AND seq = 2)"),
        "of entry 2 (v2",
    ),
    "a profile that no version has": (
        run("INSERT INTO object VALUES ('default', zeroblob(32), 1, zeroblob(20))"),
        "the profile 000000000000…",
    ),
    "the end noted elsewhere": (run(f"UPDATE ledger SET length = length - 1 WHERE {HERE}"), "the history: has "),
    "the end cut off": (lambda held: tail(held, ledger=False), "the history: has "),
    "an erasure of nothing": (forged(kind="erased", name="", committed=2**52), "entry 30 (erased): says"),
    "an erasure of what is none": (
        forged(kind="erased", name="", committed=2**52, data='{"places":[{}]}'),
        "entry 30 (erased): says",
    ),
    "a time that is none": (forged(kind="tag", about=1, committed="noon"), "entry 30 (tag of"),
    "a version without a profile": (forged(kind="commit", name="New", number=1, committed=2**52), "entry 30 (v1 of"),
    "a number for what is no version": (forged(kind="tag", about=1, number=9, committed=2**52), "entry 30 (v9 of"),
    "a space taken out of the list": (run(f"DELETE FROM ledger WHERE {HERE}"), "the history: has "),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_found_and_its_row_is_named(name: str, path: Path) -> None:
    """Each edit is found, and one of the findings names the row."""
    edit, row = EDITS[name]
    with closing(raw(path)) as held:
        edit(held)
    found = verified(path)
    assert any(row in one for one in found), found


def test_what_nobody_edited_is_whole(path: Path) -> None:
    """Taking the guard rails away and putting them back changes nothing, so what is found is the edit."""
    raw(path).close()
    assert verified(path) == []


def test_guard_rails_that_are_gone_are_missed(path: Path) -> None:
    """A file without its triggers is refused, whatever else was done to it."""
    raw(path).close()
    with pytest.raises(StoreDamagedError, match="the trigger 'entry_stays' is missing"):
        History(path)


def test_entries_cannot_be_changed_by_mistake(path: Path) -> None:
    """With the guard rails in place, SQL can neither change nor delete an entry."""
    with closing(sqlite3.connect(path)) as held:
        for statement in ("UPDATE entry SET kind = 'tag'", "DELETE FROM entry"):
            with pytest.raises(sqlite3.IntegrityError, match="an entry of a history cannot be"):
                held.execute(statement)


def test_a_cut_end_is_found_with_a_checkpoint_alone(path: Path) -> None:
    """Whoever cuts the end off, and notes the end there, is found by who kept a checkpoint, and by nobody else."""
    kept = checkpoint(path)
    with closing(raw(path)) as held:
        tail(held, ledger=True)
    assert verified(path) == []
    assert verified(path, checkpoint=kept) == [f"entry {kept.length}: missing: the end was cut off by 1 entry"]


def test_an_end_written_anew_is_found_with_a_checkpoint_alone(path: Path) -> None:
    """Whoever writes others in the place of the last entry is found by who kept a checkpoint, and by nobody else."""
    kept = checkpoint(path)
    with closing(raw(path)) as held:
        tail(held, ledger=True)
    assert verified(path) == []
    with History(path) as history:
        for number in range(2):
            history.tag((NAME, 1), f"forged {number}")
    assert verified(path) == []
    assert verified(path, checkpoint=kept) == [
        f"entry {kept.length}: is another than at the checkpoint: the history was written anew"
    ]


def test_a_history_written_anew_is_found_with_a_checkpoint_alone(path: Path) -> None:
    """Whoever puts another history in the place of one is found by who kept a checkpoint, and by nobody else."""
    kept = checkpoint(path)
    path.unlink()
    story(path)  # the same words, with other salts
    assert verified(path) == []
    assert checkpoint(path).length == kept.length
    assert [one.partition(" (")[0] for one in verified(path, checkpoint=kept)] == [
        "the checkpoint: is of another history"
    ]


def test_what_is_said_of_another_space_does_not_hide_what_is_there(path: Path) -> None:
    """An edit in one tenant's rows is found by verifying that tenant's space; another tenant's is whole."""
    with closing(raw(path)) as held:
        held.execute("UPDATE note SET author = 'me' WHERE space = 't42' AND seq = 1")
    assert verified(path) == []
    with History(path, space="t42") as history:
        assert "entry 1 (v1 of 'Mid-market SaaS')" in str(history.verify())


def test_rows_of_no_space_are_found_from_every_space(path: Path) -> None:
    """Rows of a space that is not in the store's list are found, whichever space is verified."""
    with closing(raw(path)) as held:
        held.execute("INSERT INTO note VALUES ('ghost', 1, ?, 'me', NULL, '{}')", (bytes(32),))
    assert any("'ghost'" in one for one in verified(path))
