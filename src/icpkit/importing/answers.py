"""How many accounts at once answer what a profile asks: each distinct value is asked once.

The outcomes are those of `icpkit.Scorer`, to the last millionth; a law holds them equal.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from icpkit import views
from icpkit.batch.kernels import ranks, run
from icpkit.batch.leaves import Leaf as BoundLeaf
from icpkit.batch.leaves import looked_up
from icpkit.batch.plan import ask_of, plan_of
from icpkit.evaluation import MISSING, look_up, prepare, slope
from icpkit.importing.accounts import Accounts
from icpkit.profile import Profile, leaves, path_of
from icpkit.value_functions import AnyValueFunction, Combination, Segments, ValueFunction
from icpkit.views import Invalid, Moment, Notes

_Floats: TypeAlias = NDArray[np.float64]
_Truths: TypeAlias = NDArray[np.bool_]
#: Kinds of plain numbers, and the integer from which a float may not hold them.
_PLAIN = frozenset((int, float, type(None)))
_LARGEST_INTEGER = 2.0**53
#: Kinds whose values are known, whatever they are.
_KNOWN = frozenset((int, bool, tuple, list, dict, date, datetime))


class Leaf(NamedTuple):
    """One question that a profile asks of one attribute.

    Attributes:
        path: the criterion, gate or adjustment.
        function: the value function.
        share: the effective weight.
        points: the most that hangs on it, for one account.
        negated: whether a match is what is not wanted: under a Not, or where points are taken away.
    """

    path: str
    function: ValueFunction
    share: float
    points: float
    negated: bool = False


@attrs.frozen(eq=False, slots=False)
class Seen:
    """The distinct values of an attribute.

    Attributes:
        attribute: the attribute.
        values: the distinct values.
        counts: how many accounts have each.
        codes: for each account the place of its value.
        present: whether there is such an attribute at all.
    """

    attribute: str
    values: Sequence[Any]
    counts: Sequence[int]
    codes: NDArray[np.intp]
    present: bool

    @cached_property
    def texts(self) -> Counter[str]:
        """How many accounts have each text, alone or as an item of a list, blanks around it apart."""
        found: Counter[str] = Counter()
        for value, count in zip(self.values, self.counts, strict=True):
            if isinstance(value, str):
                found[value.strip()] += count
            else:
                items = views.items(value) or ()
                for text in dict.fromkeys(item.strip() for item in items if isinstance(item, str)):  # in their order
                    found[text] += count
        del found[""]
        return found

    @cached_property
    def filled(self) -> int:
        """How many accounts have a value, whatever it is."""
        both = zip(self.values, self.counts, strict=True)
        return sum(count for value, count in both if value.__class__ in _KNOWN or not _is_unknown(value))


def _is_unknown(value: Any) -> bool:
    """Do as `views.is_unknown`, the usual kinds first."""
    if value.__class__ is float:
        return bool(value != value)  # noqa: PLR0124  # only NaN differs from itself
    return not value.strip() if value.__class__ is str else views.is_unknown(value)


@attrs.frozen(eq=False, slots=False)
class Answers:
    """What the distinct values of an attribute answer to one question.

    Attributes:
        leaf: the question.
        column: the values.
        distinct: the match of each of these, NaN where it is unknown.
        invalid: why some of them cannot be read, by their place.
        ignored: how many accounts have signals that lie after the moment.
    """

    leaf: Leaf
    column: Seen
    distinct: _Floats
    invalid: dict[int, str]
    ignored: int

    @cached_property
    def places(self) -> list[int]:
        """The places of the values that answer."""
        places: list[int] = np.flatnonzero(~np.isnan(self.distinct)).tolist()
        return places

    @cached_property
    def known(self) -> int:
        """How many accounts have a value that answers the question."""
        return int(self._counts[~np.isnan(self.distinct)].sum())

    @cached_property
    def matched(self) -> int:
        """How many of them match, if only in part."""
        return int(self._counts[self.distinct > 0].sum())

    @property
    def mean(self) -> float | None:
        """The mean match of those that answer."""
        return float(np.nansum(self.distinct * self._counts)) / self.known if self.known else None

    @property
    def best(self) -> float | None:
        """The best match among them."""
        return float(np.nanmax(self.distinct)) if self.known else None

    @property
    def match(self) -> _Floats:
        """The match of each account, NaN where it is unknown."""
        return self.distinct[self.column.codes]

    @cached_property
    def _counts(self) -> NDArray[np.intp]:
        return np.array(self.column.counts, np.intp)

    @cached_property
    def is_invalid(self) -> _Truths:
        """Whether the value of each account cannot be read."""
        found = np.zeros(len(self.column.values), np.bool_)
        found[list(self.invalid)] = True
        return found[self.column.codes]


# What a profile asks, leaf by leaf


def leaves_of(profile: Profile) -> Iterator[Leaf]:
    """Give every question that a profile asks of one attribute, those within combinators, gates and adjustments too."""
    for path, _, criterion in leaves(profile.dimensions):
        share = profile.effective_weights[path]
        yield from _leaves(path, criterion.value_function(), share, 100.0 * share)
    for gate in profile.gates:
        yield from _leaves(path_of("gates", gate.name), gate.criterion.value_function(), 0.0, 100.0)
    for adjustment in profile.adjustments:
        path = path_of("adjustments", adjustment.name)
        points = float(adjustment.points)
        yield from _leaves(path, adjustment.when.value_function(), 0.0, abs(points), negated=points < 0)


def _leaves(
    path: str, function: AnyValueFunction, share: float, points: float, *, negated: bool = False
) -> Iterator[Leaf]:
    if isinstance(function, Combination):
        for part in function.parts:
            yield from _leaves(path, part, share, points, negated=negated ^ (function.operation == "not"))
    else:
        yield Leaf(path, function, share, points, negated)


def asked_attributes(profile: Profile) -> tuple[str, ...]:
    """Name the attributes that a profile reads, each once.

    >>> asked_attributes(icp.standard_profile())[:2]
    ('employees', 'annual_revenue')
    """
    return tuple(dict.fromkeys(leaf.function.attribute for leaf in leaves_of(profile)))


# How the accounts answer


def answers_of(profile: Profile, accounts: Accounts, now: Moment) -> list[Answers]:
    """Ask every question of every distinct value."""
    columns = {name: _seen(name, accounts) for name in asked_attributes(profile)}
    return [_asked(leaf, columns[leaf.function.attribute], now) for leaf in leaves_of(profile)]


def column_of(accounts: Accounts, attribute: str) -> tuple[Any, ...] | None:
    """Give the values of an attribute, within nested records too; None where no account has it."""
    if attribute in accounts.names:
        return accounts.column(attribute)
    first = attribute.partition(".")[0]
    if first == attribute or first not in accounts.names:
        return None
    found = [look_up({first: one}.get, attribute, MISSING) for one in accounts.column(first)]
    if found and all(value is MISSING for value in found):
        return None
    return tuple(None if value is MISSING else value for value in found)


def _seen(attribute: str, accounts: Accounts) -> Seen:
    """Tell the distinct values apart by identity: equal cells were read once, so that they are one object."""
    values = column_of(accounts, attribute)
    if values is None:
        codes = np.zeros(len(accounts), np.intp)
        return Seen(attribute, (None,), (len(accounts),), codes, present=False)
    tokens = np.fromiter(map(id, values), np.int64, len(values))
    _, firsts, codes, counts = np.unique(tokens, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(firsts)  # in the order of the accounts, not of where the values lie in memory
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    first_rows = firsts[order].tolist()
    return Seen(attribute, [values[row] for row in first_rows], counts[order].tolist(), place[codes], present=True)


def _asked(leaf: Leaf, column: Seen, now: Moment) -> Answers:
    numbers = _segments_at_once(leaf.function, column.values)
    if numbers is not None:
        return Answers(leaf, column, numbers, {}, 0)
    match_of = prepare(leaf.function).match
    distinct: list[float | None] = [None] * len(column.values)
    invalid: dict[int, str] = {}
    notes = Notes()
    told = ignored = 0
    for place, value in enumerate(column.values):
        if value is None:
            continue
        try:
            distinct[place] = match_of(value, now, notes)
        except Invalid as error:
            invalid[place] = error.reason
        if notes.ignored > told:
            told = notes.ignored
            ignored += column.counts[place]
    return Answers(leaf, column, np.array(distinct, np.float64), invalid, ignored)


def _segments_at_once(function: ValueFunction, values: Sequence[Any]) -> _Floats | None:
    """Give the matches of plain numbers under segments, as `icpkit.evaluation` computes each; None for all else."""
    shape = function.curve
    if function.view != "number" or not isinstance(shape, Segments) or not set(map(type, values)) <= _PLAIN:
        return None
    try:
        numbers = np.array(values, np.float64)
    except OverflowError:  # an integer that is larger than any float
        return None
    if (np.abs(numbers) >= _LARGEST_INTEGER).any():  # perhaps no number that a float can hold
        return None
    low, high = (None if edge is None else float(edge) for edge in (shape.low, shape.high))
    lacking = np.zeros(len(numbers))
    if low is not None:
        below = numbers < low
        lacking[below] = slope(shape.low, shape.soft_low) * (low - numbers[below])
    if high is not None:
        above = numbers > high
        lacking[above] = slope(shape.high, shape.soft_high) * (numbers[above] - high)
    return np.where(np.isnan(numbers), np.nan, np.maximum(1.0 - lacking, 0.0))


# What would become of them


class Outcomes(NamedTuple):
    """What became of each account.

    Attributes:
        fit: the fit, NaN where there is none.
        tier: the place of the tier among those of the profile, -1 where there is none.
        status: 0 scored, 1 disqualified, 2 insufficient data.
        certain: whether the tier is the same whatever the unknowns turn out to be.
        low: the lowest fit that it could have.
        high: the highest one.
    """

    fit: _Floats
    tier: NDArray[np.int16]
    status: NDArray[np.int8]
    certain: _Truths
    low: _Floats
    high: _Floats


def outcomes_of(profile: Profile, answers: Sequence[Answers], accounts: int) -> Outcomes:
    """Score all accounts by their answers, as the numpy engine does."""
    leaves = {one.leaf.function: _bound(one) for one in answers}
    [found] = run(plan_of([ask_of(profile)], leaves.__getitem__), accounts)
    tiers = profile.tiers
    certain = (found.status == 0) & (ranks(tiers, found.low) == ranks(tiers, found.high))
    return Outcomes(found.fit, found.tier, found.status, certain, found.low, found.high)


def _bound(answers: Answers) -> BoundLeaf:
    """Hand the answers of distinct values to the engine."""
    matches, absent = np.nan_to_num(answers.distinct), np.isnan(answers.distinct)
    leaf = looked_up(answers.leaf.function, answers.column.codes, matches, absent)
    return attrs.evolve(leaf, invalid=np.flatnonzero(answers.is_invalid)) if answers.invalid else leaf
