"""Checks of data by a schema, shared by several tests."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import jsonschema

import icpkit as icp
from icpkit.schemas import What, json_schema


def validator(what: What = "profile", kinds: Iterable[type[icp.Criterion]] = ()) -> jsonschema.Draft7Validator:
    """Make what checks data, formats too."""
    return jsonschema.Draft7Validator(
        json_schema(what, kinds), format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
    )


def refused(data: Any, kinds: Iterable[type[icp.Criterion]] = ()) -> bool:
    """Tell whether `loads` refuses data."""
    try:
        icp.loads(json.dumps(data), kinds=kinds)
    except icp.ProfileTextError:
        return True
    return False


def text_of(*criteria: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Give the data of a profile with these criteria in one dimension."""
    return {"format": 1, "name": "P", "dimensions": [{"name": "D", "criteria": list(criteria)}], **fields}


def properties_in(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the schemas of all keys in a schema, with their paths."""
    for key, inner in schema.get("properties", {}).items():
        yield f"{path}.{key}", inner
    for name, inner in schema.get("definitions", {}).items():
        yield from properties_in(inner, name)
        yield from properties_in(inner.get("then", {}), name)
