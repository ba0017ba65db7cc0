"""A profile to start from."""

from icpkit.criteria import (
    Age,
    Engagement,
    Flag,
    OneOf,
    Ordinal,
    Overlap,
    Range,
    Recency,
    TechOverlap,
    Upcoming,
)
from icpkit.profile import Adjustment, Dimension, Gate, Profile


def standard_profile(name: str = "Standard") -> Profile:
    """Give a profile to start from: five dimensions at 30, 20, 25, 15 and 10, for a mid-market software vendor.

    Every criterion is one to replace with your own; the attributes are those that CRM and enrichment exports hold.

    >>> [dimension.weight for dimension in standard_profile().dimensions]
    [30, 20, 25, 15, 10]
    """
    return Profile(
        name,
        [
            Dimension(
                "Firmographics",
                [
                    Range("employees", 50, 500, soft_low=25, soft_high=1000),
                    Range("annual_revenue", 5e6, 50e6, scale="log", soft_low=2e6, soft_high=100e6),
                    OneOf("industry", {"Software": 1, "IT Services": 0.6, "Financial Services": 0.5}, weight=2),
                    OneOf("region", {"North America": 1, "Europe": 1, "APAC": 0.5}),
                    Age("founded", at_least=3, soft_at_least=1),
                ],
                weight=30,
            ),
            Dimension(
                "Technographics",
                [
                    TechOverlap(
                        "technologies",
                        {"CRM": 2, "Slack": 1, "Google Workspace": 1, "Jira": 1},
                        groups={"CRM": ["Salesforce", "HubSpot", "Microsoft Dynamics"]},
                    ),
                    Ordinal("cloud_maturity", ["Early", "Growing", "Advanced"], at_least="Growing"),
                ],
                weight=20,
            ),
            Dimension(
                "Behavioral signals",
                [
                    Recency("last_demo_request", half_life=30),
                    Engagement("engagement", {"webinar": 1, "download": 1, "pricing page": 2, "demo": 3}, target=5),
                ],
                weight=25,
            ),
            Dimension(
                "Business needs",
                [
                    Overlap("pains", ["manual processes", "data silos", "poor ROI"], mode="any"),
                    Ordinal(
                        "urgency",
                        ["Nice-to-have", "Important", "Critical"],
                        matches={"Nice-to-have": 0.2, "Important": 0.7, "Critical": 1},
                    ),
                    Upcoming("contract_renewal", within=180),
                ],
                weight=15,
            ),
            Dimension(
                "Growth potential",
                [
                    Range("headcount_growth", 0.1, None, soft_low=0),
                    Recency("last_funding", linear=365, absent="unknown"),
                ],
                weight=10,
            ),
        ],
        gates=[Gate(Flag("is_competitor", expected=False))],
        adjustments=[Adjustment(-15, Flag("in_litigation"))],
    )
