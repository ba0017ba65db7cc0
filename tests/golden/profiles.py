"""The golden profiles: between them they use every criterion, policy and shape."""

import icpkit as icp

SHORT = icp.Profile(
    "Short",
    [
        icp.Dimension(
            "Firmographics",
            [
                icp.Range("employees", 50, 500, soft_low=25, soft_high=1000),
                icp.OneOf("industry", {"Software": 1, "IT Services": 0.6}, weight=2),
            ],
            weight=30,
        ),
        icp.Dimension(
            "Technographics",
            [icp.TechOverlap("technologies", {"Slack": 1, "Google Workspace": 1, "Jira": 2})],
            weight=20,
        ),
        icp.Dimension("Behavioral signals", [icp.Recency("last_demo_request", half_life=30)], weight=25),
    ],
    gates=[icp.Gate(~icp.OneOf("country", ["KP", "SY"]), overridable=False)],
)

EVERYTHING = icp.Profile(
    "Everything",
    [
        icp.Dimension(
            "Numbers",
            [
                icp.Range("annual_revenue", 5e6, 50e6, scale="log", soft_low=2e6, soft_high=100e6, weight=0.3),
                icp.Range("headcount_growth", 0.1, None, soft_low=0, missing=0.4),
                icp.Bands("employees", [(10, 0.2), (50, 1), (500, 0.35), (5000, 0)], otherwise=0.1),
                icp.Age("founded", at_least=3, at_most=20, soft_at_least=1, soft_at_most=40),
                icp.Age("contract_start", at_most=2, soft_at_most=5, weight=0.7),
            ],
            weight=3,
        ),
        icp.Dimension(
            "Categories",
            [
                icp.OneOf("naics", {"5112": 1, "51": 0.6, "54151": 0.9}, prefix=True, otherwise=0.05),
                icp.OneOf(
                    "industry", {"Software": 1, "Straße": 0.5}, aliases={"SaaS": "software"}, name="industry_alias"
                ),
                icp.OneOf("country", ["DE", "FR"], case_sensitive=True, weight=0.01),
                icp.Ordinal("urgency", ["Low", "Medium", "High"], matches={"Low": 0.1, "Medium": 0.55, "High": 1}),
                icp.Ordinal("maturity", [1, 2, 3, 4, 5], at_least=2, at_most=4),
                icp.Flag("uses_competitor", expected=False, missing=0.5),
                icp.OneOf("region", ["Europe"], weight=0, name="inert"),
            ],
            weight=2.5,
        ),
        icp.Dimension(
            "Labels",
            [
                icp.Overlap("technologies", {"CRM": 2, "Slack": 0.7}, groups={"CRM": ["Salesforce", "HubSpot"]}),
                icp.Overlap("technologies", ["Slack", "Jira"], mode="any", name="tech_any"),
                icp.Overlap("technologies", ["Slack", "Jira"], mode="all", name="tech_all"),
                icp.Overlap("technologies", ["Slack", "Jira", "Zoom"], mode="at_least", k=2, name="tech_two"),
                icp.Overlap("compliance", ["GDPR", "SOC 2"], mode="satisfies", missing=1),
            ],
            weight=1,
        ),
        icp.Dimension(
            "Signals",
            [
                icp.Recency("last_demo_request", half_life=45),
                icp.Recency("last_visit", linear=90, absent="unknown"),
                icp.Recency("last_visit", window=14, name="visited_lately"),
                icp.Recency("last_funding", steps=[(30, 1), (180, 0.5), (720, 0.1)]),
                icp.Engagement("events", {"webinar": 1, "demo": 3}, half_life=20, target=4),
                icp.Upcoming("renewal", within=120),
            ],
            weight=2,
        ),
        icp.Dimension(
            "Combined",
            [
                icp.AllOf(icp.Flag("has_sales_team"), icp.Range("employees", 20, None), name="sells", weight=2),
                icp.AnyOf(icp.Flag("uses_jira"), ~icp.OneOf("region", ["APAC"]), name="either", missing=0.25),
            ],
            weight=1.5,
        ),
    ],
    gates=[
        icp.Gate(icp.Range("employees", 5, None, soft_low=1), at_least=0.5),
        icp.Gate(~icp.OneOf("country", ["KP"])),
        icp.Gate(icp.Flag("consent"), when_unknown="disqualify"),
    ],
    adjustments=[
        icp.Adjustment(-12.5, icp.Flag("in_litigation")),
        icp.Adjustment(8, icp.Recency("last_visit", window=7)),
    ],
    tiers=icp.TierScale.from_cuts({"A": 62.5, "B": 41.25, "C": 20.000001, "D": 0}),
    min_coverage=0.7,
)

PROFILES = {"short": SHORT, "everything": EVERYTHING, "standard": icp.standard_profile()}
