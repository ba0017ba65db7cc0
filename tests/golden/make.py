"""Write the golden accounts and scores anew: ``python -m tests.golden.make``.

Only a new number of ``icpkit.SEMANTICS``, and so a major release, may move a golden score.
"""

import json
import random
from pathlib import Path
from typing import Any

import icpkit as icp
from tests.golden.profiles import PROFILES

HERE = Path(__file__).parent
AS_OF = ("2026-11-21", "2026-11-21T15:30:00+01:00")

_DAYS = [
    "2026-11-21",
    "2026-11-20T23:59:59.999999",
    "2026-11-07",
    "2026-10-22T08:00:00+02:00",
    "2026-02-28",
    "2024-02-29",
]
_VALUES: dict[str, list[Any]] = {
    "employees": [1, 3, 10, 25, 49, 50, 320, 500, 640, 999.5, 1000, 25_000],
    "annual_revenue": [0, -1, 2e6, 3e6, 5e6, 18e6, 50e6, 77e6, 100e6, 1e9],
    "headcount_growth": [-0.2, 0, 0.05, 0.1, 0.6],
    "founded": [1888, 1999, 2013, 2022, 2025.0, 2026, 2027, "2021-05-17"],
    "contract_start": ["2026-01-01", "2023-06-30", "2030-01-01"],
    "industry": ["Software", " software ", "SAAS", "IT Services", "strasse", "Retail", ["Retail", "software"]],
    "naics": ["511210", "519130", "541512", "23", "51"],
    "country": ["DE", "de", "US", "KP", "FR"],
    "region": ["Europe", "APAC", "North America"],
    "urgency": ["low", "Medium", "HIGH", "Critical", "Important"],
    "maturity": [1, 2, 3.0, 4, 5],
    "cloud_maturity": ["Early", "Growing", "Advanced"],
    "uses_competitor": [True, False, 0, 1.0],
    "technologies": [[], ["Slack"], ["slack", "HubSpot", None], ["Jira", "Zoom"], ["Salesforce", "SLACK", "jira"]],
    "compliance": [[], ["GDPR"], ["GDPR", "HIPAA"], ["SOC 2", "soc 2 "]],
    "last_demo_request": [*_DAYS, [], [_DAYS[2], "2027-01-01"], "2027-01-01"],
    "last_visit": [*_DAYS, ["2026-11-15", None]],
    "last_funding": [*_DAYS, "2026-10-22"],
    "events": [
        [],
        [["webinar", "2026-11-01"]],
        [{"kind": "Demo", "at": "2026-11-20", "strength": 0.7}, ["demo", "2026-08-01"]],
    ],
    "engagement": [[], [["pricing page", "2026-11-18"], ["demo", "2026-11-19", 2]], [["webinar", "2028-01-01"]]],
    "renewal": ["2026-11-21", "2027-01-20", "2026-11-01", "2027-06-01"],
    "contract_renewal": ["2026-12-24", "2027-05-20"],
    "pains": [[], ["data silos"], ["poor ROI", "other"]],
    "has_sales_team": [True, False],
    "uses_jira": [True, False],
    "consent": [True, True, True, False],
    "is_competitor": [False, False, True],
    "in_litigation": [True, False],
}


def accounts(count: int, seed: int) -> list[dict[str, Any]]:
    """Draw accounts as JSON can hold them, about a quarter of each unknown."""
    draw = random.Random(seed)
    made = []
    for number in range(count):
        account: dict[str, Any] = {"id": f"a{number:03}"}
        for attribute, values in _VALUES.items():
            chance = draw.random()
            if chance > 0.2:
                account[attribute] = draw.choice(values)
            elif chance > 0.1:
                account[attribute] = draw.choice([None, "", "  "])
        made.append(account)
    return made


def scores(profile: icp.Profile, rows: list[dict[str, Any]]) -> list[list[Any]]:
    """Score each account at each moment: the fields of the one result schema, and the points in millionths."""
    scorer = icp.Scorer(profile)
    lines = []
    for as_of in AS_OF:
        for row in rows:
            one = scorer.score(row, as_of=as_of, key="id", on_invalid="unknown")
            lines.append(
                [*(getattr(one, name) for name in icp.SCHEMA), [points for _, points in one.explanation.points]]
            )
    return lines


def main() -> None:
    """Write both files."""
    rows = accounts(60, seed=20261121)
    dump = {name: scores(profile, rows) for name, profile in PROFILES.items()}
    (HERE / "accounts.json").write_text("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n", encoding="utf-8")
    parts = [f'"{name}": [\n' + ",\n".join(map(json.dumps, lines)) + "\n]" for name, lines in dump.items()]
    head = f'"semantics": {icp.SEMANTICS}'
    (HERE / "scores.json").write_text("{\n" + ",\n".join([head, *parts]) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
