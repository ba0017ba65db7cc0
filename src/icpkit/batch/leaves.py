"""Leaves: the questions that value functions ask of encoded columns, answered block by block.

A leaf writes the match of each account of a block, 0 where there is none, and whether it is absent. The common pairs of
view and column have arithmetic of their own; every other pair asks the reference once for each distinct value. Both
give the same matches, to the last bit.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from icpkit import views
from icpkit.batch.moments import EPOCH, Moments
from icpkit.columns import LARGEST, Codes, Column, Floats, Labels, Numbers, Places
from icpkit.columns import Moments as MomentColumn
from icpkit.evaluation import Prepared, prepare, slope, wanted_labels, weigh_labels
from icpkit.value_functions import Decay, LabelMerge, Segments, Steps, Table, ValueFunction
from icpkit.views import DAY, YEAR, Invalid, Notes

Truths: TypeAlias = NDArray[np.bool_]
#: Writes the matches and the absences of a block.
Fill: TypeAlias = Callable[[slice, Floats, Truths], None]

_QUANTUM: Final = 2.0**30
#: Slopes from which on two ways to compute a logarithm may differ by more than the quantum.
_STEEP: Final = 2.0**16
#: Wanted labels up to which every pattern has its place in a table.
_WIDE: Final = 12
#: Edges up to which counting is faster than searching.
_FEW: Final = 16
#: Bits of a word, and words up to which labels are counted as bits rather than sorted.
_WORD, _WORDS = 62, 8
_NO_ROWS: Final[Places] = np.empty(0, np.intp)


@attrs.frozen
class Offence:
    """One invalid value of a column: its row, and why it cannot be read."""

    row: int
    reason: str
    value: Any


@attrs.frozen(eq=False)
class Leaf:
    """A value function, bound to a column.

    Attributes:
        function: the value function.
        fill: writes matches and absences of a block.
        look_up: codes, the match of each code, and what marks those that are absent, where the leaf is nothing else.
        offences: the values that cannot be read.
        invalid: their rows, rising.
        complete: whether nothing is absent.
        nbytes: the memory of matches that are kept.
    """

    function: ValueFunction
    fill: Fill
    look_up: tuple[Places, Floats, Callable[[slice, Truths], None]] | None = None
    offences: Sequence[Offence] = ()
    invalid: Places = attrs.field(default=_NO_ROWS)
    complete: bool = False
    nbytes: int = 0

    def invalid_in(self, part: slice) -> Places:
        """Give the places within a block of values that cannot be read."""
        first, last = np.searchsorted(self.invalid, (part.start, part.stop))
        places: Places = self.invalid[first:last] - part.start
        return places


@lru_cache(maxsize=4096)
def prepared(function: ValueFunction) -> Prepared:
    """Do once what does not depend on the accounts."""
    return prepare(function)


def leaf_of(function: ValueFunction, column: Column, now: Moments, memory: "Memory") -> Leaf:
    """Bind a value function to the column that it reads.

    Args:
        function: the value function.
        column: the column.
        now: the moments of scoring.
        memory: what was found of the columns before.
    """
    if isinstance(column, Codes):
        return _coded(function, column.codes, column.values, now)
    if isinstance(column, Labels) and isinstance(function.merge, LabelMerge):
        return _labelled(function, column, now, memory)
    if function.view == "log" and isinstance(column, Numbers):
        fill = _log(function, column, lambda: memory.logs(function.attribute, column))
    else:
        make = _BY_VIEW.get((function.view, type(column)))
        fill = None if make is None else make(function, column, now)
    if fill is None:
        return _by_value(function, column, now)
    return _with_odd(function, fill, column.odd, now)


# By the reference, for each distinct value


def _answers(
    function: ValueFunction, values: Sequence[Any], moments: Sequence[Any]
) -> tuple[Floats, Truths, dict[int, Invalid]]:
    """Give matches, absences, and why values are invalid, by their place; each value at its own moment."""
    match_of = prepared(function).match
    matches, absent = np.zeros(len(values)), np.zeros(len(values), np.bool_)
    invalid: dict[int, Invalid] = {}
    notes = Notes()
    for place, (value, moment) in enumerate(zip(values, moments, strict=True)):
        match = None
        if value is not None:
            try:
                match = match_of(value, moment, notes)
            except Invalid as error:
                invalid[place] = error
        if match is None:
            absent[place] = True
        else:
            matches[place] = match
    return matches, absent, invalid


def _offence(row: int, error: Invalid) -> Offence:
    """Tell what cannot be read: of a list, the item."""
    return Offence(row, error.reason, error.value)


def _coded(function: ValueFunction, codes: Places, values: Sequence[Any], now: Moments) -> Leaf:
    """Ask each distinct value; where each account has its own moment, each pair of value and moment."""
    moments = [now.distinct[0]] * len(values)
    if now.codes is not None and function.view in TIMED:
        pairs, codes = np.unique(codes * len(now.distinct) + now.codes, return_inverse=True)
        moments = [now.distinct[pair % len(now.distinct)] for pair in pairs.tolist()]
        values = [values[pair // len(now.distinct)] for pair in pairs.tolist()]
    matches, absent, reasons = _answers(function, values, moments)
    offences: list[Offence] = []
    invalid = _NO_ROWS
    if reasons:
        marked = np.zeros(len(values), np.bool_)
        marked[list(reasons)] = True
        invalid = np.flatnonzero(marked[codes])
        offences = [_offence(row, reasons[codes[row]]) for row in invalid.tolist()]

    return attrs.evolve(looked_up(function, codes, matches, absent), offences=offences, invalid=invalid)


def looked_up(function: ValueFunction, codes: Places, matches: Floats, absent: Truths) -> Leaf:
    """Make a leaf of codes, and of the match of each and whether it is absent.

    Args:
        function: the value function.
        codes: the code of each account.
        matches: the match of each code, 0 where it is absent.
        absent: whether each code is.
    """
    mark = _marker(codes, absent)

    def fill(rows: slice, match: Floats, missing: Truths) -> None:
        np.take(matches, codes[rows], out=match, mode="clip")
        mark(rows, missing)

    return Leaf(function, fill, (codes, matches, mark), complete=not absent.any())


def _marker(codes: Places, absent: Truths) -> Callable[[slice, Truths], None]:
    """Make the function that writes which rows have an absent code: by comparison, where there is but one."""
    places = np.flatnonzero(absent)
    if len(places) != 1:
        return lambda rows, missing: _taken(absent, codes[rows], missing)
    only = places[0]

    def mark(rows: slice, missing: Truths) -> None:
        np.equal(codes[rows], only, out=missing)

    return mark


def _taken(absent: Truths, codes: Places, missing: Truths) -> None:
    np.take(absent, codes, out=missing, mode="clip")


def _by_value(function: ValueFunction, column: Column, now: Moments) -> Leaf:
    """Ask each number or moment once, or each row that holds something: for columns that this view seldom meets."""
    if isinstance(column, (Numbers, MomentColumn)) and not column.odd:
        array = column.values if isinstance(column, Numbers) else column.micros
        _, rows, places = np.unique(array, return_index=True, return_inverse=True)
        return _coded(function, places, [column.raw(row) for row in rows.tolist()], now)
    values: list[Any] = [None]
    codes = np.zeros(len(column), np.intp)
    for row in range(len(column)):
        value = column.raw(row)
        if value is not None:
            codes[row] = len(values)
            values.append(value)
    return _coded(function, codes, values, now)


def _with_odd(function: ValueFunction, fill: Fill, odd: Mapping[int, Any], now: Moments) -> Leaf:
    """Let the reference answer for the rows whose values do not fit into the column."""
    if not odd:
        return Leaf(function, fill)
    rows = np.array(sorted(odd), np.intp)
    values = [odd[row] for row in rows.tolist()]
    matches, absent, reasons = _answers(function, values, [now.of(row) for row in rows.tolist()])

    def filled(block: slice, match: Floats, missing: Truths) -> None:
        fill(block, match, missing)
        first, last = np.searchsorted(rows, (block.start, block.stop))
        places = rows[first:last] - block.start
        match[places], missing[places] = matches[first:last], absent[first:last]

    offences = [_offence(int(rows[place]), error) for place, error in reasons.items()]
    return Leaf(function, filled, None, offences, rows[sorted(reasons)])


# Curves over arrays of values, of which NaN stands for absent


def _segments(shape: Segments) -> Callable[[Floats, Floats], None]:
    """Make the function that writes the matches of values; those of NaN are 0.

    As `1 - slope*(low - x)`, which on the inner side of an edge is above 1, and clipped there.
    """
    low, high = (math.nan if edge is None else float(edge) for edge in (shape.low, shape.high))
    has_low, has_high = shape.low is not None, shape.high is not None
    rise, fall = slope(shape.low, shape.soft_low), slope(shape.high, shape.soft_high)
    # A soft edge that is all but the edge itself has no slope that a float can hold, and is as good as none.
    soft_low, soft_high = rise < math.inf, fall < math.inf

    def curve(values: Floats, match: Floats) -> None:
        lacking = np.empty_like(values) if soft_low and soft_high else match
        if soft_low:
            np.subtract(low, values, out=match)
            np.multiply(match, rise, out=match)
        if soft_high:
            np.subtract(values, high, out=lacking)
            np.multiply(lacking, fall, out=lacking)
        if soft_low and soft_high:
            np.maximum(match, lacking, out=match)
        if soft_low or soft_high:
            # fmin takes 1 where the value is NaN: 1 is lacking, so that the match is 0.
            np.fmin(match, _filled(1.0, len(match)), out=match)
            np.maximum(match, _filled(0.0, len(match)), out=match)
            np.subtract(1.0, match, out=match)
            if has_low and not soft_low:
                match *= values >= low
            if has_high and not soft_high:
                match *= values <= high
            return
        within = values >= low if has_low else ~np.isnan(values)
        if has_high:
            within &= values <= high
        match[...] = within

    return curve


@lru_cache(maxsize=8)
def _filled(value: float, rows: int) -> Floats:
    """Give a constant as an array: the least of two arrays is found four times as fast as that of one and a number."""
    return np.full(rows, value)


def _steps(shape: Steps) -> Callable[[Floats, Floats], None]:
    edges = np.array([edge for edge, _ in shape.steps], np.float64)
    matches = [float(match) for _, match in shape.steps]
    ordered = [float(shape.otherwise), *matches] if shape.side == "from" else [*matches, float(shape.otherwise)]
    table = np.array(ordered)

    def few(values: Floats, match: Floats) -> None:
        """Count the edges that each value has passed: for few edges this is faster than a search."""
        passed = np.zeros(len(values), np.int8)
        for edge in edges:
            passed += values >= edge if shape.side == "from" else values > edge
        np.take(table, passed.astype(np.intp), out=match, mode="clip")
        match *= values == values  # noqa: PLR0124  # NaN is not itself

    def many(values: Floats, match: Floats) -> None:
        places = np.searchsorted(edges, values, "right" if shape.side == "from" else "left")
        np.take(table, places, out=match, mode="clip")
        match *= values == values  # noqa: PLR0124  # NaN is not itself

    return few if len(edges) <= _FEW else many


def _decay(shape: Decay) -> Callable[[Floats, Floats], None]:
    half_life = -float(shape.half_life)

    def curve(days: Floats, match: Floats) -> None:
        np.divide(days, half_life, out=match)
        np.exp2(match, out=match)
        _quantise(match)
        np.fmax(match, _filled(0.0, len(match)), out=match)

    return curve


def _quantise(match: Floats) -> None:
    np.multiply(match, _QUANTUM, out=match)
    np.add(match, 0.5, out=match)
    np.floor(match, out=match)
    np.multiply(match, 1.0 / _QUANTUM, out=match)


def _curve_of(shape: Segments | Steps | Decay) -> Callable[[Floats, Floats], None]:
    if isinstance(shape, Segments):
        return _segments(shape)
    return _steps(shape) if isinstance(shape, Steps) else _decay(shape)


# Numbers


def _number(function: ValueFunction, column: Numbers, _now: Moments) -> Fill | None:
    if isinstance(function.curve, Table):
        return _listed(function.curve, column)
    assert isinstance(function.curve, Segments | Steps)  # the constructor saw to it
    return _numbers(function.curve, column)


def _numbers(shape: Segments | Steps, column: Numbers) -> Fill:
    curve, values = _curve_of(shape), column.values

    def fill(rows: slice, match: Floats, missing: Truths) -> None:
        block = values[rows]
        curve(block, match)
        np.isnan(block, out=missing)

    return fill


def _listed(table: Table, column: Numbers) -> Fill | None:
    """Look numbers up; where an unlisted one is invalid, the reference tells which."""
    if table.otherwise is None:
        return None
    entries = sorted((float(key), float(match)) for key, match in table.entries)
    keys = np.array([key for key, _ in entries])
    matches = np.array([match for _, match in entries])
    values, otherwise = column.values, float(table.otherwise)

    def fill(rows: slice, match: Floats, missing: Truths) -> None:
        block = values[rows]
        places = np.minimum(np.searchsorted(keys, block), len(keys) - 1)
        match[...] = np.where(keys[places] == block, matches[places], otherwise)
        np.isnan(block, out=missing)
        match[missing] = 0.0

    return fill


def _log(function: ValueFunction, column: Numbers, logs: Callable[[], Floats]) -> Fill | None:
    """Segments over logarithms, quantised; values that are not positive lie below every edge."""
    shape = function.curve
    assert isinstance(shape, Segments)  # the constructor saw to it
    low, high, soft_low, soft_high = (
        None if edge is None else math.log(edge) for edge in (shape.low, shape.high, shape.soft_low, shape.soft_high)
    )
    rise, fall = slope(low, soft_low), slope(high, soft_high)
    if any(_STEEP < one < math.inf for one in (rise, fall)):  # there the logarithms of two libraries differ visibly
        return None
    if rise == fall == math.inf:
        return _numbers(attrs.evolve(shape, soft_low=None, soft_high=None), column)
    values, of_values = column.values, logs()
    lower, upper = (
        (low, soft_low) if rise < math.inf else (None, None),
        (high, soft_high) if fall < math.inf else (None, None),
    )
    curve = _segments(Segments(lower[0], upper[0], lower[1], upper[1]))

    def fill(rows: slice, match: Floats, missing: Truths) -> None:
        block = values[rows]
        np.isnan(block, out=missing)
        curve(of_values[rows], match)
        _quantise(match)
        if shape.low is not None and rise == math.inf:
            np.copyto(match, 0.0, where=block < shape.low)
        if shape.high is not None and fall == math.inf:
            np.copyto(match, 0.0, where=block > shape.high)

    return fill


def _logs_of(column: Numbers) -> Floats:
    """Take logarithms: minus infinity of what is not positive, NaN of what is unknown."""
    with np.errstate(divide="ignore"):
        logs: Floats = np.log(np.maximum(column.values, 0.0))
    return logs


def _truth(function: ValueFunction, column: Numbers, _now: Moments) -> Fill | None:
    """Numbers as truths; where one is neither 0 nor 1, the reference tells which."""
    values = column.values
    if not (np.isnan(values) | (values == 0) | (values == 1)).all():
        return None
    assert isinstance(function.curve, Table)  # the constructor saw to it
    return _listed(function.curve, column)


# Moments


def _ages(function: ValueFunction, column: MomentColumn, now: Moments) -> Fill | None:
    """Ages in days of visible signals; what lies after the moment is absent."""
    if not _near(now):
        return None
    assert isinstance(function.curve, Segments | Steps | Decay)  # the constructor saw to it
    curve, micros = _curve_of(function.curve), column.micros

    def fill(rows: slice, match: Floats, missing: Truths) -> None:
        ages = np.subtract(now.origin(rows), micros[rows])
        _past(ages, now.least(rows), missing)
        np.divide(ages, DAY, out=ages)
        curve(ages, match)

    return fill


def _past(ages: Floats, least: "float | Floats", missing: Truths) -> None:
    """Leave NaN of ages that are not visible, and 0 of those below 0."""
    np.less(ages, least, out=missing)
    if missing.any():
        np.copyto(ages, np.nan, where=missing)
    np.maximum(ages, _filled(0.0, len(ages)), out=ages)
    np.isnan(ages, out=missing)


def _near(now: Moments) -> bool:
    """Tell whether floats hold the moments of scoring exactly."""
    return all(abs(views.micros_between(EPOCH, one.origin)) < LARGEST for one in now.distinct)


def _ahead(function: ValueFunction, column: MomentColumn, now: Moments) -> Fill:
    """Whole days to planned dates."""
    assert isinstance(function.curve, Segments | Steps)  # the constructor saw to it
    curve, micros = _curve_of(function.curve), column.micros

    def fill(rows: slice, match: Floats, missing: Truths) -> None:
        days = np.floor_divide(micros[rows], DAY)
        np.subtract(days, now.day(rows), out=days)
        curve(days, match)
        np.isnan(days, out=missing)

    return fill


def _years_of_moments(function: ValueFunction, column: MomentColumn, now: Moments) -> Fill | None:
    """Mean years since a date; one after the moment is unknown."""
    if not _near(now):
        return None
    assert isinstance(function.curve, Segments | Steps)  # the constructor saw to it
    curve, micros = _curve_of(function.curve), column.micros

    def fill(rows: slice, match: Floats, missing: Truths) -> None:
        ages = np.subtract(now.origin(rows), micros[rows])
        _past(ages, now.least(rows), missing)
        np.divide(ages, YEAR * DAY, out=ages)
        curve(ages, match)

    return fill


def _years_of_numbers(function: ValueFunction, column: Numbers, now: Moments) -> Fill | None:
    """Calendar years since a year; where a number is no year, the reference tells which."""
    assert isinstance(function.curve, Segments | Steps)  # the constructor saw to it
    curve, values = _curve_of(function.curve), column.values
    known = values[~np.isnan(values)]
    if ((known != np.floor(known)) | (known < 1) | (known > 9999)).any():
        return None

    def fill(rows: slice, match: Floats, missing: Truths) -> None:
        years = np.subtract(now.year(rows), values[rows])
        _past(years, 0.0, missing)
        curve(years, match)

    return fill


# Labels


#: Codes, and what each stands for: wanted labels as bits, or how many of a row's own labels are met, and of how many.
Coded: TypeAlias = tuple[Places, tuple[Any, ...]]


@attrs.frozen(eq=False)
class Memory:
    """What has been found of the columns of a batch, so that it need not be found again: label patterns, logarithms.

    Attributes:
        found: codes and what they stand for, by the attribute and what was looked for in its column.
        taken: logarithms, by the attribute.
        keep: whether what is found is remembered.
    """

    found: dict[tuple[Any, ...], Coded] = attrs.field(factory=dict)
    taken: dict[str, Floats] = attrs.field(factory=dict)
    keep: bool = False

    def of(self, attribute: str, column: Labels, look: Callable[..., Coded], *wanted: Any) -> Coded:
        """Look for something in a column; the code beyond the last stands for rows without a list."""
        token = (attribute, look, *wanted)
        found = self.found.get(token)
        if found is None:
            codes, values = look(column, *wanted)
            if not column.known.all():
                codes = np.where(column.known, codes, len(values))
            found = codes, values
            if self.keep:
                self.found[token] = found
        return found

    def logs(self, attribute: str, column: Numbers) -> Floats:
        """Give the logarithms of a column."""
        found = self.taken.get(attribute)
        if found is None:
            found = _logs_of(column)
            if self.keep:
                self.taken[attribute] = found
        return found

    @property
    def nbytes(self) -> int:
        """The memory of what is remembered."""
        return sum(codes.nbytes for codes, _ in self.found.values()) + sum(one.nbytes for one in self.taken.values())


def _wanted(column: Labels, bits: tuple[int, ...], width: int) -> Coded:
    """Give the wanted labels of each row as bits."""
    words = []
    for start in range(0, max(width, 1), _WORD):
        table = np.array([mask >> start & (1 << _WORD) - 1 for mask in bits] or [0], np.int64)
        words.append(_or_by_row(column, table[column.codes]))
    if width <= _WIDE:
        return words[0].astype(np.intp, copy=False), tuple(range(1 << width))
    distinct, codes = np.unique(np.stack(words, axis=1), axis=0, return_inverse=True)
    patterns = (sum(word << _WORD * place for place, word in enumerate(row)) for row in distinct.tolist())
    return codes.reshape(-1), tuple(patterns)


def _own(column: Labels, name_of: tuple[int, ...], ours: tuple[bool, ...]) -> Coded:
    """Count the distinct labels of each row, and those among them that are ours.

    Args:
        column: the labels.
        name_of: the name under which each text is compared, as a number.
        ours: whether each name is wanted.
    """
    names, count = np.array(name_of or (0,), np.intp)[column.codes], len(ours)
    own, met = np.zeros(len(column), np.intp), np.zeros(len(column), np.intp)
    if count <= _WORD * _WORDS:
        for start in range(0, count, _WORD):
            some = range(start, min(start + _WORD, count))
            table = np.array([1 << name - start if name in some else 0 for name in range(count)], np.int64)
            word = _or_by_row(column, table[names])
            own += np.bitwise_count(word)
            met += np.bitwise_count(word & np.int64(sum(1 << name - start for name in some if ours[name])))
    else:
        pairs = np.repeat(np.arange(len(column)) * count, np.diff(column.offsets)) + names
        pairs.sort()
        pairs = pairs[np.diff(pairs, prepend=-1) > 0]
        rows = pairs // count
        own += np.bincount(rows, minlength=len(column))
        met += np.bincount(rows[np.array(ours)[pairs % count]], minlength=len(column))
    most = int(met.max(initial=0)) + 1
    pairs_of = tuple((code % most, code // most) for code in range((int(own.max(initial=0)) + 1) * most))
    return own * most + met, pairs_of


def _or_by_row(column: Labels, items: NDArray[np.int64]) -> NDArray[np.int64]:
    """Join the bits of each row's items."""
    joined = np.zeros(len(column), np.int64)
    starts, ends = column.offsets[:-1], column.offsets[1:]
    filled = np.flatnonzero(ends > starts)
    if len(filled):
        joined[filled] = np.bitwise_or.reduceat(items, starts[filled])
    return joined


def _labelled(function: ValueFunction, column: Labels, now: Moments, memory: Memory) -> Leaf:
    table, merge = function.curve, function.merge
    assert isinstance(table, Table)  # the constructor saw to it
    assert isinstance(merge, LabelMerge)  # the caller saw to it
    wanted = wanted_labels(table, merge)
    if merge.mode == "satisfies":
        names = {name: place for place, name in enumerate(dict.fromkeys(map(wanted.name_of, column.texts)))}
        name_of = tuple(names[wanted.name_of(text)] for text in column.texts)
        codes, pairs = memory.of(
            function.attribute, column, _own, name_of, tuple(name in wanted.counted_as for name in names)
        )
        shares = [met / own if own else 1.0 for met, own in pairs]
    else:
        bits = tuple(map(wanted.bits_of, column.texts))
        codes, masks = memory.of(function.attribute, column, _wanted, bits, len(wanted.labels))
        shares = list(map(weigh_labels(table, merge), masks))
    matches = np.array([*shares, 0.0])
    absent = np.zeros(len(matches), np.bool_)
    absent[-1] = not column.known.all()
    leaf = looked_up(function, codes, matches, absent)
    return _with_odd(function, leaf.fill, column.odd, now) if column.odd else leaf


def _best_label(function: ValueFunction, column: Labels, now: Moments) -> Fill | None:
    """Take the best item of each list; where an unlisted one is invalid, the reference tells which."""
    table = function.curve
    assert isinstance(table, Table)  # the constructor saw to it
    if function.merge != "best" or table.otherwise is None:
        return None
    matches, _, _ = _answers(function, column.texts, [now.distinct[0]] * len(column.texts))
    best = np.full(len(column), float(table.otherwise))
    starts, ends = column.offsets[:-1], column.offsets[1:]
    filled = np.flatnonzero(ends > starts)
    if len(filled):
        best[filled] = np.maximum.reduceat(matches[column.codes], starts[filled])
    best[~column.known] = 0.0
    return _whole(best, ~column.known)


def whole(leaf: Leaf, rows: int, over_blocks: Callable[[Callable[[slice], None], int], None]) -> Leaf:
    """Make a leaf that has all its matches at hand, so that they are not computed again.

    Args:
        leaf: the leaf; one that only looks up stays as it is.
        rows: the number of accounts.
        over_blocks: does some work for every block of rows.
    """
    if leaf.look_up is not None:
        return leaf
    matches, absent = np.empty(rows), np.empty(rows, np.bool_)
    over_blocks(lambda part: leaf.fill(part, matches[part], absent[part]), rows)
    held = matches.nbytes + absent.nbytes
    return attrs.evolve(leaf, fill=_whole(matches, absent), complete=not absent.any(), nbytes=held)


def _whole(matches: Floats, absent: Truths) -> Fill:
    """Make the function that hands out what was found for all rows at once."""

    def fill(rows: slice, match: Floats, missing: Truths) -> None:
        match[...] = matches[rows]
        missing[...] = absent[rows]

    return fill


#: Views that depend on the moment of scoring.
TIMED: Final = frozenset(("age", "ahead", "years", "events"))
_BY_VIEW: Final[dict[tuple[str, type], Callable[[ValueFunction, Any, Moments], Fill | None]]] = {
    ("number", Numbers): _number,
    ("truth", Numbers): _truth,
    ("age", MomentColumn): _ages,
    ("ahead", MomentColumn): _ahead,
    ("years", MomentColumn): _years_of_moments,
    ("years", Numbers): _years_of_numbers,
    ("text", Labels): _best_label,
}
