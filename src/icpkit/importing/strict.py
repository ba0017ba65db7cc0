"""How cells are read without a field map: by what a profile asks of their column, strictly, and with a way out."""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from icpkit import views
from icpkit.parsing import Unreadable, json_value
from icpkit.profile import Profile
from icpkit.value_functions import AnyValueFunction, Combination, ValueFunction, View

_LARGEST_INTEGER = 2**53
#: Reads one cell, which is not blank, or raises `Unreadable`.
Read: TypeAlias = Callable[[str], Any]


def asked_of(profile: Profile) -> dict[str, tuple[ValueFunction, ...]]:
    """Give what a profile asks of each attribute, gates, adjustments and the parts of combinators among it.

    >>> [function.view for function in asked_of(icp.standard_profile())["founded"]]
    ['years']
    """
    criteria = [criterion for dimension in profile.dimensions for criterion in dimension.criteria]
    criteria += [adjustment.when for adjustment in profile.adjustments] + [gate.criterion for gate in profile.gates]
    asked: dict[str, tuple[ValueFunction, ...]] = {}
    for function in (function for criterion in criteria for function in _leaves(criterion.value_function())):
        asked[function.attribute] = (*asked.get(function.attribute, ()), function)
    return asked


def _leaves(function: AnyValueFunction) -> Iterator[ValueFunction]:
    if isinstance(function, Combination):
        for part in function.parts:
            yield from _leaves(part)
    else:
        yield function


#: Views that one cell can serve together.
TOGETHER: tuple[set[View], ...] = (
    {"number", "log", "years", "truth"},
    {"age", "ahead", "years"},
    {"text", "labels"},
)


def strict_reading(asked: Iterable[ValueFunction], split: str) -> Read | None:
    """Choose how the cells of a column are read; None for text."""
    wanted = {function.view for function in asked}
    readings: tuple[tuple[set[View], Read], ...] = (
        ({"events"}, _events),
        ({"labels"}, lambda cell: _labels(cell, split)),
        ({"number", "log"}, _number),
        ({"age"}, lambda cell: _moments(cell, split)),
        ({"ahead"}, _moment),
        ({"years"}, _years),
        ({"truth"}, _truth),
    )
    return next((read for served, read in readings if served & wanted), None)


# Cells

# Each digit can be read in one way only, so that a long cell costs no time.
_NUMBER = re.compile(r"[+-]?(\d++(\.\d*+)?|\.\d++)([eE][+-]?\d++)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([,'’ \u00a0\u202f]\d{3})+(\.\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?(\d{1,3}(?>(\.\d{3})+)|\d++)(,\d++)?", re.ASCII)
_YEAR = re.compile(r"\b(1\d{3}|20\d{2})\b", re.ASCII)
_TRUTHS = {"true": True, "yes": True, "1": True, "1.0": True, "false": False, "no": False, "0": False, "0.0": False}


def _number(cell: str) -> float:
    if not _NUMBER.fullmatch(cell):
        raise Unreadable("not a plain number such as 1058 or 0.25", _plain_number(cell))
    if _WHOLE.fullmatch(cell):
        digits = cell.lstrip("+-").lstrip("0")
        # Counted first, since `int` refuses thousands of digits in its own words.
        if len(digits) > len(str(_LARGEST_INTEGER)) or int(digits or "0") > _LARGEST_INTEGER:
            raise Unreadable("an integer beyond 2^53, which a float cannot hold")
        return -int(digits or "0") if cell.startswith("-") else int(digits or "0")
    value = float(cell)
    if math.isinf(value):
        raise Unreadable("beyond what a number can hold")
    return value


def _plain_number(cell: str) -> str:
    """Tell how a number with separators or a currency sign is written."""
    bare = cell.strip("$€£¥ \u00a0")
    if _GROUPED.fullmatch(bare):
        bare = re.sub(r"[,'’ \u00a0\u202f]", "", bare)
    elif _DECIMAL_COMMA.fullmatch(bare):
        bare = bare.replace(".", "").replace(",", ".")
    return f"write {bare}" if _NUMBER.fullmatch(bare) else ""


def _years(cell: str) -> float | str:
    if _NUMBER.fullmatch(cell):
        return _number(cell)
    try:
        return _moment(cell)
    except Unreadable:
        year = _YEAR.search(cell)
        raise Unreadable("neither a year nor an ISO date", f"write {year[0]}" if year else "") from None


def _truth(cell: str) -> bool:
    if cell.lower() not in _TRUTHS:
        raise Unreadable("none of true, false, yes, no, 1 and 0")
    return _TRUTHS[cell.lower()]


def _moment(cell: str) -> str:
    try:
        views.instant(cell)
    except views.Invalid:
        raise Unreadable("no ISO 8601 date, which is year-month-day, such as 2026-11-21") from None
    return cell


def _moments(cell: str, split: str) -> str | list[Any]:
    if not is_list(cell):
        try:
            return _moment(cell)
        except Unreadable:
            if split not in cell:
                raise
    listed = _labels(cell, split)
    for item in listed:
        _moment(item)
    return listed


def is_list(cell: str) -> bool:
    """Tell whether a cell looks like a JSON list."""
    return cell.startswith("[") and cell.endswith("]")


def _labels(cell: str, split: str) -> list[Any]:
    if is_list(cell):
        return _json_list(cell, f'write ["Slack", "Jira"], or Slack{split}Jira')
    return [item.strip() for item in cell.split(split) if item.strip()]


def _events(cell: str) -> list[Any]:
    return _json_list(cell, 'write [{"kind": "demo", "at": "2026-11-02"}]')


def _json_list(cell: str, example: str) -> list[Any]:
    try:
        value = json_value(cell)
    except ValueError as error:
        raise Unreadable(f"no JSON list ({error}): {example}") from None
    if not isinstance(value, list):
        raise Unreadable(f"no JSON list: {example}")
    return value
