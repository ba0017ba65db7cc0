from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.testing import accounts, cases, moments, profiles
from tests.property.law import attribute_of, law, read, without

MISSING = object()


@st.composite
def completions(draw: st.DrawFn) -> tuple[icp.Profile, dict[str, Any], dict[str, Any], Any]:
    """Give an account, and the same with some of its unknowns known.

    A signal that never happened is a fact, and stays; so does what one criterion knows and another does not.
    """
    profile, as_of = draw(profiles()), draw(moments())
    account = draw(accounts(profile, as_of=as_of, invalid=draw(st.booleans())))
    other = draw(accounts(profile, as_of=as_of))
    results = list(read(icp.score(profile, account, as_of=as_of, on_invalid="unknown").explanation))
    settled = {attribute_of(one) for one in results if one.state != "unknown"}
    completed = account
    for attribute in sorted({attribute_of(one) for one in results} - settled):
        value = look_up(other, attribute)
        if value is not MISSING:
            completed = {**without(completed, attribute), attribute: value}
    return profile, account, completed, as_of


def look_up(account: dict[str, Any], attribute: str) -> Any:
    """Read an attribute, perhaps in a nested record."""
    first, _, rest = attribute.partition(".")
    return (
        account[attribute] if attribute in account else account.get(first, {}).get(rest, MISSING) if rest else MISSING
    )


@law
@given(completions())
def test_every_completion_lies_within_the_bounds(case: tuple[icp.Profile, dict[str, Any], dict[str, Any], Any]) -> None:
    """Whatever the unknowns turn out to be: fit, low and high lie within low and high, the tier is a possible one."""
    profile, account, completed, as_of = case
    before = icp.score(profile, account, as_of=as_of, on_invalid="unknown")
    after = icp.score(profile, completed, as_of=as_of, on_invalid="unknown")
    assert before.low <= after.low <= after.high <= before.high
    assert after.fit is None or before.low <= after.fit <= before.high
    assert after.tier is None or after.tier in before.possible_tiers
    assert set(after.possible_tiers) <= set(before.possible_tiers)


@law
@given(cases(invalid=True))
def test_fit_and_tier_are_possible(case: tuple[icp.Profile, dict[str, Any], Any]) -> None:
    """The fit lies within its bounds, all within 0 to 100, and the tier is among the possible tiers, in their order."""
    profile, account, as_of = case
    score = icp.score(profile, account, as_of=as_of, on_invalid="unknown")
    assert 0 <= score.low <= score.high <= 100
    assert score.fit is None or score.low <= score.fit <= score.high
    assert score.fit is not None or score.tier is None
    assert score.tier is None or score.tier in score.possible_tiers
    names = [tier.name for tier in profile.tiers.tiers]
    assert list(score.possible_tiers) == [name for name in names if name in score.possible_tiers]


@law
@given(cases())
def test_full_knowledge_leaves_no_room(case: tuple[icp.Profile, dict[str, Any], Any]) -> None:
    """Where every criterion and adjustment is known, low, fit and high are one number and the tier is certain."""
    profile, account, as_of = case
    score = icp.score(profile, account, as_of=as_of)
    weighed = [one for one in score.explanation.criteria if one.share]
    extras = [one.result for one in score.explanation.adjustments]
    if all(one.state == "known" for one in (*weighed, *extras)) and score.fit is not None:
        assert score.low == score.fit == score.high
        assert len(score.possible_tiers) == 1
        assert score.coverage == 1
