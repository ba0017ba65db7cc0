"""The arithmetic of a fit: exact sums, one rounding, the same on every machine and in any order.

The rules are fixed (`icpkit.SEMANTICS` names them): effective weights are multiples of 2^-40, terms of 2^-50, so that
sums are exact in any order; the fit is quantised once, to a millionth of a point.
"""

import itertools
from collections.abc import Iterable
from math import floor
from typing import NamedTuple, TypeAlias

from icpkit.criteria import Criterion
from icpkit.evaluation import NEVER, Answer, Get, Interval, Match, Prepared, ask, prepare, settle
from icpkit.missing import MissingPolicy, stand_in
from icpkit.profile import WEIGHT_UNITS, Gate, Profile, leaves, weight_units
from icpkit.typing import Status, Verdict
from icpkit.views import Invalid, Moment, Notes

# Adding 6 and taking it away rounds a number in [0, 2) to the nearest multiple of 2^-50.
_ROUNDER = 6.0


def millionths(points: float) -> int:
    """Give points in whole millionths, the unit in which fits are compared.

    >>> millionths(79.9999999)
    80000000
    """
    return floor(points * 1e6 + 0.5)


def ninth_decimal(share: float) -> float:
    """Round a match or coverage to nine decimals, before it is compared with a threshold or published."""
    return floor(share * 1e9 + 0.5) / 1e9


def term(weight: float, match: float) -> float:
    """Multiply an effective weight and a match, to the nearest multiple of 2^-50."""
    return (weight * match + _ROUNDER) - _ROUNDER


#: The terms of an unknown answer: at its least, at its greatest, and as it counts in the fit, if it does.
_Terms: TypeAlias = tuple[float, float, float | None]


def _terms(interval: tuple[float, float], weight: float, policy: MissingPolicy) -> _Terms:
    low, high = interval
    assumed = stand_in(policy, low, high)
    return term(weight, low), term(weight, high), None if assumed is None else term(weight, assumed)


class _Weighed(NamedTuple):
    """A criterion of positive weight, prepared, with the terms of its answer when unknown."""

    prepared: Prepared
    weight: float
    policy: MissingPolicy
    unknown: _Terms


def _weighed(criterion: Criterion, weight: float, policy: MissingPolicy) -> _Weighed:
    prepared = prepare(criterion.value_function())
    return _Weighed(prepared, weight, policy, _terms(prepared.reach, weight, policy))


class Plan(NamedTuple):
    """A profile, prepared.

    Attributes:
        criteria: those of positive weight, in stored order.
        leaves: of those that read one attribute: the attribute, the match, the weight, the terms where it is absent.
        combinations: the others.
        adjustments: in order, and their points.
        gates: in order.
        dotted: whether an attribute may be a path.
    """

    criteria: tuple[_Weighed, ...]
    leaves: tuple[tuple[str, Match, float, _Terms], ...]
    combinations: tuple[_Weighed, ...]
    adjustments: tuple[tuple[Prepared, float], ...]
    gates: tuple[Prepared, ...]
    dotted: bool


def plan_of(profile: Profile) -> Plan:
    """Prepare a profile."""
    units = weight_units(profile.dimensions)
    criteria = tuple(
        _weighed(criterion, share / WEIGHT_UNITS, policy_of(criterion, profile))
        for (_, _, criterion), share in zip(leaves(profile.dimensions), units, strict=True)
        if share
    )
    return Plan(
        criteria,
        tuple(
            (one.prepared.attribute, one.prepared.match, one.weight, _absent_terms(one))
            for one in criteria
            if one.prepared.attribute
        ),
        tuple(one for one in criteria if not one.prepared.attribute),
        tuple((prepare(one.when.value_function()), float(one.points)) for one in profile.adjustments),
        tuple(prepare(gate.criterion.value_function()) for gate in profile.gates),
        any("." in one.prepared.attribute for one in criteria),
    )


def _absent_terms(one: _Weighed) -> _Terms:
    return (0.0, 0.0, 0.0) if one.prepared.absent is NEVER else one.unknown


def policy_of(criterion: Criterion, profile: Profile) -> MissingPolicy:
    """Give the missing policy of a criterion: its own, or else the profile's."""
    return profile.missing if criterion.missing is None else criterion.missing


#: Numerator and weight of the fit, numerators of low and high on full weight, coverage, and whether any is present.
Sums: TypeAlias = tuple[float, float, float, float, float, bool]


def sums_at_once(plan: Plan, get: Get, now: Moment) -> Sums:
    """Ask and add up in one go, as `_sums` does with answers: for the common case, in which nothing is invalid.

    Everything starts as known; what is not leaves the weight that counts, and makes room between low and high. All sums
    are exact, so their order is free.
    """
    numerator = low = high = 0.0
    weight = covered = 1.0
    present = False
    for attribute, match, share, (low_term, high_term, assumed) in plan.leaves:
        raw = get(attribute, None)
        answer = None if raw is None else match(raw, now, None)
        if answer is not None:
            numerator += (share * answer + 6.0) - 6.0  # `term`, without the call
            present = True
            continue
        covered -= share
        if assumed is None:
            weight -= share
            low += low_term
            high += high_term
        else:
            numerator += assumed
            low += low_term - assumed
            high += high_term - assumed
    known = (numerator, weight, numerator + low, numerator + high, covered, present)
    if not plan.combinations:
        return known
    notes = Notes()
    answers = [ask(one.prepared, get, now, notes) for one in plan.combinations]
    if notes.offenders:
        raise Invalid(notes.offenders[0].value, notes.offenders[0].reason)
    return _add(known, plan.combinations, answers)


def sums_of(plan: Plan, answers: list[Answer]) -> Sums:
    """Add up the answers of the weighted criteria."""
    return _add((0.0, 1.0, 0.0, 0.0, 1.0, False), plan.criteria, answers)


def _add(sums: Sums, criteria: tuple[_Weighed, ...], answers: list[Answer]) -> Sums:
    """Add the answers of some criteria to the sums of others."""
    numerator, weight, low, high, covered, present = sums
    for (_, share, policy, unknown), answer in zip(criteria, answers, strict=True):
        if isinstance(answer, float):
            known = (share * answer + 6.0) - 6.0  # `term`, without the call
            numerator += known
            low += known
            high += known
            present = True
            continue
        if answer is NEVER:
            covered -= share
            continue
        if isinstance(answer, Interval):
            low_term, high_term, assumed = _terms(answer[:2], share, policy)
        else:
            low_term, high_term, assumed = unknown
        low += low_term
        high += high_term
        if isinstance(answer, Interval):
            present = present or answer.present
            if answer.low == answer.high:
                numerator += low_term
                continue
        covered -= share
        numerator += assumed or 0.0
        weight -= share if assumed is None else 0.0
    return numerator, weight, low, high, covered, present


#: The points that each adjustment adds: as it counts in the fit, at least and at most.
Adjusted: TypeAlias = tuple[list[float], list[float], list[float]]
UNADJUSTED: Adjusted = ([], [], [])


def adjusted_by(plan: Plan, answers: list[Answer]) -> Adjusted:
    """Give the points that the adjustments of a plan add."""
    intervals = [settle(answer, one.reach) for (one, _), answer in zip(plan.adjustments, answers, strict=True)]
    ends = [(points * i.low, points * i.high) for (_, points), i in zip(plan.adjustments, intervals, strict=True)]
    return [near for near, _ in ends], [min(pair) for pair in ends], [max(pair) for pair in ends]


Outcome: TypeAlias = tuple[float | None, str | None, Status, float, float, float]


def outcome_of(profile: Profile, plan: Plan, sums: Sums, adjusted: Adjusted, gates: list[Answer]) -> Outcome:
    """Give fit, tier, status, coverage, low and high of one account."""
    numerator, weight, low, high, covered, present = sums
    coverage = ninth_decimal(covered)
    added, least, most = adjusted
    lowest, highest = 100.0 * low, 100.0 * high
    if adjusted is not UNADJUSTED:
        lowest, highest = bound(low, least), bound(high, most)
    fit = None
    if present and weight and coverage >= profile.min_coverage:
        fit = 100.0 * numerator / weight
        if adjusted is UNADJUSTED:  # then nothing can leave 0 to 100
            fit = lowest if fit < lowest else min(fit, highest)
        else:
            fit = running_fit(numerator, weight, added, lowest, highest)[-1]
        fit = millionths(fit) / 1e6
    status: Status = "insufficient data" if fit is None else "scored"
    for gate, prepared, answer in zip(profile.gates, plan.gates, gates, strict=True):
        if verdict(gate, settle(answer, prepared.reach)) == "failed":
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


def contributions(
    shares: Iterable[float], matches: Iterable[float | None], weight: float, steps: list[float]
) -> list[int]:
    """Give the millionths that each criterion, each adjustment, the clip and the limit add: they sum to the fit.

    Args:
        shares: the effective weights of the criteria, in stored order.
        matches: what each counts for; None where it does not.
        weight: the weight that counts.
        steps: the running fit, of the criteria and after each step that follows.
    """
    numerator, marks = 0.0, [0]
    for share, match in zip(shares, matches, strict=True):
        if match is not None:
            numerator += (share * match + 6.0) - 6.0  # `term`, without the call
        marks.append(floor(100.0 * numerator / weight * 1e6 + 0.5))  # `millionths`, without the call
    marks += map(millionths, steps[1:])
    return [after - before for before, after in itertools.pairwise(marks)]


def verdict(gate: Gate, interval: Interval) -> Verdict:
    """Say whether an account passes a gate, fails it, or passes unverified."""
    if ninth_decimal(interval.low) >= gate.at_least:
        return "passed"
    if ninth_decimal(interval.high) < gate.at_least or gate.when_unknown == "disqualify":
        return "failed"
    return "unverified"
