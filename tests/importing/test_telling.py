import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.importing.telling import named, short, toml, toml_key
from tests.property.law import law


@law
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_text_can_be_pasted(text: str) -> None:
    """What a fix quotes is TOML that says the same again, as a value and as a key."""
    assert tomllib.loads(f"x = {toml(text)}") == {"x": text}
    assert tomllib.loads(f"{toml_key(text)} = 1") == {text: 1}


def test_lists_and_mappings_can_be_pasted() -> None:
    """A list and a mapping are written in line."""
    assert tomllib.loads(f"x = {toml(['a', 'b'])}") == {"x": ["a", "b"]}
    assert tomllib.loads(f"x = {toml({'a b': 'c'})}") == {"x": {"a b": "c"}}


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ({}, ""),
        ({"retail": 1}, "'retail' × 1"),
        ({"a": 1, "b": 4000, "c": 2, "d": 1}, "'b' × 4,000, 'c' × 2, 'a' × 1, …"),
    ],
)
def test_the_commonest_are_named(counts: dict[str, int], text: str) -> None:
    """Three are named, the commonest first, and the rest is only hinted at."""
    assert named(counts) == text


def test_a_value_that_cannot_be_shown_is_named_by_its_kind() -> None:
    """Whatever a value's own repr does, a sentence can be written."""

    class Odd:
        def __repr__(self) -> str:
            raise RuntimeError

    assert (short(Odd()), short("x" * 50), short(12)) == ("a Odd", "x" * 39 + "…", "12")
