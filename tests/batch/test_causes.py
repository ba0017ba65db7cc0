import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.batch.causes import Causes, Standing, difference, plain, standing_of
from icpkit.testing import accounts, moments, profiles
from tests.property.law import law


def part(attribute: str, **options: Any) -> icp.Range:
    """Give a criterion whose match is the attribute's own value, where that lies between 0 and 1."""
    return icp.Range(attribute, 1, None, soft_low=0, **options)


def a_profile(*criteria: icp.Criterion, **options: Any) -> icp.Profile:
    """Give a profile of one dimension, for which any coverage is enough."""
    made: dict[str, Any] = {"min_coverage": 0} | options
    return icp.Profile("P", [icp.Dimension("D", criteria)], **made)


def run(profile: icp.Profile, data: Any, as_of: Any = "2026-11-21", **options: Any) -> icp.Scores:
    """Score accounts that have keys."""
    return icp.score_batch(profile, data, as_of=as_of, key="id", on_invalid="unknown", **options)


def causes(before: icp.Scores, after: icp.Scores) -> dict[str, int | None]:
    """Give the millionths of each cause, for the first account."""
    return {step.cause: step.millionths for step in Causes(before, after).steps(0, 0)}


def changed(before: icp.Scores, after: icp.Scores) -> list[tuple[str, Any, Any]]:
    """Give the attributes of the first account that changed, and their values."""
    return [(one.attribute, one.before, one.after) for one in Causes(before, after).attributes(0, 0)]


@st.composite
def weeks(draw: st.DrawFn) -> tuple[tuple[icp.Profile, dict[str, Any], date], tuple[icp.Profile, dict[str, Any], date]]:
    """Give profile, account and moment of two weeks; the profile may stay, or change its weights, or be another."""
    first = draw(profiles())
    second = draw(st.just(first) | profiles())
    if first is second and draw(st.booleans()):
        name = first.dimensions[0].name
        second = first.with_weight(name, draw(st.sampled_from([0.5, 3, 40])))
    then, now = draw(moments()), draw(moments())
    old = draw(accounts(first, as_of=then, invalid=True))
    new = draw(st.just(old) | accounts(first, as_of=now, invalid=True))
    new = {**draw(accounts(second, as_of=now)), **new}
    # What the new table does not hold at all would be taken from the old one.
    new |= {name: None for name in old if not {name, _outer(name)} & {*new, *map(_outer, new)}}
    assume(all({name, _outer(name)} & {*new} for name in old))
    return (first, {"id": "acme", **old}, then), (second, {"id": "acme", **new}, now)


def _outer(attribute: str) -> str:
    return attribute.partition(".")[0]


@law
@given(weeks())
def test_causes_sum_to_the_change(weeks: Any) -> None:
    """Time, data and profile are what single scores give, and their millionths sum exactly to the change of the fit."""
    (first, old, then), (second, new, now) = weeks
    steps = Causes(run(first, [old], then), run(second, [new], now)).steps(0, 0)
    scores = [
        icp.score(profile, account, as_of=as_of, on_invalid="unknown")
        for profile, account, as_of in ((first, old, then), (first, old, now), (first, new, now), (second, new, now))
    ]
    stands = [Standing(score.fit, score.tier, score.status) for score in scores]
    assert [step.cause for step in steps] == ["time", "data", "profile"]
    assert [step.before for step in steps] == stands[:-1]
    assert [step.after for step in steps] == stands[1:]
    parts = [step.millionths for step in steps]
    for step in steps:
        assert (step.millionths is None) == (step.before.fit is None or step.after.fit is None)
    if None not in parts:
        assert sum(one for one in parts if one is not None) == difference(stands[0], stands[-1])


def test_each_cause_has_its_points() -> None:
    """What time takes, what data add and what the profile changes are told apart."""
    profile = a_profile(part("a"), icp.Recency("seen", linear=10))
    before = run(profile, [{"id": 1, "a": 0.5, "seen": "2026-11-14"}], "2026-11-14")
    after = run(profile.with_weight("d/a", 3), [{"id": 1, "a": 0.9, "seen": "2026-11-14"}], "2026-11-19")
    assert causes(before, after) == {"time": -25_000_000, "data": 20_000_000, "profile": 10_000_000}


def test_what_happened_between_the_runs_counts_as_data() -> None:
    """A new signal replaces an older one at the new moment, since it does not exist yet at the old one."""
    profile = a_profile(icp.Recency("seen", linear=100))
    before = run(profile, [{"id": 1, "seen": "2026-10-05"}], "2026-11-14")
    after = run(profile, [{"id": 1, "seen": "2026-11-21"}], "2026-11-21")
    assert causes(before, after) == {"time": -7_000_000, "data": 47_000_000, "profile": 0}


def test_where_there_is_no_fit_no_number_is_invented() -> None:
    """A step from or to no fit has no millionths; the others have theirs."""
    profile = a_profile(part("a"), part("b"), min_coverage=0.6)
    before = run(profile, [{"id": 1, "a": 1}])
    after = run(profile.with_weight("d/a", 3), [{"id": 1, "a": 1, "b": 0}])
    assert causes(before, after) == {"time": None, "data": None, "profile": 25_000_000}


def test_what_the_new_profile_does_not_read_has_not_changed() -> None:
    """An attribute that only the old profile reads comes from the new table, else from the old data."""
    old, new = a_profile(part("a"), part("b"), part("hq.c")), a_profile(part("a"))
    first = {"id": 1, "a": 1, "b": 0.5, "hq": {"c": 1}}
    before = run(old, [first])
    same = causes(before, run(new, [first]))
    assert same == {"time": 0, "data": 0, "profile": 16_666_667}
    there = run(new, [{"id": 1, "a": 1, "b": 0.2, "hq": {"c": 0.4}}])
    assert causes(before, there)["data"] == -30_000_000
    assert [name for name, _, _ in changed(before, there)] == ["b", "hq.c"]
    gone = run(new, [{"id": 1, "a": 1}]).detach()
    assert causes(before, gone) == same
    assert changed(before, gone) == []
    assert [name for name, _, _ in changed(before, run(new, [{"id": 1, "a": 1}]))] == []


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ({"hq.c": ["x"], "hq": {"c": ["y"]}}, ["x"]),
        ({"hq.c": None, "hq": {"c": ["y"]}}, ["y"]),
        ({"hq.c": ["x"]}, ["x"]),
        ({"hq": {"c": ["y"]}}, ["y"]),
        ({"hq": None}, None),
    ],
)
def test_paths_are_read_in_the_new_table(row: dict[str, Any], value: Any) -> None:
    """A column of the path's own name wins over nested records, and what lies in neither is unknown."""
    before = run(a_profile(part("a"), icp.Overlap("hq.c", ["a"])), [{"id": 1, "a": 1, "hq": {"c": ["a"]}}])
    after = run(a_profile(part("a")), [{"id": 1, "a": 1, **row}])
    assert changed(before, after) == [("hq.c", ["a"], value)]


def test_only_what_the_old_profile_reads_is_compared() -> None:
    """An attribute that the new profile begins to read is no change of the data."""
    before = run(a_profile(part("a")), [{"id": 1, "a": 1, "b": 1}])
    after = run(a_profile(part("a"), part("b")), [{"id": 1, "a": 1, "b": 0}])
    assert changed(before, after) == []
    assert causes(before, after) == {"time": 0, "data": 0, "profile": -50_000_000}


@pytest.mark.parametrize(
    ("old", "new", "alike"),
    [
        (1, 1.0, True),
        (1, 2, False),
        (None, math.nan, True),
        (None, " ", True),
        (None, 0, False),
        ("a", None, False),
        (["a", "b"], ["b", "a"], True),
        (["a"], ["a", "a"], False),
        ([], None, False),
        (["a"], "a", False),
        ([("visit", "2026-01-01")], [("visit", "2026-01-01")], True),
        ([("visit", "2026-01-01")], [], False),
        (np.array(["a", "b"]), ["b", "a"], True),
        (np.array([1, 2]), np.array([1, 2]), True),
    ],
)
def test_values_are_compared_by_what_they_mean(old: Any, new: Any, alike: bool) -> None:
    """What is unknown is unknown, lists of texts have no order, and lists are compared whatever holds them."""
    profile = a_profile(icp.Overlap("x", ["a"]))
    found = changed(run(profile, [{"id": 1, "x": old}]), run(profile, [{"id": 1, "x": new}]))
    assert (found == []) == alike


def test_how_an_account_stands() -> None:
    """Fit, tier and status are those of the score; a row of -1 stands nowhere."""
    scores = run(a_profile(part("a"), gates=[icp.Gate(icp.Flag("up"))]), [{"id": 1, "a": 0.5, "up": False}, {"id": 2}])
    assert standing_of(scores, 0) == (50.0, None, "disqualified")
    assert standing_of(scores, 1) == (None, None, "insufficient data")
    assert standing_of(scores, -1) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (0.5, 0.5),
        (math.nan, None),
        (math.inf, "inf"),
        ("a", "a"),
        (datetime(2026, 1, 2, 3, tzinfo=UTC), "2026-01-02T03:00:00+00:00"),
        ({"kind": date(2026, 1, 2)}, {"kind": "2026-01-02"}),
        ((1, ["a"]), [1, ["a"]]),
        (Decimal("1.5"), "1.5"),
    ],
)
def test_plain_values(value: Any, expected: Any) -> None:
    """Values become what JSON takes."""
    assert plain(value) == expected
