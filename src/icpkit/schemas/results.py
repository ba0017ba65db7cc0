"""The JSON Schemas of a score and of an explanation as plain data, with every key that they hold."""

from collections.abc import Iterable, Mapping
from typing import Final, get_args

from icpkit._version import SEMANTICS
from icpkit.explanation import CriterionResult, DimensionResult, Explanation, GateResult, State
from icpkit.profile import Dimension, Gate, Profile
from icpkit.schemas.limits import FIT, MATCH, MOMENT, Schema, list_of, number_of, pair_of
from icpkit.schemas.texts import described, summary_of, texts_of
from icpkit.scoring import SCHEMA, Score
from icpkit.typing import Status, Verdict

_WORDS: Final[Schema] = {"type": "string"}
_OR_NULL: Final[Schema] = {"type": ["string", "null"]}
_POINTS: Final = number_of(0)
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_ID: Final[Schema] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_ENDS: Final = pair_of(number_of(), number_of())

#: What a score and its explanation have in common.
_OUTCOME: Final[dict[str, Schema]] = {
    "fit": number_of(0, 100, null=True),
    "tier": _OR_NULL,
    "status": {"enum": list(get_args(Status))},
    "coverage": MATCH,
    "low": FIT,
    "high": FIT,
}
#: What is told of every criterion, whether it stands in a dimension, a gate or an adjustment.
_RESULT: Final[dict[str, Schema]] = {
    "path": _WORDS,
    "name": _WORDS,
    "asked": _WORDS,
    "found": _WORDS,
    "value": {},
    "state": {"enum": list(get_args(State))},
    "invalid": _OR_NULL,
    "no_field": {"type": "boolean"},
    "near": _WORDS,
    "low": MATCH,
    "high": MATCH,
    "match": number_of(0, 1, null=True),
    "share": MATCH,
    "points": number_of(0, null=True),
    "most": _POINTS,
    "worth": _ENDS,
    "there": list_of(_WORDS),
    "lacking": list_of(_WORDS),
    "age": number_of(0, null=True),
    "ignored": _COUNT,
    "naive": _COUNT,
    "parts": list_of({"$ref": "#/definitions/Criterion"}),
}
#: What no class has a field or a property for.
_TEXTS: Final[dict[str, str]] = {
    "asked": "what is asked, in words.",
    "found": "what was found, in words.",
    "there": "the wanted labels that are there.",
    "lacking": "the wanted labels that are lacking.",
    "scoring_id": "the SHA-256 of what can move a fit, a tier or a status.",
    "content_id": "the SHA-256 of all that the profile says.",
    "semantics": "the number of the rules by which it was scored.",
    "version": "the version of icpkit.",
    "version_id": "the id of the version of a history by which it was scored.",
}


def score_schema() -> Schema:
    """Give the schema of `Score.to_dict`, with all that may be asked for."""
    stamp = {
        "profile": _WORDS,
        "scoring_id": _ID,
        "content_id": _ID,
        "as_of": MOMENT,
        "semantics": {"const": SEMANTICS},
        "version": _WORDS,
        "version_id": _ID,
    }
    more = {
        "points": {"type": "object", "additionalProperties": number_of()},
        "possible_tiers": list_of(_WORDS, 1),
        **stamp,
        "explanation": {"$ref": "#/definitions/Explanation"},
    }
    texts = texts_of(Profile) | texts_of(Score) | {"points": "points by path; they sum to the fit."}
    body = _closed({"key": {}, **_OUTCOME, **more}, texts, SCHEMA)
    definitions = {"Explanation": _of_explanation(), **_within_explanation()}
    reasons = {"^reason_[1-9][0-9]*$": _WORDS}
    return {**described(summary_of(Score)), **body, "patternProperties": reasons, "definitions": definitions}


def explanation_schema() -> Schema:
    """Give the schema of `Explanation.to_dict`."""
    return {**_of_explanation(), "definitions": _within_explanation()}


def _of_explanation() -> Schema:
    parts = {
        "possible_tiers": list_of(_WORDS, 1),
        "dimensions": list_of({"$ref": "#/definitions/Dimension"}, 1),
        "adjustments": list_of({"$ref": "#/definitions/Adjustment"}),
        "gates": list_of({"$ref": "#/definitions/Gate"}),
        "clipped": number_of(null=True),
        "limited": number_of(null=True),
        "ignored": _COUNT,
        "naive": _COUNT,
    }
    body = _closed(
        {"profile": _WORDS, "key": {}, "as_of": MOMENT, **_OUTCOME, **parts}, texts_of(Explanation) | texts_of(Score)
    )
    return {**described(summary_of(Explanation)), **body}


def _within_explanation() -> dict[str, Schema]:
    texts = texts_of(CriterionResult)
    texts |= {"value": texts.get("raw", ""), "verdict": summary_of(GateResult)}
    gate = {
        "verdict": {"enum": list(get_args(Verdict))},
        "at_least": number_of(0, 1),
        "overridable": {"type": "boolean"},
    }
    dimension = {
        "name": _WORDS,
        "weight": number_of(0),
        "share": MATCH,
        "points": number_of(0, null=True),
        "most": _POINTS,
        "criteria": list_of({"$ref": "#/definitions/Criterion"}, 1),
    }
    return {
        "Dimension": _closed(dimension, texts_of(Dimension) | texts_of(DimensionResult)),
        "Adjustment": _closed({**_RESULT, "points": number_of(null=True)}, texts),
        "Gate": _closed({**gate, **_RESULT}, texts_of(Gate) | texts),
        "Criterion": _closed(_RESULT, texts),
    }


def _closed(properties: Mapping[str, Schema], texts: Mapping[str, str], required: Iterable[str] = ()) -> Schema:
    """Describe a mapping that holds these keys, all of them unless told which, and no others."""
    told = {
        name: schema if "$ref" in schema else schema | described({**_TEXTS, **texts}.get(name, ""))
        for name, schema in properties.items()
    }
    return {
        "type": "object",
        "properties": told,
        "required": list(required or properties),
        "additionalProperties": False,
    }
