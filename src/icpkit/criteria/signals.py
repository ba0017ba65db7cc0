"""Criteria about time: signals that fade, events that add up, planned dates."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import attrs

from icpkit import views
from icpkit._attrs import (
    Pairs,
    a_number,
    a_text,
    as_days,
    as_edges,
    as_number,
    as_table,
    check_steps,
    check_table,
    one_of,
    reject,
)
from icpkit.criteria.criterion import Criterion
from icpkit.criteria.spelling import distinct
from icpkit.value_functions import Absent, Curve, Decay, EventSum, Segments, Steps, ValueFunction
from icpkit.words import ENGLISH, Words, days_text, listed, number_text

_ABSENT = one_of("never", "unknown")


def _as_day_steps(
    value: Iterable[tuple[float | timedelta, float]] | None,
) -> tuple[tuple[float, float], ...] | None:
    """Make (days, match) pairs; everything else is left for the validator."""
    steps: tuple[tuple[float, float], ...] | None = as_edges(value, as_days)
    return steps


def _check_recency_steps(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if value is not None:
        check_steps(owner, field.name, value, least=0)


@attrs.frozen(repr=False)
class Recency(Criterion):
    """A dated signal, the more recent the better; without a shape its match halves every 30 days.

    Args:
        attribute: the attribute: a moment, or a list of moments of which the latest counts.
        half_life: days (or a timedelta) in which the match halves.
        linear: days after which it has fallen to 0 in a straight line.
        window: days within which it is 1, the last included.
        steps: (days, match) pairs: the match up to and including so many days, 0 after the last.
        absent: ``"never"``: without a signal the match is 0 (and not covered); ``"unknown"``: it is unknown.

    >>> Recency("last_demo_request", window=14).describe()
    'last_demo_request: within 14 days'
    """

    attribute: str = attrs.field(validator=a_text())
    half_life: float | None = attrs.field(
        default=None, kw_only=True, converter=as_days, validator=a_number(above=0, optional=True)
    )
    linear: float | None = attrs.field(
        default=None, kw_only=True, converter=as_days, validator=a_number(above=0, optional=True)
    )
    window: float | None = attrs.field(
        default=None, kw_only=True, converter=as_days, validator=a_number(least=0, optional=True)
    )
    steps: tuple[tuple[float, float], ...] | None = attrs.field(
        default=None, kw_only=True, converter=_as_day_steps, validator=_check_recency_steps
    )
    absent: Absent = attrs.field(default="never", kw_only=True, validator=_ABSENT)

    def __attrs_post_init__(self) -> None:
        """Accept one shape."""
        given = [name for name in ("half_life", "linear", "window", "steps") if getattr(self, name) is not None]
        if len(given) > 1:
            raise reject(self, given[1], f"must not be given together with {given[0]}", getattr(self, given[1]))

    def value_function(self) -> ValueFunction:
        """Give the curve of the chosen shape over the age of the latest signal."""
        curve: Curve
        if self.linear is not None:
            curve = Segments(high=0, soft_high=self.linear)
        elif self.window is not None:
            curve = Steps(((self.window, 1),), side="to")
        elif self.steps is not None:
            curve = Steps(self.steps, side="to")
        else:
            curve = Decay(30 if self.half_life is None else self.half_life)
        return ValueFunction(self.attribute, "age", curve, "latest", self.absent)

    def question(self, words: Words = ENGLISH) -> str:
        """Say how recent it should be."""
        if self.linear is not None:
            return words["linear"].format(days=days_text(self.linear, words))
        if self.window is not None:
            return words["window"].format(days=days_text(self.window, words))
        if self.steps is not None:
            texts = [
                words["step"].format(days=days_text(days, words), match=number_text(match))
                for days, match in self.steps
            ]
            return words["steps"].format(steps=listed(texts, words))
        return words["half_life"].format(days=days_text(30 if self.half_life is None else self.half_life, words))


def _check_engagement_kinds(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    check_table(owner, field.name, value, most=2**53)
    if not isinstance(value[0][0], str):
        raise reject(owner, field.name, "must be text", value[0][0])
    distinct(owner, field.name, [kind for kind, _ in value], views.fold)
    if not any(weight for _, weight in value):
        raise reject(owner, field.name, "must have a weight above 0", value)


@attrs.frozen(repr=False)
class Engagement(Criterion):
    """Events that add up, each fading with its age: the sum of weight · strength · 2^(-age/half_life), over the target.

    Args:
        attribute: the attribute: a list of events, each a mapping, tuple or object of ``kind``, ``at`` and ``strength``
            (1 by default). Events of other kinds do not count.
        kinds: the kinds that count, or a mapping from kind to weight.
        half_life: days (or a timedelta) in which an event's weight halves.
        target: the sum that is a full match.
        absent: ``"never"``: without events the match is 0 (and not covered); ``"unknown"``: it is unknown.

    >>> Engagement("events", {"webinar": 1, "demo": 3}, target=5).describe()
    'events: 5 points of webinar, demo ×3, halving every 30 days'
    """

    attribute: str = attrs.field(validator=a_text())
    kinds: Pairs = attrs.field(converter=as_table, validator=_check_engagement_kinds)
    half_life: float = attrs.field(default=30, kw_only=True, converter=as_days, validator=a_number(above=0))
    target: float = attrs.field(default=1, kw_only=True, converter=as_number, validator=a_number(above=0))
    absent: Absent = attrs.field(default="never", kw_only=True, validator=_ABSENT)

    def value_function(self) -> ValueFunction:
        """Give decay, merged by a sum of events."""
        return ValueFunction(
            self.attribute, "events", Decay(self.half_life), EventSum(self.kinds, self.target), self.absent
        )

    def question(self, words: Words = ENGLISH) -> str:
        """Say which events count, and how much is enough."""
        texts = [
            kind if weight == 1 else words["weighted"].format(label=kind, weight=number_text(weight))
            for kind, weight in self.kinds
        ]
        return words["engagement"].format(
            kinds=listed(texts, words), days=days_text(self.half_life, words), target=number_text(self.target)
        )


@attrs.frozen(repr=False)
class Upcoming(Criterion):
    """A planned date, such as a renewal: 1 today, falling in a straight line to 0 at ``within`` days; past: 0.

    Args:
        attribute: the attribute: one date or moment; whole UTC days are counted.
        within: days (or a timedelta) ahead at which the match is 0.

    >>> Upcoming("contract_renewal", within=90).describe()
    'contract_renewal: soon, within 90 days'
    """

    attribute: str = attrs.field(validator=a_text())
    within: float = attrs.field(default=90, kw_only=True, converter=as_days, validator=a_number(above=0))

    def value_function(self) -> ValueFunction:
        """Give a segment over the days ahead."""
        return ValueFunction(self.attribute, "ahead", Segments(low=0, high=0, soft_high=self.within))

    def question(self, words: Words = ENGLISH) -> str:
        """Say how soon it should be."""
        return words["upcoming"].format(days=days_text(self.within, words))
