"""The small ledger on which the contract of stores stands, and what a plain list says of it."""

import pytest

from icpkit.history.memory import MemoryStore
from icpkit.history.store import Writer
from icpkit.testing.ledgers import (
    LEDGER,
    Raises,
    add,
    chain_of,
    chosen_from,
    everything,
    fill,
    in_force_of,
    joined,
    noted_in,
    same,
    started,
    without,
)


def test_the_plain_list_says_what_the_store_in_memory_says() -> None:
    """Entries, versions in force and notes are the same, asked of the list and of the store."""
    store = MemoryStore()
    written = fill(store, "t42")
    assert len(written) == len(LEDGER)
    assert chain_of([one.entry for one in written]) == "whole"
    with store.reading("t42") as reader:
        assert everything(reader)[0] == written
        assert list(reader.select(name="SaaS", newest=True)) == chosen_from(written, name="SaaS", newest=True)
        for at in (99, 100, 300):
            assert reader.in_force("SaaS", at, 10**9) == in_force_of(written, "SaaS", at, 10**9)
        assert reader.noted(author="ada") == noted_in(written, "ada")
    assert without(written[0], [1]).note is None
    assert without(written[0], [2]) is written[0]


def test_a_broken_chain_is_named() -> None:
    """The place at which an entry does not follow the one before is told."""
    written = fill(MemoryStore(), "t42")
    assert chain_of([one.entry for one in written if one.entry.seq != 3]) == "broken at 4"


def test_what_differs_is_told_short() -> None:
    """A difference names what was expected, and cuts what is long."""
    with pytest.raises(AssertionError, match="the answer: expected 42, found 'x"):
        same("x" * 5_000, 42, "the answer")


def test_an_error_that_does_not_come_is_one() -> None:
    """`Raises` fails where nothing is raised, and lets other errors through."""
    with pytest.raises(AssertionError, match="expected KeyError, and nothing was raised"), Raises(KeyError):
        pass
    with pytest.raises(ValueError, match="other"), Raises(KeyError):
        raise ValueError("other")


def test_threads_tell_what_went_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong in a thread is raised where it is joined, and one that does not end is told."""

    def one(writer: Writer | None) -> None:
        raise RuntimeError(f"in a thread {writer}")

    with pytest.raises(RuntimeError, match="in a thread None"):
        joined(started(one, None))
    monkeypatch.setattr("icpkit.testing.ledgers._PATIENCE", 0.01)
    store = MemoryStore()
    with store.writing("t42") as writer:
        waiting = started(fill, store, "t42")
        with pytest.raises(AssertionError, match="has not ended"):
            joined(waiting)
        add(writer, "t42")
    waiting.join()
