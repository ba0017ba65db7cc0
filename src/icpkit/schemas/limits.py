"""What annotations cannot say: limits, what fields ask of each other, and what to write where a shape is not plain."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import attrs

from icpkit.criteria import (
    CRITERIA,
    Age,
    AllOf,
    AnyOf,
    Bands,
    Criterion,
    Engagement,
    Not,
    OneOf,
    Ordinal,
    Overlap,
    Range,
    Recency,
    Upcoming,
)
from icpkit.identity import kind_of
from icpkit.profile import Adjustment, Dimension, Example, Gate, Profile
from icpkit.tiers import Cohort, Tier, TierScale

#: A JSON Schema, or a part of one.
Schema: TypeAlias = dict[str, Any]


def number_of(least: float | None = None, most: float | None = None, *, null: bool = False) -> Schema:
    """Describe a number within limits, or null where it may be."""
    limits = {"minimum": least, "maximum": most}
    told = {name: limit for name, limit in limits.items() if limit is not None}
    return {"type": ["number", "null"] if null else "number", **told}


def list_of(items: Schema, least: int = 0) -> Schema:
    """Describe a list of at least so many."""
    return {"type": "array", "items": items, **({"minItems": least} if least else {})}


def pair_of(first: Schema, second: Schema) -> Schema:
    """Describe a list of two."""
    return {"type": "array", "items": [first, second], "minItems": 2, "maxItems": 2}


def table_of(number: Schema, *keys: Schema) -> Schema:
    """Describe a mapping to numbers, or a list of keys, or of pairs of a key and a number; keys are of one type."""
    return {
        "type": ["object", "array"],
        "propertyNames": _NOT_BLANK,
        "additionalProperties": number,
        "minProperties": 1,
        "minItems": 1,
        "uniqueItems": True,
        "anyOf": [{"items": items} for key in keys for items in (key, pair_of(key, number))],
    }


_NOT_BLANK: Final[Schema] = {"pattern": r"\S"}
_TEXT: Final[Schema] = {"type": "string", **_NOT_BLANK}
_FROM_0: Final[Schema] = {"minimum": 0}
_ABOVE_0: Final[Schema] = {"exclusiveMinimum": 0}
_TO_1: Final[Schema] = {"minimum": 0, "maximum": 1}
MATCH: Final = number_of(0, 1)
FIT: Final = number_of(0, 100)
_ALIASES: Final[Schema] = {"type": "object", "propertyNames": _NOT_BLANK, "additionalProperties": _TEXT}
_LEVELS: Final[Schema] = {"anyOf": [{"items": _TEXT}, {"items": number_of()}]}

# What Python reads as a date: JSON Schema has a name for the plainest form alone.
_DATE: Final[Schema] = {"format": "date"}
_OTHER_DATE = r"[0-9]{8}|[0-9]{4}-?W[0-9]{2}(-?[0-9])?"
_TIME = r"[0-9]{4}-?([0-9]{2}-?[0-9]{2}|W[0-9]{2}(-?[0-9])?)[\s\S][0-9]{2}[\s\S]*"
#: A date, or a moment, with a time zone or without.
DAY: Final[Schema] = {"type": "string", "anyOf": [_DATE, {"pattern": f"^({_OTHER_DATE}|{_TIME})$"}]}
#: A date, or a moment with its time zone.
MOMENT: Final[Schema] = {
    "type": "string",
    "anyOf": [_DATE, {"pattern": f"^({_OTHER_DATE}|{_TIME}([Zz]|[+-][0-9]{{2}}[\\s\\S]*))$"}],
}

#: A criterion that may carry a weight and a missing policy.
CRITERION: Final[Schema] = {"$ref": "#/definitions/Criterion"}
#: A criterion within something else, which may not.
PART: Final[Schema] = {"$ref": "#/definitions/Part"}
#: Where paths need a name, a combination has none by itself.
NAMED: Final[Schema] = {
    "if": {"properties": {"kind": {"enum": [kind_of(AllOf), kind_of(AnyOf)]}}, "required": ["kind"]},
    "then": {"required": ["name"]},
}
_NAMED_PART: Final[Schema] = {"$ref": "#/definitions/NamedPart"}

#: By field, what its validator asks beyond its type; classes that inherit a field inherit its limits.
LIMITS: Final[dict[tuple[type, str], Schema]] = {
    (Criterion, "name"): _NOT_BLANK,
    (Criterion, "weight"): _FROM_0,
    (Criterion, "missing"): _TO_1,
    (Criterion, "label"): _NOT_BLANK,
    **{(one, "attribute"): _NOT_BLANK for one in CRITERIA if "attribute" in attrs.fields_dict(one)},
    (Age, "at_least"): _FROM_0,
    (Age, "at_most"): _FROM_0,
    (Bands, "bands"): list_of(pair_of(number_of(), MATCH), 1),
    (Bands, "otherwise"): _TO_1,
    (OneOf, "values"): table_of(MATCH, _TEXT, number_of()),
    (OneOf, "otherwise"): _TO_1,
    (OneOf, "aliases"): _ALIASES,
    (Ordinal, "order"): {"minItems": 1, "uniqueItems": True, **_LEVELS},
    (Ordinal, "matches"): {
        "type": ["object", "array"],
        "additionalProperties": MATCH,
        "items": pair_of({"type": ["string", "number"]}, MATCH),
    },
    (Overlap, "labels"): table_of(number_of(0), _TEXT),
    (Overlap, "k"): {"minimum": 1},
    (Overlap, "groups"): {
        "type": "object",
        "additionalProperties": {**list_of(_TEXT, 1), "uniqueItems": True},
    },
    (Overlap, "aliases"): _ALIASES,
    (Recency, "half_life"): _ABOVE_0,
    (Recency, "linear"): _ABOVE_0,
    (Recency, "window"): _FROM_0,
    (Recency, "steps"): {"minItems": 1, "items": pair_of(number_of(0), MATCH)},
    (Engagement, "kinds"): table_of(number_of(0, 2**53), _TEXT),
    (Engagement, "half_life"): _ABOVE_0,
    (Engagement, "target"): _ABOVE_0,
    (Upcoming, "within"): _ABOVE_0,
    (AllOf, "criteria"): list_of(PART, 1),
    (AnyOf, "criteria"): list_of(PART, 1),
    (Not, "criterion"): PART,
    (Dimension, "name"): _NOT_BLANK,
    (Dimension, "criteria"): list_of({"allOf": [CRITERION, NAMED]}, 1),
    (Dimension, "weight"): _FROM_0,
    (Gate, "criterion"): _NAMED_PART,
    (Gate, "at_least"): {**_ABOVE_0, "maximum": 1},
    (Adjustment, "points"): {"minimum": -100, "maximum": 100, "not": {"const": 0}},
    (Adjustment, "when"): _NAMED_PART,
    (Example, "account"): {"type": "object"},
    (Example, "as_of"): MOMENT,
    (Example, "tier"): {"minItems": 1},
    (Example, "name"): _NOT_BLANK,
    (Tier, "name"): _NOT_BLANK,
    (Tier, "cut"): {"minimum": 0, "maximum": 100},
    # The format is no word of the standard: editors that know it show the colour.
    (Tier, "color"): {"format": "color-hex", "pattern": "^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"},
    (Tier, "action"): _NOT_BLANK,
    (Cohort, "size"): {"minimum": 1},
    (Cohort, "as_of"): MOMENT,
    (TierScale, "tiers"): {"minItems": 1},
    (Profile, "name"): _NOT_BLANK,
    (Profile, "dimensions"): {"minItems": 1},
    (Profile, "missing"): _TO_1,
    (Profile, "min_coverage"): _TO_1,
    (Profile, "meta"): {"type": "object"},
}

#: By class, what its fields ask of each other, as far as a schema can say it.
TOGETHER: Final[dict[type, Schema]] = {
    Range: {"anyOf": [{"required": ["low"]}, {"required": ["high"]}]},
    Age: {"anyOf": [{"required": ["at_least"]}, {"required": ["at_most"]}]},
    Ordinal: {"anyOf": [{"required": ["at_least"]}, {"required": ["at_most"]}, {"required": ["matches"]}]},
    Overlap: {
        "if": {"properties": {"mode": {"const": "at_least"}}, "required": ["mode"]},
        "then": {"required": ["k"]},
    },
}

#: By field, what to write where the shape is not plain.
EXAMPLES: Final[dict[tuple[type, str], list[Any]]] = {
    (Criterion, "missing"): ["skip", 0, 0.5],
    (Bands, "bands"): [[[1_000_000, 0.5], [10_000_000, 1]]],
    (OneOf, "values"): [["Software", "IT Services"], {"Software": 1, "IT Services": 0.6}, [[1, 1], [2, 0.5]]],
    (OneOf, "aliases"): [{"SaaS": "Software"}],
    (Ordinal, "order"): [["Seed", "Series A", "Series B", "IPO"]],
    (Ordinal, "matches"): [{"Low": 0.2, "Medium": 0.7, "High": 1}, [[1, 0.5], [2, 1]]],
    (Overlap, "labels"): [["Slack", "Jira"], {"CRM": 2, "Slack": 1}],
    (Overlap, "groups"): [{"CRM": ["Salesforce", "HubSpot"]}],
    (Overlap, "aliases"): [{"SFDC": "Salesforce"}],
    (Recency, "steps"): [[[7, 1], [30, 0.5]]],
    (Engagement, "kinds"): [["webinar", "demo"], {"webinar": 1, "demo": 3}],
    (Dimension, "name"): ["Firmographics", "Technographics", "Behavioral signals", "Business needs"],
    (Example, "account"): [{"employees": 320, "founded": "2013-01-01"}],
    (Example, "as_of"): ["2026-11-01", "2026-11-01T09:00:00+00:00"],
    (Example, "tier"): [["Perfect", "Strong"], ["disqualified"], ["insufficient data"]],
    (Tier, "color"): ["#1a7f37"],
    (TierScale, "cohort"): [{"size": 1200, "as_of": "2026-11-01"}],
    (Profile, "meta"): [{"tags": ["saas"], "notes": "…"}],
}


def of_field(table: Mapping[tuple[type, str], Any], cls: type, name: str) -> Any:
    """Look a field up under the class that says what it is, or under one that inherits it."""
    for owner in cls.__mro__:
        if (owner, name) in table:
            return table[owner, name]
        if attrs.has(owner) and any(field.name == name and not field.inherited for field in attrs.fields(owner)):
            break  # it is this class's own
    return None
