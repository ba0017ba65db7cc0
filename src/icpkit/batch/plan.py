"""Plans: what profiles ask of a batch, each question once, and what the answers are worth in each profile."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import attrs
import numpy as np

from icpkit.arithmetic import policy_of, term
from icpkit.batch.leaves import Leaf
from icpkit.columns import Floats
from icpkit.missing import MissingPolicy, stand_in
from icpkit.profile import WEIGHT_UNITS, Gate, Profile, leaves, weight_units
from icpkit.value_functions import AnyValueFunction, Combination, ValueFunction

#: How many questions share a byte of a pattern of what is missing.
_BITS: Final = 8
#: All patterns of a byte: a row each, a column for each bit.
_PATTERNS: Final = (np.arange(1 << _BITS)[:, np.newaxis] >> np.arange(_BITS) & 1).astype(np.float64)


class Question(NamedTuple):
    """A weighted criterion: its value function, effective weight and missing policy."""

    function: AnyValueFunction
    share: float
    policy: MissingPolicy


@attrs.frozen(eq=False)
class Ask:
    """All that a profile asks.

    Attributes:
        profile: the profile.
        questions: the weighted criteria, in stored order, those of weight 0 left out.
        gates: the gates and their value functions.
        adjustments: points, and the value function of when.
    """

    profile: Profile
    questions: tuple[Question, ...]
    gates: tuple[tuple[Gate, AnyValueFunction], ...]
    adjustments: tuple[tuple[float, AnyValueFunction], ...]

    @property
    def functions(self) -> Iterator[ValueFunction]:
        """The value functions of single attributes, those within combinations too."""
        for one in self.questions:
            yield from parts_of(one.function)
        for _, function in (*self.gates, *self.adjustments):
            yield from parts_of(function)


@lru_cache(maxsize=64)
def ask_of(profile: Profile) -> Ask:
    """Take a profile apart."""
    units = weight_units(profile.dimensions)
    return Ask(
        profile,
        tuple(
            Question(criterion.value_function(), share / WEIGHT_UNITS, policy_of(criterion, profile))
            for (_, _, criterion), share in zip(leaves(profile.dimensions), units, strict=True)
            if share
        ),
        tuple((gate, gate.criterion.value_function()) for gate in profile.gates),
        tuple((float(one.points), one.when.value_function()) for one in profile.adjustments),
    )


def parts_of(function: AnyValueFunction) -> Iterator[ValueFunction]:
    """Give the value functions of single attributes within one, itself if it is one."""
    if isinstance(function, Combination):
        for part in function.parts:
            yield from parts_of(part)
    else:
        yield function


@attrs.frozen(eq=False)
class Use:
    """What a leaf is worth in one profile.

    Attributes:
        profile: the place of the profile.
        share: its effective weight.
        terms: the term of each code, where the leaf is a look-up.
        missing: the byte and the bit that say that it is missing; None where it never is.
        invalid: the same for a signal that is invalid, and so unknown, rather than one that never happened.
    """

    profile: int
    share: float
    terms: Floats | None
    missing: tuple[int, int] | None
    invalid: tuple[int, int] | None


@attrs.frozen(eq=False)
class Worth:
    """What is missing in one profile, and what that takes away or adds, by patterns of 8 bits.

    Attributes:
        bytes: how many patterns an account has.
        hidden: for each of them the weight that is not covered.
        gone: the weight that does not count.
        assumed: the terms that stand in.
        low: the terms of the least matches.
        high: those of the greatest.
        total: the weight of all leaves that are not combinations.
    """

    bytes: int
    hidden: Floats
    gone: Floats
    assumed: Floats
    low: Floats
    high: Floats
    total: float


class Plan(NamedTuple):
    """What is computed for each block: every leaf once.

    Attributes:
        leaves: the leaves that are worth something by themselves, and what.
        kept: the leaves that combinations, gates and adjustments read.
        worths: by profile.
        asks: by profile.
    """

    leaves: tuple[tuple[Leaf, tuple[Use, ...], bool], ...]
    worths: tuple[Worth, ...]
    asks: tuple[Ask, ...]


def plan_of(asks: Sequence[Ask], bind: Callable[[ValueFunction], Leaf]) -> Plan:
    """Bind what profiles ask to the columns of a batch.

    Args:
        asks: what each profile asks.
        bind: makes the leaf of a value function, the same for the same one.
    """
    uses: dict[ValueFunction, list[Use]] = {}
    kept: set[ValueFunction] = set()
    worths = []
    for place, ask in enumerate(asks):
        rows: list[tuple[float, float, float, float, float]] = []
        total = 0.0
        for function, share, policy in ask.questions:
            if isinstance(function, Combination):
                kept.update(parts_of(function))
                continue
            leaf = bind(function)
            total += share
            missing = invalid = None
            if not leaf.complete:
                missing = divmod(len(rows), _BITS)
                never = function.absent == "never"
                rows.append((share, 0.0, 0.0, 0.0, 0.0) if never else _unknown(function, share, policy))
                if never and len(leaf.invalid):
                    invalid = divmod(len(rows), _BITS)
                    rows.append(_unknown(function, share, policy))
            terms = None
            if leaf.look_up is not None:
                terms = (share * leaf.look_up[1] + 6.0) - 6.0
            uses.setdefault(function, []).append(Use(place, share, terms, missing, invalid))
        worths.append(_worth(rows, total))
        for _, function in (*ask.gates, *ask.adjustments):
            kept.update(parts_of(function))
    functions = dict.fromkeys((*uses, *kept))
    return Plan(
        tuple((bind(function), tuple(uses.get(function, ())), function in kept) for function in functions),
        tuple(worths),
        tuple(asks),
    )


def _unknown(function: ValueFunction, share: float, policy: MissingPolicy) -> tuple[float, float, float, float, float]:
    """Give what an unknown answer is worth: hidden, gone, assumed, low, high."""
    least, most = function.reach
    assumed = stand_in(policy, least, most)
    low, high = term(share, least), term(share, most)
    return share, share if assumed is None else 0.0, 0.0 if assumed is None else term(share, assumed), low, high


def _worth(rows: list[tuple[float, float, float, float, float]], total: float) -> Worth:
    count = -(-len(rows) // _BITS)
    table = np.zeros((count * _BITS, 5))
    if rows:
        table[: len(rows)] = rows
    # Each is a sum of terms that add exactly in any order, so that a product of matrices is exact as well.
    found = np.matmul(_PATTERNS, table.reshape(count, _BITS, 5))
    hidden, gone, assumed, low, high = (np.ascontiguousarray(found[:, :, i]) for i in range(5))
    # The same sums are looked up once.
    gone = hidden if np.array_equal(gone, hidden) else gone
    high = gone if np.array_equal(high, gone) else high
    return Worth(count, hidden, gone, assumed, low, high, total)
