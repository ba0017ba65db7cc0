"""The meaning of a profile for one account: the reference that every other engine must equal.

The numbers follow fixed rules (`icpkit.SEMANTICS` names them): effective weights are multiples of 2^-40, terms of
2^-50, so that sums are exact in any order; the fit is quantised once, to a millionth of a point.
"""

import functools
import itertools
import math
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, TypeAlias

import attrs

from icpkit import views
from icpkit._version import SEMANTICS, __version__
from icpkit.criteria import Criterion
from icpkit.errors import AccountChangedError, AccountTypeError, InvalidAccountError, near
from icpkit.evaluation import MISSING, NEVER, Answer, Evaluate, Get, Interval, careful, prepare, settle
from icpkit.examination import Examiner, Facts, Node, node_of
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
from icpkit.profile import WEIGHT_UNITS, Gate, Profile, leaves, path_of, weight_units
from icpkit.typing import Account, Offender, OnInvalid, Status
from icpkit.value_functions import AnyValueFunction
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


class _Part(NamedTuple):
    """A criterion, ready to be evaluated."""

    evaluate: Evaluate
    function: AnyValueFunction
    reach: tuple[float, float]


def _part(criterion: Criterion) -> _Part:
    function = criterion.value_function()
    return _Part(prepare(function), function, function.reach)


#: The terms of an unknown answer at its least, at its greatest, and as it counts in the fit if it does; the policy.
_Terms: TypeAlias = tuple[float, float, float | None, MissingPolicy]


def _terms(reach: tuple[float, float], weight: float, policy: MissingPolicy) -> _Terms:
    low, high = reach
    assumed = stand_in(policy, low, high)
    return term(weight, low), term(weight, high), None if assumed is None else term(weight, assumed), policy


class _Plan(NamedTuple):
    """A profile, prepared: its criteria of positive weight, their terms, its adjustments and gates."""

    leaves: tuple[_Part, ...]
    weights: tuple[float, ...]
    terms: tuple[_Terms, ...]
    adjustments: tuple[_Part, ...]
    points: tuple[float, ...]
    gates: tuple[_Part, ...]


def _plan(profile: Profile) -> _Plan:
    units = weight_units(profile.dimensions)
    weighted = [
        (_part(criterion), share / WEIGHT_UNITS, _policy(criterion, profile))
        for (_, _, criterion), share in zip(leaves(profile.dimensions), units, strict=True)
        if share
    ]
    return _Plan(
        tuple(part for part, _, _ in weighted),
        tuple(weight for _, weight, _ in weighted),
        tuple(_terms(part.reach, weight, policy) for part, weight, policy in weighted),
        tuple(_part(adjustment.when) for adjustment in profile.adjustments),
        tuple(float(adjustment.points) for adjustment in profile.adjustments),
        tuple(_part(gate.criterion) for gate in profile.gates),
    )


def _a_profile(profile: Profile) -> Profile:
    """Refuse anything else before it is taken apart."""
    if not isinstance(profile, Profile):
        raise TypeError(f"a Scorer needs a Profile (got {type(profile).__name__})")
    return profile


def _policy(criterion: Criterion, profile: Profile) -> MissingPolicy:
    return profile.missing if criterion.missing is None else criterion.missing


class _Answers(NamedTuple):
    """What the parts of a plan answer for one account: its criteria, adjustments and gates."""

    leaves: list[Answer]
    adjustments: list[Answer]
    gates: list[Answer]


def _answers(parts: tuple[_Part, ...], get: Get, now: Moment, notes: Notes | None) -> list[Answer]:
    if notes is None:
        return [evaluate(get, now, None) for evaluate, _, _ in parts]
    return [careful(part.evaluate, part.function, get, now, notes) for part in parts]


def _sums(plan: _Plan, answers: list[Answer]) -> tuple[float, float, float, float, float, bool]:
    """Give numerator and weight of the fit, numerators of low and high on full weight, coverage, and if any is present.

    Everything starts as known; what is not leaves the weight that counts, and makes room between low and high. All sums
    are exact, so their order is free.
    """
    numerator = low = high = 0.0
    weight = covered = 1.0
    present = False
    for answer, share, (low_term, high_term, stand_in_term, policy) in zip(
        answers, plan.weights, plan.terms, strict=True
    ):
        if answer.__class__ is float:
            numerator += (share * answer + _ROUNDER) - _ROUNDER
            present = True
            continue
        if answer is NEVER:
            covered -= share
            continue
        if isinstance(answer, Interval):
            present = present or answer.present
            low_term, high_term, stand_in_term, _ = _terms(answer[:2], share, policy)  # noqa: PLW2901  # its parts' rest
            if answer.low == answer.high:
                numerator += low_term
                continue
        covered -= share
        if stand_in_term is None:
            weight -= share
            low += low_term
            high += high_term
        else:
            numerator += stand_in_term
            low += low_term - stand_in_term
            high += high_term - stand_in_term
    return numerator, weight, numerator + low, numerator + high, ninth_decimal(covered), present


_Adjusted: TypeAlias = tuple[list[float], list[float], list[float]]
_UNADJUSTED: _Adjusted = ([], [], [])


def _adjusted(plan: _Plan, answers: list[Answer]) -> _Adjusted:
    """Give the points that each adjustment adds, at its nearest to 0, at least and at most."""
    intervals = [settle(answer, part.reach) for answer, part in zip(answers, plan.adjustments, strict=True)]
    ends = [(points * one.low, points * one.high) for points, one in zip(plan.points, intervals, strict=True)]
    return [near for near, _ in ends], [min(pair) for pair in ends], [max(pair) for pair in ends]


_Outcome: TypeAlias = tuple[float | None, str | None, Status, float, float, float]


def _outcome(profile: Profile, plan: _Plan, answers: _Answers) -> _Outcome:
    """Give fit, tier, status, coverage, low and high of one account."""
    numerator, weight, low, high, coverage, present = _sums(plan, answers.leaves)
    added, least, most = _adjusted(plan, answers.adjustments) if plan.adjustments else _UNADJUSTED
    lowest, highest = bound(low, least), bound(high, most)
    fit = None
    if present and weight and coverage >= profile.min_coverage:
        fit = millionths(running_fit(numerator, weight, added, lowest, highest)[-1]) / 1e6
    status: Status = "insufficient data" if fit is None else "scored"
    for gate, part, answer in zip(profile.gates, plan.gates, answers.gates, strict=True):
        if verdict(gate, settle(answer, part.reach)) == "failed":
            status = "disqualified"
    tier = profile.tiers.tier_of(fit) if fit is not None and status == "scored" else None
    return fit, tier, status, coverage, millionths(lowest) / 1e6, millionths(highest) / 1e6


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
    _plan: _Plan = attrs.field(
        init=False, repr=False, default=attrs.Factory(lambda self: _plan(self.profile), takes_self=True)
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
        if on_invalid != "raise" and on_invalid != "unknown":  # noqa: PLR1714  # a set would be built each time
            raise ValueError(f'on_invalid must be "raise" or "unknown" (got {on_invalid!r})')
        name = None if key is None else _key(get, key, account)
        try:
            answers = self._ask(get, now, None)
        except Invalid:
            notes = Notes(name)
            answers = self._ask(get, now, notes)
            invalid = notes.distinct()
            if on_invalid == "raise":
                raise InvalidAccountError(invalid, redact=redact) from None
        return Score(name, *_outcome(self.profile, self._plan, answers), now.as_of, invalid, self, account)

    def _ask(self, get: Get, now: Moment, notes: Notes | None) -> _Answers:
        plan = self._plan
        return _Answers(
            _answers(plan.leaves, get, now, notes),
            _answers(plan.adjustments, get, now, notes),
            _answers(plan.gates, get, now, notes),
        )

    def explain(self, account: Account, *, as_of: date | str, key: Any = None) -> Explanation:
        """Explain one account's score: the tree that `Score.explanation` gives.

        Values of the wrong kind are taken as unknown, and the tree says so.

        Args:
            account: as for `score`.
            as_of: as for `score`.
            key: what to call the account.
        """
        profile, now = self.profile, views.moment(as_of)
        nodes = _nodes(profile)
        examiner = Examiner(reader(account), now, functools.partial(field_names, account))
        examined = [examiner.examine(node) for node in nodes.criteria]
        extras = [examiner.examine(node) for node in nodes.adjustments]
        checks = [examiner.examine(node) for node in nodes.gates]
        outcome = _outcome(
            profile,
            self._plan,
            _Answers(
                [answer for (answer, _), node in zip(examined, nodes.criteria, strict=True) if node.share],
                [answer for answer, _ in extras],
                [answer for answer, _ in checks],
            ),
        )
        fit, tier, status, coverage, low, high = outcome
        counted = [_counted(facts, node, profile) for (_, facts), node in zip(examined, nodes.criteria, strict=True)]
        weights = [node.share for node in nodes.criteria]
        weight = sum(share for share, match in zip(weights, counted, strict=True) if match is not None)
        added = [one.points * facts.low for one, (_, facts) in zip(profile.adjustments, extras, strict=True)]
        points: list[int | None] = [None] * (len(counted) + len(added) + 2)
        if fit is not None:
            points = [*_contributions(weights, counted, added, low, high)]
        earned = iter(points)
        criteria = iter(
            [
                CriterionResult(*facts, share, match, next(earned), _most(share, match, weight))
                for (_, facts), share, match in zip(examined, weights, counted, strict=True)
            ]
        )
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
                DimensionResult(dimension, tuple(itertools.islice(criteria, len(dimension.criteria))))
                for dimension in profile.dimensions
            ),
            adjustments=tuple(
                AdjustmentResult(adjustment, CriterionResult(*facts), next(earned))
                for adjustment, (_, facts) in zip(profile.adjustments, extras, strict=True)
            ),
            gates=tuple(
                GateResult(gate, CriterionResult(*facts), verdict(gate, settle(answer, node.reach)))
                for gate, (answer, facts), node in zip(profile.gates, checks, nodes.gates, strict=True)
            ),
            clipped=next(earned),
            limited=next(earned),
        )


def _counted(facts: Facts, node: Node, profile: Profile) -> float | None:
    """Give what a criterion counts for: its match, 0 where it never happened, what stands in, or None."""
    if not node.share:
        return None
    if facts.state in {"known", "never"}:
        return facts.low
    return stand_in(_policy(node.criterion, profile), facts.low, facts.high)


def _most(share: float, match: float | None, weight: float) -> int:
    """Give the millionths that a full match would have earned."""
    return 0 if match is None else millionths(100.0 * share / weight)


def _contributions(
    weights: list[float], matches: list[float | None], added: list[float], low: float, high: float
) -> list[int]:
    """Give the millionths that each criterion, each adjustment, the clip and the limit add: they sum to the fit."""
    numerator, marks = 0.0, [0]
    weight = sum(share for share, match in zip(weights, matches, strict=True) if match is not None)
    for share, match in zip(weights, matches, strict=True):
        if match is not None:
            numerator += term(share, match)
        marks.append(millionths(100.0 * numerator / weight))
    marks += [millionths(step) for step in running_fit(numerator, weight, added, low, high)[1:]]
    return [after - before for before, after in itertools.pairwise(marks)]


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


def verdict(gate: Gate, interval: Interval) -> Verdict:
    """Say whether an account passes a gate, fails it, or passes unverified."""
    if ninth_decimal(interval.low) >= gate.at_least:
        return "passed"
    if ninth_decimal(interval.high) < gate.at_least or gate.when_unknown == "disqualify":
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


def field_names(account: Account) -> tuple[str, ...]:
    """Name the fields of an account, for near misses."""
    if _like_mapping(account):
        return tuple(str(name) for name in account.keys())  # noqa: SIM118  # a Series iterates over its values
    names = [*getattr(account, "__dict__", ()), *getattr(account, "_fields", ()), *_slots(account)]
    return tuple(name for name in names if not name.startswith("_"))


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
