"""Values worth trying, as plain lists: on an edge, just beside it, written oddly, unknown, of the wrong kind.

They are found from value functions, so that a criterion of your own gets its own edges.
"""

import itertools
import math
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, Final

import attrs

from icpkit import views
from icpkit.value_functions import (
    AnyValueFunction,
    Combination,
    Curve,
    Decay,
    EventSum,
    LabelMerge,
    Segments,
    Steps,
    Table,
    ValueFunction,
)
from icpkit.views import Moment

#: Every way in which an attribute that is there may say nothing.
UNKNOWNS: Final[tuple[Any, ...]] = (None, math.nan, "", "  ", "\u3000\t\n", Decimal("NaN"))

#: Zones in which the same moment falls on other days.
ZONES: Final = (
    UTC,
    timezone(timedelta(hours=2)),
    timezone(timedelta(hours=-8)),
    timezone(timedelta(hours=5, minutes=45)),
    timezone(timedelta(hours=14)),
    timezone(timedelta(hours=-12)),
)

_UNLISTED: Final = (
    "something else",
    "ﬁnance",
    "Café",
    "İstanbul",
    "o'brien; --",
    "100%_",
    "a,b",
    "\x1b[31m",
    "0",
    "🚀",
)
_A_DAY: Final = timedelta(days=1)
_A_MICROSECOND: Final = timedelta(microseconds=1)
#: Days beyond which the calendar might end.
_FARTHEST: Final = Fraction(300_000)
_WRONG_NUMBERS: Final = (
    *(math.inf, -math.inf, Decimal("Infinity"), 2**53 + 1, -(10**400), Decimal("1e400")),
    *(True, False, "many", "42", b"42", 1j, date(2026, 1, 1), {"value": 1}),
)
_WRONG_TEXTS: Final = (0, 7, 1.5, True, Decimal(3), b"Software", date(2026, 1, 1), {"name": "Software"})
_WRONG_MOMENTS: Final = (
    20261121,
    1.5,
    True,
    "yesterday",
    "2026-02-30",
    "21.11.2026",
    "2026-11-21T25:00",
    b"2026-11-21",
)


@attrs.frozen
class Domain:
    """The values that are worth trying for one value function.

    Attributes:
        singles: valid values, other than lists.
        items: valid items of a list, where a list is valid.
        wrong: values of the wrong kind, other than lists.
        wrong_items: items of the wrong kind, of which one makes a whole list invalid; where no list is valid, any item.
    """

    singles: tuple[Any, ...]
    items: tuple[Any, ...]
    wrong: tuple[Any, ...]
    wrong_items: tuple[Any, ...]


def leaf_functions(function: AnyValueFunction) -> Iterator[ValueFunction]:
    """Give the value functions that read attributes, out of any combination.

    >>> from icpkit import Flag, Range
    >>> both = Flag("b2b") & ~Range("employees", 50, 500)
    >>> [leaf.attribute for leaf in leaf_functions(both.value_function())]
    ['b2b', 'employees']
    """
    if isinstance(function, Combination):
        for part in function.parts:
            yield from leaf_functions(part)
    else:
        yield function


def domain(function: ValueFunction, now: Moment) -> Domain:
    """Give the values that are worth trying for a value function at a moment.

    >>> from icpkit import Flag
    >>> domain(Flag("b2b").value_function(), views.moment("2026-11-21")).singles[:2]
    (True, False)
    """
    view, merge = function.view, function.merge
    if view == "truth":
        return Domain((True, False, 1, 0, 1.0, 0.0, -0.0, Decimal(1)), (), ("yes", "True", 2, 0.5, -1, b"1"), (True,))
    if view in {"number", "log"}:
        soft = isinstance(function.curve, Segments) and (function.curve.soft_low, function.curve.soft_high) != (
            None,
            None,
        )
        singles = tuple(numbers_near(_edges(function.curve), soft=soft))
        listed = isinstance(function.curve, Table) and function.curve.otherwise is None
        wrong = (*_WRONG_NUMBERS, 123.25) if listed else _WRONG_NUMBERS
        singles = (
            tuple(key for key, _ in function.curve.entries) if isinstance(function.curve, Table) and listed else singles
        )
        return Domain(singles, singles if merge == "best" else (), wrong, wrong if merge == "best" else (1,))
    if view == "text":
        return _text_domain(function)
    if view == "labels":
        assert isinstance(function.curve, Table)  # the view has no other
        assert isinstance(function.merge, LabelMerge)  # nor other merges
        members = [member for _, group in function.merge.groups for member in group]
        texts = tuple(_texts_of(function.curve, members))
        return Domain((), texts, ("Slack", *_WRONG_TEXTS), _WRONG_TEXTS)
    if view == "events":
        return _event_domain(function, now)
    return _time_domain(function, now)


def _text_domain(function: ValueFunction) -> Domain:
    assert isinstance(function.curve, Table)  # the view has no other
    if function.curve.otherwise is None:
        levels = tuple(form for key, _ in function.curve.entries for form in spellings(key))
        return Domain(levels, (), ("no such level", *_WRONG_TEXTS), levels)
    texts = tuple(_texts_of(function.curve, ()))
    return Domain(texts, texts if function.merge == "best" else (), _WRONG_TEXTS, _WRONG_TEXTS)


def _time_domain(function: ValueFunction, now: Moment) -> Domain:
    edges = _edges(function.curve)
    if function.view == "years":
        years = (now.day.year - math.floor(edge) + more for edge in edges for more in (-1, 0, 1))
        dates = moments_near([-edge * views.YEAR for edge in edges], now)
        wrong: tuple[Any, ...] = (0, -3, 10_000, 2013.5, math.inf, True, *_WRONG_MOMENTS[3:])
        return Domain(
            (*(year for year in years if year > 0), 2013.0, Decimal(1999), 1, 9999, *dates), (), wrong, (2013,)
        )
    if function.view == "ahead":
        return Domain(tuple(moments_near(edges, now)), (), (*_WRONG_MOMENTS, {"at": now.day}), (now.day,))
    moments = tuple(moments_near([-edge for edge in edges], now))
    return Domain(moments, moments, (*_WRONG_MOMENTS, {"at": now.day}), _WRONG_MOMENTS)


def _event_domain(function: ValueFunction, now: Moment) -> Domain:
    assert isinstance(function.merge, EventSum)  # the view has no other
    kinds = [form for kind, _ in function.merge.kinds for form in spellings(kind)]
    whens = list(moments_near([-edge for edge in _edges(function.curve)], now))
    strengths: list[Any] = [1, 0, 0.1, 3, Decimal("2.5"), None, math.nan, 1e-9, 2**53]
    # Every moment once, and the kinds and strengths in turn: all pairs would be thousands.
    turns = zip(whens, itertools.cycle([*kinds, "unlisted", None, " "]), itertools.cycle(strengths), strict=False)
    events: list[Any] = []
    for at, kind, strength in turns:
        events += [
            {"kind": kind, "at": at, "strength": strength},
            (kind, at),
            (kind, at, strength),
            [kind, at],
            SimpleNamespace(kind=kind, at=at),
        ]
    events += [(kinds[0], None), {"kind": kinds[0], "at": now.day}, {"kind": kinds[0], "at": "", "strength": 5}]
    past = now.origin - _A_DAY
    wrong: tuple[Any, ...] = (
        *((kinds[0],), (kinds[0], past, 1, 2), {"kind": kinds[0]}, {"at": past}, kinds[0], 7, past, [[]]),
        *((kinds[0], past, -1), (kinds[0], past, "much"), (kinds[0], past, math.inf), (7, past), (kinds[0], "soon")),
    )
    return Domain((), tuple(events), (kinds[0], 7, {"kind": kinds[0], "at": past}, past, True), wrong)


def _edges(curve: Curve) -> list[float]:
    """Give the edges of a curve, rising."""
    if isinstance(curve, Segments):
        ends: Iterable[float | None] = (curve.low, curve.high, curve.soft_low, curve.soft_high)
    elif isinstance(curve, Steps):
        ends = [edge for edge, _ in curve.steps]
    elif isinstance(curve, Decay):
        ends = (0, curve.half_life, 10 * curve.half_life, 60 * curve.half_life)
    else:
        ends = [key for key, _ in curve.entries if not isinstance(key, str)]
    return sorted({end for end in ends if end is not None})


def numbers_near(edges: list[float], *, soft: bool = False) -> Iterator[Any]:
    """Give numbers on the edges, beside them and between them, in several types, and some that are far off.

    Beside a hard edge lie the very next numbers. Beside a soft one (a slope) they lie a little farther off, so that a
    match never differs from 0 or 1 by less than a float can tell.

    >>> list(numbers_near([50]))[:4]
    [50, 50.0, 49.99999999999999, 50.00000000000001]
    """
    for edge in edges:
        yield from (edge, float(edge))
        if soft:
            yield from (edge - max(abs(edge), 1) * 1e-6, edge + max(abs(edge), 1) * 1e-6)
        else:
            yield from (math.nextafter(edge, -math.inf), math.nextafter(edge, math.inf))
        yield from (float(edge) - 1, float(edge) + 1, Decimal(str(edge)), Fraction(edge))
    for below, above in itertools.pairwise(edges):
        yield below + (above - below) / 2
        yield from (Decimal(str(round(below + (above - below) * share, 6))) for share in (0.1, 0.3, 0.8))
    yield from (0, -0.0, 1, -1, 0.1, -7.25, 1e300, -1e300, 2**53, -(2**53), Decimal("1e-400"))
    if not soft:
        yield from (1e-300, 5e-324)


def spellings(text: str) -> list[str]:
    """Give a text in several spellings that mostly fold to the same.

    >>> spellings("Straße")[:4]
    ['Straße', 'STRASSE', 'straße', '  Straße ']
    """
    forms = [text, text.upper(), text.lower(), f"  {text} ", f"\u00a0{text}\t", text.swapcase()]
    forms += [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    return list(dict.fromkeys(forms))


def _texts_of(table: Table, more: Iterable[str]) -> Iterator[str]:
    keys = [key for key, _ in table.entries]
    for key in keys:
        yield from spellings(key)
        yield f"{key}x"
        yield key[:-1].strip() or key
    for name in [*more, *(spelling for spelling, _ in table.aliases), *(name for _, name in table.aliases)]:
        yield from spellings(name)[:4]
    yield from _UNLISTED


def moments_near(offsets: list[float], now: Moment) -> Iterator[Any]:
    """Give moments at so many days from ``as_of``, a microsecond beside, and about the ends of its day.

    Args:
        offsets: days, negative before ``as_of``.
        now: the moment of scoring.
    """
    midnight = datetime(now.day.year, now.day.month, now.day.day, tzinfo=UTC)
    whens = [now.origin, midnight, midnight + _A_DAY, midnight - _A_DAY, now.origin - timedelta(days=3, hours=7)]
    for offset in offsets:
        days = min(max(Fraction(offset), -_FARTHEST), _FARTHEST)
        distance = timedelta(microseconds=round(days * 86_400_000_000))
        whens += [now.origin + distance, now.origin + distance / 2, midnight + distance]
    zones = itertools.cycle(ZONES)
    for when in whens:
        for beside in (when, when - _A_MICROSECOND, when + _A_MICROSECOND):
            there = beside.astimezone(next(zones))
            yield from (there, beside.replace(tzinfo=None), there.isoformat())
        yield from (
            when.date(),
            when.date().isoformat(),
            f" {when.replace(tzinfo=None).isoformat(timespec='seconds')}Z ",
        )
    yield from (
        date(1970, 1, 1),
        date(2, 1, 1),
        date(9998, 12, 31),
        datetime.fromisoformat("1999-12-31T23:59:59.999999"),
    )
