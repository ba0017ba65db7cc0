"""Two runs compared: who entered, who left, who went up or down a tier, and why."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final, overload

import attrs
import numpy as np
from numpy.typing import NDArray

from icpkit.adapters.source import Categories
from icpkit.batch.arguments import points as checked_points
from icpkit.batch.arguments import shown, whole_number
from icpkit.batch.causes import (
    STATUSES,
    AttributeChange,
    Cause,
    Causes,
    Kind,
    Migration,
    Pairs,
    Standing,
    Step,
    difference,
    main_cause,
    plain,
    standing_of,
)
from icpkit.batch.kernels import ranks
from icpkit.batch.move_faces import change_text, changes_html, changes_text
from icpkit.batch.scores import row_of
from icpkit.columns import Floats, Places
from icpkit.errors import near
from icpkit.markup import visible
from icpkit.words import ENGLISH, Words

if TYPE_CHECKING:
    from icpkit.batch.scores import Scores

KINDS: Final[tuple[Kind, ...]] = ("entered", "left", "up", "down", "status", "held", "same")
_ENTERED, _LEFT, _UP, _DOWN, _STATUS, _HELD, _SAME = range(len(KINDS))
#: Which way the tier went, by kind.
_WAYS: Final = np.array([0, 0, 1, -1, 0, 0, 0], np.int8)


@attrs.frozen(slots=False)
class AccountChange:
    """What became of one account.

    Attributes:
        key: the account's key.
        kind: ``"entered"``, ``"left"``, ``"up"``, ``"down"``, ``"status"`` where it has another status, ``"held"``
            where it crossed a cut by too little to count, or ``"same"``.
        before: how it stood, None where it was not there.
        after: how it stands, None where it is not there.
        changes: the comparison that it is from.
    """

    key: Any
    kind: Kind
    before: Standing | None
    after: Standing | None
    _rows: tuple[int, int] = attrs.field(repr=False, eq=False)
    changes: "Changes" = attrs.field(repr=False, eq=False)

    @property
    def millionths(self) -> int | None:
        """How much the fit rose, in whole millionths; None where there is no fit on one side."""
        return None if self.before is None or self.after is None else difference(self.before, self.after)

    @property
    def points(self) -> float | None:
        """How many points the fit rose; None where there is no fit on one side."""
        return None if self.millionths is None else self.millionths / 1e6

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """What time, data and the profile did, in this order; empty for who entered or left.

        The old data are scored at the new moment, then the new data, both by the old profile; then by the new one.
        Where all steps have millionths, these sum to those of the change.
        """
        return self.changes.causes.steps(*self._rows) if self.before is not None and self.after is not None else ()

    @cached_property
    def cause(self) -> Cause | None:
        """What did most: ``"time"``, ``"data"`` or ``"profile"``; None for who entered or left, and where nothing did.

        Who has another status owes it to the last step that changed the status; else it is the step that moved the fit
        furthest in the direction in which it went. Who went up or down against the fit owes it to other cuts of the
        profile.
        """
        return main_cause(self.steps, int(_WAYS[KINDS.index(self.kind)]))

    @cached_property
    def attributes(self) -> tuple[AttributeChange, ...]:
        """The attributes that the old profile reads and whose values are others now."""
        return self.changes.causes.attributes(*self._rows) if self.before is not None and self.after is not None else ()

    def to_text(self, words: Words = ENGLISH) -> str:
        """Tell in a line what became of the account, and why."""
        return visible(change_text(self, words))

    def __str__(self) -> str:
        """Tell it in English."""
        return self.to_text()

    def to_dict(self) -> dict[str, Any]:
        """Give plain data."""
        return {
            "key": self.key,
            "kind": self.kind,
            "before": None if self.before is None else self.before._asdict(),
            "after": None if self.after is None else self.after._asdict(),
            "points": self.points,
            "cause": self.cause,
            "steps": {one.cause: None if one.millionths is None else one.millionths / 1e6 for one in self.steps},
            "attributes": {
                one.attribute: {"before": plain(one.before), "after": plain(one.after)} for one in self.attributes
            },
        }


@attrs.frozen(eq=False, repr=False, slots=False)
class Changes(Sequence[AccountChange]):
    """What became of the accounts from one run to the next: a sequence of those that moved, or that were chosen.

    Counts, migration, `all`, `only` and `by_at_least` know every account; once some are chosen, choosing goes on among
    these.

    Attributes:
        before: the scores of the old run.
        after: the scores of the new one.
        hysteresis: by more than how many points a fit must have crossed a cut to count as a move.
    """

    before: "Scores"
    after: "Scores"
    hysteresis: float
    _pairs: Pairs
    _shown: Places
    _whole: bool = attrs.field(default=False, alias="whole")

    def __len__(self) -> int:
        """Count the accounts that moved, or that were asked for."""
        return len(self._shown)

    @overload
    def __getitem__(self, index: int) -> AccountChange: ...
    @overload
    def __getitem__(self, index: slice) -> "Changes": ...
    def __getitem__(self, index: int | slice) -> "AccountChange | Changes":
        """Give one change by its place, or some.

        Raises:
            TypeError: for what is no place.
        """
        if not isinstance(index, slice) and not hasattr(index, "__index__"):
            raise TypeError(f"a place must be a whole number (got {shown(index)}); changes.of(…) takes a key")
        if isinstance(index, slice):
            return self._with(self._shown[index])
        return self._change(int(self._shown[index]))

    def __iter__(self) -> Iterator[AccountChange]:
        """Give the changes one by one."""
        return map(self._change, self._shown.tolist())

    def of(self, key: Any) -> AccountChange:
        """Give what became of one account, whether it moved or not.

        Raises:
            KeyError: for a key that neither run has.
        """
        row = row_of(self.after.batch, key)
        if row is not None:
            return self._change(row)
        row = row_of(self.before.batch, key)
        if row is None:
            hint = near(str(key), map(str, self.after.keys))
            raise KeyError(f"neither run has the key {shown(key)}" + (f"; {hint}" if hint else ""))
        return self._change(len(self.after) + int(np.searchsorted(self._pairs.before[len(self.after) :], row)))

    def _change(self, place: int) -> AccountChange:
        rows = int(self._pairs.before[place]), int(self._pairs.after[place])
        key = self.before.keys[rows[0]] if rows[1] < 0 else self.after.keys[rows[1]]
        was, now = standing_of(self.before, rows[0]), standing_of(self.after, rows[1])
        return AccountChange(key, KINDS[self._pairs.kinds[place]], was, now, rows, self)

    # What is counted

    @cached_property
    def counts(self) -> dict[Kind, int]:
        """How many accounts there are of each kind, among all."""
        return dict(zip(KINDS, np.bincount(self._pairs.kinds, minlength=len(KINDS)).tolist(), strict=True))

    @cached_property
    def migration(self) -> Migration:
        """How many accounts went from which tier to which, among all."""
        before, was = _places(self.before, self._pairs.before)
        after, now = _places(self.after, self._pairs.after)
        counts = np.bincount(was * len(after) + now, minlength=len(before) * len(after)).reshape(len(before), -1)
        return Migration(before, after, tuple(map(tuple, counts.tolist())))

    # Some of them

    @property
    def pairs(self) -> Pairs:
        """These accounts as arrays, in this order."""
        found, shown = self._pairs, self._shown
        return Pairs(found.before[shown], found.after[shown], found.kinds[shown], found.rise[shown])

    @property
    def all(self) -> "Changes":
        """Every account of both runs, whether it moved or not."""
        return self._with(np.arange(len(self._pairs.kinds)))

    @property
    def unmoved(self) -> "Changes":
        """The accounts that are in the same tier, or without one for the same reason."""
        return self._with(np.flatnonzero(self._pairs.kinds == _SAME))

    def only(self, *kinds: Kind) -> "Changes":
        """Give the changes of these kinds, ``"same"`` among them.

        Raises:
            ValueError: for another kind.
        """
        for kind in kinds:
            if kind not in KINDS:
                raise ValueError(f"a kind must be one of {', '.join(KINDS)} (got {shown(kind)})")
        wanted, among = [KINDS.index(kind) for kind in kinds], self._among
        return self._with(among[np.isin(self._pairs.kinds[among], wanted)])

    def into(self, *tiers: str) -> "Changes":
        """Give the changes of the accounts that are in one of these tiers now.

        Raises:
            ValueError: for a tier that the new profile does not have.
        """
        return self._with(self._shown[_within(self.after, self._pairs.after[self._shown], tiers)])

    def out_of(self, *tiers: str) -> "Changes":
        """Give the changes of the accounts that were in one of these tiers.

        Raises:
            ValueError: for a tier that the old profile does not have.
        """
        return self._with(self._shown[_within(self.before, self._pairs.before[self._shown], tiers)])

    def by_at_least(self, points: float) -> "Changes":
        """Give the changes of the accounts whose fit rose or fell by so many points, in another tier or not.

        Raises:
            ValueError: for what is no number of points, or one below 0.
        """
        enough, among = round(checked_points("points", points) * 1e6), self._among
        return self._with(among[np.abs(self._pairs.rise[among]) >= enough])

    def weightiest(self, count: int) -> "Changes":
        """Give the changes by which the fit rose or fell most, the greatest first.

        Who entered, left or has another status counts by its fit: what a gate shuts out is worth as much as it was.

        Raises:
            TypeError: for a count that is no whole number.
            ValueError: for one below 0.
        """
        count = whole_number("count", count)
        sizes = np.abs(self._pairs.rise[self._shown])
        sizes[self._pairs.kinds[self._shown] == _STATUS] = np.nan
        for scores, rows in ((self.before, self._pairs.before), (self.after, self._pairs.after)):
            lacking = np.isnan(sizes)
            places = rows[self._shown][lacking]
            found = np.full(len(places), np.nan)
            found[places >= 0] = scores.outcomes.fit[places[places >= 0]] * 1e6
            sizes[lacking] = found
        return self._with(self._shown[np.argsort(-np.nan_to_num(sizes, nan=-1.0), kind="stable")[:count]])

    @property
    def _among(self) -> Places:
        """The accounts to choose from: all, until some are chosen."""
        return np.arange(len(self._pairs.kinds)) if self._whole else self._shown

    def _with(self, chosen: Places) -> "Changes":
        return Changes(self.before, self.after, self.hysteresis, self._pairs, chosen)

    @cached_property
    def causes(self) -> Causes:
        """What explains each change, one account at a time."""
        return Causes(self.before, self.after)

    def to_frame(self) -> Any:
        """Give a table of these changes, of the kind that the new accounts came in, in their order.

        Its columns are ``key``, ``kind``, ``tier_before``, ``tier_after``, ``fit_before``, ``fit_after``,
        ``status_before``, ``status_after``, ``points`` (by how much the fit rose), ``cause`` (what did most) and
        ``points_time``, ``points_data``, ``points_profile``, which sum to ``points``, to the millionth, where the
        account had a fit all the way. All accounts are scored at once for it.

        >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_low=0)])])
        >>> was, now = (
        ...     icp.score_batch(profile, [{"id": "acme", "employees": size}], key="id", as_of="2026-11-21")
        ...     for size in (35, 45)
        ... )
        >>> [row] = changes(was, now).to_frame()
        >>> row["kind"], row["tier_before"], row["tier_after"], row["points"], row["cause"]
        ('up', 'Strong', 'Perfect', 20.0, 'data')
        """
        from icpkit.batch.move_tables import changes_frame  # noqa: PLC0415  # who only compares does without tables

        pairs, shown = self._pairs, self._shown
        kinds = pairs.kinds[shown]
        return changes_frame(self, pairs.before[shown], pairs.after[shown], Categories(kinds, KINDS), _WAYS[kinds])

    # Faces

    def to_text(self, words: Words = ENGLISH, *, most: int = 10) -> str:
        """Tell what changed: counts, tiers then and now, and the weightiest changes of each kind, explained.

        Args:
            words: the words to use.
            most: how many changes of each kind are told.
        """
        return changes_text(self, words, most=most)

    def to_html(self, *, words: Words = ENGLISH, full: bool = True, most: int = 10) -> str:
        """Write the same as HTML, which loads and runs nothing.

        Args:
            words: the words to use.
            full: a whole page, or else a fragment to put into one, as notebooks show it.
            most: how many changes of each kind are told.
        """
        return changes_html(self, words, full=full, most=most)

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        return self.to_html(full=False)

    def __str__(self) -> str:
        """Tell it in English."""
        return self.to_text()

    def __repr__(self) -> str:
        """Say in one line what there is."""
        every, among = len(self._pairs.kinds), self._among
        found = np.bincount(self._pairs.kinds[among], minlength=len(KINDS)).tolist()
        counts = ", ".join(f"{count:,} {kind}" for kind, count in zip(KINDS, found, strict=True) if count)
        chosen = "" if self._whole else f"{len(among):,} of "
        accounts = f"{chosen}{every:,} accounts" if every else "no accounts"
        return f"<Changes: {accounts}{': ' if counts else ''}{counts}>"


def changes(before: "Scores", after: "Scores", *, hysteresis: float = 0) -> Changes:
    """Compare two runs: who entered, who left, who went up or down a tier, and why.

    Accounts are the same where their keys are equal, or where both runs scored one batch. Tiers are compared by their
    place in the scale; where the two profiles name their tiers differently, both fits are read on the new scale.
    Whoever is held is in the tier that its scores say; compare the next run with the scores that were last acted upon,
    or a move that was held is never told.

    Args:
        before: the scores of the old run.
        after: the scores of the new one.
        hysteresis: by more than how many points a fit must have crossed a cut to count as a move; else it is
            ``"held"``. 0 counts every move.

    Raises:
        TypeError: for anything but two `Scores`.
        ValueError: for scores of two batches without keys, keys of different kinds, or a hysteresis below 0.

    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_low=0)])])
    >>> last_week = {"id": ["acme", "globex"], "employees": [35, 45]}
    >>> this_week = {"id": ["acme", "initech"], "employees": [45, 20]}
    >>> was = icp.score_batch(profile, last_week, key="id", as_of="2026-11-14")
    >>> now = icp.score_batch(profile, this_week, key="id", as_of="2026-11-21")
    >>> for one in changes(was, now):
    ...     print(one.key, one.kind, one.points, [(step.cause, step.millionths) for step in one.steps])
    acme up 20.0 [('time', 0), ('data', 20000000), ('profile', 0)]
    initech entered None []
    globex left None []
    """
    _check(before, after, hysteresis)
    pairs = _alike(before, after, hysteresis) if before.batch is after.batch else _pairs(before, after, hysteresis)
    kinds = pairs.kinds
    return Changes(before, after, float(hysteresis), pairs, np.flatnonzero(kinds != _SAME), whole=True)


def _check(before: Any, after: Any, hysteresis: Any) -> None:
    from icpkit.batch.scores import Scores  # noqa: PLC0415  # it may show changes, and is loaded by now

    for scores in (before, after):
        if not isinstance(scores, Scores):
            raise TypeError(
                f"changes() needs the Scores of two runs, as score_batch gives them (got {type(scores).__name__})"
            )
    checked_points("hysteresis", hysteresis)
    for called, scores in (("before", before), ("after", after)):
        if scores.batch.key is None and before.batch is not after.batch:
            raise ValueError(
                f"changes() must know accounts by their keys (got none in {called!r})\n\n"
                "Hint: name the column that holds them: score_batch(…, key=…)"
            )


def _alike(before: "Scores", after: "Scores", hysteresis: float) -> Pairs:
    """Pair the accounts of one batch, who are in both runs."""
    rows, everybody = np.arange(len(after)), slice(None)
    rise = _millionths(after.outcomes.fit) - _millionths(before.outcomes.fit)
    return Pairs(rows, rows, _kinds(before, after, everybody, everybody, hysteresis), rise)


def _pairs(before: "Scores", after: "Scores", hysteresis: float) -> Pairs:
    """Pair accounts by their keys."""
    rows = _aligned(before, after)
    gone = np.ones(len(before), np.bool_)
    gone[rows[rows >= 0]] = False
    left = np.flatnonzero(gone)
    was = np.concatenate((rows, left))
    now = np.concatenate((np.arange(len(after)), np.full(len(left), -1, np.intp)))
    there = np.flatnonzero((was >= 0) & (now >= 0))
    rise = np.full(len(was), np.nan)
    rise[there] = _millionths(after.outcomes.fit[now[there]]) - _millionths(before.outcomes.fit[was[there]])
    kinds = np.full(len(was), _SAME, np.int8)
    kinds[was < 0], kinds[now < 0] = _ENTERED, _LEFT
    kinds[there] = _kinds(before, after, was[there], now[there], hysteresis)
    return Pairs(was, now, kinds, rise)


def _aligned(before: "Scores", after: "Scores") -> Places:
    """Give the row in the old run of each account of the new one, -1 where it was not there."""
    old, new = list(before.keys), list(after.keys)
    if old == new:
        return np.arange(len(new))
    row_of = before.batch.row_of
    rows = np.fromiter(map(row_of.get, new, repeat(-1)), np.intp, len(new))
    if not (rows >= 0).any() and not {str(key) for key in old}.isdisjoint(str(key) for key in new):
        raise ValueError(
            f"changes() must find keys of one kind in both runs (got {type(old[0]).__name__} before, "
            f"{type(new[0]).__name__} after)\n\nHint: make text of both before scoring, or numbers"
        )
    return rows


def _millionths(fits: Floats) -> Floats:
    return np.rint(fits * 1e6)


def _kinds(
    before: "Scores", after: "Scores", was: Places | slice, now: Places | slice, hysteresis: float
) -> NDArray[np.int8]:
    """Tell what became of the accounts that are in both runs."""
    scale = after.profile.tiers
    old_rank = before.outcomes.tier[was]
    new_rank = after.outcomes.tier[now]
    statuses = before.outcomes.status[was], after.outcomes.status[now]
    scored = (statuses[0] == 0) & (statuses[1] == 0)
    if [tier.name for tier in before.profile.tiers.tiers] != [tier.name for tier in scale.tiers]:
        old_rank = ranks(scale, before.outcomes.fit[was])
    kinds = np.where(statuses[0] != statuses[1], np.int8(_STATUS), np.int8(_SAME))
    up, down = scored & (new_rank < old_rank), scored & (new_rank > old_rank)
    kinds[up], kinds[down] = _UP, _DOWN
    if hysteresis:
        # The first cut on the way: above the old tier, or its own.
        cuts = np.array([round(tier.cut * 1e6) for tier in scale.tiers], np.float64)
        fits, enough = _millionths(after.outcomes.fit[now]), round(hysteresis * 1e6)
        beyond = np.where(up, fits - cuts[np.maximum(old_rank - 1, 0)], cuts[old_rank] - fits)
        kinds[(up | down) & (beyond <= enough)] = _HELD
    return kinds


def _places(scores: "Scores", rows: Places) -> tuple[tuple[str, ...], Places]:
    """Give where accounts are: the tiers, the statuses without one, or nowhere; and each account's place."""
    names = tuple(tier.name for tier in scores.profile.tiers.tiers)
    ranks, statuses = scores.outcomes.tier, scores.outcomes.status
    places = np.where(statuses == 0, ranks, np.int16(len(names) - 1) + statuses).astype(np.intp)
    return (*names, *STATUSES[1:], "absent"), np.append(places, len(names) + 2)[rows]  # -1 is the last


def _within(scores: "Scores", rows: Places, tiers: tuple[str, ...]) -> NDArray[np.bool_]:
    names = [tier.name for tier in scores.profile.tiers.tiers]
    for tier in tiers:
        if tier not in names:
            hint = near(str(tier), names) or ", ".join(names)
            raise ValueError(f"{scores.profile.name!r} has no tier {shown(tier)}; {hint}")
    wanted = [names.index(tier) for tier in tiers]
    return (rows >= 0) & np.isin(scores.outcomes.tier[rows], wanted)
