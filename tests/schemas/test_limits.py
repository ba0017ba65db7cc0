from typing import Any

import attrs
import jsonschema
import pytest

import icpkit as icp
from icpkit.schemas import json_schema
from icpkit.schemas.limits import DAY, EXAMPLES, LIMITS, MOMENT, TOGETHER, of_field, table_of
from tests.schemas.checks import properties_in, refused, text_of

CHECKER = jsonschema.Draft7Validator.FORMAT_CHECKER
PARTS = (icp.Profile, icp.TierScale, icp.Tier, icp.Cohort, icp.Dimension, icp.Gate, icp.Adjustment, icp.Example)

#: Fields whose type says it all: the rest must stand among the limits.
PLAIN = {
    *((icp.Range, name) for name in ("low", "high", "soft_low", "soft_high", "scale")),
    *((icp.Age, name) for name in ("soft_at_least", "soft_at_most")),
    *((icp.OneOf, name) for name in ("prefix", "case_sensitive")),
    *((icp.Ordinal, name) for name in ("at_least", "at_most")),
    *((icp.Overlap, name) for name in ("mode", "case_sensitive")),
    (icp.Flag, "expected"),
    (icp.Recency, "absent"),
    (icp.Engagement, "absent"),
    *((icp.Gate, name) for name in ("when_unknown", "overridable")),
    (icp.TierScale, "cohort"),
    *(
        (icp.Profile, name)
        for name in ("gates", "adjustments", "tiers", "about", "priority", "rank", "stage", "examples")
    ),
}


def valid(schema: Any, value: Any) -> bool:
    """Tell whether a value suits a schema."""
    return bool(jsonschema.Draft7Validator(schema, format_checker=CHECKER).is_valid(value))


def test_no_field_is_forgotten() -> None:
    """Every field has its limits, or a type that says it all; and no limits are of a field that is gone."""
    for cls in (*icp.CRITERIA, *PARTS):
        for name in attrs.fields_dict(cls):
            plain = any((owner, name) in PLAIN for owner in cls.__mro__)
            assert (of_field(LIMITS, cls, name) is None) == plain, (cls, name)
    for cls, name in (*LIMITS, *EXAMPLES, *PLAIN):
        assert name in attrs.fields_dict(cls), (cls, name)
    for cls in TOGETHER:
        assert cls in icp.CRITERIA


def test_a_field_of_one_s_own_has_no_limits() -> None:
    """Limits are inherited with their field, not with its name alone."""

    @attrs.frozen
    class Odd(icp.Range):
        attribute: str  # another field of that name

    assert of_field(LIMITS, Odd, "weight") == {"minimum": 0}
    assert of_field(LIMITS, Odd, "attribute") is None
    assert of_field(LIMITS, Odd, "nothing") is None


@pytest.mark.parametrize("form", [["a", "b"], {"a": 1, "b": 0}, [["a", 1], ["b", 0.5]], ["a"]])
def test_a_table_has_three_forms(form: Any) -> None:
    """A table is a mapping, a list of keys, or a list of pairs."""
    assert valid(table_of({"type": "number"}, {"type": "string"}), form)


@pytest.mark.parametrize(
    "form", [[], {}, "a", None, 1, {"a": "1"}, {" ": 1}, ["a", 1], [["a"]], [["a", 1], "b"], ["a", "a"], [[1, "a"]]]
)
def test_what_is_no_table(form: Any) -> None:
    """Nothing else is a table."""
    assert not valid(table_of({"type": "number"}, {"type": "string"}), form)


@pytest.mark.parametrize(
    ("text", "day", "moment"),
    [
        ("2026-11-01", True, True),
        ("20261101", True, True),
        ("2026-W44-7", True, True),
        ("2026-11-01T09:00:00Z", True, True),
        ("2026-11-01 09:00:00.5-08:00", True, True),
        ("20261101T0900+0200", True, True),
        ("2026-11-01T09:00", True, False),
        ("2026-02-30", False, False),
        ("2026-11", False, False),
        ("1 November 2026", False, False),
        (20261101, False, False),
    ],
)
def test_dates_and_moments(text: Any, day: bool, moment: bool) -> None:
    """A date may be written as ISO 8601 knows it; a moment of scoring says its time zone."""
    assert valid(DAY, text) == day
    assert valid(MOMENT, text) == moment
    example = {"account": {}, "as_of": text, "tier": ["Weak"]}
    assert refused(text_of({"kind": "flag", "attribute": "a"}, examples=[example])) == (not moment)


@pytest.mark.parametrize(("cls", "name"), EXAMPLES)
def test_examples_are_valid(cls: type, name: str) -> None:
    """What is shown as an example suits its schema, and the class takes it."""
    schema = json_schema()
    examples = EXAMPLES[cls, name]
    places = [
        inner
        for path, inner in properties_in(schema)
        if path.endswith(f".{name}") and inner.get("examples") == examples
    ]
    assert places
    for example in examples:
        assert all(valid({**inner, "definitions": schema["definitions"]}, example) for inner in places)
        field: Any = attrs.fields_dict(cls)[name]
        converted = field.converter(example) if field.converter else example
        if field.validator and name != "cohort":  # which is made an object first
            field.validator(cls, field, converted)
