from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.testing import cases
from tests.property.law import law, outcome


@law
@given(cases(invalid=True), st.randoms(use_true_random=False))
def test_the_order_of_criteria_and_dimensions_changes_nothing(
    case: tuple[icp.Profile, dict[str, Any], Any], rng: Any
) -> None:
    """Criteria, dimensions and gates may stand in any order: the outcome is the same, to the last bit."""
    profile, account, as_of = case

    def shuffled(parts: tuple[Any, ...]) -> list[Any]:
        return rng.sample(parts, len(parts))  # type: ignore[no-any-return]  # a source of randomness gives lists

    dimensions = [attrs.evolve(one, criteria=shuffled(one.criteria)) for one in shuffled(profile.dimensions)]
    other = attrs.evolve(profile, dimensions=dimensions, gates=shuffled(profile.gates))
    before = icp.score(profile, account, as_of=as_of, on_invalid="unknown")
    after = icp.score(other, account, as_of=as_of, on_invalid="unknown")
    assert outcome(after) == outcome(before)
    assert other.effective_weights == profile.effective_weights


@law
@given(cases(invalid=True), st.randoms(use_true_random=False))
def test_the_order_of_attributes_and_items_changes_nothing(
    case: tuple[icp.Profile, dict[str, Any], Any], rng: Any
) -> None:
    """The attributes of an account and the items of its lists may come in any order."""
    profile, account, as_of = case
    other = {name: account[name] for name in rng.sample(list(account), len(account))}
    for name, value in other.items():
        if isinstance(value, list | tuple):
            other[name] = rng.sample(value, len(value))
    before = icp.score(profile, account, as_of=as_of, on_invalid="unknown")
    after = icp.score(profile, other, as_of=as_of, on_invalid="unknown")
    assert outcome(after) == outcome(before)
