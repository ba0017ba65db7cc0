"""The meaning of a profile for one account: the reference that every other engine must equal.

The numbers follow fixed rules (`icpkit.SEMANTICS` names them): effective weights are multiples of 2^-40, terms of
2^-50, so that sums are exact in any order; the fit is quantised once, to a millionth of a point.
"""

import functools
import itertools
import math
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import attrs

from icpkit import views
from icpkit._version import SEMANTICS, __version__
from icpkit.criteria import Criterion
from icpkit.errors import AccountChangedError, AccountTypeError, InvalidAccountError, near
from icpkit.examination import Examiner, Node
from icpkit.explanation import (
    AdjustmentResult,
    CriterionResult,
    DimensionResult,
    Explanation,
    GateResult,
    Reason,
    Verdict,
    millionths,
)
from icpkit.missing import MissingPolicy, stand_in
from icpkit.profile import WEIGHT_UNITS, Profile, leaves, name_of, path_of, weight_units
from icpkit.typing import Account, Offender, OnInvalid, Status
from icpkit.value_functions import MISSING, NEVER, AnyValueFunction, Evaluate, Get, Interval, prepare, settle
from icpkit.views import Invalid, Moment, Notes
from icpkit.words import ENGLISH, Words

# Adding 6 and taking it away rounds a number in [0, 2) to the nearest multiple of 2^-50.
_ROUNDER = 6.0


def ninth_decimal(share: float) -> float:
    """Round a match or coverage to nine decimals, before it is compared with a threshold or published."""
    return math.floor(share * 1e9 + 0.5) / 1e9


def term(weight: float, match: float) -> float:
    """Multiply an effective weight and a match, to the nearest multiple of 2^-50."""
    return (weight * match + _ROUNDER) - _ROUNDER


class _Leaf(NamedTuple):
    """A criterion of positive weight, ready to be evaluated, with the terms of its answer when unknown."""

    evaluate: Evaluate
    weight: float
    low_term: float
    high_term: float
    stand_in_term: float | None
    policy: MissingPolicy


class _Gate(NamedTuple):
    evaluate: Evaluate
    reach: tuple[float, float]
    at_least: float
    disqualify_unknown: bool


class _Adjustment(NamedTuple):
    evaluate: Evaluate
    reach: tuple[float, float]
    points: float


def _a_profile(profile: Profile) -> Profile:
    """Refuse anything else before it is taken apart."""
    if not isinstance(profile, Profile):
        raise TypeError(f"a Scorer needs a Profile (got {type(profile).__name__})")
    return profile


def _leaves_of(profile: Profile) -> tuple[_Leaf, ...]:
    units = weight_units(profile.dimensions)
    return tuple(
        _leaf(criterion.value_function(), share / WEIGHT_UNITS, _policy(criterion, profile))
        for (_, _, criterion), share in zip(leaves(profile.dimensions), units, strict=True)
        if share
    )


def _policy(criterion: Criterion, profile: Profile) -> MissingPolicy:
    return profile.missing if criterion.missing is None else criterion.missing


def _leaf(function: AnyValueFunction, weight: float, policy: MissingPolicy) -> _Leaf:
    low, high = function.reach
    assumed = stand_in(policy, low, high)
    stand_in_term = None if assumed is None else term(weight, assumed)
    return _Leaf(prepare(function), weight, term(weight, low), term(weight, high), stand_in_term, policy)


def _gates_of(profile: Profile) -> tuple[_Gate, ...]:
    functions = [(gate, gate.criterion.value_function()) for gate in profile.gates]
    return tuple(
        _Gate(prepare(function), function.reach, gate.at_least, gate.when_unknown == "disqualify")
        for gate, function in functions
    )


def _adjustments_of(profile: Profile) -> tuple[_Adjustment, ...]:
    functions = [(adjustment, adjustment.when.value_function()) for adjustment in profile.adjustments]
    return tuple(
        _Adjustment(prepare(function), function.reach, float(adjustment.points)) for adjustment, function in functions
    )


def running_fit(numerator: float, denominator: float, adjustments: list[float], low: float, high: float) -> list[float]:
    """Give the fit as it comes about, unquantised: of the criteria, after each adjustment, the clip and the limit.

    Args:
        numerator: the sum of the terms that count.
        denominator: the sum of the weights that count, above 0.
        adjustments: the points that each adds, in order.
        low: the lowest fit that the account could have.
        high: the highest one.
    """
    steps = [100.0 * numerator / denominator]
    for points in adjustments:
        steps.append(steps[-1] + points)
    steps.append(min(max(steps[-1], 0.0), 100.0))
    steps.append(min(max(steps[-1], low), high))
    return steps


def bound(numerator: float, adjustments: list[float]) -> float:
    """Give an end of the fit, unquantised: on full weight, adjustments added, clipped."""
    points = 100.0 * numerator
    for added in adjustments:
        points += added
    return min(max(points, 0.0), 100.0)


@attrs.frozen(slots=False)
class Score:
    """How well one account fits a profile, and what is certain about it.

    Attributes:
        key: the account's identifier, if one was asked for.
        fit: 0 to 100 with six decimals, or None where too little is known.
        tier: the tier's name, or None where the account is disqualified or has no fit.
        status: ``"scored"``, ``"disqualified"`` or ``"insufficient data"``.
        coverage: the share of effective weight whose attributes are known, 0 to 1, with nine decimals.
        low: the lowest fit that the account could have once every unknown is known.
        high: the highest one.
        as_of: the date, or the datetime in UTC, of the scoring.
        invalid: the values of the wrong kind that were taken as unknown.
    """

    key: Any
    fit: float | None
    tier: str | None
    status: Status
    coverage: float
    low: float
    high: float
    as_of: date
    invalid: tuple[Offender, ...] = attrs.field(repr=False)
    _scorer: "Scorer" = attrs.field(repr=False, eq=False)
    _account: Account = attrs.field(repr=False, eq=False)

    @property
    def profile(self) -> Profile:
        """The profile by which it was scored."""
        return self._scorer.profile

    @property
    def possible_tiers(self) -> tuple[str, ...]:
        """The tiers whose band meets [low, high], the best first."""
        return self.profile.tiers.between(self.low, self.high)

    @property
    def certain(self) -> bool:
        """Whether the tier is the same whatever the unknowns turn out to be."""
        return self.status == "scored" and len(self.possible_tiers) == 1

    @functools.cached_property
    def explanation(self) -> Explanation:
        """The typed tree of how the fit came about, made when first asked for.

        Raises:
            AccountChangedError: where the account was changed in the meantime.
        """
        explanation = self._scorer.explain(self._account, as_of=self.as_of, key=self.key)
        if explanation.outcome != (self.fit, self.tier, self.status, self.coverage, self.low, self.high):
            raise AccountChangedError(self.key)
        return explanation

    def reasons(self, count: int = 3, words: Words = ENGLISH) -> tuple[Reason, ...]:
        """Give the weightiest reasons, with stable codes: failed gates first, then what won or lost most.

        >>> import icpkit as icp
        >>> one = icp.score(icp.standard_profile(), {"employees": 320, "is_competitor": True}, as_of="2026-11-21")
        >>> one.reasons(1)[0].code
        'gate_failed'
        """
        return self.explanation.reasons(count, words)

    def to_dict(
        self, *, reasons: int = 0, points: bool = False, stamp: bool = False, explanation: bool = False
    ) -> dict[str, Any]:
        """Give plain data in the one result schema: key, fit, tier, status, coverage, low, high.

        Args:
            reasons: how many reasons to add, as ``reason_1`` and so on.
            points: whether to add the points of each dimension and criterion, by path.
            stamp: whether to add profile, as_of, semantics and library version.
            explanation: whether to add the whole tree.

        >>> import icpkit as icp
        >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500)])])
        >>> icp.score(profile, {"id": "acme", "employees": 80}, key="id", as_of="2026-11-21").to_dict()
        {'key': 'acme', 'fit': 100.0, 'tier': 'Perfect', 'status': 'scored', ...}
        """
        data: dict[str, Any] = {name: getattr(self, name) for name in SCHEMA}
        if reasons:
            data |= {f"reason_{rank}": reason.text for rank, reason in enumerate(self.reasons(reasons), 1)}
        if points:
            data["points"] = {path: value / 1e6 for path, value in self.explanation.points}
        if stamp:
            data |= {
                "profile": self.profile.name,
                "as_of": self.as_of.isoformat(),
                "semantics": SEMANTICS,
                "version": __version__,
            }
        if explanation:
            data["explanation"] = self.explanation.to_dict()
        return data

    def __str__(self) -> str:
        """Show the table that a salesperson reads."""
        return self.explanation.to_text()


#: The columns of a result, in every engine, table and file.
SCHEMA = ("key", "fit", "tier", "status", "coverage", "low", "high")


@attrs.frozen(eq=False)
class Scorer:
    """A profile, prepared once to score many accounts one by one; immutable, and safe to share between threads.

    Args:
        profile: the profile.

    >>> import icpkit as icp
    >>> scorer = icp.Scorer(icp.standard_profile())
    >>> scorer.score({"employees": 320, "industry": "Software"}, as_of="2026-11-21").status
    'insufficient data'
    """

    profile: Profile = attrs.field(converter=_a_profile)
    _leaves: tuple[_Leaf, ...] = attrs.field(
        init=False, repr=False, default=attrs.Factory(lambda self: _leaves_of(self.profile), takes_self=True)
    )
    _gates: tuple[_Gate, ...] = attrs.field(
        init=False, repr=False, default=attrs.Factory(lambda self: _gates_of(self.profile), takes_self=True)
    )
    _adjustments: tuple[_Adjustment, ...] = attrs.field(
        init=False, repr=False, default=attrs.Factory(lambda self: _adjustments_of(self.profile), takes_self=True)
    )

    def score(
        self,
        account: Account,
        *,
        as_of: date | str,
        key: str | None = None,
        on_invalid: OnInvalid = "raise",
        redact: bool = False,
    ) -> Score:
        """Score one account.

        Args:
            account: a mapping, an attrs or dataclass object, or any object with attributes.
            as_of: the moment of scoring: a date, an aware datetime, or the ISO text of one.
            key: the attribute that holds the account's identifier.
            on_invalid: ``"raise"``, or ``"unknown"`` to take values of the wrong kind as unknown and list them.
            redact: keeps values out of error messages.

        Raises:
            AsOfError: for a moment that is naive or none.
            AccountTypeError: for something that is not one account.
            InvalidAccountError: for values of the wrong kind, all of them at once.
        """
        now = views.moment(as_of)
        get = reader(account)
        invalid: tuple[Offender, ...] = ()
        if on_invalid not in {"raise", "unknown"}:
            raise ValueError(f'on_invalid must be "raise" or "unknown" (got {on_invalid!r})')
        name = None if key is None else _key(get, key, account)
        try:
            outcome = self._outcome(get, now, None)
        except Invalid:
            notes = Notes(name)
            outcome = self._outcome(get, now, notes)
            invalid = notes.distinct()
            if on_invalid == "raise":
                raise InvalidAccountError(invalid, redact=redact) from None
        return Score(name, *outcome, now.as_of, invalid, self, account)

    def _outcome(
        self, get: Get, now: Moment, notes: Notes | None
    ) -> tuple[float | None, str | None, Status, float, float, float]:
        """Give fit, tier, status, coverage, low and high of one account."""
        numerator = denominator = covered = low = high = 0.0
        present = False
        for evaluate, weight, low_term, high_term, stand_in_term, policy in self._leaves:
            answer = evaluate(get, now, notes)
            if isinstance(answer, float):
                points = (weight * answer + _ROUNDER) - _ROUNDER
                numerator += points
                low += points
                high += points
                denominator += weight
                covered += weight
                present = True
            elif answer is None:
                low += low_term
                high += high_term
                if stand_in_term is not None:
                    numerator += stand_in_term
                    denominator += weight
            elif answer is NEVER:
                denominator += weight
            else:
                assert isinstance(answer, Interval)  # all other answers are handled
                present = present or answer.present
                low += term(weight, answer.low)
                high += term(weight, answer.high)
                match = answer.low if answer.low == answer.high else stand_in(policy, answer.low, answer.high)
                if match is not None:
                    numerator += term(weight, match)
                    denominator += weight
                covered += weight if answer.low == answer.high else 0.0
        coverage = ninth_decimal(covered)
        intervals = [(one.points, settle(one.evaluate(get, now, notes), one.reach)) for one in self._adjustments]
        lowest = bound(low, [min(points * each.low, points * each.high) for points, each in intervals])
        highest = bound(high, [max(points * each.low, points * each.high) for points, each in intervals])
        fit = None
        if present and denominator and coverage >= self.profile.min_coverage:
            added = [points * each.low for points, each in intervals]
            fit = millionths(running_fit(numerator, denominator, added, lowest, highest)[-1]) / 1e6
        status: Status = "insufficient data" if fit is None else "scored"
        for gate in self._gates:
            if verdict(gate, get, now, notes) == "failed":
                status = "disqualified"
        tier = self.profile.tiers.tier_of(fit) if fit is not None and status == "scored" else None
        return fit, tier, status, coverage, millionths(lowest) / 1e6, millionths(highest) / 1e6

    def explain(self, account: Account, *, as_of: date | str, key: Any = None) -> Explanation:
        """Explain one account's score: the tree that `Score.explanation` gives.

        Values of the wrong kind are taken as unknown, and the tree says so.

        Args:
            account: as for `score`.
            as_of: as for `score`.
            key: what to call the account.
        """
        profile, get, now = self.profile, reader(account), views.moment(as_of)
        examiner = Examiner(get, now, functools.partial(field_names, account))
        dimensions, gates, adjustments = _nodes(profile)
        fit, tier, status, coverage, low, high = self._outcome(get, now, Notes())
        extras = [examiner.examine(node) for node in adjustments]
        added = [one.points * each.low for one, each in zip(self._adjustments, extras, strict=True)]
        groups = [
            [_weighed(examiner.examine(node), node, _policy(node.criterion, profile)) for node in group]
            for group in dimensions
        ]
        points: list[int] = []
        if fit is not None:
            points = _contributions([result for group in groups for result in group], added, low, high)
        share = iter(points)
        denominator = sum(result.share for group in groups for result in group if result.match is not None)
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
                DimensionResult(
                    dimension,
                    tuple(result.paid(next(share, None), denominator if points else 1.0) for result in group),
                )
                for dimension, group in zip(profile.dimensions, groups, strict=True)
            ),
            adjustments=tuple(
                AdjustmentResult(adjustment, result, next(share, None))
                for adjustment, result in zip(profile.adjustments, extras, strict=True)
            ),
            gates=tuple(
                GateResult(gate, examiner.examine(node), verdict(one, get, now, Notes()))
                for gate, node, one in zip(profile.gates, gates, self._gates, strict=True)
            ),
            clipped=next(share, None),
            limited=next(share, None),
        )


def _contributions(results: list[CriterionResult], added: list[float], low: float, high: float) -> list[int]:
    """Give the millionths that each criterion, each adjustment, the clip and the limit add: they sum to the fit."""
    counted = [result for result in results if result.match is not None]
    denominator = sum(result.share for result in counted)
    numerator, steps = 0.0, [0.0]
    for result in results:
        numerator += 0.0 if result.match is None else term(result.share, result.match)
        steps.append(100.0 * numerator / denominator)
    steps += running_fit(numerator, denominator, added, low, high)[1:]
    marks = [millionths(step) for step in steps]
    return [after - before for before, after in itertools.pairwise(marks)]


def _weighed(result: CriterionResult, node: Node, policy: MissingPolicy) -> CriterionResult:
    """Add what the criterion counts for: its match, 0 where it never happened, or what stands in for it."""
    match: float | None = result.low
    if not result.settled:
        match = stand_in(policy, result.low, result.high)
    return attrs.evolve(result, share=node.share, match=match if node.share else None)


@functools.lru_cache(maxsize=64)
def _nodes(profile: Profile) -> tuple[list[list[Node]], list[Node], list[Node]]:
    """Prepare everything in a profile to be examined: by dimension, the adjustments, the gates."""
    units = iter(weight_units(profile.dimensions))
    return (
        [
            [
                Node.of(criterion, path_of(dimension.name, name_of(criterion)), share=next(units) / WEIGHT_UNITS)
                for criterion in dimension.criteria
            ]
            for dimension in profile.dimensions
        ],
        [Node.of(gate.criterion, path_of("gates", gate.name)) for gate in profile.gates],
        [Node.of(adjustment.when, path_of("adjustments", adjustment.name)) for adjustment in profile.adjustments],
    )


def verdict(gate: _Gate, get: Get, now: Moment, notes: Notes | None) -> Verdict:
    """Say whether an account passes a gate, fails it, or passes unverified."""
    interval = settle(gate.evaluate(get, now, notes), gate.reach)
    if ninth_decimal(interval.low) >= gate.at_least:
        return "passed"
    if ninth_decimal(interval.high) < gate.at_least or gate.disqualify_unknown:
        return "failed"
    return "unverified"


def reader(account: Account) -> Get:
    """Make the function that reads one attribute of an account.

    Raises:
        AccountTypeError: for something that is not one account.
    """
    if isinstance(account, dict):
        return account.get
    if _like_mapping(account):
        return lambda name, default: account[name] if name in account.keys() else default  # noqa: SIM118  # a Series looks among its values
    if not _has_attributes(account):
        raise AccountTypeError(account)
    return functools.partial(getattr, account)


def _like_mapping(account: Any) -> bool:
    keyed = hasattr(account, "keys") and hasattr(account, "__getitem__")
    return keyed and getattr(account, "ndim", 1) == 1 and not isinstance(account, type)


def _has_attributes(account: Any) -> bool:
    if isinstance(account, type) or hasattr(account, "ndim") or callable(account):
        return False
    if isinstance(account, tuple):
        return hasattr(account, "_fields")
    return hasattr(account, "__dict__") or bool(_slots(account))


def _slots(account: Any) -> list[str]:
    slots = [vars(kind).get("__slots__", ()) for kind in type(account).__mro__]
    return [name for names in slots for name in ([names] if isinstance(names, str) else names)]


def field_names(account: Account) -> list[str]:
    """Name the fields of an account, for near misses."""
    if _like_mapping(account):
        return [str(name) for name in account.keys()]  # noqa: SIM118  # a Series iterates over its values
    names = [*getattr(account, "__dict__", ()), *getattr(account, "_fields", ()), *_slots(account)]
    return [name for name in names if not name.startswith("_")]


def _key(get: Get, attribute: str, account: Account) -> Any:
    key = get(attribute, MISSING)
    if key is MISSING:
        hint = near(attribute, field_names(account))
        reason = f"no such field, so the account has no key{f'; {hint}' if hint else ''}"
        raise InvalidAccountError([Offender(None, attribute, None, reason)])
    return key


@functools.lru_cache(maxsize=64)
def _scorer(profile: Profile) -> Scorer:
    return Scorer(profile)


def score(
    profile: Profile,
    account: Account,
    *,
    as_of: date | str | None = None,
    key: str | None = None,
    on_invalid: OnInvalid = "raise",
    redact: bool = False,
) -> Score:
    """Score one account against a profile.

    Args:
        profile: the profile; it is prepared once and remembered.
        account: a mapping, an attrs or dataclass object, or any object with attributes.
        as_of: the moment of scoring: a date, an aware datetime, or the ISO text of one; None for now.
        key: the attribute that holds the account's identifier.
        on_invalid: ``"raise"``, or ``"unknown"`` to take values of the wrong kind as unknown and list them.
        redact: keeps values out of error messages.

    Raises:
        AsOfError: for a moment that is naive or none.
        AccountTypeError: for something that is not one account.
        InvalidAccountError: for values of the wrong kind, all of them at once.

    >>> import icpkit as icp
    >>> profile = icp.Profile("P", [icp.Dimension("Size", [icp.Range("employees", 50, 500, soft_high=1000)])])
    >>> icp.score(profile, {"employees": 600}, as_of="2026-11-21").fit
    80.0
    """
    if not isinstance(profile, Profile):
        raise TypeError(f"score() needs a Profile first, then the account (got {type(profile).__name__})")
    return _scorer(profile).score(
        account,
        as_of=datetime.now(UTC) if as_of is None else as_of,
        key=key,
        on_invalid=on_invalid,
        redact=redact,
    )
