from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from icpkit.adapters import arrays
from icpkit.columns import Codes, Moments, Numbers


def nothing(_rows: Any) -> list[Any]:
    """Fail: plain values are only looked up where an array cannot hold them."""
    raise AssertionError


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (np.array([320, -1], "int16"), [320, -1]),
        (np.array([1, 2], "uint64"), [1, 2]),
        (np.array([0.5, np.nan], "float32"), [0.5, None]),
        (np.array([True, False]), [True, False]),
        (np.array(["2026-11-21", "NaT"], "M8[D]"), [date(2026, 11, 21), None]),
        (np.array(["2026-11", "NaT"], "M8[M]"), [date(2026, 11, 1), None]),
        (
            np.array(["1969-12-31T23:59:59.999999999"], "M8[ns]"),
            [datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)],
        ),
    ],
)
def test_arrays_of_every_kind_hold_their_values(array: Any, expected: list[Any]) -> None:
    """Numbers, truths and moments of all widths and units come back as plain values."""
    column = arrays.column_of_array(array, nothing)
    assert [column.raw(row) for row in range(len(array))] == expected


def test_an_array_is_copied() -> None:
    """What the user does to an array later does not reach the column."""
    array = np.array([1.0, 2.0])
    column = arrays.column_of_array(array, nothing)
    array[0] = 9.0
    assert column.raw(0) == 1.0


def test_what_a_float_cannot_hold_is_looked_up() -> None:
    """Integers beyond 2^53, infinities and moments far away stand beside the array; 2^53 itself fits."""
    large = np.array([2**53 + 1, 2**53, 5])
    column = arrays.column_of_array(large, lambda rows: [int(large[row]) for row in rows or ()])
    assert isinstance(column, Numbers)
    assert column.odd == {0: 2**53 + 1}
    assert column.raw(1) == 2**53
    far = np.array(["9999-12-31", "2026-11-21"], "M8[s]")
    moments = arrays.column_of_array(far, lambda rows: [datetime(9999, 12, 31) for _ in rows or ()])
    assert isinstance(moments, Moments)
    assert moments.raw(0) == datetime(9999, 12, 31)
    assert moments.naive == 2


def test_only_codes_that_a_row_has_stay() -> None:
    """Codes are numbered anew where some are not used; unknown rows point at None."""
    full = arrays.codes(np.array([1, 0]), 2, lambda used: [("a", "b")[place] for place in used.tolist()])
    assert (full.codes.tolist(), full.values) == ([1, 0], ("a", "b"))
    some = arrays.codes(np.array([2, -1]), 3, lambda used: [("a", "b", "c")[place] for place in used.tolist()])
    assert [some.raw(row) for row in range(2)] == ["c", None]


def test_unknown_items_are_dropped() -> None:
    """Items that are null or blank are in no list; a list without items is known."""
    items = Codes(np.array([0, 1, 2, 0]), ("Slack", None, " "))
    column = arrays.labels(np.array([3, 0, 1, 0]), np.array([True, True, True, False]), items)
    assert [column.raw(row) for row in range(4)] == [["Slack"], [], ["Slack"], None]
