import json
from typing import Any

import pytest

import icpkit as icp
from tests.sql.cases import ENGINES, check, fetch, reference, scored, single, table

#: Numbers about the edges of the curves below.
NUMBERS = [None, -5, 0, 0.5, 1, 1.5, 2, 2.5, 3, 9.99, 10, 10.01, 15, 19.999, 20, 21, 40, 55.5, 80, 2**53]


def _of_numbers(criterion: icp.Criterion) -> list[tuple[Any, ...]]:
    accounts = [{"x": None if one is None else float(one)} for one in NUMBERS]
    return check(single(criterion), {"x": "DOUBLE"}, accounts)


@pytest.mark.parametrize(
    "criterion",
    [
        icp.Range("x", 2, 10),
        icp.Range("x", 2, None),
        icp.Range("x", None, 10),
        icp.Range("x", 10, 20, soft_low=2, soft_high=40),
        icp.Range("x", 10, None, soft_low=-2.5),
        icp.Range("x", None, 20, soft_high=80),
        icp.Range("x", -2, 0, soft_high=3),
        icp.Range("x", 2, 20, soft_low=1, soft_high=80, scale="log"),
        icp.Range("x", 1, 1, soft_high=3, scale="log"),
        icp.Range("x", 2, 20, scale="log"),
        icp.Range("x", 10, None, soft_low=1, scale="log"),
        icp.Range("x", None, 10, soft_high=20, scale="log"),
        icp.Bands("x", [(1, 0.2), (10, 1), (20, 0.35)], otherwise=0.1),
        icp.Bands("x", [(10, 1)]),
        icp.Ordinal("x", [1, 2, 3, 10], at_least=2, at_most=3),
        icp.Ordinal("x", [1, 2, 3], matches={1: 0.1, 2: 0.1, 3: 0.9}),
        ~icp.Range("x", 2, 10, soft_high=20),
    ],
    ids=lambda one: one.question(),
)
def test_curves_over_numbers(criterion: icp.Criterion) -> None:
    """At, beside and between its edges a curve gives the reference's match, and unknown stays unknown."""
    rows = _of_numbers(criterion)
    assert len({row[1] for row in rows}) > 1


TEXTS = ["software", "it services", "saas", "soft", "softwares", "5112", "51121", "51", "", "it's", "a%b_c", None]


@pytest.mark.parametrize(
    "criterion",
    [
        icp.OneOf("x", ["Software", "IT Services"]),
        icp.OneOf("x", {"Software": 1, "IT Services": 0.6, "it's": 0.6}, otherwise=0.25),
        icp.OneOf("x", {"Software": 0.9}, aliases={"SaaS": "software", "soft": "SOFTWARE"}),
        icp.OneOf("x", {"Software": 0.9}, aliases={"Software": "5112"}),
        icp.OneOf("x", {"5112": 0.3, "51": 1, "51121": 0.6, "a%": 0.5, "_": 1}, prefix=True, otherwise=0.05),
        icp.OneOf("x", {"51": 1, "soft": 0.4}, prefix=True, aliases={"SaaS": "5190", "it's": "nothing"}),
        icp.Ordinal("x", ["soft", "Software", "SaaS"], at_least="software"),
    ],
    ids=repr,
)
def test_look_ups_of_texts(criterion: icp.Criterion) -> None:
    """A text is looked up whole, by its beginning or by its aliases; signs of LIKE mean nothing."""
    rows = check(single(criterion), {"x": "VARCHAR"}, [{"x": one} for one in TEXTS])
    assert len({row[1] for row in rows}) > 1


def test_upper_and_lower_case_matter_where_asked() -> None:
    """A criterion that knows cases compares text that is held exactly."""
    profile = single(icp.OneOf("x", {"DE": 1, "F": 0.5}, case_sensitive=True, prefix=True))
    accounts = [{"x": one} for one in ("DE", "de", "DEU", "FR", None)]
    assert [row[1] for row in check(profile, {"x": "VARCHAR"}, accounts, text="exact")] == [100, 0, 100, 50, None]


LABELS: list[Any] = [
    [],
    ["slack"],
    ["jira", "slack"],
    ["salesforce"],
    ["sf", "salesforce", "crm"],
    ["zoom", "crm", ""],
    ["zoom", None],
    ["it's", 'say "x"', "slack"],
    None,
]


@pytest.mark.parametrize(
    "criterion",
    [
        icp.Overlap("x", ["Slack", "Jira", "it's"]),
        icp.Overlap("x", {"CRM": 2, "Slack": 0.7}, groups={"CRM": ["Salesforce", "HubSpot"]}),
        icp.Overlap("x", {"Salesforce": 0.1, "Jira": 0.2, "Zoom": 0.3}, aliases={"SF": "Salesforce"}),
        icp.Overlap("x", ["Slack", "Jira"], mode="any"),
        icp.Overlap("x", ["Slack", "Jira"], mode="all"),
        icp.Overlap("x", ["Slack", "Jira", "Zoom"], mode="at_least", k=1),
        icp.Overlap("x", ["Slack", "Jira", "Zoom"], mode="at_least", k=2),
        icp.Overlap("x", ["Slack", "Salesforce"], mode="satisfies"),
        icp.Overlap("x", ["Slack", "Salesforce"], mode="satisfies", aliases={"SF": "Salesforce", "CRM": "Salesforce"}),
        icp.Overlap("x", ["CRM"], mode="satisfies", groups={"CRM": ["Salesforce"]}, aliases={"Slack": "Zoom"}),
        icp.Overlap("x", ["Slack"], mode="satisfies", aliases={"SLACK": "Slack"}),
        icp.OneOf("x", {"Slack": 1, "Zoom": 0.5}),
        icp.OneOf("x", {"Slack": 0.2, "Zoom": 0.5, "Jira": 0.9}, otherwise=0.5),
        icp.OneOf("x", {"Slack": 0.2, "Zoom": 0.1}, otherwise=0.3, aliases={"CRM": "Zoom"}),
        icp.OneOf("x", {"Slack": 0.0}, aliases={"SF": "Slack"}),
    ],
    ids=repr,
)
def test_lists_of_labels(criterion: icp.Criterion) -> None:
    """A list, of whatever form, matches as the reference says; null is unknown, an empty list is not."""
    profile, accounts = single(criterion), [{"x": one} for one in LABELS]
    wanted = reference(profile, accounts)
    array = {"x": icp.ListColumn("x", "array")}
    assert scored("duckdb", profile, {"x": "VARCHAR[]"}, accounts, columns=array) == wanted
    for dialect in ENGINES:
        found = scored(
            dialect, profile, {"x": "VARCHAR"}, _as_json(accounts), columns={"x": icp.ListColumn("x", "json")}
        )
        assert found == wanted, dialect
    assert len({row[1] for row in wanted}) > 1


def _as_json(accounts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"x": None if one["x"] is None else json.dumps(one["x"])} for one in accounts]


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize("sign", [";", "|", "\t", "\n", "'", "%", " "])
def test_delimited_lists(dialect: str, sign: str) -> None:
    """A delimited text is taken apart at its sign alone; blank text is unknown."""
    profile = single(icp.Overlap("x", ["Slack", "a|b" if sign != "|" else "b", 'say"x\\t"'], mode="any"))
    texts = (f"zoom{sign}slack", "slack,zoom", "slack", f'zoom{sign}say"x\\t"', f"c{sign}a|b", "", " ", None)
    columns, accounts = {"x": icp.ListColumn("x", "delimited", sign)}, [{"x": one} for one in texts]
    found = scored(dialect, profile, {"x": "VARCHAR"}, accounts, columns=columns)
    assert [row[1] for row in found] == [100, 0, 100, 100, 100, None, None, None]


def test_beginnings_of_items_are_refused() -> None:
    """The best beginning of several items cannot be asked of an array; the message says what to do."""
    profile = single(icp.OneOf("x", {"51": 1}, prefix=True))
    [problem] = icp.pushable(profile, "duckdb", columns={"x": icp.ListColumn("x")}, text="folded")
    assert problem.reason == (
        "compares the beginnings of the items of a list: hold the best item in a column of its own"
    )


DAYS = ["2026-11-21", "2026-11-20", "2026-11-07", "2026-11-06", "2026-10-22", "2026-10-21", "2020-02-29", "2026-11-22"]


@pytest.mark.parametrize(
    "criterion",
    [
        icp.Recency("x", half_life=30),
        icp.Recency("x", half_life=0.01),
        icp.Recency("x", window=14),
        icp.Recency("x", linear=30),
        icp.Recency("x", steps=[(1, 1), (14, 0.5), (30, 0.1)]),
        icp.Recency("x", window=14, absent="unknown"),
        icp.Recency("x", half_life=3, absent="unknown"),
        icp.Upcoming("x", within=120),
        icp.Age("x", at_least=1, soft_at_least=0.05),
    ],
    ids=repr,
)
def test_curves_over_time(criterion: icp.Criterion) -> None:
    """Days and moments, before and after that of scoring, give the reference's match."""
    moments = [*DAYS, *(f"{day}T23:59:59.999999" for day in DAYS), None]
    profile = single(criterion)
    wanted = reference(profile, [{"x": one} for one in moments])
    kinds = {"x": "TIMESTAMP"}
    for dialect in ENGINES:
        assert (
            scored(
                dialect,
                profile,
                kinds,
                [{"x": one} for one in moments],
                types={"x": "TEXT"} if dialect == "sqlite" else kinds,
            )
            == wanted
        )
    assert len({row[1] for row in wanted}) > 1


def test_a_look_up_of_numbers_knows_none_but_its_own() -> None:
    """A level that is not in the order is of the wrong kind, and counted."""
    rows = check(
        single(icp.Ordinal("x", [1, 2.5, 3], at_least=2.5)), {"x": "DOUBLE"}, [{"x": 4.0}, {"x": 2.5}, {"x": 1.0}]
    )
    assert [row[1] for row in rows] == [None, 100, 0]
    assert [row[7] for row in rows] == [1, 0, 0]


def test_a_match_is_a_double_though_its_numbers_are_whole() -> None:
    """In an engine whose whole numbers divide as such, a half stays a half."""
    sql = icp.to_sql(
        single(icp.Overlap("x", ["a", "b"])), dialect="sqlite", table="t", key="id", as_of="2026-11-21", text="folded"
    )
    script = table("t", {"id": "", "x": ""}, [[1, '["a"]']], "sqlite")
    assert fetch("sqlite", script, sql)[0][1] == 50
