"""Encoded columns of numpy arrays, which every door brings its own columns to."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from icpkit.columns import LARGEST, Codes, Column, Floats, Labels, Moments, Numbers, Places, column_of_values, narrow

#: Gives a column as plain Python values, whole or at some rows.
Values: TypeAlias = Callable[[Sequence[int] | None], list[Any]]

#: Microseconds in the units of moments.
MICROS: Final = {
    "W": 7 * 86_400e6,
    "D": 86_400e6,
    "h": 3_600e6,
    "m": 60e6,
    "s": 1e6,
    "ms": 1e3,
    "us": 1.0,
}
#: Units of numpy for which Python has a date, and no time.
#: Codes that are looked at at a time.
_PIECE: Final = 1 << 18
_DAYS: Final = ("Y", "M", "W", "D")
#: The widest float of which a float64 loses nothing, in bytes.
_WIDEST = 8


def column_of_array(array: NDArray[Any], values: Values) -> Column:
    """Encode an array of one axis.

    Args:
        array: the array.
        values: gives the same column as plain Python values.

    >>> column_of_array(np.array([320, 50], "int16"), lambda rows: [320, 50]).raw(0)
    320
    """
    kind = array.dtype.kind
    if kind == "b":
        return flags(array)
    if kind in "iu" or (kind == "f" and array.dtype.itemsize <= _WIDEST):
        # A copy, so that what the user does to the array later does not reach the column.
        return numbers(np.array(array, np.float64), values, whole=kind != "f")
    unit, step = np.datetime_data(array.dtype) if kind == "M" else ("generic", 1)
    if unit == "generic" or step != 1:
        return column_of_values(values(None))
    return moments(micros(array), values, naive=unit not in _DAYS, days=unit in _DAYS)


def micros(array: NDArray[Any]) -> Floats:
    """Give moments as microseconds since 1970, cut where they are finer, and NaN for NaT.

    >>> micros(np.array(["1970-01-02", "NaT"], "M8[D]"))
    array([8.64e+10,      nan])
    """
    unit = np.datetime_data(array.dtype)[0]
    if unit not in MICROS:  # years and months are not equally long, and what is finer is cut
        unit = "D" if unit in _DAYS else "us"
        array = array.astype(f"M8[{unit}]")
    since = np.multiply(array.astype(np.int64), MICROS[unit], dtype=np.float64)
    since[np.isnat(array)] = np.nan
    return since


def numbers(array: Floats, values: Values, *, whole: bool) -> Numbers:
    """Make a column of numbers, of which those that a float may not hold are looked up again.

    >>> numbers(np.array([320, 2.0**53]), lambda rows: [2**53 + 1], whole=True).odd
    {1: 9007199254740993}
    """
    large = np.flatnonzero((array >= LARGEST) | (array <= -LARGEST)).tolist()
    if not large:
        return Numbers(array, whole=whole)
    odd = {row: value for row, value in zip(large, values(large), strict=True) if abs(value) > LARGEST}
    return Numbers(_without(array, odd), odd, whole)


def moments(since: Floats, values: Values, *, naive: bool, days: bool = False) -> Moments:
    """Make a column of moments, of which those far away are looked up as plain values.

    Args:
        since: microseconds since 1970 in UTC, NaN where unknown.
        values: gives the same column as plain Python values.
        naive: whether they have no time zone.
        days: whether they are dates.
    """
    count = len(since) - int(np.count_nonzero(np.isnan(since))) if naive else 0
    far = np.flatnonzero((since >= LARGEST) | (since <= -LARGEST)).tolist()
    if not far:
        return Moments(since, naive=count, days=days)
    odd = dict(zip(far, values(far), strict=True))
    return Moments(_without(since, odd), odd, count, days)


def _without(array: Floats, odd: dict[int, Any]) -> Floats:
    array = array.copy()  # it may be the user's own
    array[list(odd)] = np.nan
    return array


def flags(array: NDArray[Any]) -> Codes:
    """Make a column of truths: 0 and 1, and 2 for unknown."""
    truths = (False, True, None)
    places = array.astype(np.int8, copy=False)
    return codes(places, len(truths), lambda used: [truths[place] for place in used.tolist()])


def codes(array: NDArray[Any], size: int, values: Callable[[Places], Sequence[Any]]) -> Codes:
    """Make a column of codes, of which only those stay that a row has.

    Args:
        array: the code of each row, -1 for unknown.
        size: how many codes there are.
        values: gives the values of some codes.

    >>> column = codes(np.array([2, -1, 2]), 3, lambda used: [f"value {code}" for code in used])
    >>> column.codes.tolist(), column.values
    ([0, 1, 0], ('value 2', None))
    """
    parts = [slice(start, start + _PIECE) for start in range(0, len(array), _PIECE)]
    used = np.zeros(size + 1, np.bool_)  # the last one is that of -1
    for part in parts:
        used[array[part]] = True
    known = np.flatnonzero(used[:-1])
    distinct = (*values(known), None) if used[-1] else tuple(values(known))
    if len(distinct) == size and not used[-1]:
        return Codes(narrow(array, size), distinct)
    places = narrow(np.append(np.cumsum(used[:-1]) - 1, len(known)), len(distinct))
    found = np.empty(len(array), places.dtype)
    for part in parts:
        np.take(places, array[part], out=found[part], mode="wrap")
    return Codes(found, distinct)


def labels(lengths: NDArray[Any], known: NDArray[np.bool_], items: Codes) -> Labels:
    """Make a column of lists of texts, without the items that are unknown.

    Args:
        lengths: how many items each row has.
        known: whether a row has a list.
        items: the items of all rows, end to end: texts and None.

    >>> column = labels(np.array([2, 0]), np.array([True, True]), Codes(np.array([0, 1]), ("Slack", None)))
    >>> column.raw(0), column.raw(1)
    (['Slack'], [])
    """
    offsets = np.zeros(len(lengths) + 1, np.intp)
    np.cumsum(lengths, out=offsets[1:])
    told = np.array([text is not None and bool(text.strip()) for text in items.values], np.bool_)
    texts: tuple[str, ...] = tuple(text for text in items.values if text is not None and text.strip())
    if told.all():
        return Labels(offsets, items.codes, texts, known)
    kept = told[items.codes]
    before = np.zeros(len(kept) + 1, np.intp)
    np.cumsum(kept, out=before[1:])
    renumbered = narrow(np.cumsum(told) - 1, len(told))
    return Labels(before[offsets], renumbered[items.codes[kept]], texts, known)
