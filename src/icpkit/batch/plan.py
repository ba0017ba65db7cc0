"""Plans: what profiles ask of a batch, each question once, and what the answers are worth in each profile."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

import attrs
import numpy as np

from icpkit.arithmetic import policy_of, term
from icpkit.batch.facts import BITS, Gaps, Joint, Memory
from icpkit.batch.leaves import CodesIn, Leaf, stored
from icpkit.columns import Floats
from icpkit.missing import MissingPolicy, stand_in
from icpkit.profile import WEIGHT_UNITS, Gate, Profile, weight_units
from icpkit.value_functions import AnyValueFunction, Combination, ValueFunction

#: All patterns of a byte: a row each, a column for each bit.
_PATTERNS: Final = (np.arange(1 << BITS)[:, np.newaxis] >> np.arange(BITS) & 1).astype(np.float64)
#: A byte of the gaps of a batch, or of what leaves mark, and a bit in it.
Place: TypeAlias = tuple[int, int]
#: What bits are worth, summed for each pattern of a byte: the byte, and the sums.
Sums: TypeAlias = tuple[tuple[int, Floats], ...]


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
    criteria = (criterion for dimension in profile.dimensions for criterion in dimension.criteria)
    return Ask(
        profile,
        tuple(
            Question(criterion.value_function(), share / WEIGHT_UNITS, policy_of(criterion, profile))
            for criterion, share in zip(criteria, units, strict=True)
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


class Worth(NamedTuple):
    """What is missing in one profile, and what that takes away or adds.

    Attributes:
        gone: the weight that does not count.
        never: the weight that counts, and is not covered either.
        assumed: the terms that stand in.
        low: the terms of the least matches.
        more: by how much the terms of the greatest matches exceed the weight that does not count.
        total: the weight of all leaves that are not combinations.
    """

    gone: Sums
    never: Sums
    assumed: Sums
    low: Sums
    more: Sums
    total: float


class Marked(NamedTuple):
    """A leaf that marks for itself what is missing, and the bits that it sets: for what is absent, for what is invalid.

    Only signals have a bit for what is invalid, and so unknown, rather than never seen.
    """

    leaf: Leaf
    absent: Place
    invalid: Place | None


class Plan(NamedTuple):
    """What is computed for each block, once for all profiles.

    Attributes:
        curves: leaves whose terms are computed, and for each profile that asks, the factor of the match.
        look_ups: codes, and for each profile that asks, the terms of each code.
        marked: the leaves that mark what is missing.
        kept: the leaves that combinations, gates and adjustments read.
        gaps: which attributes the accounts lack.
        bytes: how many bytes of bits there are, those of the gaps first.
        worths: by profile.
        asks: by profile.
    """

    curves: tuple[tuple[Leaf, tuple[tuple[int, float], ...]], ...]
    look_ups: tuple[tuple[CodesIn, tuple[tuple[int, Floats], ...]], ...]
    marked: tuple[Marked, ...]
    kept: tuple[Leaf, ...]
    gaps: Gaps | None
    bytes: int
    worths: tuple[Worth, ...]
    asks: tuple[Ask, ...]


def plan_of(asks: Sequence[Ask], bind: Callable[[ValueFunction], Leaf], memory: Memory | None = None) -> Plan:
    """Bind what profiles ask to the columns of a batch.

    Args:
        asks: what each profile asks.
        bind: makes the leaf of a value function, the same for the same one.
        memory: what was found of the columns of the batch.
    """
    singles = dict.fromkeys(function for ask in asks for function in ask.functions)
    leaves = {function: bind(function) for function in singles}
    gaps = None if memory is None else memory.gaps
    marks = _Marks(gaps, [leaves[one] for one in dict.fromkeys(one for ask in asks for one, _, _ in _singles(ask))])
    kept: dict[ValueFunction, Leaf] = {}
    for ask in asks:
        combined = (one.function for one in ask.questions if isinstance(one.function, Combination))
        for function in (*combined, *(one for _, one in (*ask.gates, *ask.adjustments))):
            kept.update((part, leaves[part]) for part in parts_of(function))
    joints = () if memory is None else memory.joints
    return Plan(
        _curves(asks, leaves),
        _look_ups(asks, leaves, joints),
        tuple(marks.marked.values()),
        tuple(kept.values()),
        gaps,
        marks.bytes,
        tuple(_worth(ask, leaves, marks) for ask in asks),
        tuple(asks),
    )


def _singles(ask: Ask) -> Iterator[tuple[ValueFunction, float, MissingPolicy]]:
    for function, share, policy in ask.questions:
        if not isinstance(function, Combination):
            yield function, share, policy


def _curves(
    asks: Sequence[Ask], leaves: dict[ValueFunction, Leaf]
) -> tuple[tuple[Leaf, tuple[tuple[int, float], ...]], ...]:
    uses: dict[ValueFunction, list[tuple[int, float]]] = {}
    for profile, ask in enumerate(asks):
        for function, share, _ in _singles(ask):
            if leaves[function].look_up is None:
                # A power of two, so that no digit is lost.
                uses.setdefault(function, []).append((profile, share * leaves[function].unit))
    return tuple((leaves[function], tuple(some)) for function, some in uses.items())


def _look_ups(
    asks: Sequence[Ask], leaves: dict[ValueFunction, Leaf], joints: Sequence[Joint]
) -> tuple[tuple[CodesIn, tuple[tuple[int, Floats], ...]], ...]:
    """Give codes and the terms of each code; codes that several leaves share are looked up once."""
    found: dict[object, tuple[CodesIn, list[tuple[int, Floats]]]] = {}
    for profile, ask in enumerate(asks):
        for token, codes_in, terms in _terms(ask, leaves, joints):
            found.setdefault(token, (codes_in, []))[1].append((profile, terms))
    return tuple((codes_in, tuple(some)) for codes_in, some in found.values())


def _terms(
    ask: Ask, leaves: dict[ValueFunction, Leaf], joints: Sequence[Joint]
) -> Iterator[tuple[object, CodesIn, Floats]]:
    """Give what a profile looks up: what tells the codes apart from others, the codes, and the terms of each.

    Of columns of names that have joint codes, the terms are added up beforehand.
    """
    named: dict[str, tuple[CodesIn, Floats]] = {}
    for function, share, _ in _singles(ask):
        look_up = leaves[function].look_up
        if look_up is None:
            continue
        terms = (share * look_up.matches + 6.0) - 6.0
        if leaves[function].names:
            before = named.get(function.attribute)
            named[function.attribute] = look_up.codes_in, terms if before is None else before[1] + terms
        else:
            yield function, look_up.codes_in, terms
    for joint in joints:
        members = [name for name in joint.attributes if name in named]
        if len(members) > 1:
            yield joint.attributes, stored(joint.codes), _outer(joint, {name: named.pop(name)[1] for name in members})
    for attribute, (codes_in, terms) in named.items():
        yield attribute, codes_in, terms


def _outer(joint: Joint, named: dict[str, Floats]) -> Floats:
    """Add the terms of several columns for each combination of their names; such sums are exact in any order."""
    terms = np.zeros(1)
    for name, size in zip(joint.attributes, joint.sizes, strict=True):
        terms = np.add.outer(terms, named.get(name, np.zeros(size))).ravel()
    return terms


class _Marks:
    """Hands out the bits that say what is missing: that of the attribute, or a leaf's own where it needs one."""

    def __init__(self, gaps: Gaps | None, leaves: Iterable[Leaf]) -> None:
        self._places = {} if gaps is None else gaps.places
        self._first = 0 if gaps is None else len(gaps.bits)
        self._count = 0
        self.marked: dict[ValueFunction, Marked] = {}
        leaves = [leaf for leaf in leaves if not leaf.complete]
        # Who marks more than what lacks the attribute may add to its bit, where nobody else reads that.
        alone = {name for name, count in Counter(leaf.function.attribute for leaf in leaves).items() if count == 1}
        for leaf in leaves:
            name = leaf.function.attribute
            signalled = leaf.function.absent == "never" and len(leaf.invalid) > 0
            if leaf.gap and not signalled and name in self._places:
                continue
            shared = self._places.get(name) if leaf.more and not signalled and name in alone else None
            self.marked[leaf.function] = Marked(leaf, shared or self._next(), self._next() if signalled else None)

    @property
    def bytes(self) -> int:
        """The bytes of all bits."""
        return self._first + -(-self._count // BITS)

    def of(self, leaf: Leaf) -> tuple[Place | None, Place | None]:
        """Give the bits of a leaf: for what is absent, for what is invalid."""
        marked = self.marked.get(leaf.function)
        if marked is not None:
            return marked.absent, marked.invalid
        return None if leaf.complete else self._places[leaf.function.attribute], None

    def _next(self) -> Place:
        byte, bit = divmod(self._count, BITS)
        self._count += 1
        return self._first + byte, bit


def _worth(ask: Ask, leaves: dict[ValueFunction, Leaf], marks: _Marks) -> Worth:
    rows: dict[int, Floats] = {}
    total = 0.0
    for function, share, policy in _singles(ask):
        total += share
        absent, invalid = marks.of(leaves[function])
        unknown = _unknown(function, share, policy)
        unseen = (0.0, share, 0.0, 0.0, 0.0) if function.absent == "never" else unknown
        for bit, worth in ((absent, unseen), (invalid, unknown)):
            if bit is not None:
                rows.setdefault(bit[0], np.zeros((BITS, len(worth))))[bit[1]] += worth
    if not rows:
        return Worth((), (), (), (), (), total)
    table = np.stack(list(rows.values()))
    # Each is a sum of terms that add exactly in any order, so that a product of matrices is exact as well.
    found = np.ascontiguousarray(np.matmul(_PATTERNS, table).transpose(2, 0, 1))
    counts: Any = np.any(table, axis=1).T.tolist()
    gone, never, assumed, low, more = (
        tuple((byte, one) for byte, one, counted in zip(rows, of_bytes, some, strict=True) if counted)
        for of_bytes, some in zip(found, counts, strict=True)
    )
    return Worth(gone, never, assumed, low, more, total)


def _unknown(function: ValueFunction, share: float, policy: MissingPolicy) -> tuple[float, float, float, float, float]:
    """Give what an unknown answer is worth: gone, never, assumed, low, more."""
    least, most = function.reach
    assumed = stand_in(policy, least, most)
    low, high = term(share, least), term(share, most)
    return (share, 0.0, 0.0, low, high - share) if assumed is None else (0.0, share, term(share, assumed), low, high)
