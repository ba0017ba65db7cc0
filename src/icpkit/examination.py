"""Examination: what each criterion of a profile finds in one account, piece by piece."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

import attrs

from icpkit import views
from icpkit.criteria import Criterion
from icpkit.evaluation import MISSING, NEVER, Answer, Evaluate, Get, Interval, careful, look_up, prepare, settle
from icpkit.explanation import CriterionResult, State
from icpkit.value_functions import AnyValueFunction, Combination, ValueFunction, combine
from icpkit.views import Moment, Notes


class Node(NamedTuple):
    """A criterion or a part of one, prepared to be examined."""

    path: str
    criterion: Criterion
    function: AnyValueFunction
    evaluate: Evaluate
    reach: tuple[float, float]
    share: float
    parts: "tuple[Node, ...]"


def node_of(criterion: Criterion, path: str, share: float = 0.0) -> Node:
    """Prepare a criterion and, where it is a combinator of this package, its parts."""
    function = criterion.value_function()
    inner = getattr(criterion, "criteria", None) or [getattr(criterion, "criterion", None)]
    parts = [part for part in inner if isinstance(part, Criterion)] if isinstance(function, Combination) else []
    names = [part.called if part.called is not None else f"{i}" for i, part in enumerate(parts, 1)]
    nodes = tuple(node_of(part, f"{path}/{views.fold(name)}") for part, name in zip(parts, names, strict=True))
    return Node(path, criterion, function, prepare(function), function.reach, share, nodes)


class Facts(NamedTuple):
    """What was found: the first fields of a `CriterionResult`, in their order."""

    path: str
    criterion: Criterion
    state: State
    raw: Any
    low: float
    high: float
    fields: tuple[str, ...] = ()
    invalid: str | None = None
    ignored: int = 0
    naive: int = 0
    age: float | None = None
    parts: tuple[CriterionResult, ...] = ()


@attrs.frozen(slots=False)
class Examiner:
    """Examines one account at one moment.

    Args:
        get: reads its attributes.
        now: the moment.
        names: gives its fields' names, asked for only when one is lacking.
    """

    get: Get
    now: Moment
    names: Callable[[], tuple[str, ...]]

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The account's fields."""
        return self.names()

    def examine(self, node: Node) -> tuple[Answer, Facts]:
        """Give a criterion's answer, and what it found."""
        if node.parts:
            return self._examine_parts(node)
        notes = Notes()
        answer = careful(node.evaluate, node.function, self.get, self.now, notes)
        low, high, present = settle(answer, node.reach)
        if not isinstance(node.function, ValueFunction):
            facts = Facts(node.path, node.criterion, _state(low, high, present), None, low, high)
            return answer, facts._replace(ignored=notes.ignored, naive=notes.naive)
        raw = look_up(self.get, node.function.attribute, MISSING)
        lacking = raw is MISSING
        return answer, Facts(
            node.path,
            node.criterion,
            "known" if present else "never" if answer is NEVER else "unknown",
            None if lacking else raw,
            low,
            high,
            self.fields if lacking else (),
            notes.offenders[0].reason if notes.offenders else None,
            notes.ignored,
            notes.naive,
            views.latest_age(raw, self.now) if present and node.function.view == "age" else None,
        )

    def _examine_parts(self, node: Node) -> tuple[Answer, Facts]:
        assert isinstance(node.function, Combination)  # nothing else has parts
        parts = tuple(CriterionResult(*self.examine(part)[1]) for part in node.parts)
        low, high = combine(node.function.operation, [(part.low, part.high) for part in parts])
        present = any(part.state in {"known", "partial"} for part in parts)
        facts = Facts(node.path, node.criterion, _state(low, high, present), None, low, high, parts=parts)
        return Interval(low, high, present), facts


def _state(low: float, high: float, present: bool) -> State:  # noqa: FBT001  # private
    return "known" if low == high else "partial" if present else "unknown"
