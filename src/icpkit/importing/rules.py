"""Rules that make one value of the values of several rows."""

import math
import numbers
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeAlias

import attrs

from icpkit import views
from icpkit.errors import DefinitionError, near

#: Reads a known value, or raises `views.Invalid`.
_Read: TypeAlias = Callable[[Any], Any]


class _Kind(NamedTuple):
    """How a rule reads each value, what it makes of those that are known, and what there is of none."""

    read: _Read
    merge: Callable[[Sequence[Any]], Any]
    of_none: Any = None


@attrs.frozen
class Rule:
    """How one attribute is made of a column.

    Attributes:
        column: the column.
        name: what is done: ``"sum"``, ``"latest by"`` and so on.
        by: the column that dates the rows, where the rule asks for one.
    """

    column: str
    name: str
    by: str = ""

    def read(self, raw: Any) -> Any:
        """Read one known value.

        Raises:
            Invalid: for what the rule cannot take.
        """
        return _KINDS[self.name].read(raw)

    def merge(self, values: Sequence[Any]) -> Any:
        """Make one value of those that are known, in the order of their rows, or of their dates where it has some."""
        kind = _KINDS[self.name]
        return kind.merge(values) if values else kind.of_none

    def __str__(self) -> str:
        """Write it as it is declared."""
        return f"{self.name} {self.by}" if self.by else self.name


def read_rule(attribute: str, given: Any) -> Rule:
    """Read what ``take`` declares for an attribute: a rule, or a column and a rule.

    Raises:
        DefinitionError: for what is no rule.

    >>> read_rule("stage", "latest by close_date"), str(read_rule("won", ("amount", "sum")))
    (Rule(column='stage', name='latest by', by='close_date'), 'sum')
    """
    column, rule = attribute, given
    if isinstance(given, list | tuple) and len(given) == 2:
        column, rule = given
    if not isinstance(rule, str) or not isinstance(column, str):
        raise _refused(attribute, given, '"sum", or ("amount", "sum") where the attribute has another name')
    words = rule.split()
    name = " ".join(words)
    if name in DECLARED and name not in _DATED:
        return Rule(column, name)
    for dated in _DATED:
        if " ".join(words[:2]) == dated and len(words) > 2:
            return Rule(column, dated, rule.strip().partition(words[1])[2].strip())
    if words and (name in _DATED or f"{words[0]} by" in _DATED):
        raise _refused(attribute, given, f"{words[0]} by COLUMN: the column that dates the rows")
    hint = near(name, DECLARED) or near(" ".join(words[:2]), _DATED)
    raise _refused(attribute, given, hint or f"the rules: {', '.join(DECLARED)} COLUMN")


def of_none(rule: str) -> Any:
    """Give what a rule makes where one has looked and there was no row: None where that is not known.

    >>> of_none("union"), of_none("count"), of_none("sum")
    ([], 0, None)
    """
    if rule in _LISTS:
        return []
    return _KINDS[rule].of_none if rule in _KINDS else None


def _refused(attribute: str, given: Any, hint: str) -> DefinitionError:
    return DefinitionError(
        "accounts_from", "take", f"must have a rule for {attribute!r} (got {given!r})", given, hint=hint
    )


# How values are read


def _as_it_is(raw: Any) -> Any:
    return raw


def _number(raw: Any) -> float:
    value = views.number(raw)
    assert value is not None
    return int(raw) if isinstance(raw, numbers.Integral) else value


def _truth(raw: Any) -> bool:
    return bool(views.truth(raw))


def _ordered(raw: Any) -> tuple[bool, Any, Any]:
    """Read a number or a date, to be compared with its like."""
    if not isinstance(raw, bool) and isinstance(raw, numbers.Real | Decimal):
        return False, _number(raw), _number(raw)
    try:
        return True, views.instant(raw), raw
    except views.Invalid:
        raise views.Invalid(raw, "neither a number nor an ISO 8601 date") from None


def _items(raw: Any) -> list[Any]:
    listed = views.items(raw)
    return [raw] if listed is None else [item for item in listed if not views.is_unknown(item)]


def _labels(raw: Any) -> list[str]:
    labels = [views.text(raw)] if views.items(raw) is None else views.labels(raw) or []
    return [label for label in labels if label is not None]


# What is made of them


def _sum(values: Sequence[float]) -> float:
    return sum(values) if all(isinstance(value, int) for value in values) else math.fsum(values)


def _mean(values: Sequence[float]) -> float:
    return _sum(values) / len(values)


def _least(values: Sequence[tuple[bool, Any, Any]]) -> Any:
    return min(values, key=lambda one: one[1])[2]


def _greatest(values: Sequence[tuple[bool, Any, Any]]) -> Any:
    return max(values, key=lambda one: one[1])[2]


def _distinct(values: Iterable[Iterable[Any]]) -> list[Any]:
    """Give items once each, in the order of their first appearance; texts that fold alike are one."""
    seen: dict[Any, Any] = {}
    for item in (item for items in values for item in items):
        seen.setdefault((True, views.fold(item)) if isinstance(item, str) else (False, repr(item)), item)
    return list(seen.values())


def _all_items(values: Iterable[Iterable[Any]]) -> list[Any]:
    return [item for items in values for item in items]


#: Rules whose values are lists.
_LISTS: Final = ("union", "labels", "events")
#: Rules that name a column of dates.
_DATED: Final = ("latest by", "earliest by")
_KINDS: Final[Mapping[str, _Kind]] = {
    "first": _Kind(_as_it_is, lambda values: values[0]),
    "last": _Kind(_as_it_is, lambda values: values[-1]),
    "latest by": _Kind(_as_it_is, lambda values: values[-1]),
    "earliest by": _Kind(_as_it_is, lambda values: values[0]),
    "sum": _Kind(_number, _sum),
    "mean": _Kind(_number, _mean),
    "min": _Kind(_ordered, _least),
    "max": _Kind(_ordered, _greatest),
    "count": _Kind(_as_it_is, len, 0),
    "count distinct": _Kind(_items, lambda values: len(_distinct(values)), 0),
    "union": _Kind(_items, _distinct),
    "any": _Kind(_truth, any),
    "all": _Kind(_truth, all),
    "labels": _Kind(_labels, _distinct),  # a union of texts alone
    "events": _Kind(_items, _all_items),  # each counts, also one that happened twice
}
#: The rules that can be declared.
DECLARED: Final = tuple(name for name in _KINDS if name not in {"labels", "events"})
