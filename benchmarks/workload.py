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

import attrs

import icpkit as icp

#: The moment at which every benchmark scores.
AS_OF = date(2026, 11, 21)
#: The same as a moment.
MIDNIGHT = datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC)


def reference_profile(*, extras: bool = False, turn: int = 0) -> icp.Profile:
    """Give the profile of 22 criteria.

    Args:
        extras: adds one gate and one adjustment, which the reference leaves out.
        turn: another number gives other criteria throughout, with edges and matches that differ in the seventh digit
            and labels that no account has: nothing that was computed for one profile serves another.
    """

    def near(number: float) -> float:
        return number * (1 - turn * 1e-7) if turn else number

    nobody = [f"nobody's {turn}"] if turn else []
    return icp.Profile(
        "Reference workload",
        [
            icp.Dimension(
                "Firmographics",
                [
                    icp.Range("employees", near(50), 500, soft_low=25, soft_high=1000),
                    icp.Range("annual_revenue", near(5e6), 50e6, scale="log", soft_low=2e6, soft_high=100e6),
                    icp.Range("offices", near(2), 40),
                    icp.OneOf(
                        "industry",
                        {"Software": 1, "IT Services": near(0.6), "Financial Services": 0.5, "Biotech": 0.4},
                        weight=2,
                    ),
                    icp.OneOf("country", ["United States", "Canada", "Germany", "Österreich", "France", *nobody]),
                    icp.OneOf("ownership", {"Private": 1, "Venture backed": near(0.8)}, otherwise=0.2, weight=0.5),
                ],
                weight=30,
            ),
            icp.Dimension(
                "Technographics",
                [
                    icp.TechOverlap(
                        "technologies",
                        {"Salesforce": near(3), "Slack": 1, "Google Workspace": 1, "Jira": 2, "Snowflake": 2},
                        weight=2,
                    ),
                    icp.Overlap("technologies", ["AWS", "Azure", "GCP", *nobody], mode="any", name="public cloud"),
                    icp.Ordinal("cloud_maturity", ["Early", "Growing", "Advanced", *nobody], at_least="Growing"),
                    icp.Range("it_budget", near(1e5), 2e6, scale="log", soft_low=2e4),
                ],
                weight=20,
            ),
            icp.Dimension(
                "Behavioral signals",
                [
                    icp.Recency("last_demo_request", half_life=near(30), weight=3),
                    icp.Recency("last_site_visit", linear=near(90)),
                    icp.Recency("last_email_reply", steps=[(near(7), 1), (30, 0.6), (90, 0.2)]),
                    icp.Range("pages_viewed", near(5), None, soft_low=0),
                    icp.Range("email_open_rate", near(0.2), 0.8, soft_low=0.05),
                ],
                weight=25,
            ),
            icp.Dimension(
                "Business needs",
                [
                    icp.Overlap("compliance", ["SOC 2", "ISO 27001", "GDPR", *nobody], mode="satisfies"),
                    icp.Ordinal(
                        "urgency",
                        ["Nice-to-have", "Important", "Critical"],
                        matches={"Nice-to-have": 0.2, "Important": near(0.7), "Critical": 1},
                        weight=2,
                    ),
                    icp.Range("support_tickets", None, near(10), soft_high=30),
                ],
                weight=15,
            ),
            icp.Dimension(
                "Growth potential",
                [
                    icp.Range("headcount_growth", near(0.1), None, soft_low=-0.05),
                    icp.Range("open_positions", near(3), 40, soft_low=1, soft_high=80),
                    icp.Ordinal(
                        "stage", ["Seed", "Series A", "Series B", "Series C", "IPO", *nobody], at_least="Series A"
                    ),
                    icp.Recency("last_funding", linear=near(365), absent="unknown"),
                ],
                weight=10,
            ),
        ],
        gates=[icp.Gate(~icp.OneOf("country", ["North Korea", "Syria"]))] if extras else [],
        adjustments=[icp.Adjustment(-15, icp.Flag("in_litigation"))] if extras else [],
    )


# --- raw values -------------------------------------------------------------------------------------------------------


#: How people write a text, and how often: as it is, in another case, with blanks around it.
SPELLINGS: tuple[tuple[Callable[[str], str], float], ...] = (
    (str, 0.4),
    (str.lower, 0.2),
    (str.upper, 0.1),
    (lambda text: f" {text}", 0.15),
    (lambda text: f"{text.title()}  ", 0.15),
)


def _spelled(text: str, rng: random.Random) -> str:
    """Write a text as people do."""
    style, below = rng.random(), 0.0
    for spell, share in SPELLINGS:
        below += share
        if style < below:
            return spell(text)
    return text  # what is left of 1 by rounding


@attrs.frozen
class Text:
    """One of some texts."""

    choices: tuple[str, ...]

    def __call__(self, rng: random.Random) -> str:
        """Draw a text."""
        return _spelled(rng.choice(self.choices), rng)


@attrs.frozen
class Labels:
    """A list of different labels: about so many, at times none."""

    average: int
    choices: tuple[str, ...]

    @property
    def most(self) -> int:
        """The greatest number of labels."""
        return min(2 * self.average, len(self.choices))

    def __call__(self, rng: random.Random) -> list[str]:
        """Draw a list."""
        return [_spelled(label, rng) for label in rng.sample(self.choices, rng.randint(0, self.most))]


@attrs.frozen
class About:
    """A number that varies by factors, as sizes and amounts do.

    Attributes:
        median: half of the numbers lie below.
        spread: the standard deviation of its logarithm.
        whole: whether it counts something.
    """

    median: float
    spread: float
    whole: bool = False

    def __call__(self, rng: random.Random) -> float | int:
        """Draw a number."""
        number = math.exp(rng.gauss(math.log(self.median), self.spread))
        return int(number) if self.whole else number


@attrs.frozen
class Between:
    """A number between two others, each as likely."""

    low: float
    high: float

    def __call__(self, rng: random.Random) -> float:
        """Draw a number."""
        return rng.uniform(self.low, self.high)


@attrs.frozen
class Signal:
    """A moment up to so many days back, a few days ahead in rare cases: what the future holds must not count."""

    days: float

    @property
    def seconds(self) -> tuple[int, int]:
        """How long ago it is at least and at most."""
        return round(-0.02 * self.days * 86_400), round(self.days * 86_400)

    def __call__(self, rng: random.Random) -> datetime | date | str:
        """Draw a moment, in one of three forms."""
        when = MIDNIGHT - timedelta(seconds=rng.randint(*self.seconds))
        style = rng.random()
        if style < 0.5:
            return when
        return when.date() if style < 0.75 else when.date().isoformat()


#: How the values of an attribute are drawn, one at a time or many.
Draw: TypeAlias = Text | Labels | About | Between | Signal


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
    "employees": (About(200, 1.2, whole=True), 0.10),
    "annual_revenue": (About(2e7, 1.3), 0.20),
    "offices": (About(4, 0.9, whole=True), 0.25),
    "industry": (Text(_INDUSTRIES), 0.10),
    "country": (Text(_COUNTRIES), 0.10),
    "ownership": (Text(("Private", "Venture backed", "Public", "Non-profit")), 0.20),
    "technologies": (Labels(10, _TECHNOLOGIES), 0.20),
    "cloud_maturity": (Text(("Early", "Growing", "Advanced")), 0.30),
    "it_budget": (About(4e5, 1.2), 0.30),
    "last_demo_request": (Signal(150), 0.30),
    "last_site_visit": (Signal(120), 0.15),
    "last_email_reply": (Signal(120), 0.25),
    "pages_viewed": (About(6, 1.0, whole=True), 0.15),
    "email_open_rate": (Between(0.0, 1.0), 0.20),
    "compliance": (Labels(3, _CERTIFICATES), 0.25),
    "urgency": (Text(_LEVELS), 0.25),
    "support_tickets": (About(9, 0.9, whole=True), 0.20),
    "headcount_growth": (Between(-0.2, 0.5), 0.20),
    "open_positions": (About(10, 1.1, whole=True), 0.15),
    "stage": (Text(_STAGES), 0.30),
    "last_funding": (Signal(600), 0.30),
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
