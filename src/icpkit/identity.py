"""What a profile is, as plain data, and the ids that are made of it.

Plain data is what JSON knows: text, numbers, True and False, lists and mappings. What is the default is left out, so
that a field that a later release adds changes no id.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

import attrs

from icpkit._attrs import Pairs, as_table, thaw
from icpkit.criteria import CRITERIA, AbsentKind, Criterion
from icpkit.errors import DefinitionError
from icpkit.tiers import TierScale

#: The form of profile texts that this release writes.
FORMAT = 1

_CAPITALS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_COMMON = tuple(field.name for field in attrs.fields(Criterion))
_CONTAINERS = (list, dict)
#: Beyond it, ECMAScript writes numbers with an exponent.
_LONGEST_WHOLE = 21
_SHORTEST_FRACTION = -6


def kind_of(criterion: type[Criterion]) -> str:
    """Give the name of a class of criteria in files: its own in snake case.

    >>> kind_of(icp.TechOverlap), kind_of(icp.OneOf)
    ('tech_overlap', 'one_of')
    """
    return _CAPITALS.sub("_", criterion.__name__).lower()


OWN_KINDS = {kind_of(kind): kind for kind in CRITERIA}


def known_kinds(kinds: Iterable[type[Criterion]]) -> dict[str, type[Criterion]]:
    """Give the classes of criteria by kind: ours, and a user's own.

    Raises:
        TypeError: for what is no class of criteria.
        ValueError: for two classes of one kind.
    """
    if isinstance(kinds, type):
        raise TypeError(f"kinds must be a list of classes: kinds=[{kinds.__name__}]")
    known: dict[str, type[Criterion]] = dict(OWN_KINDS)
    given: Iterable[Any] = kinds
    for kind in given:
        if not (isinstance(kind, type) and issubclass(kind, Criterion)):
            raise TypeError(f"kinds must hold classes that subclass Criterion (got {kind!r})")
        if known.setdefault(kind_of(kind), kind) is not kind:
            raise ValueError(
                f"kinds must not hold two classes for {kind_of(kind)!r}: {known[kind_of(kind)]!r}, {kind!r}"
            )
    return known


@lru_cache(maxsize=256)
def fields_of(cls: type) -> dict[str, "attrs.Attribute[Any]"]:
    """Give the fields that a constructor takes, by the names that it gives them, with the types that files hold.

    Raises:
        TypeError: for a type that cannot be found.
    """
    if any(isinstance(field.type, str) for field in attrs.fields(cls)):
        try:
            attrs.resolve_types(cls)
        except NameError as error:
            told = ", ".join(f"{cls.__name__}.{one.name}: {one.type}" for one in attrs.fields(cls))
            raise TypeError(f"a type cannot be found: {error} ({told})") from None
    fields = [field.evolve(type=field.metadata.get("in files", field.type)) for field in attrs.fields(cls)]
    return {field.alias: field for field in fields if field.init}


def data_of(part: Any) -> Any:
    """Give a profile, or any part of one, as plain data: what its text in a file says.

    Raises:
        DefinitionError: for a value that no file can hold, in a criterion of your own.

    >>> data_of(icp.Range("employees", 50, None, weight=2))
    {'kind': 'range', 'attribute': 'employees', 'low': 50, 'weight': 2}
    """
    kind: Any = type(part)
    if isinstance(part, AbsentKind):
        return {"kind": part.kind, **thaw(part.fields), **_common(part)}
    if isinstance(part, Criterion):
        return {"kind": kind_of(type(part)), **_fields(part, _own_fields(kind)), **_common(part)}
    data = _fields(part, _told_fields(kind))
    return {name: data[name] for name in sorted(data, key=lambda name: isinstance(data[name], _CONTAINERS))}


@lru_cache(maxsize=256)
def _told_fields(cls: Any) -> tuple[tuple[Any, Any], ...]:
    """Give the fields that a constructor takes, each with its default."""
    return tuple(
        (field, None if field.default is attrs.NOTHING else field.default) for field in attrs.fields(cls) if field.init
    )


@lru_cache(maxsize=256)
def _own_fields(cls: Any) -> tuple[tuple[Any, Any], ...]:
    """Give the fields that a class of criteria adds; what is given by position comes first."""
    own = [told for told in _told_fields(cls) if told[0].name not in _COMMON]
    return tuple(sorted(own, key=lambda told: told[0].kw_only))


def _common(criterion: Criterion) -> dict[str, Any]:
    return _fields(criterion, _told_fields(Criterion))


def _fields(part: Any, fields: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for field, default in fields:
        value = getattr(part, field.name)
        if value is None if default is None else value == default:
            continue
        if isinstance(value, TierScale):  # the profile itself holds what is within
            data |= data_of(value)
        elif field.converter is as_table and all(match == 1 for _, match in value):
            data[field.alias] = [key for key, _ in value]
        else:
            data[field.alias] = _plain(part, field.name, value)
    return data


def _plain(part: Any, field: str, value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Pairs):
        if all(isinstance(key, str) for key, _ in value):
            return {key: _plain(part, field, item) for key, item in value}
        return [[key, _plain(part, field, item)] for key, item in value]  # only text can be the key of a mapping
    if isinstance(value, tuple):
        return [_plain(part, field, item) for item in value]
    if attrs.has(type(value)):
        return data_of(value)
    name, hint = type(part).__name__, "keep text, numbers, True or False, None, tuples and other criteria in its fields"
    raise DefinitionError(name, field, f"cannot be written to a file (got {value!r})", value, hint=hint)


def canonical(data: Any) -> bytes:
    """Write plain data as the one text that all who write it agree on: the JSON Canonicalization Scheme, RFC 8785.

    Source: RFC 8785; numbers as ECMAScript writes them, keys in the order of their UTF-16 code units, UTF-8.

    Raises:
        DefinitionError: for text that is no valid Unicode, which no file can hold.

    >>> canonical({"b": 1.0, "a": [1e-7, "é"]}).decode()
    '{"a":[1e-7,"é"],"b":1}'
    """
    text = _canonical_text(data)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        broken = text[max(error.start - 20, 0) : error.end + 20]
        raise DefinitionError("Profile", "", f"holds text that is no valid Unicode (got {broken!r})", broken) from None


def _canonical_text(data: Any) -> str:
    if isinstance(data, str):
        return encode_basestring(data)
    if data is None or isinstance(data, bool):
        return "null" if data is None else "true" if data else "false"
    if isinstance(data, int | float):
        return number_text(data)
    if isinstance(data, list):
        return "[" + ",".join([_canonical_text(item) for item in data]) + "]"
    ordered = sorted(data) if all(map(str.isascii, data)) else sorted(data, key=_in_utf_16)
    return "{" + ",".join([f"{encode_basestring(key)}:{_canonical_text(data[key])}" for key in ordered]) + "}"


def _in_utf_16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


@lru_cache(maxsize=4096)  # what is equal is written alike: 1, 1.0 and True
def number_text(number: float) -> str:
    """Write a finite number as ECMAScript does: the shortest digits that give the same float64.

    Source: ECMA-262, Number::toString, which RFC 8785 prescribes.

    >>> number_text(1.0), number_text(1e-7), number_text(1e16), number_text(-0.0), number_text(1e21)
    ('1', '1e-7', '10000000000000000', '0', '1e+21')
    """
    number = float(number)
    if number == 0:
        return "0"
    sign, number = ("-", -number) if number < 0 else ("", number)
    mantissa, _, exponent = f"{number!r}e0".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    # The point stands after so many of the digits.
    point = len(whole) + int(exponent.partition("e")[0]) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= _LONGEST_WHOLE:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= _LONGEST_WHOLE:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if _SHORTEST_FRACTION < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{tail}e{point - 1:+d}"


def digest(label: str, data: Any) -> str:
    """Give the SHA-256 of canonical data under a label, as hexadecimal text; the label keeps kinds of ids apart.

    >>> digest("icpkit/profile/1", {"name": "P"})[:16]
    '...'
    """
    return hashlib.sha256(label.encode() + b"\0" + canonical(data)).hexdigest()


def content_id(data: Any) -> str:
    """Give the SHA-256 of a profile as plain data, as hexadecimal text: `icpkit.Profile.content_id`."""
    return digest(f"icpkit/profile/{FORMAT}", data)


def meaning_of(function: Any) -> Any:
    """Give a value function as plain data, all that can move a match and nothing else."""
    if attrs.has(type(function)):
        fields = {field.name: (getattr(function, field.name), field.default) for field in attrs.fields(type(function))}
        told = {name: meaning_of(value) for name, (value, default) in fields.items() if value != default}
        return {"is": type(function).__name__, **told}
    return [meaning_of(item) for item in function] if isinstance(function, tuple) else function
