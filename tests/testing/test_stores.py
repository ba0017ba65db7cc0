import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from icpkit.history import memory
from icpkit.history.errors import StaleError, StoreError
from icpkit.history.memory import MemoryStore
from icpkit.history.records import Stored, beginning
from icpkit.testing import StoreContract, ledgers

VIEW = memory._View
TESTS = sorted(name for name in dir(StoreContract) if name.startswith("test_"))


class Memory(StoreContract):
    """The contract on a store in memory, as a user would write it."""

    threads = 2
    appends = 5
    open_after_close = "memory stays as long as its object"

    def __init__(self) -> None:
        """Begin with an empty one."""
        self.store = MemoryStore()

    def open(self) -> MemoryStore:
        """Give the same place each time."""
        return self.store


def failures(kind: type[StoreContract] = Memory) -> set[str]:
    """Run all tests of the contract, and name those that fail."""
    found = set()
    for name in TESTS:
        try:
            getattr(kind(), name)()
        except (AssertionError, StoreError, LookupError):
            found.add(name)
    return found


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledgers, "_PATIENCE", 2.0)


def test_a_store_that_is_right_passes() -> None:
    """The store in memory fails none of the tests, and each has a sentence that says what it holds a store to."""
    assert failures() == set()
    assert all(getattr(StoreContract, name).__doc__ for name in TESTS)
    assert Memory().raw() == b""


def test_a_subclass_must_open_something() -> None:
    """Without its one method the contract says what is missing."""
    with pytest.raises(NotImplementedError, match=r"def open\(self\)"):
        StoreContract().open()


def _select(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[..., Iterator[Stored]]:
    original = VIEW.select
    return lambda self, **asked: original(self, **change(asked))


def _without(*names: str) -> Callable[..., Iterator[Stored]]:
    return _select(lambda asked: {name: value for name, value in asked.items() if name not in names})


def _one_space(self: Any, space: str) -> Any:
    return _WRITING(self, "one")


@contextmanager
def _no_rollback(self: MemoryStore, space: str) -> Iterator[Any]:
    with self._lock:
        yield VIEW(space, self._spaces.setdefault(space, memory._Space()))


@contextmanager
def _no_lock(self: MemoryStore, space: str) -> Iterator[Any]:
    held = self._spaces.get(space, memory._Space()).copy()
    yield VIEW(space, held)
    self._keep(space, held)


def _stale(self: Any, entry: Any, note: Any) -> None:
    if entry.space != self.name:
        raise StaleError(entry.seq, 0)
    self.held.entries.append(entry)


def _forget_by_halves(self: Any, places: Any) -> None:
    for place in list(places)[:1]:
        self.held.notes.pop(place, None)


def _drop_entries(self: Any) -> None:
    self.held.entries.clear()
    self.held.versions.clear()
    self.held.tokens.clear()


_APPEND, _WRITING = VIEW.append, MemoryStore.writing


@pytest.mark.parametrize(
    ("where", "name", "broken", "caught"),
    [
        (VIEW, "select", _without("limit"), "test_every_filter_alone_and_together"),
        (VIEW, "select", _without("newest"), "test_every_filter_alone_and_together"),
        (VIEW, "select", _without("after"), "test_every_filter_alone_and_together"),
        (VIEW, "select", _without("until"), "test_every_filter_alone_and_together"),
        (VIEW, "select", _without("about"), "test_every_filter_alone_and_together"),
        (VIEW, "select", _without("label"), "test_spaces_never_meet"),
        (VIEW, "select", _without("token"), "test_all_text_comes_back_as_it_was"),
        (VIEW, "select", _without("kinds"), "test_every_filter_alone_and_together"),
        (
            VIEW,
            "select",
            _select(lambda asked: {**asked, "limit": min(asked.get("limit") or 500, 500)}),
            "test_long_ledgers_come_whole",
        ),
        (VIEW, "end", lambda self: beginning(self.name), "test_entries_come_in_the_order_of_the_ledger"),
        (VIEW, "append", _stale, "test_an_entry_that_does_not_follow_the_end_is_refused"),
        (
            VIEW,
            "append",
            lambda self, entry, _: _APPEND(self, entry, None),
            "test_notes_are_found_and_forgotten_for_good",
        ),
        (VIEW, "in_force", lambda *_: None, "test_what_is_in_force_on_both_axes"),
        (VIEW, "with_id", lambda *_: [], "test_entries_are_found_by_the_beginning_of_their_id"),
        (
            VIEW,
            "names",
            lambda self: sorted(self.held.versions, key=str.casefold),
            "test_all_text_comes_back_as_it_was",
        ),
        (VIEW, "put", lambda self, id_, body: self.held.bodies.update({id_: body}), "test_texts_are_kept_once"),
        (VIEW, "forget", _forget_by_halves, "test_notes_are_found_and_forgotten_for_good"),
        (VIEW, "forget", lambda *_: None, "test_long_ledgers_come_whole"),
        (VIEW, "drop", _drop_entries, "test_a_space_is_dropped_alone"),
        (MemoryStore, "writing", _no_rollback, "test_an_error_in_a_change_leaves_nothing"),
        (MemoryStore, "writing", _no_rollback, "test_a_change_within_a_change_is_refused"),
        (MemoryStore, "writing", _no_lock, "test_one_writes_at_a_time"),
        (MemoryStore, "writing", _one_space, "test_spaces_of_any_name"),
        (MemoryStore, "spaces", lambda self: [*self._spaces, "t42"], "test_an_empty_space_ends_at_its_beginning"),
        (MemoryStore, "damage", lambda _: ["something"], "test_threads_lose_nothing"),
    ],
)
def test_a_store_that_is_wrong_fails(
    monkeypatch: pytest.MonkeyPatch, where: Any, name: str, broken: Any, caught: str
) -> None:
    """Each fault that is planted into a store is found by the test that is there for it."""
    monkeypatch.setattr(where, name, broken)
    with pytest.raises((AssertionError, StoreError, LookupError)):
        getattr(Memory(), caught)()


def test_a_reader_of_what_is_not_done_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store whose readers see what others have not finished is found, by three tests."""

    @contextmanager
    def reading(self: MemoryStore, space: str) -> Iterator[Any]:
        yield VIEW(space, self._spaces.get(space) or memory._Space())

    monkeypatch.setattr(MemoryStore, "reading", reading)
    assert failures() == {"test_others_see_nothing_that_is_not_done"}


def test_a_store_that_stays_open_fails() -> None:
    """A store that can be used after it was closed is found, unless the contract is told why."""

    class Open(Memory):
        open_after_close = ""

    assert failures(Open) == {"test_closing_twice_is_allowed_and_closed_is_closed"}


def test_failures_are_short_and_say_what_was_expected() -> None:
    """A failure names what is wrong, what was expected and what was found, cut where it is long."""
    with pytest.raises(AssertionError, match=r"^the end: expected 1, found 2$"):
        ledgers.same(2, 1, "the end")
    with pytest.raises(AssertionError) as caught:
        ledgers.same("x" * 5000, 1, "the text")
    assert len(str(caught.value)) < 1100
    with pytest.raises(AssertionError, match="expected ValueError, and nothing was raised"), ledgers.Raises(ValueError):
        pass
    with pytest.raises(KeyError), ledgers.Raises(ValueError):
        raise KeyError
    entry = ledgers.fill(MemoryStore(), "t42")[1].entry
    assert ledgers.chain_of([entry]) == "broken at 2"


def test_a_thread_that_never_ends_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that waits for ever fails its test, and what goes wrong in one is raised."""
    monkeypatch.setattr(ledgers, "_PATIENCE", 0.05)
    done = threading.Event()
    thread = ledgers.started(done.wait, None)
    with pytest.raises(AssertionError, match="has not ended"):
        ledgers.joined(thread)
    done.set()
    thread.join()
    with pytest.raises(ZeroDivisionError):
        ledgers.joined(ledgers.started(lambda: 1 // 0))
