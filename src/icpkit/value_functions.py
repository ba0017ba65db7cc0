"""Value functions: the closed set that engines run, and what each gives for one account.

A value function is *view × curve × merge*, or a combination of value functions. `prepare` is its reference meaning:
every other engine computes the same matches.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, Final, Literal, Protocol, TypeAlias

import attrs

from icpkit import views
from icpkit._attrs import (
    Pairs,
    a_number,
    as_pairs,
    as_steps,
    as_table,
    check_steps,
    check_table,
    one_of,
    reject,
)
from icpkit.typing import Offender
from icpkit.views import Invalid, Moment, Notes

#: How a raw value is read.
View: TypeAlias = Literal["number", "log", "truth", "text", "labels", "age", "ahead", "years", "events"]
#: What an absent value means: unknown, or (for signals) that it never happened.
Absent: TypeAlias = Literal["unknown", "never"]

_QUANTUM = 2.0**30


def quantised(match: float) -> float:
    """Clip to [0, 1] and round to a multiple of 2^-30: for matches that passed through a transcendental function.

    >>> quantised(1.5), quantised(2.0**-31)
    (1.0, 9.313225746154785e-10)
    """
    return math.floor(min(max(match, 0.0), 1.0) * _QUANTUM + 0.5) / _QUANTUM


_A_NUMBER = a_number(optional=True)


@attrs.frozen
class Segments:
    """1 from ``low`` to ``high``, falling in straight lines to 0 at the soft edges; None leaves an end open."""

    low: float | None = attrs.field(default=None, validator=_A_NUMBER)
    high: float | None = attrs.field(default=None, validator=_A_NUMBER)
    soft_low: float | None = attrs.field(default=None, validator=_A_NUMBER)
    soft_high: float | None = attrs.field(default=None, validator=_A_NUMBER)

    def __attrs_post_init__(self) -> None:
        """Refuse edges that are not in order."""
        rising = [edge for edge in (self.soft_low, self.low, self.high, self.soft_high) if edge is not None]
        for soft, edge in ((self.soft_low, self.low), (self.soft_high, self.high)):
            if soft is not None and (edge is None or soft == edge):
                raise reject(self, "", "must have soft edges beyond the ends that they soften", self)
        if not rising or rising != sorted(rising):
            raise reject(self, "", "must have at least one end, and rising edges", self)


def _check_steps_steps(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    check_steps(owner, field.name, value)


@attrs.frozen
class Steps:
    """A staircase of (edge, match) with rising edges.

    ``side="from"``: the match of the last edge at or below the value. ``side="to"``: of the first edge at or above it.
    Before the first, or beyond the last: ``otherwise``.
    """

    steps: tuple[tuple[float, float], ...] = attrs.field(converter=as_steps, validator=_check_steps_steps)
    otherwise: float = attrs.field(default=0.0, validator=a_number(least=0, most=1))
    side: Literal["from", "to"] = attrs.field(default="from", validator=one_of("from", "to"))


def _check_table_entries(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    check_table(owner, field.name, value)


@attrs.frozen
class Table:
    """A look-up of texts or numbers; ``otherwise=None`` makes an unlisted value invalid.

    With ``prefix`` the longest listed text that the value begins with counts. Texts compare after folding and aliases.
    """

    entries: Pairs = attrs.field(converter=as_table, validator=_check_table_entries)
    otherwise: float | None = attrs.field(default=0.0, validator=a_number(least=0, most=1, optional=True))
    prefix: bool = False
    case_sensitive: bool = False
    aliases: Pairs = attrs.field(default=Pairs(), converter=as_pairs)


@attrs.frozen
class Decay:
    """2^(-age / half_life), quantised."""

    half_life: float = attrs.field(validator=a_number(above=0))


Curve: TypeAlias = Segments | Steps | Table | Decay


LabelMode: TypeAlias = Literal["share", "any", "all", "at_least", "satisfies"]


@attrs.frozen
class LabelMerge:
    """One match of the labels that an account has and the table of those that are wanted.

    ``groups``: (wanted label, its members); a member counts as the group as well as itself.
    """

    mode: LabelMode = attrs.field(default="share", validator=one_of("share", "any", "all", "at_least", "satisfies"))
    k: int | None = attrs.field(default=None, validator=a_number(least=1, optional=True))
    groups: Pairs = attrs.field(default=Pairs(), converter=as_pairs)


def _check_eventsum_kinds(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    check_table(owner, field.name, value, most=2**53)


@attrs.frozen
class EventSum:
    """min(1, sum of weight(kind) · strength · decay / target), each event's share, at most 1, floored to 2^-30."""

    kinds: Pairs = attrs.field(converter=as_table, validator=_check_eventsum_kinds)
    target: float = attrs.field(default=1.0, validator=a_number(above=0))


Merge: TypeAlias = Literal["only", "best", "latest"] | LabelMerge | EventSum


_BELONGS: Final[dict[str, tuple[tuple[type, ...], str]]] = {
    "number": ((Segments, Steps, Table), "only or best"),
    "log": ((Segments,), "only"),
    "truth": ((Table,), "only"),
    "text": ((Table,), "only or best"),
    "labels": ((Table,), "LabelMerge"),
    "age": ((Segments, Steps, Decay), "latest"),
    "ahead": ((Segments, Steps), "only"),
    "years": ((Segments, Steps), "only"),
    "events": ((Decay,), "EventSum"),
}


@attrs.frozen
class ValueFunction:
    """A function from one attribute of an account to a match: view, curve and merge.

    Args:
        attribute: the attribute that it reads.
        view: how the raw value is read.
        curve: what is made of the value.
        merge: what is made of several items.
        absent: what an absent value means.

    Raises:
        DefinitionError: where the three do not belong together.

    >>> ValueFunction("employees", "number", Segments(50, 500)).reach
    (0.0, 1.0)
    """

    attribute: str
    view: View
    curve: Curve
    merge: Merge = "only"
    absent: Absent = "unknown"

    def __attrs_post_init__(self) -> None:
        """Refuse combinations that no engine knows."""
        if self.view not in _BELONGS:
            raise reject(self, "view", f"must be one of {', '.join(_BELONGS)}", self.view)
        curves, merges = _BELONGS[self.view]
        if not isinstance(self.curve, curves):
            known = ", ".join(curve.__name__ for curve in curves)
            raise reject(self, "curve", f"must be {known} under the view {self.view!r}", self.curve)
        if (self.merge if isinstance(self.merge, str) else type(self.merge).__name__) not in merges.split(" or "):
            raise reject(self, "merge", f"must be {merges} under the view {self.view!r}", self.merge)

    @property
    def reach(self) -> tuple[float, float]:
        """The least and the greatest match over all valid values."""
        if isinstance(self.curve, Steps):
            matches = [match for _, match in self.curve.steps] + [self.curve.otherwise]
        elif isinstance(self.curve, Table) and self.view != "labels":
            matches = [match for _, match in self.curve.entries]
            matches += [] if self.curve.otherwise is None else [self.curve.otherwise]
        else:
            matches = [0.0, 1.0]
        return float(min(matches)), float(max(matches))

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that it reads."""
        return (self.attribute,)


@attrs.frozen
class Combination:
    """The least (``min``) or greatest (``max``) match of its parts, or 1 minus that of its only part (``not``)."""

    operation: Literal["min", "max", "not"]
    parts: "tuple[AnyValueFunction, ...]"

    @property
    def reach(self) -> tuple[float, float]:
        """The least and the greatest match over all valid values."""
        return combine(self.operation, [part.reach for part in self.parts])

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that it reads, in order, each once."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.attributes))


AnyValueFunction: TypeAlias = ValueFunction | Combination


def combine(operation: str, intervals: list[tuple[float, float]]) -> tuple[float, float]:
    """Combine intervals of matches as the operation combines matches."""
    if operation == "not":
        ((low, high),) = intervals
        return 1.0 - high, 1.0 - low
    choose = min if operation == "min" else max
    return choose(low for low, _ in intervals), choose(high for _, high in intervals)


class Get(Protocol):
    """Reads one attribute of an account, or gives the default where the account has none of that name."""

    def __call__(self, attribute: str, default: Any, /) -> Any:
        """Give the raw value."""


class Never(Enum):
    """The answer of a signal that never happened: a match of 0 that is not covered."""

    NEVER = "never"


NEVER: Final = Never.NEVER
MISSING: Final = object()


@attrs.frozen
class Interval:
    """The answer of a combination: the ends of its match, and whether any of its attributes is known."""

    low: float
    high: float
    present: bool


#: A match; None for unknown; `NEVER`; or the interval of a combination.
Answer: TypeAlias = float | Never | Interval | None
#: Answers for one account, read by a `Get`, at a `Moment`; with `Notes`, invalid values are noted and taken as unknown.
Evaluate: TypeAlias = Callable[[Get, Moment, Notes | None], Answer]


def settle(answer: Answer, reach: tuple[float, float]) -> Interval:
    """Give any answer as an interval.

    >>> settle(None, (0.0, 0.6))
    Interval(low=0.0, high=0.6, present=False)
    """
    if answer is None:
        return Interval(*reach, present=False)
    if isinstance(answer, float):
        return Interval(answer, answer, present=True)
    if isinstance(answer, Interval):
        return answer
    return Interval(0.0, 0.0, present=False)


def prepare(function: AnyValueFunction) -> Evaluate:
    """Make the function that answers for one account: everything that does not depend on the account is done here."""
    if isinstance(function, Combination):
        return _prepare_combination(function)
    match = _PREPARE[function.view](function)
    attribute, absent = function.attribute, NEVER if function.absent == "never" else None
    dotted = "." in attribute

    def evaluate(get: Get, now: Moment, notes: Notes | None) -> Answer:
        raw = get(attribute, MISSING)
        if raw is MISSING:
            raw = descend(get, attribute) if dotted else None
        try:
            answer = match(raw, now, notes)
        except Invalid as invalid:
            if notes is None:
                raise
            notes.offenders.append(Offender(notes.key, attribute, invalid.value, invalid.reason))
            return None
        return absent if answer is None else answer

    return evaluate


def _prepare_combination(function: Combination) -> Evaluate:
    parts = [(prepare(part), part.reach) for part in function.parts]
    operation = function.operation

    def evaluate(get: Get, now: Moment, notes: Notes | None) -> Answer:
        settled = [settle(part(get, now, notes), reach) for part, reach in parts]
        low, high = combine(operation, [(part.low, part.high) for part in settled])
        return Interval(low, high, any(part.present for part in settled))

    return evaluate


def descend(get: Get, path: str) -> Any:
    """Follow a dotted path into nested records; None where it leads nowhere."""
    first, *rest = path.split(".")
    value: Any = get(first, None)
    for name in rest:
        value = value.get(name) if hasattr(value, "get") else getattr(value, name, None)
    return value


_Match: TypeAlias = Callable[[Any, Moment, Notes | None], float | None]


def _number(function: ValueFunction) -> _Match:
    if isinstance(function.curve, Table):
        return _look_up(function.curve, views.number, _number_table(function.curve), many=function.merge == "best")
    return _curve_of(views.number, function.curve)


def _curve_of(read: Callable[[Any], float | None], shape: Curve) -> _Match:
    curve = _curve(shape)

    def match(raw: Any, _now: Moment, _notes: Notes | None) -> float | None:
        value = read(raw)
        return None if value is None else curve(value)

    return match


def _timed(read: Callable[[Any, Moment, Notes | None], float | None]) -> Callable[[ValueFunction], _Match]:
    """Make the preparation of a view that reads time."""

    def prepare_timed(function: ValueFunction) -> _Match:
        curve = _curve(function.curve)

        def match(raw: Any, now: Moment, notes: Notes | None) -> float | None:
            value = read(raw, now, notes)
            return None if value is None else curve(value)

        return match

    return prepare_timed


def _log(function: ValueFunction) -> _Match:
    shape = function.curve
    assert isinstance(shape, Segments)  # the constructor saw to it
    return _curve_of(views.number, shape) if _hard(shape) else _curve_log(shape)


def _hard(shape: Segments) -> bool:
    return shape.soft_low is None and shape.soft_high is None


def _curve_log(shape: Segments) -> _Match:
    low, high = shape.low, shape.high
    # Slopes and edges over the logarithm; an end without a soft edge falls at once, like a slope without bound.
    ln_low, rise = _slope(low, shape.soft_low, math.log)
    ln_high, fall = _slope(high, shape.soft_high, math.log)

    def match(raw: Any, _now: Moment, _notes: Notes | None) -> float | None:
        value = views.number(raw)
        if value is None:
            return None
        if low is not None and value < low:
            return quantised(1.0 - rise * (ln_low - math.log(value))) if rise and value > 0 else 0.0
        if high is not None and value > high:
            return quantised(1.0 - fall * (math.log(value) - ln_high)) if fall else 0.0
        return 1.0

    return match


def _slope(edge: float | None, soft: float | None, scale: Callable[[float], float]) -> tuple[float, float]:
    """Give the edge on the scale, and the slope to its soft edge; a slope of 0 stands for a hard or open end."""
    if edge is None or soft is None:
        return math.nan, 0.0
    return scale(edge), 1.0 / abs(scale(edge) - scale(soft))


def _curve(shape: Curve) -> Callable[[float], float]:
    """Make the function from a number to a match."""
    if isinstance(shape, Segments):
        return _segments(shape)
    if isinstance(shape, Decay):
        half_life = float(shape.half_life)
        return lambda value: quantised(math.exp2(-value / half_life))
    assert isinstance(shape, Steps)  # tables have their own preparation
    return _steps(shape)


def _segments(shape: Segments) -> Callable[[float], float]:
    low = -math.inf if shape.low is None else float(shape.low)
    high = math.inf if shape.high is None else float(shape.high)
    _, rise = _slope(shape.low, shape.soft_low, float)
    _, fall = _slope(shape.high, shape.soft_high, float)

    def curve(value: float) -> float:
        if value < low:
            match = 1.0 - rise * (low - value) if rise else 0.0
        elif value > high:
            match = 1.0 - fall * (value - high) if fall else 0.0
        else:
            return 1.0
        return max(0.0, match)

    return curve


def _steps(shape: Steps) -> Callable[[float], float]:
    edges = [float(edge) for edge, _ in shape.steps]
    matches = [float(match) for _, match in shape.steps]
    if shape.side == "from":
        matches = [float(shape.otherwise), *matches]
        return lambda value: matches[bisect_right(edges, value)]
    matches = [*matches, float(shape.otherwise)]
    return lambda value: matches[bisect_left(edges, value)]


_LookUp: TypeAlias = Callable[[Any], float | None]


def _text(function: ValueFunction) -> _Match:
    table = function.curve
    assert isinstance(table, Table)  # the constructor saw to it
    return _look_up(table, views.text, _text_table(table), many=function.merge == "best")


def _truth(function: ValueFunction) -> _Match:
    assert isinstance(function.curve, Table)  # the constructor saw to it
    return _look_up(function.curve, views.truth, _number_table(function.curve), many=False)


def _number_table(table: Table) -> _LookUp:
    return {float(key): float(match) for key, match in table.entries}.get


def _text_table(table: Table) -> _LookUp:
    name_of = views.canonical(case_sensitive=table.case_sensitive, aliases=table.aliases)
    matches = {name_of(key): float(match) for key, match in table.entries}
    if not table.prefix:
        # Listed spellings are found at once; all others are folded first.
        listed = {key: matches[name_of(key)] for key, _ in table.entries}
        return lambda value: listed[value] if value in listed else matches.get(name_of(value))
    longest_first = sorted(matches.items(), key=lambda entry: -len(entry[0]))

    def by_prefix(value: str) -> float | None:
        name = name_of(value)
        return next((match for prefix, match in longest_first if name.startswith(prefix)), None)

    return by_prefix


def _look_up(table: Table, read: Callable[[Any], Any], found: _LookUp, *, many: bool) -> _Match:
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

    def match(raw: Any, _now: Moment, _notes: Notes | None) -> float | None:
        listed = None if isinstance(raw, str) else views.items(raw) if many else None
        if listed is None:
            return one(raw)
        return max((match for match in map(one, listed) if match is not None), default=otherwise)

    return match


@attrs.frozen
class WantedLabels:
    """The labels that a profile wants, ready to be compared.

    Attributes:
        labels: as written in the profile, in stored order.
        name_of: gives the name under which a label is compared.
        counted_as: that name to a bit per wanted label that it counts as: itself, and the groups that it is in.
    """

    labels: tuple[str, ...]
    name_of: Callable[[str], str]
    counted_as: dict[str, int]

    def bits(self, labels: Iterable[str]) -> int:
        """Give one bit per wanted label that is there."""
        bits = 0
        for label in labels:
            bits |= self.counted_as.get(self.name_of(label), 0)
        return bits


def wanted_labels(table: Table, merge: LabelMerge) -> WantedLabels:
    """Prepare the wanted labels of a table and its groups."""
    name_of = views.canonical(case_sensitive=table.case_sensitive, aliases=table.aliases)
    members = {name_of(group): {name_of(member) for member in listed} for group, listed in merge.groups}
    counted_as: dict[str, int] = {}
    for index, (label, _) in enumerate(table.entries):
        for name in {name_of(label), *members.get(name_of(label), ())}:
            counted_as[name] = counted_as.get(name, 0) | 1 << index
    return WantedLabels(tuple(label for label, _ in table.entries), name_of, counted_as)


def _labels(function: ValueFunction) -> _Match:
    table, merge = function.curve, function.merge
    assert isinstance(table, Table)  # the constructor saw to it
    assert isinstance(merge, LabelMerge)  # the constructor saw to it
    wanted = wanted_labels(table, merge)
    if merge.mode == "satisfies":
        return _satisfies(wanted)
    bits_of = wanted.bits
    weigh = _weigh([float(weight) for _, weight in table.entries], merge)

    def match(raw: Any, _now: Moment, _notes: Notes | None) -> float | None:
        labels = views.labels(raw)
        return None if labels is None else weigh(bits_of(labels))

    return match


def _satisfies(wanted: WantedLabels) -> _Match:
    name_of, ours = wanted.name_of, wanted.counted_as

    def match(raw: Any, _now: Moment, _notes: Notes | None) -> float | None:
        labels = views.labels(raw)
        if labels is None:
            return None
        own = set(map(name_of, labels))
        return sum(name in ours for name in own) / len(own) if own else 1.0

    return match


def _weigh(weights: list[float], merge: LabelMerge) -> Callable[[int], float]:
    """Make the function from the bits of the wanted labels that are there to a match."""
    total = 0.0
    for weight in weights:
        total += weight

    def share(bits: int) -> float:
        there = 0.0
        for index, weight in enumerate(weights):
            if bits >> index & 1:
                there += weight
        return there / total

    needed = {"any": 1, "all": len(weights), "at_least": merge.k}.get(merge.mode)
    return share if needed is None else lambda bits: float(bits.bit_count() >= needed)


def _events(function: ValueFunction) -> _Match:
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
            weight = weights.get(views.fold(kind), 0.0)
            share = weight * strength * math.exp2(-days / half_life) / target
            points += math.floor(min(share, 1.0) * _QUANTUM) / _QUANTUM
        return min(points, 1.0)

    return match


_PREPARE: Final[dict[str, Callable[[ValueFunction], _Match]]] = {
    "number": _number,
    "log": _log,
    "truth": _truth,
    "text": _text,
    "labels": _labels,
    "age": _timed(views.latest_age),
    "ahead": _timed(views.days_ahead),
    "years": _timed(views.years_since),
    "events": _events,
}
