"""The JSON Schema of a profile's text, made of the fields of the classes: annotations, defaults and docstrings."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin
from urllib.parse import quote

import attrs

from icpkit._attrs import thaw
from icpkit.criteria import Criterion
from icpkit.identity import FORMAT, data_of, fields_of
from icpkit.profile import Profile
from icpkit.schemas.limits import CRITERION, DAY, EXAMPLES, LIMITS, NAMED, PART, TOGETHER, Schema, list_of, of_field
from icpkit.schemas.texts import described, summary_of, texts_of
from icpkit.tiers import TierScale

#: What a criterion carries where it stands in a dimension, and nowhere else.
_OUTERMOST = ("weight", "missing")
_DEFINED_HERE = ("Criterion", "Part", "NamedPart", "Kinds")


def profile_schema(known: Mapping[str, type[Criterion]]) -> Schema:
    """Give the schema of the text of a profile whose criteria are of known kinds.

    Args:
        known: classes of criteria by kind.
    """
    classes = [cls for cls in _classes_in([Profile, TierScale, *known.values()]) if not issubclass(cls, Criterion)]
    names = _names_of(classes, {*_DEFINED_HERE, *known})
    body = _object(Profile, names)
    scale = _properties(TierScale, names)  # which a profile's text holds without a level of its own
    scale["tiers"]["default"] = data_of(TierScale.standard())["tiers"]
    properties = {
        "$schema": {"description": "where this schema is, for editors."},
        "format": {"const": FORMAT, "default": FORMAT, "description": "the form of this text."},
        **body["properties"],
        **scale,
    }
    return {
        **body,
        "properties": properties,
        "required": ["format", *body["required"]],
        "dependencies": {"cohort": ["tiers"]},
        "definitions": {
            **{names[cls]: _object(cls, names) for cls in classes if cls not in {Profile, TierScale}},
            **_by_kind(known, names),
            **{kind: _kind(kind, cls, names) for kind, cls in known.items()},
        },
    }


def _names_of(classes: Iterable[type], taken: set[str]) -> dict[type, str]:
    """Give each class a name of its own."""
    names: dict[type, str] = {}
    for cls in classes:
        free = cls.__name__ not in {*names.values(), *taken}
        names[cls] = cls.__name__ if free else f"{cls.__module__}.{cls.__qualname__}"
    return names


def _by_kind(known: Mapping[str, type[Criterion]], names: Mapping[type, str]) -> dict[str, Schema]:
    """Describe any criterion, by its kind: in a dimension, and within something else."""
    fields = attrs.fields_dict(Criterion)
    told = [{"const": kind, **described(summary_of(cls))} for kind, cls in known.items()]
    branches = [
        {
            "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
            "then": {"$ref": f"#/definitions/{quote(kind)}"},
        }
        for kind in known
    ]
    kinds = [{"$ref": "#/definitions/Kinds"}]
    return {
        "Criterion": {
            "allOf": kinds,
            # So that an editor offers the kind first, and these once it knows one.
            "if": {"required": ["kind"]},
            "then": {"properties": {name: _field(Criterion, fields[name], names) for name in _OUTERMOST}},
        },
        "Part": {
            "allOf": kinds,
            # What changes nothing is allowed; but editors offer no patterns.
            "patternProperties": {"^weight$": {"const": 1}, "^missing$": {"type": "null"}},
        },
        "NamedPart": {"allOf": [PART], **NAMED},
        "Kinds": {
            "type": "object",
            # The first gives the better message, the second tells of each.
            "properties": {"kind": {"enum": list(known), "anyOf": told}},
            "required": ["kind"],
            "allOf": branches,
        },
    }


def _kind(kind: str, cls: type[Criterion], names: Mapping[type, str]) -> Schema:
    """Describe the criteria of one kind: its own fields first, those of the outermost elsewhere."""
    body = _object(cls, names)
    common = [name for name in attrs.fields_dict(Criterion) if name not in _OUTERMOST]
    own = [name for name in body["properties"] if name not in {*common, *_OUTERMOST, "kind"}]
    told = {name: body["properties"][name] for name in (*own, *common) if name in body["properties"]}
    return {
        **body,
        "properties": {"kind": {"const": kind, **described(summary_of(cls))}, **told},
        "required": ["kind", *(name for name in body["required"] if name in told)],
        "patternProperties": {f"^({'|'.join(_OUTERMOST)})$": {}},
    }


def _object(cls: type, names: Mapping[type, str]) -> Schema:
    """Describe the mapping of which an object is made."""
    required = [
        field.name
        for field in fields_of(cls).values()
        if field.default is attrs.NOTHING and NoneType not in get_args(field.type)
    ]
    together: Schema = next((TOGETHER[owner] for owner in cls.__mro__ if owner in TOGETHER), {})
    return {
        **described(summary_of(cls)),
        "type": "object",
        "properties": _properties(cls, names),
        "required": required,
        "additionalProperties": False,
        **together,
    }


def _properties(cls: type, names: Mapping[type, str]) -> dict[str, Schema]:
    return {name: _field(cls, field, names) for name, field in fields_of(cls).items()}


def _field(cls: type, field: "attrs.Attribute[Any]", names: Mapping[type, str]) -> Schema:
    schema = {**_type(field.type, names), **(of_field(LIMITS, cls, field.name) or {})}
    if "$ref" in schema:  # beside which draft-07 reads nothing
        schema = {"allOf": [schema]}
    schema |= described(texts_of(cls).get(field.name, ""))
    default = _default(field)
    examples = of_field(EXAMPLES, cls, field.name)
    return schema | ({} if default is None else {"default": default}) | ({"examples": examples} if examples else {})


def _default(field: "attrs.Attribute[Any]") -> Any:
    """Give a default as plain data; None where there is none to write."""
    default: Any = field.default
    if isinstance(default, date):
        return default.isoformat()
    plain = thaw(default)
    try:
        json.dumps(plain, allow_nan=False)
    except (TypeError, ValueError):
        return None
    return plain


_PLAIN: Final = {str: "string", float: "number", int: "integer", bool: "boolean"}
_LISTS: Final[tuple[Any, ...]] = (tuple, list, set, frozenset)
_UNIONS: Final[tuple[Any, ...]] = (Union, UnionType)


def _type(kind: Any, names: Mapping[type, str]) -> Schema:
    """Describe what a field of this type accepts; what a schema cannot tell, it allows."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"enum": [word for word in args if word is None or isinstance(word, str | int)]}
    if origin in _LISTS and args:
        return _items(origin, args, names)
    if origin in _UNIONS:
        return _any_of([{"type": "null"} if one is NoneType else _type(one, names) for one in args])
    return _class(kind, names) if origin is None and isinstance(kind, type) else {}


def _class(cls: type, names: Mapping[type, str]) -> Schema:
    if attrs.has(cls):
        return CRITERION if issubclass(cls, Criterion) else {"$ref": f"#/definitions/{quote(names[cls])}"}
    if issubclass(cls, date):
        return DAY
    return {"type": _PLAIN[cls]} if cls in _PLAIN else {}


def _items(origin: Any, args: tuple[Any, ...], names: Mapping[type, str]) -> Schema:
    objects = isinstance(args[0], type) and attrs.has(args[0])  # a list of them, however many are declared
    if origin is not tuple or args[-1] is ... or objects:
        return list_of(_type(args[0], names))
    return {**list_of({}), "items": [_type(one, names) for one in args], "minItems": len(args), "maxItems": len(args)}


def _any_of(schemas: list[Schema]) -> Schema:
    """Describe one of several types, in one list where that says it all."""
    if all(schema.keys() == {"type"} for schema in schemas):
        return {"type": [schema["type"] for schema in schemas]}
    if all(schema.keys() == {"enum"} or schema == {"type": "null"} for schema in schemas):
        return {"enum": [word for schema in schemas for word in schema.get("enum", [None])]}
    return {"anyOf": schemas}


def _classes_in(roots: Iterable[type]) -> list[type]:
    """Give classes and those of what their fields hold, each once."""
    found: dict[type, None] = {}
    todo = list(roots)
    while todo:
        cls = todo.pop(0)
        if cls not in found:
            found[cls] = None
            todo += [one for field in fields_of(cls).values() for one in _named_in(field.type)]
    return list(found)


def _named_in(kind: Any) -> Iterator[type]:
    if isinstance(kind, type) and attrs.has(kind):
        yield kind
    for one in get_args(kind):
        yield from _named_in(one)
