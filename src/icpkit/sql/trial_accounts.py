"""Accounts made of values worth trying: each value at least once, on the cuts of the tiers, on what must be known.

They are the same at each run: what is chosen at random is chosen by a generator with a fixed seed.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice, zip_longest
from typing import Any, Final, TypeAlias

import attrs

from icpkit.profile import Profile
from icpkit.scoring import Score, Scorer
from icpkit.sql.trial_columns import Column

#: An account: which cell of each column.
Choice: TypeAlias = tuple[int, ...]

_SEED: Final = 20_261_121
#: How many accounts are looked at in search of those on a cut, and how many more beside each of the best of them.
_DRAWN, _BESIDE, _BEST, _ROUNDS = 1500, 50, 5, 4
#: How many accounts are looked at for one in which every answer is the best.
_TRIED: Final = 2400
#: How many accounts are kept on each cut, and on each side of it; and in all.
_ON_CUT, _NEAR_CUT, _MOST_ON_CUTS = 4, 3, 80
#: In how many accounts each value is seen in turn.
_SWEPT, _VARIED = 80, 110


@attrs.frozen(eq=False)
class Trial:
    """One account: which cell each column holds, and the score that the reference gives it."""

    choice: Choice
    score: Score


@attrs.define(eq=False)
class _Search:
    """Scores accounts, each once."""

    profile: Profile
    columns: Sequence[Column]
    as_of: date
    rng: random.Random
    _scorer: Scorer
    _seen: dict[Choice, Score] = attrs.Factory(dict)

    def score(self, choice: Choice) -> Score:
        if choice not in self._seen:
            account = {
                name: column.cells[place].value
                for column, place in zip(self.columns, choice, strict=True)
                for name in column.attributes
            }
            self._seen[choice] = self._scorer.score(account, as_of=self.as_of, on_invalid="unknown")
        return self._seen[choice]

    def drawn(self, about: Choice | None = None, share: float = 0.0) -> Choice:
        """Draw an account at random, a share of whose cells are those of another."""
        return tuple(
            about[number] if about is not None and self.rng.random() < share else self.rng.randrange(len(column.cells))
            for number, column in enumerate(self.columns)
        )

    def changed(self, choice: Choice, number: int, place: int) -> Choice:
        return (*choice[:number], place, *choice[number + 1 :])

    def beside(self, choice: Choice) -> Choice:
        """Change one column at random."""
        number = self.rng.randrange(len(choice))
        return self.changed(choice, number, self.rng.randrange(len(self.columns[number].cells)))

    def best(self, worth: Callable[[Score], Any], start: Choice) -> Choice:
        """Give the account that is worth most, column by column; of many columns only some cells are tried."""
        few = max(8, _TRIED // len(self.columns))
        for number, column in enumerate(self.columns):
            places = sorted(self.rng.sample(range(len(column.cells)), min(few, len(column.cells))))
            tried = (self.changed(start, number, place) for place in places)
            start = max([start, *tried], key=lambda one: worth(self.score(one)))
        return start


def trials(profile: Profile, columns: Sequence[Column], as_of: date, most: int) -> list[Trial]:
    """Make accounts for a profile, those first that matter most.

    Args:
        profile: the profile.
        columns: the columns, with the cells of which accounts are made.
        as_of: the moment of scoring.
        most: how many accounts at most.
    """
    search = _Search(profile, columns, as_of, random.Random(_SEED), Scorer(profile))  # noqa: S311  # no secret
    unknown: Choice = (0,) * len(columns)
    top = search.best(lambda one: (one.status != "disqualified", one.coverage, one.fit or 0.0, one.low), unknown)
    pool = [search.drawn(top, search.rng.random()) for _ in range(_DRAWN)]
    middle = min([top, *pool], key=lambda one: _from_middle(search.score(one)))
    bottom = search.best(lambda one: (one.coverage, -one.high, -one.low), unknown)
    chosen = [top, middle, bottom, unknown, *_known_in_part(top), *_known_in_part(middle)]
    chosen += _on_edges(search, [top, *pool])
    rest = _in_turn([islice(_swept(search), _SWEPT), _varied(search, top), _varied(search, middle)])
    more = _in_turn([_varied(search, base) for base in (top, middle, top)])
    found = islice(dict.fromkeys([*chosen, *rest, *more]), most)
    return [Trial(one, search.score(one)) for one in found]


def _from_middle(score: Score) -> tuple[bool, float, float]:
    """Order scores: those first of which any change shows."""
    fit = score.fit if score.status == "scored" and score.fit is not None else 500.0
    return score.fit is None, 1.0 - score.coverage, abs(fit - 50.0)


def _known_in_part(base: Choice) -> Iterator[Choice]:
    """Leave out more and more of an account, from either end, as far as there are few columns."""
    count = len(base)
    for kept in range(1, count, max(1, count // 12)):
        yield (*base[:kept], *(0,) * (count - kept))
        yield (*(0,) * kept, *base[kept:])


def _swept(search: _Search) -> Iterator[Choice]:
    """Give accounts of which all columns change at once, until each cell has been seen."""
    orders = [search.rng.sample(range(len(column.cells)), len(column.cells)) for column in search.columns]
    for turn in range(max(map(len, orders))):
        yield tuple(order[turn % len(order)] for order in orders)


def _varied(search: _Search, base: Choice) -> Iterator[Choice]:
    """Give accounts that differ from another in a few columns, until each cell has been seen."""
    waiting = [search.rng.sample(range(len(column.cells)), len(column.cells)) for column in search.columns]
    few = -(-sum(map(len, waiting)) // _VARIED)
    while any(waiting):
        longest = sorted(range(len(waiting)), key=lambda number: -len(waiting[number]))[:few]
        changed = {number: waiting[number].pop() for number in longest if waiting[number]}
        yield tuple(changed.get(number, place) for number, place in enumerate(base))


def _in_turn(some: Sequence[Iterable[Choice]]) -> Iterator[Choice]:
    for group in zip_longest(*some):
        yield from (one for one in group if one is not None)


def _on_edges(search: _Search, pool: list[Choice]) -> list[Choice]:
    """Give accounts on a cut, or as near as can be found; and those of which just enough is known, or not quite."""

    def fit_of(score: Score) -> float | None:
        return score.fit if score.status == "scored" else None

    edges: list[tuple[Callable[[Score], float | None], float]] = [
        (fit_of, tier.cut) for tier in search.profile.tiers.tiers[:-1]
    ]
    edges = [(lambda score: score.coverage, search.profile.min_coverage), *edges]
    found = [_nearest(search, pool, measured, edge) for measured, edge in edges]
    return list(islice(_in_turn(found), _MOST_ON_CUTS))


def _nearest(
    search: _Search, pool: Sequence[Choice], measured: Callable[[Score], float | None], edge: float
) -> list[Choice]:
    def away(choice: Choice) -> float:
        value = measured(search.score(choice))
        return 1e9 if value is None else abs(value - edge)

    ranked = sorted(dict.fromkeys(pool), key=away)
    for _ in range(_ROUNDS):
        more = [search.beside(choice) for choice in ranked[:_BEST] for _ in range(_BESIDE)]
        ranked = sorted(dict.fromkeys([*ranked, *more]), key=away)
    ranked = [choice for choice in ranked if away(choice) < 1e9]
    sides: dict[int, list[Choice]] = {0: [], 1: [], -1: []}
    for choice in ranked:
        value = measured(search.score(choice))
        assert value is not None  # those were left out
        sides[(value > edge) - (value < edge)].append(choice)
    return [*sides[0][:_ON_CUT], *sides[-1][:_NEAR_CUT], *sides[1][:_NEAR_CUT]]
