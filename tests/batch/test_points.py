import random
from typing import Any

import numpy as np
import pytest

import icpkit as icp
from icpkit.batch.leaves import leaf_of
from icpkit.batch.moments import moments_of
from icpkit.batch.plan import ask_of
from icpkit.batch.points import points_of
from tests.batch.cases import a_profile, same_as_reference

SIZE = icp.Range("size", 50, 500, soft_low=20, soft_high=900)
SEEN = icp.Recency("seen", half_life=30)
POOLS: dict[str, list[Any]] = {
    "size": [None, 10, 30, 100, 700, 2000],
    "seen": [None, "2026-11-01", "2026-12-24", "soon", "2026-01-01"],
    "b2b": [None, True, False],
    "tier": ["A", "b ", None, "C"],
}


def accounts(count: int) -> list[dict[str, Any]]:
    """Give accounts in which everything is at times unknown, and a signal at times invalid."""
    rng = random.Random(3)
    return [{name: rng.choice(pool) for name, pool in POOLS.items()} for _ in range(count)]


@pytest.mark.parametrize("missing", ["skip", 0, 0.3, 1])
@pytest.mark.parametrize("min_coverage", [0, 0.5])
def test_points_are_those_of_the_explanations(missing: Any, min_coverage: float) -> None:
    """Stand-ins, signals never seen and invalid ones, combinations, adjustments and limits add what they add to one."""
    profile = a_profile(
        SIZE,
        icp.Recency("seen", half_life=30, missing=0.4, weight=3),
        icp.OneOf("tier", {"a": 1, "b": 0.3}, otherwise=0.1),
        icp.Range("size", 10, None, weight=0, name="weighs nothing"),
        icp.AnyOf(icp.Flag("b2b"), SEEN, name="either", missing=0.7),
        icp.AllOf(icp.Flag("b2b"), SIZE, name="both"),
        adjustments=[icp.Adjustment(-30, icp.Flag("b2b")), icp.Adjustment(45, SIZE)],
        missing=missing,
        min_coverage=min_coverage,
    )
    same_as_reference(profile, accounts(200))


def test_blocks_and_threads_change_nothing() -> None:
    """However the rows are cut, each column is the same; a row stands for each step."""
    profile = a_profile(SIZE, SEEN, adjustments=[icp.Adjustment(5, icp.Flag("b2b"))])
    batch = icp.encode(accounts(101), profile)
    ask, now = ask_of(profile), moments_of("2026-11-21", 101)
    leaves = {one: leaf_of(one, batch.columns[one.attribute], now) for one in ask.functions}
    whole = points_of(ask, leaves.__getitem__, 101)
    assert whole.shape == (5, 101)
    assert whole.dtype == np.int32
    for block, threads in ((1, 1), (7, 3), (50, 2)):
        cut = points_of(ask, leaves.__getitem__, 101, batch.memory, threads=threads, block=block)
        assert np.array_equal(cut, whole)


def test_what_weighs_nothing_adds_nothing() -> None:
    """A criterion of weight 0 has a column of zeros among those that add."""
    profile = a_profile(icp.Range("size", 10, None, weight=0, name="nothing"), SIZE)
    parts = icp.score_batch(profile, {"size": [100, 700, None]}, as_of="2026-11-21").contributions()
    assert parts["d/nothing"].tolist() == [0, 0, 0]
    assert parts.millionths.sum(axis=1).tolist() == [100_000_000, 50_000_000, 0]
    with pytest.raises(ValueError, match="read-only"):
        parts.millionths[0, 0] = 1
