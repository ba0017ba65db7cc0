"""Invented accounts, as messy as an export from a CRM. No company here exists; the same seed gives the same accounts.

Unknowns come in every form (no such field, None, NaN, blank text), text in odd case and with stray blanks, moments with
and without a time zone, as dates and as text, lists that are empty or have holes, signals that lie in the future, and
a handful of values that nobody can read.
"""

import csv
import itertools
import json
import math
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

Account: TypeAlias = dict[str, Any]
T = TypeVar("T")

#: The day of the export: signals and plans lie around it.
EXPORTED = date(2026, 11, 21)

# What a well-fitting account has comes first, what others have second.
INDUSTRIES = (
    ("Software", "Software", "IT Services", "Financial Services"),
    ("Retail", "Manufacturing", "Construction", "Hospitality", "Agriculture", "Education"),
)
PLACES = (
    (("US", "North America"), ("US", "North America"), ("CA", "North America"), ("DE", "Europe"), ("FR", "Europe")),
    (
        *(("AU", "APAC"), ("IN", "APAC"), ("JP", "APAC"), ("SG", "APAC"), ("BR", "Latin America")),
        *(("MX", "Latin America"), ("ZA", "Africa"), ("NG", "Africa"), ("KP", "APAC"), ("SY", "Middle East")),
    ),
)
TOOLS = (
    ("Salesforce", "HubSpot", "Slack", "Google Workspace", "Jira"),
    ("SAP", "Lotus Notes", "Microsoft Teams", "Confluence", "Excel"),
)
PAINS = (("manual processes", "data silos", "poor ROI"), ("office space", "parking"))
MATURITY = (("Growing", "Advanced"), ("Early",))
URGENCY = (("Important", "Critical"), ("Nice-to-have",))
EVENTS = (("pricing page", "demo", "webinar"), ("download", "newsletter", "webinar"))

# Names are made of these parts.
FIRST = (
    "Löwenzahn",
    "Kiesel",
    "Möwen",
    "Zwirn",
    "Thistle",
    "Walnut",
    "Gorse",
    "Pebble",
    "Düster",
    "Otter",
    "Marmalade",
)
SECOND = ("mühle", "faden", "kompass", "loom", "orchard", "lantern", "acker", "gate", "brücke", "kettle")
THIRD = ("Systems", "Analytics", "Werke", "Logistics", "Foods", "Cloud", "Energy", "Data")
FORM = ("GmbH", "Inc.", "Ltd", "AB", "SAS", "")


def make_accounts(count: int = 500, *, seed: int = 2026) -> list[Account]:
    """Make accounts; the first few lie exactly on the edges of `icpkit.standard_profile`.

    Args:
        count: how many.
        seed: another seed gives other accounts.
    """
    rng = random.Random(seed)  # noqa: S311  # sample data need no cryptography
    names = list(itertools.islice(_names(rng), count))
    accounts = [_account(rng, f"A-{i:04}", name) for i, name in enumerate(names, 1)]
    for account, edge in zip(accounts, _edges(), strict=False):
        account.update(edge)
    return accounts


def write_export(path: Path, accounts: Iterable[Account]) -> None:
    """Write accounts as a CRM exports them: a CSV file that begins with the mark by which spreadsheets know UTF-8.

    What an account does not tell is a blank cell, several labels or dates stand in one cell with ``;`` between them,
    and events are a JSON list. An empty list is ``[]``: somebody has looked, and found none.
    """
    rows = [{attribute: cell(value) for attribute, value in account.items()} for account in accounts]
    columns = list(dict.fromkeys(attribute for row in rows for attribute in row))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def cell(value: Any) -> str:
    """Write one value as text."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, list) and all(isinstance(item, tuple | dict) for item in value):
        return json.dumps(value, default=str)
    return "; ".join(map(cell, value)) if isinstance(value, list) else str(value)


def _names(rng: random.Random) -> "itertools.chain[str]":
    parts = list(itertools.product(FIRST, SECOND, THIRD))
    rng.shuffle(parts)
    names = (f"{first}{second} {third} {rng.choice(FORM)}".strip() for first, second, third in parts)
    return itertools.chain(names, (f"Unnamed {number}" for number in itertools.count(1)))


def _edges() -> list[Account]:
    """Values on the very edge of what is asked, to the unit and to the day."""
    return [
        {"employees": 50, "annual_revenue": 5e6, "headcount_growth": 0.1, "founded": EXPORTED.year - 3},
        {"employees": 500, "annual_revenue": 50e6, "contract_renewal": EXPORTED, "last_demo_request": EXPORTED},
        {"employees": 25, "annual_revenue": 2e6, "founded": EXPORTED.year - 1},
        {"employees": 1000, "annual_revenue": 100e6, "last_funding": EXPORTED - timedelta(days=365)},
    ]


def _account(rng: random.Random, account_id: str, name: str) -> Account:
    """Make one account: how well it fits as a whole, and how much of it is known, are drawn first."""
    quality, gaps = rng.betavariate(1.8, 1.5), rng.betavariate(1.1, 4.5)
    country, region = _one(rng, PLACES, min(1.0, quality + 0.35))
    employees = _employees(rng, quality)
    facts: dict[str, Any] = {
        "country": _typed(rng, country),
        "employees": employees,
        "annual_revenue": round(employees * rng.uniform(6e4, 2.5e5), -3),
        "industry": _typed(rng, _one(rng, INDUSTRIES, quality)),
        "region": _typed(rng, region),
        "founded": _founded(rng, quality),
        "technologies": _labels(rng, TOOLS, quality),
        "cloud_maturity": _typed(rng, _one(rng, MATURITY, quality)),
        "last_demo_request": _signals(rng, quality),
        "engagement": _events(rng, quality),
        "pains": _labels(rng, PAINS, quality),
        "urgency": _typed(rng, _one(rng, URGENCY, quality)),
        "contract_renewal": _moment(rng, -rng.uniform(-60, 400 - 300 * quality)),
        "headcount_growth": round(rng.gauss(0.25 * quality, 0.08), 3),
        "last_funding": _moment(rng, rng.uniform(-20, 900 - 500 * quality)),
        "is_competitor": rng.random() < 0.03,
        "in_litigation": rng.choice([0, 0, 0, 0, 0, 0, 0, 1]),
    }
    account = {"account_id": account_id, "name": name}
    for attribute, value in facts.items():
        account |= _lost(rng, attribute) if rng.random() < gaps else {attribute: value}
    if rng.random() < 0.015:
        account |= _mistyped(rng, employees)
    return account


def _mistyped(rng: random.Random, employees: int) -> Account:
    """Type a value so that a person understands it, and no program should."""
    forms: list[Account] = [
        {"employees": f"ca. {employees}"},
        {"employees": f"{4 * employees + 1000:,}"},
        {"founded": f"spring {EXPORTED.year - 9}"},
        {"contract_renewal": f"31.12.{EXPORTED.year}"},
        {"in_litigation": "not any more"},
    ]
    return rng.choice(forms)


def _lost(rng: random.Random, attribute: str) -> Account:
    """Lose a value in one of the ways in which exports lose them."""
    form = rng.randrange(5)
    return {} if form == 0 else {attribute: (None, math.nan, "", "   ")[form - 1]}


def _one(rng: random.Random, pools: tuple[Sequence[T], Sequence[T]], quality: float) -> T:
    """Choose from the first pool with the probability that the quality gives, else from the second."""
    return rng.choice(pools[rng.random() >= quality])


def _typed(rng: random.Random, text: str) -> str:
    """Type a text as somebody in a hurry does."""
    forms: list[Callable[[str], str]] = [str, str, str, str, str.upper, str.lower, "  {} ".format, "{}\t".format]
    return rng.choice(forms)(text)


def _employees(rng: random.Random, quality: float) -> int:
    low, high = (50, 500) if rng.random() < quality else (3, 9000)
    return round(math.exp(rng.uniform(math.log(low), math.log(high))))


def _founded(rng: random.Random, quality: float) -> int | date | str:
    year = EXPORTED.year - int(rng.uniform(-1, 12 + 25 * quality))
    forms: list[int | date | str] = [year, year, date(year, 5, 17), f"{year}-05-17"]
    return rng.choice(forms)


def _labels(rng: random.Random, pools: tuple[Sequence[str], Sequence[str]], quality: float) -> list[str | None]:
    """List labels: some lists are empty, some say a thing twice, some have holes."""
    labels: list[str | None] = [_typed(rng, label) for label in pools[0] if rng.random() < 0.15 + 0.8 * quality]
    labels += [label for label in pools[1] if rng.random() < 0.25]
    if labels and rng.random() < 0.1:
        labels += [labels[0], None, " "]
    return labels if rng.random() > 0.05 else []


def _moment(rng: random.Random, days_ago: float) -> datetime | date | str:
    """Write a moment in one of the ways in which exports write them."""
    when = datetime.combine(EXPORTED, time(12), UTC) - timedelta(days=round(days_ago, 3))
    local = when.astimezone(timezone(timedelta(hours=rng.choice([-8, -5, 1, 2, 9]))))
    forms: list[datetime | date | str] = [
        local,
        when.replace(tzinfo=None),
        when.date(),
        local.isoformat(timespec="seconds"),
        f" {when:%Y-%m-%d}",
    ]
    return rng.choice(forms)


def _signals(rng: random.Random, quality: float) -> Any:
    """Date the demo requests: none at all, one, or several of which one may be booked for next week."""
    if rng.random() > 0.3 + 0.6 * quality:
        return rng.choice([None, [], ""])
    latest = rng.expovariate(1 / (15 + 150 * (1 - quality)))
    if rng.random() < 0.7:
        return _moment(rng, latest)
    return [_moment(rng, latest), _moment(rng, latest + 40), _moment(rng, rng.choice([latest + 90, -7]))]


def _events(rng: random.Random, quality: float) -> list[Any]:
    """List events, as tuples or as mappings, some with a strength."""
    events: list[Any] = []
    for _ in range(int(rng.expovariate(1 / (1 + 5 * quality)))):
        kind, at = _one(rng, EVENTS, quality), _moment(rng, rng.uniform(-5, 60))
        events.append(rng.choice([(kind, at), {"kind": _typed(rng, kind), "at": at}, (kind, at, 1.5)]))
    return events
