"""Files of profiles that were once written load for ever, as the same profiles with the same ids."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

import icpkit as icp
from icpkit import serialization
from icpkit.identity import FORMAT
from tests.golden.make_files import FILES, HERE, PROFILES

IDS = json.loads((HERE / "ids.json").read_text(encoding="utf-8"))
PATHS = sorted(FILES.iterdir())


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_golden_files_load_as_what_they_were(path: Path) -> None:
    """A golden file gives the profile that it was written for, to the last bit."""
    assert icp.load(path) == PROFILES[path.stem]
    assert icp.loads(path.read_text(encoding="utf-8")) == PROFILES[path.stem]
    assert repr(icp.load(path)) == repr(PROFILES[path.stem])


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_golden_ids_stand(path: Path) -> None:
    """The ids of a golden file's profile are those that were pinned, in whichever language it is written."""
    profile = icp.load(path)
    assert {"content_id": profile.content_id, "scoring_id": profile.scoring_id} == IDS[path.stem]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
@pytest.mark.parametrize("form", ["json", "toml"])
def test_golden_profiles_are_written_and_read_again(path: Path, form: Any) -> None:
    """A golden profile survives being written by this release."""
    profile = icp.load(path)
    again = icp.loads(icp.dumps(profile, form))
    assert (again, again.content_id, again.scoring_id) == (profile, profile.content_id, profile.scoring_id)


def test_there_are_golden_files_of_every_profile() -> None:
    """Every golden profile has a file in each language, and pinned ids."""
    assert {path.name for path in PATHS} == {f"{name}.{form}" for name in PROFILES for form in ("json", "toml")}
    assert set(IDS) == set(PROFILES)


def _parts(value: Any) -> Iterator[Any]:
    """Give every attrs object within a value, itself among them."""
    if attrs.has(type(value)):
        yield value
        for field in attrs.fields(type(value)):
            yield from _parts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _parts(item)


def test_golden_files_hold_every_kind_and_every_field() -> None:
    """Each kind and each field of all that a file can hold stands in a golden file, other than by default."""
    # A new field needs a new golden file: those that stand must never change.
    parts = [part for path in PATHS for part in _parts(icp.load(path))]
    classes = {type(part) for part in parts}
    assert set(icp.CRITERIA) | {icp.Profile, icp.Dimension, icp.Gate, icp.Adjustment, icp.Example} <= classes
    told = {
        f"{cls.__name__}.{field.name}"
        for part in parts
        for cls in type(part).__mro__
        if attrs.has(cls)
        for field in attrs.fields(cls)
        if field.default is attrs.NOTHING or getattr(part, field.name) != field.default
    }
    # A combinator's own parts and what `TechOverlap` has from `Overlap` count for the class that defines the field.
    wanted = {
        f"{cls.__name__}.{field.name}" for cls in classes - {icp.TechOverlap} for field in attrs.fields(cls)
        if not (issubclass(cls, icp.Criterion) and field.name in attrs.fields_dict(icp.Criterion))
    } | {f"Criterion.{name}" for name in attrs.fields_dict(icp.Criterion)}  # fmt: skip
    assert wanted - told == set()


# Formats to come


TEXT = (FILES / "midmarket.json").read_text(encoding="utf-8")


def test_an_older_format_is_lifted_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text of format 1 is lifted through each format to the present one, and then read as if written in it."""
    seen = []

    def to_two(data: dict[str, Any]) -> dict[str, Any]:
        seen.append(data["format"])
        return {"title": data["name"], **{key: data[key] for key in data if key != "name"}, "format": 2}

    def to_three(data: dict[str, Any]) -> dict[str, Any]:
        seen.append(data["format"])
        name, least = f"{data['title']}, lifted", data["min_coverage"] / 2
        return {**{key: data[key] for key in data if key != "title"}, "format": 3, "name": name, "min_coverage": least}

    monkeypatch.setattr(serialization, "FORMAT", 3)
    monkeypatch.setattr(serialization, "UPCASTERS", {1: to_two, 2: to_three})
    lifted = icp.loads(TEXT)
    assert seen == [1, 2]
    assert lifted == attrs.evolve(PROFILES["midmarket"], name="Mid-market SaaS, lifted", min_coverage=0.25)


def test_a_text_of_a_format_between_takes_only_the_steps_that_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text of format 2 is not lifted from 1, and one of the present format not at all."""
    seen = []

    def step(data: dict[str, Any]) -> dict[str, Any]:
        seen.append(data["format"])
        return {**data, "format": data["format"] + 1}

    monkeypatch.setattr(serialization, "FORMAT", 3)
    monkeypatch.setattr(serialization, "UPCASTERS", {1: step, 2: step})
    for number, steps in ((3, []), (2, [2]), (1, [1, 2])):
        seen.clear()
        icp.loads(TEXT.replace('"format": 1', f'"format": {number}'))
        assert seen == steps


def test_mistakes_in_an_older_format_are_told_after_it_is_lifted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake is told by its place in the lifted data."""
    monkeypatch.setattr(serialization, "FORMAT", 2)
    monkeypatch.setattr(serialization, "UPCASTERS", {1: lambda data: {**data, "format": 2, "rank": "first"}})
    with pytest.raises(icp.ProfileTextError) as caught:
        icp.loads(TEXT)
    assert [problem.path for problem in caught.value.problems] == ["$.rank"]


def test_a_newer_format_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text of a format that is yet to come is not guessed at: no other mistake is told, and the way out is."""
    monkeypatch.setattr(serialization, "FORMAT", 3)
    with pytest.raises(icp.ProfileTextError) as caught:
        icp.loads(TEXT.replace('"format": 1', '"format": 4, "unheard_of": true'))
    assert str(caught.value) == (
        "the text has 1 mistake:\n  $.format\n"
        "    is written in format 4, but this release of icpkit reads formats up to 3\n    use a newer icpkit"
    )


def test_each_format_has_the_step_to_the_next() -> None:
    """From every format before the present one a step leads on, and no step leads beyond."""
    assert sorted(serialization.UPCASTERS) == list(range(1, FORMAT))
