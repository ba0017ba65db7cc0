"""Accounts for a profile, drawn in no time, and what several tests of the numpy engine compare."""

import functools
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain
from typing import Any, NamedTuple

import attrs
import numpy as np
import pytest

import icpkit as icp
from icpkit import views
from icpkit.batch import facts
from icpkit.testing import UNKNOWNS, Domain, domain
from icpkit.testing.strategies import _functions_by_attribute as functions_by_attribute
from icpkit.value_functions import ValueFunction

#: How an attribute of an account is filled.
WAYS = ("valid",) * 14 + ("absent", "absent", "unknown", "unknown")
FIELDS = ("fit", "tier", "status", "coverage", "low", "high")
#: Kinds of values that stand together in the columns of tables.
KINDS: tuple[set[type], ...] = ({int, float}, {int}, {datetime, date}, {date}, {datetime}, {str}, {bool})
_domain = functools.lru_cache(maxsize=4096)(domain)


class Choices(NamedTuple):
    """What an attribute of an account may hold.

    Attributes:
        singles: valid values that are no lists.
        items: valid items of a list.
        wrong: values of the wrong kind.
        wrong_items: items of the wrong kind.
        unknowns: what says nothing.
    """

    singles: list[Any]
    items: list[Any]
    wrong: list[Any]
    wrong_items: list[Any]
    unknowns: tuple[Any, ...] = UNKNOWNS


def drawn_accounts(
    profile: icp.Profile, rng: random.Random, count: int, *, as_of: date, invalid: bool = True
) -> list[dict[str, Any]]:
    """Give accounts as the strategy `icpkit.testing.accounts` does, a hundred times as fast.

    Half of the attributes hold values of one kind alone, as the columns of tables do.

    Args:
        profile: the profile.
        rng: the source of randomness.
        count: how many.
        as_of: the moment about which dates lie.
        invalid: whether there are values of the wrong kind, too.
    """
    now = views.moment(as_of)
    choices = {
        attribute: a_choice([_domain(one, now) for one in functions], rng)
        for attribute, functions in functions_by_attribute(profile).items()
    }
    ways = (*WAYS, "wrong") if invalid else WAYS
    accounts = []
    for _ in range(count):
        account: dict[str, Any] = {}
        for attribute, one in choices.items():
            way = rng.choice(ways)
            if way == "absent":
                continue
            value = rng.choice(one.unknowns) if way == "unknown" else a_value(one, rng, wrong=way == "wrong")
            first, _, rest = attribute.partition(".")
            if not rest or rng.random() < 0.5:
                account[attribute] = value
            else:
                account.setdefault(first, {})[rest] = value
        accounts.append(account)
    return accounts


def a_choice(domains: Sequence[Domain], rng: random.Random) -> Choices:
    """Give all that an attribute may hold, or what is of one kind."""
    singles, items, wrong, wrong_items = (
        list(chain.from_iterable(getattr(one, name) for one in domains)) for name in Choices._fields[:4]
    )
    whole = Choices(singles, items, wrong, wrong_items)
    if rng.random() < 0.5:
        return whole
    kinds = [kind for kind in KINDS if any(type(one) in kind for one in whole.singles)]
    texts = [one for one in whole.items if type(one) is str]
    if texts and (not kinds or rng.random() < 0.5):
        return Choices([], texts, [None], [None], (None,))
    if not kinds:
        return whole
    kind = rng.choice(kinds)
    singles, wrong = ([one for one in some if type(one) in kind] for some in (whole.singles, whole.wrong))
    return Choices(singles, [], wrong or [None], [], (None, math.nan))


def a_value(choices: Choices, rng: random.Random, *, wrong: bool) -> Any:
    """Give a value: one by itself, or a list of items."""
    if wrong and (not choices.wrong_items or rng.random() < 0.5):
        return rng.choice(choices.wrong)
    if not wrong and (not choices.items or (choices.singles and rng.random() < 0.5)):
        return rng.choice(choices.singles)
    items = rng.choices(choices.items, k=rng.randint(0, 4)) if choices.items else []
    if rng.random() < 0.2:
        items.insert(rng.randint(0, len(items)), rng.choice(choices.unknowns))
    if wrong:
        items.insert(rng.randint(0, len(items)), rng.choice(choices.wrong_items))
    return tuple(items) if rng.random() < 0.3 else items


def outcome(score: icp.Score) -> tuple[Any, ...]:
    """Give fit, tier, status, coverage, low and high of one account."""
    return score.fit, score.tier, score.status, score.coverage, score.low, score.high


def outcomes(many: icp.Scores) -> list[tuple[Any, ...]]:
    """Give fit, tier, status, coverage, low and high of each account, as plain values."""
    fits = [None if fit != fit else fit for fit in many.fit.tolist()]  # noqa: PLR0124  # NaN is not itself
    others = (many.tier, many.status, many.coverage, many.low, many.high)
    return list(zip(fits, *(one.tolist() for one in others), strict=True))


@attrs.frozen
class Asks(icp.Criterion):
    """A criterion that is a value function and nothing else."""

    function: ValueFunction

    def value_function(self) -> ValueFunction:
        """Give the value function."""
        return self.function


def a_profile(*criteria: icp.Criterion, **options: Any) -> icp.Profile:
    """Give a profile of these criteria, for which any coverage is enough."""
    return icp.Profile("P", [icp.Dimension("D", list(criteria))], **{"min_coverage": 0, **options})


@contextmanager
def as_if_many() -> Iterator[None]:
    """Let few accounts be encoded as many are: whole numbers and names of several columns by codes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facts, "_MANY", 0)
        patch.setattr(facts, "_ROWS_PER_CODE", 0.001)
        yield


def same_as_reference(
    profile: icp.Profile, accounts: Sequence[Any], as_of: Any = "2026-11-21", **options: Any
) -> icp.Scores:
    """Check that the engine gives what the reference gives for each account, its explanation and points too.

    Args:
        profile: the profile.
        accounts: records.
        as_of: the moment of scoring, or one for each account.
        options: of `score_batch`.
    """
    many = icp.score_batch(profile, accounts, as_of=as_of, on_invalid="unknown", **options)
    moments = as_of if isinstance(as_of, list) else [as_of] * len(accounts)
    expected = [
        icp.score(profile, account, as_of=moment, on_invalid="unknown")
        for account, moment in zip(accounts, moments, strict=True)
    ]
    found = outcomes(many)
    with as_if_many():
        again = icp.score_batch(profile, accounts, as_of=as_of, on_invalid="unknown", **options)
    for row, (one, other) in enumerate(zip(expected, outcomes(again), strict=True)):
        assert found[row] == outcome(one), (accounts[row], profile, moments[row])
        assert other == outcome(one), ("as if many", accounts[row], profile, moments[row])
        # It asks the reference, too: the first rows, and every fifth, are those of all places in a block.
        if row < 5 or row % 5 == 0:
            assert outcome(many.at(row)) == outcome(one)
    same_points(many, expected)
    points, same = many.contributions(), again.contributions()
    assert same.paths == points.paths
    assert np.array_equal(same.millionths, points.millionths)
    assert again.invalid == many.invalid
    assert invalid_of(many.invalid) == [
        (f"row {row}", *told) for row, one in enumerate(expected, 1) for told in invalid_of(one.invalid, keyless=True)
    ]
    return many


def invalid_of(offenders: Iterable[Any], *, keyless: bool = False) -> list[tuple[str, ...]]:
    """Give what is told of offenders, but for their values, which a column may hold as another type."""
    told = [(one.attribute,) if keyless else (str(one.key), one.attribute) for one in offenders]
    return sorted(set(told), key=lambda one: (int(one[0].split()[-1]) if not keyless else 0, one))


def same_points(many: icp.Scores, expected: Sequence[icp.Score]) -> None:
    """Check that contributions are the points of explanations, and sum to the fits, in millionths."""
    found = many.contributions()
    places = dict.fromkeys(found.paths, 0)
    for one, row in zip(expected, found.millionths[: len(expected)].tolist(), strict=True):
        points = places | dict(one.explanation.points)
        # What the reference names and the columns do not is a longer dictionary.
        assert list(points.values()) == row
        assert sum(row) == (0 if one.fit is None else round(one.fit * 1e6))


def recombined(pool: Sequence[icp.Profile], rng: random.Random) -> icp.Profile:
    """Make a profile of parts of several others, which is much quicker than to draw one.

    Args:
        pool: the others.
        rng: the source of randomness.
    """
    dimensions = [
        attrs.evolve(rng.choice(rng.choice(pool).dimensions), name=f"Dimension {place}")
        for place in range(rng.choice((1, 1, 2, 3, 4)))
    ]
    if not any(one.weight for one in dimensions):
        dimensions[0] = attrs.evolve(dimensions[0], weight=1)
    return icp.Profile(
        "Recombined",
        dimensions,
        gates=rng.choice(pool).gates,
        adjustments=rng.choice(pool).adjustments,
        tiers=rng.choice(pool).tiers,
        missing=rng.choice(pool).missing,
        min_coverage=rng.choice(pool).min_coverage,
    )


def cut_at(profile: icp.Profile, fits: Iterable[float]) -> icp.Profile:
    """Give the profile with tiers that begin exactly at some fits, so that accounts lie on cuts."""
    cuts = sorted({fit for fit in fits if fit > 0}, reverse=True)
    scale = icp.TierScale([*(icp.Tier(f"From {cut}", cut) for cut in cuts), icp.Tier("Rest", 0)])
    return attrs.evolve(profile, tiers=scale)
