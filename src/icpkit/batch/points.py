"""Points: what each criterion adds to each fit, in whole millionths that sum to it."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from icpkit.batch.blocks import Scratch, lending, over_blocks
from icpkit.batch.facts import Memory
from icpkit.batch.kernels import (
    Block,
    Ends,
    Missing,
    Settler,
    Totals,
    assumed_of,
    bound_by,
    lacking_in,
    millionths,
    term_of,
    totals_of,
    whole_parts,
)
from icpkit.batch.leaves import Leaf
from icpkit.batch.plan import Ask, Plan, Question, plan_of
from icpkit.columns import Floats
from icpkit.missing import stand_in
from icpkit.value_functions import Combination, ValueFunction

#: Rows of a block, of which the terms of each criterion are kept at hand.
_BLOCK = 32_768


class _Part(NamedTuple):
    """A weighted criterion of one attribute: its terms by code, where its matches are among a few, and its stand-in."""

    leaf: Leaf
    share: float
    terms: Floats | None
    assumed: float | None


def points_of(
    ask: Ask,
    bind: Callable[[ValueFunction], Leaf],
    rows: int,
    memory: Memory | None = None,
    *,
    threads: int | None = None,
    block: int = _BLOCK,
) -> NDArray[np.int32]:
    """Give the millionths that each weighted criterion, each adjustment, the clip and the limit add.

    Args:
        ask: what the profile asks.
        bind: makes the leaf of a value function, the same for the same one.
        rows: the number of accounts.
        memory: what was found of the columns of the batch.
        threads: as for `icpkit.batch.kernels.run`.
        block: the rows of a block.

    Returns:
        int32, a row for each criterion, adjustment, the clip and the limit, a column for each account: columns sum to
        the fit, and are 0 where there is none.
    """
    plan = plan_of([ask], bind, memory)
    parts = [None if isinstance(one.function, Combination) else _part(one, bind(one.function)) for one in ask.questions]
    found = np.empty((len(ask.questions) + len(ask.adjustments) + 2, rows), np.int32)

    def explain(part: slice, scratch: Scratch) -> None:
        _explain_block(plan, parts, part, scratch, found[:, part])

    over_blocks(lending(explain, min(block, rows), len(parts) + 1), rows, threads=threads, block=block)
    return found


def _part(question: Question, leaf: Leaf) -> _Part:
    function, share, policy = question
    terms = None if leaf.look_up is None else term_of(share, leaf.look_up.matches)
    return _Part(leaf, share * leaf.unit, terms, stand_in(policy, *function.reach))


def _explain_block(
    plan: Plan, parts: Sequence[_Part | None], part: slice, scratch: Scratch, found: NDArray[np.int32]
) -> None:
    [ask], [worth] = plan.asks, plan.worths
    ends = Settler(part, plan.kept)
    known, terms = scratch.known[0], scratch.known[1:]
    known[...] = 0.0
    for of_part, to in zip(parts, terms, strict=True):
        if of_part is not None:
            _write_terms(of_part, part, scratch, to)
            known += to
    totals = totals_of(Block(ask, worth, known, Missing(plan, part, scratch), ends, part, scratch))
    for question, of_part, to in zip(ask.questions, parts, terms, strict=True):
        if of_part is None:
            _write_combined(question, ends, to)
        elif of_part.assumed is not None:
            _add_assumed(of_part, part, scratch, to)
    _tell(ask, totals, terms, ends, found)


def _write_terms(of_part: _Part, part: slice, scratch: Scratch, to: Floats) -> None:
    """Write the terms of a criterion, 0 where it is missing."""
    leaf = of_part.leaf
    if of_part.terms is not None:
        assert leaf.look_up is not None  # the terms are those of its codes
        np.take(of_part.terms, leaf.look_up.codes_in(part, scratch), out=to, mode="clip")
        return
    np.multiply(leaf.write(part, scratch), of_part.share, out=to)
    np.add(to, 6.0, out=to)
    np.subtract(to, 6.0, out=to)


def _add_assumed(of_part: _Part, part: slice, scratch: Scratch, to: Floats) -> None:
    """Add what stands in for an unknown match; a signal that was never seen is not unknown, an invalid one is."""
    leaf = of_part.leaf
    assert of_part.assumed is not None  # the caller saw to it
    term = float(term_of(of_part.share / leaf.unit, np.array(of_part.assumed)))
    if leaf.function.absent == "never":
        to[leaf.invalid_in(part)] = term
        return
    leaf.mark(part, scratch.flags)
    np.copyto(to, term, where=scratch.flags)


def _write_combined(question: Question, ends: Settler, to: Floats) -> None:
    function, share, policy = question
    one = ends.of(function)
    assumed = assumed_of(policy, one.low, one.high)
    open_ended = one.low != one.high
    to[...] = np.where(open_ended, 0.0 if assumed is None else term_of(share, assumed), term_of(share, one.low))


def _tell(ask: Ask, totals: Totals, terms: Floats, ends: Settler, found: NDArray[np.int32]) -> None:
    """Write what each step adds to the points before it, in whole millionths."""
    lowest, highest = totals.low, totals.high
    lowest *= 100.0
    highest *= 100.0
    added = [(points, ends.of(function)) for points, function in ask.adjustments]
    if added:
        lowest, highest = bound_by(lowest, added, np.minimum), bound_by(highest, added, np.maximum)
    # The reference limits to ends that are quantised already.
    millionths(lowest)
    millionths(highest)
    whole_parts(totals.covered, 1e9)
    lacking = lacking_in(totals, ask.profile.min_coverage)
    whole = np.empty(len(lacking))
    before, after = np.zeros(len(lacking), np.int32), np.empty(len(lacking), np.int32)
    for points, to in zip(_steps(totals, terms, added, lowest, highest), found, strict=True):
        np.copyto(whole, points)
        whole_parts(whole, 1e6)
        np.copyto(after, whole, casting="unsafe")
        np.subtract(after, before, out=to)
        before, after = after, before
    found[:, lacking] = 0


def _steps(
    totals: Totals, terms: Floats, added: list[tuple[float, Ends]], lowest: Floats, highest: Floats
) -> Iterator[Floats]:
    """Give the points after each criterion, each adjustment, the clip and the limit, in one array."""
    sums, points = np.zeros(len(lowest)), np.empty(len(lowest))
    for each in terms:
        np.add(sums, each, out=sums)
        np.multiply(sums, 100.0, out=points)
        np.divide(points, totals.weight, out=points)
        yield points
    for times, one in added:
        np.add(points, times * one.low, out=points)
        yield points
    np.minimum(np.maximum(points, 0.0, out=points), 100.0, out=points)
    yield points
    np.minimum(np.maximum(points, lowest, out=points), highest, out=points)
    yield points
