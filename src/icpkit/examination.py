"""Examination: what each criterion of a profile finds in one account, piece by piece, and the tree of it."""

import functools
from collections.abc import Iterator
from typing import Any, NamedTuple

import attrs

from icpkit import views
from icpkit.arithmetic import Plan, adjusted_by, contributions, millionths, outcome_of, policy_of, sums_of, verdict
from icpkit.criteria import Criterion
from icpkit.evaluation import MISSING, NEVER, Answer, Get, Interval, Prepared, ask, look_up, prepare, settle
from icpkit.explanation import (
    AdjustmentResult,
    CriterionResult,
    DimensionResult,
    Explanation,
    GateResult,
    Reading,
    State,
)
from icpkit.missing import stand_in
from icpkit.profile import WEIGHT_UNITS, Profile, leaves, path_of, weight_units
from icpkit.reading import field_names, reader
from icpkit.typing import Account
from icpkit.value_functions import Combination, combine
from icpkit.views import Moment, Notes


class Node(NamedTuple):
    """A criterion or a part of one, prepared to be examined."""

    path: str
    criterion: Criterion
    prepared: Prepared
    share: float
    parts: "tuple[Node, ...]"


def node_of(criterion: Criterion, path: str, share: float = 0.0) -> Node:
    """Prepare a criterion and, where it is a combinator of this package, its parts."""
    function = criterion.value_function()
    inner = getattr(criterion, "criteria", None) or [getattr(criterion, "criterion", None)]
    parts = [part for part in inner if isinstance(part, Criterion)] if isinstance(function, Combination) else []
    names = [part.called if part.called is not None else f"{i}" for i, part in enumerate(parts, 1)]
    nodes = tuple(node_of(part, f"{path}/{views.fold(name)}") for part, name in zip(parts, names, strict=True))
    return Node(path, criterion, prepare(function), share, nodes)


class _Nodes(NamedTuple):
    """Everything in a profile, prepared to be examined."""

    criteria: tuple[Node, ...]
    adjustments: tuple[Node, ...]
    gates: tuple[Node, ...]


@functools.lru_cache(maxsize=64)
def _nodes(profile: Profile) -> _Nodes:
    units = weight_units(profile.dimensions)
    return _Nodes(
        tuple(
            node_of(criterion, path, share / WEIGHT_UNITS)
            for (path, _, criterion), share in zip(leaves(profile.dimensions), units, strict=True)
        ),
        tuple(node_of(one.when, path_of("adjustments", one.name)) for one in profile.adjustments),
        tuple(node_of(gate.criterion, path_of("gates", gate.name)) for gate in profile.gates),
    )


#: State, raw value, the ends of the match, how it was read, and the parts.
_Found = tuple[State, Any, float, float, Reading, tuple[CriterionResult, ...]]
_READ = Reading()


@attrs.frozen(slots=False)
class _Examiner:
    """Examines one account at one moment."""

    account: Account
    get: Get
    now: Moment

    @functools.cached_property
    def fields(self) -> tuple[str, ...]:
        """The account's fields, asked for only when one is lacking; never empty."""
        return field_names(self.account) or ("",)

    def examine(self, node: Node) -> tuple[Answer, _Found]:
        """Give a criterion's answer, and what it found."""
        if node.parts:
            return self._examine_parts(node)
        notes = Notes()
        answer = ask(node.prepared, self.get, self.now, notes)
        low, high, present = settle(answer, node.prepared.reach)
        raw = None
        fields: tuple[str, ...] = ()
        if isinstance(answer, Interval):
            state = _state(answer)
        else:
            state = "known" if present else "never" if answer is NEVER else "unknown"
            raw = look_up(self.get, node.prepared.attribute, MISSING)
            if raw is MISSING:
                raw, fields = None, self.fields
        if fields or notes.offenders or notes.ignored or notes.naive:
            invalid = notes.offenders[0].reason if notes.offenders else None
            return answer, (state, raw, low, high, Reading(fields, invalid, notes.ignored, notes.naive), ())
        return answer, (state, raw, low, high, _READ, ())

    def _examine_parts(self, node: Node) -> tuple[Answer, _Found]:
        assert isinstance(node.prepared.function, Combination)  # nothing else has parts
        parts = tuple(self.result(part, self.examine(part)[1]) for part in node.parts)
        low, high = combine(node.prepared.function.operation, [(part.low, part.high) for part in parts])
        answer = Interval(low, high, any(part.state in {"known", "partial"} for part in parts))
        return answer, (_state(answer), None, low, high, _READ, parts)

    def result(self, node: Node, found: _Found, *weighed: Any) -> CriterionResult:
        """Make the result of a criterion, with share, match, points and most where it is weighed."""
        state, raw, low, high, reading, parts = found
        return CriterionResult(node.path, node.criterion, state, raw, low, high, self.now, reading, parts, *weighed)


def _state(interval: Interval) -> State:
    return "known" if interval.low == interval.high else "partial" if interval.present else "unknown"


def explain(profile: Profile, plan: Plan, account: Account, now: Moment, key: Any) -> Explanation:
    """Examine an account, and explain its score.

    Args:
        profile: the profile.
        plan: the same, prepared.
        account: the account.
        now: the moment of scoring.
        key: what to call the account.
    """
    nodes, examiner = _nodes(profile), _Examiner(account, reader(account), now)
    criteria = [examiner.examine(node) for node in nodes.criteria]
    adjustments = [examiner.examine(node) for node in nodes.adjustments]
    gates = [examiner.examine(node) for node in nodes.gates]
    adjusted = adjusted_by(plan, [answer for answer, _ in adjustments])
    sums = sums_of(plan, [answer for (answer, _), node in zip(criteria, nodes.criteria, strict=True) if node.share])
    outcome = outcome_of(profile, plan, sums, adjusted, [answer for answer, _ in gates])
    matches = [_counted(found, node, profile) for (_, found), node in zip(criteria, nodes.criteria, strict=True)]
    points: list[int | None] = [None] * (len(criteria) + len(adjustments) + 2)
    fit, tier, status, coverage, low, high = outcome
    if fit is not None:
        shares = [node.share for node in nodes.criteria]
        points = [*contributions(shares, matches, sums[1], adjusted[0], low, high)]
    weighed = [
        examiner.result(node, found, node.share, match, earned, _most(node.share, match, sums[1]))
        for node, (_, found), match, earned in zip(nodes.criteria, criteria, matches, points, strict=False)
    ]
    return Explanation(
        profile=profile,
        key=key,
        as_of=now.as_of,
        fit=fit,
        tier=tier,
        status=status,
        coverage=coverage,
        low=low,
        high=high,
        dimensions=_by_dimension(profile, iter(weighed)),
        adjustments=tuple(
            AdjustmentResult(adjustment, examiner.result(node, found), earned)
            for adjustment, node, (_, found), earned in zip(
                profile.adjustments, nodes.adjustments, adjustments, points[len(criteria) : -2], strict=True
            )
        ),
        gates=tuple(
            GateResult(gate, examiner.result(node, found), verdict(gate, settle(answer, node.prepared.reach)))
            for gate, node, (answer, found) in zip(profile.gates, nodes.gates, gates, strict=True)
        ),
        clipped=points[-2],
        limited=points[-1],
    )


def _by_dimension(profile: Profile, results: Iterator[CriterionResult]) -> tuple[DimensionResult, ...]:
    return tuple(
        DimensionResult(dimension, tuple(next(results) for _ in dimension.criteria)) for dimension in profile.dimensions
    )


def _counted(found: _Found, node: Node, profile: Profile) -> float | None:
    """Give what a criterion counts for: its match, 0 where it never happened, what stands in, or None."""
    state, _, low, high, _, _ = found
    if not node.share:
        return None
    return low if state in {"known", "never"} else stand_in(policy_of(node.criterion, profile), low, high)


def _most(share: float, match: float | None, weight: float) -> int:
    """Give the millionths that a full match would have earned."""
    return 0 if match is None else millionths(100.0 * share / weight)
