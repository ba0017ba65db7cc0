"""Two scores compared: which one leads, by how much, and through what."""

from typing import Any

import attrs

from icpkit.errors import NoFitError
from icpkit.markup import html_table, visible
from icpkit.scoring import Score
from icpkit.words import ENGLISH, Words, listed

_TENTH = 100_000


@attrs.frozen(repr=False)
class Comparison:
    """What makes the fits of two scores differ; the differences sum exactly to that of the fits.

    Attributes:
        first: the score that was named first.
        second: the score that it is compared with.
        points: (path, millionths of a point that the first has more), the greatest first; those that are 0 are left
            out. Adjustments, ``"clip"`` and ``"limit"`` are among them.
    """

    first: Score
    second: Score
    points: tuple[tuple[str, int], ...]

    @property
    def lead(self) -> float:
        """The points by which the first leads, negative where it is behind."""
        return sum(points for _, points in self.points) / 1e6

    def to_dict(self) -> dict[str, Any]:
        """Give plain data."""
        return {
            "first": self.first.to_dict(),
            "second": self.second.to_dict(),
            "lead": self.lead,
            "points": {path: points / 1e6 for path, points in self.points},
        }

    def to_text(self, words: Words = ENGLISH) -> str:
        """Say it in a sentence; the tenths that it shows sum to the lead that it shows."""
        ahead, behind = (self.second, self.first) if self.lead < 0 else (self.first, self.second)
        sign = -1 if self.lead < 0 else 1
        shown = _tenths([(path, sign * points) for path, points in self.points])
        names = _names(self, words)
        texts = [words["difference"].format(name=names[path], points=f"{tenths / 10:+.1f}") for path, tenths in shown]
        first, second = _titles(ahead, behind, words)
        parts = listed(texts, words, most=len(texts)) or words["no_difference"]
        key = "leads" if self.lead else "equal_fits"
        points = f"{sum(tenths for _, tenths in shown) / 10:.1f}"
        fit = self.first.profile.tiers.rounded(self.first.fit or 0.0)
        return visible(words[key].format(first=first, second=second, points=points, fit=fit, parts=parts))

    def __str__(self) -> str:
        """Say it in English."""
        return self.to_text()

    def __repr__(self) -> str:
        """Say it in a sentence: the two scores would fill pages."""
        return f"<Comparison: {self}>"

    def _repr_html_(self) -> str:
        """Show the differences in a notebook."""
        names, sign = _names(self, ENGLISH), -1 if self.lead < 0 else 1  # the sentence counts from the leader, too
        rows = [(names[path], f"{sign * points / 1e6:+.6f}") for path, points in self.points]
        return html_table((str(self), ENGLISH["column_difference"]), rows, right={1})


def compare(first: Score, second: Score) -> Comparison:
    """Compare two scores: of two accounts, of one account at two moments, or by two profiles.

    Args:
        first: a score with a fit.
        second: another.

    Raises:
        NoFitError: where one of them has no fit to compare.

    >>> profile = icp.Profile("P", [icp.Dimension("D", [icp.Flag("b2b"), icp.Range("employees", 50, 500, weight=3)])])
    >>> acme = icp.score(profile, {"id": "Acme", "b2b": True, "employees": 80}, key="id", as_of="2026-11-21")
    >>> globex = icp.score(profile, {"id": "Globex", "b2b": True, "employees": 8}, key="id", as_of="2026-11-21")
    >>> print(icp.compare(acme, globex))
    Acme leads Globex by 75.0: employees +75.0
    """
    for score in (first, second):
        if not isinstance(score, Score):
            raise TypeError(f"compare() needs two scores (got {type(score).__name__})")
        if score.fit is None:
            raise NoFitError(score.key, score.status, score.low, score.high)
    had, has = dict(second.explanation.points), dict(first.explanation.points)
    differences = [(path, has.get(path, 0) - had.get(path, 0)) for path in {**has, **had}]
    differences.sort(key=lambda difference: -abs(difference[1]))
    return Comparison(first, second, tuple((path, points) for path, points in differences if points))


def _tenths(points: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Round running sums to tenths of a point, so that what is shown sums to what is shown; those of 0 are left out."""
    shown, before, running = [], 0, 0
    for path, millionths in points:
        running += millionths
        after = (running + _TENTH // 2) // _TENTH
        shown.append((path, after - before))
        before = after
    return sorted(((path, tenths) for path, tenths in shown if tenths), key=lambda part: -abs(part[1]))


def _names(comparison: Comparison, words: Words) -> dict[str, str]:
    names = {"clip": words["clipped"], "limit": words["limited"]}
    for score in (comparison.second, comparison.first):
        names |= {result.path: result.name for result in score.explanation.criteria}
        adjusted = {one.result.path: one.result.name for one in score.explanation.adjustments}
        names |= {path: words["adjustment"].format(name=name) for path, name in adjusted.items()}
    return names


def _titles(first: Score, second: Score, words: Words) -> tuple[str, str]:
    """Call the scores by what tells them apart: key, profile, or moment."""
    keys = [words["this_account"] if one.key is None else str(one.key) for one in (first, second)]
    told, profiles = "score_of", [first.profile.name, second.profile.name]
    if keys[0] == keys[1]:
        told = "score_then" if first.profile == second.profile else "score_by"
    if profiles[0] == profiles[1] and told == "score_by":
        profiles = [f"{one.profile.name} {one.profile.scoring_id[:8]}" for one in (first, second)]
    both = [
        words[told].format(key=key, profile=profile, as_of=one.as_of.isoformat())
        for key, profile, one in zip(keys, profiles, (first, second), strict=True)
    ]
    return both[0], both[1]
