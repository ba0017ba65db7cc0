import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpkit.batch.facts import Facts, Memory, or_by_row
from icpkit.columns import Column, Floats, Labels, Numbers, column_of_values
from tests.batch.cases import as_if_many

MANY = 16_384


def facts_of(values: list[Any]) -> Facts:
    """Give the facts of a column."""
    return Facts(column_of_values(values))


@pytest.mark.parametrize(
    ("values", "gaps"),
    [
        ([1, None, 2.5], [False, True, False]),
        (["a", None, " ", ""], [False, True, True, True]),
        ([["a"], None, []], [False, True, False]),
        ([datetime(2026, 1, 1, tzinfo=UTC), None], [False, True]),
        ([True, None, "x"], [False, True, False]),
    ],
    ids=str,
)
def test_gaps_are_what_an_account_lacks(values: list[Any], gaps: list[bool]) -> None:
    """No value, and a text without a character, is a gap; an empty list is none."""
    assert facts_of(values).gaps().tolist() == gaps


def test_gaps_of_all_columns_are_bits() -> None:
    """Each attribute has a bit, eight to a byte."""
    columns = {f"x{place}": column_of_values([None if place % 3 == 0 else 1.5, 2.5]) for place in range(10)}
    gaps = Memory(columns, 2).gaps
    assert gaps.places["x9"] == (1, 1)
    assert gaps.bits.tolist() == [[0b01001001, 0], [0b10, 0]]


def test_names_are_folded_texts() -> None:
    """Spellings of one name share a code; blank is unknown; a column that holds anything else has no names."""
    names = facts_of(["IT", " it ", "", None, "Straße", "STRASSE"]).names
    assert names is not None
    assert [names.texts[code] for code in names.codes] == ["it", "it", None, None, "strasse", "strasse"]
    assert facts_of(["IT", 7]).names is None
    assert facts_of([1.5]).names is None


@given(st.lists(st.none() | st.integers(-5, 300) | st.integers(-(2**53) + 1, 2**53 - 1), min_size=1, max_size=40))
def test_codes_of_whole_numbers_stand_for_them(values: list[int | None]) -> None:
    """What has codes is told by them exactly, however far some numbers lie from the others."""
    column = column_of_values(values)
    with as_if_many():
        whole = Facts(column).whole
    if all(value is None for value in values):
        assert whole is None
        return
    assert isinstance(column, Numbers)
    assert whole is not None
    assert np.array_equal(whole.numbers[whole.codes], column.values, equal_nan=True)


def test_numbers_far_beyond_the_others_have_codes_of_their_own() -> None:
    """A few large companies do not take the small ones their codes; too many of them do."""
    numbers: Floats = np.arange(float(MANY)) % 500.0
    numbers[::1000] = 1e9 + np.arange(17)
    whole = Facts(Numbers(numbers)).whole
    assert whole is not None
    assert whole.codes.dtype == np.uint16
    assert len(whole.numbers) < 2100
    assert np.array_equal(whole.numbers[whole.codes], numbers)
    assert Facts(Numbers(np.arange(float(MANY)) * 1e4)).whole is None


@pytest.mark.parametrize(
    "values", [np.full(MANY, 1.5), np.full(MANY, math.nan), np.arange(MANY - 1.0), np.r_[np.arange(MANY - 1.0), 0.5]]
)
def test_what_is_not_worth_codes_has_none(values: Any) -> None:
    """Fractions, unknown numbers, and few accounts."""
    assert Facts(Numbers(values)).whole is None


def test_what_does_not_fit_has_no_codes() -> None:
    """Where a number beyond 2^53 stands beside the array, all are left to it."""
    with as_if_many():
        assert facts_of([1, 2, 2**53 + 1]).whole is None
        assert facts_of(["a"]).whole is None


def test_the_latest_of_all_moments() -> None:
    """In microseconds; nothing is later than no moment at all."""
    assert facts_of([datetime(1970, 1, 2, tzinfo=UTC), None]).latest == 86_400e6
    column = column_of_values([datetime(1970, 1, 2, tzinfo=UTC)])
    assert Facts(column.take(np.array([], np.intp))).latest == -math.inf


def test_sets_of_labels_are_bits() -> None:
    """Each name without regard to case has a bit; more than a word holds have none."""
    sets = facts_of([["Slack", "slack "], ["Jira", "SLACK"], [], None]).sets
    assert sets is not None
    assert sets.names == ("slack", "jira")
    assert sets.bits.tolist() == [1, 3, 0, 0]
    sixty_four = facts_of([[f"tool {place}" for place in range(64)]]).sets
    assert sixty_four is not None
    assert int(sixty_four.bits[0]) == 2**64 - 1
    assert facts_of([[f"tool {place}" for place in range(65)]]).sets is None


def test_bits_are_joined_by_row() -> None:
    """Rows without an item have none; a column without items, too."""
    column = column_of_values([[], ["a", "b"], None, ["b"]])
    assert isinstance(column, Labels)
    assert or_by_row(column, np.array([1, 4], np.uint64)).tolist() == [0, 5, 0, 4]
    nothing = column.take(np.array([0, 2]))
    assert or_by_row(nothing, np.array([1, 4], np.uint64)).tolist() == [0, 0]


def test_joints_stay_small() -> None:
    """Columns of names join as long as all their combinations fit; what stands alone is no joint."""
    columns: dict[str, Column] = {
        name: column_of_values([f"{name} {place % count}" for place in range(2 * count)] * (MANY // (2 * count) + 1))
        for name, count in (("a", 50), ("b", 60), ("c", 90), ("d", 4000))
    }
    rows = min(map(len, columns.values()))
    columns = {name: column.take(np.arange(rows)) for name, column in columns.items()}
    [joint] = Memory(columns, rows).joints
    assert (joint.attributes, joint.sizes) == (("a", "b"), (50, 60))
    assert joint.codes.dtype == np.uint16
    for row in (0, 77, rows - 1):
        assert divmod(int(joint.codes[row]), 60) == (row % 100 % 50, row % 120 % 60)
    assert Memory(columns, 10).joints == ()


def test_the_memory_of_facts_is_counted() -> None:
    """What has been found counts, from when it has been found."""
    memory = Memory({"x": column_of_values(["a", "b"]), "y": column_of_values([1.5, 2.5])}, 2)
    assert memory.nbytes == 0
    assert memory.gaps is not None
    assert memory.nbytes == 2
    assert (memory.of("x").names is not None, len(memory.of("y").logs)) == (True, 2)
    assert memory.nbytes == 2 + 2 + 16
