"""The reference workload: one profile of 22 criteria in 5 dimensions, and raw accounts to score with it.

9 ranges (some soft, some on a log scale), 6 categories, 3 overlaps over two list columns of about 10 and 3 labels, and
4 recencies; 10 to 30 % of every attribute is missing. Texts come in mixed case and with blanks, signals as aware
datetimes, ISO dates and date objects, as CRM exports hold them.
"""

import math
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

import icpkit as icp

#: The moment at which every benchmark scores.
AS_OF = date(2026, 11, 21)
#: One raw value, drawn anew for each account.
Draw: TypeAlias = Callable[[random.Random], Any]


def reference_profile(*, extras: bool = False) -> icp.Profile:
    """Give the profile of 22 criteria.

    Args:
        extras: adds one gate and one adjustment, which the reference leaves out.
    """
    return icp.Profile(
        "Reference workload",
        [
            icp.Dimension(
                "Firmographics",
                [
                    icp.Range("employees", 50, 500, soft_low=25, soft_high=1000),
                    icp.Range("annual_revenue", 5e6, 50e6, scale="log", soft_low=2e6, soft_high=100e6),
                    icp.Range("offices", 2, 40),
                    icp.OneOf(
                        "industry",
                        {"Software": 1, "IT Services": 0.6, "Financial Services": 0.5, "Biotech": 0.4},
                        weight=2,
                    ),
                    icp.OneOf("country", ["United States", "Canada", "Germany", "Österreich", "France"]),
                    icp.OneOf("ownership", {"Private": 1, "Venture backed": 0.8}, otherwise=0.2, weight=0.5),
                ],
                weight=30,
            ),
            icp.Dimension(
                "Technographics",
                [
                    icp.TechOverlap(
                        "technologies",
                        {"Salesforce": 3, "Slack": 1, "Google Workspace": 1, "Jira": 2, "Snowflake": 2},
                        weight=2,
                    ),
                    icp.Overlap("technologies", ["AWS", "Azure", "GCP"], mode="any", name="public cloud"),
                    icp.Ordinal("cloud_maturity", ["Early", "Growing", "Advanced"], at_least="Growing"),
                    icp.Range("it_budget", 1e5, 2e6, scale="log", soft_low=2e4),
                ],
                weight=20,
            ),
            icp.Dimension(
                "Behavioral signals",
                [
                    icp.Recency("last_demo_request", half_life=30, weight=3),
                    icp.Recency("last_site_visit", linear=90),
                    icp.Recency("last_email_reply", steps=[(7, 1), (30, 0.6), (90, 0.2)]),
                    icp.Range("pages_viewed", 5, None, soft_low=0),
                    icp.Range("email_open_rate", 0.2, 0.8, soft_low=0.05),
                ],
                weight=25,
            ),
            icp.Dimension(
                "Business needs",
                [
                    icp.Overlap("compliance", ["SOC 2", "ISO 27001", "GDPR"], mode="satisfies"),
                    icp.Ordinal(
                        "urgency",
                        ["Nice-to-have", "Important", "Critical"],
                        matches={"Nice-to-have": 0.2, "Important": 0.7, "Critical": 1},
                        weight=2,
                    ),
                    icp.Range("support_tickets", None, 10, soft_high=30),
                ],
                weight=15,
            ),
            icp.Dimension(
                "Growth potential",
                [
                    icp.Range("headcount_growth", 0.1, None, soft_low=-0.05),
                    icp.Range("open_positions", 3, 40, soft_low=1, soft_high=80),
                    icp.Ordinal("stage", ["Seed", "Series A", "Series B", "Series C", "IPO"], at_least="Series A"),
                    icp.Recency("last_funding", linear=365, absent="unknown"),
                ],
                weight=10,
            ),
        ],
        gates=[icp.Gate(~icp.OneOf("country", ["North Korea", "Syria"]))] if extras else [],
        adjustments=[icp.Adjustment(-15, icp.Flag("in_litigation"))] if extras else [],
    )


# --- raw values -------------------------------------------------------------------------------------------------------


def _spelled(text: str, rng: random.Random) -> str:
    """Write a text as people do: as it is, in another case, with blanks around it."""
    style = rng.random()
    if style < 0.4:
        return text
    if style < 0.6:
        return text.lower()
    if style < 0.7:
        return text.upper()
    return f" {text}" if style < 0.85 else f"{text.title()}  "


def _text(*choices: str) -> Draw:
    return lambda rng: _spelled(rng.choice(choices), rng)


def _labels(average: int, *choices: str) -> Draw:
    """Draw a list of labels: about that many, at times none."""
    return lambda rng: [
        _spelled(label, rng) for label in rng.sample(choices, rng.randint(0, min(2 * average, len(choices))))
    ]


def _about(median: float, spread: float) -> Draw:
    """Draw a number that varies by factors, as sizes and amounts do."""
    return lambda rng: math.exp(rng.gauss(math.log(median), spread))


def _whole(median: float, spread: float) -> Draw:
    draw = _about(median, spread)
    return lambda rng: int(draw(rng))


def _between(low: float, high: float) -> Draw:
    return lambda rng: rng.uniform(low, high)


def _signal(days: float) -> Draw:
    """Draw a moment up to so many days back, a few days ahead in rare cases: what the future holds must not count."""
    midnight = datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC)

    def draw(rng: random.Random) -> datetime | date | str:
        when = midnight - timedelta(seconds=rng.randint(round(-0.02 * days * 86_400), round(days * 86_400)))
        style = rng.random()
        if style < 0.5:
            return when
        return when.date() if style < 0.75 else when.date().isoformat()

    return draw


_TECHNOLOGIES = (
    *("Salesforce", "HubSpot", "Slack", "Microsoft Teams", "Google Workspace", "Microsoft 365", "Jira", "Asana"),
    *("Snowflake", "BigQuery", "Databricks", "AWS", "Azure", "GCP", "Kubernetes", "Terraform", "GitHub", "GitLab"),
    *("Okta", "Zoom", "Notion", "Figma", "Stripe", "SAP", "Oracle NetSuite", "Workday", "Zendesk", "Intercom"),
)
_LEVELS = ("Nice-to-have", "Important", "Critical")
_STAGES = ("Seed", "Series A", "Series B", "Series C", "IPO")
_INDUSTRIES = ("Software", "IT Services", "Financial Services", "Biotech", "Retail", "Logistics", "Energy", "Média")
_COUNTRIES = ("United States", "Canada", "Germany", "Österreich", "France", "Brazil", "Japan", "India", "Spain")
_CERTIFICATES = ("SOC 2", "ISO 27001", "GDPR", "HIPAA", "PCI DSS", "FedRAMP", "CCPA")

#: Attribute: how its values are drawn, and the share of accounts that lack it.
ATTRIBUTES: dict[str, tuple[Draw, float]] = {
    "employees": (_whole(200, 1.2), 0.10),
    "annual_revenue": (_about(2e7, 1.3), 0.20),
    "offices": (_whole(4, 0.9), 0.25),
    "industry": (_text(*_INDUSTRIES), 0.10),
    "country": (_text(*_COUNTRIES), 0.10),
    "ownership": (_text("Private", "Venture backed", "Public", "Non-profit"), 0.20),
    "technologies": (_labels(10, *_TECHNOLOGIES), 0.20),
    "cloud_maturity": (_text("Early", "Growing", "Advanced"), 0.30),
    "it_budget": (_about(4e5, 1.2), 0.30),
    "last_demo_request": (_signal(150), 0.30),
    "last_site_visit": (_signal(120), 0.15),
    "last_email_reply": (_signal(120), 0.25),
    "pages_viewed": (_whole(6, 1.0), 0.15),
    "email_open_rate": (_between(0.0, 1.0), 0.20),
    "compliance": (_labels(3, *_CERTIFICATES), 0.25),
    "urgency": (_text(*_LEVELS), 0.25),
    "support_tickets": (_whole(9, 0.9), 0.20),
    "headcount_growth": (_between(-0.2, 0.5), 0.20),
    "open_positions": (_whole(10, 1.1), 0.15),
    "stage": (_text(*_STAGES), 0.30),
    "last_funding": (_signal(600), 0.30),
}


def raw_accounts(count: int, *, seed: int = 20261121) -> list[dict[str, Any]]:
    """Draw raw accounts: the same ones for the same seed, and the first of them whatever the count.

    A missing attribute is None or has no field at all, by turns of chance.
    """
    rng = random.Random(seed)
    return [_account(rng) for _ in range(count)]


def _account(rng: random.Random) -> dict[str, Any]:
    account: dict[str, Any] = {}
    for attribute, (draw, missing) in ATTRIBUTES.items():
        if rng.random() >= missing:
            account[attribute] = draw(rng)
        elif rng.random() < 0.5:
            account[attribute] = None
    return account
