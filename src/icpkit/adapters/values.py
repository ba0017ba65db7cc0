"""Cells of other libraries as plain Python values; none of these libraries is imported for it."""

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any, Final
from uuid import UUID

#: What stays as it is. Numbers that may be NaN do not, nor do lists, which may hold what is not plain.
_PLAIN: Final = frozenset((NoneType, str, bool, int, date, datetime, time, timedelta, bytes))
#: Units of numpy's dates for which Python has no date.
_FINER: Final = ("[ns]", "[ps]", "[fs]", "[as]")


def plain_column(column: Sequence[Any]) -> list[Any]:
    """Give a column whose cells are plain Python values, with None for what is not there: NaN, NaT and NA.

    >>> import numpy as np
    >>> plain_column([np.int64(320), float("nan"), np.datetime64("2026-11-21"), [np.True_]])
    [320, None, datetime.date(2026, 11, 21), [True]]
    """
    kinds = set(map(type, column))
    if kinds <= _PLAIN:
        return column if isinstance(column, list) else list(column)
    reads = {kind: _read_of(kind) for kind in kinds}
    return [reads[type(cell)](cell) for cell in column]


def _read_of(kind: type) -> Callable[[Any], Any]:
    """Find how cells of a kind become plain: they are known by the library they come from."""
    if kind.__module__.partition(".")[0] == "numpy" and hasattr(kind, "tolist"):
        return _from_numpy
    if kind.__name__ in {"NAType", "NaTType"}:
        return _as_none
    if issubclass(kind, datetime) and hasattr(kind, "to_pydatetime"):
        return _in_micros
    return next((read for known, read in _BY_CLASS if issubclass(kind, known)), _as_it_is)


def _as_it_is(cell: Any) -> Any:
    return cell


def _as_none(_cell: Any) -> None:
    return None


def _in_micros(cell: Any) -> Any:
    return cell.to_pydatetime(warn=False)  # the nanoseconds that it loses are not worth a warning


def _known(cell: Any) -> Any:
    unknown = cell.is_nan() if isinstance(cell, Decimal) else math.isnan(cell)
    return None if unknown else cell


def _listed(cell: Any) -> Any:
    """Make the items of a list plain; a named tuple is a record, and stays one."""
    return cell if hasattr(cell, "_fields") else plain_column(cell)


def _mapped(cell: dict[Any, Any]) -> dict[Any, Any]:
    return dict(zip(cell, plain_column(list(cell.values())), strict=True))


def _from_numpy(cell: Any) -> Any:
    """Take a scalar or an array of numpy."""
    if str(cell.dtype).endswith(_FINER):
        cell = cell.astype(f"{cell.dtype.kind}8[us]")
    value = cell.tolist()
    return value if type(value) is type(cell) else plain_column([value])[0]  # long doubles stay what they are


_BY_CLASS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    ((float, Decimal), _known),
    ((list, tuple), _listed),
    (dict, _mapped),
    (UUID, str),
)
