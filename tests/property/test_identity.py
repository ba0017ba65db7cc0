import datetime as dt
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.testing import accounts, criteria, moments, profiles, tier_scales
from tests.property.law import law

NAMES = {name: getattr(icp, name) for name in icp.__all__} | {"datetime": dt}


def assert_pasted_back(thing: Any) -> None:
    """Check that a repr makes an equal object with an equal hash."""
    again = eval(repr(thing), dict(NAMES))
    assert again == thing
    assert hash(again) == hash(thing)
    assert repr(again) == repr(thing)


@law
@given(criteria())
def test_a_criterion_can_be_pasted_back(criterion: icp.Criterion) -> None:
    """The repr of a criterion makes it again, and it asks its question in words."""
    assert_pasted_back(criterion)
    assert criterion.describe()
    low, high = criterion.reach
    assert 0 <= low <= high <= 1


@law
@given(tier_scales())
def test_a_tier_scale_can_be_pasted_back(scale: icp.TierScale) -> None:
    """The repr of a tier scale makes it again; every cut opens its own tier."""
    assert_pasted_back(scale)
    assert [scale.tier_of(tier.cut) for tier in scale.tiers] == [tier.name for tier in scale.tiers]


@law
@given(profiles(), moments(), st.data())
def test_a_profile_can_be_pasted_back(profile: icp.Profile, as_of: Any, data: st.DataObject) -> None:
    """The repr of a profile makes it again, with examples and all."""
    example = icp.Example({"employees": 80, "tags": ["a"]}, as_of=as_of, tier=profile.tiers.tiers[0].name)
    assert_pasted_back(data.draw(st.sampled_from((profile, attrs.evolve(profile, examples=[example])))))


@law
@given(profiles(), st.data())
def test_verbs_leave_the_original_as_it_was(profile: icp.Profile, data: st.DataObject) -> None:
    """`with_weight` and `without` give another profile, changed in one place, and keep the first."""
    before, hashed = repr(profile), hash(profile)
    path = data.draw(st.sampled_from(list(profile.effective_weights)))
    heavier = profile.with_weight(path, 41)
    light, heavy = profile[path], heavier[path]
    assert isinstance(light, icp.Criterion)
    assert isinstance(heavy, icp.Criterion)
    assert heavy == light.with_weight(41)
    assert heavier.with_weight(path, light.weight) == profile
    for gone in profile.paths:
        try:
            lighter = profile.without(gone)
        except icp.DefinitionError:
            continue  # the last of its kind, or the last with a weight
        assert gone not in lighter.paths
        assert set(lighter.paths) == {
            known for known in profile.paths if known != gone and not known.startswith(f"{gone}/")
        }
    assert (repr(profile), hash(profile)) == (before, hashed)


@law
@given(profiles(), moments(), st.data())
def test_an_account_is_never_changed(profile: icp.Profile, as_of: Any, data: st.DataObject) -> None:
    """Scoring and explaining leave the account as it was."""
    account = data.draw(accounts(profile, as_of=as_of, invalid=True))
    before = repr(account)
    str(icp.score(profile, account, as_of=as_of, on_invalid="unknown"))
    assert repr(account) == before
