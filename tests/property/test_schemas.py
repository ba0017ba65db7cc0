import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import attrs
import jsonschema
from hypothesis import given
from hypothesis import strategies as st

import icpkit as icp
from icpkit.schemas import json_schema
from icpkit.testing import cases, profiles
from tests.property.law import law

CHECKER = jsonschema.Draft7Validator.FORMAT_CHECKER
PROFILE, SCORE, EXPLANATION = (
    jsonschema.Draft7Validator(json_schema(what), format_checker=CHECKER)
    for what in ("profile", "score", "explanation")
)

Path = tuple[Any, ...]

#: Keys whose mappings hold entries of any name: those that a schema looks into, and those that it does not.
TABLES = {"values", "labels", "kinds", "aliases", "groups", "matches"}
FREE = {"meta", "account", "$schema"}

#: By key, what is out of its limits.
TOO_FAR: dict[str, tuple[Any, ...]] = {
    "weight": (-1, -1e-9),
    "missing": (1.5, -0.5),
    "otherwise": (1.001, -1),
    "at_least": (-1,),
    "at_most": (-1,),
    "half_life": (0, -30),
    "linear": (0, -1),
    "window": (-1,),
    "target": (0, -2),
    "within": (0, -90),
    "k": (0, -1),
    "min_coverage": (2, -0.1),
    "cut": (101, -1),
    "points": (101, -100.5, 0),
    "size": (0,),
    "format": (0, 2),
}
#: Keys that know a few words.
WORDS = ("scale", "mode", "absent", "when_unknown", "about", "stage", "priority", "rank", "kind", "missing")
#: Keys whose lists and mappings hold something.
FILLED = ("dimensions", "criteria", "tiers", "tier", "order", "bands", "steps", "values", "labels", "kinds")
TEXTS = ("name", "attribute", "label", "action")
REQUIRED = (
    *("format", "name", "dimensions", "kind", "attribute", "bands", "values", "order", "labels", "kinds", "criterion"),
    *("criteria", "points", "when", "account", "as_of", "tier", "cut", "size", "tiers"),
)

ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 0.5, 2, 2.0, 1.0, 3, 101, 1e9, 2**53 + 2, 1e300, -0.0),
    *("", " ", "x", "skip", "never", "Seed", "2026-11-01", "#fff", "#FFFFFF", "low", "draft"),
    *([], {}, [1], ["a"], ["a", "a"], ["a", 1], [None], {"a": 1}, {"a": "b"}, {" ": 1}, {"a": None}, {"a": ["b"]}),
    *([["a", 1]], [[1, 0.5]], [[1, 0.5], [2, 1]], [["a", 1], ["b", 2]], [[1, 1, 1]], [[]], [["a", "b"]], {"1": 0.5}),
    *({"kind": "flag", "attribute": "b2b"}, {"kind": "not", "criterion": {"kind": "flag", "attribute": "b2b"}}),
    *("20261101", "2026-W44-7", "2026-11-01T09:00:00Z", "2026-11-01 09:00+02:00", "2026-11-01T09:00", "2026-02-30"),
    *("20261101T09Z", "2026W447", "2026-11-01x09:00:00.123456-08:00", "2026-11-01T", "2026-11-01 ", "2026-11"),
)
KEYS = sorted(
    {"kind", "format", "cohort", "$schema", "odd"}
    | {
        field.name
        for cls in (*icp.CRITERIA, icp.Profile, icp.Dimension, icp.Gate, icp.Adjustment, icp.Example, icp.Tier)
        for field in attrs.fields(cls)
    }
)
KINDS = ["range", "one_of", "flag", "all_of", "not", "recency", "tech_overlap", "ragne", "Range", ""]


def refused(data: Any) -> bool:
    """Tell whether `loads` refuses data."""
    try:
        icp.loads(json.dumps(data))
    except icp.ProfileTextError:
        return True
    return False


@st.composite
def texts(draw: st.DrawFn) -> dict[str, Any]:
    """Give the data of a profile's text, with all that describes a profile."""
    profile = draw(profiles())
    tier = profile.tiers.tiers[0].name
    more: list[dict[str, Any]] = [
        {},
        {"priority": "high", "rank": "primary", "stage": "active"},
        {"tiers": attrs.evolve(profile.tiers, cohort=icp.Cohort(12, date(2026, 11, 1)))},
        {"examples": [icp.Example({"employees": 80}, as_of="2026-11-21", tier=tier, name="a firm")]},
        {"examples": [icp.Example({}, as_of="2026-11-21T09:00+02:00", tier=[tier, "insufficient data"])]},
    ]
    given_more = draw(st.sampled_from(more))
    data: dict[str, Any] = json.loads(icp.dumps(attrs.evolve(profile, **given_more)))
    return data


def nodes(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Give all values within data, with their paths."""
    yield path, value
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in entries:
        yield from nodes(item, (*path, key))


def at(data: Any, path: Path) -> Any:
    """Give what stands at a path."""
    for key in path:
        data = data[key]
    return data


def changed(data: Any, path: Path, change: Callable[[Any, Any], None]) -> Any:
    """Give a copy, changed by what is done to the mapping or list that holds the path."""
    copy = json.loads(json.dumps(data))
    change(at(copy, path[:-1]), path[-1])
    return copy


def drop(holder: Any, key: Any) -> None:
    """Take a key or an item out."""
    del holder[key]


def misspell(holder: Any, key: Any) -> None:
    """Write a key with a letter too many, in its place."""
    entries = [(f"{name}x" if name == key else name, value) for name, value in holder.items()]
    holder.clear()
    holder.update(entries)


def put(value: Any) -> Callable[[Any, Any], None]:
    """Make the change that puts a value in the place."""
    return lambda holder, key: holder.__setitem__(key, value)


@st.composite
def mutants(draw: st.DrawFn) -> dict[str, Any]:
    """Give data in which up to three things were changed, most of them for the worse."""
    data = draw(texts())
    for _ in range(draw(st.sampled_from((1, 1, 2, 3)))):
        found = [(path, value) for path, value in nodes(data) if path]
        path, value = draw(st.sampled_from(found))
        way = draw(st.sampled_from(("drop", "misspell", "odd", "odd", "number", "kind", "add", "add", "copy")))
        holder = at(data, path[:-1])
        if way == "drop":
            data = changed(data, path, drop)
        elif way == "misspell" and isinstance(holder, dict):
            data = changed(data, path, misspell)
        elif way == "odd":
            data = changed(data, path, put(draw(st.sampled_from(ODD_VALUES))))
        elif way == "number" and isinstance(value, int | float):
            data = changed(data, path, put(draw(st.sampled_from((-value, value + 1, value / 100, value * 1e6, 0)))))
        elif way == "kind":
            kinds = [one for one, _ in found if one[-1] == "kind"]
            data = changed(data, draw(st.sampled_from(kinds)), put(draw(st.sampled_from(KINDS)))) if kinds else data
        elif way == "add" and isinstance(holder, dict):
            value = draw(st.sampled_from((None, 1, 1.0, *ODD_VALUES)))
            data = changed(data, (*path[:-1], draw(st.sampled_from(KEYS))), put(value))
        elif way == "copy":
            data = changed(data, path, put(draw(st.sampled_from(found))[1]))
    return data


def seen_mistakes(data: dict[str, Any]) -> Iterator[tuple[str, Path, Callable[[Any, Any], None]]]:
    """Give every change for the worse that a schema can see: its name, where, and how."""
    for path, value in nodes(data):
        if not path or FREE & {*path[:-1]}:
            continue
        holder = at(data, path[:-1])
        if isinstance(holder, dict) and not TABLES & {*path[:-1]}:
            yield from ((name, path, put(worse)) for name, worse in worse_values(holder, path[-1], value))
            yield from mistaken_keys(data, holder, path)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield "another type", path, put(True)


def worse_values(holder: dict[str, Any], key: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Give what must not stand under a key."""
    if key not in FREE:
        yield "another type", {"odd": [None]}
    level = holder.get("kind") == "ordinal" and key in {"at_least", "at_most"}  # which may be any number
    if key in TOO_FAR and isinstance(value, int | float) and not level:
        yield from (("out of limits", number) for number in TOO_FAR[key])
    if key in WORDS and isinstance(value, str):
        yield "an unknown word", "other"
    if key in FILLED:
        yield "empty", []
    if key in TEXTS and isinstance(value, str):
        yield "blank", " "


def mistaken_keys(
    data: dict[str, Any], holder: dict[str, Any], path: Path
) -> Iterator[tuple[str, Path, Callable[[Any, Any], None]]]:
    """Give what must not happen to a key, and the keys that must not come to stand beside it."""
    key = path[-1]
    yield "an unknown key", path, misspell
    # A criterion and an example need no name, and a profile tiers only for a cohort.
    needless = {"name"} if {"kind", "account"} & {*holder} else set() if "cohort" in data else {"tiers"}
    if key in REQUIRED and key not in needless:
        yield "a key is lacking", path, drop
    if key == "kind" and is_part(data, path[:-1]):
        yield "weighed inside", (*path[:-1], "weight"), put(2)
        yield "a policy inside", (*path[:-1], "missing"), put("skip")


def is_part(data: dict[str, Any], path: Path) -> bool:
    """Tell whether a criterion stands in a combination, a gate or an adjustment."""
    return not (path[-2] == "criteria" and "kind" not in at(data, path[:-2]))


@law
@given(texts())
def test_what_is_dumped_is_valid(data: dict[str, Any]) -> None:
    """Whatever `dumps` writes suits the schema."""
    PROFILE.validate(data)


@law
@given(mutants())
def test_what_the_schema_refuses_loads_refuses(data: dict[str, Any]) -> None:
    """Nothing that loads is marked as wrong in an editor."""
    if not PROFILE.is_valid(data):
        assert refused(data)


@law
@given(st.data())
def test_what_a_schema_can_see_it_refuses(data: st.DataObject) -> None:
    """A mistake that a schema can see is refused by it, as by `loads`."""
    text = data.draw(texts())
    name, path, change = data.draw(st.sampled_from(list(seen_mistakes(text))))
    worse = changed(text, path, change)
    assert refused(worse), (name, path)
    assert not PROFILE.is_valid(worse), (name, path)


@law
@given(cases(invalid=True), st.integers(0, 9), st.sampled_from([None, "acme", 7, 2.5, True, ["a"], {"b": 1}]))
def test_scores_and_explanations_are_valid(
    case: tuple[icp.Profile, dict[str, Any], date], reasons: int, key: Any
) -> None:
    """Whatever a score or an explanation says as plain data suits its schema."""
    profile, account, as_of = case
    name = None if key is None else "the key"
    score = icp.score(profile, {**account, "the key": key}, as_of=as_of, key=name, on_invalid="unknown")
    whole = score.to_dict(reasons=reasons, points=True, stamp=True, explanation=True)
    for schema, told in ((SCORE, score.to_dict()), (SCORE, whole), (EXPLANATION, score.explanation.to_dict())):
        schema.validate(json.loads(json.dumps(told, allow_nan=False)))
