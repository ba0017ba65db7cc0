"""What people hand over by mistake, refused with the way out before anything is computed."""

import math
from collections.abc import Collection, Iterator, Mapping
from io import IOBase
from numbers import Real
from operator import index
from os import PathLike
from typing import Any, get_args

from icpkit import views
from icpkit.adapters import source_of
from icpkit.adapters.plain import Records
from icpkit.adapters.plans import Plan
from icpkit.adapters.source import Source
from icpkit.batch.encoding import Batch
from icpkit.errors import AsOfError
from icpkit.profile import Profile
from icpkit.tiers import TierScale
from icpkit.typing import OnInvalid

_ON_INVALID: tuple[str, ...] = get_args(OnInvalid)


def check_arguments(profile: Any, data: Any, *, as_of: Any, on_event: Any, **encoding: Any) -> None:
    """Refuse what `score_batch` cannot take.

    Args:
        profile: the profile, or several.
        data: the table or the batch.
        as_of: the moment, or a column of them.
        on_event: what is called, or None.
        encoding: the settings of encoding.

    Raises:
        AsOfError: for a text that is no moment.
        TypeError: for an argument of the wrong kind.
        ValueError: for another ``on_invalid``.
    """
    _check_profile(profile, data)
    if isinstance(getattr(data, "batch", None), Batch):
        raise TypeError("scores are no table: hand over what they were made of, score_batch(profile, many.batch)")
    if isinstance(data, IOBase):
        raise TypeError("a table must be handed over, not an open file: icp.read_accounts reads a file by its path")
    check_settings(**encoding)
    if on_event is not None and not callable(on_event):
        raise TypeError(f"on_event must be a function of a name and a mapping (got {on_event!r})")
    if isinstance(as_of, str):
        _check_text(as_of, data)
    theirs, ours = (getattr(getattr(one, "index", None), "equals", None) for one in (as_of, data))
    if theirs is not None and ours is not None and not theirs(data.index):
        problem = "has another index than the table: hand over table[column], or its values"
        raise AsOfError(type(as_of).__name__, problem)


def _check_profile(profile: Any, data: Any) -> None:
    if isinstance(profile, Profile):
        return
    if isinstance(data, Profile):
        raise TypeError(f"score_batch() needs the profile first, then the table (got {type(profile).__name__} first)")
    if isinstance(profile, str | PathLike):
        told = f"(got {type(profile).__name__} {str(profile)!r}): icp.load reads one from a file"
        raise TypeError(f"score_batch() needs a Profile first, then the table {told}")
    if isinstance(profile, Mapping):
        told = f"(got {type(profile).__name__}): list(profiles.values()) are several"
        raise TypeError(f"score_batch() needs a Profile first, then the table {told}")
    if callable(profile):
        told = f"(got {getattr(profile, '__name__', type(profile).__name__)} itself): call it, or icp.load one"
        raise TypeError(f"score_batch() needs a Profile first, then the table {told}")


def check_settings(
    *, key: Any = None, unknown: Any = (), labels: Any = None, events: Any = None, on_invalid: Any = "raise"
) -> None:
    """Refuse settings of encoding that are of the wrong kind.

    Raises:
        TypeError: for a key that is no name, and for names or tables that are not in the right shape.
        ValueError: for another ``on_invalid``.
    """
    if on_invalid not in _ON_INVALID:
        raise ValueError(f'on_invalid must be "raise" or "unknown" (got {on_invalid!r})')
    if key is not None and not isinstance(key, str):
        hint = ""
        if isinstance(getattr(key, "name", None), str):
            hint = f": its name alone, key={key.name!r}"
        elif isinstance(key, list | tuple):
            hint = ": make one column of several first"
        raise TypeError(f"key must be the name of the column that holds the keys (got {shown(key)}){hint}")
    if not isinstance(unknown, Collection) or not all(isinstance(name, str) for name in unknown):
        raise TypeError(f'unknown must be names of attributes, such as ["country"] (got {shown(unknown)})')
    for called, given, shape in (
        ("labels", labels, "(table, key, label)"),
        ("events", events, "(table, key, kind, at)"),
    ):
        if given is not None and not isinstance(given, Mapping):
            told = f'{called}={{"attribute": {shape}}}'
            raise TypeError(f"{called} must be a mapping of attributes, {told} (got {shown(given)})")


def _check_text(as_of: str, data: Any) -> None:
    """Refuse a text that is no moment, and tell how a column is handed over if it is the name of one."""
    try:
        views.moment(as_of)
    except AsOfError:
        source = _source_in(data)
        if source is None or as_of not in source.names:
            raise
        how = f"as_of=table[{as_of!r}]"
        if isinstance(source, Plan):
            how += " of the table that it gives, whose rows stay in their order: hand over that one as well"
        elif isinstance(source, Records):
            how = f"as_of=[one[{as_of!r}] for one in records]"
        problem = f"must be a moment or a column of them, not a column's name: hand over the column, {how}"
        raise AsOfError(as_of, problem) from None


def _source_in(data: Any) -> Source | None:
    """Find the table, without taking anything from what can be read only once."""
    if isinstance(data, Batch):
        return data.source
    if isinstance(data, Iterator):
        return None
    try:
        return source_of(data)
    except (ImportError, TypeError, ValueError):  # it is told when the table is read
        return None


# What methods of scores and changes ask for


def whole_number(called: str, given: Any) -> int:
    """Read a whole number from 0 on.

    Raises:
        TypeError: for what is none.
        ValueError: for one below 0.

    >>> whole_number("count", "5")
    Traceback (most recent call last):
    TypeError: count must be a whole number (got '5')
    """
    if isinstance(given, bool) or not hasattr(given, "__index__"):
        raise TypeError(f"{called} must be a whole number (got {shown(given)})")
    number = index(given)
    if number < 0:
        raise ValueError(f"{called} must be at least 0 (got {number})")
    return number


def points(called: str, given: Any) -> float:
    """Read a number of points from 0 on.

    Raises:
        ValueError: for what is none.

    >>> points("hysteresis", 2)
    2.0
    """
    number = math.nan if isinstance(given, bool) or not isinstance(given, Real) else float(given)
    if not 0 <= number < math.inf:
        raise ValueError(f"{called} must be a number of points, 0 or more (got {shown(given)})")
    return number


def check_scale(given: Any) -> None:
    """Refuse what is no scale of tiers.

    Raises:
        TypeError: for that.
    """
    if not isinstance(given, TierScale):
        told = f"(got {shown(given)}): icp.TierScale.from_cuts makes one of names and cuts"
        raise TypeError(f"scale must be a TierScale {told}")


def shown(given: Any) -> str:
    """Write what was given: a number, a text or a short list as such, all else by its kind.

    >>> shown("2"), shown(["a"]), shown({"a": 1})
    ("'2'", "['a']", 'dict')
    """
    if given is None or isinstance(given, str | int | float):
        return _short(repr(given))
    if isinstance(given, list | tuple) and all(isinstance(one, str | int | float) for one in given):
        return _short(repr(given))
    return type(given).__name__


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
