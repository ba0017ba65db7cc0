import math
from collections import namedtuple
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import partial
from types import SimpleNamespace
from typing import Any

import attrs
import numpy as np
import pytest

from icpkit.criteria import Criterion, Engagement, Recency, Upcoming
from icpkit.errors import DefinitionError, InvalidAccountError
from icpkit.explanation import CriterionResult
from icpkit.profile import Dimension, Profile
from icpkit.scoring import score

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
QUANTUM = 2.0**-30
Event = namedtuple("Event", ["kind", "at", "strength"])  # noqa: PYI024 - the untyped kind is what users have
Other = namedtuple("Other", ["what", "when"])  # noqa: PYI024
Pair = namedtuple("Pair", ["kind", "at"])  # noqa: PYI024


class NaTType(datetime):
    """What pandas' NaT is: a datetime by type, and none by value."""


class Timestamp(datetime):
    """A datetime of another library."""


class Day(date):
    """A date of another library."""


class NewYork(tzinfo):
    """A zone whose clocks go back an hour on 2026-11-01 at 02:00."""

    def utcoffset(self, dt: datetime | None) -> timedelta:
        """Give -4 hours in summer, -5 in winter."""
        return timedelta(hours=-4 if dt is not None and dt.replace(tzinfo=None) < datetime(2026, 11, 1, 2) else -5)

    def dst(self, dt: datetime | None) -> timedelta:
        """Give the hour of summer time, which nothing asks for."""
        return timedelta(0)

    def tzname(self, dt: datetime | None) -> str:
        """Give a name."""
        return "New York"


def result(criterion: Criterion, value: Any, as_of: date | str = DAY) -> CriterionResult:
    """Give what a criterion found."""
    return score(Profile("P", [Dimension("D", [criterion])]), {"x": value}, as_of=as_of).explanation.criteria[0]


def match(criterion: Criterion, value: Any, as_of: date | str = DAY) -> float | str | None:
    """Give the match of a known value, or in its place "never" or "unknown"."""
    found = result(criterion, value, as_of)
    return found.match if found.state == "known" else found.state


def reasons(criterion: Criterion, value: Any) -> list[str]:
    """Give the reasons for which a value is invalid."""
    with pytest.raises(InvalidAccountError) as caught:
        match(criterion, value)
    return [offender.reason for offender in caught.value.offenders]


def days_ago(days: float) -> datetime:
    """Give the moment so many days before the midnight that begins DAY."""
    return datetime(2026, 11, 21, tzinfo=UTC) - timedelta(days=days)


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (Recency("x"), {0: 1, 30: 0.5, 60: 0.25, 90: 0.125}),
        (Recency("x", half_life=8), {0: 1, 8: 0.5, 16: 0.25, 400: 0}),
        (Recency("x", half_life=timedelta(days=15)), {15: 0.5, 30: 0.25}),
        (Recency("x", linear=8), {0: 1, 4: 0.5, 7: 0.125, 8: 0, 9: 0}),
        (Recency("x", linear=timedelta(days=16)), {4: 0.75, 8: 0.5, 16: 0}),
        (Recency("x", window=7), {0: 1, 7: 1, 8: 0}),
        (Recency("x", window=0), {0: 1, 1: 0}),
        (Recency("x", steps=[(7, 0.75), (30, 0.25)]), {0: 0.75, 7: 0.75, 8: 0.25, 30: 0.25, 31: 0}),
        (Recency("x", steps=[(timedelta(weeks=1), 1), (60, 0.5)]), {7: 1, 8: 0.5, 60: 0.5, 61: 0}),
    ],
    ids=repr,
)
def test_the_shapes_of_recency(criterion: Criterion, expected: dict[int, float]) -> None:
    """A signal halves, falls in a line, or counts within a window or by steps, the last day of each included."""
    assert {days: match(criterion, days_ago(days)) for days in expected} == expected


def test_a_half_life_between_its_halvings() -> None:
    """Between halvings the match is a power of two, rounded to a multiple of 2^-30."""
    # 2^-0.5 = 0.70710678118…, times 2^30 is 759250124.99…
    assert match(Recency("x"), days_ago(15)) == 759_250_125 * QUANTUM


def test_a_window_ends_to_the_microsecond() -> None:
    """A signal exactly as old as the window counts, and one a microsecond older does not."""
    assert [match(Recency("x", window=7), days_ago(7) - late) for late in (TICK * 0, TICK)] == [1, 0]


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 10, 22, tzinfo=UTC),
        datetime(2026, 10, 22, 5, tzinfo=timezone(timedelta(hours=5))),
        datetime(2026, 10, 22),
        Timestamp(2026, 10, 22, tzinfo=UTC),
        date(2026, 10, 22),
        Day(2026, 10, 22),
        "2026-10-22",
        " 2026-10-22 ",
        "20261022",
        "2026-10-22T00:00:00Z",
        "2026-10-22T02:00+02:00",
        "2026-10-22T00:00:00",
        np.datetime64("2026-10-22"),
        np.datetime64("2026-10-22T00:00", "s"),
        np.datetime64("2026-10-22T00:00", "ns"),
        np.array(["2026-10-22"], dtype="datetime64[D]"),
        np.array(["2026-10-22T00:00"], dtype="datetime64[us]"),
        np.array(["2026-10-22T00:00"], dtype="datetime64[ns]"),
    ],
    ids=repr,
)
def test_all_kinds_of_moments(value: Any) -> None:
    """A moment is a datetime, a date, ISO text or a datetime64; a date is its midnight, a naive one is UTC."""
    assert match(Recency("x"), value) == 0.5


@pytest.mark.parametrize(
    ("value", "naive"),
    [
        (datetime(2026, 10, 22), 1),
        ("2026-10-22T00:00", 1),
        (np.datetime64("2026-10-22T00:00", "us"), 1),
        ([datetime(2026, 10, 22), datetime(2026, 10, 1), date(2026, 10, 2), days_ago(3)], 2),
        (days_ago(3), 0),
        (date(2026, 10, 22), 0),
        ("2026-10-22", 0),
    ],
)
def test_naive_moments_are_counted(value: Any, naive: int) -> None:
    """A moment without a time zone is read as UTC, and counted; a date is none."""
    assert result(Recency("x"), value).naive == naive


def test_ages_count_elapsed_time() -> None:
    """Two moments of one zone lie 25 hours apart when the clocks went back an hour between them."""
    zone = NewYork()
    then, now = datetime(2026, 10, 31, 12, tzinfo=zone), datetime(2026, 11, 1, 12, tzinfo=zone)
    assert match(Recency("x", linear=timedelta(hours=50)), then, now) == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize(
    ("value", "expected", "ignored"),
    [
        ([days_ago(60), days_ago(30), days_ago(90)], 0.5, 0),
        ((days_ago(30), None, math.nan, ""), 0.5, 0),
        ({days_ago(30)}, 0.5, 0),
        ([days_ago(60), days_ago(-1), "2030-01-01"], 0.25, 2),
        ([], 0, 0),
        ([None], 0, 0),
        ([days_ago(-1)], "never", 1),
    ],
)
def test_the_latest_of_several_signals(value: Any, expected: float | str, ignored: int) -> None:
    """The latest visible signal counts, unknown ones are dropped, an empty list is known."""
    found = result(Recency("x"), value)
    assert (match(Recency("x"), value), found.ignored) == (expected, ignored)


@pytest.mark.parametrize(
    ("as_of", "value", "expected"),
    [
        (DAY, "2026-11-21T23:59:59.999999Z", 1),
        (DAY, "2026-11-22T00:00:00Z", "never"),
        (DAY, "2026-11-22", "never"),
        (NOON, NOON, 1),
        (NOON, NOON + TICK, "never"),
        ("2026-11-21T12:00:00Z", "2026-11-21T12:00:00.000001Z", "never"),
        ("2026-11-21", "2026-11-21T12:00:00.000001Z", 1),
    ],
)
def test_nothing_after_as_of_exists(as_of: Any, value: Any, expected: float | str) -> None:
    """A date sees all of its day, at an age of 0; a moment sees what happened until then."""
    assert match(Recency("x", window=0), value, as_of) == expected


@pytest.mark.parametrize("value", [None, "", "  ", math.nan, NaTType(1, 1, 1), np.datetime64("NaT", "us")])
@pytest.mark.parametrize("kind", [Recency, partial(Engagement, kinds=["demo"])], ids=["Recency", "Engagement"])
def test_an_absent_signal_never_happened(value: Any, kind: Any) -> None:
    """A signal that is absent never happened, unless the criterion says that it is unknown."""
    assert [match(kind("x"), value), match(kind("x", absent="unknown"), value)] == ["never", "unknown"]


def test_a_future_signal_leaves_an_absent_one() -> None:
    """Where `absent` means unknown, a signal after as_of is unknown, and an empty list is known all the same."""
    criterion = Recency("x", absent="unknown")
    assert [match(criterion, value) for value in ("2026-11-22", ["2026-11-22"], [])] == ["unknown", "unknown", 0]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("yesterday", "text that is no ISO 8601 date"),
        ("2026-13-01", "text that is no ISO 8601 date"),
        ("2026-11-21T25:00", "text that is no ISO 8601 date"),
        (1_795_219_200, "an int where a date belongs"),
        (True, "a bool where a date belongs"),
        ({"at": DAY}, "a dict where a date belongs"),
        ([DAY, 7], "an int where a date belongs"),
        ([[DAY]], "a list where a date belongs"),
        (timedelta(days=1), "a timedelta where a date belongs"),
    ],
)
def test_what_is_no_moment_is_invalid(value: Any, reason: str) -> None:
    """Numbers, other text and nested lists are no moments."""
    assert reasons(Recency("x"), value) == [reason]


def test_an_impossible_moment_after_as_of_is_no_reason_to_be_invalid() -> None:
    """The whole list is read before anything is dropped for being in the future: one bad item makes it invalid."""
    assert reasons(Recency("x"), ["2030-01-01", "soon"]) == ["text that is no ISO 8601 date"]


RECENCIES_THAT_CANNOT_BE: dict[str, tuple[dict[str, Any], str, Any, str]] = {
    "two shapes": (
        {"half_life": 30, "window": 7},
        "window",
        7,
        "Recency.window must not be given together with half_life (got 7)",
    ),
    "half-life": ({"half_life": 0}, "half_life", 0, "Recency.half_life must be > 0 (got 0)"),
    "linear": ({"linear": "30"}, "linear", "30", "Recency.linear must be a number (got '30')"),
    "bool": ({"linear": True}, "linear", True, "Recency.linear must be a number (got True)"),
    "window": ({"window": timedelta(days=-1)}, "window", -1, "Recency.window must be >= 0 (got -1)"),
    "steps": ({"steps": 7}, "steps", 7, "Recency.steps must be a list of (edge, match) pairs (got 7)"),
    "days of a step": ({"steps": [(-1, 1)]}, "steps", -1, "Recency.steps must be >= 0 (got -1)"),
    "match of a step": ({"steps": [(1, "1")]}, "steps", "1", "Recency.steps must be a number (got '1')"),
    "absent": ({"absent": "skip"}, "absent", "skip", "Recency.absent must be one of 'never', 'unknown' (got 'skip')"),
}


@pytest.mark.parametrize(
    ("options", "field", "value", "sentence"), RECENCIES_THAT_CANNOT_BE.values(), ids=RECENCIES_THAT_CANNOT_BE
)
def test_a_recency_that_cannot_be(options: dict[str, Any], field: str, value: Any, sentence: str) -> None:
    """A recency that contradicts itself is refused, naming field and value."""
    with pytest.raises(DefinitionError) as caught:
        Recency("x", **options)
    error = caught.value
    assert (error.owner, error.field, error.value, str(error)) == ("Recency", field, value, sentence)


def test_spans_become_days() -> None:
    """A timedelta becomes a number of days, a whole one where it is whole."""
    assert [repr(Recency("x", window=timedelta(weeks=1))), repr(Recency("x", window=timedelta(hours=36)))] == [
        "Recency('x', window=7)",
        "Recency('x', window=1.5)",
    ]


DEMOS = Engagement("x", {"Demo": 2, "mail": 1, "call": 0}, target=8)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([("demo", DAY)], 0.25),  # 2 of 8
        ([("demo", DAY), ("mail", days_ago(30)), ("MAIL ", days_ago(60))], 0.34375),  # (2 + 0.5 + 0.25) / 8
        ([("mail", DAY, 4)], 0.5),
        ([("mail", days_ago(30), 4), ("demo", DAY, 0.5)], 0.375),  # (2 + 1) / 8
        ([("demo", DAY, 0)], 0),
        ([("demo", DAY, 100)], 1),
        ([("demo", DAY, 2**53)] * 2, 1),
        ([("demo", DAY)] * 5, 1),
        ([("call", DAY), ("webinar", DAY)], 0),
        ([], 0),
    ],
)
def test_events_add_up(value: Any, expected: float) -> None:
    """The match is the sum of weight · strength · decay over the target, at most 1; other kinds count nothing."""
    assert match(DEMOS, value) == expected


def test_an_event_is_worth_a_full_match_at_most() -> None:
    """However great weight and strength, and however small the target, an event is no more than a full match."""
    assert match(Engagement("x", {"a": 2**53}, target=5e-324), [("a", DAY, 2**53)]) == 1


@pytest.mark.parametrize(("count", "units"), [(1, 357_913_941), (3, 1_073_741_823), (4, 2**30)])
def test_each_event_is_floored(count: int, units: int) -> None:
    """Each event's share of the target is floored to a multiple of 2^-30 before it is added."""
    # 2^30 / 3 = 357,913,941.33
    assert match(Engagement("x", ["a"], target=3), [("a", DAY)] * count) == units * QUANTUM


@attrs.frozen
class Touch:
    """An event as a user's own class."""

    kind: str
    at: date


@pytest.mark.parametrize(
    "event",
    [
        ("demo", DAY),
        ["demo", DAY, None],
        ("demo", DAY, math.nan),
        ("demo", DAY, 1.0),
        {"kind": "demo", "at": DAY},
        {"kind": "demo", "at": "2026-11-21", "strength": 1, "by": "someone"},
        Event("demo", DAY, 1),
        Pair("demo", DAY),
        Touch("demo", DAY),
        SimpleNamespace(kind="demo", at=DAY, strength=np.int64(1)),
    ],
    ids=lambda event: type(event).__name__,
)
def test_all_kinds_of_events(event: Any) -> None:
    """An event is a tuple, a mapping or an object; without a strength it has strength 1."""
    assert match(DEMOS, [event]) == 0.25


@pytest.mark.parametrize("container", [list, tuple, lambda events: np.array([*events, None], dtype=object)[:1]])
def test_all_kinds_of_lists_of_events(container: Any) -> None:
    """Events stand in a list, a tuple or an array."""
    assert match(DEMOS, container([{"kind": "demo", "at": DAY}])) == 0.25


@pytest.mark.parametrize(
    ("value", "expected", "ignored"),
    [
        ([None, ("demo", DAY)], 0.25, 0),
        ([(None, DAY), ("demo", DAY)], 0.25, 0),
        ([("demo", None), ("demo", "")], 0, 0),
        ([("demo", "2026-11-22"), ("demo", DAY)], 0.25, 1),
        ([("demo", "2026-11-22")], "never", 1),
        ([("demo", "2026-11-22"), None], "never", 1),
        ([("demo", "2026-11-22", -1), (7, "2026-11-22"), ("demo", DAY)], 0.25, 2),
    ],
)
def test_events_that_are_left_out(value: Any, expected: float | str, ignored: int) -> None:
    """Events after as_of are removed before anything else is looked at; one without a kind or a moment is dropped."""
    found = result(DEMOS, value)
    assert (match(DEMOS, value), found.ignored) == (expected, ignored)


EVENT = "an event must be (kind, at), (kind, at, strength), or have kind, at and strength by name"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("demo", "text where a list of events belongs"),
        ({"kind": "demo", "at": DAY}, "a dict where a list of events belongs"),
        (7, "an int where a list of events belongs"),
        (["demo"], EVENT),
        ([("demo",)], EVENT),
        ([("demo", DAY, 1, 1)], EVENT),
        ([{"kind": "demo"}], EVENT),
        ([{"at": DAY}], EVENT),
        ([SimpleNamespace(kind="demo")], EVENT),
        ([Other("demo", DAY)], EVENT),
        ([(7, DAY)], "an int where text belongs"),
        ([("demo", "today")], "text that is no ISO 8601 date"),
        ([("demo", DAY, "2")], "text where a number belongs"),
        ([("demo", DAY, True)], "a bool where a number belongs"),
        ([("demo", DAY, -1)], "an event whose strength is not between 0 and 2^53"),
        ([("webinar", DAY, 1e16)], "an event whose strength is not between 0 and 2^53"),
        ([("demo", DAY), ("demo", DAY, math.inf)], "an infinite number"),
    ],
)
def test_what_is_no_list_of_events_is_invalid(value: Any, reason: str) -> None:
    """One event that is none makes the whole list invalid, whatever its kind."""
    assert reasons(DEMOS, value) == [reason]


ENGAGEMENTS_THAT_CANNOT_BE: dict[str, tuple[dict[str, Any], str, Any, str]] = {
    "text for kinds": (
        {"kinds": "demo"},
        "kinds",
        "demo",
        (
            "Engagement.kinds must be a collection, or a mapping to numbers (got 'demo')"
            "\n\nHint: a list of one is ['demo']"
        ),
    ),
    "numbers for kinds": ({"kinds": [1]}, "kinds", 1, "Engagement.kinds must be text (got 1)"),
    "no weight": (
        {"kinds": {"a": 0}},
        "kinds",
        (("a", 0),),
        "Engagement.kinds must have a weight above 0 (got {'a': 0})",
    ),
    "kind twice": (
        {"kinds": ["a", "A"]},
        "kinds",
        "A",
        "Engagement.kinds must be distinct after folding and aliases, but 'a' and 'A' are one (got 'A')",
    ),
    "half-life": ({"half_life": 0}, "half_life", 0, "Engagement.half_life must be > 0 (got 0)"),
    "target": ({"target": -1}, "target", -1, "Engagement.target must be > 0 (got -1)"),
    "absent": ({"absent": None}, "absent", None, "Engagement.absent must be one of 'never', 'unknown' (got None)"),
}


@pytest.mark.parametrize(
    ("options", "field", "value", "sentence"), ENGAGEMENTS_THAT_CANNOT_BE.values(), ids=ENGAGEMENTS_THAT_CANNOT_BE
)
def test_an_engagement_that_cannot_be(options: dict[str, Any], field: str, value: Any, sentence: str) -> None:
    """An engagement that contradicts itself is refused, naming field and value."""
    with pytest.raises(DefinitionError) as caught:
        Engagement(**{"attribute": "x", "kinds": ["demo"], **options})
    error = caught.value
    assert (error.owner, error.field, error.value, str(error)) == ("Engagement", field, value, sentence)


@pytest.mark.parametrize("weight", [-1, 1e300])
def test_the_weight_of_a_kind_has_limits(weight: float) -> None:
    """The weight of a kind lies between 0 and 2^53, so that no event is worth an infinity."""
    with pytest.raises(DefinitionError) as caught:
        Engagement("x", {"demo": weight})
    assert (caught.value.field, caught.value.value) == ("kinds", weight)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-20T23:59:59Z", 0),
        ("1999-01-01", 0),
        ("2026-11-21T00:00:00Z", 1),
        ("2026-11-21T23:59:59Z", 1),
        (datetime(2026, 11, 22, 1, tzinfo=timezone(timedelta(hours=5))), 1),  # 20:00 UTC of the day before
        (date(2026, 11, 26), 0.5),
        ("2026-11-30T23:59:59Z", 0.1),
        (np.datetime64("2026-12-01"), 0),
        ("2030-01-01", 0),
        (None, "unknown"),
        ("", "unknown"),
        (NaTType(2026, 11, 21), "unknown"),
    ],
)
@pytest.mark.parametrize("as_of", [DAY, NOON])
def test_planned_dates_count_whole_days(as_of: date, value: Any, expected: float | str) -> None:
    """All of today is a full match, each UTC day ahead takes its share away, and the past is none."""
    found = match(Upcoming("x", within=10), value, as_of)
    assert found == (expected if isinstance(expected, str) else pytest.approx(expected, abs=1e-12))


def test_planned_dates_are_facts() -> None:
    """A planned date lies after as_of by its nature: it is not ignored."""
    assert result(Upcoming("x"), "2026-12-01").ignored == 0


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (["2026-12-01"], "a list where a date belongs"),
        (90, "an int where a date belongs"),
        ("soon", "text that is no ISO 8601 date"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))), "a date outside the calendar"),
    ],
)
def test_what_is_no_planned_date_is_invalid(value: Any, reason: str) -> None:
    """A list, a number, other text, or a moment whose UTC day does not exist is invalid."""
    assert reasons(Upcoming("x"), value) == [reason]


def test_upcoming_reaches_beyond_today() -> None:
    """The span of a planned date is above 0."""
    with pytest.raises(DefinitionError) as caught:
        Upcoming("x", within=timedelta(0))
    assert str(caught.value) == "Upcoming.within must be > 0 (got 0)"


@pytest.mark.parametrize(
    ("criterion", "text"),
    [
        (Recency("x"), "x: recent, halving every 30 days"),
        (Recency("x", half_life=1), "x: recent, halving every 1 day"),
        (Recency("x", linear=365), "x: recent, falling to 0 at 365 days"),
        (Recency("x", window=0.5), "x: within 0.5 days"),
        (Recency("x", steps=[(7, 1), (30, 0.5)]), "x: by age: within 7 days: 1, within 30 days: 0.5"),
        (Engagement("x", ["demo"]), "x: 1 points of demo, halving every 30 days"),
        (Engagement("x", {"a": 1, "b": 2}, target=5), "x: 5 points of a, b ×2, halving every 30 days"),
        (Upcoming("x", within=timedelta(days=14)), "x: soon, within 14 days"),
    ],
)
def test_signals_describe_themselves(criterion: Criterion, text: str) -> None:
    """A criterion about time says in plain words what it asks."""
    assert criterion.describe() == text
