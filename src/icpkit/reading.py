"""How the attributes of one account are read, whatever kind of object it is."""

import functools
import numbers
from datetime import date
from typing import Any

from icpkit.errors import AccountTypeError, NoSuchFieldError
from icpkit.evaluation import MISSING, Get, look_up
from icpkit.typing import Account


def reader(account: Account) -> Get:
    """Make the function that reads one attribute of an account.

    Raises:
        AccountTypeError: for something that is not one account.
    """
    if isinstance(account, dict):
        return account.get
    if _like_mapping(account):
        return lambda name, default: account[name] if name in account.keys() else default  # noqa: SIM118  # a Series looks among its values
    if not _has_attributes(account):
        raise AccountTypeError(account)
    if isinstance(account, tuple):  # it has methods besides its fields
        fields = frozenset(account._fields)  # type: ignore[attr-defined]  # a named tuple, as was seen
        return lambda name, default: getattr(account, name) if name in fields else default
    return functools.partial(getattr, account)


def _like_mapping(account: Any) -> bool:
    keyed = hasattr(account, "keys") and hasattr(account, "__getitem__")
    return keyed and getattr(account, "ndim", 1) == 1 and not isinstance(account, type)


_NO_ACCOUNTS = (type, str, bytes, numbers.Number, date, list, set, frozenset)


def _has_attributes(account: Any) -> bool:
    if isinstance(account, _NO_ACCOUNTS) or hasattr(account, "ndim") or callable(account):
        return False
    if isinstance(account, tuple):
        return hasattr(account, "_fields")
    return hasattr(account, "__dict__") or bool(_slots(account))


def _slots(account: Any) -> list[str]:
    slots = [vars(kind).get("__slots__", ()) for kind in type(account).__mro__]
    return [name for names in slots for name in ([names] if isinstance(names, str) else names)]


def field_names(account: Account) -> tuple[str, ...]:
    """Name the fields of an account, for near misses."""
    if _like_mapping(account):
        return tuple(str(name) for name in account.keys())  # noqa: SIM118  # a Series iterates over its values
    names = [*getattr(account, "__dict__", ()), *getattr(account, "_fields", ()), *_slots(account)]
    return tuple(name for name in names if not name.startswith("_"))


def key_of(get: Get, attribute: str, account: Account) -> Any:
    """Read the attribute that holds an account's identifier, which must exist."""
    key = look_up(get, attribute, MISSING)
    if key is MISSING:
        raise NoSuchFieldError(attribute, field_names(account))
    return key
