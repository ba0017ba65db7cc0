from collections.abc import Callable
from typing import Any

import attrs
import pytest

from icpkit._attrs import Pairs
from icpkit.errors import DefinitionError
from icpkit.value_functions import (
    Combination,
    Decay,
    EventSum,
    LabelMerge,
    Segments,
    Steps,
    Table,
    ValueFunction,
    combine,
)

RANGE = Segments(50, 500)
STEPS = Steps([(1, 0.25), (2, 0.75)], 0.5)
TABLE = Table({"a": 0.25, "b": 0.75})
STRICT = Table({1: 0.5, 2: 0.75}, otherwise=None)

PARTS_THAT_CANNOT_BE: dict[str, tuple[Any, tuple[Any, ...], dict[str, Any], str]] = {
    "segments without an end": (
        Segments,
        (),
        {},
        "Segments must have at least one end, and rising edges (got Segments(",
    ),
    "falling segments": (Segments, (2, 1), {}, "Segments must have at least one end, and rising edges (got Segments("),
    "soft edge within": (
        Segments,
        (1, 2),
        {"soft_low": 1.5},
        "Segments must have at least one end, and rising edges (got Segments(",
    ),
    "soft edge of an open end": (
        Segments,
        (1,),
        {"soft_high": 2},
        "Segments must have soft edges beyond the ends that they soften (got Segments(",
    ),
    "soft edge at its end": (
        Segments,
        (1,),
        {"soft_low": 1},
        "Segments must have soft edges beyond the ends that they soften (got Segments(",
    ),
    "edge that is no number": (Segments, ("1",), {}, "Segments.low must be a number (got '1')"),
    "no steps": (Steps, ([],), {}, "Steps.steps must be a list of (edge, match) pairs (got ())"),
    "otherwise of steps": (Steps, ([(1, 1)], 2), {}, "Steps.otherwise must be between 0 and 1 (got 2)"),
    "side": (Steps, ([(1, 1)],), {"side": "left"}, "Steps.side must be one of 'from', 'to' (got 'left')"),
    "no entries": (Table, ({},), {}, "Table.entries must not be empty (got {})"),
    "otherwise of a table": (Table, (["a"], -1), {}, "Table.otherwise must be between 0 and 1 (got -1)"),
    "half-life": (Decay, (0,), {}, "Decay.half_life must be > 0 (got 0)"),
    "label mode": (
        LabelMerge,
        ("most",),
        {},
        "LabelMerge.mode must be one of 'share', 'any', 'all', 'at_least', 'satisfies' (got 'most')",
    ),
    "k": (LabelMerge, ("at_least", 0), {}, "LabelMerge.k must be >= 1 (got 0)"),
    "kinds": (EventSum, ("demo",), {}, "EventSum.kinds must be a collection, or a mapping to numbers (got 'demo')"),
    "target": (EventSum, (["demo"], 0), {}, "EventSum.target must be > 0 (got 0)"),
    "view": (
        ValueFunction,
        ("x", "size", RANGE),
        {},
        "ValueFunction.view must be one of number, log, truth, text, labels, age, ahead, years, events (got 'size')",
    ),
    "curve of a number": (
        ValueFunction,
        ("x", "number", Decay(30)),
        {},
        "ValueFunction.curve must be Segments, Steps, Table under the view 'number' (got Decay(half_life=30))",
    ),
    "curve of a logarithm": (
        ValueFunction,
        ("x", "log", Decay(30)),
        {},
        "ValueFunction.curve must be Segments under the view 'log' (got Decay(half_life=30))",
    ),
    "merge of a moment": (
        ValueFunction,
        ("x", "age", Decay(30)),
        {},
        "ValueFunction.merge must be latest under the view 'age' (got 'only')",
    ),
    "merge of a text": (
        ValueFunction,
        ("x", "text", TABLE, "latest"),
        {},
        "ValueFunction.merge must be only or best under the view 'text' (got 'latest')",
    ),
    "merge of labels": (
        ValueFunction,
        ("x", "labels", TABLE, EventSum(["a"])),
        {},
        "ValueFunction.merge must be LabelMerge under the view 'labels' (got EventSum(kinds={'a': 1}, target=1.0))",
    ),
}


@pytest.mark.parametrize(
    ("kind", "args", "options", "sentence"), PARTS_THAT_CANNOT_BE.values(), ids=PARTS_THAT_CANNOT_BE
)
def test_a_value_function_that_cannot_be(
    kind: Any, args: tuple[Any, ...], options: dict[str, Any], sentence: str
) -> None:
    """A part that contradicts itself, or does not belong to its view, is refused."""
    with pytest.raises(DefinitionError) as caught:
        kind(*args, **options)
    assert (caught.value.owner, str(caught.value)[: len(sentence)]) == (kind.__name__, sentence)


@pytest.mark.parametrize(
    ("function", "reach"),
    [
        (ValueFunction("x", "number", RANGE), (0, 1)),
        (ValueFunction("x", "number", STEPS), (0.25, 0.75)),
        (ValueFunction("x", "number", STRICT), (0.5, 0.75)),
        (ValueFunction("x", "text", TABLE, "best"), (0, 0.75)),
        (ValueFunction("x", "labels", TABLE, LabelMerge()), (0, 1)),
        (ValueFunction("x", "age", Decay(30), "latest"), (0, 1)),
        (ValueFunction("x", "events", Decay(30), EventSum(["a"])), (0, 1)),
        (Combination("min", (ValueFunction("x", "number", STEPS), ValueFunction("y", "number", STRICT))), (0.25, 0.75)),
        (Combination("max", (ValueFunction("x", "number", STEPS), ValueFunction("y", "number", STRICT))), (0.5, 0.75)),
        (Combination("not", (ValueFunction("x", "number", STEPS),)), (0.25, 0.75)),
        (Combination("not", (ValueFunction("x", "number", Steps([(1, 0.25)])),)), (0.75, 1)),
    ],
)
def test_the_reach(function: ValueFunction | Combination, reach: tuple[float, float]) -> None:
    """The reach holds the least and the greatest match over all valid values, combined as matches are."""
    assert function.reach == reach


def test_the_attributes_that_are_read() -> None:
    """A value function reads one attribute, a combination those of its parts, each once, in order."""
    b, a = ValueFunction("b", "number", RANGE), ValueFunction("a", "number", RANGE)
    assert [b.attributes, Combination("min", (b, Combination("not", (a,)), b)).attributes] == [("b",), ("b", "a")]


@pytest.mark.parametrize(
    ("operation", "combined"), [("min", (0.1, 0.6)), ("max", (0.3, 0.9))], ids=["least", "greatest"]
)
def test_intervals_combine_end_by_end(operation: str, combined: tuple[float, float]) -> None:
    """The ends of a combined interval are the combined ends."""
    assert combine(operation, [(0.1, 0.9), (0.3, 0.6)]) == combined


def test_the_opposite_of_an_interval_swaps_its_ends() -> None:
    """1 minus an interval begins where the interval ended."""
    assert combine("not", [(0.25, 1)]) == (0, 0.75)


@pytest.mark.parametrize(
    "part",
    [
        *(RANGE, STEPS, TABLE, Decay(30), LabelMerge("any", groups=Pairs([("a", ("b",))])), EventSum({"a": 2})),
        ValueFunction("x", "number", RANGE),
        Combination("not", (ValueFunction("x", "number", RANGE),)),
    ],
    ids=lambda part: type(part).__name__,
)
def test_value_functions_are_frozen_and_hashable(part: Any) -> None:
    """A value function is plain data: it cannot be changed, and equal ones are one key."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        part.view = "other"
    assert {part: "found"}[attrs.evolve(part)] == "found"


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: LabelMerge("at_least"), "k"),
        (lambda: LabelMerge("any", 1), "k"),
        (lambda: ValueFunction("", "number", RANGE), "attribute"),
        (lambda: ValueFunction("x", "number", RANGE, absent="nope"), "absent"),  # type: ignore[arg-type]
        (lambda: ValueFunction("x", "number", RANGE, "best"), "merge"),
        (lambda: ValueFunction("x", "number", Table({"a": 1})), "curve"),
        (lambda: ValueFunction("x", "labels", Table({1: 1}), LabelMerge()), "curve"),
        (lambda: ValueFunction("x", "labels", Table({"a": 0}), LabelMerge()), "curve"),
        (lambda: ValueFunction("x", "log", Segments(0, 1)), "curve"),
        (lambda: Combination("mean", (ValueFunction("x", "number", RANGE),)), "operation"),  # type: ignore[arg-type]
        (lambda: Combination("min", ()), "parts"),
        (lambda: Combination("not", (ValueFunction("x", "number", RANGE),) * 2), "parts"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_parts_that_do_not_belong_together(make: Callable[[], object], field: str) -> None:
    """What no engine could compute is refused when it is made, and the field is named."""
    with pytest.raises(DefinitionError) as caught:
        make()
    assert caught.value.field == field
