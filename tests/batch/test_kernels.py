from typing import Any

import numpy as np
import pytest

import icpkit as icp

DAY = "2026-11-21"


def profile() -> icp.Profile:
    """Give a profile with everything that a block has to compute."""
    demo = icp.Recency("last_demo", half_life=30)
    return icp.Profile(
        "P",
        [
            icp.Dimension("D", [icp.Range("size", 50, 500, soft_low=20, soft_high=900), demo]),
            icp.Dimension("E", [icp.AnyOf(icp.Flag("a"), ~icp.Flag("b"), name="any"), icp.Overlap("t", ["x", "y"])]),
            icp.Dimension("F", [icp.AllOf(icp.Flag("a"), demo, name="all", missing=0.4)]),
        ],
        gates=[icp.Gate(icp.Flag("a"), when_unknown="disqualify"), icp.Gate(icp.Range("size", 1, None))],
        adjustments=[icp.Adjustment(-30, icp.Flag("b")), icp.Adjustment(9, demo)],
        min_coverage=0.2,
    )


def accounts(count: int) -> list[dict[str, Any]]:
    """Give accounts in which everything is at times unknown, and a signal at times invalid."""
    rng = np.random.default_rng(7)
    pools: dict[str, list[Any]] = {
        "size": [None, 10, 30, 100, 700, 2000],
        "last_demo": [None, "2026-11-01", "2026-12-24", "soon", "2026-01-01"],
        "a": [None, True, False, True, True],
        "b": [None, True, False],
        "t": [None, [], ["x"], ["y", "x"]],
    }
    return [{name: pool[rng.integers(len(pool))] for name, pool in pools.items()} for _ in range(count)]


def outcomes(data: Any, **settings: Any) -> list[np.ndarray[Any, Any]]:
    """Give all arrays."""
    many = icp.score_batch(profile(), data, as_of=DAY, on_invalid="unknown", **settings)
    found = many.outcomes
    return [found.fit, found.tier, found.status, found.coverage, found.low, found.high, many.contributions().millionths]


def test_blocks_and_threads_change_nothing() -> None:
    """Whatever the size of a block and the number of threads, the scores are the same, and those of each account."""
    data = accounts(300)
    whole = outcomes(data)
    for settings in ({"block": 1}, {"block": 7}, {"block": 50, "threads": 3}, {"threads": 2}):
        for one, other in zip(outcomes(data, **settings), whole, strict=True):
            assert np.array_equal(one, other, equal_nan=True)
    for row, account in enumerate(data):
        score = icp.score(profile(), account, as_of=DAY, on_invalid="unknown")
        assert (None if np.isnan(whole[0][row]) else whole[0][row]) == score.fit
        assert (whole[3][row], whole[4][row], whole[5][row]) == (score.coverage, score.low, score.high)
        assert [value for value in whole[6][row].tolist() if value] == [
            value for _, value in score.explanation.points if value
        ]


@pytest.mark.parametrize(
    "settings", [{"block": 0}, {"block": -1}, {"block": 1.5}, {"threads": 0}, {"threads": "2"}], ids=str
)
def test_less_than_one_is_refused(settings: dict[str, Any]) -> None:
    """The error names the setting and the value."""
    [(name, value)] = settings.items()
    with pytest.raises(ValueError, match=rf"{name} must be a whole number, at least 1 \(got {value!r}\)"):
        icp.score_batch(profile(), accounts(1), as_of=DAY, on_invalid="unknown", **settings)
