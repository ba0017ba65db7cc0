"""Why a fit is another than before: what time, data and the profile did, in whole millionths that sum exactly."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from icpkit import views
from icpkit.adapters.values import plain_column
from icpkit.batch.plan import ask_of
from icpkit.columns import Floats, Places, column_of_values
from icpkit.evaluation import MISSING, look_up
from icpkit.scoring import Score, Scorer
from icpkit.typing import Status

if TYPE_CHECKING:
    from icpkit.batch.kernels import Outcomes
    from icpkit.batch.scores import Scores

#: What became of an account.
Kind: TypeAlias = Literal["entered", "left", "up", "down", "status", "held", "same"]
#: What moves a fit: time goes by, data change, the profile changes.
Cause: TypeAlias = Literal["time", "data", "profile"]
CAUSES: Final[tuple[Cause, ...]] = ("time", "data", "profile")
STATUSES: Final[tuple[Status, ...]] = ("scored", "disqualified", "insufficient data")


class Standing(NamedTuple):
    """How an account stands in one run.

    Attributes:
        fit: 0 to 100, or None where too little is known.
        tier: the tier's name, or None where the account is disqualified or has no fit.
        status: ``"scored"``, ``"disqualified"`` or ``"insufficient data"``.
    """

    fit: float | None
    tier: str | None
    status: Status


@attrs.frozen
class Step:
    """What one cause did to an account, the causes before it having done theirs.

    Attributes:
        cause: ``"time"``, ``"data"`` or ``"profile"``.
        before: how the account stood before.
        after: how it stood afterwards.
    """

    cause: Cause
    before: Standing
    after: Standing

    @property
    def millionths(self) -> int | None:
        """What it added to the fit, in whole millionths; None where there is no fit on one side."""
        return difference(self.before, self.after)


@attrs.frozen
class Migration:
    """How many accounts went from where to where.

    Attributes:
        before: the tiers of the old run, then ``"disqualified"``, ``"insufficient data"`` and ``"absent"``.
        after: those of the new run.
        counts: a row for each place before, with a number for each place after.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@attrs.frozen(eq=False)
class Pairs:
    """The accounts of two runs, those of the new one first.

    Attributes:
        before: their rows in the old run, -1 where they were not there.
        after: their rows in the new one, -1 where they are not there.
        kinds: what became of them, as places in `icpkit.batch.moves.KINDS`.
        rise: by how many millionths their fits rose, NaN where there is no fit on one side.
    """

    before: Places
    after: Places
    kinds: NDArray[np.int8]
    rise: Floats


@attrs.frozen
class AttributeChange:
    """An attribute whose value is another than before, and both values, None for unknown."""

    attribute: str
    before: Any
    after: Any


def difference(before: Standing, after: Standing) -> int | None:
    """Give the difference of two fits in whole millionths; None where there is no fit on one side."""
    if before.fit is None or after.fit is None:
        return None
    return round(after.fit * 1e6) - round(before.fit * 1e6)


def standing_of(scores: "Scores", row: int) -> Standing | None:
    """Tell how the account of a row stands; None for a row of -1."""
    if row < 0:
        return None
    fit, rank = float(scores.outcomes.fit[row]), int(scores.outcomes.tier[row])
    tier = None if rank < 0 else scores.profile.tiers.tiers[rank].name
    return Standing(None if math.isnan(fit) else fit, tier, STATUSES[scores.outcomes.status[row]])


def _of(score: Score) -> Standing:
    return Standing(score.fit, score.tier, score.status)


@attrs.frozen(eq=False, slots=False)
class Causes:
    """What explains the changes between two runs.

    The old data are scored at the new moment, then the new data, both by the old profile; then by the new one. Time
    goes first: what happened between the runs does not exist yet at the old moment, and would count for nothing.

    Attributes:
        before: the scores of the old run.
        after: the scores of the new one.
    """

    before: "Scores"
    after: "Scores"

    @cached_property
    def _scorer(self) -> Scorer:
        return Scorer(self.before.profile)

    def steps(self, before: int, after: int) -> tuple[Step, ...]:
        """Tell what time, data and the profile did to one account, by its rows in both runs."""
        then, now = self.before.moments.of(before).as_of, self.after.moments.of(after).as_of
        old, new = self.before.batch.account(before), self._account(before, after)
        first, last = standing_of(self.before, before), standing_of(self.after, after)
        assert first is not None  # both rows are there
        assert last is not None
        later = first if then == now else _of(self._scorer.score(old, as_of=now, on_invalid="unknown"))
        renewed = _of(self._scorer.score(new, as_of=now, on_invalid="unknown"))
        return Step("time", first, later), Step("data", later, renewed), Step("profile", renewed, last)

    def attributes(self, before: int, after: int) -> tuple[AttributeChange, ...]:
        """Tell which of the attributes that the old profile reads have other values now."""
        old, new = self.before.batch.account(before), self._account(before, after)
        pairs = ((name, old.get(name), new.get(name)) for name in self._asked)
        return tuple(AttributeChange(*one) for one in pairs if not _alike(one[1], one[2]))

    @cached_property
    def _asked(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(function.attribute for function in ask_of(self.before.profile).functions))

    def _account(self, before: int, after: int) -> dict[str, Any]:
        """Give the new data; what no new profile reads comes from the table, or from the old data if that lacks it."""
        account = self.after.batch.account(after)
        for attribute in self._asked:
            if attribute not in self.after.batch.columns:
                account[attribute] = self._values(attribute, [before], [after])[0]
        return account

    def _values(self, attribute: str, before: Sequence[int], after: Sequence[int]) -> list[Any]:
        """Give values that no new profile reads, from the table, or from the old data where that lacks them."""
        found = values_in(self.after, attribute, after)
        column = self.before.batch.columns.get(attribute)
        return [
            value if value is not MISSING else None if column is None else column.raw(row)
            for value, row in zip(found, before, strict=True)
        ]

    def stages(self, before: Places, after: Places) -> "tuple[Outcomes, Outcomes]":
        """Tell how many accounts would stand after time alone, and after time and data, as `steps` has it for one.

        Args:
            before: their rows in the old run.
            after: their rows in the new one.
        """
        from icpkit.batch.encoding import Batch  # noqa: PLC0415  # who only compares does without it
        from icpkit.batch.scoring import score_batch  # noqa: PLC0415  # it makes the scores that are compared here

        new = self.after.batch.take(after)
        columns = dict(new.columns)
        for attribute in self._asked:
            if attribute not in columns:
                values = self._values(attribute, before.tolist(), after.tolist())
                columns[attribute] = column_of_values(plain_column(values))
        as_of = self.after.moments.take(after).given
        batches = self.before.batch.take(before), Batch(columns, len(after))
        later, renewed = (
            score_batch(self.before.profile, one, as_of=as_of, on_invalid="unknown").outcomes for one in batches
        )
        return later, renewed


def main_causes(fits: Floats, statuses: NDArray[np.int8], ways: NDArray[np.int8]) -> NDArray[np.int8]:
    """Find the cause that did most to each account, as its place in `CAUSES`, -1 where nothing did.

    Who has another status owes it to the last step that changed the status. Else it is the step that moved the fit
    furthest in the direction in which it went. Who goes up while the fit does not rise, or down while it does not fall,
    owes it to other cuts, and so to the profile.

    Args:
        fits: how accounts stood before, after time, after data and after all, in millionths, NaN where there is no fit.
        statuses: the same for their statuses.
        ways: 1 for those that went up a tier, -1 for down, 0 for others.

    >>> main_causes(np.array([[60.0], [50.0], [75.0], [75.0]]), np.zeros((4, 1), np.int8), np.array([1], np.int8))
    array([1], dtype=int8)
    """
    total = fits[3] - fits[0]
    turned = statuses[1:] != statuses[:-1]
    last = np.where(turned.any(axis=0), 2 - np.argmax(turned[::-1], axis=0), -1)
    signs = np.sign(total)
    steps = np.diff(fits, axis=0)
    forth = np.where(signs == 0, np.abs(steps), steps * signs)
    found = np.where((forth > 0).any(axis=0), np.argmax(forth, axis=0), -1)
    found = np.where((statuses[0] != statuses[3]) | np.isnan(steps).any(axis=0), last, found)
    return np.where(ways * signs < np.abs(ways), CAUSES.index("profile"), found).astype(np.int8)


def main_cause(steps: Sequence[Step], way: int) -> Cause | None:
    """Find the cause that did most to one account, as `main_causes` does for many; None where nothing did.

    Args:
        steps: what each cause did; none for who entered or left.
        way: 1 for who went up a tier, -1 for down, 0 for others.
    """
    if not steps:
        return None
    standings = [steps[0].before, *(step.after for step in steps)]
    fits = np.array([[math.nan if one.fit is None else round(one.fit * 1e6)] for one in standings], np.float64)
    statuses = np.array([[STATUSES.index(one.status)] for one in standings], np.int8)
    place = int(main_causes(fits, statuses, np.array([way], np.int8))[0])
    return None if place < 0 else CAUSES[place]


def values_in(scores: "Scores", attribute: str, rows: Sequence[int]) -> list[Any]:
    """Give values that no profile of this run reads, from the table itself; MISSING where that does not hold them."""
    source, found = scores.batch.source, [MISSING] * len(rows)
    for name in dict.fromkeys((attribute, attribute.partition(".")[0])):
        if source is not None and name in source.names:
            cells = source.values(source.names.index(name), rows)
            found = [
                look_up({name: cell}.get, attribute, None) if value is MISSING or value is None else value
                for value, cell in zip(found, cells, strict=True)
            ]
    return found


def _alike(one: Any, other: Any) -> bool:
    """Tell whether two values are one: what is unknown is unknown, and lists of texts have no order."""
    lists = views.items(one), views.items(other)
    if lists[0] is not None and lists[1] is not None:
        first, second = (list(listed) for listed in lists if listed is not None)
        if all(isinstance(item, str) for item in (*first, *second)):
            return sorted(first) == sorted(second)
        return first == second
    if lists != (None, None):
        return False
    if views.is_unknown(one) or views.is_unknown(other):
        return views.is_unknown(one) and views.is_unknown(other)
    return bool(one == other)


def plain(value: Any) -> Any:
    """Write a value as text, a number, a list or a mapping of such, as JSON takes it.

    >>> plain([date(2026, 11, 21), True, (1, "a")])
    ['2026-11-21', True, [1, 'a']]
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None if math.isnan(value) else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    listed = views.items(value)
    return str(value) if listed is None else [plain(item) for item in listed]
