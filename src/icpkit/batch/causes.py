"""Why a fit is another than before: what time, data and the profile did, in whole millionths that sum exactly."""

import math
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

import attrs

from icpkit import views
from icpkit.batch.plan import ask_of
from icpkit.evaluation import MISSING, look_up
from icpkit.scoring import Score, Scorer
from icpkit.typing import Status

if TYPE_CHECKING:
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
                found = _value_in(self.after, attribute, after)
                column = self.before.batch.columns.get(attribute)
                old = None if column is None else column.raw(before)
                account[attribute] = old if found is MISSING else found
        return account


def _value_in(scores: "Scores", attribute: str, row: int) -> Any:
    """Give a value that no profile of this run reads, from the table itself; MISSING where that does not hold it."""
    source, found = scores.batch.source, MISSING
    for name in dict.fromkeys((attribute, attribute.partition(".")[0])):
        if source is not None and name in source.names and (found is MISSING or found is None):
            found = look_up({name: source.values(source.names.index(name), [row])[0]}.get, attribute, None)
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
