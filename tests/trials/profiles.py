"""The two profiles of the trials, and how a row of each export becomes an account."""

import re
from typing import Any

import icpkit as icp

SIZES = ("tiny", "small", "medium", "large", "enterprise")
LANGUAGES = ("python", "go", "ruby", "java", "php", "dotnet", "scala", "elixir", "rust")
PLATFORMS = ("devops", "infrastructure", "linux", "aws", "azure", "kubernetes", "docker")
SECTORS = {
    "Information Technology": 0.6,
    "Information Technology > Application Software": 1,
    "Information Technology > Systems Software": 1,
    "Information Technology > Semiconductor": 0.4,
    "Communication Services > Interactive": 0.8,
    "Financials": 0.3,
    "Financials > Financial Exchanges & Data": 0.9,
    "Health Care > Health Care Technology": 0.7,
    "Industrials": 0.25,
}
STATES = {"California": 1, "New York": 0.9, "Washington": 0.9, "Massachusetts": 0.8, "Texas": 0.7, "Virginia": 0.5}
ABROAD = ("Ireland", "United Kingdom", "Switzerland", "Netherlands", "Bermuda", "Canada")


def remote_teams() -> icp.Profile:
    """A vendor of tools for remote engineering teams, for the companies of remoteintech."""
    firmographics = [
        icp.Ordinal(
            "company_size",
            SIZES,
            matches={"tiny": 0.1, "small": 0.6, "medium": 1, "large": 0.8, "enterprise": 0.3},
            weight=2,
        ),
        icp.OneOf(
            "region",
            {"Worldwide": 1, "Americas-Europe": 1, "Europe": 0.9, "Americas": 0.7, "Asia-Pacific": 0.4},
            otherwise=0.2,
        ),
        icp.Age("addedAt", at_least=2, soft_at_least=0.5, name="listed for", missing=0.5),
    ]
    technographics = [
        icp.TechOverlap(
            "technologies",
            {"Backend": 2, "Cloud": 2, "JavaScript": 1, "SQL": 1},
            groups={"Backend": LANGUAGES, "Cloud": PLATFORMS},
            aliases={"typescript": "javascript", "nodejs": "javascript", "react": "javascript", "postgres": "sql"},
            weight=3,
        ),
        icp.AnyOf(
            icp.Overlap("technologies", ["ml", "data", "search"], mode="any", name="data work"),
            icp.Overlap("technologies", ["api", "graphql", "mobile"], mode="at_least", k=2, name="integrations"),
            name="hard problems",
        ),
    ]
    working = [
        icp.OneOf("remote_policy", {"fully-remote": 1, "remote-first": 0.9, "hybrid": 0.3}, otherwise=0.1),
        icp.AllOf(
            icp.OneOf("region", ["worldwide"], name="anywhere"),
            ~icp.OneOf("remote_policy", ["hybrid"], name="no office"),
            icp.Ordinal("company_size", SIZES, at_least="small", at_most="large", name="mid-sized"),
            name="hires anywhere",
        ),
    ]
    return icp.Profile(
        "Tools for remote teams",
        [
            icp.Dimension("Firmographics", firmographics, weight=30),
            icp.Dimension("Technographics", technographics, weight=35),
            icp.Dimension("Signals", [icp.Recency("updatedAt", half_life=730)], weight=20),
            icp.Dimension("Way of working", working, weight=15),
        ],
        gates=[icp.Gate(icp.Ordinal("company_size", SIZES, at_least="small"))],
        adjustments=[icp.Adjustment(6, icp.Overlap("technologies", ["elixir", "rust"], mode="any", name="kindred"))],
        min_coverage=0.6,
    )


def remote_company(row: dict[str, str]) -> dict[str, Any]:
    """Split the technologies; all else stays as exported, blank text among it."""
    listed = row["technologies"]
    return row | {"technologies": listed.split(";") if listed else listed}


def large_caps() -> icp.Profile:
    """A vendor of software for listed companies, for the constituents of the S&P 500."""
    business = [
        icp.OneOf("industry", SECTORS, prefix=True, otherwise=0.1, weight=3),
        icp.Age("founded", at_least=20, at_most=100, soft_at_least=5, soft_at_most=175),
        icp.Bands("founded", [(1900, 0.4), (1970, 1), (2010, 0.7)], otherwise=0.2, name="era", missing=1),
    ]
    place = [
        icp.OneOf("state", STATES, otherwise=0.2, aliases={"CA": "California", "Virginia[2]": "Virginia"}),
        icp.OneOf("places", ["New York City", "San Francisco", "Boston", "Seattle"], name="metropolis"),
    ]
    listing = [
        icp.Recency("Date added", steps=[(365, 1), (1826, 0.6), (3652, 0.3)], absent="unknown"),
        icp.Recency("Date added", linear=9000, name="newcomer", weight=0.5),
        icp.AnyOf(
            icp.Age("Date added", at_least=30, name="veteran"),
            ~icp.Age("founded", at_least=40, soft_at_least=10, name="old"),
            name="veteran or young",
        ),
    ]
    return icp.Profile(
        "Software for large caps",
        [
            icp.Dimension("Business", business, weight=50),
            icp.Dimension("Place", place, weight=20),
            icp.Dimension("Listing", listing, weight=25),
        ],
        gates=[
            icp.Gate(~icp.OneOf("GICS Sector", ["Utilities", "Energy"]), overridable=False),
            icp.Gate(icp.Age("founded", at_least=4, soft_at_least=1), 0.5, when_unknown="disqualify"),
        ],
        adjustments=[icp.Adjustment(-8, icp.OneOf("state", ABROAD, name="abroad"))],
        tiers=icp.TierScale.from_cuts({"Target": 65, "Watch": 45, "Pass": 0}),
        missing="skip",
        min_coverage=0.7,
    )


def large_cap(row: dict[str, str]) -> dict[str, Any]:
    """Make a path of the sector and sub-industry, a state and places of the headquarters, and a founding year."""
    headquarters = row["Headquarters Location"]
    places = headquarters.split(", ") if headquarters != "none" else []
    return row | {
        "industry": f"{row['GICS Sector']} > {row['GICS Sub-Industry']}",
        "state": places[-1] if places else None,
        "places": places or None,
        "founded": founding_year(row["Founded"]),
    }


def founding_year(text: str) -> int | None:
    """Give the year in front, as in "2013 (1888)"; None where several compete for it, as in "1881/1894 (1980)"."""
    year = re.match(r"(\d{4})(?![\d/])", text)
    return int(year[1]) if year else None
