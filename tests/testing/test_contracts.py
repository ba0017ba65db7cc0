import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

import icpkit as icp
from icpkit.testing import assert_same_fits

DAY = date(2026, 11, 21)
PROFILE = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500)])])
ACCOUNTS: list[dict[str, Any]] = [{"employees": 80}, {"employees": 7}, {"employees": "many"}, {}]


def by_the_book(profile: icp.Profile, accounts: Sequence[Mapping[str, Any]], as_of: Any) -> list[dict[str, Any]]:
    """Score as the reference does."""
    return [icp.score(profile, account, as_of=as_of, on_invalid="unknown").to_dict() for account in accounts]


def test_the_reference_agrees_with_itself() -> None:
    """An engine that gives what the reference gives passes, on invalid values and unknown ones too."""
    assert_same_fits(by_the_book, PROFILE, ACCOUNTS, DAY)
    assert_same_fits(by_the_book, PROFILE, [], "2026-11-21")


@pytest.mark.parametrize("nothing", [None, math.nan])
def test_no_fit_may_be_said_in_two_ways(nothing: Any) -> None:
    """Where there is no fit or tier, None and NaN are the same."""

    def engine(*given: Any) -> list[dict[str, Any]]:
        return [
            {name: nothing if value is None else value for name, value in row.items()} for row in by_the_book(*given)
        ]

    assert_same_fits(engine, PROFILE, ACCOUNTS, DAY)


@pytest.mark.parametrize(
    ("field", "value", "index"),
    [
        ("fit", 99.999999, 0),
        ("fit", None, 0),
        ("fit", 0.0, 2),
        ("tier", "Strong", 0),
        ("tier", math.nan, 1),
        ("status", "scored", 3),
        ("coverage", 0.999999999, 0),
        ("low", 0.000001, 1),
        ("high", 99.0, 2),
    ],
)
def test_any_difference_is_named(field: str, value: Any, index: int) -> None:
    """One field of one row that differs is an error with row, field, both values and the account."""

    def engine(*given: Any) -> list[dict[str, Any]]:
        rows = by_the_book(*given)
        rows[index] = {**rows[index], field: value}
        return rows

    expected = by_the_book(PROFILE, ACCOUNTS, DAY)[index][field]
    with pytest.raises(AssertionError) as caught:
        assert_same_fits(engine, PROFILE, ACCOUNTS, DAY)
    message = str(caught.value)
    assert message.startswith("1 of 4 rows differ from the reference\n")
    assert f"  row {index}: {field} is {value!r}, the reference says {expected!r}\n" in message
    assert f"account: {ACCOUNTS[index]!r}" in message
    assert repr(PROFILE) in message


def test_rows_must_be_as_many_as_accounts() -> None:
    """An engine that loses rows is told so."""
    with pytest.raises(AssertionError, match="gave 3 rows for 4 accounts"):
        assert_same_fits(lambda *given: by_the_book(*given)[:3], PROFILE, ACCOUNTS, DAY)


def test_rows_must_have_every_column() -> None:
    """An engine that lacks columns of the one result schema is told which."""

    def engine(*given: Any) -> list[dict[str, Any]]:
        return [
            {name: value for name, value in row.items() if name not in {"key", "low"}} for row in by_the_book(*given)
        ]

    with pytest.raises(AssertionError, match="row 0: lacks key, low"):
        assert_same_fits(engine, PROFILE, ACCOUNTS, DAY)


def test_only_the_first_differing_rows_are_shown() -> None:
    """A hundred differing rows are counted, and a few of them shown."""

    def engine(*given: Any) -> list[dict[str, Any]]:
        return [{**row, "fit": 1.0} for row in by_the_book(*given)]

    with pytest.raises(AssertionError, match="100 of 100 rows differ") as caught:
        assert_same_fits(engine, PROFILE, [{"employees": 80}] * 100, DAY)
    assert str(caught.value).count("account:") == 5
