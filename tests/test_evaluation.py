import math
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from icpkit.evaluation import ask, prepare
from icpkit.value_functions import (
    Combination,
    Curve,
    Decay,
    EventSum,
    LabelMerge,
    Merge,
    Segments,
    Steps,
    Table,
    ValueFunction,
    View,
)
from icpkit.views import Notes, moment

NOW = moment("2026-11-21")


def answer(function: ValueFunction | Combination, account: dict[str, Any], notes: Notes | None = None) -> object:
    """Give the answer of a value function for an account."""
    return ask(prepare(function), account.get, NOW, notes if notes is not None else Notes())


@pytest.mark.parametrize(
    ("view", "curve", "merge", "matches"),
    # What the criteria of the package do not make: every other curve that belongs to a view.
    [
        ("number", Segments(None, 1, soft_high=3), "only", {1: 1, 2: 0.5, 3: 0}),
        ("number", Steps([(1, 0.5), (2, 1)], 0.25, "to"), "only", {1: 0.5, 1.5: 1, 2: 1, 3: 0.25}),
        ("number", Table({1: 0.5}, 0.25), "only", {1.0: 0.5, 2: 0.25}),
        ("truth", Table([1], 0.25), "only", {True: 1, False: 0.25}),
        ("text", Table({"a": 0.5}, None), "only", {"A": 0.5}),
        ("text", Table({"a": 0.5}, 0.25, prefix=True), "only", {"Ab": 0.5, "b": 0.25}),
        ("age", Segments(1, 2, soft_low=0), "latest", {"2026-11-21": 0, date(2026, 11, 20): 1, "2026-11-18": 0}),
        ("age", Steps([(1, 0.5)]), "latest", {"2026-11-21": 0, "2026-11-20": 0.5}),
        ("ahead", Steps([(0, 0.25), (30, 1)]), "only", {"2026-11-20": 0, "2026-11-21": 0.25, "2026-12-21": 1}),
        ("years", Steps([(3, 0.5), (10, 1)]), "only", {2024: 0, 2023: 0.5, 2016: 1}),
    ],
)
def test_value_functions_of_your_own(view: View, curve: Curve, merge: Merge, matches: dict[Any, float]) -> None:
    """Every combination of view, curve and merge that can be made gives its matches."""
    function = ValueFunction("x", view, curve, merge)
    assert {value: answer(function, {"x": value}) for value in matches} == matches


@pytest.mark.parametrize(
    ("mode", "k", "matches"),
    [
        ("share", None, [0, 0.25, 1]),
        ("any", None, [0, 1, 1]),
        ("all", None, [0, 0, 1]),
        ("at_least", 1, [0, 1, 1]),
        ("satisfies", None, [0, 0.5, 1]),
    ],
)
def test_labels_are_merged(mode: Any, k: int | None, matches: list[float]) -> None:
    """Wanted labels are merged by their mode; unknown items are dropped, tuples and arrays are lists."""
    function = ValueFunction("x", "labels", Table({"a": 1, "b": 3}), LabelMerge(mode, k))
    accounts: list[Any] = [["z", None], ("A", "z", math.nan), np.array(["a", "b"])]
    assert [answer(function, {"x": labels}) for labels in accounts] == matches


def test_shares_are_added_in_stored_order() -> None:
    """The weights of labels are added in the profile's order, whatever the account's: floats then agree to the bit."""
    weights = {"a": 0.1, "b": 0.2, "c": 0.3}
    function = ValueFunction("x", "labels", Table(weights), LabelMerge())
    # (0.1 + 0.2) + 0.3 is 0.6000000000000001, and 0.1 + 0.2 is 0.30000000000000004.
    assert [answer(function, {"x": labels}) for labels in (["b", "a"], ["a", "b"], ["c", "b", "a"])] == [
        *(0.30000000000000004 / 0.6000000000000001,) * 2,
        1,
    ]


@pytest.mark.parametrize("days", [1, 7, 13, 400, 3000])
def test_decay_is_quantised(days: int) -> None:
    """A decayed match is 2^(-age / half_life), to the nearest multiple of 2^-30."""
    function = ValueFunction("x", "age", Decay(30), "latest")
    found = answer(function, {"x": datetime.fromtimestamp(NOW.origin.timestamp() - days * 86_400, UTC)})
    assert isinstance(found, float)
    assert abs(Fraction(found) - Fraction(2.0 ** (-days / 30))) <= Fraction(1, 2**31) + Fraction(1, 2**50)
    assert (Fraction(found) * 2**30).denominator == 1


@pytest.mark.parametrize(
    ("account", "low", "high", "present"),
    [
        ({"a": 1, "b": 2}, 0, 0, True),
        ({"a": 1}, 0, 1, True),
        ({"b": 1}, 0, 1, True),
        ({}, 0, 1, False),
        ({"a": "?", "b": 1}, 0, 1, True),
    ],
)
def test_the_answer_of_a_combination(account: dict[str, Any], low: float, high: float, present: bool) -> None:
    """A combination answers with an interval, and says whether any of its attributes is known."""
    parts = tuple(ValueFunction(name, "number", Segments(1, 1)) for name in "ab")
    assert answer(Combination("min", parts), account) == (low, high, present)


def test_invalid_parts_are_noted() -> None:
    """Each invalid part of a combination is noted with its attribute, however deep it lies."""
    truth = Table({1: 1, 0: 0}, None)
    inner = Combination("not", (ValueFunction("b", "truth", truth),))
    notes = Notes("acme")
    answer(Combination("max", (ValueFunction("a", "truth", truth), inner)), {"a": 2, "b": "yes"}, notes)
    assert [(one.key, one.attribute, one.value) for one in notes.offenders] == [("acme", "a", 2), ("acme", "b", "yes")]


@pytest.mark.parametrize(
    ("absent", "events", "expected"),
    [
        ("unknown", [("a", "2027-01-01")], None),
        ("unknown", [], 0),
        ("unknown", [("a", "2026-11-21"), ("a", "2026-10-22")], 0.75),
    ],
)
def test_events_are_summed(absent: Any, events: Any, expected: float | None) -> None:
    """Events add up over the target; events of the future are none, and so an unknown where absent says so."""
    function = ValueFunction("x", "events", Decay(30), EventSum(["A"], 2), absent)
    assert answer(function, {"x": events}) == expected


def test_look_ups_remember_no_order() -> None:
    """However often and in whichever order values are asked, each has its own answer."""
    function = ValueFunction("x", "text", Table({"1": 0.5, "true": 1}), "best")
    prepared = prepare(function)
    values: list[Any] = ["1", "TRUE", "true", ["1"], "0", ["true", "1"], "1"]
    assert [ask(prepared, {"x": value}.get, NOW, Notes()) for value in [*values, *reversed(values)]] == [
        *(0.5, 1, 1, 0.5, 0, 1, 0.5),
        *(0.5, 1, 0, 0.5, 1, 1, 0.5),
    ]
