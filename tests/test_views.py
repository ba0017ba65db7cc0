import math
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

import icpkit as icp
from icpkit import views
from icpkit._attrs import Pairs
from icpkit.errors import AsOfError
from icpkit.typing import Offender
from icpkit.views import Invalid, Notes, fold, is_unknown, moment

DAY = date(2026, 11, 21)
EARLIER_WINTER = timezone(timedelta(hours=-4))


class NAType:
    """What pandas' NA is: no comparison with it is True or False."""

    def __ne__(self, other: object) -> bool:
        """Refuse to answer."""
        raise TypeError("boolean value of NA is ambiguous")

    __hash__ = None  # type: ignore[assignment]


class NaTType(datetime):
    """What pandas' NaT is: a datetime by type, and none by value."""


class Different:
    """A value that differs from itself, as NaN does."""

    def __ne__(self, other: object) -> bool:
        """Differ from everything."""
        return True

    __hash__ = None  # type: ignore[assignment]


class Clock(tzinfo):
    """A zone whose clocks strike 01:30 twice in a night, the second time (fold=1) an hour later."""

    def utcoffset(self, dt: datetime | None) -> timedelta:
        """Give -4 hours before the clocks go back, -5 hours after."""
        return timedelta(hours=-5 if dt is not None and dt.fold else -4)

    def dst(self, dt: datetime | None) -> timedelta:
        """Give what nothing asks for."""
        return timedelta(0)

    def tzname(self, dt: datetime | None) -> str:
        """Give a name."""
        return "Clock"


@pytest.mark.parametrize(
    "raw",
    [
        *(None, "", "  \t\n", "\u00a0", math.nan, -math.nan, np.nan, np.float16("nan"), Decimal("nan")),
        *(Decimal("-sNaN"), NAType(), NaTType(1, 1, 1), np.datetime64("NaT", "s"), np.timedelta64("NaT", "s")),
        *(Different(), np.array(math.nan)),
    ],
    ids=lambda raw: f"{type(raw).__name__} {raw!r:.20}" if not isinstance(raw, NAType) else "NA",
)
def test_what_is_unknown(raw: Any) -> None:
    """None, NaN, NaT, NA and blank text are unknown, whatever library they come from."""
    assert is_unknown(raw) is True


@pytest.mark.parametrize(
    "raw",
    [0, 0.0, False, "0", "nan", [], (), {}, set(), [None], np.array([]), np.array([math.nan]), np.False_, Decimal(0)],
    ids=repr,
)
def test_what_is_known(raw: Any) -> None:
    """Zero, False, other text and everything empty are known."""
    assert is_unknown(raw) is False


@pytest.mark.parametrize(
    ("as_of", "kept", "origin"),
    [
        (DAY, DAY, datetime(2026, 11, 21, tzinfo=UTC)),
        ("2026-11-21", DAY, datetime(2026, 11, 21, tzinfo=UTC)),
        (" 20261121 ", DAY, datetime(2026, 11, 21, tzinfo=UTC)),
        (datetime(2026, 11, 21, 9, tzinfo=UTC), datetime(2026, 11, 21, 9, tzinfo=UTC), None),
        ("2026-11-21T09:00:00Z", datetime(2026, 11, 21, 9, tzinfo=UTC), None),
        ("2026-11-21 05:00-04:00", datetime(2026, 11, 21, 9, tzinfo=UTC), None),
        (datetime(2026, 11, 21, 22, tzinfo=EARLIER_WINTER), datetime(2026, 11, 22, 2, tzinfo=UTC), None),
    ],
)
def test_moments(as_of: Any, kept: date, origin: datetime | None) -> None:
    """A moment is a date, an aware datetime or the ISO text of one; ages count from it in UTC."""
    made = moment(as_of)
    assert (type(made.as_of), made.as_of, made.origin) == (type(kept), kept, origin or kept)


@pytest.mark.parametrize(
    ("as_of", "problem"),
    [
        (datetime(2026, 11, 21, 9), "must say its time zone"),
        ("2026-11-21T09:00", "must say its time zone"),
        ("yesterday", "must be ISO 8601 text"),
        ("2026-11-31", "must be ISO 8601 text"),
        ("", "must be ISO 8601 text"),
        (None, "must be a date or an aware datetime"),
        (20261121, "must be a date or an aware datetime"),
        ([DAY], "must be a date or an aware datetime"),
    ],
)
def test_what_is_no_moment(as_of: Any, problem: str) -> None:
    """A naive datetime, other text and other types are no moment of scoring."""
    with pytest.raises(AsOfError) as caught:
        moment(as_of)
    assert str(caught.value).partition(" (got")[0] == f"as_of {problem}"


def test_a_nat_is_no_moment() -> None:
    """What pandas gives for a missing date is no moment of scoring."""
    with pytest.raises(AsOfError):
        moment(NaTType(2026, 11, 21))


def test_the_hour_that_comes_twice() -> None:
    """The same wall time is another moment the second time, when the clocks have gone back."""
    first = datetime(2026, 11, 1, 1, 30, tzinfo=Clock())
    assert [moment(first.replace(fold=fold)).origin.hour for fold in (0, 1)] == [5, 6]


def test_a_moment_outside_the_calendar() -> None:
    """A moment whose UTC day does not exist is refused as other wrong moments are."""
    with pytest.raises(AsOfError):
        moment(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Software", " sOFTWARE\n", True),
        ("Straße", "STRASSE", True),
        ("caf\u00e9", "CAFE\u0301", True),
        ("\u1e9e", "ss", True),
        ("Α", "α", True),
        ("ς", "Σ", True),
        ("\u2009x\u00a0", "X", True),
        ("a b", "a  b", False),
        ("A", "\u0410", False),  # Cyrillic
        ("a\u200bb", "ab", False),  # a space of no width
        ("ﬁ", "fi", True),  # casefold opens the ligature
        ("①", "1", False),
        ("resume", "résumé", False),
    ],
)
def test_folded_text(one: str, other: str, same: bool) -> None:
    """Text compares after NFC, strip and casefold; look-alikes and lost accents differ."""
    assert (fold(one) == fold(other)) is same


def test_a_uuid_is_text() -> None:
    """A UUID is read as the text that databases write of it, alone, in lists, and for many accounts alike."""
    one = uuid.UUID(int=7)
    assert views.text(one) == str(one)
    assert views.labels([one, None]) == [str(one)]
    profile = icp.Profile(
        "P", [icp.Dimension("D", [icp.OneOf("owner", [str(one)]), icp.Overlap("owners", [str(one)])])]
    )
    account = {"owner": one, "owners": [one]}
    alone = icp.score(profile, account, as_of=DAY).fit
    for table in ([account], {"owner": [one], "owners": [[one]]}, pd.DataFrame([account])):
        assert icp.score_batch(profile, table, as_of=DAY).fit.tolist() == [alone] == [100.0]
    with pytest.raises(Invalid, match="a UUID where a number belongs"):
        views.number(one)


@pytest.mark.parametrize("text", ["  É\u0301 ", "Straße", "\u0345\u0301", "İ", "ΐ", "plain ", "\u1f80\u0301"])
def test_folding_twice_changes_nothing(text: str) -> None:
    """A folded text folds to itself."""
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "kept"), [(" IT ", "IT"), ("Cafe\u0301 ", "Caf\u00e9"), ("Straße", "Straße"), ("\u00a0x", "x")]
)
def test_text_that_keeps_its_case(text: str, kept: str) -> None:
    """Case-sensitive text compares after NFC and strip."""
    assert views.keep_case(text) == kept


@pytest.mark.parametrize(
    ("case_sensitive", "names"), [(False, ["it", "it", "b"]), (True, ["IT", "i.t.", "b"])], ids=["folded", "exact"]
)
def test_names_of_texts(case_sensitive: bool, names: list[str]) -> None:
    """A text is compared under the name that its alias leads to, or as it is."""
    name_of = views.canonical(case_sensitive=case_sensitive, aliases=Pairs([("I.T.", "IT")]))
    assert [name_of(text) for text in (" I.T.", "i.t.", "b")] == names


def test_aliases_are_applied_once() -> None:
    """An alias leads to its name, and not on to what that name is an alias of."""
    name_of = views.canonical(case_sensitive=False, aliases=Pairs([("a", "b"), ("b", "c")]))
    assert [name_of("A"), name_of("B")] == ["b", "c"]


class Series:
    """What a pandas Series looks like: an array of one axis that gives its values as a list."""

    ndim = 1

    def __init__(self, *values: Any) -> None:
        self.values = values

    def tolist(self) -> list[Any]:
        """Give the values."""
        return list(self.values)


@pytest.mark.parametrize(
    ("raw", "listed"),
    [
        ([1, None], [1, None]),
        ((1,), [1]),
        ({1}, [1]),
        (frozenset({1}), [1]),
        (np.array([1, 2]), [1, 2]),
        (Series("a", "b"), ["a", "b"]),
        ([], []),
        ("ab", None),
        ({"a": 1}, None),
        (np.array([[1]]), None),
        (np.array(1), None),
        (7, None),
        ((i for i in [1]), None),
    ],
)
def test_items(raw: Any, listed: list[Any] | None) -> None:
    """Lists, tuples, sets and arrays of one axis have items; text, mappings and other arrays have none."""
    items = views.items(raw)
    assert (None if items is None else list(items)) == listed


@pytest.mark.parametrize("read", [views.number, views.truth, views.text], ids=lambda read: read.__name__)
@pytest.mark.parametrize("raw", [object(), print, np.array([1, 2]), {"a": 1}, b"1"], ids=lambda raw: type(raw).__name__)
def test_odd_values_are_invalid(read: Callable[[Any], object], raw: Any) -> None:
    """Whatever no view knows is invalid, and the error holds the value itself."""
    with pytest.raises(Invalid) as caught:
        read(raw)
    assert caught.value.value is raw


def test_a_datetime64_beyond_the_calendar_is_invalid() -> None:
    """A moment that no datetime holds is invalid, however numpy gives it back."""
    with pytest.raises(Invalid):
        views.instant(np.datetime64("12000-01-01", "D"))


def test_offenders_are_told_once() -> None:
    """A value that several criteria read is one offender, in the order of their reading."""
    big, yes = "big", "yes"
    notes = Notes("acme")
    for attribute, value in (("size", big), ("b2b", yes), ("size", big)):
        notes.offenders.append(Offender("acme", attribute, value, "wrong"))
    assert [(one.attribute, one.value) for one in notes.distinct()] == [("size", "big"), ("b2b", "yes")]
