import json
import subprocess
import sys
from typing import Any, cast

import jsonschema
import pytest

import icpkit as icp
from icpkit.schemas import What, json_schema
from tests.schemas.checks import properties_in

WHATS: tuple[What, ...] = ("profile", "score", "explanation")
STRIPPED = """
import json
from icpkit.schemas import json_schema
print(json.dumps([json_schema(what) for what in ("profile", "score", "explanation")]))
"""


@pytest.mark.parametrize("what", WHATS)
def test_a_schema_is_one(what: What) -> None:
    """Each schema suits the metaschema of draft-07, under a name of its own."""
    schema = json_schema(what)
    jsonschema.Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert (schema["$id"], schema["title"]) == (f"urn:icpkit:{what}:1", f"icpkit {what}")
    assert json_schema() == json_schema("profile")


@pytest.mark.parametrize("what", WHATS)
def test_a_schema_is_plain_and_the_same_each_time(what: What) -> None:
    """Each schema is plain JSON of moderate size, always the same, and the caller's own."""
    schema = json_schema(what)
    text = json.dumps(schema, allow_nan=False)
    assert json.loads(text) == schema
    assert len(text) < 40_000
    schema["properties"].clear()
    schema["definitions"].clear()
    assert json.dumps(json_schema(what)) == text


@pytest.mark.parametrize("what", WHATS)
def test_every_reference_leads_somewhere(what: What) -> None:
    """Whatever a schema refers to is defined in it, and all that is defined is referred to."""
    schema = json_schema(what)
    text = json.dumps(schema)
    for name in schema["definitions"]:
        assert f'"#/definitions/{name}"' in text
    assert text.count('"#/definitions/') == sum(text.count(f'"#/definitions/{name}"') for name in schema["definitions"])


@pytest.mark.parametrize("what", WHATS)
def test_every_key_is_described(what: What) -> None:
    """Every key says what it means, in words of data, not of Python."""
    described = {path: schema.get("description", "") for path, schema in properties_in(json_schema(what))}
    assert len(described) > 30
    for path, text in described.items():
        if not path.endswith((".explanation", "Kinds.kind")):  # which are told where they lead
            assert text, path
        assert "`" not in text, path
        assert "None" not in text, path
        assert "illionth" not in text, path
        assert "  " not in text, path


@pytest.mark.parametrize("what", ["Profile", "scores", "", None, 1])
def test_other_schemas_are_refused(what: Any) -> None:
    """There are three schemas, and the error lists them."""
    with pytest.raises(ValueError, match=r"^what must be 'profile', 'score', 'explanation' \(got "):
        json_schema(what)


def test_kinds_are_classes_of_criteria() -> None:
    """What is no class of criteria is refused, as `loads` refuses it."""
    for wrong in (icp.Flag("b2b"), int, "range"):
        with pytest.raises(TypeError, match=r"^kinds must hold classes that subclass Criterion \(got "):
            json_schema("profile", [cast("type[icp.Criterion]", wrong)])


def test_two_classes_of_one_kind_are_refused() -> None:
    """A class that has the kind of another is refused; the same class twice is not."""

    class Range(icp.Range):
        pass

    with pytest.raises(ValueError, match=r"^kinds must not hold two classes for 'range': "):
        json_schema("profile", [Range])
    assert json_schema("profile", [icp.Range]) == json_schema("profile")


def test_without_docstrings_there_are_no_texts_of_them() -> None:
    """Where Python strips docstrings, schemas differ in descriptions alone."""
    ran = subprocess.run([sys.executable, "-OO", "-c", STRIPPED], capture_output=True, check=True, text=True)
    for what, stripped in zip(WHATS, json.loads(ran.stdout), strict=True):
        jsonschema.Draft7Validator.check_schema(stripped)
        whole = json_schema(what)
        assert without_descriptions(stripped) == without_descriptions(whole)
        texts = {text for _, inner in properties_in(stripped) if (text := inner.get("description"))}
        known = {text for _, inner in properties_in(whole) if (text := inner.get("description"))}
        assert texts < known
        assert "the lower end, or null for none." not in texts
    profile = json.loads(ran.stdout)[0]
    told = {path for path, inner in properties_in(profile) if "description" in inner}
    assert told == {".$schema", ".format"}


def without_descriptions(schema: Any) -> Any:
    """Leave out what is said of keys, but no key of that name."""
    if isinstance(schema, list):
        return [without_descriptions(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: without_descriptions(one)
        for key, one in schema.items()
        if not (key == "description" and isinstance(one, str))
    }
