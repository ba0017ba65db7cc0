"""Leaves over lists of labels: which of the wanted labels each account has, as the bits of a pattern."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from icpkit.batch.blocks import over_blocks
from icpkit.batch.facts import Coded, Facts, Sets, or_by_row
from icpkit.columns import CodeArray, Floats, Labels, narrow
from icpkit.evaluation import WantedLabels, wanted_labels, weigh_labels
from icpkit.value_functions import LabelMerge, Table, ValueFunction

#: Wanted labels up to which every pattern has its place in a table.
_WIDE: Final = 12
#: Bits of a set that are looked up at once.
_CHUNK: Final = 16
#: Bits of a signed word.
_WORD: Final = 62


def labelled(function: ValueFunction, column: Labels, facts: Facts) -> tuple[CodeArray, Floats]:
    """Give the codes of the rows and the match of each code; the last one is that of rows without a list."""
    table, merge = function.curve, function.merge
    assert isinstance(table, Table)  # the constructor saw to it
    assert isinstance(merge, LabelMerge)  # the caller saw to it
    wanted = wanted_labels(table, merge)
    sets = None if table.case_sensitive else facts.sets
    if merge.mode == "satisfies":
        codes, pairs = _satisfied(column, table, wanted, facts, sets)
        shares = [met / own if own else 1.0 for met, own in pairs]
    else:
        codes, masks = _wanted(column, table, wanted, facts, sets)
        shares = _shares(table, merge, masks)
    return codes, np.array([*shares, 0.0])


def _shares(table: Table, merge: LabelMerge, masks: Sequence[int]) -> list[float]:
    """Give the match of each pattern."""
    if merge.mode != "share" or len(table.entries) > _WIDE or len(masks) < 1 << len(table.entries):
        return list(map(weigh_labels(table, merge), masks))
    # All sums of weights, each added up in the order of the labels.
    sums = [0.0]
    for _, weight in table.entries:
        sums += [one + float(weight) for one in sums]
    return [sums[mask] / sums[-1] for mask in masks]


def _counted_as(wanted: WantedLabels, sets: Sets, table: Table) -> tuple[int, ...]:
    """Give the wanted labels, as bits, that each name of the sets counts as."""
    if table.aliases:
        return tuple(map(wanted.bits_of, sets.names))
    return tuple(wanted.counted_as.get(name, 0) for name in sets.names)


def _with_unknown(column: Labels, codes: CodeArray, size: int) -> CodeArray:
    """Give rows without a list the code beyond the last."""
    codes = narrow(codes, size + 1)
    if column.known.all():
        return codes
    return np.where(column.known, codes, codes.dtype.type(size))


# Wanted labels as bits: a code stands for those that a row has


def _wanted(column: Labels, table: Table, wanted: WantedLabels, facts: Facts, sets: Sets | None) -> Coded:
    if sets is None:
        masks = tuple(map(wanted.bits_of, column.texts))
        width = len(wanted.labels)
        return facts.of((_looked_for, masks, width), lambda: _looked_for(column, masks, width))
    masks = _counted_as(wanted, sets, table)
    return facts.of((_chosen, masks), lambda: _chosen(column, sets, masks))


def _chosen(column: Labels, sets: Sets, masks: Sequence[int]) -> Coded:
    """Choose, from each row's set, the labels that count as something."""
    hits = [place for place, mask in enumerate(masks) if mask]
    if len(hits) <= _WIDE:
        patterns = [0]
        for place in hits:
            patterns += [masks[place] | mask for mask in patterns]
        codes: CodeArray = _squeezed(sets.bits, hits)
        return _with_unknown(column, codes, len(patterns)), tuple(patterns)
    chosen = sets.bits & np.uint64(sum(1 << place for place in hits))
    distinct, places = np.unique(chosen, return_inverse=True)
    patterns = [_joined(masks, bits) for bits in distinct.tolist()]
    return _with_unknown(column, places.reshape(-1), len(patterns)), tuple(patterns)


def _joined(masks: Sequence[int], bits: int) -> int:
    joined = 0
    for place, mask in enumerate(masks):
        if bits >> place & 1:
            joined |= mask
    return joined


def _squeezed(bits: NDArray[np.uint64], hits: Sequence[int]) -> NDArray[np.uint16]:
    """Move some bits of each word next to each other, the first of them to the lowest place."""
    chunks: dict[int, list[tuple[int, int]]] = {}
    for rank, place in enumerate(hits):
        chunk, bit = divmod(place, _CHUNK)
        chunks.setdefault(chunk, []).append((bit, 1 << rank))
    tables = {chunk: _table(some) for chunk, some in chunks.items()}
    codes = np.zeros(len(bits), np.uint16)

    def squeeze(part: slice) -> None:
        for chunk, table in tables.items():
            codes[part] |= table[(bits[part] >> np.uint64(chunk * _CHUNK)).astype(np.uint16)]

    over_blocks(squeeze, len(bits), threads=1)
    return codes


def _table(some: Sequence[tuple[int, int]]) -> NDArray[np.uint16]:
    """Give, for each word of a chunk, what its bits are worth."""
    worth = dict(some)
    table = np.zeros(1, np.uint16)
    for bit in range(_CHUNK):
        table = np.concatenate([table, table | np.uint16(worth.get(bit, 0))])
    return table


def _looked_for(column: Labels, masks: Sequence[int], width: int) -> Coded:
    """Give the wanted labels of each row as bits, label by label."""
    words = []
    for start in range(0, max(width, 1), _WORD):
        table = np.array([mask >> start & (1 << _WORD) - 1 for mask in masks] or [0], np.uint64)
        words.append(or_by_row(column, table))
    if width <= _WIDE:
        return _with_unknown(column, words[0].astype(np.intp), 1 << width), tuple(range(1 << width))
    distinct, codes = np.unique(np.stack(words, axis=1), axis=0, return_inverse=True)
    patterns = tuple(sum(word << _WORD * place for place, word in enumerate(row)) for row in distinct.tolist())
    return _with_unknown(column, codes.reshape(-1), len(patterns)), patterns


# Labels of their own: a code stands for how many of them are met, and of how many


def _satisfied(column: Labels, table: Table, wanted: WantedLabels, facts: Facts, sets: Sets | None) -> Coded:
    if sets is not None:
        names = list(map(wanted.name_of, sets.names)) if table.aliases else sets.names
        if len(set(names)) == len(names):  # no alias makes one of two
            ours = sum(1 << place for place, name in enumerate(names) if name in wanted.counted_as)
            return facts.of((_met, ours), lambda: _met(column, sets, ours))
    places: dict[str, int] = {}
    name_of = tuple(places.setdefault(wanted.name_of(text), len(places)) for text in column.texts)
    ours_of = tuple(name in wanted.counted_as for name in places)
    return facts.of((_counted, name_of, ours_of), lambda: _counted(column, name_of, ours_of))


def _met(column: Labels, sets: Sets, ours: int) -> Coded:
    """Count the labels of each row's set, and those among them that are ours."""
    return _pairs(column, np.bitwise_count(sets.bits), np.bitwise_count(sets.bits & np.uint64(ours)))


def _counted(column: Labels, name_of: tuple[int, ...], ours: tuple[bool, ...]) -> Coded:
    """Count the distinct labels of each row, and those among them that are ours, label by label.

    Args:
        column: the labels.
        name_of: the name under which each text is compared, as a number.
        ours: whether each name is wanted.
    """
    names, count = np.array(name_of or (0,), np.intp)[column.codes], len(ours)
    pairs = np.repeat(np.arange(len(column)) * count, np.diff(column.offsets)) + names
    pairs.sort()
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    rows = pairs // max(count, 1)
    own = np.bincount(rows, minlength=len(column))
    met = np.bincount(rows[np.array(ours, np.bool_)[pairs % max(count, 1)]], minlength=len(column))
    return _pairs(column, own, met)


def _pairs(column: Labels, own: NDArray[Any], met: NDArray[Any]) -> Coded:
    """Give a code to each pair of counts that some row has."""
    most = int(met.max(initial=0)) + 1
    size = (int(own.max(initial=0)) + 1) * most
    codes = own.astype(np.min_scalar_type(size))
    codes *= codes.dtype.type(most)
    codes += met.astype(codes.dtype)
    if size > len(column):  # many labels, of which few rows have so many
        distinct, places = np.unique(codes, return_inverse=True)
        found = tuple((code % most, code // most) for code in distinct.tolist())
        return _with_unknown(column, places.reshape(-1), len(found)), found
    return _with_unknown(column, codes, size), tuple((code % most, code // most) for code in range(size))
