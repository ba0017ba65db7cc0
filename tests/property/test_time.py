from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.testing import ZONES, accounts, moments, profiles
from tests.property.law import law, outcome

SIGNALS = ("last_visit", "last_demo")


def last_visible(as_of: date) -> datetime:
    """Give the last moment that is visible: `as_of` itself, or the last microsecond of its day."""
    if isinstance(as_of, datetime):
        return as_of.astimezone(UTC)
    return datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC) + timedelta(days=1, microseconds=-1)


def written(draw: st.DrawFn, when: datetime) -> Any:
    """Give a moment in one of its forms."""
    form = draw(st.sampled_from(("aware", "naive", "text")))
    there = when.astimezone(draw(st.sampled_from(ZONES)))
    return {"aware": there, "naive": when.replace(tzinfo=None), "text": there.isoformat()}[form]


@st.composite
def visible(draw: st.DrawFn, as_of: date) -> Any:
    """Give a moment that is visible at `as_of`, the last of them among others."""
    ago = draw(st.sampled_from((0, 1, 10**6, 86_400 * 10**6)) | st.integers(0, 10**14))
    return written(draw, last_visible(as_of) - timedelta(microseconds=ago))


@st.composite
def invisible(draw: st.DrawFn, as_of: date) -> Any:
    """Give a moment that is not visible yet, the first of them among others."""
    ahead = draw(st.sampled_from((1, 2, 10**6, 86_400 * 10**6)) | st.integers(1, 10**14))
    return written(draw, last_visible(as_of) + timedelta(microseconds=ahead))


EVENT_KINDS = st.sampled_from(("webinar", "demo", "Größe", "visit", "unlisted", None))
BAD_STRENGTHS = st.sampled_from((1, -1, "many", float("inf"), None))


@st.composite
def with_and_without_the_future(draw: st.DrawFn) -> tuple[icp.Profile, dict[str, Any], dict[str, Any], Any]:
    """Give an account, and the same with signals that are not visible yet among its own."""
    profile, as_of = draw(profiles()), draw(moments())
    watching = icp.Dimension(
        "Watching",
        [
            icp.Recency("last_visit"),
            icp.Recency("last_demo", linear=30, absent="unknown"),
            icp.Engagement("events", ["demo"]),
        ],
    )
    profile = attrs.evolve(profile, dimensions=[*profile.dimensions, watching])
    before = draw(accounts(profile, as_of=as_of))
    after = dict(before)
    past, future = visible(as_of), invisible(as_of)
    for name in SIGNALS:
        own, more = draw(st.lists(past, max_size=2)), draw(st.lists(future, min_size=1, max_size=2))
        before[name] = own or None
        after[name] = draw(st.permutations(own + more)) if own or len(more) > 1 else more[0]
    own = [(draw(EVENT_KINDS), moment) for moment in draw(st.lists(past, max_size=2))]
    more = [
        (draw(EVENT_KINDS), moment, draw(BAD_STRENGTHS)) for moment in draw(st.lists(future, min_size=1, max_size=2))
    ]
    # Events without a kind are dropped: a list of nothing else is emptied by what the future takes away.
    before["events"] = own if any(kind for kind, _ in own) else None
    after["events"] = draw(st.permutations([*own, *more]))
    before["founded"], after["founded"] = None, draw(future)
    return profile, before, after, as_of


@law
@given(with_and_without_the_future())
def test_nothing_dated_after_as_of_matters(case: tuple[icp.Profile, dict[str, Any], dict[str, Any], Any]) -> None:
    """Signals, events and foundings after `as_of` do not exist yet; what is emptied by that is absent."""
    profile, before, after, as_of = case
    planned = any(
        "Upcoming('founded'" in repr(part) for part in (profile.dimensions, profile.gates, profile.adjustments)
    )
    if planned:  # a planned date is a fact, and here it is the same attribute
        before["founded"] = after["founded"]
    first = icp.score(profile, before, as_of=as_of)
    second = icp.score(profile, after, as_of=as_of)
    assert outcome(second) == outcome(first)
    assert second.explanation.ignored >= 3


@law
@given(st.data(), profiles(), moments())
def test_a_moment_has_many_spellings(data: st.DataObject, profile: icp.Profile, as_of: date) -> None:
    """An `as_of` in another zone, or as ISO text, is the same moment."""
    account = data.draw(accounts(profile, as_of=as_of))
    spellings: list[Any] = [as_of.isoformat()]
    if isinstance(as_of, datetime):
        spellings += [as_of.astimezone(zone) for zone in ZONES]
    for spelling in spellings:
        assert outcome(icp.score(profile, account, as_of=spelling)) == outcome(icp.score(profile, account, as_of=as_of))


@pytest.mark.parametrize("absent", ["never", "unknown"])
@law
@given(as_of=moments(), data=st.data())
def test_older_is_never_better(absent: Any, as_of: date, data: st.DataObject) -> None:
    """A signal that lies longer ago matches no better, whatever the falling shape."""
    shape: dict[str, Any] = data.draw(
        st.sampled_from(
            ({}, {"half_life": 7}, {"linear": 30}, {"window": 0.3}, {"steps": [(1, 1), (30, 0.5), (90, 0.1)]})
        )
    )
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Recency("seen", **shape, absent=absent)])])
    newer, older = sorted((data.draw(st.integers(0, 10**13)), data.draw(st.integers(0, 10**13))))
    origin = last_visible(as_of)
    fits = [
        icp.score(profile, {"seen": origin - timedelta(microseconds=ago)}, as_of=as_of).fit or 0.0
        for ago in (older, newer)
    ]
    assert fits[0] <= fits[1]
