import json
from collections import Counter
from typing import Any
from unittest.mock import patch

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import icpkit as icp
from icpkit import serialization
from icpkit.identity import data_of
from icpkit.syntax import MOST_DEPTH, excess_of, is_sound, problems_of
from icpkit.testing import profiles
from tests.golden.make_files import PROFILES
from tests.property.law import law, often

FORMS = ["json", "toml"]


def assert_survives(profile: icp.Profile, form: Any) -> None:
    """Check that a profile is the same after it was written and read, in all that it is and says."""
    again = icp.loads(icp.dumps(profile, form))
    assert again == profile
    assert repr(again) == repr(profile)
    assert (again.content_id, again.scoring_id) == (profile.content_id, profile.scoring_id)
    assert icp.dumps(again, form) == icp.dumps(profile, form)


@law
@given(profiles())
def test_a_profile_survives_json(profile: icp.Profile) -> None:
    """A profile that is written as JSON and read again is the same profile, with the same ids."""
    assert_survives(profile, "json")


@law
@given(profiles())
def test_a_profile_survives_toml(profile: icp.Profile) -> None:
    """A profile that is written as TOML and read again is the same profile, with the same ids."""
    assert_survives(profile, "toml")


@law
@given(profiles())
def test_both_readings_give_the_same_profile(profile: icp.Profile) -> None:
    """The quick reading and the one that tells mistakes agree on what is right."""
    quick, slow = both_readings(icp.dumps(profile))
    assert quick == slow == profile


@pytest.mark.slow
def test_profiles_are_drawn_with_all_that_they_may_say() -> None:
    """Among 300 drawn profiles every field of a profile and its parts is other than by default, nested notes too."""
    seen: Counter[str] = Counter()

    @settings(law, max_examples=300, derandomize=True, database=None)
    @given(profiles())
    def look(profile: icp.Profile) -> None:
        one = profile
        parts: list[Any] = [one, one.tiers, *one.dimensions, *one.gates, *one.adjustments, *one.tiers.tiers]
        for part in (*parts, *one.examples):
            said = [field.name for field in attrs.fields(type(part)) if getattr(part, field.name) != field.default]
            seen.update(f"{type(part).__name__}.{name}" for name in said)
        criteria = (criterion for dimension in one.dimensions for criterion in dimension.criteria)
        seen.update("label" for criterion in criteria if criterion.label)
        seen.update("nested" for example in one.examples if "geo" in str(example.account))

    look()
    classes = (icp.Profile, icp.TierScale, icp.Dimension, icp.Gate, icp.Adjustment, icp.Tier, icp.Example)
    wanted = {f"{cls.__name__}.{field.name}" for cls in classes for field in attrs.fields(cls)} | {"label", "nested"}
    assert {name for name in wanted if seen[name] < 3} == set()


TEXTS = st.text(st.characters(codec="utf-8"), max_size=6)
SCALARS = (
    st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
    | st.dates()
    | st.datetimes()
)
PLAIN = st.dictionaries(
    TEXTS,
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


@law
@given(PLAIN, PLAIN)
def test_any_notes_and_examples_survive_json(meta: Any, account: Any) -> None:
    """Notes and example accounts of any plain data are the same after JSON: odd text, all floats, nested lists."""
    assert_survives(noted(meta, account), "json")


@law
@given(PLAIN, PLAIN)
@example({"steps": [{"day": 1}], "owner": "us"}, {})
@example({"meta": {"x": 1}, "b": 2}, {})
@example({"as_of": 5}, {})
@example({"as_of": "0123456789"}, {})
@example({"as_of": "2026-W45-1"}, {})
def test_any_notes_and_examples_survive_toml(meta: Any, account: Any) -> None:
    """Notes and example accounts of any plain data are the same after TOML, in their order too."""
    assert_survives(noted(meta, account), "toml")


def noted(meta: Any, account: Any) -> icp.Profile:
    """Give a small profile with notes and an example."""
    one = icp.Example(account, as_of="2026-11-01", tier="Strong")
    return attrs.evolve(PROFILES["small"], meta=meta, examples=[one])


# Two readings: one that is quick, and one that tells mistakes


def both_readings(text: str) -> tuple[object, object]:
    """Give what a text is read as, or its problems: first as ever, and then without the quick way."""
    as_ever = read_or_problems(text)
    with patch.object(serialization, "_built", return_value=None):
        return as_ever, read_or_problems(text)


def read_or_problems(text: str) -> object:
    """Give the profile of a text, or its problems."""
    try:
        return icp.loads(text)
    except icp.ProfileTextError as error:
        return error.problems


WRONG: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 0.5, 1.5, 50, 1e300, 2**53 + 1, "", " ", "x", "0.5", "skip", "active", "Strong"),
    *(
        [],
        {},
        [[]],
        ["x"],
        [1],
        [True],
        [["x", 1]],
        [[1, 0.5]],
        {"x": 1},
        {"x": "y"},
        {"kind": "flag", "attribute": "a"},
    ),
    *("2026-11-01", "2026-11-01T09:00:00", "2026-11-01T09:00:00Z", "#fff", "log", "person", "share", "at_least"),
)


def places_of(data: Any) -> list[tuple[Any, Any]]:
    """Give every place in data, as what holds it and its key or index."""
    found: list[tuple[Any, Any]] = []
    todo: list[Any] = [data]
    while todo:
        holder = todo.pop()
        keys: list[Any] = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        found += [(holder, key) for key in keys]
        todo += [holder[key] for key in keys if isinstance(holder[key], dict | list)]
    return found


KEYS = sorted(
    {name for cls in (*icp.CRITERIA, icp.Profile, icp.Gate, icp.Tier, icp.Example) for name in attrs.fields_dict(cls)}
)


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, Any]:
    """Give the data of a profile with something else in one place, or nothing, or one key more."""
    data: dict[str, Any] = {"format": 1, **data_of(draw(profiles()))}
    places = places_of(data)
    holder, key = places[draw(st.integers(0, len(places) - 1))]
    way = draw(st.sampled_from(("another value", "gone", "more")))
    if way == "gone":
        del holder[key]
    elif way == "another value":
        holder[key] = draw(st.sampled_from(WRONG))
    elif isinstance(holder, dict):
        holder[draw(st.sampled_from(KEYS))] = draw(st.sampled_from(WRONG))
    else:
        holder.append(draw(st.sampled_from((*WRONG, holder[0]))))
    return data


SMALL = json.loads(icp.dumps(PROFILES["small"]))
TIERS = [{"name": "Strong", "cut": 0}]


@often
@given(spoilt())
@example({**SMALL, "examples": [{"account": {}, "as_of": "2026-11-01", "tier": "Strong"}]})
@example({**SMALL, "tiers": TIERS, "cohort": {"size": 1.5, "as_of": "2026-11-01"}})
@example({**SMALL, "meta": None})
@example({**SMALL, "gates": [{"criterion": {"kind": "one_of", "attribute": "a", "values": ["x"], "aliases": None}}]})
def test_the_quick_way_changes_nothing(data: dict[str, Any]) -> None:
    """A text is read as the same profile, or refused for the same mistakes, with the quick way and without."""
    quick, slow = both_readings(json.dumps(data))
    assert quick == slow


# Soundness in two ways


ODD = st.recursive(
    st.sampled_from((1, "x", "\ud800", "日", float("nan"), float("inf"), None, True)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("a", "b", "\udfff")), inner, max_size=3)
    ),
    max_leaves=8,
)


@law
@given(ODD, st.integers(0, MOST_DEPTH - 2))
def test_soundness_is_that_nothing_is_found(data: Any, depth: int) -> None:
    """`is_sound` is exactly that neither `excess_of` nor `problems_of` finds anything."""
    for _ in range(depth):
        data = [data]
    given_data = {"x": data}
    found = list(problems_of(given_data)) or [one for one in [excess_of(given_data)] if one[1]]
    assert is_sound(given_data) == (not found)
