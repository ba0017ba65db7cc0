"""Examination: what each criterion of a profile finds in one account, piece by piece."""

import math
from collections.abc import Callable
from datetime import timedelta

import attrs

from icpkit import views
from icpkit.criteria import Criterion
from icpkit.errors import near
from icpkit.explanation import CriterionResult, State
from icpkit.value_functions import (
    MISSING,
    NEVER,
    AnyValueFunction,
    Combination,
    Evaluate,
    Get,
    combine,
    descend,
    prepare,
    settle,
)
from icpkit.views import Moment, Notes


@attrs.frozen
class Node:
    """A criterion or a part of one, prepared to be examined."""

    path: str
    criterion: Criterion
    function: AnyValueFunction
    evaluate: Evaluate
    reach: tuple[float, float]
    share: float
    parts: "tuple[Node, ...]"

    @classmethod
    def of(cls, criterion: Criterion, path: str, share: float = 0.0) -> "Node":
        """Prepare a criterion and, where it is a combinator of this package, its parts."""
        function = criterion.value_function()
        inner = getattr(criterion, "criteria", None) or [getattr(criterion, "criterion", None)]
        parts = [part for part in inner if isinstance(part, Criterion)] if isinstance(function, Combination) else []
        names = [part.called if part.called is not None else f"{i}" for i, part in enumerate(parts, 1)]
        nodes = tuple(cls.of(part, f"{path}/{views.fold(name)}") for part, name in zip(parts, names, strict=True))
        return cls(path, criterion, function, prepare(function), function.reach, share, nodes)


@attrs.frozen
class Examiner:
    """Examines one account at one moment.

    Args:
        get: reads its attributes.
        now: the moment.
        names: gives its fields' names, asked for only when one is lacking.
    """

    get: Get
    now: Moment
    names: Callable[[], list[str]]

    def examine(self, node: Node) -> CriterionResult:
        """Give what a criterion found."""
        if node.parts and isinstance(node.function, Combination):
            return self._combination(node, node.function.operation)
        notes = Notes()
        answer = node.evaluate(self.get, self.now, notes)
        interval = settle(answer, node.reach)
        if isinstance(node.function, Combination):
            state: State = "known" if interval.low == interval.high else "partial" if interval.present else "unknown"
            return CriterionResult(
                node.path,
                node.criterion,
                state,
                None,
                interval.low,
                interval.high,
                ignored=notes.ignored,
                naive=notes.naive,
            )
        attribute = node.function.attribute
        raw = self.get(attribute, MISSING)
        no_field = raw is MISSING and descend(self.get, attribute) is None
        if raw is MISSING:
            raw = descend(self.get, attribute)
        known = interval.present
        age = views.latest_age(raw, self.now) if known and node.function.view == "age" else None
        latest = None if age is None or math.isinf(age) else (self.now.origin - timedelta(days=age)).date()
        return CriterionResult(
            node.path,
            node.criterion,
            "known" if known else "never" if answer is NEVER else "unknown",
            raw,
            interval.low,
            interval.high,
            no_field,
            near(attribute, self.names()) if no_field else "",
            notes.offenders[0].reason if notes.offenders else None,
            notes.ignored,
            notes.naive,
            age,
            latest,
        )

    def _combination(self, node: Node, operation: str) -> CriterionResult:
        parts = tuple(self.examine(part) for part in node.parts)
        low, high = combine(operation, [(part.low, part.high) for part in parts])
        present = any(part.state in {"known", "partial"} for part in parts)
        state: State = "known" if low == high else "partial" if present else "unknown"
        return CriterionResult(node.path, node.criterion, state, None, low, high, parts=parts)
