import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

import icpkit as icp
from icpkit.history.memory import MemoryStore
from icpkit.history.records import Body, End, Entry, Note, Stored, beginning, note_of, sealed
from icpkit.history.sqlite import SqliteStore
from icpkit.history.store import Reader, Store, Writer

#: A store, and the entries that are in it.
Held: TypeAlias = tuple[Store, list[Entry]]


def made(kind: str, folder: Path) -> Store:
    """Make an empty store."""
    return MemoryStore() if kind == "memory" else SqliteStore(folder / "icp.db")


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each store in turn, empty."""
    held = made(request.param, tmp_path)
    yield held
    held.close()


@pytest.fixture(params=["memory", "sqlite"], scope="module")
def held(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    """Each store in turn with some entries in it, to be read only."""
    held = made(request.param, tmp_path_factory.mktemp("held"))
    yield held, filled(held)
    held.close()


def add(writer: Writer, space: str = "a", note: Note | None = None, **fields: Any) -> Entry:
    """Add an entry at the end, a microsecond after the one before."""
    end = writer.end()
    told: dict[str, Any] = {"kind": "tag", "name": "SaaS", "committed": end.length + 1, **fields}
    entry = sealed(end, space=space, **told)
    writer.append(entry, note)
    return entry


def filled(store: Store, space: str = "a") -> list[Entry]:
    """Put three versions of one profile, one of another, and some labels into a space."""
    with store.writing(space) as writer:
        return [
            add(writer, space, kind="commit", name="SaaS", number=1, effective=30, token="first"),
            add(writer, space, label="2026-Q1", about=1),
            add(writer, space, kind="draft", name="SaaS", number=2),
            add(writer, space, kind="commit", name="B", number=1, effective=10),
            add(writer, space, kind="alias", label="production", about=1),
            add(writer, space, kind="rollback", name="SaaS", number=3, about=1, effective=20),
            add(writer, space, kind="alias", label="production", about=3, name=""),
        ]


def test_the_stores_keep_the_protocol(store: Store) -> None:
    """A store and its views have all that the protocols ask for."""
    with store.writing("a") as writer:
        for protocol, held in ((Store, store), (Reader, writer), (Writer, writer)):
            asked = [name for name in vars(protocol) if not name.startswith("_")]
            assert len(asked) >= 4
            assert [name for name in asked if not callable(getattr(held, name, None))] == []


def test_an_empty_space_has_an_end(store: Store) -> None:
    """A space that nobody wrote to ends where it begins, and is none of the spaces."""
    with store.reading("a") as reader:
        assert reader.end() == beginning("a")
        assert list(reader.select()) == []
        assert (reader.names(), reader.noted(), list(reader.bodies()), reader.body(b"x")) == ([], [], [], None)
        assert reader.in_force("SaaS", 10**15, 10**15) is None
        assert reader.with_id("ab") == []
    assert store.spaces() == []


@pytest.mark.parametrize(
    ("asked", "places"),
    [
        ({}, [1, 2, 3, 4, 5, 6, 7]),
        ({"name": "SaaS"}, [1, 2, 3, 5, 6]),
        ({"name": ""}, [7]),
        ({"name": "none"}, []),
        ({"kinds": ("commit", "draft", "rollback"), "name": "SaaS"}, [1, 3, 6]),
        ({"kinds": ("commit", "draft", "rollback")}, [1, 3, 4, 6]),
        ({"kinds": ("commit", "draft", "rollback"), "name": "SaaS", "newest": True, "limit": 1}, [6]),
        ({"kinds": ("commit", "draft", "rollback"), "name": "SaaS", "number": 2}, [3]),
        ({"kinds": ("commit", "draft", "rollback"), "name": "SaaS", "number": 4}, []),
        ({"kinds": ("commit", "draft", "rollback"), "name": "SaaS", "number": 0}, []),
        ({"kinds": ("commit",), "name": "SaaS"}, [1]),
        ({"kinds": ("draft", "tag")}, [2, 3]),
        ({"kinds": ("tag", "alias"), "name": "SaaS"}, [2, 5]),
        ({"kinds": ("alias",), "label": "production", "newest": True}, [7, 5]),
        ({"kinds": ("alias",), "label": "production", "newest": True, "limit": 1, "until": 6}, [5]),
        ({"about": 1}, [2, 5, 6]),
        ({"number": 1}, [1, 4]),
        ({"token": "first"}, [1]),
        ({"token": "second"}, []),
        ({"token": "first", "name": "B"}, []),
        ({"after": 2, "until": 4}, [3, 4]),
        ({"after": 6}, [7]),
        ({"after": 7}, []),
        ({"until": 0}, []),
        ({"newest": True, "limit": 2}, [7, 6]),
        ({"limit": 0}, []),
    ],
)
def test_entries_are_selected(held: Held, asked: dict[str, Any], places: list[int]) -> None:
    """All that is asked applies to the entries that are given, in their order or the other way round."""
    store, entries = held
    with store.reading("a") as reader:
        found = list(reader.select(**asked))
    assert found == [Stored(entries[place - 1], None) for place in places]


@pytest.mark.parametrize(
    ("at", "known", "place"),
    [(9, 99, None), (19, 99, None), (20, 99, 6), (29, 99, 6), (30, 99, 6), (99, 5, 1), (20, 5, None)],
)
def test_what_is_in_force(held: Held, at: int, known: int, place: int | None) -> None:
    """In force is the latest effective one among those known; no draft, and none that a rollback has ended."""
    store, entries = held
    with store.reading("a") as reader:
        found = reader.in_force("SaaS", at, known)
    assert (None if found is None else found.entry) == (None if place is None else entries[place - 1])


def test_of_two_from_the_same_moment_the_later_is_in_force(store: Store) -> None:
    """Where two versions are effective from the same moment, the one with the higher number is in force."""
    with store.writing("a") as writer:
        for number in (1, 2):
            last = add(writer, kind="commit", number=number, effective=10)
    with store.reading("a") as reader:
        assert reader.in_force("SaaS", 10, 99) == Stored(last, None)


def test_an_entry_is_found_by_the_beginning_of_its_id(held: Held) -> None:
    """Whole ids and beginnings of any length find entries; of many, two are enough to see that they are many."""
    store, entries = held
    with store.reading("a") as reader:
        for entry in entries:
            assert reader.with_id(entry.id.hex()) == [Stored(entry, None)]
            assert Stored(entry, None) in reader.with_id(entry.id.hex()[:9])
        assert len(reader.with_id("")) == 2
        assert reader.with_id("0" * 64) == []


def test_names_are_those_of_profiles(store: Store) -> None:
    """A name that has labels alone is no profile; names come in alphabetical order."""
    filled(store)
    with store.writing("a") as writer:
        add(writer, name="no version")
    with store.reading("a") as reader:
        assert reader.names() == ["B", "SaaS"]


def test_spaces_are_apart(store: Store) -> None:
    """Whatever is asked of one space, nothing of another is given."""
    filled(store, "a")
    with store.writing("b") as writer:
        other = add(writer, "b", note_of("ann", '"acme"', {}), kind="commit", name="SaaS", number=1, token="first")
        writer.put(b"key", Body(1, b"b"))
    assert store.spaces() == ["a", "b"]
    with store.reading("a") as reader:
        assert reader.end().length == 7
        assert all(stored.entry.space == "a" for stored in reader.select(token="first"))
        assert (reader.noted(), reader.body(b"key"), list(reader.bodies())) == ([], None, [])
        assert reader.with_id(other.id.hex()) == []
    with store.writing("b") as writer:
        writer.drop()
    assert store.spaces() == ["a"]
    with store.reading("a") as reader:
        assert reader.end().length == 7
    with store.reading("b") as reader:
        assert (reader.end(), list(reader.select()), list(reader.bodies())) == (beginning("b"), [], [])


@pytest.mark.parametrize(
    "stale",
    [
        lambda end, make: make(End(end.length + 1, end.id)),
        lambda end, make: make(End(end.length - 1, end.id)),
        lambda end, make: make(End(end.length, b"other")),
        lambda end, make: make(end, space="b"),
    ],
    ids=["too far", "again", "of another", "in another space"],
)
def test_an_entry_that_does_not_follow_the_end_is_refused(store: Store, stale: Callable[..., Entry]) -> None:
    """A ledger never forks, though a lock should fail: the entry must follow the end, and nothing is written."""
    filled(store)

    def make(end: End, space: str = "a") -> Entry:
        return sealed(end, space=space, kind="tag", name="SaaS", committed=99)

    with (
        pytest.raises(icp.StaleError, match=r"^the ledger: entry \d does not follow entry 7$"),
        store.writing("a") as writer,
    ):
        writer.append(stale(writer.end(), make), None)
    with store.reading("a") as reader:
        assert reader.end().length == 7


def change_and_fail(writer: Writer, space: str) -> None:
    """Change all that can be changed, then fail."""
    add(writer, space, note_of("ann", None, {}), token="second")
    writer.put(b"key", Body(1, b"x"))
    writer.forget([1])
    raise RuntimeError("enough")


def test_all_of_a_change_or_nothing(store: Store) -> None:
    """What is done before an error is undone: entries, notes, texts, tokens."""
    filled(store)
    with pytest.raises(RuntimeError, match="enough"), store.writing("a") as writer:
        change_and_fail(writer, "a")
    with store.reading("a") as reader:
        assert reader.end().length == 7
        assert list(reader.select(token="second")) == []
        assert (reader.noted(), reader.body(b"key")) == ([], None)
    with pytest.raises(RuntimeError, match="enough"), store.writing("new") as writer:
        change_and_fail(writer, "new")
    assert store.spaces() == ["a"]
    with store.writing("a") as writer:
        add(writer, token="second")


def test_who_reads_within_a_change_sees_it(store: Store) -> None:
    """A view that is opened by who writes shows what the change has done so far."""
    with store.writing("a") as writer:
        entry = add(writer)
        with store.reading("a") as reader:
            assert list(reader.select()) == [Stored(entry, None)]


def test_notes(store: Store) -> None:
    """Notes stand beside their entries, are found by author and account, and are gone once forgotten."""
    notes = [note_of("ann", None, {"message": "x"}), None, note_of("ben", '"acme"', {}), note_of("ann", '"acme"', {})]
    with store.writing("a") as writer:
        for note in notes:
            add(writer, note=note)
    with store.reading("a") as reader:
        assert [stored.note for stored in reader.select()] == notes
        assert reader.noted() == [1, 3, 4]
        assert reader.noted(author="ann") == [1, 4]
        assert reader.noted(account='"acme"') == [3, 4]
        assert reader.noted(author="ann", account='"acme"') == [4]
        assert reader.noted(author="nobody") == []
    with store.writing("a") as writer:
        writer.forget([1, 2, 4, 99])
    with store.reading("a") as reader:
        assert [stored.note for stored in reader.select()] == [None, None, notes[2], None]
        assert reader.noted() == [3]


def test_a_text_is_kept_once(store: Store) -> None:
    """A text that is there stays as it is, whoever puts it again."""
    with store.writing("a") as writer:
        add(writer)
        for raw in (b"first", b"second"):
            writer.put(b"key", Body(1, raw))
        writer.put(b"other", Body(2, b"x"))
    with store.reading("a") as reader:
        assert reader.body(b"key") == Body(1, b"first")
        assert sorted(reader.bodies()) == [(b"key", Body(1, b"first")), (b"other", Body(2, b"x"))]


def test_a_store_is_whole(store: Store) -> None:
    """A store that nobody has damaged finds nothing wrong with itself."""
    filled(store)
    assert list(store.damage()) == []


def test_threads_write_one_after_another(store: Store) -> None:
    """A store is shared between threads: what each adds follows what was added before."""

    def work() -> None:
        for _ in range(5):
            with store.writing("a") as writer:
                add(writer)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading("a") as reader:
        found = [stored.entry for stored in reader.select()]
    assert [entry.seq for entry in found] == list(range(1, 21))
    assert [entry.prev for entry in found[1:]] == [entry.id for entry in found[:-1]]
