from typing import Any, Literal

import attrs
import pytest

from icpkit.errors import DefinitionError
from icpkit.structuring import MOST_PROBLEMS, At, EnoughError, Reading, in_order, object_of, shown, upcast


@attrs.frozen
class Part:
    """A part with a name."""

    name: str


@attrs.frozen
class Whole:
    """An object with a field of each kind of type."""

    parts: tuple[Part, ...] = ()
    column: str | tuple[str, ...] = ()
    unit: float | str = 1
    marks: tuple[str, float] | None = None
    order: Literal["a", "b"] | None = None
    flag: bool = False
    many: tuple[str, ...] | tuple[float, ...] | None = None
    odd: int | bytes | None = None


def told(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Give path, text and hint of each mistake in the data of a whole."""
    reading = Reading({}, read_only=False)
    object_of(reading, Whole, data, At("$"))
    return [(one.path, one.text, one.hint) for one in reading.problems.values()]


@pytest.mark.parametrize(
    ("data", "path", "text", "hint"),
    [
        ({"column": 5}, "$.column", "must be text or a list (got 5)", ""),
        ({"column": ["a", 5]}, "$.column[1]", "must be text (got 5)", 'write it in quotes: "5"'),
        ({"unit": [1]}, "$.unit", "must be a number or text (got [1])", ""),
        ({"unit": True}, "$.unit", "must be a number or text (got true)", ""),
        ({"marks": ["a"]}, "$.marks", "must be a list of 2 (got ['a'])", ""),
        ({"marks": ["a", "1"]}, "$.marks[1]", "must be a number (got '1')", "write it without quotes: 1"),
        ({"order": "c"}, "$.order", "must be one of 'a', 'b' (got 'c')", ""),
        ({"flag": "True"}, "$.flag", "must be true or false (got 'True')", "write it without quotes: true"),
        ({"many": [1, "a"]}, "$.many[1]", "must be a number (got 'a')", ""),
        ({"many": "a"}, "$.many", "must be a list (got 'a')", ""),
        ({"odd": "a"}, "$.odd", "must be a whole number or bytes (got 'a')", ""),
        (
            {"parts": {"name": "a"}},
            "$.parts",
            "must be a list (got {'name': 'a'})",
            "in TOML, write [[parts]] with double brackets, once for each",
        ),
        ({"parts": [5]}, "$.parts[0]", "must be a mapping (got 5)", "its keys: name"),
        ({"part": []}, "$.part", "is no key that belongs here", "did you mean 'parts'?"),
    ],
)
def test_a_value_of_the_wrong_type(data: dict[str, Any], path: str, text: str, hint: str) -> None:
    """What is of no type that a field may have is told where it stands, with the types and the way out."""
    assert told(data) == [(path, text, hint)]


@pytest.mark.parametrize(
    "data",
    [
        {"column": "a", "unit": "x", "marks": ["a", 1], "order": "a", "many": ["a"], "odd": 5},
        {"column": ["a", "b"], "unit": 0.5, "order": None, "many": [1, 2], "marks": None, "odd": None},
    ],
)
def test_a_value_of_one_of_several_types(data: dict[str, Any]) -> None:
    """A field that may have several types takes each of them as it is."""
    reading = Reading({}, read_only=False)
    made = object_of(reading, Whole, data, At("$"))
    expected = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    assert {name: getattr(made, name) for name in data} == expected


def test_a_part_that_is_wrong_is_told_once() -> None:
    """A part that has been made before and was bad makes the whole bad, without a second mistake."""
    reading = Reading({}, read_only=False)
    bad = object_of(reading, Part, {"name": 5}, At("$.parts.a"))
    whole = object_of(reading, Whole, {"parts": [bad, Part("b")]}, At("$"))
    assert whole is bad
    assert [one.path for one in reading.problems.values()] == ["$.parts.a.name"]


def test_parts_that_are_made_already_stay_themselves() -> None:
    """An object where data could stand is taken as it is."""
    part = Part("a")
    assert object_of(Reading({}, read_only=False), Whole, {"parts": [part]}, At("$")) == Whole((part,))


def test_enough_is_enough() -> None:
    """After so many mistakes nobody looks for more."""
    reading = Reading({}, read_only=False)
    with pytest.raises(EnoughError):
        object_of(reading, Whole, {f"x{number}": 1 for number in range(MOST_PROBLEMS + 1)}, At("$"))
    assert len(reading.problems) == MOST_PROBLEMS


def test_mistakes_come_in_the_order_of_the_text() -> None:
    """What is lacking stands where its surroundings begin."""
    reading = Reading({}, read_only=False)
    data = {"a": [{}, {"b": 1}], "c": 2}
    for path in ("$.c", "$.a[1].b", "$.a[0].lacking", "$"):
        reading.tell(At(path), "is wrong")
    assert [one.path for one in in_order(reading.problems, data)] == ["$", "$.a[0].lacking", "$.a[1].b", "$.c"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        ("a", "'a'"),
        (10**5000, "an integer of more digits than Python writes"),
        ("x" * 99, f"'{'x' * 78}…"),
    ],
    ids=["truth", "text", "huge", "long"],
)
def test_a_value_in_a_message(value: Any, text: str) -> None:
    """Values are shown as files write them, and long ones are cut."""
    assert shown(value) == text


@pytest.mark.parametrize(
    ("data", "made", "told"),
    [
        ({"format": 2}, {"format": 2}, None),
        ({"format": 1, "old": 5}, {"format": 2, "new": 5}, None),
        ({}, {}, ("$", "lacks 'format'")),
        ({"format": "1"}, {"format": "1"}, ("$.format", "must be a whole number from 1 to 2 (got '1')")),
        ({"format": True}, {"format": True}, ("$.format", "must be a whole number from 1 to 2 (got True)")),
        ({"format": 3}, None, ("$.format", "is written in format 3, but this release of icpkit reads formats up to 2")),
    ],
)
def test_data_of_an_older_format(data: dict[str, Any], made: Any, told: tuple[str, str] | None) -> None:
    """Data of an older format are brought to the newest; those of a newer one are left alone."""
    reading = Reading({}, read_only=False)
    upcasters = {1: lambda old: {"format": 2, "new": old["old"]}}
    assert upcast(reading, data, At("$"), 2, upcasters) == made
    assert [(one.path, one.text) for one in reading.problems.values()] == ([] if told is None else [told])


def test_a_definition_error_of_another_object_names_it() -> None:
    """What a part refuses when the whole is made is told with the part's name."""

    @attrs.frozen
    class Strict:
        a: int = 1

        def __attrs_post_init__(self) -> None:
            raise DefinitionError("Other", "field", "must be something else", 1, hint="change it")

    reading = Reading({}, read_only=False)
    object_of(reading, Strict, {}, At("$"))
    [problem] = reading.problems.values()
    assert (problem.path, problem.text, problem.hint) == ("$", "Other.field must be something else", "change it")
