from typing import Any

import numpy as np
import pytest

import icpkit as icp
from icpkit.batch.leaves import Leaf, Memory, leaf_of
from icpkit.batch.moments import moments_of
from icpkit.batch.plan import ask_of, parts_of, plan_of
from icpkit.columns import column_of_values
from icpkit.value_functions import ValueFunction
from tests.batch.cases import a_profile

SIZE = icp.Range("size", 50, 500)
SEEN = icp.Recency("seen", half_life=30)
B2B = icp.Flag("b2b")
DATA: dict[str, list[Any]] = {"size": [80.0, None], "seen": ["2026-11-01", "soon"], "b2b": [True, False]}


def bind(function: ValueFunction) -> Leaf:
    """Bind a value function to the data."""
    return leaf_of(function, column_of_values(DATA[function.attribute]), moments_of("2026-11-21", 2), Memory())


def test_a_profile_is_taken_apart_once() -> None:
    """The weighted criteria, gates and adjustments stand in their order; what weighs nothing is left out."""
    profile = a_profile(
        SIZE,
        icp.Range("size", 10, None, weight=0, name="nothing"),
        icp.AllOf(SEEN, icp.Not(B2B), name="both", weight=3, missing=0.3),
        gates=[icp.Gate(B2B)],
        adjustments=[icp.Adjustment(5, SEEN)],
    )
    ask = ask_of(profile)
    assert [(one.share, one.policy) for one in ask.questions] == [(0.25, "skip"), (0.75, 0.3)]
    assert [gate.at_least for gate, _ in ask.gates] == [1]
    assert [points for points, _ in ask.adjustments] == [5.0]
    assert [one.attribute for one in ask.functions] == ["size", "seen", "b2b", "b2b", "seen"]
    assert ask_of(profile) is ask


def test_combinations_have_parts() -> None:
    """The parts of a combination are the single value functions within it; a single one is its own part."""
    nested = icp.AnyOf(icp.AllOf(SIZE, icp.Not(SEEN)), B2B)
    assert [one.attribute for one in parts_of(nested.value_function())] == ["size", "seen", "b2b"]
    assert list(parts_of(SIZE.value_function())) == [SIZE.value_function()]


def test_a_question_that_several_profiles_ask_is_computed_once() -> None:
    """The same value function under other weights, and in gates, is one leaf."""
    one = a_profile(SIZE, SEEN)
    other = a_profile(icp.Range("size", 50, 500, weight=3, name="again"), B2B, gates=[icp.Gate(SIZE)])
    plan = plan_of([ask_of(one), ask_of(other)], bind)
    assert [(leaf.function.attribute, len(uses), keep) for leaf, uses, keep in plan.leaves] == [
        ("size", 2, True),
        ("seen", 1, False),
        ("b2b", 1, False),
    ]
    assert [use.share for use in plan.leaves[0][1]] == [0.5, 0.75]
    assert [worth.total for worth in plan.worths] == [1.0, 1.0]


def test_the_same_criterion_twice_is_worth_both() -> None:
    """In one profile, too, the same value function may be asked twice, with other policies."""
    twice = a_profile(SIZE, icp.Range("size", 50, 500, name="again", missing=0.3))
    plan = plan_of([ask_of(twice)], bind)
    [(_, uses, _)] = plan.leaves
    assert [use.missing for use in uses] == [(0, 0), (0, 1)]
    many = icp.score_batch(twice, {"size": [80, None]}, as_of="2026-11-21")
    assert [many.low.tolist(), many.high.tolist(), many.coverage.tolist()] == [[100, 0], [100, 100], [1, 0]]


@pytest.mark.parametrize(
    ("policy", "gone", "assumed"), [("skip", 1.0, 0.0), (0, 0.0, 0.0), (0.3, 0.0, 0.3), (1, 0.0, 1.0)]
)
def test_patterns_say_what_is_missing_and_what_it_is_worth(policy: Any, gone: float, assumed: float) -> None:
    """Each pattern of a byte holds the sums of its bits."""
    plan = plan_of([ask_of(a_profile(SIZE, missing=policy))], bind)
    [worth] = plan.worths
    assert worth.bytes == 1
    assert worth.hidden[0, :4].tolist() == [0, 1, 0, 1]
    assert worth.gone[0, 1] == gone
    assert abs(worth.assumed[0, 1] - assumed) < 2**-50
    assert (worth.low[0, 1], worth.high[0, 1]) == (0, 1)


def test_what_is_never_missing_has_no_bit() -> None:
    """A column that is complete takes no place in the patterns; one that is invalid and never takes two."""
    plan = plan_of([ask_of(a_profile(B2B))], bind)
    assert plan.worths[0].bytes == 0
    assert plan.leaves[0][1][0].missing is None
    plan = plan_of([ask_of(a_profile(SEEN, B2B))], bind)
    [use] = plan.leaves[0][1]
    assert (use.missing, use.invalid) == ((0, 0), (0, 1))
    assert np.array_equal(plan.worths[0].hidden[0, :4], [0, 0.5, 0.5, 1])
