"""Value functions: the closed set that engines run.

A value function is *view × curve × merge*, or a combination of value functions. It is data, no code:
`icpkit.evaluation` holds its reference meaning, and every other engine computes the same matches.
"""

from typing import Any, Final, Literal, TypeAlias

import attrs

from icpkit._attrs import (
    Pairs,
    a_number,
    a_text,
    as_pairs,
    as_steps,
    as_table,
    check_steps,
    check_table,
    one_of,
    reject,
)

#: How a raw value is read.
View: TypeAlias = Literal["number", "log", "truth", "text", "labels", "age", "ahead", "years", "events"]
#: What an absent value means: unknown, or (for signals) that it never happened.
Absent: TypeAlias = Literal["unknown", "never"]


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
        rising = self.edges
        for soft, edge in ((self.soft_low, self.low), (self.soft_high, self.high)):
            if soft is not None and (edge is None or soft == edge):
                raise reject(self, "", "must have soft edges beyond the ends that they soften", self)
        if not rising or rising != sorted(rising):
            raise reject(self, "", "must have at least one end, and rising edges", self)

    @property
    def edges(self) -> list[float]:
        """The edges that are given, from the lowest to the highest."""
        return [edge for edge in (self.soft_low, self.low, self.high, self.soft_high) if edge is not None]


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

    def __attrs_post_init__(self) -> None:
        """Refuse a count without its mode, and the mode without its count."""
        if (self.mode == "at_least") != (self.k is not None):
            raise reject(self, "k", 'must be given with mode="at_least", and only then', self.k)


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


@attrs.frozen(cache_hash=True)
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

    attribute: str = attrs.field(validator=a_text())
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
        if self.absent not in {"unknown", "never"}:
            raise reject(self, "absent", "must be 'unknown' or 'never'", self.absent)
        if isinstance(self.curve, Table):
            self._check_table(self.curve)
        elif self.merge == "best":
            raise reject(self, "merge", "must be only, but under a table", self.merge)
        if self.view == "log" and isinstance(self.curve, Segments) and min(self.curve.edges) <= 0:
            raise reject(self, "curve", "must have edges > 0 on a log scale", self.curve)

    def _check_table(self, table: Table) -> None:
        texts = self.view in {"text", "labels"}
        if isinstance(table.entries[0][0], str) != texts:
            raise reject(
                self, "curve", f"must list {'text' if texts else 'numbers'} under the view {self.view!r}", table
            )
        if self.view == "labels" and not any(weight for _, weight in table.entries):
            raise reject(self, "curve", "must have a weight above 0", table)

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


@attrs.frozen(cache_hash=True)
class Combination:
    """The least (``min``) or greatest (``max``) match of its parts, or 1 minus that of its only part (``not``)."""

    operation: Literal["min", "max", "not"] = attrs.field(validator=one_of("min", "max", "not"))
    parts: "tuple[AnyValueFunction, ...]"

    def __attrs_post_init__(self) -> None:
        """Refuse a combination of nothing, and the opposite of several."""
        if not self.parts or (self.operation == "not" and len(self.parts) > 1):
            count = "one part" if self.operation == "not" else "at least one part"
            raise reject(self, "parts", f"must hold {count}", self.parts)

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
