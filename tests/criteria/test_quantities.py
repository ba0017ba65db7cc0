import math
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import icpkit as icp
from icpkit.criteria import Age, Bands, Criterion, Range
from icpkit.errors import DefinitionError, InvalidAccountError
from icpkit.profile import Dimension, Profile
from icpkit.scoring import score

DAY = date(2026, 11, 21)
# 400 Gregorian years are 146,097 days, which is exactly 400 * 365.2425.
FOUR_CENTURIES_AGO = date(1626, 11, 21)


def points(criterion: Criterion, value: Any) -> float | None:
    """Give the match in points, 0 to 100, or None where the value is unknown."""
    profile = Profile("P", [Dimension("D", [criterion])], min_coverage=0)
    return score(profile, {"x": value}, as_of=DAY).fit


def just_below(value: float) -> float:
    """Give the next smaller float."""
    return math.nextafter(value, -math.inf)


def just_above(value: float) -> float:
    """Give the next greater float."""
    return math.nextafter(value, math.inf)


@pytest.mark.parametrize(
    ("criterion", "value", "expected"),
    [
        (Range("x", 50, 500), just_below(50.0), 0),
        (Range("x", 50, 500), 50, 100),
        (Range("x", 50, 500), 500, 100),
        (Range("x", 50, 500), just_above(500.0), 0),
        (Range("x", None, 500), -1e9, 100),
        (Range("x", None, 500), 501, 0),
        (Range("x", 50, None), 49, 0),
        (Range("x", 50, None), 2**53, 100),
        (Range("x", 5, 5), 5.0, 100),
        (Range("x", 5, 5), 5.5, 0),
    ],
)
def test_range_includes_its_ends(criterion: Criterion, value: float, expected: float) -> None:
    """Both ends belong to a range, what lies beyond a hard end does not, and None leaves an end open."""
    assert points(criterion, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(24, 0), (25, 0), (37.5, 50), (45, 80), (50, 100), (500, 100), (600, 80), (750, 50), (1000, 0), (1001, 0)],
)
def test_soft_edges_fall_in_a_straight_line(value: float, expected: float) -> None:
    """From an end to its soft edge the match falls linearly from 1 to 0, and stays there."""
    assert points(Range("x", 50, 500, soft_low=25, soft_high=1000), value) == expected


@pytest.mark.parametrize(
    ("criterion", "value", "expected"),
    [
        (Range("x", 50, 500, soft_low=0), 25, 50),
        (Range("x", 50, 500, soft_low=0), 501, 0),
        (Range("x", 50, 500, soft_high=1000), 49, 0),
        (Range("x", 50, 500, soft_high=1000), 750, 50),
        (Range("x", None, 500, soft_high=1000), -7, 100),
        (Range("x", 50, None, soft_low=0), 10**9, 100),
    ],
)
def test_one_soft_edge_leaves_the_other_end_as_it_is(criterion: Criterion, value: float, expected: float) -> None:
    """An end without a soft edge of its own falls at once, or is open."""
    assert points(criterion, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    # 50 is half the way from 25 to 100 in factors of 2, and 800 from 400 to 1600.
    [(-5, 0), (0, 0), (5e-324, 0), (25, 0), (50, 50), (100, 100), (400, 100), (800, 50), (1600, 0), (1e300, 0)],
)
def test_log_scale_falls_per_factor(value: float, expected: float) -> None:
    """On a log scale soft edges fall evenly per factor, and values that have no logarithm lie below every edge."""
    assert points(Range("x", 100, 400, scale="log", soft_low=25, soft_high=1600), value) == expected


@pytest.mark.parametrize(
    ("criterion", "value", "expected"),
    [
        (Range("x", None, 400, scale="log"), 0, 100),
        (Range("x", None, 400, scale="log"), -1, 100),
        (Range("x", 100, None, scale="log"), 0, 0),
        (Range("x", 100, None, scale="log"), 100, 100),
        (Range("x", 100, 400, scale="log", soft_high=1600), 99, 0),
        (Range("x", 100, 400, scale="log", soft_high=1600), 800, 50),
        (Range("x", 100, 400, scale="log", soft_low=25), 401, 0),
        (Range("x", 100, 400, scale="log", soft_low=25), 50, 50),
        (Range("x", 100, None, scale="log", soft_low=25), 1e9, 100),
        (Range("x", None, 400, scale="log", soft_high=1600), -3, 100),
    ],
)
def test_log_scale_with_hard_and_open_ends(criterion: Criterion, value: float, expected: float) -> None:
    """A hard end on a log scale falls at once, and an open end takes in everything, negative values too."""
    assert points(criterion, value) == expected


def test_a_log_match_is_a_multiple_of_two_to_the_minus_30() -> None:
    """A match that passed through a logarithm is quantised."""
    low, high = Range("x", 100, None, scale="log", soft_low=25), {"x": 70}
    profile = Profile("P", [Dimension("D", [low])])
    found = score(profile, high, as_of=DAY).explanation.criteria[0].match
    assert found == math.floor((1 - math.log(100 / 70) / math.log(4)) * 2**30 + 0.5) / 2**30


@pytest.mark.parametrize(
    "value",
    [320, 320.0, Decimal(320), Fraction(320), np.int64(320), np.float32(320), np.float64(320), np.uint8(60)],
    ids=repr,
)
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_all_kinds_of_numbers_are_numbers(value: Any, scale: Any) -> None:
    """Whatever library a finite number comes from, it is read as a number."""
    assert points(Range("x", 50, 500, soft_high=1000, scale=scale), value) == 100


@pytest.mark.parametrize("width", [3.0, 49.0, 98.0, 103.0, 1e-3])
@pytest.mark.parametrize("side", ["low", "high"])
def test_the_match_at_a_soft_edge_is_exactly_0(side: str, width: float) -> None:
    """At its soft edge a match is 0 and not nearly so, whatever the width (1 / 49 * 49 is less than 1)."""
    soft, edge = (0, width) if side == "low" else (width, 0)
    criterion = Range("x", edge, None, soft_low=soft) if side == "low" else Range("x", None, edge, soft_high=soft)
    profile = Profile("P", [Dimension("D", [criterion])])
    assert score(profile, {"x": soft}, as_of=DAY).explanation.criteria[0].low == 0.0


@pytest.mark.parametrize("scale", ["linear", "log"])
@pytest.mark.parametrize("value", [None, math.nan, np.nan, np.float32("nan"), Decimal("nan"), Decimal("sNaN"), " "])
def test_an_unknown_number(value: Any, scale: Any) -> None:
    """None, any NaN and blank text are unknown on every scale."""
    assert points(Range("x", 50, 500, soft_low=25, scale=scale), value) is None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("320", "text where a number belongs"),
        (True, "a bool where a number belongs"),
        (np.True_, "a bool where a number belongs"),
        (math.inf, "an infinite number"),
        (np.float64("-inf"), "an infinite number"),
        (Decimal("Infinity"), "an infinite number"),
        (Fraction(10**400), "an infinite number"),
        (2**53 + 1, "an integer beyond 2^53, which a float cannot hold"),
        (-(2**53) - 1, "an integer beyond 2^53, which a float cannot hold"),
        (np.uint64(2**63), "an integer beyond 2^53, which a float cannot hold"),
        ([320], "a list where a number belongs"),
        (320j, "a complex where a number belongs"),
        (DAY, "a date where a number belongs"),
    ],
)
def test_a_value_that_is_no_number_is_invalid(value: Any, reason: str) -> None:
    """Everything else is invalid, with the reason."""
    with pytest.raises(InvalidAccountError) as caught:
        points(Range("x", 50, 500), value)
    assert [offender.reason for offender in caught.value.offenders] == [reason]


RANGES_THAT_CANNOT_BE: dict[str, tuple[dict[str, Any], str, Any, str]] = {
    "blank attribute": (
        {"attribute": " "},
        "attribute",
        " ",
        "Range.attribute must be text that is not blank (got ' ')",
    ),
    "attribute that is no text": (
        {"attribute": 7},
        "attribute",
        7,
        "Range.attribute must be text that is not blank (got 7)",
    ),
    "text": ({"low": "50"}, "low", "50", "Range.low must be a number (got '50')"),
    "bool": ({"high": True}, "high", True, "Range.high must be a number (got True)"),
    "infinity": ({"high": math.inf}, "high", math.inf, "Range.high must be a finite number within ±2^53 (got inf)"),
    "too great an integer": (
        {"high": 2**53 + 1},
        "high",
        2**53 + 1,
        "Range.high must be a finite number within ±2^53 (got 9007199254740993)",
    ),
    "both ends open": ({"low": None, "high": None}, "low", None, "Range.low or high must be given (got None)"),
    "soft edge of an open end": (
        {"high": None, "soft_high": 700},
        "soft_high",
        700,
        "Range.soft_high needs high, from which it falls (got 700)",
    ),
    "ends in the wrong order": ({"low": 600}, "high", 500, "Range.high must be >= Range.low (got low=600, high=500)"),
    "soft edge at its lower end": (
        {"soft_low": 50},
        "soft_low",
        50,
        "Range.soft_low must be < Range.low (got low=50, soft_low=50)",
    ),
    "soft edge at its upper end": (
        {"soft_high": 500},
        "soft_high",
        500,
        "Range.soft_high must be > Range.high (got high=500, soft_high=500)",
    ),
    "zero on a log scale": (
        {"low": 0, "scale": "log"},
        "low",
        0,
        "Range.low must be > 0 on a log scale (got 0)",
    ),
    "negative soft edge on a log scale": (
        {"soft_low": -1, "scale": "log"},
        "soft_low",
        -1,
        "Range.soft_low must be > 0 on a log scale (got -1)",
    ),
    "soft edge without a finite slope": (
        {"low": 1e-310, "soft_low": 0},
        "soft_low",
        0,
        "Range.soft_low must lie farther from low (got 0)",
    ),
    "misspelt scale": (
        {"scale": "lgo"},
        "scale",
        "lgo",
        "Range.scale must be one of 'linear', 'log' (got 'lgo')\n\nHint: did you mean 'log'?",
    ),
    "scale that is no text": ({"scale": 10}, "scale", 10, "Range.scale must be one of 'linear', 'log' (got 10)"),
}


@pytest.mark.parametrize(
    ("options", "field", "value", "sentence"), RANGES_THAT_CANNOT_BE.values(), ids=RANGES_THAT_CANNOT_BE
)
def test_a_range_that_cannot_be(options: dict[str, Any], field: str, value: Any, sentence: str) -> None:
    """A range that contradicts itself is refused, naming field and value."""
    with pytest.raises(DefinitionError) as caught:
        Range(**{"attribute": "x", "low": 50, "high": 500, **options})
    error = caught.value
    assert (error.owner, error.field, error.value, str(error)) == ("Range", field, value, sentence)


def test_soft_edges_too_far_apart_are_refused() -> None:
    """A soft edge so far away that its distance is no finite number has no slope."""
    with pytest.raises(DefinitionError) as caught:
        Range("x", 1e308, None, soft_low=-1e308)
    assert caught.value.field == "soft_low"


def test_numbers_of_a_range_become_plain() -> None:
    """Numbers of other libraries become ints and floats, and minus zero becomes zero."""
    numbers: Any = (np.int64(50), np.float64(500.5), Fraction(1, 4), -0.0)
    made = [
        Range("x", numbers[0], numbers[1]).low,
        Range("x", numbers[0], numbers[1]).high,
        Range("x", numbers[2], None).low,
        Range("x", numbers[3], None).low,
    ]
    assert repr(made) == "[50, 500.5, 0.25, 0.0]"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2021, 100),  # 5 years
        (2021.0, 100),
        (np.int64(2021), 100),
        (Decimal(2021), 100),
        (2022, 50),  # 4 years, half the way from 3 to 5
        (2023, 0),
        (2016, 100),  # 10 years
        (2011, 50),  # 15 years, half the way from 10 to 20
        (2006, 0),
        (1, 0),
    ],
)
def test_the_age_from_a_year(value: Any, expected: float) -> None:
    """A year number counts calendar years: the year of as_of minus it."""
    age = Age("x", at_least=5, at_most=10, soft_at_least=3, soft_at_most=20)
    assert points(age, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (FOUR_CENTURIES_AGO, 100),
        ("1626-11-21", 100),
        ("1626-11-21T00:00:00Z", 100),
        (date(1626, 11, 22), 0),
        ("1626-11-21T00:00:01Z", 0),
    ],
)
def test_the_age_from_a_date(value: Any, expected: float) -> None:
    """A date, a moment, or the ISO text of one, counts days over 365.2425."""
    assert points(Age("x", at_least=400), value) == expected


def test_the_age_of_a_company_founded_today_is_zero() -> None:
    """The day of as_of itself is no time in the future, whatever the hour."""
    newborn = Age("x", at_most=0)
    assert [points(newborn, value) for value in (DAY, "2026-11-21T23:59Z", 2026)] == [100, 100, 100]


@pytest.mark.parametrize("value", [2027, "2026-11-22", date(2027, 1, 1), None, "", math.nan])
def test_an_age_after_as_of_is_unknown(value: Any) -> None:
    """A founding after as_of is unknown, as is one that is not given."""
    assert points(Age("x", at_least=5), value) is None


@pytest.mark.parametrize(("value", "ignored"), [(2027, 1), ("2027-01-01", 1), (2026, 0), (None, 0)])
def test_a_founding_after_as_of_is_counted(value: Any, ignored: int) -> None:
    """A founding after as_of is left out, and told."""
    profile = Profile("P", [Dimension("D", [Age("x", at_least=5)])])
    assert score(profile, {"x": value}, as_of=DAY).explanation.ignored == ignored


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (0, "a number that is no year"),
        (10_000, "a number that is no year"),
        (2013.5, "a number that is no year"),
        (math.inf, "an infinite number"),
        (True, "a bool where a number belongs"),
        (" 2013 ", "text where a year belongs, which is a number"),
        ("20133", "text that is no ISO 8601 date"),
        ([2013], "a list where a date belongs"),
    ],
)
def test_a_value_that_is_no_founding_is_invalid(value: Any, reason: str) -> None:
    """What is neither a year nor a date is invalid, with the reason."""
    with pytest.raises(InvalidAccountError) as caught:
        points(Age("x", at_least=5), value)
    assert [offender.reason for offender in caught.value.offenders] == [reason]


AGES_THAT_CANNOT_BE: dict[str, tuple[dict[str, Any], str, Any, str]] = {
    "negative": ({"at_least": -1}, "at_least", -1, "Age.at_least must be >= 0 (got -1)"),
    "no end": ({"at_least": None}, "at_least", None, "Age.at_least or at_most must be given (got None)"),
    "order": ({"at_most": 3}, "at_most", 3, "Age.at_most must be >= Age.at_least (got at_least=5, at_most=3)"),
    "soft edge": (
        {"soft_at_least": 6},
        "soft_at_least",
        6,
        "Age.soft_at_least must be < Age.at_least (got at_least=5, soft_at_least=6)",
    ),
}


@pytest.mark.parametrize(
    ("options", "field", "value", "sentence"), AGES_THAT_CANNOT_BE.values(), ids=AGES_THAT_CANNOT_BE
)
def test_an_age_that_cannot_be(options: dict[str, Any], field: str, value: Any, sentence: str) -> None:
    """An age that contradicts itself is refused, with its own field names."""
    with pytest.raises(DefinitionError) as caught:
        Age("x", **{"at_least": 5, **options})
    error = caught.value
    assert (error.owner, error.field, error.value, str(error)) == ("Age", field, value, sentence)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(-1e9, 25), (just_below(10.0), 25), (10, 50), (just_below(20.0), 50), (20, 100), (1e9, 100), (None, None)],
)
def test_bands_are_half_open(value: float | None, expected: float | None) -> None:
    """A band holds its start and not the next one's; below the first start it is `otherwise`."""
    assert points(Bands("x", [(10, 0.5), (20, 1)], otherwise=0.25), value) == expected


def test_bands_are_0_below_the_first_start_by_default() -> None:
    """Without `otherwise`, what lies below every band matches not at all."""
    assert points(Bands("x", [(10, 0.5)]), 9) == 0


def test_bands_reach_from_the_least_to_the_greatest_match() -> None:
    """The reach of bands takes in `otherwise`."""
    assert Bands("x", [(10, 0.5), (20, 0.9)], otherwise=0.25).reach == (0.25, 0.9)


BANDS_THAT_CANNOT_BE: dict[str, tuple[dict[str, Any], str, Any, str]] = {
    "empty": ({"bands": []}, "bands", (), "Bands.bands must be a list of (edge, match) pairs (got ())"),
    "text": ({"bands": "ab"}, "bands", "ab", "Bands.bands must be a list of (edge, match) pairs (got 'ab')"),
    "mapping": (
        {"bands": {10: 1}},
        "bands",
        {10: 1},
        "Bands.bands must be a list of (edge, match) pairs (got {10: 1})",
    ),
    "no pair": ({"bands": [10]}, "bands", 10, "Bands.bands must hold only (edge, match) pairs (got 10)"),
    "three of a pair": (
        {"bands": [(1, 2, 3)]},
        "bands",
        (1, 2, 3),
        "Bands.bands must hold only (edge, match) pairs (got (1, 2, 3))",
    ),
    "edge": ({"bands": [("a", 1)]}, "bands", "a", "Bands.bands must be a number (got 'a')"),
    "match": ({"bands": [(10, 1.5)]}, "bands", 1.5, "Bands.bands must have matches between 0 and 1 (got 1.5)"),
    "order": (
        {"bands": [(10, 0.5), (10, 1)]},
        "bands",
        ((10, 0.5), (10, 1)),
        "Bands.bands must rise from edge to edge, but 10 comes before 10 (got ((10, 0.5), (10, 1)))",
    ),
    "otherwise": ({"otherwise": -0.5}, "otherwise", -0.5, "Bands.otherwise must be between 0 and 1 (got -0.5)"),
}


@pytest.mark.parametrize(
    ("options", "field", "value", "sentence"), BANDS_THAT_CANNOT_BE.values(), ids=BANDS_THAT_CANNOT_BE
)
def test_bands_that_cannot_be(options: dict[str, Any], field: str, value: Any, sentence: str) -> None:
    """Bands that contradict themselves are refused, naming field and value."""
    with pytest.raises(DefinitionError) as caught:
        Bands("x", **{"bands": [(10, 1)], **options})
    error = caught.value
    assert (error.owner, error.field, error.value, str(error)) == ("Bands", field, value, sentence)


@pytest.mark.parametrize(
    ("criterion", "text"),
    [
        (Range("x", 50, 500), "x: 50 to 500"),
        (Range("x", 50, None), "x: at least 50"),
        (Range("x", None, 5e5), "x: at most 500,000"),
        (Range("x", 5, 5), "x: exactly 5"),
        (Range("x", 50, 500, soft_low=25), "x: 50 to 500 (0 at 25)"),
        (Range("x", 50, 500, soft_low=25, soft_high=1000), "x: 50 to 500 (0 at 25 and 1,000)"),
        (Range("x", 50, 500, scale="log"), "x: 50 to 500"),
        (Range("x", 50, 500, scale="log", soft_high=1000), "x: 50 to 500 (0 at 1,000), log scale"),
        (Age("x", at_least=5), "x: at least 5 years old"),
        (Age("x", at_least=5, at_most=10), "x: 5 to 10 years old"),
        (Bands("x", [(1000, 0.5), (2000, 1)]), "x: by bands: from 1,000: 0.5, from 2,000: 1, below: 0"),
    ],
)
def test_quantities_describe_themselves(criterion: Criterion, text: str) -> None:
    """A criterion about a number says in plain words what it asks."""
    assert criterion.describe() == text


def test_a_whole_number_of_mean_years_is_whole() -> None:
    """A founding exactly seven mean years ago is seven years ago, and not a bit more."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Age("founded", at_most=7)])])
    account = {"founded": "2019-04-27T01:30:36Z"}
    assert icp.score(profile, account, as_of="2026-04-26T18:15:00Z").fit == 100.0
