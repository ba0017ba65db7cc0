"""Profiles and accounts as Spark may hold them: each attribute a column of one type, and null where a value is none."""

import functools
import os
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, Phase, given, settings

import icpkit as icp
from icpkit.testing import moments, profiles
from tests.batch.cases import drawn_accounts

_EVENT = pa.struct({"kind": pa.string(), "at": pa.timestamp("us", "UTC"), "strength": pa.float64()})


@functools.cache
def drawn(count: int, *, slow: bool = False) -> list[tuple[icp.Profile, date]]:
    """Draw profiles, each with a moment: the same in each quick run, others in each slow one."""
    found: dict[str, tuple[icp.Profile, date]] = {}

    @settings(
        max_examples=3 * count,  # some come twice
        deadline=None,
        derandomize=not slow or "CI" in os.environ,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(profiles(), moments())
    def draw(profile: icp.Profile, as_of: date) -> None:
        found.setdefault(profile.scoring_id, (profile, as_of))

    draw()
    return list(found.values())[:count]


def landed(profile: icp.Profile, as_of: date, rng: random.Random, count: int) -> pa.Table:
    """Draw accounts, and land them in typed columns; those of a path are in a struct."""
    accounts = drawn_accounts(profile, rng, count, as_of=as_of)
    return pa.table({"id": [f"account {row}" for row in range(count)], **columns_of(accounts, rng)})


def columns_of(accounts: Sequence[Mapping[str, Any]], rng: random.Random) -> dict[str, Any]:
    """Make a column of each attribute."""
    columns: dict[str, Any] = {}
    for name in dict.fromkeys(name for account in accounts for name in account if "." not in name):
        values = [account.get(name) for account in accounts]
        if any(isinstance(value, Mapping) for value in values):
            inner = [value if isinstance(value, Mapping) else {} for value in values]
            parts = columns_of(inner, rng)
            columns[name] = pa.StructArray.from_arrays(list(parts.values()), list(parts))
        else:
            columns[name] = column_of(values, rng)
    return columns


def column_of(values: Sequence[Any], rng: random.Random) -> Any:
    """Land values in a column of the type that most of them have."""
    kinds = Counter(kind for value in values for kind, (fits, _) in TYPES.items() if fits(value))
    most = max(kinds.values(), default=0)
    kind = rng.choice([kind for kind, many in kinds.items() if many == most] or ["string"])
    fits, made = TYPES[kind]
    array = pa.array([made(value) if fits(value) else None for value in values], ARROW[kind])
    assert array.type == ARROW[kind]
    return array


def _is_text(value: Any) -> bool:
    return type(value) is str and not any("\ud800" <= sign <= "\udfff" for sign in value)


def _is_long(value: Any) -> bool:
    return type(value) is int and -(2**63) <= value < 2**63


def _is_double(value: Any) -> bool:
    return type(value) is float or (type(value) is int and abs(value) <= 2**53)


def _is_instant(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None and 2 < value.year < 9998


def _is_naive(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is None


def _is_event(value: Any) -> bool:
    return (
        isinstance(value, tuple | list)
        and 2 <= len(value) <= 3
        and _is_text(value[0])
        and _is_instant(value[1])
        and (len(value) < 3 or value[2] is None or _is_double(value[2]))
    )


def _event(value: Sequence[Any]) -> dict[str, Any]:
    strength = value[2] if len(value) > 2 else None
    return {"kind": value[0], "at": value[1], "strength": None if strength is None else float(strength)}


def _list_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list | tuple) and all(one is None or fits(one) for one in value)


def _each(made: Callable[[Any], Any]) -> Callable[[Iterable[Any]], list[Any]]:
    return lambda value: [None if one is None else made(one) for one in value]


def _same(value: Any) -> Any:
    return value


#: What values a column of each type takes, and how.
TYPES: dict[str, tuple[Callable[[Any], bool], Callable[[Any], Any]]] = {
    "string": (_is_text, _same),
    "long": (_is_long, _same),
    "double": (_is_double, float),
    "boolean": (lambda value: type(value) is bool, _same),
    "date": (lambda value: type(value) is date, _same),
    "timestamp": (_is_instant, lambda value: value.astimezone(UTC)),
    "timestamp_ntz": (_is_naive, _same),
    "texts": (_list_of(_is_text), list),
    "instants": (_list_of(_is_instant), _each(lambda value: value.astimezone(UTC))),
    "events": (_list_of(_is_event), _each(_event)),
}
ARROW: dict[str, Any] = {
    "string": pa.string(),
    "long": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", "UTC"),
    "timestamp_ntz": pa.timestamp("us"),
    "texts": pa.list_(pa.string()),
    "instants": pa.list_(pa.timestamp("us", "UTC")),
    "events": pa.list_(_EVENT),
}
