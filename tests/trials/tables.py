"""The exports of the trials as tables of a database, and what is asked of `icp.to_sql` about them."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isnan
from typing import Any, Literal

import attrs

import icpkit as icp
from tests.parity.databases import Database
from tests.parity.landing import TYPES, Table
from tests.trials.exports import path_of
from tests.trials.independent import Row
from tests.trials.profiles import large_cap, remote_company

#: How a list stands in a table: an array, which is JSON text in SQLite; text; or a table with a row for each label.
Lists = Literal["array", "delimited", "long"]
LISTS: tuple[Lists, ...] = ("array", "delimited", "long")
#: What a result says of an account, behind its key.
OUTPUTS = ("fit", "tier", "status", "coverage", "low", "high", "invalid")


@attrs.frozen
class Landed:
    """An export in a database.

    Attributes:
        tables: the accounts, and tables beside them.
        asked: the arguments of `icp.to_sql` that belong to them.
    """

    tables: tuple[Table, ...]
    asked: Mapping[str, Any]


def scored(database: Database, landed: Landed, profile: icp.Profile, as_of: date) -> dict[Any, tuple[Any, ...]]:
    """Score an export where it is: what each account gets, by its key."""
    asked: dict[str, Any] = {"dialect": database.dialect, "table": "accounts", "text": "folded", **landed.asked}
    with database.holding(landed.tables) as run:
        found = run(icp.to_sql(profile, as_of=as_of, **asked), None)
    assert len({row["key"] for row in found}) == len(found)
    return {row["key"]: tuple(row[name] for name in OUTPUTS) for row in found}


def by_engine(profile: icp.Profile, accounts: Any, key: str, as_of: date) -> dict[Any, tuple[Any, ...]]:
    """Give what the engine says of the same accounts, raw, by their key."""
    many = icp.score_batch(profile, accounts, key=key, as_of=as_of, on_invalid="unknown")
    invalid = Counter(offender.key for offender in many.invalid)
    fits = [None if fit is None or isnan(fit) else fit for fit in many.fit.tolist()]
    others = (values.tolist() for values in (many.tier, many.status, many.coverage, many.low, many.high))
    return {key: (*one, invalid[key]) for key, *one in zip(many.keys, fits, *others, strict=True)}


def folded(text: str | None) -> str | None:
    """Fold a text before it is loaded, as a user does; what is blank stays away."""
    return icp.fold(text or "") or None


def typed(dialect: str, kinds: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Name the types of columns as a dialect does."""
    return tuple((name, TYPES[dialect][kind].format(scale=2)) for name, kind in kinds.items())


def listed(dialect: str, labels: Sequence[str] | None, lists: Lists) -> Any:
    """Give the cell of a list in the accounts' table."""
    if labels is None or lists == "long":
        return None
    if lists == "delimited":
        return ";".join(labels)
    return json.dumps(list(labels)) if dialect == "sqlite" else list(labels)


def list_kind(dialect: str, lists: Lists) -> str:
    """Tell what holds a list."""
    return "array" if lists == "array" and dialect != "sqlite" else "text"


def day(dialect: str, text: str, form: str = "%Y-%m-%d") -> date | str | None:
    """Give the cell of a date; SQLite has ISO text."""
    if not text:
        return None
    found = datetime.strptime(text, form).date()
    return found.isoformat() if dialect == "sqlite" else found


# remoteintech


def companies(rows: Iterable[Row], dialect: str, lists: Lists) -> Landed:
    """Load the companies of remoteintech: dates as such, texts folded, technologies in any form."""
    kinds = {
        "slug": "text",
        "region": "text",
        "remote_policy": "text",
        "company_size": "text",
        "added": "date",
        "updated": "date",
        "technologies": list_kind(dialect, lists),
    }
    made, labels = [], []
    for row in rows:
        technologies = remote_company(row)["technologies"]
        names = None if not technologies else [icp.fold(one) for one in technologies]
        labels += [(row["slug"], name) for name in names or ()]
        texts = [folded(row[name]) for name in ("region", "remote_policy", "company_size")]
        days = [day(dialect, row[name]) for name in ("addedAt", "updatedAt")]
        made.append((row["slug"], *texts, *days, listed(dialect, names, lists)))
    forms: dict[str, Any] = {
        "array": icp.ListColumn("technologies", format="json" if dialect == "sqlite" else "array"),
        "delimited": icp.ListColumn("technologies", format="delimited", delimiter=";"),
        "long": icp.LongTable("technologies", "slug", "name", without="unknown"),
    }
    tables = [Table("accounts", typed(dialect, kinds), tuple(made))]
    if lists == "long":
        tables.append(Table("technologies", typed(dialect, {"slug": "text", "name": "text"}), tuple(labels)))
    columns = {"addedAt": "added", "updatedAt": "updated", "technologies": forms[lists]}
    types = dict.fromkeys(("addedAt", "updatedAt"), TYPES[dialect]["date"])  # or an Age takes what it reads for years
    return Landed(tuple(tables), {"key": "slug", "columns": columns, "types": types})


# S&P 500


def constituents(rows: Iterable[Row], dialect: str, lists: Lists) -> Landed:
    """Load the constituents of the S&P 500: paths of sectors, founding years, and the places of headquarters."""
    kinds = {
        "Symbol": "text",
        "GICS Sector": "text",
        "path": "text",
        "state": "text",
        "added on": "date",
        "founded": "integer",
        "places": list_kind(dialect, lists),
    }
    made, labels = [], []
    for row in rows:
        account = large_cap(row)
        places = None if account["places"] is None else [icp.fold(one) for one in account["places"]]
        labels += [(row["Symbol"], place) for place in places or ()]
        texts = [folded(account[name]) for name in ("GICS Sector", "industry", "state")]
        added = day(dialect, row["Date added"])
        made.append((row["Symbol"], *texts, added, account["founded"], listed(dialect, places, lists)))
    forms: dict[str, Any] = {
        "array": icp.ListColumn("places", format="json" if dialect == "sqlite" else "array"),
        "delimited": icp.ListColumn("places", format="delimited", delimiter=";"),
        "long": icp.LongTable("places", "symbol", "place", without="unknown"),
    }
    tables = [Table("accounts", typed(dialect, kinds), tuple(made))]
    if lists == "long":
        tables.append(Table("places", typed(dialect, {"symbol": "text", "place": "text"}), tuple(labels)))
    columns = {"industry": "path", "Date added": "added on", "places": forms[lists]}
    types = {"Date added": TYPES[dialect]["date"], "founded": TYPES[dialect]["integer"]}
    return Landed(tuple(tables), {"key": "Symbol", "columns": columns, "types": types})


# RavenStack


def subscribers() -> icp.Profile:
    """A vendor of support software, for the customers of RavenStack: money, flags, plans over time, tickets."""
    firmographics = [
        icp.OneOf("industry", {"FinTech": 1, "DevTools": 0.8, "HealthTech": 0.5}, otherwise=0.1),
        icp.OneOf("country", ["US", "UK", "CA"]),
        icp.Range("seats", 10, 60, soft_low=2, soft_high=150),
        icp.Range("revenue", 5e3, 5e4, soft_low=5e2, scale="log", weight=2),
    ]
    plans = [
        icp.Overlap("plans", {"Pro": 1, "Enterprise": 2}),
        icp.Overlap("plans", ["Enterprise", "Pro"], mode="satisfies", name="never basic"),
        icp.Ordinal("plan", ["Basic", "Pro", "Enterprise"], at_least="Pro"),
    ]
    signals = [
        icp.Recency("tickets", half_life=60),
        icp.Recency("signup", linear=500, name="newcomer"),
        icp.Engagement("requests", {"urgent": 3, "high": 2, "medium": 1}, half_life=90, target=5),
    ]
    return icp.Profile(
        "Support software",
        [
            icp.Dimension("Firmographics", firmographics, weight=50),
            icp.Dimension("Plans", plans, weight=20),
            icp.Dimension("Signals", signals, weight=30),
        ],
        gates=[icp.Gate(~icp.Flag("is_trial", name="on trial"))],
        adjustments=[icp.Adjustment(-10, icp.Overlap("plans", ["Basic"], mode="any", name="ever basic"))],
        min_coverage=0.4,
    )


@attrs.frozen
class Customers:
    """The customers of RavenStack, their subscriptions and their tickets, as exported."""

    accounts: list[Row]
    subscriptions: list[Row]
    tickets: list[Row]

    @classmethod
    def real(cls) -> "Customers":
        """Read the real files, without which the test is skipped."""
        return cls(*map(_read, ("accounts", "subscriptions", "support_tickets")))

    def revenue(self) -> dict[str, Decimal]:
        """Sum up what each pays in a month, in thirds, so that there are cents."""
        sums: dict[str, Decimal] = {}
        for row in self.subscriptions:
            sums[row["account_id"]] = sums.get(row["account_id"], Decimal(0)) + Decimal(row["mrr_amount"])
        return {key: (amount / 3).quantize(Decimal("0.01")) for key, amount in sums.items()}

    def scores(self, as_of: date) -> dict[Any, tuple[Any, ...]]:
        """Score each customer by the reference."""
        scorer, revenue, found = icp.Scorer(subscribers()), self.revenue(), {}
        plans, tickets = (_by_account(rows) for rows in (self.subscriptions, self.tickets))
        for row in self.accounts:
            key = row["account_id"]
            asked = tickets.get(key, ())
            account = {
                **{name: row[name] for name in ("industry", "country")},
                "seats": int(row["seats"]),
                "plan": row["plan_tier"],
                "signup": _german(row["signup_date"]),
                "is_trial": row["is_trial"] == "TRUE",
                "revenue": revenue.get(key),
                "plans": [one["plan_tier"] for one in plans.get(key, ())],
                "tickets": [_german(one["submitted_at"]) for one in asked],
                "requests": [{"kind": one["priority"], "at": _german(one["submitted_at"])} for one in asked],
            }
            one = scorer.score(account, as_of=as_of, on_invalid="unknown")
            found[key] = (one.fit, one.tier, one.status, one.coverage, one.low, one.high, len(one.invalid))
        return found

    def landed(self, dialect: str) -> Landed:
        """Load them: money as decimals, and tables with many rows for each account."""
        kinds = {"account_id": "text", "industry": "text", "country": "text", "seats": "integer", "plan_tier": "text"}
        kinds |= {"signup_date": "date", "is_trial": "truth", "revenue": "decimal"}
        revenue = self.revenue()
        accounts = tuple(
            (
                row["account_id"],
                folded(row["industry"]),
                folded(row["country"]),
                int(row["seats"]),
                folded(row["plan_tier"]),
                day(dialect, row["signup_date"], "%d-%m-%Y"),
                row["is_trial"] == "TRUE",
                revenue.get(row["account_id"]),
            )
            for row in self.accounts
        )
        plans = tuple((row["account_id"], folded(row["plan_tier"])) for row in self.subscriptions)
        tickets = tuple(
            (row["account_id"], day(dialect, row["submitted_at"], "%d-%m-%Y"), folded(row["priority"]))
            for row in self.tickets
        )
        tables = (
            Table("accounts", typed(dialect, kinds), accounts),
            Table("subscriptions", typed(dialect, {"account_id": "text", "plan_tier": "text"}), plans),
            Table("tickets", typed(dialect, {"account_id": "text", "at": "date", "priority": "text"}), tickets),
        )
        columns = {
            "plan": "plan_tier",
            "signup": "signup_date",
            "plans": icp.LongTable("subscriptions", "account_id", "plan_tier", without="empty"),
            "tickets": icp.LongTable("tickets", "account_id", "at", without="empty"),
            "requests": icp.LongTable("tickets", "account_id", "priority", at="at", without="empty"),
        }
        return Landed(tables, {"key": "account_id", "columns": columns})


def _read(name: str) -> list[Row]:
    with path_of(f"ravenstack/ravenstack_{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _by_account(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["account_id"], []).append(row)
    return found


def _german(text: str) -> date:
    return datetime.strptime(text, "%d-%m-%Y").date()
