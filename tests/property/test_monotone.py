from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.testing import cases
from tests.property.law import law

MATCHES = st.sampled_from((0, 0.1, 0.3, 0.5, 1 / 3, 0.7, 0.999999, 1)) | st.floats(0, 1)


def probe(lower: float, higher: float, *, table: bool) -> tuple[icp.Criterion, Any, Any]:
    """Give a criterion with two matches, and a value for each."""
    if table:
        return icp.OneOf("the probe", {"worse": lower, "better": higher, "best": 1}), "worse", "better"
    return icp.Bands("the probe", [(1, lower), (2, higher), (3, 1)]), 1, 2


@law
@given(cases(), st.data())
def test_a_higher_match_never_lowers_the_fit(
    case: tuple[icp.Profile, dict[str, Any], Any], data: st.DataObject
) -> None:
    """A better match of any one criterion lowers neither fit nor bounds, and worsens no tier."""
    profile, account, as_of = case
    lower, higher = sorted((data.draw(MATCHES), data.draw(MATCHES)))
    criterion, worse, better = probe(lower, higher, table=data.draw(st.booleans()))
    dimension = data.draw(st.sampled_from(profile.dimensions))
    replaced = data.draw(st.sampled_from(dimension.criteria))
    weighted = attrs.evolve(criterion, name=replaced.called, weight=replaced.weight, missing=replaced.missing)
    changed = profile.with_criterion(dimension.name, weighted)
    first = icp.score(changed, {**account, "the probe": worse}, as_of=as_of)
    second = icp.score(changed, {**account, "the probe": better}, as_of=as_of)
    assert first.low <= second.low
    assert first.high <= second.high
    assert (first.status, first.coverage) == (second.status, second.coverage)
    assert (first.fit is None) == (second.fit is None)
    if first.fit is not None and second.fit is not None:
        assert first.fit <= second.fit
        tiers = [None, *(tier.name for tier in reversed(profile.tiers.tiers))]
        assert tiers.index(first.tier) <= tiers.index(second.tier)


@law
@given(cases(), st.data())
def test_an_adjustment_moves_the_fit_its_own_way(
    case: tuple[icp.Profile, dict[str, Any], Any], data: st.DataObject
) -> None:
    """A better match of an adjustment raises the fit where its points are positive, and lowers it where not."""
    profile, account, as_of = case
    lower, higher = sorted((data.draw(MATCHES), data.draw(MATCHES)))
    criterion, worse, better = probe(lower, higher, table=data.draw(st.booleans()))
    points = data.draw(st.sampled_from((-100, -15, -0.1, 0.1, 10, 100)))
    changed = profile.with_adjustment(icp.Adjustment(points, criterion))
    first = icp.score(changed, {**account, "the probe": worse}, as_of=as_of)
    second = icp.score(changed, {**account, "the probe": better}, as_of=as_of)
    if points < 0:
        first, second = second, first
    assert first.low <= second.low
    assert first.high <= second.high
    assert first.fit is None or second.fit is None or first.fit <= second.fit


@law
@given(cases(), st.data())
def test_a_gate_changes_nothing_but_the_verdict(
    case: tuple[icp.Profile, dict[str, Any], Any], data: st.DataObject
) -> None:
    """A gate that fails disqualifies whatever the fit, and one that passes changes nothing at all."""
    profile, account, as_of = case
    passed = data.draw(st.booleans())
    plain = icp.score(profile, account, as_of=as_of)
    gated = profile.with_gate(icp.Gate(icp.Flag("the probe")))
    score = icp.score(gated, {**account, "the probe": passed}, as_of=as_of)
    numbers = (plain.fit, plain.coverage, plain.low, plain.high)
    assert (score.fit, score.coverage, score.low, score.high) == numbers
    expected = (plain.status, plain.tier) if passed else ("disqualified", None)
    assert (score.status, score.tier) == expected
