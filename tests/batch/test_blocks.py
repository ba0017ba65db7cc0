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
