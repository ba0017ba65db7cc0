import math
from datetime import date
from typing import Any

import attrs
import pytest

from icpkit.errors import DefinitionError
from icpkit.tiers import Cohort, Tier, TierScale

DAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("fit", "tier", "letter"),
    [
        (100.0, "Perfect", "A"),
        (80.0, "Perfect", "A"),
        (79.999999, "Strong", "B"),
        (60.0, "Strong", "B"),
        (59.999999, "Moderate", "C"),
        (40.0, "Moderate", "C"),
        (39.999999, "Weak", "D"),
        (0.0, "Weak", "D"),
    ],
)
def test_standard_tiers_are_half_open(fit: float, tier: str, letter: str) -> None:
    """A tier holds its cut and not the next one's, under words and under letters."""
    assert [TierScale.standard().tier_of(fit), TierScale.a_to_d().tier_of(fit)] == [tier, letter]


@pytest.mark.parametrize(
    ("fit", "tier"), [(75.0, "Primary"), (74.999999, "Secondary"), (50.0, "Secondary"), (49.0, "Tertiary")]
)
def test_primary_to_tertiary(fit: float, tier: str) -> None:
    """The scale of three starts at 75, 50 and 0."""
    assert TierScale.primary_to_tertiary().tier_of(fit) == tier


def test_letters_differ_in_the_names_alone() -> None:
    """The letters have the cuts, colours and actions of the standard scale."""
    tiers = zip("ABCD", TierScale.standard().tiers, strict=True)
    assert TierScale.a_to_d().tiers == tuple(attrs.evolve(tier, name=letter) for letter, tier in tiers)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (55.0, 55.0, ["Moderate"]),
        (55.0, 80.0, ["Perfect", "Strong", "Moderate"]),
        (55.0, 79.999999, ["Strong", "Moderate"]),
        (60.0, 100.0, ["Perfect", "Strong"]),
        (0.0, 100.0, ["Perfect", "Strong", "Moderate", "Weak"]),
    ],
)
def test_the_tiers_that_an_interval_meets(low: float, high: float, expected: list[str]) -> None:
    """A tier is possible when its band meets [low, high], the best first; a cut belongs to the tier above."""
    assert list(TierScale.standard().between(low, high)) == expected


def test_a_scale_from_cuts_in_any_order() -> None:
    """Cuts are sorted, the best first."""
    assert TierScale.from_cuts({"Wait": 0, "Go": 70, "Now": 90.5}) == TierScale(
        [Tier("Now", 90.5), Tier("Go", 70), Tier("Wait", 0)]
    )


@pytest.mark.parametrize(
    ("fits", "shares", "cuts"),
    [
        # Half of four are two: the second best is the cut.
        ([60, 90, 70, 80], {"A": 0.5, "B": 0.5}, [80, 0]),
        # A share that no whole number of accounts makes is reached by the next: 0.3 of 4 by two.
        ([90, 80, 70, 60], {"A": 0.3, "B": 0.7}, [80, 0]),
        # A tie lies in the upper tier as a whole.
        ([90, 80, 80, 60], {"A": 0.5, "B": 0.5}, [80, 0]),
        # 0.1 + 0.2 is exactly 0.3: three of ten, and not four.
        ([10, 20, 30, 40, 50, 60, 70, 80, 90, 100], {"A": 0.1, "B": 0.2, "C": 0.7}, [100, 80, 0]),
        # Accounts without a fit are not counted.
        ([90, None, 80, math.nan, 70, 60], {"A": 0.25, "B": 0.25, "C": 0.5}, [90, 80, 0]),
        ([55.5], {"All": 1}, [0]),
    ],
)
def test_cuts_from_quantiles(fits: list[float | None], shares: dict[str, float], cuts: list[float]) -> None:
    """A cut is the greatest observed fit that the shares down to its tier reach; the last tier begins at 0."""
    scale = TierScale.from_quantiles(fits, shares, as_of=DAY)
    assert [(tier.name, tier.cut) for tier in scale.tiers] == list(zip(shares, cuts, strict=True))


def test_quantiles_remember_their_cohort() -> None:
    """A scale from quantiles keeps how many fits it was cut on, and when."""
    assert TierScale.from_quantiles([90.0, None, 50.0], {"A": 0.5, "B": 0.5}, as_of=DAY).cohort == Cohort(2, DAY)


QUANTILES_THAT_CANNOT_BE: dict[str, tuple[list[float | None], dict[str, Any], str, str]] = {
    "shares of more than all": (
        [90, 80],
        {"A": 0.5, "B": 0.6},
        "shares",
        "TierScale.shares must be above 0 and sum to 1 (got {'A': 0.5, 'B': 0.6})",
    ),
    "share of nothing": (
        [90, 80],
        {"A": 0, "B": 1},
        "shares",
        "TierScale.shares must be above 0 and sum to 1 (got {'A': 0, 'B': 1})",
    ),
    "no shares": ([90, 80], {}, "shares", "TierScale.shares must be above 0 and sum to 1 (got {})"),
    "no fits": (
        [None, math.nan],
        {"A": 1},
        "shares",
        "TierScale.shares need a cohort with at least one fit (got {'A': 1})",
    ),
    "ties that leave a tier without a cut": (
        [80, 80, 80, 80],
        {"A": 0.25, "B": 0.25, "C": 0.5},
        "tiers",
        "TierScale.tiers must have falling cuts, but 'B' at 80.0 follows 'A' at 80.0 (got Tier('B', 80.0))",
    ),
}


@pytest.mark.parametrize(
    ("fits", "shares", "field", "sentence"), QUANTILES_THAT_CANNOT_BE.values(), ids=QUANTILES_THAT_CANNOT_BE
)
def test_quantiles_that_cannot_be(fits: list[float | None], shares: dict[str, Any], field: str, sentence: str) -> None:
    """Shares are above 0 and sum to 1, and the cohort has a cut for each tier."""
    with pytest.raises(DefinitionError) as caught:
        TierScale.from_quantiles(fits, shares, as_of=DAY)
    assert (caught.value.field, str(caught.value)) == (field, sentence)


TIERS_THAT_CANNOT_BE: dict[str, tuple[dict[str, Any], str, str]] = {
    "blank name": ({"name": " "}, "name", "Tier.name must be text that is not blank (got ' ')"),
    "cut below 0": ({"cut": -1}, "cut", "Tier.cut must be between 0 and 100 (got -1)"),
    "cut above 100": ({"cut": 100.5}, "cut", "Tier.cut must be between 0 and 100 (got 100.5)"),
    "text": ({"cut": "80"}, "cut", "Tier.cut must be a number (got '80')"),
    "seven decimals": ({"cut": 79.9999999}, "cut", "Tier.cut must have at most 6 decimals (got 79.9999999)"),
    "colour by name": ({"color": "green"}, "color", "Tier.color must be a hex colour such as '#1a7f37' (got 'green')"),
    "colour without #": (
        {"color": "1a7f37"},
        "color",
        "Tier.color must be a hex colour such as '#1a7f37' (got '1a7f37')",
    ),
    "colour of four digits": (
        {"color": "#1a7f"},
        "color",
        "Tier.color must be a hex colour such as '#1a7f37' (got '#1a7f')",
    ),
    "colour that is no number": (
        {"color": "#1a7g37"},
        "color",
        "Tier.color must be a hex colour such as '#1a7f37' (got '#1a7g37')",
    ),
    "blank action": ({"action": ""}, "action", "Tier.action must be text that is not blank (got '')"),
}


@pytest.mark.parametrize(("options", "field", "sentence"), TIERS_THAT_CANNOT_BE.values(), ids=TIERS_THAT_CANNOT_BE)
def test_a_tier_that_cannot_be(options: dict[str, Any], field: str, sentence: str) -> None:
    """A tier has a name, a cut of at most six decimals and, if any, a hex colour."""
    with pytest.raises(DefinitionError) as caught:
        Tier(**{"name": "Perfect", "cut": 80, **options})
    error = caught.value
    assert (error.owner, error.field, error.value, str(error)) == ("Tier", field, options[field], sentence)


SCALES_THAT_CANNOT_BE: dict[str, tuple[Any, str]] = {
    "no list": (Tier("A", 0), "must be a list of tiers (got Tier('A', 0))"),
    "no tiers": (["A"], "must hold only tiers (got 'A')"),
    "none": ([], "must not be empty (got ())"),
    "rising": (
        [Tier("A", 40), Tier("B", 60), Tier("C", 0)],
        "must have falling cuts, but 'B' at 60 follows 'A' at 40 (got Tier('B', 60))",
    ),
    "equal": (
        [Tier("A", 40), Tier("B", 40), Tier("C", 0)],
        "must have falling cuts, but 'B' at 40 follows 'A' at 40 (got Tier('B', 40))",
    ),
    "name twice": (
        [Tier("A", 40), Tier("a ", 0)],
        "must have distinct names, but 'A' and 'a ' are one (got Tier('a ', 0))",
    ),
    "open below": ([Tier("A", 40)], "must end with a tier that begins at 0, but 'A' begins at 40 (got Tier('A', 40))"),
}


@pytest.mark.parametrize(("tiers", "problem"), SCALES_THAT_CANNOT_BE.values(), ids=SCALES_THAT_CANNOT_BE)
def test_a_scale_that_cannot_be(tiers: Any, problem: str) -> None:
    """A scale has tiers of distinct names, whose cuts fall to 0."""
    with pytest.raises(DefinitionError) as caught:
        TierScale(tiers)
    assert (caught.value.owner, caught.value.field, str(caught.value)) == (
        "TierScale",
        "tiers",
        f"TierScale.tiers {problem}",
    )


def test_a_cohort_is_one() -> None:
    """The cohort of a scale is a Cohort or None."""
    cohort: Any = (4, DAY)
    with pytest.raises(TypeError):
        TierScale([Tier("All", 0)], cohort=cohort)


def test_tiers_show_the_call_that_makes_them() -> None:
    """The repr of a scale can be pasted back."""
    scale = TierScale.standard()
    assert (eval(repr(scale)), repr(scale.tiers[0])) == (
        scale,
        "Tier('Perfect', 80, color='#1a7f37', action='all resources')",
    )


@pytest.mark.parametrize("part", [TierScale.standard(), Tier("A", 0), Cohort(1, DAY)], ids=repr)
def test_tiers_are_frozen_and_hashable(part: Any) -> None:
    """Tiers, scales and cohorts cannot be changed, and may be keys."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        part.name = "other"
    assert {part: "found"}[part] == "found"


def test_cuts_are_a_mapping() -> None:
    """A list of names has no cuts, and the error shows what has."""
    with pytest.raises(DefinitionError, match="must be a mapping from name to cut"):
        TierScale.from_cuts(["Go", "Wait"])  # type: ignore[arg-type]


def test_a_cohort_has_a_whole_number_of_accounts() -> None:
    """Half an account is none."""
    half: Any = 1.5
    with pytest.raises(DefinitionError, match=r"^Cohort\.size must be a whole number \(got 1\.5\)"):
        Cohort(half, as_of=date(2026, 11, 1))
