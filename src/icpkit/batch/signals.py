"""Signals: lists of moments and lists of events, end to end, so that the matches of all lists are found at once.

What is no plain list of them, such as one with an item that cannot be read, is left to the reference.
"""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, TypeAlias

import attrs
import numpy as np

from icpkit import views
from icpkit.batch.blocks import over_blocks
from icpkit.batch.moments import EPOCH
from icpkit.columns import LARGEST, CodeArray, Floats, Places, Truths, narrow
from icpkit.value_functions import Decay, EventSum, ValueFunction
from icpkit.views import DAY, Invalid, Notes

#: The view of lists of events, and that of lists of moments.
EVENTS, AGE = "events", "age"
_QUANTUM: Final = 2.0**30
_FEW: Final = 65_536
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_MICROS_OF_DAY: Final = 86_400_000_000


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
        naive: how many items of each list had no time zone, and were read as UTC.
    """

    plain: Truths
    offsets: Places
    micros: Floats
    kinds: CodeArray
    names: tuple[str | None, ...]
    strengths: Floats
    naive: Places

    def __len__(self) -> int:
        """Count the lists."""
        return len(self.plain)

    def take(self, places: Places) -> "Signals":
        """Give some of the lists, in their order."""
        lengths = np.diff(self.offsets)[places]
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        items = np.repeat(self.offsets[:-1][places] - offsets[:-1], lengths) + np.arange(offsets[-1])
        return Signals(
            self.plain[places],
            offsets,
            self.micros[items],
            self.kinds[items],
            self.names,
            self.strengths[items],
            self.naive[places],
        )

    def late(self, latests: "float | Floats") -> Places:
        """Count the items of each list that lie after the latest moment that is visible, one for all or for each."""
        owners = np.repeat(np.arange(len(self)), np.diff(self.offsets))
        late = self.micros > (latests[owners] if isinstance(latests, np.ndarray) else latests)
        return np.bincount(owners[late], minlength=len(self))

    @property
    def nbytes(self) -> int:
        """The memory of the arrays."""
        of_lists = (self.plain, self.offsets, self.naive)
        return sum(one.nbytes for one in (*of_lists, self.micros, self.kinds, self.strengths))


def signals_of(values: Sequence[Any], view: str) -> Signals | None:
    """Read lists of events, or of moments; None where no value is a list.

    Args:
        values: plain Python values.
        view: `EVENTS` or `AGE`.
    """
    plain = np.zeros(len(values), np.bool_)
    lengths = np.zeros(len(values), np.intp)
    naive = np.zeros(len(values), np.intp)
    kinds = _Kinds()
    read = kinds.event if view == EVENTS else kinds.moment
    found: list[_Item] = []
    for place, value in enumerate(values):
        listed = value if type(value) is list else None if isinstance(value, str) else views.items(value)
        if listed is None:
            continue
        before = len(found)
        try:
            found += [one for one in map(read, listed) if one is not None]
        except Invalid:
            del found[before:]
            kinds.notes.naive = 0
            continue
        plain[place], lengths[place] = True, len(found) - before
        naive[place], kinds.notes.naive = kinds.notes.naive, 0
    if not plain.any():
        return None
    micros, codes, strengths = np.array(found, np.float64).reshape(-1, 3).T
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    whole = narrow(codes.astype(np.intp), len(kinds.names))
    return Signals(plain, offsets, micros.copy(), whole, tuple(kinds.names), strengths.copy(), naive)


#: A moment, the place of a kind, a strength.
_Item: TypeAlias = tuple[float, int, float]


def _since(at: Any, notes: Notes) -> float | None:
    """Give a moment in microseconds since 1970, the usual forms first."""
    kind = type(at)
    if kind is datetime and at.tzinfo is UTC:
        past = at - EPOCH
        since = (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds
    elif kind is date:
        since = (at.toordinal() - _EPOCH_DAY) * _MICROS_OF_DAY
    else:
        when = views.instant(at, notes)
        if when is None:
            return None
        since = views.micros_between(EPOCH, when)
    if not -LARGEST < since < LARGEST:
        raise Invalid(at, "lies too far away for an array")
    return float(since)


@attrs.frozen(eq=False)
class _Kinds:
    """The kinds of events, numbered as they come.

    Attributes:
        names: the folded kinds; None for none.
        spelled: the place of each as it is spelled.
        notes: counts moments without a time zone.
    """

    names: dict[str | None, int] = attrs.field(factory=dict)
    spelled: dict[str, int] = attrs.field(factory=dict)
    notes: Notes = attrs.field(factory=Notes)

    def moment(self, item: Any) -> _Item | None:
        """Read one moment; None of what says nothing."""
        since = _since(item, self.notes)
        return None if since is None else (since, 0, 1.0)

    def event(self, item: Any) -> _Item | None:
        """Read one event; None of what says nothing."""
        if type(item) is tuple and len(item) == 2:  # the usual form
            (kind, at), strength = item, None
        elif views.is_unknown(item):
            return None
        else:
            kind, at, strength = views.event_parts(item)
        since = _since(at, self.notes)
        if since is None:
            return None
        place = self.spelled.get(kind) if type(kind) is str else None
        if place is None:
            name = views.text(kind)
            place = self.names.setdefault(None if name is None else views.fold(name), len(self.names))
            if name is not None:
                self.spelled[name] = place
        power = None if strength is None else views.number(strength)
        if power is not None and not 0 <= power <= LARGEST:
            raise Invalid(item, "its strength is for the reference to refuse")
        return since, place, 1.0 if power is None else power


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

    over_blocks(work, len(signals), threads=1, block=_FEW)
    return values, absent


def _of(moments: "float | Floats", part: slice, owners: Places | None) -> "float | Floats":
    """Give the moment of each item of a block, or of each list."""
    if not isinstance(moments, np.ndarray):
        return moments
    of_lists: Floats = moments[part]
    return of_lists if owners is None else of_lists[owners]
