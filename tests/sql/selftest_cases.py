"""Profiles and options for self-tests, which between them use every criterion, list and type."""

import itertools
from collections.abc import Iterator
from typing import Any, Final

import attrs

import icpkit as icp
from tests.golden.profiles import EVERYTHING, SHORT
from tests.parity.drawn import QUICK, drawn
from tests.parity.landing import sayable

EVENTS: Final = icp.LongTable("crm.events", "account_id", "kind", at="at", strength="strength")

#: What `EVERYTHING` asks, but of texts that are compared without regard to case.
ALL: Final = sayable(EVERYTHING)
_TEXTS: Final = ("naics", "industry", "region", "technologies", "compliance", "urgency", "events", "country")
FOLDED: Final = dict.fromkeys(_TEXTS, "folded")

TYPED: Final = icp.Profile(
    "Typed",
    [
        icp.Dimension(
            "Numbers",
            [
                icp.Range("employees", 50, 500, soft_low=25, soft_high=1000),
                icp.Range("revenue", 1.25, 9.5, soft_low=0.5),
                icp.Range("growth", 0.1, None, soft_low=0),
                icp.Ordinal("level", [1, 2, 3], at_least=2),
                icp.Range("big", 10, None, missing=0.25),
                icp.Bands("small", [(10, 0.5), (100, 1)]),
            ],
        ),
        icp.Dimension(
            "Moments",
            [
                icp.Age("founded", at_least=3, soft_at_least=1),
                icp.Age("started", at_most=9, soft_at_most=12),
                icp.Recency("seen_on", window=14),
                icp.Recency("seen_at", half_life=9),
                icp.Upcoming("renewal", within=30),
            ],
        ),
        icp.Dimension("Truths", [icp.Flag("numbered"), icp.Flag("plain", expected=False)]),
    ],
    adjustments=[icp.Adjustment(-100, icp.Flag("plain"))],
)
_TYPES: Final[dict[str, dict[str, str]]] = {
    "duckdb": {"revenue": "DECIMAL(12,2)", "growth": "FLOAT", "seen_at": "TIMESTAMP"},
    "postgres": {"revenue": "numeric(12,2)", "growth": "real", "seen_at": "timestamp without time zone"},
    "sqlite": {"revenue": "REAL", "growth": "REAL", "seen_at": "TEXT"},
    "spark": {"revenue": "DECIMAL(12,2)", "growth": "FLOAT", "seen_at": "TIMESTAMP_NTZ"},
    "trino": {"revenue": "DECIMAL(12,2)", "growth": "REAL", "seen_at": "TIMESTAMP"},
}

EXACT: Final = icp.Profile(
    "Exact",
    [
        icp.Dimension(
            "Texts",
            [
                icp.OneOf("country", ["DE", "Österreich"], case_sensitive=True, aliases={"AT": "Österreich"}),
                icp.OneOf("code", {"AB": 1, "ABC": 0.5}, case_sensitive=True, prefix=True, otherwise=0.1),
                icp.OneOf("areas", {"Nord": 1, "Süd": 0.2}, otherwise=0.4, case_sensitive=True),
                icp.Overlap("tags", ["X", "y"], case_sensitive=True),
            ],
        )
    ],
    min_coverage=0,
)


def cases(dialect: str) -> Iterator[tuple[icp.Profile, dict[str, Any]]]:
    """Give profiles, each with what the self-test is told of it."""
    yield icp.standard_profile(), {"columns": {"engagement": EVENTS}}
    yield SHORT, {"as_of": "2026-11-21T13:45:10.250001+02:00"}
    yield ALL, {"columns": {**in_tables(), "events": attrs.evolve(EVENTS, without="empty")}, "text": FOLDED}
    yield ALL, {"columns": in_lists(dialect), "text": FOLDED}
    yield EXACT, {"columns": {"areas": icp.ListColumn("Areas", "delimited", ";")}, "text": "exact"}
    types = {"employees": "INTEGER", "big": "BIGINT", "small": "SMALLINT", "numbered": "INTEGER", "plain": "BOOLEAN"}
    types |= {"founded": "DATE", "started": "INTEGER", "seen_on": "DATE", "level": "SMALLINT", **_TYPES[dialect]}
    yield TYPED, {"types": types}


def quick_cases(dialect: str) -> Iterator[tuple[icp.Profile, dict[str, Any]]]:
    """Give some of them."""
    return itertools.islice(cases(dialect), 4, None)


def in_tables() -> dict[str, Any]:
    """Say that lists lie in tables of their own."""
    return {
        "last_visit": icp.LongTable("visits", "of", "visited_at"),
        "last_funding": icp.LongTable("rounds", "of", "on", without="empty"),
        "technologies": icp.LongTable("crm.tech", "account", "name"),
        "compliance": icp.LongTable("crm.rules", "account", "name", without="empty"),
    }


def in_lists(dialect: str) -> dict[str, Any]:
    """Say that lists are columns."""
    arrays = dialect != "sqlite"
    return {
        "events": icp.ListColumn("happened", "array" if dialect in {"duckdb", "spark"} else "json"),
        "last_visit": icp.ListColumn("visits", "array" if arrays else "json"),
        "last_funding": icp.ListColumn("rounds", "json"),
        "technologies": icp.ListColumn("tech", "delimited", "|"),
        "compliance": icp.ListColumn("rules", "json"),
    }


def drawn_cases(count: int) -> Iterator[tuple[icp.Profile, dict[str, Any]]]:
    """Give profiles of all kinds, each with its own moment, in which no attribute is read in two ways."""
    found = ((sayable(profile), as_of) for profile, as_of in drawn(QUICK))
    plain = ((one, as_of) for one, as_of in found if all(map(_in_one_way, functions_of(one).values())))
    for one, as_of in itertools.islice(plain, count):
        functions = functions_of(one)
        exact = {
            name for name, some in functions.items() if all(getattr(f.curve, "case_sensitive", False) for f in some)
        }
        texts: dict[str, Any] = {name: "exact" if name in exact else "folded" for name in functions}
        events = [name for name, some in functions.items() if any(f.view == "events" for f in some)]
        yield one, {"columns": dict.fromkeys(events, EVENTS), "text": texts, "as_of": as_of}


def _in_one_way(functions: tuple[icp.ValueFunction, ...]) -> bool:
    return len({one.view.replace("log", "number") for one in functions}) == 1


def functions_of(profile: icp.Profile) -> dict[str, tuple[icp.ValueFunction, ...]]:
    """Give the value functions that read each attribute."""
    from icpkit.testing.strategies import _functions_by_attribute

    return dict(_functions_by_attribute(profile))
