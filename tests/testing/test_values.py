import math
from datetime import date, datetime
from typing import Any

import pytest

import icpkit as icp
from icpkit import testing, views
from icpkit.testing import UNKNOWNS, domain, leaf_functions

NOW = views.moment("2026-11-21")
CRITERIA = [
    icp.Range("x", 50, 500),
    icp.Range("x", 50, 500, soft_low=25, scale="log"),
    icp.Age("x", at_least=5, soft_at_least=1),
    icp.Bands("x", [(0, 0.5), (10, 1)]),
    icp.OneOf("x", {"Straße": 1, "IT": 0.5}, aliases={"ICT": "IT"}),
    icp.OneOf("x", [1, 2]),
    icp.Ordinal("x", ["low", "high"], at_least="high"),
    icp.Ordinal("x", [1, 2], at_least=2),
    icp.Flag("x"),
    icp.Overlap("x", ["CRM", "Jira"], groups={"CRM": ["HubSpot"]}),
    icp.Recency("x"),
    icp.Recency("x", window=0.3, absent="unknown"),
    icp.Engagement("x", ["demo"]),
    icp.Upcoming("x"),
]


def is_valid(criterion: icp.Criterion, value: Any) -> bool:
    """Tell whether a criterion can read a value."""
    profile = icp.Profile("P", [icp.Dimension("D", [criterion])])
    return not icp.score(profile, {"x": value}, as_of="2026-11-21", on_invalid="unknown").invalid


@pytest.mark.parametrize("criterion", CRITERIA, ids=repr)
def test_what_is_called_valid_is_and_what_is_called_wrong_is_not(criterion: icp.Criterion) -> None:
    """Every single value and item is valid, every wrong value is invalid, and so is a list with one wrong item."""
    found = domain(next(leaf_functions(criterion.value_function())), NOW)
    assert [value for value in found.singles if not is_valid(criterion, value)] == []
    assert [item for item in found.items if not is_valid(criterion, [item])] == []
    assert [value for value in found.wrong if is_valid(criterion, value)] == []
    assert [item for item in found.wrong_items if is_valid(criterion, [item])] == []
    assert len({*map(repr, found.singles), *map(repr, found.items)}) >= 2


@pytest.mark.parametrize("nothing", UNKNOWNS, ids=repr)
def test_unknowns_are_unknown(nothing: Any) -> None:
    """Each of them says nothing."""
    assert views.is_unknown(nothing)


def test_the_next_number_lies_beside_a_hard_edge() -> None:
    """The least number above an edge is tried, and the greatest below."""
    singles = domain(next(leaf_functions(icp.Range("x", 50, None).value_function())), NOW).singles
    assert {50, math.nextafter(50, 0), math.nextafter(50, 100)} <= set(singles)


def test_moments_lie_on_the_edge_of_a_window_and_of_the_day() -> None:
    """The last microsecond of a window, and of the day of `as_of`, are tried."""
    singles = domain(next(leaf_functions(icp.Recency("x", window=30).value_function())), NOW).singles
    naive = {one for one in singles if isinstance(one, datetime) and one.tzinfo is None}
    assert {datetime(2026, 10, 22), datetime(2026, 11, 21, 23, 59, 59, 999_999), datetime(2026, 11, 22)} <= naive
    assert date(2026, 11, 21) in singles


def test_public_names_are_sorted() -> None:
    """`icpkit.testing` names what is public, sorted, and nothing else."""
    assert dir(testing) == sorted(set(testing.__all__))
    assert all(hasattr(testing, name) for name in testing.__all__)
