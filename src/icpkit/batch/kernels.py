"""Kernels: a plan run over the blocks of a batch, each block while it is in cache, several blocks at once by threads.

The arithmetic is that of `icpkit.arithmetic`, for many accounts at once: terms are rounded to 2^-50 and add exactly in
any order, the fit is quantised once.
"""

import itertools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple

import attrs
import numpy as np
from numpy.typing import NDArray

from icpkit.batch.leaves import Leaf, Truths
from icpkit.batch.plan import Ask, Plan, Question, Use, Worth
from icpkit.columns import Floats, Places
from icpkit.missing import MissingPolicy, stand_in
from icpkit.profile import Gate
from icpkit.tiers import TierScale
from icpkit.value_functions import AnyValueFunction, Combination, ValueFunction

#: Rows of a block: few enough to stay in cache, enough that Python's share is small.
BLOCK: Final = 32_768
#: Rows below which threads cost more than they gain.
_WORTHWHILE: Final = 200_000
#: Where Linux says how much of its cores a control group may use.
_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")
_SCORED, _DISQUALIFIED, _INSUFFICIENT = 0, 1, 2


@attrs.frozen(eq=False)
class Outcomes:
    """What becomes of each account by one profile.

    Attributes:
        fit: float64, NaN where there is none.
        tier: int16, the place of the tier among those of the profile, -1 where there is none.
        status: int8, 0 scored, 1 disqualified, 2 insufficient data.
        coverage: float64, to nine decimals.
        low: float64, to six decimals.
        high: float64, to six decimals.
    """

    fit: Floats
    tier: NDArray[np.int16]
    status: NDArray[np.int8]
    coverage: Floats
    low: Floats
    high: Floats

    @classmethod
    def empty(cls, rows: int) -> "Outcomes":
        """Make room for as many accounts."""
        fit, coverage, low, high = (np.empty(rows) for _ in range(4))
        return cls(fit, np.empty(rows, np.int16), np.empty(rows, np.int8), coverage, low, high)


class Ends(NamedTuple):
    """The ends of each account's match, and whether any of what it reads is known."""

    low: Floats
    high: Floats
    present: Truths


class _Sums:
    """What one profile has added up over the leaves of a block."""

    __slots__ = ("known", "missing")

    def __init__(self, rows: int, worth: Worth) -> None:
        self.known = np.zeros(rows)
        self.missing = np.zeros((worth.bytes, rows), np.uint8)


def run(plan: Plan, rows: int, *, threads: int | None = None, block: int = BLOCK) -> list[Outcomes]:
    """Score all accounts by all profiles.

    Args:
        plan: what is asked.
        rows: the number of accounts.
        threads: how many; None for as many as there are cores to use, and one for few accounts.
        block: the rows of a block.
    """
    outcomes = [Outcomes.empty(rows) for _ in plan.asks]

    def score(part: slice) -> None:
        _score_block(plan, part, outcomes)

    over_blocks(score, rows, threads=threads, block=block)
    return outcomes


def over_blocks(work: Callable[[slice], None], rows: int, *, threads: int | None = None, block: int = BLOCK) -> None:
    """Do some work for every block of rows, in threads where that pays.

    Raises:
        ValueError: for less than one thread, or blocks of less than one row.
    """
    given: tuple[tuple[str, Any], ...] = (("threads", threads), ("block", block))
    for name, value in given:
        if value is not None and not (isinstance(value, int) and value >= 1):
            raise ValueError(f"{name} must be a whole number, at least 1 (got {value!r})")
    parts = (slice(start, min(start + block, rows)) for start in range(0, rows, block))
    if threads is None:
        threads = cores() if rows >= _WORTHWHILE else 1
    if threads <= 1 or rows <= block:
        with np.errstate(all="ignore"):
            for part in parts:
                work(part)
        return
    numbers = itertools.count()

    def some() -> None:
        # The state of errors belongs to a thread.
        with np.errstate(all="ignore"):
            while (start := next(numbers) * block) < rows:
                work(slice(start, min(start + block, rows)))

    with ThreadPoolExecutor(threads, "icpkit") as pool:
        for done in [pool.submit(some) for _ in range(threads)]:
            done.result()


def cores() -> int:
    """Count the cores that this process may use: by its affinity, and by the quota of its control group."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([allowed, *_quota()]))


def _quota() -> Iterator[int]:
    """Give the cores that a control group may use, where it says so."""
    try:
        given, period = _QUOTA.read_text(encoding="ascii").split()
        yield int(given) // int(period)
    except (OSError, ValueError):  # no such file, or "max"
        return


@attrs.frozen(eq=False)
class _Scratch:
    """Arrays that one block after another writes to."""

    match: Floats
    missing: Truths
    products: Floats
    flags: NDArray[np.uint8]

    @classmethod
    def of(cls, rows: int) -> "_Scratch":
        return cls(np.empty(rows), np.empty(rows, np.bool_), np.empty(rows), np.empty(rows, np.uint8))


def _score_block(plan: Plan, part: slice, outcomes: list[Outcomes]) -> None:
    rows = part.stop - part.start
    sums = [_Sums(rows, worth) for worth in plan.worths]
    scratch = _Scratch.of(rows)
    kept: dict[ValueFunction, tuple[Floats, Truths]] = {}
    for leaf, uses, keep in plan.leaves:
        if leaf.look_up is not None and not keep:
            _look_up(leaf, part, uses, sums, scratch)
            continue
        leaf.fill(part, scratch.match, scratch.missing)
        for use in uses:
            np.multiply(scratch.match, use.share, out=scratch.products)
            np.add(scratch.products, 6.0, out=scratch.products)
            np.subtract(scratch.products, 6.0, out=scratch.products)
            _add(sums[use.profile], use, leaf, part, scratch)
        if keep:
            kept[leaf.function] = scratch.match.copy(), scratch.missing.copy()
    ends = _Settler(part, kept, {leaf.function: leaf for leaf, _, keep in plan.leaves if keep})
    for ask, worth, one, outcome in zip(plan.asks, plan.worths, sums, outcomes, strict=True):
        missing = [codes.astype(np.intp) for codes in one.missing]
        _finish(_Block(ask, worth, one.known, missing, ends, part), outcome)


def _look_up(leaf: Leaf, part: slice, uses: Sequence[Use], sums: list[_Sums], scratch: _Scratch) -> None:
    """Add up the terms of a leaf that is a look-up, without its matches."""
    assert leaf.look_up is not None  # the caller saw to it
    codes, _, mark = leaf.look_up
    if not leaf.complete:
        mark(part, scratch.missing)
    for use in uses:
        assert use.terms is not None  # every use of such a leaf has them
        np.take(use.terms, codes[part], out=scratch.products, mode="clip")
        _add(sums[use.profile], use, leaf, part, scratch)


def _add(sums: _Sums, use: Use, leaf: Leaf, part: slice, scratch: _Scratch) -> None:
    """Add the terms of a leaf, and set the bits of what is missing."""
    np.add(sums.known, scratch.products, out=sums.known)
    if use.missing is None:
        return
    missing = scratch.missing
    if use.invalid is not None:
        invalid = leaf.invalid_in(part)
        if len(invalid):
            missing = missing.copy()
            missing[invalid] = False
            place, bit = use.invalid
            sums.missing[place][invalid] |= np.uint8(1 << bit)
    place, bit = use.missing
    np.multiply(missing.view(np.uint8), np.uint8(1 << bit), out=scratch.flags)  # six times as fast as a shift
    np.bitwise_or(sums.missing[place], scratch.flags, out=sums.missing[place])


# Contributions


def contributions(
    ask: Ask, leaves: Mapping[ValueFunction, Leaf], rows: int, *, threads: int | None = None, block: int = BLOCK
) -> NDArray[np.int64]:
    """Give the millionths that each weighted criterion, each adjustment, the clip and the limit add.

    Args:
        ask: what the profile asks.
        leaves: the leaves that it reads.
        rows: the number of accounts.
        threads: as for `run`.
        block: the rows of a block.

    Returns:
        int64, a column for each account: rows sum to the fit, and are 0 where there is none.
    """
    found = np.zeros((len(ask.questions) + len(ask.adjustments) + 2, rows), np.int64)

    def explain(part: slice) -> None:
        _explain_block(ask, leaves, part, found[:, part])

    over_blocks(explain, rows, threads=threads, block=block)
    return found


def _explain_block(ask: Ask, leaves: Mapping[ValueFunction, Leaf], part: slice, found: NDArray[np.int64]) -> None:
    rows = part.stop - part.start
    kept: dict[ValueFunction, tuple[Floats, Truths]] = {}
    for each in dict.fromkeys(ask.functions):
        match, missing = np.empty(rows), np.empty(rows, np.bool_)
        leaves[each].fill(part, match, missing)
        kept[each] = match, missing
    ends = _Settler(part, kept, leaves)
    numerator, weight, low, high = np.zeros(rows), np.ones(rows), np.zeros(rows), np.zeros(rows)
    sums, covered, present = [], np.ones(rows), np.zeros(rows, np.bool_)
    for function, share, policy in ask.questions:
        one = ends.of(function)
        unknown = ends.unknown(function, one)
        lows = _term(share, one.low)
        assumed = assumed_of(policy, one.low, one.high)
        numerator = numerator + np.where(unknown, 0.0 if assumed is None else _term(share, assumed), lows)
        weight -= np.where(unknown, share, 0.0) if assumed is None else 0.0
        covered -= np.where(ends.covered(function, one), 0.0, share)
        present |= one.present
        low, high = low + lows, high + _term(share, one.high)
        sums.append(numerator)
    added = [(points, ends.of(function)) for points, function in ask.adjustments]
    lowest, highest = 100.0 * low, 100.0 * high
    if added:
        lowest, highest = _bound(lowest, added, np.minimum), _bound(highest, added, np.maximum)
    steps = [100.0 * one / weight for one in sums]
    for points, one in added:
        steps.append(steps[-1] + points * one.low)
    steps.append(np.minimum(np.maximum(steps[-1], 0.0), 100.0))
    # The reference limits to ends that are quantised already.
    _millionths(lowest)
    _millionths(highest)
    ninth_decimal(covered)
    steps.append(np.minimum(np.maximum(steps[-1], lowest), highest))
    has_fit = present & (weight > 0.0) & (covered >= ask.profile.min_coverage)
    before = np.zeros(rows, np.int64)
    for place, step in enumerate(steps):
        after = np.floor(np.where(has_fit, step, 0.0) * 1e6 + 0.5).astype(np.int64)
        found[place] = after - before
        before = after


# Combinations, gates and adjustments


class _Settler:
    """Gives the ends of value functions over a block, each once."""

    def __init__(
        self, part: slice, kept: dict[ValueFunction, tuple[Floats, Truths]], leaves: Mapping[ValueFunction, Leaf]
    ) -> None:
        self._part, self._kept, self._leaves = part, kept, leaves
        self._found: dict[AnyValueFunction, Ends] = {}

    def unknown(self, function: AnyValueFunction, one: Ends) -> Truths:
        """Tell where a missing policy applies: not where a signal never happened."""
        if isinstance(function, Combination):
            open_ended: Truths = one.low != one.high
            return open_ended
        missing = self._kept[function][1]
        return missing if function.absent == "unknown" else self._invalid(function)

    def covered(self, function: AnyValueFunction, one: Ends) -> Truths:
        """Tell where the answer is known."""
        return one.low == one.high if isinstance(function, Combination) else one.present

    def _invalid(self, function: ValueFunction) -> Truths:
        found = np.zeros(self._part.stop - self._part.start, np.bool_)
        found[self._leaves[function].invalid_in(self._part)] = True
        return found

    def of(self, function: AnyValueFunction) -> Ends:
        """Give the ends of a value function."""
        found = self._found.get(function)
        if found is None:
            found = self._combined(function) if isinstance(function, Combination) else self._single(function)
            self._found[function] = found
        return found

    def _single(self, function: ValueFunction) -> Ends:
        match, missing = self._kept[function]
        least, most = function.reach
        if function.absent == "never":
            missing = self._invalid(function)
            present = ~self._kept[function][1]
            return Ends(np.where(missing, least, match), np.where(missing, most, match), present)
        return Ends(np.where(missing, least, match), np.where(missing, most, match), ~missing)

    def _combined(self, function: Combination) -> Ends:
        parts = [self.of(part) for part in function.parts]
        present = np.logical_or.reduce([part.present for part in parts])
        if function.operation == "not":
            return Ends(1.0 - parts[0].high, 1.0 - parts[0].low, present)
        choose = np.minimum if function.operation == "min" else np.maximum
        low: Floats = choose.reduce([part.low for part in parts])
        high: Floats = choose.reduce([part.high for part in parts])
        return Ends(low, high, present)


def _term(share: float, match: Floats) -> Floats:
    return (share * match + 6.0) - 6.0


def assumed_of(policy: MissingPolicy, low: Floats, high: Floats) -> Floats | None:
    """Give what stands in for a match between two ends, as `icpkit.missing.stand_in`."""
    return None if stand_in(policy, 0.0, 1.0) is None else np.minimum(np.maximum(float(policy), low), high)


class _Block(NamedTuple):
    """What is known of a block when its leaves have been added up."""

    ask: Ask
    worth: Worth
    known: Floats
    missing: list[Places]
    ends: _Settler
    part: slice

    def gathered(self, table: Floats) -> Floats:
        """Add up what the patterns of missing leaves are worth."""
        if not self.missing:
            return np.zeros(self.part.stop - self.part.start)
        total: Floats = np.take(table[0], self.missing[0], mode="clip")
        more = np.empty(len(total))
        for one, values in zip(self.missing[1:], table[1:], strict=True):
            total += np.take(values, one, out=more, mode="clip")
        return total


class _Totals(NamedTuple):
    """The sums of a block: what counts and its weight, the ends, coverage, and whether anything is present."""

    numerator: Floats
    weight: Floats
    low: Floats
    high: Floats
    covered: Floats
    present: Truths


def _totals(block: _Block, low: Floats, high: Floats, covered: Floats) -> _Totals:
    """Add what is missing, and the combinations, to what is known; the last three arguments are written to."""
    worth, numerator = block.worth, block.known
    hidden = block.gathered(worth.hidden)
    gone = block.gathered(worth.gone) if worth.gone is not worth.hidden else hidden
    np.add(numerator, block.gathered(worth.high) if worth.high is not worth.gone else gone, out=high)
    np.copyto(low, numerator)
    if worth.low.any():
        low += block.gathered(worth.low)
    if worth.assumed.any():
        numerator += block.gathered(worth.assumed)
    totals = _Totals(numerator, 1.0 - gone, low, high, covered, hidden < worth.total)
    np.subtract(1.0, hidden, out=covered)
    for question in block.ask.questions:
        if isinstance(question.function, Combination):
            _add_combination(totals, question, block.ends.of(question.function))
    return totals


def _add_combination(totals: _Totals, question: Question, one: Ends) -> None:
    _, share, policy = question
    lows = _term(share, one.low)
    known = one.low == one.high
    gone = np.where(known, 0.0, share)
    assumed = assumed_of(policy, one.low, one.high)
    np.add(totals.low, lows, out=totals.low)
    np.add(totals.high, _term(share, one.high), out=totals.high)
    np.logical_or(totals.present, one.present, out=totals.present)
    np.subtract(totals.covered, gone, out=totals.covered)
    if assumed is None:
        np.subtract(totals.weight, gone, out=totals.weight)
    counted = np.where(known, lows, 0.0 if assumed is None else _term(share, assumed))
    np.add(totals.numerator, counted, out=totals.numerator)


def _finish(block: _Block, outcome: Outcomes) -> None:
    """Make fits and all else of the sums, in place: each array is gone over often."""
    ask, part = block.ask, block.part
    fit, coverage, low, high = outcome.fit[part], outcome.coverage[part], outcome.low[part], outcome.high[part]
    totals = _totals(block, low, high, coverage)
    low *= 100.0
    high *= 100.0
    added = [(points, block.ends.of(function)) for points, function in ask.adjustments]
    if added:
        low[...], high[...] = _bound(low, added, np.minimum), _bound(high, added, np.maximum)
    ninth_decimal(coverage)
    has_fit = coverage >= ask.profile.min_coverage
    has_fit &= totals.present
    has_fit &= totals.weight > 0.0
    np.multiply(totals.numerator, 100.0, out=fit)
    np.divide(fit, totals.weight, out=fit)
    for points, one in added:
        fit += points * one.low
    if added:
        np.maximum(fit, 0.0, out=fit)
        np.minimum(fit, 100.0, out=fit)
    np.maximum(fit, low, out=fit)
    np.minimum(fit, high, out=fit)
    for each in (fit, low, high):
        _millionths(each)
    lacking = np.logical_not(has_fit, out=has_fit)
    np.copyto(fit, np.nan, where=lacking)
    status, tier = outcome.status[part], outcome.tier[part]
    np.multiply(lacking.view(np.int8), np.int8(_INSUFFICIENT), out=status)
    for gate, function in ask.gates:
        np.copyto(status, np.int8(_DISQUALIFIED), where=_failed(gate, block.ends.of(function)))
    tier[...] = ranks(ask.profile.tiers, fit)
    np.copyto(tier, np.int16(-1), where=status != _SCORED)


def _bound(points: Floats, added: list[tuple[float, Ends]], choose: np.ufunc) -> Floats:
    for each, one in added:
        points = points + choose(each * one.low, each * one.high)
    return np.minimum(np.maximum(points, 0.0), 100.0)


def _failed(gate: Gate, one: Ends) -> Truths:
    low, high = one.low.copy(), one.high.copy()
    ninth_decimal(low)
    ninth_decimal(high)
    refused = (high < gate.at_least) | (gate.when_unknown == "disqualify")
    refused &= low < gate.at_least
    return refused


def ranks(scale: TierScale, fits: Floats) -> NDArray[np.int16]:
    """Give the place of the tier in which each fit lies, the best being 0; NaN lies there too."""
    found = np.zeros(len(fits), np.int16)
    for tier in scale.tiers[:-1]:
        found += fits < tier.cut
    return found


def _millionths(points: Floats) -> None:
    """Quantise points to millionths, in place."""
    points *= 1e6
    points += 0.5
    np.floor(points, out=points)
    points /= 1e6


def ninth_decimal(share: Floats) -> None:
    """Round matches or coverages to nine decimals, in place."""
    share *= 1e9
    share += 0.5
    np.floor(share, out=share)
    share /= 1e9
