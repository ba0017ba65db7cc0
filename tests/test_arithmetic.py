import itertools
import math
from datetime import date
from typing import Any

import pytest

from icpkit.criteria import AllOf, AnyOf, Criterion, OneOf, Overlap, Range, Recency
from icpkit.profile import Adjustment, Dimension, Gate, Profile
from icpkit.scoring import Score, score
from icpkit.tiers import TierScale

DAY = date(2026, 11, 21)


def part(attribute: str, **options: Any) -> Range:
    """Give a criterion whose match is the attribute's own value, where that lies between 0 and 1."""
    return Range(attribute, 1, None, soft_low=0, **options)


def profile(*criteria: Criterion, **options: Any) -> Profile:
    """Give a profile of one dimension, D."""
    return Profile("P", [Dimension("D", criteria)], **options)


def scored(which: Profile, account: Any, **options: Any) -> Score:
    """Score an account on DAY."""
    return score(which, account, **{"as_of": DAY, **options})


# Effective weights: a 0.1875, b 0.5625, c 0.25.
TREE = Profile(
    "Tree", [Dimension("D", [part("a"), part("b", weight=3)], weight=3), Dimension("E", [part("c")])], min_coverage=0.25
)


@pytest.mark.parametrize(
    ("account", "fit", "coverage", "low", "high"),
    [
        ({"a": 1, "b": 1, "c": 1}, 100, 1, 100, 100),
        ({"a": 0, "b": 0, "c": 0}, 0, 1, 0, 0),
        ({"a": 1, "b": 0, "c": 1}, 43.75, 1, 43.75, 43.75),
        ({"a": 0.5, "b": 0.25, "c": 1}, 48.4375, 1, 48.4375, 48.4375),  # 9.375 + 14.0625 + 25
        ({"a": 0, "c": 1}, 57.142857, 0.4375, 25, 81.25),  # 0.25 of the 0.4375 that is known
        ({"a": 1, "b": None, "c": 0.5}, 71.428571, 0.4375, 31.25, 87.5),  # 0.3125 of 0.4375
        ({"a": math.nan, "b": 0.5, "c": ""}, 50, 0.5625, 28.125, 71.875),
    ],
)
def test_the_fit_is_a_weighted_mean(
    account: dict[str, Any], fit: float, coverage: float, low: float, high: float
) -> None:
    """The fit is the mean match over what is known of the whole, by effective weight; bounds are on full weight."""
    one = scored(TREE, account)
    assert (one.fit, one.coverage, one.low, one.high) == (fit, coverage, low, high)


@pytest.mark.parametrize(
    ("match", "fit"),
    [(1 / 3, 33.333333), (2 / 3, 66.666667), (0.123456785, 12.345679), (0.12345678, 12.345678), (1e-9, 0)],
)
def test_the_fit_has_six_decimals(match: float, fit: float) -> None:
    """The fit is rounded once, to a millionth of a point."""
    assert scored(profile(part("a")), {"a": match}).fit == fit


def test_a_fit_that_lies_on_a_cut_by_arithmetic_lies_on_it() -> None:
    """What is 80 by arithmetic is 80, in whichever order the criteria stand."""
    weights = {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.15, "e": 0.25}
    account = {"a": 1, "b": 0, "c": 1, "d": 1, "e": 1}  # 0.1 + 0.3 + 0.15 + 0.25
    ones = [
        scored(profile(*(part(name, weight=weights[name]) for name in order)), account)
        for order in itertools.permutations(weights)
    ]
    assert {(one.fit, one.tier) for one in ones} == {(80.0, "Perfect")}


@pytest.mark.parametrize(
    ("fit", "tier"),
    [(80.0, "Perfect"), (79.999999, "Strong"), (79.9999996, "Perfect"), (40.0, "Moderate"), (39.999999, "Weak")],
)
def test_the_tier_is_that_of_the_published_fit(fit: float, tier: str) -> None:
    """A tier is found for the rounded fit."""
    assert scored(profile(part("a")), {"a": fit / 100}).tier == tier


@pytest.mark.parametrize(
    ("policies", "default", "fit", "coverage"),
    # a is a match of 0.5; b is unknown and weighs as much.
    [
        ({}, "skip", 50, 0.5),
        ({}, 0, 25, 0.5),
        ({}, 1, 75, 0.5),
        ({}, 0.3, 40, 0.5),
        ({"missing": 1}, 0, 75, 0.5),
        ({"missing": "skip"}, 0, 50, 0.5),
    ],
)
def test_what_an_unknown_counts_for(policies: dict[str, Any], default: Any, fit: float, coverage: float) -> None:
    """An unknown leaves the whole, or a number stands in; a criterion's own policy goes before the profile's."""
    one = scored(profile(part("a"), part("b", **policies), missing=default), {"a": 0.5})
    assert (one.fit, one.coverage, one.low, one.high) == (fit, coverage, 25, 75)


@pytest.mark.parametrize(("missing", "fit"), [(1, 80), (0.5, 75), (0.25, 70), (0, 70)])
def test_what_stands_in_is_clamped_to_the_reach(missing: float, fit: float) -> None:
    """A stand-in is never a match that the criterion could not have."""
    plain = OneOf("plan", {"pro": 0.6}, otherwise=0.4, missing=missing)
    assert scored(profile(part("a"), plain), {"a": 1}).fit == fit


def test_what_stands_in_is_clamped_to_what_the_known_parts_leave() -> None:
    """A combinator of which something is known is replaced within what is left of it."""
    either = AnyOf(part("b"), part("c"), name="either", missing=0)
    assert scored(profile(part("a"), either), {"a": 1, "b": 0.75}).fit == 87.5


def test_an_absent_signal_is_a_match_of_0_that_is_not_covered() -> None:
    """What never happened counts in the fit and in the bounds as 0, and not in the coverage."""
    one = scored(profile(part("a"), Recency("seen")), {"a": 1, "seen": None})
    assert (one.fit, one.low, one.high, one.coverage) == (50, 50, 50, 0.5)


def test_an_absent_signal_may_be_unknown() -> None:
    """With `absent="unknown"` a signal that is absent is unknown."""
    one = scored(profile(part("a"), Recency("seen", absent="unknown")), {"a": 1, "seen": None})
    assert (one.fit, one.low, one.high, one.coverage) == (100, 50, 100, 0.5)


def test_an_empty_list_is_known() -> None:
    """Looked, none found: an empty list is covered, and no match."""
    one = scored(profile(part("a"), Overlap("tools", ["Slack"])), {"a": 1, "tools": []})
    assert (one.fit, one.low, one.high, one.coverage) == (50, 50, 50, 1)


@pytest.mark.parametrize(
    ("weight", "min_coverage", "status"),
    [
        (1, 0.5, "scored"),
        (1, 0.500000001, "insufficient data"),
        (1.000001, 0.5, "insufficient data"),
        (1, 0, "scored"),
        (1, 1, "insufficient data"),
        (2, 0.333333333, "scored"),  # a third, with nine decimals
        (2, 0.333333334, "insufficient data"),
    ],
)
def test_too_little_data(weight: float, min_coverage: float, status: str) -> None:
    """Below the least coverage, to nine decimals, there is no fit and no tier; but there are bounds."""
    one = scored(profile(part("a"), part("b", weight=weight), min_coverage=min_coverage), {"a": 1})
    fit = 100 if status == "scored" else None
    assert (one.status, one.fit, one.tier) == (status, fit, fit and "Perfect")


def test_bounds_stand_for_every_status() -> None:
    """An account without a fit has bounds and possible tiers."""
    one = scored(profile(part("a"), part("b", weight=3)), {"a": 1})
    assert (one.fit, one.low, one.high, one.possible_tiers, one.certain) == (
        None,
        25,
        100,
        ("Perfect", "Strong", "Moderate", "Weak"),
        False,
    )


@pytest.mark.parametrize(
    ("criterion", "account"),
    [
        (part("a"), {}),
        (part("a", missing=0.5), {}),
        (Recency("seen"), {}),
        (part("a") & part("b"), {}),
        (part("a") & part("b"), {"a": 0.5}),
        (Recency("seen") | Recency("met"), {}),
    ],
    ids=["unknown", "stand-in", "never", "unknown parts", "nothing to weigh", "parts that never happened"],
)
def test_nothing_to_score(criterion: Criterion, account: dict[str, Any]) -> None:
    """Where nothing is present, or nothing counts, there is no fit, however little coverage is asked for."""
    named = criterion if criterion.called else AllOf(criterion, name="it")
    one = scored(profile(named, min_coverage=0), account)
    assert (one.status, one.fit, one.tier) == ("insufficient data", None, None)


@pytest.mark.parametrize(
    ("account", "coverage", "fit", "low", "high"),
    # The combinator is the lesser of a and b, and weighs as much as c, which is 1.
    [
        ({"a": 0.5, "b": 0.25}, 1, 62.5, 62.5, 62.5),
        ({"a": 0, "b": None}, 1, 50, 50, 50),
        ({"a": 0.5, "b": None}, 0.5, 75, 50, 75),  # 100 is limited to what is left
        ({"a": None, "b": None}, 0.5, 100, 50, 100),
    ],
)
def test_a_combinator_is_covered_when_it_is_settled(
    account: dict[str, Any], coverage: float, fit: float, low: float, high: float
) -> None:
    """A combinator is known when nothing unknown could change it, and otherwise unknown within what is left."""
    both = profile(AllOf(part("a"), part("b"), name="both"), part("c"))
    one = scored(both, {**account, "c": 1})
    assert (one.coverage, one.fit, one.low, one.high) == (coverage, fit, low, high)


def test_a_weight_of_zero_has_no_effect() -> None:
    """A criterion of weight 0 moves neither fit nor coverage nor bounds, and its values are not checked."""
    which = profile(part("a"), part("b", weight=0))
    assert {scored(which, {"a": 0.5, "b": value}).to_dict()["fit"] for value in (0, 1, None, "text")} == {50}


@pytest.mark.parametrize(
    ("otherwise", "account", "fit", "limited"),
    [
        # plan can be 0.2 at most: the account cannot have more than (1 + 0.2) / 2.
        (0, {"a": 1}, 60, -40_000_000),
        # plan is 0.1 at least: it cannot have less than (0 + 0.1) / 2.
        (0.1, {"a": 0}, 5, 5_000_000),
    ],
)
def test_the_fit_is_limited_to_what_the_account_can_have(
    otherwise: float, account: dict[str, Any], fit: float, limited: int
) -> None:
    """No account is shown a fit that it cannot have once everything is known."""
    one = scored(profile(part("a"), OneOf("plan", {"pro": 0.2}, otherwise=otherwise)), account)
    assert (one.fit, one.explanation.limited) == (fit, limited)


@pytest.mark.parametrize(
    ("points", "when", "fit", "low", "high"),
    # The fit of the criteria is 90.
    [
        (5, 1, 95, 95, 95),
        (5, 0.5, 92.5, 92.5, 92.5),
        (-20, 1, 70, 70, 70),
        (5, 0, 90, 90, 90),
        (25, 1, 100, 100, 100),
        (-100, 1, 0, 0, 0),
        (5, None, 90, 90, 95),
        (-5, None, 90, 85, 90),
        (100, None, 90, 90, 100),
    ],
)
def test_adjustments(points: float, when: float | None, fit: float, low: float, high: float) -> None:
    """Points are added in proportion to the match and clipped; an unknown adds nothing, and widens the bounds."""
    one = scored(profile(part("a"), adjustments=[Adjustment(points, part("b"))]), {"a": 0.9, "b": when})
    assert (one.fit, one.low, one.high) == (fit, low, high)


@pytest.mark.parametrize(
    ("points", "fit", "low", "high"), [(10, 56, 56, 60), (-10, 44, 40, 44)], ids=["bonus", "malus"]
)
def test_an_adjustment_that_is_partly_known(points: float, fit: float, low: float, high: float) -> None:
    """Of an interval, the end nearest to 0 counts in the fit, and both in the bounds."""
    either = AnyOf(part("b"), part("c"), name="either")
    one = scored(profile(part("a"), adjustments=[Adjustment(points, either)]), {"a": 0.5, "b": 0.6})
    assert (one.fit, one.low, one.high) == (fit, low, high)


def test_an_adjustment_for_what_never_happened_adds_nothing() -> None:
    """A signal that is absent is a match of 0 in an adjustment too."""
    one = scored(profile(part("a"), adjustments=[Adjustment(10, Recency("seen"))]), {"a": 0.5})
    assert (one.fit, one.low, one.high) == (50, 50, 50)


def test_adjustments_are_clipped_together() -> None:
    """Adjustments add up before the sum is clipped to 100, and they need no coverage."""
    adjustments = [Adjustment(30, part("b")), Adjustment(-25, part("c"))]
    one = scored(profile(part("a"), adjustments=adjustments), {"a": 0.9, "b": 1, "c": 1})
    assert (one.fit, one.coverage) == (95, 1)


@pytest.mark.parametrize(
    ("value", "options", "verdict", "status"),
    [
        (1, {}, "passed", "scored"),
        (1 - 1e-10, {}, "passed", "scored"),
        (0.999999999, {}, "failed", "disqualified"),
        (0.5, {"at_least": 0.5}, "passed", "scored"),
        (0.499999999, {"at_least": 0.5}, "failed", "disqualified"),
        (None, {}, "unverified", "scored"),
        (None, {"when_unknown": "disqualify"}, "failed", "disqualified"),
        (0, {"when_unknown": "disqualify"}, "failed", "disqualified"),
        (1, {"when_unknown": "disqualify"}, "passed", "scored"),
    ],
)
def test_gates(value: float | None, options: dict[str, Any], verdict: str, status: str) -> None:
    """Surely below its threshold a gate disqualifies; unknown, it passes unverified, unless it says otherwise."""
    one = scored(profile(part("a"), gates=[Gate(part("b"), **options)]), {"a": 0.9, "b": value})
    assert (one.explanation.gates[0].verdict, one.status, one.fit, one.tier) == (
        verdict,
        status,
        90,
        "Perfect" if status == "scored" else None,
    )


@pytest.mark.parametrize(
    ("gate", "verdict"),
    # b is 0.6, so that what is left of either is [0.6, 1], and of both [0, 0.6].
    [
        (Gate(AnyOf(part("b"), part("c"), name="either"), 0.6), "passed"),
        (Gate(AnyOf(part("b"), part("c"), name="either"), 0.61), "unverified"),
        (Gate(AllOf(part("b"), part("c"), name="both"), 0.61), "failed"),
        (Gate(AllOf(part("b"), part("c"), name="both"), 0.6), "unverified"),
    ],
)
def test_a_gate_that_is_partly_known(gate: Gate, verdict: str) -> None:
    """A gate passes or fails where the least or the greatest match that is left says so."""
    one = scored(profile(part("a"), gates=[gate]), {"a": 1, "b": 0.6})
    assert one.explanation.gates[0].verdict == verdict


def test_a_knock_out_for_what_never_happened() -> None:
    """A signal that never happened fails a gate that asks for it, and passes one that forbids it."""
    gates = [Gate(Recency("demo", window=30)), Gate(~Recency("churned", window=365))]
    one = scored(profile(part("a"), gates=gates), {"a": 1})
    assert [gate.verdict for gate in one.explanation.gates] == ["failed", "passed"]


def test_one_failed_gate_is_enough() -> None:
    """Any gate that fails disqualifies, whatever the others say."""
    gates = [Gate(part("b")), Gate(part("c")), Gate(part("d"))]
    one = scored(profile(part("a"), gates=gates), {"a": 1, "b": 1, "c": 0})
    assert (one.status, [gate.verdict for gate in one.explanation.gates]) == (
        "disqualified",
        ["passed", "failed", "unverified"],
    )


def test_disqualified_outranks_insufficient_data() -> None:
    """An account that is out and of which too little is known is out."""
    one = scored(profile(part("a"), gates=[Gate(part("b"))]), {"b": 0})
    assert (one.status, one.fit, one.tier, one.certain) == ("disqualified", None, None, False)


@pytest.mark.parametrize(
    ("known", "tiers", "certain"),
    [
        ({"a": 1, "b": 1}, ("Perfect",), True),
        ({"a": 1}, ("Perfect", "Strong"), False),
        ({"a": 0}, ("Weak",), True),
        ({"a": 0.5, "b": None}, ("Strong", "Moderate", "Weak"), False),
    ],
)
def test_possible_tiers(known: dict[str, Any], tiers: tuple[str, ...], certain: bool) -> None:
    """The possible tiers are those that the bounds meet; one alone is certain."""
    one = scored(profile(part("a", weight=3), part("b")), known)
    assert (one.possible_tiers, one.certain, one.tier in tiers) == (tiers, certain, True)


def test_other_tiers() -> None:
    """The tier is named by the profile's own scale."""
    assert scored(profile(part("a"), tiers=TierScale.from_cuts({"Go": 70, "Wait": 0})), {"a": 0.7}).tier == "Go"
