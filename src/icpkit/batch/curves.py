"""Curves over arrays: segments, steps and decays, as `icpkit.evaluation` computes them for one number, to the last bit.

A curve writes the matches of values, or multiples of them (see `UNIT`), of which NaN stands for absent and has the
match 0. Where all matches are among a few, it gives codes instead, and what each stands for.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from icpkit.columns import Floats, Places
from icpkit.evaluation import slope
from icpkit.value_functions import Decay, Segments, Steps
from icpkit.views import DAY

#: Writes the matches of values to the second array; the third is spare. The first two may be the same array.
Curve: TypeAlias = Callable[[Floats, Floats, Floats], None]
#: What curves that are quantised write multiples of.
UNIT: Final = 2.0**-30
#: Days up to which each microsecond is another float of days.
_LONG: Final = 36_525.0
#: Writes the codes of values.
CodesOf: TypeAlias = Callable[[Floats, Places], None]
_QUANTUM: Final = 2.0**30
#: Edges up to which counting is faster than searching.
_FEW: Final = 16


@lru_cache(maxsize=16)
def filled(value: float, rows: int) -> Floats:
    """Give a constant as an array: the least of two arrays is found four times as fast as that of one and a number."""
    return np.full(rows, value)


def soft(shape: Segments) -> tuple[float, float]:
    """Give the slopes of the soft edges, infinite where there is none.

    A soft edge that is all but the edge itself has no slope that a float can hold, and is as good as none.
    """
    return slope(shape.low, shape.soft_low), slope(shape.high, shape.soft_high)


def segments(shape: Segments, *, top: float = 1.0) -> Curve:
    """Make the curve of segments of which one at least is soft, written as so many times the match (a power of two).

    What lacks to a full match is found for each soft edge, and clipped: as `1 - slope*(low - x)`, which on the inner
    side of an edge is above 1.
    """
    low, high = (0.0 if edge is None else float(edge) for edge in (shape.low, shape.high))
    rise, fall = soft(shape)
    soft_low, soft_high = rise < math.inf, fall < math.inf
    hard_low = shape.low is not None and not soft_low
    hard_high = shape.high is not None and not soft_high
    assert soft_low or soft_high  # others are steps
    rise, fall = rise * top, fall * top

    def curve(values: Floats, match: Floats, spare: Floats) -> None:
        outside = None
        if hard_low or hard_high:
            outside = values < low if hard_low else values > high
        lacking = spare if soft_low else match
        if soft_high:
            if high:
                np.subtract(values, high, out=lacking)
                np.multiply(lacking, fall, out=lacking)
            else:
                np.multiply(values, fall, out=lacking)
        if soft_low:
            np.subtract(low, values, out=match)
            np.multiply(match, rise, out=match)
        if soft_low and soft_high:
            np.maximum(match, lacking, out=match)
        # fmin takes 1 where the value is NaN: 1 is lacking, so that the match is 0.
        np.fmin(match, filled(top, len(match)), out=match)
        np.maximum(match, filled(0.0, len(match)), out=match)
        np.subtract(top, match, out=match)
        if outside is not None:
            match *= ~outside

    return curve


def decay(shape: Decay) -> Curve:
    """Make the curve of a decay over days, in multiples of `UNIT`."""
    half_life = -float(shape.half_life)

    def curve(days: Floats, match: Floats, _spare: Floats) -> None:
        np.divide(days, half_life, out=match)
        np.exp2(match, out=match)
        np.multiply(match, _QUANTUM, out=match)
        quantise(match)
        np.fmax(match, filled(0.0, len(match)), out=match)

    return curve


def quantise(match: Floats) -> None:
    """Round multiples of `UNIT` to whole ones, in place."""
    np.add(match, 0.5, out=match)
    np.floor(match, out=match)


def within(shape: Segments) -> tuple[CodesOf, Floats]:
    """Make the codes of segments without a soft edge: 1 within, which matches, else 0."""
    low, high = shape.low, shape.high

    def codes_of(values: Floats, codes: Places) -> None:
        found = ~np.isnan(values) if low is None else values >= low
        if high is not None:
            found &= values <= high
        np.copyto(codes, found)

    return codes_of, np.array([0.0, 1.0])


def steps(shape: Steps) -> tuple[CodesOf, Floats]:
    """Make the codes of steps: how many edges a value has passed, or has not passed where edges are upper ones."""
    return _counted(shape, [float(edge) for edge, _ in shape.steps], rising=True)


def aged_steps(shape: Steps, origin: float) -> tuple[CodesOf, Floats] | None:
    """Make the codes of steps over days from moments, without dividing each age by a day.

    Args:
        shape: the steps, over days.
        origin: the moment from which ages count, in microseconds since 1970.

    Returns:
        None where an edge is no age, or lies too far back, or where there are too many.
    """
    days = [float(edge) for edge, _ in shape.steps]
    # What lies ahead on the day itself has the age 0, so that an edge there would have to be told from the others.
    if len(days) > _FEW or min(days) < 0 or (shape.side == "from" and min(days) == 0) or max(days) > _LONG:
        return None
    edges = [_age_at(edge, up=shape.side == "from") for edge in days]
    return _counted(shape, [origin - edge for edge in edges], rising=False)


def _age_at(days: float, *, up: bool) -> float:
    """Give the greatest whole number of microseconds that is at most so many days, or the least that is at least."""
    micros = math.floor(days * DAY)
    while micros / DAY <= days:
        micros += 1
    while micros / DAY > days:
        micros -= 1
    return micros if not up or micros / DAY == days else micros + 1


def _counted(shape: Steps, edges: list[float], *, rising: bool) -> tuple[CodesOf, Floats]:
    """Count, for each value, the edges on whose side of the match it lies; those of NaN are none."""
    matches = [float(match) for _, match in shape.steps]
    lower = shape.side == "from"
    table = [float(shape.otherwise), *(matches if lower else reversed(matches))]
    otherwise = table[0] != 0.0
    reaches = np.greater_equal if lower == rising else np.less_equal

    def few(values: Floats, codes: Places) -> None:
        """Compare with each edge: for few edges this is faster than a search."""
        counts = reaches(values, edges[0]).view(np.int8)
        for edge in edges[1:]:
            np.add(counts, reaches(values, edge).view(np.int8), out=counts)
        if otherwise:
            np.add(counts, _is_known(values), out=counts)
        np.copyto(codes, counts)

    def many(values: Floats, codes: Places) -> None:
        found = np.searchsorted(edges, values, "right" if lower else "left")
        np.copyto(codes, found if lower else len(edges) - found)
        if otherwise:
            codes += 1
        codes *= _is_known(values)

    return few if len(edges) <= _FEW else many, np.array([0.0, *table] if otherwise else table)


def _is_known(values: Floats) -> NDArray[np.int8]:
    return np.equal(values, values).view(np.int8)  # NaN is not itself
