"""Profiles, accounts in typed tables, and what a statement on these gives, against the reference."""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import attrs

import icpkit as icp
from icpkit.sql.dialects import DIALECTS, Dialect
from icpkit.sql.steps import points_named
from tests.batch.cases import cut_at, drawn_accounts, recombined
from tests.parity.databases import Database
from tests.parity.drawn import drawn
from tests.parity.landing import Landed, at_moments, land, sayable

#: Accounts of each profile, and profiles made of each that is drawn.
ACCOUNTS, PROFILES = 25, 3
COMPARED: Final = ("fit", "tier", "status", "coverage", "low", "high")

#: What drivers give: points and the like are doubles.
FLOATS: Final = {float, type(None)}
TYPES_OF: Final[dict[str, set[type]]] = {"tier": {str, type(None)}, "status": {str}, "invalid": {int}}


@attrs.frozen
class Case:
    """Profiles, their accounts in tables, and the moment of scoring as the statement and as the reference have it."""

    profiles: tuple[icp.Profile, ...]
    landed: Landed
    as_of: Any
    moments: Mapping[Any, date]
    parameters: Mapping[str, Any] | None = None
    contributions: bool = False

    def sql(self, dialect: str) -> str:
        """Write the statement."""
        profiles = self.profiles[0] if len(self.profiles) == 1 else self.profiles
        options = {"dialect": dialect, "as_of": self.as_of, "contributions": self.contributions}
        return icp.to_sql(profiles, **options, **self.landed.options)

    def told(self, key: Any) -> str:
        """Say all about one account, for a failure."""
        account = self.landed.accounts[key]
        about = {name: (self.landed.holds.get(name), self.landed.types.get(name)) for name in account}
        return f"{account!r}\n  as of {self.as_of!r} {self.moments[key]!r}\n  {about!r}\n  {self.profiles!r}"


def run(
    database: Database, count: int, record_property: Callable[[str, object], None], *, pairs: int, distinct: int
) -> None:
    """Compare on drawn profiles, and on those made of them.

    Args:
        database: runs the statements.
        count: how many profiles are drawn.
        record_property: keeps what was seen.
        pairs: how many pairs of a profile and an account are compared at least.
        distinct: how many profiles at least.
    """
    pool = drawn(count)
    seen: Counter[str] = Counter()
    profiles: set[str] = set()
    for number in itertools.count():
        if len(profiles) >= distinct and seen["pairs"] >= pairs:
            break
        profile, as_of = pool[number // PROFILES % len(pool)]
        rng = random.Random(number)
        one = sayable(recombined([one for one, _ in pool], rng) if number % PROFILES else profile)
        case = case_of(one, as_of, rng, database.dialect, number)
        profiles.add(case.profiles[0].scoring_id)
        seen += compare(case, database)
    report(database.dialect, seen, len(profiles), record_property)
    assert seen["on a cut"] >= seen["pairs"] / 20
    assert seen["with invalid values"] >= seen["pairs"] / 20
    assert seen["unknown"] >= seen["pairs"] / 5
    assert min(seen[status] for status in ("scored", "disqualified", "insufficient data")) >= seen["pairs"] / 20


def case_of(profile: icp.Profile, as_of: date, rng: random.Random, dialect: str, number: int) -> Case:
    """Lay accounts down, every other time with tiers that begin at their fits."""
    landed = land(profile, drawn_accounts(profile, rng, ACCOUNTS, as_of=as_of), rng, dialect)
    if number % 2:
        profile = cut_at(profile, common_fits(profile, landed, as_of))
    kind: Any = "timestamp" if isinstance(as_of, datetime) else "date"
    moments: dict[Any, date] = dict.fromkeys(landed.accounts, as_of)
    parameters: dict[str, Any] | None = None
    told: Any = as_of
    if number % 5 == 1:
        told = icp.Param("as_of", type=kind)
        parameters = {"as_of": as_of.isoformat() if dialect == "sqlite" else as_of}
    elif number % 5 == 3 and not _has_dated_rows(landed):
        moments = {key: as_of + timedelta(days=rng.choice((0, 0, 1, -30, 400))) for key in moments}
        told = icp.Column('scored "on"', type=kind)
        landed = at_moments(landed, moments, dialect, told.name)
    return Case((profile,), landed, told, moments, parameters, contributions=number % 4 == 0)


def _has_dated_rows(landed: Landed) -> bool:
    """Tell whether moments lie in a table of their own, which each account's own moment of scoring does not reach."""
    return any(isinstance(one, icp.LongTable) and (one.at or one.value == "moment") for one in landed.columns.values())


def common_fits(profile: icp.Profile, landed: Landed, as_of: date) -> list[float]:
    """Give the fits that come most often."""
    scorer = icp.Scorer(profile)
    scores = [scorer.score(one, as_of=as_of, on_invalid="unknown") for one in landed.accounts.values()]
    return [fit for fit, _ in Counter(one.fit for one in scores if one.fit is not None).most_common(6)]


def compare(case: Case, database: Database) -> Counter[str]:
    """Compare what a statement gives with the reference, and count kinds of pairs."""
    sql = case.sql(database.dialect)
    with database.holding(case.landed.tables) as asked:
        rows = asked(sql, case.parameters)
    (profile,) = case.profiles
    scorer = icp.Scorer(profile)
    expected = {
        key: scorer.score(account, as_of=case.moments[key], on_invalid="unknown")
        for key, account in case.landed.accounts.items()
    }
    assert len(rows) == len(expected)
    assert {row["key"] for row in rows} == expected.keys()
    for row in rows:
        named = DIALECTS[database.dialect] if case.contributions else None
        differ = differences(row, expected[row["key"]], contributions=named)
        assert not differ, f"{database.dialect}: {differ}\n  {case.told(row['key'])}"
    return kinds_of(list(expected.values()), profile)


def differences(row: Mapping[str, Any], score: icp.Score, *, contributions: Dialect | None) -> list[str]:
    """Tell where a row is not what the reference says; contributions have names of a dialect, if they are there."""
    right = {name: getattr(score, name) for name in COMPARED} | {"invalid": len(score.invalid)}
    if contributions is not None:
        told = points_of(score)
        names = points_named([path for path, _ in told], contributions)
        given = (points / 1e6 if score.fit is not None else None for _, points in told)
        right |= dict(zip(names, given, strict=True))
    wrong = [
        f"{name} is of {type(row[name])}" for name in right if type(row.get(name)) not in TYPES_OF.get(name, FLOATS)
    ]
    wrong += [f"{name} is {row.get(name)!r}, not {value!r}" for name, value in right.items() if row.get(name) != value]
    wrong += [f"{name} is not there" for name in right if name not in row]
    return wrong


def points_of(score: icp.Score) -> Sequence[tuple[str, int]]:
    """Give the points of each part."""
    return score.explanation.points


def kinds_of(scores: Sequence[icp.Score], profile: icp.Profile) -> Counter[str]:
    """Count kinds of pairs."""
    cuts = {tier.cut for tier in profile.tiers.tiers[:-1]}
    seen: Counter[str] = Counter(pairs=len(scores))
    for score in scores:
        kinds = {"on a cut": score.fit in cuts, "with invalid values": score.invalid, "unknown": score.low < score.high}
        seen.update([score.status, *(kind for kind, so in kinds.items() if so)])
    return seen


def report(dialect: str, seen: Counter[str], count: int, record_property: Callable[[str, object], None]) -> None:
    """Say what was compared: the run prints it at its end."""
    pairs = seen["pairs"]
    shares = ", ".join(f"{share / pairs:.1%} {kind}" for kind, share in seen.most_common() if kind != "pairs")
    record_property("parity", f"SQL on {dialect}: {pairs:,} pairs, {count:,} distinct profiles; {shares}")
