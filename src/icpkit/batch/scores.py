"""What became of many accounts: arrays, any account's score with its explanation, and tables of all."""

from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args
from uuid import UUID

import attrs
import numpy as np
from numpy.typing import NDArray

from icpkit._version import SEMANTICS, __version__
from icpkit.adapters import source_of
from icpkit.adapters.source import Categories, Result
from icpkit.batch.arguments import check_scale, shown, whole_number
from icpkit.batch.encoding import Batch
from icpkit.batch.kernels import Outcomes, ranks
from icpkit.batch.leaves import Leaf, leaf_of
from icpkit.batch.moments import Moments
from icpkit.batch.plan import ask_of
from icpkit.batch.points import points_of
from icpkit.columns import Floats
from icpkit.errors import near
from icpkit.explanation import Reason
from icpkit.profile import Profile, leaves, path_of
from icpkit.scoring import Score, Scorer
from icpkit.tiers import TierScale
from icpkit.typing import Offender
from icpkit.value_functions import ValueFunction
from icpkit.words import ENGLISH, Words

if TYPE_CHECKING:
    from icpkit.batch.summary import Summary

STATUSES = ("scored", "disqualified", "insufficient data")
#: By what accounts are ranked: their fit, or the lowest fit that they could have.
Order: TypeAlias = Literal["fit", "low"]
_Texts: TypeAlias = NDArray[np.object_]
_ARRAYS = ("fit", "tier", "tier_rank", "status", "coverage", "low", "high", "certain")


@attrs.frozen
class TierCount:
    """How many accounts are in a tier.

    Attributes:
        name: the tier's name.
        count: how many scored accounts are in it.
        certain: how many of them stay in it whatever their unknowns turn out to be.
        coverage: their mean coverage; None where there are none.
    """

    name: str
    count: int
    certain: int
    coverage: float | None


@attrs.frozen(eq=False)
class Contributions:
    """What each criterion, adjustment, the clip and the limit add to each account's fit.

    Attributes:
        paths: what adds, in stored order, ``"clip"`` and ``"limit"`` last.
        millionths: int32, one row per account and one column per path; a row sums to the fit in millionths, and is 0
            where there is none.
    """

    paths: tuple[str, ...]
    millionths: NDArray[np.int32]

    def __getitem__(self, path: str) -> NDArray[np.int32]:
        """Give the millionths of one path.

        Raises:
            KeyError: for a path that does not exist.
        """
        if path not in self.paths:
            raise KeyError(f"nothing adds at {shown(path)}; {near(str(path), self.paths) or ', '.join(self.paths)}")
        return self.millionths[:, self.paths.index(path)]


@attrs.frozen(eq=False, repr=False, slots=False)
class Scores:
    """The scores of a batch by one profile: arrays in the order of the accounts, and each account's score on demand.

    Attributes:
        profile: the profile.
        batch: the encoded accounts; explanations need them.
        moments: the moments of scoring.
        invalid: the values of the wrong kind that were taken as unknown.
        seconds: how long each phase took.

    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_high=1000)])])
    >>> many = icp.score_batch(
    ...     profile, {"id": ["acme", "globex"], "employees": [600, None]}, key="id", as_of="2026-11-21"
    ... )
    >>> many.fit, many.tier, many.status
    (array([80., nan]), array(['Perfect', None], dtype=object), array(['scored', 'insufficient data'], dtype=object))
    >>> many["acme"].tier
    'Perfect'
    """

    profile: Profile
    batch: Batch
    moments: Moments
    outcomes: Outcomes
    invalid: tuple[Offender, ...]
    seconds: dict[str, float]

    def __len__(self) -> int:
        """Count the accounts."""
        return len(self.outcomes.fit)

    # Arrays

    @property
    def keys(self) -> Sequence[Any]:
        """The accounts' keys, or their numbers from 0 where no key was named."""
        return self.batch.keys

    @property
    def fit(self) -> Floats:
        """The fits, NaN where there is none; read-only."""
        return _read_only(self.outcomes.fit)

    @property
    def low(self) -> Floats:
        """The lowest fits that the accounts could have; read-only."""
        return _read_only(self.outcomes.low)

    @property
    def high(self) -> Floats:
        """The highest fits that the accounts could have; read-only."""
        return _read_only(self.outcomes.high)

    @property
    def coverage(self) -> Floats:
        """The shares of the weight that is known; read-only."""
        return _read_only(self.outcomes.coverage)

    @cached_property
    def tier(self) -> _Texts:
        """The names of the tiers, None where an account has none; read-only."""
        names = np.array([*(tier.name for tier in self.profile.tiers.tiers), None], object)
        return _read_only(names[self.outcomes.tier])

    @property
    def tier_rank(self) -> NDArray[np.int16]:
        """The places of the tiers in the profile's scale, 0 the best, -1 where an account has none; read-only.

        Numbers sort, compare and aggregate faster than names, and nobody's words change them.

        >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500)])])
        >>> many = icp.score_batch(profile, {"employees": [80, 20, None]}, as_of="2026-11-21")
        >>> many.tier_rank
        array([ 0,  3, -1], dtype=int16)
        """
        return _read_only(self.outcomes.tier)

    @cached_property
    def status(self) -> _Texts:
        """``"scored"``, ``"disqualified"`` or ``"insufficient data"``; read-only."""
        return _read_only(np.array(STATUSES, object)[self.outcomes.status])

    @cached_property
    def certain(self) -> NDArray[np.bool_]:
        """Whether each tier is the same whatever the unknowns turn out to be; read-only."""
        same = ranks(self.profile.tiers, self.outcomes.low) == ranks(self.profile.tiers, self.outcomes.high)
        return _read_only(same & (self.outcomes.status == 0))

    # One account

    def __getitem__(self, key: Any) -> Score:
        """Give the score of one account by its key, or by its number where no key was named.

        Raises:
            KeyError: for a key that no account has.
        """
        row = row_of(self.batch, key)
        if row is None:
            hint = self._hint_at(key)
            raise KeyError(f"no account has the key {shown(key)}" + (f"; {hint}" if hint else ""))
        return self.at(row)

    def _hint_at(self, key: Any) -> str:
        """Tell what was probably meant by a key that there is not."""
        if isinstance(key, slice):
            return "many.at(0) gives an account by its place, many.top(10) the best"
        if isinstance(key, str) and key in _ARRAYS:
            return f"many.{key} is the array of all"
        if self.batch.key is None:
            told = f"there are {len(self):,} accounts"
            return f"{told}, by their numbers from 0; score_batch(…, key=…) names the column of keys"
        if isinstance(key, int):
            return f"many.at({key}) gives an account by its place"
        return near(str(key), map(str, self.keys))

    def __contains__(self, key: object) -> bool:
        """Tell whether an account has this key."""
        return row_of(self.batch, key) is not None

    def __iter__(self) -> Iterator[Score]:
        """Give the scores one by one, in the order of the accounts."""
        return map(self.at, range(len(self)))

    def at(self, row: int) -> Score:
        """Give the score of one account by its place, counted from 0 or, if negative, from the end.

        Raises:
            IndexError: for a place beyond the last.
            TypeError: for what is no place.
        """
        if not hasattr(row, "__index__"):
            raise TypeError(f"a place must be a whole number (got {shown(row)}); many[…] gives an account by its key")
        if not -len(self) <= row < len(self):
            raise IndexError(f"there are {len(self):,} accounts (got {row})")
        row = range(len(self))[row]
        account = self.batch.account(row)
        as_of = self.moments.of(row).as_of
        return self._scorer.score(account, as_of=as_of, key=self.batch.key, on_invalid="unknown")

    @cached_property
    def _scorer(self) -> Scorer:
        return Scorer(self.profile)

    def reasons(self, count: int = 3, words: Words = ENGLISH) -> list[tuple[Reason, ...]]:
        """Give the weightiest reasons of every account; they are found one account at a time."""
        count = whole_number("count", count)
        return [score.reasons(count, words) for score in self]

    # All accounts

    def contributions(self) -> Contributions:
        """Give what each criterion adds to each fit, in whole millionths, computed when asked for."""
        ask, memory = ask_of(self.profile), self.batch.memory

        @cache
        def bind(one: ValueFunction) -> Leaf:
            return leaf_of(one, self.batch.columns[one.attribute], self.moments, memory.of(one.attribute))

        found = points_of(ask, bind, len(self), memory)
        paths = [path for path, _, _ in leaves(self.profile.dimensions)]
        weighty = [bool(self.profile.effective_weights[path]) for path in paths]
        extras = [path_of("adjustments", one.name) for one in self.profile.adjustments] + ["clip", "limit"]
        millionths = found
        if not all(weighty):
            millionths = np.zeros((len(paths) + len(extras), len(self)), np.int32)
            millionths[[*weighty, *(True for _ in extras)]] = found
        return Contributions((*paths, *extras), _read_only(millionths.T))

    def top(self, count: int, *, order: Order = "fit") -> tuple[Score, ...]:
        """Give the best scored accounts, the best first; equal ones in the order of the accounts.

        Args:
            count: how many at most.
            order: by ``"fit"``, or by ``"low"``, the fit that is certain.

        Raises:
            TypeError: for a count that is no whole number.
            ValueError: for another order, or a count below 0.

        >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500)])])
        >>> many = icp.score_batch(profile, {"employees": [20, 80]}, as_of="2026-11-21")
        >>> [(score.fit, score.tier) for score in many.top(1)]
        [(100.0, 'Perfect')]
        """
        count = whole_number("count", count)
        return tuple(map(self.at, self.ranking(order=order)[:count].tolist()))

    def ranking(self, *, order: Order = "fit") -> NDArray[np.intp]:
        """Give the places of the scored accounts, the best first; equal ones in the order of the accounts.

        Args:
            order: by ``"fit"``, or by ``"low"``, the fit that is certain.

        Raises:
            ValueError: for another order.
        """
        if order not in get_args(Order):
            raise ValueError(f'order must be "fit" or "low" (got {order!r})')
        rows = np.flatnonzero(self.outcomes.status == 0)
        return rows[np.argsort(-getattr(self.outcomes, order)[rows], kind="stable")]

    def tier_counts(self, scale: TierScale | None = None) -> tuple[TierCount, ...]:
        """Count the scored accounts of each tier, the best tier first.

        Args:
            scale: another scale, as a preview that changes nothing.

        Raises:
            TypeError: for what is no scale.
        """
        scale = self.profile.tiers if scale is None else scale
        check_scale(scale)
        scored = self.outcomes.status == 0
        places = ranks(scale, self.outcomes.fit)
        certain = ranks(scale, self.outcomes.low) == ranks(scale, self.outcomes.high)
        counts = []
        for rank, tier in enumerate(scale.tiers):
            there = scored & (places == rank)
            count = int(there.sum())
            coverage = float(self.outcomes.coverage[there].mean()) if count else None
            counts.append(TierCount(tier.name, count, int((there & certain).sum()), coverage))
        return tuple(counts)

    @property
    def status_counts(self) -> dict[str, int]:
        """How many accounts are scored, disqualified, and without enough data."""
        return dict(zip(STATUSES, np.bincount(self.outcomes.status, minlength=len(STATUSES)).tolist(), strict=True))

    @cached_property
    def summary(self) -> "Summary":
        """What is worth knowing of all accounts, as all faces show it; counted once, when first asked for."""
        from icpkit.batch.summary import summary_of  # noqa: PLC0415  # who only scores does without it

        return summary_of(self)

    @cached_property
    def stats(self) -> dict[str, Any]:
        """What is worth knowing of the run, as plain data.

        The numbers of accounts, by status and by tier; of certain tiers; of unknown answers by criterion; of invalid
        values and of moments after ``as_of`` by attribute; the attributes that no account has; the rows of tables of
        labels and events that belong to no account; seconds by phase.
        """
        from icpkit.batch.summary import naive_in  # noqa: PLC0415  # who only scores does without it

        told = self.summary
        return {
            "rows": len(self),
            "status": self.status_counts,
            "tier": {one.name: one.count for one in told.tiers},
            "certain": int(self.certain.sum()),
            "unknown": dict(told.unknown),
            "invalid": dict(told.invalid),
            "ignored": dict(told.ignored),
            "naive": naive_in(self),
            "lacking": [attribute for attribute, _ in told.lacking],
            "strays": {one.attribute: one.rows for one in told.strays},
            "seconds": dict(self.seconds),
        }

    @property
    def stamp(self) -> dict[str, Any]:
        """What the scores were made with: profile, scoring_id, as_of, semantics and library version."""
        distinct = self.moments.distinct
        return {
            "profile": self.profile.name,
            "scoring_id": self.profile.scoring_id,
            "as_of": distinct[0].as_of.isoformat() if self.moments.codes is None else "by account",
            "semantics": SEMANTICS,
            "version": __version__,
        }

    def to_frame(self, *, contributions: bool = False, reasons: int = 0, stamp: bool = False) -> Any:
        """Give a table of the kind that came in, in the one result schema: key, fit, tier, status, coverage, low, high.

        Args:
            contributions: adds the points of each criterion, a column for each path.
            reasons: how many reasons to add, as ``reason_1`` and so on; they are found one account at a time.
            stamp: adds what the scores were made with, the same in each row.

        Raises:
            TypeError: for a number of reasons that is no whole number.
            ValueError: for one below 0.
        """
        reasons = whole_number("reasons", reasons)
        columns: dict[str, Result] = {}
        source = self.batch.source
        if self.batch.key is not None:
            known = source is not None and self.batch.key in source.names
            columns["key"] = source.names.index(self.batch.key) if source and known else list(self.keys)
        columns["fit"] = self.outcomes.fit
        columns["tier"] = tiers_of(self.profile, self.outcomes.tier)
        columns["status"] = Categories(self.outcomes.status, STATUSES)
        columns |= {name: getattr(self.outcomes, name) for name in ("coverage", "low", "high")}
        if reasons:
            found = self.reasons(reasons)
            for rank in range(reasons):
                columns[f"reason_{rank + 1}"] = [one[rank].text if rank < len(one) else None for one in found]
        if contributions:
            parts = self.contributions()
            for path in parts.paths:
                columns[path] = np.where(np.isnan(self.outcomes.fit), np.nan, parts[path] / 1e6)
        if stamp:
            same = np.zeros(len(self), np.int8)
            columns |= {name: Categories(same, (str(value),)) for name, value in self.stamp.items()}
            if self.moments.codes is not None:
                each = [one.as_of.isoformat() for one in self.moments.distinct]
                columns["as_of"] = [each[code] for code in self.moments.codes.tolist()]
        return (source_of([]) if source is None else source).frame(columns)

    def detach(self) -> "Scores":
        """Let the table go that the accounts came from; `to_frame` then gives records."""
        return attrs.evolve(self, batch=self.batch.detach())

    # Faces

    def to_text(self, words: Words = ENGLISH) -> str:
        """Write what is worth knowing of all accounts, as `print` shows it."""
        from icpkit.batch.faces import summary_text  # noqa: PLC0415  # who only scores does without faces

        return summary_text(self, words)

    def to_html(self, *, words: Words = ENGLISH, full: bool = True) -> str:
        """Draw the same as HTML, which loads and runs nothing.

        Args:
            words: the words in which it speaks.
            full: a whole page, or else a fragment to put into one, as notebooks show it.
        """
        from icpkit.batch.faces import summary_html  # noqa: PLC0415  # the same

        return summary_html(self, words, full=full)

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        return self.to_html(full=False)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Show it in notebooks, and one line where there is only text."""
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def __str__(self) -> str:
        """Show what is worth knowing of all accounts."""
        return self.to_text()

    def __getstate__(self) -> dict[str, Any]:
        """Copy and pickle what the scores are, without what was derived of them: it is found again."""
        return {field.name: getattr(self, field.name) for field in attrs.fields(Scores)}

    def __repr__(self) -> str:
        """Say in one line what there is."""
        counts = ", ".join(f"{one.count:,} {one.name}" for one in self.tier_counts())
        others = ", ".join(
            f"{count:,} {name}" for name, count in self.status_counts.items() if count and name != "scored"
        )
        return f"<Scores: {len(self):,} accounts by {self.profile.name!r}: {counts}{', ' + others if others else ''}>"


def tiers_of(profile: Profile, places: NDArray[np.int16]) -> Result:
    """Give a column of tiers by their places in the scale, -1 for none: as ordered categories, or as texts if many."""
    names = [tier.name for tier in profile.tiers.tiers]
    if len(names) > np.iinfo(np.int8).max:
        return [None if place < 0 else names[place] for place in places.tolist()]
    rising = np.where(places < 0, -1, len(names) - 1 - places).astype(np.int8)
    return Categories(rising, tuple(reversed(names)), ordered=True)


def row_of(batch: Batch, key: Any) -> int | None:
    """Find the row of a key, None where there is none; keys that are UUIDs are kept as their text."""
    try:
        row = batch.row_of.get(key)
        return batch.row_of.get(str(key)) if row is None and isinstance(key, UUID) else row
    except TypeError:  # a list, which no key is
        return None


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array
