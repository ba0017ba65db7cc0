"""What each edit of a profile does to accounts: they are scored by every profile on the way from the old to the new."""

import math
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import attrs
import numpy as np
from numpy.typing import NDArray

from icpkit.adapters.values import plain_column
from icpkit.batch.causes import STATUSES, Standing, difference, values_in
from icpkit.batch.encoding import Batch
from icpkit.batch.kernels import ranks
from icpkit.batch.moves import KINDS
from icpkit.batch.plan import ask_of
from icpkit.batch.scores import Scores
from icpkit.batch.scoring import score_batch
from icpkit.columns import Floats, Places, column_of_values
from icpkit.differences import Diff
from icpkit.edits import Edit, edits_of
from icpkit.evaluation import MISSING
from icpkit.profile import Profile
from icpkit.tiers import TierScale

#: How many accounts are scored at a time by all profiles on the way, so that the memory that it takes has a bound.
_PIECE: Final = 250_000
_UP, _DOWN, _STATUS = (KINDS.index(kind) for kind in ("up", "down", "status"))


@attrs.frozen
class EditStep:
    """What one edit did to an account, the edits before it having been made.

    Attributes:
        edit: the edit.
        before: how the account stood before.
        after: how it stood afterwards.
    """

    edit: Edit
    before: Standing
    after: Standing

    @property
    def millionths(self) -> int | None:
        """What it added to the fit, in whole millionths; None where there is no fit on one side."""
        return difference(self.before, self.after)

    @property
    def points(self) -> float | None:
        """What it added to the fit; None where there is no fit on one side."""
        return None if self.millionths is None else self.millionths / 1e6


@attrs.frozen
class EditEffect:
    """What one edit did to some accounts, the edits before it having been made.

    Attributes:
        edit: the edit.
        raised: how many fits it raised.
        lowered: how many it lowered.
        millionths: what it added to all fits, in whole millionths, where an account has a fit on both sides.
        up: how many accounts went up a tier for which it is the weightiest edit.
        down: how many went down a tier for which it is.
        status: how many have another status for which it is.
    """

    edit: Edit
    raised: int
    lowered: int
    millionths: int
    up: int
    down: int
    status: int

    @property
    def points(self) -> float:
        """What it added to all fits, in points."""
        return self.millionths / 1e6

    @property
    def moves(self) -> int:
        """How many accounts changed tier or status for which it is the weightiest edit."""
        return self.up + self.down + self.status


@attrs.frozen(eq=False)
class Stages:
    """How some accounts stand by each profile on the way: rows are profiles, the old one first; columns are accounts.

    Attributes:
        fits: in millionths, NaN where there is none.
        statuses: places in `STATUSES`.
        tiers: places in the profile's scale, -1 for none.
    """

    fits: Floats
    statuses: NDArray[np.int8]
    tiers: NDArray[np.int16]

    def take(self, places: Places) -> "Stages":
        """Give some of the accounts."""
        return Stages(self.fits[:, places], self.statuses[:, places], self.tiers[:, places])


@attrs.frozen(eq=False, slots=False)
class Splits:
    """Splits changes of fits over edits.

    Attributes:
        before: the scores by the old profile.
        after: the scores by the new one.
        diff: what changed from the one profile to the other.
        movers: the accounts that changed tier or status, in rising order.
        threads: how many threads score.
    """

    before: Scores
    after: Scores
    diff: Diff
    movers: Places
    threads: int | None

    @cached_property
    def edits(self) -> tuple[Edit, ...]:
        """What leads from the one profile to the other."""
        return edits_of(self.diff)

    @cached_property
    def weighty(self) -> tuple[Edit, ...]:
        """The edits that can move a score; stages have one more row than there are of these."""
        return tuple(edit for edit in self.edits if edit.scores)

    @cached_property
    def _of_movers(self) -> Stages:
        return self._scored(self.movers)

    def stages(self, rows: Places) -> Stages:
        """Tell how accounts stand by each profile on the way; all movers are scored at once, when one is asked for."""
        places = np.searchsorted(self.movers, rows)
        known = places < len(self.movers)
        known[known] = self.movers[places[known]] == rows[known]
        return self._of_movers.take(places) if known.all() else self._scored(rows)

    def _scored(self, rows: Places) -> Stages:
        """Score accounts by the profiles between the two; those of both ends are known."""
        between = [edit.after for edit in self.weighty[:-1]]
        stages = Stages(*(np.empty((len(self.weighty) + 1, len(rows)), kind) for kind in (float, np.int8, np.int16)))
        for place, scores in ((0, self.before), (-1, self.after)):
            _fill(stages, place, slice(None), scores.outcomes, rows)
        for start in range(0, len(rows) if between else 0, _PIECE):
            piece = slice(start, start + _PIECE)
            some = self._taken(rows[piece], between)
            as_of = self.before.moments.take(rows[piece]).given
            found = score_batch(between, some, as_of=as_of, on_invalid="unknown", threads=self.threads)
            for place, scores in enumerate(found, 1):
                _fill(stages, place, piece, scores.outcomes, slice(None))
        return stages

    def _taken(self, rows: Places, profiles: list[Profile]) -> Batch:
        """Take accounts, with the attributes that no profile reads but some on the way: their weight was 0 before.

        Such values come from the table, and are unknown where that does not hold them.
        """
        taken = self.before.batch.take(rows)
        asked = dict.fromkeys(function.attribute for profile in profiles for function in ask_of(profile).functions)
        columns = dict(taken.columns)
        for attribute in asked:
            if attribute not in columns:
                values = values_in(self.before, attribute, rows.tolist())
                known = [None if value is MISSING else value for value in values]
                columns[attribute] = column_of_values(plain_column(known))
        return Batch(columns, len(rows))

    def steps(self, row: int) -> tuple[EditStep, ...]:
        """Tell what each edit did to one account."""
        stages, weighty = self.stages(np.array([row])), self.weighty
        scales = [self.before.profile.tiers, *(edit.after.tiers for edit in weighty)]
        standings = [_standing(stages, place, scale) for place, scale in enumerate(scales)]
        pairs = dict(zip((edit.number for edit in weighty), pairwise(standings), strict=True))
        here, steps = standings[0], []
        for edit in self.edits:
            before, after = pairs.get(edit.number, (here, here))
            steps.append(EditStep(edit, before, after))
            here = after
        return tuple(steps)

    def weightiest(self, stages: Stages, kinds: NDArray[np.int8]) -> NDArray[np.intp]:
        """Find the edit that did most to each account, as its place among the weighty ones, -1 where none did.

        Args:
            stages: how the accounts stand on the way.
            kinds: what became of each, as places in `KINDS`.
        """
        ways = (kinds == _UP).astype(np.int8) - (kinds == _DOWN)
        return weightiest_edits(stages, ways, self._cuts(stages, ways))

    def _cuts(self, stages: Stages, ways: NDArray[np.int8]) -> Floats:
        """Give by each profile the first cut that an account crossed on its way, in millionths; 0 for who did not."""
        old, new = self.before.profile.tiers, self.after.profile.tiers
        same = [tier.name for tier in old.tiers] == [tier.name for tier in new.tiers]
        scales = [old if same else new, *(edit.after.tiers if same else new for edit in self.weighty)]
        # Where tiers have other names, both fits are read on the new scale.
        rank = stages.tiers[0] if same else ranks(new, stages.fits[0] / 1e6)
        place = np.maximum(rank.astype(np.intp) - (ways > 0), 0)
        cuts = np.array([[round(tier.cut * 1e6) for tier in scale.tiers] for scale in scales], np.float64)
        return np.where(ways == 0, 0.0, cuts[:, place])

    def effects(self, rows: Places, kinds: NDArray[np.int8]) -> tuple[EditEffect, ...]:
        """Tell what each edit did to some accounts.

        Args:
            rows: the accounts.
            kinds: what became of each, as places in `KINDS`.
        """
        stages = self.stages(rows)
        main, steps = self.weightiest(stages, kinds), np.diff(stages.fits, axis=0)
        places = {edit.number: place for place, edit in enumerate(self.weighty)}
        return tuple(_effects(self.edits, places, steps, main, kinds))


def weightiest_edits(stages: Stages, ways: NDArray[np.int8], cuts: Floats) -> NDArray[np.intp]:
    """Find the edit that did most to each account, as the place of its step, -1 where none did anything.

    Who has another status, or no fit on the way, owes it to the last edit that changed the status. Who went up or down
    a tier owes it to the edit that took the fit furthest in that direction; to move the cut past the fit counts as much
    as to move the fit. Everybody else owes it to the edit that moved the fit furthest in the direction in which it
    went.

    Args:
        stages: how accounts stand by each profile on the way.
        ways: 1 for those that went up a tier, -1 for down, 0 for others.
        cuts: the cut that each crossed, in millionths, by each profile on the way.
    """
    if len(stages.fits) == 1:
        return np.full(len(ways), -1, np.intp)
    beyond = stages.fits - cuts
    crossed = (beyond[1:] >= 0) != (beyond[:-1] >= 0)
    steps = np.diff(stages.fits, axis=0) - np.where(crossed, np.diff(cuts, axis=0), 0.0)
    turned = stages.statuses[1:] != stages.statuses[:-1]
    last = np.where(turned.any(axis=0), len(turned) - 1 - np.argmax(turned[::-1], axis=0), -1)
    signs = np.where(ways == 0, np.sign(stages.fits[-1] - stages.fits[0]), ways)
    forth = np.where(signs == 0, np.abs(steps), steps * signs)
    found = np.where((forth > 0).any(axis=0), np.argmax(forth, axis=0), -1)
    return np.where((stages.statuses[0] != stages.statuses[-1]) | np.isnan(steps).any(axis=0), last, found)


def _fill(stages: Stages, place: int, piece: slice, outcomes: Any, rows: Places | slice) -> None:
    stages.fits[place, piece] = np.rint(outcomes.fit[rows] * 1e6)
    stages.statuses[place, piece] = outcomes.status[rows]
    stages.tiers[place, piece] = outcomes.tier[rows]


def _standing(stages: Stages, place: int, scale: TierScale) -> Standing:
    fit, rank = float(stages.fits[place, 0]), int(stages.tiers[place, 0])
    tier = None if rank < 0 else scale.tiers[rank].name
    return Standing(None if math.isnan(fit) else fit / 1e6, tier, STATUSES[stages.statuses[place, 0]])


def _effects(
    edits: tuple[Edit, ...], places: dict[int, int], steps: Floats, main: NDArray[np.intp], kinds: NDArray[np.int8]
) -> Iterator[EditEffect]:
    for edit in edits:
        place = places.get(edit.number)
        if place is None:
            yield EditEffect(edit, 0, 0, 0, 0, 0, 0)
            continue
        step, mine = steps[place], kinds[main == place]
        moves = [int(np.count_nonzero(mine == kind)) for kind in (_UP, _DOWN, _STATUS)]
        total = int(np.nansum(step))  # whole millionths, which add exactly
        yield EditEffect(edit, int(np.count_nonzero(step > 0)), int(np.count_nonzero(step < 0)), total, *moves)
