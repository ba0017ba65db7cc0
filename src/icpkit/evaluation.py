"""What a value function gives for one account: the reference meaning that every other engine equals.

`prepare` does all that does not depend on the account, once. What it makes reads an attribute and answers with a match;
the common kinds of values are recognised in place, and everything else goes through `icpkit.views`, to the same result.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache, reduce
from operator import or_
from typing import Any, Final, NamedTuple, Protocol, TypeAlias, cast

import attrs

from icpkit import views
from icpkit.typing import Offender
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
    combine,
)
from icpkit.views import Invalid, Moment, Notes

_QUANTUM = 2.0**30
#: Values that have no attributes of an account's kind, whatever methods they have.
_PLAIN = (str, bytes, int, float, complex, Decimal, date, list, tuple, set, frozenset)
_LEAST, _MOST = -(2.0**53), 2.0**53
_DAY = 86_400_000_000
#: How many spellings a look-up remembers, so that common ones are folded once.
_REMEMBERED = 4096


class Get(Protocol):
    """Reads one attribute of an account, or gives the default where the account has none of that name."""

    def __call__(self, attribute: str, default: Any, /) -> Any:
        """Give the raw value."""


class Never(Enum):
    """The answer of a signal that never happened: a match of 0 that is not covered."""

    NEVER = "never"


NEVER: Final = Never.NEVER
MISSING: Final = object()


class Interval(NamedTuple):
    """The answer of a combination: the ends of its match, and whether any of its attributes is known."""

    low: float
    high: float
    present: bool


#: A match; None for unknown; `NEVER`; or the interval of a combination.
Answer: TypeAlias = float | Never | Interval | None
#: Gives the match of a raw value, which is not None, at a `Moment`, and None where it is absent all the same.
Match: TypeAlias = Callable[[Any, Moment, Notes | None], float | None]


class Prepared(NamedTuple):
    """A value function, with all done that does not depend on the account.

    Attributes:
        function: the value function.
        reach: its least and greatest match.
        attribute: the attribute that it reads; empty for a combination.
        match: gives the match of a raw value.
        absent: the answer where there is none.
        parts: the parts of a combination.
    """

    function: AnyValueFunction
    reach: tuple[float, float]
    attribute: str
    match: Match
    absent: Answer
    parts: "tuple[Prepared, ...]"


#: Stands where a combination has no match of its own to read.
_UNREAD: Match = cast("Match", None)


def prepare(function: AnyValueFunction) -> Prepared:
    """Do all that does not depend on the account."""
    if isinstance(function, Combination):
        return Prepared(function, function.reach, "", _UNREAD, None, tuple(map(prepare, function.parts)))
    absent = NEVER if function.absent == "never" else None
    return Prepared(function, function.reach, function.attribute, _PREPARE[function.view](function), absent, ())


def ask(prepared: Prepared, get: Get, now: Moment, notes: Notes) -> Answer:
    """Answer for one account; an invalid value is noted and taken as unknown.

    Args:
        prepared: the value function.
        get: reads the account's attributes.
        now: the moment of scoring.
        notes: takes down what is worth telling.
    """
    if isinstance(prepared.function, Combination):
        settled = [settle(ask(part, get, now, notes), part.reach) for part in prepared.parts]
        low, high = combine(prepared.function.operation, [(low, high) for low, high, _ in settled])
        return Interval(low, high, any(part.present for part in settled))
    raw = look_up(get, prepared.attribute, None)
    if raw is None:
        return prepared.absent
    try:
        match = prepared.match(raw, now, notes)
    except Invalid as invalid:
        notes.offenders.append(Offender(notes.key, prepared.attribute, invalid.value, invalid.reason))
        return None
    return prepared.absent if match is None else match


def settle(answer: Answer, reach: tuple[float, float]) -> Interval:
    """Give any answer as an interval.

    >>> settle(None, (0.0, 0.6))
    Interval(low=0.0, high=0.6, present=False)
    """
    if answer is None:
        return Interval(*reach, present=False)
    if isinstance(answer, Never):
        return Interval(0.0, 0.0, present=False)
    if isinstance(answer, Interval):
        return answer
    return Interval(answer, answer, present=True)


def look_up(get: Get, attribute: str, default: Any) -> Any:
    """Read an attribute: the field of exactly that name, or else a dotted path into nested records."""
    value = get(attribute, MISSING)
    if value is not MISSING:
        return value
    first, *rest = attribute.split(".")
    value = get(first, default) if rest else default
    for name in rest:
        if isinstance(value, _PLAIN):
            return default
        value = value.get(name, default) if hasattr(value, "get") else getattr(value, name, default)
    return value


def quantised(match: float) -> float:
    """Clip to [0, 1] and round to a multiple of 2^-30: for matches that passed through a transcendental function.

    >>> quantised(1.5), quantised(2.0**-31)
    (1.0, 9.313225746154785e-10)
    """
    return math.floor(min(max(match, 0.0), 1.0) * _QUANTUM + 0.5) / _QUANTUM


# Numbers


def _number(function: ValueFunction) -> Match:
    if isinstance(function.curve, Table):
        return _table(function, views.number, _number_table(function.curve))
    return _curved(function, _curve(function.curve))


def _log(function: ValueFunction) -> Match:
    assert isinstance(function.curve, Segments)  # the constructor saw to it
    return _curved(function, _log_segments(function.curve))


def _curved(function: ValueFunction, curve: Callable[[float], float]) -> Match:
    read, shape = views.number, function.curve
    # Where the match is 1, as far as every number in it is exact; empty for steps.
    least, most = _MOST, _LEAST
    if isinstance(shape, Segments):
        least = _LEAST if shape.low is None else max(_LEAST, float(shape.low))
        most = _MOST if shape.high is None else min(_MOST, float(shape.high))

    def match(raw: Any, _now: Moment, _notes: Notes | None) -> float | None:
        kind = raw.__class__
        if kind is float or kind is int:
            if least <= raw <= most:
                return 1.0
            # NaN, infinities and integers that no float holds fail the comparison.
            if _LEAST <= raw <= _MOST:
                return curve(raw)
        value = read(raw)
        return None if value is None else curve(value)

    return match


def _curve(shape: Curve) -> Callable[[float], float]:
    """Make the function from a number to a match."""
    if isinstance(shape, Segments):
        return _segments(shape)
    if isinstance(shape, Decay):
        half_life, exp2, floor = float(shape.half_life), math.exp2, math.floor
        # As `quantised`: an age is never negative, so the power lies in [0, 1].
        return lambda age: floor(exp2(-age / half_life) * _QUANTUM + 0.5) / _QUANTUM
    assert isinstance(shape, Steps)  # tables have their own preparation
    return _steps(shape)


def _segments(shape: Segments) -> Callable[[float], float]:
    low = -math.inf if shape.low is None else float(shape.low)
    high = math.inf if shape.high is None else float(shape.high)
    rise, fall = slope(shape.low, shape.soft_low), slope(shape.high, shape.soft_high)

    def curve(value: float) -> float:
        if low <= value <= high:
            return 1.0
        match = 1.0 - (rise * (low - value) if value < low else fall * (value - high))
        return match if match > 0.0 else 0.0  # noqa: FURB136  # a call would cost as much as the rest

    return curve


def _log_segments(shape: Segments) -> Callable[[float], float]:
    low = -math.inf if shape.low is None else float(shape.low)
    high = math.inf if shape.high is None else float(shape.high)
    log = math.log
    ln_low, ln_high = log(shape.low or 1.0), log(shape.high or 1.0)
    rise = slope(ln_low, None if shape.soft_low is None else log(shape.soft_low))
    fall = slope(ln_high, None if shape.soft_high is None else log(shape.soft_high))

    def curve(value: float) -> float:
        if low <= value <= high:
            return 1.0
        if value <= 0.0:
            return 0.0
        if value < low:
            return quantised(1.0 - rise * (ln_low - log(value))) if rise < math.inf else 0.0
        return quantised(1.0 - fall * (log(value) - ln_high)) if fall < math.inf else 0.0

    return curve


def slope(edge: float | None, soft: float | None) -> float:
    """Give the slope from an edge to its soft edge, where the match must be 0; without one it falls at once."""
    if edge is None or soft is None:
        return math.inf
    width = abs(edge - soft)
    slope = 1.0 / width
    while 1.0 - slope * width > 0.0:
        slope = math.nextafter(slope, math.inf)
    return slope


def _steps(shape: Steps) -> Callable[[float], float]:
    edges = [float(edge) for edge, _ in shape.steps]
    matches = [float(match) for _, match in shape.steps]
    if shape.side == "from":
        matches = [float(shape.otherwise), *matches]
        return lambda value: matches[bisect_right(edges, value)]
    matches = [*matches, float(shape.otherwise)]
    return lambda value: matches[bisect_left(edges, value)]


# Moments


def _age(function: ValueFunction) -> Match:
    curve, read = _curve(function.curve), views.latest_age

    def match(raw: Any, now: Moment, notes: Notes | None) -> float | None:
        kind = raw.__class__
        if kind is str:
            try:
                raw = date.fromisoformat(raw)
                kind = date
            except ValueError:  # another form of text, as the view will say
                pass
        if kind is date:
            micros = (now.ordinal - raw.toordinal()) * _DAY + now.since_midnight
        elif kind is datetime and raw.tzinfo is UTC:
            past = now.origin - raw
            micros = (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds
        else:
            micros = now.least - 1
        if micros >= now.least:
            return curve(micros / views.DAY if micros > 0 else 0.0)
        days = read(raw, now, notes)
        return None if days is None else curve(days)

    return match


def _timed(read: Callable[[Any, Moment, Notes | None], float | None]) -> Callable[[ValueFunction], Match]:
    """Make the preparation of a view of one date."""

    def prepare_timed(function: ValueFunction) -> Match:
        curve = _curve(function.curve)

        def match(raw: Any, now: Moment, notes: Notes | None) -> float | None:
            value = read(raw, now, notes)
            return None if value is None else curve(value)

        return match

    return prepare_timed


def _events(function: ValueFunction) -> Match:
    decay, merge = function.curve, function.merge
    assert isinstance(decay, Decay)  # the constructor saw to it
    assert isinstance(merge, EventSum)  # the constructor saw to it
    weights = {views.fold(kind): float(weight) for kind, weight in merge.kinds}
    half_life, target = float(decay.half_life), float(merge.target)

    def match(raw: Any, now: Moment, notes: Notes | None) -> float | None:
        seen = views.events(raw, now, notes)
        if seen is None:
            return None
        points = 0.0
        for kind, days, strength in seen:
            share = weights.get(views.fold(kind), 0.0) * strength * math.exp2(-days / half_life) / target
            points += math.floor(min(share, 1.0) * _QUANTUM) / _QUANTUM
        return min(points, 1.0)

    return match


# Look-ups


def _text(function: ValueFunction) -> Match:
    table = function.curve
    assert isinstance(table, Table)  # the constructor saw to it
    return _table(function, views.text, _prefix_table(table) if table.prefix else _text_table(table))


def _truth(function: ValueFunction) -> Match:
    assert isinstance(function.curve, Table)  # the constructor saw to it
    return _table(function, views.truth, _number_table(function.curve))


_LookUp: TypeAlias = Callable[[Any], float | None]


def _number_table(table: Table) -> _LookUp:
    return {float(key): float(match) for key, match in table.entries}.get


def _text_table(table: Table) -> _LookUp:
    name_of = views.canonical(case_sensitive=table.case_sensitive, aliases=table.aliases)
    matches = {name_of(key): float(match) for key, match in table.entries}
    return lambda text: matches.get(name_of(text))


def name_table(table: Table) -> Callable[[str], float | None]:
    """Make the function from a text that is folded already to its match; None where an unlisted one is invalid.

    Args:
        table: a table of texts, compared without regard to case.
    """
    otherwise = None if table.otherwise is None else float(table.otherwise)
    if table.prefix:
        longest = _prefix_table(table)

        def longest_match(name: str) -> float | None:
            match = longest(name)
            return otherwise if match is None else match

        return longest_match
    names = {views.fold(spelling): views.fold(name) for spelling, name in table.aliases}
    folded = ((views.fold(key), float(match)) for key, match in table.entries)
    matches = {names.get(key, key): match for key, match in folded}

    def match_of(name: str) -> float | None:
        match = matches.get(names.get(name, name))
        return otherwise if match is None else match

    return match_of


def _prefix_table(table: Table) -> _LookUp:
    name_of = views.canonical(case_sensitive=table.case_sensitive, aliases=table.aliases)
    matches = {name_of(key): float(match) for key, match in table.entries}
    longest_first = sorted(matches.items(), key=lambda entry: -len(entry[0]))

    def found(text: str) -> float | None:
        name = name_of(text)
        return next((match for prefix, match in longest_first if name.startswith(prefix)), None)

    return found


def _table(function: ValueFunction, read: Callable[[Any], Any], found: _LookUp) -> Match:
    table = function.curve
    assert isinstance(table, Table)  # the callers saw to it
    many = function.merge == "best"
    otherwise = None if table.otherwise is None else float(table.otherwise)

    def one(raw: Any) -> float | None:
        value = read(raw)
        if value is None:
            return None
        match = found(value)
        if match is not None:
            return match
        if otherwise is None:
            raise Invalid(raw, f"not one of {', '.join(str(key) for key, _ in table.entries)}")
        return otherwise

    remembered = lru_cache(maxsize=_REMEMBERED)(one)

    def match(raw: Any, _now: Moment, _notes: Notes | None) -> float | None:
        if raw.__class__ is str:
            return remembered(raw)
        listed = views.items(raw) if many else None
        if listed is None:
            return one(raw)
        return max((match for match in map(one, listed) if match is not None), default=otherwise)

    return match


@attrs.frozen
class WantedLabels:
    """The labels that a profile wants, ready to be compared.

    Attributes:
        labels: as written in the profile, in stored order.
        name_of: gives the name under which a label is compared; an empty text for an unknown item.
        counted_as: that name to a bit per wanted label that it counts as: itself, and the groups that it is in.
        bits_of: gives these bits for a label as it is spelled.
    """

    labels: tuple[str, ...]
    name_of: Callable[[Any], str]
    counted_as: dict[str, int]
    bits_of: Callable[[Any], int]

    def bits(self, labels: Iterable[Any]) -> int:
        """Give one bit per wanted label that is there."""
        return reduce(or_, map(self.bits_of, labels), 0)


def wanted_labels(table: Table, merge: LabelMerge) -> WantedLabels:
    """Prepare the wanted labels of a table and its groups."""
    compared = views.canonical(case_sensitive=table.case_sensitive, aliases=table.aliases)
    members = {compared(group): {compared(member) for member in listed} for group, listed in merge.groups}
    counted_as: dict[str, int] = {}
    for index, (label, _) in enumerate(table.entries):
        for name in {compared(label), *members.get(compared(label), ())}:
            counted_as[name] = counted_as.get(name, 0) | 1 << index

    @lru_cache(maxsize=_REMEMBERED)
    def name_of(label: Any) -> str:
        text = views.text(label)
        return "" if text is None else compared(text)

    @lru_cache(maxsize=_REMEMBERED)
    def bits_of(label: Any) -> int:
        return counted_as.get(name_of(label), 0)

    return WantedLabels(tuple(label for label, _ in table.entries), name_of, counted_as, bits_of)


def _labels(function: ValueFunction) -> Match:
    table, merge = function.curve, function.merge
    assert isinstance(table, Table)  # the constructor saw to it
    assert isinstance(merge, LabelMerge)  # the constructor saw to it
    wanted = wanted_labels(table, merge)
    weigh = _satisfied(wanted) if merge.mode == "satisfies" else _weighed(wanted, table, merge)

    def match(raw: Any, _now: Moment, _notes: Notes | None) -> float | None:
        if raw.__class__ is list:
            try:
                return weigh(raw)
            except TypeError:  # an item that cannot be remembered: no text, as the view will say
                pass
        labels = views.labels(raw)
        return None if labels is None else weigh(labels)

    return match


def _satisfied(wanted: WantedLabels) -> Callable[[Iterable[Any]], float]:
    name_of, ours = wanted.name_of, wanted.counted_as.keys()

    def match(labels: Iterable[Any]) -> float:
        own = set(map(name_of, labels))
        own.discard("")
        return len(own & ours) / len(own) if own else 1.0

    return match


def _weighed(wanted: WantedLabels, table: Table, merge: LabelMerge) -> Callable[[Iterable[Any]], float]:
    """Make the function from labels to a match, by way of the bits of the wanted labels that are there."""
    bits_of, weigh = wanted.bits_of, weigh_labels(table, merge)
    return lambda labels: weigh(reduce(or_, map(bits_of, labels), 0))


def weigh_labels(table: Table, merge: LabelMerge) -> Callable[[int], float]:
    """Make the function from the bits of the wanted labels that are there to a match, for all modes but "satisfies"."""
    weights = [float(weight) for _, weight in table.entries]
    total = 0.0
    for weight in weights:
        total += weight

    @lru_cache(maxsize=_REMEMBERED)
    def share(bits: int) -> float:
        there = 0.0
        for index, weight in enumerate(weights):
            if bits >> index & 1:
                there += weight
        return there / total

    needed = {"any": 1, "all": len(weights), "at_least": merge.k}.get(merge.mode)
    return share if needed is None else lambda bits: float(bits.bit_count() >= needed)


_PREPARE: Final[dict[str, Callable[[ValueFunction], Match]]] = {
    "number": _number,
    "log": _log,
    "truth": _truth,
    "text": _text,
    "labels": _labels,
    "age": _age,
    "ahead": _timed(views.days_ahead),
    "years": _timed(views.years_since),
    "events": _events,
}
