"""Many at once: writers lose nothing and never fork a history; threads share a handle; a child opens its own."""

import multiprocessing
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from icpkit.history import ConflictError, History
from tests.history.trial_profiles import SIGNED, small
from tests.history.trial_stores import at, at_two_lengths, in_each_store
from tests.history.trial_writers import NAME, told

WRITERS = 8


@in_each_store(12, 200)
def test_writers_at_once_lose_nothing(rounds: int, address: str) -> None:
    """Eight processes commit to one name upon the head that they saw, and again after conflicts: one linear chain."""
    found = told("race", address, WRITERS, rounds)
    assert (found["failed"], found["verified"]) == (0, True)
    assert len(found["acknowledged"]) == WRITERS * rounds == len(found["log"])
    assert set(found["acknowledged"]) == set(found["log"].values())
    assert sorted(map(int, found["log"])) == list(range(1, WRITERS * rounds + 1))
    assert found["conflicts"] > 0  # they did get in each other's way


@pytest.mark.parametrize("rounds", at_two_lengths(4, 100))
def test_a_new_file_is_made_once(rounds: int, tmp_path: Path) -> None:
    """Eight processes open a file that is not there yet at the same moment, and each commits to it."""
    assert told("gather", str(tmp_path / "icp.db"), WRITERS, rounds) == {"failed": 0}
    for number in range(rounds):
        with at(tmp_path / f"icp.db{number}", read_only=True) as history:
            assert (history.head(NAME).number, history.verify().ok) == (WRITERS, True)


@pytest.mark.parametrize("kind", ["file", "memory"])
def test_threads_share_a_handle(kind: str, tmp_path: Path) -> None:
    """Sixteen threads read and write through one handle: nothing is lost, and each sees what it wrote."""
    history = at(tmp_path / "icp.db") if kind == "file" else History.memory()
    history.commit(small(0), **SIGNED)

    def work(thread: int) -> int:
        conflicts = 0
        for number in range(6):
            head = history.head(NAME)
            while True:
                try:
                    made = history.commit(small(1 + thread * 6 + number), **SIGNED, expected=head)
                    break
                except ConflictError as error:
                    head, conflicts = error.theirs or head, conflicts + 1
            assert history[NAME, made.number] == made
            assert history.in_force(NAME).number >= made.number
            history.overrides.adjust(f"{thread}-{number}", 1, **_why())
        return conflicts

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(work, range(16))) >= 0
    assert [one.number for one in history.log(NAME)] == list(range(1 + 16 * 6, 0, -1))
    assert len(history.overrides.log()) == 16 * 6
    assert history.verify().ok
    history.close()


def _why() -> dict[str, str]:
    return {"author": "trial@example.com", "justification": "Trial"}


def test_threads_that_end_leave_no_connection_behind(tmp_path: Path) -> None:
    """However many threads come and go, a handle holds no more connections than it has threads at a time."""
    with at(tmp_path / "icp.db") as history:
        history.commit(small(0), **SIGNED)
        for _ in range(20):
            thread = threading.Thread(target=history.head, args=(NAME,))
            thread.start()
            thread.join()
        assert len(history.store._all) <= 2  # type: ignore[attr-defined]


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="there is no fork on this system")
def test_a_child_that_was_forked_must_open_its_own(tmp_path: Path) -> None:
    """A child that uses an inherited handle is told so; the parent goes on, and so does a handle of its own."""
    script = f"""
import os, sys
from icpkit.history import ForkedStoreError, History
from tests.history.trial_profiles import SIGNED, small

history = History({str(tmp_path / "icp.db")!r})
history.commit(small(0), **SIGNED)
child = os.fork()
if not child:
    told = 0
    for use in (history.names, history.verify, lambda: history.commit(small(1), **SIGNED, expected=1)):
        try:
            use()
        except ForkedStoreError:
            told += 1
    history.close()
    with History({str(tmp_path / "icp.db")!r}) as own:
        own.commit(small(2), **SIGNED, expected=1)
    del history
    sys.exit(0 if told == 3 else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
history.commit(small(3), **SIGNED, expected=2)
assert history.head("Small").number == 3 and history.verify().ok
"""
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
