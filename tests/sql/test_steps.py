import itertools
from typing import Any

import pytest

import icpkit as icp
from icpkit.sql.dialects import DIALECTS
from icpkit.sql.steps import points_named, share_of
from tests.sql.cases import AS_OF, ENGINES, check, reference, scored

NUMBER, TRUTH, DAY = "DOUBLE", "BOOLEAN", "DATE"
KINDS = {"a": NUMBER, "b": TRUTH, "c": TRUTH, "d": DAY}
#: Every way in which four attributes can be known, unknown and between.
ACCOUNTS: list[dict[str, Any]] = [
    dict(zip("abcd", values, strict=True))
    for values in itertools.product(
        [0.0, 15.0, 5.0, None], [True, False, None], [True, None], ["2026-11-21", "2026-08-01", "2027-01-01", None]
    )
]
SIZE = icp.Range("a", 1, 10, soft_high=20)


def profile(*criteria: icp.Criterion, **more: Any) -> icp.Profile:
    """Give a profile of one dimension."""
    return icp.Profile("P", [icp.Dimension("D", criteria)], **more)


PROFILES = {
    "weights": profile(SIZE, icp.Flag("b", weight=3), icp.Flag("c", weight=0), icp.Recency("d", half_life=60)),
    "numbers stand in": profile(icp.Flag("b", missing=0.3), icp.Flag("c", missing=1), missing=0.5),
    "a default stands in": profile(SIZE, icp.Flag("b", missing="skip"), missing=0.25, min_coverage=0.2),
    "a signal of which a number stands in": profile(
        SIZE, icp.Recency("d", half_life=60, absent="unknown", missing=0.5)
    ),
    "a signal in a combination": profile(SIZE, icp.AllOf(icp.Recency("d", window=30), icp.Flag("b"), name="both")),
    "combinations": profile(
        SIZE,
        icp.AllOf(icp.Flag("b"), icp.Flag("c"), name="both", weight=2),
        icp.AnyOf(icp.Flag("b"), ~icp.AllOf(icp.Flag("c"), SIZE), name="either", missing=0.4),
        min_coverage=0.1,
    ),
    "combinations alone": profile(icp.AllOf(icp.Flag("b"), icp.Flag("c"), name="both"), min_coverage=0),
    "one in one": profile(icp.AllOf(SIZE, name="same"), ~icp.Flag("b"), ~icp.AnyOf(icp.Flag("c"), name="no")),
    "a level of coverage": profile(SIZE, icp.Flag("b"), icp.Flag("c"), min_coverage=0.66),
    "nothing is too little": profile(SIZE, icp.Flag("b"), min_coverage=0),
    "all is needed": profile(SIZE, icp.Flag("b"), min_coverage=1),
    "the same twice": profile(
        icp.Flag("b", name="one"),
        icp.Flag("b", name="two", weight=2),
        icp.Recency("d", linear=90, name="three"),
        icp.Recency("d", linear=90, name="four"),
        icp.Flag("c"),
    ),
    "gates": profile(
        SIZE,
        icp.Flag("b"),
        gates=[
            icp.Gate(SIZE, at_least=0.5),
            icp.Gate(icp.Flag("c"), when_unknown="disqualify"),
            icp.Gate(icp.AnyOf(icp.Flag("b"), icp.Recency("d", window=300), name="any"), at_least=0.25),
        ],
        min_coverage=0.5,
    ),
    "adjustments": profile(
        SIZE,
        icp.Flag("b"),
        adjustments=[
            icp.Adjustment(-80, icp.Flag("c")),
            icp.Adjustment(33.3, icp.Recency("d", half_life=90)),
            icp.Adjustment(7, icp.AllOf(icp.Flag("b"), icp.Flag("c"), name="both")),
            icp.Adjustment(-2.5, SIZE),
        ],
        min_coverage=0.1,
    ),
    "tiers": profile(SIZE, icp.Flag("b"), tiers=icp.TierScale.from_cuts({"It's A": 62.5, "B": 33.333333, "C": 0})),
    "limits": profile(
        icp.Flag("b", missing=1), icp.AnyOf(SIZE, icp.Flag("c"), name="any", missing=1, weight=3), min_coverage=0
    ),
}


@pytest.mark.parametrize("name", PROFILES)
def test_steps_give_the_scores(name: str) -> None:
    """Weights, policies, bounds, gates, adjustments and tiers are those of the reference, on both engines."""
    rows = check(PROFILES[name], KINDS, ACCOUNTS)
    assert len({row[1:7] for row in rows}) > 2


@pytest.mark.parametrize("name", PROFILES)
def test_steps_give_the_points(name: str) -> None:
    """The points of each criterion, adjustment, clip and limit are the reference's, and null where there is no fit."""
    one, scorer = PROFILES[name], icp.Scorer(PROFILES[name])
    for dialect in ENGINES:
        rows = scored(dialect, one, KINDS, ACCOUNTS, contributions=True)
        assert [row[:8] for row in rows] == reference(one, ACCOUNTS)
        for row, account in zip(rows, ACCOUNTS, strict=True):
            score = scorer.score(account, as_of=AS_OF, on_invalid="unknown")
            points: list[float | None] = [value / 1e6 for _, value in score.explanation.points]
            assert list(row[8:]) == (points or [None] * (len(row) - 8))


def test_names_of_points_are_paths() -> None:
    """A column of points is called by its path; where a dialect refuses a sign in a name, _ stands for it."""
    one = PROFILES["adjustments"]
    paths = ["d/a", "d/b", "adjustments/c", "adjustments/d", "adjustments/both", "adjustments/a", "clip", "limit"]
    for dialect, mark in (("duckdb", "/"), ("bigquery", "_")):
        sql = icp.to_sql(one, dialect=dialect, table="t", key="id", as_of=AS_OF, contributions=True)
        assert all(path.replace("/", mark) in sql.rpartition("SELECT")[2] for path in paths)


@pytest.mark.parametrize("dialect", ENGINES)
def test_combinations_have_no_points_while_they_are_unknown(dialect: str) -> None:
    """What stands in for a combination lies within its ends."""
    one = profile(icp.AllOf(SIZE, icp.Flag("b"), name="both", missing=0.9), icp.Flag("c"), min_coverage=0)
    found = scored(dialect, one, KINDS, [{"a": 15.0, "c": True}, {"b": False, "c": True}, {"c": True}])
    assert [row[1] for row in found] == [75, 50, 95]


def test_a_question_that_two_profiles_ask_is_asked_once() -> None:
    """Profiles of one statement share what they ask; each has steps of its own."""
    other = icp.Profile("Q", [icp.Dimension("D", [SIZE, icp.Flag("b")])])
    sql = icp.to_sql([profile(SIZE, icp.Flag("c")), other], dialect="duckdb", table="t", key="id", as_of=AS_OF)
    assert sql.count('+ 6 - 6 AS "a_2"') == 2  # each has a term of it
    assert sql.count('AS "a_2"') == 4  # and there is one fact, and one match


def test_a_tier_that_no_text_can_hold_is_refused() -> None:
    """The name of a tier is text of the statement."""
    tiers = icp.TierScale.from_cuts({"A\0": 50, "B": 0})
    [problem] = icp.pushable(profile(SIZE, tiers=tiers), "duckdb")
    assert (problem.path, problem.reason[:37]) == ("tiers/A\0", "the tier's name holds the sign NUL, w")


@pytest.mark.parametrize(("part", "path"), [("gates", "gates/x"), ("adjustments", "adjustments/x")])
def test_gates_and_adjustments_are_refused_by_path(part: str, path: str) -> None:
    """A gate or an adjustment that cannot be said is told by its own path."""
    asks = icp.OneOf("x", ["a"])
    more: Any = {"gates": [icp.Gate(asks)]} if part == "gates" else {"adjustments": [icp.Adjustment(5, asks)]}
    assert [problem.path for problem in icp.pushable(profile(SIZE, **more), "duckdb")] == [path]


@pytest.mark.parametrize(
    ("weight", "said"), [(0.5, "50.0 %"), (0.0819672, "8.2 %"), (0.0005, "0.1 %"), (0.00012, "0.012 %")]
)
def test_a_share_is_said_as_people_do(weight: float, said: str) -> None:
    """A small share has two digits that mean something."""
    assert share_of(weight) == said


def test_names_of_points_are_as_long_as_the_dialect_keeps_them() -> None:
    """PostgreSQL would cut a longer name without a word; names that are then the same are numbered."""
    paths = [f"{'signals' * 8}/{'ü' * 10}{end}" for end in ("", "a", "b")]
    names = points_named(paths, DIALECTS["postgres"])
    assert names == ["signals" * 8 + "/üüü", "signals" * 8 + "/üü_2", "signals" * 8 + "/üü_3"]
    assert max(len(name.encode()) for name in names) <= 63
    assert points_named(paths, DIALECTS["duckdb"]) == paths
