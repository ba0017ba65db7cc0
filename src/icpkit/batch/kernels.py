"""Kernels: a plan run over the blocks of a batch, each block while it is in cache, several blocks at once by threads.

The arithmetic is that of `icpkit.arithmetic`, for many accounts at once: terms are rounded to 2^-50 and add exactly in
any order, the fit is quantised once.
"""

import math
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import attrs
import numpy as np
from numpy.typing import NDArray

from icpkit.batch.blocks import BLOCK, Scratch, lending, over_blocks
from icpkit.batch.leaves import Leaf
from icpkit.batch.plan import Ask, Plan, Question, Sums, Worth
from icpkit.columns import Floats, Places, Truths
from icpkit.missing import MissingPolicy, stand_in
from icpkit.profile import Gate
from icpkit.tiers import TierScale
from icpkit.value_functions import AnyValueFunction, Combination, ValueFunction

_SCORED, _DISQUALIFIED, _INSUFFICIENT = 0, 1, 2
#: Coverage from which on something must be present, and have weight.
_TOLD = 1e-6


@attrs.frozen(eq=False, slots=False)
class Outcomes:
    """What becomes of each account by one profile.

    Attributes:
        fit: float64, NaN where there is none.
        tier: int16, the place of the tier among those of the profile, -1 where there is none.
        status: int8, 0 scored, 1 disqualified, 2 insufficient data.
        billionths: int32, of coverage.
        lowest: int32, the low fit in millionths.
        highest: int32, the high one.
    """

    fit: Floats
    tier: NDArray[np.int16]
    status: NDArray[np.int8]
    billionths: NDArray[np.int32]
    lowest: NDArray[np.int32]
    highest: NDArray[np.int32]

    @classmethod
    def empty(cls, rows: int) -> "Outcomes":
        """Make room for as many accounts."""
        whole = (np.empty(rows, np.int32) for _ in range(3))
        return cls(np.empty(rows), np.empty(rows, np.int16), np.empty(rows, np.int8), *whole)

    @cached_property
    def coverage(self) -> Floats:
        """The coverage, to nine decimals."""
        return self.billionths / 1e9

    @cached_property
    def low(self) -> Floats:
        """The lowest fit that each account could have, to six decimals."""
        return self.lowest / 1e6

    @cached_property
    def high(self) -> Floats:
        """The highest fit that each account could have, to six decimals."""
        return self.highest / 1e6


class Ends(NamedTuple):
    """The ends of each account's match, and whether any of what it reads is known."""

    low: Floats
    high: Floats
    present: Truths


def run(plan: Plan, rows: int, *, threads: int | None = None, block: int = BLOCK) -> list[Outcomes]:
    """Score all accounts by all profiles.

    Args:
        plan: what is asked.
        rows: the number of accounts.
        threads: how many; None for as many as there are cores to use, and one for few accounts.
        block: the rows of a block.
    """
    outcomes = [Outcomes.empty(rows) for _ in plan.asks]

    def score(part: slice, scratch: Scratch) -> None:
        _score_block(plan, part, outcomes, scratch)

    over_blocks(lending(score, min(block, rows), len(outcomes)), rows, threads=threads, block=block)
    return outcomes


def _score_block(plan: Plan, part: slice, outcomes: list[Outcomes], scratch: Scratch) -> None:
    known, products = scratch.known, scratch.products
    known[...] = 0.0
    for leaf, factors in plan.curves:
        match = leaf.write(part, scratch)
        for profile, factor in factors:
            np.multiply(match, factor, out=products)
            np.add(products, 6.0, out=products)
            np.subtract(products, 6.0, out=products)
            np.add(known[profile], products, out=known[profile])
    for codes_in, tables in plan.look_ups:
        codes = codes_in(part, scratch)
        for profile, terms in tables:
            np.take(terms, codes, out=products, mode="clip")
            np.add(known[profile], products, out=known[profile])
    missing = Missing(plan, part, scratch)
    ends = Settler(part, plan.kept)
    for ask, worth, one, outcome in zip(plan.asks, plan.worths, known, outcomes, strict=True):
        _finish(Block(ask, worth, one, missing, ends, part, scratch), outcome)


class Missing:
    """What is missing of each account of a block, as the patterns of bytes."""

    def __init__(self, plan: Plan, part: slice, scratch: Scratch) -> None:
        self._products = scratch.products
        gaps = () if plan.gaps is None else plan.gaps.bits
        self._bytes = [each[part] for each in gaps]
        self._bytes += [np.zeros(part.stop - part.start, np.uint8) for _ in range(plan.bytes - len(gaps))]
        self._codes: dict[int, Places] = {}
        own = set(range(len(gaps), plan.bytes))
        for leaf, (byte, bit), invalid in plan.marked:
            leaf.mark(part, scratch.flags)
            if invalid is not None:
                rows = leaf.invalid_in(part)
                scratch.flags[rows] = False
                self._bytes[invalid[0]][rows] |= np.uint8(1 << invalid[1])
            if byte not in own:
                own.add(byte)
                self._bytes[byte] = self._bytes[byte].copy()
            # Six times as fast as a shift.
            np.multiply(scratch.flags.view(np.uint8), np.uint8(1 << bit), out=scratch.bits)
            np.bitwise_or(self._bytes[byte], scratch.bits, out=self._bytes[byte])

    def sum(self, sums: Sums, out: Floats) -> Floats | None:
        """Add up what the patterns are worth; None where that is nothing."""
        for place, (byte, table) in enumerate(sums):
            if place == 0:
                np.take(table, self._pattern(byte), out=out, mode="clip")
            else:
                np.take(table, self._pattern(byte), out=self._products, mode="clip")
                np.add(out, self._products, out=out)
        return out if sums else None

    def _pattern(self, byte: int) -> Places:
        found = self._codes.get(byte)
        if found is None:
            found = self._codes[byte] = self._bytes[byte].astype(np.intp)
        return found


# Combinations, gates and adjustments


class Settler:
    """Gives the ends of value functions over a block, each once."""

    def __init__(self, part: slice, leaves: Iterable[Leaf]) -> None:
        self._part, self._rows = part, part.stop - part.start
        self._leaves = {leaf.function: leaf for leaf in leaves}
        self._kept: dict[ValueFunction, tuple[Floats, Truths]] = {}
        for function, leaf in self._leaves.items():
            match, missing = np.empty(self._rows), np.empty(self._rows, np.bool_)
            leaf.fill(part, match, missing)
            self._kept[function] = match, missing
        self._found: dict[AnyValueFunction, Ends] = {}

    def _invalid(self, function: ValueFunction) -> Truths:
        found = np.zeros(self._rows, np.bool_)
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


def term_of(share: float, match: Floats) -> Floats:
    """Multiply an effective weight and matches, to the nearest multiple of 2^-50, as `icpkit.arithmetic.term`."""
    return (share * match + 6.0) - 6.0


def assumed_of(policy: MissingPolicy, low: Floats, high: Floats) -> Floats | None:
    """Give what stands in for a match between two ends, as `icpkit.missing.stand_in`."""
    return None if stand_in(policy, 0.0, 1.0) is None else np.minimum(np.maximum(float(policy), low), high)


class Block(NamedTuple):
    """What is known of a block when its leaves have been added up."""

    ask: Ask
    worth: Worth
    known: Floats
    missing: Missing
    ends: Settler
    part: slice
    scratch: Scratch


class Totals(NamedTuple):
    """The sums of a block: what counts and its weight, the ends, coverage, and whether anything is present.

    Presence is None where coverage decides it.
    """

    numerator: Floats
    weight: Floats
    low: Floats
    high: Floats
    covered: Floats
    present: Truths | None


def totals_of(block: Block) -> Totals:
    """Add what is missing, and the combinations, to what is known; all of them are arrays of the scratch."""
    worth, numerator, missing, spare = block.worth, block.known, block.missing, block.scratch.spare
    low, high, covered = block.scratch.low, block.scratch.high, block.scratch.covered
    weight = missing.sum(worth.gone, block.scratch.match)
    if weight is None:
        weight = block.scratch.match
        weight[...] = 1.0
        np.copyto(high, numerator)
    else:
        np.add(numerator, weight, out=high)
        np.subtract(1.0, weight, out=weight)
    for sums, before, after, add in (
        (worth.more, high, high, np.add),
        (worth.never, weight, covered, np.subtract),
        (worth.low, numerator, low, np.add),
        (worth.assumed, numerator, numerator, np.add),
    ):
        found = missing.sum(sums, spare)
        if found is not None:
            add(before, found, out=after)
        elif after is not before:
            np.copyto(after, before)
    combined = [one for one in block.ask.questions if isinstance(one.function, Combination)]
    if not combined and block.ask.profile.min_coverage >= _TOLD:
        return Totals(numerator, weight, low, high, covered, None)
    # Something is present where less is hidden than all there is.
    totals = Totals(numerator, weight, low, high, covered, covered > 1.0 - worth.total)
    for question in combined:
        assert isinstance(question.function, Combination)  # they were chosen by that
        _add_combination(totals, question, block.ends.of(question.function))
    return totals


def _add_combination(totals: Totals, question: Question, one: Ends) -> None:
    _, share, policy = question
    lows = term_of(share, one.low)
    known = one.low == one.high
    gone = np.where(known, 0.0, share)
    assumed = assumed_of(policy, one.low, one.high)
    np.add(totals.low, lows, out=totals.low)
    np.add(totals.high, term_of(share, one.high), out=totals.high)
    assert totals.present is not None  # of profiles with combinations it is told
    np.logical_or(totals.present, one.present, out=totals.present)
    np.subtract(totals.covered, gone, out=totals.covered)
    if assumed is None:
        np.subtract(totals.weight, gone, out=totals.weight)
    counted = np.where(known, lows, 0.0 if assumed is None else term_of(share, assumed))
    np.add(totals.numerator, counted, out=totals.numerator)


def _finish(block: Block, outcome: Outcomes) -> None:
    """Make fits and all else of the sums, in place: each array is gone over often."""
    ask, part, scratch = block.ask, block.part, block.scratch
    low, high, covered = scratch.low, scratch.high, scratch.covered
    totals = totals_of(block)
    low *= 100.0
    high *= 100.0
    added = [(points, block.ends.of(function)) for points, function in ask.adjustments]
    if added:
        low[...], high[...] = bound_by(low, added, np.minimum), bound_by(high, added, np.maximum)
    whole_parts(covered, 1e9)
    outcome.billionths[part] = covered
    lacking = lacking_in(totals, ask.profile.min_coverage)
    points = np.multiply(totals.numerator, 100.0, out=totals.numerator)
    np.divide(points, totals.weight, out=points)
    for each, one in added:
        points += each * one.low
    if added:
        np.maximum(points, 0.0, out=points)
        np.minimum(points, 100.0, out=points)
    np.maximum(points, low, out=points)
    np.minimum(points, high, out=points)
    for one_of, to in ((low, outcome.lowest), (high, outcome.highest)):
        whole_parts(one_of, 1e6)
        to[part] = one_of
    whole_parts(points, 1e6)
    fit = outcome.fit[part]
    np.divide(points, 1e6, out=fit)
    np.copyto(fit, np.nan, where=lacking)
    status, tier = outcome.status[part], outcome.tier[part]
    np.multiply(lacking.view(np.int8), np.int8(_INSUFFICIENT), out=status)
    for gate, function in ask.gates:
        np.copyto(status, np.int8(_DISQUALIFIED), where=_failed(gate, block.ends.of(function)))
    tier[...] = ranks(ask.profile.tiers, fit)
    np.copyto(tier, np.int16(-1), where=status != _SCORED)


def lacking_in(totals: Totals, min_coverage: float) -> Truths:
    """Tell which accounts have no fit.

    Args:
        totals: the sums, coverage in whole billionths.
        min_coverage: of the profile.
    """
    lacking = totals.covered < _least_billionths(min_coverage)
    if totals.present is not None:
        lacking |= totals.weight <= 0.0
        lacking |= ~totals.present
    return lacking


def _least_billionths(coverage: float) -> float:
    """Give the least whole number of billionths that is at least so much coverage.

    >>> _least_billionths(0.5)
    500000000.0
    """
    whole = math.floor(coverage * 1e9)
    return float(whole if whole / 1e9 >= coverage else whole + 1)


def bound_by(points: Floats, added: list[tuple[float, Ends]], choose: np.ufunc) -> Floats:
    """Add the least or the greatest that adjustments may add, within 0 and 100.

    Args:
        points: the points before.
        added: the points of each adjustment, and the ends of its match.
        choose: `numpy.minimum` or `numpy.maximum`.
    """
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
    found = np.zeros(len(fits), np.int8 if len(scale.tiers) <= np.iinfo(np.int8).max else np.int16)
    for tier in scale.tiers[:-1]:
        np.add(found, np.less(fits, tier.cut).view(np.int8), out=found)
    return found.astype(np.int16, copy=False)


def whole_parts(values: Floats, scale: float) -> None:
    """Quantise values to whole parts of 1/scale, in place."""
    values *= scale
    values += 0.5
    np.floor(values, out=values)


def millionths(points: Floats) -> None:
    """Quantise points to millionths, in place."""
    whole_parts(points, 1e6)
    points /= 1e6


def ninth_decimal(share: Floats) -> None:
    """Round matches or coverages to nine decimals, in place."""
    whole_parts(share, 1e9)
    share /= 1e9
