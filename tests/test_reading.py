import dataclasses
import sqlite3
from collections import ChainMap, UserDict, namedtuple
from collections.abc import Iterator
from datetime import date
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

import attrs
import numpy as np
import pytest

from icpkit.criteria import Criterion, Flag, OneOf
from icpkit.errors import AccountTypeError, NoSuchFieldError
from icpkit.profile import Dimension, Gate, Profile
from icpkit.scoring import Score, score

DAY = date(2026, 11, 21)


def profile(*criteria: Criterion, **options: Any) -> Profile:
    """Give a profile of one dimension, D."""
    return Profile("P", [Dimension("D", criteria)], **options)


def scored(which: Profile, account: Any, **options: Any) -> Score:
    """Score an account on DAY."""
    return score(which, account, **{"as_of": DAY, **options})


@attrs.frozen
class Slotted:
    """An account of an attrs class."""

    b2b: bool
    hq: Any = None


@attrs.define(slots=False)
class Unslotted:
    """An account of an attrs class without slots."""

    b2b: bool
    hq: Any = None


@dataclasses.dataclass
class Plain:
    """An account of a dataclass."""

    b2b: bool
    hq: Any = None


@dataclasses.dataclass(slots=True)
class PlainSlotted:
    """An account of a dataclass with slots."""

    b2b: bool
    hq: Any = None


class OneSlot:
    """An account of a class whose slots are one name."""

    __slots__ = "b2b"  # noqa: PLC0205 - Python allows it, so somebody has it

    def __init__(self, *, b2b: bool) -> None:
        self.b2b = b2b


class Computed:
    """An account whose attributes are computed."""

    def __init__(self) -> None:
        self.segments = ["b2b"]

    @property
    def b2b(self) -> bool:
        """Look among the segments."""
        return "b2b" in self.segments

    @property
    def hq(self) -> dict[str, str]:
        """Give a place."""
        return {"country": "US"}


class Row(NamedTuple):
    """An account of a named tuple."""

    b2b: bool
    hq: Any = None


class Series:
    """What one row of a pandas DataFrame looks like."""

    ndim = 1

    def __init__(self, **fields: Any) -> None:
        self.fields = fields

    def keys(self) -> list[str]:
        """Give the index."""
        return list(self.fields)

    def __getitem__(self, name: str) -> Any:
        """Give one value."""
        return self.fields[name]

    def __iter__(self) -> Iterator[Any]:
        """Give the values, as a Series does."""
        return iter(self.fields.values())

    def __contains__(self, name: object) -> bool:
        """Look among the values."""
        return name in self.fields.values()


class Frame(Series):
    """What a pandas DataFrame looks like."""

    ndim = 2


Loose = namedtuple("Loose", ["b2b", "hq"])  # noqa: PYI024 - the untyped kind is what users have


def sql_row() -> sqlite3.Row:
    """Give a row of the standard library's database."""
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    row: sqlite3.Row = connection.execute("SELECT 1 AS b2b").fetchone()
    connection.close()
    return row


US = {"country": "US"}
ACCOUNTS = [
    *({"b2b": True, "hq": US}, MappingProxyType({"b2b": True, "hq": US}), UserDict({"b2b": True, "hq": US})),
    *(ChainMap[str, Any]({"b2b": True}, {"hq": US}), Slotted(True, US), Unslotted(True, US), Plain(True, US)),
    *(PlainSlotted(True, SimpleNamespace(country="US")), SimpleNamespace(b2b=True, hq=US)),
    *(Computed(), Row(True, US), Series(b2b=True, hq=US), Loose(1, US)),
]


@pytest.mark.parametrize("account", [*ACCOUNTS, sql_row(), OneSlot(b2b=True)], ids=lambda one: type(one).__name__)
def test_all_kinds_of_accounts(account: Any) -> None:
    """An account is a mapping, a row, or an object with attributes, computed ones among them."""
    assert scored(profile(Flag("b2b")), account).fit == 100


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda one: type(one).__name__)
def test_dotted_paths(account: Any) -> None:
    """A dotted attribute is a path into nested records, of whatever kind they are."""
    assert scored(profile(OneOf("hq.country", ["us"])), account).fit == 100


@pytest.mark.parametrize(
    ("account", "status"),
    [
        ({"hq.country": "DE", "hq": US}, "disqualified"),
        ({"hq.country": None, "hq": US}, "scored"),
        ({"hq": US}, "scored"),
        ({"hq": SimpleNamespace(country="DE")}, "disqualified"),
        ({"hq": {"country": {"code": "US"}}, "hq.country": "US"}, "scored"),
        ({"hq": None}, "scored"),
        ({"hq": {}}, "scored"),
        ({"hq": 7}, "scored"),
        ({}, "scored"),
    ],
)
def test_the_exact_name_wins(account: dict[str, Any], status: str) -> None:
    """A field of exactly that name wins over a path; a path that leads nowhere is unknown."""
    which = profile(Flag("b2b"), gates=[Gate(OneOf("hq.country", ["US"]))])
    assert scored(which, {"b2b": True, **account}).status == status


def test_a_path_does_not_lead_into_plain_values() -> None:
    """A path that meets a text leads nowhere, though text has methods of many names."""
    assert scored(profile(Flag("b2b"), OneOf("hq.title", ["US"])), {"b2b": True, "hq": "Berlin"}).fit == 100


@pytest.mark.parametrize("value", [Series(country="US"), np.float64(1)], ids=["Series", "number"])
def test_a_path_through_what_has_no_such_field(value: Any) -> None:
    """A path through something without that attribute is unknown."""
    assert scored(profile(Flag("b2b"), OneOf("hq.land", ["US"])), {"b2b": True, "hq": value}).coverage == 0.5


@pytest.mark.parametrize(
    "account",
    [
        *(None, 5, 1.5, True, "acme", b"acme", [], [{"b2b": True}], (1, 2), {"b2b"}, object()),
        *(dict, Slotted, print, lambda: None, (i for i in "ab"), DAY, np.float64(1), np.array([1]), np.array([[1]])),
        *(Frame(b2b=[True]), Series),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_is_no_account(account: Any) -> None:
    """A table, a list of accounts, a class, a number or a text is no account."""
    with pytest.raises(AccountTypeError) as caught:
        scored(profile(Flag("b2b")), account)
    assert caught.value.account is account


@pytest.mark.parametrize(
    ("account", "key"),
    [
        ({"id": "acme", "b2b": True}, "acme"),
        ({"id": 7, "b2b": True}, 7),
        ({"id": None, "b2b": True}, None),
        (SimpleNamespace(id="acme", b2b=True), "acme"),
        (Series(id="acme", b2b=True), "acme"),
    ],
)
def test_the_key(account: Any, key: object) -> None:
    """The key is the value of the attribute that is named, whatever it is."""
    assert scored(profile(Flag("b2b")), account, key="id").key == key


def test_no_key() -> None:
    """A score has no key unless one is asked for."""
    assert scored(profile(Flag("b2b")), {"id": "acme", "b2b": True}).key is None


@pytest.mark.parametrize(
    ("account", "hint"),
    [
        ({"accountid": 1}, "did you mean 'accountid'?"),
        (Slotted(True), "its fields: b2b, hq"),
        (Unslotted(True), "its fields: b2b, hq"),
        (SimpleNamespace(account_ID=1, _account_i=2), "did you mean 'account_ID'?"),
        (Series(accountId=1), "did you mean 'accountId'?"),
        (Row(True), "its fields: b2b, hq"),
        (OneSlot(b2b=True), "its fields: b2b"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_key_that_is_not_there(account: Any, hint: str) -> None:
    """An account without the key's field is an error, with the public fields that it has."""
    with pytest.raises(NoSuchFieldError) as caught:
        scored(profile(Flag("b2b")), account, key="account_id")
    assert (caught.value.field, str(caught.value).partition("Hint: ")[2]) == ("account_id", hint)
