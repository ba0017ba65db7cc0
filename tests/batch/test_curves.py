import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.batch.curves import UNIT, aged_steps, decay, quantise, segments, soft, steps, within
from icpkit.evaluation import prepare
from icpkit.value_functions import Decay, Segments, Steps, ValueFunction
from icpkit.views import DAY, Notes, moment

SHAPES = [
    Segments(50, 500, 25, 1000),
    Segments(50, 500, 25),
    Segments(50, 500, None, 1000),
    Segments(50, None, 0),
    Segments(None, 0, None, 30),
    Segments(1 / 3, 2 / 3, 0.1, 0.7),
]
STAIRS = [
    Steps([(0, 0.5)], 0.1),
    Steps([(-1, 0.3), (0, 1 / 3), (50, 1)]),
    Steps([(7, 1), (30, 0.6)], side="to"),
    Steps([(7, 1), (30, 0.6)], 0.2, side="to"),
    Steps([(edge, edge / 40) for edge in range(40)], 0.3),
    Steps([(edge, edge / 40) for edge in range(40)], 0.3, side="to"),
    Steps([(edge, edge / 40) for edge in range(40)], side="to"),
]
numbers = st.floats(-(2.0**53) + 1, 2.0**53 - 1) | st.sampled_from([0.0, -0.0, 25.0, 50.0, 500.0, 1000.0, 7.0, 30.0])


def reference(shape: Segments | Steps, value: float) -> float:
    """Give the match that the reference gives a number."""
    match = prepare(ValueFunction("x", "number", shape)).match(value, moment("2026-11-21"), Notes())
    assert match is not None
    return match


def written(curve: Any, values: list[float]) -> list[float]:
    """Give what a curve writes, into another array and into that of the values."""
    array = np.array(values)
    match, spare = np.empty(len(values)), np.empty(len(values))
    curve(array, match, spare)
    curve(array, array, spare)
    assert np.array_equal(array, match)
    return match.tolist()


@given(st.sampled_from(SHAPES), st.lists(numbers, min_size=1, max_size=20))
def test_soft_segments_are_those_of_the_reference(shape: Segments, values: list[float]) -> None:
    """To the last bit; absent is 0; and a power of two times as much where that is asked for."""
    expected = [*(reference(shape, value) for value in values), 0.0]
    with np.errstate(all="ignore"):
        assert written(segments(shape), [*values, math.nan]) == expected
        assert written(segments(shape, top=1 / UNIT), [*values, math.nan]) == [match / UNIT for match in expected]


@given(st.sampled_from(STAIRS), st.lists(numbers, min_size=1, max_size=20))
def test_steps_are_those_of_the_reference(shape: Steps, values: list[float]) -> None:
    """Codes and their matches give what the reference gives; absent is 0, also where the rest is not."""
    codes_of, matches = steps(shape)
    codes = np.empty(len(values) + 1, np.intp)
    codes_of(np.array([*values, math.nan]), codes)
    assert matches[codes].tolist() == [*(reference(shape, value) for value in values), 0.0]


@pytest.mark.parametrize("shape", [Segments(50, 500), Segments(50), Segments(None, 500), Segments(50, 50)], ids=str)
def test_hard_segments_are_codes(shape: Segments) -> None:
    """Within is 1, outside and absent are 0; edges lie within."""
    assert soft(shape) == (math.inf, math.inf)
    codes_of, matches = within(shape)
    values = [-1e300, 49.9, 50, 50.1, 499, 500, 500.1, 1e300]
    codes = np.empty(len(values) + 1, np.intp)
    codes_of(np.array([*values, math.nan]), codes)
    assert matches[codes].tolist() == [*(reference(shape, value) for value in values), 0.0]


@given(
    st.lists(st.floats(1e-6, 36_000), min_size=1, max_size=5, unique=True).map(sorted),
    st.sampled_from([0.0, 0.2]),
    st.sampled_from(["from", "to"]),
    st.integers(-10, 10),
)
def test_steps_over_moments_are_those_over_ages(edges: list[float], otherwise: float, side: Any, beside: int) -> None:
    """Moments compared are ages divided by a day and compared: on each edge and some microseconds beside it."""
    shape = Steps([(edge, place / 7) for place, edge in enumerate(edges, 1)], otherwise, side=side)
    origin = 1.7e15
    counted = aged_steps(shape, origin)
    assert counted is not None
    codes_of, matches = counted
    ages = [max(0.0, math.floor(edge * DAY) + beside) for edge in edges]
    codes = np.empty(len(ages) + 1, np.intp)
    codes_of(np.array([*(origin - age for age in ages), math.nan]), codes)
    assert matches[codes].tolist() == [*(reference(shape, age / DAY) for age in ages), 0.0]


@pytest.mark.parametrize(
    "shape",
    [
        Steps([(-1, 1)]),
        Steps([(0, 1)]),
        Steps([(40_000, 1)], side="to"),
        Steps([(edge, edge / 40) for edge in range(1, 40)], side="to"),
    ],
    ids=["before", "now", "long ago", "many"],
)
def test_steps_that_are_no_matter_of_moments(shape: Steps) -> None:
    """Ages that moments cannot tell apart, and many edges, are left to the ages."""
    assert aged_steps(shape, 1.7e15) is None


def test_decays_are_quantised() -> None:
    """A half-life gives half, in whole multiples of the unit; absent is 0."""
    days = [0.0, 30.0, 60.0, 1e9, math.nan]
    assert [match * UNIT for match in written(decay(Decay(30)), days)] == [1.0, 0.5, 0.25, 0.0, 0.0]
    array = np.array([0.49, 0.5, 1.2])
    quantise(array)
    assert array.tolist() == [0, 1, 1]
