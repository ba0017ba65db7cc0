"""What is shown: scores of every kind, profiles and comparisons, with names that are long and names that attack."""

from datetime import date
from typing import Any

import attrs

import icpkit as icp

DAY = date(2026, 11, 21)
#: A browser that obeys text of an account, instead of showing it, sets this name in its window.
HIT = "icpkit_was_hit"
SCRIPT = f"<script>window.{HIT}=1</script>"
IMAGE = f'"\'><img src=x onerror="window.{HIT}=1">'
CLOSING = f"</svg></title></style><script>window.{HIT}=1</script>"
RIGHT_TO_LEFT = "شركة النور للبرمجيات"
LONG = "Weltweite Maschinen- und Anlagenbaubeteiligungsgesellschaft " * 4

KNOWN: dict[str, Any] = {
    "id": "Northwind",
    "employees": 640,
    "annual_revenue": 31e6,
    "industry": "Software",
    "region": "Europe",
    "country": "NL",
    "founded": "2014-03-01",
    "technologies": ["Salesforce", "Slack", "Jira"],
    "cloud_maturity": "Growing",
    "last_demo_request": "2026-11-02",
    "engagement": [("webinar", "2026-10-01"), ("pricing page", "2026-11-02")],
    "pains": ["data silos"],
    "urgency": "Important",
    "contract_renewal": "2027-02-15",
    "headcount_growth": 0.06,
    "last_funding": "2026-06-30",
    "is_competitor": False,
    "in_litigation": True,
}
OPEN = KNOWN | dict.fromkeys(("annual_revenue", "founded", "cloud_maturity", "last_funding", "in_litigation"))


def some_of(account: dict[str, Any], *attributes: str) -> dict[str, Any]:
    """Give an account of which only some attributes are known."""
    return {name: value for name, value in account.items() if name in {"id", *attributes}}


def hostile_profile() -> icp.Profile:
    """Give a profile in which every text that a user may choose is hostile, very long, or both; no name comes twice."""
    return icp.Profile(
        f"P{SCRIPT}",
        [
            icp.Dimension(
                CLOSING,
                [
                    icp.OneOf("text", [IMAGE, "ok"], label=SCRIPT),
                    icp.Overlap("labels", [CLOSING, RIGHT_TO_LEFT], label=RIGHT_TO_LEFT),
                    icp.Range("number", 10, 20, soft_low=0, label=LONG),
                    icp.AllOf(icp.Flag("yes", label=IMAGE), icp.Range("size", 1, 5), name="a & b < c > d"),
                ],
            ),
            icp.Dimension(f"A {LONG}", [icp.Flag("seen", label="quotes \" ' ` and {braces} %s ${x}")]),
        ],
        gates=[icp.Gate(icp.Flag("allowed", name=CLOSING))],
        adjustments=[icp.Adjustment(-10, icp.Flag("late", label=f"late {IMAGE}"))],
        tiers=icp.TierScale([icp.Tier(f"A{SCRIPT}", 75, color="#fffff0"), icp.Tier(f"B {LONG}", 0, color="#010101")]),
    )


HOSTILE: dict[str, Any] = {
    "id": f"{RIGHT_TO_LEFT} {CLOSING}",
    "text": IMAGE,
    "labels": [CLOSING, SCRIPT],
    "number": 6,
    "yes": True,
    "size": 3,
    "allowed": True,
    "late": True,
}


def scored(profile: icp.Profile, account: dict[str, Any]) -> icp.Score:
    """Score an account."""
    return icp.score(profile, account, key="id", as_of=DAY)


def scores() -> dict[str, icp.Score]:
    """Give the scores, each by what is special about it."""
    standard, hostile = icp.standard_profile(), hostile_profile()
    return {
        "all known": scored(standard, KNOWN),
        "several unknown": scored(standard, OPEN),
        "several assumed": scored(attrs.evolve(standard, missing=0.4), OPEN),
        "disqualified": scored(standard, KNOWN | {"is_competitor": True}),
        "insufficient data": scored(standard, some_of(KNOWN, "employees", "region", "pains")),
        "disqualified and insufficient": scored(standard, some_of(KNOWN | {"is_competitor": True}, "is_competitor")),
        "hostile": scored(hostile, HOSTILE),
        "hostile and unknown": scored(hostile, some_of(HOSTILE, "text", "number", "allowed")),
        "long": scored(hostile, HOSTILE | {"id": LONG, "text": LONG, "labels": [LONG, RIGHT_TO_LEFT], "late": False}),
    }


def shown() -> dict[str, Any]:
    """Give all that is shown: the scores, profiles, comparisons of two scores and of two profiles."""
    made, standard, hostile = scores(), icp.standard_profile(), hostile_profile()
    return {
        **made,
        "profile": standard,
        "hostile profile": hostile,
        "comparison": icp.compare(made["all known"], made["several unknown"]),
        "hostile comparison": icp.compare(made["hostile"], made["long"]),
        "differences": icp.diff(standard, standard.with_weight("technographics", 30).without("firmographics/region")),
        "hostile differences": icp.diff(standard, hostile),
    }
