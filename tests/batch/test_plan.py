from datetime import UTC, datetime
from typing import Any

import pytest

import icpkit as icp
from icpkit.batch.leaves import Leaf, leaf_of
from icpkit.batch.moments import moments_of
from icpkit.batch.plan import ask_of, parts_of, plan_of
from icpkit.columns import column_of_values
from icpkit.value_functions import ValueFunction
from tests.batch.cases import a_profile, as_if_many, same_as_reference

SIZE = icp.Range("size", 50, 500)
SEEN = icp.Recency("seen", half_life=30)
B2B = icp.Flag("b2b")
NOW = moments_of("2026-11-21", 1)
DATA: dict[str, list[Any]] = {"size": [80.0, None], "seen": ["2026-11-01", "soon"], "b2b": [True, False]}


def bind(function: ValueFunction) -> Leaf:
    """Bind a value function to the data."""
    return leaf_of(function, column_of_values(DATA[function.attribute]), moments_of("2026-11-21", 2))


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
    uses = [[profile for profile, _ in tables] for _, tables in plan.look_ups]
    factors = [(leaf.function.attribute, factors) for leaf, factors in plan.curves]
    assert factors == []
    assert sorted(uses) == [[0], [0, 1], [1]]
    assert [leaf.function.attribute for leaf in plan.kept] == ["size"]
    assert [worth.total for worth in plan.worths] == [1.0, 1.0]


def test_the_same_criterion_twice_is_worth_both() -> None:
    """In one profile, too, the same value function may be asked twice, with other policies."""
    twice = a_profile(SIZE, icp.Range("size", 50, 500, name="again", missing=0.3))
    plan = plan_of([ask_of(twice)], bind)
    assert len(plan.marked) == 1
    many = icp.score_batch(twice, {"size": [80, None]}, as_of="2026-11-21")
    assert [many.low.tolist(), many.high.tolist(), many.coverage.tolist()] == [[100, 0], [100, 100], [1, 0]]


@pytest.mark.parametrize(
    ("policy", "gone", "assumed"), [("skip", 1.0, 0.0), (0, 0.0, 0.0), (0.3, 0.0, 0.3), (1, 0.0, 1.0)]
)
def test_patterns_say_what_is_missing_and_what_it_is_worth(policy: Any, gone: float, assumed: float) -> None:
    """Each pattern of a byte holds the sums of its bits; of what is worth nothing there is no table."""
    plan = plan_of([ask_of(a_profile(SIZE, missing=policy))], bind)
    assert plan.bytes == 1
    [worth] = plan.worths
    assert [table[1] for _, table in worth.gone] == [gone] * bool(gone)
    assert [table[1] for _, table in worth.never] == [1 - gone] * (gone == 0)
    assert [abs(table[1] - assumed) < 2**-50 for _, table in worth.assumed] == [True] * bool(assumed)
    assert worth.low == ()
    assert [table[:4].tolist() for _, table in worth.more] == [[0, 1, 0, 1]] * (gone == 0)


def test_what_is_never_missing_has_no_bit() -> None:
    """A column that is complete takes no place in the patterns; a signal that is invalid takes two."""
    assert plan_of([ask_of(a_profile(B2B))], bind).bytes == 0
    plan = plan_of([ask_of(a_profile(SEEN, B2B))], bind)
    assert [(one.absent, one.invalid) for one in plan.marked] == [((0, 0), (0, 1))]
    [(_, hidden)], [(_, gone)] = plan.worths[0].never, plan.worths[0].gone
    assert hidden[:4].tolist() == [0, 0.5, 0, 0.5]
    assert gone[:4].tolist() == [0, 0, 0.5, 0.5]


def test_leaves_share_the_bit_of_what_an_account_lacks() -> None:
    """Leaves of one attribute that are absent where it is lacking read the bit that encoding has set."""
    profile = a_profile(SIZE, icp.Range("size", 10, None, name="again"), SEEN)
    batch = icp.encode({"size": [80.0, None], "seen": ["2026-11-01", None]}, profile)
    plan = plan_of([ask_of(profile)], lambda one: leaf_of(one, batch.columns[one.attribute], NOW), batch.memory)
    assert plan.marked == ()
    assert batch.memory.gaps.bits.tolist() == [[0, 3]]


def test_who_marks_more_adds_to_the_bit_where_nobody_else_reads_it() -> None:
    """A signal after the moment of scoring is absent too; where it matters to two questions each has its own bit."""
    ahead = {"seen": [datetime(2026, 11, 1, tzinfo=UTC), None, datetime(2027, 1, 1, tzinfo=UTC)]}
    for criteria, places in (
        ([SEEN], [(0, 0)]),
        ([SEEN, icp.Age("seen", at_least=0, name="age")], [(1, 0), (1, 1)]),
    ):
        profile = a_profile(*criteria)
        batch = icp.encode(ahead, profile)
        leaves = {one: leaf_of(one, batch.columns[one.attribute], NOW) for one in ask_of(profile).functions}
        plan = plan_of([ask_of(profile)], leaves.__getitem__, batch.memory)
        assert [one.absent for one in plan.marked] == places
        same_as_reference(profile, [{"seen": one} for one in ahead["seen"]])


def test_names_of_several_columns_are_looked_up_at_once() -> None:
    """Columns of texts have one code for what they hold together, and their terms are added up beforehand."""
    criteria = [icp.OneOf(name, {"a": 1, "b": 0.3}, otherwise=0.1, weight=1 + i) for i, name in enumerate("xyz")]
    pool = ["a", " B", "c", None, "A ", ""]
    data = [{"x": pool[i % 6], "y": pool[i * 5 % 7 % 6], "z": pool[i // 6 % 6]} for i in range(200)]
    profile = a_profile(*criteria, icp.OneOf("x", ["b"], name="again"))
    with as_if_many():
        batch = icp.encode(data, profile)
    [joint] = batch.memory.joints
    assert joint.attributes == ("x", "y", "z")
    assert joint.sizes == (4, 4, 4)

    def bind(one: ValueFunction) -> Leaf:
        return leaf_of(one, batch.columns[one.attribute], NOW, batch.memory.of(one.attribute))

    assert len(plan_of([ask_of(profile)], bind, batch.memory).look_ups) == 1
    assert len(plan_of([ask_of(a_profile(criteria[0]))], bind, batch.memory).look_ups) == 1
    some = plan_of([ask_of(profile), ask_of(a_profile(*criteria[1:]))], bind, batch.memory)
    assert [len(tables) for _, tables in some.look_ups] == [2]
    same_as_reference(profile, data)
    same_as_reference(a_profile(*criteria[1:]), data)
