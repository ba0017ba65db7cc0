"""How our classes are made: tuples of pairs for mappings, validators that name class and field, short reprs."""

import itertools
import math
import numbers
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, TypeAlias

import attrs

from icpkit.errors import DefinitionError, near

_LARGEST_INTEGER = 2**53
#: Characters of a name, a label or a value: folding takes longer than their number grows.
_LONGEST_TEXT = 1_000

#: Validates one field of an object that is being made.
Validator: TypeAlias = Callable[[Any, "attrs.Attribute[Any]", Any], None]


class Pairs(tuple[tuple[Any, Any], ...]):
    """A mapping, kept as a tuple of pairs: frozen, hashable, in its order; ``dict(pairs)`` gives a mapping back.

    >>> Pairs([("Slack", 1)])
    {'Slack': 1}
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Show the mapping that was written."""
        return repr(dict(self))


def freeze(value: Any) -> Any:
    """Make plain data hashable: mappings become `Pairs`, lists tuples, sets sorted tuples; the rest stays."""
    if isinstance(value, Mapping):
        return Pairs((key, freeze(item)) for key, item in value.items())
    if isinstance(value, Pairs):
        return value
    if isinstance(value, list | tuple):
        return tuple(freeze(item) for item in value)
    if isinstance(value, set | frozenset):
        return tuple(sorted((freeze(item) for item in value), key=repr))
    return value


def thaw(value: Any) -> Any:
    """Make mappings and lists again of what `freeze` or `as_plain` made.

    >>> thaw(freeze({"tags": ["a", {"b": 1}]}))
    {'tags': ['a', {'b': 1}]}
    """
    if isinstance(value, Pairs):
        return {key: thaw(item) for key, item in value}
    return [thaw(item) for item in value] if isinstance(value, tuple) else value


def as_number(value: float) -> float:
    """Make a built-in int or float of any real number, and leave everything else for the validator."""
    given: Any = value
    if given.__class__ is int or given.__class__ is str:  # the usual ones first: asking numbers.Real takes long
        return value
    if isinstance(given, bool) or not isinstance(given, numbers.Real):
        return value
    try:
        return int(given) if isinstance(given, numbers.Integral) else float(given) + 0.0
    except OverflowError:  # the validator will say so
        return value


def as_optional_number(value: float | None) -> float | None:
    """Do as `as_number`, and let None pass."""
    return None if value is None else as_number(value)


def as_days(value: Any) -> Any:
    """Make days of a timedelta, and a plain number of any other number; the rest is left for the validator."""
    if isinstance(value, timedelta):
        micros = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
        return micros / 86_400e6 if micros % 86_400_000_000 else value.days
    return as_optional_number(value)


def as_table(value: Mapping[Any, float] | Iterable[Any] | None) -> Pairs:
    """Make pairs (key, number) of a mapping or of pairs, or (item, 1) of a collection; text is left for the validator.

    >>> as_table({"Slack": 2}), as_table([[1, 0.5], [2, 1]]), as_table(["Slack"])
    ({'Slack': 2}, {1: 0.5, 2: 1}, {'Slack': 1})
    """
    if isinstance(value, Mapping):
        return Pairs((as_number(key), as_number(item)) for key, item in value.items())
    listed: Any = value if isinstance(value, Pairs) else as_tuple(value)
    if isinstance(listed, tuple) and _are_pairs(listed):
        return Pairs((as_number(key), as_number(item)) for key, item in listed)
    if isinstance(listed, tuple) and not isinstance(listed, Pairs):
        return Pairs((as_number(item), 1) for item in listed)
    return listed  # type: ignore[no-any-return]  # what is no table is left for the validator


def as_matches(value: Mapping[Any, float] | Iterable[Any] | None) -> Pairs:
    """Make pairs (key, number) of a mapping or of pairs, None being none; all else is left for the validator."""
    listed: Any = Pairs() if value is None else as_tuple(value)
    if isinstance(listed, tuple) and len(listed) > 0 and not _are_pairs(listed):
        return listed  # type: ignore[return-value]  # no pairs: left for the validator
    return as_table(listed)


def _are_pairs(listed: tuple[Any, ...]) -> bool:
    return len(listed) > 0 and all(isinstance(item, list | tuple) and len(item) == 2 for item in listed)


def as_pairs(value: Mapping[Any, Any] | Pairs | None) -> Pairs:
    """Freeze a mapping, None being an empty one; everything else is left for the validator."""
    frozen: Pairs = Pairs() if value is None else freeze(value)
    return frozen


def as_plain(value: Any) -> Any:
    """Make plain data: dates become ISO text, unknown entries are dropped; all else is left for `check_plain`.

    >>> as_plain({"seen": [date(2026, 11, 21), None], "size": None, "tags": {"b", "a"}})
    {'seen': ('2026-11-21',), 'tags': ('a', 'b')}
    """
    if isinstance(value, Mapping | Pairs):
        entries = value.items() if isinstance(value, Mapping) else value
        kept = ((key, as_plain(item)) for key, item in entries)
        return Pairs((key, item) for key, item in kept if item is not None)
    if isinstance(value, set | frozenset):
        return tuple(sorted((item for item in map(as_plain, value) if item is not None), key=repr))
    if isinstance(value, list | tuple):
        return tuple(item for item in map(as_plain, value) if item is not None)
    if isinstance(value, date):
        return value.isoformat()
    number: Any = as_number(value)
    return None if isinstance(number, float) and math.isnan(number) else number


def as_steps(value: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Make a tuple of number pairs; everything else is left for the validator."""
    steps: tuple[tuple[float, float], ...] = as_edges(value, as_number)
    return steps


def as_edges(value: Any, edge: Callable[[Any], Any]) -> Any:
    """Make a tuple of pairs whose first is read by ``edge``; everything else is left for the validator."""
    listed = as_tuple(value)
    if not isinstance(listed, tuple):
        return listed
    return tuple(
        (edge(item[0]), as_number(item[1])) if isinstance(item, list | tuple) and len(item) == 2 else item
        for item in listed
    )


def reject(owner: object, field: str, problem: str, value: object, *, hint: str = "") -> DefinitionError:
    """Make the error for one field of an object: ``Range.low must be a number (got 'x')``."""
    name = owner.__name__ if isinstance(owner, type) else type(owner).__name__
    return DefinitionError(name, field, f"{problem} (got {_shown(value)})", value, hint=hint)


def reject_pair(owner: object, field: str, sign: str, other: str) -> DefinitionError:
    """Make the error for two fields at odds: ``Range.high must be >= Range.low (got low=500, high=50)``."""
    name = type(owner).__name__
    got = ", ".join(f"{each}={getattr(owner, each)!r}" for each in (other, field))
    return DefinitionError(name, field, f"must be {sign} {name}.{other} (got {got})", getattr(owner, field))


def check_number(
    owner: object,
    field: str,
    value: Any,
    *,
    least: float = -math.inf,
    above: float = -math.inf,
    most: float = math.inf,
) -> None:
    """Accept a finite number within limits; never a bool, text or an integer beyond 2^53."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):  # a union would be built at every call
        huge = isinstance(value, numbers.Real) and not isinstance(value, bool)
        raise reject(owner, field, "must be a finite number within ±2^53" if huge else "must be a number", value)
    if (isinstance(value, int) and abs(value) > _LARGEST_INTEGER) or not math.isfinite(value):
        raise reject(owner, field, "must be a finite number within ±2^53", value)
    if value < least or value > most:
        low = least if above == -math.inf else above
        limit = f">= {least:g}" if most == math.inf else f"between {low:g} and {most:,.15g}"
        raise reject(owner, field, f"must be {limit}", value)
    if value <= above:
        raise reject(owner, field, f"must be > {above:g}", value)


def check_steps(owner: object, field: str, value: Any, *, least: float = -math.inf) -> None:
    """Accept (edge, match) pairs with rising edges and matches in [0, 1]."""
    if not isinstance(value, tuple) or not value:
        raise reject(owner, field, "must be a list of (edge, match) pairs", value)
    for pair in value:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise reject(owner, field, "must hold only (edge, match) pairs", pair)
        check_number(owner, field, pair[0], least=least)
        check_number(owner, field, pair[1])
        if not 0 <= pair[1] <= 1:
            raise reject(owner, field, "must have matches between 0 and 1", pair[1])
    for (left, _), (right, _) in itertools.pairwise(value):
        if left >= right:
            raise reject(owner, field, f"must rise from edge to edge, but {left!r} comes before {right!r}", value)


def _check_entry(owner: object, field: str, key: Any, item: Any, most: float) -> None:
    """Accept a number ≥ 0, and name the entry that holds another."""
    try:
        check_number(owner, field, item, least=0, most=most)
    except DefinitionError as error:
        problem = error.problem.partition(" (got ")[0]
        raise reject(owner, field, f"{problem} for {key!r}", item) from None


def check_table(owner: object, field: str, value: Any, *, most: float = math.inf) -> None:
    """Accept pairs of keys, all text or all numbers, and numbers ≥ 0."""
    if not isinstance(value, Pairs):
        hint = f"a list of one is [{value!r}]" if isinstance(value, str) else ""
        raise reject(owner, field, "must be a collection, or a mapping to numbers", value, hint=hint)
    if not value:
        raise reject(owner, field, "must not be empty", value)
    for key, item in value:
        if isinstance(key, str):
            if not key.strip() or len(key) > _LONGEST_TEXT:
                problem = f"text of more than {_LONGEST_TEXT:,} characters" if key.strip() else "blank text"
                raise reject(owner, field, f"must not hold {problem}", key)
        else:
            check_number(owner, field, key)
        _check_entry(owner, field, key, item, most)
    if len({isinstance(key, str) for key, _ in value}) > 1:
        raise reject(owner, field, "must be all text or all numbers", value)
    if not isinstance(value[0][0], str):
        seen: set[float] = set()
        for key, _ in value:
            if key in seen:
                raise reject(owner, field, "must not hold a number twice", key)
            seen.add(key)


def typed(value: Any) -> Any:
    """Give plain data so that True differs from 1, and a mapping from the list of its pairs, as they do in a file."""
    if isinstance(value, Pairs):
        return "mapping", tuple((key, typed(item)) for key, item in value)
    if isinstance(value, tuple):
        return "list", tuple(map(typed, value))
    return type(value) is bool, value


def check_plain(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    """Accept what `as_plain` makes of a mapping: text keys, and text, finite numbers, booleans, lists and mappings."""
    if not isinstance(value, Pairs):
        raise reject(owner, field.name, "must be a mapping with text keys", value)
    for key, item in value:
        if not isinstance(key, str):
            raise reject(owner, field.name, "must be a mapping with text keys", key)
        _check_plain_item(owner, field, item)


def _check_plain_item(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if isinstance(value, Pairs):
        check_plain(owner, field, value)
    elif isinstance(value, tuple):
        for item in value:
            _check_plain_item(owner, field, item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        check_number(owner, field.name, value)
    elif not isinstance(value, str | bool):
        raise reject(
            owner, field.name, "must hold plain data only: text, numbers, dates, lists, mappings with text keys", value
        )


def a_number(
    *, least: float = -math.inf, above: float = -math.inf, most: float = math.inf, optional: bool = False
) -> Validator:
    """Validate a number field, or an optional one."""

    def validate(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
        if not (optional and value is None):
            check_number(owner, field.name, value, least=least, above=above, most=most)

    return validate


def a_text(*, optional: bool = False) -> Validator:
    """Validate a text field that must not be blank, or may be None."""

    def validate(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
        if optional and value is None:
            return
        if not isinstance(value, str) or not value.strip():
            raise reject(owner, field.name, "must be text that is not blank", value)
        if len(value) > _LONGEST_TEXT:
            raise reject(owner, field.name, f"must have at most {_LONGEST_TEXT:,} characters", value)

    return validate


def one_of(*choices: object) -> Validator:
    """Validate a field that knows a few words, and suggest the nearest."""

    def validate(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
        if not any(value is choice or (isinstance(choice, str) and value == choice) for choice in choices):
            hint = (
                near(value, [choice for choice in choices if isinstance(choice, str)]) if isinstance(value, str) else ""
            )
            listed = ", ".join(repr(choice) for choice in choices)
            raise reject(owner, field.name, f"must be one of {listed}", value, hint=hint)

    return validate


def a_bool(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    """Validate a field that is True or False."""
    if not isinstance(value, bool):
        raise reject(owner, field.name, "must be True or False", value)


def each(kind: type | tuple[type, ...], what: str, *, empty: bool = True) -> Validator:
    """Validate a tuple whose items are all of a kind; ``what`` names them in the message."""

    def validate(owner: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
        if not isinstance(value, tuple) or isinstance(value, Pairs):
            raise reject(owner, field.name, f"must be a list of {what}", value)
        for item in value:
            if not isinstance(item, kind):
                raise reject(owner, field.name, f"must hold only {what}", item)
        if not empty and not value:
            raise reject(owner, field.name, "must not be empty", value)

    return validate


def as_tuple(value: Any) -> Any:
    """Make a tuple of a list, tuple, set or generator; text and mappings are left for the validator."""
    if isinstance(value, set | frozenset):
        return tuple(sorted(value, key=repr))
    if isinstance(value, str | bytes | Mapping | Pairs) or not isinstance(value, Iterable):
        return value
    return tuple(value)


def as_levels(value: Iterable[Any]) -> Any:
    """Make a tuple of levels in their order; a set, which has none, and text are left for the validator."""
    listed = value if isinstance(value, set | frozenset) else as_tuple(value)
    return tuple(map(as_number, listed)) if isinstance(listed, tuple) else listed


def short_repr(obj: Any) -> str:
    """Write an object as the call that makes it, with only what differs from the defaults.

    >>> from icpkit.criteria import Range
    >>> Range("employees", 50, 500, weight=2)
    Range('employees', 50, 500, weight=2)
    """
    given, options = short_call(obj)
    return f"{type(obj).__name__}({', '.join([*given, *options])})"


def short_call(obj: Any) -> tuple[list[str], list[str]]:
    """Give the arguments of the call that makes an object: by position, and by name where not the default."""
    given, options = [], []
    for field in attrs.fields(type(obj)):
        value = getattr(obj, field.name)
        if field.default is attrs.NOTHING and not field.kw_only:
            given.append(_call_form(value))
        elif field.default is attrs.NOTHING or value != field.default:
            options.append(f"{field.name}={_call_form(value)}")
    return given, options


def _call_form(value: Any) -> str:
    """Write tuples as the lists that people type, and pairs as mappings, with nested ones alike."""
    if isinstance(value, Pairs):
        return "{" + ", ".join(f"{key!r}: {_call_form(item)}" for key, item in value) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(_call_form(item) for item in value) + "]"
    return repr(value)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"
