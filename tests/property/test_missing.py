from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.testing import UNKNOWNS, accounts, cases, criteria, moments, profiles
from tests.property.law import alone, attribute_of, law, outcome, read, without


def asked_of(criterion: icp.Criterion) -> str:
    """Give the attribute of a criterion that reads only one."""
    return criterion.value_function().attributes[0]


@law
@given(cases(), st.data())
def test_every_unknown_is_the_same(case: tuple[icp.Profile, dict[str, Any], Any], data: st.DataObject) -> None:
    """Absent, None, NaN and blank text say the same: nothing."""
    profile, account, as_of = case
    attribute = data.draw(
        st.sampled_from(sorted(set(map(attribute_of, read(icp.score(profile, {}, as_of=as_of).explanation)))))
    )
    lacking = without(account, attribute)
    expected = outcome(icp.score(profile, lacking, as_of=as_of))
    for nothing in UNKNOWNS:
        assert outcome(icp.score(profile, {**lacking, attribute: nothing}, as_of=as_of)) == expected


@law
@given(cases(), st.data())
def test_unknown_items_of_a_list_are_dropped(
    case: tuple[icp.Profile, dict[str, Any], Any], data: st.DataObject
) -> None:
    """None, NaN and blank text inside a list change nothing."""
    profile, account, as_of = case
    more = {
        name: data.draw(st.permutations([*value, *data.draw(st.lists(st.sampled_from(UNKNOWNS), max_size=2))]))
        for name, value in account.items()
        if isinstance(value, list | tuple)
    }
    first = icp.score(profile, account, as_of=as_of)
    second = icp.score(profile, {**account, **more}, as_of=as_of)
    assert outcome(second) == outcome(first)


@law
@given(st.lists(criteria(depth=0), min_size=1, max_size=5, unique_by=asked_of), moments(), st.data())
def test_invalid_values_are_as_unknown_ones(asked: list[Any], as_of: Any, data: st.DataObject) -> None:
    """With on_invalid="unknown" an account scores as without its invalid values, where one criterion reads each."""
    # A signal is the exception, since it may count as never: what is not understood is unknown, not absent.
    criteria = [
        attrs.evolve(one, name=None, **({"absent": "unknown"} if hasattr(one, "absent") else {})) for one in asked
    ]
    profile = icp.Profile("P", [icp.Dimension("D", [*criteria, icp.Flag("known")])], min_coverage=0)
    account = {**data.draw(accounts(profile, as_of=as_of, invalid=True)), "known": True}
    score = icp.score(profile, account, as_of=as_of, on_invalid="unknown")
    lacking = account
    for offender in score.invalid:
        lacking = without(lacking, offender.attribute)
    assert outcome(icp.score(profile, lacking, as_of=as_of)) == outcome(score)


@law
@given(criteria(depth=0), moments())
def test_what_is_not_understood_is_never_taken_for_never(criterion: icp.Criterion, as_of: Any) -> None:
    """An invalid value leaves the whole reach of its criterion open, that of a signal too."""
    profile = alone(criterion.with_weight(1))
    attribute = asked_of(criterion)
    score = icp.score(profile, {attribute: 1j}, as_of=as_of, on_invalid="unknown")
    low, high = criterion.reach
    assert [offender.attribute for offender in score.invalid] == [attribute]
    assert (score.low, score.high) == (round(100 * low, 6), round(100 * high, 6))


@law
@given(cases(invalid=True))
def test_offenders_are_all_named_or_there_are_none(case: tuple[icp.Profile, dict[str, Any], Any]) -> None:
    """What raises by default is what on_invalid="unknown" lists; without it both give the same score."""
    profile, account, as_of = case
    lenient = icp.score(profile, account, as_of=as_of, on_invalid="unknown")
    if not lenient.invalid:
        assert icp.score(profile, account, as_of=as_of) == lenient
        return
    with pytest.raises(icp.InvalidAccountError) as caught:
        icp.score(profile, account, as_of=as_of)
    assert caught.value.offenders == lenient.invalid
    with pytest.raises(icp.InvalidAccountError) as redacted:
        icp.score(profile, account, as_of=as_of, redact=True)
    assert str(redacted.value).count("\n") == str(caught.value).count("\n")


@law
@given(profiles(), moments())
def test_nothing_known_is_never_a_score(profile: icp.Profile, as_of: Any) -> None:
    """An account without attributes has no fit and no tier, and is covered to nothing."""
    score = icp.score(profile, {}, as_of=as_of)
    assert (score.fit, score.tier) == (None, None)
    assert score.status != "scored"
