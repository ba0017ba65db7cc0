"""Signals: lists of moments and lists of events, end to end, so that the matches of all lists are found at once.

What is no plain list of them, such as one with an item that cannot be read, is left to the reference.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import attrs
import numpy as np

from icpkit import views
from icpkit.batch.blocks import over_blocks
from icpkit.batch.moments import EPOCH
from icpkit.columns import LARGEST, CodeArray, Floats, Places, Truths, narrow
from icpkit.value_functions import Decay, EventSum, ValueFunction
from icpkit.views import DAY, Invalid

#: The view of lists of events, and that of lists of moments.
EVENTS, AGE = "events", "age"
_QUANTUM: Final = 2.0**30
_FEW: Final = 65_536


@attrs.frozen(eq=False)
class Signals:
    """Lists of moments or of events, end to end.

    Attributes:
        plain: whether each list could be read; others are left to the reference.
        offsets: where the items of each list begin, and the end.
        micros: the moment of each item, in microseconds since 1970.
        kinds: of events, the place of the kind of each.
        names: the kinds, folded; None for events without a kind.
        strengths: of events.
    """

    plain: Truths
    offsets: Places
    micros: Floats
    kinds: CodeArray
    names: tuple[str | None, ...]
    strengths: Floats

    def __len__(self) -> int:
        """Count the lists."""
        return len(self.plain)

    def take(self, places: Places) -> "Signals":
        """Give some of the lists, in their order."""
        lengths = np.diff(self.offsets)[places]
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        items = np.repeat(self.offsets[:-1][places] - offsets[:-1], lengths) + np.arange(offsets[-1])
        return Signals(
            self.plain[places], offsets, self.micros[items], self.kinds[items], self.names, self.strengths[items]
        )

    @property
    def nbytes(self) -> int:
        """The memory of the arrays."""
        return sum(one.nbytes for one in (self.plain, self.offsets, self.micros, self.kinds, self.strengths))


def signals_of(values: Sequence[Any], view: str) -> Signals | None:
    """Read lists of events, or of moments; None where no value is a list.

    Args:
        values: plain Python values.
        view: `EVENTS` or `AGE`.
    """
    read = _event if view == EVENTS else _moment
    plain = np.zeros(len(values), np.bool_)
    lengths = np.zeros(len(values), np.intp)
    names: dict[str | None, int] = {}
    micros: list[float] = []
    kinds: list[int] = []
    strengths: list[float] = []
    for place, value in enumerate(values):
        listed = None if isinstance(value, str) else views.items(value)
        if listed is None:
            continue
        try:
            found = [one for one in map(read, listed) if one is not None]
        except Invalid:
            continue
        plain[place], lengths[place] = True, len(found)
        for since, name, strength in found:
            micros.append(since)
            kinds.append(names.setdefault(name, len(names)))
            strengths.append(strength)
    if not plain.any():
        return None
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    codes = narrow(np.array(kinds, np.intp), len(names))
    return Signals(plain, offsets, np.array(micros), codes, tuple(names), np.array(strengths))


_Item = tuple[float, str | None, float]


def _moment(item: Any) -> _Item | None:
    when = views.instant(item)
    if when is None:
        return None
    since = views.micros_between(EPOCH, when)
    if abs(since) >= LARGEST:
        raise Invalid(item, "lies too far away for an array")
    return float(since), None, 1.0


def _event(item: Any) -> _Item | None:
    if views.is_unknown(item):
        return None
    kind, at, strength = views.event_parts(item)
    moment = _moment(at)
    if moment is None:
        return None
    name, power = views.text(kind), views.number(strength)
    if power is not None and not 0 <= power <= LARGEST:
        raise Invalid(item, "its strength is for the reference to refuse")
    return moment[0], None if name is None else views.fold(name), 1.0 if power is None else power


def event_matches(
    function: ValueFunction, signals: Signals, origins: "float | Floats", latests: "float | Floats"
) -> tuple[Floats, Truths]:
    """Give the matches of lists of events, and which are absent, as `icpkit.evaluation` finds them.

    Args:
        function: the value function.
        signals: the lists.
        origins: from when ages count, in microseconds since 1970: for all lists, or for each.
        latests: the latest moment that is visible, likewise.
    """
    curve, merge = function.curve, function.merge
    assert isinstance(curve, Decay)  # the constructor saw to it
    assert isinstance(merge, EventSum)  # the constructor saw to it
    weight_of = {views.fold(kind): float(weight) for kind, weight in merge.kinds}
    weights = np.array([0.0 if name is None else weight_of.get(name, 0.0) for name in signals.names] or [0.0])
    named = np.array([name is not None for name in signals.names] or [False])
    half_life, target = -float(curve.half_life), float(merge.target)

    def match(part: slice, items: slice, owners: Places) -> tuple[Floats, Truths]:
        micros, kinds = signals.micros[items], signals.kinds[items]
        visible = micros <= _of(latests, part, owners)
        days = np.maximum(_of(origins, part, owners) - micros, 0.0) / DAY
        shares = weights[kinds] * signals.strengths[items] * np.exp2(days / half_life) / target
        seen = visible & named[kinds]
        quanta = np.floor(np.minimum(shares, 1.0) * _QUANTUM) * seen
        rows = part.stop - part.start
        # Whole numbers: their sums are exact.
        points = np.minimum(np.bincount(owners, quanta, rows), _QUANTUM) / _QUANTUM
        removed = np.bincount(owners, ~visible, rows) > 0
        return points, removed & (np.bincount(owners, seen, rows) == 0)

    return _by_block(signals, match)


def latest_days(signals: Signals, origins: "float | Floats", latests: "float | Floats") -> tuple[Floats, Truths]:
    """Give the age in days of the latest visible moment of each list, infinite for an empty one, and which are absent.

    Args:
        signals: the lists.
        origins: as for `event_matches`.
        latests: likewise.
    """

    def days(part: slice, items: slice, owners: Places) -> tuple[Floats, Truths]:
        micros = signals.micros[items]
        visible = micros <= _of(latests, part, owners)
        latest = np.full(part.stop - part.start, -math.inf)
        np.maximum.at(latest, owners[visible], micros[visible])
        ages = np.maximum(_of(origins, part, None) - latest, 0.0) / DAY
        unseen = np.isinf(latest)
        known = np.diff(signals.offsets[part.start : part.stop + 1]) > 0
        return ages, unseen & known

    return _by_block(signals, days)


def _by_block(signals: Signals, find: Callable[[slice, slice, Places], tuple[Floats, Truths]]) -> tuple[Floats, Truths]:
    values, absent = np.zeros(len(signals)), np.zeros(len(signals), np.bool_)

    def work(part: slice) -> None:
        bounds = signals.offsets[part.start : part.stop + 1]
        owners = np.repeat(np.arange(part.stop - part.start), np.diff(bounds))
        values[part], absent[part] = find(part, slice(int(bounds[0]), int(bounds[-1])), owners)

    over_blocks(work, len(signals), block=_FEW)
    return values, absent


def _of(moments: "float | Floats", part: slice, owners: Places | None) -> "float | Floats":
    """Give the moment of each item of a block, or of each list."""
    if isinstance(moments, float):
        return moments
    return moments[part] if owners is None else moments[part][owners]
