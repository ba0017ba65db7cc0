from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.batch.summary import BEST, STEP, Summary, summary_of
from icpkit.columns import Labels, Moments, Numbers
from icpkit.testing import accounts, moments, profiles
from tests.property.law import law

DAY = "2026-11-21"


def a_profile(*criteria: icp.Criterion, **options: Any) -> icp.Profile:
    """Give a profile of one dimension, for which any coverage is enough."""
    made: dict[str, Any] = {"min_coverage": 0} | options
    return icp.Profile("P", [icp.Dimension("D", criteria)], **made)


def told(profile: icp.Profile, data: Any, **options: Any) -> Summary:
    """Score, and count."""
    asked: dict[str, Any] = {"as_of": DAY} | options
    return summary_of(icp.score_batch(profile, data, **asked))


@st.composite
def batches(draw: st.DrawFn) -> tuple[icp.Profile, list[dict[str, Any]], Any]:
    """Give a profile, accounts for it, and one moment for all or one for each."""
    profile, as_of = draw(profiles()), draw(moments())
    rows = [draw(accounts(profile, as_of=as_of, invalid=True)) for _ in range(draw(st.integers(1, 4)))]
    several = draw(st.booleans())
    return profile, rows, [draw(moments()) for _ in rows] if several else as_of


@law
@given(batches())
def test_counts_are_those_of_the_scores(case: tuple[icp.Profile, list[dict[str, Any]], Any]) -> None:
    """Statuses, tiers, certain ones and what is unknown are what counting the single scores gives."""
    profile, rows, as_of = case
    many = icp.score_batch(profile, rows, as_of=as_of, on_invalid="unknown")
    found, scores = summary_of(many), list(many)
    statuses = Counter(score.status for score in scores)
    assert (found.rows, found.scored) == (len(rows), statuses["scored"])
    assert (found.disqualified, found.insufficient) == (statuses["disqualified"], statuses["insufficient data"])
    scored = [score for score in scores if score.status == "scored"]
    for tier in found.tiers:
        assert tier.count == sum(tier.bars) == sum(score.tier == tier.name for score in scored)
        assert tier.certain == sum(score.tier == tier.name and score.certain for score in scored)
    unknown = Counter(
        result.path for score in scores for result in score.explanation.criteria if result.share and not result.settled
    )
    assert dict(found.unknown) == unknown
    assert [count for _, count in found.unknown] == sorted(unknown.values(), reverse=True)


@given(st.lists(st.none() | st.sampled_from([0, 7, 50, 60, 60, 99]) | st.floats(0, 100), max_size=40))
def test_the_best_are_those_of_top(values: list[float | None]) -> None:
    """The best accounts are the first of all in order, equal ones in the order of the accounts."""
    profile = a_profile(icp.Range("x", 100, None, soft_low=0))
    many = icp.score_batch(profile, {"x": values}, as_of=DAY)
    ranked = zip(many.ranking().tolist(), many.top(BEST), strict=False)
    expected = [(row, score.fit, score.tier, score.low) for row, score in ranked]
    assert [(one.key, one.fit, one.tier, one.low) for one in summary_of(many).top] == expected


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40))
def test_quartiles_are_fits(values: list[float]) -> None:
    """A quarter, half and three quarters of the accounts do not exceed the quartiles, each of which is a fit."""
    many = icp.score_batch(a_profile(icp.Range("x", 100, None, soft_low=0)), {"x": values}, as_of=DAY)
    fits = sorted(many.fit.tolist())
    for quarter, found in enumerate(summary_of(many).quartiles, 1):
        assert found in fits
        assert sum(fit <= found for fit in fits) * 4 >= quarter * len(fits)
        assert sum(fit < found for fit in fits) * 4 < quarter * len(fits)


def test_bars_hold_their_lower_edge() -> None:
    """A fit on an edge belongs to the stretch that begins there, and 100 to the last one."""
    many = icp.score_batch(
        a_profile(icp.Range("x", 100, None, soft_low=0)), {"x": [0, 1.9, 2, 79.99, 80, 100]}, as_of=DAY
    )
    places = {tier.name: np.flatnonzero(tier.bars).tolist() for tier in summary_of(many).tiers if sum(tier.bars)}
    assert places == {"Weak": [0, 1], "Strong": [39], "Perfect": [80 // STEP, 100 // STEP - 1]}


def test_lacking_attributes_come_with_near_names() -> None:
    """An attribute that no account has is named with what it is probably called, never with what is read already."""
    profile = a_profile(icp.Range("employees", 1, 2), icp.Flag("listed"), icp.Flag("zz"))
    found = told(profile, [{"id": 1, "employes": 5, "listed": True}], key="id")
    assert found.lacking == (("employees", "did you mean 'employes'?"), ("zz", ""))
    gone = icp.score_batch(profile, [{"employes": 5, "listed": True}], as_of=DAY).detach()
    assert summary_of(gone).lacking == (("employees", ""), ("zz", ""))


def test_only_the_profile_s_own_attributes_are_lacking() -> None:
    """What another profile of the batch lacks is not told."""
    one, other = a_profile(icp.Flag("a")), a_profile(icp.Flag("b"))
    batch = icp.encode([{"a": True}, {"a": None}], [one, other])
    assert (told(one, batch).lacking, told(other, batch).lacking) == ((), (("b", ""),))


def test_signals_after_the_moment_are_counted() -> None:
    """Timestamps after the moment are counted by attribute, once however often they are read."""
    profile = a_profile(icp.Recency("seen"), icp.Recency("seen", name="again"), icp.Flag("a"), icp.Recency("none"))
    days = [date(2026, 11, 20), date(2026, 11, 22), None, date(2026, 12, 1)]
    rows = {"seen": days, "a": [True] * 4, "none": [None, None, None, date(2026, 1, 1)]}
    assert told(profile, rows).ignored == (("seen", 2),)


def test_invalid_values_are_counted_by_attribute() -> None:
    """What was taken as unknown is counted, the most frequent attribute first."""
    rows = [{"a": 1, "b": "x"}, {"a": "x", "b": "y"}]
    found = told(a_profile(icp.Range("a", 1, 2), icp.Range("b", 1, 2)), rows, on_invalid="unknown")
    assert found.invalid == (("b", 2), ("a", 1))


def test_criteria_of_weight_0_are_inert() -> None:
    """They are named, and not among those that are unknown."""
    found = told(a_profile(icp.Flag("a"), icp.Flag("b", weight=0)), [{"a": None}])
    assert (found.inert, found.unknown) == (("d/b",), (("d/a", 1),))


@pytest.mark.parametrize(
    ("as_of", "when"),
    [
        ("2026-11-21", "2026-11-21"),
        ("2026-11-21T10:30:15Z", "2026-11-21 10:30+00:00"),
        (["2026-11-21", "2026-11-21"], "2026-11-21"),
        (["2026-11-21", "2026-01-02"], "2026-01-02 – 2026-11-21"),
    ],
)
def test_the_moments_are_told(as_of: Any, when: str) -> None:
    """One moment is told, or the first and the last."""
    assert told(a_profile(icp.Flag("a")), {"a": [True, None]}, as_of=as_of).when == when


def test_no_accounts() -> None:
    """Without accounts everything is empty."""
    found = told(a_profile(icp.Flag("a"), icp.Range("b", 1, 2)), {"a": [], "b": []})
    assert (found.rows, found.scored, found.quartiles, found.top, found.unknown) == (0, 0, (), (), ())
    assert sum(sum(tier.bars) for tier in found.tiers) == 0


def test_keys() -> None:
    """Accounts are called by their keys, or else by their numbers."""
    profile = a_profile(icp.Flag("a"))
    keyed = told(profile, {"id": ["acme"], "a": [True]}, key="id")
    plain = told(profile, {"a": [True]})
    assert [(found.keyed, found.top[0].key) for found in (keyed, plain)] == [(True, "acme"), (False, 0)]


def test_columns_of_odd_values() -> None:
    """Numbers beyond 2^53, numbers that no level has, and lists that are none are counted like any other value."""
    either = icp.AnyOf(~icp.Flag("f"), icp.Flag("g"), name="either")
    order = icp.Ordinal("o", [3, 2, 1], at_least=2)
    profile = a_profile(icp.Range("n", 1, 2), icp.Overlap("l", ["a"]), either, order, icp.Recency("r"))
    rows = [
        {"n": 2**53 + 1, "l": ["a"], "f": None, "o": 7, "r": "2026-11-20"},
        {"n": None, "l": None, "f": True, "o": 1, "r": 5},
        {"n": 1, "l": 5, "g": True, "o": 2},
    ]
    found = told(profile, rows, on_invalid="unknown")
    assert dict(found.unknown) == {"d/n": 2, "d/l": 2, "d/either": 2, "d/o": 1, "d/r": 1}


def test_accounts_are_not_looked_at_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting asks no account for its score or its values."""
    profile = a_profile(
        icp.Range("x", 100, None, soft_low=0), icp.Recency("y", absent="unknown"), icp.Overlap("z", ["a"])
    )
    rows = {"x": np.arange(50.0), "y": [date(2026, 1, 1)] * 50, "z": [["a"], None] * 25}
    many = icp.score_batch(profile, rows, as_of=DAY)

    def refuse(*_: object) -> None:
        raise AssertionError

    for kind in (Numbers, Moments, Labels):
        monkeypatch.setattr(kind, "raw", refuse)
    monkeypatch.setattr(icp.Scores, "at", refuse)
    assert (summary_of(many).scored, summary_of(many).unknown) == (50, (("d/z", 25),))


def test_lists_of_events_and_moments_count_too() -> None:
    """What lies after the moment and what has no time zone is counted in lists as in columns, for each account."""
    profile = icp.Profile(
        "P", [icp.Dimension("D", [icp.Engagement("visits", {"demo": 1}), icp.Recency("calls")])], min_coverage=0
    )
    ahead, naive = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 11, 1)  # naive on purpose
    shared = [("demo", ahead), ("demo", naive), ("demo", "2026-11-01")]
    data = {
        "visits": [shared, shared, [], None, "soon"],
        "calls": [[ahead, naive, "soon"], [ahead, ahead, naive], None, [], [naive]],
    }
    many = icp.score_batch(profile, data, as_of="2026-11-21", on_invalid="unknown")
    assert many.stats["ignored"] == {"visits": 2, "calls": 2}
    assert many.stats["naive"] == 4
    each = icp.score_batch(profile, data, as_of=["2026-12-24", *["2026-11-21"] * 3, "2026-10-01"], on_invalid="unknown")
    assert each.stats["ignored"] == {"visits": 1, "calls": 3}
    only = icp.score_batch(profile, {"visits": ["x"], "calls": [None]}, as_of="2026-11-21", on_invalid="unknown")
    assert (only.stats["ignored"], only.stats["naive"]) == ({}, 0)


def test_years_as_numbers_have_no_signals_to_leave_out() -> None:
    """A column of years is neither moments nor lists: nothing of it is counted."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Age("founded", at_least=2)])], min_coverage=0)
    many = icp.score_batch(profile, {"founded": [2013, 2030, None]}, as_of="2026-11-21")
    assert (many.stats["ignored"], many.stats["naive"]) == ({}, 0)
