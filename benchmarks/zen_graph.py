"""The reference workload's weighted mean as a decision graph for zen-engine, a rules engine written in Rust.

It gets prepared values and gives the fit alone. Left out, because the engine has no word for it or would only be slower
for it: folding, reading of dates and lists, values of the wrong kind, status, tier, coverage, bounds and the rounding
rules. Revenue and budget arrive as logarithms, which its language lacks.
"""

import json
import math
import re
from typing import Any

import zen

from benchmarks.straight_line import straight_line
from benchmarks.timing import Run
from benchmarks.workload import AS_OF, raw_accounts, reference_profile
from icpkit import fold, views

_LOGARITHMS = ("annual_revenue", "it_budget")
_SIGNALS = ("last_demo_request", "last_site_visit", "last_email_reply", "last_funding")
_NEVER = ("last_demo_request", "last_site_visit", "last_email_reply")

#: The match of each criterion, by path; `x` stands for its attribute.
_MATCHES = {
    "firmographics/employees": "x < 50 ? max([0, 1 - (50 - x) / 25]) : x > 500 ? max([0, 1 - (x - 500) / 500]) : 1",
    "firmographics/annual_revenue": (
        f"x < {math.log(5e6)} ? max([0, 1 - ({math.log(5e6)} - x) / {math.log(5e6 / 2e6)}]) : "
        f"x > {math.log(50e6)} ? max([0, 1 - (x - {math.log(50e6)}) / {math.log(2)}]) : 1"
    ),
    "firmographics/offices": "x >= 2 and x <= 40 ? 1 : 0",
    "firmographics/industry": (
        "x == 'software' ? 1 : x == 'it services' ? 0.6 : x == 'financial services' ? 0.5 : x == 'biotech' ? 0.4 : 0"
    ),
    "firmographics/country": "x in ['united states', 'canada', 'germany', 'österreich', 'france'] ? 1 : 0",
    "firmographics/ownership": "x == 'private' ? 1 : x == 'venture backed' ? 0.8 : 0.2",
    "technographics/technologies": (
        "(('salesforce' in x ? 3 : 0) + ('slack' in x ? 1 : 0) + ('google workspace' in x ? 1 : 0)"
        " + ('jira' in x ? 2 : 0) + ('snowflake' in x ? 2 : 0)) / 9"
    ),
    "technographics/public cloud": "'aws' in x or 'azure' in x or 'gcp' in x ? 1 : 0",
    "technographics/cloud_maturity": "x in ['growing', 'advanced'] ? 1 : 0",
    "technographics/it_budget": (
        f"x < {math.log(1e5)} ? max([0, 1 - ({math.log(1e5)} - x) / {math.log(5)}]) : x > {math.log(2e6)} ? 0 : 1"
    ),
    "behavioral signals/last_demo_request": "2 ^ (-x / 30)",
    "behavioral signals/last_site_visit": "max([0, 1 - x / 90])",
    "behavioral signals/last_email_reply": "x <= 7 ? 1 : x <= 30 ? 0.6 : x <= 90 ? 0.2 : 0",
    "behavioral signals/pages_viewed": "x < 5 ? max([0, 1 - (5 - x) / 5]) : 1",
    "behavioral signals/email_open_rate": "x < 0.2 ? max([0, 1 - (0.2 - x) / 0.15]) : x > 0.8 ? 0 : 1",
    "business needs/compliance": ("len(x) == 0 ? 1 : len(filter(x, # in ['soc 2', 'iso 27001', 'gdpr'])) / len(x)"),
    "business needs/urgency": "x == 'critical' ? 1 : x == 'important' ? 0.7 : 0.2",
    "business needs/support_tickets": "x > 10 ? max([0, 1 - (x - 10) / 20]) : 1",
    "growth potential/headcount_growth": "x < 0.1 ? max([0, 1 - (0.1 - x) / 0.15]) : 1",
    "growth potential/open_positions": "x < 3 ? max([0, 1 - (3 - x) / 2]) : x > 40 ? max([0, 1 - (x - 40) / 40]) : 1",
    "growth potential/stage": "x == 'seed' ? 0 : 1",
    "growth potential/last_funding": "max([0, 1 - x / 365])",
}


def _mean() -> str:
    """Write the mean of the matches that are known as one expression."""
    terms, weights = [], []
    for path, weight in reference_profile().effective_weights.items():
        name = path.partition("/")[2]
        attribute = "technologies" if name == "public cloud" else name
        match = re.sub(r"\bx\b", attribute, _MATCHES[path])
        terms.append(f"({attribute} == null ? 0 : {weight} * ({match}))")
        # A signal that never came counts as 0; everything else that is unknown leaves the mean.
        weights.append(f"{weight}" if attribute in _NEVER else f"({attribute} == null ? 0 : {weight})")
    return f"100 * ({' + '.join(terms)}) / ({' + '.join(weights)})"


def _graph() -> str:
    """Write the decision graph: one node with the one expression."""
    fit = {"id": "fit", "key": "fit", "value": _mean()}
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": place, "content": {"schema": ""}},
        {"id": "mean", "type": "expressionNode", "name": "mean", "position": place, "content": {"expressions": [fit]}},
        {"id": "out", "type": "outputNode", "name": "out", "position": place, "content": {"schema": ""}},
    ]
    edges = [
        {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}
        for source, target in (("in", "mean"), ("mean", "out"))
    ]
    return json.dumps({"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges})


def _prepared(account: dict[str, Any]) -> dict[str, Any]:
    """Read, fold and date the values of an account; what is unknown is null."""
    now = views.moment(AS_OF)
    values: dict[str, Any] = {}
    for attribute, raw in account.items():
        value = raw
        if raw is not None and attribute in _SIGNALS:
            value = views.latest_age(raw, now)
        elif isinstance(raw, str):
            value = fold(raw)
        elif isinstance(raw, list):
            value = list(dict.fromkeys(map(fold, raw)))
        elif raw is not None and attribute in _LOGARITHMS:
            value = math.log(raw)
        values[attribute] = value
    return values


def zen_runners(accounts: list[dict[str, Any]]) -> tuple[Run, Run]:
    """Give what is timed, the graph and the bare expression: the fits of all accounts, of values prepared beforehand.

    Both are checked against straight-line Python, to six digits: they do not round by our rules.
    """
    decision, expression = zen.ZenEngine().create_decision(_graph()), zen.compile_expression(_mean())
    for account in raw_accounts(200):
        expected, values = straight_line(account, AS_OF)[0], _prepared(account)
        for fit in (decision.evaluate(values)["result"]["fit"], expression.evaluate(values)):
            assert expected is None or math.isclose(fit, expected, abs_tol=1e-6), (fit, expected, account)
    prepared = [_prepared(account) for account in accounts]

    def by_graph(part: slice) -> None:
        for values in prepared[part]:
            decision.evaluate(values)["result"]["fit"]

    def by_expression(part: slice) -> None:
        for values in prepared[part]:
            expression.evaluate(values)

    return by_graph, by_expression
