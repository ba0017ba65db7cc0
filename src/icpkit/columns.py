"""Encoded columns: the values of one attribute, for many accounts at once, in the forms that engines compute with.

An encoding loses nothing: what does not fit into its arrays stands in `odd`, row by row, as plain Python values. Doors
make these columns of the tables that people have; `column_of_values` makes them of plain Python values.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain
from types import NoneType
from typing import Any, Final, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]
Truths: TypeAlias = NDArray[np.bool_]
#: Places among few values, in the narrowest kind of integer that holds them.
CodeArray: TypeAlias = NDArray[np.integer[Any]]
#: Rows whose values do not fit into the arrays of a column, and these values.
Odd: TypeAlias = Mapping[int, Any]

#: From this magnitude on a float does not hold every integer.
LARGEST: Final = 2.0**53
_PLAIN = frozenset((NoneType, str, bool, int, float, Decimal, date))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400_000_000
_EPOCH_DAY = date(1970, 1, 1).toordinal()


@attrs.frozen(eq=False)
class Numbers:
    """Numbers, such as employees.

    Attributes:
        values: float64, NaN where unknown or odd.
        odd: rows that hold no number below 2^53 in magnitude.
        whole: whether they were integers at their source.
    """

    values: Floats
    odd: Odd = attrs.field(factory=dict)
    whole: bool = False

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.values)

    def raw(self, row: int) -> Any:
        """Give the value of a row as plain Python."""
        if row in self.odd:
            return self.odd[row]
        value = float(self.values[row])
        return None if math.isnan(value) else int(value) if self.whole else value

    def take(self, rows: Places) -> "Numbers":
        """Give some of the rows, in their order."""
        return Numbers(self.values[rows], _taken(self.odd, rows), self.whole)

    @property
    def nbytes(self) -> int:
        """The memory of the arrays."""
        return self.values.nbytes


@attrs.frozen(eq=False)
class Codes:
    """Distinct values and which of them each row has: texts, flags, and whatever else there is few of.

    Attributes:
        codes: the place of each row's value, as narrow as can be.
        values: the distinct values as plain Python, None for unknown; two of them may be equal.
    """

    codes: CodeArray
    values: Sequence[Any]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.codes)

    def raw(self, row: int) -> Any:
        """Give the value of a row as plain Python."""
        return self.values[self.codes[row]]

    def take(self, rows: Places) -> "Codes":
        """Give some of the rows, in their order."""
        return Codes(self.codes[rows], self.values)

    @property
    def nbytes(self) -> int:
        """The memory of the arrays."""
        return self.codes.nbytes


@attrs.frozen(eq=False)
class Labels:
    """Lists of texts, end to end.

    Attributes:
        offsets: intp, one more than rows: where the items of each row begin, and the end.
        codes: the place of each item's text, as narrow as can be.
        texts: the distinct texts as they are spelled; none is unknown.
        known: bool, whether a row has a list at all; an empty one is known.
        odd: rows that hold no list of texts.
    """

    offsets: Places
    codes: CodeArray
    texts: Sequence[str]
    known: NDArray[np.bool_]
    odd: Odd = attrs.field(factory=dict)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.known)

    def raw(self, row: int) -> Any:
        """Give the value of a row as plain Python."""
        if row in self.odd:
            return self.odd[row]
        if not self.known[row]:
            return None
        return [self.texts[code] for code in self.codes[self.offsets[row] : self.offsets[row + 1]]]

    def take(self, rows: Places) -> "Labels":
        """Give some of the rows, in their order."""
        lengths = np.diff(self.offsets)[rows]
        offsets = _offsets(lengths)
        items = np.repeat(self.offsets[:-1][rows] - offsets[:-1], lengths) + np.arange(offsets[-1])
        return Labels(offsets, self.codes[items], self.texts, self.known[rows], _taken(self.odd, rows))

    @property
    def nbytes(self) -> int:
        """The memory of the arrays."""
        return self.offsets.nbytes + self.codes.nbytes + self.known.nbytes


@attrs.frozen(eq=False)
class Moments:
    """Moments, such as the last request of a demo.

    Attributes:
        micros: float64, whole microseconds since 1970 in UTC, NaN where unknown or odd.
        odd: rows that hold no moment, or one outside the years 1685 to 2255.
        naive: how many had no time zone, and were read as UTC.
        days: whether they were dates at their source.
    """

    micros: Floats
    odd: Odd = attrs.field(factory=dict)
    naive: int = 0
    days: bool = False

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.micros)

    def raw(self, row: int) -> Any:
        """Give the value of a row as plain Python."""
        if row in self.odd:
            return self.odd[row]
        micros = float(self.micros[row])
        if math.isnan(micros):
            return None
        days, rest = divmod(int(micros), _DAY)
        if self.days:
            return date.fromordinal(_EPOCH_DAY + days)
        seconds, micros_left = divmod(rest, 1_000_000)
        day = date.fromordinal(_EPOCH_DAY + days)
        hours, minutes = divmod(seconds // 60, 60)
        return datetime(day.year, day.month, day.day, hours, minutes, seconds % 60, micros_left, tzinfo=UTC)

    def take(self, rows: Places) -> "Moments":
        """Give some of the rows, in their order."""
        return Moments(self.micros[rows], _taken(self.odd, rows), self.naive, self.days)

    @property
    def nbytes(self) -> int:
        """The memory of the arrays."""
        return self.micros.nbytes


Column: TypeAlias = Numbers | Codes | Labels | Moments


def _taken(odd: Odd, rows: Places) -> Odd:
    if not odd:
        return {}
    return {place: odd[row] for place, row in enumerate(rows.tolist()) if row in odd}


def _offsets(lengths: NDArray[np.integer[Any]]) -> Places:
    offsets = np.zeros(len(lengths) + 1, np.intp)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def narrow(codes: CodeArray, size: int) -> CodeArray:
    """Give codes in the narrowest kind of integer that holds so many of them.

    >>> narrow(np.array([0, 2, 1]), 3).dtype
    dtype('uint8')
    """
    return codes.astype(np.min_scalar_type(max(size - 1, 0)), copy=False)


# From plain Python values


def column_of_values(values: Sequence[Any]) -> Column:
    """Encode plain Python values, in the form that suits them; equal values of one kind are one.

    >>> column_of_values([320, None, 50.5]).raw(2)
    50.5
    >>> column_of_values(["Slack", None, "Slack"]).codes.tolist()
    [0, 1, 0]
    >>> column_of_values([["Slack", "Jira"], [], None]).offsets.tolist()
    [0, 2, 2, 2]
    """
    kinds = set(map(type, values))
    known = kinds - {NoneType}
    if known and known <= {int, float}:
        return _numbers(values, whole=known == {int})
    if known and known <= {datetime, date}:
        return _moments(values, days=known == {date})
    if known and known <= {list, tuple}:
        items = set(map(type, chain.from_iterable(value for value in values if value is not None)))
        if items <= {str, NoneType}:
            return _labels(values)
    if known <= {str}:
        return _texts(values)
    return _distinct(values)


def _numbers(values: Sequence[Any], *, whole: bool) -> Numbers:
    odd: dict[int, Any] = {}
    try:
        array = np.array(values, np.float64)
    except OverflowError:
        odd = {row: value for row, value in enumerate(values) if type(value) is int and abs(value) > LARGEST}
        array = np.array([None if row in odd else value for row, value in enumerate(values)], np.float64)
    large = np.flatnonzero(np.abs(array) > LARGEST).tolist()
    odd |= {row: values[row] for row in large}
    # An integer just beyond 2^53 becomes 2^53 as a float.
    edge = np.flatnonzero(np.abs(array) == LARGEST).tolist()
    odd |= {row: values[row] for row in edge if values[row] != int(array[row])}
    array[list(odd)] = np.nan
    return Numbers(array, odd, whole)


def _moments(values: Sequence[Any], *, days: bool) -> Moments:
    odd: dict[int, Any] = {}
    micros = [math.nan] * len(values)
    naive = 0
    for row, value in enumerate(values):
        if value is None:
            continue
        if isinstance(value, datetime):
            if value.tzinfo is None or value.utcoffset() is None:
                naive += 1
                value = value.replace(tzinfo=UTC)  # noqa: PLW2901  # the moment that it is read as
            past = value - _EPOCH
            since = (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds
        else:
            since = (value.toordinal() - _EPOCH_DAY) * _DAY
        if abs(since) < LARGEST:
            micros[row] = since
        else:
            odd[row] = values[row]
    return Moments(np.array(micros, np.float64), odd, naive, days)


def _labels(values: Sequence[Any]) -> Labels:
    places: dict[str, int] = {}
    known = np.array([value is not None for value in values], np.bool_)
    lengths = np.zeros(len(values), np.intp)
    codes: list[int] = []
    for row, value in enumerate(values):
        if value:
            before = len(codes)
            codes += [places.setdefault(item, len(places)) for item in value if item is not None and item.strip()]
            lengths[row] = len(codes) - before
    return Labels(_offsets(lengths), narrow(np.array(codes, np.intp), len(places)), tuple(places), known)


def _texts(values: Iterable[Any]) -> Codes:
    places: dict[Any, int] = {}
    codes = [places.setdefault(value, len(places)) for value in values]
    return Codes(narrow(np.array(codes, np.intp), len(places)), tuple(places))


def _distinct(values: Sequence[Any]) -> Codes:
    """Tell values apart by their kind as well: 1, 1.0 and True are equal, but do not mean the same.

    What may hold other values, or may be equal and mean another moment, is told apart by what it is, not by what it
    equals.
    """
    places: dict[Any, int] = {}
    distinct: list[Any] = []
    codes = np.empty(len(values), np.intp)
    for row, value in enumerate(values):
        token = (type(value), value) if type(value) in _PLAIN else id(value)  # it stays alive in `values`
        place = places.setdefault(token, len(distinct))
        if place == len(distinct):
            distinct.append(value)
        codes[row] = place
    return Codes(narrow(codes, len(distinct)), tuple(distinct))
