"""What the kernels make of leaves: every way in which answers, policies, gates and adjustments meet."""

import itertools
import random
from typing import Any

import attrs
import numpy as np
import pytest

import icpkit as icp
from icpkit.batch.blocks import over_blocks
from icpkit.batch.kernels import assumed_of, ranks
from tests.batch.cases import a_profile, outcomes, same_as_reference

#: Other tests take every branch; these see that all meet as they should.
pytestmark = pytest.mark.no_cover

POLICIES: tuple[Any, ...] = ("skip", 0, 0.3, 1)
SIZE = icp.Range("size", 50, 500, soft_low=0, soft_high=1000)
SEEN = icp.Recency("seen", half_life=30)
MET = icp.Recency("met", window=30, absent="unknown")
TOOLS = icp.TechOverlap("tools", ["Slack", "Jira"])
B2B = icp.Flag("b2b")
#: For each attribute a value, one of the wrong kind or not to be seen yet, and one that says nothing.
VALUES: dict[str, tuple[Any, ...]] = {
    "size": (25.0, "many", None),
    "seen": ("2026-11-01", "soon", None),
    "met": ("2026-11-20", "2030-01-01", None),
    "tools": (["Slack"], 7, None),
    "b2b": (True, False, "yes", None),
}


def every_account(*names: str) -> list[dict[str, Any]]:
    """Give every account that some attributes can make."""
    return [dict(zip(names, values, strict=True)) for values in itertools.product(*(VALUES[name] for name in names))]


def read_by(criterion: icp.Criterion) -> list[str]:
    """Give the attributes that a criterion reads."""
    return list(criterion.value_function().attributes)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("own", [None, 0.7])
def test_what_is_unknown_counts_as_the_policy_says(policy: Any, own: Any) -> None:
    """Unknown, invalid and never differ under every policy, of the profile and of a criterion."""
    criteria = (attrs.evolve(SIZE, weight=3, missing=own), SEEN, attrs.evolve(MET, weight=0.1), TOOLS, B2B)
    for least in (0, 0.5, 1):
        profile = a_profile(*criteria, missing=policy, min_coverage=least)
        same_as_reference(profile, every_account(*VALUES)[::2])


@pytest.mark.parametrize("policy", POLICIES)
def test_a_signal_that_never_happened_is_none_that_is_invalid(policy: Any) -> None:
    """absent="never" makes a signal 0 and not covered; an invalid one is unknown."""
    alone = a_profile(SEEN, missing=policy)
    same_as_reference(alone, every_account("seen"))
    same_as_reference(alone, [{"seen": "2026-11-01"}, {"seen": "soon"}])
    same_as_reference(alone, every_account("seen"), keep=True)
    same_as_reference(a_profile(SEEN, SIZE, missing=policy), every_account("seen", "size"), block=1)


COMBINED: dict[str, icp.Criterion] = {
    "all": icp.AllOf(SIZE, SEEN, name="c"),
    "any": icp.AnyOf(SIZE, SEEN, MET, name="c"),
    "not": icp.Not(SEEN, name="c"),
    "not size": icp.Not(SIZE, name="c"),
    "the same attribute": icp.AllOf(icp.Range("size", 10, None, soft_low=0), icp.Not(SIZE), name="c"),
    "the same twice": icp.AnyOf(SIZE, SIZE, name="c"),
    "nested": icp.AnyOf(icp.AllOf(SIZE, icp.Not(icp.AnyOf(SEEN, B2B))), icp.Not(MET), name="c"),
    "one": icp.AllOf(B2B, name="c"),
}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("combined", COMBINED.values(), ids=COMBINED)
def test_combinations(combined: icp.Criterion, policy: Any) -> None:
    """Combinations of what is known, unknown, invalid and never have the reference's ends, alone and beside others."""
    accounts = every_account(*read_by(combined))
    same_as_reference(a_profile(combined, missing=policy), accounts)
    beside = a_profile(combined, attrs.evolve(SIZE, weight=0.3), missing=policy)
    same_as_reference(beside, every_account(*dict.fromkeys([*read_by(combined), "size"])))
    same_as_reference(a_profile(TOOLS, gates=[icp.Gate(combined, 0.5)], missing=policy), accounts)
    same_as_reference(a_profile(SIZE, adjustments=[icp.Adjustment(-15, combined)], missing=policy), accounts)


@pytest.mark.parametrize("when_unknown", ["pass", "disqualify"])
@pytest.mark.parametrize("least", [1, 0.5, 0.000000001, 0.999999999])
def test_gates(when_unknown: Any, least: float) -> None:
    """Gates on what is known, unknown, invalid and never let pass whom the reference lets pass."""
    for criterion in (B2B, SIZE, SEEN, MET, TOOLS, icp.Not(icp.Range("size", 0, 25, soft_high=26), name="small")):
        gate = icp.Gate(criterion, least, when_unknown=when_unknown)
        same_as_reference(a_profile(SIZE, gates=[gate]), every_account(*read_by(criterion)))
        same_as_reference(a_profile(SIZE, gates=[gate]), [{"size": 25.0}, {"size": 25.0000000004}, {"size": 26}])
    several = [icp.Gate(B2B, when_unknown=when_unknown), icp.Gate(SEEN, least), icp.Gate(SIZE, 0.5)]
    same_as_reference(a_profile(TOOLS, gates=several), every_account("b2b", "seen", "size", "tools"))


@pytest.mark.parametrize("policy", POLICIES)
def test_adjustments_are_clipped_and_limited(policy: Any) -> None:
    """Points that leave 0 to 100 are clipped; what is unknown keeps the fit within its bounds."""
    for points in ((-15, 10), (100, -100), (0.1, 1 / 3), (-100, -100), (100, 100)):
        adjustments = [
            icp.Adjustment(points[0], icp.AllOf(SIZE, B2B, name="both")),
            icp.Adjustment(points[1], SEEN),
        ]
        profile = a_profile(attrs.evolve(SIZE, weight=2), TOOLS, adjustments=adjustments, missing=policy)
        same_as_reference(profile, every_account("size", "b2b", "seen", "tools"))


def test_weights_of_nothing() -> None:
    """What weighs nothing is not asked, unless a gate or an adjustment asks it; its values are not judged."""
    dimensions = [
        icp.Dimension("A", [attrs.evolve(SIZE, weight=0), TOOLS]),
        icp.Dimension("B", [B2B], weight=0),
        icp.Dimension("C", [SEEN, attrs.evolve(MET, weight=1e-3)], weight=0.01),
    ]
    profile = icp.Profile("P", dimensions, min_coverage=0)
    same_as_reference(profile, every_account(*VALUES))
    gated = attrs.evolve(profile, gates=[icp.Gate(B2B)], adjustments=[icp.Adjustment(5, SIZE)])
    same_as_reference(gated, every_account(*VALUES))


@pytest.mark.parametrize("count", [1, 7, 8, 9, 16, 17, 60])
@pytest.mark.parametrize("policy", ["skip", 0.3])
def test_any_number_of_criteria_may_be_missing(count: int, policy: Any) -> None:
    """Criteria share bytes of patterns, and none is taken for another."""
    rng = random.Random(count)
    criteria: list[icp.Criterion] = []
    for place in range(count):
        signal = icp.Recency(f"a{place}", steps=[(1, 1), (30, 1 / 3)], absent="never", weight=1 + place % 5 / 10)
        size = icp.Range(f"a{place}", 1, 5, soft_high=9, missing=rng.choice((None, 0.1, 1)))
        criteria.append((size, signal, attrs.evolve(signal, absent="unknown"))[place % 3])
    values = ((3, 6.5, "x", None), ("2026-11-20", "2026-11-01", "soon", None))
    accounts = [{f"a{place}": rng.choice(values[place % 3 > 0]) for place in range(count)} for _ in range(60)]
    profile = a_profile(*criteria, missing=policy)
    same_as_reference(profile, accounts)
    same_as_reference(profile, accounts, block=7, threads=2)


def test_more_tiers_than_a_byte_holds() -> None:
    """A scale of 300 tiers has a place for each."""
    cuts = [round(cut / 3, 6) for cut in range(299, -1, -1)]
    tiers = icp.TierScale([icp.Tier(f"From {cut}", cut) for cut in cuts])
    same_as_reference(a_profile(icp.Range("size", 100, None, soft_low=0), tiers=tiers), [{"size": cut} for cut in cuts])


def test_ranks_of_fits_on_cuts() -> None:
    """A fit on a cut lies in the tier that begins there."""
    fits = np.array([100.0, 80.0, 79.999999, 60.0, 0.0, np.nan])
    assert ranks(icp.TierScale.standard(), fits).tolist() == [0, 0, 1, 1, 3, 0]


@pytest.mark.parametrize(("policy", "expected"), [("skip", None), (0, [0.0, 0.5]), (0.3, [0.2, 0.5]), (1, [0.2, 1.0])])
def test_what_stands_in_lies_between_the_ends(policy: Any, expected: list[float] | None) -> None:
    """A policy's number is limited to what the match can still be."""
    found = assumed_of(policy, np.array([0.0, 0.5]), np.array([0.2, 1.0]))
    assert (None if found is None else found.tolist()) == expected


@pytest.mark.parametrize("threads", [None, 1, 2, 3])
@pytest.mark.parametrize("block", [1, 7, 100, 101])
@pytest.mark.parametrize("count", [0, 1, 100])
def test_every_row_is_worked_on_once(threads: int | None, block: int, count: int) -> None:
    """Blocks cover the rows, each once, whatever the threads."""
    seen = np.zeros(count, int)

    def work(part: slice) -> None:
        assert 0 < part.stop - part.start <= block
        seen[part] += 1

    over_blocks(work, count, threads=threads, block=block)
    assert (seen == 1).all()


def test_numpy_warns_of_nothing() -> None:
    """No value makes numpy warn, in a thread neither: not infinities, not values beside 0."""
    values = [0.0, 5e-324, -0.0, 1e308, -1e308, float("inf"), 2.0**53, None, -1.0]
    criteria = [
        icp.Range("x", 1, 5, soft_low=0.5, scale="log", name="log"),
        icp.Range("x", 1e-300, None, soft_low=0, name="steep"),
        icp.Bands("x", [(0, 1)], name="bands"),
    ]
    found = outcomes(
        same_as_reference(a_profile(*criteria), [{"x": value} for value in values] * 3, block=2, threads=3)
    )
    assert found[:9] == found[9:18] == found[18:]
