from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.testing import accounts, criteria, moments
from tests.property.law import alone, law, outcome

PARTS = criteria(weighted=False, depth=1)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[icp.Criterion, icp.Criterion, dict[str, Any], Any]:
    """Give two criteria and an account for both."""
    left, right, as_of = draw(PARTS), draw(PARTS), draw(moments())
    both = alone(icp.AllOf(left, right, name="both"))
    return left, right, draw(accounts(both, as_of=as_of, invalid=True)), as_of


def answers(criterion: icp.Criterion, account: dict[str, Any], as_of: Any) -> list[tuple[object, ...]]:
    """Give what a criterion does as a leaf under both policies, as a gate of both kinds and as an adjustment."""
    asked = icp.AllOf(criterion, name="asked")
    leaf = [icp.Dimension("Leaf", [icp.Flag("known"), asked])]
    lenient, strict = icp.Gate(asked, 0.3), icp.Gate(asked, when_unknown="disqualify")
    profiles = [
        icp.Profile("Skip", leaf, min_coverage=0, gates=[lenient]),
        icp.Profile("Stand in", leaf, min_coverage=0.6, missing=0.4, gates=[strict]),
        alone(icp.Flag("known"), adjustments=[icp.Adjustment(-30, asked)]),
    ]
    given = {**account, "known": True}
    return [outcome(icp.score(profile, given, as_of=as_of, on_invalid="unknown")) for profile in profiles]


@law
@given(pairs())
def test_de_morgan(case: tuple[icp.Criterion, icp.Criterion, dict[str, Any], Any]) -> None:
    """Not both is not one or not the other, and not either is neither: known, unknown or narrowed down."""
    left, right, account, as_of = case
    assert answers(~(left & right), account, as_of) == answers(~left | ~right, account, as_of)
    assert answers(~(left | right), account, as_of) == answers(~left & ~right, account, as_of)


@law
@given(pairs(), PARTS)
def test_nesting_makes_no_difference(
    case: tuple[icp.Criterion, icp.Criterion, dict[str, Any], Any], third: icp.Criterion
) -> None:
    """Combinators of one kind are opened up, and mean the same where a name keeps them closed."""
    left, right, account, as_of = case
    for kind in (icp.AllOf, icp.AnyOf):
        flat = kind(left, right, third)
        assert kind(left, kind(right, third)) == kind(kind(left, right), third) == flat
        closed = kind(left, kind(right, third, name="inner"))
        assert closed != flat
        assert answers(closed, account, as_of) == answers(flat, account, as_of)
        assert answers(kind(third, right, left), account, as_of) == answers(flat, account, as_of)


@law
@given(pairs())
def test_twice_not_is_nothing(case: tuple[icp.Criterion, icp.Criterion, dict[str, Any], Any]) -> None:
    """`~~c` is `c`, and a part that stands twice counts once."""
    left, _, account, as_of = case
    assert ~~left == left
    assert answers(icp.Not(icp.Not(left)), account, as_of) == answers(left, account, as_of)
    for kind in (icp.AllOf, icp.AnyOf):
        assert answers(kind(left, left), account, as_of) == answers(left, account, as_of)
