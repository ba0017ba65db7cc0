import itertools
import math
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

import icpkit as icp
from icpkit.batch.signals import AGE, EVENTS, signals_of
from tests.batch.cases import a_profile, same_as_reference

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = "2026-11-21"
CRITERIA: dict[str, icp.Criterion] = {
    "engagement": icp.Engagement("x", {"demo": 3, "visit": 0.1, "Straße": 0.3}, half_life=14, target=5),
    "one is enough": icp.Engagement("x", {"demo": 1}, half_life=30, target=0.25),
    "half-life": icp.Recency("x", half_life=30),
    "linear": icp.Recency("x", linear=90, absent="unknown"),
    "steps": icp.Recency("x", steps=[(7, 1), (30, 0.6)], absent="unknown"),
    "window": icp.Recency("x", window=30),
}
ODD: list[Any] = [
    *("soon", "", None, 7, math.nan, NOON, "2026-11-01", {"kind": "demo", "at": NOON}, {NOON}),
    *([7], ["soon"], [("demo",)], [("demo", NOON, -1)], [("demo", NOON, "much")], [(7, NOON)], [("demo", "soon")]),
    *([("demo", NOON), None, math.nan], [[None]], [("", NOON)], [("demo", None)], [("demo", NOON, None)]),
    [("demo", "2030-01-01", -1)],
    [(7, "2030-01-01")],
    [datetime(1600, 1, 1, tzinfo=UTC)],
    [("demo", datetime(1600, 1, 1, tzinfo=UTC))],
    [NOON, "2026-11-01", date(2026, 10, 1), NOON.replace(tzinfo=None), None, ""],
    (NOON, NOON + timedelta(days=1)),
    [{"kind": " DEMO", "at": "2026-11-20", "strength": 2}, {"kind": "strasse", "at": date(2026, 11, 1)}],
]


def lists(count: int) -> list[Any]:
    """Give lists of events and lists of moments, among them empty ones and such as lie ahead."""
    rng = random.Random(11)
    kinds = ("demo", "Visit ", "STRASSE", "other", " ", None)

    def moment() -> Any:
        days = rng.choice((-400, -30, -14, -1, 0, 0.5, 1, 9))
        when = NOON + timedelta(days=days, microseconds=rng.choice((-1, 0, 1)))
        return rng.choice((when, when.date(), when.isoformat(), when.replace(tzinfo=None), None))

    def event() -> Any:
        return rng.choice([(rng.choice(kinds), moment()), (rng.choice(kinds), moment(), rng.choice((None, 0, 0.5, 7)))])

    drawn = [[event() for _ in range(rng.randrange(6))] for _ in range(count)]
    return [*drawn, *([moment() for _ in range(rng.randrange(4))] for _ in range(count))]


@pytest.mark.parametrize("criterion", CRITERIA.values(), ids=CRITERIA)
@pytest.mark.parametrize("as_of", [DAY, NOON, "2025-01-01", date(1, 1, 1), date(9999, 12, 31)], ids=str)
def test_lists_match_as_the_reference_says(criterion: icp.Criterion, as_of: Any) -> None:
    """Events and moments, past and ahead, without a kind or a moment, and what is no list of them."""
    records = [{"x": one} for one in [*lists(60), *ODD, [], ()]]
    same_as_reference(a_profile(criterion), records, as_of)
    few: list[list[Any]] = [[[], [], None], [[None], "x", None]]
    for some in few:
        same_as_reference(a_profile(criterion), [{"x": one} for one in some], as_of)


@pytest.mark.parametrize("criterion", CRITERIA.values(), ids=CRITERIA)
def test_each_list_at_its_own_moment(criterion: icp.Criterion) -> None:
    """A list that several accounts share is found anew for each of their moments."""
    shared = [*lists(6), *ODD, []]
    moments: list[Any] = [DAY, NOON, "2026-11-01", "2027-11-21"]
    pairs = list(itertools.product([{"x": one} for one in shared], moments))
    same_as_reference(a_profile(criterion), [one for one, _ in pairs], [when for _, when in pairs])


def test_lists_are_read_once() -> None:
    """End to end, with kinds folded and strength 1 where none is given; what is no list is left out."""
    events = [("Demo", "1970-01-02"), (" demo", NOON, 2)]
    signals = signals_of([events, "2026-11-21", None, [], [("", NOON), 7]], EVENTS)
    assert signals is not None
    assert signals.plain.tolist() == [True, False, False, True, False]
    assert signals.offsets.tolist() == [0, 2, 2, 2, 2, 2]
    assert signals.micros.tolist() == [86_400e6, NOON.timestamp() * 1e6]
    assert signals.names == ("demo", None)
    assert (signals.kinds.tolist(), signals.strengths.tolist()) == ([0, 0], [1, 2])
    assert signals.take(np.array([3, 0])).offsets.tolist() == [0, 0, 2]
    assert signals.nbytes == 5 + 6 * 8 + 16 + 2 + 16 + 5 * 8
    moments = signals_of([["1970-01-02", None], ["soon"]], AGE)
    assert moments is not None
    assert (moments.plain.tolist(), moments.micros.tolist()) == ([True, False], [86_400e6])


def test_without_lists_there_are_no_signals() -> None:
    """Texts, moments and numbers are no lists."""
    assert signals_of(["2026-11-21", None, NOON, 7], AGE) is None
    assert signals_of([["soon"], None], EVENTS) is None
