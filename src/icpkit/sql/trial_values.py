"""Values worth trying: on the edges of what a profile asks, beside them, between them, unknown, and of the wrong kind.

They are the profile's own: an edge that only this profile has is tried on both sides.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from icpkit import views
from icpkit.value_functions import Curve, Decay, EventSum, LabelMerge, Segments, Steps, Table, ValueFunction
from icpkit.views import Moment

_MICRO: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)
#: The days from which moments are taken: every engine has them.
_FIRST, _LAST = date(1900, 1, 1), date(2260, 1, 1)
_ODD_TEXT: Final = 'it\'s 100 % "odd"; \\ -- größe'
_FAR: Final = (0, -1, 1, 2**53, 2**53 + 1, -(2**53) - 1, 2.0**60, -7.25, 1e15)
_NO_NUMBERS: Final = (math.nan, math.inf, -math.inf)
#: How far from an edge a slope has fallen by what a fit shows.
_BESIDE: Final = 1e-4
#: Half-lives after which a signal is looked at.
_HALVINGS: Final = (0, 0.5, 1, 2.25, 10, 29, 70)


def values_of(
    function: ValueFunction,
    now: Moment,
    *,
    levels: Sequence[float] = (),
    text: Callable[[str], str] = views.fold,
    many: bool = False,
    strengths: bool = True,
) -> list[Any]:
    """Give the values that are worth trying for a value function, each once.

    Args:
        function: the value function.
        now: the moment of scoring.
        levels: matches that slopes are to reach, such as the thresholds of gates.
        text: makes a text as the column holds it.
        many: whether the attribute has several values, moments among them, in a list.
        strengths: whether events have a strength.
    """
    view = function.view
    if view == "events":
        found = _events(function, now, text, strengths=strengths)
    elif view == "labels":
        found = _label_lists(function, text)
    elif view == "text":
        found = [*_texts(function, text)]
        found = _lists(found, ["unlisted", ""]) if many else found
    elif view == "truth":
        found = [1, 0, 2, True, False]
    elif view in {"number", "log"}:
        found = [*_numbers(function, levels)]
    else:
        found = [*_moments(function, now, levels)]
        found = _lists(found, [now.origin + 2 * _DAY]) if many else found
    return distinct(found)


def distinct(values: Sequence[Any]) -> list[Any]:
    """Give each value once; 1, 1.0 and True are three."""
    return list({(type(one).__name__, repr(one)): one for one in values}.values())


# Numbers


def edges_of(curve: Curve) -> list[float]:
    """Give the numbers at which a curve turns, rising."""
    if isinstance(curve, Segments):
        return curve.edges
    if isinstance(curve, Steps):
        return sorted(edge for edge, _ in curve.steps)
    if isinstance(curve, Decay):
        return [curve.half_life * halvings for halvings in _HALVINGS]
    return sorted(float(key) for key, _ in curve.entries if not isinstance(key, str))


def _numbers(function: ValueFunction, levels: Sequence[float]) -> Iterator[float]:
    edges = edges_of(function.curve)
    for edge in edges:
        yield from (edge, math.nextafter(edge, -math.inf), math.nextafter(edge, math.inf), edge - 1, edge + 1)
        yield from (edge * (1 - _BESIDE), edge * (1 + _BESIDE))
    yield from _between(edges)
    yield from reaching(function.curve, levels, log_scale=function.view == "log")
    yield from (*_FAR, *_NO_NUMBERS)


def _between(edges: Sequence[float]) -> Iterator[float]:
    for below, above in itertools.pairwise(edges):
        yield from (below + (above - below) / 2, below + (above - below) * 0.3)


def reaching(curve: Curve, levels: Sequence[float], *, log_scale: bool = False) -> Iterator[float]:
    """Give numbers at which slopes have fallen to given matches, and a millionth beside.

    >>> list(reaching(Segments(50, 500, soft_low=0), [0.5]))[0]
    25.0
    """
    if not isinstance(curve, Segments):
        return
    for edge, soft in ((curve.low, curve.soft_low), (curve.high, curve.soft_high)):
        if edge is None or soft is None:
            continue
        for level in levels:
            if log_scale:
                there = math.exp(math.log(edge) + (1 - level) * (math.log(soft) - math.log(edge)))
            else:
                there = edge + (1 - level) * (soft - edge)
            yield from (there, there * (1 - 1e-6), there * (1 + 1e-6))


# Moments


def _moments(function: ValueFunction, now: Moment, levels: Sequence[float]) -> Iterator[Any]:
    edges = [*edges_of(function.curve)]
    if isinstance(function.curve, Decay):
        yield from (moment for edge in edges for moment in _at(now, -edge * views.DAY))
        edges = []
    edges += [*_between(edges), *reaching(function.curve, levels)]
    if function.view == "years":
        yield from (now.day.year - math.floor(edge) - more for edge in edges for more in (0, -1, 1))
        yield from (now.day.year, now.day.year + 1, 1, 9999, 0, 10_000, 2013.5, *_NO_NUMBERS)
        yield from _beside(now, (-edge * views.YEAR for edge in edges))
    elif function.view == "ahead":
        for edge in edges:
            for moment in _at(now, math.floor(edge) * views.DAY - now.since_midnight):
                yield from (moment, moment - _MICRO, moment + _DAY - _MICRO, moment + _DAY, moment.date())
    else:
        yield from _beside(now, (-edge for edge in edges))
    visible = -now.least
    yield from (one for beside in (0, 1, -1) for one in _at(now, visible + beside))
    yield from (
        now.origin,
        now.origin - timedelta(hours=7),
        now.day,
        now.day + _DAY,
        now.origin + 400 * _DAY,
        date(1970, 1, 1),
        date(1969, 7, 20),
    )


def _at(now: Moment, micros: float) -> Iterator[datetime]:
    """Give the moment so many microseconds after that of scoring, unless it is out of reach of some engine."""
    first, last = (views.micros_between(now.origin, _midnight(day)) for day in (_FIRST, _LAST))
    if first <= micros <= last:
        yield now.origin + timedelta(microseconds=round(micros))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _beside(now: Moment, days: Iterator[float]) -> Iterator[Any]:
    for offset in days:
        for moment in _at(now, offset * views.DAY):
            yield from (moment, moment - _MICRO, moment + _MICRO, moment.date())


# Text


def _texts(function: ValueFunction, text: Callable[[str], str]) -> Iterator[str]:
    table = function.curve
    assert isinstance(table, Table)  # the constructor saw to it
    for name in _names(table):
        yield text(name)
        if table.prefix:
            yield from (text(f"{name}x"), text(name[:-1]), text(name + _ODD_TEXT))
        if table.case_sensitive:
            yield text(name.swapcase())
    yield from ("", text("no such value"), text(_ODD_TEXT))


def _names(table: Table) -> list[str]:
    keys = [str(key) for key, _ in table.entries]
    return distinct([*keys, *(one for pair in table.aliases for one in pair)])


def _lists(items: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    """Make lists of items: none, one, one among others, two, one twice, with items that say nothing."""
    found: list[Any] = [[], [None], *([one] for one in items), [others[0]]]
    found += [[*others, items[0]], [items[0], items[0], None], [None, items[-1], *others]]
    return found + [[one, other] for one, other in itertools.pairwise(items)]


def _label_lists(function: ValueFunction, text: Callable[[str], str]) -> list[Any]:
    table, merge = function.curve, function.merge
    assert isinstance(table, Table)  # the constructor saw to it
    assert isinstance(merge, LabelMerge)  # the constructor saw to it
    keys = distinct([text(str(key)) for key, _ in table.entries])
    members = [one for _, group in merge.groups for one in group]
    names = distinct([text(one) for one in (*_names(table), *members)])
    found = _lists(names, [text("no such label"), text(_ODD_TEXT), ""])
    found += [keys, [*keys, text("no such label")], [*names, *names], keys[:-1], keys[1:]]
    counts = {merge.k or 1, (merge.k or 1) - 1, (merge.k or 1) + 1, len(keys) // 2}
    found += [keys[:count] for count in sorted(counts)]
    return found + [[text(spelling), text(name)] for spelling, name in table.aliases]


# Events


def _events(function: ValueFunction, now: Moment, text: Callable[[str], str], *, strengths: bool) -> list[Any]:
    merge, curve = function.merge, function.curve
    assert isinstance(merge, EventSum)  # the constructor saw to it
    assert isinstance(curve, Decay)  # the constructor saw to it
    kinds = [text(str(kind)) for kind, _ in merge.kinds]
    later = now.origin + 3 * _DAY
    half, old = ([*_at(now, -curve.half_life * halvings * views.DAY)] for halvings in (1, 3.7))
    known: list[Any] = [(kind, now.origin, None) for kind in kinds]
    known += [(kinds[0], moment, None) for moment in (*half, *old, *(one - _MICRO for one in half))]
    lists: list[list[Any]] = [[], *([one] for one in known), [(kinds[0], later, None)]]
    lists += [[known[0], (kinds[-1], later, None)], [(None, now.origin, None)], [(kinds[0], None, None)]]
    lists += [[("", now.origin, None), (text("no such kind"), now.origin, None)], [(text(_ODD_TEXT), now.origin, None)]]
    lists += [known[:count] for count in (2, 3, 5)]
    enough = [max(1, math.ceil(merge.target / float(weight))) for _, weight in merge.kinds if weight]
    lists += [[known[0]] * count for count in {min(one, 8) for one in enough}]
    if strengths:
        given = (0.5, 3.0, 0.0, float(merge.target) / 4, math.nan, -1.0, 2.0**53, 2.0**53 + 2, math.inf)
        lists += [[(kinds[0], now.origin, one)] for one in given]
        lists += [[(kinds[-1], later, -1.0), known[0]], [(None, now.origin, -1.0)]]
    return lists
