"""Accounts that sit exactly on a tier's cut, by the decimals in which weights and matches are written.

With plain floats 2 to 6 % of such accounts land in the wrong tier: 0.1 is not a tenth to a computer. Everything here
is computed in whole numbers: weights, edges and points in thousandths, matches in units of 10^-12.
"""

import math
import operator
import random
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from icpkit.criteria import Bands, Criterion, OneOf, Ordinal, Range
from icpkit.profile import Adjustment, Dimension, Profile
from icpkit.tiers import TierScale

_ONE: Final = 10**12
_THOUSAND: Final = 1000
_WEIGHTS: Final = (1000, 2000, 3000, 4000, 5000, 6000, 7000, 9000, 11_000, 13_000, 30_000, 100, 300, 700)
#: Weights by which a decimal divides into a decimal, so that a match of that weight can settle a sum.
_SETTLING: Final = (1000, 2000, 4000, 5000, 8000, 10_000, 20_000, 25_000, 100, 200, 500, 2500)
_HUNDREDTHS: Final = (0, 10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 95, 99, 100)
_OWN_CUTS: Final = (90, 72.5, 66.7, 55.5, 33.3, 12.25, 66.666667, 41.000001, 7)
_POINTS: Final = (-15_000, 10_000, 5000, -7500, 100, -300, 2250)
#: Accounts per profile, and tries until a sum comes out.
_ACCOUNTS: Final = 5
_TRIES: Final = 20


class OnCut(NamedTuple):
    """A profile, and an account whose fit is, by exact arithmetic, a cut of its tiers."""

    profile: Profile
    account: dict[str, Any]
    cut: float


class _Asked(NamedTuple):
    """A criterion, its weight, the matches that it can give (any, where there is no list), and the value for one."""

    criterion: Criterion
    weight: int
    matches: tuple[int, ...]
    value: Callable[[int], Any]


def on_cut_cases(seed: int | random.Random, count: int) -> Iterator[OnCut]:
    """Give accounts whose fit is exactly a tier's cut, by the decimal text of every weight, match and point.

    Several dimensions; matches by `Bands`, `OneOf`, `Ordinal` and the slopes of `Range`; some attributes unknown, so
    that the rest is renormalised; some adjustments; the standard cuts and others, with up to six decimals.

    Args:
        seed: a number, or a source of randomness.
        count: how many cases.

    >>> import icpkit as icp
    >>> {icp.score(case.profile, case.account, as_of="2026-11-21").fit == case.cut for case in on_cut_cases(7, 50)}
    {True}
    """
    rng = seed if isinstance(seed, random.Random) else random.Random(seed)  # noqa: S311  # sample data, no secret
    found = 0
    while found < count:
        draft = _Draft(rng)
        for case in filter(None, [draft.settled() for _ in range(min(_ACCOUNTS, count - found))]):
            found += 1
            yield case


class _Draft:
    """A profile at random, for which accounts are sought."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        own = {f"From {cut}": cut for cut in rng.sample(_OWN_CUTS, rng.randint(1, 3))}
        tiers = TierScale.from_cuts({**own, "Below": 0}) if rng.random() < 0.4 else TierScale.standard()
        self.weights = [rng.choice(_WEIGHTS) for _ in range(rng.choice((0, 1, 1, 2, 3)))] + [rng.choice(_SETTLING)]
        self.dimensions = [self._group(index) for index in range(len(self.weights))]
        self.points = [rng.choice(_POINTS) for _ in range(rng.choice((0, 0, 0, 1, 2)))]
        self.adjusting = [self._asked(f"adjusted_{index}", _THOUSAND) for index in range(len(self.points))]
        self.profile = Profile(
            "On the cut",
            [
                Dimension(f"Dimension {index}", [asked.criterion for asked in group], weight=weight / _THOUSAND)
                for index, (weight, group) in enumerate(zip(self.weights, self.dimensions, strict=True))
            ],
            adjustments=[
                Adjustment(points / _THOUSAND, asked.criterion)
                for points, asked in zip(self.points, self.adjusting, strict=True)
            ],
            tiers=tiers,
            min_coverage=0,
        )

    def _group(self, index: int) -> list[_Asked]:
        """Give the criteria of a dimension: any, and at the end one that can settle the sum."""
        others = [
            self._asked(f"a{index}_{number}", self.rng.choice(_WEIGHTS)) for number in range(self.rng.randint(0, 4))
        ]
        return [*others, self._slope(f"a{index}_last", self.rng.choice(_SETTLING))]

    def _asked(self, attribute: str, weight: int) -> _Asked:
        rng = self.rng
        matches = tuple(one * (_ONE // 100) for one in (0, *rng.sample(_HUNDREDTHS[1:-1], 4), 100))
        written = [match / _ONE for match in matches]
        kind = rng.choice((Bands, OneOf, Ordinal, Range))
        if kind is Bands:
            bands = Bands(attribute, [(10 * i, match) for i, match in enumerate(written)], weight=weight / _THOUSAND)
            return _Asked(bands, weight, matches, lambda match: 10 * matches.index(match) + rng.choice((0, 2.5, 9)))
        names = ("none", "Software", "Café", "IT", "Groß", "51")
        if kind is OneOf:
            one_of = OneOf(attribute, dict(zip(names, written, strict=True)), weight=weight / _THOUSAND)
            return _Asked(one_of, weight, matches, lambda match: f" {names[matches.index(match)].upper()}")
        if kind is Ordinal:
            ordinal = Ordinal(
                attribute, names, matches=dict(zip(names, written, strict=True)), weight=weight / _THOUSAND
            )
            return _Asked(ordinal, weight, matches, lambda match: names[matches.index(match)])
        return self._slope(attribute, weight)._replace(matches=matches)

    def _slope(self, attribute: str, weight: int) -> _Asked:
        """Give a range whose slope, rising or falling, holds every match."""
        rng = self.rng
        start, width = rng.choice((0, 25_000, 100, 1_000_000)), rng.choice((1000, 10_000, 25_000, 400, 500_000))
        near, far = start / _THOUSAND, (start + width) / _THOUSAND
        if rng.random() < 0.5:
            rising = Range(attribute, far, None, soft_low=near, weight=weight / _THOUSAND)
            return _Asked(rising, weight, (), lambda match: (start * _ONE + match * width) / (_THOUSAND * _ONE))
        falling = Range(attribute, None, near, soft_high=far, weight=weight / _THOUSAND)
        return _Asked(falling, weight, (), lambda match: (start * _ONE + (_ONE - match) * width) / (_THOUSAND * _ONE))

    def settled(self) -> OnCut | None:
        """Find an account whose matches come out at a cut, or give up."""
        account: dict[str, Any] = {}
        cut = self.rng.choice(self.profile.tiers.tiers[:-1]).cut
        target = round(cut * 10**6) * (_ONE // 10**8)
        for points, asked in zip(self.points, self.adjusting, strict=True):
            match = self.rng.choice(asked.matches)
            account[asked.criterion.called or ""] = asked.value(match)
            target -= points * match // (100 * _THOUSAND)
        known = [[asked for asked in group[:-1] if self.rng.random() > 0.2] + group[-1:] for group in self.dimensions]
        for group, mean in zip(known, self._means(target, known), strict=True):
            matches = self._sum_up(mean, [asked.weight for asked in group], [asked.matches for asked in group[:-1]])
            if matches is None:
                return None
            account |= {
                asked.criterion.called or "": asked.value(match) for asked, match in zip(group, matches, strict=True)
            }
        return OnCut(self.profile, account, float(cut))

    def _means(self, target: int, known: list[list[_Asked]]) -> list[int]:
        """Give a mean match for each dimension, so that the whole comes out at the target."""
        totals = [sum(asked.weight for asked in group) for group in self.dimensions]
        common = math.lcm(*totals)
        # What a dimension weighs when its unknowns are left out, over one denominator.
        counted = [
            weight * sum(asked.weight for asked in group) * (common // total)
            for weight, group, total in zip(self.weights, known, totals, strict=True)
        ]
        some = tuple(one * (_ONE // 100) for one in _HUNDREDTHS)
        return self._sum_up(target, counted, [some] * (len(known) - 1), multiple_of=10**4) or [target] * len(known)

    def _sum_up(
        self, mean: int, weights: list[int], choices: list[tuple[int, ...]], *, multiple_of: int = 1
    ) -> list[int] | None:
        """Give matches with this weighted mean: all but the last at random, the last as it must be."""
        total = mean * sum(weights)
        for _ in range(_TRIES):
            chosen = list(map(self.rng.choice, choices))
            last, rest = divmod(total - sum(map(operator.mul, chosen, weights)), weights[-1])
            if rest == 0 and 0 <= last <= _ONE and last % multiple_of == 0:
                return [*chosen, last]
        return None
