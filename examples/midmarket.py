"""The profile of a software vendor who sells to the mid-market: the standard one, made their own verb by verb.

``midmarket.toml`` is the same profile as a file, with reasons, examples and notes.
"""

import icpkit as icp

PAINS = ("manual processes", "data silos", "poor ROI")
URGENCIES = ("Nice-to-have", "Important", "Critical")
EMBARGOED = ("CU", "IR", "KP", "SY")


def midmarket() -> icp.Profile:
    """Give the profile. Each verb returns a new one, so that none of the steps changes another's result."""
    return (
        icp.standard_profile("Mid-market software")
        .with_weight("technographics", 15)
        .with_weight("business needs", 20)
        .with_criterion("firmographics", icp.OneOf("region", {"Europe": 1, "North America": 0.8}, otherwise=0.2))
        .without("business needs/pains")
        .without("business needs/urgency")
        .with_criterion("business needs", urgent_pain())
        .with_gate(icp.Gate(~icp.OneOf("country", EMBARGOED), overridable=False))
    )


def urgent_pain() -> icp.Criterion:
    """A pain that we can cure counts as far as it is urgent: the least of both matches."""
    pain = icp.Overlap("pains", PAINS, mode="any")
    urgency = icp.Ordinal("urgency", URGENCIES, matches={"Nice-to-have": 0.2, "Important": 0.7, "Critical": 1})
    return icp.AllOf(pain, urgency, name="urgent pain", weight=2)
