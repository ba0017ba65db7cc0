"""Write the golden files of profiles and their ids anew: ``python -m tests.golden.make_files``.

What was once written is never written again: every later release must load each file as the same profile with the same
ids. So this is run by hand when there is a new file, and it leaves all others and their ids as they are.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import icpkit as icp

HERE = Path(__file__).parent
FILES = HERE / "files"

#: The smallest that a profile can be.
SMALL = icp.Profile("Small", [icp.Dimension("Size", [icp.Flag("b2b")])])

#: As its file was written, by hand.
MIDMARKET = icp.Profile(
    "Mid-market SaaS",
    [icp.Dimension("Firmographics", [icp.Range("employees", 50, 500)], weight=30)],
    examples=[
        icp.Example(
            {"employees": 320, "industry": "Software", "technologies": ["Slack", "Jira"]},
            as_of=date(2026, 11, 1),
            tier=["Perfect", "Strong"],
        )
    ],
)

#: Every kind, and every field with a value that is not its default.
EVERYTHING = icp.Profile(
    "Everything",
    [
        icp.Dimension(
            "Numbers",
            [
                icp.Range("employees", 50, 500, soft_low=25, soft_high=1000),
                icp.Range(
                    *("annual_revenue", 5e6, 50e6),
                    soft_low=2e6,
                    soft_high=100e6,
                    scale="log",
                    name="revenue",
                    weight=1 / 3,
                    missing=0.25,
                    label="Annual revenue, USD",
                ),
                icp.Range("growth.rate", 0.1, None, missing="skip", weight=0),
                icp.Range("churn", None, 1e-7, name="churn"),
                icp.Age("founded", at_least=3, at_most=20.5, soft_at_least=1, soft_at_most=40, weight=7),
                icp.Bands("seats", [(10, 0.2), (50.5, 1), (5e21, 0)], otherwise=0.1),
            ],
            weight=30,
        ),
        icp.Dimension(
            "Categories",
            [
                icp.OneOf("naics", {"5112": 1, "51": 0.6}, prefix=True, otherwise=0.05),
                icp.OneOf("industry", ["Software", "Retail"], aliases={"SaaS": "Software"}, case_sensitive=True),
                icp.OneOf("tier_code", {1: 1, 2: 0.5, 2.5: 0.25}),
                icp.OneOf("region_code", [1, 2, 3]),
                icp.Ordinal("stage", ["Seed", "Series A", "Series B", "IPO"], at_least="Series A", at_most="Series B"),
                icp.Ordinal("urgency", ["Low", "Medium", "High"], matches={"Low": 0.1, "Medium": 0.55, "High": 1}),
                icp.Ordinal("maturity", [1, 2, 3], matches={1: 0, 2: 0.5, 3: 1}),
                icp.Flag("uses_competitor", expected=False),
            ],
            weight=0.5,
        ),
        icp.Dimension(
            "Labels",
            [
                icp.Overlap(
                    "technologies",
                    {"CRM": 2, "Slack": 0.7},
                    groups={"CRM": ["Salesforce", "HubSpot"]},
                    aliases={"SFDC": "Salesforce"},
                    case_sensitive=True,
                ),
                icp.TechOverlap("technologies", ["Slack", "Jira", "Zoom"], mode="at_least", k=2, name="two"),
                icp.Overlap("compliance", ["GDPR", "SOC 2"], mode="satisfies"),
            ],
        ),
        icp.Dimension(
            "Signals",
            [
                icp.Recency("last_demo_request", half_life=45),
                icp.Recency("last_visit", linear=90, absent="unknown"),
                icp.Recency("last_visit", window=14, name="visited_lately"),
                icp.Recency("last_funding", steps=[(30, 1), (180, 0.5)]),
                icp.Engagement("events", {"webinar": 1, "demo": 3}, half_life=20, target=4, absent="unknown"),
                icp.Engagement("calls", ["call", "visit"]),
                icp.Upcoming("renewal", within=120),
            ],
            weight=17.000001,
        ),
        icp.Dimension(
            "Combined",
            [
                icp.AllOf(icp.Flag("has_sales_team"), icp.Range("employees", 20, None), name="sells", weight=2),
                icp.AnyOf(
                    icp.Flag("uses_jira"),
                    ~icp.AllOf(icp.OneOf("region", ["APAC"]), ~icp.Flag("remote"), label="an island"),
                    name="either",
                    missing=0.5,
                ),
                icp.Not(icp.OneOf("country", ["KP"]), label="Where we may sell"),
            ],
        ),
    ],
    gates=[
        icp.Gate(icp.Range("employees", 5, None, soft_low=1), at_least=0.5, overridable=False),
        icp.Gate(icp.Flag("consent", label="Consent"), when_unknown="disqualify"),
    ],
    adjustments=[icp.Adjustment(-12.5, icp.Flag("in_litigation")), icp.Adjustment(8, icp.Recency("visit", window=7))],
    tiers=icp.TierScale(
        [icp.Tier("A", 62.5, color="#1a7f37", action="call first"), icp.Tier("B", 20.000001), icp.Tier("C", 0)],
        cohort=icp.Cohort(412, date(2026, 9, 30)),
    ),
    missing=0.125,
    min_coverage=0.333333333,
    about="person",
    priority="high",
    rank="primary",
    stage="active",
    examples=[
        icp.Example(
            {
                "employees": 320,
                "hq": {"country": "DE", "geo": {"lat": 52.5, "lon": -1e-7}},
                "founded": date(2013, 5, 17),
                "events": [{"kind": "demo", "at": "2026-10-01", "strength": 0.5}, ["webinar", "2026-09-01"]],
                "technologies": [],
                "consent": True,
            },
            as_of=datetime(2026, 11, 1, 10, 30, 0, 1, tzinfo=UTC),
            tier=["A", "B", "insufficient data"],
            name="a giant",
        ),
        icp.Example({}, as_of="2026-11-01", tier="insufficient data"),
    ],
    meta={
        "tags": ["EU", "Q4"],
        "pains": {"manual processes": "high", "since": date(2026, 1, 31)},
        "seats": 2**53,
        "share": 0.1,
        "open": False,
    },
)

#: Text that is easily broken: beyond the basic plane, control characters, combining marks, quotes, odd keys.
UNICODE = icp.Profile(
    "Größe 🎯 \u202eright to left\u202c \"quoted\" 'and' \\ back",
    [
        icp.Dimension(
            "日本 / Ελλάς",
            [
                icp.OneOf("straße.größe", {"Straße": 1, "ﬁntech": 0.5, "İstanbul": 0.25, "cafe\u0301 👩‍💻": 0}),
                icp.Flag("a\tb\nc\x7f\x00\x1b", name="control", label="\u2028\ufeff line"),
                icp.Overlap("needs", ["o'brien", "50%_off", "data, silos", '"""', "'''", "#no = [comment]"]),
            ],
        ),
    ],
    tiers=icp.TierScale.from_cuts({"Größte 🥇": 70, "d'Or": 0}),
    examples=[icp.Example({"": {"odd key": "\r\n", "a.b": ["𝔘", "\U0010ffff"]}}, as_of="2026-02-28", tier="d'Or")],
    meta={"": "empty key", "ключ": ["é", "e\u0301"], "a b": {"c.d": "…"}},
)

#: The golden profiles by the names of their files.
PROFILES = {"small": SMALL, "midmarket": MIDMARKET, "everything": EVERYTHING, "unicode": UNICODE}


def main() -> None:
    """Write the files and the ids that are not there yet."""
    for name, profile in PROFILES.items():
        for form in ("toml", "json"):
            path = FILES / f"{name}.{form}"
            if not path.exists():
                path.write_text(icp.dumps(profile, form), encoding="utf-8", newline="\n")
    ids = {
        name: {"content_id": profile.content_id, "scoring_id": profile.scoring_id} for name, profile in PROFILES.items()
    }
    path = HERE / "ids.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(ids | known, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
