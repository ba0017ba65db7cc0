import math
from collections.abc import Iterator
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit.criteria import AllOf, AnyOf, Criterion, Engagement, Flag, OneOf, Range, Recency
from icpkit.explanation import CriterionResult
from icpkit.profile import Dimension, Profile
from icpkit.scoring import Scorer
from icpkit.value_functions import Combination, Decay, Table, ValueFunction

DAY = date(2026, 11, 21)
A, B, C = Flag("a"), Flag("b"), Flag("c")


def examined(criterion: Criterion, account: Any) -> CriterionResult:
    """Give what one criterion finds in an account."""
    return Scorer(Profile("P", [Dimension("D", [criterion])])).explain(account, as_of=DAY).criteria[0]


def everything(result: CriterionResult) -> Iterator[CriterionResult]:
    """Give a result and all its parts, the whole first."""
    yield result
    for part in result.parts:
        yield from everything(part)


@pytest.mark.parametrize(
    ("criterion", "account", "expected"),
    [
        (Range("size", 50, 500, soft_low=0), {"size": 25}, ("known", 25, 0.5, 0.5)),
        (OneOf("plan", {"pro": 0.75}), {"plan": " "}, ("unknown", " ", 0, 0.75)),
        (OneOf("plan", {"pro": 0.75}), {}, ("unknown", None, 0, 0.75)),
        (OneOf("hq.plan", {"pro": 0.75}), {"hq": {"plan": "Pro"}}, ("known", "Pro", 0.75, 0.75)),
        (Recency("seen"), {"seen": None}, ("never", None, 0, 0)),
        (Recency("seen"), {"seen": []}, ("known", [], 0, 0)),
        (Engagement("seen", ["demo"]), {"seen": []}, ("known", [], 0, 0)),
        (Recency("seen", absent="unknown"), {"seen": "2027-01-01"}, ("unknown", "2027-01-01", 0, 1)),
    ],
)
def test_what_a_criterion_finds(criterion: Criterion, account: Any, expected: tuple[str, Any, float, float]) -> None:
    """A result holds what is known, the value as it was found, and the ends of the match."""
    found = examined(criterion, account)
    assert (found.state, found.raw, found.low, found.high) == expected


@pytest.mark.parametrize(
    ("account", "no_field", "hint"),
    [
        ({"employes": 80}, True, "did you mean 'employes'?"),
        (SimpleNamespace(employes=80), True, "did you mean 'employes'?"),
        ({"other": 80}, True, ""),
        ({}, True, ""),
        ({"employees": None}, False, ""),
        ({"employees": 80}, False, ""),
        ({"employees": "few"}, False, ""),
    ],
)
def test_a_field_that_is_not_there(account: Any, no_field: bool, hint: str) -> None:
    """An attribute that the account lacks altogether is told apart from one without a value, with near misses."""
    found = examined(Range("employees", 50, 500), account)
    assert (found.no_field, found.near) == (no_field, hint)


@pytest.mark.parametrize(
    ("account", "no_field"),
    [({"hq": {"city": "Bonn"}}, True), ({"hq": None}, True), ({"hq": {"country": None}}, False)],
)
def test_a_path_that_leads_nowhere_is_no_field(account: Any, no_field: bool) -> None:
    """A dotted path is a field when its end is there, though there is no value."""
    assert examined(OneOf("hq.country", ["US"]), account).no_field is no_field


@pytest.mark.parametrize(
    ("value", "age"),
    [
        ("2026-11-20", 1),
        (datetime(2026, 11, 19, 12), 1.5),
        (["2026-01-01", "2026-11-19"], 2),
        ([], math.inf),
        (None, None),
        ("2026-11-22", None),
    ],
)
def test_the_age_of_a_signal(value: Any, age: float | None) -> None:
    """A dated signal has an age in days, an empty list an infinite one, and an absent signal none."""
    assert examined(Recency("seen"), {"seen": value}).age == age


def test_a_value_of_the_wrong_kind_says_why() -> None:
    """An invalid value is unknown, with the reason."""
    found = examined(Range("size", 50, 500), {"size": "few"})
    assert (found.state, found.raw, found.invalid, found.low, found.high) == (
        "unknown",
        "few",
        "text where a number belongs",
        0,
        1,
    )


NESTED = AllOf(A, AnyOf(B, ~C), AnyOf(Flag("d"), Recency("seen"), name="Fresh"), name="Ready")


def test_the_parts_of_a_combinator_have_paths() -> None:
    """A part's path lengthens the whole's by its name, or by its number where it has none."""
    assert [one.path for one in everything(examined(NESTED, {}))] == [
        "d/ready",
        "d/ready/a",
        "d/ready/2",
        "d/ready/2/b",
        "d/ready/2/c",
        "d/ready/2/c/c",
        "d/ready/fresh",
        "d/ready/fresh/d",
        "d/ready/fresh/seen",
    ]


@pytest.mark.parametrize(
    ("account", "states"),
    # The states of the whole, a, the second part, b, not c, c, "Fresh", d and seen.
    [
        ({}, "unknown unknown unknown unknown unknown unknown unknown unknown never"),
        ({"a": 1}, "partial known unknown unknown unknown unknown unknown unknown never"),
        ({"a": 1, "b": 1, "d": 1}, "known known known known unknown unknown known known never"),
        ({"a": 0}, "known known unknown unknown unknown unknown unknown unknown never"),
        ({"b": 0, "c": 1, "d": "?"}, "known unknown known known known known unknown unknown never"),
    ],
)
def test_the_states_of_parts(account: dict[str, Any], states: str) -> None:
    """A combinator is known when settled, partly known when some part is, and each part says its own."""
    assert " ".join(one.state for one in everything(examined(NESTED, account))) == states


def test_the_leaves_of_a_combinator() -> None:
    """The leaves of a result are its innermost parts, or itself."""
    found = examined(NESTED, {"a": 1})
    assert [[leaf.path for leaf in found.leaves()], [leaf.path for leaf in found.parts[0].leaves()]] == [
        ["d/ready/a", "d/ready/2/b", "d/ready/2/c/c", "d/ready/fresh/d", "d/ready/fresh/seen"],
        ["d/ready/a"],
    ]


@attrs.frozen(repr=False)
class Own(Criterion):
    """A user's criterion that asks of two attributes with one value function."""

    attribute: str
    other: str

    def value_function(self) -> Combination:
        """Give the greater of a flag and a signal."""
        flag = ValueFunction(self.attribute, "truth", Table({1: 1, 0: 0}, otherwise=None))
        signal = ValueFunction(self.other, "age", Decay(30), "latest", "never")
        return Combination("max", (flag, signal))


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ({"a": False, "seen": datetime(2026, 10, 22)}, ("known", 0.5, 0.5, 0, 1)),
        ({"seen": "2026-10-22"}, ("partial", 0.5, 1, 0, 0)),
        ({"seen": "2027-10-22"}, ("unknown", 0, 1, 1, 0)),
        ({"a": "yes", "seen": None}, ("unknown", 0, 1, 0, 0)),
    ],
)
def test_a_combination_of_your_own(account: dict[str, Any], expected: tuple[object, ...]) -> None:
    """A combination without criteria for parts is one piece: an interval, and what was noted while reading."""
    found = examined(Own("a", "seen"), account)
    assert (found.state, found.low, found.high, found.ignored, found.naive, found.raw, found.parts) == (
        *expected,
        None,
        (),
    )


def test_a_combination_of_nothing_but_absence_is_explained_as_it_is_scored() -> None:
    """Where a combination comes to a point without a known part, score and explanation both find too little data."""
    criterion = icp.AnyOf(icp.Flag("b2b"), ~icp.Recency("visit"), name="either")
    one = icp.score(icp.Profile("P", [icp.Dimension("D", [criterion])]), {}, as_of="2026-11-21")
    assert (one.status, one.explanation.status, one.explanation.coverage) == ("insufficient data",) * 2 + (1.0,)
