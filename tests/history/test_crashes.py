"""Crashes: what was acknowledged is there after kill -9, and a commit that is tried again makes one version."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from icpkit.history import History
from icpkit.history.sqlite import SqliteStore
from tests.history.trial_profiles import SIGNED, small
from tests.history.trial_stores import at, at_two_lengths, in_each_store
from tests.history.trial_writers import NAME, told


@in_each_store(4, 200)
def test_what_was_acknowledged_survives_kill_9(rounds: int, address: str) -> None:
    """Four writers are killed at a random moment, again and again: no version is missing, and the chain is whole."""
    found = told("kill", address, rounds, 4)
    assert found["problems"] == []
    assert 0 < found["acknowledged"] <= found["versions"]


@in_each_store(6, 200)
def test_a_killed_commit_that_is_tried_again_makes_one_version(rounds: int, address: str) -> None:
    """A writer is killed about when it commits; with the same idempotency key there is one version, known or not."""
    found = told("retry", address, rounds)
    assert (found["problems"], found["verified"]) == ([], True)
    if rounds > 100:  # some of the first commits were there, and some were not
        assert 0 < found["again"] < rounds


@pytest.mark.parametrize("rounds", at_two_lengths(40, 1_000))
def test_a_commit_that_nobody_heard_of_is_made_once(rounds: int, tmp_path: Path) -> None:
    """A process that ends between the commit and its answer tries again with the same key: exactly one version."""
    with at(tmp_path / "icp.db") as history:
        history.commit(small(0), **SIGNED)
    for number in range(1, rounds + 1):

        def commit(history: History, number: int = number) -> int:
            key = f"request {number}"
            return history.commit(small(number), **SIGNED, expected=number, idempotency_key=key).number

        with at(tmp_path / "icp.db") as history:
            ending = (_after_the_commit, _before_the_commit, _closed)[number % 3]
            with pytest.raises(_EndedError), ending(history):
                commit(history)
        with at(tmp_path / "icp.db") as history:
            assert commit(history) == number + 1
            assert commit(history) == number + 1
    with at(tmp_path / "icp.db") as history:
        assert [one.number for one in history.log(NAME)] == list(range(rounds + 1, 0, -1))
        assert history.verify().ok


class _EndedError(Exception):
    """The process has ended here."""


@contextmanager
def _at_the_commit(history: History, end: Callable[[str, str], bool]) -> Iterator[None]:
    """End the process, as far as it can tell, where a commit is run."""
    store = history.store
    assert isinstance(store, SqliteStore)
    held = store._connection()

    class Ending:
        """The connection, until it ends."""

        in_transaction = property(lambda _: held.in_transaction)
        close = held.close

        def execute(self, text: str, *values: Any) -> Any:
            if end(text, "before"):
                raise _EndedError
            found = held.execute(text, *values)
            if end(text, "after"):
                raise _EndedError
            return found

    store._local.held = Ending()
    yield


def _after_the_commit(history: History) -> AbstractContextManager[None]:
    return _at_the_commit(history, lambda text, when: (text, when) == ("COMMIT", "after"))


def _before_the_commit(history: History) -> AbstractContextManager[None]:
    return _at_the_commit(history, lambda text, when: (text, when) == ("COMMIT", "before"))


@contextmanager
def _closed(history: History) -> Iterator[None]:
    yield
    history.close()
    raise _EndedError
