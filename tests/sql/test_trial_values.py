"""Values worth trying: on edges, beside them, unknown, of the wrong kind."""

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import icpkit as icp
from icpkit import views
from icpkit.sql.trial_values import distinct, values_of

NOW = views.moment("2026-11-21")
MICRO = timedelta(microseconds=1)


def asked(criterion: icp.Criterion, **more: Any) -> list[Any]:
    """Give the values that are tried for a criterion."""
    function: Any = criterion.value_function()
    return values_of(function, NOW, **more)


def test_numbers_lie_on_edges_and_beside() -> None:
    """Of a range its edges, the next floats, slopes at the levels asked for, and what no float holds."""
    found = asked(icp.Range("n", 50, 500, soft_low=25), levels=[0.6])
    for value in (25, 50, 500, math.nextafter(50, 0), math.nextafter(500, 501), 40.0, 2**53 + 1, math.inf):
        assert value in found
    assert any(math.isnan(value) for value in found)


def test_slopes_on_a_log_scale_reach_levels() -> None:
    """Halfway down a slope of a logarithm is the mean of the logarithms."""
    found = asked(icp.Range("n", 100, None, soft_low=1, scale="log"), levels=[0.5])
    assert any(math.isclose(value, 10) for value in found)


def test_steps_and_listed_numbers_are_tried() -> None:
    """Bands begin at values that are tried, levels of a scale too, and one between them."""
    assert {10, 50, 30.0} <= set(asked(icp.Bands("n", [(10, 0.2), (50, 1)])))
    assert {1, 2, 1.5} <= {one for one in asked(icp.Ordinal("n", [1, 2], at_least=2)) if not isinstance(one, bool)}


def test_truths_are_of_either_kind() -> None:
    """True and False, 1 and 0, and 2, which is neither."""
    assert [repr(one) for one in asked(icp.Flag("b"))] == ["1", "0", "2", "True", "False"]


def test_texts_are_listed_ones_and_others() -> None:
    """Listed texts, aliases and their names, folded; something else; and nothing."""
    found = asked(icp.OneOf("t", ["Software"], aliases={"SaaS": "Software"}))
    assert {"software", "saas", "", "no such value"} <= set(found)


def test_beginnings_are_tried_with_more_and_with_less() -> None:
    """Of a beginning, a longer text and a shorter one; where case matters, the other case."""
    found = asked(icp.OneOf("t", ["De"], prefix=True, case_sensitive=True), text=views.keep_case)
    assert {"De", "Dex", "D", "dE"} <= set(found)


def test_labels_come_alone_together_and_not_at_all() -> None:
    """Lists hold one wanted label, all, as many as are needed and one less, one twice, an alias, a member, nothing."""
    found = asked(
        icp.Overlap("l", ["A", "B", "C"], mode="at_least", k=2, aliases={"AA": "A"}, groups={"B": ["bee"]}),
    )
    for wanted in ([], [None], ["a"], ["bee"], ["a", "b"], ["a", "b", "c"], ["a", "a", None], ["aa", "a"]):
        assert wanted in found


def test_signals_lie_on_windows_and_a_microsecond_beside() -> None:
    """A window ends at a moment that is tried; so does the day of scoring, which is the last that is seen."""
    found = asked(icp.Recency("at", window=14))
    edge = datetime(2026, 11, 7, tzinfo=UTC)
    for moment in (edge, edge - MICRO, edge + MICRO, date(2026, 11, 7), datetime(2026, 11, 22, tzinfo=UTC) - MICRO):
        assert moment in found
    assert datetime(2026, 11, 22, tzinfo=UTC) in found


def test_decay_is_tried_at_half_lives() -> None:
    """A signal is half as old, as old, and many times as old as the half-life."""
    found = asked(icp.Recency("at", half_life=10))
    assert {NOW.origin - timedelta(days=days) for days in (0, 5, 10, 100, 700)} <= set(found)


def test_moments_that_no_engine_has_are_left_out() -> None:
    """A half-life of many centuries is tried as far as calendars go."""
    assert min(asked(icp.Recency("at", half_life=400_000)), key=str) != ""
    years = {one.year for one in asked(icp.Recency("at", half_life=400_000)) if isinstance(one, date)}
    assert min(years) >= 1900


def test_planned_dates_lie_on_both_ends_of_their_days() -> None:
    """The last day counts from its first moment to its last."""
    found = asked(icp.Upcoming("on", within=30))
    last = datetime(2026, 12, 21, tzinfo=UTC)
    assert {last, last - MICRO, last + timedelta(days=1), date(2026, 12, 21)} <= set(found)


def test_founding_years_are_numbers_and_dates() -> None:
    """Years about the edge, those to come, those that are none; and dates."""
    found = asked(icp.Age("y", at_least=3, soft_at_least=1))
    for value in (2023, 2024, 2027, 0, 10_000, 2013.5):
        assert value in found
    assert any(isinstance(value, datetime) for value in found)


def test_lists_of_moments_hold_one_to_come() -> None:
    """A signal that is still to come does not hide one that was."""
    found = asked(icp.Recency("at", window=14), many=True)
    assert any(len(one) == 1 and isinstance(one[0], datetime) and one[0] > NOW.origin for one in found)
    assert [] in found


@pytest.mark.parametrize("strengths", [True, False])
def test_events_are_past_to_come_and_odd(strengths: bool) -> None:  # a case
    """Events of each kind, of no kind, at no moment, to come; with strengths only where these are asked for."""
    found = asked(icp.Engagement("e", {"demo": 3, "webinar": 0}, half_life=20, target=4), strengths=strengths)
    kinds = {event[0] for some in found for event in some}
    assert {"demo", "webinar", None, "", "no such kind"} <= kinds
    assert any(event[1] is None for some in found for event in some)
    assert any(event[2] == -1 for some in found for event in some) == strengths


def test_each_value_comes_once() -> None:
    """What is written alike is one; 1, 1.0 and True are three."""
    assert list(map(repr, distinct([1, 1.0, True, 1, math.nan, math.nan]))) == ["1", "1.0", "True", "nan"]
