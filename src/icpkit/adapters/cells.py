"""Encoded columns of lists of Python objects: each kind of object and each distinct value is looked at once."""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from types import NoneType
from typing import Any, Final, TypeAlias

import numpy as np

from icpkit.adapters import arrays
from icpkit.adapters.values import plain_column
from icpkit.columns import Codes, Column, column_of_values

_NUMBERS: Final = frozenset((int, float, NoneType))
_LISTS: Final = frozenset((list, tuple, np.ndarray))
_Kinds: TypeAlias = set[type]


def column_of_cells(cells: Sequence[Any]) -> Column:
    """Encode cells that need not be plain: NaN, NaT and NA are unknown, whatever they stand between.

    >>> column_of_cells(["Slack", float("nan"), "Slack"]).values
    ('Slack', None)
    """
    kinds = set(map(type, cells))
    if kinds <= _NUMBERS and len(kinds) > (NoneType in kinds):
        return _numbers(cells, kinds)
    column: Column | None = None
    if str in kinds:
        column = _texts(cells)
    elif kinds & _LISTS:
        column = _lists(cells, kinds)
    return column_of_values(plain_column(cells)) if column is None else column


def _numbers(cells: Sequence[Any], kinds: _Kinds) -> Column:
    try:
        array = np.array(cells, np.float64)
    except OverflowError:  # an integer beyond every float
        return column_of_values(cells)
    return arrays.numbers(array, lambda rows: _at(cells, rows), whole=float not in kinds)


def _texts(cells: Sequence[Any]) -> Codes | None:
    """Encode texts and unknown cells, or nothing where there are others."""
    seen: defaultdict[Any, int] = defaultdict(itertools.count().__next__)
    try:
        codes = np.fromiter(map(seen.__getitem__, cells), np.intp, len(cells))
    except TypeError:  # a list among them
        return None
    others = [cell for cell in seen if type(cell) is not str]
    if any(cell is not None for cell in plain_column(others)):
        return None
    if others:
        place_of = itertools.count()
        codes = np.array([next(place_of) if type(cell) is str else -1 for cell in seen], np.intp)[codes]
    texts = [cell for cell in seen if type(cell) is str]
    return arrays.codes(codes, len(texts), lambda used: [texts[place] for place in used.tolist()])


def _lists(cells: Sequence[Any], kinds: _Kinds) -> Column | None:
    """Encode lists of texts and unknown cells, or nothing where there are others."""
    if not kinds <= _LISTS | {NoneType}:
        others = [cell for cell in cells if type(cell) not in _LISTS]
        if any(cell is not None for cell in plain_column(others)):
            return None
        cells = [cell if type(cell) in _LISTS else None for cell in cells]
    try:
        lengths = np.array([-1 if cell is None else len(cell) for cell in cells], np.intp)
    except TypeError:  # an array without an axis
        return None
    known = lengths >= 0
    lengths = np.maximum(lengths, 0)
    # Comprehensions: at a million lists they are faster than itertools.
    items = _texts([item for cell in cells if cell is not None for item in cell])
    return None if items is None else arrays.labels(lengths, known, items)


def _at(cells: Sequence[Any], rows: Sequence[int] | None) -> list[Any]:
    return [cells[row] for row in (range(len(cells)) if rows is None else rows)]
