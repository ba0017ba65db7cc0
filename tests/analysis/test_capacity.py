from typing import Any

import pytest

import icpkit as icp
from icpkit.analysis.capacity import TierLoad, checked_capacity, loads_of

DAY = "2026-11-21"


def scored(tiers: dict[str, float], values: list[float]) -> icp.Scores:
    """Score accounts whose fits are these values."""
    asked = icp.Dimension("D", [icp.Range("x", 100, None, soft_low=0)])
    return icp.score_batch(icp.Profile("P", [asked], tiers=icp.TierScale.from_cuts(tiers)), {"x": values}, as_of=DAY)


def test_tiers_before_and_after() -> None:
    """Each tier has its counts, the certain among them, and the capacity that somebody gave."""
    before, after = (scored({"Go": cut, "Wait": 0}, [10, 60, 90]) for cut in (50, 70))
    go, wait = loads_of(before, after, {"Go": 3})
    assert (go.name, go.before, go.after, go.certain_before, go.certain_after, go.capacity) == ("Go", 2, 1, 2, 1, 3)
    assert (go.over, wait.over) == (-2, None)


def test_tiers_with_other_names() -> None:
    """The new profile's tiers come first, then those that it lacks; what a profile lacks is None, not 0."""
    loads = loads_of(scored({"A": 50, "C": 0}, [60]), scored({"B": 50, "C": 0}, [60]), {"B": 0})
    assert [(one.name, one.before, one.after, one.over) for one in loads] == [
        ("B", None, 1, 1),
        ("C", 0, 0, None),
        ("A", 1, None, None),
    ]
    assert TierLoad("A", 1, None, 1, None, capacity=2).over is None


def test_capacity_is_read() -> None:
    """A mapping of tiers to whole numbers is taken, and none means nobody said."""
    profile = icp.standard_profile()
    assert checked_capacity(None, profile) == {}
    assert checked_capacity({"Perfect": 0, "Weak": 12}, profile) == {"Perfect": 0, "Weak": 12}


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"Perfekt": 1}, ValueError, r"names a tier 'Perfekt' that 'Standard' does not have; did you mean 'Perfect'\?"),
        ({"A": 1}, ValueError, "'Standard' does not have; its tiers are Perfect, Strong, Moderate, Weak"),
        ({3: 1}, ValueError, "capacity names a tier 3 that 'Standard' does not have"),
        ({"Perfect": -1}, ValueError, r"capacity of 'Perfect' must be at least 0 \(got -1\)"),
        ({"Perfect": 1.5}, TypeError, r"capacity of 'Perfect' must be a whole number \(got 1\.5\)"),
        ({"Perfect": True}, TypeError, r"capacity of 'Perfect' must be a whole number \(got True\)"),
        (200, TypeError, r'capacity must be a mapping of tiers, such as \{"Perfect": 200\} \(got 200\)'),
    ],
)
def test_what_is_no_capacity(given: Any, error: type[Exception], message: str) -> None:
    """An unknown tier and what is no number of accounts are errors with the way out."""
    with pytest.raises(error, match=message):
        checked_capacity(given, icp.standard_profile())
