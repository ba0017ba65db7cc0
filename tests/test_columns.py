import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from icpkit.columns import Codes, Column, Labels, Moments, Numbers, column_of_values

INDIA = timezone(timedelta(hours=5, minutes=30))
NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LARGE = 2**53


def raws(column: Column) -> list[Any]:
    """Give all values of a column."""
    return [column.raw(row) for row in range(len(column))]


# Each kind of values, as it is encoded and read again
ENCODED: dict[str, tuple[type, list[Any], list[Any]]] = {
    "integers": (Numbers, [320, None, 0, -7], [320, None, 0, -7]),
    "floats": (Numbers, [0.5, None, -0.0], [0.5, None, 0.0]),
    "integers and floats": (Numbers, [320, 0.5], [320.0, 0.5]),
    "NaN among numbers": (Numbers, [320, math.nan], [320.0, None]),
    "infinities": (Numbers, [math.inf, -math.inf, 1.0], [math.inf, -math.inf, 1.0]),
    "large integers": (
        Numbers,
        [LARGE, -LARGE, LARGE + 1, -LARGE - 1, 10**400, None],
        [LARGE, -LARGE, LARGE + 1, -LARGE - 1, 10**400, None],
    ),
    "large floats": (Numbers, [2.0**53, 2.0**54, 1e300], [2.0**53, 2.0**54, 1e300]),
    "just beyond 2^53": (Numbers, [LARGE + 1, LARGE, 5], [LARGE + 1, LARGE, 5]),
    "texts": (Codes, ["Slack", None, "Slack", " "], ["Slack", None, "Slack", " "]),
    "truths": (Codes, [True, None, False], [True, None, False]),
    "nothing known": (Codes, [None, None], [None, None]),
    "no rows": (Codes, [], []),
    "lists": (Labels, [["Slack", "Jira"], [], None, ("Slack",)], [["Slack", "Jira"], [], None, ["Slack"]]),
    "lists with unknown items": (Labels, [["Slack", None, " ", "Slack"], [None]], [["Slack", "Slack"], []]),
    "lists of numbers": (Codes, [[1, 2], [1, 2]], [[1, 2], [1, 2]]),
    "sets": (Codes, [{"Slack"}, None], [{"Slack"}, None]),
    "records": (Codes, [{"at": NOON}, {"at": NOON}], [{"at": NOON}, {"at": NOON}]),
    "numbers and truths": (Codes, [1, True, 1.0, "1"], [1, True, 1.0, "1"]),
    "decimals": (Codes, [Decimal("2.5"), 2.5], [Decimal("2.5"), 2.5]),
    "dates": (Moments, [date(2026, 11, 21), None, date(1969, 12, 31)], [date(2026, 11, 21), None, date(1969, 12, 31)]),
    "moments": (
        Moments,
        [NOON, NOON + timedelta(microseconds=1), datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), None],
        [NOON, NOON + timedelta(microseconds=1), datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), None],
    ),
    "zones": (Moments, [datetime(2026, 11, 21, 1, tzinfo=INDIA)], [datetime(2026, 11, 20, 19, 30, tzinfo=UTC)]),
    "dates and moments": (Moments, [date(2026, 11, 21), NOON], [datetime(2026, 11, 21, tzinfo=UTC), NOON]),
    "moments without a zone": (Moments, [datetime(2026, 11, 21, 12)], [NOON]),
    "far days": (Moments, [date(1, 1, 1), date(9999, 12, 31)], [date(1, 1, 1), date(9999, 12, 31)]),
}


@pytest.mark.parametrize(("kind", "values", "expected"), ENCODED.values(), ids=ENCODED)
def test_values_survive_their_encoding(kind: type, values: list[Any], expected: list[Any]) -> None:
    """Each kind of values has its form, and every row gives back what it held, of the same type."""
    column = column_of_values(values)
    assert type(column) is kind
    assert len(column) == len(values)
    assert raws(column) == expected
    assert list(map(type, raws(column))) == list(map(type, expected))


@pytest.mark.parametrize(("kind", "values", "expected"), ENCODED.values(), ids=ENCODED)
def test_some_rows_are_taken_in_their_order(kind: type, values: list[Any], expected: list[Any]) -> None:
    """Rows may be taken in another order and more than once; so may none."""
    column = column_of_values(values)
    rows = [*range(len(values))[::-1], *range(len(values))]
    taken = column.take(np.array(rows, np.intp))
    assert type(taken) is kind
    assert raws(taken) == [expected[row] for row in rows]
    assert len(column.take(np.array([], np.intp))) == 0


@pytest.mark.parametrize(("kind", "values", "expected"), ENCODED.values(), ids=ENCODED)
def test_columns_know_their_memory(kind: type, values: list[Any], expected: list[Any]) -> None:
    """The memory of a column is that of its arrays: 8 bytes for each number, 1 for each of few texts and labels."""
    column = column_of_values(values)
    if isinstance(column, Labels):
        assert column.nbytes == 8 * (len(values) + 1) + len(column.codes) + len(values)
    else:
        assert column.nbytes == (1 if isinstance(column, Codes) else 8) * len(values)


@pytest.mark.parametrize(("count", "kind"), [(256, np.uint8), (257, np.uint16), (65_537, np.uint32)])
def test_codes_are_as_narrow_as_can_be(count: int, kind: type) -> None:
    """So many distinct texts fit into so many bytes."""
    column = column_of_values([f"text {place}" for place in range(count)])
    assert isinstance(column, Codes)
    assert column.codes.dtype == kind
    assert column.raw(count - 1) == f"text {count - 1}"


@pytest.mark.parametrize("value", [LARGE + 1, -LARGE - 1, 10**400, 2.0**54, math.inf])
def test_numbers_that_a_float_may_not_hold_are_odd(value: float) -> None:
    """Beyond 2^53 the array is silent, and the value itself is kept."""
    column = column_of_values([5, value])
    assert isinstance(column, Numbers)
    assert column.odd == {1: value}
    assert math.isnan(column.values[1])


def test_numbers_at_2_to_the_53_are_none_of_them_odd() -> None:
    """2^53 itself is held exactly."""
    column = column_of_values([LARGE, -LARGE, 2.0**53])
    assert isinstance(column, Numbers)
    assert column.odd == {}


@pytest.mark.parametrize(
    ("moment", "odd"),
    [
        (datetime(1684, 7, 28, 0, 12, 25, 259_009, tzinfo=UTC), False),
        (datetime(1684, 7, 28, 0, 12, 25, 259_008, tzinfo=UTC), True),
        (datetime(2255, 6, 5, 23, 47, 34, 740_991, tzinfo=UTC), False),
        (datetime(2255, 6, 5, 23, 47, 34, 740_992, tzinfo=UTC), True),
        (datetime.min.replace(tzinfo=UTC), True),
        (datetime.max.replace(tzinfo=INDIA), True),
    ],
)
def test_moments_that_a_float_cannot_hold_are_odd(moment: datetime, odd: bool) -> None:
    """2^53 microseconds before and after 1970 the array ends, and the moment itself is kept."""
    column = column_of_values([NOON, moment])
    assert isinstance(column, Moments)
    assert column.odd == ({1: moment} if odd else {})
    assert column.raw(1) == moment


def test_moments_without_a_zone_are_counted() -> None:
    """Naive moments are read as UTC, and counted, far ones too."""
    column = column_of_values([NOON, datetime(2026, 1, 1), datetime(1, 1, 1), None, date(2026, 1, 1)])
    assert isinstance(column, Moments)
    assert column.naive == 2


def test_equal_values_of_one_kind_are_one() -> None:
    """Texts and truths are coded once; values without a hash, each by itself."""
    assert column_of_values(["a", "b", "a"]).codes.tolist() == [0, 1, 0]  # type: ignore[union-attr]
    assert column_of_values([True, 1, True]).codes.tolist() == [0, 1, 0]  # type: ignore[union-attr]
    assert column_of_values([{"a": 1}, {"a": 1}]).codes.tolist() == [0, 1]  # type: ignore[union-attr]


LIKENESSES: dict[str, tuple[Any, Any]] = {
    "frozen sets": (frozenset([1]), frozenset([True])),
    "tuples": ((1,), (True,)),
    "nested tuples": ((("demo", "2026-11-01", 1),), (("demo", "2026-11-01", True),)),
    "folds": (
        datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=0),
        datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=1),
    ),
    "folds in tuples": (
        (("demo", datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=0)),),
        (("demo", datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=1)),),
    ),
}


@pytest.mark.parametrize(("one", "other"), LIKENESSES.values(), ids=LIKENESSES)
def test_equal_values_that_do_not_mean_the_same_stay_apart(one: Any, other: Any) -> None:
    """Values that Python calls equal are kept apart where they read differently."""
    column = column_of_values([one, other, "text"])
    assert repr(column.raw(0)) == repr(one)
    assert repr(column.raw(1)) == repr(other)


def test_an_object_may_stand_in_several_rows() -> None:
    """One object without a hash, in several rows, is one value."""
    event = [{"kind": "demo"}]
    column = column_of_values([event, 1, event])
    assert isinstance(column, Codes)
    assert column.codes.tolist() == [0, 1, 0]
