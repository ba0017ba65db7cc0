import os
import threading
from pathlib import Path

import pytest

from icpkit.batch import blocks


def test_threads_start_only_where_they_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few rows, or one thread, are worked on where they stand; many rows take as many threads as there are cores."""
    monkeypatch.setattr(blocks, "cores", lambda: 2)
    seen: set[str] = set()

    def work(_part: slice) -> None:
        seen.add(threading.current_thread().name)

    here = {threading.current_thread().name}
    blocks.over_blocks(work, 199_999)
    blocks.over_blocks(work, 10_000_000, threads=1)
    blocks.over_blocks(work, 10, threads=4)
    assert seen == here
    blocks.over_blocks(work, 200_000)
    assert seen - here
    assert all(name.startswith("icpkit") for name in seen - here)


def test_what_fails_in_a_thread_is_told() -> None:
    """An error of a thread is an error of the call."""

    def fail(part: slice) -> None:
        raise RuntimeError(f"at {part.start}")

    with pytest.raises(RuntimeError, match="at "):
        blocks.over_blocks(fail, 100, threads=2, block=10)


@pytest.mark.parametrize(
    ("quota", "expected"), [("max 100000", 8), ("250000 100000", 2), ("50000 100000", 1), (None, 8), ("", 8)]
)
def test_cores_are_those_that_may_be_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, quota: str | None, expected: int
) -> None:
    """Affinity and the quota of a control group bound the number of threads; without both, all cores count."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(8)), raising=False)
    file = tmp_path / "cpu.max"
    if quota is not None:
        file.write_text(quota, encoding="ascii")
    monkeypatch.setattr(blocks, "_QUOTA", file)
    assert blocks.cores() == expected
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert blocks.cores() == 1


def test_tasks_keep_their_order_and_start_threads_where_they_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns of few rows are worked on where they stand; results stand in the order of the tasks."""
    monkeypatch.setattr(blocks, "cores", lambda: 2)
    names: list[str] = []

    def work(task: int) -> int:
        names.append(threading.current_thread().name)
        return task * task

    here = threading.current_thread().name
    assert blocks.for_each(work, range(5), 199_999) == [0, 1, 4, 9, 16]
    assert blocks.for_each(work, range(5), 10_000_000, threads=1) == [0, 1, 4, 9, 16]
    assert set(names) == {here}
    names.clear()
    assert blocks.for_each(work, range(5), 200_000) == [0, 1, 4, 9, 16]
    assert here not in names


def test_what_fails_for_a_task_is_told() -> None:
    """The error of the first task that fails is that of the call."""

    def fail(task: int) -> None:
        if task > 1:
            raise RuntimeError(f"at {task}")

    with pytest.raises(RuntimeError, match="at 2"):
        blocks.for_each(fail, range(5), 10, threads=2)
