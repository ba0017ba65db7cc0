import json
import random
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import PurePosixPath
from types import SimpleNamespace
from typing import Any

import attrs
import numpy as np
import pytest

import icpkit as icp
from icpkit.arithmetic import millionths
from icpkit.criteria import (
    Age,
    AllOf,
    AnyOf,
    Bands,
    Criterion,
    Engagement,
    Flag,
    OneOf,
    Ordinal,
    Overlap,
    Range,
    Recency,
    Upcoming,
)
from icpkit.explanation import CriterionResult, Explanation
from icpkit.markup import visible
from icpkit.profile import Adjustment, Dimension, Gate, Profile
from icpkit.scoring import Scorer
from icpkit.standard import standard_profile
from icpkit.tiers import TierScale
from icpkit.value_functions import Combination, ValueFunction
from icpkit.words import ENGLISH

DAY = date(2026, 11, 21)


def part(attribute: str, **options: Any) -> Range:
    """Give a criterion whose match is the attribute's own value, where that lies between 0 and 1."""
    return Range(attribute, 1, None, soft_low=0, **options)


def explain(*criteria: Criterion, account: Any, **options: Any) -> Explanation:
    """Explain an account by a profile of one dimension, D."""
    return Scorer(Profile("P", [Dimension("D", criteria)], **options)).explain(account, as_of=DAY)


def found(criterion: Criterion, value: Any) -> CriterionResult:
    """Give what a criterion of the attribute x finds."""
    return explain(criterion, account={"x": value}).criteria[0]


# Points.


def test_contributions_are_whole_millionths() -> None:
    """Each contribution is the step of the rounded running fit, so that thirds sum to 100 nonetheless."""
    tree = explain(part("a"), part("b"), part("c"), account={"a": 1, "b": 1, "c": 1})
    assert tree.points == (("d/a", 33_333_333), ("d/b", 33_333_334), ("d/c", 33_333_333), ("clip", 0), ("limit", 0))


@pytest.mark.parametrize(
    ("account", "points"),
    # The fit of the criteria is 90, 50 or 5; the bonus has 20 points, the malus 30.
    [
        ({"a": 0.9, "up": 1, "down": 0}, [90, 20, 0, -10, 0]),
        ({"a": 0.9, "up": 0.25, "down": 0.1}, [90, 5, -3, 0, 0]),
        ({"a": 0.05, "up": 0, "down": 1}, [5, 0, -30, 25, 0]),
        ({"a": 0.5}, [50, 0, 0, 0, 0]),
    ],
)
def test_adjustments_and_the_clip_contribute(account: dict[str, Any], points: list[float]) -> None:
    """Adjustments contribute in order, and what the clip takes or gives is a contribution of its own."""
    tree = explain(part("a"), account=account, adjustments=[Adjustment(20, part("up")), Adjustment(-30, part("down"))])
    assert tree.points == tuple(
        zip(
            ["d/a", "adjustments/up", "adjustments/down", "clip", "limit"],
            [round(1e6 * each) for each in points],
            strict=True,
        )
    )


def test_the_limit_contributes() -> None:
    """What limiting to the bounds takes is a contribution of its own: b is 0.2 at most, the account 60."""
    tree = explain(part("a"), OneOf("b", {"pro": 0.2}), account={"a": 1})
    assert (tree.points, tree.limited) == (
        (("d/a", 100_000_000), ("d/b", 0), ("clip", 0), ("limit", -40_000_000)),
        -40_000_000,
    )


@pytest.mark.parametrize("seed", range(20))
def test_contributions_sum_to_the_fit(seed: int) -> None:
    """Whatever the account, the points of criteria, adjustments, clip and limit sum to exactly the fit."""
    chance = random.Random(seed)
    weights = [chance.choice([1, 3, 0.1, 7.3]) for _ in range(9)]
    criteria = [part(f"c{i}", weight=weight, missing=chance.choice([None, 0.3])) for i, weight in enumerate(weights)]
    adjustments = [Adjustment(chance.choice([-40, 7, 33]), part(f"a{i}")) for i in range(3)]
    names = [*(f"c{i}" for i in range(9)), *(f"a{i}" for i in range(3))]
    account = {name: chance.choice([None, chance.random(), 0, 1]) for name in names}
    tree = explain(*criteria, account=account, adjustments=adjustments, min_coverage=0)
    assert sum(points for _, points in tree.points) == millionths(tree.fit or 0.0)


def test_points_earned_and_lost() -> None:
    """A criterion earned its points and lost the rest of what a full match would have earned; skipped ones neither."""
    tree = explain(part("a"), part("b"), part("c", weight=2), account={"a": 0.75, "c": 0.5})
    assert [(one.points, one.lost, one.most, one.match) for one in tree.criteria] == [
        (25_000_000, 8_333_333, 33_333_333, 0.75),
        (0, 0, 0, None),
        (33_333_333, 33_333_334, 66_666_667, 0.5),
    ]


def test_points_of_a_dimension() -> None:
    """A dimension has the points, the share and the most of its criteria together."""
    profile = Profile(
        "P", [Dimension("D", [part("a"), part("b")], weight=3), Dimension("E", [part("c"), Flag("z", weight=0)])]
    )
    tree = Scorer(profile).explain({"a": 1, "b": 0.5, "c": 0.5}, as_of=DAY)
    assert [(one.name, one.share, one.points, one.most) for one in tree.dimensions] == [
        ("D", 0.75, 56_250_000, 75_000_000),
        ("E", 0.25, 12_500_000, 25_000_000),
    ]


def test_without_a_fit_there_are_no_points() -> None:
    """Where too little is known nothing has points, though matches and shares are shown."""
    tree = explain(part("a"), part("b", weight=3), account={"a": 1, "c": 1}, adjustments=[Adjustment(5, Flag("c"))])
    assert (
        tree.points,
        [(one.points, one.lost, one.match, one.share) for one in tree.criteria],
        tree.dimensions[0].points,
        tree.adjustments[0].points,
        tree.clipped,
    ) == ((), [(None, None, 1, 0.25), (None, None, None, 0.75)], None, None, None)


def test_what_a_criterion_is_worth() -> None:
    """On full weight a criterion is worth from its least to its greatest match, an adjustment its points of these."""
    tree = explain(
        part("a"),
        OneOf("b", {"pro": 0.6}, otherwise=0.2),
        account={"a": 0.5},
        adjustments=[Adjustment(-10, AnyOf(part("a"), Flag("c"), name="either"))],
    )
    assert [*(one.worth for one in tree.criteria), tree.adjustments[0].worth] == [(25, 25), (10, 30), (-10, -5)]


def test_unknowns_come_by_what_they_could_move() -> None:
    """The unknown criteria that could move the fit most come first, ties by path; what never happened is no unknown."""
    tree = explain(
        *(part("d"), part("b"), part("a", weight=2), OneOf("c", {"pro": 0.1}, weight=2)),
        *(Recency("e"), part("f", weight=0), part("g")),
        account={"g": 1},
    )
    assert [one.path for one in tree.unknowns] == ["d/a", "d/b", "d/d", "d/c"]


def test_gates_that_were_not_checked() -> None:
    """The gates that could not be checked are listed."""
    tree = explain(part("a"), account={"a": 1, "b": 1}, gates=[Gate(Flag("b")), Gate(Flag("c"))])
    assert [one.gate.name for one in tree.unverified] == ["c"]


def test_signals_are_counted_once_per_attribute() -> None:
    """Future signals and naive moments are counted once, though several criteria read the attribute."""
    both = AllOf(Recency("seen"), Recency("met"), name="both")
    tree = explain(
        *(part("a"), Recency("seen"), Recency("seen", name="again")),
        account={"a": 1, "seen": ["2027-01-01", "2026-01-01T00:00"], "met": datetime(2027, 1, 1)},
        gates=[Gate(Recency("seen"))],
        adjustments=[Adjustment(5, both)],
    )
    assert (tree.ignored, tree.naive) == (2, 2)


# What was found, in words.


@pytest.mark.parametrize(
    ("criterion", "value", "text"),
    [
        (Range("x", 1, 9), 12_345, "12,345"),
        (Range("x", 1, 9), 5e6, "5M"),
        (Range("x", 1, 9), 0.25, "0.25"),
        (Range("x", 1, 9), Decimal("2.50"), "2.5"),
        (Range("x", 1, 9), None, "unknown"),
        (Range("x", 1, 9), "few", "invalid: text where a number belongs"),
        (Bands("x", [(1, 1)]), np.float64(2.5), "2.5"),
        (Flag("x"), 1, "yes"),
        (Flag("x"), 0.0, "no"),
        (Flag("x"), np.True_, "yes"),
        (Flag("x", expected=False), True, "yes"),
        (OneOf("x", ["a"]), "B2B", "B2B"),
        (OneOf("x", ["a"]), ["a", "b"], "a, b"),
        (OneOf("x", ["a"]), list("abcdefgh"), "a, b, c, d, e, f and 2 more"),
        (OneOf("x", ["a"]), [], "none"),
        (OneOf("x", ["a"]), "Acme\x1b[31m\n!", "Acme\\x1b[31m\\x0a!"),
        (OneOf("x", [1, 2]), [1, 2.5], "1, 2.5"),
        (Ordinal("x", ["a", "b"], at_least="b"), " B ", "B"),
        (Overlap("x", ["Slack", "Jira"]), ["jira", "slack", "Notion"], "Slack, Jira"),
        (Overlap("x", ["Slack", "Jira"]), ["jira"], "Jira; not Slack"),
        (Overlap("x", ["Slack", "Jira"]), [], "not Slack, Jira"),
        (Overlap("x", list("abcdefghij")), list("abcde"), "a, b, c, d and 1 more; not f, g, h and 2 more"),
        (Overlap("x", ["CRM"], groups={"CRM": ["HubSpot"]}), ["HubSpot"], "CRM"),
        (Overlap("x", ["Slack", "Jira"], mode="any"), ["jira"], "Jira"),
        (Overlap("x", ["Slack", "Jira"], mode="all"), ["jira"], "Jira; not Slack"),
        (Overlap("x", ["Slack", "Jira"], mode="any"), [], "not Slack, Jira"),
        (Overlap("x", ["a"], mode="satisfies"), ["a", "b"], "a, b"),
        (Overlap("x", ["a"], mode="satisfies"), [], "none"),
        (Recency("x"), "2026-11-20", "1 day ago"),
        (Recency("x"), ["2026-01-01", "2026-11-19T12:00Z"], "1.5 days ago"),
        (Recency("x"), "2026-11-21", "0 days ago"),
        (Recency("x"), None, "never"),
        (Recency("x"), [], "never"),
        (Recency("x"), "2027-01-01", "never"),
        (Recency("y"), 1, "never (no such field)"),
        (Recency("x", absent="unknown"), "2027-01-01", "unknown"),
        (Engagement("x", ["a"]), [("a", DAY)], "1 event"),
        (Engagement("x", ["a"]), [("a", DAY), ("b", DAY)], "2 events"),
        (Engagement("x", ["a"]), [], "0 events"),
        (Engagement("x", ["a"]), None, "never"),
        (Upcoming("x"), date(2026, 12, 1), "in 10 days"),
        (Upcoming("x"), datetime(2026, 11, 22, 9, 30, tzinfo=UTC), "in 1 day"),
        (Upcoming("x"), "2026-11-21", "today"),
        (Upcoming("x"), "2026-11-11", "10 days ago"),
        (Upcoming("x"), None, "unknown"),
        (Age("x", at_least=5), 2013, "2013: 13 years"),
        (Age("x", at_least=5), 2013.0, "2013: 13 years"),
        (Age("x", at_least=5), date(2013, 5, 1), "2013-05-01: 13.6 years"),
        (Age("x", at_least=5), datetime(2013, 5, 1, 9, tzinfo=UTC), "2013-05-01 09:00+00:00: 13.6 years"),
        (Age("x", at_least=5), "2026-11-21", "2026-11-21: 0 years"),
        (Range("x", 1, 9, name="y"), np.float64(1.5), "1.5"),
        (~Flag("x"), True, "yes"),
        (AllOf(Flag("x"), Flag("y", label="Y?"), name="both"), False, "x: no; Y?: no such field"),
        (AnyOf(Flag("x"), Recency("x"), name="either"), None, "x: unknown; x: never"),
    ],
)
def test_what_was_found(criterion: Criterion, value: Any, text: str) -> None:
    """What was found is said as people say it: rounded, listed, counted, and safe to print."""
    assert found(criterion, value).found() == text


@attrs.frozen(repr=False)
class Own(Criterion):
    """A user's criterion with a combination of its own."""

    attribute: str

    def value_function(self) -> Combination:
        """Give the opposite of a flag."""
        flag = Flag(self.attribute).value_function()
        assert isinstance(flag, ValueFunction)
        return Combination("not", (flag,))


def test_what_a_combination_of_your_own_found() -> None:
    """A user's criterion that combines is explained like any other."""
    assert [found(Own("x"), True).found(), found(Own("x"), None).found()] == ["a match of 0", "unknown"]


@pytest.mark.parametrize(
    ("criterion", "value", "labels"),
    [
        (Overlap("x", ["a", "b", "c"]), ["C", "a"], (("a", "c"), ("b",))),
        (Overlap("x", ["a", "b"]), None, ((), ())),
        (Overlap("x", ["a"]), "a", ((), ())),
        (OneOf("x", ["a"]), "a", ((), ())),
        (~Overlap("x", ["a"]), ["a"], ((), ())),
    ],
)
def test_labels_that_are_there_and_lacking(criterion: Criterion, value: Any, labels: object) -> None:
    """Of wanted labels a result tells those that are there and those that are lacking; others have none."""
    assert found(criterion, value).labels == labels


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Köln 東京", "Köln 東京"), ("a\tb", "a\\x09b"), ("\u202eevil", "\\x202eevil"), ("\x00", "\\x00"), ("", "")],
)
def test_text_that_is_safe_to_print(text: str, shown: str) -> None:
    """What does not print is shown by its number, so that no value can move the cursor or turn the text around."""
    assert visible(text) == shown


# Reasons.

REASONED = Profile(
    "Reasoned",
    [
        Dimension(
            "D",
            [
                *(part("a", weight=4), part("b", weight=2), part("c", weight=2), part("d", weight=1, missing=0.25)),
                *(part("e", weight=1), part("z", weight=0)),
            ],
        )
    ],
    gates=[Gate(Flag("legal")), Gate(Flag("gdpr"))],
    adjustments=[Adjustment(15, Flag("partner")), Adjustment(-9, Flag("sued"))],
)


def test_reasons_are_ordered_by_what_they_move() -> None:
    """Failed gates come first, then what won, lost or could bring the most points, then unchecked gates."""
    account = {"a": 0.5, "b": 1, "c": 0.25, "legal": False, "partner": True, "sued": True}
    tree = Scorer(REASONED).explain(account, as_of=DAY)
    # Without e nine tenths count: a earns and loses 22.222222 points of 44.444444, b earns all of its 22.222222, c
    # earns 50 - 44.444444 of its 22.222222, and d is assumed to earn 52.777778 - 50 of its 11.111111.
    assert [(one.code, one.path, one.points) for one in tree.reasons(99)] == [
        ("gate_failed", "gates/legal", 0),
        ("matched", "d/a", 22_222_222),
        ("matched", "d/b", 22_222_222),
        ("missed", "d/c", 16_666_666),
        ("adjusted", "adjustments/partner", 15_000_000),
        ("unknown", "d/e", 10_000_000),
        ("adjusted", "adjustments/sued", -9_000_000),
        ("assumed", "d/d", 8_333_333),
        ("gate_unverified", "gates/gdpr", 0),
    ]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("gate_failed", "legal: asked for yes; found no"),
        ("matched", "22.2 of 44.4 points for a: 0.5"),
        ("missed", "16.7 of 22.2 points lost on c: 0.25 (asked for at least 1 (0 at 0))"),
        ("adjusted", "+15.0 points for partner: yes"),
        ("unknown", "e is unknown: worth 0.0 to 10.0 points"),
        ("assumed", "2.8 of 11.1 points for d: unknown, 0.25 is assumed"),
        ("gate_unverified", "gdpr could not be checked: unknown"),
    ],
)
def test_reasons_are_sentences(code: str, text: str) -> None:
    """Each reason is a sentence with a stable code."""
    account = {"a": 0.5, "b": 1, "c": 0.25, "legal": False, "partner": True, "sued": None, "gdpr": None}
    tree = Scorer(REASONED).explain(account, as_of=DAY)
    assert next(one.text for one in tree.reasons(99) if one.code == code) == text


def test_reasons_where_too_little_is_known() -> None:
    """Without a fit the first reason says so, and the others are weighed by full weight."""
    profile = REASONED.with_criterion("d", part("d")).without("gates/legal").without("gates/gdpr")
    tree = Scorer(profile).explain({"b": 0.25, "c": 1}, as_of=DAY)
    assert [(one.code, one.path, one.points, one.text) for one in tree.reasons(99)] == [
        ("insufficient_data", "", 0, "only 40 % of the weight is known, 50 % is needed"),
        ("unknown", "d/a", 40_000_000, "a is unknown: worth 0.0 to 40.0 points"),
        ("matched", "d/c", 20_000_000, "20.0 of 20.0 points for c: 1"),
        ("missed", "d/b", 15_000_000, "15.0 of 20.0 points lost on b: 0.25 (asked for at least 1 (0 at 0))"),
        ("unknown", "d/d", 10_000_000, "d is unknown: worth 0.0 to 10.0 points"),
        ("unknown", "d/e", 10_000_000, "e is unknown: worth 0.0 to 10.0 points"),
    ]


def test_what_is_assumed_where_too_little_is_known() -> None:
    """Without a fit an assumed match is told with what it brings: a quarter of 10 points."""
    tree = Scorer(REASONED).explain({"b": 0.25, "c": 1}, as_of=DAY)
    assert [one.text for one in tree.reasons(99) if one.code == "assumed"] == [
        "2.5 of 10.0 points for d: unknown, 0.25 is assumed"
    ]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_few_reasons(count: int) -> None:
    """As many reasons are given as are asked for."""
    tree = Scorer(REASONED).explain({"a": 0.5, "b": 1}, as_of=DAY)
    assert tree.reasons(count) == tree.reasons(99)[:count]


# Plain data.


def test_a_tree_as_plain_data() -> None:
    """`to_dict` gives the whole tree in plain data, points as numbers."""
    tree = Scorer(
        Profile(
            "P",
            [Dimension("D", [Overlap("tools", ["Slack", "Jira"], label="Tools"), part("size", weight=3)], weight=2)],
            gates=[Gate(~Flag("rival"), overridable=False)],
            adjustments=[Adjustment(-10, Flag("sued"))],
            min_coverage=0.25,
        )
    ).explain({"id": "acme", "tools": ("jira",), "sued": True, "siz": 1}, as_of=DAY, key="id")
    blank = {
        "found": "no such field",
        "value": None,
        "state": "unknown",
        "invalid": None,
        "no_field": True,
        "near": "",
        "low": 0,
        "high": 1,
        "match": None,
        "share": 0,
        "points": None,
        "most": 0,
        "worth": [0, 0],
        "there": [],
        "lacking": [],
        "age": None,
        "ignored": 0,
        "naive": 0,
        "parts": [],
    }
    known = {"no_field": False, "state": "known"}
    assert tree.to_dict() == {
        "profile": "P",
        "key": "acme",
        "as_of": "2026-11-21",
        "fit": 40,
        "tier": "Moderate",
        "status": "scored",
        "coverage": 0.25,
        "low": 2.5,
        "high": 77.5,
        "possible_tiers": ["Strong", "Moderate", "Weak"],
        "dimensions": [
            {
                "name": "D",
                "weight": 2,
                "share": 1,
                "points": 50,
                "most": 100,
                "criteria": [
                    {
                        **blank,
                        **known,
                        "path": "d/tools",
                        "name": "Tools",
                        "asked": "share of Slack, Jira",
                        "found": "Jira; not Slack",
                        "value": ["jira"],
                        "low": 0.5,
                        "high": 0.5,
                        "match": 0.5,
                        "share": 0.25,
                        "points": 50,
                        "most": 100,
                        "worth": [12.5, 12.5],
                        "there": ["Jira"],
                        "lacking": ["Slack"],
                    },
                    {
                        **blank,
                        "path": "d/size",
                        "name": "size",
                        "asked": "at least 1 (0 at 0)",
                        "share": 0.75,
                        "points": 0,
                        "worth": [0, 75],
                        "near": "did you mean 'siz'?",
                    },
                ],
            }
        ],
        "adjustments": [
            {
                **blank,
                **known,
                "path": "adjustments/sued",
                "name": "sued",
                "asked": "yes",
                "found": "yes",
                "value": True,
                "low": 1,
                "high": 1,
                "points": -10,
                "worth": [-10, -10],
            }
        ],
        "gates": [
            {
                **blank,
                "path": "gates/rival",
                "name": "rival",
                "asked": "not yes",
                "no_field": False,
                "verdict": "unverified",
                "at_least": 1,
                "overridable": False,
                "parts": [{**blank, "path": "gates/rival/rival", "name": "rival", "asked": "yes"}],
            }
        ],
        "clipped": 0,
        "limited": 0,
        "ignored": 0,
        "naive": 0,
    }


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (0.5, 0.5),
        (float("nan"), None),
        (float("inf"), None),
        ("text", "text"),
        (date(2026, 11, 21), "2026-11-21"),
        (datetime(2026, 11, 21, 9, tzinfo=UTC), "2026-11-21T09:00:00+00:00"),
        (Decimal("0.1"), 0.1),
        ([1, (2, {3})], [1, [2, [3]]]),
        ({"a": {1: date(2026, 11, 21)}}, {"a": {"1": "2026-11-21"}}),
        (np.array([1, 2]), [1, 2]),
        (timedelta(days=1), "1 day, 0:00:00"),
        (PurePosixPath("a/b"), "a/b"),
    ],
)
def test_values_as_plain_data(value: Any, plain: object) -> None:
    """A value becomes what JSON knows, moments ISO text, and everything else its text."""
    tree = explain(part("a"), Flag("x", weight=0), account={"a": 1, "x": value})
    assert tree.to_dict()["dimensions"][0]["criteria"][1]["value"] == plain


def test_plain_data_is_json() -> None:
    """The tree of any account goes through JSON unchanged."""
    account = {
        "id": 7,
        "employees": 80,
        "founded": date(2013, 1, 1),
        "technologies": {"Slack"},
        "engagement": [("demo", DAY)],
    }
    data = Scorer(standard_profile()).explain(account, as_of=datetime(2026, 11, 21, tzinfo=UTC), key="id").to_dict()
    assert json.loads(json.dumps(data, allow_nan=False)) == data


# The table.


ACCOUNT = {
    "id": "acme",
    "employees": 600,
    "industri": "Software",
    "tools": ["HubSpot", "Jira"],
    "seen": datetime(2026, 10, 22),
    "partner": True,
    "country": "US",
    "met": "2027-01-01",
}
SMALL = Profile(
    "Small",
    [
        Dimension(
            "Firmographics",
            [Range("employees", 50, 500, soft_high=1000), OneOf("industry", ["Software"], label="Industry", weight=2)],
            weight=3,
        ),
        Dimension("Tech", [Overlap("tools", {"CRM": 2, "Slack": 1, "Jira": 1}, groups={"CRM": ["HubSpot"]})]),
        Dimension("Signals", [Recency("seen"), Recency("met", absent="unknown", missing=0.5), Flag("inert", weight=0)]),
    ],
    gates=[Gate(~OneOf("country", ["KP"])), Gate(Flag("gdpr"))],
    adjustments=[Adjustment(10, Flag("partner")), Adjustment(-5, Flag("sued"))],
)


TABLE = """\
acme · Small · as of 2026-11-21
Fit 78.3 · Strong · could be 41.0 to 96.0: Perfect, Strong, Moderate · 50 % of the weight is known

                        asked                             found                          match  weight     points  lost
Firmographics                                                                                     60 %       26.7   6.7
  employees             50 to 500 (0 at 1,000)            600                             0.80    20 %       26.7   6.7
  Industry              Software                          no such field                      ?    40 % 0.0 – 40.0
Tech                                                                                              20 %       25.0   8.3
  tools                 share of CRM (any of HubSpot) ×2… CRM, Jira; not Slack            0.75    20 %       25.0   8.3
Signals                                                                                           20 %       16.7  16.7
  seen                  recent, halving every 30 days     30 days ago                     0.50    10 %        8.3   8.3
  met                   recent, halving every 30 days     unknown                        ~0.50    10 %        8.3   8.3
  inert                 yes                               no such field                            0 %
Adjustments
  partner               +10 if yes                        yes                                                10.0
  sued                  -5 if yes                         no such field                                -5.0 – 0.0
Fit                                                                                                          78.3  31.7

Gates
  country               not KP                            US                            passed
  gdpr                  yes                               no such field                 not verified

Notes
  to find out: Industry (0.0 to 40.0 points), met (0.0 to 10.0 points), sued (-5.0 to 0.0 points)
  points count on the 60 % of the weight that has an answer, ranges on the whole
  no such field: industry (did you mean 'industri'?), inert, sued, gdpr
  signals dated after 2026-11-21, left out: 1
  moments without a time zone, read as UTC: 1
  weight 0, without effect: inert"""


def test_the_table() -> None:
    """The table shows verdict, criteria by dimension, adjustments, gates and notes."""
    # employees 0.8 of 0.2, tools 0.75 of 0.2, seen 0.5 of 0.1, met 0.5 of 0.1: 0.41 of 0.6 is 68.3, and 10 on top.
    assert Scorer(SMALL).explain(ACCOUNT, as_of=DAY, key="id").to_text() == TABLE


def test_parts_have_rows() -> None:
    """The parts of a combinator stand below it, each with what was asked and found; one part alone needs no row."""
    either = AnyOf(Flag("b"), ~Flag("c"), name="either")
    tree = explain(part("a"), AllOf(Flag("d"), either, name="both"), account={"a": 1, "b": None, "c": 1, "d": 1})
    assert squeezed(tree)[6:11] == [
        "both all of: d: yes; either: any of: … ? 50 % 0.0 – 50.0",
        "d yes yes 1.00",
        "either any of: b: yes; c: not yes ?",
        "b yes unknown ?",
        "c not yes yes 0.00",
    ]


@pytest.mark.parametrize(
    ("account", "options", "verdict"),
    # a and b weigh as much.
    [
        ({"a": 1, "b": 1}, {}, "Fit 100.0 · Perfect, certain · 100 % of the weight is known"),
        (
            {"a": 0.1},
            {"min_coverage": 0.5},
            "Fit 10.0 · Weak · could be 5.0 to 60.0: Strong, Moderate, Weak · 50 % of the weight is known",
        ),
        (
            {"a": 0.25, "b": 0.25, "c": None},
            {},
            "Fit 25.0 · Weak, certain · could be 25.0 to 30.0 · 100 % of the weight is known",
        ),
        (
            {"a": 0.25},
            {"min_coverage": 0.6},
            (
                "Not enough data for a fit · only 50 % of the weight is known (60 % needed) · "
                "could be 12.5 to 67.5: Strong, Moderate, Weak"
            ),
        ),
        (
            {"a": 1, "b": 0.5, "c": 0, "legal": 0},
            {},
            "Disqualified by legal · fit 75.0 for information · 100 % of the weight is known",
        ),
        (
            {"legal": 0, "gdpr": 0},
            {},
            "Disqualified by legal, gdpr · no fit: only 0 % of the weight is known",
        ),
    ],
    ids=["certain", "possible", "certain but open", "insufficient", "disqualified", "disqualified blind"],
)
def test_the_verdict(account: dict[str, Any], options: dict[str, Any], verdict: str) -> None:
    """Below the title stand fit, tier and how certain they are, or why there are none."""
    gates = [Gate(Flag("legal")), Gate(Flag("gdpr"))]
    bonus = [] if account.get("b") == 1 else [Adjustment(5, Flag("c"))]
    tree = explain(part("a"), part("b"), account=account, gates=gates, adjustments=bonus, **options)
    _, *lines = tree.to_text().partition("\n\n")[0].splitlines()
    assert " ".join(map(str.strip, lines)) == verdict


@pytest.mark.parametrize(
    ("key", "as_of", "title"),
    [
        (None, DAY, "P · as of 2026-11-21"),
        ("acme", DAY, "acme · P · as of 2026-11-21"),
        (7, datetime(2026, 11, 21, 9, 30, 59, tzinfo=UTC), "7 · P · as of 2026-11-21 09:30+00:00"),
        ("a\nb", DAY, "a\\x0ab · P · as of 2026-11-21"),
    ],
)
def test_the_title(key: object, as_of: date, title: str) -> None:
    """The first line says which account was scored by which profile, and when."""
    account = {"a": 1, "id": key}
    tree = Scorer(Profile("P", [Dimension("D", [part("a")])])).explain(account, as_of=as_of, key="id")
    assert str(tree).splitlines()[0] == title


def squeezed(tree: Explanation) -> list[str]:
    """Give the lines of the table with single blanks."""
    return [re.sub(" +", " ", line.strip()) for line in tree.to_text().splitlines()]


@pytest.mark.parametrize(
    ("criterion", "account", "bonus", "label", "points"),
    [
        (part("b"), {"b": 1}, 50, "clipped to 0 … 100", "-45.0"),
        (part("b"), {"b": 1}, -100, "clipped to 0 … 100", "+5.0"),
        (OneOf("b", {"pro": 0.2}), {"c": 0}, 5, "limited to what", "-35.0"),  # 90 to (90 + 20) / 2
    ],
)
def test_clip_and_limit_have_rows(
    criterion: Criterion, account: dict[str, Any], bonus: float, label: str, points: str
) -> None:
    """What the clip or the limit gave or took stands in the table."""
    bonuses = [Adjustment(bonus, Flag("c"))]
    tree = explain(part("a"), criterion, account={"a": 0.9, "c": 1, **account}, adjustments=bonuses)
    assert [line.split()[-1] for line in tree.to_text().splitlines() if line.startswith(label)] == [points]


def test_a_table_without_points() -> None:
    """Without a fit the columns of points stay empty."""
    tree = explain(part("a"), part("b", weight=3), account={"a": 1, "c": 1}, adjustments=[Adjustment(5, Flag("c"))])
    assert squeezed(tree)[squeezed(tree).index("") + 1 :] == [
        "asked found match weight points lost",
        "D 100 %",
        "a at least 1 (0 at 0) 1 1.00 25 %",
        "b at least 1 (0 at 0) no such field ? 75 % 0.0 – 75.0",
        "Adjustments",
        "c +5 if yes yes",
        "",
        "Notes",
        "to find out: b (0.0 to 75.0 points)",
        "no such field: b",
    ]


def test_long_texts_are_cut() -> None:
    """Names, questions and values that are too long for their columns end in an ellipsis."""
    criterion = OneOf("x", ["y" * 99], label="z" * 99)
    row = explain(criterion, account={"x": "w" * 99}).to_text().splitlines()[5].split()
    assert [(word[0], word[-1]) for word in row[:3]] == [("z", "…"), ("y", "…"), ("w", "…")]


def test_no_line_is_wider_than_a_terminal() -> None:
    """However long names, values and notes are, no line is longer than 120 characters."""
    names = [f"attribute_number_{i}_of_a_table_with_long_names" for i in range(9)]
    tree = explain(*(part(name) for name in names), account={"other": 1}, gates=[Gate(Flag(names[0]))])
    assert [line for line in tree.to_text().splitlines() if len(line) > 120] == []


@pytest.mark.parametrize(
    ("criterion", "value", "note"),
    [
        (Recency("x"), "2027-01-01", "signals dated after 2026-11-21, left out: 1"),
        (Recency("x"), ["2026-01-01T00:00", "2026-01-02T00:00"], "moments without a time zone, read as UTC: 2"),
        (Range("x", 1, 2), "few", "invalid, taken as unknown: x (text where a number belongs)"),
        (Flag("x", weight=0), True, "weight 0, without effect: x"),
        (Flag("y"), True, "no such field: y"),
        (Flag("xx"), True, "no such field: xx (did you mean 'x'?)"),
    ],
)
def test_notes(criterion: Criterion, value: Any, note: str) -> None:
    """Below the table stands what is worth knowing about the reading of the account."""
    tree = explain(part("known"), criterion, account={"known": 1, "x": value})
    assert [line for line in squeezed(tree)[-3:] if line == note] == [note]


def test_what_to_find_out() -> None:
    """The notes begin with the unknowns by what they could bring, four of them at most."""
    tree = explain(part("a"), *(part(f"b{i}", weight=i) for i in range(1, 6)), account={"a": 1, "b1": None})
    # The weights sum to 16: b5 could bring 31.25 points, b4 25, b3 18.75, b2 12.5.
    notes = " ".join(squeezed(tree)).partition("Notes ")[2]
    assert notes.partition(" no such field")[0] == (
        "to find out: b5 (0.0 to 31.2 points), b4 (0.0 to 25.0 points), b3 (0.0 to 18.8 points), "
        "b2 (0.0 to 12.5 points) and 1 more"
    )


def test_no_notes() -> None:
    """An account that was read without ado has no notes."""
    assert "Notes" not in explain(part("a"), account={"a": 1}).to_text()


def test_the_table_in_another_language() -> None:
    """Every word of the table, of the reasons and of the plain data comes from the table of words."""
    words = {key: re.sub(r"[A-Za-z]+(?![^{]*})", "~", template) for key, template in ENGLISH.items()}
    values = [0.5, True, ["2"], "2026-11-01", None, [("7", DAY)], "2027-01-01"]
    account = {str(name): value for name, value in enumerate(values)}
    profile = Profile(
        "1",
        [
            Dimension(
                "2",
                [
                    *(part("0"), Flag("1"), Overlap("2", ["2", "3"]), Recency("3"), Recency("4"), Upcoming("6")),
                    *(Engagement("5", {"7": 2}), Flag("8"), Flag("9", weight=0), Range("4", 1, None, name="10")),
                    *(Recency("6", name="11", steps=[(1, 1)]), ~Flag("99"), Age("3", at_least=1, name="13")),
                ],
            )
        ],
        gates=[Gate(Flag("1")), Gate(Flag("8")), Gate(~Flag("1", name="3"))],
        adjustments=[Adjustment(5, AllOf(Flag("1"), Flag("8"), name="14")), Adjustment(-5, Flag("1"))],
        tiers=TierScale.from_cuts({"1": 50, "2": 0}),
        min_coverage=0,
    )
    tree = Scorer(profile).explain(account, as_of=DAY)
    texts = [tree.to_text(words), *(one.text for one in tree.reasons(99, words))]
    texts += [one[name] for one in tree.to_dict(words)["dimensions"][0]["criteria"] for name in ("asked", "found")]
    assert re.findall("[A-Za-z]+", " ".join(texts)) == []


def test_a_tree_is_frozen() -> None:
    """A tree and its results cannot be changed."""
    tree: Any = explain(part("a"), account=SimpleNamespace(a=1))
    for one in (tree, tree.criteria[0], tree.dimensions[0], tree.reasons()[0]):
        with pytest.raises(AttributeError):
            one.points = 7


def test_an_empty_list_of_signals_has_no_age_in_plain_data() -> None:
    """The age of a signal that a known, empty list lacks is null, so that the data are JSON."""
    one = icp.score(icp.Profile("P", [icp.Dimension("D", [icp.Recency("v")])]), {"v": []}, as_of="2026-11-21")
    data = one.to_dict(explanation=True)["explanation"]["dimensions"][0]["criteria"][0]
    assert data["age"] is None


def test_names_of_tiers_and_gates_are_harmless() -> None:
    """Control characters in names of tiers and gates do not reach the terminal."""
    tiers = icp.TierScale([icp.Tier("A\x1b[31m", 0)])
    gate = icp.Gate(icp.Flag("b2b", name="g\x1b[31m"))
    plain = icp.Profile("P", [icp.Dimension("D", [icp.Flag("a")])], tiers=tiers, gates=[gate])
    for account in ({"a": True}, {"a": True, "b2b": False}):
        assert "\x1b" not in str(icp.score(plain, account, as_of="2026-11-21"))


def test_a_fit_is_not_rounded_up_to_a_cut() -> None:
    """A fit just below a tier's cut is shown below it, and other fits are rounded."""
    cut = icp.TierScale.from_cuts({"Go": 80, "Wait": 0})
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Bands("x", [(0, 0.79996), (1, 0.79946)])])], tiers=cut)
    heads = [str(icp.score(profile, {"x": x}, as_of="2026-11-21")).splitlines()[1] for x in (0, 1)]
    assert [head.split(" · ")[0] for head in heads] == ["Fit 79.9", "Fit 79.9"]
    assert "Fit 79.9 · Wait" in heads[0]


def test_a_signal_that_never_came_is_told() -> None:
    """An absent signal counts as 0, and a note says so and how to change it."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Flag("a"), icp.Recency("visit")])])
    text = str(icp.score(profile, {"a": True}, as_of="2026-11-21"))
    assert 'no signal, taken as never (0): visit; absent="unknown" makes it unknown' in text


def test_an_open_adjustment_is_to_be_found_out() -> None:
    """An adjustment whose criterion is unknown shows what it could add, and stands among what to find out."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Flag("a")])], adjustments=[icp.Adjustment(-50, icp.Flag("x"))])
    one = icp.score(profile, {"a": True}, as_of="2026-11-21")
    assert "to find out: x (-50.0 to 0.0 points)" in str(one)
    assert [str(end) for end in one.explanation.adjustments[0].worth] == ["-50.0", "0.0"]


def test_a_field_that_another_criterion_reads_is_no_near_miss() -> None:
    """A lacking attribute is told by its own name, and fields that the profile reads are not suggested for it."""
    criteria = [icp.Recency("last_demo"), icp.Recency("last_mail", label="Mail"), icp.Flag("b2b")]
    profile = icp.Profile("P", [icp.Dimension("D", criteria)])
    text = str(icp.score(profile, {"last_demo": "2026-11-20", "b2b": True, "lastmail": None}, as_of="2026-11-21"))
    assert "no such field: last_mail (did you mean 'lastmail'?)" in text


def test_numpy_numbers_are_plain_data() -> None:
    """Whole and other numbers of numpy become built-in ones."""
    profile = icp.Profile("P", [icp.Dimension("D", [icp.Range("x", 1, 9)])])
    for value, plain in ((np.int64(5), 5), (np.float32(2.5), 2.5)):
        one = icp.score(profile, {"x": value}, as_of="2026-11-21").to_dict(explanation=True)
        found = one["explanation"]["dimensions"][0]["criteria"][0]["value"]
        assert (found, type(found)) == (plain, type(plain))
