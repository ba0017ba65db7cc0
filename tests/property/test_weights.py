from collections.abc import Callable
from datetime import date
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.testing import cases
from tests.property.law import law, outcome

WHATEVER: tuple[Any, ...] = (
    object(),
    float("inf"),
    2**60,
    "text",
    b"bytes",
    [[[]]],
    {"a": 1},
    date(2026, 1, 1),
    True,
    -1,
    None,
    1j,
)


def reweighted(
    profile: icp.Profile, across: Callable[[float], float], within: Callable[[str, float], float]
) -> icp.Profile:
    """Give a profile with other weights of its dimensions, and within them."""
    dimensions = [
        attrs.evolve(
            dimension,
            weight=across(dimension.weight),
            criteria=[one.with_weight(within(dimension.name, one.weight)) for one in dimension.criteria],
        )
        for dimension in profile.dimensions
    ]
    return attrs.evolve(profile, dimensions=dimensions)


@law
@given(cases(), st.integers(-30, 30), st.integers(-30, 30))
def test_a_power_of_two_scales_weights_exactly(
    case: tuple[icp.Profile, dict[str, Any], Any], across: int, within: int
) -> None:
    """Weights matter by their proportions alone: times a power of two, the effective weights are the same bits."""
    profile, account, as_of = case
    scaled = reweighted(profile, lambda weight: weight * 2.0**across, lambda _, weight: weight * 2.0**within)
    assert scaled.effective_weights == profile.effective_weights
    assert outcome(icp.score(scaled, account, as_of=as_of)) == outcome(icp.score(profile, account, as_of=as_of))


@law
@given(cases(), st.integers(1, 10_000), st.integers(1, 10_000))
def test_a_whole_number_scales_whole_weights_exactly(
    case: tuple[icp.Profile, dict[str, Any], Any], across: int, within: int
) -> None:
    """Whole weights times a whole number are the same weights, whichever dimensions are scaled."""
    profile, account, as_of = case
    first = profile.dimensions[0].name
    whole = reweighted(profile, _whole, lambda _, weight: _whole(weight))
    scaled = reweighted(
        whole, lambda weight: weight * across, lambda name, weight: weight * (within if name == first else 1)
    )
    assert scaled.effective_weights == whole.effective_weights
    assert outcome(icp.score(scaled, account, as_of=as_of)) == outcome(icp.score(whole, account, as_of=as_of))


def _whole(weight: float) -> int:
    return max(1, round(weight)) if weight else 0


@law
@given(cases())
def test_effective_weights_sum_to_exactly_one(case: tuple[icp.Profile, dict[str, Any], Any]) -> None:
    """Effective weights are multiples of 2^-40 and sum to 1, each within one unit of its exact share."""
    weights = case[0].effective_weights.values()
    units = [weight * 2**40 for weight in weights]
    assert all(unit == int(unit) for unit in units)
    assert sum(units) == 2**40


@law
@given(cases(), st.sampled_from(WHATEVER), st.integers(0, 3), st.booleans())
def test_weight_zero_is_without_effect(
    case: tuple[icp.Profile, dict[str, Any], Any], value: Any, place: int, own_dimension: bool
) -> None:
    """A criterion or dimension of weight 0 moves nothing, whatever the account holds there, invalid values included."""
    profile, account, as_of = case
    inert: icp.Criterion = icp.Range("inert", 0, 1, weight=0, missing=1)
    if own_dimension:
        extended = profile.with_dimension(icp.Dimension("Inert", [inert.with_weight(1)], weight=0))
    else:
        extended = profile.with_criterion(profile.dimensions[place % len(profile.dimensions)].name, inert)
    before = icp.score(profile, account, as_of=as_of)
    after = icp.score(extended, {**account, "inert": value}, as_of=as_of)
    assert outcome(after) == outcome(before)
    assert {path: points for path, points in after.explanation.points if not path.endswith("/inert")} == dict(
        before.explanation.points
    )
