import pytest

from icpkit.history.memory import MemoryStore
from icpkit.history.records import beginning, sealed
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
        writer.drop()
        raise KeyboardInterrupt
    assert store.spaces() == ["a"]
    assert list(store.damage()) == []
