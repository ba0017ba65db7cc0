import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.parsing import json_value

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("NaN", "NaN is no number of JSON; write null where it is unknown"),
        ("[-Infinity]", "-Infinity is no number of JSON; write null where it is unknown"),
        ("1e400", "a number beyond what a float can hold"),
        ("9" * 5000, "an integer of 5,000 digits"),
        ('{"a": 1, "b": 2, "a": 3}', "the field 'a' comes twice"),
        ("[" * 65 + "]" * 65, "nested more than 64 deep"),
        ('{"a":' * 65 + "1" + "}" * 65, "nested more than 64 deep"),
        ("[" * 1_000_000, "nested more than 64 deep"),
        (r'"\ud83d"', "half a character, such as \\ud83d without its other half"),
        (r'{"\uDE00": 1}', "half a character, such as \\ud83d without its other half"),
        ("{", "Expecting property name enclosed in double quotes at character 2"),
    ],
)
def test_json_is_read_strictly(text: str, problem: str) -> None:
    """What Python reads beyond JSON, reads twice, or cannot read, is one plain error."""
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$") as caught:
        json_value(text)
    assert type(caught.value) is ValueError


@pytest.mark.parametrize("value", [1, 0.5, -1e300, "\U0001f600", [[1]] * 40, {"a": [{"b": None}]}, "\\ud", [[]] * 99])
def test_json_gives_what_was_written(value: Any) -> None:
    """Sound JSON passes, wide lists and whole characters outside the basic plane among it."""
    assert json_value(json.dumps(value)) == value


@given(JSON)
def test_json_round_trips(value: Any) -> None:
    """Whatever JSON writes is read back."""
    assert json_value(json.dumps(value)) == value
