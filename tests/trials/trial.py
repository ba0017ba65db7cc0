"""One export, scored by icpkit and worked out independently, side by side."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import attrs

import icpkit as icp
from tests.trials.independent import Figures, Moment, Row


@attrs.frozen
class Trial:
    """An export and a moment: the rows, the icpkit score of each, and the independent figures of each."""

    rows: list[Row]
    as_of: date
    scores: list[icp.Score]
    figures: list[Figures]
    key: str

    @classmethod
    def of(
        cls,
        rows: list[Row],
        as_of: date,
        *,
        profile: icp.Profile,
        account: Callable[[Row], dict[str, Any]],
        figures: Callable[[Row, Moment], Figures],
        key: str,
    ) -> "Trial":
        """Do both."""
        scorer = icp.Scorer(profile)
        scores = [scorer.score(account(row), as_of=as_of, key=key, on_invalid="unknown") for row in rows]
        return cls(rows, as_of, scores, [figures(row, as_of) for row in rows], key)

    def differences(self) -> dict[object, tuple[Figures, Figures]]:
        """The accounts about which the two disagree."""
        pairs = {one.key: (as_figures(one), own) for one, own in zip(self.scores, self.figures, strict=True)}
        return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}

    def counts(self) -> dict[str, int]:
        """How many accounts have each tier, and how many have none for which reason: independently."""
        return dict(Counter(own.tier or own.status for own in self.figures))

    def counts_scored(self) -> dict[str, int]:
        """The same, as icpkit says."""
        return dict(Counter(one.tier or one.status for one in self.scores))

    def top(self, count: int = 5) -> list[str]:
        """The names at the top of the ranking, equal fits by name: independently."""
        ranked = [
            (-(own.fit or 0), row[self.key]) for own, row in zip(self.figures, self.rows, strict=True) if own.tier
        ]
        return [name for _, name in sorted(ranked)[:count]]

    def top_scored(self, count: int = 5) -> list[str]:
        """The same, as icpkit says."""
        ranked = [one for one in self.scores if one.tier]
        return [one.key for one in sorted(ranked, key=lambda one: (-(one.fit or 0), one.key))[:count]]


def as_figures(one: icp.Score) -> Figures:
    """What icpkit says, in the units of the independent figures."""
    fit = None if one.fit is None else round(one.fit * 10**6)
    low, high = round(one.low * 10**6), round(one.high * 10**6)
    return Figures(fit, one.tier, one.status, round(one.coverage * 10**9), low, high)


def unsound(scores: list[icp.Score]) -> list[object]:
    """The accounts whose points do not sum to their fit, whose fit is out of bounds, or whose tier is not possible."""
    return [one.key for one in scores if not (_sums(one) and _within(one))]


def _sums(one: icp.Score) -> bool:
    points = [points for _, points in one.explanation.points]
    return sum(points) == (0 if one.fit is None else round(one.fit * 10**6))


def _within(one: icp.Score) -> bool:
    inside = one.fit is None or one.low <= one.fit <= one.high
    return inside and (one.tier is None or one.tier in one.possible_tiers)
