"""A change of a profile replayed on many accounts before it is published: who moves, and which edit moves them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, overload

import attrs
import numpy as np

from icpkit.adapters.source import Categories
from icpkit.analysis.capacity import TierLoad, checked_capacity, loads_of
from icpkit.analysis.replay_faces import mover_text, replay_html, replay_svg, replay_text
from icpkit.analysis.splits import EditEffect, EditStep, Splits
from icpkit.batch.arguments import shown
from icpkit.batch.causes import Kind, Migration, Standing, difference
from icpkit.batch.move_tables import frame_of, standing_columns
from icpkit.batch.moves import KINDS, Changes, changes
from icpkit.batch.scores import Scores, row_of
from icpkit.batch.scoring import score_batch
from icpkit.differences import Diff, diff
from icpkit.edits import Edit
from icpkit.errors import near
from icpkit.profile import Profile
from icpkit.typing import OnInvalid
from icpkit.words import ENGLISH, Words


@attrs.frozen(slots=False)
class Mover:
    """What a change of a profile does to one account.

    Attributes:
        key: the account's key.
        kind: ``"up"``, ``"down"``, ``"status"`` where it gets another status, or ``"same"``.
        before: how it stands by the old profile.
        after: how it stands by the new one.
        replay: the replay that it is from.
    """

    key: Any
    kind: Kind
    before: Standing
    after: Standing
    _row: int = attrs.field(repr=False, eq=False)
    replay: "Replay" = attrs.field(repr=False, eq=False)

    @property
    def millionths(self) -> int | None:
        """How much the fit rises, in whole millionths; None where there is no fit on one side."""
        return difference(self.before, self.after)

    @property
    def points(self) -> float | None:
        """How many points the fit rises; None where there is no fit on one side."""
        return None if self.millionths is None else self.millionths / 1e6

    @cached_property
    def steps(self) -> tuple[EditStep, ...]:
        """What each edit does, one after another in the order of `Replay.edits`.

        Where all steps have millionths, these sum exactly to those of the change.
        """
        return self.replay.splits.steps(self._row)

    @cached_property
    def edit(self) -> Edit | None:
        """The edit that does most; None where none does anything.

        Who gets another status owes it to the last edit that changes the status. Who goes up or down a tier owes it to
        the edit that takes the fit furthest that way; to move the cut past the fit counts as much as to move the fit.
        Everybody else owes it to the edit that moves the fit furthest in its direction.
        """
        splits = self.replay.splits
        kinds = np.array([KINDS.index(self.kind)], np.int8)
        place = int(splits.weightiest(splits.stages(np.array([self._row])), kinds)[0])
        return None if place < 0 else splits.weighty[place]

    def to_text(self, words: Words = ENGLISH) -> str:
        """Tell in a line what becomes of the account, and by which edits."""
        return mover_text(self, words)

    def __str__(self) -> str:
        """Tell it in English."""
        return self.to_text()

    def to_dict(self) -> dict[str, Any]:
        """Give plain data; steps by the numbers of their edits."""
        return {
            "key": self.key,
            "kind": self.kind,
            "before": self.before._asdict(),
            "after": self.after._asdict(),
            "points": self.points,
            "edit": None if self.edit is None else self.edit.number,
            "steps": {str(step.edit.number): step.points for step in self.steps},
        }


@attrs.frozen(eq=False, repr=False, slots=False)
class Replay(Sequence[Mover]):
    """What a change of a profile does to many accounts: a sequence of those that change tier or status.

    The weightiest come first: those whose fit moves most, and with another status those of the highest fit. Counts,
    migration and tiers know every account; effects and tables tell of those that are in the sequence.

    Attributes:
        before: the scores by the old profile.
        after: the scores by the new one.
        diff: what changed in the profile.
        names: what the two profiles are called.
        capacity: how many accounts the team can work, by tier.
        splits: splits changes over edits.
    """

    before: Scores
    after: Scores
    diff: Diff
    names: tuple[str, str]
    capacity: Mapping[str, int]
    _changes: Changes
    splits: Splits

    def __len__(self) -> int:
        """Count the accounts that move, or that were asked for."""
        return len(self._changes)

    @cached_property
    def _ranked(self) -> Changes:
        """The accounts of the sequence in its order."""
        return self._changes.weightiest(len(self._changes))

    @overload
    def __getitem__(self, index: int) -> Mover: ...
    @overload
    def __getitem__(self, index: slice) -> "Replay": ...
    def __getitem__(self, index: int | slice) -> "Mover | Replay":
        """Give one mover by its place, or some.

        Raises:
            TypeError: for what is no place.
        """
        if isinstance(index, slice):
            return attrs.evolve(self, changes=self._ranked[index])
        if not hasattr(index, "__index__"):
            raise TypeError(f"a place must be a whole number (got {shown(index)}); replay.of(…) takes a key")
        return self._mover(int(self._ranked.pairs.after[index]))

    def __iter__(self) -> Iterator[Mover]:
        """Give the movers one by one."""
        return map(self._mover, self._ranked.pairs.after.tolist())

    def of(self, key: Any) -> Mover:
        """Give what becomes of one account, whether it moves or not.

        Raises:
            KeyError: for a key that no account has.
        """
        row = row_of(self.after.batch, key)
        if row is None:
            hint = near(str(key), map(str, self.after.keys))
            raise KeyError(f"no account has the key {shown(key)}" + (f"; {hint}" if hint else ""))
        return self._mover(row)

    def _mover(self, row: int) -> Mover:
        change = self._every[row]
        assert change.before is not None  # the accounts are the same
        assert change.after is not None
        return Mover(change.key, change.kind, change.before, change.after, row, self)

    @cached_property
    def _every(self) -> Changes:
        return self._changes.all

    # What is counted

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What leads from the old profile to the new one, in the order in which it is made here."""
        return self.splits.edits

    @property
    def counts(self) -> dict[Kind, int]:
        """How many accounts go up, down, get another status or stay, among all."""
        return {kind: self._changes.counts[kind] for kind in ("up", "down", "status", "same")}

    @cached_property
    def migration(self) -> Migration:
        """How many accounts go from which tier to which, among all."""
        found = self._changes.migration  # nobody is absent, since the accounts are the same
        return Migration(found.before[:-1], found.after[:-1], tuple(row[:-1] for row in found.counts[:-1]))

    @cached_property
    def tiers(self) -> tuple[TierLoad, ...]:
        """How many accounts each tier holds before and after, against the capacity: the best tier first."""
        return loads_of(self.before, self.after, self.capacity)

    @cached_property
    def effects(self) -> tuple[EditEffect, ...]:
        """What each edit does to the accounts of this sequence, in the order of the edits."""
        pairs = self._changes.pairs
        return self.splits.effects(pairs.after, pairs.kinds)

    # Some of them

    @property
    def all(self) -> "Replay":
        """Every account, whether it moves or not."""
        return self._with(self._changes.all)

    def only(self, *kinds: Kind) -> "Replay":
        """Give the accounts of these kinds: ``"up"``, ``"down"``, ``"status"`` or ``"same"``.

        Raises:
            ValueError: for another kind.
        """
        return self._with(self._changes.only(*kinds))

    def into(self, *tiers: str) -> "Replay":
        """Give the movers that the new profile puts into one of these tiers.

        Raises:
            ValueError: for a tier that the new profile does not have.
        """
        return self._with(self._changes.into(*tiers))

    def out_of(self, *tiers: str) -> "Replay":
        """Give the movers that the old profile put into one of these tiers.

        Raises:
            ValueError: for a tier that the old profile does not have.
        """
        return self._with(self._changes.out_of(*tiers))

    def by_at_least(self, points: float) -> "Replay":
        """Give the accounts whose fit rises or falls by so many points, into another tier or not.

        Raises:
            ValueError: for what is no number of points, or one below 0.
        """
        return self._with(self._changes.by_at_least(points))

    def _with(self, some: Changes) -> "Replay":
        return attrs.evolve(self, changes=some)

    def to_frame(self) -> Any:
        """Give a table of these accounts, of the kind that they came in.

        Its columns are ``key``, ``kind``, ``tier_before``, ``tier_after``, ``fit_before``, ``fit_after``,
        ``status_before``, ``status_after``, ``points`` (by how much the fit rises), ``edit`` (the one that does most)
        and ``points_1``, ``points_2`` and so on by the numbers of the edits, which sum to ``points``, to the millionth,
        where the account has a fit all the way.

        >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_low=0)])])
        >>> wider = profile.with_criterion("Size", icp.Range("employees", 40, 500, soft_low=0))
        >>> [row] = replay(profile, wider, [{"employees": 35}], as_of="2026-11-21").to_frame()
        >>> row["kind"], row["points"], row["edit"], row["points_1"]
        ('up', 17.5, '1: Size / employees: low 50 → 40', 17.5)
        """
        pairs, splits = self._ranked.pairs, self.splits
        stages = splits.stages(pairs.after)
        columns = standing_columns(self._changes, pairs.before, pairs.after, Categories(pairs.kinds, KINDS))
        columns["points"] = (stages.fits[-1] - stages.fits[0]) / 1e6
        main, texts = splits.weightiest(stages, pairs.kinds), [f"{one.number}: {one.describe()}" for one in self.edits]
        numbers = [one.number for one in splits.weighty]
        columns["edit"] = [None if place < 0 else texts[numbers[place] - 1] for place in main.tolist()]
        place = 0
        for edit in self.edits:  # one that moves no score adds 0 wherever there is a fit
            before, place = stages.fits[place], place + edit.scores
            columns[f"points_{edit.number}"] = (stages.fits[place] - before) / 1e6
        return frame_of(self._changes, columns, len(self))

    def to_dict(self) -> dict[str, Any]:
        """Give plain data: both profiles, counts, migration, tiers, edits with their effects, and the movers.

        Raises:
            DefinitionError: for what no file can hold, in a criterion of your own.
        """
        plain = ("raised", "lowered", "points", "up", "down", "status")
        return {
            "before": {"called": self.names[0], **self.before.stamp},
            "after": {"called": self.names[1], **self.after.stamp},
            "accounts": len(self.after),
            "counts": dict(self.counts),
            "migration": attrs.asdict(self.migration),
            "tiers": [{**attrs.asdict(tier), "over": tier.over} for tier in self.tiers],
            "statuses": {"before": self.before.status_counts, "after": self.after.status_counts},
            "edits": [one.edit.to_dict() | {name: getattr(one, name) for name in plain} for one in self.effects],
            "movers": [mover.to_dict() for mover in self],
        }

    # Faces

    def to_text(self, words: Words = ENGLISH, *, most: int = 10) -> str:
        """Tell what the change does: tiers before and after, what each edit does, and the weightiest movers.

        Args:
            words: the words to use.
            most: how many movers of each kind are told.
        """
        return replay_text(self, words, most=most)

    def to_html(self, *, words: Words = ENGLISH, full: bool = True, most: int = 10) -> str:
        """Write the same as HTML with a picture, which loads and runs nothing.

        Args:
            words: the words to use.
            full: a whole page, or else a fragment to put into one, as notebooks show it.
            most: how many movers of each kind are told.
        """
        return replay_html(self, words, full=full, most=most)

    def to_svg(self, words: Words = ENGLISH) -> str:
        """Draw how accounts flow from the tiers before to those after."""
        return replay_svg(self, words)

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        return self.to_html(full=False)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Show it in notebooks, and one line where there is only text."""
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def __str__(self) -> str:
        """Tell it in English."""
        return self.to_text()

    def __repr__(self) -> str:
        """Say in one line what there is."""
        counts = ", ".join(f"{count:,} {kind}" for kind, count in self.counts.items() if count)
        edits, names = f"{len(self.edits)} edit{'' if len(self.edits) == 1 else 's'}", " → ".join(map(repr, self.names))
        accounts = f"{len(self.after):,} accounts" if len(self.after) else "no accounts"
        return f"<Replay: {names}, {edits}, {accounts}{': ' if counts else ''}{counts}>"


def replay(
    v1: Any,
    v2: Any,
    batch: Any,
    *,
    capacity: Mapping[str, int] | None = None,
    key: str | None = None,
    as_of: date | str | Iterable[Any] | None = None,
    fields: Any = None,
    unknown: Collection[str] = (),
    labels: Mapping[str, Any] | None = None,
    events: Mapping[str, Any] | None = None,
    on_invalid: OnInvalid = "raise",
    redact: bool = False,
    threads: int | None = None,
) -> Replay:
    """Try a change of a profile on many accounts: who moves, which edit moves them, and what it does to each tier.

    The accounts, their data and the moment are the same for both profiles, so that nothing but the change moves a
    score. What an edit does depends on those before it; they are made in the order of `icpkit.diff`.

    Args:
        v1: the profile as it is, or a version that holds it as its ``profile``.
        v2: the profile as it would be, or a version.
        batch: a table, as for `score_batch`, or a batch that was encoded before for both profiles.
        capacity: how many accounts the team can work, by tier of the new profile.
        key: the column that holds the accounts' keys.
        as_of: the moment of scoring, or a column of one for each account; None for now.
        fields: a field map, as for `encode`.
        unknown: attributes that may be absent, as for `encode`.
        labels: tables of labels, as for `encode`.
        events: tables of events, as for `encode`.
        on_invalid: ``"raise"``, or ``"unknown"`` to take values of the wrong kind as unknown.
        redact: keeps values out of error messages.
        threads: how many; None for as many as there are cores, or one for fewer than 200,000 accounts.

    Raises:
        AbsentKindError: where a kind of criterion is absent.
        AsOfError: for a moment that is naive or none.
        InvalidAccountError: for values of the wrong kind, all of them at once.
        TypeError: for what is no profile or no table, and for other arguments of the wrong kind.
        UnreadColumnsError: for columns that one of the profiles reads and that are not there.
        ValueError: for profiles about companies and about persons, and for a capacity below 0 or of an unknown tier.

    >>> profile = icp.Profile("SaaS", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_low=0)])])
    >>> wider = profile.with_criterion("Size", icp.Range("employees", 40, 500, soft_low=0))
    >>> accounts = {"id": ["acme", "globex"], "employees": [35, 90]}
    >>> found = replay(profile, wider, accounts, key="id", as_of="2026-11-21", capacity={"Perfect": 1})
    >>> for one in found:
    ...     print(one)
    acme: Strong 70.0 → Perfect 87.5 (+17.5): +17.5 by Size / employees: low 50 → 40
    >>> [(tier.name, tier.before, tier.after, tier.over) for tier in found.tiers][:2]
    [('Perfect', 1, 2, 1), ('Strong', 1, 0, None)]
    """
    profiles = _profiles(v1, v2, batch)
    room = checked_capacity(capacity, profiles[1])
    found = diff(*profiles)
    before, after = score_batch(
        profiles,
        batch,
        key=key,
        as_of=as_of,
        fields=fields,
        unknown=unknown,
        labels=labels,
        events=events,
        on_invalid=on_invalid,
        redact=redact,
        threads=threads,
    )
    moved = changes(before, after)
    splits = Splits(before, after, found, moved.pairs.after, threads)
    return Replay(before, after, found, _names(v1, v2, profiles), room, moved, splits)


def _profiles(v1: Any, v2: Any, batch: Any) -> list[Profile]:
    """Read the two profiles, of which versions hold one.

    Raises:
        TypeError: for what is neither.
        ValueError: where they are not about the same.
    """
    profiles = []
    for place, given in (("first", v1), ("second", v2)):
        profile = given if isinstance(given, Profile) else getattr(given, "profile", None)
        if not isinstance(profile, Profile):
            hint = ": icp.load reads one from a file" if isinstance(given, str) else ""
            if isinstance(batch, Profile) or isinstance(getattr(batch, "profile", None), Profile):
                hint = ": both profiles come before the accounts"
            raise TypeError(
                f"replay() needs a Profile, or a version that holds one, as its {place} argument "
                f"(got {shown(given)}){hint}"
            )
        profiles.append(profile)
    first, second = profiles
    if first.about != second.about:
        raise ValueError(
            f"replay() must compare profiles that score the same (got {first.name!r} about={first.about!r} and "
            f"{second.name!r} about={second.about!r})"
        )
    return profiles


def _names(v1: Any, v2: Any, profiles: Sequence[Profile]) -> tuple[str, str]:
    """Tell what two profiles are called, with the numbers of versions that have one."""
    names = []
    for given, profile in zip((v1, v2), profiles, strict=True):
        number = None if isinstance(given, Profile) else getattr(given, "number", None)
        names.append(f"{profile.name} v{number}" if isinstance(number, int) else profile.name)
    return names[0], names[1]
