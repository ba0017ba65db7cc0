"""Examination: what each criterion of a profile finds in one account, piece by piece, and the tree of it."""

import functools
import itertools
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import attrs

from icpkit import views
from icpkit.arithmetic import (
    UNADJUSTED,
    Plan,
    adjusted_by,
    contributions,
    outcome_of,
    policy_of,
    running_fit,
    sums_of,
    verdict,
)
from icpkit.criteria import Criterion
from icpkit.evaluation import MISSING, NEVER, Answer, Get, Interval, Match, Prepared, ask, look_up, prepare, settle
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
from icpkit.value_functions import Combination, ValueFunction, combine
from icpkit.views import Invalid, Moment, Notes


class Node(NamedTuple):
    """A criterion or a part of one, prepared to be examined.

    ``at_once``: path, criterion, attribute and match; state, ends and answer where it is absent. The attribute is
    empty where it takes more to answer: for a path into nested records, and for a combination.
    """

    path: str
    criterion: Criterion
    prepared: Prepared
    share: float
    parts: "tuple[Node, ...]"
    at_once: tuple[str, Criterion, str, Match, tuple[State, float, float], Answer]


def node_of(criterion: Criterion, path: str, share: float = 0.0) -> Node:
    """Prepare a criterion and, where it is a combinator of this package, its parts."""
    function = criterion.value_function()
    inner = getattr(criterion, "criteria", None) or [getattr(criterion, "criterion", None)]
    parts = [part for part in inner if isinstance(part, Criterion)] if isinstance(function, Combination) else []
    names = [part.called if part.called is not None else f"{i}" for i, part in enumerate(parts, 1)]
    nodes = tuple(node_of(part, f"{path}/{views.fold(name)}") for part, name in zip(parts, names, strict=True))
    prepared = prepare(function)
    simple = isinstance(function, ValueFunction) and "." not in function.attribute
    low, high, _ = settle(prepared.absent, prepared.reach)
    ends: tuple[State, float, float] = ("unknown" if prepared.absent is None else "never", low, high)
    at_once = (path, criterion, prepared.attribute if simple else "", prepared.match, ends, prepared.absent)
    return Node(path, criterion, prepared, share, nodes, at_once)


class _Nodes(NamedTuple):
    """Everything in a profile, prepared to be examined."""

    criteria: tuple[Node, ...]
    adjustments: tuple[Node, ...]
    gates: tuple[Node, ...]
    shares: tuple[float, ...]
    starts: tuple[int, ...]
    read: frozenset[str]


@functools.lru_cache(maxsize=64)
def _nodes(profile: Profile) -> _Nodes:
    units = weight_units(profile.dimensions)
    parts = [criterion for _, _, criterion in leaves(profile.dimensions)]
    parts += [one.when for one in profile.adjustments] + [gate.criterion for gate in profile.gates]
    return _Nodes(
        tuple(
            node_of(criterion, path, share / WEIGHT_UNITS)
            for (path, _, criterion), share in zip(leaves(profile.dimensions), units, strict=True)
        ),
        tuple(node_of(one.when, path_of("adjustments", one.name)) for one in profile.adjustments),
        tuple(node_of(gate.criterion, path_of("gates", gate.name)) for gate in profile.gates),
        tuple(share / WEIGHT_UNITS for share in units),
        tuple(itertools.accumulate((len(dimension.criteria) for dimension in profile.dimensions[:-1]), initial=0)),
        frozenset(name for part in parts for name in part.value_function().attributes),
    )


#: The first fields of a `CriterionResult`: from the path to the parts.
_Found: TypeAlias = tuple[str, Criterion, State, Any, float, float, Moment, Reading, tuple[CriterionResult, ...]]
#: Makes a `CriterionResult` of all its fields, without a step through its constructor.
_result: Callable[[tuple[Any, ...]], CriterionResult] = functools.partial(tuple.__new__, CriterionResult)
_READ = Reading()


@attrs.frozen(slots=False)
class _Examiner:
    """Examines one account at one moment."""

    account: Account
    get: Get
    now: Moment
    read: frozenset[str]

    @functools.cached_property
    def fields(self) -> tuple[str, ...]:
        """The account's fields that the profile does not read, asked for only when one is lacking; never empty."""
        return tuple(name for name in field_names(self.account) if name not in self.read) or ("",)

    @functools.cached_property
    def lacking(self) -> Reading:
        """What is told where the account has no field of a name."""
        return Reading(self.fields)

    def examine_all(self, nodes: tuple[Node, ...]) -> tuple[list[Answer], list[_Found]]:
        """Give the answers of criteria, and what they found: at once where there is nothing special to tell."""
        get, now = self.get, self.now
        answers: list[Answer] = []
        found: list[_Found] = []
        notes = Notes()
        for node in nodes:
            path, criterion, attribute, match, (state, low, high), absent = node.at_once
            raw = get(attribute, MISSING) if attribute else self
            if raw is None or raw is MISSING:
                answers.append(absent)
                found.append((path, criterion, state, None, low, high, now, _READ if raw is None else self.lacking, ()))
                continue
            try:
                answer = match(raw, now, notes) if attribute else None
            except Invalid:
                answer = None
            if answer is None or notes.ignored or notes.naive:
                notes = Notes()
                full, facts = self.examine(node)
                answers.append(full)
                found.append(facts)
                continue
            answers.append(answer)
            found.append((path, criterion, "known", raw, answer, answer, now, _READ, ()))
        return answers, found

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
        invalid = notes.offenders[0].reason if notes.offenders else None
        return answer, (
            node.path,
            node.criterion,
            state,
            raw,
            low,
            high,
            self.now,
            Reading(fields, invalid, notes.ignored, notes.naive),
            (),
        )

    def _examine_parts(self, node: Node) -> tuple[Answer, _Found]:
        assert isinstance(node.prepared.function, Combination)  # nothing else has parts
        answers, found = self.examine_all(node.parts)
        parts = tuple(CriterionResult(*facts) for facts in found)
        low, high = combine(node.prepared.function.operation, [(part.low, part.high) for part in parts])
        settled = [settle(one, part.prepared.reach) for one, part in zip(answers, node.parts, strict=True)]
        answer = Interval(low, high, any(one.present for one in settled))
        return answer, (node.path, node.criterion, _state(answer), None, low, high, self.now, _READ, parts)


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
    nodes = _nodes(profile)
    examiner = _Examiner(account, reader(account), now, nodes.read)
    answers, found = examiner.examine_all(nodes.criteria)
    adjusting, extras = examiner.examine_all(nodes.adjustments)
    checked, checks = examiner.examine_all(nodes.gates)
    adjusted = adjusted_by(plan, adjusting) if adjusting else UNADJUSTED
    sums = sums_of(plan, list(itertools.compress(answers, nodes.shares)))
    fit, tier, status, coverage, low, high = outcome_of(profile, plan, sums, adjusted, checked)
    matches = [
        answer if share and isinstance(answer, float) else _counted(facts, node, profile)
        for answer, facts, node, share in zip(answers, found, nodes.criteria, nodes.shares, strict=True)
    ]
    points: list[int | None] = [None] * (len(answers) + len(adjusting) + 2)
    weight = sums[1]
    if fit is not None:
        points = [*contributions(nodes.shares, matches, weight, running_fit(sums[0], weight, adjusted[0], low, high))]
    results = [
        _result(facts + (share, match, earned, weight))  # noqa: RUF005  # adding is faster
        for facts, share, match, earned in zip(found, nodes.shares, matches, points, strict=False)
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
        dimensions=tuple(
            DimensionResult(dimension, tuple(results[start : start + len(dimension.criteria)]))
            for dimension, start in zip(profile.dimensions, nodes.starts, strict=True)
        ),
        adjustments=tuple(
            AdjustmentResult(adjustment, CriterionResult(*facts), earned)
            for adjustment, facts, earned in zip(profile.adjustments, extras, points[len(answers) : -2], strict=True)
        ),
        gates=tuple(
            GateResult(
                gate,
                CriterionResult(*facts),
                verdict(gate, settle(answer, node.prepared.reach)),
            )
            for gate, node, answer, facts in zip(profile.gates, nodes.gates, checked, checks, strict=True)
        ),
        clipped=points[-2],
        limited=points[-1],
    )


def _counted(found: _Found, node: Node, profile: Profile) -> float | None:
    """Give what a criterion counts for: its match, 0 where it never happened, what stands in, or None."""
    _, _, state, _, low, high, *_ = found
    if not node.share:
        return None
    return low if state in {"known", "never"} else stand_in(policy_of(node.criterion, profile), low, high)
