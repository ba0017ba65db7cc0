"""Blocks: rows of a batch that are worked on while they are in cache, several blocks at once by threads."""

import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

import attrs
import numpy as np
from numpy.typing import NDArray

from icpkit.columns import Floats, Places, Truths

_T = TypeVar("_T")
_R = TypeVar("_R")
#: Rows of a block: few enough to stay in cache, enough that Python's share is small.
BLOCK: Final = 65_536
#: Rows below which threads cost more than they gain.
_WORTHWHILE: Final = 200_000
#: Where Linux says how much of its cores a control group may use.
_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")


def over_blocks(work: Callable[[slice], None], rows: int, *, threads: int | None = None, block: int = BLOCK) -> None:
    """Do some work for every block of rows, in threads where that pays.

    Raises:
        ValueError: for less than one thread, or blocks of less than one row.
    """
    _check(threads=threads, block=block)
    parts = (slice(start, min(start + block, rows)) for start in range(0, rows, block))
    if threads is None:
        threads = cores() if rows >= _WORTHWHILE else 1
    if threads <= 1 or rows <= block:
        with np.errstate(all="ignore"):
            for part in parts:
                work(part)
        return
    numbers = itertools.count()

    def some() -> None:
        # The state of errors belongs to a thread.
        with np.errstate(all="ignore"):
            while (start := next(numbers) * block) < rows:
                work(slice(start, min(start + block, rows)))

    with ThreadPoolExecutor(threads, "icpkit") as pool:
        for done in [pool.submit(some) for _ in range(threads)]:
            done.result()


def _check(**given: Any) -> None:
    for name, value in given.items():
        if value is not None and not (isinstance(value, int) and value >= 1):
            raise ValueError(f"{name} must be a whole number, at least 1 (got {value!r})")


def for_each(work: Callable[[_T], _R], tasks: Iterable[_T], rows: int, *, threads: int | None = None) -> list[_R]:
    """Do some work for each task, such as a column of so many rows, in threads where that pays; results keep the order.

    Args:
        work: what is done; what it raises for the first task that fails is raised.
        tasks: what it is done for.
        rows: how many rows each task is about.
        threads: as for `over_blocks`.

    Raises:
        ValueError: for less than one thread.
    """
    _check(threads=threads)
    if threads is None:
        threads = cores() if rows >= _WORTHWHILE else 1
    if threads <= 1:
        return list(map(work, tasks))
    with ThreadPoolExecutor(threads, "icpkit") as pool:
        return list(pool.map(work, tasks))


def cores() -> int:
    """Count the cores that this process may use: by its affinity, and by the quota of its control group."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([allowed, *_quota()]))


def _quota() -> Iterator[int]:
    """Give the cores that a control group may use, where it says so."""
    try:
        given, period = _QUOTA.read_text(encoding="ascii").split()
        yield int(given) // int(period)
    except (OSError, ValueError):  # no such file, or "max"
        return


@attrs.frozen(eq=False)
class Scratch:
    """Arrays that one block after another writes to: memory that is in use already costs nothing to get.

    Attributes:
        known: the terms that each profile has added up, a row for each.
        match: of the leaf at hand.
        spare: for whoever needs a second array.
        products: what the leaf adds.
        low, high, covered: of the profile at hand.
        codes: of look-ups.
        flags: what is missing.
        bits: the same as bits.
    """

    known: Floats
    match: Floats
    spare: Floats
    products: Floats
    low: Floats
    high: Floats
    covered: Floats
    codes: Places
    flags: Truths
    bits: NDArray[np.uint8]

    @classmethod
    def of(cls, rows: int, profiles: int = 1) -> "Scratch":
        """Make arrays for blocks of so many rows."""
        match, spare, products, low, high, covered = (np.empty(rows) for _ in range(6))
        codes, flags, bits = np.empty(rows, np.intp), np.empty(rows, np.bool_), np.empty(rows, np.uint8)
        return cls(np.empty((profiles, rows)), match, spare, products, low, high, covered, codes, flags, bits)

    def cut(self, rows: int) -> "Scratch":
        """Give the same arrays for a block of fewer rows."""
        if rows == len(self.match):
            return self
        return Scratch(*(array[..., :rows] for array in attrs.astuple(self, recurse=False)))


def lending(work: Callable[[slice, Scratch], None], rows: int, profiles: int = 1) -> Callable[[slice], None]:
    """Lend the work on each block its arrays; threads that work at the same time get their own.

    Args:
        work: what is done for a block.
        rows: the rows of the largest block.
        profiles: how many profiles add up terms.
    """
    free: list[Scratch] = []

    def lent(part: slice) -> None:
        scratch = free.pop() if free else Scratch.of(rows, profiles)
        work(part, scratch.cut(part.stop - part.start))
        free.append(scratch)

    return lent
