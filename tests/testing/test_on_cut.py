import random
from fractions import Fraction
from typing import Any

import pytest

import icpkit as icp
from icpkit.testing import on_cut_cases


@pytest.mark.no_cover
def test_the_cases_are_on_the_cut_by_exact_arithmetic() -> None:
    """The generator keeps its word: the decimal text of weights, matches and points gives the cut in fractions."""
    for case in on_cut_cases(5, 300):
        assert exact_fit(case.profile, case.account) == as_written(case.cut)


@pytest.mark.no_cover
def test_the_cases_are_of_many_kinds() -> None:
    """Unknowns, adjustments, several dimensions and every kind of match are common among the cases."""
    cases = list(on_cut_cases(6, 1000))
    asked = [[one for dimension in case.profile.dimensions for one in dimension.criteria] for case in cases]
    assert (
        sum(
            len(case.account) < len(some) + len(case.profile.adjustments)
            for case, some in zip(cases, asked, strict=True)
        )
        > 300
    )
    assert sum(bool(case.profile.adjustments) for case in cases) > 200
    assert sum(len(case.profile.dimensions) > 1 for case in cases) > 500
    assert {type(one) for some in asked for one in some} == {icp.Bands, icp.OneOf, icp.Ordinal, icp.Range}
    assert len({case.cut for case in cases}) > 8


def test_a_seed_gives_the_same_cases_again() -> None:
    """The same seed gives the same cases, and a source of randomness goes on where it was."""
    assert list(on_cut_cases(3, 20)) == list(on_cut_cases(random.Random(3), 20))
    rng = random.Random(3)
    assert list(on_cut_cases(rng, 7)) != list(on_cut_cases(rng, 7))


def as_written(number: float) -> Fraction:
    """Give a number as its decimal text says."""
    return Fraction(str(number))


def exact_fit(profile: icp.Profile, account: dict[str, Any]) -> Fraction:
    """Compute a fit in fractions, from decimals as they are written; unknowns are left out."""
    numerator = denominator = Fraction(0)
    for dimension in profile.dimensions:
        siblings = sum(as_written(one.weight) for one in dimension.criteria)
        for one in dimension.criteria:
            value = account.get(str(one.called))
            if value is not None:
                share = as_written(dimension.weight) * as_written(one.weight) / siblings
                numerator += share * exact_match(one, value)
                denominator += share
    fit = 100 * numerator / denominator
    return fit + sum(as_written(one.points) * exact_match(one.when, account[one.name]) for one in profile.adjustments)


def exact_match(criterion: icp.Criterion, value: Any) -> Fraction:
    """Compute a match in fractions."""
    if isinstance(criterion, icp.Bands):
        return [as_written(match) for start, match in criterion.bands if start <= value][-1]
    if isinstance(criterion, icp.OneOf):
        return next(as_written(match) for key, match in criterion.values if icp.fold(key) == icp.fold(value))
    if isinstance(criterion, icp.Ordinal):
        return as_written(dict(criterion.matches)[value])
    assert isinstance(criterion, icp.Range)
    x, inner = as_written(value), criterion.high if criterion.low is None else criterion.low
    outer = criterion.soft_high if criterion.low is None else criterion.soft_low
    assert inner is not None
    assert outer is not None
    return (x - as_written(outer)) / (as_written(inner) - as_written(outer))
