import icpkit as icp
from icpkit.standard import standard_profile


def test_the_standard_profile_is_five_dimensions() -> None:
    """The dimensions are those of the field, and weigh 30, 20, 25, 15 and 10 of 100."""
    profile = standard_profile()
    assert {dimension.name: dimension.weight for dimension in profile.dimensions} == {
        "Firmographics": 30,
        "Technographics": 20,
        "Behavioral signals": 25,
        "Business needs": 15,
        "Growth potential": 10,
    }
    assert (profile.name, profile.tiers, profile.stage) == ("Standard", icp.TierScale.standard(), "draft")
    assert [gate.name for gate in profile.gates] == ["is_competitor"]
    assert [adjustment.name for adjustment in profile.adjustments] == ["in_litigation"]


def test_the_standard_profile_takes_a_name() -> None:
    """Its name is the caller's, and nothing else hangs on it."""
    ours = standard_profile("Ours")
    assert ours.name == "Ours"
    assert ours.scoring_id == standard_profile().scoring_id
    assert ours == standard_profile("Ours")


def test_the_standard_profile_tells_the_best_from_the_worst() -> None:
    """An account that has all that it asks for is perfect, and one that has nothing of it weak; a rival is out."""
    best = {
        "employees": 320,
        "annual_revenue": 18e6,
        "industry": "Software",
        "region": "Europe",
        "founded": 2013,
        "technologies": ["HubSpot", "Slack", "Google Workspace", "Jira"],
        "cloud_maturity": "Advanced",
        "last_demo_request": "2026-11-21",
        "engagement": [("demo", "2026-11-21", 2)],
        "pains": ["data silos"],
        "urgency": "Critical",
        "contract_renewal": "2026-11-21",
        "headcount_growth": 0.3,
        "last_funding": "2026-11-21",
        "is_competitor": False,
        "in_litigation": False,
    }
    worst = {
        **dict.fromkeys(("employees", "annual_revenue", "headcount_growth"), 0),
        "industry": "Mining",
        "region": "Antarctica",
        "founded": 2026,
        "technologies": [],
        "cloud_maturity": "Early",
        "pains": [],
        "urgency": "Nice-to-have",
        "contract_renewal": "2030-01-01",
        "is_competitor": False,
        "in_litigation": True,
    }
    profile = standard_profile()
    scores = [
        icp.score(profile, account, as_of="2026-11-21") for account in (best, worst, {**best, "is_competitor": True})
    ]
    assert [(one.fit, one.tier, one.status) for one in scores][:2] == [
        (100, "Perfect", "scored"),
        (0, "Weak", "scored"),
    ]
    assert (scores[2].tier, scores[2].status) == (None, "disqualified")
