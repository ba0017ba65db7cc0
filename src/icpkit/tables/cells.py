"""How the cells of a table are read: by what a profile asks of their column, strictly, and with a way out."""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from icpkit import views
from icpkit.profile import Profile
from icpkit.value_functions import AnyValueFunction, Combination, ValueFunction, View

#: How deep a value may be nested.
_DEEPEST = 64
_TOO_DEEP = f"nested more than {_DEEPEST} deep"
_LARGEST_INTEGER = 2**53
#: Reads one cell, which is not blank, or raises `Unreadable`.
Read: TypeAlias = Callable[[str], Any]


class Unreadable(Exception):  # noqa: N818  # no error for users: it becomes a bad cell
    """A cell cannot be read as it should be; ``way_out`` says what to write, where that is plain."""

    reason: str
    way_out: str

    def __init__(self, reason: str, way_out: str = "") -> None:
        """Keep both."""
        super().__init__(reason)
        self.reason, self.way_out = reason, way_out


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


def reading_of(asked: Iterable[ValueFunction], split: str) -> Read | None:
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
_DECIMAL_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})++|\d++)(,\d++)?", re.ASCII)
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


# JSON, strictly


def json_value(text: str) -> Any:
    """Read JSON text; a ValueError says what is wrong without the values themselves."""
    try:
        value = json.loads(
            text,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_whole,
            object_pairs_hook=_distinct,
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    if text.count("[") + text.count("{") > _DEEPEST and _depth(value) > _DEEPEST:
        raise ValueError(_TOO_DEEP)
    if "\\ud" in text.lower():
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ValueError("half a character, such as \\ud83d without its other half") from None
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON; write null where it is unknown")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError("a number beyond what a float can hold")
    return value


def _whole(text: str) -> int:
    if len(text) > 400:  # far beyond 2^53, which the views refuse; `int` refuses thousands of digits in its own words
        raise ValueError(f"an integer of {len(text):,} digits")
    return int(text)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the field {twice!r} comes twice")
    return value


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level:
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        depth += 1
    return depth
