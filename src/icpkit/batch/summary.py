"""What is worth telling of many scores, counted once: what all their faces show."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import attrs
import numpy as np

from icpkit.batch.blocks import BLOCK
from icpkit.batch.leaves import Leaf, leaf_of
from icpkit.batch.plan import ask_of, parts_of
from icpkit.batch.signals import AGE, EVENTS, Signals
from icpkit.batch.strays import Strays
from icpkit.columns import Codes, Column, Floats, Labels, Numbers, Places, Truths
from icpkit.columns import Moments as MomentColumn
from icpkit.errors import near
from icpkit.value_functions import AnyValueFunction, Combination, LabelMerge, Segments, Steps, ValueFunction

if TYPE_CHECKING:
    from icpkit.batch.scores import Scores

#: How many points of fit a bar of the histogram is wide.
STEP: Final = 2
#: How many of the best accounts are shown.
BEST: Final = 10
_BARS: Final = 100 // STEP
#: How many of these are unknown is told by columns of numbers alone, where any number has an answer.
_PLAIN: Final = frozenset(("number", "log"))
#: Views for which what is dated after the moment does not exist yet.
_PAST: Final = frozenset((AGE, EVENTS, "years"))
Rows: TypeAlias = Places | slice


@attrs.frozen
class TierRow:
    """A tier, and how many of the scored accounts are in it.

    Attributes:
        name: its name.
        cut: where it begins.
        color: its colour, or None.
        count: how many accounts are in it.
        certain: how many of them stay in it whatever their unknowns turn out to be.
        bars: how many there are at each stretch of the fit, `STEP` points wide, from 0 on.
    """

    name: str
    cut: float
    color: str | None
    count: int
    certain: int
    bars: tuple[int, ...]


class TopRow(NamedTuple):
    """One of the best accounts."""

    key: Any
    fit: float
    tier: str
    low: float
    high: float
    coverage: float


@attrs.frozen
class Summary:
    """What is worth telling of many scores.

    Attributes:
        profile: the profile's name.
        when: the moment of scoring, or the first and the last, as text.
        rows: how many accounts there are.
        scored: how many have a tier.
        disqualified: how many a gate has shut out.
        insufficient: how many have too little data for a fit.
        tiers: the tiers, the best first.
        quartiles: the fits that a quarter, half and three quarters of the scored accounts do not exceed; empty where
            none is scored.
        unknown: the weighted criteria that are not known of all, and of how many; the most often unknown first.
        top: the best accounts, the best first.
        keyed: whether accounts have keys, or numbers from 0.
        invalid: attributes, and how many of their values were taken as unknown since they are of the wrong kind.
        lacking: attributes that no account has, and a hint at what was probably meant, or an empty text.
        ignored: attributes, and how many of their dates lie after the moment, in columns and in lists.
        inert: the criteria of weight 0.
        strays: the tables of labels and events that hold rows of accounts that are not there.
    """

    profile: str
    when: str
    rows: int
    scored: int
    disqualified: int
    insufficient: int
    tiers: tuple[TierRow, ...]
    quartiles: tuple[float, ...]
    unknown: tuple[tuple[str, int], ...]
    top: tuple[TopRow, ...]
    keyed: bool
    invalid: tuple[tuple[str, int], ...]
    lacking: tuple[tuple[str, str], ...]
    ignored: tuple[tuple[str, int], ...]
    inert: tuple[str, ...]
    strays: tuple[Strays, ...] = ()


def summary_of(scores: "Scores") -> Summary:
    """Count what is worth telling; no account is looked at one by one but the best.

    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500), icp.Flag("listed")])])
    >>> told = summary_of(icp.score_batch(profile, {"employees": [80, 20], "listed": [True, None]}, as_of="2026-11-21"))
    >>> told.unknown, [(tier.name, tier.count, tier.certain) for tier in told.tiers if tier.count]
    ((('size/listed', 1),), [('Perfect', 1, 1), ('Weak', 1, 0)])
    """
    profile, outcomes = scores.profile, scores.outcomes
    statuses = np.bincount(outcomes.status, minlength=3).tolist()
    rows = slice(0, len(scores)) if statuses[0] == len(scores) else np.flatnonzero(outcomes.status == 0)
    fits = outcomes.fit[rows]
    quartiles, least = _ranked(fits)
    weights = profile.effective_weights
    return Summary(
        profile=profile.name,
        when=when_of(scores),
        rows=len(scores),
        scored=statuses[0],
        disqualified=statuses[1],
        insufficient=statuses[2],
        tiers=tuple(_tiers(scores, rows, fits)),
        quartiles=quartiles,
        unknown=_unknown(scores, [path for path, weight in weights.items() if weight]),
        top=tuple(_top(scores, least)),
        keyed=scores.batch.key is not None,
        invalid=tuple(Counter(one.attribute for one in scores.invalid).most_common()),
        lacking=tuple(_lacking(scores)),
        ignored=tuple(_ignored(scores)),
        inert=tuple(path for path, weight in weights.items() if not weight),
        strays=scores.batch.strays,
    )


def when_of(scores: "Scores") -> str:
    """Write the moment of scoring, or the first and the last."""
    moments, used = scores.moments, [0]
    if moments.codes is not None and len(moments.codes):
        used = np.flatnonzero(np.bincount(moments.codes, minlength=len(moments.distinct))).tolist()
    found = [one.as_of for one in sorted((moments.distinct[place] for place in used), key=lambda one: one.origin)]
    texts = (
        one.isoformat(sep=" ", timespec="minutes") if isinstance(one, datetime) else one.isoformat()
        for one in found[:1] + found[1:][-1:]
    )
    return " – ".join(dict.fromkeys(texts))


def _ranked(fits: Floats) -> tuple[tuple[float, ...], float]:
    """Give the quartiles, each the fit of an account, and the least fit of the best accounts; none are put in order."""
    count = len(fits)
    if not count:
        return (), 0.0
    places = [max(-(-count * quarter // 4), 1) - 1 for quarter in (1, 2, 3)]
    found = np.partition(fits, [*places, count - min(BEST, count)])
    return tuple(found[places].tolist()), float(found[count - min(BEST, count)])


def _tiers(scores: "Scores", rows: Rows, fits: Floats) -> Iterator[TierRow]:
    tiers = scores.profile.tiers.tiers
    ranks = scores.outcomes.tier[rows].astype(np.intp)
    bars = np.minimum((fits / STEP).astype(np.intp), _BARS - 1)  # 100 belongs to the last
    bars += ranks * _BARS
    counts = np.bincount(bars, minlength=len(tiers) * _BARS).reshape(-1, _BARS)
    certain = np.bincount(ranks, scores.certain[rows], len(tiers)).tolist()
    for tier, sure, row in zip(tiers, certain, counts.tolist(), strict=True):
        yield TierRow(tier.name, float(tier.cut), tier.color, sum(row), int(sure), tuple(row))


def _top(scores: "Scores", least: float) -> Iterator[TopRow]:
    """Give the best accounts, none below a fit; equal ones in the order of the accounts."""
    found = scores.outcomes
    rows = np.flatnonzero((found.fit >= least) & (found.status == 0))
    rows = rows[np.argsort(-found.fit[rows], kind="stable")]
    names = [tier.name for tier in scores.profile.tiers.tiers]
    for row in rows[:BEST].tolist():
        low, high, coverage = (float(one[row]) for one in (found.low, found.high, found.coverage))
        yield TopRow(scores.keys[row], float(found.fit[row]), names[found.tier[row]], low, high, coverage)


def _lacking(scores: "Scores") -> Iterator[tuple[str, str]]:
    """Hint at what was probably meant among the names that are there and that nobody reads."""
    batch = scores.batch
    names = () if batch.source is None else batch.source.names
    read = {*batch.columns, batch.key}
    free = [name for name in names if name not in read]
    asked = dict.fromkeys(function.attribute for function in ask_of(scores.profile).functions)
    for attribute in batch.lacking:
        if attribute in asked:
            yield attribute, near(attribute, free)


def _ignored(scores: "Scores") -> Iterator[tuple[str, int]]:
    """Count the timestamps after the moment, each attribute once: in columns of them, and in lists."""
    asked = ask_of(scores.profile).functions
    views = {function.attribute: function.view for function in asked if function.view in _PAST}
    for attribute, view in views.items():
        column = scores.batch.columns[attribute]
        late = 0
        if isinstance(column, MomentColumn):
            every = slice(0, len(column))
            late = int(np.count_nonzero(column.micros > scores.moments.latest(every)))
        elif isinstance(column, Codes) and view in {AGE, EVENTS}:
            signals = scores.batch.memory.of(attribute).signals(view)
            late = 0 if signals is None else _late_in(signals, column, scores)
        if late:
            yield attribute, late


def _late_in(signals: Signals, column: Codes, scores: "Scores") -> int:
    """Count the items of all accounts' lists that lie after the moment of each."""
    if scores.moments.codes is None:
        return int(signals.late(scores.moments.latests[0])[column.codes].sum())
    of_accounts = signals.take(column.codes.astype(np.intp))
    return int(of_accounts.late(np.asarray(scores.moments.latest(slice(0, len(column))))).sum())


def naive_in(scores: "Scores") -> int:
    """Count the moments without a time zone that were read as UTC, in columns of them and in lists."""
    naive = sum(getattr(column, "naive", 0) for column in scores.batch.columns.values())
    views = {one.attribute: one.view for one in ask_of(scores.profile).functions if one.view in {AGE, EVENTS}}
    for attribute, view in views.items():
        column = scores.batch.columns[attribute]
        signals = scores.batch.memory.of(attribute).signals(view) if isinstance(column, Codes) else None
        if isinstance(column, Codes) and signals is not None:
            naive += int(signals.naive[column.codes].sum())
    return naive


# What is not known


def _unknown(scores: "Scores", paths: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Count the accounts of which the answer to each weighted criterion is not known."""
    counts = lru_cache(maxsize=None)(partial(_count_open, scores))
    with np.errstate(all="ignore"):
        found = [
            (path, counts(question.function))
            for path, question in zip(paths, ask_of(scores.profile).questions, strict=True)
        ]
    return tuple(sorted(((path, count) for path, count in found if count), key=lambda one: -one[1]))


def _count_open(scores: "Scores", function: AnyValueFunction) -> int:
    """Count the accounts of which an answer is not known; a signal that never happened is known."""
    batch = scores.batch
    if isinstance(function, Combination):
        bound = {part: _bind(scores, part, batch.columns[part.attribute]) for part in parts_of(function)}
        ends = (_ends(function, bound, block) for block in _blocks(len(batch)))
        return sum(int(np.count_nonzero(low != high)) for low, high in ends)
    column, plain = batch.columns[function.attribute], function.view in _PLAIN
    if isinstance(column, Codes) and scores.moments.codes is None:  # each distinct value is asked once
        distinct = Codes(np.arange(len(column.values)), column.values)
        missing = _answered(leaf_of(function, distinct, scores.moments), slice(0, len(distinct)))[1]
        return int(np.bincount(column.codes, minlength=len(distinct))[missing].sum())
    if isinstance(column, Labels) and isinstance(function.merge, LabelMerge) and not column.odd:
        return len(batch) - int(np.count_nonzero(column.known))
    if isinstance(column, Numbers) and isinstance(function.curve, Segments | Steps) and not column.odd and plain:
        return int(np.count_nonzero(np.isnan(column.values)))
    return _count_missing(_bind(scores, function, column), len(batch))


def _count_missing(leaf: Leaf, rows: int) -> int:
    if leaf.function.absent == "never":
        return len(leaf.invalid)
    return sum(int(np.count_nonzero(_answered(leaf, block)[1])) for block in _blocks(rows))


def _blocks(rows: int) -> Iterator[slice]:
    return (slice(start, min(start + BLOCK, rows)) for start in range(0, rows, BLOCK))


def _bind(scores: "Scores", function: ValueFunction, column: Column) -> Leaf:
    return leaf_of(function, column, scores.moments, scores.batch.memory.of(function.attribute))


def _answered(leaf: Leaf, block: slice) -> tuple[Floats, Truths]:
    """Give the matches of a block, and which of them are not known."""
    match, missing = np.empty(block.stop - block.start), np.empty(block.stop - block.start, np.bool_)
    leaf.fill(block, match, missing)
    if leaf.function.absent == "never":
        missing[...] = False
        first, last = np.searchsorted(leaf.invalid, (block.start, block.stop))
        missing[leaf.invalid[first:last] - block.start] = True
    return match, missing


def _ends(function: AnyValueFunction, bound: Mapping[ValueFunction, Leaf], block: slice) -> tuple[Floats, Floats]:
    """Give the least and the greatest match that each account of a block may have."""
    if not isinstance(function, Combination):
        match, missing = _answered(bound[function], block)
        least, most = function.reach
        return np.where(missing, least, match), np.where(missing, most, match)
    parts = [_ends(part, bound, block) for part in function.parts]
    if function.operation == "not":
        return 1.0 - parts[0][1], 1.0 - parts[0][0]
    choose = np.minimum if function.operation == "min" else np.maximum
    return choose.reduce([low for low, _ in parts]), choose.reduce([high for _, high in parts])
