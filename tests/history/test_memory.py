from typing import Any

import pytest

import icpkit as icp
from icpkit.history.memory import MemoryStore
from icpkit.history.records import beginning, sealed
from icpkit.history.store import Writer
from tests.history.cases import ANN, FIRST, opened


def test_what_is_in_memory_stays_after_closing() -> None:
    """Closing a history in memory does nothing, so that a test may close it as it would another."""
    with opened() as history:
        history.commit(FIRST, **ANN)
    history.close()
    assert history.names() == ("SaaS",)


def test_each_history_in_memory_is_one_of_its_own() -> None:
    """Two stores in memory share nothing."""
    one, two = opened(), opened()
    one.commit(FIRST, **ANN)
    assert (len(one.names()), len(two.names())) == (1, 0)


def test_a_store_in_memory_says_what_it_is() -> None:
    """It is named so in errors and in the repr of a history."""
    assert repr(MemoryStore()) == "memory"
    assert repr(opened(space="t42")) == "<History in memory, space 't42'>"


def test_an_empty_change_makes_no_space() -> None:
    """A change that writes nothing leaves no space behind, and a space that is dropped is gone."""
    store = MemoryStore()
    with store.writing("a"):
        pass
    assert store.spaces() == []
    with store.writing("a") as writer:
        writer.append(sealed(beginning("a"), space="a", kind="tag", name="x", committed=0), None)
    assert store.spaces() == ["a"]
    with pytest.raises(KeyboardInterrupt), store.writing("a") as writer:
        interrupt(writer)
    assert store.spaces() == ["a"]
    assert list(store.damage()) == []


def interrupt(writer: Writer) -> None:
    """Drop the space, then be interrupted."""
    writer.drop()
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("fields", "problem"),
    [({"token": "k"}, "an entry has the token 'k' already"), ({"number": 1}, "'SaaS' has v1 already")],
)
def test_a_number_or_a_token_that_is_taken(fields: dict[str, Any], problem: str) -> None:
    """A store in memory refuses what a database would refuse by its indexes."""
    store = MemoryStore()
    for told in ({"number": 1, "token": "k"}, fields):
        with store.writing("a") as writer:
            entry = sealed(writer.end(), space="a", kind="commit", name="SaaS", committed=1, **told)
            if told is not fields:
                writer.append(entry, None)
                continue
            with pytest.raises(icp.StoreError, match=f"^memory: {problem}$"):
                writer.append(entry, None)


def test_a_change_within_a_change() -> None:
    """A thread that is changing a space cannot begin another change of it, which would undo the first."""
    store = MemoryStore()
    again = pytest.raises(icp.StoreError, match="this thread is changing 'a' already")
    with store.writing("a"), store.writing("b"), again, store.writing("a"):
        pass
    with store.writing("a"):
        pass
