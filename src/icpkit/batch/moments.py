"""The moments of scoring of a batch: one for all accounts, or one for each."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from icpkit import views
from icpkit.adapters.records import values_of
from icpkit.columns import Floats, Places
from icpkit.errors import AsOfError
from icpkit.views import Moment

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
#: How a column of a library that has no time zone gets one, or becomes days.
_ZONES = {
    "pandas": ': column.dt.date makes days of it, column.dt.tz_localize("UTC") moments',
    "polars": ': column.dt.date() makes days of it, column.dt.replace_time_zone("UTC") moments',
}


@attrs.frozen(eq=False, slots=False)
class Moments:
    """The moments at which the accounts of a batch are scored.

    Attributes:
        distinct: the moments, each once.
        codes: the place of each account's moment; None where one serves all.
    """

    distinct: tuple[Moment, ...]
    codes: Places | None = None

    @cached_property
    def origins(self) -> list[float]:
        """The microseconds since 1970 from which ages count, by moment."""
        return [float(views.micros_between(EPOCH, one.origin)) for one in self.distinct]

    @cached_property
    def latests(self) -> list[float]:
        """The microseconds since 1970 of the latest signal that is visible, by moment."""
        return [origin - one.least for origin, one in zip(self.origins, self.distinct, strict=True)]

    @cached_property
    def _days(self) -> list[float]:
        return [float(one.ordinal - _EPOCH_DAY) for one in self.distinct]

    @cached_property
    def _years(self) -> list[float]:
        return [float(one.day.year) for one in self.distinct]

    def origin(self, rows: slice) -> "float | Floats":
        """Give the microseconds since 1970 from which ages count."""
        return self._of(rows, self.origins)

    def latest(self, rows: slice) -> "float | Floats":
        """Give the microseconds since 1970 of the latest signal that is visible."""
        return self._of(rows, self.latests)

    def day(self, rows: slice) -> "float | Floats":
        """Give the number of the day since 1970."""
        return self._of(rows, self._days)

    def year(self, rows: slice) -> "float | Floats":
        """Give the calendar year."""
        return self._of(rows, self._years)

    def _of(self, rows: slice, values: list[float]) -> "float | Floats":
        return values[0] if self.codes is None else np.array(values)[self.codes[rows]]

    def of(self, row: int) -> Moment:
        """Give the moment of one account."""
        return self.distinct[0 if self.codes is None else self.codes[row]]

    def take(self, rows: Places) -> "Moments":
        """Give the moments of some accounts, in their order."""
        return self if self.codes is None else Moments(self.distinct, self.codes[rows])

    @property
    def given(self) -> Any:
        """The moments as `score_batch` takes them: one, or a list of one for each account."""
        if self.codes is None:
            return self.distinct[0].as_of
        return [self.distinct[code].as_of for code in self.codes.tolist()]


def moments_of(as_of: date | str | Iterable[Any] | None, rows: int) -> Moments:
    """Read the moments of scoring: one for all, now where there is none, or a column of one for each account.

    Raises:
        AsOfError: for a moment that is naive or none.
        TypeError: for a table.
        ValueError: for another number of moments than of accounts.

    >>> moments_of(["2026-11-21", "2026-11-22", "2026-11-21"], 3).codes
    array([0, 1, 0])
    """
    if as_of is None or isinstance(as_of, (str, date)):
        return Moments((views.moment(datetime.now(UTC) if as_of is None else as_of),))
    given = _column(as_of)
    if not rows and not given:
        return moments_of(None, rows)
    if len(given) != rows:
        raise ValueError(f"as_of must be one moment, or one for each account (got {len(given)} for {rows} accounts)")
    places: dict[Moment, int] = {}
    read: dict[tuple[Any, int], int] = {}
    codes = np.empty(rows, np.intp)
    for row, one in enumerate(given):
        try:
            token = (one, getattr(one, "fold", 0))  # equal times may differ in their fold, and so in UTC
            place = read.get(token)
            if place is None:
                place = read[token] = places.setdefault(views.moment(one), len(places))
        except AsOfError as error:
            naive = isinstance(one, datetime) and one.tzinfo is None
            hint = _ZONES.get(type(as_of).__module__.partition(".")[0], "") if naive else ""
            raise AsOfError(one, f"of row {row + 1} {error.problem}{hint}") from None
        except TypeError:
            raise AsOfError(one, f"of row {row + 1} must be a date or an aware datetime") from None
        codes[row] = place
    return Moments(tuple(places), codes)


def _column(as_of: Any) -> list[Any]:
    """Give a column of moments as plain values."""
    if isinstance(as_of, dict) or hasattr(as_of, "columns"):
        raise TypeError(f"as_of must be one moment or a column of them, not a table (got {type(as_of).__name__})")
    if not isinstance(as_of, Iterable) or getattr(as_of, "ndim", 1) == 0:  # an array without an axis is iterable, too
        raise AsOfError(as_of, "must be a date or an aware datetime, or a column of them")
    return values_of(as_of if hasattr(as_of, "__len__") else list(as_of))
