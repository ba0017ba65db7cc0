import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

import attrs
import pytest

import icpkit as icp
from icpkit.identity import data_of, kind_of
from icpkit.schemas import json_schema
from icpkit.value_functions import ValueFunction
from tests.schemas.checks import refused, text_of, validator

PROFILE = validator()
FLAG = {"kind": "flag", "attribute": "b2b"}
#: The least that each kind needs.
LEAST: dict[str, dict[str, Any]] = {
    "range": {"attribute": "a", "low": 1},
    "age": {"attribute": "a", "at_most": 1},
    "bands": {"attribute": "a", "bands": [[1, 0.5]]},
    "one_of": {"attribute": "a", "values": ["x"]},
    "ordinal": {"attribute": "a", "order": ["x", "y"], "at_least": "y"},
    "flag": {"attribute": "a"},
    "overlap": {"attribute": "a", "labels": ["x"]},
    "tech_overlap": {"attribute": "a", "labels": ["x"]},
    "recency": {"attribute": "a"},
    "engagement": {"attribute": "a", "kinds": ["x"]},
    "upcoming": {"attribute": "a"},
    "all_of": {"name": "a", "criteria": [FLAG]},
    "any_of": {"name": "a", "criteria": [FLAG]},
    "not": {"criterion": FLAG},
}


@attrs.frozen
class Within(icp.Criterion):
    """A place that is near.

    Args:
        attribute: the attribute, in km.
        km: how far away it may be.
    """

    attribute: str
    km: float

    def value_function(self) -> ValueFunction:
        """Do as a range does."""
        return icp.Range(self.attribute, None, self.km).value_function()


@attrs.frozen
class Part:
    """What stands in a field; its name is one that the schema uses itself."""

    size: int
    more: "tuple[Part, ...]" = ()
    note: str | None = None


class Helpers:
    """Holds a second class of a name."""

    @attrs.frozen
    class Part:
        """Another one."""

        text: str = ""


@attrs.frozen(kw_only=True)
class Größe(icp.Criterion):  # noqa: PLC2401  # a kind that a reference must quote
    """Fields of many types."""

    attribute: str = "a"
    flag: bool = False
    count: int | None = None
    share: float = 0.5
    day: date = date(2026, 11, 1)
    when: datetime | None = None
    span: timedelta | None = None
    mode: Literal["a", 1, None] = "a"  # noqa: PYI061  # as it may be written
    words: tuple[str, ...] = ()
    ends: tuple[float, str] = (0, "x")
    ids: frozenset[int] = frozenset()
    either: str | tuple[int, ...] = ""
    levels: tuple[Literal["x", "y"] | None, ...] = ()
    part: Part | None = None
    parts: tuple[Part, ...] = ()
    pair: tuple[Part, Part] = (Part(1), Part(2))
    other: Helpers.Part = Helpers.Part()
    inner: icp.Criterion = attrs.field(factory=lambda: icp.Flag("b"))
    names: Sequence[str] = ()
    bare: tuple = ()  # type: ignore[type-arg]  # as people write it  # pyright: ignore[reportMissingTypeArgument]
    anything: Any = None
    kind: str = "not this one"
    made: int = attrs.field(init=False, default=1)

    def value_function(self) -> ValueFunction:
        """Do as a flag does."""
        return icp.Flag(self.attribute).value_function()


KINDS = (Within, Größe)
OWN = validator("profile", KINDS)

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 0.5, 2.0, "", "x", "a", "2026"),
    *("2026-11-01", "2026-11-01T09:00", "2026-11-01T09:00Z"),
    *([], [1], [1, 1], ["x"], ["x", None], ["x", "z"], [1, "x"], ["x", 1], [1, "x", 1], [[1]], [True], [None], {}),
    *({"size": 1}, {"size": 1.5}, {"size": 1, "odd": 1}, {"size": 1, "more": [{"size": 2, "note": None}]}),
    *({"size": 1, "more": [{}]}, {"text": "x"}, {"text": None}),
    *([{"size": 1}], [{"size": 1}, {"size": 2}], [{"size": "1"}], [{}]),
    *(FLAG, {"kind": "flag"}, {**FLAG, "weight": 2}, {**FLAG, "odd": 1}),
    {"kind": "within", "attribute": "a", "km": 1},
)


@pytest.mark.parametrize("kind", LEAST)
def test_each_kind_needs_little(kind: str) -> None:
    """What a kind needs is valid and loads; without any of it, neither."""
    least = {"kind": kind, **LEAST[kind]}
    PROFILE.validate(text_of(least))
    assert not refused(text_of(least))
    for key in least:
        less = text_of({name: value for name, value in least.items() if name != key})
        assert not PROFILE.is_valid(less), key
        assert refused(less), key


def test_every_kind_is_described() -> None:
    """Every kind has its keys: all fields of its class, and its kind; weight and policy stand elsewhere."""
    definitions = json_schema("profile", KINDS)["definitions"]
    for cls in (*icp.CRITERIA, *KINDS):
        of_kind = definitions[kind_of(cls)]
        fields = [field.name for field in attrs.fields(cls) if field.init]
        outermost = definitions["Criterion"]["then"]["properties"]
        assert {*of_kind["properties"], *outermost} == {"kind", *fields}
        assert of_kind["properties"]["kind"]["const"] == kind_of(cls)
        assert of_kind["additionalProperties"] is False
        assert of_kind["properties"].keys() & outermost.keys() == set()
    assert definitions["Kinds"]["properties"]["kind"]["enum"] == [kind_of(cls) for cls in (*icp.CRITERIA, *KINDS)]
    assert LEAST.keys() == {kind_of(cls) for cls in icp.CRITERIA}


@pytest.mark.parametrize("cls", [icp.Dimension, icp.Gate, icp.Adjustment, icp.Example, icp.Tier, icp.Cohort])
def test_every_part_is_described(cls: type) -> None:
    """Every part of a profile has its fields as keys, and no others; those without a default are required."""
    part = json_schema()["definitions"][cls.__name__]
    assert list(part["properties"]) == list(attrs.fields_dict(cls))
    assert part["required"] == [field.name for field in attrs.fields(cls) if field.default is attrs.NOTHING]
    assert part["additionalProperties"] is False


def test_the_profile_is_described() -> None:
    """A text has the fields of the profile and of its tier scale, its format, and perhaps its schema."""
    schema = json_schema()
    fields = {*attrs.fields_dict(icp.Profile), *attrs.fields_dict(icp.TierScale)}
    assert {*schema["properties"]} == {"$schema", "format", *fields}
    assert schema["required"] == ["format", "name", "dimensions"]
    assert schema["additionalProperties"] is False


def test_defaults_are_what_is_left_out() -> None:
    """A text that spells out every default is the same profile."""
    schema = json_schema()
    data = {"format": 1, **data_of(icp.standard_profile())}

    names = {"dimensions": "Dimension", "gates": "Gate"}

    def spelled_out(value: Any, name: str) -> Any:
        if isinstance(value, list):
            return [spelled_out(one, name) for one in value]
        if not isinstance(value, dict):
            return value
        known = schema["definitions"].get(str(value.get("kind", name)), {}).get("properties", {})
        if name == "criteria":
            known = known | schema["definitions"]["Criterion"]["then"]["properties"]
        inner = {key: spelled_out(one, names.get(str(key), str(key))) for key, one in value.items()}
        return {**{key: one["default"] for key, one in known.items() if "default" in one}, **inner}

    tops = {key: one["default"] for key, one in schema["properties"].items() if "default" in one}
    whole = tops | spelled_out(data, "")
    assert len(json.dumps(whole)) > len(json.dumps(data)) + 1000
    PROFILE.validate(whole)
    assert icp.loads(json.dumps(whole)) == icp.standard_profile()


MISTAKES: list[tuple[dict[str, Any], str]] = [
    (text_of({"kind": "range", "atribute": "a", "low": 1}), "dimensions/0/criteria/0"),
    (text_of({"kind": "ragne", "attribute": "a"}), "dimensions/0/criteria/0/kind"),
    (text_of({"kind": None, "attribute": "a"}), "dimensions/0/criteria/0/kind"),
    (text_of({"attribute": "a"}), "dimensions/0/criteria/0"),
    (text_of("flag"), "dimensions/0/criteria/0"),  # type: ignore[arg-type]  # the mistake
    (text_of({"kind": "range", "attribute": "a"}), "dimensions/0/criteria/0"),
    (text_of({"kind": "range", "attribute": "a", "low": "1"}), "dimensions/0/criteria/0/low"),
    (text_of({"kind": "range", "attribute": " ", "low": 1}), "dimensions/0/criteria/0/attribute"),
    (text_of({"kind": "range", "attribute": "a", "low": 1, "scale": "lin"}), "dimensions/0/criteria/0/scale"),
    (text_of({"kind": "range", "attribute": "a", "low": 1, "scale": None}), "dimensions/0/criteria/0/scale"),
    (text_of({**FLAG, "weight": -1}), "dimensions/0/criteria/0/weight"),
    (text_of({**FLAG, "missing": 1.5}), "dimensions/0/criteria/0/missing"),
    (text_of({**FLAG, "missing": "skp"}), "dimensions/0/criteria/0/missing"),
    (text_of({"kind": "all_of", "criteria": [FLAG]}), "dimensions/0/criteria/0"),
    (text_of({"kind": "all_of", "name": "x", "criteria": []}), "dimensions/0/criteria/0/criteria"),
    (text_of({"kind": "not", "criterion": {**FLAG, "weight": 2}}), "dimensions/0/criteria/0/criterion/weight"),
    (text_of({"kind": "not", "criterion": {**FLAG, "missing": 0}}), "dimensions/0/criteria/0/criterion/missing"),
    (text_of({"kind": "recency", "attribute": "a", "half_life": 0}), "dimensions/0/criteria/0/half_life"),
    (text_of({"kind": "overlap", "attribute": "a", "labels": ["x"], "mode": "at_least"}), "dimensions/0/criteria/0"),
    (text_of({"kind": "overlap", "attribute": "a", "labels": [1]}), "dimensions/0/criteria/0/labels"),
    (text_of({"kind": "ordinal", "attribute": "a", "order": ["x", 1], "at_least": 1}), "dimensions/0/criteria/0/order"),
    (text_of(FLAG, gates=[{"criterion": {**FLAG, "weight": 2}}]), "gates/0/criterion/weight"),
    (text_of(FLAG, gates=[{"criterion": {"kind": "any_of", "criteria": [FLAG]}}]), "gates/0/criterion"),
    (text_of(FLAG, gates=[{"criterion": FLAG, "at_least": 0}]), "gates/0/at_least"),
    (text_of(FLAG, adjustments=[{"points": 0, "when": FLAG}]), "adjustments/0/points"),
    (text_of(FLAG, adjustments=[{"points": 5, "when": {**FLAG, "missing": 0}}]), "adjustments/0/when/missing"),
    (text_of(FLAG, tiers={"A": 50, "B": 0}), "tiers"),
    (text_of(FLAG, tiers=[]), "tiers"),
    (text_of(FLAG, tiers=[{"name": "A", "cut": 0, "color": "red"}]), "tiers/0/color"),
    (text_of(FLAG, cohort={"size": 1, "as_of": "2026-11-01"}), ""),
    (text_of(FLAG, examples=[{"account": {}, "as_of": "2026-13-01", "tier": ["Weak"]}]), "examples/0/as_of"),
    (text_of(FLAG, examples=[{"account": {}, "as_of": "2026-12-01", "tier": 5}]), "examples/0/tier"),
    (text_of(FLAG, examples=[{"account": [], "as_of": "2026-12-01", "tier": ["Weak"]}]), "examples/0/account"),
    (
        text_of({"kind": "one_of", "attribute": "a", "values": ["x"], "aliases": None}),
        "dimensions/0/criteria/0/aliases",
    ),
    (text_of(FLAG, examples=[{"account": {}, "as_of": " 2026-12-01 ", "tier": ["Weak"]}]), "examples/0/as_of"),
    (text_of(FLAG, format=2), "format"),
    (text_of(FLAG, dimensions=[]), "dimensions"),
    (text_of(FLAG, name=None), "name"),
    (text_of(FLAG, meta=[]), "meta"),
    (text_of(FLAG, about="firm"), "about"),
    (text_of(FLAG, odd=1), ""),
]


@pytest.mark.parametrize(("data", "path"), MISTAKES)
def test_a_mistake_is_seen_where_it_is(data: dict[str, Any], path: str) -> None:
    """A mistake is found at its place, and nowhere else; `loads` refuses it too."""
    places = {"/".join(map(str, error.absolute_path)) for error in PROFILE.iter_errors(data)}
    assert places == {path}
    assert refused(data)


@pytest.mark.parametrize(
    "data",
    [
        text_of({**FLAG, "name": None, "label": None, "missing": None}),
        text_of({"kind": "range", "attribute": "a", "low": None, "high": 1, "soft_low": None}),
        text_of({"kind": "not", "criterion": {**FLAG, "weight": 1, "missing": None}}, rank=None, priority=None),
        text_of({"kind": "all_of", "name": "x", "criteria": [{"kind": "any_of", "criteria": [FLAG]}]}),
        text_of({"kind": "ordinal", "attribute": "a", "order": [1, 2], "matches": [[1, 0], [2, 1]]}),
        text_of(FLAG, **{"$schema": "profile.schema.json"}),
        text_of(FLAG, tiers=[{"name": "A", "cut": 0, "color": None}], cohort=None),
    ],
)
def test_what_changes_nothing_is_valid(data: dict[str, Any]) -> None:
    """Null where a field is optional, and a weight of 1 where none is carried, load and are valid."""
    PROFILE.validate(data)
    assert not refused(data)


def test_a_criterion_of_one_s_own_is_known() -> None:
    """A class that is passed is a kind like any other, told by its docstring; otherwise it is none."""
    data = text_of({"kind": "within", "attribute": "distance_km", "km": 50, "weight": 2})
    OWN.validate(data)
    assert not refused(data, KINDS)
    assert not PROFILE.is_valid(data)
    within = json_schema("profile", [Within])["definitions"]["within"]
    assert within["description"] == "A place that is near."
    assert within["properties"]["km"] == {"type": "number", "description": "how far away it may be."}
    assert within["required"] == ["kind", "attribute", "km"]


@pytest.mark.no_cover
@pytest.mark.parametrize("field", [field.name for field in attrs.fields(Größe) if field.init and field.name != "kind"])
def test_fields_of_one_s_own_are_typed(field: str) -> None:
    """What the schema refuses in a field of any type, `loads` refuses."""
    seen = []
    for value in VALUES:
        data = text_of({"kind": "größe", field: value})
        valid, loads = OWN.is_valid(data), not refused(data, KINDS)
        assert valid or not loads, value
        seen.append((valid, loads))
    if field != "names":  # of which older releases of cattrs make a list, which no criterion may hold
        assert (True, True) in seen
    if field not in {"span", "names", "bare", "anything"}:  # of which a schema says nothing
        assert (False, False) in seen


def test_each_class_has_a_name_of_its_own() -> None:
    """Classes of one name, or of a name that the schema uses, do not fall together."""
    schema = json_schema("profile", KINDS)
    own = [name for name in schema["definitions"] if "test_profiles" in name]
    assert [name.rpartition("test_profiles.")[2] for name in own] == ["Part", "Helpers.Part"]
    assert [list(schema["definitions"][name]["properties"]) for name in own] == [["size", "more", "note"], ["text"]]
    properties = schema["definitions"]["größe"]["properties"]
    assert properties["day"]["default"] == "2026-11-01"
    assert properties["ends"]["default"] == [0, "x"]
    assert "default" not in properties["ids"]
    assert "default" not in properties["other"]
