"""A profile, what a review makes of it, and invented accounts: what the tests of replays share."""

from typing import Any

import attrs

import icpkit as icp

DAY = "2026-11-21"
COLUMNS = ("id", "employees", "industry", "seen", "country")
ROWS: tuple[tuple[Any, ...], ...] = (
    ("acme", 320, "Software", "2026-11-01", "DE"),
    ("globex", 640, "IT Services", "2026-11-15", "US"),
    ("hooli", 900, "Software", "2026-09-01", "US"),
    ("initech", 60, "Retail", "2026-11-20", "FR"),
    ("stark", 40, "Software", None, "US"),
    ("umbra", 300, "Software", "2026-11-10", "KP"),
    ("wonka", None, None, "2026-11-10", "US"),
)


def accounts() -> list[dict[str, Any]]:
    """Give the accounts as records."""
    return [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]


def a_profile(**options: Any) -> icp.Profile:
    """Give the profile as it is."""
    made: dict[str, Any] = {"min_coverage": 0.5} | options
    return icp.Profile(
        "SaaS",
        [
            icp.Dimension(
                "Firmographics",
                [
                    icp.Range("employees", 50, 500, soft_low=25, soft_high=1000),
                    icp.OneOf("industry", {"Software": 1, "IT Services": 0.6}, weight=2),
                ],
                weight=30,
            ),
            icp.Dimension("Behavior", [icp.Recency("seen", half_life=30)], weight=30),
        ],
        **made,
    )


def revised() -> icp.Profile:
    """Give the profile after a review: a weight, a range, a gate, a cut, and notes."""
    tiers = {"Perfect": 90, "Strong": 60, "Moderate": 40, "Weak": 0}
    profile = a_profile().with_weight("firmographics", 20)
    profile = profile.with_criterion("Firmographics", icp.Range("employees", 50, 800, soft_low=25, soft_high=1000))
    profile = profile.with_gate(icp.Gate(~icp.OneOf("country", ["KP"])))
    return attrs.evolve(profile, tiers=icp.TierScale.from_cuts(tiers), meta={"notes": "Q2"}, stage="active")


def replayed(before: icp.Profile | None = None, after: icp.Profile | None = None, **options: Any) -> icp.Replay:
    """Replay the review, or another change, on the accounts."""
    asked: dict[str, Any] = {"key": "id", "as_of": DAY} | options
    return icp.replay(before or a_profile(), after or revised(), accounts(), **asked)
