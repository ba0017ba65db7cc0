"""The figures of both trials, worked out again from the rows with plain Python and exact fractions.

Nothing here is shared with icpkit: the questions of both profiles are written out by hand, after section 2 of the
design. A match is a pair (low, high) of fractions; the two are equal where the answer is known.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction
from typing import TypeAlias

Row: TypeAlias = dict[str, str]
Moment: TypeAlias = date | datetime
Pair: TypeAlias = tuple[Fraction, Fraction]
Shares: TypeAlias = dict[str, Fraction]

UNKNOWN: Pair = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Figures:
    """What is said of one account: points in millionths, coverage in thousand-millionths."""

    fit: int | None
    tier: str | None
    status: str
    coverage: int
    low: int
    high: int


@dataclass(frozen=True)
class Answer:
    """What one criterion says: the ends of its match, whether it is covered, and what counts in the fit, or None."""

    pair: Pair
    covered: bool
    counts: Fraction | None


def known(match: Fraction | float | str) -> Answer:
    """A match that is certain."""
    exact = Fraction(str(match)) if isinstance(match, float) else Fraction(match)
    return Answer((exact, exact), covered=True, counts=exact)


def unknown(low: str = "0", high: str = "1", *, assumed: str | None = None) -> Answer:
    """An unknown match: it lies between its ends, and is left out, or something is assumed."""
    return Answer((Fraction(low), Fraction(high)), covered=False, counts=None if assumed is None else Fraction(assumed))


def never() -> Answer:
    """A signal that never happened: 0 in the fit, and not covered."""
    return Answer((Fraction(0), Fraction(0)), covered=False, counts=Fraction(0))


def combined(*pairs: Pair, choose: Callable[[Iterable[Fraction]], Fraction]) -> Answer:
    """The least or the greatest of several; unknown as a whole, and left out, where its ends differ."""
    low, high = choose(low for low, _ in pairs), choose(high for _, high in pairs)
    return Answer((low, high), covered=low == high, counts=low if low == high else None)


def certain(match: Fraction) -> Pair:
    """Both ends of a match that is known."""
    return match, match


def opposite(pair: Pair) -> Pair:
    """One minus a match."""
    return 1 - pair[1], 1 - pair[0]


def nearest(value: Fraction, unit: int) -> int:
    """Count the units of 1/unit in a value, halves upward."""
    return math.floor(value * unit + Fraction(1, 2))


def weights(shares: Shares) -> list[Fraction]:
    """Shares as multiples of 2^-40 that sum to 1: by largest remainders, ties by path."""
    exact = {path: share / sum(shares.values()) * 2**40 for path, share in shares.items()}
    units = {path: math.floor(one) for path, one in exact.items()}
    by_remainder = sorted(exact, key=lambda path: (units[path] - exact[path], path))
    for path in by_remainder[: 2**40 - sum(units.values())]:
        units[path] += 1
    return [Fraction(one, 2**40) for one in units.values()]


def figures(
    shares: Shares,
    answers: list[Answer],
    *,
    adjustment: tuple[int, Pair],
    failed: bool,
    cuts: dict[str, int],
    needed: Fraction,
) -> Figures:
    """Put the answers together: fit, bounds, coverage, status and tier."""
    weighed = list(zip(weights(shares), answers, strict=True))
    points, pair = adjustment
    ends = sorted(points * end for end in pair)
    added = min(ends, key=abs) if pair[0] != pair[1] else ends[0]
    low, high = (
        min(max(100 * sum(weight * answer.pair[i] for weight, answer in weighed) + ends[i], Fraction(0)), Fraction(100))
        for i in (0, 1)
    )
    coverage = nearest(Fraction(sum(weight for weight, answer in weighed if answer.covered)), 10**9)
    millionths: int | None = None
    if Fraction(coverage, 10**9) >= needed:
        counted = [(weight, answer.counts) for weight, answer in weighed if answer.counts is not None]
        parts, whole = [weight * match for weight, match in counted], [weight for weight, _ in counted]
        fit = 100 * sum(parts, Fraction(0)) / sum(whole, Fraction(0)) + added
        millionths = nearest(min(max(fit, low), high), 10**6)
    status = "disqualified" if failed else "insufficient data" if millionths is None else "scored"
    tier = None
    if status == "scored" and millionths is not None:
        tier = next(name for name, cut in cuts.items() if millionths >= cut * 10**6)
    return Figures(millionths, tier, status, coverage, nearest(low, 10**6), nearest(high, 10**6))


def microseconds(text: str, as_of: Moment) -> int | None:
    """The age of a day at its 00:00 UTC; None where it is not known, or lies after the moment of scoring."""
    if not text:
        return None
    then = datetime.combine(date.fromisoformat(text), time(), UTC)
    is_moment = isinstance(as_of, datetime)
    now = as_of.astimezone(UTC) if isinstance(as_of, datetime) else datetime.combine(as_of, time(), UTC)
    if (then > now) if is_moment else (then.date() > as_of):
        return None
    age = now - then
    return max(0, (age.days * 86_400 + age.seconds) * 10**6 + age.microseconds)


def days(age: int) -> Fraction:
    """Microseconds as days."""
    return Fraction(age, 86_400 * 10**6)


def years(age: int) -> Fraction:
    """Microseconds as years."""
    return days(age) / Fraction("365.2425")


def decayed(age: int, half_life: int) -> Fraction:
    """Two to the minus age over half-life, to a multiple of 2^-30; 60 digits stand in for exactness."""
    with localcontext() as context:
        context.prec = 60
        exponent = Decimal(age) / (Decimal(86_400 * 10**6) * half_life)
        scaled = Decimal(2) ** (30 - exponent) + Decimal("0.5")
        return Fraction(int(scaled.to_integral_value(ROUND_FLOOR)), 2**30)


def rising(value: Fraction, least: int, nothing: Fraction) -> Fraction:
    """1 from the least on, falling in a straight line to 0 below it."""
    return min(max((value - nothing) / (least - nothing), Fraction(0)), Fraction(1))


# --- remoteintech ----------------------------------------------------------------------------------------------------

REMOTE_SHARES = {
    "firmographics/company_size": Fraction(30) * 2 / 4,
    "firmographics/region": Fraction(30) / 4,
    "firmographics/listed for": Fraction(30) / 4,
    "technographics/technologies": Fraction(35) * 3 / 4,
    "technographics/hard problems": Fraction(35) / 4,
    "signals/updatedat": Fraction(20),
    "way of working/remote_policy": Fraction(15) / 2,
    "way of working/hires anywhere": Fraction(15) / 2,
}
LEVELS = {"tiny": "0.1", "small": "0.6", "medium": "1", "large": "0.8", "enterprise": "0.3"}
REGIONS = {"worldwide": "1", "americas-europe": "1", "europe": "0.9", "americas": "0.7", "asia-pacific": "0.4"}
POLICIES = {"fully-remote": "1", "remote-first": "0.9", "hybrid": "0.3"}
BACKEND = {"backend", "python", "go", "ruby", "java", "php", "dotnet", "scala", "elixir", "rust"}
CLOUD = {"cloud", "devops", "infrastructure", "linux", "aws", "azure", "kubernetes", "docker"}
SCRIPT = {"javascript", "typescript", "nodejs", "react"}
DATABASE = {"sql", "postgres"}
STANDARD = {"Perfect": 80, "Strong": 60, "Moderate": 40, "Weak": 0}


def remote_company(row: Row, as_of: Moment) -> Figures:
    """The figures of one company of remoteintech."""
    size = row["company_size"] if row["company_size"] in LEVELS else None
    tools = set(row["technologies"].split(";")) if row["technologies"] else None
    listed, updated = microseconds(row["addedAt"], as_of), microseconds(row["updatedAt"], as_of)
    mid_sized = UNKNOWN if size is None else yes(size in {"small", "medium", "large"})
    answers = [
        unknown("0.1", "1") if size is None else known(LEVELS[size]),
        known(REGIONS.get(row["region"], "0.2")),
        unknown(assumed="0.5") if listed is None else known(rising(years(listed), 2, Fraction(1, 2))),
        unknown() if tools is None else known(stack(tools)),
        unknown() if tools is None else known(hard_problems(tools)),
        never() if updated is None else known(decayed(updated, 730)),
        known(POLICIES.get(row["remote_policy"], "0.1")),
        combined(yes(row["region"] == "worldwide"), yes(row["remote_policy"] != "hybrid"), mid_sized, choose=min),
    ]
    kindred = UNKNOWN if tools is None else yes(bool(tools & {"elixir", "rust"}))
    failed = size == "tiny"
    return figures(
        REMOTE_SHARES, answers, adjustment=(6, kindred), failed=failed, cuts=STANDARD, needed=Fraction("0.6")
    )


def yes(answer: bool) -> Pair:
    """A certain 1 or 0."""
    return Fraction(answer), Fraction(answer)


def stack(tools: set[str]) -> Fraction:
    """The share of the wanted technologies, backend and cloud counting double."""
    wanted = ((BACKEND, 2), (CLOUD, 2), (SCRIPT, 1), (DATABASE, 1))
    return Fraction(sum(weight for names, weight in wanted if tools & names), 6)


def hard_problems(tools: set[str]) -> int:
    """Whether it works with data, or integrates a good deal."""
    return int(bool(tools & {"ml", "data", "search"}) or len(tools & {"api", "graphql", "mobile"}) >= 2)


# --- S&P 500 ---------------------------------------------------------------------------------------------------------

#: The dimensions weigh 50, 20 and 25: they need not sum to 100.
LARGE_SHARES = {
    "business/industry": Fraction(50) * 3 / 5,
    "business/founded": Fraction(50) / 5,
    "business/era": Fraction(50) / 5,
    "place/state": Fraction(20) / 2,
    "place/metropolis": Fraction(20) / 2,
    "listing/date added": Fraction(25) * 2 / 5,
    "listing/newcomer": Fraction(25) / 5,
    "listing/veteran or young": Fraction(25) * 2 / 5,
}
PATHS = {
    "information technology": "0.6",
    "information technology > application software": "1",
    "information technology > systems software": "1",
    "information technology > semiconductor": "0.4",
    "communication services > interactive": "0.8",
    "financials": "0.3",
    "financials > financial exchanges & data": "0.9",
    "health care > health care technology": "0.7",
    "industrials": "0.25",
}
HOME = {"California": "1", "New York": "0.9", "Washington": "0.9", "Massachusetts": "0.8", "Texas": "0.7"}
HOME |= {"Virginia": "0.5", "Virginia[2]": "0.5"}
FOREIGN = {"Ireland", "United Kingdom", "Switzerland", "Netherlands", "Bermuda", "Canada"}
METROPOLES = {"New York City", "San Francisco", "Boston", "Seattle"}
CUTS = {"Target": 65, "Watch": 45, "Pass": 0}


def large_cap(row: Row, as_of: Moment) -> Figures:
    """The figures of one constituent of the S&P 500."""
    year = front_year(row["Founded"])
    age = None if year is None or year > utc_year(as_of) else utc_year(as_of) - year
    listed = microseconds(row["Date added"], as_of)
    places = row["Headquarters Location"].split(", ") if row["Headquarters Location"] != "none" else []
    answers = [
        known(industry(f"{row['GICS Sector']} > {row['GICS Sub-Industry']}")),
        unknown()
        if age is None
        else known(min(rising(Fraction(age), 20, Fraction(5)), rising(Fraction(-age), -100, Fraction(-175)))),
        unknown("0.2", "1", assumed="1") if year is None else known(era(year)),
        known(HOME.get(places[-1], "0.2")) if places else unknown("0.2", "1"),
        known(int(bool(METROPOLES & set(places)))) if places else unknown(),
        unknown() if listed is None else known(step(days(listed))),
        never() if listed is None else known(max(1 - days(listed) / 9000, Fraction(0))),
        combined(
            UNKNOWN if listed is None else yes(years(listed) >= 30),
            UNKNOWN if age is None else opposite(certain(rising(Fraction(age), 40, Fraction(10)))),
            choose=max,
        ),
    ]
    abroad = yes(places[-1] in FOREIGN) if places else UNKNOWN
    excluded = row["GICS Sector"] in {"Utilities", "Energy"}
    too_young = age is None or rising(Fraction(age), 4, Fraction(1)) < Fraction(1, 2)
    failed = excluded or too_young
    return figures(LARGE_SHARES, answers, adjustment=(-8, abroad), failed=failed, cuts=CUTS, needed=Fraction("0.7"))


def utc_year(as_of: Moment) -> int:
    """The year of a moment, in UTC."""
    return (as_of.astimezone(UTC) if isinstance(as_of, datetime) else as_of).year


def front_year(text: str) -> int | None:
    """The year in front, unless a second one contends for the place."""
    first = text.partition(" ")[0]
    return int(first) if len(first) == 4 and first.isdigit() else None


def industry(path: str) -> str:
    """The grade of the longest beginning that is listed."""
    beginnings = [listed for listed in PATHS if path.lower().startswith(listed)]
    return PATHS[max(beginnings, key=len)] if beginnings else "0.1"


def era(year: int) -> str:
    """The grade of the years in which it was founded."""
    return "0.7" if year >= 2010 else "1" if year >= 1970 else "0.4" if year >= 1900 else "0.2"


def step(age: Fraction) -> str:
    """The grade of how long ago it was added."""
    return "1" if age <= 365 else "0.6" if age <= 1826 else "0.3" if age <= 3652 else "0"
