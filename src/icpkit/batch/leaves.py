"""Leaves: the questions that value functions ask of encoded columns, answered block by block.

A leaf writes the match of each account of a block, 0 where there is none, and marks which are absent. The common pairs
of view and column have arithmetic of their own; every other pair asks the reference once for each distinct value. Both
give the same matches, to the last bit.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

import attrs
import numpy as np

from icpkit import evaluation
from icpkit.batch.blocks import BLOCK, Scratch, lending, over_blocks
from icpkit.batch.curves import UNIT, CodesOf, Curve, aged_steps, decay, filled, quantise, segments, soft, steps, within
from icpkit.batch.facts import Facts
from icpkit.batch.labels import labelled
from icpkit.batch.moments import Moments
from icpkit.batch.signals import AGE, EVENTS, Signals, event_matches, latest_days
from icpkit.columns import LARGEST, CodeArray, Codes, Column, Floats, Labels, Numbers, Places, Truths, narrow
from icpkit.columns import Moments as MomentColumn
from icpkit.evaluation import Prepared, name_table, slope
from icpkit.value_functions import Decay, LabelMerge, Segments, Steps, Table, ValueFunction
from icpkit.views import DAY, YEAR, Invalid, Notes

#: Gives the matches of a block, or multiples of them: written to the scratch's `match`, or where they are at hand.
Write: TypeAlias = Callable[[slice, Scratch], Floats]
#: Marks which accounts of a block are absent.
Mark: TypeAlias = Callable[[slice, Truths], None]
#: Gives the codes of a block: written to the scratch's `codes`, or where they are at hand.
CodesIn: TypeAlias = Callable[[slice, Scratch], Places]

#: Slopes from which on two ways to compute a logarithm may differ by more than the quantum.
_STEEP: Final = 2.0**16
_NO_ROWS: Final[Places] = np.empty(0, np.intp)


@attrs.frozen
class Offence:
    """One invalid value of a column: its row, and why it cannot be read."""

    row: int
    reason: str
    value: Any


class LookUp(NamedTuple):
    """A leaf all of whose matches are among a few.

    Attributes:
        codes_in: gives the codes of a block.
        matches: the match of each code, 0 where it is absent.
        at_hand: whether the codes are, so that nothing is computed to get them.
    """

    codes_in: CodesIn
    matches: Floats
    at_hand: bool = False


@attrs.frozen(eq=False)
class Leaf:
    """A value function, bound to a column.

    Attributes:
        function: the value function.
        write: gives the matches of a block, in multiples of `unit`.
        mark: marks which are absent.
        unit: what matches are multiples of: 1, or 2^-30 where they are quantised.
        look_up: the same by codes, where matches are among a few.
        names: whether these are the codes of the column's names, so that they are found in joint codes too.
        gap: whether exactly those accounts are absent that lack the attribute.
        more: whether those are absent that lack the attribute, and others.
        offences: the values that cannot be read.
        invalid: their rows, rising.
        complete: whether nothing is absent.
        nbytes: the memory of matches that are kept.
    """

    function: ValueFunction
    write: Write
    mark: Mark
    unit: float = 1.0
    look_up: LookUp | None = None
    names: bool = False
    gap: bool = False
    more: bool = False
    offences: Sequence[Offence] = ()
    invalid: Places = attrs.field(default=_NO_ROWS)
    complete: bool = False
    nbytes: int = 0

    def fill(self, rows: slice, match: Floats, missing: Truths) -> None:
        """Write the matches and the absences of a block."""
        found = self.write(rows, Scratch.of(len(match)))
        np.multiply(found, self.unit, out=match)
        self.mark(rows, missing)

    def invalid_in(self, part: slice) -> Places:
        """Give the places within a block of values that cannot be read."""
        first, last = np.searchsorted(self.invalid, (part.start, part.stop))
        places: Places = self.invalid[first:last] - part.start
        return places


@lru_cache(maxsize=4096)
def prepared(function: ValueFunction) -> Prepared:
    """Do once what does not depend on the accounts."""
    return evaluation.prepare(function)


def leaf_of(function: ValueFunction, column: Column, now: Moments, facts: Facts | None = None) -> Leaf:
    """Bind a value function to the column that it reads.

    Args:
        function: the value function.
        column: the column.
        now: the moments of scoring.
        facts: what was found of the column before.
    """
    facts = Facts(column) if facts is None else facts
    if isinstance(column, Codes):
        return _coded(function, column, now, facts)
    if isinstance(column, Labels) and isinstance(function.merge, LabelMerge):
        codes, matches = labelled(function, column, facts)
        look_up = LookUp(stored(codes), matches, at_hand=True)
        return _with_odd(_of_codes(function, look_up, _gaps_in(facts.gaps()), gap=True), column.odd, now)
    if isinstance(column, Numbers) and (found := _few_numbers(function, now, facts)) is not None:
        return found
    make = _BY_VIEW.get((function.view, type(column)))
    leaf_or_none = None if make is None else make(function, column, now, facts)
    return _by_value(function, column, now) if leaf_or_none is None else _with_odd(leaf_or_none, column.odd, now)


def prepare(function: ValueFunction, facts: Facts) -> None:
    """Find beforehand what a value function will ask of its column, where that does not depend on the moment.

    Args:
        function: the value function.
        facts: what has been found of its column.
    """
    column = facts.column
    if isinstance(column, Labels):
        if isinstance(function.merge, LabelMerge):
            labelled(function, column, facts)
    elif isinstance(column, Codes):
        _ = facts.signals(function.view) if function.view in {AGE, EVENTS} else facts.names
    elif isinstance(column, MomentColumn):
        _ = facts.latest
    elif facts.whole is None and function.view == "log":
        _ = facts.logs


# Look-ups


def looked_up(function: ValueFunction, codes: CodeArray, matches: Floats, absent: Truths, **facts: Any) -> Leaf:
    """Make a leaf of codes, and of the match of each and whether it is absent.

    Args:
        function: the value function.
        codes: the code of each account.
        matches: the match of each code, 0 where it is absent.
        absent: whether each code is.
        facts: other attributes of the leaf.
    """
    look_up = LookUp(stored(codes), matches, at_hand=True)
    return _of_codes(function, look_up, _marker(codes, absent), complete=not absent.any(), **facts)


def _of_codes(function: ValueFunction, look_up: LookUp, mark: Mark, **facts: Any) -> Leaf:
    codes_in, matches, _ = look_up

    def write(rows: slice, scratch: Scratch) -> Floats:
        return np.take(matches, codes_in(rows, scratch), out=scratch.match, mode="clip")

    return Leaf(function, write, mark, look_up=look_up, **facts)


def stored(codes: CodeArray) -> CodesIn:
    """Make the function that gives the codes of a block as numpy looks things up by."""

    def codes_in(rows: slice, scratch: Scratch) -> Places:
        np.copyto(scratch.codes, codes[rows])
        return scratch.codes

    return codes_in


def _gaps_in(gaps: Truths) -> Mark:
    def mark(rows: slice, missing: Truths) -> None:
        missing[...] = gaps[rows]

    return mark


def _marker(codes: CodeArray, absent: Truths) -> Mark:
    """Make the function that marks which rows have an absent code: by comparison, where there is but one."""
    places = np.flatnonzero(absent)
    if len(places) != 1:
        return lambda rows, missing: np.copyto(missing, absent[codes[rows]])
    only = codes.dtype.type(places[0])

    def mark(rows: slice, missing: Truths) -> None:
        np.equal(codes[rows], only, out=missing)

    return mark


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


def _coded(function: ValueFunction, column: Codes, now: Moments, facts: Facts) -> Leaf:
    """Ask each distinct name, where texts are compared without regard to case; else each distinct value."""
    table = function.curve
    if function.view == "text" and isinstance(table, Table) and not table.case_sensitive and facts.names is not None:
        match_of = name_table(table)
        matches = [0.0 if text is None else match_of(text) for text in facts.names.texts]
        if None not in matches:
            absent = np.array([text is None for text in facts.names.texts], np.bool_)
            found = np.array(matches, np.float64)
            return looked_up(function, facts.names.codes, found, absent, names=True, gap=True)
        # Of invalid values, the text as it is spelled must be told.
    return _distinct(function, column.codes, column.values, now, facts)


def _distinct(
    function: ValueFunction, codes: CodeArray, values: Sequence[Any], now: Moments, facts: Facts | None = None
) -> Leaf:
    """Ask each distinct value; where each account has its own moment, each pair of value and moment.

    Args:
        function: the value function.
        codes: the code of each account.
        values: what the codes stand for.
        now: the moments of scoring.
        facts: what was found of the column, where the values are its own.
    """
    owners, moments = np.arange(len(values)), np.zeros(len(values), np.intp)
    paired = now.codes is not None and function.view in TIMED
    if paired:
        assert now.codes is not None  # or there are no pairs
        pairs, places = np.unique(codes.astype(np.intp) * len(now.distinct) + now.codes, return_inverse=True)
        owners, moments = np.divmod(pairs, len(now.distinct))
        codes = narrow(places, len(pairs))
    matches, absent, reasons = _at_moments(function, values, now, (owners, moments), facts)
    offences: list[Offence] = []
    invalid = _NO_ROWS
    if reasons:
        marked = np.zeros(len(owners), np.bool_)
        marked[list(reasons)] = True
        invalid = np.flatnonzero(marked[codes])
        offences = [
            _offence(row, reasons[code]) for row, code in zip(invalid.tolist(), codes[invalid].tolist(), strict=True)
        ]
    gap = facts is not None and not paired and np.array_equal(absent, facts.blank)
    return looked_up(function, codes, matches, absent, gap=gap, offences=offences, invalid=invalid)


def _at_moments(
    function: ValueFunction, values: Sequence[Any], now: Moments, asked: tuple[Places, Places], facts: Facts | None
) -> tuple[Floats, Truths, dict[int, Invalid]]:
    """Ask values at moments: lists of events and of moments all at once, everything else one by one."""
    owners, moments = asked
    signals = None
    if facts is not None and function.view in {AGE, EVENTS} and _near(now):
        signals = facts.signals(function.view)
    if signals is None:
        return _answers(function, [values[one] for one in owners], [now.distinct[one] for one in moments])
    if now.codes is None:
        matches, absent = _of_signals(function, signals, now.origins[0], now.latests[0])
    else:
        signals = signals.take(owners)
        origins, latests = np.array(now.origins)[moments], np.array(now.latests)[moments]
        matches, absent = _of_signals(function, signals, origins, latests)
    others = np.flatnonzero(~signals.plain)
    found, lacking, reasons = _answers(
        function, [values[one] for one in owners[others]], [now.distinct[one] for one in moments[others]]
    )
    matches[others], absent[others] = found, lacking
    return matches, absent, {int(others[place]): reason for place, reason in reasons.items()}


def _of_signals(
    function: ValueFunction, signals: Signals, origins: "float | Floats", latests: "float | Floats"
) -> tuple[Floats, Truths]:
    with np.errstate(all="ignore"):
        if function.view == EVENTS:
            return event_matches(function, signals, origins, latests)
        days, absent = latest_days(signals, origins, latests)
        matches = np.empty(len(days))
        _curved(function, _at_hand(days), _gaps_in(absent)).fill(slice(0, len(days)), matches, np.empty_like(absent))
    matches[absent] = 0.0
    return matches, absent


def _by_value(function: ValueFunction, column: Column, now: Moments) -> Leaf:
    """Ask each number or moment once, or each row that holds something: for columns that this view seldom meets."""
    if isinstance(column, (Numbers, MomentColumn)) and not column.odd:
        array = column.values if isinstance(column, Numbers) else column.micros
        _, rows, places = np.unique(array, return_index=True, return_inverse=True)
        return _distinct(function, places, [column.raw(row) for row in rows.tolist()], now)
    values: list[Any] = [None]
    codes = np.zeros(len(column), np.intp)
    for row in range(len(column)):
        value = column.raw(row)
        if value is not None:
            codes[row] = len(values)
            values.append(value)
    return _distinct(function, codes, values, now)


def _with_odd(leaf: Leaf, odd: Mapping[int, Any], now: Moments) -> Leaf:
    """Let the reference answer for the rows whose values do not fit into the column."""
    if not odd:
        return leaf
    rows = np.array(sorted(odd), np.intp)
    values = [odd[row] for row in rows.tolist()]
    matches, absent, reasons = _answers(leaf.function, values, [now.of(row) for row in rows.tolist()])
    matches /= leaf.unit

    def write(block: slice, scratch: Scratch) -> Floats:
        found = leaf.write(block, scratch)
        if found is not scratch.match:  # the values of somebody else
            np.copyto(scratch.match, found)
            found = scratch.match
        first, last = np.searchsorted(rows, (block.start, block.stop))
        found[rows[first:last] - block.start] = matches[first:last]
        return found

    def mark(block: slice, missing: Truths) -> None:
        leaf.mark(block, missing)
        first, last = np.searchsorted(rows, (block.start, block.stop))
        missing[rows[first:last] - block.start] = absent[first:last]

    offences = [_offence(int(rows[place]), error) for place, error in reasons.items()]
    return Leaf(leaf.function, write, mark, leaf.unit, offences=offences, invalid=rows[sorted(reasons)])


# Numbers


def _few_numbers(function: ValueFunction, now: Moments, facts: Facts) -> Leaf | None:
    """Ask each whole number once, by the arithmetic of its view."""
    make = _BY_VIEW.get((function.view, Numbers))
    if make is None or (now.codes is not None and function.view in TIMED) or facts.whole is None:
        return None
    numbers = Numbers(facts.whole.numbers)
    leaf = make(function, numbers, now, Facts(numbers))
    if leaf is None:
        return None
    matches, absent = np.empty(len(numbers)), np.empty(len(numbers), np.bool_)
    with np.errstate(all="ignore"):
        leaf.fill(slice(0, len(numbers)), matches, absent)
    gap = np.array_equal(absent, np.isnan(numbers.values))
    return looked_up(function, facts.whole.codes, matches, absent, gap=gap)


def _number(function: ValueFunction, column: Numbers, _now: Moments, _facts: Facts) -> Leaf | None:
    if isinstance(function.curve, Table):
        return _listed(function, function.curve, column)
    assert isinstance(function.curve, Segments | Steps)  # the constructor saw to it
    return _curved(function, _at_hand(column.values), _unknown_in(column.values), gap=True)


def _curved(function: ValueFunction, values_in: Write, mark: Mark, **facts: Any) -> Leaf:
    """Make the leaf of a curve over values, which are at hand or written block by block, NaN where absent.

    Args:
        function: the value function.
        values_in: gives the values of a block: at hand, or written to the scratch's `match`.
        mark: marks which are absent.
        facts: other attributes of the leaf.
    """
    shape = function.curve
    assert isinstance(shape, Segments | Steps | Decay)  # the constructor saw to it
    by_codes = _by_codes(shape)
    if by_codes is not None:
        return _counted(function, values_in, by_codes, mark, **facts)
    curve, unit = _curve_of(shape)

    def write(rows: slice, scratch: Scratch) -> Floats:
        curve(values_in(rows, scratch), scratch.match, scratch.spare)
        return scratch.match

    return Leaf(function, write, mark, unit, **facts)


def _counted(
    function: ValueFunction, values_in: Write, counted: tuple[CodesOf, Floats], mark: Mark, **facts: Any
) -> Leaf:
    """Make the leaf of values whose matches are among a few."""
    codes_of, matches = counted

    def codes_in(rows: slice, scratch: Scratch) -> Places:
        codes_of(values_in(rows, scratch), scratch.codes)
        return scratch.codes

    return _of_codes(function, LookUp(codes_in, matches), mark, **facts)


def _at_hand(values: Floats) -> Write:
    return lambda rows, _scratch: values[rows]


def _by_codes(shape: Segments | Steps | Decay) -> tuple[CodesOf, Floats] | None:
    if isinstance(shape, Steps):
        return steps(shape)
    return within(shape) if isinstance(shape, Segments) and soft(shape) == (math.inf, math.inf) else None


def _curve_of(shape: Segments | Steps | Decay) -> tuple[Curve, float]:
    """Give the curve of what is not counted, and the unit in which it writes."""
    if isinstance(shape, Decay):
        return decay(shape), UNIT
    assert isinstance(shape, Segments)  # steps are counted
    return segments(shape), 1.0


def _unknown_in(values: Floats) -> Mark:
    def mark(rows: slice, missing: Truths) -> None:
        np.isnan(values[rows], out=missing)

    return mark


def _listed(function: ValueFunction, table: Table, column: Numbers) -> Leaf | None:
    """Look numbers up; where an unlisted one is invalid, the reference tells which."""
    if table.otherwise is None:
        return None
    entries = sorted((float(key), float(match)) for key, match in table.entries)
    keys = np.array([key for key, _ in entries])
    matches = np.array([0.0, float(table.otherwise), *(match for _, match in entries)])

    def codes_of(values: Floats, codes: Places) -> None:
        places = np.minimum(np.searchsorted(keys, values), len(keys) - 1)
        np.copyto(codes, np.where(keys[places] == values, places + 2, 1))
        codes[np.isnan(values)] = 0

    return _counted(function, _at_hand(column.values), (codes_of, matches), _unknown_in(column.values), gap=True)


def _log(function: ValueFunction, column: Numbers, _now: Moments, facts: Facts) -> Leaf | None:
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
        hard = attrs.evolve(shape, soft_low=None, soft_high=None)
        return _counted(function, _at_hand(column.values), within(hard), _unknown_in(column.values), gap=True)
    values, logs = column.values, facts.logs
    lower, upper = (
        (low, soft_low) if rise < math.inf else (None, None),
        (high, soft_high) if fall < math.inf else (None, None),
    )
    curve = segments(Segments(lower[0], upper[0], lower[1], upper[1]), top=1.0 / UNIT)

    def write(rows: slice, scratch: Scratch) -> Floats:
        match = scratch.match
        curve(logs[rows], match, scratch.spare)
        quantise(match)
        if shape.low is not None and rise == math.inf:
            np.multiply(match, values[rows] >= shape.low, out=match)
        if shape.high is not None and fall == math.inf:
            np.multiply(match, values[rows] <= shape.high, out=match)
        return match

    return Leaf(function, write, _unknown_in(values), UNIT, gap=True)


def _truth(function: ValueFunction, column: Numbers, _now: Moments, _facts: Facts) -> Leaf | None:
    """Numbers as truths; where one is neither 0 nor 1, the reference tells which."""
    values = column.values
    if not (np.isnan(values) | (values == 0) | (values == 1)).all():
        return None
    assert isinstance(function.curve, Table)  # the constructor saw to it
    return _listed(function, function.curve, column)


# Moments


def _ages(function: ValueFunction, column: MomentColumn, now: Moments, facts: Facts) -> Leaf | None:
    """Ages in days of visible signals; what lies after the moment is absent."""
    if isinstance(function.curve, Steps) and now.codes is None and _near(now):
        counted = aged_steps(function.curve, now.origins[0])
        if counted is not None:
            return _aged_steps(function, counted, column, now, facts)
    return _aged(function, column, now, facts, DAY)


def _aged_steps(
    function: ValueFunction, counted: tuple[CodesOf, Floats], column: MomentColumn, now: Moments, facts: Facts
) -> Leaf:
    """Compare moments, rather than find ages."""
    counted_of, matches = counted
    visible, latest = _all_visible(now, facts), now.latest(slice(0))

    def codes_of(micros: Floats, codes: Places) -> None:
        counted_of(micros, codes)
        if not visible:
            np.copyto(codes, 0, where=micros > latest)

    mark = _past(column, now, facts)
    return _counted(function, _at_hand(column.micros), (codes_of, matches), mark, gap=visible, more=not visible)


def _aged(function: ValueFunction, column: MomentColumn, now: Moments, facts: Facts, unit: float) -> Leaf | None:
    """Make the leaf of ages, in so many microseconds."""
    if not _near(now):
        return None
    micros, visible = column.micros, _all_visible(now, facts)
    # What lies ahead on the day of scoring itself is visible, and its age is 0.
    ahead = facts.latest > min(now.origins)

    def ages_in(rows: slice, scratch: Scratch) -> Floats:
        ages = np.subtract(now.origin(rows), micros[rows], out=scratch.match)
        if not visible:
            np.copyto(ages, np.nan, where=micros[rows] > now.latest(rows))
        if ahead:
            np.maximum(ages, filled(0.0, len(ages)), out=ages)
        return np.divide(ages, unit, out=ages)

    return _curved(function, ages_in, _past(column, now, facts), gap=visible, more=not visible)


def _all_visible(now: Moments, facts: Facts) -> bool:
    """Tell whether every signal is visible at every moment of scoring."""
    return facts.latest <= min(now.latests)


def _past(column: MomentColumn, now: Moments, facts: Facts) -> Mark:
    """Make the function that marks what is unknown or not yet visible."""
    micros = column.micros
    if _all_visible(now, facts):
        return _unknown_in(micros)

    def mark(rows: slice, missing: Truths) -> None:
        np.less_equal(micros[rows], now.latest(rows), out=missing)
        np.logical_not(missing, out=missing)

    return mark


def _near(now: Moments) -> bool:
    """Tell whether floats hold the moments of scoring exactly."""
    return all(abs(origin) < LARGEST for origin in now.origins)


def _ahead(function: ValueFunction, column: MomentColumn, now: Moments, _facts: Facts) -> Leaf:
    """Whole days to planned dates."""
    micros = column.micros

    def days_in(rows: slice, scratch: Scratch) -> Floats:
        days = np.floor_divide(micros[rows], DAY, out=scratch.match)
        return np.subtract(days, now.day(rows), out=days)

    return _curved(function, days_in, _unknown_in(micros), gap=True)


def _years_of_moments(function: ValueFunction, column: MomentColumn, now: Moments, facts: Facts) -> Leaf | None:
    """Mean years since a date; one after the moment is unknown."""
    return _aged(function, column, now, facts, YEAR * DAY)


def _years_of_numbers(function: ValueFunction, column: Numbers, now: Moments, _facts: Facts) -> Leaf | None:
    """Calendar years since a year; where a number is no year, the reference tells which."""
    values = column.values
    known = values[~np.isnan(values)]
    if ((known != np.floor(known)) | (known < 1) | (known > 9999)).any():
        return None

    def years_in(rows: slice, scratch: Scratch) -> Floats:
        years = np.subtract(now.year(rows), values[rows], out=scratch.match)
        np.copyto(years, np.nan, where=years < 0.0)
        return years

    def mark(rows: slice, missing: Truths) -> None:
        np.logical_not(values[rows] <= now.year(rows), out=missing)

    return _curved(function, years_in, mark, gap=False)


# Labels of which the best counts


def _best_label(function: ValueFunction, column: Labels, now: Moments, _facts: Facts) -> Leaf | None:
    """Take the best item of each list; where an unlisted one is invalid, the reference tells which."""
    table = function.curve
    assert isinstance(table, Table)  # the constructor saw to it
    if function.merge != "best" or table.otherwise is None:
        return None
    matches, _, _ = _answers(function, column.texts, [now.distinct[0]] * len(column.texts))
    best = np.full(len(column), float(table.otherwise))
    starts, ends = column.offsets[:-1], column.offsets[1:]
    filled_rows = np.flatnonzero(ends > starts)
    if len(filled_rows):
        best[filled_rows] = np.maximum.reduceat(matches[column.codes], starts[filled_rows])
    best[~column.known] = 0.0
    return Leaf(function, _at_hand(best), _gaps_in(~column.known), gap=True)


# Matches that are kept


def whole(leaf: Leaf, rows: int) -> Leaf:
    """Make a leaf that has all its matches at hand, so that they are not computed again.

    Args:
        leaf: the leaf; one of codes at hand stays as it is.
        rows: the number of accounts.
    """
    absent = np.empty(rows, np.bool_)
    if leaf.look_up is None:
        matches = np.empty(rows)

        def keep(part: slice, scratch: Scratch) -> None:
            matches[part] = leaf.write(part, scratch)
            leaf.mark(part, absent[part])

        over_blocks(lending(keep, BLOCK), rows, threads=1)
        return attrs.evolve(
            leaf,
            write=_at_hand(matches),
            mark=_gaps_in(absent),
            complete=not absent.any(),
            nbytes=matches.nbytes + absent.nbytes,
        )
    if leaf.look_up.at_hand:
        return attrs.evolve(leaf, nbytes=leaf.look_up.matches.nbytes)
    few, codes_in = leaf.look_up.matches, leaf.look_up.codes_in
    codes = np.empty(rows, np.min_scalar_type(len(few) - 1))

    def keep_codes(part: slice, scratch: Scratch) -> None:
        codes[part] = codes_in(part, scratch)
        leaf.mark(part, absent[part])

    over_blocks(lending(keep_codes, BLOCK), rows, threads=1)
    kept = _of_codes(leaf.function, LookUp(stored(codes), few, at_hand=True), _gaps_in(absent))
    return attrs.evolve(
        leaf,
        write=kept.write,
        mark=kept.mark,
        look_up=kept.look_up,
        complete=not absent.any(),
        nbytes=codes.nbytes + absent.nbytes,
    )


#: Views that depend on the moment of scoring.
TIMED: Final = frozenset(("age", "ahead", "years", "events"))
_BY_VIEW: Final[dict[tuple[str, type], Callable[[ValueFunction, Any, Moments, Facts], Leaf | None]]] = {
    ("number", Numbers): _number,
    ("log", Numbers): _log,
    ("truth", Numbers): _truth,
    ("age", MomentColumn): _ages,
    ("ahead", MomentColumn): _ahead,
    ("years", MomentColumn): _years_of_moments,
    ("years", Numbers): _years_of_numbers,
    ("text", Labels): _best_label,
}
