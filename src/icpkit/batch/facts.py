"""Facts: what encoding finds in the columns of a batch, whatever profile is scored, so that no scoring finds it again.

Which attributes each account lacks, as bits. The folded names of texts. Whole numbers as codes. Logarithms. The latest
of all moments. The labels of each row as the bits of a set. And codes for what several columns of names hold at once.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from math import prod
from typing import Any, Final, NamedTuple, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from icpkit import views
from icpkit.batch.blocks import over_blocks
from icpkit.batch.signals import Signals, signals_of
from icpkit.columns import CodeArray, Codes, Column, Floats, Labels, Moments, Numbers, Truths, narrow

#: Bits of a byte of gaps.
BITS: Final = 8
#: Numbers from the least one on that have codes of their own, and how many more may have one each.
_SPAN, _BEYOND = 1 << 15, 1 << 14
#: Rows for each number that gets a code, and rows from which on a look-up is worth its table.
_ROWS_PER_CODE, _MANY = 8, 16_384
#: Labels up to which a row's labels fit into the bits of one word.
_WORD: Final = 64
#: Codes of several columns at once: what stays in the fastest cache.
_JOINT: Final = 4096


#: Codes, and what each stands for.
Coded: TypeAlias = tuple[CodeArray, tuple[Any, ...]]


class Names(NamedTuple):
    """Texts as they are compared: the code of each account, and what it stands for, None where it is unknown."""

    codes: CodeArray
    texts: tuple[str | None, ...]


class Whole(NamedTuple):
    """Whole numbers: the code of each account, and the number that it stands for, NaN where it is unknown."""

    codes: CodeArray
    numbers: Floats


class Sets(NamedTuple):
    """Labels of each row as bits: one for each name under which labels are compared; 0 where there is no list."""

    bits: NDArray[np.uint64]
    names: tuple[str, ...]


class Joint(NamedTuple):
    """Several columns of names at once: a code stands for one name of each, the last attribute's varying fastest."""

    attributes: tuple[str, ...]
    sizes: tuple[int, ...]
    codes: CodeArray


class Gaps(NamedTuple):
    """Which attributes each account lacks: a bit for each, in as many bytes as are needed; and where it stands."""

    bits: NDArray[np.uint8]
    places: Mapping[str, tuple[int, int]]


@attrs.frozen(eq=False, slots=False)
class Facts:
    """What there is to find in one column.

    Attributes:
        column: the column.
        patterns: codes of the labels that a profile wants, and what they stand for, by what it wants.
    """

    column: Column
    patterns: dict[tuple[Any, ...], Coded] = attrs.field(factory=dict)
    _signals: dict[str, Signals | None] = attrs.field(factory=dict, init=False)

    def gaps(self) -> Truths:
        """Tell which accounts lack a value."""
        column = self.column
        if isinstance(column, Codes):
            found: Truths = self.blank[column.codes]
            return found
        if isinstance(column, Labels):
            return ~column.known
        return np.isnan(column.values if isinstance(column, Numbers) else column.micros)

    @cached_property
    def blank(self) -> Truths:
        """Whether each distinct value of codes is unknown: no value, or a text without a character."""
        values = self.column.values if isinstance(self.column, Codes) else ()
        return np.array([value is None or (type(value) is str and not value.strip()) for value in values], np.bool_)

    @cached_property
    def names(self) -> Names | None:
        """The folded names of texts; None for a column that holds anything else."""
        column = self.column
        if not isinstance(column, Codes) or not all(value is None or type(value) is str for value in column.values):
            return None
        places: dict[str | None, int] = {}
        folded = [None if value is None else views.fold(value) or None for value in column.values]
        codes = np.array([places.setdefault(text, len(places)) for text in folded], np.intp)
        return Names(narrow(codes, len(places))[column.codes], tuple(places))

    @cached_property
    def whole(self) -> Whole | None:
        """Numbers as codes; None where they are no whole numbers, or too many different ones for so few accounts."""
        column = self.column
        if not isinstance(column, Numbers) or column.odd or len(column) < _MANY:
            return None
        values = column.values
        missing = np.isnan(values)
        fractions = np.floor(values) != values
        fractions &= ~missing
        if fractions.any() or missing.all():
            return None
        least = float(np.fmin.reduce(values))
        room = len(values) // _ROWS_PER_CODE
        span = int(min(_SPAN, room, np.fmax.reduce(values) - least + 1))
        places = values - least
        beyond = np.flatnonzero(places >= span)
        if len(beyond) > min(_BEYOND, room):
            return None
        others, codes_of_others = np.unique(values[beyond], return_inverse=True)
        numbers = np.concatenate([np.arange(span) + least, others, [np.nan]])
        places[missing] = len(numbers) - 1
        places[beyond] = codes_of_others + span
        return Whole(places.astype(np.min_scalar_type(len(numbers) - 1)), numbers)

    @cached_property
    def logs(self) -> Floats:
        """Logarithms: minus infinity of what is not positive, NaN of what is unknown."""
        assert isinstance(self.column, Numbers)  # the caller saw to it
        with np.errstate(divide="ignore"):
            logs: Floats = np.log(np.maximum(self.column.values, 0.0))
        return logs

    @cached_property
    def latest(self) -> float:
        """The latest of all moments, in microseconds since 1970; minus infinity where there is none."""
        assert isinstance(self.column, Moments)  # the caller saw to it
        return float(np.fmax.reduce(self.column.micros, initial=-np.inf))

    @cached_property
    def sets(self) -> Sets | None:
        """The labels of each row as bits, without regard to case; None where there are too many different ones."""
        column = self.column
        assert isinstance(column, Labels)  # the caller saw to it
        places: dict[str, int] = {}
        codes = [places.setdefault(views.fold(text), len(places)) for text in column.texts]
        if len(places) > _WORD:
            return None
        bits = np.array([1 << code for code in codes], np.uint64)
        return Sets(or_by_row(column, bits), tuple(places))

    def signals(self, view: str) -> Signals | None:
        """Give the lists of moments or of events among the distinct values; None where there are none."""
        assert isinstance(self.column, Codes)  # the caller saw to it
        if view not in self._signals:
            self._signals[view] = signals_of(self.column.values, view)
        return self._signals[view]

    def of(self, wanted: tuple[Any, ...], look: Callable[[], Coded]) -> Coded:
        """Give the codes of what is wanted, looked for once."""
        found = self.patterns.get(wanted)
        if found is None:
            found = self.patterns[wanted] = look()
        return found

    @property
    def nbytes(self) -> int:
        """The memory of what has been found."""
        there = self.__dict__
        found = [there.get(name) for name in ("names", "whole", "sets")]
        arrays = [one[0] for one in (*found, *self.patterns.values()) if one is not None]
        signals = [one for one in self._signals.values() if one is not None]
        return sum(array.nbytes for array in (*arrays, *signals, *(there[name] for name in ("logs",) if name in there)))


@attrs.frozen(eq=False, slots=False)
class Memory:
    """What has been found of the columns of a batch.

    Attributes:
        columns: the columns, by attribute.
        rows: the number of accounts.
    """

    columns: Mapping[str, Column]
    rows: int
    _facts: dict[str, Facts] = attrs.field(factory=dict, init=False)

    def of(self, attribute: str) -> Facts:
        """Give the facts of a column."""
        found = self._facts.get(attribute)
        if found is None:
            found = self._facts[attribute] = Facts(self.columns[attribute])
        return found

    @cached_property
    def gaps(self) -> Gaps:
        """Which attributes each account lacks."""
        bits = np.zeros((-(-len(self.columns) // BITS), self.rows), np.uint8)
        places = {}
        for number, attribute in enumerate(self.columns):
            place, bit = places[attribute] = divmod(number, BITS)
            bits[place] |= self.of(attribute).gaps().view(np.uint8) * np.uint8(1 << bit)
        return Gaps(bits, places)

    @cached_property
    def joints(self) -> tuple[Joint, ...]:
        """Codes for several columns of names at once, as long as their table stays small."""
        joints: list[Joint] = []
        for attribute in self.columns if self.rows >= _MANY else ():
            names = self.of(attribute).names
            if names is None:
                continue
            size = len(names.texts)
            place = next((i for i, one in enumerate(joints) if prod(one.sizes) * size <= _JOINT), None)
            if place is None:
                joints.append(Joint((attribute,), (size,), names.codes))
                continue
            attributes, sizes, codes = joints[place]
            both = codes.astype(np.min_scalar_type(prod(sizes) * size - 1))
            both *= both.dtype.type(size)
            both += names.codes
            joints[place] = Joint((*attributes, attribute), (*sizes, size), both)
        return tuple(one for one in joints if len(one.attributes) > 1)

    @property
    def nbytes(self) -> int:
        """The memory of what has been found."""
        joints: int = sum(one.codes.nbytes for one in self.__dict__.get("joints", ()))
        gaps = self.gaps.bits.nbytes if "gaps" in self.__dict__ else 0
        return joints + gaps + sum(one.nbytes for one in self._facts.values())


def or_by_row(column: Labels, bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Join the bits of each row's labels.

    Args:
        column: the labels.
        bits: the bits of each distinct text.
    """
    joined = np.zeros(len(column), np.uint64)

    def join(part: slice) -> None:
        ends = column.offsets[part.start : part.stop + 1]
        filled = np.flatnonzero(np.diff(ends))
        if len(filled):
            items = bits[column.codes[ends[0] : ends[-1]]]
            joined[part][filled] = np.bitwise_or.reduceat(items, ends[filled] - ends[0])

    over_blocks(join, len(column), threads=1)
    return joined
