"""The oracle itself, against cases computed by hand."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from icpkit.criteria import (
    Age,
    AllOf,
    Bands,
    Criterion,
    Engagement,
    Flag,
    OneOf,
    Ordinal,
    Overlap,
    Range,
    Recency,
    Upcoming,
)
from icpkit.profile import Adjustment, Dimension, Gate, Profile
from tests.parity.oracle import InvalidInput, Result, _effective_weights, score

DAY = date(2026, 11, 21)


def profile(*criteria: Criterion, **options: Any) -> Profile:
    """Give a profile of one dimension, d, for which any coverage is enough."""
    return Profile("P", [Dimension("D", criteria)], **{"min_coverage": 0, **options})


def match(criterion: Criterion, value: Any, as_of: Any = DAY) -> float | None:
    """Give the fit, in points, of a profile of one criterion that reads the attribute x."""
    fit = score(profile(criterion), {"x": value}, as_of).fit
    return None if fit is None else fit / 1e6


def test_range() -> None:
    """Soft edges fall linearly, ends are inclusive, hard ends fall at once; a log edge, per factor."""
    soft = Range("x", 50, 500, soft_low=25, soft_high=1000)
    assert [match(soft, x) for x in (25, 37.5, 50, 500, 750, 1001)] == [0, 50, 100, 100, 50, 0]
    assert [match(Range("x", 50, None), x) for x in (49, 50, 10**9)] == [0, 100, 100]
    log = Range("x", 100, 400, scale="log", soft_low=25, soft_high=1600)
    assert [match(log, x) for x in (-1, 0, 25, 50, 100, 400, 800, 1600)] == [0, 0, 0, 50, 100, 100, 50, 0]
    assert match(Range("x", None, 400, scale="log"), -1) == 100


def test_age() -> None:
    """A year counts calendar years, a date days over 365.2425; a founding after as_of is unknown."""
    age = Age("x", at_least=4, soft_at_least=0)
    assert [match(age, x) for x in (2022, 2024.0, 2026, 2027)] == [100, 50, 0, None]
    assert match(age, DAY - timedelta(days=100)) == pytest.approx(100 * 100 / 365.2425 / 4, abs=1e-6)
    assert match(age, "2026-11-21T23:00Z") == 0
    assert match(age, "2026-11-22") is None


def test_bands_and_ordinals() -> None:
    """A band holds its start and not the next; levels are folded, from at_least on they match."""
    bands = Bands("x", [(10, 0.5), (20, 1)], otherwise=0.25)
    assert [match(bands, x) for x in (9, 10, 19.9, 20)] == [25, 50, 50, 100]
    stage = Ordinal("x", ["Seed", "A", "B"], at_least="A")
    assert [match(stage, x) for x in ("seed", " a ", "B")] == [0, 100, 100]
    matches: Any = {1: 0.25, 2: 1}
    assert match(Ordinal("x", [1, 2], matches=matches), 1.0) == 25
    with pytest.raises(InvalidInput):
        match(stage, "C")


def test_one_of() -> None:
    """The best item counts; aliases apply after folding; the longest prefix wins."""
    industry = OneOf("x", {"Software": 1, "IT": 0.5}, otherwise=0.25, aliases={"SaaS": "software"})
    assert [match(industry, x) for x in (" SAAS", "it", "?", ["?", "IT", None], [])] == [100, 50, 25, 50, 25]
    codes = OneOf("x", {"51": 0.5, "5112": 1}, prefix=True)
    assert [match(codes, x) for x in ("511", "51121", "5", "62")] == [50, 100, 0, 0]
    assert [match(OneOf("x", {1: 1, 2: 0.5}), x) for x in (1.0, [2, 3], 3)] == [100, 50, 0]


def test_overlap() -> None:
    """Groups count by any member and a member also as itself; every mode counts distinct labels."""
    share = Overlap("x", {"CRM": 2, "Jira": 1, "Salesforce": 1}, groups={"CRM": ["Salesforce", "HubSpot"]})
    assert [match(share, x) for x in (["hubspot"], ["SALESFORCE"], ["jira", "Jira "], [])] == [50, 75, 25, 0]
    satisfies = Overlap("x", ["A", "B"], mode="satisfies", groups={"B": ["b1"]})
    assert [match(satisfies, x) for x in (["a", "A", "c"], ["b1", "b"], [])] == [50, 100, 100]
    two = Overlap("x", ["A", "B", "C"], mode="at_least", k=2)
    assert [match(two, x) for x in (["a"], ["a", "c"])] == [0, 100]
    with pytest.raises(InvalidInput):
        match(two, "a")


def test_recency() -> None:
    """Every shape, the latest signal, and what lies after as_of."""
    day = timedelta(days=1)
    assert [match(Recency("x"), x) for x in (DAY, DAY - 30 * day, [DAY - 60 * day, DAY + day])] == [
        100,
        50,
        25,
    ]
    assert match(Recency("x", linear=10), DAY - 4 * day) == 60
    window = Recency("x", window=7)
    assert [match(window, DAY - 7 * day), match(window, "2026-11-13T23:59:59.999999")] == [100, 0]
    steps = Recency("x", steps=[(7, 1), (30, 0.25)])
    assert [match(steps, DAY - n * day) for n in (7, 8, 30, 31)] == [100, 25, 25, 0]
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert match(Recency("x", linear=1), DAY, noon) == 50
    assert match(Recency("x", absent="unknown"), "2026-11-21T12:00:00.000001", noon) is None


def test_engagement() -> None:
    """Events fade, are capped one by one and in sum; other kinds are nothing; bad strengths are invalid."""
    events = Engagement("x", {"Demo": 2, "mail": 1}, target=8)
    past = DAY - timedelta(days=30)
    assert match(events, [("demo", DAY), {"kind": "MAIL", "at": past, "strength": 4}, ("call", DAY)]) == 50
    assert match(events, [("demo", DAY, 100)]) == 100
    assert match(events, []) == 0
    with pytest.raises(InvalidInput):
        match(events, [("call", DAY, -1)])
    assert match(events, [("demo", DAY), ("demo", DAY + timedelta(days=1), -1)]) == 25


def test_upcoming() -> None:
    """Whole days ahead; today is a full match, whatever the hour; the past is none."""
    soon = Upcoming("x", within=10)
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    values = ("2026-11-20", "2026-11-21T01:00", "2026-11-25T23:00", "2026-12-01")
    assert [match(soon, x, noon) for x in values] == [0, 100, 60, 0]


def test_unknown_leaves_the_whole() -> None:
    """A skipped criterion renormalises; the fit stays within the bounds, and coverage says what was known."""
    result = score(profile(Flag("a", weight=3), Flag("b")), {"a": True, "b": " "}, DAY)
    assert (result.fit, result.low, result.high) == (100_000_000, 75_000_000, 100_000_000)
    assert (result.coverage, result.possible_tiers) == (Fraction(3, 4), ("Perfect", "Strong"))


def test_missing_policy_is_clamped_to_the_interval() -> None:
    """A number stands in for an unknown match, but not beyond what the known parts leave."""
    plain = OneOf("a", {"x": 0.25}, otherwise=0.5, missing=1)
    assert score(profile(Flag("k"), plain), {"k": 1}, DAY).contributions["d/a"] == 25_000_000
    both = AllOf(Flag("a"), Bands("b", [(1, 1), (2, 0.25)]), name="both", missing=0.75)
    assert score(profile(Flag("k"), both), {"k": 1, "b": 2}, DAY).contributions["d/both"] == 12_500_000


def test_never_happened() -> None:
    """An absent signal is a match of 0, surely, and not covered; alone it is no data."""
    result = score(profile(Flag("a"), Recency("r")), {"a": True}, DAY)
    assert (result.fit, result.high, result.coverage) == (50_000_000, 50_000_000, Fraction(1, 2))
    assert score(profile(Recency("r")), {}, DAY).status == "insufficient data"
    assert score(profile(Recency("r")), {"r": []}, DAY).fit == 0
    assert score(profile(Flag("a"), Recency("r", missing=1)), {"a": True}, DAY).fit == 50_000_000


def test_combinators() -> None:
    """A known 0 settles AllOf; else the interval of the parts is what is unknown."""
    both = Profile("P", [Dimension("D", [AllOf(Flag("a"), Range("b", 1, 2), name="both"), Flag("k")])], missing=0.5)
    settled = score(both, {"a": False, "k": 1}, DAY)
    assert (settled.fit, settled.coverage) == (50_000_000, Fraction(1))
    open_ = score(both, {"a": True, "k": 1}, DAY)
    assert (open_.fit, open_.low, open_.coverage) == (75_000_000, 50_000_000, Fraction(1, 2))


def test_gates() -> None:
    """Surely below disqualifies and keeps the fit; unknown passes, unless the gate says otherwise."""

    def gated(account: dict[str, Any], **options: Any) -> Result:
        return score(profile(Flag("a"), gates=[Gate(~Flag("rival"), **options)]), account, DAY)

    failed = gated({"a": 1, "rival": True})
    assert (failed.status, failed.fit, failed.tier) == ("disqualified", 100_000_000, None)
    assert gated({"a": 1}).tier == "Perfect"
    assert gated({"a": 1}, when_unknown="disqualify").status == "disqualified"
    assert gated({"rival": 1}).status == "disqualified"


def test_adjustments_clip_and_limit() -> None:
    """Points run on, then the fit is clipped to the scale and limited to the bounds; all of it adds up."""
    adjusted = profile(Flag("a"), Flag("b"), adjustments=[Adjustment(30, Flag("up")), Adjustment(-15, Flag("no"))])
    result = score(adjusted, {"a": 1, "up": 1}, DAY)
    assert (result.fit, result.low, result.high) == (100_000_000, 65_000_000, 100_000_000)
    steps = {"d/a": 100, "adjustments/up": 30, "adjustments/no": 0, "clip": -30, "limit": 0}
    assert result.contributions == {path: points * 10**6 for path, points in steps.items()}
    at_most_half = OneOf("b", {"x": 0.25}, otherwise=0.5)
    limited = score(profile(Flag("a"), at_most_half), {"a": 1}, DAY)
    assert (limited.fit, limited.low, limited.high) == (75_000_000, 62_500_000, 75_000_000)
    assert limited.contributions["limit"] == -25_000_000


def test_weights_are_multiples_of_two_to_the_minus_forty() -> None:
    """Of three equal shares one gets the unit left over: the first by path, whatever the order."""
    result = score(profile(Flag("c"), Flag("b"), Flag("a")), {"a": 1}, DAY)
    assert result.coverage == Fraction(333_333_333, 10**9)
    unit = Fraction(1, 2**40)
    third = (1 - unit) / 3
    weights = {path: weight for path, weight, _ in _effective_weights(profile(Flag("c"), Flag("b"), Flag("a")))}
    assert weights == {"d/a": third + unit, "d/b": third, "d/c": third}


def test_invalid_values() -> None:
    """All offenders are named; taken as unknown they leave the rest; zero weights are not looked at."""
    three = profile(Range("n", 1, 2), Flag("f"), Flag("z", weight=0))
    account = {"n": "2", "f": 2, "z": "yes"}
    with pytest.raises(InvalidInput) as caught:
        score(three, account, DAY)
    assert caught.value.offenders == {"n", "f"}
    result = score(three, {**account, "f": 1.0}, DAY, on_invalid="unknown")
    assert (result.fit, result.coverage, result.offenders) == (100_000_000, Fraction(1, 2), frozenset({"n"}))


def test_insufficient_data_and_lookup() -> None:
    """Coverage at the threshold is enough; a dotted name is a path only where no key has that name."""
    half = profile(Flag("hq.known"), Flag("b"), min_coverage=0.5)
    assert score(half, {"hq": {"known": 1}}, DAY).status == "scored"
    shadowed = score(half, {"hq": {"known": 1}, "hq.known": None}, DAY)
    assert (shadowed.status, shadowed.fit, shadowed.high) == ("insufficient data", None, 100_000_000)


def test_an_age_that_is_the_limit_as_a_float_is_at_the_limit() -> None:
    """Curves read float64: 1000.1 days are the 1000.1 of the profile, and all of a combination is known to be 0."""
    signal = datetime(2024, 2, 24, 21, 36, tzinfo=UTC)
    both = AllOf(Flag("unknown"), Recency("x", linear=1000.1), name="both")
    told = score(profile(both), {"x": signal}, DAY)
    assert told.fit == 0
    assert told.coverage == 1
